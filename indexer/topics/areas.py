"""Group topics into areas: a handful of kin topics each, and the posts that are nearest to each area.

Areas are made of the topics by agglomerative clustering; the loss of a merge is what it costs spherical k-means
(Dhillon, Modha: Concept decompositions for large sparse text data using clustering, 2001). The posts decide how many
there are: the two halves of the blog have to group their topics alike. Posts then go to the nearest area, and the
areas move to the middle of their posts, as in k-means.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from indexer.store.derived.topic_rows import Area, Topic
from indexer.topics import nmf
from indexer.topics.inference import shares_of
from indexer.topics.labels import Group, factor_by_term, name_topics

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from indexer.store.derived.topic_rows import Vocabulary
    from indexer.topics.labels import Namer
    from indexer.topics.terms import Reading

    Sums = list[dict[int, float]]

FEWEST_TOPICS = 6
MOST_AREAS = 9
"""Topics from which on they are grouped, and areas at most; chosen: fewer topics can be seen at a glance, and an area
holds two topics or more."""
TERMS_OF_AN_AREA = 600
"""Terms that an area is known by. Measured with no bound and with 900 on six sets of posts with human labels: NMI
within .02, no order."""
_TERMS_COMPARED = 300
_MOVES = 2
"""Terms by which topics are compared, and times that areas move; chosen: bounds of time, later moves change little."""
_LEAST_STABLE = 0.1
"""Agreement (ARI) of the two halves below which topics have no areas; chosen: less is hardly more than chance."""
Grouping = list[list[int]]
"""Topics of each area, by number."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The number of the area that a post is nearest to, and how near, 0-1."""

    area: int
    cosine: float


def fit_areas(
    posts: Sequence[nmf.Vector],
    weights: Sequence[Mapping[int, float]],
    known: Mapping[int, Area],
    next_id: int,
    number: int | None = None,
) -> list[Area]:
    """Return the areas of the topics that the posts have, without names and members; new ones get ids from `next_id`.

    Known areas keep their topics, and take in new ones, unless the posts speak for twice or half as many areas.
    """
    shares = _leads(posts, weights)
    groups = group(posts, shares, number)
    if known and number is None and len(known) / 2 < len(groups) < 2 * len(known):
        groups = _kept(known, posts, shares)
    ids = _known_ids(groups, known)
    fresh = iter(range(next_id, next_id + len(groups)))
    made = middles(groups, posts, shares)
    return [
        Area(Topic(ids[n] if n in ids else next(fresh), "", "found"), tuple(topics), middle, {})
        for n, (topics, middle) in enumerate(zip(groups, made, strict=True))
    ]


def with_members(areas: Sequence[Area], readings: Sequence[Reading], near: Sequence[Nearest | None]) -> list[Area]:
    """Return the areas with the posts that are nearest to each."""
    members: list[dict[int, float]] = [{} for _ in areas]
    for reading, one in zip(readings, near, strict=True):
        if one:
            members[one.area][reading.id] = round(one.cosine, 4)
    return [replace(area, members=mine) for area, mine in zip(areas, members, strict=True)]


def name_areas(
    areas: Sequence[Area],
    readings: Sequence[Reading],
    words: Vocabulary,
    namer: Namer,
    taken: Iterable[str],
    known: Mapping[int, Area] | None = None,
) -> list[Area]:
    """Return the areas with names, which known ones keep. No words explain them: their topics do."""
    at = {reading.id: index for index, reading in enumerate(readings)}
    groups = [
        Group(
            area.named.id,
            factor_by_term(area.middle, words.terms),
            {at[i]: near for i, near in area.members.items()},
        )
        for area in areas
    ]
    kept = [known[area.named.id].named for area in areas if known and area.named.id in known]
    names = name_topics(groups, namer, kept, taken)
    named = {i: Topic(i, name.label, name.source) for i, name in names.items()}
    return [replace(area, named=named[area.named.id]) for area in areas]


def _leads(posts: Sequence[nmf.Vector], weights: Sequence[Mapping[int, float]]) -> list[dict[int, float]]:
    """Return the strongest topic of each post, with share 1; for a post that fits none well the nearest topic."""
    shares = [shares_of(of_post) for of_post in weights]
    topics = sorted({topic for of_post in shares for topic in of_post})
    means = [dict(nmf.unit(total.items(), TERMS_OF_AN_AREA)) for total in _sums(posts, shares, topics, 0)]
    strangers = [post for post, of_post in zip(posts, shares, strict=True) if not of_post]
    found = iter(nearest(strangers, means))
    leads: list[dict[int, float]] = []
    for of_post in shares:
        if of_post:
            leads.append({next(iter(of_post)): 1.0})
        else:
            near = next(found)
            leads.append({topics[near.area]: 1.0} if near else {})
    return leads


