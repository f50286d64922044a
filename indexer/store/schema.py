"""Define the tables, and bring a library of an older version up to this one."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from indexer.errors import NewerLibraryError
from indexer.store.connection import run_statements, version_of
from indexer.store.derived.clusters import create_cluster_tables
from indexer.store.derived.fingerprints import create_fingerprint_tables
from indexer.store.derived.topics import create_area_table, create_topic_tables
from indexer.store.frontier.tables import add_series, create_frontier_tables, widen_frontier_tables
from indexer.store.history.copies import create_copy_tables
from indexer.store.history.versions import create_version_tables
from indexer.store.rich_text import create_rich_text_table
from indexer.store.seals import add_seals, seal_edit_addresses

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_TABLES = """
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE site (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    start_url TEXT,
    crawled_at TEXT
);
CREATE TABLE page (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES site,
    url TEXT NOT NULL,
    final_url TEXT NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    gone_at TEXT,
    lastmod TEXT,
    codec TEXT NOT NULL,
    body BLOB NOT NULL,
    digest TEXT NOT NULL,
    witness BLOB,
    stated TEXT,
    evidence TEXT NOT NULL,
    source TEXT,
    marked TEXT CHECK (marked IN ('post', 'page', 'forgotten')),
    is_post INTEGER,
    verdict TEXT,
    judged TEXT,
    judgement TEXT,
    UNIQUE (site_id, url)
);
CREATE TABLE sketch (
    page_id INTEGER PRIMARY KEY REFERENCES page ON DELETE CASCADE,
    made_from TEXT NOT NULL,
    data BLOB NOT NULL
);
CREATE TABLE profile (
    site_id INTEGER PRIMARY KEY REFERENCES site ON DELETE CASCADE,
    digest TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE TABLE article (
    id INTEGER PRIMARY KEY REFERENCES page ON DELETE CASCADE,
    page_title TEXT,
    title TEXT,
    author TEXT,
    published TEXT,
    modified TEXT,
    language TEXT,
    canonical TEXT,
    image TEXT,
    categories TEXT NOT NULL,
    tags TEXT NOT NULL,
    words INTEGER NOT NULL,
    digest TEXT NOT NULL,
    made_from TEXT NOT NULL
);
CREATE INDEX article_published ON article (published);
CREATE TABLE block (
    id INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE,
    digest TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE TABLE path (
    id INTEGER PRIMARY KEY,
    steps TEXT NOT NULL UNIQUE
);
CREATE TABLE article_block (
    article_id INTEGER NOT NULL REFERENCES article ON DELETE CASCADE,
    position INTEGER NOT NULL,
    block_id INTEGER NOT NULL REFERENCES block,
    path_id INTEGER NOT NULL REFERENCES path,
    kept INTEGER NOT NULL,
    role TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    heading INTEGER NOT NULL,
    PRIMARY KEY (article_id, position)
) WITHOUT ROWID;
CREATE INDEX article_block_block ON article_block (block_id);
"""


def _first_version(connection: sqlite3.Connection) -> None:
    run_statements(connection, _TABLES)
    create_frontier_tables(connection)
    create_topic_tables(connection)
    create_cluster_tables(connection)
    create_fingerprint_tables(connection)


def _languages(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE article ADD COLUMN page_language TEXT")
    connection.execute("ALTER TABLE article ADD COLUMN heard TEXT")


def _keep_copies_and_versions(connection: sqlite3.Connection) -> None:
    """Keep other bodies of a page and the texts that it had; count how often a URL was not as before."""
    widen_frontier_tables(connection)
    create_copy_tables(connection)
    create_version_tables(connection)


def _reviewers(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE article ADD COLUMN reviewer TEXT")


def _seals(connection: sqlite3.Connection) -> None:
    """Seal every row; what audits kept to be quick goes, as some first libraries lack its tables or columns."""
    for table in ("survey", "sheet", "outlook"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    create_cluster_tables(connection)
    create_fingerprint_tables(connection)
    add_seals(connection)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    _first_version,
    create_rich_text_table,
    add_series,
    _languages,
    _keep_copies_and_versions,
    _reviewers,
    _seals,
    seal_edit_addresses,
    create_area_table,
)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Run the migrations that are missing on the file at `path`, each in one transaction; keep the older file before.

    Raise `NewerLibraryError`.
    """
    version = version_of(connection)
    if version > len(MIGRATIONS):
        raise NewerLibraryError(str(path.parent))
    if 0 < version < len(MIGRATIONS):
        _keep_older(connection, path, version)
    for number in range(version, len(MIGRATIONS)):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if version_of(connection) == number:
                MIGRATIONS[number](connection)
                connection.execute(f"PRAGMA user_version = {number + 1}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _keep_older(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Copy the file beside itself as a library of this version, unless another process is already bringing it up."""
    kept = path.with_name(f"{path.stem}-v{version}{path.suffix}")
    made = kept.with_name(f"{kept.name}.{os.getpid()}.new")
    try:
        with closing(sqlite3.connect(made)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            is_older = version_of(copy) == version
        with made.open("rb+") as stream:
            os.fsync(stream.fileno())
        if is_older:
            made.replace(kept)
    finally:
        made.unlink(missing_ok=True)
