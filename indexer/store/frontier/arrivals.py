"""Decide what becomes of a page that was fetched again: taken, held beside the stored post, or taken back.

Single events are taken as they come, with the body before kept beside; what turns out to be one of many alike is taken
back. The evidence is `scraper.judgement.successor`'s, the counts are those of the run.
"""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING, NamedTuple

from indexer.store.frontier.recrawl import MANY, MANY_SHARE, PATIENT_RUNS
from indexer.store.history.copies import Copies
from indexer.store.pages import Pages
from scraper.crawling.frontier import Disorder
from scraper.judgement import successor
from scraper.judgement.successor import Look, PageChrome, Standing

if TYPE_CHECKING:
    from indexer.store.connection import Connection
    from scraper.model import Page

logger = logging.getLogger(__name__)

FEW_TURNED = 3
"""Posts that show something else, and are most of those looked at, before others are looked at for comparison."""
CONTROLS = 10
"""How many others. Where three in ten are in disorder, six or more of ten are so in one case of twenty, and then the
majority of all decides too."""
_SIBLINGS = 4
"""Posts from which the page chrome is learnt; chosen: each two are compared."""
HELD = (Standing.BAD, Standing.UNSURE)


class StoredPost(NamedTuple):
    """A post that is stored of a URL."""

    page_id: int
    url: str


