"""Write the segments of a Whoosh index; `indexer.search.engines.whoosh_reading` says what is in them."""

from __future__ import annotations

import os
import sys
import types
import zlib
from array import array
from collections import Counter, defaultdict
from contextlib import closing, contextmanager
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from pickle import PickleError
from typing import TYPE_CHECKING

from indexer.analysis import fold_label
from indexer.errors import IndexUnusableError
from indexer.search import ranking
from indexer.search.engine import ARTICLE_FIELDS
from indexer.search.engines.bits import bits_of, docs_of
from indexer.search.engines.local import save_format
from indexer.search.engines.whoosh_reading import ENTRY, POSTINGS, REGION, TERMS, SegmentReader, key_of
from indexer.search.engines.whoosh_tables import NAME, Segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from indexer.search.engine import Indexed


@contextmanager
def without_network_modules() -> Iterator[None]:
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


with without_network_modules():
    from whoosh.fields import Schema
    from whoosh.filedb.filestore import FileStorage
    from whoosh.filedb.filetables import FileFormatError, OrderedHashWriter
    from whoosh.index import TOC, EmptyIndexError, clean_files
    from whoosh.index import IndexError as WhooshIndexError
_MERGE_ABOVE = 6


class Gatherer:
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
        self._forms: list[bytes] = []

    def add(self, article: Indexed) -> None:
        """Take one article in."""
        doc = self._next(article.id, ranking.day_number(article.published), article.digest)
        self._lengths.append(ranking.weighted_length(article.fields))
        self._forms.append(ranking.form_codes(article.words).tobytes())
        places: dict[str, list[int]] = {}
        for number, name in enumerate(ARTICLE_FIELDS):
            _place(article.fields.get(name, ()), number * REGION, places)
        self._add_terms("text", dict(zip(*ranking.codes(article, doc), strict=True)), places)
        for term, posting in ranking.title_codes(article, doc).items():
            self._postings["named"][term].append(posting)
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

    def absorb(self, segment: SegmentReader, deleted: frozenset[int]) -> None:
        """Take in the articles of a segment that are not deleted."""
        numbers: dict[int, int] = {}
        for doc, article_id in enumerate(segment.ids):
            if doc not in deleted:
                numbers[doc] = self._next(article_id, segment.days[doc], segment.digests[doc])
                self._lengths.append(segment.lengths[doc])
                self._forms.append(segment.forms(doc))
        for group, text in segment.all_keys():
            if group == "word":
                word, _, term = text.partition("\x00")
                self._words[word] += segment.count(group, text)
                self._terms_of_words[word] = term
            elif group != "doc":
                self._absorb_list(segment, group, text, numbers)

    def _absorb_list(self, segment: SegmentReader, group: str, text: str, numbers: Mapping[int, int]) -> None:
        places = segment.places(group, text)
        docs, codes = segment.postings(group, text)
        for doc, code in zip(docs_of(docs), codes, strict=True):
            if doc in numbers:
                self._postings[group][text].append(numbers[doc] << 16 | code)
                if doc in places:
                    self._places[group][text].append(len(places[doc]))
                    self._places[group][text].extend(places[doc])

    def write(self, storage: FileStorage, segment: Segment) -> None:
        """Write the files of a segment; what was gathered is used up."""
        with (
            closing(storage.create_file(segment.name + POSTINGS)) as postings,
            closing(OrderedHashWriter(storage.create_file(segment.name + TERMS))) as terms,
        ):
            start = 0
            for key, data, articles, places_bytes in self._records():
                postings.write(data)
                terms.add(key, ENTRY.pack(start, articles, places_bytes))
                start += len(data)

    def _records(self) -> Iterator[tuple[bytes, bytes, int, int]]:
        """Return key, data, number of articles and size of the places, in the order of the keys."""
        groups = {*self._postings, "doc", "word"}
        # A group's name ends with a sign that sorts before any other, as keys do in bytes.
        for group in sorted(groups, key=lambda name: key_of(name, "")):
            if group == "doc":
                yield from self._tables()
            elif group == "word":
                known = ((f"{word}\x00{self._terms_of_words[word]}", count) for word, count in self._words.items())
                for key, count in sorted((key_of("word", text), count) for text, count in known):
                    yield key, b"", count, 0
            else:
                for key, text in sorted((key_of(group, text), text) for text in self._postings[group]):
                    yield key, *self._record(group, text)

    def _tables(self) -> Iterator[tuple[bytes, bytes, int, int]]:
        digests = zlib.compress("\n".join(self._digests).encode(), 1)
        sizes = map(len, self._forms)
        ends = array("I", accumulate(sizes, initial=4 * len(self.ids) + 4))
        forms = ends.tobytes() + b"".join(self._forms)
        yield key_of("doc", "days"), self._days.tobytes(), len(self.ids), 0
        yield key_of("doc", "digests"), digests, 0, len(digests)
        yield key_of("doc", "forms"), forms, 0, len(forms)
        yield key_of("doc", "ids"), self.ids.tobytes(), len(self.ids), 0
        yield key_of("doc", "lengths"), self._lengths.tobytes(), len(self.ids), 0

    def _record(self, group: str, text: str) -> tuple[bytes, int, int]:
        postings = self._postings[group].pop(text)
        places = self._places[group].pop(text, None)
        packed = zlib.compress(places.tobytes(), 1) if places else b""
        docs = [posting >> 16 for posting in postings]
        codes = array("H", [posting & 0xFFFF for posting in postings])
        return self._packed(docs) + codes.tobytes() + packed, len(docs), len(packed)

    def _packed(self, docs: Sequence[int]) -> bytes:
        size = (len(self.ids) + 7) // 8
        return (
            array("I", docs).tobytes()
            if 4 * len(docs) <= size
            else bits_of(docs, len(self.ids)).to_bytes(size, "little")
        )


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


