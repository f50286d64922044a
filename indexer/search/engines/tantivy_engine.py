"""Keep the index with tantivy: its segments, its postings and scores, its dictionaries and aggregations."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

import tantivy
from tantivy import Occur, Query

from indexer.analysis import ANALYSIS_VERSION, fold_label
from indexer.errors import IndexUnusableError
from indexer.search.engine import FacetField, Frequencies, Hit, Results, TextField, VocabularyEntry
from indexer.search.engines.local import LocalEngine, save_format
from indexer.search.engines.translate import (
    ALL,
    FACETS,
    FILTER,
    SEPARATOR,
    VALUE,
    WORD,
    facet,
    facet_values,
    filter_terms,
    matching,
    scoring,
    telling,
    title_pairs,
    weighted_terms,
)
from indexer.search.ranking import day_number, weighted_length

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from indexer.search.engine import FilterField, Indexed, Location, Plan

_TEXTS: tuple[TextField, ...] = get_args(TextField)
_ID, _DIGEST, _TITLE, _LENGTH, _NEWEST, _OLDEST = "id", "digest", "named", "length", "newest", "oldest"
"""`newest` and `oldest` hold day and id in one number, so that either order is a field's: of articles of one day those
with the lower id come first, and undated ones come last.
"""
_LOW = (1 << 32) - 1
_UNDATED = 99999999
_HEAP_BYTES = 128_000_000
"""What is gathered before a segment is written. Measured: 10,000 posts are one segment, which is searched fastest."""
_MOST_BITS = 20
"""Bonuses that one score tells: a number of 32 bits with a decimal point has 24 for whole ones."""
_PLACES = 4
"""Decimals of scores that count: beyond, the order in which they were added up decides."""


def _schema() -> tantivy.Schema:
    made = tantivy.SchemaBuilder()
    made.add_unsigned_field(_ID, indexed=True)
    made.add_bytes_field(_TITLE, stored=True)
    for name in (_LENGTH, _NEWEST, _OLDEST):
        made.add_unsigned_field(name, fast=True)
    made.add_text_field(ALL, tokenizer_name="whitespace", index_option="freq")
    for name in _TEXTS:
        made.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    made.add_text_field(WORD, tokenizer_name="whitespace", index_option="basic")
    for name in (FILTER, VALUE, _DIGEST):
        made.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        made.add_text_field(_facet(name), tokenizer_name="raw", index_option="basic", fast=True)
    return made.build()


def _facet(name: FacetField) -> str:
    return f"{name}s"


_SCHEMA = _schema()


def _document(article: Indexed) -> tantivy.Document:
    """Return what tantivy takes of an article."""
    made = tantivy.Document()
    day = day_number(article.published)
    made.add_unsigned(_ID, article.id)
    made.add_text(_DIGEST, f"{article.id} {article.digest}")
    made.add_unsigned(_NEWEST, day << 32 | _LOW - article.id)
    made.add_unsigned(_OLDEST, (day or _UNDATED) << 32 | article.id)
    made.add_unsigned(_LENGTH, round(10 * weighted_length(article.fields)))
    made.add_text(ALL, " ".join(weighted_terms(article)))
    for field, words in article.fields.items():
        made.add_text(field, " ".join(words))
    made.add_text(WORD, " ".join([f"{word}{SEPARATOR}{term}" for word, term in article.words.items()]))
    titled = SEPARATOR.join(" ".join(words) for words in zip(*title_pairs(article), strict=True))
    made.add_bytes(_TITLE, titled.encode("utf-8", "replace"))
    for into, found in zip((FILTER, VALUE), filter_terms(article), strict=True):
        for value in found:
            made.add_text(into, value)
    for name, value in facet_values(article):
        made.add_text(_facet(name), value)
    return made


class _Queries:
    """The queries of tantivy for one state of the index."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher

    def term(self, field: str, text: str) -> Query:
        return Query.term_query(_SCHEMA, field, text, "freq" if field == ALL else "basic")

    def placed(self, fields: Sequence[TextField], terms: Sequence[str]) -> Query:
        if len(terms) == 1:
            return self.any_of([self.term(name, terms[0]) for name in fields])
        return self.any_of([Query.phrase_query(_SCHEMA, name, list(terms)) for name in fields])

    def all_of(self, parts: Sequence[Query], without: Sequence[Query]) -> Query:
        return Query.boolean_query(
            [*((Occur.Must, part) for part in parts), *((Occur.MustNot, part) for part in without)]
        )

    def any_of(self, parts: Sequence[Query]) -> Query:
        return parts[0] if len(parts) == 1 else Query.boolean_query([(Occur.Should, part) for part in parts])

    def best_of(self, parts: Sequence[Query]) -> Query:
        return Query.disjunction_max_query(parts)

    def scored(self, query: Query, more: Sequence[Query]) -> Query:
        return Query.boolean_query([(Occur.Must, query), *((Occur.Should, part) for part in more)])

    def boosted(self, query: Query, weight: float) -> Query:
        return Query.boost_query(query, weight)

    def constant(self, query: Query, score: float) -> Query:
        return Query.const_score_query(query, score)

    def everything(self) -> Query:
        return Query.all_query()

    def days(self, first: int, last: int) -> Query:
        return Query.range_query(_SCHEMA, _NEWEST, tantivy.FieldType.Unsigned, first << 32, last << 32 | _LOW)

    def terms(self, field: str, prefix: str) -> Iterable[str]:
        return [term for term, _ in self._searcher.terms_with_prefix(field, prefix)]


