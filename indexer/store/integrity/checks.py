"""Check the SQLite file of a library against itself, and mend what can be mended without losing a page."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from indexer.store.seals import SEALS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from indexer.store.database import Store

_SHOWN = 3
"""Faults of a file that are named; chosen."""


def damage(store: Store) -> str | None:
    """Return what SQLite finds wrong with the file, its first lines in one, or `None`."""
    try:
        found = [str(row[0]) for row in store.connection.execute(f"PRAGMA integrity_check({_SHOWN})")]
        for seal in SEALS:
            store.connection.execute(
                f"SELECT {', '.join((seal.column, *seal.key, *seal.covers))} FROM {seal.table} LIMIT 0"
            )
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if found == ["ok"] else "; ".join(found)


def reindex(store: Store) -> None:
    """Make the file's own indexes again from its tables. A table that is itself damaged stays so."""
    try:
        with store.transaction() as connection:
            connection.execute("REINDEX")
    except sqlite3.DatabaseError:
        return


def dangling(store: Store) -> int:
    """Return how many rows belong to something that is not there, such as blocks of no article."""
    return len(store.connection.execute("PRAGMA foreign_key_check").fetchall())


def drop_dangling(store: Store) -> None:
    """Delete the rows that belong to nothing; an article that lost a block is made again by the next build."""
    store.connection.execute("PRAGMA foreign_keys = OFF")
    try:
        with store.transaction() as connection:
            holed = connection.execute(
                """SELECT DISTINCT article_id FROM article_block
                WHERE block_id NOT IN (SELECT id FROM block) OR path_id NOT IN (SELECT id FROM path)"""
            ).fetchall()
            connection.executemany("DELETE FROM article_block WHERE article_id = ?", holed)
            connection.executemany("DELETE FROM article WHERE id = ?", holed)
            _drop_violations(connection)
    finally:
        store.connection.execute("PRAGMA foreign_keys = ON")


def _drop_violations(connection: sqlite3.Connection) -> None:
    """Delete rows until none refers to nothing; tables without row ids are swept by their article."""
    connection.execute("DELETE FROM article_block WHERE article_id NOT IN (SELECT id FROM article)")
    while found := connection.execute("PRAGMA foreign_key_check").fetchall():
        rows = [(table, rowid) for table, rowid, *_ in found if rowid is not None]
        if not rows:
            return
        for table, rowid in rows:
            connection.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (rowid,))


def orphans(store: Store) -> int:
    """Return how many texts and paths no article uses."""
    row = store.connection.execute(
        """SELECT (SELECT count(*) FROM block WHERE id NOT IN (SELECT block_id FROM article_block))
        + (SELECT count(*) FROM path WHERE id NOT IN (SELECT path_id FROM article_block))"""
    ).fetchone()
    return int(row[0])


def fetched_after(store: Store, moment: datetime) -> int:
    """Return how many pages say that they were fetched after a moment in UTC."""
    row = store.connection.execute("SELECT count(*) FROM page WHERE fetched_at > ?", (moment.isoformat(),)).fetchone()
    return int(row[0])


def date_back(store: Store, moment: datetime) -> None:
    """Let no page or crawl be later than a moment in UTC."""
    with store.transaction() as connection:
        for table, column in (("page", "fetched_at"), ("site", "crawled_at")):
            connection.execute(
                f"UPDATE {table} SET {column} = ? WHERE {column} > ?",
                (moment.isoformat(timespec="seconds"), moment.isoformat()),
            )
        now = moment.timestamp()
        connection.execute("UPDATE frontier SET checked_at = ?1 WHERE checked_at > ?1", (now,))
        connection.execute(
            "UPDATE crawl_run SET started_at = min(started_at, ?1), ended_at = min(ended_at, ?1)", (now,)
        )


def unreadable(store: Store, ids: Sequence[int]) -> list[str]:
    """Return the addresses of the pages whose stored body can't be unpacked."""
    readable = {stored.id for stored in store.pages.load(ids)}
    return [store.pages.url(page_id) for page_id in ids if page_id not in readable]


def is_sound(path: Path) -> bool:
    """Tell whether a small SQLite file beside the library can be read."""
    wal = path.with_name(f"{path.name}-wal")
    mode = "mode=ro" if wal.exists() else "immutable=1"  # without one nobody writes, and the folder may be read-only
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def has_programs(store: Store) -> bool:
    """Tell whether the file has triggers or views, which no library has and which would run when it is used."""
    row = store.connection.execute("SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone()
    return bool(row[0])


def copy_to(store: Store, target: Path) -> None:
    """Copy the library's SQLite file as it is at this moment, while others may write (SQLite's backup API)."""
    with closing(sqlite3.connect(target)) as copy:
        store.connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
