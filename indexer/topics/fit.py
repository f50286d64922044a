"""Fit the topics of a blog: from nothing, or again from those that are known, which then keep their ids and labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.store.derived.topic_rows import Area, Model, Topic
from indexer.topics import choose, labels, nmf
from indexer.topics.areas import Nearest, fit_areas, name_areas, nearest, with_members
from indexer.topics.category_seeds import leading, seed_terms, seeds
from indexer.topics.inference import LEAST_STRENGTH, shares_of
from indexer.topics.phrases import find_phrases
from indexer.topics.terms import is_label_term, vectors, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from indexer.store.derived.topic_rows import Vocabulary
    from indexer.topics.terms import Reading

_ITERATIONS = 3
"""Iterations over all posts; chosen: the start was improved on a sample before."""
_SAME = 0.3
"""Cosine from which on a topic is the one that was known; chosen, not measured."""
_LOOSE = 0.99
"""How strong a topic is at most in a post that fits none well, as a share of what a topic needs there."""
_FEWEST_MEMBERS = 2
"""Posts that a topic needs; one is no group."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Topics fitted to all posts; `weights` go by article id, then topic id; `areas` by their ids."""

    model: Model
    found: Mapping[int, Topic]
    weights: Mapping[int, Mapping[int, float]]
    areas: Mapping[int, Area]
    next_id: int


def fit_topics(
    readings: Sequence[Reading],
    before: Model | None = None,
    known: Mapping[int, Topic] | None = None,
    next_id: int = 1,
    taken: Iterable[str] = (),
    areas: Mapping[int, Area] | None = None,
) -> Fit:
    """Fit topics to the posts. Known ones that are still there keep id and label; new labels are none of `taken`.

    The known `areas` keep theirs, too, and their topics.
    """
    known = known or {}
    words = vocabulary(readings, seed_terms(readings))
    posts = vectors(words, readings)
    number = choose.number_of_topics(readings)
    ids, start = _start(posts, words, number, before)
    fitted = nmf.fit(posts, start, _ITERATIONS)
    ids = [*ids, *range(next_id, next_id + len(start) - len(ids))]
    counts = _members(fitted)
    alive = [n for n in range(len(start)) if fitted.h[n] and counts[n] >= _FEWEST_MEMBERS]
    factors = {ids[n]: fitted.h[n] for n in alive}
    weights = [{ids[n]: value for n, value in found.items() if ids[n] in factors} for found in fitted.w]
    kept = {i: known[i] for i in factors if i in known and _is_same(i, factors, words, before)}
    groups = [
        labels.Group(i, labels.factor_by_term(factor, words.terms), _shares(i, weights))
        for i, factor in factors.items()
    ]
    namer = labels.Namer(readings, find_phrases(readings))
    names = labels.name_topics(groups, namer, kept.values(), taken)
    found = {i: kept.get(i) or Topic(i, name.label, name.source, name.terms) for i, name in names.items()}
    model = Model(words, factors, {reading.id: reading.digest for reading in readings})
    next_id = max([next_id, *(i + 1 for i in ids)])
    made = fit_areas(posts, weights, areas or {}, next_id)
    near = nearest(posts, [area.middle for area in made])
    made = with_members(made, readings, near)
    named = name_areas(made, readings, words, namer, [*taken, *(topic.label for topic in found.values())], areas)
    return Fit(
        model,
        dict(sorted(found.items())),
        _by_article(readings, [_loosely(*pair, made, model) for pair in zip(posts, weights, near, strict=True)]),
        {area.named.id: area for area in named},
        max([next_id, *(area.named.id + 1 for area in named)]),
    )


@dataclass(frozen=True, slots=True)
class Placement:
    """Where posts belong, by article id: strength of each topic, and how near the nearest area is, by its id."""

    weights: Mapping[int, Mapping[int, float]]
    areas: Mapping[int, tuple[int, float]]


