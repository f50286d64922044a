"""Gather the copies of each recurring paragraph around its medoid, the wording that most others are close to.

Likeness alone loses the copy that got a lead-in or has a second call to action glued on. So the blocks left over are
compared with the medoids by *ordered containment*: how much of the medoid the block has in order, in runs of two words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import chain, pairwise
from math import ceil
from typing import TYPE_CHECKING

from indexer.audit.similarity.clusters import Copies
from indexer.audit.similarity.containment import CONTAINED, containment, is_clear, least_shared, only_a_sentence
from indexer.audit.similarity.distinct import Wordings, frequent_in
from indexer.audit.similarity.shingles import jaccard
from scraper.text.requests import request_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.audit.corpus import Paragraph
    from indexer.audit.similarity.shingles import Gram

STRONG_POSTS = 4
STRONG_SHARE = 0.003
"""A medoid takes in further blocks by containment only where it stands on so many posts, or so large a share of them.
Without this 17-22 % of the planted hard negatives were merged."""

SECOND_CONTAINED = 0.6
_COMPARED = 120
_SURE = 0.75
"""Containment from which on a paragraph belongs to a second group, wordings that a medoid is chosen among, and likeness
that needs no look at sentences. Chosen, not measured."""

_LEAST_HITS, _LEAST_COMMON = 2, 3
"""2-grams of a medoid among its rarest that a text has at least to be compared with it (two is the least that
`least_shared` asks for), and that two medoids have of one another. The latter chosen."""

Alike = tuple[int, list[int]]
"""A medoid and the wordings that are like it, as numbers of wordings."""


@dataclass(slots=True)
class Group:
    """Copies of a paragraph: numbers of paragraphs, and the words of the medoid."""

    medoid: list[str]
    members: list[int] = field(default_factory=list)


def gather(paragraphs: Sequence[Paragraph], posts: int, similar: float) -> list[Group]:
    """Return the paragraphs on two posts or more, most posts first; a block glued from two stands in both."""
    wordings = Wordings(paragraphs, range(len(paragraphs)), frequent_in(paragraphs))
    return grouped(wordings, *by_likeness(wordings, join(wordings, similar), posts, similar))


def join(wordings: Wordings, similar: float) -> Copies:
    """Return the wordings joined with those that they resemble. They are numbered from 1 there."""
    copies = Copies(similar)
    for at, keys in enumerate(wordings.summaries):
        copies.add(at + 1, wordings.numbers[at], keys)
    return copies


def by_likeness(wordings: Wordings, copies: Copies, posts: int, similar: float) -> tuple[list[Alike], list[Alike]]:
    """Return the wordings on several posts by likeness: on many posts, most posts first, and on few."""
    strong_from = max(STRONG_POSTS, STRONG_SHARE * posts)
    found = [
        (medoid, members)
        for medoid, members in _alike(wordings, copies, similar, strong_from)
        if len(wordings.posts_of(members)) > 1
    ]
    strong = [group for group in found if len(wordings.posts_of(group[1])) >= strong_from]
    weak = [group for group in found if len(wordings.posts_of(group[1])) < strong_from]
    strong.sort(key=lambda group: (-len(wordings.posts_of(group[1])), group[0]))
    return strong, weak


def _alike(wordings: Wordings, copies: Copies, similar: float, strong_from: float) -> list[Alike]:
    """Return the wordings by likeness, each group with its medoid; those far from it get groups of their own."""
    joined: dict[int, list[int]] = defaultdict(list)
    for number in range(len(wordings.keys)):
        joined[copies.groups.root(number + 1)].append(number)
    found = []
    for members in joined.values():
        waiting = members
        while waiting:
            medoid = _medoid(wordings, waiting)
            strong = len(wordings.posts_of(waiting)) >= strong_from
            near = [n for n in waiting if n == medoid or _belongs(wordings, medoid, n, similar, strong)]
            found.append((medoid, near))
            kept = set(near)
            waiting = [n for n in waiting if n not in kept]
    return found


def _medoid(wordings: Wordings, members: list[int]) -> int:
    """Return the wording that is most like all the others: the peak of their density, whatever most posts have.

    The cube keeps a block glued from two paragraphs, half like twice as many others, from being the peak.
    """
    if len(members) < 3:
        return max(members, key=lambda n: (len(wordings.posts(n)), -n))
    weights = {n: len(wordings.posts(n)) for n in members}
    compared = sorted(members, key=lambda n: (-weights[n], n))[:_COMPARED]

    def density(one: int) -> float:
        return sum(weights[other] * jaccard(wordings.grams(one), wordings.grams(other)) ** 3 for other in compared)

    return max(compared, key=lambda n: (density(n), -n))


def _belongs(wordings: Wordings, medoid: int, other: int, similar: float, strong: bool) -> bool:
    """Tell whether a wording of a chain is the medoid's text: like it, or containing it."""
    likeness = jaccard(wordings.grams(medoid), wordings.grams(other))
    if likeness < similar and not containment(wordings.words(medoid), wordings.words(other)):
        return False
    return strong or likeness >= _SURE or not only_a_sentence(wordings.text(medoid), wordings.text(other))


