"""Tell which files are one page in several forms: what archive tools and mirrors keep beside each other."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from scraper import markup, urls
from scraper.imports.outcomes import RefusedError
from scraper.urlwords import SAME_PAGE_PARAMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.imports.files import File

LEAST_WORDS: Final = 20
"""Words from which on an equal text is no chance: shorter pages may well say the same ("This page has moved")."""

_SAME_SHARE: Final = 0.9
"""Share of the shorter page's runs of three words that the other has, where both name one address.

A reply form, a newer sidebar or a share message change some per cent; two posts of one theme share less than half."""

_INDEX_BYTES: Final = 1024 * 1024
"""Bytes of an archive tool's index that are read; chosen: an entry is short."""
_HIDDEN: Final = re.compile(r"<(script|style|noscript|template|svg)\b[^<>]*>.*?</\1\s*>|<!--.*?-->", re.S | re.I)
_TAG: Final = re.compile(r"<[^<>]*>")
_WORD: Final = re.compile(r"\w+")
_SECOND: Final = re.compile(r"(?P<name>\.(?:x?html?|php\d?|aspx?|jsp|shtml))\.(?:\d{1,3}|orig)$", re.I)
_NUMBERED: Final = re.compile(r" ?\(\d{1,3}\)(?=\.\w{1,8}$)| - copy(?=\.\w{1,8}$)", re.I)
# What ArchiveBox writes into the folder of a page, the most faithful form first; its own page about it is none.
_FORMS: Final = ("singlefile.html", "/", "output.html", "dom.html", "readability/content.html", "mercury/content.html")
_SIGNS: Final = frozenset(
    ("singlefile.html", "output.html", "dom.html", "readability", "mercury", "output.pdf", "warc")
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A folder in which an archive tool keeps one page in many forms."""

    folder: str
    url: str

    def rank(self, source: str) -> int | None:
        """Return how faithful a file of the folder is, 0 for most; `None` for what is no form of the page."""
        inner = source.removeprefix(self.folder)
        if inner in _FORMS:
            return _FORMS.index(inner)
        top, slash, _ = inner.partition("/")
        is_mirror = slash and "." in top and re.search(r"\.(?:x?html?|php\d?|aspx?)(?=$|[?@])", inner, re.I)
        return _FORMS.index("/") if is_mirror else None


def snapshots(files: Sequence[File]) -> list[Snapshot]:
    """Return the snapshots of ArchiveBox among files: folders with forms of a page, and `index.json` with its URL."""
    names: dict[str, set[str]] = {}
    for file in files:
        parts = file.source.split("/")
        for depth in range(len(parts)):
            names.setdefault("".join(f"{part}/" for part in parts[:depth]), set()).add(parts[depth])
    found = []
    for file in files:
        folder = file.source[: -len(file.name)]
        if file.name == "index.json" and names[folder] & _SIGNS and (url := _stated_url(file)):
            found.append(Snapshot(folder, url))
    return sorted(found, key=lambda one: -len(one.folder))


def is_second(name: str) -> bool:
    """Return whether a file is called like a copy of another one: `a.html.1`, `a (1).html`, `a.html?replytocom=7`."""
    return bool(_SECOND.search(name) or _NUMBERED.search(name) or plain_query(name) != name)


def without_second(name: str) -> str:
    """Return a name without what mirrors put behind it for a second version."""
    return _SECOND.sub(r"\g<name>", name)


def plain_query(name: str) -> str:
    """Return an address or file name without the parameters that show the same page again, as a crawl does."""
    found = re.search(r"\?|%3[fF]|@(?=[\w.%-]+=)", name)
    if not found:
        return name
    query = re.sub(r"\.html?$", "", name[found.end() :], flags=re.I)
    pieces = query.split("&")
    kept = [piece for piece in pieces if piece.partition("=")[0].lower() not in SAME_PAGE_PARAMS]
    if len(kept) == len(pieces):
        return name
    return name[: found.end()] + "&".join(kept) if kept else name[: found.start()]


def words_of(body: bytes) -> list[str]:
    """Return the words that a page or text shows, about."""
    return _WORD.findall(_TAG.sub(" ", _HIDDEN.sub(" ", markup.decode(body))).casefold())


def text_key(words: Sequence[str]) -> bytes | None:
    """Return what pages with the same words have in common; `None` where they are too few to tell."""
    return (
        blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=16).digest()
        if len(words) >= LEAST_WORDS
        else None
    )


def are_same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether two pages that name one address are that page."""
    if min(len(one), len(other)) < LEAST_WORDS:
        return False
    first, second = _runs(one), _runs(other)
    return len(first & second) >= _SAME_SHARE * min(len(first), len(second))


def _runs(words: Sequence[str]) -> set[tuple[str, ...]]:
    return set(zip(words, words[1:], words[2:], strict=False))


def _stated_url(file: File) -> str:
    try:
        with file.open() as stream:
            about = json.loads(stream.read(_INDEX_BYTES))
        return urls.canonical(about["url"]) if isinstance(about, dict) and isinstance(about.get("url"), str) else ""
    except (OSError, RefusedError, ValueError, RecursionError):
        return ""


def longest(found: Iterable[Snapshot], source: str) -> Snapshot | None:
    """Return the innermost snapshot that a file lies in."""
    return next((one for one in found if source.startswith(one.folder)), None)
