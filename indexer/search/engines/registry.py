"""Open the search engine that a name stands for; only what it needs is imported."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from indexer import ENGINES
from indexer.search import manifest
from scraper.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.search.engine import SearchEngine


def open_engine(name: str, folder: Path | str) -> SearchEngine:
    """Open the engine called `name` on its folder, made where it is missing.

    Raise `UsageError` for an unknown name, `IndexUnusableError` for an index that is damaged or of another format.
    """
    if name not in ENGINES:
        raise UsageError(f"There is no search engine '{name}'. Use one of: {', '.join(ENGINES)}.")
    manifest.check(folder)
    module = import_module(f"indexer.search.engines.{name}_engine")
    return cast("SearchEngine", module.open_index(folder))
