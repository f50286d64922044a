"""Hold sets of articles as bits of one number: what is in both, in either, and how many, costs next to nothing."""

from __future__ import annotations

from itertools import compress, count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_AS_FLAGS = bytes.maketrans(b"01", b"\x00\x01")


def bits_of(docs: Iterable[int], size: int) -> int:
    """Return the set of some of the numbers below `size`."""
    digits = bytearray(b"0") * (size or 1)
    for doc in docs:
        digits[doc] = 49
    digits.reverse()
    return int(digits, 2)


def flags(bits: int, size: int) -> bytes:
    """Return 0 or 1 for each number below `size`."""
    return f"{bits:0{size}b}".encode().translate(_AS_FLAGS)[::-1]


def docs_of(bits: int) -> list[int]:
    """Return the numbers of a set in order."""
    # Few of them are picked out one by one; each costs as much as looking at a dozen, and more in a long number.
    if bits.bit_count() * (12 + bits.bit_length() // 1300) >= bits.bit_length():
        return list(compress(count(), flags(bits, 1)))
    docs = []
    while bits:
        lowest = bits & -bits
        docs.append(lowest.bit_length() - 1)
        bits ^= lowest
    return docs


def years_of(days: Iterable[int], size: int) -> dict[int, int]:
    """Return the years of days `YYYYMMDD`, one for each article, with the articles of each; 0 is no day."""
    by_year: dict[int, list[int]] = {}
    for doc, day in enumerate(days):
        if day:
            by_year.setdefault(day // 10000, []).append(doc)
    return {year: bits_of(docs, size) for year, docs in by_year.items()}
