"""Keep the index with Whoosh: its schema, its codec, its searcher; pure Python, for libraries that are not large."""

from __future__ import annotations

import os
import struct
import time
import zlib
from contextlib import contextmanager, suppress
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

from indexer.analysis import ANALYSIS_VERSION, fold_label
from indexer.errors import IndexUnusableError
from indexer.search import ranking
from indexer.search.engine import ARTICLE_FIELDS, Frequencies, Hit, Results, VocabularyEntry
from indexer.search.engines.local import LocalEngine, save_format
from indexer.search.engines.translate import (
    ALL,
    FILTER,
    SEPARATOR,
    VALUE,
    WORD,
    facet,
    facet_values,
    filter_terms,
    matching,
    query_of,
    scoring,
    title_pairs,
)
from indexer.search.engines.whoosh_library import whoosh

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from indexer.search.engine import FacetField, FilterField, Indexed, Location, Plan, TextField

_TITLE: TextField = "title"
_TEMPLATE: TextField = "template"
_NEWEST, _STORED, _FACETED = "newest", "stored", "faceted"
"""Columns: day and id in one number, what is given back of an article, and its values that are counted."""
_REGION = 1 << 20
"""Positions that each field of an article has to itself in the field `ALL`: no row of words runs into the next."""
_LOW = (1 << 32) - 1
_PLACES = 4
"""Decimals of scores that count: beyond, the order in which they were added up decides."""
_OPEN_TRIES, _OPEN_AGAIN_S = 20, 0.02
"""Times and pauses in which a new state is waited for; chosen: it is there as soon as the old one is gone."""
_MOST_SORTED = 2_000_000
"""Postings that are sorted in memory, some 200 bytes each; chosen: more than a thousand posts have."""
_BETWEEN = "\x1f"
_DAMAGE = (
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    ImportError,
    EOFError,
    MemoryError,
    OSError,
    OverflowError,
    UnpicklingError,
    struct.error,
    zlib.error,
    whoosh.index.IndexError,
    whoosh.index.EmptyIndexError,
)


def _schema() -> Any:  # noqa: ANN401
    """Return the schema; words of a query are terms as they are: analysis is done before."""
    names = {name: whoosh.fields.ID() for name in (_TITLE, WORD, FILTER, VALUE)}
    stored = {name: whoosh.fields.COLUMN(whoosh.columns.VarBytesColumn()) for name in (_STORED, _FACETED)}
    text = {name: whoosh.fields.TEXT(analyzer=whoosh.analysis.SpaceSeparatedTokenizer()) for name in (ALL, _TEMPLATE)}
    days = {_NEWEST: whoosh.fields.COLUMN(whoosh.columns.NumericColumn("Q"))}
    return whoosh.fields.Schema(**names, **stored, **text, **days)


def _live(reader: Any, field: str, term: bytes) -> int:  # noqa: ANN401
    """Return the number of articles with a term; those taken out are still in Whoosh's own numbers."""
    if not reader.has_deletions():
        return int(reader.doc_frequency(field, term))
    return sum(1 for _ in reader.postings(field, term).all_ids()) if (field, term) in reader else 0


class _Weighting(whoosh.scoring.BM25F):  # type: ignore[misc]
    """BM25F as `indexer.search.ranking` has it."""

    def __init__(self) -> None:
        super().__init__(B=ranking.B, K1=ranking.K1)

    def idf(self, searcher: Any, fieldname: str, text: bytes) -> float:  # noqa: ANN401
        """Return the inverse document frequency, always above 0."""
        return ranking.idf(searcher.doc_count(), _live(searcher.reader(), fieldname, text))


class _Within(whoosh.query.spans.WrappingSpan):  # type: ignore[misc]
    """What a query matches in some of the fields of an article."""

    def __init__(self, q: Any, regions: frozenset[int]) -> None:  # noqa: ANN401
        self.q, self._regions = q, regions

    def estimate_size(self, ixreader: Any) -> int:  # noqa: ANN401
        """Return the most articles that it may match."""
        return int(self.q.estimate_size(ixreader))

    def matcher(self, searcher: Any, context: Any = None) -> Any:  # noqa: ANN401
        """Return what finds the articles one by one."""
        found = self._subm(searcher, context)
        return _WithinMatcher(found, self._regions) if found.is_active() else found


