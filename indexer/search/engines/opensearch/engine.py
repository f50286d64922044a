"""Search and feed an index on a cluster of OpenSearch, which many libraries share."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from indexer.search.engine import Checksum
from indexer.search.engines.opensearch import queries, words
from indexer.search.engines.opensearch.claims import Claim
from indexer.search.engines.opensearch.connection import Connection
from indexer.search.engines.opensearch.documents import FORMAT, STEPS, document
from indexer.search.engines.opensearch.errors import NoClusterIndexError, OtherFormatError, PartialAnswerError
from indexer.search.engines.opensearch.settings import from_environment
from indexer.search.foreseen import FarVocabulary
from indexer.search.ranking import K1

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from indexer.search.engine import (
        FilterField,
        Frequencies,
        Indexed,
        Location,
        Plan,
        Results,
        Vocabulary,
        VocabularyEntry,
    )
    from indexer.search.foreseen import Answers, Questions

ALL_LIBRARIES = "*"
"""Stands in a location for every library of the index."""

_LISTED_AT_ONCE = 5_000
_LUCENES_OWN = 3  # major version from which BM25 is no longer multiplied by k1 + 1


class OpenSearchEngine:
    """Search the posts of one library, or of all, and feed those of one."""

    name = "opensearch"

    def __init__(self, location: Location, connection: Connection | None = None) -> None:
        self._location = location
        if connection is not None:
            self._connection = connection
        self._library = location.library
        self._vocabulary = FarVocabulary(self._fetch)
        self._left: dict[int, str] | None = None
        self._is_held = self._is_met = False

    @cached_property
    def _connection(self) -> Connection:
        return Connection(from_environment(os.environ))

    @cached_property
    def _claim(self) -> Claim:
        return Claim(self._connection, self._library, self._location.folder)

    @cached_property
    def _scope(self) -> list[dict[str, Any]]:
        return [] if self._library == ALL_LIBRARIES else [{"term": {"library": self._library}}]

    @cached_property
    def _scale(self) -> float:
        """Return what scores are multiplied by. Raise `NoClusterIndexError`, `OtherFormatError`."""
        index = self._connection.index
        found = self._connection.ask("GET", f"/{index}/_mapping", absent=(404,))
        if not found:
            raise NoClusterIndexError(index)
        for mapping in found.values():
            form = mapping["mappings"].get("_meta", {}).get("format")
            if form != FORMAT:
                raise OtherFormatError(index, form or "not by blogdex")
        major = int(self._connection.ask("GET", "/")["version"]["number"].split(".")[0])
        return (K1 + 1) / (1 if major >= _LUCENES_OWN else K1 * STEPS + 1)

    def _fetch(self, asked: Questions) -> Answers:
        _ = self._scale  # an index of another format answers nothing
        if not self._is_met:
            # What every search asks is read with the first thing that is.
            asked.values.update({("language", "", None), ("acronym", "", None)})
        answers = words.ask(self._connection, self._scope, asked)
        self._is_met = True
        return answers

    def foresee(self, asking: Callable[[Vocabulary], object]) -> None:
        """Fetch at once what is about to be asked."""
        self._vocabulary.foresee(asking)

    def frequencies(self, terms: Iterable[str]) -> Frequencies:
        """Return in how many articles, and titles, the terms stand."""
        return self._vocabulary.frequencies(terms)

    def known(self, words: Iterable[str]) -> Mapping[str, VocabularyEntry]:
        """Return those of the folded words that some article has."""
        return self._vocabulary.known(words)

    def starting(self, prefix: str, limit: int | None = None) -> Mapping[str, VocabularyEntry]:
        """Return the folded words that start so, the commonest first."""
        return self._vocabulary.starting(prefix, limit)

    def similar(self, word: str, slips: int) -> Mapping[str, VocabularyEntry]:
        """Return the folded words at most so many slips away."""
        return self._vocabulary.similar(word, slips)

    def values(self, name: FilterField, like: str = "", limit: int | None = None) -> Mapping[str, int]:
        """Return the values of a filter field that hold `like`, the commonest first."""
        return self._vocabulary.values(name, like, limit)

    def search(self, plan: Plan) -> Results:
        """Run the plan."""
        body = queries.body(plan, self._scope, self._scale)
        return queries.results(plan, self._connection.search(body), library=self._library)

    def totals(self, plans: Iterable[Plan]) -> Iterator[int]:
        """Return how many articles each plan matches, asked at once."""
        _ = self._scale
        answers = self._connection.searches(queries.counting(plan, self._scope) for plan in plans)
        return iter([answer["hits"]["total"]["value"] for answer in answers])

    def checksum(self) -> Checksum:
        """Return what tells whether the index holds what the library does."""
        _ = self._scale
        if self._library != ALL_LIBRARIES and not self._claim.row().get("whole", True):
            # What a writer that was killed had fed is there, and seen by nobody yet.
            self._refresh()
        return self._counted()

    def _counted(self) -> Checksum:
        body = {
            "size": 0,
            "track_total_hits": True,
            "query": {"bool": {"filter": self._scope}},
            "aggs": {"seals": {"sum": {"field": "seal"}}},
        }
        answer = self._connection.search(body)
        return Checksum(answer["hits"]["total"]["value"], int(answer["aggregations"]["seals"]["value"]))

    def ids(self) -> Iterator[tuple[int, str]]:
        """Yield id and digest of every article of the library in the index, by id."""
        _ = self._scale
        after: dict[str, Any] = {}
        while True:
            body = {
                "size": _LISTED_AT_ONCE,
                "query": {"bool": {"filter": self._scope}},
                "_source": ["id", "digest"],
                "sort": [{"id": "asc"}],
                **after,
            }
            found = self._connection.search(body)["hits"]["hits"]
            yield from ((each["_source"]["id"], each["_source"]["digest"]) for each in found)
            if len(found) < _LISTED_AT_ONCE:
                return
            after = {"search_after": found[-1]["sort"]}

    def replace(self, articles: Iterable[Indexed]) -> None:
        """Add the articles, replacing those with the same id; seen when all are there."""
        with self._feeding():
            fed = (article for article in articles if not self._is_there(article))
            self._bulk(("index", article.id, document(article, self._library)) for article in fed)

    def delete(self, ids: Iterable[int]) -> None:
        """Take the articles out; unknown ids are no error."""
        with self._feeding():
            self._bulk(("delete", number, None) for number in ids)

    def changing(self) -> AbstractContextManager[None]:
        """Replace and delete within; what was done is seen at the end."""
        return self._feeding()

    @contextmanager
    def rebuilding(self) -> Iterator[Self]:
        """Feed what is not there as it is to be; what was not named goes at the end. After an error both are there."""
        with self._feeding():
            self._refresh()
            self._left = dict(self.ids())
            try:
                yield self
                surplus = sorted(self._left)
            finally:
                self._left = None
            self.delete(surplus)

    def exists(self) -> bool:
        """Tell whether the library was ever fed to the index."""
        return self._library == ALL_LIBRARIES or bool(self._library and self._claim.row())

    def check(self) -> None:
        """Ask every part of the index; a cluster sees to its files itself. Raise `ClusterError`."""
        self.checksum()

    def discard(self) -> None:
        """Take the library's articles and its row away."""
        with self._feeding():
            self._refresh()
            self.delete([number for number, _ in self.ids()])
        self._claim.drop()

    def close(self) -> None:
        """Let go of connections."""
        if "_connection" in self.__dict__:
            self._connection.close()
            del self.__dict__["_connection"]
            self.__dict__.pop("_claim", None)
        self._forget()

    def _forget(self) -> None:
        self._vocabulary.forget()
        self._is_met = False

    @contextmanager
    def _feeding(self) -> Iterator[None]:
        """Be the one writer of the library; the outermost block makes what was done seen."""
        if self._is_held:
            yield
            return
        _ = self._scale
        self._claim.take()
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False
            self._forget()
        self._refresh()
        self._claim.finish(self._counted().articles)

    def _bulk(self, actions: Iterable[tuple[str, int, dict[str, Any] | None]]) -> None:
        self._connection.bulk((verb, f"{self._library}:{number}", made) for verb, number, made in actions)

    def _is_there(self, article: Indexed) -> bool:
        """Tell whether a rebuild found the article as it is: one that is replaced counts until it is merged away."""
        return self._left is not None and self._left.pop(article.id, None) == article.digest

    def _refresh(self) -> None:
        """Make what was fed seen; who may only read leaves that to the next who writes."""
        absent = () if self._is_held else (403,)
        index = self._connection.index
        answer = self._connection.ask("POST", f"/{index}/_refresh", writing=True, absent=absent)
        # A replica that has no node yet is none of the parts that could fail.
        if answer and (failed := answer["_shards"]["failed"]):
            raise PartialAnswerError(answer["_shards"]["successful"], answer["_shards"]["successful"] + failed)


def open_index(location: Location) -> OpenSearchEngine:
    """Open the index; the cluster is asked when something is wanted of it."""
    return OpenSearchEngine(location)
