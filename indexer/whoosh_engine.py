"""Keep the index with Whoosh: its storage, generations and segments, and a codec whose postings are read whole.

Whoosh walks postings one at a time, in Python; here a term's articles and codes come as two arrays in one read, and
`indexer.ranking` scores them. A commit writes a segment and then swaps the table of contents: a kill leaves the old
state or the new one. One writer at a time is the library's duty.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys
import time
import types
import zlib
from array import array
from collections import Counter, defaultdict
from contextlib import closing, contextmanager
from functools import cached_property
from itertools import chain
from pathlib import Path
from pickle import PickleError
from typing import TYPE_CHECKING, Any, NamedTuple

from indexer import ranking
from indexer.analysis import ANALYSIS_VERSION, fold_label
from indexer.engine import (
    ARTICLE_FIELDS,
    FilterField,
    Frequencies,
    Indexed,
    Known,
    Plan,
    Results,
    TextField,
    check_format,
    has_format,
    save_format,
)
from indexer.errors import IndexUnusableError
from indexer.ranking import Postings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


@contextmanager
def _without_network_modules() -> Iterator[None]:
    """Keep Whoosh from importing `urllib.request`, which it names but never uses: a third of its import time."""
    name = "urllib.request"
    if name in sys.modules:
        yield
        return
    stub = types.ModuleType(name)
    stub.urlretrieve = None  # type: ignore[attr-defined]
    sys.modules[name] = stub
    try:
        yield
    finally:
        del sys.modules[name]


with _without_network_modules():
    from whoosh.codec.whoosh3 import W3Codec, W3Segment
    from whoosh.fields import Schema
    from whoosh.filedb.filestore import FileStorage
    from whoosh.filedb.filetables import FileFormatError, OrderedHashReader, OrderedHashWriter
    from whoosh.index import TOC, EmptyIndexError, clean_files
    from whoosh.index import IndexError as WhooshIndexError

FORMAT = f"whoosh 1, analysis {ANALYSIS_VERSION}"
"""Written beside the index; an index of another format is made again, never read."""

_NAME = "blogdex"
_TERMS, _POSTINGS = ".trm", ".pst"
_OPEN_TRIES = 20
_MERGE_ABOVE = 6
_REGION = 1 << 24  # positions of the n-th text field start at n of these
_DAMAGE = (
    EOFError,
    struct.error,
    zlib.error,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    AssertionError,
    ImportError,
    MemoryError,
    UnicodeDecodeError,
)


class ListCodec(W3Codec):  # type: ignore[misc]
    """Mark segments whose postings are whole lists; read and written by this module only."""


class _Entry(NamedTuple):
    """Where a term's list lies in the postings file: its start, its number of articles, and the size of its places."""

    start: int
    articles: int
    places_bytes: int


_ENTRY = struct.Struct("<QII")


def _key(group: str, text: str) -> bytes:
    return f"{group}\x00{text}".encode("utf-8", "surrogatepass")