class Arrivals:
    """The pages that one run fetched of posts that are stored."""

    def __init__(self, connection: Connection, site_id: int, run: int) -> None:
        self._connection = connection.connection
        self._pages = Pages(connection)
        self._site_id = site_id
        self._run = run
        self._copies = Copies(self._connection)
        self._siblings: list[tuple[int, Look]] | None = None
        self._strange: dict[int, Look] = {}
        self._doubted: set[int] = set()
        self._is_alarmed = False

    def known(self, row_id: int) -> StoredPost | None:
        """Return the post that is stored of a URL, crawled or imported; `None` where none is."""
        row = self._connection.execute(
            """SELECT page.id, page.url FROM frontier JOIN page ON page.id = frontier.page_id
            OR (frontier.page_id IS NULL AND page.site_id = frontier.site_id AND page.url = frontier.url)
            WHERE frontier.id = ? AND page.status BETWEEN 200 AND 299
            AND (page.marked IS 'post' OR (page.marked IS NULL AND (frontier.is_post OR page.is_post)))""",
            (row_id,),
        ).fetchone()
        return StoredPost(*row) if row else None

    def take_or_hold(self, row_id: int, known: StoredPost, page: Page) -> Standing:
        """Hold a page that must not take the place of the stored post, or make room for it; return how it stands."""
        standing = self.weigh(row_id, known, page)
        if standing not in HELD:
            self.replace(known, page, doubt=standing is Standing.DOUBTFUL)
            return standing
        self.hold(row_id, known, page, standing, headline(page))
        looks = successor.said(page.body)
        self._connection.execute("UPDATE frontier SET looks = ? WHERE id = ?", (looks, row_id))
        if standing is Standing.BAD:
            self._refuse_echoes(looks)
        return standing

    def weigh(self, row_id: int, known: StoredPost, page: Page) -> Standing:
        """Return how a page stands to the post that is stored of its URL; `DOUBTFUL` where it is one of a few."""
        stored = next(self._pages.load([known.page_id]), None)
        if stored is None or stored.page.body == page.body or stored.page.content_type == "text/plain":
            return Standing.GOOD
        doubted = self._copies.doubted(known.page_id)
        trusted = self._copies.load(known.page_id, "before") if doubted else stored
        try:
            new, old = successor.look(page), successor.look((trusted or stored).page)
        except Exception:
            logger.exception("Could not compare %s with what is stored of it", page.url)
            return Standing.BAD
        chrome = self._chrome(known.page_id)
        standing = successor.compare(old, new, chrome)
        if standing is Standing.DOUBTFUL:
            is_first_text = successor.says_nothing(old, chrome) and not successor.says_nothing(new, chrome)
            standing = self._doubt(known.page_id, new, chrome, is_first_text=is_first_text)
        elif standing is Standing.BAD:
            self._strange[known.page_id] = new
        return standing

    def _doubt(self, page_id: int, new: Look, chrome: PageChrome, *, is_first_text: bool) -> Standing:
        """Return whether a post that has not much in common with the stored one is a single event.

        Many may be so at once where what is stored has no text of its own (`is_first_text`): the bad day was before.
        """
        same = [
            other for other, seen in self._strange.items() if other != page_id and successor.alike(new, seen, chrome)
        ]
        same += [
            other for other, seen in self._siblings or () if other != page_id and successor.alike(new, seen, chrome)
        ]
        self._strange[page_id] = new
        if not is_first_text:
            self._doubted.add(page_id)
        posts, doubted = self._posts(), len(self._doubted)
        if (
            same
            or _are_many(len(self._strange) if not is_first_text else 0, posts)
            or (FEW_TURNED <= doubted > posts / 2)
        ):
            self._doubted.clear()
            self.take_back()
            return Standing.BAD
        self._is_alarmed |= doubted >= FEW_TURNED
        return Standing.DOUBTFUL

    def _is_doubtful_news(self, page: Page) -> bool:
        """Tell whether a page at a new URL is too little like the blog's posts to be taken for one."""
        try:
            return successor.is_doubtful_news(successor.look(page), self._chrome(0))
        except Exception:
            logger.exception("Could not read %s", page.url)
            return True

    def _chrome(self, page_id: int) -> PageChrome:
        """Return what the blog's other posts have in common."""
        if self._siblings is None:
            rows = self._connection.execute(
                """SELECT page.id FROM page JOIN frontier ON page_id = page.id WHERE page.site_id = ?
                AND frontier.is_post AND gone_at IS NULL AND frontier.misses = 0 AND first_run < ?
                AND frontier.run IS NOT ? ORDER BY page.id * 7919 % 997, page.id LIMIT ?""",
                (self._site_id, self._run, self._run, _SIBLINGS),
            ).fetchall()
            self._siblings = [
                (stored.id, successor.look(stored.page)) for stored in self._pages.load([i for (i,) in rows])
            ]
        return successor.chrome_of([seen for other, seen in self._siblings if other != page_id])

    def hold(self, row_id: int, known: StoredPost, page: Page | None, standing: Standing, reason: str) -> None:
        """Leave a stored post as it is, keep beside it what its URL shows now, and have that asked again next run."""
        if page is not None:
            self._copies.hold(known.page_id, page, self._run)
        self._connection.execute(
            """UPDATE frontier SET state = 'idle', attempts = 0, run = ?, checked_at = ?, result = ?, status = ?,
            reason = ?, misses = misses + 1 WHERE id = ?""",
            (
                self._run,
                time.time(),
                "held" if standing is Standing.BAD else "unsure",
                page.status if page else None,
                reason,
                row_id,
            ),
        )
        self._is_alarmed |= standing is Standing.BAD

    def replace(self, known: StoredPost, page: Page, *, doubt: bool) -> None:
        """Make room for a page that takes the place of a stored one: keep that beside it, under the new address."""
        stored = next(self._pages.load([known.page_id]), None)
        if known.url != page.url:
            self._connection.execute(
                """UPDATE page SET url = ?1 WHERE id = ?2
                AND NOT EXISTS (SELECT 1 FROM page other WHERE other.site_id = page.site_id AND other.url = ?1)""",
                (page.url, known.page_id),
            )
        self._copies.drop(known.page_id, "held")
        if stored is None or stored.page.body == page.body:
            return
        if not doubt and self._copies.doubted(known.page_id):
            self._copies.drop(known.page_id, "before")
        else:
            self._copies.keep_before(known.page_id, self._run, doubt=doubt)

    def move(self, landed: int, known: StoredPost, page: Page) -> None:
        """Give a stored post to the row of the URL that its own redirects to, or mark it gone where that has one."""
        connection = self._connection
        own = connection.execute("SELECT url FROM page WHERE id = ?", (known.page_id,)).fetchone()
        if own and own[0] == page.url:
            connection.execute("UPDATE frontier SET page_id = ?, is_post = 1 WHERE id = ?", (known.page_id, landed))
        else:
            self._pages.mark_gone(known.page_id)

    def leads_nowhere(self, row_id: int, known: StoredPost, other: int, url: str) -> bool:
        """Tell whether a stored post's URL redirects to one that was fetched and is no post; if so, hold the post."""
        target = self.known(other)
        if target is not None and target.page_id != known.page_id:
            return False
        self.hold(row_id, known, None, Standing.BAD, f"leads to {url}")
        return True

    def is_no_news(self, row_id: int, page: Page, looks: bytes, *, is_first: bool) -> bool:
        """Tell whether what a new URL shows is one text of many or no page of this blog; if so, end its task."""
        is_strange = not is_first and (self._is_doubtful_news(page) or self._echoes_held(looks))
        if not is_strange and not self._is_one_of_many(row_id, looks):
            return False
        self._connection.execute(
            """UPDATE frontier SET state = 'idle', attempts = 0, run = ?, checked_at = ?, status = ?, reason = ?,
            looks = ? WHERE id = ?""",
            (self._run, time.time(), page.status, headline(page), looks, row_id),
        )
        self._refuse(row_id)
        return True

    def settle_doubt(self, row_id: int, known: StoredPost, *, is_doubtful: bool, was: int) -> None:
        """Have a page that was taken in doubt asked again, unconditionally, until it has shown itself often enough.

        `was` is the number of misses before.
        """
        if not self._copies.doubted(known.page_id):
            return
        misses = 1 if is_doubtful else was + 1
        if misses > PATIENT_RUNS:
            self._copies.trust(known.page_id)
        else:
            self._connection.execute(
                "UPDATE frontier SET misses = ?, etag = NULL, last_modified = NULL WHERE id = ?", (misses, row_id)
            )

    def take_back(self) -> None:
        """Bring back the posts that this run replaced in doubt."""
        for page_id in self._copies.replaced_in(self._site_id, self._run):
            if self._copies.doubted(page_id):
                self._bring_back(page_id)

    def _bring_back(self, page_id: int) -> None:
        self._copies.bring_back(page_id)
        self._connection.execute(
            """UPDATE frontier SET result = 'held', digest = NULL, etag = NULL, last_modified = NULL, misses = 1
            WHERE page_id = ?""",
            (page_id,),
        )
        self._is_alarmed = True

    def miss(self, row_id: int, known: StoredPost, *, accept: bool) -> None:
        """Mark a post gone that the site says it has no more; many at once stay, as that is a question."""
        connection = self._connection
        marked = connection.execute(
            """UPDATE page SET gone_at = strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now')
            WHERE id = ? AND gone_at IS NULL""",
            (known.page_id,),
        ).rowcount
        connection.execute(
            "UPDATE frontier SET result = 'gone', gone_run = iif(?, ?, gone_run) WHERE id = ?",
            (marked, self._run, row_id),
        )
        (lately,) = connection.execute(
            """SELECT count(*) FROM frontier WHERE site_id = ? AND result IN ('gone', 'missing')
            AND misses BETWEEN 1 AND ?""",
            (self._site_id, PATIENT_RUNS),
        ).fetchone()
        if not accept and _are_many(lately, self._posts()):
            self._revive()

    def _revive(self) -> None:
        """Take back that this run marked posts as gone."""
        connection = self._connection
        connection.execute(
            """UPDATE page SET gone_at = NULL WHERE id IN
            (SELECT page_id FROM frontier WHERE site_id = ? AND gone_run = ?)""",
            (self._site_id, self._run),
        )
        connection.execute(
            "UPDATE frontier SET result = 'missing', gone_run = NULL WHERE site_id = ? AND gone_run = ?",
            (self._site_id, self._run),
        )

    def _posts(self) -> int:
        """Return how many posts the blog had before this run."""
        return int(
            self._connection.execute(
                "SELECT count(*) FROM frontier WHERE site_id = ? AND is_post AND first_run < ?",
                (self._site_id, self._run),
            ).fetchone()[0]
        )

    def _echoes_held(self, looks: bytes) -> bool:
        """Tell whether a new URL says what a known post's does that was held in this run, whatever the numbers."""
        row = self._connection.execute(
            "SELECT 1 FROM frontier WHERE site_id = ? AND run = ? AND result = 'held' AND looks BETWEEN ? AND ?",
            (self._site_id, self._run, *_of_wording(looks)),
        ).fetchone()
        return row is not None

    def _refuse_echoes(self, looks: bytes) -> None:
        """Take back the new posts of this run that say what a known post's URL does that is held."""
        rows = self._connection.execute(
            """SELECT id, page_id FROM frontier WHERE site_id = ? AND run = ? AND first_run = run AND is_post
            AND looks BETWEEN ? AND ?""",
            (self._site_id, self._run, *_of_wording(looks)),
        ).fetchall()
        for row_id, page_id in rows:
            self._refuse(row_id, page_id)

    def _is_one_of_many(self, row_id: int, looks: bytes) -> bool:
        """Tell whether a new post is one of many that say the same, word for word; if so, none of them is one."""
        same = self._connection.execute(
            """SELECT id, page_id, result FROM frontier WHERE site_id = ? AND looks = ? AND id <> ? AND run = ?
            AND (first_run = run OR result = 'alike')""",
            (self._site_id, looks, row_id, self._run),
        ).fetchall()
        if len(same) < MANY and not any(result == "alike" for *_, result in same):
            return False
        for other, page_id, result in same:
            if result != "alike":
                self._refuse(other, page_id)
        return True

    def ask_again_if_alike(self, looks: bytes) -> None:
        """Have new posts asked again in the next run where many differ in numbers only: a notice may bear the time."""
        which = "site_id = ? AND run = ? AND first_run = run AND is_post AND looks BETWEEN ? AND ?"
        values = (self._site_id, self._run, *_of_wording(looks))
        (alike,) = self._connection.execute(f"SELECT count(*) FROM frontier WHERE {which}", values).fetchone()
        if alike > MANY:
            self._connection.execute(
                f"UPDATE frontier SET misses = 1, etag = NULL, last_modified = NULL WHERE {which}", values
            )

    def _refuse(self, row_id: int, page_id: int | None = None) -> None:
        """Take what a new URL shows for no post, and have it asked again in the next runs."""
        self._connection.execute(
            """UPDATE frontier SET result = 'alike', is_post = 0, page_id = NULL, etag = NULL, last_modified = NULL,
            misses = max(misses, 1) WHERE id = ?""",
            (row_id,),
        )
        if page_id is not None:
            self._delete_new(page_id)

    def _delete_new(self, page_id: int) -> None:
        """Delete a page that no build has read yet; another one stays."""
        self._connection.execute(
            "DELETE FROM page WHERE id = ? AND judged IS NULL AND marked IS NULL AND source IS NULL", (page_id,)
        )

    def disorder(self, *, ended: bool) -> Disorder | None:
        """Return what is wrong with the site as a whole; before that, have other posts looked at for comparison."""
        if not self._is_alarmed:
            return None
        turned, well = self._counts("first_run < :run")
        controls, doubted = self._controls(), len(self._doubted)
        may_be = FEW_TURNED <= turned + doubted > well - doubted
        if may_be and controls is None and self._look_at_others():
            return None
        if turned < FEW_TURNED or turned <= well:
            return None
        if controls is None:
            return Disorder(turned, turned + well, self._says())
        bad, good = self._counts(f"id IN ({','.join(map(str, controls))})")
        is_decided = ended or bad + good == len(controls) or 2 * bad > len(controls)
        if is_decided and bad >= good:
            return Disorder(turned, turned + well, self._says())
        return None

    def _counts(self, which: str) -> tuple[int, int]:
        """Return how many posts that were looked at in this run show something else, and how many are well."""
        turned, well = self._connection.execute(
            f"""SELECT coalesce(sum(result = 'held'), 0), coalesce(sum(result IN ('fetched', 'unchanged')), 0)
            FROM frontier WHERE site_id = :site AND run = :run AND is_post AND {which}""",
            {"site": self._site_id, "run": self._run},
        ).fetchone()
        return int(turned), int(well)

    def _controls(self) -> list[int] | None:
        (text,) = self._connection.execute("SELECT controls FROM crawl_run WHERE id = ?", (self._run,)).fetchone()
        return json.loads(text) if text is not None else None

    def _look_at_others(self) -> bool:
        """Queue posts that this run has not looked at, before all others; tell whether there are any."""
        connection = self._connection
        rows = connection.execute(
            """SELECT id FROM frontier WHERE site_id = ? AND is_post AND run IS NOT ? AND result NOT IN ('gone')
            AND state IN ('idle', 'pending') ORDER BY misses > 0, id * 7919 % 997, id LIMIT ?""",
            (self._site_id, self._run, CONTROLS),
        ).fetchall()
        if not rows:
            return False
        connection.executemany(
            "UPDATE frontier SET state = 'pending', kind = 'recheck', priority = 49, not_before = 0 WHERE id = ?", rows
        )
        connection.execute(
            "UPDATE crawl_run SET controls = ? WHERE id = ?", (json.dumps([i for (i,) in rows]), self._run)
        )
        return True

    def _says(self) -> str:
        row = self._connection.execute(
            """SELECT reason FROM frontier WHERE site_id = ? AND run = ? AND result IN ('held', 'alike')
            GROUP BY reason ORDER BY count(*) DESC LIMIT 1""",
            (self._site_id, self._run),
        ).fetchone()
        return (row[0] or "") if row else ""

    def undo(self) -> None:
        """Take back what this run brought: replaced posts, new posts, and marks; what it asked is asked again."""
        connection = self._connection
        for page_id in self._copies.replaced_in(self._site_id, self._run):
            self._bring_back(page_id)
        new = connection.execute(
            """SELECT id FROM page WHERE site_id = ? AND id >
            (SELECT coalesce(last_page, 0) FROM crawl_run WHERE id = ?)""",
            (self._site_id, self._run),
        ).fetchall()
        for (page_id,) in new:
            self._delete_new(page_id)
        connection.execute(
            """UPDATE frontier SET page_id = NULL, is_post = 0 WHERE site_id = ?1 AND page_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM page WHERE page.id = page_id)""",
            (self._site_id,),
        )
        self._revive()
        connection.execute(
            """DELETE FROM frontier WHERE site_id = ?1 AND first_run = ?2 AND kind IN ('post', 'recheck')
            AND NOT EXISTS (SELECT 1 FROM page WHERE page.id = page_id)""",
            (self._site_id, self._run),
        )
        connection.execute(
            """UPDATE frontier SET misses = iif(is_post, max(misses, 1), misses),
            etag = iif(result IN ('held', 'unsure', 'unchanged'), etag, NULL),
            last_modified = iif(result IN ('held', 'unsure', 'unchanged'), last_modified, NULL)
            WHERE site_id = ? AND run = ?""",
            (self._site_id, self._run),
        )


def headline(page: Page) -> str:
    """Return what a page calls itself, for a person: its title, else its first headline, else its address."""
    from scraper import markup

    tree = markup.parse(page.body, page.header("content-type") or "")
    texts = (" ".join(element.text_content().split()) for element in tree.iter("title", "h1", "h2"))
    return next((text[:80] for text in texts if text), page.final_url)


def _of_wording(looks: bytes) -> tuple[bytes, bytes]:
    """Return the first and the last of the digests of pages that differ in numbers only."""
    wording = looks[: successor.WORDING]
    return wording, wording + b"\xff" * successor.WORDING


def _are_many(number: int, posts: int) -> bool:
    return number > MANY and number > MANY_SHARE * posts