class SyncedStorage(FileStorage):  # type: ignore[misc]
    """Bring files to the disk before the table of contents names them; Whoosh leaves that to chance."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Swap the table of contents once everything that it names is on the disk."""
        for name in self.list():
            if name == oldname or (name.endswith((TERMS, POSTINGS)) and name not in self.synced):
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


def commit(folder: Path, form: str, opened: Sequence[SegmentReader], gatherer: Gatherer, outdated: set[int]) -> None:
    """Write a new generation: without the outdated articles, with what was gathered.

    `opened` are the segments of the newest one. Raises `IndexUnusableError` where what is there can't be read.
    """
    try:
        storage = SyncedStorage(str(folder)).create()
        if not (folder / "format").exists():
            TOC.create(storage, Schema(), NAME)
            save_format(folder, form)
        frozen = storage.synced
        toc = TOC.read(storage, NAME)
        segments = _merge(toc.segments, opened, gatherer, outdated)
        if gatherer.ids:
            segments.append(_write_segment(storage, gatherer))
        assert storage.synced is frozen
        TOC(toc.schema, segments, toc.generation + 1).write(storage, NAME)
        clean_files(storage, NAME, toc.generation + 1, segments)
    except (WhooshIndexError, EmptyIndexError, FileFormatError, PickleError) as problem:
        raise IndexUnusableError from problem


def _merge(
    segments: Sequence[Segment], opened: Sequence[SegmentReader], gatherer: Gatherer, outdated: set[int]
) -> list[Segment]:
    """Mark outdated articles in the segments; move the articles of segments not worth keeping into the gatherer."""
    for segment, reader in zip(segments, opened, strict=True):
        segment.deleted.update(doc for doc, article_id in enumerate(reader.ids) if article_id in outdated)
    total = sum(segment.live for segment in segments) + len(gatherer.ids)
    crowded = len(segments) >= _MERGE_ABOVE
    staying = []
    for segment, reader in zip(segments, opened, strict=True):
        if segment.live * 2 <= segment.articles or (crowded and segment.live * 2 < total):
            gatherer.absorb(reader, frozenset(segment.deleted))
        else:
            staying.append(segment)
    return staying


def _write_segment(storage: FileStorage, gatherer: Gatherer) -> Segment:
    segment = Segment(len(gatherer.ids))
    last = {article_id: doc for doc, article_id in enumerate(gatherer.ids)}
    segment.deleted.update(doc for doc, article_id in enumerate(gatherer.ids) if last[article_id] != doc)
    gatherer.write(storage, segment)
    return segment
