"""Choose how many topics a blog has, and where to start looking for them."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from indexer.topics import nmf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.topics.terms import Reading

FEWEST_POSTS = 8
"""Below this a blog has no groups that could be told from chance."""
MOST_TOPICS = 64
_PER_ROOT = 1.15
_USUAL = 6
"""Topics at most, topics for each root of the number of posts, and topics where there is text enough; chosen: a list
that can be read, of groups that can be looked through."""
# A topic needs so much text to be told from its neighbours. Measured on three blogs with human labels (5, 20 and 33 of
# them, 115,000 to 1.1 million words): half or twice as much costs .03 to .1 of NMI on one of them.
_WORDS_PER_TOPIC = 20_000
_LEAST_IN_CATEGORY = 3
_BREADTH = (0.015, 0.5)
_SAMPLE = 800
_ITERATIONS = 4
_ALIKE = 0.4


def number_of_topics(readings: Sequence[Reading]) -> int:
    """Return how many topics to look for: what the text can bear, or as many as the blog has categories.

    Never more than about the root of the number of posts: a list that can be read, of groups that can be looked
    through. 0 where there are too few posts.
    """
    size = len(readings)
    if size < FEWEST_POSTS:
        return 0
    most = min(MOST_TOPICS, round(_PER_ROOT * math.sqrt(size)))
    words = sum(len(reading.tokens) for reading in readings)
    posts_in = Counter(category for reading in readings for category in set(reading.categories))
    categories = sum(number >= _LEAST_IN_CATEGORY for number in posts_in.values())
    return min(most, max(_USUAL, words // _WORDS_PER_TOPIC, categories))


def start(posts: Sequence[nmf.Vector], number: int) -> list[nmf.HRow]:
    """Return topics to start from; for a big blog found and improved on an even sample."""
    step = max(1, -(-len(posts) // _SAMPLE))
    some = posts[::step]
    fitted = nmf.fit(some, nmf.seed(some, number, _BREADTH), _ITERATIONS)
    return _apart(fitted)


def _apart(fitted: nmf.Factorisation) -> list[nmf.HRow]:
    """Leave out empty topics, and of two that share their main words the weaker."""
    totals = [0.0] * len(fitted.h)
    for weights in fitted.w:
        for number, weight in weights.items():
            totals[number] += weight
    kept: list[int] = []
    for number in sorted(range(len(totals)), key=lambda number: (-totals[number], number)):
        topic = fitted.h[number]
        if topic and all(_cosine(topic, fitted.h[other]) < _ALIKE for other in kept):
            kept.append(number)
    return [fitted.h[number] for number in sorted(kept)]


def _cosine(one: nmf.HRow, other: nmf.HRow) -> float:
    return sum(weight * other[term] for term, weight in one.items() if term in other)
