"""Make articles and a stand-in for the store, for tests of search."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from indexer.search.engine import Location, SearchEngine
from indexer.search.engines.registry import open_engine
from indexer.search.indexed import indexed
from indexer.store.rows import StoredArticle
from indexer.store.shown import shown
from scraper.model import ArticleBlock, Metadata, Role


def block(text: str, kept: bool = True, role: Role = Role.CONTENT, heading: int = 0) -> ArticleBlock:
    digest = hashlib.md5(text.encode()).hexdigest()
    return ArticleBlock(text, (), 0, digest, kept, role, "test", heading=heading)


def article(number: int, title: str | None, *blocks: str | ArticleBlock, **metadata) -> StoredArticle:
    made = tuple(part if isinstance(part, ArticleBlock) else block(part) for part in blocks)
    topics, site = metadata.pop("topics", ()), metadata.pop("site", "clinic.example")
    published = metadata.pop("published", None)
    facts = {"language": "en", **metadata, "published": date.fromisoformat(published) if published else None}
    words = sum(len(part.text.split()) for part in made if part.kept)
    url = f"https://{site}/{number}-post/"
    digest = hashlib.md5(repr((title, made, facts)).encode()).hexdigest()
    return StoredArticle(number, site, url, None, False, Metadata(title=title, **facts), made, words, topics, digest)


class Shelf:
    """Hold articles as the store does."""

    def __init__(self, *articles: StoredArticle) -> None:
        self.articles = {each.id: each for each in articles}

    def get(self, ids):
        return {number: self.articles[number] for number in ids if number in self.articles}

    def shown(self, ids):
        return {number: shown(article) for number, article in self.get(ids).items()}


def open_at(name: str, folder: Path) -> SearchEngine:
    return open_engine(name, Location(str(folder)))


def engine_with(name: str, folder: Path, *articles: StoredArticle) -> SearchEngine:
    engine = open_at(name, folder)
    engine.replace(indexed(each) for each in articles)
    return engine
