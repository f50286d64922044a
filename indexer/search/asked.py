"""Hold what a person asks of a search, wherever it was typed, and ask it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from indexer.search.answer import Articles, SearchResult
    from indexer.search.engine import Order, SearchEngine
    from indexer.search.planning import SearchOptions, Where
    from indexer.store.state import State

FILTERS = ("since", "until", "topic", "author", "category", "language")
"""What lets through some posts only."""


class Asked(NamedTuple):
    """A search as it was typed, days in words; without an order the best come first or, without words, the newest."""

    words: tuple[str, ...] = ()
    limit: int = 10
    offset: int = 0
    since: str | None = None
    until: str | None = None
    topic: str | None = None
    author: str | None = None
    category: str | None = None
    language: str | None = None
    order: Order | None = None
    fields: Where = "all"
    match_any: bool = False
    facets: bool = False

    @property
    def filters(self) -> dict[str, str]:
        """Return the filters in use, by name."""
        return {name: value for name in FILTERS if (value := getattr(self, name))}

    @property
    def days(self) -> tuple[date | None, date | None]:
        """Return the first and the last day asked for. Raise `NotADayError`, `UsageError`."""
        if not self.since and not self.until:
            return None, None
        from indexer.search.query import day

        since = day(self.since) if self.since else None
        until = day(self.until, end=True) if self.until else None
        if since and until and since > until:
            raise UsageError(f"--since {self.since} is later than --until {self.until}: no day is both.")
        return since, until

    def options(
        self, site: str | None = None, synonyms: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    ) -> SearchOptions:
        """Return what is asked for besides the words. Raise `NotADayError`, `UsageError`."""
        from indexer.search.planning import SearchOptions

        since, until = self.days
        return SearchOptions(
            limit=self.limit,
            offset=self.offset,
            since=since,
            until=until,
            topic=self.topic,
            author=self.author,
            category=self.category,
            language=self.language,
            site=site,
            order=self.order or ("relevance" if self.words else "newest"),
            fields=self.fields,
            match_any=self.match_any,
            facets=self.facets,
            synonyms=synonyms,
        )


def ask(
    articles: Articles, engine: SearchEngine, asked: Asked, synonyms_file: Path | str, site: str | None = None
) -> SearchResult:
    """Return the page of results asked for, of one site or of all."""
    from indexer.search import query
    from indexer.search.answer import search
    from indexer.search.words import synonyms

    options = asked.options(site, synonyms.read(synonyms_file))
    return search(articles, engine, query.parse(asked.words), options)


def keep(state: State, asked: Asked, result: SearchResult) -> None:
    """Keep the results for who names one by its number, and what was asked for; a search with filters is not logged."""
    logged = "" if asked.filters else result.query
    state.keep_search(logged, result.total, [(found.rank, found.id) for found in result.results])
