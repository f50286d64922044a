"""Run a plan over an index, the same for every engine that can hand its postings over.

What matches is found with sets of bits; scores are then made for what matches alone, in loops that the interpreter runs
itself: one step of Python a posting would cost more than all the rest.
"""

from __future__ import annotations

import heapq
from itertools import compress, repeat
from operator import add
from typing import TYPE_CHECKING

from indexer.analysis import fold_label
from indexer.search.engine import (
    ARTICLE_FIELDS,
    AllOf,
    Alternatives,
    AnyOf,
    Everything,
    Filter,
    Form,
    Not,
    Phrase,
    Term,
)
from indexer.search.engines.bits import bits_of, docs_of, flags
from indexer.search.engines.postings import Index, Postings, Unbounded, norms_of, shares_of
from indexer.search.ranking import K1, idf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from indexer.search.engine import Node
    from indexer.search.engines.slices import Planes

# Where fewer than one article of so many is asked for, its code is counted out, else all are gone through.
_SELDOM = 30
_UNKNOWN = 1 << 16  # above any code

_MOST_EXPANSIONS = 128
_MORE_THAN_ANY_SCORE = 100.0
_FAR_FUTURE = "9999-12-31"


class Search:
    """One run of a plan over an index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.size = len(index.days())
        self._mean = index.mean_length or 1.0
        self._norms = norms_of(self._mean)
        self._matched: dict[tuple[type, Node], int] = {}
        self._last_flags: tuple[int, bytes] = (-1, b"")

    def match(self, node: Node) -> int:
        """Return the articles that match the node."""
        key = (type(node), node)
        if key not in self._matched:
            self._matched[key] = self._match(node)
        return self._matched[key]

    def _match(self, node: Node) -> int:
        match node:
            case Term(term, fields, _, prefix):
                if prefix:
                    return self._match(self._expanded(node))
                if fields == ARTICLE_FIELDS:
                    return self._index.postings(term).bits
                return bits_of(self._index.places((term,), fields), self.size)
            case Phrase(terms, fields):
                return bits_of(self._index.places(terms, fields), self.size)
            case AllOf(parts):
                return self._all(parts)
            case AnyOf(parts) | Alternatives(parts):
                found = 0
                for part in parts:
                    found |= self.match(part)
                return found
            case Filter():
                return self.filtered(node)
            case Not(part):
                return self._index.everything() & ~self.match(part)
            case Everything():
                return self._index.everything()
            case Form():
                raise NotImplementedError

    def _all(self, parts: Sequence[Node]) -> int:
        found: int | None = None
        for part in parts:
            if not isinstance(part, Not) and found != 0:
                found = self.match(part) if found is None else found & self.match(part)
        if found is None:
            found = self._index.everything()
        for part in parts:
            if isinstance(part, Not) and found:
                found &= ~self.match(part.part)
        return found

    def filtered(self, node: Filter) -> int:
        """Return the articles that pass the filter."""
        found = 0
        for value in node.values:
            found |= self._index.filtered(node.field, fold_label(value))
        return found

    def between(self, since: str | None, until: str | None) -> int:
        """Return the articles of some days."""
        first, last = int((since or "0").replace("-", "")), int((until or _FAR_FUTURE).replace("-", ""))
        days, found = self._index.days(), 0
        for year, bits in self._index.years().items():
            if first <= year * 10000 and year * 10000 + 1231 <= last:
                found |= bits
            elif first // 10000 <= year <= last // 10000:
                found |= bits_of((doc for doc in docs_of(bits) if first <= days[doc] <= last), self.size)
        return found

    def flags(self, bits: int) -> bytes:
        """Return 0 or 1 for each article."""
        if self._last_flags[0] != bits:
            self._last_flags = (bits, flags(bits, self.size))
        return self._last_flags[1]

    def scores(self, node: Node, docs: Sequence[int], bits: int) -> Sequence[float]:
        """Return the scores of articles that match the node, given in order and as a set."""
        match node:
            case Term(term, fields, weight, prefix):
                if prefix:
                    return self._best(self._expanded(node).parts, docs, bits)
                if fields == ARTICLE_FIELDS:
                    return self._plain(self._index.postings(term), weight, docs, bits)
                return self._placed(node, (term,), docs, bits)
            case Phrase(terms):
                return self._placed(node, terms, docs, bits)
            case AllOf(parts):
                return self._sum(parts, docs, bits)
            case AnyOf(parts, most_first):
                return self._any(parts, _MORE_THAN_ANY_SCORE if most_first else 0.0, docs, bits)
            case Alternatives(parts):
                return self._best(parts, docs, bits)
            case _:
                return [0.0] * len(docs)

    def impacts(self, term: str, needed: int) -> Planes:
        """Return the impacts of a term that all the needed articles have."""
        postings = self._index.postings(term)
        if needed & ~postings.bits:
            raise Unbounded
        return postings.impacts(self._mean, self.size)

    def _expanded(self, node: Term) -> Alternatives:
        terms = heapq.nsmallest(_MOST_EXPANSIONS, self._index.terms(node.term), key=lambda term: (len(term), term))
        return Alternatives(tuple(Term(term, node.fields, node.weight) for term in terms))

    def _codes(self, postings: Postings, docs: Sequence[int], bits: int) -> Sequence[int]:
        """Return the codes of articles of a term."""
        all_codes, all_bits = postings.codes, postings.bits
        if len(docs) == len(all_codes):
            return all_codes
        if len(docs) * _SELDOM < self.size:
            return [all_codes[(all_bits & ((1 << doc) - 1)).bit_count()] for doc in docs]
        return list(compress(all_codes, compress(self.flags(bits), flags(all_bits, self.size))))

    def _table(self, codes: Iterable[int], scale: float) -> Mapping[int, float]:
        """Return the score of one term for each different code."""
        return shares_of({*codes}, self._norms, scale * (K1 + 1))

    def _plain(self, postings: Postings, weight: float, docs: Sequence[int], bits: int) -> Sequence[float]:
        codes = self._codes(postings, docs, bits)
        table = self._table(codes, weight * idf(self._index.articles, len(postings.codes)))
        return list(map(table.__getitem__, codes))

    def _placed(self, node: Term | Phrase, terms: Sequence[str], docs: Sequence[int], bits: int) -> Sequence[float]:
        """Score what stands in certain fields or in a row as one term, as frequent as the rarest of its words."""
        scale = node.weight * idf(self._index.articles, self.match(node).bit_count())
        lists: list[Iterable[int]] = []
        for term in dict.fromkeys(terms):
            postings = self._index.postings(term)
            if bits & ~postings.bits:
                known = dict(zip(postings.docs, postings.codes, strict=True))
                # What was set aside has no frequencies: where nothing else matches, all score alike.
                lists.append(map(known.get, docs, repeat(_UNKNOWN)))
            else:
                lists.append(self._codes(postings, docs, bits))
        # The codes of one article differ in the frequency alone, which comes first.
        codes = list(map(min, *lists)) if len(lists) > 1 else list(lists[0])
        table = {**self._table({*codes} - {_UNKNOWN}, scale), _UNKNOWN: scale * (K1 + 1)}
        return list(map(table.__getitem__, codes))

    def _sum(self, parts: Sequence[Node], docs: Sequence[int], bits: int) -> Sequence[float]:
        total: Iterable[float] | None = None
        for part in parts:
            if not isinstance(part, Not | Filter | Everything):
                scores = self.scores(part, docs, bits)
                total = scores if total is None else map(add, total, scores)
        return [0.0] * len(docs) if total is None else list(total)

    def _parts(self, parts: Sequence[Node], bits: int) -> Iterable[tuple[Sequence[int], Sequence[float]]]:
        """Return for each part the articles that match it, and their scores."""
        for part in parts:
            if here := self.match(part) & bits:
                docs = docs_of(here)
                yield docs, self.scores(part, docs, here)

    def _any(self, parts: Sequence[Node], for_each: float, docs: Sequence[int], bits: int) -> Sequence[float]:
        found: dict[int, float] = {}
        for some, scores in self._parts(parts, bits):
            before: Iterable[float] = map(found.get, some, repeat(-for_each)) if found else repeat(-for_each)
            if for_each:
                before = map(for_each.__add__, before)
            found.update(zip(some, map(add, before, scores), strict=False))
        return list(map(found.__getitem__, docs))

    def _best(self, parts: Sequence[Node], docs: Sequence[int], bits: int) -> Sequence[float]:
        found: dict[int, float] = {}
        for some, scores in self._parts(parts, bits):
            found.update(zip(some, map(max, map(found.get, some, repeat(0.0)), scores), strict=True))
        return list(map(found.__getitem__, docs))
