"""Keep raw pages: the source of truth that articles and index are made from."""

from __future__ import annotations

import json
import logging
import zlib
from dataclasses import astuple, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from indexer.store.rows import StoredPage
from indexer.store.seals import BODY, PAGE, SITE, SUMMARY, VERDICT, seal_again
from indexer.store.sites import Sites
from scraper.model import Metadata, Page, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from indexer.store.connection import Connection
    from scraper.judgement.judged import Judged

_COLUMNS = """page.id, site.key, page.url, page.final_url, page.status, page.headers, page.codec, page.body,
    page.fetched_at, page.witness, page.stated, page.evidence, page.source, page.lastmod, page.digest, page.marked,
    page.is_post"""

logger = logging.getLogger(__name__)

FORGOTTEN = "forgotten"


def page_digest(page: Page) -> str:
    """Return the digest of all that an article is made from: type, body, and what feed or API stated."""
    import hashlib

    stated = json.dumps(page.stated.as_json(), sort_keys=True) if page.stated else ""
    parts = (page.header("content-type") or "", page.final_url, page.reference_body or "", stated)
    hashed = hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16)
    hashed.update(page.body)
    return hashed.hexdigest()


class Pages:
    """The raw pages of a library, bodies compressed with the codec named beside them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sites = Sites(connection)

    def save(self, page: Page) -> int:
        """Keep a page under its site and URL, in place of an older copy, and return its id, which stays the same.

        Evidence adds up over the copies; a reference body, what was stated, and what a person marked are kept when the
        new copy has none. A page that was gone is back. One that was forgotten comes back only from a file.
        """
        with self._connection.transaction() as connection:
            site_id = self._sites.id_of(page.site)
            old = connection.execute(
                "SELECT id, marked, evidence, witness, stated FROM page WHERE site_id = ? AND url = ?",
                (site_id, page.url),
            ).fetchone()
            if old and old[1] == FORGOTTEN and page.source is None:
                return int(old[0])
            if old:
                page = _with_what_was_known(page, *old[2:])
            row, evidence = packed_row(page), json.dumps(sorted(page.evidence))
            saved = connection.execute(
                """INSERT INTO page (site_id, url, final_url, status, headers, fetched_at, gone_at, lastmod, codec,
                    body, digest, witness, stated, evidence, source)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'zlib', ?, ?, ?, ?, ?, ?)
                ON CONFLICT (site_id, url) DO UPDATE SET final_url = excluded.final_url, status = excluded.status,
                    headers = excluded.headers, fetched_at = excluded.fetched_at,
                    lastmod = excluded.lastmod, codec = excluded.codec, body = excluded.body,
                    digest = excluded.digest, witness = excluded.witness,
                    stated = excluded.stated, evidence = excluded.evidence, source = excluded.source,
                    marked = nullif(marked, 'forgotten'), gone_at = excluded.gone_at
                RETURNING id""",
                (site_id, page.url, *row[:4], row[3] if page.gone else None, *row[4:], evidence, page.source),
            ).fetchone()
            if old:
                seal_again(connection, PAGE, saved[0])
        return int(saved[0])

    def learn(self, page_id: int, evidence: Sequence[str], reference_body: str | None, stated: Metadata | None) -> None:
        """Add what one more place says of a page that was fetched before the place was read."""
        for stored in self.load([page_id]):
            self.save(
                replace(
                    stored.page,
                    evidence=(*stored.page.evidence, *evidence),
                    reference_body=reference_body or stored.page.reference_body,
                    stated=stated or stored.page.stated,
                )
            )

    def load(self, ids: Sequence[int]) -> Iterator[StoredPage]:
        """Yield the pages with these ids, in this order, bodies unpacked one at a time.

        Unknown ids are left out, and so are pages whose stored copy is damaged, which are noted.
        """
        for page_id in ids:
            row = self._connection.connection.execute(
                f"""SELECT {_COLUMNS} FROM page JOIN site ON site.id = page.site_id
                WHERE page.id = ? AND {PAGE.whole()} AND {BODY.whole()} AND {SITE.whole()}""",
                (page_id,),
            ).fetchone()
            if row is None:
                continue
            try:
                yield stored_page(row)
            except (zlib.error, ValueError, TypeError) as error:
                logger.error("the stored copy of %s can't be read: %s", row[2], error)
                self._connection.damage.note(BODY.name, page_id)

    def url(self, page_id: int) -> str:
        """Return the address of a page that is there."""
        row = self._connection.connection.execute("SELECT url FROM page WHERE id = ?", (page_id,)).fetchone()
        return str(row[0])

    def digests(self, site_id: int) -> dict[int, str]:
        """Return id and digest of every page of a site that was fetched with success, oldest first."""
        rows = self._connection.connection.execute(
            """SELECT id, digest FROM page WHERE site_id = ? AND status BETWEEN 200 AND 299
            AND marked IS NOT 'forgotten' ORDER BY id""",
            (site_id,),
        )
        return dict(rows.fetchall())

    def ids(self, site_id: int | None = None) -> list[int]:
        """Return the ids of the pages of a site or of all sites that were fetched and not forgotten, lowest first."""
        rows = self._connection.connection.execute(
            """SELECT id FROM page WHERE (?1 IS NULL OR site_id = ?1) AND status BETWEEN 200 AND 299
            AND marked IS NOT 'forgotten' ORDER BY id""",
            (site_id,),
        )
        return [row[0] for row in rows]

    def unread(self) -> int:
        """Return how many pages of the library no build has read yet."""
        row = self._connection.connection.execute(
            """SELECT count(*) FROM page WHERE status BETWEEN 200 AND 299 AND marked IS NOT 'forgotten'
            AND is_post IS NULL"""
        ).fetchone()
        return int(row[0])

    def source_of(self, url: str) -> str | None:
        """Return the file that the page at this URL was imported from; `None` where it was fetched or is not there."""
        row = self._connection.connection.execute(
            "SELECT source FROM page WHERE url = ? AND source IS NOT NULL", (url,)
        ).fetchone()
        return row[0] if row else None

    def urls(self, site_id: int) -> dict[str, int]:
        """Return URL and id of every page of a site."""
        return dict(
            self._connection.connection.execute("SELECT url, id FROM page WHERE site_id = ?", (site_id,)).fetchall()
        )

    def no_posts(self, ids: Collection[int]) -> list[tuple[str, str]]:
        """Return which of these pages are no posts, by file, or by address where a file holds several, and why."""
        rows = self._connection.connection.execute(
            f"""SELECT id, iif(count(*) OVER (PARTITION BY source) = 1, coalesce(source, url), url), verdict FROM page
            WHERE is_post = 0 AND verdict IS NOT NULL AND {VERDICT.whole()} ORDER BY id"""
        )
        return [(name, why) for page_id, name, why in rows if page_id in ids]

    def mark_gone(self, page_id: int, gone: bool = True) -> None:
        """Remember that the site no longer has the page; it stays in the library and leaves search."""
        at = datetime.now(UTC).isoformat(timespec="seconds") if gone else None
        with self._connection.transaction() as connection:
            connection.execute(
                "UPDATE page SET gone_at = ? WHERE id = ? AND (gone_at IS NULL) = ?", (at, page_id, gone)
            )

    def mark(self, page_id: int, kind: str | None) -> None:
        """Overrule what the page was taken for: `post`, `page`, or `None` for no overruling."""
        with self._connection.transaction() as connection:
            connection.execute("UPDATE page SET marked = ?, judged = NULL WHERE id = ?", (kind, page_id))

    def judged(self, site_id: int) -> dict[int, str]:
        """Return for each page what its verdict was made from."""
        rows = self._connection.connection.execute(
            "SELECT id, judged FROM page WHERE site_id = ? AND judged IS NOT NULL", (site_id,)
        )
        return dict(rows.fetchall())

    def save_judgements(self, judgements: Iterable[tuple[int, Verdict, str]]) -> None:
        """Keep what pages were judged alone, as (page id, verdict, what it was made from)."""
        with self._connection.transaction() as connection:
            connection.executemany(
                "UPDATE page SET judgement = ?2, judged = ?3 WHERE id = ?1",
                ((page, json.dumps(astuple(verdict)), made_from) for page, verdict, made_from in judgements),
            )

    def judgements(self, site_id: int) -> dict[int, Judged]:
        """Return what the pages of a site were judged alone, those left out that a person marked or that failed."""
        from scraper.judgement.judged import Judged

        rows = self._connection.connection.execute(
            f"""SELECT id, url, judgement, evidence FROM page WHERE site_id = ? AND judgement IS NOT NULL
            AND marked IS NULL AND {VERDICT.whole()} ORDER BY id""",
            (site_id,),
        )
        return {
            page_id: Judged(url, _verdict(judgement), tuple(json.loads(evidence)))
            for page_id, url, judgement, evidence in rows
        }

    def save_verdicts(self, site_id: int, verdicts: Mapping[int, Verdict]) -> None:
        """Keep what was decided of a site's pages; a person's mark wins, and a page without a verdict is no post."""
        with self._connection.transaction() as connection:
            connection.execute(
                """UPDATE page SET is_post = marked IS 'post', verdict = iif(marked IS NULL, NULL, 'marked by hand')
                WHERE site_id = ? AND (is_post IS NULL OR is_post <> (marked IS 'post')
                OR (verdict IS 'marked by hand') <> (marked IS NOT NULL))
                AND (marked IS NOT NULL OR judgement IS NULL)""",
                (site_id,),
            )
            connection.executemany(
                "UPDATE page SET is_post = ?2, verdict = ?3 WHERE id = ?1 AND (is_post IS NOT ?2 OR verdict IS NOT ?3)",
                ((page, int(verdict.is_post), verdict.reason) for page, verdict in verdicts.items()),
            )

    def dead(self, site_id: int) -> dict[str, str]:
        """Return the addresses of a site that led nowhere: `gone` is a post that was there, `missing` any other."""
        connection = self._connection.connection
        missing = connection.execute(
            "SELECT url FROM frontier WHERE site_id = ? AND status IN (404, 410) ORDER BY url", (site_id,)
        )
        gone = connection.execute(
            "SELECT url FROM page WHERE site_id = ? AND gone_at IS NOT NULL ORDER BY url", (site_id,)
        )
        return {url: "missing" for (url,) in missing} | {url: "gone" for (url,) in gone}

    def posts(self, site_id: int) -> set[int]:
        """Return the ids of the pages that are posts, gone or not."""
        rows = self._connection.connection.execute("SELECT id FROM page WHERE site_id = ? AND is_post = 1", (site_id,))
        return {row[0] for row in rows}

    def summaries(self, site_id: int) -> Iterator[tuple[int, str, bytes]]:
        """Yield page id, what the summary was made from, and the summary, for each page of a site that has one."""
        yield from self._connection.connection.execute(
            "SELECT page_id, made_from, data FROM sketch JOIN page ON page.id = page_id WHERE site_id = ? ORDER BY 1",
            (site_id,),
        )

    def summary(self, page_id: int) -> bytes | None:
        """Return the summary of a page, or `None`."""
        row = self._connection.connection.execute(
            f"SELECT data FROM sketch WHERE page_id = ? AND {SUMMARY.whole()}", (page_id,)
        ).fetchone()
        return row[0] if row else None

    def save_summaries(self, summaries: Iterable[tuple[int, str, bytes]]) -> None:
        """Keep summaries as (page id, what it was made from, summary)."""
        with self._connection.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO sketch (page_id, made_from, data) VALUES (?, ?, ?)", summaries
            )

    def forget(self, page_id: int) -> None:
        """Take a page's content and its article out; its address stays known, so that no crawl brings it back."""
        with self._connection.transaction() as connection:
            connection.execute("DELETE FROM article WHERE id = ?", (page_id,))
            connection.execute("DELETE FROM sketch WHERE page_id = ?", (page_id,))
            connection.execute(
                """UPDATE page SET marked = ?, is_post = 0, body = ?, digest = '', headers = '[]', witness = NULL,
                stated = NULL, evidence = '[]', source = NULL WHERE id = ?""",
                (FORGOTTEN, zlib.compress(b""), page_id),
            )
            for table in ("page_copy", "version"):
                connection.execute(f"DELETE FROM {table} WHERE page_id = ?", (page_id,))
            seal_again(connection, PAGE, page_id)

    def sites_with_host(self, host: str) -> set[int]:
        """Return the sites that have a page on a host."""
        rows = self._connection.connection.execute("SELECT site_id, url FROM page WHERE marked IS NOT 'forgotten'")
        return {site for site, url in rows if _bare(url).removeprefix("www.").partition("/")[0] == host}

    def find(self, reference: str) -> list[int]:
        """Return the ids of the pages, posts or not, that a URL or the last part of one names."""
        rows = self._connection.connection.execute(
            "SELECT id, url, final_url, source FROM page WHERE marked IS NOT 'forgotten' ORDER BY id"
        )
        return [i for i, *names in rows if is_called(reference, *names)]


