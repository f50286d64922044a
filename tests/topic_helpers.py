"""Make small blogs to group, without pages or a crawl."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from pathlib import Path

from indexer.store.database import Store
from indexer.store.derived.topics import Topics, create_topic_tables
from indexer.store.rows import StoredArticle
from scraper.model import Article, ArticleBlock, Metadata, Page, Role

THEMES = {
    "Chronic pain": "chronic pain nerve pain spinal cord injury opioid dose relief clinic scale flare joints",
    "Sleep hygiene": "sleep hygiene insomnia bedroom night melatonin alarm rest dark pillow screens caffeine",
    "Insurance claims": "insurance claims coverage invoice deductible payment appeal plan premium billing code letter",
    "Group therapy": "group therapy circle listening sharing counselor session members trust silence feelings support",
}


def story(theme: str, seed: int, words: int = 160) -> str:
    """Return a text about a theme: its phrase in the middle of sentences, its words in any order."""
    chance = random.Random(f"{theme} {seed}")
    pool = THEMES[theme].split()
    sentences = [f"We wrote about {theme.lower()} and the {chance.choice(pool)} again"]
    while sum(map(len, sentences)) < words * 6:
        sentences.append(f"The {' '.join(chance.choices(pool, k=7))} of the {theme.lower()} and more")
    return ". ".join(sentences) + "."


def article(number: int, title: str, text: str, **known: object) -> StoredArticle:
    """Return a stored article whose blocks are the paragraphs of the text; `## ` begins a heading."""
    blocks = []
    for position, part in enumerate(text.split("\n\n")):
        level = 2 if part.startswith("## ") else 0
        role = Role.HEADING if level else Role.CONTENT
        blocks.append(ArticleBlock(part.removeprefix("## "), (), position, "", True, role, "", heading=level))
    metadata = Metadata(title=title, **{"language": "en", "published": date(2020 + number % 5, 1, 2), **known})
    url = f"https://blog.example/{number:03}/"
    words = len(text.split())
    return StoredArticle(
        number, "blog.example", url, None, False, metadata, tuple(blocks), words, (), f"{title} {text}"
    )


def blog(posts: int = 40) -> list[StoredArticle]:
    """Return a blog that writes about the four themes in turn."""
    themes = list(THEMES)
    return [article(i + 1, f"{themes[i % 4]}: part {chr(97 + i % 26)}", story(themes[i % 4], i)) for i in range(posts)]


def library(folder: Path) -> Store:
    """Open a new library that has the tables of topics."""
    store = Store(folder / "library.db", writable=True)
    if not store.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'topic_placed'").fetchone():
        store.connection.execute("DROP TABLE IF EXISTS article_topic")
        store.connection.execute("DROP TABLE IF EXISTS topic")
        create_topic_tables(store.connection)
    return store


def add(store: Store, articles: list[StoredArticle]) -> None:
    """Save the articles as if a build had made them."""
    for one in articles:
        page = Page("blog.example", one.url, one.url, 200, (), one.text.encode(), datetime(2026, 1, 1, tzinfo=UTC))
        page_id = store.pages.save(page)
        store.articles.save(page_id, Article(one.url, one.metadata, one.blocks), one.digest)


def topics_of(store: Store) -> dict[str, set[str]]:
    """Return the urls of each topic by its label."""
    return {view.topic.label: {member.url for member in view.members} for view in Topics(store).views()}
