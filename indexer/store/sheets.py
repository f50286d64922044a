"""Keep what the audits of a site saw of each post, and with what outlook (`indexer.audit.incremental`)."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_TABLES = (
    """CREATE TABLE IF NOT EXISTS sheet (
        page_id INTEGER PRIMARY KEY REFERENCES page ON DELETE CASCADE,
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
        """Return the outlook that the sheets of a site were made with; `None` where it is damaged."""
        try:
            row = self._connection.execute(
                "SELECT revision, made_from, data FROM outlook WHERE site_id = ?", (site_id,)
            ).fetchone()
        except sqlite3.OperationalError:  # a library that has no such table yet, or a damaged one
            return None
        whole = row and isinstance(row[0], int) and isinstance(row[1], str) and isinstance(row[2], str)
        return OutlookRow(*row) if whole else None

    def read(self, site_id: int) -> list[tuple[int, str, object]]:
        """Return pages, the digest of what each sheet is of, and the sheet, which may be damaged; `[]` if the table is.

        A sheet stays when its article goes, until the next audit, which has to know what is no longer there.
        """
        try:
            return self._connection.execute(
                "SELECT page_id, sheet.digest, data FROM sheet JOIN page ON page.id = page_id WHERE site_id = ?",
                (site_id,),
            ).fetchall()
        except sqlite3.OperationalError:
            return []

    def keep(
        self, site_id: int, outlook: OutlookRow, sheets: Iterable[tuple[int, str, bytes]], pages: Iterable[int]
    ) -> None:
        """Keep an outlook and the sheets made with it (page, digest, data), inside the transaction that is open.

        `pages` are all that were audited: the sheets of others are dropped, for they have another outlook.
        """
        create_sheet_tables(self._connection)
        values = (site_id, outlook.revision, outlook.made_from, outlook.data)
        self._connection.execute("INSERT OR REPLACE INTO outlook VALUES (?, ?, ?, ?)", values)
        self._connection.execute(
            """DELETE FROM sheet WHERE page_id IN (SELECT id FROM page WHERE site_id = ?)
            AND page_id NOT IN (SELECT value FROM json_each(?))""",
            (site_id, json.dumps(list(pages))),
        )
        self._connection.executemany("INSERT OR REPLACE INTO sheet VALUES (?, ?, ?)", sheets)