def is_called(reference: str, url: str, final_url: str, source: str | None) -> bool:
    """Tell whether a person who types `reference` means the page: its address, the last part of it, or its file."""
    if reference == source:
        return True
    if "/" in reference:
        return _bare(reference) in (_bare(url), _bare(final_url))
    return reference in (slug(url), slug(url).split(".")[0])


def _bare(url: str) -> str:
    return url.removeprefix("https://").removeprefix("http://").rstrip("/")


def slug(url: str) -> str:
    """Return the last part of a URL's path, decoded; `""` for a home page."""
    return unquote(urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1])


def _with_what_was_known(page: Page, evidence: str, reference_body: bytes | None, stated: str | None) -> Page:
    return replace(
        page,
        evidence=tuple({*page.evidence, *json.loads(evidence)}),
        reference_body=page.reference_body if page.reference_body is not None else _unpack(reference_body),
        stated=page.stated or (Metadata.from_json(json.loads(stated)) if stated else None),
    )


def _verdict(judgement: str) -> Verdict:
    verdict = Verdict(*json.loads(judgement))
    return replace(verdict, parts=tuple(verdict.parts), marks=tuple(verdict.marks))


def _unpack(packed: bytes | None) -> str | None:
    return None if packed is None else zlib.decompress(packed).decode("utf-8", "surrogatepass")


