"""Choose the element that holds the article, given how likely each block is to be part of it."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.blocks import Outline

FIRST_GUESS: Final = 0.2
"""Probability from which blocks are taken for kept when the F1 that a page allows is estimated."""

OF_THE_BEST: Final = 0.6
"""Share of the page's highest probability from which they are, where that is lower: on pages of little text."""

OF_EXPECTED_F1: Final = 0.3
"""Share of the expected F1 from which a block is kept.

Half would be best if blocks were right or wrong independently of each other (Lipton, Elkan, Naryanaswamy: Optimal
Thresholding of Classifiers to Maximize F1 Measure, 2014); they err together. Cross-validated on the development split,
.2 to .35 lie within .001 of each other, .5 is .004 below.
"""

LEAST: Final = 0.05
MOST: Final = 0.4
"""Bounds of the probability from which a block is kept."""


class Choice(NamedTuple):
    """An element, the word F1 that is expected of its kept blocks, and the probability from which they are kept."""

    element: int
    expected_f1: float
    keep_from: float


def choose(page: Outline, probabilities: Sequence[float]) -> Choice:
    """Return the element with the highest expected F1; of equal ones the deepest.

    A page of which little is sure allows a low F1 only, and there it pays to keep blocks of lower probabilities.
    """
    spans = {span: element for element, span in enumerate(zip(page.first, page.last, strict=True)) if span[0] < span[1]}
    guess = min(FIRST_GUESS, max(LEAST, OF_THE_BEST * max(probabilities, default=0.0)))
    reached = _best(page, probabilities, guess, spans).expected_f1
    return _best(page, probabilities, min(MOST, max(LEAST, OF_EXPECTED_F1 * reached)), spans)


def _best(page: Outline, probabilities: Sequence[float], least: float, spans: dict[tuple[int, int], int]) -> Choice:
    likely = [words * probability for words, probability in zip(page.words, probabilities, strict=True)]
    kept = [probability >= least for probability in probabilities]
    hits = [0.0, *accumulate(value if keep else 0.0 for value, keep in zip(likely, kept, strict=True))]
    sizes = [0.0, *accumulate(words if keep else 0.0 for words, keep in zip(page.words, kept, strict=True))]
    gold = sum(likely)
    element, best = 0, 0.0
    for (first, last), candidate in spans.items():
        size = sizes[last] - sizes[first]
        if size:
            expected = 2 * (hits[last] - hits[first]) / (size + gold)
            if expected > best or (expected == best > 0 and candidate > element):
                element, best = candidate, expected
    return Choice(element, best, least)


def smallest_with(page: Outline, marks: Sequence[float], share: float = 0.97) -> int:
    """Return the deepest element that holds a share of the marked words."""
    held = [0.0, *accumulate(w * m for w, m in zip(page.words, marks, strict=True))]
    least = share * held[-1]
    best = 0
    for element, (first, last) in enumerate(zip(page.first, page.last, strict=True)):
        if held[last] - held[first] >= least and last - first <= page.last[best] - page.first[best]:
            best = element
    return best