def _attach(wordings: Wordings, strong: list[Alike]) -> dict[int, list[int]]:
    """Return for each wording the further strong groups it belongs to by containment, best first."""
    home = {n: at for at, (_, members) in enumerate(strong) for n in members}
    medoids = [wordings.grams(medoid) for medoid, _ in strong]
    least = [least_shared(len(grams)) for grams in medoids]
    index = _rarest(medoids, least)
    # A call to action put beside anything else is a call to action all the same.
    asking = [request_in(wordings.text(medoid)).kind == "ask" for medoid, _ in strong]
    taken: dict[int, list[int]] = {}
    inside = set(index)
    for number, numbers in enumerate(wordings.numbers):
        own_grams = set(pairwise(numbers))
        hits = Counter(chain.from_iterable(map(index.__getitem__, inside.intersection(own_grams))))
        own = home.get(number)
        found = []
        for at in [at for at, count in hits.items() if count >= _LEAST_HITS]:
            if at == own or len(own_grams & medoids[at]) < least[at]:
                continue
            medoid = strong[at][0]
            medoid_words, words = wordings.words(medoid), wordings.words(number)
            share = containment(medoid_words, words)
            sure = asking[at] or is_clear(share, medoid_words, words)
            if share and (sure or not only_a_sentence(wordings.text(medoid), wordings.text(number))):
                found.append((-share, at))
        found.sort()
        first = [] if own is not None else [at for _, at in found[:1]]
        further = [at for share, at in found[len(first) :] if -share >= SECOND_CONTAINED]
        if first or further:
            taken[number] = first + further
    return taken


def _rarest(medoids: Sequence[set[Gram]], least: Sequence[float]) -> dict[Gram, list[int]]:
    """Index medoids by their rarest 2-grams, of which a text has `_LEAST_HITS` that shares the `least` with a medoid.

    This is the prefix filter of joins by similarity (Chaudhuri et al., 2006): what stands in most medoids tells least.
    """
    spread = Counter(chain.from_iterable(medoids))
    index: dict[Gram, list[int]] = defaultdict(list)
    for at, (grams, shared) in enumerate(zip(medoids, least, strict=True)):
        left_out = max(0, ceil(shared) - _LEAST_HITS)
        for gram in sorted(grams, key=lambda gram: (spread[gram], gram))[: len(grams) - left_out]:
            index[gram].append(at)
    return index


def _merge(wordings: Wordings, strong: list[Alike]) -> dict[int, int]:
    """Return which strong group is part of which larger one: their medoids contain one another."""
    into: dict[int, int] = {}
    index: dict[Gram, list[int]] = defaultdict(list)
    for at, (medoid, _) in enumerate(strong):
        grams = wordings.grams(medoid)
        hits = Counter(chain.from_iterable(index[gram] for gram in grams if gram in index))
        for larger in sorted(other for other, count in hits.items() if count >= _LEAST_COMMON):
            one, other = wordings.words(medoid), wordings.words(strong[larger][0])
            if containment(one, other) >= CONTAINED and containment(other, one) >= CONTAINED:
                into[at] = larger
                break
        else:
            for gram in grams:
                index[gram].append(at)
    return into


def grouped(wordings: Wordings, strong: list[Alike], weak: list[Alike]) -> list[Group]:
    """Put the groups together: attached wordings leave their weak group, where most of it goes."""
    taken, merged = _attach(wordings, strong), _merge(wordings, strong)
    home = {n: merged.get(at, at) for at, (_, members) in enumerate(strong) for n in members}
    paragraphs: list[set[int]] = [set() for _ in strong]
    for number, at in home.items():
        paragraphs[at].update(wordings.of(number))
    for _, members in weak:
        leaving = [n for n in members if n in taken]
        if 2 * len(leaving) < len(members):
            for n in leaving:
                del taken[n]
    for number, places in taken.items():
        for at in places:
            paragraphs[merged.get(at, at)].update(wordings.of(number))
    found = [Group(wordings.words(strong[at][0]), sorted(members)) for at, members in enumerate(paragraphs) if members]
    for medoid, members in weak:
        left = sorted(number for n in members if n not in taken for number in wordings.of(n))
        if len({wordings.paragraphs[number].post for number in left}) > 1:
            found.append(Group(wordings.words(medoid), left))
    found.sort(key=lambda group: (-len({wordings.paragraphs[n].post for n in group.members}), group.members[0]))
    return found
