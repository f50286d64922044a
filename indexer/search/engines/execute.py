"""Run a plan over an index: match, score what matches alone, order, and count facets."""

from __future__ import annotations

import heapq
from collections import Counter
from itertools import pairwise, repeat
from operator import add
from typing import TYPE_CHECKING

from indexer.analysis import fold_label
from indexer.search.engine import (
    Frequencies,
    Hit,
    Phrase,
    Results,
    VocabularyEntry,
)
from indexer.search.engines.bits import bits_of, docs_of
from indexer.search.engines.bounds import Bounding
from indexer.search.engines.local import LocalEngine
from indexer.search.engines.scoring import Search
from indexer.search.ranking import PLACES, checksum, form_codes, has_form, idf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from indexer.search.engine import FacetField, FilterField, NamedWord, Plan
    from indexer.search.engines.postings import Index

# A title adds _TITLE of what the words typed are worth, by the square of the share of them that it has; more where they
# stand in a row and are the whole of it. Among the first _LOOKED_INTO, two words in a row in the text add _ROW of the
# commoner one's worth, and a word in the very form typed _FORM of its own. Set by names of posts on three blogs:
# nothing moves with _TITLE .8 to 1 and _TITLE_WHOLE 1 to 3.
_TITLE, _TITLE_ROW, _TITLE_WHOLE, _OTHER_FORM, _STOP_WORD = 0.8, 0.5, 1.5, 0.6, 0.1
_ROW, _FORM = 0.3, 0.1
_LOOKED_INTO = 50
# Above so many articles bounds are found first.
_MANY = 500


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
        idf(index.articles, len(found.codes)) * (1.0 if word.content_word else _STOP_WORD)
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
        if one.content_word and other.content_word and one.term != other.term
    }


def _forms(plan: Plan, index: Index) -> dict[str, float]:
    """Return the words typed, with what it adds to a score that an article has them in that very form."""
    return {
        word.surface: _FORM * idf(index.articles, len(index.postings(word.term).codes))
        for word in plan.named
        if word.content_word
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


class Reader(LocalEngine):
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
                wanted = list(terms)
                titles = {term: len(index.titles(term).codes) for term in wanted}
                documents = {term: index.count(term) for term in wanted}
                return Frequencies(documents, index.articles, index.mean_length, titles)
        return Frequencies(dict.fromkeys(terms, 0), 0, 0.0)

    def vocabulary(self, prefix: str = "") -> Mapping[str, VocabularyEntry]:
        """Return the folded words that start so."""
        raise NotImplementedError

    def known(self, words: Iterable[str]) -> Mapping[str, VocabularyEntry]:
        """Return those of the folded words that some article has."""
        found = self.vocabulary()
        return {word: found[word] for word in words if word in found}

    def starting(self, prefix: str, limit: int | None = None) -> Mapping[str, VocabularyEntry]:
        """Return the folded words that start so, the commonest first."""
        found = self.vocabulary(prefix)
        return {word: found[word] for word in sorted(found, key=lambda word: (-found[word].articles, word))[:limit]}

    def values(self, name: FilterField, like: str = "", limit: int | None = None) -> Mapping[str, int]:
        """Return the values of a filter field with their number of articles."""
        with self._explained():
            if index := self._index():
                counts, wanted = index.counts(name), fold_label(like)
                names = [value for value in counts if not wanted or wanted in fold_label(value)]
                return {
                    value: counts[value] for value in sorted(names, key=lambda value: (-counts[value], value))[:limit]
                }
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
