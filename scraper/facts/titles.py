"""Free a post's title from its site's name: by what the page says of it, or many titles."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from scraper.text.lexicon import word_set

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MAX_CHARS = 500
_SEPARATOR = re.compile(
    r"\s+(?:[-–—|•·»«›‹:~/⋆★→>@]|::|\|\||--)\s+|\s*[|»«›‹｜│]\s*|:\s+|(?<=\w)[–—]\s+|(?<=\w)—(?=\w)|\s[-–—](?=[^\W\d])"
)
_BRACKETED = re.compile(r"\([^()\[\]]{2,80}\)|\[[^()\[\]]{2,80}\]")
_SECTIONS = frozenset(
    {"blog", "weblog", "news", "newsroom", "articles", "posts", "journal", "magazine", "home", "blogarchive"}
)
"""What a piece of a title calls a part of its site."""

_STRONG = frozenset("|»«›‹｜│•·⋆★")
_NOT_WORD = re.compile(r"[\W_]+")
_SITE_KINDS = word_set(
    """
    blog weblog news magazine mag journal inc ltd llc gmbh co corp company official website site media online group
    team store shop podcast bv ag sa srl oy ab plc pty limited
    newsletter press com org net us usa uk eu foundation institute community
    """
)
_MIN_SITE_CHARS = 3
_MAX_INITIALS = 6
_MIN_TITLES = 3
_MIN_SHARE = 0.5
"""Half the titles: a site with two templates shows its name on one of them."""


@dataclass(frozen=True, slots=True)
class Affixes:
    """What a site's titles have in common at the front and at the end, separators included; longest first."""

    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()

    def strip_from(self, title: str) -> str:
        """Return the title without the first prefix and suffix that it has, never empty."""
        for suffix in self.suffixes:
            if title.endswith(suffix) and len(title) > len(suffix):
                title = title[: -len(suffix)].rstrip()
                break
        for prefix in self.prefixes:
            if title.startswith(prefix) and len(title) > len(prefix):
                title = title[len(prefix) :].lstrip()
                break
        return title


def common_affixes(titles: Iterable[str]) -> Affixes:
    """Return the site names that stand at the front or end of a site's different titles.

    A part counts when a separator cuts it off on half of the titles, three at least; a series' name, on fewer, stays.
    """
    different = list(dict.fromkeys(title.strip()[:_MAX_CHARS] for title in titles if title.strip()))
    front: Counter[str] = Counter()
    back: Counter[str] = Counter()
    for title in different:
        cuts = [match.span() for match in _SEPARATOR.finditer(title) if match.start() and match.end() < len(title)]
        front.update(title[:end] for _, end in cuts)
        back.update(title[start:] for start, _ in cuts)
    least = max(_MIN_TITLES, len(different) * _MIN_SHARE)
    return Affixes(_frequent(front, least), _frequent(back, least))


def _frequent(counts: Counter[str], least: float) -> tuple[str, ...]:
    return tuple(
        sorted((text for text, count in counts.items() if count >= least), key=lambda text: (-len(text), text))
    )


def fold(text: str) -> str:
    """Return the letters and figures of a text in lower case, to compare names by."""
    return _NOT_WORD.sub("", text).casefold()


def parts(title: str) -> list[str]:
    """Return the pieces between a title's separators."""
    return [piece for piece in _SEPARATOR.split(title[:_MAX_CHARS]) if piece and piece.strip()]


def is_site(piece: str, sites: Iterable[str]) -> bool:
    """Say whether a piece of a title is one of the site's folded names, or one a little longer or shortened."""
    name = fold(piece).removeprefix("the")
    known = frozenset(site.removeprefix("the") for site in sites)
    return len(name) >= _MIN_SITE_CHARS - 1 and (
        name in known or any(_names_match(name, site, known) for site in known)
    )


def _names_match(name: str, site: str, known: frozenset[str]) -> bool:
    if len(site) > _MIN_SITE_CHARS and name.startswith(site):
        rest = name.removeprefix(site)
        return rest in _SITE_KINDS or rest in known
    return len(name) > _MIN_SITE_CHARS and len(site) <= 2 * len(name) and (site.startswith(name) or site.endswith(name))


def without_site(title: str, sites: Sequence[str], sections: Sequence[str] = (), folders: Sequence[str] = ()) -> str:
    """Return a title without the pieces at its front and end that are one of the folded site names; never empty.

    `sections` are folded names of categories: one of them goes where it stands last. `folders` are those of the
    address: one of them goes where it stands last after a bar.
    """
    title = _without_brackets(title[:_MAX_CHARS].strip(), sites)
    word, _, rest = title.partition(" ")
    if "." in word and rest[:1].isalnum() and fold(word) in sites:
        title = rest.strip()
    pieces = _pieces(title)
    if len(pieces) < 2:
        return title
    first, last = _after_site(pieces, sites), len(pieces) - 1
    end, is_barred = fold(pieces[-1].text), pieces[-1].is_barred
    is_section = end in _SECTIONS or end in sections or (is_barred and end in folders)
    if is_section or (is_barred and _stands_for_site(pieces[-1].text, sites)):
        last -= last > first
    named = (place for place in range(1, last + 1) if _names_site(pieces[place].text, sites))
    last = next((place - 1 for place in named if place > first), last)
    last -= last > first and fold(pieces[last].text) in {*_SECTIONS, *(folders if pieces[last].is_barred else ())}
    if first == last and is_site(pieces[first].text, sites):
        return title
    return title[pieces[first].start : pieces[last].end].strip()


