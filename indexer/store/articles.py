"""Keep articles: what is shown, searched and audited. Each block's text is stored once."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from indexer.store.pages import is_called
from indexer.store.rich_text import links_of, read_links, read_rich_text, save_rich_text
from indexer.store.rows import PostFacts, SetAside, SiteCounts, StoredArticle
from indexer.store.seals import ARTICLE, MEMBER, PAGE, SITE, TEXT, TOPIC, blocks_sum, rows_of
from indexer.store.shown import read_shown
from scraper.model import ArticleBlock, Metadata, Role
from scraper.text.language import Heard, LanguageEvidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from indexer.store.connection import Connection
    from indexer.store.shown import Shown
    from scraper.model import Article, Link

_CHUNK = 500
"""Articles read at a time; chosen: within what SQLite binds (999 of old), in bounded memory."""
_COLUMNS = """article.id, site.key, page.url, page.source, page.gone_at IS NOT NULL, title, author,
    published, modified, language, canonical, image, categories, tags, words, article.digest, reviewer, edit_url"""
_FROM = "article JOIN page ON page.id = article.id JOIN site ON site.id = page.site_id"


class Articles:
    """The articles of a library. An article's id is its page's id and stays the same through a rebuild."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._paths: dict[str, int] = {}

    def save(self, page_id: int, article: Article, made_from: str, heard: Heard | None = None) -> None:
        """Keep an article, in place of the one made from this page before.

        `made_from` says when it has to be made again; `heard` is the language that its text sounds like.
        """
        with self._connection.transaction() as connection:
            known = article.metadata
            plain = known.as_json()
            rows = [(block, json.dumps(block.path, ensure_ascii=False)) for block in article.blocks]
            connection.execute(
                """INSERT INTO article (id, page_title, title, author, published, modified, page_language, language,
                    canonical, image, categories, tags, words, digest, made_from, heard, reviewer, text_sum,
                    laid_sum, edit_url)
                VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
                ON CONFLICT (id) DO UPDATE SET page_title = excluded.page_title, title = excluded.title,
                    author = excluded.author, published = excluded.published, modified = excluded.modified,
                    page_language = excluded.page_language, language = excluded.language,
                    canonical = excluded.canonical, image = excluded.image, categories = excluded.categories,
                    tags = excluded.tags, words = excluded.words, digest = excluded.digest,
                    made_from = excluded.made_from, heard = excluded.heard, reviewer = excluded.reviewer,
                    text_sum = excluded.text_sum, laid_sum = excluded.laid_sum,
                    edit_url = excluded.edit_url""",
                (
                    page_id,
                    known.title,
                    known.author,
                    plain.get("published"),
                    plain.get("modified"),
                    known.language,
                    known.canonical,
                    known.image,
                    json.dumps(known.categories),
                    json.dumps(known.tags),
                    sum(len(block.text.split()) for block in article.blocks if block.kept),
                    article_digest(known, article.blocks, links_of(article.rich)),
                    made_from,
                    str(heard) if heard else None,
                    known.reviewer,
                    blocks_sum((block.text, int(block.kept), block.role.value, block.heading) for block, _ in rows),
                    blocks_sum(
                        (steps, place, block.digest, block.reason, block.detail)
                        for place, (block, steps) in enumerate(rows)
                    ),
                    known.edit_url,
                ),
            )
            save_rich_text(connection, page_id, article.rich)
            connection.execute("DELETE FROM article_block WHERE article_id = ?", (page_id,))
            connection.executemany(
                "INSERT INTO article_block VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        page_id,
                        position,
                        self._block_id(block),
                        self._path_id(steps),
                        block.kept,
                        block.role,
                        block.reason,
                        block.detail,
                        block.heading,
                    )
                    for position, (block, steps) in enumerate(rows)
                ],
            )

    def _block_id(self, block: ArticleBlock) -> int:
        """Return the row of a text; one that no longer says what its key stands for is written anew."""
        import hashlib

        key = hashlib.blake2b(block.text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        connection = self._connection.connection
        row = connection.execute(
            "SELECT id, CAST(text AS BLOB), CAST(digest AS BLOB) FROM block WHERE key = ?", (key,)
        ).fetchone()
        if row and row[1:] != (block.text.encode("utf-8", "surrogatepass"), block.digest.encode()):
            connection.execute("UPDATE block SET text = ?, digest = ? WHERE id = ?", (block.text, block.digest, row[0]))
        if row is None:
            row = connection.execute(
                "INSERT INTO block (key, digest, text) VALUES (?, ?, ?) RETURNING id", (key, block.digest, block.text)
            ).fetchone()
        return int(row[0])

    def _path_id(self, steps: str) -> int:
        if steps not in self._paths:
            connection = self._connection.connection
            connection.execute("INSERT OR IGNORE INTO path (steps) VALUES (?)", (steps,))
            found = connection.execute("SELECT id FROM path WHERE steps = ?", (steps,)).fetchone()
            self._paths[steps] = int(found[0])
        return self._paths[steps]

    def titles(self, site_id: int) -> dict[int, tuple[str, str]]:
        """Return for each article of a site the title its page gave, and the title it has."""
        rows = self._connection.connection.execute(
            f"SELECT article.id, page_title, title FROM {_FROM} WHERE page.site_id = ? AND page_title IS NOT NULL",
            (site_id,),
        )
        return {i: (given, title) for i, given, title in rows}

    def retitle(self, article_id: int, title: str) -> None:
        """Give an article another title than its page did."""
        with self._connection.transaction() as connection:
            article = self._load([article_id]).get(article_id)
            if article is None:  # damaged: it is made again with the title that it should have
                return
            links = read_links(connection, [article_id]).get(article_id, {})
            digest = article_digest(replace(article.metadata, title=title), article.blocks, links)
            connection.execute("UPDATE article SET title = ?, digest = ? WHERE id = ?", (title, digest, article_id))

    def languages(self, site_id: int) -> dict[int, tuple[LanguageEvidence, str | None]]:
        """Return for each article of a site what speaks for its language, and the language it has."""
        rows = self._connection.connection.execute(
            f"SELECT article.id, page_language, heard, language FROM {_FROM} WHERE page.site_id = ?", (site_id,)
        )
        return {
            i: (LanguageEvidence(stated, Heard.from_text(heard) if heard else None), language)
            for i, stated, heard, language in rows
        }

    def language_evidence(self) -> list[LanguageEvidence]:
        """Return what speaks for the language of every article."""
        rows = self._connection.connection.execute("SELECT page_language, heard FROM article")
        return [LanguageEvidence(stated, Heard.from_text(heard) if heard else None) for stated, heard in rows]

    def save_languages(self, settled: Iterable[tuple[int, str | None]]) -> None:
        """Give articles, by their ids, other languages than they had."""
        with self._connection.transaction() as connection:
            connection.executemany(
                "UPDATE article SET language = ? WHERE id = ?", ((code, article_id) for article_id, code in settled)
            )

    def outdate(self, ids: Iterable[int]) -> None:
        """See to it that the next build makes these articles again."""
        with self._connection.transaction() as connection:
            connection.executemany("UPDATE article SET made_from = '' WHERE id = ?", ((i,) for i in ids))

    def delete(self, ids: Iterable[int]) -> None:
        """Take articles out, and leave their raw pages."""
        with self._connection.transaction() as connection:
            connection.executemany("DELETE FROM article WHERE id = ?", ((i,) for i in ids))

    def sweep(self) -> None:
        """Drop the texts and paths that no article uses any more."""
        with self._connection.transaction() as connection:
            connection.execute("DELETE FROM block WHERE id NOT IN (SELECT block_id FROM article_block)")
            connection.execute("DELETE FROM path WHERE id NOT IN (SELECT path_id FROM article_block)")
            self._paths.clear()

    def get(self, ids: Sequence[int]) -> dict[int, StoredArticle]:
        """Return the articles with these ids; unknown ids are left out, and so are damaged ones, which are noted."""
        found: dict[int, StoredArticle] = {}
        for start in range(0, len(ids), _CHUNK):
            found |= self._load(list(ids[start : start + _CHUNK]))
        return found

    def shown(self, ids: Sequence[int]) -> dict[int, Shown]:
        """Return what search shows of the articles with these ids; unknown ids are left out."""
        return read_shown(self._connection.connection, ids, self._connection.damage)

    def _load(self, ids: list[int]) -> dict[int, StoredArticle]:
        marks = ",".join("?" * len(ids))
        connection = self._connection.connection
        rows: dict[int, list[tuple[Any, ...]]] = {}
        for article_id, *fields in rows_of(
            connection,
            f"""SELECT article_id, text, kept, role, heading, steps, position, digest, reason, detail FROM article_block
            JOIN block ON block.id = block_id JOIN path ON path.id = path_id WHERE article_id IN ({marks})
            ORDER BY article_id, position""",
            ids,
        ):
            rows.setdefault(article_id, []).append(tuple(fields))
        topics: dict[int, list[str]] = {}
        for article_id, label in connection.execute(
            f"""SELECT article_id, label FROM article_topic JOIN topic ON topic.id = topic_id
            WHERE article_id IN ({marks}) AND {MEMBER.whole()} AND {TOPIC.whole()}
            ORDER BY article_id, share DESC, label""",
            ids,
        ):
            topics.setdefault(article_id, []).append(label)
        facts = connection.execute(
            f"""SELECT {_COLUMNS}, text_sum, laid_sum FROM {_FROM} WHERE article.id IN ({marks})
            AND {ARTICLE.whole()} AND {PAGE.whole()} AND {SITE.whole()}""",
            ids,
        ).fetchall()
        found = {}
        for *row, text_sum, laid_sum in facts:
            blocks = rows.get(row[0], [])
            if (text_sum, laid_sum) != (blocks_sum(block[:4] for block in blocks), blocks_sum(b[4:] for b in blocks)):
                self._connection.damage.note(TEXT, row[0])
                continue
            found[row[0]] = _article(row, tuple(_block(*block) for block in blocks), tuple(topics.get(row[0], ())))
        return found

    def with_rich_text(self, articles: Iterable[StoredArticle]) -> Iterator[StoredArticle]:
        """Yield the articles with what their blocks say beyond their text."""
        for article in articles:
            yield replace(article, rich=read_rich_text(self._connection.connection, article.id))

    def with_links(self, site_id: int) -> Iterator[StoredArticle]:
        """Yield the articles of a site that are not gone, oldest id first, with their links."""
        ids = self.ids(site_id)
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            links = read_links(self._connection.connection, chunk)
            for article_id, article in self._load(chunk).items():
                yield replace(article, links=links.get(article_id, {}))

    def iterate(self, site_id: int | None = None, *, gone: bool = False) -> Iterator[StoredArticle]:
        """Yield the articles of a site or of all sites, oldest id first; those that are gone only when asked."""
        ids = self.ids(site_id, gone=gone)
        for start in range(0, len(ids), _CHUNK):
            found = self._load(ids[start : start + _CHUNK])
            yield from (found[i] for i in ids[start : start + _CHUNK] if i in found)

    def ids(self, site_id: int | None = None, *, gone: bool = False) -> list[int]:
        """Return the ids of the articles of a site or of all sites, lowest first."""
        return [
            row[0]
            for row in self._connection.connection.execute(
                f"""SELECT article.id FROM {_FROM} WHERE (?1 IS NULL OR page.site_id = ?1)
                AND (?2 OR page.gone_at IS NULL) ORDER BY article.id""",
                (site_id, gone),
            )
        ]

    def any(self) -> bool:
        """Tell whether there is an article at all."""
        return bool(self._connection.connection.execute("SELECT EXISTS (SELECT 1 FROM article)").fetchone()[0])

    def index_digests(self) -> dict[int, str]:
        """Return id and digest of every article that belongs into the search index, topics included."""
        topics: dict[int, list[str]] = {}
        for article_id, label in self._connection.connection.execute(
            """SELECT article_id, label FROM article_topic JOIN topic ON topic.id = topic_id
            ORDER BY article_id, share DESC, label"""
        ):
            topics.setdefault(article_id, []).append(label)
        rows = self._connection.connection.execute(
            f"SELECT article.id, article.digest, language FROM {_FROM} WHERE page.gone_at IS NULL"
        )
        return {i: index_digest(digest, language, topics.get(i, ())) for i, digest, language in rows}

    def identities(self) -> list[tuple[int, str, str, str | None]]:
        """Return id, URL, digest and language of every article that is not gone, lowest id first."""
        return self._connection.connection.execute(
            f"SELECT article.id, page.url, article.digest, language FROM {_FROM} WHERE page.gone_at IS NULL ORDER BY 1"
        ).fetchall()

    def digests(self) -> dict[int, str]:
        """Return id and digest of every article that is not gone."""
        rows = self._connection.connection.execute(
            f"SELECT article.id, article.digest FROM {_FROM} WHERE page.gone_at IS NULL"
        )
        return dict(rows.fetchall())

    def topics_of(self, site_id: int) -> list[tuple[int, str]]:
        """Return id and topic of every article of a site that is not gone, a row a topic."""
        return self._connection.connection.execute(
            f"""SELECT article.id, label FROM {_FROM} JOIN article_topic ON article_topic.article_id = article.id
            JOIN topic ON topic.id = topic_id
            WHERE page.site_id = ? AND page.gone_at IS NULL ORDER BY article.id, label""",
            (site_id,),
        ).fetchall()

    def states(self, site_id: int) -> list[tuple[int, str, str]]:
        """Return id, URL and digest of every article of a site that is not gone, lowest id first."""
        return self._connection.connection.execute(
            f"""SELECT article.id, page.url, article.digest FROM {_FROM}
            WHERE page.site_id = ? AND page.gone_at IS NULL ORDER BY article.id""",
            (site_id,),
        ).fetchall()

    def made_from(self, site_id: int) -> dict[int, str]:
        """Return for each article of a site what it was made from."""
        rows = self._connection.connection.execute(
            f"SELECT article.id, made_from FROM {_FROM} WHERE page.site_id = ?", (site_id,)
        )
        return dict(rows.fetchall())

    def find(self, reference: str) -> list[int]:
        """Return the ids of the articles that a URL or the last part of one names; `[]` where none does."""
        rows = self._connection.connection.execute(
            f"SELECT article.id, page.url, page.final_url, page.source FROM {_FROM} ORDER BY article.id"
        )
        return [i for i, *names in rows if is_called(reference, *names)]

    def at(self, urls: Iterable[str]) -> dict[str, int]:
        """Return the id of each article that has one of these addresses, as it is stored."""
        wanted = list(dict.fromkeys(urls))
        found: dict[str, int] = {}
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            rows = self._connection.connection.execute(
                f"SELECT page.url, article.id FROM {_FROM} WHERE page.url IN ({marks})", chunk
            )
            found.update(rows.fetchall())
        return found

    def set_aside(self, site_id: int) -> SetAside:
        """Count what repeats on the posts of a site; headings and the posts' own text do not count."""
        rows = self._connection.connection.execute(
            """SELECT block.digest, max(kept), count(DISTINCT article_id), max(block.text) FROM article_block
            JOIN block ON block.id = block_id JOIN page ON page.id = article_id
            WHERE site_id = ? AND role NOT IN ('content', 'heading') GROUP BY block.digest""",
            (site_id,),
        ).fetchall()
        posts = len(self.ids(site_id, gone=True))
        pasted = [(spread, text) for _, kept, spread, text in rows if kept and spread > 1]
        return SetAside(
            posts=posts,
            everywhere=sum(not kept and spread == posts for _, kept, spread, _ in rows),
            editorial=len(pasted),
            editorial_words=sum(spread * len(text.split()) for spread, text in pasted),
        )

    def facts(self, site_id: int | None = None) -> list[PostFacts]:
        """Return what statistics need of every post that is not gone, oldest first; undated posts come first."""
        rows = self._connection.connection.execute(
            f"""SELECT article.id, published, author, words, template, editorial FROM {_FROM} LEFT JOIN (
                SELECT article_id,
                    sum(CASE WHEN kept THEN 0 ELSE length(text) END) AS template,
                    sum(CASE WHEN kept AND role NOT IN ('content', 'heading') THEN length(text) ELSE 0 END) AS editorial
                FROM article_block JOIN block ON block.id = block_id GROUP BY article_id
            ) ON article_id = article.id
            WHERE page.gone_at IS NULL AND (?1 IS NULL OR page.site_id = ?1) AND {ARTICLE.whole()}
            ORDER BY published, article.id""",
            (site_id,),
        )
        return [PostFacts(*row) for row in rows]

    def counts(self, site_id: int) -> SiteCounts:
        """Return how much of a site is in the library."""
        pages = self._connection.connection.execute(
            "SELECT count(*) FROM page WHERE site_id = ?", (site_id,)
        ).fetchone()[0]
        posts, gone, words, first, last = self._connection.connection.execute(
            f"""SELECT count(*), coalesce(sum(page.gone_at IS NOT NULL), 0), coalesce(sum(words), 0), min(published),
            max(published) FROM {_FROM} WHERE page.site_id = ?""",
            (site_id,),
        ).fetchone()
        return SiteCounts(pages, posts, gone, words, first, last)


@lru_cache(maxsize=1 << 13)
def _block(
    text: str,
    kept: int,
    role: str,
    heading: int,
    steps: str,
    position: int,
    digest: str,
    reason: str,
    detail: str,
) -> ArticleBlock:
    """Return a block; the line of a menu, which is the same on every page, is made and held once."""
    return ArticleBlock(text, _path(steps), position, digest, bool(kept), Role(role), reason, detail, heading)


@lru_cache(maxsize=4096)
def _path(steps: str) -> tuple[str, ...]:
    """Return the steps of a path from JSON; most blocks of a blog have one of a few."""
    return tuple(json.loads(steps))


def _article(row: Sequence[Any], blocks: tuple[ArticleBlock, ...], topics: tuple[str, ...]) -> StoredArticle:
    plain = dict(
        zip(("title", "author", "published", "modified", "language", "canonical", "image"), row[5:12], strict=True)
    )
    labels = {"categories": json.loads(row[12]), "tags": json.loads(row[13])}
    metadata = Metadata.from_json({**plain, **labels, "reviewer": row[16], "edit_url": row[17]})
    return StoredArticle(
        id=row[0],
        site=row[1],
        url=row[2],
        source=row[3],
        gone=bool(row[4]),
        metadata=metadata,
        blocks=blocks,
        words=row[14],
        topics=topics,
        digest=row[15],
    )


def article_digest(
    metadata: Metadata, blocks: Iterable[ArticleBlock], links: Mapping[int, Iterable[Link]] | None = None
) -> str:
    """Return the digest of everything an index and the audit see of an article."""
    import hashlib

    told = [(block.text, block.kept, block.role, block.heading) for block in blocks]
    led = {position: [link.href for link in found] for position, found in links.items()} if links else {}
    seen = (metadata.as_json(), told, *([led] if led else []))
    text = json.dumps(seen, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def index_digest(digest: str, language: str | None, topics: Sequence[str]) -> str:
    """Return the digest of an index row: that of the article, its language, which its site decides, and its topics."""
    return "\0".join((digest, language or "", *topics))
