"""Keep the index with Whoosh: its storage, generations and tables, with postings that are read whole.

Whoosh walks postings one at a time, in Python; here a term's articles and codes come as two arrays in one read, and
`indexer.search.ranking` scores them. A commit writes a segment and then swaps the table of contents: a kill leaves the
old state or the new one. One writer at a time is the library's duty.
"""

from __future__ import annotations

import struct
import time
import zlib
from array import array
from collections import Counter
from contextlib import closing, contextmanager, nullcontext
from functools import cached_property
from itertools import chain, compress
from typing import TYPE_CHECKING

from indexer.analysis import ANALYSIS_VERSION
from indexer.errors import IndexUnusableError
from indexer.search.engine import ARTICLE_FIELDS, VocabularyEntry
from indexer.search.engines.bits import flags, years_of
from indexer.search.engines.execute import Reader
from indexer.search.engines.postings import Postings
from indexer.search.engines.whoosh_reading import SegmentReader, with_run
from indexer.search.engines.whoosh_tables import NAME, newest_contents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from indexer.search.engine import FilterField, Indexed, Location, TextField
    from indexer.search.engines.whoosh_segments import Gatherer

FORMAT = f"whoosh 7, analysis {ANALYSIS_VERSION}"
"""Written beside the index; an index of another format is made again, never read."""

_OPEN_TRIES = 20
_LATELY = 128
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


class _Snapshot:
    """The index as of one commit, as `indexer.search.ranking` reads it; numbers run over all segments."""

    def __init__(self, folder: str) -> None:
        self.segments: list[SegmentReader] = []
        self._counts: dict[FilterField, dict[str, int]] = {}
        self._values: dict[FilterField, list[tuple[str, int]]] = {}
        self._lately: dict[str, Postings] = {}
        base = 0
        try:
            for segment in newest_contents(folder, NAME).segments:
                self.segments.append(SegmentReader(folder, segment, base))
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
        all_docs, all_codes = 0, array("H")
        for segment in self.segments:
            docs, codes = segment.postings(group, text)
            if docs & segment.gone:
                size = len(segment.ids)
                kept = compress(flags(docs & ~segment.gone, size), flags(docs, size))
                codes = array("H", compress(codes, kept))
            all_docs |= (docs & ~segment.gone) << segment.base
            all_codes = all_codes + codes if all_codes else codes
        return Postings(all_docs, all_codes)

    def postings(self, term: str) -> Postings:
        """Return the articles of a term; those of late are remembered."""
        known = self._lately.get(term)
        if known is None:
            if len(self._lately) >= _LATELY:
                self._lately.clear()
            known = self._lately[term] = self._lists("text", term)
        return known

    def titles(self, term: str) -> Postings:
        return self._lists("named", term)

    def together(self, runs: Sequence[tuple[str, ...]], docs: Sequence[int]) -> Sequence[set[int]]:
        found: list[set[int]] = [set() for _ in runs]
        regions = set(range(len(ARTICLE_FIELDS)))
        for segment in self.segments:
            among = {doc - segment.base for doc in docs if 0 <= doc - segment.base < len(segment.ids)}
            for number, terms in enumerate(runs):
                docs_here = with_run(segment, "text", terms, regions, among)
                found[number].update(doc + segment.base for doc in docs_here)
        return found

    def forms(self, docs: Sequence[int]) -> Iterable[tuple[int, bytes]]:
        for segment in self.segments:
            for doc in docs:
                if 0 <= doc - segment.base < len(segment.ids):
                    yield doc, segment.forms(doc - segment.base)

    def count(self, term: str) -> int:
        """Return the number of articles with the term."""
        return sum(self._live(segment, "text", term) for segment in self.segments)

    def _live(self, segment: SegmentReader, group: str, text: str) -> int:
        if not segment.deleted:
            return segment.count(group, text)
        return (segment.postings(group, text)[0] & ~segment.gone).bit_count()

    def terms(self, prefix: str) -> Iterable[str]:
        return {text for segment in self.segments for text in segment.texts("text", prefix)}

    def places(self, terms: Sequence[str], fields: Sequence[TextField]) -> set[int]:
        found: set[int] = set()
        article_fields = [name for name in fields if name in ARTICLE_FIELDS]
        for segment in self.segments:
            docs = with_run(segment, "text", terms, {ARTICLE_FIELDS.index(name) for name in article_fields})
            if "template" in fields:
                docs |= with_run(segment, "template", terms, {0})
            found.update(doc + segment.base for doc in docs - segment.deleted)
        return found

    def filtered(self, name: FilterField, folded: str) -> int:
        found = 0
        for segment in self.segments:
            for text in segment.texts(name, f"{folded}\x00"):
                found |= (segment.postings(name, text)[0] & ~segment.gone) << segment.base
        return found

    def values(self, name: FilterField) -> Iterable[tuple[str, int]]:
        if name not in self._values:
            texts = sorted({text for segment in self.segments for text in segment.texts(name)})
            self._values[name] = [(text.partition("\x00")[2], self._lists(name, text).bits) for text in texts]
        return self._values[name]

    def counts(self, name: FilterField) -> dict[str, int]:
        """Return the values of a filter field with their number of articles."""
        if name not in self._counts:
            counts: Counter[str] = Counter()
            for segment in self.segments:
                for text, all_articles in segment.counted(name):
                    if count := self._live(segment, name, text) if segment.deleted else all_articles:
                        counts[text.partition("\x00")[2]] += count
            self._counts[name] = dict(counts)
        return self._counts[name]

    def vocabulary(self, prefix: str) -> dict[str, VocabularyEntry]:
        """Return words with their terms, those of deleted articles counted."""
        found: dict[str, VocabularyEntry] = {}
        for segment in self.segments:
            for text, articles in segment.counted("word", prefix):
                word, _, term = text.partition("\x00")
                before = found[word].articles if word in found else 0
                found[word] = VocabularyEntry(term, before + articles)
        return found

    def everything(self) -> int:
        found = 0
        for segment in self.segments:
            found |= (((1 << len(segment.ids)) - 1) & ~segment.gone) << segment.base
        return found

    @cached_property
    def _days(self) -> array[int]:
        return array("I", chain.from_iterable(segment.days for segment in self.segments))

    def days(self) -> Sequence[int]:
        return self._days

    @cached_property
    def _years(self) -> Mapping[int, int]:
        return years_of(self.days(), len(self.days()))

    def years(self) -> Mapping[int, int]:
        return self._years

    def id_of(self, doc: int) -> int:
        for segment in reversed(self.segments):
            if doc >= segment.base:
                return int(segment.ids[doc - segment.base])
        raise IndexError(doc)


