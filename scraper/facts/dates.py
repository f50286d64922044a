"""Read a day from what people and programs write: ISO 8601, RFC 9110 dates, month names in many languages, URLs."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

from scraper.facts.metawords import MONTHS
from scraper.text.lexicon import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

EARLIEST_YEAR = 1990
"""The web's first year: what is older was not published there."""

_MAX_CHARS = 300
"""Characters of a text in which a day is looked for; chosen: several lines around a date."""
_THAI_ERA = 543
"""Years by which the Buddhist era of Thailand is ahead of the common one."""


def _fold(text: str) -> str:
    """Return `text` in lower case without accents; combining vowel signs of other scripts stay."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i").replace("ł", "l"))
    return "".join(char for char in plain if not "\u0300" <= char <= "\u036f")


def _months() -> dict[str, int]:
    return {_fold(name): number for number, line in enumerate(MONTHS, 1) for name in line.split()}


_MONTHS = _months()
_VIETNAMESE_MONTH = frozenset({"thang", "thg"})
_FILLERS = word_set("of de del d di le la el den der the st nd rd th er a ta ngay nam year г року р ב")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|ero|º|ª|°|e|a)\Z")

_ISO = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"\s*((?:19|20)\d\d)(\d\d)(\d\d)(?:T?\d{4,6}(?:\.\d+)?Z?)?\s*\Z")
_EPOCH = re.compile(r"\s*(\d{9,10}|\d{12,13})\s*\Z")
_CJK = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号]?")
_YEAR_FIRST = re.compile(r"(?<![\d./-])((?:19|20)\d\d)\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<![\d./-])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?((?:19|20)\d\d|(?<=/)\d\d)(?![\d./-])")
_SHORT = re.compile(r"(?<![\d./-])(\d\d)([.])(\d\d)\.(\d\d)(?!\w|[./-]\d)")
_ERA = re.compile(r"(令和|平成|昭和)\s*(元|\d{1,2})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
"""The year before each Japanese era's first one."""

_CUT_YEAR = re.compile(r"(?<=[\s,.])['‘’](\d\d)(?!\w)")
_TOKEN = re.compile(
    r"\d+(?:st|nd|rd|th|er|º|ª|°)?(?![^\W\d_])|\d+|[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u094f\u0e00-\u0e4f])*"
)
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/_.-]|\Z)")
_URL_NAMED = re.compile(r"/((?:19|20)\d\d)/([a-z]{3,10})/(\d{1,2})(?=[/_.-]|\Z)", re.I)
_URL_COMPACT = re.compile(r"/((?:19|20)\d\d)(\d\d)(\d\d)(?=[/_.-]|\Z)")

_MONTH_FIRST = frozenset({"", "en", "en-us", "en-ca", "en-ph", "fil", "es-us"})


def make(year: int, month: int, day: int) -> date | None:
    """Return that day, or `None` where the calendar or the web's age has no such day."""
    if year < EARLIEST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse(text: str, language: str = "") -> date | None:
    """Return the first day that `text` names, as written there (no change of time zone), or `None`.

    `language` (a BCP 47 tag) decides `03/04/2025`: month first in English without a region, and where that is custom.
    Only the first 300 characters are read. A month or year alone is no day.
    """
    text = text[:_MAX_CHARS]
    found = _machine(text)
    return found or next((span.day for span in spans(text, language)), None)


def _machine(text: str) -> date | None:
    if match := _ISO.match(text) or _COMPACT.match(text):
        return make(int(match[1]), int(match[2]), int(match[3]))
    if match := _EPOCH.match(text):
        seconds = int(match[1]) / (1000 if len(match[1]) > 10 else 1)
        return datetime.fromtimestamp(seconds, UTC).date()
    return None


def is_word(word: str) -> bool:
    """Say whether a word belongs to the writing of a date: a month's name, an ordinal's ending, an article."""
    folded = _fold(word)
    return folded in _MONTHS or folded in _FILLERS


class Span(NamedTuple):
    """A day that a text names, and from where to where, in characters."""

    start: int
    end: int
    day: date


def days(text: str, language: str = "") -> Iterator[date]:
    """Yield every day that running text names, in its order."""
    return (span.day for span in spans(text, language))


def spans(text: str, language: str = "") -> list[Span]:
    """Return every day that running text names, in its order; no two overlap."""
    if not any(char.isdigit() for char in text):
        return []
    found = sorted(_all_spans(text, language), key=lambda span: (span.start, -span.end))
    apart: list[Span] = []
    for span in found:
        if not apart or span.start >= apart[-1].end:
            apart.append(span)
    return apart


