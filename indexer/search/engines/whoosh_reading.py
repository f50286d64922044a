"""Read the segments of a Whoosh index: lists of postings that are read whole, and where each term stands."""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from array import array
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from indexer.search.engine import ARTICLE_FIELDS
from indexer.search.engines.bits import bits_of, docs_of
from indexer.search.engines.whoosh_tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.search.engines.whoosh_tables import Segment

TERMS, POSTINGS = ".trm", ".pst"
_LATELY = 4096  # lists of which is remembered where they lie; chosen: more than any query asks for
REGION = 1 << 24  # positions of the n-th text field start at n of these


class _Entry(NamedTuple):
    """Where a term's list lies in the postings file: its start, its number of articles, and the size of its places."""

    start: int
    articles: int
    places_bytes: int

    def docs_bytes(self, articles: int) -> int:
        """Return how long the list of articles is, in a segment of so many: four bytes each, or a bit for every one."""
        return min(4 * self.articles, (articles + 7) // 8)


ENTRY = struct.Struct("<QII")


def key_of(group: str, text: str) -> bytes:
    """Return the key under which a term of a group stands."""
    return f"{group}\x00{text}".encode("utf-8", "surrogatepass")


class SegmentReader:
    """A segment opened for reading; its files stay open, so that a commit elsewhere takes nothing away."""

    def __init__(self, folder: str, segment: Segment, base: int) -> None:
        self.base = base
        self._keys = _mapped(f"{folder}/{segment.name}{TERMS}")
        self._terms = Table(self._keys)
        self._data = _mapped(f"{folder}/{segment.name}{POSTINGS}")
        self._lately: dict[bytes, _Entry | None] = {}
        self.ids = self.numbers("ids", "I")
        self.deleted: frozenset[int] = frozenset(segment.deleted)
        self.gone = bits_of(self.deleted, len(self.ids)) if self.deleted else 0

    def close(self) -> None:
        """Let go of files."""
        self._keys.close()
        self._data.close()

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
        key = key_of(group, text)
        if key not in self._lately:
            if len(self._lately) >= _LATELY:
                self._lately.clear()
            found = self._terms.get(key)
            self._lately[key] = _Entry._make(ENTRY.unpack(found)) if found is not None else None
        return self._lately[key]

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
        wanted = key_of(group, prefix)
        skip = len(group) + 1
        for key, value in self._terms.items_from(wanted):
            if not key.startswith(wanted):
                return
            yield key[skip:].decode("utf-8", "surrogatepass"), ENTRY.unpack(value)[1]

    def all_keys(self) -> Iterator[tuple[str, str]]:
        """Return group and text of everything."""
        for key, _ in self._terms.items_from():
            group, _, text = key.decode("utf-8", "surrogatepass").partition("\x00")
            yield group, text


def with_run(
    segment: SegmentReader, group: str, terms: Sequence[str], regions: set[int], among: set[int] | None = None
) -> set[int]:
    """Return the articles, or those `among` them, in which the terms stand in a row in one of the regions."""
    if not regions:
        return set()
    with_all = -1
    for term in terms:
        with_all &= segment.postings(group, term)[0]
    common = set(docs_of(with_all)) if among is None else among.intersection(docs_of(with_all))
    if not common:
        return set()
    first, *others = (segment.places(group, term, common) for term in terms)
    anywhere = regions.issuperset(range(len(ARTICLE_FIELDS)))
    found = set()
    for doc, places in first.items():
        starts = set(places) if anywhere else {place for place in places if place // REGION in regions}
        for offset, others_places in enumerate(others, 1):
            # A list is made faster than what yields its parts.
            starts.intersection_update([place - offset for place in others_places[doc]])
        if starts:
            found.add(doc)
    return found


def _mapped(file: str) -> mmap.mmap:
    handle = os.open(file, os.O_RDONLY)
    try:
        return mmap.mmap(handle, 0, access=mmap.ACCESS_READ)
    finally:
        os.close(handle)
