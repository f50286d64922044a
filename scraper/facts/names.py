"""Clean what stands where an author is named: no "by", no roles, no addresses, several people told apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.facts import dates
from scraper.facts.metawords import (
    AUTHOR_NOUNS,
    GUEST,
    KINDS_OF_POSTS,
    NAME_BY,
    NAME_LEADS,
    NOBODY,
    NOT_BY,
    NOT_IN_NAMES,
    PARTICLES,
    PREPOSITIONS,
    REVIEW,
    ROLES,
    WEEKDAYS,
    WRITTEN,
)
from scraper.text.lexicon import word_set

if TYPE_CHECKING:
    from collections.abc import Iterable

_MAX_CHARS = 80
_MAX_TEXT = 600
_MAX_AUTHORS = 20
_MAX_WORDS = 9
"""What a text of names has at most: characters of a name, of the text, names, words of a name. Chosen: a name with
titles and degrees fits."""
_MAX_SHOWN_WORDS = 6
"""Words of a name as a page shows it, which may be no name at all; a list may have one more for each comma."""
_MIN_ACCOUNT = 4
"""Letters of a name in small letters, as of an account: shorter ones are words."""
_MAX_LEAD_WORDS = 9
"""Words in which a "by" that leads a name in is looked for; chosen: "Medically reviewed on 3 May 2024 by" has seven."""

_ADDRESS = re.compile(r"https?:|www\.|/|\S@\S|^@|^#|\.(?:com|org|net|html?|php)\b|\w\.\w+\.\w+\.\w", re.I)
_BRACKETS = re.compile(r"\s*[(\[{][^()\[\]{}]{0,80}[)\]}]?\s*\Z")
_MAIL_FIRST = re.compile(r"[^\s@()]+@[^\s@()]+\s+\(([^()@]{3,60})\)")
_MAIL_LAST = re.compile(r"\s*<[^<>@\s]+@[^<>@\s]+>")
_REVIEW_PARTS = ("監修", "審閱", "审阅", "감수")
_EDGES = "：∙◦▪○●|‧ \t\r\n\u00a0\u200b,;:|·•–—-/\\*~\"'“”„«»‹›<>=_&+"
_WORK = re.compile(r"[・／]")
_SPLIT = re.compile(r"\s*[;|·•∙\n、，]\s*|\s+[–—/+-]\s+")
_AND = re.compile(r",?\s+(?:and|und|et|y|e|en|och|og|&|＆)\s+", re.I)
_FIRST_AND = re.compile(r"^(?:and|und|et|y|och|og|&)\s+", re.I)
_DEGREES = word_set("jr sr ii iii iv phd md do rn esq mph msc bsc dvm mba dds dmd cfp cpa rd lcsw bcba facp faan faap")
_ACCOUNTS = frozenset({"admin", "administrator", "webmaster"})
_SOURCES = frozenset({"from", "with"})
_PLACES = frozenset({"at", "to", "with"})
_TEAMS = word_set("team staff desk redaktion newsroom newsdesk")

_FACULTY = re.compile(r"\b(dr\.?)((?:\s+(?:med|dent|phil|rer|nat|habil|jur|vet|pol|oec|h|c)\.)+)(?=\s)", re.I)
"""The faculty behind a German doctor's title, in small letters: `Dr. rer. nat. Ada Long`."""
_ARTICLE = re.compile(r"^(?:le|la|el|il|lo|the|der|die)\s+(?=(?:dr|dra|prof|profa|dott|dottor)(?:\.?ssa)?\b)", re.I)
_ANY_BY = frozenset().union(*NAME_BY.values())


def clean(text: str, language: str = "en") -> tuple[str, ...]:
    """Return the names in a text that states authors, in order; empty where it names nobody.

    A company's or team's name counts as a name; `admin`, an address or a sentence does not.
    """
    text = _without_mail(" ".join(text[:_MAX_TEXT].split()).partition(" on behalf of")[0])
    if text.lower().startswith(("http:", "https:", "www.", "@")):
        return ()
    names: list[str] = []
    for piece in _SPLIT.split(_ARTICLE.sub("", _FACULTY.sub(r"\1", split_lead(text, language)[1]))):
        if names and (_is_role(piece) or "|" in text or piece[:1].isdigit() or _is_team(piece)):
            continue
        for name in _people(piece):
            cleaned = _one(name)
            if cleaned and cleaned not in names:
                names.append(cleaned)
    return tuple(names[:_MAX_AUTHORS])


def whole(text: str) -> str | None:
    """Return a company's or team's name as it stands, or `None` where the text is none: `Long & Ortiz` is one."""
    return _one(" ".join(text[:_MAX_TEXT].split())) or None


def _is_team(text: str) -> bool:
    said = text.split()
    return bool(said) and _bare(said[-1]) in _TEAMS


