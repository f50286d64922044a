"""Open a library for a command."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import click

from commands.common import output
from indexer.naming import named_site
from scraper.errors import BlogdexError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from commands.common.settings import Settings
    from indexer.errors import LibraryInUseError
    from indexer.library import Library
    from indexer.store.database import Store
    from indexer.writer import Patience

LOG_FILE = "blogdex.log"


@contextmanager
def open_for_reading(settings: Settings) -> Iterator[Library]:
    """Open the library; a writer never keeps it waiting. Raise `UsageError` where `--site` names none of its sites."""
    from indexer.library import reading

    with reading(settings.path, settings.engine) as library, _telling_damage(library):
        named_site(library, settings.site)
        yield library


@contextmanager
def open_for_writing(settings: Settings, command: str, wait_s: float | None = None) -> Iterator[Library]:
    """Open the library as its one writer, waiting where another writes, and send this run's log to a file in it."""
    from indexer.library import writing

    patience = _patience(wait_s) if wait_s else None
    with (
        writing(settings.path, command, settings.engine, patience) as library,
        _log_to(settings.path / LOG_FILE),
        nullcontext() if command == "doctor" else _telling_damage(library),
    ):
        if command not in ("crawl", "import"):
            named_site(library, settings.site)
        yield library


def _patience(wait_s: float) -> Patience:
    """Return that the lock is waited for, which a person is told."""
    from indexer.present.terminal.text import duration
    from indexer.writer import Patience

    def tell(error: LibraryInUseError) -> None:
        output.say(f"{error} Waiting for it, {duration(wait_s)} at most.")

    return Patience(wait_s, tell)


@contextmanager
def _telling_damage(library: Library) -> Iterator[None]:
    """Say at the end what was found damaged and left out: nothing is answered in part without a word."""
    found = library.store.damage.found
    try:
        yield
    except (click.exceptions.Exit, BlogdexError):
        _tell(library.store, found)
        raise
    _tell(library.store, found)


def _tell(store: Store, found: Mapping[str, set[str]]) -> None:
    if found:
        from indexer.store.integrity import damage

        click.echo(output.safe(damage.sentence(store, found)), err=True)


@contextmanager
def _log_to(file: Path) -> Iterator[None]:
    """Send the log to a file in the library, in place of the last run's."""
    import logging

    handler = logging.FileHandler(file, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()


def require_library(settings: Settings) -> None:
    """Raise `NoPostsError` where there is no library to work on."""
    from indexer.errors import NoPostsError
    from indexer.library import STORE_FILE

    if not (settings.path / STORE_FILE).exists():
        raise NoPostsError
