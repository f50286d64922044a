"""Keep what the latest audit of a site found: the next one gives findings their ids again and tells what is new.

The gateway speaks in plain values; `indexer.audit.memory.history` is what they mean.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.store.connection import run_statements
from indexer.store.seals import CLUSTER, FINDING, SURVEY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_TABLES = """
CREATE TABLE IF NOT EXISTS cluster (
    site_id INTEGER NOT NULL REFERENCES site ON DELETE CASCADE,
    id TEXT NOT NULL,
    text TEXT NOT NULL,
    digests TEXT NOT NULL,
    posts TEXT NOT NULL,
    first_seen TEXT,
    since TEXT NOT NULL,
    seal INTEGER,
    PRIMARY KEY (site_id, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS finding (
    site_id INTEGER NOT NULL REFERENCES site ON DELETE CASCADE,
    id TEXT NOT NULL,
    first_seen TEXT,
    since TEXT NOT NULL,
    seal INTEGER,
    PRIMARY KEY (site_id, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS survey (
    site_id INTEGER PRIMARY KEY REFERENCES site ON DELETE CASCADE,
    made_from TEXT NOT NULL,
    data BLOB NOT NULL,
    seal INTEGER
);
"""


def create_cluster_tables(connection: sqlite3.Connection) -> None:
    """Create the tables of the audit inside the transaction that is open."""
    run_statements(connection, _TABLES)


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """A cluster as it is stored. `first_seen` is a day, `YYYY-MM-DD`; `since` the state of the posts it came with."""

    id: str
    text: str
    digests: tuple[str, ...]
    posts: tuple[str, ...]
    first_seen: str | None
    since: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Another finding as it is stored."""

    id: str
    first_seen: str | None
    since: str


class Clusters:
    """What the latest audit of a site found."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def clusters(self, site_id: int) -> list[ClusterRow]:
        """Return the clusters, by id; one whose row is damaged is left out, and gets a new id."""
        rows = self._connection.execute(
            f"""SELECT id, text, digests, posts, first_seen, since FROM cluster
            WHERE site_id = ? AND {CLUSTER.whole()} ORDER BY id""",
            (site_id,),
        )
        found = []
        for own, text, digests, posts, first_seen, since in rows:
            with suppress(ValueError, TypeError):
                lists = tuple(map(str, json.loads(digests))), tuple(map(str, json.loads(posts)))
                found.append(ClusterRow(own, text, *lists, first_seen, since))
        return found

    def digests(self, site_id: int, among: Collection[str] | None = None) -> list[tuple[str, list[str]]]:
        """Return the ids of the clusters with the digests of their blocks, those on the fewest posts first.

        With `among`, of the clusters alone that have one of these digests: of one post a hundredth of the work.
        """
        chosen = "" if among is None else " AND id IN (SELECT value FROM json_each(?))"
        rows = self._connection.execute(
            f"""SELECT id, digests FROM cluster WHERE site_id = ?{chosen} AND {CLUSTER.whole()}
            ORDER BY json_array_length(posts), id""",
            (site_id,) if among is None else (site_id, json.dumps(self._holding(site_id, among))),
        )
        return [(own, json.loads(digests)) for own, digests in rows]

    def _holding(self, site_id: int, among: Collection[str]) -> list[str]:
        """Return the ids of the clusters, damaged or not, that seem to have one of these digests."""
        rows = self._connection.execute(
            """SELECT DISTINCT cluster.id
            FROM cluster, json_each(CASE WHEN json_valid(digests) THEN digests ELSE '[]' END) AS one
            WHERE site_id = ? AND one.value IN (SELECT value FROM json_each(?))""",
            (site_id, json.dumps(list(among))),
        )
        return [own for (own,) in rows]

    def findings(self, site_id: int) -> list[FindingRow]:
        """Return the other findings, by id."""
        rows = self._connection.execute(
            f"SELECT id, first_seen, since FROM finding WHERE site_id = ? AND {FINDING.whole()} ORDER BY id", (site_id,)
        )
        return [FindingRow(*row) for row in rows]

    def save(self, site_id: int, clusters: Iterable[ClusterRow], findings: Iterable[FindingRow]) -> None:
        """Put these in place of what was found before, inside the transaction that is open."""
        self._connection.execute("DELETE FROM cluster WHERE site_id = ?", (site_id,))
        self._connection.execute("DELETE FROM finding WHERE site_id = ?", (site_id,))
        self._connection.executemany(
            """INSERT INTO cluster (site_id, id, text, digests, posts, first_seen, since)
            VALUES (?, ?, ?, ?, ?, ?, ?)""",
            (
                (site_id, row.id, row.text, json.dumps(row.digests), json.dumps(row.posts), row.first_seen, row.since)
                for row in clusters
            ),
        )
        self._connection.executemany(
            "INSERT OR REPLACE INTO finding (site_id, id, first_seen, since) VALUES (?, ?, ?, ?)",
            ((site_id, row.id, row.first_seen, row.since) for row in findings),
        )

    def survey(self, site_id: int, made_from: str) -> object:
        """Return the kept survey of a site if it was made from just this, else `None`; it may be damaged."""
        latest = self.latest_survey(site_id)
        return latest[1] if latest and latest[0] == made_from else None

    def latest_survey(self, site_id: int) -> tuple[str, object] | None:
        """Return what the kept survey of a site was made from, and the survey; `None` where it is damaged."""
        try:
            row = self._connection.execute(
                f"SELECT made_from, data FROM survey WHERE site_id = ? AND {SURVEY.whole()}", (site_id,)
            ).fetchone()
        except sqlite3.OperationalError:  # a library that has no such table yet
            return None
        return (row[0], row[1]) if row else None

    def keep_survey(self, site_id: int, made_from: str, data: bytes) -> None:
        """Keep a survey in place of the one before, inside the transaction that is open."""
        self._connection.execute(
            "INSERT OR REPLACE INTO survey (site_id, made_from, data) VALUES (?, ?, ?)", (site_id, made_from, data)
        )
