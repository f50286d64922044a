"""Clean what stands where an author is named: no "by", no roles, no addresses, several people told apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.metawords import NAME_BY, NAME_LEADS, NOBODY, NOT_IN_NAMES, ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable

_MAX_CHARS = 80
_MAX_AUTHORS = 20
_MAX_WORDS = 9

_SPACE = re.compile(r"\s+")
_ADDRESS = re.compile(r"https?:|www\.|/|\S@\S|^@|^#|\.(?:com|org|net|html?|php)\b", re.I)
_BRACKETS = re.compile(r"\s*[(\[{][^()\[\]{}]{0,80}[)\]}]?\s*\Z")
_EDGES = " \t\r\n\u00a0\u200b,;:|·•–—-/\\*~\"'“”„«»‹›<>=_&+"
_SPLIT = re.compile(r"\s*[;|·•\n、，]\s*|\s+[–—/+-]\s+")
_AND = re.compile(r",?\s+(?:and|und|et|y|e|en|och|og|&|＆)\s+", re.I)


def clean(text: str) -> tuple[str, ...]:
    """Return the names in a text, in order; empty where it names nobody.

    A company's or team's name counts as a name; an account name such as `admin`, an address or a sentence does not.
    """
    text = _SPACE.sub(" ", text[:600]).strip()
    if text.lower().startswith(("http:", "https:", "www.", "@")):
        return ()
    names: list[str] = []
    for piece in _SPLIT.split(text):
        if names and _is_role(piece):
            continue
        for name in _people(_without_lead(piece)):
            cleaned = _one(name)
            if cleaned and cleaned not in names:
                names.append(cleaned)
        if names and len(piece) < len(text) and "|" in text:
            break
    return tuple(names[:_MAX_AUTHORS])


def _without_lead(text: str) -> str:
    """Return `text` without the words that lead in a name."""
    words = text.strip(_EDGES).split(" ")
    place = 0
    while place < len(words) - 1 and place < 4:
        word = words[place].strip(_EDGES).lower()
        led = words[place].endswith(":") or words[place].islower() or word == "by" or words[place].isupper()
        if (
            (word in NAME_LEADS and led)
            or (place and word in NAME_BY)
            or (word in NAME_LEADS and words[place + 1].lower().strip(":") in NAME_BY)
        ):
            place += 1
        else:
            break
    return " ".join(words[place:])


def _people(text: str) -> Iterable[str]:
    """Return the people a text lists: at commas where each side is a name, else the text without its roles."""
    pieces = [piece.strip() for piece in text.split(",")]
    groups: list[str] = []
    for piece in pieces:
        halves = _AND.split(f" {piece} ".replace("  ", " ")) if _names_both_sides(piece) else [piece]
        for half in halves:
            half = re.sub(r"^(?:and|und|et|&)\s+", "", half.strip())
            if not half:
                continue
            if groups and _is_credential(half):
                groups[-1] += f", {half}"
            elif groups and _is_role(half):
                continue
            else:
                groups.append(half)
    return groups


def _names_both_sides(text: str) -> bool:
    halves = _AND.split(text)
    if len(halves) < 2:
        return False
    return all(1 <= len(half.split()) <= 4 and half[:1].isupper() and not _is_role(half) for half in halves) and (
        len(halves[-1].split()) > 1 or len(halves[0].split()) == 1
    )


def _is_credential(text: str) -> bool:
    """Say whether a text is a degree or title after a name: `MD`, `Ph.D.`, `E-RYT 200`, `CFP®`, `Jr.`."""
    if len(text) > 14:
        return False
    letters = re.sub(r"[^A-Za-z]", "", text)
    if letters.lower() in {"jr", "sr", "ii", "iii", "iv", "phd", "md", "esq", "mph", "msc", "bsc", "dvm"}:
        return True
    return (
        bool(letters)
        and sum(char.isupper() for char in letters) * 2 > len(letters)
        and " " not in text.strip("0123456789 ")
    )


def _is_role(text: str) -> bool:
    words = [word.strip(_EDGES).lower() for word in text.split()]
    return any(word in ROLES for word in words) and not any(word in {"team", "staff", "desk"} for word in words)


def _one(text: str) -> str:
    """Return one name without brackets and edges, or `""` where it is none."""
    text = _BRACKETS.sub("", text.strip(_EDGES)).strip(_EDGES)
    words = text.split()
    if not text or len(text) > _MAX_CHARS or len(words) > _MAX_WORDS or _ADDRESS.search(text):
        return ""
    if (
        text.lower() in NOBODY
        or text.lower() in NAME_LEADS
        or text.replace(".", "").isdigit()
        or not any(char.isalpha() for char in text)
    ):
        return ""
    if len(words) > 1 and any(word.lower().strip(_EDGES) in NOT_IN_NAMES for word in words):
        return ""
    return text


def join(names: Iterable[str]) -> str | None:
    """Return the names as one text, or `None` for nobody."""
    return ", ".join(dict.fromkeys(names)) or None
