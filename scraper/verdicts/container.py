"""Choose the element that holds the article, given how likely each block is to be part of it."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.blocks import Outline

KEEP_FROM: Final = 0.4
"""Probability from which a block inside the container is kept."""


OF_THE_BEST: Final = 0.6
"""Share of the page's highest probability from which a block is kept where that is lower: on pages of little text."""


def keep_from(chances: Sequence[float]) -> float:
    """Return the probability from which a page's blocks are kept."""
    return min(KEEP_FROM, max(0.05, OF_THE_BEST * max(chances, default=0.0)))


class Choice(NamedTuple):
    """An element, and the word F1 that is expected of its kept blocks."""

    element: int
    expected_f1: float


def choose(page: Outline, chances: Sequence[float]) -> Choice:
    """Return the element with the highest expected F1; of equal ones the deepest."""
    words = page.words
    likely = [w * c for w, c in zip(words, chances, strict=True)]
    least = keep_from(chances)
    kept = [c >= least for c in chances]
    hits = [0.0, *accumulate(v if k else 0.0 for v, k in zip(likely, kept, strict=True))]
    sizes = [0.0, *accumulate(w if k else 0.0 for w, k in zip(words, kept, strict=True))]
    gold = sum(likely)
    best = Choice(0, 0.0)
    for element, (first, last) in enumerate(zip(page.first, page.last, strict=True)):
        size = sizes[last] - sizes[first]
        expected = 2 * (hits[last] - hits[first]) / (size + gold) if size else 0.0
        if expected >= best.expected_f1 and expected > 0:
            best = Choice(element, expected)
    return best


def smallest_with(page: Outline, marks: Sequence[float], share: float = 0.97) -> int:
    """Return the deepest element that holds a share of the marked words."""
    held = [0.0, *accumulate(w * m for w, m in zip(page.words, marks, strict=True))]
    least = share * held[-1]
    best = 0
    for element, (first, last) in enumerate(zip(page.first, page.last, strict=True)):
        if held[last] - held[first] >= least and last - first <= page.last[best] - page.first[best]:
            best = element
    return best
