"""Limit what addresses of one shape may cost: there may be endlessly many of them.

That is posts and listings that only listings and links name, and the sitemaps of an index. The posts that sitemaps,
feeds and APIs name are never cut; how many pages these have is limited by `series`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.store.frontier import recrawl
from indexer.store.frontier.rows import STATED, is_stated
from scraper.urls import shape

if TYPE_CHECKING:
    import sqlite3

    from scraper.model import Task

BESIDE = "link-beside"
BARREN_POSTS, BARREN_POSTS_COVERED, BARREN_POSTS_PROVEN = 12, 3, 24
BARREN_LISTINGS, BARREN_LISTINGS_COVERED = 12, 2
LEAN_AFTER, LEAN_SHARE = 30, 0.1
"""Requests that a URL shape may cost: without post or news (fewer where a sitemap or API names the posts, more where a
post of this shape is known), and until it has to have brought a post in ten requests. Calendars, session ids and soft
404s cost 12 to 24; tag pages of a covered blog 2."""


def key_of(task: Task) -> str:
    """Return the key of a task's budget: listings, and posts that are only linked to, have their own.

    So have those that a post calls the one before or after it: archives may have addresses of the same shape.
    """
    if task.kind in ("listing", "sitemap"):
        return f"{task.kind} {shape(task.url)}"
    if task.source == "doubt":
        return f"doubt {shape(task.url)}"
    if task.source == BESIDE:
        return f"beside {shape(task.url)}"
    return f"link {shape(task.url)}" if task.source in ("link", "hreflang") else shape(task.url)


def is_cut(connection: sqlite3.Connection, site_id: int, task: Task) -> bool:
    """Tell whether a task that is new must be left out."""
    if task.kind != "sitemap" and is_stated([task.source]):
        return False
    row = connection.execute(
        "SELECT cut FROM url_shape WHERE site_id = ? AND shape = ?", (site_id, key_of(task))
    ).fetchone()
    return bool(row and row[0])


def spend(connection: sqlite3.Connection, site_id: int, run: int, row_id: int, task: Task, *, yielded: bool) -> None:
    """Count a request against its URL shape, and cut the shape where it has brought too little."""
    if task.kind != "sitemap" and (task.kind not in ("post", "listing") or is_stated(task.evidence)):
        return
    (key,) = connection.execute("SELECT shape FROM frontier WHERE id = ?", (row_id,)).fetchone()
    fetched, brought, was_cut = connection.execute(
        """INSERT INTO url_shape (site_id, shape, fetched, yielded) VALUES (?, ?, 1, ?)
        ON CONFLICT DO UPDATE SET fetched = fetched + 1, yielded = yielded + excluded.yielded
        RETURNING fetched, yielded, cut""",
        (site_id, key, int(yielded)),
    ).fetchone()
    reason = None if was_cut else _why_cut(connection, site_id, key, fetched, brought)
    waiting = f"site_id = ? AND state = 'pending' AND shape = ? AND (kind = 'sitemap' OR NOT {STATED})"
    if reason and connection.execute(f"SELECT 1 FROM frontier WHERE {waiting} LIMIT 1", (site_id, key)).fetchone():
        cut(connection, site_id, run, key, reason)
        connection.execute(f"UPDATE frontier SET state = 'cut' WHERE {waiting}", (site_id, key))


def cut(connection: sqlite3.Connection, site_id: int, run: int, key: str, reason: str) -> None:
    """Remember that addresses of a shape get no more requests, and why."""
    connection.execute(
        """INSERT INTO url_shape (site_id, shape, fetched, yielded, cut, cut_run) VALUES (?, ?, 0, 0, ?, ?)
        ON CONFLICT DO UPDATE SET cut = excluded.cut, cut_run = excluded.cut_run""",
        (site_id, key, reason, run),
    )


def _why_cut(connection: sqlite3.Connection, site_id: int, key: str, fetched: int, brought: int) -> str | None:
    """Return why a URL shape gets no more requests, or `None` while it may go on."""
    is_listing = key.startswith(("listing ", "sitemap "))
    what = "names a new post" if is_listing else "is a post"
    if not brought and fetched >= _barren(connection, site_id, key, is_listing=is_listing):
        return f"none of {fetched} read {what}"
    if fetched >= LEAN_AFTER and brought < LEAN_SHARE * fetched:
        return f"only {brought} of {fetched} read {what}"
    return None


def _barren(connection: sqlite3.Connection, site_id: int, key: str, *, is_listing: bool) -> int:
    if key.startswith("sitemap "):
        return BARREN_LISTINGS
    if key.startswith("doubt "):
        return BARREN_POSTS_COVERED
    covered = recrawl.is_covered(connection, site_id)
    if is_listing:
        return BARREN_LISTINGS_COVERED if covered else BARREN_LISTINGS
    bare = key.removeprefix("link ")
    known = connection.execute(
        "SELECT 1 FROM frontier WHERE site_id = ? AND shape IN (?, ?) AND is_post LIMIT 1",
        (site_id, bare, f"link {bare}"),
    ).fetchone()
    if known:
        return BARREN_POSTS_PROVEN
    return BARREN_POSTS_COVERED if covered else BARREN_POSTS
