"""Open the search engine that a name stands for; only what it needs is imported."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from indexer import CLUSTER, ENGINES
from scraper.errors import UsageError

if TYPE_CHECKING:
    from indexer.search.engine import Location, SearchEngine


def open_engine(name: str, location: Location) -> SearchEngine:
    """Open the engine called `name`; it is seen when it is used whether its index can be. Raise `UsageError`."""
    known = (*ENGINES, CLUSTER)
    if name not in known:
        raise UsageError(f"There is no search engine '{name}'. Use one of: {', '.join(known)}.")
    where = f"{CLUSTER}.engine" if name == CLUSTER else f"{name}_engine"
    module = import_module(f"indexer.search.engines.{where}")
    return cast("SearchEngine", module.open_index(location))
