"""Add, compare and rank one small number for every article at once: bit by bit, each bit of all of them in one integer.

The n-th *plane* of a list holds the n-th bit of every article's number. What costs one step of the interpreter an
article otherwise costs a few operations on long integers here. O'Neil, Quass: Improved Query Performance with Variant
Indexes, 1997.
"""

from __future__ import annotations

from functools import reduce
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Planes = list[int]

_DIGITS = [bytes(b"01"[byte >> place & 1] for byte in range(256)) for place in range(8)]


def planes_of(numbers: bytearray) -> Planes:
    """Return the planes of numbers below 256, one for each article."""
    numbers = numbers[::-1]
    return [int(numbers.translate(digits), 2) for digits in _DIGITS]


def plus(one: Planes, other: Planes) -> Planes:
    """Return the sums."""
    total, carry = [], 0
    for left, right in zip_longest(one, other, fillvalue=0):
        either = left ^ right
        total.append(either ^ carry)
        carry = left & right | either & carry
    return [*total, carry] if carry else total


def times(planes: Planes, factor: int) -> Planes:
    """Return the numbers multiplied by a number that is not below 0."""
    places = (place for place in range(factor.bit_length()) if factor >> place & 1)
    return reduce(plus, ([0] * place + planes for place in places), [])


def _where_larger(one: Planes, other: Planes) -> int:
    larger, equal = 0, -1
    for left, right in reversed(list(zip_longest(one, other, fillvalue=0))):
        larger |= equal & left & ~right
        equal &= ~(left ^ right)
    return larger


def smaller_of(one: Planes, other: Planes) -> Planes:
    """Return the smaller of each two numbers."""
    larger = _where_larger(one, other)
    return [left & ~larger | right & larger for left, right in zip_longest(one, other, fillvalue=0)]


def larger_of(one: Planes, other: Planes) -> Planes:
    """Return the larger of each two numbers."""
    larger = _where_larger(one, other)
    return [left & larger | right & ~larger for left, right in zip_longest(one, other, fillvalue=0)]


def total_of(lists: Iterable[Planes]) -> Planes:
    """Return the sums of several lists."""
    return reduce(plus, lists, [])


def highest(planes: Planes, among: int, number: int) -> int:
    """Return the largest number that at least so many of the articles reach; 0 where there are not as many."""
    found = 0
    for place, plane in reversed(list(enumerate(planes))):
        with_bit = among & plane
        count = with_bit.bit_count()
        if count >= number:
            found |= 1 << place
            among = with_bit
        else:
            number -= count
            among &= ~plane
    return found


def at_least(planes: Planes, among: int, least: int) -> int:
    """Return those of the articles whose number is at least so large."""
    if least >> len(planes):
        return 0
    larger = 0
    for place, plane in reversed(list(enumerate(planes))):
        if least >> place & 1:
            among &= plane
        else:
            larger |= among & plane
            among &= ~plane
    return larger | among