@contextmanager
def _explained() -> Iterator[None]:
    """Say of whatever a damaged index makes of reading it that the index can't be used."""
    try:
        yield
    except (ValueError, OSError) as problem:
        raise IndexUnusableError from problem
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":  # of Rust, derived from nothing else
            raise
        raise IndexUnusableError from problem


class TantivyEngine(LocalEngine):
    """Search and change one index folder."""

    name = "tantivy"
    form = f"tantivy 2, analysis {ANALYSIS_VERSION}"

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self._opened: tantivy.Searcher | None = None
        self._all: Query | None = None
        self._mean: float | None = None
        self._values: dict[str, list[tuple[str, int]]] = {}

    def _searcher(self) -> tantivy.Searcher | None:
        """Return the index as it was when first asked for; `None` while nothing was ever written."""
        if self._opened is None and self._is_written():
            index = tantivy.Index.open(self._folder)
            index.config_reader("manual")
            self._opened = index.searcher()
            # Dictionaries count what is deleted too, until it is merged away; to leave it out takes a query.
            deleted = any(name.endswith(".del") for name in os.listdir(self._folder))  # noqa: PTH208
            self._all = Query.all_query() if deleted else None
        return self._opened

    def search(self, plan: Plan) -> Results:
        """Run the plan."""
        with _explained():
            if searcher := self._searcher():
                return _Run(searcher, plan).results()
        return Results((), 0, {name: {} for name in plan.facets})

    def totals(self, plans: Iterable[Plan]) -> Iterator[int]:
        """Return how many articles each plan matches, one after the other as they are wanted."""
        for plan in plans:
            with _explained():
                searcher = self._searcher()
                yield _count_of(searcher, matching(plan, _Queries(searcher))) if searcher else 0

    def frequencies(self, terms: Iterable[str]) -> Frequencies:
        """Return in how many articles, and titles, the terms stand."""
        wanted = list(terms)
        with _explained():
            if searcher := self._searcher():
                documents = {term: self._count(searcher, ALL, term) for term in wanted}
                titles = {term: documents[term] and self._count(searcher, "title", term) for term in wanted}
                return Frequencies(documents, searcher.num_docs, self._mean_length(searcher), titles)
        return Frequencies(dict.fromkeys(wanted, 0), 0, 0.0, dict.fromkeys(wanted, 0))

    def _mean_length(self, searcher: tantivy.Searcher) -> float:
        if self._mean is None:
            found = searcher.aggregate(Query.all_query(), {"mean": {"avg": {"field": _LENGTH}}})
            self._mean = float(found["mean"]["value"] or 0.0) / 10
        return self._mean

    def _count(self, searcher: tantivy.Searcher, field: str, term: str) -> int:
        count = searcher.doc_freq(field, term)
        return _count_of(searcher, _Queries(searcher).term(field, term)) if count and self._all else count

    def known(self, words: Iterable[str]) -> Mapping[str, VocabularyEntry]:
        """Return those of the folded words that some article has."""
        with _explained():
            if searcher := self._searcher():
                found = (searcher.terms_with_prefix(WORD, f"{word}{SEPARATOR}", self._all) for word in words)
                return _entries(each for terms in found for each in terms)
        return {}

    def starting(self, prefix: str, limit: int | None = None) -> Mapping[str, VocabularyEntry]:
        """Return the folded words that start so, the commonest first."""
        with _explained():
            if searcher := self._searcher():
                return _entries(searcher.terms_with_prefix(WORD, prefix, self._all, limit))
        return {}

    def values(self, name: FilterField, like: str = "", limit: int | None = None) -> Mapping[str, int]:
        """Return the values of a filter field that hold `like`, the commonest first."""
        with _explained():
            if searcher := self._searcher():
                if name not in self._values:
                    self._values[name] = searcher.terms_with_prefix(VALUE, f"{name}{SEPARATOR}", self._all)
                found = self._values[name]
                wanted, at = fold_label(like), len(name) + 1
                kept = [(term[at:], count) for term, count in found if not wanted or wanted in fold_label(term[at:])]
                return dict(kept[:limit])
        return {}

    def ids(self) -> Iterable[tuple[int, str]]:
        """Return id and digest of every article in the index."""
        with _explained():
            if searcher := self._searcher():
                pairs = (term.split(" ", 1) for term, _ in searcher.terms_with_prefix(_DIGEST, "", self._all))
                return sorted((int(number), digest) for number, digest in pairs)
        return []

    def replace(self, articles: Iterable[Indexed]) -> None:
        """Add the articles, replacing those with the same id; all of them become visible together."""
        with self._writing() as (writer, is_new):
            seen: set[int] = set()
            for article in articles:
                if not is_new or article.id in seen:
                    _take_out(writer, [article.id])
                seen.add(article.id)
                writer.add_document(_document(article))

    def delete(self, ids: Iterable[int]) -> None:
        """Take the articles out; unknown ids are no error."""
        unwanted = list(ids)
        if unwanted and self._check_format():
            with self._writing() as (writer, _):
                _take_out(writer, unwanted)

    @contextmanager
    def _writing(self) -> Iterator[tuple[tantivy.IndexWriter, bool]]:
        """Give a writer, and tell whether it begins an index; nothing is kept where the block ends with an error."""
        self.close()
        with _explained():
            is_new = not self._check_format()
            Path(self._folder).mkdir(parents=True, exist_ok=True)
            index = tantivy.Index(_SCHEMA, self._folder)
            writer = index.writer(_HEAP_BYTES, 1)
        try:
            yield writer, is_new
            with _explained():
                writer.commit()
        except BaseException:
            writer.rollback()
            raise
        finally:
            writer.wait_merging_threads()
        if is_new:
            save_format(Path(self._folder), self.form)

    def close(self) -> None:
        """Let go of files."""
        self._opened = self._all = self._mean = None
        self._values = {}


