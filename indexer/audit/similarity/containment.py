"""Tell how much of a paragraph stands in another in the same order, in runs of words: *ordered containment*."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise

from scraper.text.words import masked_words, sentences

CONTAINED = 0.45
CONTAINED_SHORT = 0.7
SHORT_WORDS = 12
OWN_MATCHED = 0.4
CONTAINED_MOSTLY = 0.7
OWN_LEAST = 0.2
_CLEAR = 0.55
"""Shares of the medoid, of the other text and of both, in words, from which on one text contains another; a short one
needs more, as its words meet by chance. Set on the planted sites 1-5 of `benchmarks/audit.py`."""


def matched(medoid: list[str], words: list[str]) -> int:
    """Return how many words of the medoid stand in the other text in the same order, in runs of two and more."""
    blocks = SequenceMatcher(None, medoid, words, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size > 1)


def containment(medoid: list[str], words: list[str]) -> float:
    """Return how much of the medoid a text has, 0-1; 0 where that is too little of both to call it a copy."""
    if not medoid or not words:
        return 0.0
    same = matched(medoid, words)
    share = same / len(medoid)
    least = CONTAINED if min(len(medoid), len(words)) >= SHORT_WORDS else CONTAINED_SHORT
    own = same / len(words)
    if share < least or own < OWN_LEAST or (own < OWN_MATCHED and share < CONTAINED_MOSTLY):
        return 0.0
    return share


def is_clear(share: float, medoid: list[str], words: list[str]) -> bool:
    """Tell whether a medoid stands so fully in a text, and fills so much of it, that no look at sentences is needed."""
    return share >= _CLEAR and share * len(medoid) >= OWN_MATCHED * len(words)


def only_a_sentence(medoid: str, text: str) -> bool:
    """Tell whether two paragraphs share one sentence and differ in the rest: then they are no copies.

    That is: one sentence of the text stands in the medoid, two or more don't, and the medoid has one of its own too.
    """
    parts, medoid_parts = sentences(text), sentences(medoid)
    if len(parts) < 3 or len(medoid_parts) < 2:
        return False
    return _foreign(parts, medoid) == len(parts) - 1 and _foreign(medoid_parts, text) > 0


def _foreign(parts: list[str], text: str) -> int:
    """Count the sentences of which less than half of the 2-grams stand in a text."""
    words = masked_words(text)
    known = set(pairwise(words))
    count = 0
    for part in parts:
        own = masked_words(part)
        grams = list(pairwise(own))
        count += 2 * sum(gram in known for gram in grams) < len(grams) or not grams
    return count


def least_shared(size: int) -> float:
    """Return how many 2-grams a text shares at least with a medoid of this many that it may contain."""
    return max(2, 0.2 * size)
