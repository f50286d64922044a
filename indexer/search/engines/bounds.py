"""Bound the scores of all articles at once, to find the few that can be among the best (see `slices`)."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from indexer.search.engine import ARTICLE_FIELDS, AllOf, Alternatives, AnyOf, Phrase, Term
from indexer.search.engines.postings import IMPACTS, Unbounded
from indexer.search.engines.slices import (
    Planes,
    at_least,
    highest,
    larger_of,
    planes_of,
    plus,
    smaller_of,
    times,
    total_of,
)
from indexer.search.ranking import K1, idf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from indexer.search.engine import Node
    from indexer.search.engines.postings import Index
    from indexer.search.engines.scoring import Search

_WEIGHTS = 255
# Planes of some dozens of synonyms cost more than they spare.
_MOST_PARTS = 12


class _Bounds(NamedTuple):
    """Numbers below what articles score, in some unit, and by how much less than `slack` they are below it."""

    planes: Planes
    slack: int


class Bounding:
    """Find the articles that can be among the best without scoring all of them."""

    def __init__(self, search: Search, index: Index) -> None:
        self._search = search
        self._index = index
        self._unit = 1.0
        self._terms: set[str] = set()

    def likely(self, node: Node, bits: int, number: int, more: Mapping[int, float]) -> int:
        """Return a few of the articles, among them those with the highest scores, so many at least.

        `more` is what some of the articles have beside their scores.
        """
        try:
            self._unit = max(self._worths(node), default=0.0) / _WEIGHTS
            # Planes are made for terms that are asked for again: one query alone is answered sooner without.
            again = [self._index.postings(term).asked_again() for term in self._terms]
            if not self._unit or not all(again):
                return bits
            bounds = self._of(node)
        except Unbounded:
            return bits
        if more:
            added = self._added(more)
            bounds = _Bounds(plus(bounds.planes, added.planes), bounds.slack + added.slack)
        return at_least(bounds.planes, bits, max(0, highest(bounds.planes, bits, number) - bounds.slack))

    def _added(self, more: Mapping[int, float]) -> _Bounds:
        most = max(more.values())
        weight = int(most / (K1 + 1) / self._unit) or 1
        share = IMPACTS / (K1 + 1) / self._unit / weight
        numbers = bytearray(self._search.size)
        shares = {score: min(255, int(score * share)) for score in set(more.values())}
        for doc, score in more.items():
            numbers[doc] = shares[score]
        # The largest is cut off by less than what the others are rounded by.
        return _Bounds(times(planes_of(numbers), weight), 2 * weight + IMPACTS)

    def _worths(self, node: Node) -> Iterator[float]:
        """Return the most that each term or phrase can add."""
        match node:
            case Term(term, fields, weight, False) if fields == ARTICLE_FIELDS:
                self._terms.add(term)
                yield weight * idf(self._index.articles, len(self._index.postings(term).codes))
            case Term(_, _, _, True):
                raise Unbounded
            case Term() | Phrase():
                self._terms.update((node.term,) if isinstance(node, Term) else node.terms)
                yield node.weight * idf(self._index.articles, self._search.match(node).bit_count())
            case AnyOf(_, True):
                raise Unbounded
            case AllOf(parts) | AnyOf(parts) | Alternatives(parts):
                if len(parts) > _MOST_PARTS:
                    raise Unbounded
                for part in parts:
                    yield from self._worths(part)
            case _:
                return

    def _of(self, node: Node) -> _Bounds:
        match node:
            case Term(term):
                return self._weighed(node, (term,))
            case Phrase(terms):
                return self._weighed(node, terms)
            case AllOf(parts) | AnyOf(parts):
                bounds = [self._of(part) for part in parts]
                return _Bounds(total_of(each.planes for each in bounds), sum(each.slack for each in bounds))
            case Alternatives(parts):
                bounds = [self._of(part) for part in parts]
                return _Bounds(reduce(larger_of, (each.planes for each in bounds)), max(each.slack for each in bounds))
            case _:
                return _Bounds([], 0)

    def _weighed(self, node: Term | Phrase, terms: Sequence[str]) -> _Bounds:
        """Return the bounds of what scores as the rarest of its terms; the unit is a 255th of the smallest weight."""
        (worth,) = self._worths(node)
        weight = int(worth / self._unit)
        here = self._search.match(node)
        impacts = [self._search.impacts(term, here) for term in dict.fromkeys(terms)]
        planes = [plane & here for plane in reduce(smaller_of, impacts)]
        return _Bounds(times(planes, weight), weight + IMPACTS + 1)
