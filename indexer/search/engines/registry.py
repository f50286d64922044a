"""Open the search engine that a name stands for; only what it needs is imported."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from indexer import ENGINES
from scraper.errors import UsageError

if TYPE_CHECKING:
    from indexer.search.engine import Location, SearchEngine


def open_engine(name: str, location: Location) -> SearchEngine:
    """Open the engine called `name`; it is seen when it is used whether its index can be. Raise `UsageError`."""
    if name not in ENGINES:
        raise UsageError(f"There is no search engine '{name}'. Use one of: {', '.join(ENGINES)}.")
    module = import_module(f"indexer.search.engines.{name}_engine")
    return cast("SearchEngine", module.open_index(location))