def _kept(known: Mapping[int, Area], posts: Sequence[nmf.Vector], shares: Sequence[Mapping[int, float]]) -> Grouping:
    """Return the topics of the known areas, each new topic in that which its posts are nearest to."""
    topics = sorted({topic for of_post in shares for topic in of_post})
    groups = [[topic for topic in area.topics if topic in topics] for area in known.values()]
    groups = [group for group in groups if group]
    placed = {topic for group in groups for topic in group}
    sums = dict(zip(topics, _sums(posts, shares, topics, 0), strict=True))
    made = middles(groups, posts, shares)
    for topic in topics:
        if topic not in placed:
            near = nearest([nmf.unit(sums[topic].items(), TERMS_OF_AN_AREA)], made)[0]
            groups[near.area if near else 0].append(topic)
    return groups


def _known_ids(groups: Grouping, known: Mapping[int, Area]) -> dict[int, int]:
    """Return the ids of known areas by the number of the group that has more than half of the area's living topics."""
    alive = {topic for topics in groups for topic in topics}
    found: dict[int, int] = {}
    for area_id, area in known.items():
        living = alive.intersection(area.topics)
        for number, topics in enumerate(groups):
            if 2 * len(living.intersection(topics)) > len(living) and number not in found:
                found[number] = area_id
    return found


def group(posts: Sequence[nmf.Vector], shares: Sequence[Mapping[int, float]], number: int | None = None) -> Grouping:
    """Return groups of topics: as many as are asked for, or as many as the posts speak for, largest first; else none.

    `shares` are those of the topics in each post.
    """
    topics = sorted({topic for of_post in shares for topic in of_post})
    if number is None and len(topics) < FEWEST_TOPICS:
        return []
    halves = [_sums(posts[half::2], shares[half::2], topics) for half in (0, 1)]
    whole = [_added(*pair) for pair in zip(*halves, strict=True)]
    merges = _merges(whole)
    if number is None:
        number = _number(merges, [_merges(half) for half in halves], [_length(total) for total in whole])
    sizes = {topic: _length(total) for topic, total in zip(topics, whole, strict=True)}
    groups = [[topics[at] for at in group] for group in _cut(merges, len(topics), number)] if number else []
    return sorted(groups, key=lambda group: (-sum(sizes[topic] for topic in group), group))


def middles(groups: Grouping, posts: Sequence[nmf.Vector], shares: Sequence[Mapping[int, float]]) -> list[nmf.HRow]:
    """Return the middle of each area: first that of the posts of its topics, then that of the posts nearest to it."""
    area_of = {topic: number for number, group in enumerate(groups) for topic in group}
    mine: list[dict[int, float]] = [{} for _ in posts]
    for of_post, areas in zip(shares, mine, strict=True):
        for topic, share in of_post.items():
            if topic in area_of:
                areas[area_of[topic]] = areas.get(area_of[topic], 0.0) + share
    made = _middles(posts, mine, len(groups))
    for _ in range(_MOVES):
        made = _middles(posts, [{near.area: 1.0} if near else {} for near in nearest(posts, made)], len(groups))
    return made


def nearest(posts: Iterable[nmf.Vector], areas: Sequence[Mapping[int, float]]) -> list[Nearest | None]:
    """Return the area that each post is nearest to; `None` for a post that has no term of any."""
    postings: dict[int, list[tuple[int, float]]] = {}
    for number, area in enumerate(areas):
        for term, weight in area.items():
            postings.setdefault(term, []).append((number, weight))
    found: list[Nearest | None] = []
    for post in posts:
        cosines = [0.0] * len(areas)
        for term, weight in post:
            for number, other in postings.get(term, ()):
                cosines[number] += weight * other
        best = max(range(len(areas)), key=lambda number: (cosines[number], -number), default=-1)
        found.append(Nearest(best, cosines[best]) if best >= 0 and cosines[best] > 0 else None)
    return found


def _middles(posts: Sequence[nmf.Vector], mine: Sequence[Mapping[int, float]], number: int) -> list[nmf.HRow]:
    return [dict(nmf.unit(total.items(), TERMS_OF_AN_AREA)) for total in _sums(posts, mine, range(number), 0)]


