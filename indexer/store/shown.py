"""Read what search shows of posts: the facts of a result, and the texts that its passage may come from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from indexer.store.seals import ARTICLE, MEMBER, PAGE, SITE, TEXT, TOPIC, blocks_sum, rows_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from indexer.search.engine import TextField
    from indexer.store.rows import StoredArticle
    from indexer.store.seals import Damage
    from scraper.model import ArticleBlock

_BETWEEN = "\x1f"
_FACTS = f"""SELECT article.id, site.key, page.url, title, author, published, language, (
        SELECT group_concat(label, '{_BETWEEN}') FROM (
            SELECT label FROM article_topic JOIN topic ON topic.id = topic_id
            WHERE article_id = article.id AND {MEMBER.whole()} AND {TOPIC.whole()} ORDER BY share DESC, label)),
        edit_url, text_sum
    FROM article JOIN page ON page.id = article.id JOIN site ON site.id = page.site_id
    WHERE {ARTICLE.whole()} AND {PAGE.whole()} AND {SITE.whole()} AND article.id IN """
_TEXTS = """SELECT article_id, text, kept, role, heading FROM article_block JOIN block ON block.id = block_id
    WHERE article_id IN """


class ShownBlock(NamedTuple):
    """A block as far as search shows it; truth values and levels as SQLite has them."""

    text: str
    kept: bool | int
    role: str
    heading: int


class Shown(NamedTuple):
    """A post as a result of search, without what only other commands need."""

    id: int
    site: str
    url: str
    title: str | None
    author: str | None
    published: date | None
    language: str | None
    topics: tuple[str, ...]
    edit_url: str | None
    blocks: Sequence[ShownBlock]

    @property
    def text(self) -> str:
        """Return the kept blocks, separated by a blank line."""
        return "\n\n".join(block.text for block in self.blocks if block.kept)


def field_of(block: ArticleBlock | ShownBlock) -> TextField:
    """Return the field in which a block is found."""
    if not block.kept:
        return "template"
    if block.heading or block.role == "heading":
        return "headings"
    return "body" if block.role == "content" else "editorial"


def shown(article: StoredArticle) -> Shown:
    """Return what search shows of an article."""
    return Shown(
        article.id,
        article.site,
        article.url,
        article.metadata.title,
        article.metadata.author,
        article.metadata.published,
        article.metadata.language,
        article.topics,
        article.metadata.edit_url,
        [ShownBlock(block.text, block.kept, block.role, block.heading) for block in article.blocks],
    )


def read_shown(connection: sqlite3.Connection, ids: Sequence[int], damage: Damage) -> dict[int, Shown]:
    """Return the posts with these ids; unknown ids are left out, and so are damaged ones, which are noted."""
    marks = f"({','.join('?' * len(ids))})"
    blocks: dict[int, list[ShownBlock]] = {}
    # The table's order is that of article and position.
    texts = rows_of(connection, f"{_TEXTS}{marks} ORDER BY article_id, position", ids)
    for article_id, *block in texts:
        blocks.setdefault(article_id, []).append(ShownBlock(*block))
    found = {}
    for *known, day, language, topics, edit_url, known_sum in connection.execute(_FACTS + marks, ids):
        number, site, url, title, author = known
        texts_of = blocks.get(number, ())
        if known_sum != blocks_sum(texts_of):
            damage.note(TEXT, number)
            continue
        published = date.fromisoformat(day) if day else None
        labels = tuple(topics.split(_BETWEEN)) if topics else ()
        found[number] = Shown(number, site, url, title, author, published, language, labels, edit_url, texts_of)
    return found
