"""Remember what is pleasant but not needed: the last results and what was searched for.

A file of its own, so that reading never waits for a writer. Where the library can't be written, the last results go to
the user's cache. Nothing here may stop a command: losing it, or failing to write it, is logged and passed over.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_TABLES = (
    "CREATE TABLE IF NOT EXISTS last_results (position INTEGER PRIMARY KEY, article_id INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS search_log (at TEXT NOT NULL, query TEXT NOT NULL, total INTEGER NOT NULL)",
)
_BUSY_TIMEOUT_S = 0.2
"""How long the search log is waited for; chosen: nobody waits for a log."""


class State:
    """The last results and the search log of a library."""

    def __init__(self, path: Path | str) -> None:
        self._path = path

    def _connect(self, path: Path | str | None = None) -> sqlite3.Connection:
        connection = sqlite3.connect(path or self._path, timeout=_BUSY_TIMEOUT_S, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        for statement in _TABLES:
            connection.execute(statement)
        return connection

    def keep_results(self, ranked: Sequence[tuple[int, int]]) -> None:
        """Keep (rank, article id) of the results just shown; those from rank 1 on replace all older ones."""
        try:
            with closing(self._connect()) as connection:
                connection.execute("BEGIN IMMEDIATE")
                _replace_results(connection, ranked)
                connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            _pass_over("the last results were not kept", error)
            self._keep_elsewhere(ranked)

    def keep_search(self, query: str, total: int, ranked: Sequence[tuple[int, int]]) -> None:
        """Log a search and keep its results, in one go."""
        try:
            with closing(self._connect()) as connection:
                connection.execute("BEGIN IMMEDIATE")
                _log_search(connection, query, total)
                _replace_results(connection, ranked)
                connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            _pass_over("the search was not kept", error)
            self._keep_elsewhere(ranked)

    def _keep_elsewhere(self, ranked: Sequence[tuple[int, int]]) -> None:
        """Keep results in the user's cache, as the library can't be written."""
        try:
            file = self._elsewhere()
            file.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect(file)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                _replace_results(connection, ranked)
                connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            _pass_over("the last results were not kept in the user's cache either", error)

    def _elsewhere(self) -> Path:
        """Return the file in the user's cache that stands for this one."""
        from hashlib import sha256
        from pathlib import Path

        import platformdirs

        own = sha256(str(Path(self._path).resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return Path(platformdirs.user_cache_dir("blogdex", appauthor=False)) / f"state-{own}.db"

    def recall(self, rank: int) -> int | None:
        """Return the id of the result shown under this number last, or `None`."""
        try:
            with closing(self._reading()) as connection:
                row = connection.execute("SELECT article_id FROM last_results WHERE position = ?", (rank,)).fetchone()
        except (sqlite3.Error, OSError) as error:
            _pass_over("the last results could not be read", error)
            return None
        return int(row[0]) if row else None

    def _reading(self) -> sqlite3.Connection:
        """Open what was written last: the library's file, or the one that stands for it."""
        from pathlib import Path

        elsewhere = self._elsewhere()
        own = Path(self._path)
        if elsewhere.is_file() and not (own.is_file() and own.stat().st_mtime_ns > elsewhere.stat().st_mtime_ns):
            return self._connect(elsewhere)
        return self._connect()

    def fruitless(self, limit: int) -> list[tuple[str, int, str]]:
        """Return the queries that found nothing as (query, how often, when last), most frequent first."""
        try:
            with closing(self._connect()) as connection:
                return connection.execute(
                    """SELECT query, count(*), max(at) FROM search_log WHERE total = 0 AND query <> ''
                    GROUP BY query ORDER BY 2 DESC, 3 DESC LIMIT ?""",
                    (limit,),
                ).fetchall()
        except (sqlite3.Error, OSError) as error:
            _pass_over("the search log could not be read", error)
            return []


def _log_search(connection: sqlite3.Connection, query: str, total: int) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    connection.execute("INSERT INTO search_log VALUES (?, ?, ?)", (now, query, total))


def _replace_results(connection: sqlite3.Connection, ranked: Sequence[tuple[int, int]]) -> None:
    if not ranked or ranked[0][0] == 1:
        connection.execute("DELETE FROM last_results")
    connection.executemany("INSERT OR REPLACE INTO last_results VALUES (?, ?)", ranked)


def _pass_over(what: str, error: Exception) -> None:
    import logging

    logging.getLogger(__name__).info("%s: %s", what, error)
