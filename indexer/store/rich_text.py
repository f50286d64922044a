"""Keep the rich text of articles: links, emphasis, lists and tables, beside the plain text that all else works on."""

from __future__ import annotations

import json
import re
import zlib
from html import unescape
from typing import TYPE_CHECKING

from indexer.store.seals import RICH_TEXT
from scraper.model import Enclosing, Link, RichBlock

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.S)
_TAG = re.compile("<[^>]*>")
"""How `scraper.extraction.rich_text` writes them: links do not nest, and every other sign of markup is escaped."""


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
    connection.execute("INSERT OR REPLACE INTO rich_text (article_id, data) VALUES (?, ?)", (article_id, data))


def read_rich_text(connection: sqlite3.Connection, article_id: int) -> tuple[RichBlock, ...]:
    """Return what the blocks of an article say beyond their text; nothing where that is damaged, which is noted."""
    row = connection.execute(
        f"SELECT data FROM rich_text WHERE article_id = ? AND {RICH_TEXT.whole()}", (article_id,)
    ).fetchone()
    if row is None:
        return ()
    return tuple(
        RichBlock(position, tuple(Enclosing(*each) for each in within), html, tuple(images))
        for position, within, html, images in json.loads(zlib.decompress(row[0]))
    )


def read_links(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, Mapping[int, tuple[Link, ...]]]:
    """Return the links of articles by id, each a mapping from the position of a block."""
    marks = ",".join("?" * len(ids))
    rows = connection.execute(
        f"SELECT article_id, data FROM rich_text WHERE article_id IN ({marks}) AND {RICH_TEXT.whole()}", ids
    )
    return {i: _links((block[0], block[2]) for block in json.loads(zlib.decompress(data))) for i, data in rows}


def links_of(blocks: Iterable[RichBlock]) -> Mapping[int, tuple[Link, ...]]:
    """Return the links of the blocks of an article by position."""
    return _links((block.position, block.html) for block in blocks)


def _links(blocks: Iterable[tuple[int, str]]) -> Mapping[int, tuple[Link, ...]]:
    return {position: found for position, html in blocks if (found := tuple(_links_in(html)))}


def _links_in(html: str) -> Iterator[Link]:
    for href, inside in _LINK.findall(html) if "<a " in html else ():
        yield Link(unescape(_TAG.sub("", inside)), unescape(href))
