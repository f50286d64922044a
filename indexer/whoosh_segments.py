"""Read and write the segments of a Whoosh index: lists of postings that are read whole, and where each term stands."""

from __future__ import annotations

import mmap
import os
import struct
import sys
import types
import zlib
from array import array
from collections import Counter, defaultdict
from contextlib import closing, contextmanager
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from indexer import ranking
from indexer.analysis import fold_label
from indexer.bits import bits_of, docs_of
from indexer.engine import ARTICLE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from indexer.engine import Indexed


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
    from whoosh.filedb.filestore import FileStorage
    from whoosh.filedb.filetables import OrderedHashReader, OrderedHashWriter
    from whoosh.filedb.structfile import BufferFile

NAME = "blogdex"
_TERMS, _POSTINGS = ".trm", ".pst"
_REGION = 1 << 24  # positions of the n-th text field start at n of these


class Segment:
    """What the table of contents keeps of a segment: its name, how many articles it has, which of them are deleted."""

    def __init__(self, articles: int) -> None:
        self.name = f"{NAME}_{os.urandom(8).hex()}"
        self.articles = articles
        self.deleted: set[int] = set()

    @property
    def live(self) -> int:
        """Return the number of articles that are not deleted."""
        return self.articles - len(self.deleted)

    def segment_id(self) -> str:
        """Return the name by which Whoosh tells files that are needed from those that are not."""
        return self.name


class _Entry(NamedTuple):
    """Where a term's list lies in the postings file: its start, its number of articles, and the size of its places."""

    start: int
    articles: int
    places_bytes: int

    def docs_bytes(self, articles: int) -> int:
        """Return how long the list of articles is, in a segment of so many: four bytes each, or a bit for every one."""
        return min(4 * self.articles, (articles + 7) // 8)


_ENTRY = struct.Struct("<QII")


def _key(group: str, text: str) -> bytes:
    return f"{group}\x00{text}".encode("utf-8", "surrogatepass")


class SegmentReader:
    """A segment opened for reading; its files stay open, so that a commit elsewhere takes nothing away."""

    def __init__(self, storage: FileStorage, segment: Segment, base: int) -> None:
        self.base = base
        # Looked up in memory: a look-up is a dozen small reads, the terms of thousands of posts a few megabytes.
        with closing(storage.open_file(segment.name + _TERMS)) as file:
            terms = file.read()
        self._terms = OrderedHashReader(BufferFile(terms), len(terms))
        self._file = storage.open_file(segment.name + _POSTINGS)
        self._data = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        self.ids = self.numbers("ids", "I")
        self.deleted: frozenset[int] = frozenset(segment.deleted)
        self.gone = bits_of(self.deleted, len(self.ids)) if self.deleted else 0

    def close(self) -> None:
        """Let go of files."""
        self._terms.close()
        self._data.close()
        self._file.close()

    @cached_property
    def days(self) -> array[int]:
        """Return the day of publication of each article, as `YYYYMMDD`, 0 for none."""
        return self.numbers("days", "I")

    @cached_property
    def lengths(self) -> array[int]:
        """Return the weighted length of each article."""
        return self.numbers("lengths", "f")

    @cached_property
    def digests(self) -> list[str]:
        """Return the digest of each article."""
        entry = self._entry("doc", "digests")
        assert entry is not None
        return zlib.decompress(self._data[entry.start : entry.start + entry.places_bytes]).decode().split("\n")

    @cached_property
    def live(self) -> Sequence[int]:
        """Return the articles that are not deleted."""
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

    def docs(self, entry: _Entry) -> int:
        """Return the articles of a list, those deleted among them."""
        packed = self._data[entry.start : entry.start + entry.docs_bytes(len(self.ids))]
        if len(packed) != 4 * entry.articles:
            return int.from_bytes(packed, "little")
        return bits_of(array("I", packed), len(self.ids))

    def postings(self, group: str, text: str) -> tuple[int, array[int]]:
        """Return the articles and their codes, those deleted among them."""
        codes = array("H")
        entry = self._entry(group, text)
        if entry is None:
            return 0, codes
        start = entry.start + entry.docs_bytes(len(self.ids))
        codes.frombytes(self._data[start : start + 2 * entry.articles])
        return self.docs(entry), codes

    def forms(self, doc: int) -> bytes:
        """Return the codes of the forms of an article's words."""
        entry = self._entry("doc", "forms")
        assert entry is not None
        first, end = struct.unpack_from("=II", self._data, entry.start + 4 * doc)
        return self._data[entry.start + first : entry.start + end]

    def places(self, group: str, text: str, among: set[int] | None = None) -> dict[int, array[int]]:
        """Return for each article, or those `among` them, the positions of the term."""
        entry = self._entry(group, text)
        if entry is None or not entry.places_bytes:
            return {}
        docs = docs_of(self.docs(entry))
        start = entry.start + entry.docs_bytes(len(self.ids)) + 2 * entry.articles
        numbers = array("I", zlib.decompress(self._data[start : start + entry.places_bytes]))
        found = {}
        at = 0
        for doc in docs:
            end = at + 1 + numbers[at]
            if among is None or doc in among:
                found[doc] = numbers[at + 1 : end]
            at = end
        return found

    def texts(self, group: str, prefix: str = "") -> Iterator[str]:
        """Return the terms of a group that start so, in order."""
        return (text for text, _ in self.counted(group, prefix))

    def counted(self, group: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Return the terms of a group that start so, with their number of articles, those deleted among them."""
        wanted = _key(group, prefix)
        skip = len(group) + 1
        for key, value in self._terms.items_from(wanted):
            if not key.startswith(wanted):
                return
            yield key[skip:].decode("utf-8", "surrogatepass"), _ENTRY.unpack(value)[1]

    def all_keys(self) -> Iterator[tuple[str, str]]:
        """Return group and text of everything."""
        for key in self._terms.keys():  # noqa: SIM118
            group, _, text = key.decode("utf-8", "surrogatepass").partition("\x00")
            yield group, text


def with_run(
    segment: SegmentReader, group: str, terms: Sequence[str], regions: set[int], among: set[int] | None = None
) -> set[int]:
    """Return the articles, or those `among` them, in which the terms stand in a row in one of the regions."""
    if not regions:
        return set()
    lists = []
    for term in terms:
        lists.append(segment.places(group, term, among))
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
            _place(article.fields.get(name, ()), number * _REGION, places)
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
            closing(storage.create_file(segment.name + _POSTINGS)) as postings,
            closing(OrderedHashWriter(storage.create_file(segment.name + _TERMS))) as terms,
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
        sizes = map(len, self._forms)
        ends = array("I", accumulate(sizes, initial=4 * len(self.ids) + 4))
        forms = ends.tobytes() + b"".join(self._forms)
        yield _key("doc", "days"), self._days.tobytes(), len(self.ids), 0
        yield _key("doc", "digests"), digests, 0, len(digests)
        yield _key("doc", "forms"), forms, 0, len(forms)
        yield _key("doc", "ids"), self.ids.tobytes(), len(self.ids), 0
        yield _key("doc", "lengths"), self._lengths.tobytes(), len(self.ids), 0

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
