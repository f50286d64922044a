"""Score articles by BM25F from coded postings, the same for every engine that can hand its postings over.

A posting is an article and a *code*: two bytes that hold the term's weighted frequency and the article's length. The
collection's mean length enters when a query runs, so a code never ages. Robertson, Zaragoza: The Probabilistic
Relevance Framework, 2009.
"""

from __future__ import annotations

import heapq
from collections import Counter
from itertools import compress, pairwise, repeat
from math import log, log2
from operator import add
from typing import TYPE_CHECKING, NamedTuple, Protocol

from indexer.analysis import fold_label
from indexer.engine import (
    ARTICLE_FIELDS,
    AllOf,
    Alternatives,
    AnyOf,
    Everything,
    FacetField,
    Filter,
    FilterField,
    Hit,
    Not,
    Phrase,
    Plan,
    Results,
    Term,
    TextField,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from indexer.engine import Frequencies, Indexed, NamedWord, Node

FIELD_WEIGHTS: Mapping[TextField, float] = {"title": 2.0, "headings": 1.2, "body": 1.0, "editorial": 0.2}
"""How much an occurrence counts; `template` counts nothing."""

K1 = 1.2
B = 0.7
# Weights, K1 and B: the middle of a plateau of the mean nDCG@10 of cisi and cacm (title 1.5-2.5, K1 1.0-1.4, B .6-.75).

FEEDBACK_ARTICLES = 7
_FEEDBACK_TERMS = 30
_FEEDBACK_WEIGHT = 0.35
_FEEDBACK_LEAST = 2
# 7 articles, 30 terms in two of them at least, 0.35: +.01 to .02 nDCG@10 and MAP on both collections; as good with 6 to
# 8 articles, 30 to 60 terms, 0.3 to 0.4.

# A title adds _TITLE of what the words typed are worth, by the square of the share of them that it has; more where they
# stand in a row and are the whole of it. Two words in a row in the text add _ROW of the commoner one's worth, among the
# first _LOOKED_INTO. Set by names of posts on three blogs: nothing moves with _TITLE .8 to 1 and _TITLE_WHOLE 1 to 3.
_TITLE, _TITLE_ROW, _TITLE_WHOLE, _OTHER_FORM, _IDLE_WORD = 0.8, 0.5, 1.5, 0.6, 0.1
_ROW = 0.3
_LOOKED_INTO = 50
_LENGTH_STEPS = 16  # to each doubling: 6 cost .005 nDCG@10 on cisi and cacm
_PLACES = 31

_MOST_EXPANSIONS = 128
_MORE_THAN_ANY_SCORE = 100.0
_FAR_FUTURE = "9999-12-31"


def code_of(frequency: float, length: float) -> int:
    """Return the two-byte code of a weighted frequency (tenths up to 12.7, then steps of 4 %) and a length."""
    tenths = round(frequency * 10)
    high = max(1, tenths) if tenths <= 127 else min(255, 127 + round(17.7 * log2(frequency / 12.7)))
    return high << 8 | min(255, round(_LENGTH_STEPS * log2(1 + length / 8)))


def read_code(code: int) -> tuple[float, float]:
    """Return the weighted frequency and the length that a code stands for."""
    high = code >> 8
    frequency = high / 10 if high <= 127 else 12.7 * 2 ** ((high - 127) / 17.7)
    return frequency, 8 * (2 ** ((code & 255) / _LENGTH_STEPS) - 1)


_FREQUENCIES = [read_code(high << 8)[0] for high in range(256)]
_LENGTHS = [read_code(low)[1] for low in range(256)]


def weighted_length(fields: Mapping[TextField, Sequence[str]]) -> float:
    """Return the length of an article in words, each counted by the weight of its field."""
    return sum(weight * len(fields.get(name, ())) for name, weight in FIELD_WEIGHTS.items())


def codes(article: Indexed, doc: int = 0) -> dict[str, int]:
    """Return for every term of an article its posting as one number: `doc`, then the code in the last two bytes."""
    length = weighted_length(article.fields)
    frequencies = _weighted_frequencies(article)
    known = {frequency: doc << 16 | code_of(frequency, length) for frequency in set(frequencies.values())}
    return {term: known[frequency] for term, frequency in frequencies.items()}


def title_codes(article: Indexed, doc: int = 0) -> dict[str, int]:
    """Return for every term of the title one number: `doc`, then in two bytes its place, the title's length and the
    checksum of the word's folded form.
    """
    terms = article.fields.get("title", ())
    surfaces = article.title if len(article.title) == len(terms) else terms
    length = min(len(terms), _PLACES)
    found: dict[str, int] = {}
    for place, (term, surface) in enumerate(zip(terms, surfaces, strict=True)):
        code = doc << 16 | min(place, _PLACES) << 11 | length << 6 | _checksum(surface)
        found.setdefault(term, code)
        if term.count(".") > 1:
            # 1.65 names 1.65.0 too, as another form of it.
            found.setdefault(term.rpartition(".")[0], code)
    return found


def _checksum(surface: str) -> int:
    """Return six bits that tell most forms of a word apart."""
    return sum(surface.encode("utf-8", "surrogatepass")) & 63


def _weighted_frequencies(article: Indexed) -> dict[str, float]:
    # The body's weight is 1: counting it first leaves little to add up.
    frequencies: dict[str, float] = Counter(article.fields.get("body", ()))  # type: ignore[assignment]
    for name, weight in FIELD_WEIGHTS.items():
        if name != "body":
            for term in article.fields.get(name, ()):
                frequencies[term] = frequencies.get(term, 0.0) + weight
    return frequencies


class Postings(NamedTuple):
    """The articles of a term, as the engine numbers them, and their codes."""

    docs: Sequence[int]
    codes: Sequence[int]


class Index(Protocol):
    """What an engine shows of its index. Articles are numbered by the engine as it likes, from 0."""

    @property
    def articles(self) -> int:
        """Return the number of articles."""

    @property
    def mean_length(self) -> float:
        """Return the mean weighted length of an article."""

    def postings(self, term: str) -> Postings:
        """Return the articles with the term in a field of the article."""

    def titles(self, term: str) -> Postings:
        """Return the articles with the term in their title, and their codes of `title_codes`."""

    def together(self, runs: Sequence[tuple[str, ...]], docs: Sequence[int]) -> Sequence[set[int]]:
        """Return for each run of terms those of the articles in which it stands in a row in one of the fields."""

    def terms(self, prefix: str) -> Iterable[str]:
        """Return the terms that start so."""

    def places(self, terms: Sequence[str], fields: Sequence[TextField]) -> set[int]:
        """Return the articles in which the terms stand one after the other in one of the fields."""

    def filtered(self, name: FilterField, folded: str) -> Iterable[int]:
        """Return the articles that have the folded value."""

    def values(self, name: FilterField) -> Iterable[tuple[str, Sequence[int]]]:
        """Return the values of a filter field with their articles."""

    def everything(self) -> Iterable[int]:
        """Return all articles."""

    def days(self) -> Sequence[int]:
        """Return the day of publication of each article by its number, as `YYYYMMDD`, 0 for none."""

    def id_of(self, doc: int) -> int:
        """Return the id of an article."""


class _Scores(dict[int, float]):
    """Turn codes into scores of one term, each code once."""

    def __init__(self, scale: float, norms: Sequence[float]) -> None:
        super().__init__()
        self._scale = scale * (K1 + 1)
        self._norms = norms

    def __missing__(self, code: int) -> float:
        frequency = _FREQUENCIES[code >> 8]
        self[code] = score = self._scale * frequency / (frequency + self._norms[code & 255])
        return score


def idf(articles: int, with_term: int) -> float:
    """Return the inverse document frequency, always above 0."""
    return log(1 + (articles - with_term + 0.5) / (with_term + 0.5))


class _Search:
    """One run of a plan over an index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        mean = index.mean_length or 1.0
        self._norms = [K1 * (1 - B + B * length / mean) for length in _LENGTHS]

    def scores(self, node: Node) -> dict[int, float]:
        """Return the articles that match the node, with their scores."""
        match node:
            case Term():
                return self._term(node)
            case Phrase():
                return self._phrase(node)
            case AllOf(parts):
                return self._all(parts)
            case AnyOf(parts, most_first):
                return self._any(parts, _MORE_THAN_ANY_SCORE if most_first else 0.0)
            case Alternatives(parts):
                return self._best(parts)
            case Filter():
                return dict.fromkeys(self.filtered(node), 0.0)
            case Not(part):
                return dict.fromkeys(set(self._index.everything()) - self.scores(part).keys(), 0.0)
            case Everything():
                return dict.fromkeys(self._index.everything(), 0.0)

    def filtered(self, node: Filter) -> set[int]:
        """Return the articles that pass the filter."""
        found: set[int] = set()
        for value in node.values:
            found.update(self._index.filtered(node.field, fold_label(value)))
        return found

    def _plain(self, term: str, weight: float) -> dict[int, float]:
        docs, coded = self._index.postings(term)
        table = _Scores(weight * idf(self._index.articles, len(docs)), self._norms)
        return dict(zip(docs, map(table.__getitem__, coded), strict=True))

    def _term(self, node: Term) -> dict[int, float]:
        if node.prefix:
            terms = heapq.nsmallest(_MOST_EXPANSIONS, self._index.terms(node.term), key=lambda term: (len(term), term))
            return self._best(tuple(Term(term, node.fields, node.weight) for term in terms))
        if node.fields == ARTICLE_FIELDS:
            return self._plain(node.term, node.weight)
        return self._placed((node.term,), node.fields, node.weight)

    def _phrase(self, node: Phrase) -> dict[int, float]:
        return self._placed(node.terms, node.fields, node.weight)

    def _placed(self, terms: tuple[str, ...], fields: Sequence[TextField], weight: float) -> dict[int, float]:
        """Score what stands in certain fields or in a row as one term, as frequent as the rarest of its words."""
        places = self._index.places(terms, fields)
        if not places:
            return {}
        scale = weight * idf(self._index.articles, len(places))
        # What was set aside has no frequencies: where nothing else matches, all score alike.
        found = dict.fromkeys(places, scale * (K1 + 1))
        table = _Scores(scale, self._norms)
        for term in dict.fromkeys(terms):
            docs, coded = self._index.postings(term)
            chosen = list(map(places.__contains__, docs))
            here = list(compress(docs, chosen))
            scores = map(table.__getitem__, compress(coded, chosen))
            found.update(zip(here, map(min, map(found.__getitem__, here), scores), strict=True))
        return found

    def _all_plain(self, terms: Sequence[Term]) -> dict[int, float]:
        """Score the articles with all of the terms; all of it in loops that the interpreter runs itself."""
        lists = sorted(
            ((self._index.postings(node.term), node.weight) for node in terms), key=lambda one: len(one[0].docs)
        )
        common = set(lists[0][0].docs).intersection(*(docs for (docs, _), _ in lists[1:]))
        found: list[int] = []
        total: Iterable[float] = repeat(0.0)
        for (docs, coded), weight in lists:
            # Postings are in the order of their articles, so that what is left of one list goes with that of another.
            chosen = list(map(common.__contains__, docs))
            found = found or list(compress(docs, chosen))
            table = _Scores(weight * idf(self._index.articles, len(docs)), self._norms)
            total = map(add, total, map(table.__getitem__, compress(coded, chosen)))
        return dict(zip(found, total, strict=False))

    def _all(self, parts: Sequence[Node]) -> dict[int, float]:
        plain = [part for part in parts if isinstance(part, Term) and not part.prefix and part.fields == ARTICLE_FIELDS]
        others = [part for part in parts if part not in plain]
        wanted = [self.scores(part) for part in others if not isinstance(part, Not)]
        if plain:
            wanted.append(self._all_plain(plain))
        wanted.sort(key=len)
        found = wanted[0] if wanted else dict.fromkeys(self._index.everything(), 0.0)
        for other in wanted[1:]:
            found = _in_both(found, other)
        for part in parts:
            if isinstance(part, Not) and found:
                found = _without(found, self.scores(part.part))
        return found

    def _any(self, parts: Sequence[Node], for_each: float) -> dict[int, float]:
        found: dict[int, float] = {}
        for part in parts:
            scores = self.scores(part)
            both = _in_both(found, scores)
            found.update(scores)
            found.update(zip(both, map(for_each.__add__, both.values()), strict=True) if for_each else both)
        return found

    def _best(self, parts: Sequence[Node]) -> dict[int, float]:
        found: dict[int, float] = {}
        for part in parts:
            for doc, score in self.scores(part).items():
                if score > found.get(doc, -1.0):
                    found[doc] = score
        return found


class _TitleScores(dict[tuple[int, ...], float]):
    """Turn the codes of the words typed in a title, 0 for none, into what they add to the score, each row once."""

    def __init__(self, named: Sequence[NamedWord], worths: Sequence[float]) -> None:
        super().__init__()
        self._checksums = [_checksum(word.surface) for word in named]
        self._worths = worths
        self._all = sum(worths) or 1.0

    def __missing__(self, row: tuple[int, ...]) -> float:
        self[row] = score = self._score(row)
        return score

    def _score(self, row: tuple[int, ...]) -> float:
        worth = 0.0
        for code, checksum, most in zip(row, self._checksums, self._worths, strict=True):
            if code:
                worth += most if code & 63 == checksum else _OTHER_FORM * most
        present = [code for code in row if code]
        in_row = sum(bool(one and other) and other >> 11 == (one >> 11) + 1 for one, other in pairwise(row))
        factor = 1 + _TITLE_WHOLE * min(1.0, len(present) / (present[0] >> 6 & _PLACES))
        if len(row) > 1:
            factor += _TITLE_ROW * in_row / (len(row) - 1)
        return _TITLE * factor * worth * worth / self._all


def _add_named(found: dict[int, float], named: Sequence[NamedWord], index: Index) -> None:
    """Add to the scores of articles that have the words as typed in their titles."""
    different = list(dict.fromkeys(named))
    codes_of = [dict(zip(*index.titles(word.term), strict=True)) for word in different]
    worths = [
        idf(index.articles, len(codes)) * (1.0 if word.telling else _IDLE_WORD)
        for word, codes in zip(different, codes_of, strict=True)
    ]
    titled = list(set().union(*codes_of) & found.keys())
    if titled:
        rows = zip(*(map(codes.get, titled, repeat(0)) for codes in codes_of), strict=True)
        bonus = map(_TitleScores(different, worths).__getitem__, rows)
        found.update(zip(titled, map(add, map(found.__getitem__, titled), bonus), strict=True))


def _add_rows(found: dict[int, float], plan: Plan, index: Index) -> Mapping[int, float] | None:
    """Add to the scores of the best articles in which neighbours among the words typed stand side by side.

    Return the best, before which no other can come now; `None` where nothing was asked of them.
    """
    pairs = [
        (one.term, other.term)
        for one, other in pairwise(plan.named)
        if one.telling and other.telling and one.term != other.term
    ]
    if not pairs or not found or isinstance(plan.root, Phrase):
        return None
    best = _best_first(found, index, max(_LOOKED_INTO, plan.offset + plan.limit))
    for pair, docs in zip(pairs, index.together(pairs, best), strict=True):
        worth = _ROW * min(idf(index.articles, len(index.postings(term).docs)) for term in pair)
        for doc in docs:
            found[doc] += worth
    return {doc: found[doc] for doc in best}


def _in_both(one: Mapping[int, float], other: Mapping[int, float]) -> dict[int, float]:
    """Return the articles in both with the sum of their scores; all of it in loops that the interpreter runs itself."""
    common = list(one.keys() & other.keys())
    return dict(zip(common, map(add, map(one.__getitem__, common), map(other.__getitem__, common)), strict=True))


def _without(found: dict[int, float], excluded: Mapping[int, float]) -> dict[int, float]:
    return {doc: score for doc, score in found.items() if doc not in excluded}


def run(plan: Plan, index: Index) -> Results:
    """Run a plan over an index: match, score, order, count."""
    search = _Search(index)
    found = search.scores(plan.root)
    for condition in plan.filters:
        passed = search.filtered(condition)
        found = {doc: score for doc, score in found.items() if doc in passed}
    if plan.since or plan.until:
        found = _between(found, index.days(), plan.since, plan.until)
    leading = None
    if plan.order == "relevance":
        for hint in plan.hints:
            for doc, score in search.scores(hint).items():
                if doc in found:
                    found[doc] += score
        if plan.named and plan.limit:
            _add_named(found, plan.named, index)
            leading = _add_rows(found, plan, index)
    first = _ordered(leading if leading is not None else found, index, plan)
    hits = tuple(Hit(index.id_of(doc), found[doc]) for doc in first)
    return Results(hits, len(found), {name: _facet(name, found, index) for name in plan.facets})


def _between(found: Mapping[int, float], days: Sequence[int], since: str | None, until: str | None) -> dict[int, float]:
    first = max(1, int((since or "0").replace("-", "")))
    last = int((until or _FAR_FUTURE).replace("-", ""))
    return {doc: score for doc, score in found.items() if first <= days[doc] <= last}


def _ordered(found: Mapping[int, float], index: Index, plan: Plan) -> list[int]:
    """Return the numbers of the page asked for; equal scores by date, newest first, undated last."""
    end = plan.offset + plan.limit
    days = index.days()
    if plan.order == "newest":
        ranked = heapq.nsmallest(end, found, key=lambda doc: (-days[doc], index.id_of(doc)))
    elif plan.order == "oldest":
        ranked = heapq.nsmallest(end, found, key=lambda doc: (days[doc] or 99999999, index.id_of(doc)))
    else:
        ranked = _best_first(found, index, end)
    return ranked[plan.offset : end]


def _best_first(found: Mapping[int, float], index: Index, end: int) -> list[int]:
    days = index.days()
    if len(found) > end > 0:
        least = heapq.nlargest(end, found.values())[-1] - 1e-9
        candidates: Iterable[int] = [doc for doc, score in found.items() if score >= least]
    else:
        candidates = found
    # Rounded, so that the order in which scores were added up never decides.
    return sorted(candidates, key=lambda doc: (-round(found[doc], 6), -days[doc], index.id_of(doc)))[:end]


def _facet(name: FacetField, found: Mapping[int, float], index: Index) -> dict[str, int]:
    if name == "year":
        days = index.days()
        years = Counter(days[doc] // 10000 for doc in found)
        return {str(year): count for year, count in sorted(years.items(), reverse=True) if year}
    counts: dict[str, Counter[str]] = {}
    for value, docs in index.values(name):
        count = sum(map(found.__contains__, docs))
        if count:
            counts.setdefault(fold_label(value), Counter())[value] += count
    # Spellings of one value are counted together, under the one that most posts use.
    merged = {
        max(spellings, key=lambda value: (spellings[value], value)): spellings.total() for spellings in counts.values()
    }
    return dict(sorted(merged.items(), key=lambda item: (-item[1], item[0])))


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
        for term, frequency in _weighted_frequencies(article).items():
            if known.documents.get(term):
                rarity = idf(known.articles, known.documents[term])
                worth[term] = worth.get(term, 0.0) + score / total * rarity * frequency / (frequency + norm)
                seen[term] += 1
    common = [term for term in worth if seen[term] >= _FEEDBACK_LEAST]
    best = heapq.nsmallest(_FEEDBACK_TERMS, common, key=lambda term: (-worth[term], term))
    return {term: _FEEDBACK_WEIGHT * worth[term] / worth[best[0]] for term in best}


def day_number(published: str | None) -> int:
    """Return a day `YYYY-MM-DD` as the number `YYYYMMDD`, 0 for none."""
    return int(published.replace("-", "")) if published else 0
