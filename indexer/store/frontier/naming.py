"""Write down what one more place says of a URL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from indexer.store.frontier import budget
from indexer.store.frontier.rows import is_guess, is_stated, pack, priority_of

if TYPE_CHECKING:
    import sqlite3

    from scraper.model import Task


def prefer(connection: sqlite3.Connection, row_id: int, task: Task) -> None:
    """Write a page's URL as the better source writes it where it was not fetched, and try it where it failed."""
    connection.execute(
        """UPDATE frontier SET url = ?1, state = 'pending', result = NULL WHERE id = ?2 AND url <> ?1
        AND priority > ?3 AND (state = 'pending' OR result = 'failed') AND page_id IS NULL""",
        (task.url, row_id, priority_of(task)),
    )


def merge(connection: sqlite3.Connection, row_id: int, task: Task, evidence: str) -> None:
    """Add what one more place says of a URL."""
    kinds = json.loads(evidence)
    kinds += [kind for kind in (task.evidence or (task.source,)) if kind and kind not in kinds]
    if task.source == budget.BESIDE:
        connection.execute(
            """UPDATE frontier SET shape = ?, state = iif(state = 'cut', 'pending', state)
            WHERE id = ? AND kind = 'post' AND shape LIKE 'link %'""",
            (budget.key_of(task), row_id),
        )
    connection.execute(
        """UPDATE frontier SET evidence = ?, priority = min(priority, ?), stated = coalesce(?, stated),
        witness = iif(state IN ('pending', 'skipped'), coalesce(?, witness), NULL),
        lastmod = coalesce(lastmod, ?),
        state = iif((state = 'cut' AND kind <> 'sitemap' AND ?) OR (result = 'needless' AND ?), 'pending', state),
        result = iif(result = 'needless' AND ?, NULL, result) WHERE id = ?""",
        (
            json.dumps(kinds),
            priority_of(task),
            json.dumps(task.stated.as_json()) if task.stated else None,
            pack(task.reference_body),
            task.lastmod,
            is_stated(kinds),
            not is_guess(task.source),
            not is_guess(task.source),
            row_id,
        ),
    )


def queue(connection: sqlite3.Connection, row_id: int, task: Task) -> None:
    """Have a URL asked again, for what one more place says of it."""
    connection.execute(
        """UPDATE frontier SET state = 'pending', attempts = 0, not_before = 0, lastmod = ?, witness = ?
        WHERE id = ?""",
        (task.lastmod, pack(task.reference_body), row_id),
    )
