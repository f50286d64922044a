"""Keep the texts that a post had, so that one can say what changed on the site."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from indexer.store.connection import run_statements
from indexer.store.seals import PAGE, VERSION

if TYPE_CHECKING:
    import sqlite3

What = Literal["new", "changed", "gone"]
MOST_VERSIONS = 10
"""Texts kept of a post; the oldest goes first."""

_TABLES = """
CREATE TABLE version (
    page_id INTEGER NOT NULL REFERENCES page ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    page_digest TEXT NOT NULL,
    title TEXT,
    text BLOB NOT NULL,
    PRIMARY KEY (page_id, number)
);
CREATE INDEX version_at ON version (at);
"""


@dataclass(frozen=True, slots=True)
class Version:
    """A text of a post; the first has `number` 1. `at` is ISO 8601 in UTC, `page_digest` that of its page."""

    number: int
    at: str
    page_digest: str
    title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a post: `what` at the time `at`; with the texts before and after where it changed."""

    site: str
    url: str
    title: str | None
    what: What
    at: str
    before: Version | None = None
    after: Version | None = None


def create_version_tables(connection: sqlite3.Connection) -> None:
    """Make the table of texts, inside the transaction that is open."""
    run_statements(connection, _TABLES)


class Versions:
    """The texts of posts over time, packed, the last ten of each."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def latest(self, page_id: int) -> Version | None:
        """Return the text that a post has, as it was last seen; `None` where none was kept yet."""
        row = self._connection.execute(
            f"""SELECT number, at, page_digest, title, text FROM version WHERE page_id = ? AND {VERSION.whole()}
            ORDER BY number DESC LIMIT 1""",
            (page_id,),
        ).fetchone()
        return _version(row) if row else None

    def add(self, page_id: int, version: Version) -> None:
        """Keep one more text of a post, or another reading of the one with this number."""
        self._connection.execute(
            "INSERT OR REPLACE INTO version (page_id, number, at, page_digest, title, text) VALUES (?, ?, ?, ?, ?, ?)",
            (
                page_id,
                version.number,
                version.at,
                version.page_digest,
                version.title,
                zlib.compress(version.text.encode("utf-8", "surrogatepass"), 6),
            ),
        )
        self._connection.execute(
            "DELETE FROM version WHERE page_id = ? AND number <= ?", (page_id, version.number - MOST_VERSIONS)
        )

    def events(self, site_id: int, since: str) -> list[Event]:
        """Return what happened to the posts of a site since a time, oldest first, each kind by address."""
        rows = self._connection.execute(
            f"""SELECT version.page_id, number, at, site.key, page.url, coalesce(article.title, version.title)
            FROM version JOIN page ON page.id = version.page_id JOIN site ON site.id = page.site_id
            LEFT JOIN article ON article.id = page.id
            WHERE page.site_id = ? AND at >= ? AND page.is_post = 1 AND {VERSION.whole()} AND {PAGE.whole()}
            ORDER BY at, page.url, number""",
            (site_id, since),
        ).fetchall()
        found = [self._event(*row) for row in rows]
        gone = self._connection.execute(
            f"""SELECT site.key, page.url, article.title, 'gone', gone_at FROM page JOIN site ON site.id = page.site_id
            JOIN article ON article.id = page.id WHERE page.site_id = ? AND gone_at >= ? AND {PAGE.whole()}
            ORDER BY gone_at, page.url""",
            (site_id, since),
        ).fetchall()
        return sorted([*found, *(Event(*row) for row in gone)], key=lambda event: event.at)

    def _event(self, page_id: int, number: int, at: str, site: str, url: str, title: str | None) -> Event:
        if number == 1:
            return Event(site, url, title, "new", at)
        rows = self._connection.execute(
            f"""SELECT number, at, page_digest, title, text FROM version WHERE page_id = ? AND number IN (?, ?)
            AND {VERSION.whole()} ORDER BY number""",
            (page_id, number - 1, number),
        ).fetchall()
        before = _version(rows[0]) if len(rows) == 2 else None
        return Event(site, url, title, "changed", at, before, _version(rows[-1]))

    def outdated(self, site_id: int) -> list[int]:
        """Return the articles of a site that were made from another page than their last text."""
        rows = self._connection.execute(
            """SELECT article.id FROM article JOIN page ON page.id = article.id WHERE site_id = ?
            AND made_from <> '' AND substr(made_from, 1, instr(made_from, ':') - 1) IS NOT
            (SELECT page_digest FROM version WHERE page_id = article.id ORDER BY number DESC LIMIT 1)""",
            (site_id,),
        )
        return [row[0] for row in rows]

    def page_facts(self, page_id: int) -> tuple[str, str, str | None]:
        """Return when the page that an article was made from was fetched, its digest, and the file it came from."""
        row = self._connection.execute(
            """SELECT iif(made_from LIKE page.digest || ':%', page.fetched_at, coalesce(copy.fetched_at, '')),
            substr(made_from, 1, max(instr(made_from, ':') - 1, 0)), source FROM page
            JOIN article ON article.id = page.id
            LEFT JOIN page_copy copy ON copy.page_id = page.id AND copy.state = 'before' WHERE page.id = ?""",
            (page_id,),
        ).fetchone()
        return str(row[0]), str(row[1]), row[2]

    def last_run(self, site_id: int) -> str | None:
        """Return when the last crawl of a site began; where none was, when its last text came, `None` without one."""
        row = self._connection.execute(
            """SELECT coalesce(
                (SELECT strftime('%Y-%m-%dT%H:%M:%S+00:00', started_at, 'unixepoch') FROM crawl_run WHERE site_id = ?1
                 ORDER BY id DESC LIMIT 1),
                (SELECT max(at) FROM version JOIN page ON page.id = page_id WHERE site_id = ?1))""",
            (site_id,),
        ).fetchone()
        return None if row[0] is None else str(row[0])


def _version(row: tuple[int, str, str, str | None, bytes]) -> Version:
    number, at, page_digest, title, text = row
    return Version(number, at, page_digest, title, zlib.decompress(text).decode("utf-8", "surrogatepass"))