def _without_mail(text: str) -> str:
    """Return the name in `ada@clinic.test (Ada Long)` and in `Ada Long <ada@clinic.test>` (RFC 5322, section 3.4)."""
    if "@" not in text:
        return text
    if match := _MAIL_FIRST.search(text):
        return f"{text[: match.start()]}{match[1]}{text[match.end() :]}"
    return _MAIL_LAST.sub("", text) or text


def credits(text: str, language: str = "en") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the authors and reviewers that a line credits: `Reviewed by Paul Reyes | Written by Ada Long`.

    Both are empty for a line that says of nobody what they did.
    """
    authors: list[str] = []
    reviewers: list[str] = []
    for piece in _SPLIT.split(text[:_MAX_TEXT]):
        is_review = any(
            _bare(word) in REVIEW or any(part in word for part in _REVIEW_PARTS) for word in piece.split()[:3]
        )
        if is_review:
            said = piece.split()
            place = next((n for n, word in enumerate(said[:5]) if n and _is_by(word, language)), None)
            rest = (
                " ".join(said[place + 1 :])
                if place is not None
                else piece.partition("：")[2] or piece.partition(":")[2]
            )
            reviewers += clean_shown(rest, language)
        else:
            is_led, rest = split_lead(piece, language)
            authors += clean_shown(rest, language) if is_led and rest else ()
    return tuple(dict.fromkeys(authors)), tuple(dict.fromkeys(reviewers))


def guest(text: str, language: str = "en") -> tuple[str, ...]:
    """Return the name in a sentence that calls a post a guest's, as in `A guest post by Ada Long, a nurse`."""
    said = text[:_MAX_TEXT].split()
    named = [n for n, word in enumerate(said[:12]) if _bare(word) in GUEST]
    if not named:
        return ()
    start = next((n + 1 for n in range(named[0], min(named[0] + 8, len(said))) if n and _is_by(said[n], language)), 0)
    return _leading_name(said[start:], language) if start else ()


def writer(text: str, language: str = "en") -> tuple[str, ...]:
    """Return the name in a sentence that says who wrote a post, as in `This post was written by Ada Long, a nurse`."""
    said = text[:_MAX_TEXT].split()
    place = next((n for n, word in enumerate(said[:_MAX_LEAD_WORDS]) if _is_by(word, language)), 0)
    if place < 3 or not all(_bare(word) in WRITTEN for word in said[:place]):
        return ()
    return _leading_name(said[place + 1 :], language)


def _leading_name(said: list[str], language: str) -> tuple[str, ...]:
    """Return the name that words begin with: those with a capital, up to a comma or full stop."""
    name: list[str] = []
    for word in said[:_MAX_SHOWN_WORDS]:
        bare = word.strip(_EDGES)
        if not bare[:1].isupper() and bare not in PARTICLES:
            break
        if name and name[-1][-1] == "," and not _is_credential(bare):
            break
        name.append(word)
        if word[-1] in ";:!?)" or (word[-1] == "." and len(bare) > 2 and _bare(bare) not in PARTICLES):
            break
    return clean_shown(" ".join(name).rstrip(",.;:!?"), language) if len(name) > 1 else ()


def _is_by(word: str, language: str) -> bool:
    return _bare(word) in NAME_BY.get(language[:2].lower(), frozenset()) | NAME_BY["en"]


def clean_shown(text: str, language: str = "en") -> tuple[str, ...]:
    """Return the names in a text on the page: as `clean`, but only what looks like names."""
    if len(text) > 3 * _MAX_CHARS:
        return ()
    return tuple(name for name in clean(_before_preposition(text), language) if _looks_named(name))


def _before_preposition(text: str) -> str:
    """Return a byline up to where it goes on with the day or category: `Ada Long on Monday` gives `Ada Long`.

    What goes on with `at` or `to` says of a role where it is held: the role goes too. Before a preposition at the end
    (`Insights from`) a single word names nobody.
    """
    said = text.split()
    end = next((place for place, word in enumerate(said) if place and _ends_byline(said, place)), None)
    if end is None:
        return text
    if said[end] in _SOURCES and end == 1 and len(said) == 2:
        return ""
    if said[end] in _PLACES and "," in " ".join(said[:end]):
        return " ".join(said[:end]).rpartition(",")[0]
    while end and (said[end - 1].islower() or _is_of_day(said[end - 1])):
        end -= 1
    return " ".join(said[:end]).rstrip(_EDGES)


def _ends_byline(said: list[str], place: int) -> bool:
    word = said[place]
    if word in PREPOSITIONS:
        return True
    return word[0].isdigit() and not (word.isdigit() and len(word) < 4 and _is_credential(said[place - 1]))


def _is_of_day(word: str) -> bool:
    bare = _bare(word).strip(".")
    return dates.is_word(bare) or bare in WEEKDAYS


