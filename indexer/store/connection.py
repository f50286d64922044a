"""Hold an open SQLite file: what the keeper of every table works with."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from indexer.store.seals import watch

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

BUSY_TIMEOUT_MS = 10_000
"""How long a writer waits for another one; a build's longest transaction, one page, takes a hundredth of it."""


class Connection:
    """An open file, with transactions that may stand inside one another. Use it from one thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.damage = watch(connection)
        """What was found damaged while reading, and left out."""

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Make everything inside happen together or not at all. A transaction inside another is part of it."""
        if self.connection.in_transaction:
            yield self.connection
            return
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
        except BaseException:
            if self.connection.in_transaction:  # an interrupt may have ended it
                self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")


def run_statements(connection: sqlite3.Connection, script: str) -> None:
    """Run several statements inside the transaction that is open (`executescript` would commit it)."""
    for statement in script.split(";\n"):
        if statement.strip():
            connection.execute(statement)


def version_of(connection: sqlite3.Connection) -> int:
    """Return how many migrations the library has seen; 0 for a new file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
