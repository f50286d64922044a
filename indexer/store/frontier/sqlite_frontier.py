"""Keep the crawl frontier of a site in SQLite: what is to be fetched, what was, and who named it.

One row a URL, for good: it carries the validators of the last answer, so that asking again is cheap. `sighting`
remembers which place named which post with which lastmod; a post that no place names any more is asked for once, and
is gone on 404. A page is saved, its task ended and its links added in one transaction: that is the whole crash story.
"""

from __future__ import annotations

import hashlib
import json
import time
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from indexer.store.frontier import budget, naming, recrawl, series, twins
from indexer.store.frontier.arrivals import HELD, Arrivals
from indexer.store.frontier.rows import (
    FIRST_POSTS,
    PLACES_BEFORE_POSTS,
    PRIORITY,
    TASK_COLUMNS,
    is_guess,
    is_stated,
    pack,
    priority_of,
    task_of,
)
from indexer.store.frontier.tables import Rehearsal
from indexer.store.pages import Pages
from scraper.judgement.successor import Standing, said
from scraper.model import Failure, Task
from scraper.urls import same_page_key

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from indexer.store.connection import Connection
    from indexer.store.frontier.arrivals import StoredPost
    from scraper.crawling.frontier import Disorder, Likeness, Tally
    from scraper.model import Page

RESUME_WITHIN_S = 24 * 3600
"""How long a first run or refresh that broke off is gone on with; RFC 9309 lets a robots.txt be kept that long. Else,
and where it met trouble, a new run starts, asks the places again, and takes the tasks along."""

PLACES_A_POST = 6
"""Places that are read before a post is fetched meanwhile: a small blog names its posts in three to five, and whoever
breaks off a long search for more has some."""

_PLACES = ("sitemap", "feed", "rest", "listing")
_COMPLETE_PLACES = ("sitemap", "rest")
_POSTS = ("post", "recheck")


