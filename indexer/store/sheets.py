"""Keep what the audits of a site saw of each post, and with what outlook. `indexer.audit.sheets` is what it means."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TABLES = (
    """CREATE TABLE IF NOT EXISTS sheet (
        article_id INTEGER PRIMARY KEY REFERENCES article ON DELETE CASCADE,
        digest TEXT NOT NULL,
        data BLOB NOT NULL
    )""",
    """CREATE TABLE IF NOT EXISTS outlook (
        site_id INTEGER PRIMARY KEY REFERENCES site ON DELETE CASCADE,
        revision INTEGER NOT NULL,
        made_from TEXT NOT NULL,
        data TEXT NOT NULL
    )""",
)


def create_sheet_tables(connection: sqlite3.Connection) -> None:
    """Create the tables of sheets inside the transaction that is open."""
    for statement in _TABLES:
        connection.execute(statement)


@dataclass(frozen=True, slots=True)
class OutlookRow:
    """An outlook as it is stored: JSON, what it was made from, and how many were stored before it."""

    revision: int
    made_from: str
    data: str


class Sheets:
    """What the audits of a site saw of each post."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def outlook(self, site_id: int) -> OutlookRow | None:
        """Return the outlook that the sheets of a site were made with; it may be damaged."""
        try:
            row = self._connection.execute(
                "SELECT revision, made_from, data FROM outlook WHERE site_id = ?", (site_id,)
            ).fetchone()
        except sqlite3.OperationalError:  # a library that has no such table yet
            return None
        return OutlookRow(*row) if row else None

    def read(self, site_id: int) -> Iterator[tuple[int, str, object]]:
        """Yield article, the digest of what the sheet is of, and the sheet, which may be damaged."""
        yield from self._connection.execute(
            "SELECT article_id, sheet.digest, data FROM sheet JOIN page ON page.id = article_id WHERE site_id = ?",
            (site_id,),
        )

    def keep(
        self, site_id: int, outlook: OutlookRow, sheets: Iterable[tuple[int, str, bytes]], articles: Iterable[int]
    ) -> None:
        """Keep an outlook and the sheets made with it (article, digest, data), inside the transaction that is open.

        `articles` are all that were audited: the sheets of others are dropped, for they have another outlook.
        """
        create_sheet_tables(self._connection)
        values = (site_id, outlook.revision, outlook.made_from, outlook.data)
        self._connection.execute("INSERT OR REPLACE INTO outlook VALUES (?, ?, ?, ?)", values)
        self._connection.execute(
            """DELETE FROM sheet WHERE article_id IN (SELECT id FROM page WHERE site_id = ?)
            AND article_id NOT IN (SELECT value FROM json_each(?))""",
            (site_id, json.dumps(list(articles))),
        )
        self._connection.executemany("INSERT OR REPLACE INTO sheet VALUES (?, ?, ?)", sheets)
