"""Make one post of two addresses that show the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from indexer.store.frontier.rows import is_stated
from scraper.urls import same_page_key

if TYPE_CHECKING:
    import sqlite3

    from indexer.store.pages import Pages
    from scraper.crawling.frontier import Likeness
    from scraper.model import Task


def join(
    connection: sqlite3.Connection, pages: Pages, site_id: int, row_id: int, task: Task, likeness: Likeness | None
) -> bool:
    """Make one post of two addresses that show the same and name one canonical; tell whether this is the lesser.

    What a sitemap, feed or API names is a post of its own.
    """
    if likeness is None:
        return False
    canonical = same_page_key(likeness.canonical)
    connection.execute(
        "UPDATE frontier SET canonical = ?, likeness = ? WHERE id = ?", (canonical, likeness.digest, row_id)
    )
    (own,) = connection.execute("SELECT same FROM frontier WHERE id = ?", (row_id,)).fetchone()
    twins = connection.execute(
        """SELECT id, same, canonical, evidence FROM frontier
        WHERE site_id = ? AND likeness = ? AND id <> ? AND is_post""",
        (site_id, likeness.digest, row_id),
    ).fetchall()
    for twin, same, states, evidence in twins:
        if same == canonical and not is_stated(task.evidence):
            _make_alias(connection, pages, row_id, twin)
            return True
        if states == own and not is_stated(json.loads(evidence)):
            _make_alias(connection, pages, twin, row_id)
    return False


def _make_alias(connection: sqlite3.Connection, pages: Pages, row_id: int, twin: int) -> None:
    (page_id,) = connection.execute("SELECT page_id FROM frontier WHERE id = ?", (row_id,)).fetchone()
    connection.execute(
        "UPDATE frontier SET result = 'alias', alias_of = ?, is_post = 0, page_id = NULL WHERE id = ?",
        (twin, row_id),
    )
    if page_id is not None:
        pages.forget(page_id)
