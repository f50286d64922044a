"""Find the values in a text that can go stale: phone numbers, e-mail addresses, links, streets, years, prices."""

from __future__ import annotations

import re
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Literal, NamedTuple

from scraper.text.lexicon import word_set

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ValueKind = Literal["phone", "email", "brand", "address", "url", "year", "price"]
_TWO_DIGITS = word_set(
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 "
    "91 92 93 94 95 98"
)
"""Country codes of two digits (ITU-T E.164); 1 and 7 have one, the others three."""
_AREA_DIGITS = 3


class Value(NamedTuple):
    """A value where it stands: `key` is what equal values have in common, however they are written."""

    kind: ValueKind
    key: str
    shown: str
    start: int
    end: int


_SEP = r"[\s.\-–—/·]{0,3}"
_PHONE = re.compile(
    rf"(?<![\d$€£#/.,-])(?:\+?1{_SEP})?\(?[2-9]\d\d\)?{_SEP}[2-9x][\dx]{{2}}{_SEP}[\dx]{{4}}(?![\d%]|,\d)"
    rf"|(?<![\d$€£#/.,-])(?:\+|00)\d{{1,3}}(?:{_SEP}\(?\d{{1,5}}\)?){{2,5}}(?![\d%])"
    rf"|(?<![\d$€£#/.,-])\(?0\d{{1,5}}\)?[\s./–-]{{1,3}}\d{{2,8}}(?:[\s.-]?\d{{2,4}}){{0,4}}(?![\d%])",
    re.I,
)
_DAY = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d{2,4}")
_VANITY = re.compile(
    r"(?<![\w$€£#/.,-])(?:\+?1[-. ])?(?:\([2-9]\d\d\)[-. ]?|[2-9]\d\d[-.])(?=[\d-]{0,6}[A-Z])(?=(?:-?[A-Z\d]){7})"
    r"[A-Z\d]+(?:-[A-Z\d]+){0,3}(?![\w-])"
)
"""A number that is dialled by letters: 1-800-GET-WELL, 630-55-SMILE."""
_KEYS = {
    ord(letter): str(key)
    for key, letters in zip("23456789", ("ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ"), strict=True)
    for letter in letters
}
_DIALLED = 10
_SEVEN_DIGITS = re.compile(r"\d(?:\D{0,6}\d){6}")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.I)
_URL = re.compile(r"\bhttps?://[^\s<>\"')\]]+|\bwww\.[\w-]+(?:\.[\w-]+)+(?:/[^\s<>\"')\]]*)?", re.I)
_STREET = (
    "street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|parkway|pkwy|way|court|ct|place|pl|highway|hwy|"
    "circle|plaza"
)
_NO_NAME = frozenset(
    (*_STREET.split("|"), *["n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west"])
)
_ADDRESS = re.compile(
    rf"\b\d{{1,5}}\s+(?:[NSEW]\.?[EW]?\.?\s+|(?:North|South|East|West)\s+)?(?:[A-Z0-9][\w'.-]*\s+){{1,3}}(?:{_STREET})\b\.?",
    re.I,
)
_CAPITAL = re.compile(r"[A-Z]|\d(?:st|nd|rd|th)\b")
_YEAR = re.compile(r"(?<![\d-])(?:19|20)\d\d(?![\d-])")
_PRICE = re.compile(r"[$€£]\s?\d[\d,]*(?:\.\d\d)?|\b\d[\d,]*(?:\.\d\d)?\s?(?:€|dollars|euros|USD|EUR)(?!\w)", re.I)


def _remembered(find: Callable[[str], Iterator[Value]]) -> Callable[[str], tuple[Value, ...]]:
    """Return what reads a text once: a call to action stands on hundreds of posts, and is asked for many things."""

    @lru_cache(maxsize=1 << 14)
    @wraps(find)
    def read(text: str) -> tuple[Value, ...]:
        return tuple(find(text))

    return read


@_remembered
def phones(text: str) -> Iterator[Value]:
    """Yield phone numbers in all written forms: North American ones in any, others that begin with a plus or a zero."""
    for match in _VANITY.finditer(text):
        if not _PHONE.fullmatch(match.group()):
            number = re.sub(r"\D", "", match.group().translate(_KEYS)).removeprefix("1")[:_DIALLED]
            yield Value("phone", number, match.group(), match.start(), match.end())
    if not _SEVEN_DIGITS.search(text):
        return
    for match in _PHONE.finditer(text):
        shown = match.group().strip()
        number = digits(shown) if "x" not in shown.lower() else re.sub(r"[^\dx]", "", shown.lower())
        if shown.lstrip("(").startswith("0") and (len(number) < 9 or _DAY.match(shown)):
            continue
        if len(number) >= 8 and not (shown.isdigit() and len(shown) != 10):
            yield Value("phone", number, shown, match.start(), match.end())


@_remembered
def emails(text: str) -> Iterator[Value]:
    """Yield e-mail addresses."""
    if "@" not in text:
        return
    for match in _EMAIL.finditer(text):
        yield Value("email", match.group().lower().rstrip("."), match.group(), match.start(), match.end())


def street(text: str) -> tuple[str, ...]:
    """Return what tells a street address from another however it is shortened: house number and the street's name."""
    words = re.findall(r"\w+", text.lower())
    kept = [word for word in words[1:] if word not in _NO_NAME]
    return (*words[:1], *kept[:2])


@_remembered
def links(text: str) -> Iterator[Value]:
    """Yield addresses of pages as they stand in the text."""
    for match in _URL.finditer(text):
        shown = match.group().rstrip(".,;:!?")
        key = re.sub(r"^(https?://)?(www\.)?", "", shown.lower()).rstrip("/")
        yield Value("url", key, shown, match.start(), match.start() + len(shown))


@_remembered
def addresses(text: str) -> Iterator[Value]:
    """Yield street addresses of the form number, name, kind of street."""
    for match in _ADDRESS.finditer(text):
        if _CAPITAL.search(match.group().partition(" ")[2]):
            key = " ".join(re.findall(r"\w+", match.group().lower()))
            yield Value("address", key, match.group(), match.start(), match.end())


@_remembered
def years(text: str) -> Iterator[Value]:
    """Yield years from 1900 to 2099."""
    for match in _YEAR.finditer(text):
        yield Value("year", match.group(), match.group(), match.start(), match.end())


@_remembered
def prices(text: str) -> Iterator[Value]:
    """Yield amounts of money."""
    for match in _PRICE.finditer(text):
        yield Value("price", re.sub(r"[^\d.]", "", match.group()), match.group(), match.start(), match.end())


def digits(text: str) -> str:
    """Return the digits of a phone number as they are compared: as dialled within its country.

    +1 303 is 303, and +44 161, 0044 161 and +44 (0)161 are 0161.
    """
    found = "".join(sign for sign in text if sign.isdigit())
    if len(found) == 11 and found[0] == "1":
        return found[1:]
    if not text.lstrip("( ").startswith(("+", "00")):
        return found
    found = found.removeprefix("00")
    rest = found[1 if found[0] in "17" else 2 if found[:2] in _TWO_DIGITS else 3 :]
    return rest if found[0] == "1" else "0" + rest.removeprefix("0")


def area(number: str) -> str:
    """Return the digits of a phone number, as they are compared, that tell its area."""
    return number[:_AREA_DIGITS]
