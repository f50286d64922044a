"""Choose the categories and tags that topics of a small blog are built around.

A few dozen posts hold too little text for groups to be told from chance, but their editors have grouped them already.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from indexer.analysis import fold_label
from indexer.topics import nmf
from indexer.topics.terms import is_label_term, label_term

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from indexer.store.derived.topic_rows import Vocabulary
    from indexer.topics.terms import Reading

SAYS_NOTHING = frozenset({"uncategorized", "uncategorised", "blog", "news", "general", "other", "posts", "articles"})
_FEWEST_POSTS, _MOST_POSTS = 8, 100
"""Posts of a blog whose topics are built around categories; chosen: with fewer there are no topics, with more the text
tells groups itself."""
_LEAST_COVERED = 0.6
_MOST_OF_BLOG, _MOST_OF_BLOG_TAG = 0.6, 0.3
_LEAST_CATEGORY, _LEAST_TAG = 2, 3
"""Share of the posts that categories hold; share that one category or tag has at most; posts that it has at least.
Chosen, not measured: a category of most posts tells nothing, one of a single post is none."""
_PER_ROOT = 1.6
"""Seeds for each root of the number of posts; chosen: more than topics will be, as some are given up."""
_ALIKE = 0.5
"""Share of posts in common from which on two labels say the same; chosen, not measured."""
# Beside a text of length 1: a category says as much of a post as all of its words.
_CATEGORY_WEIGHT, _TAG_WEIGHT = 1.0, 0.7
_SEED_TERMS = 60


def seed_terms(readings: Sequence[Reading]) -> dict[str, float]:
    """Return the label terms that topics are built around, with the weight of each; none on all but small blogs.

    None either where categories hold few of the posts. Categories come first, then tags that say something else.
    """
    size = len(readings)
    if not _FEWEST_POSTS <= size <= _MOST_POSTS:
        return {}
    posts = _carriers((*reading.categories, *reading.tags) for reading in readings)
    in_category = _carriers(reading.categories for reading in readings)
    categories = [
        term
        for term in _by_size(in_category)
        if len(in_category[term]) >= _LEAST_CATEGORY and len(posts[term]) < _MOST_OF_BLOG * size
    ]
    covered = {post for term in categories for post in in_category[term]}
    if len(covered) < _LEAST_COVERED * size or len(categories) < 2:
        return {}
    most = round(_PER_ROOT * math.sqrt(size))
    chosen = dict.fromkeys(categories[:most], _CATEGORY_WEIGHT)
    for term in _by_size(posts):
        fits = _LEAST_TAG <= len(posts[term]) <= _MOST_OF_BLOG_TAG * size
        if fits and len(chosen) < most and not any(_says_the_same(term, other, posts) for other in chosen):
            chosen[term] = _TAG_WEIGHT
    return chosen


def _carriers(labels: Iterable[Iterable[str]]) -> dict[str, set[int]]:
    posts: dict[str, set[int]] = {}
    for index, of_post in enumerate(labels):
        for label in of_post:
            if fold_label(label) and fold_label(label) not in SAYS_NOTHING:
                posts.setdefault(label_term(label), set()).add(index)
    return posts


def _by_size(posts: Mapping[str, set[int]]) -> list[str]:
    return sorted(posts, key=lambda term: (-len(posts[term]), term))


def _says_the_same(one: str, other: str, posts: Mapping[str, set[int]]) -> bool:
    """Tell whether one label's words are among the other's, or whether they hold much the same posts."""
    words, others = set(one[1:].split()), set(other[1:].split())
    shared, together = posts[one] & posts[other], posts[one] | posts[other]
    return words <= others or others <= words or len(shared) >= _ALIKE * len(together)


def seeds(terms: Iterable[str], posts: Sequence[nmf.Vector], words: Vocabulary) -> list[nmf.HRow]:
    """Return for each label term a topic to start from: the mean of the posts that carry it."""
    labels = {number for number, term in enumerate(words.terms) if is_label_term(term)}
    numbers = words.numbers()
    found = []
    for term in terms:
        own = numbers[term]
        total: dict[int, float] = {}
        for post in posts:
            if any(number == own for number, _ in post):
                for number, weight in post:
                    if number == own or number not in labels:
                        total[number] = total.get(number, 0.0) + weight
        found.append(dict(nmf.unit(total.items(), _SEED_TERMS)))
    return found


def leading(factor: Mapping[int, float], words: Vocabulary) -> str | None:
    """Return the label term that leads a topic, if one does."""
    strongest = max(factor, key=lambda number: (factor[number], -number), default=-1)
    return words.terms[strongest] if strongest >= 0 and is_label_term(words.terms[strongest]) else None
