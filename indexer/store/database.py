"""Open the SQLite file that is a library's source of truth."""

from __future__ import annotations

import sqlite3
from functools import cached_property
from typing import TYPE_CHECKING

from indexer.errors import DamagedLibraryError, NewerLibraryError, NotALibraryError, ReadOnlyLibraryError
from indexer.store import VERSION
from indexer.store.articles import Articles
from indexer.store.connection import BUSY_TIMEOUT_MS, Connection, version_of
from indexer.store.pages import Pages
from indexer.store.seals import PROFILE, SETTING, keep_seals, watch
from indexer.store.sites import Sites

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from indexer.store.derived.clusters import Clusters
    from indexer.store.derived.fingerprints import FingerprintStore
    from indexer.store.derived.topics import Topics
    from indexer.store.frontier.sqlite_frontier import SqliteFrontier
    from scraper.model import Page

_AFTER_ALL_RUNS = 2**62
"""A run later than any: a page that a person gives is no part of one."""


class Store(Connection):
    """The pages, articles and frontier of a library. One connection; use it from one thread.

    A reader never waits for a writer (WAL). `writable=False` guards against writing by mistake and needs a file
    that exists.
    """

    def __init__(self, path: Path, *, writable: bool) -> None:
        self.path = path
        super().__init__(_connect(path, writable=writable))
        self.sites = Sites(self)
        self.pages = Pages(self)
        self.articles = Articles(self)

    @cached_property
    def topics(self) -> Topics:
        """Return the topics."""
        from indexer.store.derived.topics import Topics

        return Topics(self)

    @cached_property
    def clusters(self) -> Clusters:
        """Return what the latest audits found."""
        from indexer.store.derived.clusters import Clusters

        return Clusters(self.connection)

    @cached_property
    def fingerprints(self) -> FingerprintStore:
        """Return what the audits saw of each post."""
        from indexer.store.derived.fingerprints import FingerprintStore

        return FingerprintStore(self.connection)

    def forget_site(self, site_id: int) -> None:
        """Take a site out for good: its pages, articles, and what was known of its addresses."""
        with self.transaction() as connection:
            connection.execute("DELETE FROM page WHERE site_id = ?", (site_id,))
            connection.execute("DELETE FROM site WHERE id = ?", (site_id,))
            self.articles.sweep()

    def frontier(self, site: str, start_url: str | None = None) -> SqliteFrontier:
        """Return the crawl frontier of a site, which the site's crawls go on from."""
        from indexer.store.frontier.sqlite_frontier import SqliteFrontier

        return SqliteFrontier(self, self.sites.id_of(site, start_url), site)

    def take_one(self, site_id: int, page: Page) -> bool:
        """Save a post that was fetched by itself; `False` where the one that is stored of its URL is better.

        Without the other pages of a crawl there is nothing to tell a rewritten post from a bad day by.
        """
        from indexer.store.frontier.arrivals import Arrivals, StoredPost
        from scraper.judgement.successor import Standing

        stored = self.pages.urls(site_id).get(page.url)
        arrivals = Arrivals(self, site_id, _AFTER_ALL_RUNS)
        if stored and arrivals.weigh(0, StoredPost(stored, page.url), page) is not Standing.GOOD:
            return False
        self.pages.save(page)
        return True

    def profile(self, site_id: int) -> str | None:
        """Return the site's profile as it was saved; `None` before the first build, and where it is damaged."""
        row = self.connection.execute(
            f"SELECT data FROM profile WHERE site_id = ? AND {PROFILE.whole()}", (site_id,)
        ).fetchone()
        return row[0] if row else None

    def save_profile(self, site_id: int, digest: str, data: str, affected: Iterable[int]) -> None:
        """Keep the site's profile, and see to it that the articles it affects are made again, come what may."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO profile (site_id, digest, data) VALUES (?, ?, ?)", (site_id, digest, data)
            )
            self.articles.outdate(affected)

    def setting(self, name: str) -> str | None:
        """Return a setting of the library, or `None`."""
        row = self.connection.execute(
            f"SELECT value FROM setting WHERE name = ? AND {SETTING.whole()}", (name,)
        ).fetchone()
        return row[0] if row else None

    def save_setting(self, name: str, value: str) -> None:
        """Keep a setting of the library."""
        with self.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", (name, value))

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


def _connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    """Open the file with the library's settings. Raise the error that says why it can't be."""
    try:
        return _open(path, writable=writable)
    except sqlite3.DatabaseError as error:
        name = error.sqlite_errorname
        if name.startswith("SQLITE_READONLY"):
            raise ReadOnlyLibraryError(str(path.parent), "the file is read-only") from error
        if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
            raise DamagedLibraryError(str(path.parent), str(error)) from error
        if name.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_BUSY")):
            raise
        raise NotALibraryError(str(path.parent), str(error)) from error


def _open(path: Path, *, writable: bool) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode={'rwc' if writable else 'rw'}"
    connection = sqlite3.connect(address, uri=True, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    if writable:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        _bring_up(connection, path)
        _replace_lost_tables(connection)
        keep_seals(connection)
        return connection
    try:
        version = version_of(connection)
    except sqlite3.OperationalError as error:
        if not path.is_file() or not error.sqlite_errorname.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
            raise
        # A folder that can't be written has no room for the files beside a WAL database: nobody writes there, then.
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, isolation_level=None)
        version = version_of(connection)
    if version > VERSION:
        raise NewerLibraryError(str(path.parent))
    if version < VERSION:
        connection.close()
        return _brought_up(path)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _replace_lost_tables(connection: sqlite3.Connection) -> None:
    """Make the tables of the audit anew where damage took one: the next audit fills it."""
    names = "('cluster', 'finding', 'survey', 'sheet', 'outlook')"
    if connection.execute(f"SELECT count(*) FROM sqlite_master WHERE name IN {names}").fetchone()[0] < 5:
        from indexer.store.derived.clusters import create_cluster_tables
        from indexer.store.derived.fingerprints import create_fingerprint_tables

        create_cluster_tables(connection)
        create_fingerprint_tables(connection)


def _brought_up(path: Path) -> sqlite3.Connection:
    """Bring a library of an older version up before it is read, which takes writing once."""
    try:
        _open(path, writable=True).close()
    except sqlite3.OperationalError as error:
        if not error.sqlite_errorname.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
            raise
        why = "it is of an older version, and has to be brought up to this one"
        raise ReadOnlyLibraryError(str(path.parent), why) from error
    return _open(path, writable=False)


def _bring_up(connection: sqlite3.Connection, path: Path) -> None:
    if version_of(connection) != VERSION:
        from indexer.store import schema

        watch(connection)
        schema.migrate(connection, path)