class _WithinMatcher(whoosh.query.spans.SpanWrappingMatcher):  # type: ignore[misc]
    def __init__(self, child: Any, regions: frozenset[int]) -> None:  # noqa: ANN401
        self._regions = regions
        super().__init__(child)

    def _replacement(self, newchild: Any) -> _WithinMatcher:  # noqa: ANN401
        return _WithinMatcher(newchild, self._regions)

    def copy(self) -> _WithinMatcher:
        """Return another one that goes its own way."""
        return _WithinMatcher(self.child.copy(), self._regions)

    def _get_spans(self) -> list[Any]:
        return [span for span in self.child.spans() if span.start // _REGION in self._regions]


class _Without(whoosh.query.WrappingQuery):  # type: ignore[misc]
    """What a query matches and another doesn't; Whoosh's own `AndNot` errs where one is in another."""

    def __init__(self, child: Any, other: Any) -> None:  # noqa: ANN401
        super().__init__(child)
        self._other = other

    def _rewrap(self, child: Any) -> _Without:  # noqa: ANN401
        return _Without(child, self._other)

    def matcher(self, searcher: Any, context: Any = None) -> Any:  # noqa: ANN401
        """Return what finds the articles one by one."""
        unwanted = set(self._other.matcher(searcher, searcher.boolean_context()).all_ids())
        return whoosh.matching.FilterMatcher(self.child.matcher(searcher, context), unwanted, exclude=True)


class _Days(whoosh.query.qcolumns.ColumnQuery):  # type: ignore[misc]
    """What was published between two days `YYYYMMDD`."""

    def __init__(self, first: int, last: int) -> None:
        super().__init__(_NEWEST, lambda key: first <= key >> 32 <= last)

    def estimate_size(self, ixreader: Any) -> int:  # noqa: ANN401
        """Return the most articles that it may match."""
        return int(ixreader.doc_count())


class _Queries:
    """The queries of Whoosh for one state of the index."""

    def __init__(self, reader: Any) -> None:  # noqa: ANN401
        self._reader = reader

    def term(self, field: str, text: str) -> Any:  # noqa: ANN401
        return whoosh.query.Term(field, text)

    def placed(self, names: Sequence[TextField], terms: Sequence[str]) -> Any:  # noqa: ANN401
        places = []
        if regions := frozenset(ARTICLE_FIELDS.index(name) for name in names if name in ARTICLE_FIELDS):
            if tuple(names) == (_TITLE,) and len(terms) == 1:
                places.append(whoosh.query.Term(_TITLE, terms[0]))
            elif len(regions) == len(ARTICLE_FIELDS):
                places.append(_row(ALL, terms))
            else:
                places.append(_Within(_row(ALL, terms), regions))
        if _TEMPLATE in names:
            places.append(_row(_TEMPLATE, terms))
        return self.any_of(places)

    def all_of(self, parts: Sequence[Any], without: Sequence[Any]) -> Any:  # noqa: ANN401
        every = parts[0] if len(parts) == 1 else whoosh.query.And(list(parts))
        return _Without(every, self.any_of(without)) if without else every

    def any_of(self, parts: Sequence[Any]) -> Any:  # noqa: ANN401
        if len(parts) == 1:
            return parts[0]
        return whoosh.query.Or(list(parts)) if parts else whoosh.query.NullQuery

    def best_of(self, parts: Sequence[Any]) -> Any:  # noqa: ANN401
        if len(parts) == 1:
            return parts[0]
        return whoosh.query.DisjunctionMax(list(parts)) if parts else whoosh.query.NullQuery

    def scored(self, found: Any, more: Sequence[Any]) -> Any:  # noqa: ANN401
        return whoosh.query.AndMaybe(found, self.any_of(more))

    def boosted(self, found: Any, weight: float) -> Any:  # noqa: ANN401
        return found.with_boost(weight)

    def constant(self, found: Any, score: float) -> Any:  # noqa: ANN401
        return whoosh.query.ConstantScoreQuery(found, score)

    def everything(self) -> Any:  # noqa: ANN401
        return whoosh.query.Every()

    def days(self, first: int, last: int) -> Any:  # noqa: ANN401
        return _Days(first, last)

    def terms(self, field: str, prefix: str) -> Iterable[str]:
        return [text.decode() for text in self._reader.expand_prefix(field, prefix.encode())]


def _row(field: str, terms: Sequence[str]) -> Any:  # noqa: ANN401
    return whoosh.query.Term(field, terms[0]) if len(terms) == 1 else whoosh.query.Phrase(field, list(terms))


@contextmanager
def _explained() -> Iterator[None]:
    """Say of whatever a damaged index makes of reading it that the index can't be used."""
    try:
        yield
    except IndexUnusableError:
        raise
    except _DAMAGE as problem:
        raise IndexUnusableError from problem


class WhooshEngine(LocalEngine):
    """Search and change one index folder."""

    name = "whoosh"
    form = f"whoosh 8, analysis {ANALYSIS_VERSION}"

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self._opened: Any = None

    def _searcher(self) -> Any:  # noqa: ANN401
        """Return the index as it was when first asked for; `None` while nothing was ever written."""
        if self._opened is None and self._is_written():
            self._opened = _open(self._folder)
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
                yield len(_docs(searcher, matching(plan, _Queries(searcher.reader())))) if searcher else 0

    def frequencies(self, terms: Iterable[str]) -> Frequencies:
        """Return in how many articles, and titles, the terms stand."""
        wanted = list(terms)
        with _explained():
            if searcher := self._searcher():
                documents = {term: self._count(ALL, term) for term in wanted}
                titles = {term: documents[term] and self._count(_TITLE, term) for term in wanted}
                number = searcher.doc_count_all() or 1
                mean = searcher.field_length(ALL) / number
                return Frequencies(documents, searcher.doc_count(), mean, titles)
        return Frequencies(dict.fromkeys(wanted, 0), 0, 0.0, dict.fromkeys(wanted, 0))

    def _count(self, field: str, term: str) -> int:
        return _live(self._opened.reader(), field, term.encode("utf-8", "replace"))

    def known(self, words: Iterable[str]) -> Mapping[str, VocabularyEntry]:
        """Return those of the folded words that some article has."""
        with _explained():
            if self._searcher():
                return {word: entry for each in words for word, entry in self._entries(f"{each}{SEPARATOR}").items()}
        return {}

    def starting(self, prefix: str, limit: int | None = None) -> Mapping[str, VocabularyEntry]:
        """Return the folded words that start so, the commonest first."""
        with _explained():
            if self._searcher():
                found = self._entries(prefix)
                return dict(sorted(found.items(), key=lambda item: (-item[1].articles, item[0]))[:limit])
        return {}

    def _entries(self, prefix: str) -> dict[str, VocabularyEntry]:
        """Return the words that start so; of a word with several terms the commonest."""
        found: dict[str, VocabularyEntry] = {}
        for text, articles in self._counted(WORD, prefix):
            word, _, term = text.partition(SEPARATOR)
            if word not in found or articles > found[word].articles:
                found[word] = VocabularyEntry(term, articles)
        return found

    def _counted(self, field: str, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield the terms of a field that start so, with their number of articles."""
        reader = self._opened.reader()
        deleted = reader.has_deletions()
        for text, info in reader.iter_prefix(field, prefix.encode("utf-8", "replace")):
            if articles := _live(reader, field, text) if deleted else int(info.doc_frequency()):
                yield text.decode(), articles

    def values(self, name: FilterField, like: str = "", limit: int | None = None) -> Mapping[str, int]:
        """Return the values of a filter field that hold `like`, the commonest first."""
        with _explained():
            if self._searcher():
                wanted, at = fold_label(like), len(name) + 1
                found = ((text[at:], count) for text, count in self._counted(VALUE, f"{name}{SEPARATOR}"))
                kept = [(value, count) for value, count in found if not wanted or wanted in fold_label(value)]
                return dict(sorted(kept, key=lambda item: (-item[1], item[0]))[:limit])
        return {}

    def ids(self) -> Iterable[tuple[int, str]]:
        """Return id and digest of every article in the index."""
        with _explained():
            if searcher := self._searcher():
                reader = searcher.reader()
                if not reader.doc_count():
                    return []
                keys, stored = reader.column_reader(_NEWEST), reader.column_reader(_STORED)
                docs = reader.all_doc_ids()
                return sorted((_LOW - (keys[doc] & _LOW), _stored(stored[doc])[0]) for doc in docs)
        return []

    def replace(self, articles: Iterable[Indexed]) -> None:
        """Add the articles, replacing those with the same id; all of them become visible together."""
        with self._writing() as writer:
            latest = {article.id: article for article in articles}
            writer.take_out(latest.keys())
            for article in latest.values():
                writer.add(article)

    def delete(self, ids: Iterable[int]) -> None:
        """Take the articles out; unknown ids are no error."""
        unwanted = set(ids)
        if unwanted and self._check_format():
            with self._writing() as writer:
                writer.take_out(unwanted)

    @contextmanager
    def _writing(self) -> Iterator[_Writer]:
        """Give a writer; what is written is kept where the block ends without an error."""
        self.close()
        with _explained():
            is_new = not self._check_format()
            Path(self._folder).mkdir(parents=True, exist_ok=True)
            storage = _Storage(self._folder)
            if is_new:
                whoosh.index.TOC.create(storage, _schema())
            writer = _Writer(whoosh.index.FileIndex(storage), compound=False)
        try:
            yield writer
        except BaseException:
            writer.cancel()
            raise
        with _explained():
            writer.commit()
        if is_new:
            save_format(Path(self._folder), self.form)

    def close(self) -> None:
        """Let go of files."""
        if self._opened is not None:
            self._opened.close()
        self._opened = None


def _open(folder: str) -> Any:  # noqa: ANN401
    """Open the newest state with all its files; a writer may take it away in between, then there is a newer one."""
    for _ in range(_OPEN_TRIES):
        opened = whoosh.index.FileIndex(_Storage(folder))
        generation = opened.latest_generation()
        with suppress(FileNotFoundError, whoosh.index.EmptyIndexError):
            searcher = opened.searcher(weighting=_Weighting())
            for reader in (leaf for leaf, _ in searcher.reader().leaf_readers() if leaf.doc_count_all()):
                reader.doc_field_length(0, ALL)
                for name in (_NEWEST, _STORED, _FACETED):
                    reader.column_reader(name)
            # Whoosh takes a missing file for an empty one, and files go only once there is another generation.
            if opened.latest_generation() == generation >= 0:
                return searcher
        time.sleep(_OPEN_AGAIN_S)
    raise IndexUnusableError


class _Storage(whoosh.filedb.filestore.FileStorage):  # type: ignore[misc]
    """Bring files to the disk before the table of contents names them; Whoosh leaves that to chance."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Give a file its name once all that it needs is on the disk."""
        for path in Path(self.folder).iterdir():
            if path.is_file():
                with path.open("rb") as file:
                    os.fsync(file.fileno())
        super().rename_file(oldname, newname, safe)


class _Lengths:
    """The lengths of articles, read once; Whoosh reads them from the disk for each posting."""

    def __init__(self, documents: Any) -> None:  # noqa: ANN401
        self._lengths = [documents.doc_field_length(doc, ALL) for doc in range(documents.doc_count_all())]

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the length of a field of an article; only one is weighed by it."""
        return self._lengths[docnum] if fieldname == ALL else 1


class _Writer(whoosh.writing.SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer, given terms with their weights and places instead of text to analyse."""

    def take_out(self, ids: Iterable[int]) -> None:
        """Mark the articles with these ids as deleted."""
        unwanted = set(ids)
        with self.reader() as reader:
            keys = reader.column_reader(_NEWEST) if reader.doc_count_all() else ()
            gone = [doc for doc in reader.all_doc_ids() if _LOW - (keys[doc] & _LOW) in unwanted]
        for doc in gone:
            self.delete_document(doc)

    def add(self, article: Indexed) -> None:
        """Add an article."""
        self.perdocwriter.start_doc(self.docnum)
        weights, places = ranking.weighted_frequencies(article), _places(article, ARTICLE_FIELDS)
        self._post(ALL, ((term, weights[term], _encode(where)) for term, where in places.items()))
        self._post(_TEMPLATE, ((term, 1.0, _encode(where)) for term, where in _places(article, (_TEMPLATE,)).items()))
        folded, values = filter_terms(article)
        words = [f"{word}{SEPARATOR}{term}" for word, term in article.words.items()]
        titled = list(dict.fromkeys(article.fields.get("title", ())))
        for field, found in ((_TITLE, titled), (WORD, words), (FILTER, folded), (VALUE, values)):
            self._post(field, ((text, 1.0, b"") for text in found))
        length = round(ranking.weighted_length(article.fields))
        self.perdocwriter.add_field(ALL, self.schema[ALL], None, length)
        for name, value in _columns(article).items():
            self.perdocwriter.add_column_value(name, self.schema[name].column_type, value)
        self.perdocwriter.finish_doc()
        if len(self.pool.current) > _MOST_SORTED:
            self.pool.save()
        self._added = True
        self.docnum += 1

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        documents = self.per_document_reader()
        self.fieldwriter.add_postings(self.schema, _Lengths(documents), self.pool.iter_postings())
        self.fieldwriter.close()
        documents.close()

    def _post(self, field: str, items: Iterable[tuple[str, float, bytes]]) -> None:
        """Hand over what a field has."""
        pool, doc = self.pool, self.docnum
        pool.fieldnames.add(field)
        pool.current += [(field, text.encode(), doc, weight, value) for text, weight, value in items]


_encode = whoosh.formats.Positions().encode


def _places(article: Indexed, names: Sequence[TextField]) -> dict[str, list[int]]:
    """Return where each term stands, each field in a region of its own."""
    places: dict[str, list[int]] = {}
    for region, name in enumerate(names):
        for place, term in enumerate(article.fields.get(name, ()), region * _REGION):
            if term in places:
                places[term].append(place)
            else:
                places[term] = [place]
    return places


def _columns(article: Indexed) -> dict[str, int | bytes]:
    """Return what is kept of an article as it is."""
    newest = ranking.day_number(article.published) << 32 | _LOW - article.id
    faceted = _BETWEEN.join(f"{name}{SEPARATOR}{value}" for name, value in facet_values(article))
    stored = _BETWEEN.join([article.digest, *map(SEPARATOR.join, title_pairs(article))])
    return {_NEWEST: newest, _STORED: stored.encode("utf-8", "replace"), _FACETED: faceted.encode("utf-8", "replace")}


def _stored(value: bytes) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the digest of an article, and the folded words of its title with their terms."""
    digest, *pairs = value.decode().split(_BETWEEN)
    return digest, tuple((surface, term) for surface, _, term in (pair.partition(SEPARATOR) for pair in pairs))


def _docs(searcher: Any, wanted: Any) -> set[int]:  # noqa: ANN401
    """Return the numbers of the articles that a query matches."""
    return set(searcher.docs_for_query(wanted))


class _Run:
    """One run of a plan."""

    def __init__(self, searcher: Any, plan: Plan) -> None:  # noqa: ANN401
        self._searcher, self._plan = searcher, plan
        self._make = _Queries(searcher.reader())
        self._keys = searcher.reader().column_reader(_NEWEST) if searcher.doc_count_all() else ()

    def results(self) -> Results:
        """Return what the plan finds."""
        plan, end = self._plan, self._plan.offset + self._plan.limit
        scores = self._scores()
        first = self._ordered(scores)[plan.offset : end] if plan.limit else []
        hits = tuple(Hit(_LOW - (self._keys[doc] & _LOW), scores[doc]) for doc in first)
        if plan.bonuses:
            hits = self._told(first, hits)
        return Results(hits, len(scores), self._facets(scores) if plan.facets else {})

    def _scores(self) -> dict[int, float]:
        """Return the score of each article that matches: only a search without a limit finds all."""
        wanted = scoring(self._plan, self._make)
        if not self._plan.limit:
            return dict.fromkeys(_docs(self._searcher, wanted), 0.0)
        found = self._searcher.search(wanted, limit=None)
        return {doc: round(score, _PLACES) for score, doc in found.top_n}

    def _ordered(self, scores: Mapping[int, float]) -> list[int]:
        """Return the articles in the order asked for."""
        keys = self._keys
        if self._plan.order == "relevance":
            return sorted(scores, key=lambda doc: (-scores[doc], -keys[doc]))
        if self._plan.order == "newest":
            return sorted(scores, key=lambda doc: -keys[doc])
        return sorted(scores, key=lambda doc: (keys[doc] >> 32 or _LOW, -(keys[doc] & _LOW)))

    def _told(self, docs: Sequence[int], hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """Return the hits with the bonuses that each has, and its title."""
        has = [_docs(self._searcher, query_of(bonus.node, self._make)) for bonus in self._plan.bonuses]
        stored = self._searcher.reader().column_reader(_STORED)
        worth = sum(1 << number for number, bonus in enumerate(self._plan.bonuses) if bonus.worth)
        told = []
        for doc, (number, score, *_) in zip(docs, hits, strict=True):
            bits = sum(1 << place for place, found in enumerate(has) if doc in found)
            told.append(Hit(number, score, bonuses=bits, title=_stored(stored[doc])[1] if bits & worth else ()))
        return tuple(told)

    def _facets(self, docs: Iterable[int]) -> dict[FacetField, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {name: {} for name in self._plan.facets}
        values = self._searcher.reader().column_reader(_FACETED) if docs else ()
        for doc in docs:
            for each in values[doc].decode().split(_BETWEEN):
                name, _, value = each.partition(SEPARATOR)
                if name in counts:
                    counts[name][value] = counts[name].get(value, 0) + 1
        return {name: facet(name, counts[name].items()) for name in self._plan.facets}


def open_index(location: Location) -> WhooshEngine:
    """Open the index in its folder; nothing is written before the first article comes."""
    return WhooshEngine(f"{location.folder}/whoosh")
