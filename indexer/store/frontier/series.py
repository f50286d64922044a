"""End what leads to nothing: guessed places that are needless, following pages without news, indexes without end.

A *series* is a place and what follows from it alone: the pages of a listing, feed or API, the sitemaps of an index.
What is news on one of its pages is judged against the pages before it, so that a host that answers the same page for
ever costs one request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.store.frontier import recrawl
from indexer.store.frontier.rows import IN_RESERVE, LAST_RESORT

if TYPE_CHECKING:
    import sqlite3

    from scraper.model import Task

MOST_PAGES = 2000
"""Following pages that one place may have; at ten posts a page, more than any known blog."""
BARREN_PAGES, BARREN_TRIED = 12, 3
"""Pages that a series may have while none of the posts it names is one, as soon as so many of them were fetched."""

_NAMED_BY = {"sitemap": ("sitemap", "rest"), "feed": ("sitemap", "rest", "feed")}


def is_needless(connection: sqlite3.Connection, site_id: int, row_id: int, task: Task) -> bool:
    """Tell whether a place that was never asked need not be guessed, because what is as good names posts."""
    (checked_at,) = connection.execute("SELECT checked_at FROM frontier WHERE id = ?", (row_id,)).fetchone()
    if checked_at is not None:
        return False
    if task.source == IN_RESERVE:
        return not _breaks_off(connection, site_id)
    if task.kind == "listing" or task.source == LAST_RESORT:
        query = """SELECT 1 FROM frontier WHERE site_id = ? AND (is_post OR (kind = 'post' AND state = 'pending'
            AND evidence NOT IN ('["link"]', '["hreflang"]'))) LIMIT 1"""
        return connection.execute(query, (site_id,)).fetchone() is not None
    kinds = _NAMED_BY[task.kind]
    row = connection.execute(
        f"""SELECT 1 FROM frontier place JOIN sighting ON place_id = place.id JOIN frontier post ON post.id = url_id
        WHERE place.site_id = ? AND place.kind IN ({",".join("?" * len(kinds))}) AND post.kind IN ('post', 'recheck')
        LIMIT 1""",
        (site_id, *kinds),
    ).fetchone()
    return row is not None


def _breaks_off(connection: sqlite3.Connection, site_id: int) -> bool:
    """Tell whether a following page that a listing showed is missing, and no sitemap or API names the posts."""
    row = connection.execute(
        """SELECT 1 FROM frontier WHERE site_id = ? AND kind = 'listing' AND series IS NOT NULL AND result = 'failed'
        AND evidence LIKE '%"listing"%' LIMIT 1""",
        (site_id,),
    ).fetchone()
    return row is not None and not recrawl.is_covered(connection, site_id)


def drop(connection: sqlite3.Connection, row_id: int) -> None:
    """Take a guess back, unasked."""
    connection.execute("UPDATE frontier SET state = 'idle', result = 'needless' WHERE id = ?", (row_id,))


def root_of(connection: sqlite3.Connection, row_id: int) -> int | None:
    """Return the place that a following page belongs to, `None` for a place that follows from none."""
    root = connection.execute("SELECT series FROM frontier WHERE id = ?", (row_id,)).fetchone()[0]
    return None if root is None else int(root)


def shown_before(connection: sqlite3.Connection, root: int, row_id: int, run: int) -> frozenset[int]:
    """Return what the other pages of a series that were read in this run name, as row ids."""
    rows = connection.execute(
        """SELECT url_id FROM sighting JOIN frontier place ON place.id = place_id
        WHERE (place.id = ?1 OR place.series = ?1) AND place.id <> ?2 AND place.run = ?3""",
        (root, row_id, run),
    )
    return frozenset(row[0] for row in rows)


def why_ended(connection: sqlite3.Connection, root: int) -> str | None:
    """Say why a series gets no more pages; `None` while it may go on."""
    (pages,) = connection.execute("SELECT count(*) FROM frontier WHERE series = ?", (root,)).fetchone()
    if pages >= MOST_PAGES:
        return f"{pages} pages"
    if pages < BARREN_PAGES:
        return None
    tried, posts = connection.execute(
        """SELECT count(*), coalesce(sum(post.is_post), 0) FROM frontier post WHERE post.result IS NOT NULL
        AND post.kind IN ('post', 'recheck') AND post.id IN (SELECT url_id FROM sighting
        JOIN frontier place ON place.id = place_id WHERE place.id = ?1 OR place.series = ?1)""",
        (root,),
    ).fetchone()
    return f"{pages} pages without posts" if tried >= BARREN_TRIED and not posts else None


def join(connection: sqlite3.Connection, row_id: int, root: int, *, run: int | None = None) -> None:
    """Make a place part of a series; with `run`, ask for it again where it was asked in an earlier one only."""
    connection.execute(
        "UPDATE frontier SET series = ?1 WHERE id = ?2 AND id <> ?1 AND series IS NULL",
        (root, row_id),
    )
    if run is not None:
        connection.execute(
            """UPDATE frontier SET state = 'pending', attempts = 0 WHERE id = ? AND state = 'idle' AND run < ?""",
            (row_id, run),
        )
