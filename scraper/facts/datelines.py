"""Find the days that a page shows its readers: around the headline first, then in elements named for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

from scraper.facts import dates
from scraper.facts.metawords import (
    DAY_WORDS,
    FIRST,
    NAME_BY,
    NAME_LEADS,
    NOT_IN_NAMES,
    POSTED,
    PUBLISHED,
    PUBLISHED_PARTS,
    UPDATED,
    UPDATED_PARTS,
)
from scraper.facts.visible import MAX_WALK, Line, is_elsewhere, is_far, text_of, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from lxml.html import HtmlElement

_MAX_DATE_LINE = 160
_MAX_OTHER_WORDS = 3
_MAX_BARE = 24
_MAX_DAYS = 100
_MAX_NOTE = 400
_MAX_LABEL = 60
_NOTE_STEMS = ("publi", "pubbl", "ffentlich", "erschienen", "posted")
"""What a note on a first publication holds in the languages of `FIRST`: looked for first, as few texts have any."""

_NOTE_TAGS = ("p", "div", "span", "em", "i", "small", "strong")
_BESIDE_POSTS = frozenset({"sidebar"})
"""Where a box beside the post holds what it has of facts, under a label each."""

_DATE_TOKENS = frozenset(
    {"date", "dates", "published", "pubdate", "posted", "time", "datetime", "datum", "fecha", "publication"}
)
_DATE_STEMS = ("date", "publi", "posted", "time", "datum", "fecha")
"""What every one of them holds: looked for first, as few elements have any."""
_PUBLISHED_TOKENS = frozenset({"published", "pubdate", "publish", "created"})
_CHANGE_TOKENS = frozenset({"updated", "modified", "modify", "revision", "changed"})
_DATE_TAGS = ("time", "span", "div", "p", "abbr", "li", "small", "em", "i", "font", "td", "h4", "h5", "h6")
_LABELS = UPDATED | PUBLISHED | DAY_WORDS | NAME_LEADS | NOT_IN_NAMES | frozenset().union(*NAME_BY.values())
_WORD = re.compile(r"[^\W\d_]+")
_AFTER = re.compile(r"\s*\([^()]{1,40}\)|\s*（[^（）]{1,40}）|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,8}")


Meaning = Literal["published", "changed", ""]
"""What a label calls a day: that of publication, of a change, or nothing."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a page shows, and what a label calls it."""

    day: date
    meaning: Meaning = ""

    @property
    def is_change(self) -> bool:
        """Tell whether it is the day of a change."""
        return self.meaning == "changed"


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
    found = False
    for piece in line.pieces:
        element = piece.element
        if _is_linked(element, piece.text, headline):
            label += f" {piece.text}"
            continue
        days = _told_apart(_labelled_days(piece.text, language, label))
        stamp = element.get("datetime") if element.tag == "time" else None
        stated = dates.parse(stamp, language) if stamp else None
        if len(days) < 2 and (stated or days):
            label = f"{label} {piece.text}"
            days = [Day(stated or days[0].day, _marked_meaning(element) or meaning_of(label))]
        if days and (element.tag == "time" or _is_named(element) or _is_mostly_date(piece.text)):
            yield from days
            found = True
        label = "" if days else f"{label} {piece.text}"
    if not found and len(line.pieces) > 1 and _is_mostly_date(line.text):
        yield from _told_apart(_labelled_days(line.text, language))


def _told_apart(days: Iterable[Day]) -> list[Day]:
    """Return the days of one text; beside one that is called the publication's, a later one is that of a change."""
    found = list(days)
    first = min((day.day for day in found if day.meaning == "published"), default=None)
    if first is None:
        return found
    return [Day(day.day, "changed") if not day.meaning and day.day > first else day for day in found]


def _labelled_days(text: str, language: str, before: str = "") -> Iterator[Day]:
    """Yield the days of a text, each with what the words beside it call it: those before it, else right after it.

    Words right after a day belong to it where they are in brackets, or in a script that writes no spaces; after each of
    several, where one stands behind the last and none before the first.
    """
    spans = dates.spans(text, language)
    if len(spans) > 1 and not meaning_of(f"{before} {text[: spans[0].start]}") and meaning_of(text[spans[-1].end :]):
        ends = [*(span.start for span in spans[1:]), len(text)]
        yield from (Day(span.day, meaning_of(text[span.end : end])) for span, end in zip(spans, ends, strict=True))
        return
    label = before
    at = 0
    for place, span in enumerate(spans):
        label += f" {text[at : span.start]}"
        until = spans[place + 1].start if place + 1 < len(spans) else len(text)
        after = _AFTER.match(text, span.end, until)
        meaning = meaning_of(label)
        if not meaning and after:
            meaning = meaning_of(after[0])
        at = after.end() if after and meaning_of(after[0]) == meaning else span.end
        yield Day(span.day, meaning)
        label = ""


def _is_named(element: HtmlElement) -> bool:
    """Tell whether an element or one of the two around it is named for a day."""
    return any(not _DATE_TOKENS.isdisjoint(tokens(node)) for node in _around(element))


