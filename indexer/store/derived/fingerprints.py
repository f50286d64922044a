"""Keep what the audits of a site saw of each post, and what that depends on (`indexer.audit.incremental`).

The tables have the names of their first version: `sheet` for the fingerprints of a post, `outlook` for the inputs.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.store.connection import run_statements
from indexer.store.seals import OUTLOOK, SHEET

if TYPE_CHECKING:
    from collections.abc import Iterable

_TABLES = """
CREATE TABLE IF NOT EXISTS sheet (
    page_id INTEGER PRIMARY KEY REFERENCES page ON DELETE CASCADE,
    digest TEXT NOT NULL,
    data BLOB NOT NULL,
    seal INTEGER
);
CREATE TABLE IF NOT EXISTS outlook (
    site_id INTEGER PRIMARY KEY REFERENCES site ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    made_from TEXT NOT NULL,
    data TEXT NOT NULL,
    seal INTEGER
);
"""


def create_fingerprint_tables(connection: sqlite3.Connection) -> None:
    """Create the tables inside the transaction that is open."""
    run_statements(connection, _TABLES)


@dataclass(frozen=True, slots=True)
class InputsRow:
    """Inputs as they are stored: JSON, what they were made from, and how many were stored before them."""

    revision: int
    made_from: str
    data: str


class FingerprintStore:
    """What the audits of a site saw of each post."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def inputs(self, site_id: int) -> InputsRow | None:
        """Return the inputs that the fingerprints of a site depend on; `None` where they are damaged."""
        try:
            row = self._connection.execute(
                f"SELECT revision, made_from, data FROM outlook WHERE site_id = ? AND {OUTLOOK.whole()}", (site_id,)
            ).fetchone()
        except sqlite3.OperationalError:  # a library that has no such table yet, or a damaged one
            return None
        whole = row and isinstance(row[0], int) and isinstance(row[1], str) and isinstance(row[2], str)
        return InputsRow(*row) if whole else None

    def read(self, site_id: int) -> list[tuple[int, str, object]]:
        """Return pages, the digest of what was read, and the fingerprints, which may be damaged; `[]` if the table is.

        Fingerprints stay when their article goes, until the next audit, which has to know what is no longer there.
        """
        try:
            return self._connection.execute(
                f"""SELECT page_id, sheet.digest, data FROM sheet JOIN page ON page.id = page_id
                WHERE site_id = ? AND {SHEET.whole()}""",
                (site_id,),
            ).fetchall()
        except sqlite3.OperationalError:
            return []

    def keep(
        self, site_id: int, inputs: InputsRow, made: Iterable[tuple[int, str, bytes]], pages: Iterable[int]
    ) -> None:
        """Keep inputs and fingerprints made with them (page, digest, data), inside the transaction that is open.

        `pages` are all that were audited: the fingerprints of others are dropped, for they have other inputs.
        """
        values = (site_id, inputs.revision, inputs.made_from, inputs.data)
        self._connection.execute(
            "INSERT OR REPLACE INTO outlook (site_id, revision, made_from, data) VALUES (?, ?, ?, ?)", values
        )
        self._connection.execute(
            """DELETE FROM sheet WHERE page_id IN (SELECT id FROM page WHERE site_id = ?)
            AND page_id NOT IN (SELECT value FROM json_each(?))""",
            (site_id, json.dumps(list(pages))),
        )
        self._connection.executemany("INSERT OR REPLACE INTO sheet (page_id, digest, data) VALUES (?, ?, ?)", made)