def _count_of(searcher: tantivy.Searcher, query: Query) -> int:
    return int(searcher.search(query, 1).count)  # type: ignore[attr-defined]


def _numbers(searcher: tantivy.Searcher, field: str, hits: Sequence[tuple[float, tantivy.DocAddress]]) -> list[int]:
    """Return what a field has for each hit."""
    return cast("list[int]", searcher.fast_field_values(field, [address for _, address in hits]))


def _take_out(writer: tantivy.IndexWriter, ids: Sequence[int]) -> None:
    writer.delete_documents_by_query(Query.term_set_query(_SCHEMA, _ID, ids))


def _entries(terms: Iterable[tuple[str, int]]) -> dict[str, VocabularyEntry]:
    """Return what terms of the field `WORD` say; of a word with several terms the commonest."""
    found: dict[str, VocabularyEntry] = {}
    for text, articles in terms:
        word, _, term = text.partition(SEPARATOR)
        found.setdefault(word, VocabularyEntry(term, articles))
    return found


class _Run:
    """One run of a plan."""

    def __init__(self, searcher: tantivy.Searcher, plan: Plan) -> None:
        self._searcher, self._plan, self._make = searcher, plan, _Queries(searcher)

    def results(self) -> Results:
        """Return what the plan finds."""
        plan, order = self._plan, self._plan.order
        total, hits = self._by_score() if order == "relevance" and plan.limit else self._by_day()
        return Results(hits, total, self._facets() if plan.facets else {})

    def _by_score(self) -> tuple[int, tuple[Hit, ...]]:
        plan, query = self._plan, scoring(self._plan, self._make)
        end, number = plan.offset + plan.limit, plan.offset + plan.limit + 1
        while True:
            found = self._searcher.search(query, number)
            scores = [round(score, _PLACES) for score, _ in found.hits]
            total = int(found.count)  # type: ignore[attr-defined]
            # Where the last of a page has the score of the next one, days decide, so all with that score are looked at.
            if len(scores) < number or scores[-1] < scores[end - 1]:
                break
            number = min(4 * number, total + 1)
        keys = _numbers(self._searcher, _NEWEST, found.hits)
        ranked = sorted(zip(scores, keys, found.hits, strict=True), key=lambda hit: (-hit[0], -hit[1]))
        page = ranked[plan.offset : end]
        hits = [Hit(_LOW - (key & _LOW), score) for score, key, _ in page]
        return total, self._told(hits, [address for _, _, (_, address) in page])

    def _told(self, hits: Sequence[Hit], addresses: Sequence[tantivy.DocAddress]) -> tuple[Hit, ...]:
        """Return the hits with the bonuses that each has, and its title."""
        if not (self._plan.bonuses and hits):
            return tuple(hits)
        ids = Query.term_set_query(_SCHEMA, _ID, [hit.article_id for hit in hits])
        among = Query.const_score_query(ids, 0.0)
        bits: dict[int, int] = {}
        for start in range(0, len(self._plan.bonuses), _MOST_BITS):
            some = telling(self._plan.bonuses[start : start + _MOST_BITS], self._make)
            found = self._searcher.search(self._make.scored(among, some), len(hits), count=False).hits
            keys = _numbers(self._searcher, _NEWEST, found)
            for (score, _), key in zip(found, keys, strict=True):
                number = _LOW - (key & _LOW)
                bits[number] = bits.get(number, 0) | int(score) << start
        worth = sum(1 << number for number, bonus in enumerate(self._plan.bonuses) if bonus.worth)
        told = []
        for (number, score, *_), address in zip(hits, addresses, strict=True):
            has = bits[number]
            title = _title(self._searcher.doc(address)) if has & worth else ()
            told.append(Hit(number, score, bonuses=has, title=title))
        return tuple(told)

    def _by_day(self) -> tuple[int, tuple[Hit, ...]]:
        plan, query = self._plan, matching(self._plan, self._make)
        newest = plan.order != "oldest"
        found = self._searcher.search(
            query,
            max(1, plan.limit),
            order_by_field=_NEWEST if newest else _OLDEST,
            order=tantivy.Order.Desc if newest else tantivy.Order.Asc,
            offset=plan.offset,
        )
        total = int(found.count)  # type: ignore[attr-defined]
        ids = [_LOW - (key & _LOW) if newest else key & _LOW for key, _ in found.hits[: plan.limit]]
        if not ids:
            return total, ()
        among = Query.const_score_query(Query.term_set_query(_SCHEMA, _ID, ids), 0.0)
        scored = self._searcher.search(self._make.all_of([query, among], []), len(ids)).hits
        keys = _numbers(self._searcher, _OLDEST, scored)
        scores = {key & _LOW: round(score, _PLACES) for (score, _), key in zip(scored, keys, strict=True)}
        return total, tuple(Hit(number, scores[number]) for number in ids)

    def _facets(self) -> dict[FacetField, dict[str, int]]:
        most = self._searcher.num_docs
        wanted = {name: {"terms": {"field": _facet(name), "size": 65000}} for name in self._plan.facets}
        found = self._searcher.aggregate(matching(self._plan, self._make), wanted) if most else {}
        return {
            name: facet(name, ((each["key"], each["doc_count"]) for each in found[name]["buckets"]) if found else ())
            for name in self._plan.facets
        }


def _title(stored: tantivy.Document) -> tuple[tuple[str, str], ...]:
    surfaces, _, terms = bytes(stored.get_first(_TITLE) or b"").decode().partition(SEPARATOR)
    return tuple(zip(surfaces.split(" "), terms.split(" "), strict=True)) if surfaces else ()


def open_index(location: Location) -> TantivyEngine:
    """Open the index in its folder; nothing is written before the first article comes."""
    return TantivyEngine(f"{location.folder}/tantivy")