def transform(readings: Sequence[Reading], model: Model, areas: Sequence[Area] = ()) -> Placement:
    """Return how strongly posts have the topics of the model, and which area they are nearest to; both stay as is."""
    ids = list(model.factors)
    posts = vectors(model.vocabulary, readings)
    found = nmf.transform(posts, [dict(factor) for factor in model.factors.values()])
    weights = [{ids[n]: value for n, value in of_post.items()} for of_post in found]
    near = nearest(posts, [area.middle for area in areas])
    placed = {
        reading.id: (areas[one.area].named.id, one.cosine) for reading, one in zip(readings, near, strict=True) if one
    }
    loose = [_loosely(*pair, areas, model) for pair in zip(posts, weights, near, strict=True)]
    return Placement(_by_article(readings, loose), placed)


def _by_article(readings: Sequence[Reading], weights: Sequence[Mapping[int, float]]) -> dict[int, Mapping[int, float]]:
    return {reading.id: of_post for reading, of_post in zip(readings, weights, strict=True)}


def _loosely(
    post: nmf.Vector, weights: Mapping[int, float], near: Nearest | None, areas: Sequence[Area], model: Model
) -> Mapping[int, float]:
    """Return for a post that fits no topic well the topic of its area that it fits best; else the weights."""
    if near is None or shares_of(weights):
        return weights
    fits = {
        topic: sum(weight * model.factors[topic].get(term, 0.0) for term, weight in post)
        for topic in areas[near.area].topics
        if topic in model.factors
    }
    best = max(fits, key=lambda topic: (fits[topic], -topic), default=None)
    if best is None or fits[best] <= 0:
        return weights
    return {best: min(fits[best], _LOOSE * LEAST_STRENGTH)}


def _start(
    posts: Sequence[nmf.Vector], words: Vocabulary, number: int, before: Model | None
) -> tuple[list[int], list[nmf.HRow]]:
    """Return the topics to start from, those known first, with the ids of those."""
    around = [term for term in words.terms if is_label_term(term)]
    if before is None:
        return [], seeds(around, posts, words) or choose.start(posts, number)
    numbers = words.numbers()
    old = before.vocabulary.terms
    factors = [
        dict(nmf.unit(((numbers[old[t]], w) for t, w in factor.items() if old[t] in numbers), nmf.TERMS_OF_A_TOPIC))
        for factor in before.factors.values()
    ]
    led = {leading(factor, words) for factor in factors}
    factors += seeds([term for term in around if term not in led], posts, words)
    more = number - len(factors)
    if more > 0 and not around:
        strangers = [
            post
            for post, found in zip(posts, nmf.transform(posts, factors), strict=True)
            if not shares_of(found) or sum(value * value for value in found.values()) < _SAME**2
        ]
        if len(strangers) >= choose.FEWEST_POSTS:
            factors += choose.start(strangers, min(more, max(1, len(strangers) // choose.FEWEST_POSTS)))
    return list(before.factors), factors


def _members(fitted: nmf.Factorisation) -> list[int]:
    counts = [0] * len(fitted.h)
    for weights in fitted.w:
        for number in shares_of(weights):
            counts[number] += 1
    return counts


def _shares(topic_id: int, weights: Sequence[Mapping[int, float]]) -> dict[int, float]:
    shares = ((index, shares_of(found)) for index, found in enumerate(weights) if topic_id in found)
    return {index: share[topic_id] for index, share in shares if topic_id in share}


def _is_same(
    topic_id: int, factors: Mapping[int, Mapping[int, float]], words: Vocabulary, before: Model | None
) -> bool:
    """Tell whether a refitted topic is still about what it was about."""
    if before is None or topic_id not in before.factors:
        return False
    old = {before.vocabulary.terms[term]: weight for term, weight in before.factors[topic_id].items()}
    return sum(weight * old.get(words.terms[term], 0.0) for term, weight in factors[topic_id].items()) >= _SAME