def split_lead(text: str, language: str = "en") -> tuple[bool, str]:
    """Return whether a text begins with words that lead in an author ("Written by"), and the text without them.

    The rest is empty where the text is nothing but such a label. A theme's label alone
    may be in another language than the post.
    """
    said = text.replace("：", "： ").split()
    prepositions = NAME_BY.get(language[:2].lower(), frozenset()) | NAME_BY["en"]
    place = 0
    while place < min(len(said), 4) and not NAME_LEADS.isdisjoint(_WORK.split(_bare(said[place]))):
        place += 1
        if said[place - 1][-1] in ":：":
            return (True, " ".join(said[place:])) if _bare(said[place - 1]) not in KINDS_OF_POSTS else (False, text)
    if place == len(said) - 1 > 0 and _bare(said[place]) in _ANY_BY:
        return True, ""
    if place < len(said) and _bare(said[place]) in prepositions and _bare(said[0]) not in NOT_BY:
        return True, " ".join(said[place + 1 :])
    if place and (later := _late_by(said, prepositions)):
        return True, " ".join(said[later:])
    if place and (place == len(said) or _bare(said[0]) in AUTHOR_NOUNS):
        return True, " ".join(said[place:])
    return False, text


def _late_by(said: list[str], prepositions: frozenset[str]) -> int:
    """Return the place after the preposition in `Posted on March 5, 2024 by Ada Long`, or 0."""
    near = enumerate(said[:_MAX_LEAD_WORDS])
    return next((place + 1 for place, word in near if place and word in prepositions and place + 1 < len(said)), 0)


def _bare(word: str) -> str:
    return word.strip(_EDGES).lower()


def _people(text: str) -> Iterable[str]:
    """Return the people that a text lists with commas and "and", without their roles."""
    groups: list[str] = []
    for piece in text.split(","):
        whole = piece.strip()
        for half in _AND.split(whole) if _names_both_sides(whole) else [whole]:
            name = _FIRST_AND.sub("", half.strip()) if groups else half.strip()
            if not name or (groups and _is_role(name)):
                continue
            if groups and " " in groups[0] and " " not in name and not _is_credential(name):
                continue
            if groups and _is_credential(name):
                groups[-1] += f", {name}"
            else:
                groups.append(name)
    return groups


def _names_both_sides(text: str) -> bool:
    halves = _AND.split(text)
    if len(halves) < 2 or any(not half for half in halves):
        return False
    return all(1 <= len(half.split()) <= 4 and half[0].isupper() and not _is_role(half) for half in halves) and (
        len(halves[-1].split()) > 1 or len(halves[0].split()) == 1
    )


def _is_credential(text: str) -> bool:
    """Say whether a text is a degree or title after a name: `MD`, `Ph.D.`, `E-RYT 200`, `CFP®`, `Jr.`."""
    letters = re.sub(r"[^A-Za-z]", "", text)
    if letters.lower() in _DEGREES:
        return True
    upper = sum(char.isupper() for char in letters)
    return bool(letters) and len(text) <= 14 and upper * 2 > len(letters) and " " not in text.strip("0123456789 ")


def _is_role(text: str) -> bool:
    said = {_bare(word) for word in text.split()}
    return not said.isdisjoint(ROLES) and said.isdisjoint(_TEAMS)


def _one(text: str) -> str:
    """Return one name without brackets and edges, or `""` where it is none."""
    text = _BRACKETS.sub("", text.strip(_EDGES)).strip(_EDGES)
    if not text or len(text) > _MAX_CHARS or len(text.split()) > _MAX_WORDS or _ADDRESS.search(text):
        return ""
    if text.lower() in NOBODY or text.lower() in NAME_LEADS or not any(char.isalpha() for char in text):
        return ""
    return "" if ": " in text or _bare(text.split()[-1]) in _ACCOUNTS else text


def _looks_named(text: str) -> bool:
    """Say whether a text on the page has the looks of a name: few words, each with a capital or a name's small word."""
    said = [word.strip(",") for word in text.split()]
    if not 1 <= len(said) <= _MAX_SHOWN_WORDS + text.count(",") or text[-1] in "!?:…©":
        return False
    if not {_bare(word) for word in said}.isdisjoint(NOT_BY) or _bare(said[-1]) in NAME_BY["en"]:
        return False
    if len(said) == 1:
        word = _bare(text)
        is_small = text[0].islower() and (len(text) < _MIN_ACCOUNT or word in PREPOSITIONS)
        return (
            len(text) > 1
            and not text.isdigit()
            and word not in NOT_IN_NAMES | ROLES | PARTICLES | PREPOSITIONS
            and not is_small
        )
    if any(_bare(word) in NOT_IN_NAMES or _is_numbered(word) for word in said[:3]):
        return False
    if _is_role(text) and _bare(said[-1]) not in _TEAMS:
        return False
    small = PARTICLES | _TEAMS
    return all(not word[:1].islower() or _bare(word) in small or "'" in word or "’" in word for word in said)


def _is_numbered(word: str) -> bool:
    """Tell whether a word has figures, but for short ones that companies are called by: `3M`, `B2B`."""
    return any(char.isdigit() for char in word) and not (len(word) < 4 and word[-1].isalpha())


def join(names: Iterable[str]) -> str | None:
    """Return the names as one text, or `None` for nobody."""
    return ", ".join(dict.fromkeys(names)) or None
