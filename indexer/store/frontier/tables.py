"""Define the tables of the crawl frontier, and a copy of them for a dry run."""

from __future__ import annotations

import sqlite3

from indexer.store.connection import Connection, run_statements

_TABLES = """
CREATE TABLE crawl_run (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES site ON DELETE CASCADE,
    started_at REAL NOT NULL,
    ended_at REAL,
    stage TEXT NOT NULL,
    refresh INTEGER NOT NULL
);
CREATE TABLE frontier (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES site ON DELETE CASCADE,
    url TEXT NOT NULL,
    same TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'idle', 'cut', 'skipped')),
    priority INTEGER NOT NULL,
    first_run INTEGER NOT NULL,
    evidence TEXT NOT NULL,
    shape TEXT NOT NULL,
    depth INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before REAL NOT NULL DEFAULT 0,
    lastmod TEXT,
    stated TEXT,
    witness BLOB,
    run INTEGER,
    checked_at REAL,
    result TEXT,
    status INTEGER,
    reason TEXT,
    etag TEXT,
    last_modified TEXT,
    digest BLOB,
    canonical TEXT,
    likeness BLOB,
    body BLOB,
    page_id INTEGER,
    alias_of INTEGER REFERENCES frontier ON DELETE SET NULL,
    is_post INTEGER NOT NULL DEFAULT 0,
    vanished INTEGER NOT NULL DEFAULT 0,
    series INTEGER,
    UNIQUE (site_id, same)
);
CREATE INDEX frontier_url ON frontier (site_id, url);
CREATE INDEX frontier_queue ON frontier (site_id, state, priority, id);
CREATE INDEX frontier_digest ON frontier (site_id, digest);
CREATE INDEX frontier_likeness ON frontier (site_id, likeness);
CREATE INDEX frontier_alias ON frontier (alias_of);
CREATE INDEX frontier_series ON frontier (series);
CREATE TABLE sighting (
    place_id INTEGER NOT NULL REFERENCES frontier ON DELETE CASCADE,
    url_id INTEGER NOT NULL REFERENCES frontier ON DELETE CASCADE,
    lastmod TEXT,
    PRIMARY KEY (place_id, url_id)
) WITHOUT ROWID;
CREATE INDEX sighting_url ON sighting (url_id);
CREATE TABLE url_shape (
    site_id INTEGER NOT NULL REFERENCES site ON DELETE CASCADE,
    shape TEXT NOT NULL,
    fetched INTEGER NOT NULL,
    yielded INTEGER NOT NULL,
    cut TEXT,
    cut_run INTEGER,
    PRIMARY KEY (site_id, shape)
) WITHOUT ROWID;
"""


def create_frontier_tables(connection: sqlite3.Connection) -> None:
    """Make the tables of the frontier, inside the transaction that is open."""
    run_statements(connection, _TABLES)


def add_series(connection: sqlite3.Connection) -> None:
    """Give a frontier of an older library the column that says which place a page follows from."""
    columns = [row[1] for row in connection.execute("PRAGMA table_info(frontier)")]
    if "series" not in columns:
        connection.execute("ALTER TABLE frontier ADD COLUMN series INTEGER")
        connection.execute("CREATE INDEX frontier_series ON frontier (series)")


_WIDER = """
ALTER TABLE frontier ADD COLUMN misses INTEGER NOT NULL DEFAULT 0;
ALTER TABLE frontier ADD COLUMN looks BLOB;
ALTER TABLE frontier ADD COLUMN gone_run INTEGER;
ALTER TABLE sighting ADD COLUMN named INTEGER NOT NULL DEFAULT 1;
ALTER TABLE crawl_run ADD COLUMN controls TEXT;
ALTER TABLE crawl_run ADD COLUMN last_page INTEGER;
CREATE INDEX frontier_looks ON frontier (site_id, looks);
CREATE INDEX frontier_misses ON frontier (site_id, misses) WHERE misses;
"""


def widen_frontier_tables(connection: sqlite3.Connection) -> None:
    """Add what tells a bad day of the site from a change.

    `misses` counts the runs in a row in which a URL did not show what it should, `looks` is equal for pages that say
    the same, `gone_run` is the run that marked a post gone. A sighting is no more `named` where its place was read
    again and did not name the URL. `controls` are the posts that a run looked at to learn whether the whole site is in
    disorder, `last_page` is the highest page id before the run.
    """
    run_statements(connection, _WIDER)


class Rehearsal(Connection):
    """Stands in for the store where nothing is to be kept: one site's frontier, in memory, without pages."""

    def __init__(self, original: sqlite3.Connection, site_id: int) -> None:
        super().__init__(sqlite3.connect(":memory:", isolation_level=None))
        self.connection.execute("CREATE TABLE site (id INTEGER PRIMARY KEY)")
        self.connection.execute("CREATE TABLE page (id INTEGER PRIMARY KEY, gone_at TEXT)")
        create_frontier_tables(self.connection)
        widen_frontier_tables(self.connection)
        self.connection.execute("INSERT INTO site VALUES (?)", (site_id,))
        for table, chosen in (
            ("crawl_run", "site_id = ?"),
            ("frontier", "site_id = ?"),
            ("sighting", "place_id IN (SELECT id FROM frontier WHERE site_id = ?)"),
            ("url_shape", "site_id = ?"),
        ):
            rows = original.execute(f"SELECT * FROM {table} WHERE {chosen}", (site_id,))
            columns, marks = ",".join(name for name, *_ in rows.description), ",".join("?" * len(rows.description))
            self.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
