"""Free a post's title from its site's name: by what the page says of it, or many titles."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.text.lexicon import word_set

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MAX_CHARS = 500
_SEPARATOR = re.compile(r"\s+(?:[-–—|•·»«›‹:~/⋆★→>]|::|\|\||--)\s+|\s*[|»«›‹｜│]\s*|:\s+|(?<=\w)[–—]\s+")
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


def without_site(title: str, sites: Sequence[str], sections: Sequence[str] = ()) -> str:
    """Return a title without the pieces at its front and end that are one of the folded site names; never empty.

    `sections` are folded names of categories: one of them goes where it stands last.
    """
    title = title[:_MAX_CHARS].strip()
    word, _, rest = title.partition(" ")
    if "." in word and rest and fold(word) in sites:
        title = rest.strip()
    cuts = [match.span() for match in _SEPARATOR.finditer(title) if match.start() and match.end() < len(title)]
    if not cuts:
        return title
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(title)]
    pieces = [title[start:end] for start, end in zip(starts, ends, strict=True)]
    is_subject = len(pieces[0]) <= _MIN_SITE_CHARS and ":" in title[cuts[0][0] : cuts[0][1]]
    named = [fold(pieces[0]) in sites and not is_subject, *(is_site(piece, sites) for piece in pieces[1:])]
    if all(named):
        return title
    if len(pieces) > 1 and fold(pieces[-1]) in sections:
        named[-1] = True
    first, last = 0, len(pieces) - 1
    if named[0]:
        first = 1
    for place in range(first + 1, len(pieces)):
        if named[place]:
            last = place - 1
            break
    return title[starts[first] : ends[last]].strip()


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
