"""Factorise a sparse matrix of posts and terms into topics: non-negative, seeded from terms, deterministic.

Plain Python on purpose. Posts keep their strongest terms, topics theirs, and a post few topics, so an iteration touches
some non-zero entries rather than posts x topics: 1,770 posts and 42 topics take under two CPU seconds, which a
dependency on numpy (16 MB to fetch, 73 MB installed) would not shorten enough to earn its place.

Lee, Seung: Learning the parts of objects by non-negative matrix factorization, Nature 1999; the updates are coordinate
descent as in Cichocki, Phan: Fast local algorithms for large scale nonnegative matrix and tensor factorizations, 2009.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Vector = list[tuple[int, float]]
"""A sparse vector of unit length: (term, weight), one entry a term."""
HRow = dict[int, float]
"""A topic: weight of each of its terms, of unit length."""

TOPICS_OF_A_POST = 4
TERMS_OF_A_TOPIC = 150
"""Topics of a post and terms of a topic that are kept; chosen: a post is about few things, and weights behind these are
small."""
ITERATIONS = 8
"""Iterations at most; it ends before where it has converged."""
_SEED_TERMS = 60
_SEED_CANDIDATES = 250
_LEAST_GAIN = 1e-4
"""Terms of a post and terms that seeds are chosen among, and the gain, in squared length, below which a post has no
further topic. Chosen: bounds of time, and of what is noise."""
# Between 1 (a topic for whatever is a little alike in many posts) and 2 (for what is much alike in few): measured on
# three blogs with human labels, 1.25 and 1.5 agree best with them.
_SEED_POWER = 1.4
_CONVERGED = 2e-4


@dataclass(frozen=True, slots=True)
class Factorisation:
    """The factors of the matrix of posts by terms: `h` has a row for each topic, its terms with their weights.

    `w` has a row for each post, {topic: strength}, strongest first.
    """

    h: list[HRow]
    w: list[dict[int, float]]


def unit(pairs: Iterable[tuple[int, float]], keep: int) -> Vector:
    """Return the `keep` strongest positive entries, strongest first, at unit length."""
    negated = [(-weight, term) for term, weight in pairs if weight > 0]
    if len(negated) > 2 * keep:
        last = sorted(weight for weight, _ in negated)[keep - 1]
        negated = [pair for pair in negated if pair[0] <= last]
    best = sorted(negated)[:keep]
    length = math.sqrt(sum(weight * weight for weight, _ in best)) or 1.0
    return [(term, -weight / length) for weight, term in best]


def seed(posts: Sequence[Vector], number: int, breadth: tuple[float, float]) -> list[HRow]:
    """Return up to `number` topics to start from: each the mean of the posts around one term.

    The terms are chosen greedily, so that every one explains as much as possible of what those before it do not: the
    topics for a smaller number are the first of these. `breadth` is the least and the greatest share of posts that
    such a term stands in.
    """
    posts = [post[:_SEED_TERMS] for post in posts]
    columns = _columns(posts)
    least, most = max(2.0, breadth[0] * len(posts)), breadth[1] * len(posts)
    energy = {
        term: sum(weight * weight for _, weight in column)
        for term, column in columns.items()
        if least <= len(column) <= most
    }
    candidates = sorted(energy, key=lambda term: (-energy[term], term))[:_SEED_CANDIDATES]
    means = [_mean_around(columns[term], posts) for term in candidates]
    scores = [_likeness(mean, columns, len(posts)) for mean in means]
    return [dict(means[i]) for i in _cover(scores, len(posts), number)]


def _columns(posts: Sequence[Vector]) -> dict[int, list[tuple[int, float]]]:
    columns: dict[int, list[tuple[int, float]]] = {}
    for index, post in enumerate(posts):
        for term, weight in post:
            columns.setdefault(term, []).append((index, weight))
    return columns


def _mean_around(column: list[tuple[int, float]], posts: Sequence[Vector]) -> Vector:
    total: dict[int, float] = {}
    for index, weight in column:
        for term, other in posts[index]:
            total[term] = total.get(term, 0.0) + weight * other
    return unit(total.items(), _SEED_TERMS)


def _likeness(mean: Vector, columns: dict[int, list[tuple[int, float]]], size: int) -> list[float]:
    cosines = [0.0] * size
    for term, weight in mean:
        for index, other in columns[term]:
            cosines[index] += weight * other
    return [cosine**_SEED_POWER for cosine in cosines]


def _cover(scores: Sequence[Sequence[float]], size: int, number: int) -> list[int]:
    """Choose rows greedily so that the sum over columns of the best chosen score is high (facility location)."""
    best = [0.0] * size
    chosen: list[int] = []
    bounds = [math.inf] * len(scores)
    for _ in range(min(number, len(scores))):
        gain, row = 0.0, -1
        # A gain can only shrink as more is chosen, so a row whose old gain is no better needs no new look.
        for i in sorted(range(len(scores)), key=lambda i: (-bounds[i], i)):
            if bounds[i] <= gain:
                break
            bounds[i] = sum(new - old for new, old in zip(scores[i], best, strict=True) if new > old)
            if bounds[i] > gain:
                gain, row = bounds[i], i
        if row < 0:
            break
        chosen.append(row)
        best = [max(pair) for pair in zip(best, scores[row], strict=True)]
        bounds[row] = -1.0
    return chosen


def fit(posts: Sequence[Vector], start: Sequence[HRow], iterations: int = ITERATIONS) -> Factorisation:
    """Improve the topics of `start` on these posts. The number and order of topics stay; one may come out empty."""
    topics = [dict(topic) for topic in start]
    before = math.inf
    weights: list[dict[int, float]] = []
    for _ in range(iterations):
        weights, error = _solve_w(posts, topics)
        if error > before * (1 - _CONVERGED):
            break
        before = error
        topics = _solve_h(posts, weights, topics)
    weights, _ = _solve_w(posts, topics)
    return Factorisation(topics, weights)


def transform(posts: Sequence[Vector], topics: Sequence[HRow]) -> list[dict[int, float]]:
    """Return for each post how strongly it has each of the topics, which stay as they are."""
    return _solve_w(posts, topics)[0]


def _solve_w(posts: Sequence[Vector], topics: Sequence[HRow]) -> tuple[list[dict[int, float]], float]:
    """Solve for each post the non-negative least squares with few non-zeros; return them with the squared error."""
    postings: dict[int, list[tuple[int, float]]] = {}
    for number, topic in enumerate(topics):
        for term, weight in topic.items():
            postings.setdefault(term, []).append((number, weight))
    gram = _gram(postings, len(topics))
    found, error = [], 0.0
    for post in posts:
        target = [0.0] * len(topics)
        for term, weight in post:
            if term in postings:
                for number, other in postings[term]:
                    target[number] += weight * other
        weights, explained = _solve(target, gram)
        found.append(weights)
        error += 1.0 - explained
    return found, error


def _gram(postings: dict[int, list[tuple[int, float]]], size: int) -> list[list[float]]:
    gram = [[0.0] * size for _ in range(size)]
    for pairs in postings.values():
        for number, weight in pairs:
            row = gram[number]
            for other, factor in pairs:
                row[other] += weight * factor
    return gram


def _solve(target: list[float], gram: list[list[float]]) -> tuple[dict[int, float], float]:
    """Pursue the target greedily over topics of unit length; return the weights and the share explained, 0-1."""
    rest = target[:]
    weights: dict[int, float] = {}
    for _ in range(TOPICS_OF_A_POST + 2):
        allowed: Iterable[int] = range(len(rest)) if len(weights) < TOPICS_OF_A_POST else weights
        best = max(allowed, key=rest.__getitem__, default=-1)
        if best < 0 or rest[best] ** 2 < _LEAST_GAIN:
            break
        _move(best, rest[best], weights, rest, gram)
        for number in list(weights):
            if rest[number] < 0:
                _move(number, max(rest[number], -weights[number]), weights, rest, gram)
    explained = sum(value * (target[number] + rest[number]) for number, value in weights.items())
    return dict(sorted(weights.items(), key=lambda item: (-item[1], item[0]))), explained


def _move(number: int, step: float, weights: dict[int, float], rest: list[float], gram: list[list[float]]) -> None:
    weights[number] = weights.get(number, 0.0) + step
    if weights[number] < 1e-9:
        del weights[number]
    rest[:] = [left - step * shared for left, shared in zip(rest, gram[number], strict=True)]


def _solve_h(posts: Sequence[Vector], weights: Sequence[dict[int, float]], topics: Sequence[HRow]) -> list[HRow]:
    sums: list[dict[int, float]] = [{} for _ in topics]
    shared: list[dict[int, float]] = [{} for _ in topics]
    for post, of_post in zip(posts, weights, strict=True):
        for number, strength in of_post.items():
            total = sums[number]
            for term, weight in post:
                total[term] = total.get(term, 0.0) + strength * weight
            for other, factor in of_post.items():
                shared[number][other] = shared[number].get(other, 0.0) + strength * factor
    made = list(topics)
    for number, total in enumerate(sums):
        for other, product in shared[number].items():
            if other != number:
                for term, weight in made[other].items():
                    if term in total:
                        total[term] -= product * weight
        made[number] = dict(unit(total.items(), TERMS_OF_A_TOPIC))
    return made