class _Segment:
    """A segment opened for reading; its files stay open, so that a commit elsewhere takes nothing away."""

    def __init__(self, storage: FileStorage, segment: W3Segment, base: int) -> None:
        self.base = base
        name = segment.make_filename(_TERMS)
        self._terms = OrderedHashReader(storage.open_file(name), storage.file_length(name))
        self._file = segment.open_file(storage, _POSTINGS)
        self._data = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        self.ids = self.numbers("ids", "I")
        self.deleted: frozenset[int] = frozenset(segment.deleted_docs())

    def close(self) -> None:
        self._terms.close()
        self._data.close()
        self._file.close()

    @cached_property
    def days(self) -> array[int]:
        return self.numbers("days", "I")

    @cached_property
    def lengths(self) -> array[int]:
        return self.numbers("lengths", "f")

    @cached_property
    def digests(self) -> list[str]:
        entry = self._entry("doc", "digests")
        assert entry is not None
        return zlib.decompress(self._data[entry.start : entry.start + entry.places_bytes]).decode().split("\n")

    @cached_property
    def live(self) -> Sequence[int]:
        if not self.deleted:
            return range(len(self.ids))
        return [doc for doc in range(len(self.ids)) if doc not in self.deleted]

    def numbers(self, name: str, kind: str) -> array[Any]:
        """Return one number for every article."""
        entry = self._entry("doc", name)
        assert entry is not None
        return array(kind, self._data[entry.start : entry.start + 4 * entry.articles])

    def _entry(self, group: str, text: str) -> _Entry | None:
        try:
            return _Entry._make(_ENTRY.unpack(self._terms[_key(group, text)]))
        except KeyError:
            return None

    def count(self, group: str, text: str) -> int:
        """Return the number of articles of a term, those deleted among them."""
        entry = self._entry(group, text)
        return entry.articles if entry else 0

    def postings(self, group: str, text: str) -> tuple[array[int], array[int]]:
        """Return the articles and their codes, those deleted among them."""
        docs, codes = array("I"), array("H")
        if entry := self._entry(group, text):
            middle = entry.start + 4 * entry.articles
            docs.frombytes(self._data[entry.start : middle])
            codes.frombytes(self._data[middle : middle + 2 * entry.articles])
        return docs, codes

    def places(self, group: str, text: str) -> dict[int, array[int]]:
        """Return for each article the positions of the term."""
        entry = self._entry(group, text)
        if entry is None or not entry.places_bytes:
            return {}
        docs = array("I", self._data[entry.start : entry.start + 4 * entry.articles])
        start = entry.start + 6 * entry.articles
        numbers = array("I", zlib.decompress(self._data[start : start + entry.places_bytes]))
        found = {}
        at = 0
        for doc in docs:
            end = at + 1 + numbers[at]
            found[doc] = numbers[at + 1 : end]
            at = end
        return found

    def texts(self, group: str, prefix: str = "") -> Iterator[str]:
        """Return the terms of a group that start so, in order."""
        wanted = _key(group, prefix)
        skip = len(group) + 1
        for key in self._terms.keys_from(wanted):
            if not key.startswith(wanted):
                return
            yield key[skip:].decode("utf-8", "surrogatepass")

    def all_keys(self) -> Iterator[tuple[str, str]]:
        """Return group and text of everything."""
        for key in self._terms.keys():  # noqa: SIM118
            group, _, text = key.decode("utf-8", "surrogatepass").partition("\x00")
            yield group, text


class _Snapshot:
    """The index as of one commit, as `indexer.ranking` reads it; numbers run over all segments."""

    def __init__(self, storage: FileStorage) -> None:
        toc = TOC.read(storage, _NAME)
        self.generation = toc.generation
        self.segments: list[_Segment] = []
        self._counts: dict[FilterField, dict[str, int]] = {}
        base = 0
        try:
            for segment in toc.segments:
                self.segments.append(_Segment(storage, segment, base))
                base += len(self.segments[-1].ids)
        except BaseException:
            self.close()
            raise
        self.articles = sum(len(segment.live) for segment in self.segments)

    def close(self) -> None:
        for segment in self.segments:
            segment.close()

    @cached_property
    def mean_length(self) -> float:
        """Return the mean weighted length of an article."""
        total = 0.0
        for segment in self.segments:
            total += sum(segment.lengths) - sum(segment.lengths[doc] for doc in segment.deleted)
        return total / (self.articles or 1)

    def _lists(self, group: str, text: str) -> Postings:
        all_docs, all_codes = array("I"), array("H")
        for segment in self.segments:
            docs, codes = segment.postings(group, text)
            if segment.deleted and docs:
                kept = [i for i, doc in enumerate(docs) if doc not in segment.deleted]
                docs, codes = array("I", [docs[i] for i in kept]), array("H", [codes[i] for i in kept])
            if segment.base:
                docs = array("I", [doc + segment.base for doc in docs])
            if not all_docs:
                all_docs, all_codes = docs, codes
            else:
                all_docs += docs
                all_codes += codes
        return Postings(all_docs, all_codes)

    def postings(self, term: str) -> Postings:
        return self._lists("text", term)

    def count(self, term: str) -> int:
        """Return the number of articles with the term."""
        if any(segment.deleted for segment in self.segments):
            return len(self.postings(term).docs)
        return sum(segment.count("text", term) for segment in self.segments)

    def terms(self, prefix: str) -> Iterable[str]:
        return {text for segment in self.segments for text in segment.texts("text", prefix)}

    def places(self, terms: Sequence[str], fields: Sequence[TextField]) -> set[int]:
        found: set[int] = set()
        article_fields = [name for name in fields if name in ARTICLE_FIELDS]
        for segment in self.segments:
            docs = _with_run(segment, "text", terms, {ARTICLE_FIELDS.index(name) for name in article_fields})
            if "template" in fields:
                docs |= _with_run(segment, "template", terms, {0})
            found.update(doc + segment.base for doc in docs - segment.deleted)
        return found

    def filtered(self, name: FilterField, folded: str) -> Iterable[int]:
        for segment in self.segments:
            for text in segment.texts(name, f"{folded}\x00"):
                docs, _ = segment.postings(name, text)
                yield from (doc + segment.base for doc in docs if doc not in segment.deleted)

    def values(self, name: FilterField) -> Iterable[tuple[str, Sequence[int]]]:
        for text in sorted({text for segment in self.segments for text in segment.texts(name)}):
            yield text.partition("\x00")[2], self._lists(name, text).docs

    def counts(self, name: FilterField) -> dict[str, int]:
        """Return the values of a filter field with their number of articles."""
        if name not in self._counts:
            counts = {value: len(docs) for value, docs in self.values(name)}
            self._counts[name] = {value: count for value, count in counts.items() if count}
        return self._counts[name]

    def vocabulary(self, prefix: str) -> dict[str, Known]:
        """Return words with their terms, those of deleted articles counted."""
        found: dict[str, Known] = {}
        for segment in self.segments:
            for text in segment.texts("word", prefix):
                word, _, term = text.partition("\x00")
                before = found[word].articles if word in found else 0
                found[word] = Known(term, before + segment.count("word", text))
        return found

    def everything(self) -> Iterable[int]:
        return chain.from_iterable((doc + segment.base for doc in segment.live) for segment in self.segments)

    @cached_property
    def _days(self) -> array[int]:
        return array("I", chain.from_iterable(segment.days for segment in self.segments))

    def days(self) -> Sequence[int]:
        return self._days

    def id_of(self, doc: int) -> int:
        for segment in reversed(self.segments):
            if doc >= segment.base:
                return int(segment.ids[doc - segment.base])
        raise IndexError(doc)


