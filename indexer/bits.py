"""Hold sets of articles as bits of one number: what is in both, in either, and how many, costs next to nothing."""

from __future__ import annotations

from itertools import compress, count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_AS_FLAGS = bytes.maketrans(b"01", b"\x00\x01")
# Where fewer than one of so many are set, they are picked out one by one.
_SELDOM = 200


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
    if bits.bit_count() * _SELDOM >= bits.bit_length():
        return list(compress(count(), flags(bits, 1)))
    docs = []
    while bits:
        lowest = bits & -bits
        docs.append(lowest.bit_length() - 1)
        bits ^= lowest
    return docs