def _around(element: HtmlElement) -> list[HtmlElement]:
    nodes = [element, *islice(element.iterancestors(), 2)]
    return [node for node in nodes if node.tag not in ("article", "main", "body")]


def _marked_meaning(element: HtmlElement) -> Meaning:
    """Return what an element's names call its day: those of the nearest that says anything decide.

    Many themes call the only day they show both `published` and `updated`: it is the day of publication.
    """
    for node in _around(element):
        named = frozenset(tokens(node))
        if not _PUBLISHED_TOKENS.isdisjoint(named):
            return "published"
        if not _CHANGE_TOKENS.isdisjoint(named):
            return "changed"
    return ""


def _is_mostly_date(text: str) -> bool:
    """Say whether a text beside its days has no words but labels, and few of any kind."""
    at, rest = 0, ""
    for span in dates.spans(text):
        rest += f"{text[at : span.start]} "
        at = span.end
    others = [word for word in _WORD.findall((rest + text[at:]).lower()) if not dates.is_word(word)]
    return sum(word not in _LABELS and not meaning_of(word) for word in others) <= _MAX_OTHER_WORDS


def meaning_of(label: str) -> Meaning:
    """Return what the words beside a day call it; the last such word decides."""
    for word in reversed(_WORD.findall(label.lower())):
        if word in UPDATED or (not word.isascii() and any(part in word for part in UPDATED_PARTS)):
            return "changed"
        if word in PUBLISHED or (not word.isascii() and any(part in word for part in PUBLISHED_PARTS)):
            return "published"
    return ""


def marked_days(tree: HtmlElement, headline: HtmlElement | None, language: str) -> list[Day]:
    """Return the days anywhere on the page in elements that are there to show the post's day.

    Several different ones are those of teasers or events: then only those count that a label calls the publication's.
    """
    nodes = islice(tree.iter(*_DATE_TAGS), MAX_WALK)
    marked = (day for node in nodes for day in _marked_days(node, headline, language))
    found = list(islice(marked, _MAX_DAYS))
    published = [day for day, is_labelled in found if is_labelled and not day.is_change]
    if published or len({day.day for day, _ in found if not day.is_change}) > 1:
        return published + [day for day, _ in found if day.is_change]
    return [day for day, _ in found]


def _marked_days(node: HtmlElement, headline: HtmlElement | None, language: str) -> list[tuple[Day, bool]]:
    """Return the days of an element that is there to show them, each with whether it begins with a label."""
    text = " ".join((node.text or "")[:_MAX_DATE_LINE].split())
    words = text[:40].lower().replace(":", " ").split()
    is_titled = _is_label(node.getprevious())
    is_labelled = is_titled or (bool(words) and (words[0] in POSTED or not UPDATED.isdisjoint(words[:2])))
    if node.tag != "time" and not is_labelled and not _is_bare(text) and not _is_named_for_days(node):
        return []
    shown = text_of(node)
    stamp = node.get("datetime") or node.get("content") or ""
    if len(shown) > _MAX_DATE_LINE or not any(char.isdigit() for char in shown + stamp) or _is_legal(shown):
        return []
    days = _told_apart(_labelled_days(shown, language))
    stated = dates.parse(stamp, language)
    beside = _BESIDE_POSTS if is_titled else frozenset[str]()
    if not (days or stated) or is_far(node, beside) or is_elsewhere(node, headline, beside):
        return []
    if _is_linked(node, shown, headline):
        return []
    if node.tag != "time" and not is_labelled and not _is_mostly_date(shown):
        return []
    if len(days) < 2:
        days = [Day(stated or days[0].day, _marked_meaning(node) or meaning_of(shown))]
    return [(day, is_labelled) for day in days]


def _is_label(node: HtmlElement | None) -> bool:
    """Say whether an element shows nothing but that the day beside it is that of publication: `Published`."""
    text = node.text if node is not None and isinstance(node.tag, str) else None
    if not text or len(text) > _MAX_LABEL:
        return False
    words = _WORD.findall(text.lower())
    return 0 < len(words) <= _MAX_OTHER_WORDS and PUBLISHED.issuperset(words[:1]) and _LABELS.issuperset(words)


def original_day(tree: HtmlElement, headline: HtmlElement | None, language: str) -> date | None:
    """Return the day of a sentence that says when a post was first published: "originally published on March 5, 2020".

    The day has to follow at once: where another site's name stands between, it is that site's day.
    """
    for node in islice(tree.iter(*_NOTE_TAGS), MAX_WALK):
        text = node.text
        if not text or len(text) > _MAX_NOTE or not any(stem in text for stem in _NOTE_STEMS):
            continue
        shown = text_of(node)[:_MAX_NOTE]
        for span in dates.spans(shown, language):
            words = _WORD.findall(shown[: span.start].lower())[-4:]
            if _says_first(words) and not is_elsewhere(node, headline):
                return span.day
    return None


def _says_first(words: list[str]) -> bool:
    place = next((n for n in range(len(words) - 1, 0, -1) if words[n] in PUBLISHED), 0)
    return bool(place) and words[place - 1] in FIRST and DAY_WORDS.issuperset(words[place + 1 :])


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
