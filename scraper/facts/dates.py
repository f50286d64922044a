"""Read a day from what people and programs write: ISO 8601, RFC 9110 dates, month names in many languages, URLs."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from scraper.facts.metawords import MONTHS
from scraper.text.lexicon import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

EARLIEST_YEAR = 1990
"""The web's first year: what is older was not published there."""

_MAX_CHARS = 300
_THAI_ERA = 543


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
    return _machine(text) or next(days(text, language), None)


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


def days(text: str, language: str = "") -> Iterator[date]:
    """Yield every day that running text names, those in figures first."""
    if not any(char.isdigit() for char in text):
        return
    for match in _CJK.finditer(text):
        if day := make(int(match[1]), int(match[2]), int(match[3])):
            yield day
    for match in _YEAR_FIRST.finditer(text):
        if day := make(int(match[1]), int(match[3]), int(match[4])):
            yield day
    for match in _YEAR_LAST.finditer(text):
        if day := _from_figures(match, language):
            yield day
    yield from _named_days(text)


def _from_figures(match: re.Match[str], language: str) -> date | None:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if year < 100:
        year += 2000
    month_first = match[2] != "." and language.lower().replace("_", "-") in _MONTH_FIRST
    if second > 12 or (month_first and first <= 12):
        first, second = second, first
    return make(year, second, first)


def _named_days(text: str) -> Iterator[date]:
    """Yield the days with the month's name: `3. Mai 2025`, `May 3rd, 2025`, `2025 May 3`, `3 tháng 5, 2025`."""
    tokens = [_fold(token) for token in _TOKEN.findall(text)]
    tokens = [token for token in tokens if token not in _FILLERS]
    for place, token in enumerate(tokens):
        month = _MONTHS.get(token)
        before, after = tokens[max(0, place - 2) : place], tokens[place + 1 : place + 3]
        if month is None and token in _VIETNAMESE_MONTH and after and after[0].isdecimal():
            month, after = int(after[0]), tokens[place + 2 : place + 4]
        if month is not None and (day := _around(month, before, after)):
            yield day


def _around(month: int, before: list[str], after: list[str]) -> date | None:
    near = [_number(token) for token in (before[-1:] + after[:2])]
    last = near[0] if before else None
    following = near[1:] if before else near
    if last is not None and last <= 31 and following and _is_year(following[0]):
        return _on(following[0], month, last)
    if len(following) == 2 and following[0] is not None and following[0] <= 31 and _is_year(following[1]):
        return _on(following[1], month, following[0])
    if _is_year(last) and following and following[0] is not None and following[0] <= 31:
        return _on(last, month, following[0])
    return None


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
