"""Make articles of a corpus file without the store, for measurements of search alone."""

from __future__ import annotations

import hashlib
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from indexer.store.rows import StoredArticle
from indexer.store.shown import Shown, shown
from scraper.model import ArticleBlock, Metadata, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def article(number: int, row: Mapping[str, Any]) -> StoredArticle:
    """Return a post of a corpus as the store would give it."""
    blocks = tuple(
        ArticleBlock(text, (), position, hashlib.md5(text.encode()).hexdigest(), True, Role.CONTENT, "own")
        for position, text in enumerate(row["text"].split("\n\n"))
    )
    metadata = Metadata(
        title=row.get("title"),
        author=row.get("author"),
        published=date.fromisoformat(row["published"]) if row.get("published") else None,
        language="en",
        categories=tuple(row.get("categories", ())),
        tags=tuple(row.get("tags", ())),
    )
    return StoredArticle(number, "bench.test", row["url"], None, False, metadata, blocks, 0, (), str(number))


class Shelf:
    """Hold articles as the store does."""

    def __init__(self, articles: Iterable[StoredArticle]) -> None:
        self._articles = {each.id: each for each in articles}

    def get(self, ids: Iterable[int]) -> dict[int, StoredArticle]:
        """Return those of the articles that are there."""
        return {number: self._articles[number] for number in ids if number in self._articles}

    def shown(self, ids: Iterable[int]) -> dict[int, Shown]:
        """Return what is shown of those of the articles that are there."""
        return {number: shown(each) for number, each in self.get(ids).items()}