def _with_run(segment: _Segment, group: str, terms: Sequence[str], regions: set[int]) -> set[int]:
    """Return the articles in which the terms stand one after the other in one of the regions."""
    if not regions:
        return set()
    lists = []
    for term in terms:
        lists.append(segment.places(group, term))
        if not lists[-1]:
            return set()
    found = set()
    for doc in set(lists[0]).intersection(*lists[1:]):
        starts = {place for place in lists[0][doc] if place // _REGION in regions}
        for offset, places in enumerate(lists[1:], 1):
            starts.intersection_update(place - offset for place in places[doc])
        if starts:
            found.add(doc)
    return found


class _Gatherer:
    """Invert articles in memory: for each group and term the articles with their codes, and where the term stands."""

    def __init__(self) -> None:
        # An article and its code as one number; for each article the number of places, then the places.
        self._postings: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._places: defaultdict[str, defaultdict[str, array[int]]] = defaultdict(lambda: defaultdict(_no_places))
        self._words: Counter[str] = Counter()
        self._terms_of_words: dict[str, str] = {}
        self.ids = array("I")
        self._days = array("I")
        self._lengths = array("f")
        self._digests: list[str] = []

    def add(self, article: Indexed) -> None:
        """Take one article in."""
        doc = self._next(article.id, ranking.day_number(article.published), article.digest)
        self._lengths.append(ranking.weighted_length(article.fields))
        places: dict[str, list[int]] = {}
        for number, name in enumerate(ARTICLE_FIELDS):
            _place(article.fields.get(name, ()), number * _REGION, places)
        self._add_terms("text", ranking.codes(article, doc), places)
        template: dict[str, list[int]] = {}
        _place(article.fields.get("template", ()), 0, template)
        self._add_terms("template", dict.fromkeys(template, doc << 16), template)
        for field_name, values in article.filters.items():
            for text in dict.fromkeys(f"{fold_label(value)}\x00{value}" for value in values):
                self._postings[field_name][text].append(doc << 16)
        self._words.update(article.words.keys())
        self._terms_of_words.update(article.words)

    def _next(self, article_id: int, day: int, digest: str) -> int:
        self.ids.append(article_id)
        self._days.append(day)
        self._digests.append(digest)
        return len(self.ids) - 1

    def _add_terms(self, group: str, codes: Mapping[str, int], places: Mapping[str, list[int]]) -> None:
        postings, all_places = self._postings[group], self._places[group]
        for term, found in places.items():
            postings[term].append(codes[term])
            all_places[term].extend(found)

    def absorb(self, segment: _Segment, deleted: frozenset[int]) -> None:
        """Take in the articles of a segment that are not deleted."""
        numbers: dict[int, int] = {}
        for doc, article_id in enumerate(segment.ids):
            if doc not in deleted:
                numbers[doc] = self._next(article_id, segment.days[doc], segment.digests[doc])
                self._lengths.append(segment.lengths[doc])
        for group, text in segment.all_keys():
            if group == "word":
                word, _, term = text.partition("\x00")
                self._words[word] += segment.count(group, text)
                self._terms_of_words[word] = term
            elif group != "doc":
                self._absorb_list(segment, group, text, numbers)

    def _absorb_list(self, segment: _Segment, group: str, text: str, numbers: Mapping[int, int]) -> None:
        places = segment.places(group, text)
        for doc, code in zip(*segment.postings(group, text), strict=True):
            if doc in numbers:
                self._postings[group][text].append(numbers[doc] << 16 | code)
                if doc in places:
                    self._places[group][text].append(len(places[doc]))
                    self._places[group][text].extend(places[doc])

    def write(self, storage: FileStorage, segment: W3Segment) -> None:
        """Write the files of a segment; what was gathered is used up."""
        with (
            closing(segment.create_file(storage, _POSTINGS)) as postings,
            closing(OrderedHashWriter(segment.create_file(storage, _TERMS))) as terms,
        ):
            start = 0
            for key, data, articles, places_bytes in self._records():
                postings.write(data)
                terms.add(key, _ENTRY.pack(start, articles, places_bytes))
                start += len(data)

    def _records(self) -> Iterator[tuple[bytes, bytes, int, int]]:
        """Return key, data, number of articles and size of the places, in the order of the keys."""
        groups = {*self._postings, "doc", "word"}
        # A group's name ends with a sign that sorts before any other, as keys do in bytes.
        for group in sorted(groups, key=lambda name: _key(name, "")):
            if group == "doc":
                yield from self._tables()
            elif group == "word":
                known = ((f"{word}\x00{self._terms_of_words[word]}", count) for word, count in self._words.items())
                for key, count in sorted((_key("word", text), count) for text, count in known):
                    yield key, b"", count, 0
            else:
                for key, text in sorted((_key(group, text), text) for text in self._postings[group]):
                    yield key, *self._record(group, text)

    def _tables(self) -> Iterator[tuple[bytes, bytes, int, int]]:
        digests = zlib.compress("\n".join(self._digests).encode(), 1)
        yield _key("doc", "days"), self._days.tobytes(), len(self.ids), 0
        yield _key("doc", "digests"), digests, 0, len(digests)
        yield _key("doc", "ids"), self.ids.tobytes(), len(self.ids), 0
        yield _key("doc", "lengths"), self._lengths.tobytes(), len(self.ids), 0

    def _record(self, group: str, text: str) -> tuple[bytes, int, int]:
        postings = self._postings[group].pop(text)
        places = self._places[group].pop(text, None)
        packed = zlib.compress(places.tobytes(), 1) if places else b""
        docs = array("I", [posting >> 16 for posting in postings])
        codes = array("H", [posting & 0xFFFF for posting in postings])
        return docs.tobytes() + codes.tobytes() + packed, len(docs), len(packed)


def _no_places() -> array[int]:
    return array("I")


def _place(terms: Sequence[str], start: int, places: dict[str, list[int]]) -> None:
    """Add to each term's places, which begin with their number."""
    for position, term in enumerate(terms, start):
        known = places.get(term)
        if known is None:
            places[term] = [1, position]
        else:
            known[0] += 1
            known.append(position)


class _SyncedStorage(FileStorage):  # type: ignore[misc]
    """Bring files to the disk before the table of contents names them; Whoosh leaves that to chance."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Swap the table of contents once everything that it names is on the disk."""
        for name in self.list():
            if name == oldname or (name.endswith((_TERMS, _POSTINGS)) and name not in self.synced):
                _sync(Path(self.folder) / name)
        super().rename_file(oldname, newname, safe)
        if os.name == "posix":
            _sync(Path(self.folder))

    @cached_property
    def synced(self) -> frozenset[str]:
        """Return the files that were there before."""
        return frozenset(self.list())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _damage_explained() -> Iterator[None]:
    """Say of whatever a damaged index makes of reading it that the index can't be used."""
    try:
        yield
    except IndexUnusableError:
        raise
    except (*_DAMAGE, WhooshIndexError, FileFormatError, PickleError, OSError) as problem:
        raise IndexUnusableError from problem


class WhooshEngine:
    """Search and change one index folder."""

    name = "whoosh"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: _Snapshot | None = None

    @property
    def _snapshot(self) -> _Snapshot | None:
        """Return the index as it was when first asked for; `None` while nothing was ever written."""
        if self._opened is None and has_format(self._folder):
            self._opened = _open_snapshot(FileStorage(str(self._folder)))
        return self._opened

    def search(self, plan: Plan) -> Results:
        """Run the plan."""
        with _damage_explained():
            if snapshot := self._snapshot:
                return ranking.run(plan, snapshot)
        return Results((), 0, {name: {} for name in plan.facets})

    def frequencies(self, terms: Iterable[str]) -> Frequencies:
        """Return in how many articles the terms stand."""
        with _damage_explained():
            if snapshot := self._snapshot:
                documents = {term: snapshot.count(term) for term in terms}
                return Frequencies(documents, snapshot.articles, snapshot.mean_length)
        return Frequencies(dict.fromkeys(terms, 0), 0, 0.0)

    def values(self, name: FilterField) -> Mapping[str, int]:
        """Return the values of a filter field with their number of articles."""
        with _damage_explained():
            if snapshot := self._snapshot:
                return snapshot.counts(name)
        return {}

    def vocabulary(self, prefix: str = "") -> Mapping[str, Known]:
        """Return the folded words that start so."""
        with _damage_explained():
            if snapshot := self._snapshot:
                return snapshot.vocabulary(prefix)
        return {}

    def ids(self) -> Iterable[tuple[int, str]]:
        """Return id and digest of every article in the index."""
        with _damage_explained():
            if snapshot := self._snapshot:
                return [
                    (segment.ids[doc], segment.digests[doc]) for segment in snapshot.segments for doc in segment.live
                ]
        return []

    def replace(self, articles: Iterable[Indexed]) -> None:
        """Add the articles, replacing those with the same id; all of them become visible together."""
        gatherer = _Gatherer()
        for article in articles:
            gatherer.add(article)
        if gatherer.ids:
            self._commit(gatherer, set(gatherer.ids))

    def delete(self, ids: Iterable[int]) -> None:
        """Take the articles out; unknown ids are no error."""
        unwanted = set(ids)
        if unwanted and has_format(self._folder):
            self._commit(_Gatherer(), unwanted)

    def close(self) -> None:
        """Let go of files."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _commit(self, gatherer: _Gatherer, outdated: set[int]) -> None:
        """Write a new generation: without the outdated articles, with what was gathered."""
        self.close()
        with _damage_explained():
            storage = _SyncedStorage(str(self._folder)).create()
            if not has_format(self._folder):
                TOC.create(storage, Schema(), _NAME)
                save_format(self._folder, FORMAT)
            frozen = storage.synced
            toc = TOC.read(storage, _NAME)
            with closing(_open_snapshot(storage)) as snapshot:
                segments = _merge(toc.segments, snapshot.segments, gatherer, outdated)
            if gatherer.ids:
                segments.append(_write_segment(storage, gatherer))
            assert storage.synced is frozen
            TOC(toc.schema, segments, toc.generation + 1).write(storage, _NAME)
            clean_files(storage, _NAME, toc.generation + 1, segments)


def _open_snapshot(storage: FileStorage) -> _Snapshot:
    """Open the newest generation; another process may take it away in between, then there is a newer one."""
    for attempt in range(_OPEN_TRIES):
        try:
            return _Snapshot(storage)
        except (FileNotFoundError, EmptyIndexError):
            if attempt == _OPEN_TRIES - 1:
                raise
            time.sleep(0.02)
    raise AssertionError


def _merge(
    segments: Sequence[W3Segment], opened: Sequence[_Segment], gatherer: _Gatherer, outdated: set[int]
) -> list[W3Segment]:
    """Mark outdated articles in the segments; move the articles of segments not worth keeping into the gatherer."""
    kept = []
    for segment, reader in zip(segments, opened, strict=True):
        stale = [doc for doc, article_id in enumerate(reader.ids) if article_id in outdated]
        for doc in stale:
            segment.delete_document(doc)
        kept.append((segment, reader))
    total = sum(segment.doc_count() for segment in segments) + len(gatherer.ids)
    crowded = len(segments) >= _MERGE_ABOVE
    staying = []
    for segment, reader in kept:
        live = segment.doc_count()
        if live * 2 <= segment.doc_count_all() or (crowded and live * 2 < total):
            gatherer.absorb(reader, frozenset(segment.deleted_docs()))
        else:
            staying.append(segment)
    return staying


def _write_segment(storage: FileStorage, gatherer: _Gatherer) -> W3Segment:
    segment = ListCodec().new_segment(storage, _NAME)
    segment.set_doc_count(len(gatherer.ids))
    last = {article_id: doc for doc, article_id in enumerate(gatherer.ids)}
    for doc, article_id in enumerate(gatherer.ids):
        if last[article_id] != doc:
            segment.delete_document(doc)
    gatherer.write(storage, segment)
    return segment


def open_index(folder: Path) -> WhooshEngine:
    """Open the index in the folder; nothing is written before the first article comes.

    Raises `IndexUnusableError` where the index is of another format.
    """
    check_format(folder, FORMAT)
    return WhooshEngine(folder)
