"""Find the days that a page shows its readers: around the headline first, then in elements named for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from scraper.facts import dates
from scraper.facts.metawords import NAME_BY, NAME_LEADS, NOT_IN_NAMES, POSTED, PUBLISHED, UPDATED
from scraper.facts.visible import MAX_WALK, Line, is_elsewhere, is_far, text_of, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from lxml.html import HtmlElement

_MAX_DATE_LINE = 160
_MAX_OTHER_WORDS = 3
_MAX_BARE = 24
_MAX_DAYS = 100
_DATE_TOKENS = frozenset(
    {"date", "dates", "published", "pubdate", "posted", "time", "datetime", "datum", "fecha", "publication"}
)
_DATE_STEMS = ("date", "publi", "posted", "time", "datum", "fecha")
"""What every one of them holds: looked for first, as few elements have any."""
_CHANGE_TOKENS = frozenset({"updated", "modified", "modify", "revision", "changed"})
_DATE_TAGS = ("time", "span", "div", "p", "abbr", "li", "small", "em", "i", "font", "td", "h4", "h5", "h6")
_LABELS = UPDATED | PUBLISHED | NAME_LEADS | NOT_IN_NAMES | frozenset().union(*NAME_BY.values())
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a page shows, and whether a label calls it that of a change."""

    day: date
    is_change: bool


def shown_days(lines: Iterable[Line], headline: HtmlElement | None, language: str) -> Iterator[Day]:
    """Yield the days that stand around the headline, the nearest first."""
    for line in sorted(lines, key=lambda line: abs(line.distance)):
        text = line.text
        if len(text) <= _MAX_DATE_LINE and any(char.isdigit() for char in text) and not _is_legal(text):
            yield from _days_in(line, headline, language)


def _is_legal(text: str) -> bool:
    return "©" in text or "copyright" in text.lower()


def _days_in(line: Line, headline: HtmlElement | None, language: str) -> Iterator[Day]:
    label = ""
    for piece in line.pieces:
        label += f" {piece.text}"
        element = piece.element
        stamp = element.get("datetime") if element.tag == "time" else None
        day = (dates.parse(stamp, language) if stamp else None) or dates.parse(piece.text, language)
        if day is None or _is_linked(element, piece.text, headline):
            continue
        marks = _marks(element)
        if element.tag == "time" or not _DATE_TOKENS.isdisjoint(marks) or _is_mostly_date(piece.text):
            yield Day(day, is_change(label) or not _CHANGE_TOKENS.isdisjoint(marks))
        label = ""


def _marks(element: HtmlElement) -> frozenset[str]:
    """Return the words in the names of an element and the two around it."""
    around = [element, *islice(element.iterancestors(), 2)]
    return frozenset(word for node in around if node.tag not in ("article", "main", "body") for word in tokens(node))


def _is_mostly_date(text: str) -> bool:
    """Say whether a text beside its day has no words but labels, and few of any kind."""
    others = [word for word in _WORD.findall(text.lower()) if not dates.is_word(word)]
    return sum(word not in _LABELS for word in others) <= _MAX_OTHER_WORDS


def is_change(label: str) -> bool:
    """Say whether the words before a day call it that of a change; the last such word decides."""
    for word in reversed(_WORD.findall(label.lower())):
        if word in UPDATED:
            return True
        if word in PUBLISHED and word != "on":
            return False
    return False


def marked_days(tree: HtmlElement, headline: HtmlElement | None, language: str) -> list[Day]:
    """Return the days anywhere on the page in elements that are there to show the post's day.

    Several different ones are those of teasers or events: then only those count that a label calls the publication's.
    """
    nodes = islice(tree.iter(*_DATE_TAGS), MAX_WALK)
    marked = (day for node in nodes if (day := _marked_day(node, headline, language)))
    found = list(islice(marked, _MAX_DAYS))
    published = [day for day, is_labelled in found if is_labelled and not day.is_change]
    if published or len({day.day for day, _ in found if not day.is_change}) > 1:
        return published + [day for day, _ in found if day.is_change]
    return [day for day, _ in found]


def _marked_day(node: HtmlElement, headline: HtmlElement | None, language: str) -> tuple[Day, bool] | None:
    text = " ".join((node.text or "")[:_MAX_DATE_LINE].split())
    words = text[:40].lower().replace(":", " ").split()
    is_labelled = bool(words) and (words[0] in POSTED or not UPDATED.isdisjoint(words[:2]))
    if node.tag != "time" and not is_labelled and not _is_bare(text) and not _is_named_for_days(node):
        return None
    shown = text_of(node)
    stamp = node.get("datetime") or node.get("content") or ""
    if len(shown) > _MAX_DATE_LINE or not any(char.isdigit() for char in shown + stamp) or _is_legal(shown):
        return None
    day = dates.parse(stamp, language) or dates.parse(shown, language)
    if day is None or is_far(node) or is_elsewhere(node, headline) or _is_linked(node, shown, headline):
        return None
    if node.tag != "time" and not is_labelled and not _is_mostly_date(shown):
        return None
    return Day(day, is_change(shown) or not _CHANGE_TOKENS.isdisjoint(_marks(node))), is_labelled


def _is_named_for_days(node: HtmlElement) -> bool:
    names = f"{node.get('class') or ''} {node.get('id') or ''} {node.get('itemprop') or ''}".lower()
    return any(stem in names for stem in _DATE_STEMS) and not _DATE_TOKENS.isdisjoint(tokens(node))


def _is_bare(text: str) -> bool:
    """Say whether a text is a day with its month's name and nothing else."""
    if not 8 <= len(text) <= _MAX_BARE or not any(char.isdigit() for char in text[-4:] + text[:4]):
        return False
    words = _WORD.findall(text)
    return bool(words) and all(dates.is_word(word) for word in words)


def _is_linked(node: HtmlElement, shown: str, headline: HtmlElement | None) -> bool:
    """Say whether a node is a part of a link that shows more than the day: a teaser's."""
    link = node if node.tag == "a" else next(node.iterancestors("a"), None)
    if link is None or (headline is not None and any(above is link for above in headline.iterancestors("a"))):
        return False
    return len(text_of(link)) > len(shown) + _MAX_BARE