class _Piece(NamedTuple):
    """A piece of a title, where it stands in it, and whether a bar or a colon parts it from the piece before."""

    text: str
    start: int
    end: int
    is_barred: bool
    has_colon: bool


def _pieces(title: str) -> list[_Piece]:
    cuts = [match.span() for match in _SEPARATOR.finditer(title) if match.start() and match.end() < len(title)]
    edges = [(0, 0), *cuts, (len(title), len(title))]
    pieces: list[_Piece] = []
    for (before, start), (end, _) in pairwise(edges):
        separator = title[before:start]
        pieces.append(_Piece(title[start:end], start, end, not _STRONG.isdisjoint(separator), ":" in separator))
    return pieces


def _after_site(pieces: Sequence[_Piece], sites: Sequence[str]) -> int:
    """Return the place of the first piece after the site's name, and after its tagline or section, at the front."""
    opening, following = pieces[0], pieces[1]
    is_subject = len(opening.text) <= _MIN_SITE_CHARS and following.has_colon
    is_named = not is_subject and (
        _is_whole_name(opening.text, sites, frozenset({"blog"}) if following.has_colon else _SITE_KINDS)
        or (following.is_barred and " " in opening.text.strip() and is_site(opening.text, sites))
    )
    last = len(pieces) - 1
    if not is_named:
        return int(fold(opening.text) == "blog" and not following.has_colon)
    if last > 1 and fold(following.text) in _SECTIONS:
        return 2
    bar = next((place for place in range(2, last + 1) if pieces[place].is_barred), 0)
    is_tagline = bar and not any(piece.is_barred for piece in pieces[1:bar])
    return bar if is_tagline and not is_site(pieces[bar].text, sites) else 1


def _is_whole_name(piece: str, sites: Iterable[str], kinds: frozenset[str] = _SITE_KINDS) -> bool:
    """Say whether a piece is a name of the site, with or without one of the kinds of sites: `ACS`, `ACS Blog`."""
    name = fold(piece).removeprefix("www").removeprefix("the")
    return any(name == site or (name.startswith(site) and name[len(site) :] in kinds) for site in sites)


def _names_site(piece: str, sites: Sequence[str]) -> bool:
    return is_site(piece, sites) or _is_whole_name(piece, sites)


def _without_brackets(title: str, sites: Sequence[str]) -> str:
    """Return a title without the site's name in brackets at its front or end."""
    for match in _BRACKETED.finditer(title):
        rest = f"{title[: match.start()]}{title[match.end() :]}".strip()
        if (
            rest
            and not (title[: match.start()].strip() and title[match.end() :].strip())
            and _is_whole_name(match[0], sites)
        ):
            return rest
    return title


def _stands_for_site(piece: str, sites: Iterable[str]) -> bool:
    """Say whether a piece after a bar begins with a name of the site, or is its name's letters in capitals: `WFA`."""
    name = fold(piece)
    if piece.isupper() and piece.isalpha() and len(piece) <= _MAX_INITIALS:
        return any(site.startswith(name[0]) and _holds_in_order(site, name) for site in sites)
    return any(len(site) > _MIN_SITE_CHARS + 1 and name.startswith(site) for site in sites)


def _holds_in_order(text: str, letters: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


def opens(title: str, heading: str) -> bool:
    """Say whether a heading is what a title says before one of its separators."""
    name = fold(heading)
    title = title[:_MAX_CHARS]
    return len(name) > _MIN_SITE_CHARS and any(
        fold(title[: match.start()]) == name for match in _SEPARATOR.finditer(title) if ":" not in match[0]
    )


def fronts(title: str, sites: Iterable[str]) -> frozenset[str]:
    """Return the folded beginnings of a title that end at a separator: half of it, or before a site's name."""
    title = title[:_MAX_CHARS].strip()
    cuts = [match.span() for match in _SEPARATOR.finditer(title) if match.start() and match.end() < len(title)]
    known = _SITE_KINDS | frozenset(sites)
    return frozenset(
        fold(title[:start])
        for start, end in cuts
        if (2 * start >= len(title) and ":" not in title[start:end])
        or (_has_name(title[end:], known) and not _has_name(title[:start], known))
    )


def _has_name(text: str, known: frozenset[str]) -> bool:
    return any(fold(word) in known for word in text.split())


def heading_in(title: str, heading: str) -> bool:
    """Say whether a heading is the whole of a stated title, or the half or more at its beginning or end."""
    whole, name = fold(title), fold(heading)
    if whole == name:
        return bool(name)
    return len(name) > 9 and 2 * len(name) >= len(whole) and (whole.startswith(name) or whole.endswith(name))


def rest_of(heading: str, title: str) -> str:
    """Return what a heading says before or after a title that it holds; `""` where it doesn't hold it."""
    if title and heading.startswith(title):
        return heading[len(title) :].strip()
    return heading[: -len(title)].strip() if title and heading.endswith(title) else ""


def shared_words(one: str, other: str) -> int:
    """Return how many words of three letters and more two texts share, in any case."""
    return len(_long_words(one) & _long_words(other))


def _long_words(text: str) -> set[str]:
    return {word for word in _NOT_WORD.split(text.casefold()) if len(word) > 2}