@contextmanager
def _damage_explained() -> Iterator[None]:
    """Say of whatever a damaged index makes of reading it that the index can't be used."""
    try:
        yield
    except IndexUnusableError:
        raise
    except (*_DAMAGE, OSError) as problem:
        raise IndexUnusableError from problem


class WhooshEngine(Reader):
    """Search and change one index folder."""

    name = "whoosh"
    form = FORMAT

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self._opened: _Snapshot | None = None

    def _index(self) -> _Snapshot | None:
        """Return the index as it was when first asked for; `None` while nothing was ever written."""
        if self._opened is None and self._is_written():
            self._opened = _open_snapshot(str(self._folder))
        return self._opened

    _explained = staticmethod(_damage_explained)

    def vocabulary(self, prefix: str = "") -> Mapping[str, VocabularyEntry]:
        """Return the folded words that start so."""
        with _damage_explained():
            if snapshot := self._index():
                return snapshot.vocabulary(prefix)
        return {}

    def ids(self) -> Iterable[tuple[int, str]]:
        """Return id and digest of every article in the index."""
        with _damage_explained():
            if snapshot := self._index():
                return [
                    (segment.ids[doc], segment.digests[doc]) for segment in snapshot.segments for doc in segment.live
                ]
        return []

    def replace(self, articles: Iterable[Indexed]) -> None:
        """Add the articles, replacing those with the same id; all of them become visible together."""
        from indexer.search.engines.whoosh_segments import Gatherer

        gatherer = Gatherer()
        for article in articles:
            gatherer.add(article)
        if gatherer.ids:
            self._commit(gatherer, set(gatherer.ids))

    def delete(self, ids: Iterable[int]) -> None:
        """Take the articles out; unknown ids are no error."""
        unwanted = set(ids)
        if unwanted and self._check_format():
            from indexer.search.engines.whoosh_segments import Gatherer

            self._commit(Gatherer(), unwanted)

    def close(self) -> None:
        """Let go of files."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _commit(self, gatherer: Gatherer, outdated: set[int]) -> None:
        """Write a new generation: without the outdated articles, with what was gathered."""
        self.close()
        with _damage_explained():
            from pathlib import Path

            from indexer.search.engines.whoosh_segments import commit

            with closing(_open_snapshot(str(self._folder))) if self._check_format() else nullcontext() as snapshot:
                commit(Path(self._folder), FORMAT, snapshot.segments if snapshot else (), gatherer, outdated)


def _open_snapshot(folder: str) -> _Snapshot:
    """Open the newest generation; another process may take it away in between, then there is a newer one."""
    for attempt in range(_OPEN_TRIES):
        try:
            return _Snapshot(folder)
        except FileNotFoundError:
            if attempt == _OPEN_TRIES - 1:
                raise
            time.sleep(0.02)
    raise AssertionError


def open_index(location: Location) -> WhooshEngine:
    """Open the index in its folder; nothing is written before the first article comes."""
    return WhooshEngine(f"{location.folder}/whoosh")
