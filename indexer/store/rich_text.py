"""Keep the rich text of articles: links, emphasis, lists and tables, beside the plain text that all else works on."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

from scraper.model import Enclosing, RichBlock

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence


def create_rich_text_table(connection: sqlite3.Connection) -> None:
    """Make the table. It has rows for articles that say more than their text only; `data` is compressed JSON."""
    connection.execute(
        """CREATE TABLE rich_text (
            article_id INTEGER PRIMARY KEY REFERENCES article ON DELETE CASCADE,
            data BLOB NOT NULL
        )"""
    )


def save_rich_text(connection: sqlite3.Connection, article_id: int, blocks: Sequence[RichBlock]) -> None:
    """Keep what the blocks of an article say beyond their text, in place of what was kept before."""
    if not blocks:
        connection.execute("DELETE FROM rich_text WHERE article_id = ?", (article_id,))
        return
    data = zlib.compress(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))
    connection.execute("INSERT OR REPLACE INTO rich_text VALUES (?, ?)", (article_id, data))


def read_rich_text(connection: sqlite3.Connection, article_id: int) -> tuple[RichBlock, ...]:
    """Return what the blocks of an article say beyond their text."""
    row = connection.execute("SELECT data FROM rich_text WHERE article_id = ?", (article_id,)).fetchone()
    if row is None:
        return ()
    return tuple(
        RichBlock(position, tuple(Enclosing(*each) for each in within), html, tuple(images))
        for position, within, html, images in json.loads(zlib.decompress(row[0]))
    )
