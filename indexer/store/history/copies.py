"""Keep beside a stored page the body that it had before, and the newest body of its address where that is no post."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from indexer.store.seals import COPY

if TYPE_CHECKING:
    import sqlite3

    from indexer.store.rows import StoredPage
    from scraper.model import Page

    State = Literal["before", "held"]

_TABLES = """
CREATE TABLE page_copy (
    page_id INTEGER NOT NULL REFERENCES page ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('before', 'held')),
    run INTEGER NOT NULL,
    doubt INTEGER NOT NULL,
    final_url TEXT NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    lastmod TEXT,
    codec TEXT NOT NULL,
    body BLOB NOT NULL,
    digest TEXT NOT NULL,
    witness BLOB,
    stated TEXT,
    PRIMARY KEY (page_id, state)
);
"""
_MOVED = "final_url, status, headers, fetched_at, lastmod, codec, body, digest, witness, stated"


def create_copy_tables(connection: sqlite3.Connection) -> None:
    """Make the table of other bodies, inside the transaction that is open."""
    connection.execute(_TABLES.strip().rstrip(";"))


class Copies:
    """The other bodies of pages: at most one that was replaced (`before`), and one that was not taken (`held`).

    A body that was replaced with `doubt` is the one to compare with until its successor has proved itself.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def keep_before(self, page_id: int, run: int, *, doubt: bool) -> None:
        """Keep what is stored of a page now, before it is replaced; one that was replaced in doubt stays instead."""
        self._connection.execute(
            f"""INSERT INTO page_copy (page_id, state, run, doubt, {_MOVED})
            SELECT id, 'before', ?2, ?3, {_MOVED} FROM page WHERE id = ?1
            ON CONFLICT DO UPDATE SET run = excluded.run, doubt = excluded.doubt, final_url = excluded.final_url,
                status = excluded.status, headers = excluded.headers, fetched_at = excluded.fetched_at,
                lastmod = excluded.lastmod, codec = excluded.codec, body = excluded.body, digest = excluded.digest,
                witness = excluded.witness, stated = excluded.stated
            WHERE NOT page_copy.doubt AND page_copy.run <> excluded.run""",
            (page_id, run, int(doubt)),
        )

    def hold(self, page_id: int, page: Page, run: int) -> None:
        """Keep what the address of a page shows now, without taking it."""
        from indexer.store.pages import packed_row

        row = packed_row(page)
        self._connection.execute(
            f"""INSERT OR REPLACE INTO page_copy (page_id, state, run, doubt, {_MOVED})
            VALUES (?, 'held', ?, 1, ?, ?, ?, ?, ?, 'zlib', ?, ?, ?, ?)""",
            (page_id, run, *row),
        )

    def bring_back(self, page_id: int) -> bool:
        """Put the body that was replaced in its place again, and hold the newer one; tell whether there was one."""
        if not self.has(page_id, "before"):
            return False
        self._connection.execute(
            f"""INSERT OR REPLACE INTO page_copy (page_id, state, run, doubt, {_MOVED})
            SELECT page.id, 'held', copy.run, 1, {", ".join(f"page.{name}" for name in _MOVED.split(", "))}
            FROM page JOIN page_copy copy ON copy.page_id = page.id AND state = 'before' WHERE page.id = ?""",
            (page_id,),
        )
        self._connection.execute(
            f"""UPDATE page SET ({_MOVED}) = (SELECT {_MOVED} FROM page_copy WHERE page_id = ?1 AND state = 'before'),
            judged = NULL WHERE id = ?1""",
            (page_id,),
        )
        self.drop(page_id, "before")
        return True

    def doubted(self, page_id: int) -> bool:
        """Tell whether a page took the place of another one in doubt."""
        row = self._connection.execute(
            "SELECT doubt FROM page_copy WHERE page_id = ? AND state = 'before'", (page_id,)
        ).fetchone()
        return bool(row and row[0])

    def trust(self, page_id: int) -> None:
        """End the doubt whether a page rightly took the place of the one before."""
        self._connection.execute("UPDATE page_copy SET doubt = 0 WHERE page_id = ? AND state = 'before'", (page_id,))

    def has(self, page_id: int, state: State) -> bool:
        """Tell whether a page has such a copy."""
        row = self._connection.execute(
            "SELECT 1 FROM page_copy WHERE page_id = ? AND state = ?", (page_id, state)
        ).fetchone()
        return row is not None

    def drop(self, page_id: int, state: State | None = None) -> None:
        """Forget a copy of a page, or both."""
        self._connection.execute(
            "DELETE FROM page_copy WHERE page_id = ?1 AND (?2 IS NULL OR state = ?2)", (page_id, state)
        )

    def load(self, page_id: int, state: State) -> StoredPage | None:
        """Return a copy as a page, `None` where there is none, or it is damaged, which is noted."""
        from indexer.store.pages import stored_page

        row = self._connection.execute(
            f"""SELECT page.id, site.key, page.url, copy.final_url, copy.status, copy.headers, copy.codec, copy.body,
            copy.fetched_at, copy.witness, copy.stated, page.evidence, page.source, copy.lastmod, copy.digest,
            page.marked, page.is_post FROM page_copy copy JOIN page ON page.id = page_id
            JOIN site ON site.id = page.site_id WHERE page_id = ? AND state = ? AND {COPY.whole("copy")}""",
            (page_id, state),
        ).fetchone()
        return stored_page(row) if row else None

    def lost(self, site_id: int) -> list[int]:
        """Return the pages of a site that are no posts, by no person's word, and have a body before."""
        rows = self._connection.execute(
            """SELECT page_id FROM page_copy JOIN page ON page.id = page_id WHERE site_id = ? AND state = 'before'
            AND is_post = 0 AND marked IS NULL ORDER BY page_id""",
            (site_id,),
        )
        return [row[0] for row in rows]

    def replaced_in(self, site_id: int, run: int) -> list[int]:
        """Return the pages of a site that a run replaced."""
        rows = self._connection.execute(
            """SELECT page_id FROM page_copy JOIN page ON page.id = page_id
            WHERE site_id = ? AND state = 'before' AND run = ? ORDER BY page_id""",
            (site_id, run),
        )
        return [row[0] for row in rows]