def _pack(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 6)


def packed_row(page: Page) -> tuple[Any, ...]:
    """Return what is stored of a body: final URL, status, headers, time, lastmod, body, digest, reference, stated."""
    return (
        page.final_url,
        page.status,
        json.dumps(page.headers),
        page.fetched_at.astimezone(UTC).isoformat(timespec="seconds"),
        page.lastmod,
        zlib.compress(page.body, 6),
        page_digest(page),
        _pack(page.reference_body) if page.reference_body is not None else None,
        json.dumps(page.stated.as_json()) if page.stated else None,
    )


def stored_page(row: tuple[Any, ...]) -> StoredPage:
    """Return the page that a row is. Raise `ValueError` or `zlib.error` where it is damaged."""
    page_id, site, url, final_url, status, headers, codec, body = row[:8]
    fetched_at, reference_body, stated, evidence, source, lastmod, digest, marked, is_post = row[8:]
    if codec != "zlib":
        raise ValueError(f"page {page_id} is packed with the unknown codec {codec!r}")
    page = Page(
        site=site,
        url=url,
        final_url=final_url,
        status=status,
        headers=tuple((name, value) for name, value in json.loads(headers)),
        body=zlib.decompress(body),
        fetched_at=datetime.fromisoformat(fetched_at),
        reference_body=_unpack(reference_body),
        stated=Metadata.from_json(json.loads(stated)) if stated else None,
        evidence=tuple(json.loads(evidence)),
        source=source,
        lastmod=lastmod,
    )
    return StoredPage(page_id, page, digest, marked, None if is_post is None else bool(is_post))