class SqliteFrontier:
    """The frontier of one site. What is being fetched only this process knows: after a crash it is fetched again."""

    def __init__(self, connection: Connection, site_id: int, site: str) -> None:
        self._connection = connection
        self._pages = Pages(connection)
        self._site_id = site_id
        self._site = site
        self._run = 0
        self._first = True
        self._refresh = False
        self._began = 0.0
        self._taken: dict[str, int] = {}
        self._places_in_a_row = 0
        self._accept_gone = False
        self._has_changes = False
        self._edited: set[str] = set()
        self._arrivals = Arrivals(connection, site_id, 0)

    def begin(self, seeds: Sequence[Task], *, refresh: bool = False, accept_gone: bool = False) -> bool:
        """Start a run, or go on with one that did not end; return whether it goes on."""
        goes_on = self._begin(seeds, refresh=refresh)
        self._accept_gone = accept_gone
        self._arrivals = Arrivals(self._connection, self._site_id, self._run)
        return goes_on

    def _begin(self, seeds: Sequence[Task], *, refresh: bool) -> bool:
        self._began = time.time()
        with self._connection.transaction() as connection:
            last = connection.execute(
                "SELECT id, started_at, ended_at, refresh FROM crawl_run WHERE site_id = ? ORDER BY id DESC LIMIT 1",
                (self._site_id,),
            ).fetchone()
            (complete, has_posts) = connection.execute(
                """SELECT (SELECT count(*) FROM crawl_run WHERE site_id = ?1 AND ended_at IS NOT NULL),
                EXISTS (SELECT 1 FROM frontier WHERE site_id = ?1 AND is_post)""",
                (self._site_id,),
            ).fetchone()
            connection.execute(
                "UPDATE frontier SET state = 'pending' WHERE site_id = ? AND state = 'skipped'", (self._site_id,)
            )
            # A host that still wants to be left alone says so again; a clock that was set back would never come due.
            connection.execute("UPDATE frontier SET not_before = 0 WHERE site_id = ?", (self._site_id,))
            self._first = not (complete and has_posts)
            is_open = last and last[2] is None and time.time() - last[1] < RESUME_WITHIN_S and last[3] >= refresh
            if is_open and (self._first or last[3]) and not recrawl.met_trouble(connection, self._site_id, last[0]):
                self._run, self._refresh = last[0], bool(last[3])
                return True
            self._refresh = refresh or bool(complete and not has_posts)
            self._start(connection, seeds)
            return bool(is_open)

    def _start(self, connection: sqlite3.Connection, seeds: Sequence[Task]) -> None:
        staged = not (self._first or self._refresh)
        self._run = recrawl.start(connection, self._site_id, staged=staged, refresh=self._refresh)
        for seed in seeds:
            self._add(connection, seed, queue=not staged)
        if self._refresh:
            recrawl.queue_everything(connection, self._site_id, has_posts=not self._first)
        elif staged:
            recrawl.queue_first(connection, self._site_id)

    def take(self) -> Task | None:
        """Return the next task that is due, or `None`. Going on to the next stage of a run happens here."""
        while True:
            is_posts_turn = self._places_in_a_row >= PLACES_A_POST and PRIORITY["robots"] not in self._taken.values()
            early = self._due(f"AND kind = 'post' AND priority <= {FIRST_POSTS}") if is_posts_turn else None
            row = early or self._due()
            if row is None:
                if self._taken or self.pending() or not self._advance():
                    return None
                continue
            task, row_id, priority = task_of(row[:-2], conditional=not self._refresh), row[-2], row[-1]
            is_guessed = all(is_guess(kind) for kind in task.evidence) and bool(task.evidence)
            if not early and self._must_wait(priority, is_guessed=is_guessed):
                return None
            if is_guessed and series.is_needless(self._connection.connection, self._site_id, row_id, task):
                with self._connection.transaction() as connection:
                    series.drop(connection, row_id)
                continue
            self._taken[task.url] = priority
            self._places_in_a_row = self._places_in_a_row + 1 if task.kind in _PLACES else 0
            return task

    def _due(self, clause: str = "") -> tuple[Any, ...] | None:
        """Return the first row that is due and not taken, its id and priority last."""
        rows = self._connection.connection.execute(
            f"""SELECT {TASK_COLUMNS}, id, priority FROM frontier
            WHERE site_id = ? AND state = 'pending' AND not_before <= ? {clause} ORDER BY priority, id LIMIT ?""",
            (self._site_id, time.time(), len(self._taken) + 1),
        )
        return next((row for row in rows if row[0] not in self._taken), None)

    def _must_wait(self, priority: int, *, is_guessed: bool) -> bool:
        """Tell whether what is being fetched may make a task needless.

        That is robots.txt for any, a sitemap or feed for a listing, any place for one that is only guessed.
        """
        least = min(self._taken.values(), default=priority)
        if is_guessed and least <= PLACES_BEFORE_POSTS and self._taken:
            return True
        return least == PRIORITY["robots"] < priority or least < PRIORITY["listing"] <= priority

    def reads_places(self) -> bool:
        """Tell whether places are waiting that are read before the posts are fetched."""
        rows = self._connection.connection.execute(
            """SELECT url FROM frontier WHERE site_id = ? AND state = 'pending' AND priority <= ?
            AND kind NOT IN ('post', 'recheck') LIMIT ?""",
            (self._site_id, PLACES_BEFORE_POSTS, len(self._taken) + 1),
        )
        return any(url not in self._taken for (url,) in rows)

    def _advance(self) -> bool:
        """Queue the next stage of the run; return `False` where there is none."""
        with self._connection.transaction() as connection:
            (stage,) = connection.execute("SELECT stage FROM crawl_run WHERE id = ?", (self._run,)).fetchone()
            following = recrawl.advance(connection, self._site_id, self._run, stage, has_changes=self._has_changes)
            edited, self._edited = (self._edited, set()) if following == recrawl.DONE else (set(), self._edited)
            if edited and recrawl.queue_edited(connection, self._site_id, self._run, edited):
                following = stage
            connection.execute("UPDATE crawl_run SET stage = ? WHERE id = ?", (following, self._run))
        return bool(following != recrawl.DONE)

    def finish(
        self,
        task: Task,
        outcome: Page | Failure,
        found: Sequence[Task] = (),
        if_news: Sequence[Task] = (),
        *,
        is_post: bool = False,
        likeness: Likeness | None = None,
    ) -> int:
        """Save the page, end the task, and add what it led to, in one transaction; return how many posts are news."""
        with self._connection.transaction() as connection:
            row_id = self._row_id(connection, task)
            known = self._arrivals.known(row_id) if task.kind in _POSTS else None
            fresh = False
            if isinstance(outcome, Failure):
                self._finish_failed(connection, row_id, known, outcome)
            elif self._is_held(row_id, known, outcome):
                found = if_news = ()
            else:
                row_id = self._land(connection, row_id, task, outcome, known)
                fresh = self._finish_fetched(connection, row_id, task, outcome, is_post, known)
                fresh = not twins.join(connection, self._pages, self._site_id, row_id, task, likeness) and fresh
            news = self._add_found(connection, row_id, task, found, outcome)
            if news.enough:
                self._follow(connection, row_id, if_news)
            yielded = fresh or known is not None or (news.distinct if task.kind == "sitemap" else news.posts) > 0
            if isinstance(outcome, Failure) or outcome.status != 304:
                budget.spend(connection, self._site_id, self._run, row_id, task, yielded=yielded)
        self._taken.pop(task.url, None)
        return news.posts

    def _is_held(self, row_id: int, known: StoredPost | None, page: Page) -> bool:
        """Tell whether a page must not take the place of the stored post; if so, end its task."""
        self._standing = Standing.GOOD
        if known is None or page.status == 304:
            return False
        self._standing = self._arrivals.take_or_hold(row_id, known, page)
        self._has_changes |= self._standing in HELD
        return self._standing in HELD

    def _land(
        self, connection: sqlite3.Connection, row_id: int, task: Task, page: Page, known: StoredPost | None = None
    ) -> int:
        """Return the row of the URL where a task ended; a URL that redirects is an alias of that row.

        A stored post moves there too; where another is stored there, which is kin to it, the old one is gone.
        """
        landed = self._row_id(connection, replace(task, url=page.url))
        if landed == row_id:
            connection.execute("UPDATE frontier SET url = ? WHERE id = ?", (page.url, row_id))
            return row_id
        connection.execute(
            """UPDATE frontier SET state = 'idle', attempts = 0, run = ?, checked_at = ?, result = 'alias',
            alias_of = ?, is_post = 0, status = coalesce(nullif(?, 304), status), etag = ?,
            last_modified = ?, misses = 0, page_id = NULL WHERE id = ?""",
            (
                self._run,
                time.time(),
                landed,
                page.status,
                page.header("etag"),
                page.header("last-modified"),
                row_id,
            ),
        )
        if known is not None:
            self._arrivals.move(landed, known, page)
        return landed

    def _finish_failed(
        self, connection: sqlite3.Connection, row_id: int, known: StoredPost | None, failure: Failure
    ) -> None:
        connection.execute(
            """UPDATE frontier SET state = 'idle', attempts = 0, run = ?, checked_at = ?, result = 'failed', status = ?,
            reason = ?, misses = misses + (? OR EXISTS (SELECT 1 FROM sighting WHERE place_id = ?6)) WHERE id = ?6""",
            (self._run, time.time(), failure.status, failure.reason, known is not None, row_id),
        )
        if failure.status in (404, 410) and known is not None:
            self._has_changes = True
            self._arrivals.miss(row_id, known, accept=self._accept_gone)

    def _finish_fetched(
        self,
        connection: sqlite3.Connection,
        row_id: int,
        task: Task,
        page: Page,
        is_post: bool,
        known: StoredPost | None,
    ) -> bool:
        """Keep what was fetched; return whether it is a post that no other URL has shown."""
        is_post = is_post or known is not None
        before = connection.execute(
            "SELECT digest, is_post, misses, looks FROM frontier WHERE id = ?", (row_id,)
        ).fetchone()
        if page.status == 304:
            connection.execute(
                """UPDATE frontier SET state = 'idle', attempts = 0, run = ?, checked_at = ?, result = 'unchanged',
                misses = 0 WHERE id = ?""",
                (self._run, time.time(), row_id),
            )
            connection.execute(
                """UPDATE page SET gone_at = NULL WHERE gone_at IS NOT NULL
                AND id = (SELECT page_id FROM frontier WHERE id = ?)""",
                (row_id,),
            )
            return bool(before[1])
        digest = hashlib.blake2b(page.body, digest_size=16).digest()
        page_id, twin = None, None
        looks = said(page.body) if task.kind in _POSTS or is_post else None
        if is_post and known is None and self._arrivals.is_no_news(row_id, page, looks or b"", is_first=self._first):
            return False
        if task.kind in _POSTS or is_post:
            twin = (
                not is_stated(task.evidence)
                and connection.execute(
                    """SELECT id FROM frontier WHERE site_id = ? AND digest = ? AND id <> ? AND is_post
                AND result <> 'gone'""",
                    (self._site_id, digest, row_id),
                ).fetchone()
            )
            is_post = is_post and not twin
            page_id = self._pages.save(page) if not twin else None
        connection.execute(
            """UPDATE frontier SET state = 'idle', attempts = 0, run = ?, checked_at = ?, result = ?, status = ?,
            reason = NULL, witness = NULL, etag = ?, last_modified = ?, digest = ?, looks = ?, body = ?, misses = 0,
            page_id = coalesce(?, page_id), is_post = ?, kind = iif(? AND kind = 'listing', 'post', kind)
            WHERE id = ?""",
            (
                self._run,
                time.time(),
                "unchanged" if before[0] == digest else "fetched",
                page.status,
                page.header("etag"),
                page.header("last-modified"),
                digest,
                looks,
                zlib.compress(page.body) if task.kind == "robots" else None,
                page_id,
                is_post,
                is_post,
                row_id,
            ),
        )
        if is_post and looks is not None and known is None:
            self._arrivals.ask_again_if_alike(looks)
        if known is not None:
            self._has_changes |= before[3] not in (None, looks)
            is_doubtful = self._standing is Standing.DOUBTFUL
            self._arrivals.settle_doubt(row_id, known, is_doubtful=is_doubtful, was=before[2])
        return is_post

    def _add_found(
        self, connection: sqlite3.Connection, place_id: int, task: Task, found: Sequence[Task], outcome: Page | Failure
    ) -> recrawl.News:
        """Add what a page named, remember who named it, and judge whether the next page is worth a request."""
        news = recrawl.News()
        is_place = task.kind in _PLACES and not isinstance(outcome, Failure)
        before = recrawl.sightings(connection, place_id) if is_place else {}
        unnamed = recrawl.unnamed(connection, place_id) if is_place else set()
        if is_place and task.kind == "sitemap" and cast("Page", outcome).status == 304:
            found = recrawl.children(connection, place_id)
        root = series.root_of(connection, place_id) if is_place else None
        earlier = series.shown_before(connection, root, place_id, self._run) if root is not None else frozenset()
        if is_place and cast("Page", outcome).status != 304:
            if recrawl.names_too_little(set(before) - unnamed, found, is_complete=task.kind in _COMPLETE_PLACES):
                recrawl.doubt(connection, place_id)
            if task.kind in _COMPLETE_PLACES:
                connection.execute("UPDATE sighting SET named = 0 WHERE place_id = ?", (place_id,))
                recrawl.drop_unnamed(connection, self._site_id, before, found)
        volatile = recrawl.is_volatile(before, found)
        self._edited.update(recrawl.may_be_one_edit(before, found) if volatile else ())
        for named in found:
            is_back = named.url in unnamed
            row_id = self._see(
                connection, place_id if is_place else None, named, before, volatile, news, earlier, is_back=is_back
            )
            if task.kind == "sitemap" == named.kind:
                series.join(connection, row_id, root or place_id)
        if task.kind in _COMPLETE_PLACES:
            news.covered = 0
        return news

    def _follow(self, connection: sqlite3.Connection, place_id: int, tasks: Sequence[Task]) -> None:
        """Ask for the following pages of a place, unless it has had enough of them."""
        root = series.root_of(connection, place_id) or place_id
        for task in tasks:
            if why := series.why_ended(connection, root):
                budget.cut(connection, self._site_id, self._run, budget.key_of(task), why)
                return
            row_id = self._add(connection, task)
            (evidence,) = connection.execute("SELECT evidence FROM frontier WHERE id = ?", (row_id,)).fetchone()
            naming.merge(connection, row_id, task, evidence)
            series.join(connection, row_id, root, run=self._run)

    def _see(
        self,
        connection: sqlite3.Connection,
        place_id: int | None,
        task: Task,
        before: dict[str, str | None],
        volatile: bool,
        news: recrawl.News,
        earlier: frozenset[int],
        *,
        is_back: bool,
    ) -> int:
        row = connection.execute(
            """SELECT id, state, first_run, run, checked_at, is_post, evidence, result, kind, page_id FROM frontier
            WHERE site_id = ? AND same = ?""",
            (self._site_id, same_page_key(task.url)),
        ).fetchone()
        is_new = row is None
        changed = False
        if row is None:
            row_id = self._add(connection, task)
        else:
            row_id = row[0]
            naming.prefer(connection, row_id, task)
            naming.merge(connection, row_id, task, row[6])
            seen = recrawl.Seen(
                kind=row[8],
                is_post=bool(row[5]),
                result=row[7],
                checked_at=row[4],
                in_this_run=row[3] == self._run,
                names_something=row[8] == "sitemap" and bool(recrawl.sightings(connection, row_id)),
            )
            is_news = recrawl.has_changed(task, seen, before, volatile) or (is_back and seen.names_something)
            changed = row[1] != "pending" and is_news
            if changed or (seen.in_this_run and recrawl.deserves_another_look(task, seen, row[6])):
                naming.queue(connection, row_id, task)
            elif seen.in_this_run and row[9] is not None and (task.stated or task.reference_body):
                self._pages.learn(row[9], (task.source,), task.reference_body, task.stated)
        if place_id is not None:
            if task.source.startswith(_COMPLETE_PLACES):
                connection.execute("UPDATE frontier SET vanished = 0 WHERE id = ? AND vanished", (row_id,))
            connection.execute(
                "INSERT OR REPLACE INTO sighting (place_id, url_id, lastmod, named) VALUES (?, ?, ?, 1)",
                (place_id, row_id, None if volatile else recrawl.mark_of(task)),
            )
        news.distinct += row_id not in earlier
        if task.kind == "post":
            recent = (is_new or changed or (row is not None and row[2] == self._run)) and row_id not in earlier
            known_by = json.loads(row[6]) if row is not None else []
            news.count(
                recent,
                known=not recent and bool(row[5]),
                covered=any(kind.startswith(_COMPLETE_PLACES) for kind in known_by),
            )
        return row_id

    def _add(self, connection: sqlite3.Connection, task: Task, *, queue: bool = True) -> int:
        """Add a URL that may be known; return its row."""
        is_cut = budget.is_cut(connection, self._site_id, task)
        state = "cut" if is_cut else "pending" if queue else "idle"
        made = connection.execute(
            """INSERT INTO frontier (site_id, url, same, kind, state, priority, first_run, evidence, shape, depth,
            lastmod, stated, witness) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING RETURNING id""",
            (
                self._site_id,
                task.url,
                same_page_key(task.url),
                task.kind,
                state,
                priority_of(task),
                self._run,
                json.dumps([task.source] if task.source else []),
                budget.key_of(task),
                task.depth,
                task.lastmod,
                json.dumps(task.stated.as_json()) if task.stated else None,
                pack(task.reference_body),
            ),
        ).fetchone()
        return int(made[0]) if made else self._row_id(connection, task)

    def _row_id(self, connection: sqlite3.Connection, task: Task) -> int:
        row = connection.execute(
            "SELECT id FROM frontier WHERE site_id = ? AND same = ?", (self._site_id, same_page_key(task.url))
        ).fetchone()
        return int(row[0]) if row else self._add(connection, task)

    def release(self, task: Task, not_before: float) -> None:
        """Give a task back, to be taken again from `not_before` on."""
        with self._connection.transaction() as connection:
            connection.execute(
                "UPDATE frontier SET attempts = ?, not_before = ? WHERE site_id = ? AND url = ?",
                (task.attempts, not_before, self._site_id, task.url),
            )
        self._taken.pop(task.url, None)

    def skip(self, task: Task, reason: str) -> None:
        """Leave a task out of this run; a later run may take it."""
        with self._connection.transaction() as connection:
            connection.execute(
                "UPDATE frontier SET state = 'skipped', reason = ? WHERE site_id = ? AND url = ?",
                (reason, self._site_id, task.url),
            )
        self._taken.pop(task.url, None)

    def drop_unwanted(self, unwanted: Callable[[Task], str | None]) -> None:
        """Skip every waiting post against which `unwanted` gives a reason."""
        with self._connection.transaction() as connection:
            rows = connection.execute(
                f"""SELECT {TASK_COLUMNS}, id FROM frontier
                WHERE site_id = ? AND state = 'pending' AND kind IN ('post', 'recheck')""",
                (self._site_id,),
            ).fetchall()
            tasks = ((task_of(row[:-1], conditional=False), row[-1]) for row in rows)
            reasons = [(why, row_id) for task, row_id in tasks if (why := unwanted(task))]
            connection.executemany("UPDATE frontier SET state = 'skipped', reason = ? WHERE id = ?", reasons)

    def alias(self, task: Task, url: str) -> bool:
        """Tell whether `url`, to which a task's URL redirects, was settled in this run; if so, end the task."""
        if url == task.url or url in self._taken:
            return False
        with self._connection.transaction() as connection:
            row = connection.execute(
                "SELECT id, state, run, evidence, url FROM frontier WHERE site_id = ? AND same = ?",
                (self._site_id, same_page_key(url)),
            ).fetchone()
            if row is None or row[4] == task.url or (row[2] != self._run and row[1] != "pending"):
                return False
            own_id = self._row_id(connection, task)
            known = self._arrivals.known(own_id)
            if known is not None:
                is_held = row[1] != "pending" and self._arrivals.leads_nowhere(own_id, known, row[0], url)
                self._has_changes |= is_held
                if is_held:
                    self._taken.pop(task.url, None)
                return is_held
            naming.merge(connection, row[0], task, row[3])
            connection.execute(
                """UPDATE frontier SET state = 'idle', run = ?, checked_at = ?, result = 'alias', alias_of = ?,
                is_post = 0 WHERE site_id = ? AND url = ?""",
                (self._run, time.time(), row[0], self._site_id, task.url),
            )
        self._taken.pop(task.url, None)
        return True

    def knows(self, urls: Sequence[str]) -> bool:
        """Tell whether an earlier run saved a post at every one of these URLs."""
        known = "SELECT 1 FROM frontier WHERE site_id = ? AND same = ? AND page_id IS NOT NULL AND first_run < ?"
        keys = {same_page_key(url) for url in urls}
        rows = (self._connection.connection.execute(known, (self._site_id, key, self._run)).fetchone() for key in keys)
        return all(rows)

    def pending(self) -> int:
        """Return how many tasks are waiting or being fetched."""
        return self._waiting("1")

    def pending_posts(self) -> int:
        """Return how many of these are posts."""
        return self._waiting("kind IN ('post', 'recheck')")

    def _waiting(self, clause: str) -> int:
        waiting = f"SELECT count(*) FROM frontier WHERE site_id = ? AND state = 'pending' AND {clause}"
        return int(self._connection.connection.execute(waiting, (self._site_id,)).fetchone()[0])

    def robots(self, url: str) -> tuple[int, bytes] | None:
        """Return status and body of a robots.txt that was read in this run, or `None`."""
        row = self._connection.connection.execute(
            "SELECT status, body, run, result FROM frontier WHERE site_id = ? AND url = ? AND kind = 'robots'",
            (self._site_id, url),
        ).fetchone()
        if row is None or row[2] != self._run or row[0] is None:
            return None
        return int(row[0]), zlib.decompress(row[1]) if row[1] else b""

    def tally(self) -> Tally:
        """Return what the run has come to so far."""
        return recrawl.tally(self._connection.connection, self._site_id, self._run, self._began)

    def rehearsal(self) -> SqliteFrontier:
        """Return a copy in memory, for a dry run: what it learns is forgotten."""
        return SqliteFrontier(Rehearsal(self._connection.connection, self._site_id), self._site_id, self._site)

    def disorder(self, *, ended: bool = False) -> Disorder | None:
        """Return what is wrong with the whole site, where that is so; other posts may be queued to find it out."""
        with self._connection.transaction():
            return self._arrivals.disorder(ended=ended)

    def undo(self) -> None:
        """Take back all that the run brought into the library, and end it."""
        with self._connection.transaction():
            self._arrivals.undo()
            self.end()

    def end(self) -> None:
        """End the run: the next one starts anew."""
        with self._connection.transaction() as connection:
            connection.execute("UPDATE crawl_run SET ended_at = ? WHERE id = ?", (time.time(), self._run))
