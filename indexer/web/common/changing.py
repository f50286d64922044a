"""Change a library from a page: as its one writer, and with the index brought up to it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from indexer.errors import NoPostsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.library import Library
    from indexer.web.visit import Visit


@contextmanager
def writing_library(visit: Visit, command: str) -> Iterator[Library]:
    """Open the library as its one writer, and bring its index up to what was changed.

    Raise `LibraryInUseError` (409, with who writes), `ReadOnlyLibraryError`, and `NoPostsError` where there is none.
    """
    from indexer.build import refresh_index
    from indexer.library import STORE_FILE, writing

    if not (visit.config.library / STORE_FILE).exists():
        raise NoPostsError
    with writing(visit.config.library, command, visit.config.engine) as library:
        yield library
        refresh_index(library, library.tell)
