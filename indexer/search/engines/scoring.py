"""Run a plan over an index, the same for every engine that can hand its postings over.

What matches is found with sets of bits; scores are then made for what matches alone, in loops that the interpreter runs
itself: one step of Python a posting would cost more than all the rest.
"""

from __future__ import annotations

import heapq
from collections import Counter
from functools import cached_property
from itertools import compress, pairwise, repeat
from operator import add
from typing import TYPE_CHECKING, Protocol

from indexer.analysis import fold_label
from indexer.search.engine import (
    ARTICLE_FIELDS,
    AllOf,
    Alternatives,
    AnyOf,
    Everything,
    Filter,
    Frequencies,
    Hit,
    Not,
    Phrase,
    Results,
    Term,
)
from indexer.search.engines.bits import bits_of, docs_of, flags
from indexer.search.engines.bounds import IMPACTS, Bounding, Unbounded
from indexer.search.engines.slices import Planes, planes_of
from indexer.search.ranking import FREQUENCIES, K1, LENGTHS, PLACES, B, checksum, form_codes, has_form, idf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from indexer.search.engine import FacetField, FilterField, NamedWord, Node, Plan, TextField

# A title adds _TITLE of what the words typed are worth, by the square of the share of them that it has; more where they
# stand in a row and are the whole of it. Among the first _LOOKED_INTO, two words in a row in the text add _ROW of the
# commoner one's worth, and a word in the very form typed _FORM of its own. Set by names of posts on three blogs:
# nothing moves with _TITLE .8 to 1 and _TITLE_WHOLE 1 to 3.
_TITLE, _TITLE_ROW, _TITLE_WHOLE, _OTHER_FORM, _IDLE_WORD = 0.8, 0.5, 1.5, 0.6, 0.1
_ROW, _FORM = 0.3, 0.1
_LOOKED_INTO = 50
# Above so many articles bounds are found first.
_MANY = 500
# Where fewer than one article of so many is asked for, its code is counted out, else all are gone through.
_SELDOM = 30
_UNKNOWN = 1 << 16  # above any code

_MOST_EXPANSIONS = 128
_MORE_THAN_ANY_SCORE = 100.0
_FAR_FUTURE = "9999-12-31"


class Postings:
    """The articles of a term as a set of their numbers, with their codes in order."""

    def __init__(self, bits: int, codes: Sequence[int]) -> None:
        self.bits = bits
        self.codes = codes
        self._impacts: tuple[float, int, Planes] = (0.0, 0, [])
        self._asked = False

    @cached_property
    def docs(self) -> list[int]:
        """Return the articles in order."""
        return docs_of(self.bits)

    def asked_again(self) -> bool:
        """Tell whether this was called before."""
        before, self._asked = self._asked, True
        return before

    @cached_property
    def by_doc(self) -> dict[int, int]:
        """Return the codes of the articles."""
        return dict(zip(self.docs, self.codes, strict=True))

    def impacts(self, mean: float, size: int) -> Planes:
        """Return the share that each of so many articles has of the most that the term can add, rounded down to 255ths.

        Remembered for one mean length.
        """
        if self._impacts[:2] != (mean, size):
            shares = shares_of({*self.codes}, norms_of(mean), IMPACTS)
            impacts = {code: int(share) for code, share in shares.items()}
            numbers = bytearray(size)
            for doc, code in zip(self.docs, self.codes, strict=True):
                numbers[doc] = impacts[code]
            self._impacts = mean, size, planes_of(numbers)
        return self._impacts[2]


def norms_of(mean: float) -> list[float]:
    """Return for each length that a code can have what the frequency is weighed against."""
    return [K1 * (1 - B + B * length / mean) for length in LENGTHS]


def shares_of(codes: Iterable[int], norms: Sequence[float], scale: float) -> dict[int, float]:
    """Return for each code which share of the scale it is worth."""
    return {code: scale * (frequency := FREQUENCIES[code >> 8]) / (frequency + norms[code & 255]) for code in codes}


class Index(Protocol):
    """What an engine shows of its index. Articles are numbered by the engine as it likes, from 0; sets are bits."""

    @property
    def articles(self) -> int:
        """Return the number of articles."""

    @property
    def mean_length(self) -> float:
        """Return the mean weighted length of an article."""

    def postings(self, term: str) -> Postings:
        """Return the articles with the term in a field of the article."""

    def titles(self, term: str) -> Postings:
        """Return the articles with the term in their title, with their codes of `title_codes`."""

    def together(self, runs: Sequence[tuple[str, ...]], docs: Sequence[int]) -> Sequence[set[int]]:
        """Return for each run of terms those of the articles in which it stands in a row in one of the fields."""

    def forms(self, docs: Sequence[int]) -> Iterable[tuple[int, bytes]]:
        """Return articles with the `form_codes` of their words."""

    def terms(self, prefix: str) -> Iterable[str]:
        """Return the terms that start so."""

    def places(self, terms: Sequence[str], fields: Sequence[TextField]) -> Iterable[int]:
        """Return the articles in which the terms stand one after the other in one of the fields."""

    def filtered(self, name: FilterField, folded: str) -> int:
        """Return the articles that have the folded value."""

    def values(self, name: FilterField) -> Iterable[tuple[str, int]]:
        """Return the values of a filter field with their articles."""

    def everything(self) -> int:
        """Return all articles."""

    def days(self) -> Sequence[int]:
        """Return the day of publication of each article by its number, as `YYYYMMDD`, 0 for none."""

    def years(self) -> Mapping[int, int]:
        """Return the years with the articles of each."""

    def count(self, term: str) -> int:
        """Return the number of articles with the term."""

    def counts(self, name: FilterField) -> Mapping[str, int]:
        """Return the values of a filter field with their number of articles."""

    def id_of(self, doc: int) -> int:
        """Return the id of an article."""


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