def _all_spans(text: str, language: str) -> Iterator[Span]:
    for match in _CJK.finditer(text):
        yield from _span(match, make(int(match[1]), int(match[2]), int(match[3])))
    for match in _ERA.finditer(text):
        year = _ERAS[match[1]] + (1 if match[2] == "元" else int(match[2]))
        yield from _span(match, make(year, int(match[3]), int(match[4])))
    for match in _YEAR_FIRST.finditer(text):
        yield from _span(match, make(int(match[1]), int(match[3]), int(match[4])))
    for pattern in (_YEAR_LAST, _SHORT):
        for match in pattern.finditer(text):
            yield from _span(match, _from_figures(match, language))
    yield from _named_days(text)


def _span(match: re.Match[str], day: date | None) -> Iterator[Span]:
    if day is not None:
        yield Span(match.start(), match.end(), day)


def _from_figures(match: re.Match[str], language: str) -> date | None:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if year < 100:
        year += 2000
    month_first = match[2] != "." and language.lower().replace("_", "-") in _MONTH_FIRST
    if second > 12 or (month_first and first <= 12):
        first, second = second, first
    return make(year, second, first)


def _named_days(text: str) -> Iterator[Span]:
    """Yield the days with the month's name: `3. Mai 2025`, `May 3rd, 2025`, `2025 May 3`, `3 tháng 5, 2025`."""
    matches = [(token, match) for match in _TOKEN.finditer(text) if (token := _fold(match[0])) not in _FILLERS]
    tokens = [f"20{token}" if _is_cut_year(text, match) else token for token, match in matches]
    for place, token in enumerate(tokens):
        month = _MONTHS.get(token)
        before, after, last = tokens[max(0, place - 2) : place], tokens[place + 1 : place + 3], place + 2
        if month is None and token in _VIETNAMESE_MONTH and after and after[0].isdecimal():
            month, after, last = int(after[0]), tokens[place + 2 : place + 4], place + 3
        if month is not None and (found := _around(month, before, after)):
            day, used_before, used_after = found
            first = matches[place - used_before][1].start()
            yield Span(first, matches[min(last - 2 + used_after, len(matches) - 1)][1].end(), day)


def _is_cut_year(text: str, match: re.Match[str]) -> bool:
    """Tell whether a number is a year whose first half an apostrophe stands for: `Mar. 5, ’23`."""
    return (
        len(match[0]) == 2
        and match.start() > 1
        and match[0].isdecimal()
        and bool(_CUT_YEAR.match(text, match.start() - 1))
    )


def _around(month: int, before: list[str], after: list[str]) -> tuple[date, int, int] | None:
    """Return the day with this month, and how many tokens before and after the month belong to it."""
    near = [_number(token) for token in (before[-1:] + after[:2])]
    last = near[0] if before else None
    following = near[1:] if before else near
    if last is not None and last <= 31 and following and _is_year(following[0]):
        return _used(_on(following[0], month, last), 1, 1)
    if len(following) == 2 and following[0] is not None and following[0] <= 31 and _is_year(following[1]):
        return _used(_on(following[1], month, following[0]), 0, 2)
    if _is_year(last) and following and following[0] is not None and following[0] <= 31:
        return _used(_on(last, month, following[0]), 1, 1)
    return None


def _used(day: date | None, before: int, after: int) -> tuple[date, int, int] | None:
    return (day, before, after) if day else None


def _on(year: int | None, month: int, day: int) -> date | None:
    assert year is not None
    return make(year - _THAI_ERA if year > 2400 else year, month, day)


def _is_year(number: int | None) -> bool:
    return number is not None and (EARLIEST_YEAR <= number <= 2100 or 2500 <= number <= 2700)


def _number(token: str) -> int | None:
    if token.isdecimal() and len(token) <= 4:
        return int(token)
    match = _ORDINAL.match(token)
    return int(match[1]) if match else None


def from_url(url: str) -> date | None:
    """Return the day that a URL's path carries (`/2025/03/14/slug`, `/2025/mar/14/slug`), or `None`; no month."""
    path = url.split("?", 1)[0].split("#", 1)[0][:2000]
    for pattern in (_URL_DAY, _URL_NAMED, _URL_COMPACT):
        for match in pattern.finditer(path):
            month = int(match[2]) if match[2].isdigit() else _MONTHS.get(match[2].lower(), 0)
            if day := make(int(match[1]), month, int(match[3])):
                return day
    return None