def _sums(
    posts: Sequence[nmf.Vector],
    shares: Sequence[Mapping[int, float]],
    groups: Sequence[int],
    keep: int = _TERMS_COMPARED,
) -> Sums:
    """Return for each group the sum of its posts, each by its share; the strongest terms where `keep` bounds them."""
    totals: dict[int, dict[int, float]] = {number: {} for number in groups}
    for post, of_post in zip(posts, shares, strict=True):
        for number, share in of_post.items():
            total = totals[number]
            for term, weight in post:
                total[term] = total.get(term, 0.0) + share * weight
    if not keep:
        return list(totals.values())
    return [dict(sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))[:keep]) for total in totals.values()]


def _added(one: Mapping[int, float], other: Mapping[int, float]) -> dict[int, float]:
    return {term: one.get(term, 0.0) + other.get(term, 0.0) for term in one.keys() | other.keys()}


def _length(total: Mapping[int, float]) -> float:
    return math.sqrt(sum(weight * weight for weight in total.values()))


@dataclass(frozen=True, slots=True)
class _Merge:
    """That the group of topic `other` became part of that of topic `one`, at a loss."""

    one: int
    other: int
    loss: float


def _merges(sums: Sums) -> list[_Merge]:
    """Return the merges that lead from every topic for itself to one group, those that lose least first."""
    products = _products(sums)
    alive = list(range(len(sums)))
    merges = []
    while len(alive) > 1:
        loss, one, other = min((_loss(products, one, other), one, other) for one, other in combinations(alive, 2))
        merges.append(_Merge(one, other, loss))
        alive.remove(other)
        products[one][one] += 2 * products[one][other] + products[other][other]
        for third in alive:
            if third != one:
                products[one][third] += products[other][third]
                products[third][one] = products[one][third]
    return merges


def _products(sums: Sums) -> list[list[float]]:
    postings: dict[int, list[tuple[int, float]]] = {}
    for number, total in enumerate(sums):
        for term, weight in total.items():
            postings.setdefault(term, []).append((number, weight))
    products = [[0.0] * len(sums) for _ in sums]
    for pairs in postings.values():
        for one, weight in pairs:
            row = products[one]
            for other, factor in pairs:
                row[other] += weight * factor
    return products


def _loss(products: list[list[float]], one: int, other: int) -> float:
    own, theirs, both = products[one][one], products[other][other], products[one][other]
    return math.sqrt(own) + math.sqrt(theirs) - math.sqrt(own + theirs + 2 * both)


def _cut(merges: Sequence[_Merge], topics: int, number: int) -> Grouping:
    """Return the groups that there are when so many are left."""
    groups = {topic: [topic] for topic in range(topics)}
    for merge in merges[: max(0, topics - number)]:
        groups[merge.one] = sorted(groups[merge.one] + groups.pop(merge.other))
    return list(groups.values())


def _number(merges: Sequence[_Merge], halves: Sequence[Sequence[_Merge]], sizes: Sequence[float]) -> int:
    """Return the number of groups on which the two halves of the posts agree best, where the next merge loses most.

    0 where they agree on none.
    """
    topics, best = len(sizes), (0.0, 0)
    for number in range(3, min(MOST_AREAS, topics // 2) + 1):
        one, other, all_of = (_label(_cut(made, topics, number), topics) for made in (*halves, merges))
        stable = min(_agreement(one, other, sizes), _agreement(one, all_of, sizes), _agreement(other, all_of, sizes))
        last, following = merges[topics - number - 1].loss, merges[topics - number].loss
        evidence = 1.0 - last / following if following > 0 else 0.0
        if stable >= _LEAST_STABLE:
            best = max(best, (stable + evidence, number))
    return best[1]


def _label(groups: Grouping, topics: int) -> list[int]:
    labels = [0] * topics
    for number, members in enumerate(groups):
        for topic in members:
            labels[topic] = number
    return labels


def _agreement(one: Sequence[int], other: Sequence[int], sizes: Sequence[float]) -> float:
    """Return the adjusted Rand index of two groupings of topics, a pair counting as much as its topics' sizes."""
    both = first = second = every = 0.0
    for i, j in combinations(range(len(sizes)), 2):
        weight = sizes[i] * sizes[j]
        every += weight
        first += weight * (one[i] == one[j])
        second += weight * (other[i] == other[j])
        both += weight * (one[i] == one[j] and other[i] == other[j])
    chance = first * second / every if every else 0.0
    most = (first + second) / 2
    return (both - chance) / (most - chance) if most > chance else 1.0