class _TitleScores(dict[tuple[int, ...], float]):
    """Turn the codes of the words typed in a title, 0 for none, into what they add to the score, each row once."""

    def __init__(self, named: Sequence[NamedWord], worths: Sequence[float]) -> None:
        super().__init__()
        self._checksums = [checksum(word.surface) for word in named]
        self._worths = worths
        self._all = sum(worths) or 1.0

    def __missing__(self, row: tuple[int, ...]) -> float:
        self[row] = score = self._score(row)
        return score

    def _score(self, row: tuple[int, ...]) -> float:
        worth, present, length, in_row, before = 0.0, 0, 1, 0, 0
        for code, form, most in zip(row, self._checksums, self._worths, strict=True):
            if code:
                worth += most if code & 63 == form else _OTHER_FORM * most
                present += 1
                length = code >> 6 & PLACES
                in_row += before and code >> 11 == (before >> 11) + 1
            before = code
        factor = 1 + _TITLE_WHOLE * min(1.0, present / length)
        if len(row) > 1:
            factor += _TITLE_ROW * in_row / (len(row) - 1)
        return _TITLE * factor * worth * worth / self._all


def _title_scores(index: Index, named: Sequence[NamedWord], bits: int) -> dict[int, float]:
    """Return what words as typed in their titles add to the scores of articles, for some and those in the set."""
    different = list(dict.fromkeys(named))
    lists = [index.titles(word.term) for word in different]
    worths = [
        idf(index.articles, len(found.codes)) * (1.0 if word.telling else _IDLE_WORD)
        for word, found in zip(different, lists, strict=True)
    ]
    docs = list(set().union(*(found.by_doc for found in lists if found.bits & bits)))
    rows = zip(*(map(found.by_doc.get, docs, repeat(0)) for found in lists), strict=True)
    return dict(zip(docs, map(_TitleScores(different, worths).__getitem__, rows), strict=True))


def _pairs(plan: Plan, index: Index) -> dict[tuple[str, str], float]:
    """Return the neighbours among the words typed, with what it adds to a score that they stand side by side."""
    if isinstance(plan.root, Phrase):
        return {}
    return {
        (one.term, other.term): _ROW
        * min(idf(index.articles, len(index.postings(term).codes)) for term in (one.term, other.term))
        for one, other in pairwise(plan.named)
        if one.telling and other.telling and one.term != other.term
    }


def _forms(plan: Plan, index: Index) -> dict[str, float]:
    """Return the words typed, with what it adds to a score that an article has them in that very form."""
    return {
        word.surface: _FORM * idf(index.articles, len(index.postings(word.term).codes))
        for word in plan.named
        if word.telling
    }


def _with_neatness(best: Mapping[int, float], plan: Plan, index: Index) -> dict[int, float]:
    """Add to the scores of articles that have the words side by side, and in the very form typed.

    Only those are looked at, and returned, that can come onto the page asked for.
    """
    pairs, forms = _pairs(plan, index), _forms(plan, index)
    leading = dict(_best_first(best, index)[: max(_LOOKED_INTO, plan.offset + plan.limit)])
    if len(leading) < 2 or not (pairs or forms):
        return leading
    scores = list(leading.values())
    least = scores[min(len(scores), plan.offset + plan.limit) - 1] - sum(pairs.values()) - sum(forms.values()) - 1e-6
    leading = {doc: score for doc, score in leading.items() if score >= least}
    if pairs:
        for docs, worth in zip(index.together(list(pairs), list(leading)), pairs.values(), strict=True):
            for doc in docs:
                leading[doc] += worth
    wanted = list(zip(form_codes(forms), forms.values(), strict=True))
    for doc, known in index.forms(list(leading)) if wanted else ():
        leading[doc] += sum(worth for code, worth in wanted if has_form(known, code))
    return leading


