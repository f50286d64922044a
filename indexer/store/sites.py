"""Keep the blogs of a library."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from indexer.store.rows import Site
from indexer.store.seals import SITE
from scraper.urls import same_page_key

if TYPE_CHECKING:
    from indexer.store.connection import Connection


class Sites:
    """The sites of a library."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[Site]:
        """Return every site, by name; one whose row is damaged is noted."""
        rows = self._connection.connection.execute(
            f"SELECT id, key, start_url, crawled_at, {SITE.whole()} FROM site ORDER BY key"
        )
        return [Site(i, key, url, datetime.fromisoformat(at) if at else None) for i, key, url, at, _ in rows]

    def page_at(self, site_id: int, url: str) -> str | None:
        """Return the address by which the library holds a page of a site; `None` where it does not."""
        row = self._connection.connection.execute(
            "SELECT page.url FROM frontier JOIN page ON page.id = page_id WHERE frontier.site_id = ? AND same = ?",
            (site_id, same_page_key(url)),
        ).fetchone()
        return str(row[0]) if row else None

    def id_of(self, key: str, start_url: str | None = None) -> int:
        """Return the id of a site, made when it is new. `start_url` is remembered when given."""
        row = self._connection.connection.execute("SELECT id, start_url FROM site WHERE key = ?", (key,)).fetchone()
        if row is None:
            with self._connection.transaction() as connection:
                made = connection.execute("INSERT INTO site (key, start_url) VALUES (?, ?)", (key, start_url))
            return int(made.lastrowid or 0)
        if start_url and row[1] != start_url:
            with self._connection.transaction() as connection:
                connection.execute("UPDATE site SET start_url = ? WHERE id = ?", (start_url, row[0]))
        return int(row[0])

    def drop_empty(self) -> None:
        """Take out the sites that have no page and were never crawled to the end."""
        with self._connection.transaction() as connection:
            connection.execute("DELETE FROM site WHERE crawled_at IS NULL AND id NOT IN (SELECT site_id FROM page)")

    def crawl_finished(self, site_id: int) -> None:
        """Remember that a crawl of the site came to its end just now."""
        with self._connection.transaction() as connection:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            connection.execute("UPDATE site SET crawled_at = ? WHERE id = ?", (now, site_id))
