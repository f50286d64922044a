"""Read from a library's file what a search needs, and nothing else: most of a search's time is loading modules."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from indexer.store import VERSION
from indexer.store.seals import watch
from indexer.store.shown import read_shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.store.rows import StoredArticle
    from indexer.store.shown import Shown

_BUSY_TIMEOUT_S = 10.0
"""How long a search waits for a writer; chosen: longer than one transaction of a build."""


class NotPlainError(Exception):
    """The file is not of this version, has no posts yet, or is damaged: opening it takes more than is done here."""


class ReadOnlyStore:
    """A library's file opened for search. Raise `NotPlainError`, or what SQLite raises."""

    def __init__(self, file: str) -> None:
        self._connection = sqlite3.connect(file, timeout=_BUSY_TIMEOUT_S, isolation_level=None)
        version, posts, engine = self._connection.execute(
            """SELECT (SELECT user_version FROM pragma_user_version), EXISTS (SELECT 1 FROM article),
            (SELECT value FROM setting WHERE name = 'engine')"""
        ).fetchone()
        if version != VERSION or not posts:
            raise NotPlainError
        self.engine_setting: str | None = engine
        self._damage = watch(self._connection)

    def shown(self, ids: Sequence[int]) -> dict[int, Shown]:
        """Return what search shows of the articles with these ids; unknown ids are left out."""
        found = read_shown(self._connection, ids, self._damage)
        if self._damage.found:
            raise NotPlainError
        return found

    def get(self, ids: Sequence[int]) -> dict[int, StoredArticle]:
        """Raise `NotPlainError`: whole articles are read for few searches, and take more to be read."""
        raise NotPlainError

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