class Reader:
    """Answer what an index tells by itself; nothing where there is none. An engine says how it opens and explains."""

    def _index(self) -> Index | None:
        """Return the index as it was when first asked for; `None` while nothing was ever written."""
        raise NotImplementedError

    def _explained(self) -> AbstractContextManager[None]:
        """Say of whatever a damaged index makes of reading it that the index can't be used."""
        raise NotImplementedError

    def search(self, plan: Plan) -> Results:
        """Run the plan."""
        with self._explained():
            if index := self._index():
                return run(plan, index)
        return Results((), 0, {name: {} for name in plan.facets})

    def frequencies(self, terms: Iterable[str]) -> Frequencies:
        """Return in how many articles the terms stand."""
        with self._explained():
            if index := self._index():
                return Frequencies({term: index.count(term) for term in terms}, index.articles, index.mean_length)
        return Frequencies(dict.fromkeys(terms, 0), 0, 0.0)

    def values(self, name: FilterField) -> Mapping[str, int]:
        """Return the values of a filter field with their number of articles."""
        with self._explained():
            if index := self._index():
                return index.counts(name)
        return {}


def run(plan: Plan, index: Index) -> Results:
    """Run a plan over an index: match, score, order, count."""
    search = Search(index)
    found = search.match(plan.root)
    for condition in plan.filters:
        found &= search.filtered(condition)
    if found and (plan.since or plan.until):
        found &= search.between(plan.since, plan.until)
    first: list[tuple[int, float]] = []
    if plan.limit and found:
        ordered = _by_relevance if plan.order == "relevance" else _by_day
        first = ordered(search, index, plan, found)
    hits = tuple(Hit(index.id_of(doc), score) for doc, score in first)
    return Results(hits, found.bit_count(), {name: _facet(name, found, index) for name in plan.facets})


def _by_relevance(search: Search, index: Index, plan: Plan, bits: int) -> list[tuple[int, float]]:
    """Return the page asked for with its scores, best first."""
    end = plan.offset + plan.limit
    number = max(_LOOKED_INTO, end) if plan.named else end
    titled = _title_scores(index, plan.named, bits) if plan.named else {}
    if bits.bit_count() > _MANY and not plan.hints:
        bits = Bounding(search, index).likely(plan.root, bits, number, titled)
    docs = docs_of(bits)
    scores = search.scores(plan.root, docs, bits)
    for hint in plan.hints:
        if here := search.match(hint) & bits:
            some = docs_of(here)
            more = dict(zip(some, search.scores(hint, some, here), strict=True))
            scores = list(map(add, scores, map(more.get, docs, repeat(0.0))))
    if titled:
        scores = list(map(add, scores, map(titled.get, docs, repeat(0.0))))
    best = _highest(docs, scores, number)
    if plan.named:
        best = _with_neatness(best, plan, index)
    return _best_first(best, index)[plan.offset : end]


def _highest(docs: Sequence[int], scores: Sequence[float], number: int) -> dict[int, float]:
    """Return at least so many articles with the highest scores, all of those that have as much as the last."""
    if len(docs) <= number:
        return dict(zip(docs, scores, strict=True))
    least = heapq.nlargest(number, scores)[-1] - 1e-6
    return {doc: score for doc, score in zip(docs, scores, strict=True) if score >= least}


def _best_first(found: Mapping[int, float], index: Index) -> list[tuple[int, float]]:
    """Return the articles with their scores in order; equal scores by date, newest first, undated last."""
    days = index.days()
    # Rounded, so that the order in which scores were added up never decides.
    return sorted(found.items(), key=lambda item: (-round(item[1], 6), -days[item[0]], index.id_of(item[0])))


def _by_day(search: Search, index: Index, plan: Plan, bits: int) -> list[tuple[int, float]]:
    """Return the page asked for with its scores, by date; undated last."""
    end = plan.offset + plan.limit
    days = index.days()
    docs = docs_of(bits)
    if plan.order == "newest":
        chosen = heapq.nsmallest(end, docs, key=lambda doc: (-days[doc], index.id_of(doc)))
    else:
        chosen = heapq.nsmallest(end, docs, key=lambda doc: (days[doc] or 99999999, index.id_of(doc)))
    page = chosen[plan.offset :]
    in_order = sorted(page)
    scores = dict(zip(in_order, search.scores(plan.root, in_order, bits_of(in_order, search.size)), strict=True))
    return [(doc, scores[doc]) for doc in page]


def _facet(name: FacetField, found: int, index: Index) -> dict[str, int]:
    if name == "year":
        years = {str(year): (found & bits).bit_count() for year, bits in index.years().items()}
        return {year: count for year, count in sorted(years.items(), reverse=True) if count}
    counts: dict[str, Counter[str]] = {}
    for value, bits in index.values(name):
        if count := (found & bits).bit_count():
            counts.setdefault(fold_label(value), Counter())[value] += count
    # Spellings of one value are counted together, under the one that most posts use.
    merged = {
        max(spellings, key=lambda value: (spellings[value], value)): spellings.total() for spellings in counts.values()
    }
    return dict(sorted(merged.items(), key=lambda item: (-item[1], item[0])))
