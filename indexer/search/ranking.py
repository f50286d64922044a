"""Weigh terms by BM25F, and tell which terms of the best articles tell most.

Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009. Engines have their own BM25; what it takes for the
frequency of a term is weighed here.
"""

from __future__ import annotations

import heapq
from collections import Counter
from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indexer.search.engine import Frequencies, Indexed, TextField

FIELD_WEIGHTS: Mapping[TextField, float] = {"title": 2.0, "headings": 1.2, "body": 1.0, "editorial": 0.2}
"""How much an occurrence counts; `template` counts nothing."""

K1 = 1.2
B = 0.7
"""Weights, K1 and B: the middle of a plateau of the mean nDCG@10 of cisi and cacm (title 1.5-2.5, K1 1.0-1.4, B
.6-.75)."""

FEEDBACK_ARTICLES = 7
_FEEDBACK_TERMS = 30
_FEEDBACK_WEIGHT = 0.35
_FEEDBACK_LEAST = 2
"""7 articles, 30 terms in two of them at least, 0.35: +.01 to .02 nDCG@10 and MAP on both collections; as good with
6 to 8 articles, 30 to 60 terms, 0.3 to 0.4."""
_FEEDBACK_RARITY = 0.7
"""Power of the idf in feedback: with 1 the rarest words of the best posts lead away from the question; .7 gives nDCG@10
.4220 for .4200 on cisi, as much on cacm and Cranfield."""


def weighted_length(fields: Mapping[TextField, Sequence[str]]) -> float:
    """Return the length of an article in words, each counted by the weight of its field."""
    return sum(weight * len(fields.get(name, ())) for name, weight in FIELD_WEIGHTS.items())


def weighted_frequencies(article: Indexed) -> dict[str, float]:
    """Return how often an article has each term, an occurrence weighing as much as its field."""
    # The body's weight is 1: counting it first leaves little to add up.
    frequencies: dict[str, float] = Counter(article.fields.get("body", ()))  # type: ignore[assignment]
    for name, weight in FIELD_WEIGHTS.items():
        if name != "body":
            for term in article.fields.get(name, ()):
                frequencies[term] = frequencies.get(term, 0.0) + weight
    return frequencies


def idf(articles: int, with_term: int) -> float:
    """Return the inverse document frequency, always above 0."""
    return log(1 + (articles - with_term + 0.5) / (with_term + 0.5))


def feedback(found: Sequence[tuple[Indexed, float]], known: Frequencies) -> dict[str, float]:
    """Return terms that the best articles of a query have in common, with weights beside the query's own, which have 1.

    `found` are articles with their scores; `known` tells how common their terms are. After Rocchio (1971), with the
    saturated frequency of BM25 for the weight of a term in an article.
    """
    total = sum(score for _, score in found) or 1.0
    worth: dict[str, float] = {}
    seen: Counter[str] = Counter()
    for article, score in found:
        length = weighted_length(article.fields)
        norm = K1 * (1 - B + B * length / (known.mean_length or 1.0))
        for term, frequency in weighted_frequencies(article).items():
            if known.documents.get(term):
                rarity = idf(known.articles, known.documents[term]) ** _FEEDBACK_RARITY
                worth[term] = worth.get(term, 0.0) + score / total * rarity * frequency / (frequency + norm)
                seen[term] += 1
    common = [term for term in worth if seen[term] >= _FEEDBACK_LEAST]
    best = heapq.nsmallest(_FEEDBACK_TERMS, common, key=lambda term: (-worth[term], term))
    return {term: _FEEDBACK_WEIGHT * worth[term] / worth[best[0]] for term in best}


def day_number(published: str | None) -> int:
    """Return a day `YYYY-MM-DD` as the number `YYYYMMDD`, 0 for none."""
    return int(published.replace("-", "")) if published else 0
