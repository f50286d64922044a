"""Keep one crawl: what was asked for, what may be fetched next, and what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import fnmatch
import logging
import time
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from scraper import urls
from scraper.crawling import discover
from scraper.crawling.causes import Causes, advice, meaning
from scraper.crawling.frontier import REHEARSED
from scraper.crawling.politeness import (
    AGENT,
    FIRST_PATIENCE,
    MAX_WAIT_S,
    PATIENCE,
    Guard,
    HostLostError,
    Hosts,
    KeptOutError,
    Rules,
    origin,
)
from scraper.errors import (
    BadDayError,
    BlockedError,
    BlogdexError,
    NotABlogError,
    NothingThereError,
    OneTextError,
    RobotsForbidsError,
    UnreachableError,
)
from scraper.model import Failure, Page, Progress, Task

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from scraper.crawling.frontier import Disorder, Frontier, Likeness, Tally
    from scraper.judgement.obstacles import Obstacle

logger = logging.getLogger(__name__)

AT_ONCE = 4
TIMEOUT_S = 30.0
PROGRESS_EVERY_S = 0.1
WAIT_TOLD_S = 5.0
"""Pauses that are shorter are not worth a line."""
ERRORS_IN_A_ROW = 10
"""Requests in a row that brought an error or nothing, over different pages, that end a crawl."""

_POSTS = ("post", "recheck")
_WEAK_SOURCES = ("link", "listing", "archive", "hreflang")


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """How to crawl. `include` and `exclude` are shell patterns for a whole URL, or parts of one.

    `accept_gone`: posts that the site has no more are gone, however many they are. `delay_s` 0 means as fast as the
    host answers, a few at a time. With `dry_run` only the places that name posts are asked, and the frontier should be
    one that is thrown away. `browser` is the program that renders the pages, if any. With `public_only` the typed host,
    too, has to be at a public address.
    """

    delay_s: float = 0.5
    limit: int | None = None
    since: date | None = None
    refresh: bool = False
    accept_gone: bool = False
    dry_run: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    contact: str | None = None
    log_path: Path | None = None
    version: str = "0"
    timeout_s: float = TIMEOUT_S
    browser: Path | None = None
    public_only: bool = False

    @property
    def user_agent(self) -> str:
        """Return an honest User-Agent."""
        return f"{AGENT}/{self.version} (blog archive{'; ' + self.contact if self.contact else ''})"


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """What a crawl came to. What was fetched is saved whatever `stopped_by` says.

    `tally` has the counts. `notice` is what a person should know about the pace. `first` and `last` are days of
    publication. `hint` is what would bring more.
    """

    tally: Tally
    start_url: str = ""
    requests: int = 0
    refusals: int = 0
    resumed: bool = False
    interrupted: bool = False
    notice: str | None = None
    stopped_by: BlogdexError | None = None
    first: date | None = None
    last: date | None = None
    hint: str = ""


class Job:
    """One crawl: what was asked for, what may be fetched, and what came of it."""

    def __init__(
        self,
        start_url: str,
        options: CrawlOptions,
        frontier: Frontier,
        on_progress: Callable[[Progress], None],
        on_found: Callable[[CrawlReport], None] | None = None,
        on_notice: Callable[[str], None] | None = None,
    ) -> None:
        self.start_url = start_url
        self.options = options
        self.frontier = frontier
        self.site = urls.site_of(start_url)
        self.host = urls.host_of(self.site)
        self.elsewhere: str | None = None
        self.guard = Guard(start_url, options.public_only)
        self.hosts = Hosts(options.delay_s, AT_ONCE)
        self.wake: Callable[[], None] = lambda: None
        self.abort: Callable[[], object] = lambda: None
        self.at_end: Callable[[], Awaitable[None]] = _nothing
        self.crashed: Exception | None = None
        self.under_way: dict[str, Task] = {}
        self._why: Callable[[int], BlogdexError] | None = None
        self.interrupted = False
        self.requests = 0
        self.refusals = 0
        self._stopping = False
        self._disorder: Disorder | None = None
        self._resumed = False
        self._on_progress = on_progress
        self._on_found = on_found
        self._drawn_at = 0.0
        self._places = 0
        self._done = 0
        self._failed = 0
        self._saved = 0
        self.causes = Causes(start_url, self.host, named=bool(options.contact), in_browser=bool(options.browser))
        self._obstructed_in_a_row = 0
        self._broken_in_a_row = 0
        self._silent_in_a_row = 0
        self._answered = False
        self._has_posts_inside = False
        self._dates: list[date] = []
        self._traps: dict[str, str] = {}
        self._notice: str | None = None
        self._on_notice = on_notice
        self._is_reading_places = True
        self._waits = ""
        self._waiting_until = 0.0
        self._ticking: asyncio.TimerHandle | None = None
        self._told_wait_s = 0.0

    def begin(self) -> None:
        """Start or go on with the frontier's run."""
        self._resumed = self.frontier.begin(
            discover.seeds(self.start_url), refresh=self.options.refresh, accept_gone=self.options.accept_gone
        )
        robots_url = origin(self.start_url) + "/robots.txt"
        if known := self.frontier.robots(robots_url):
            self.set_rules(robots_url, Rules(*known))

    def close(self) -> None:
        """End the frontier's run where nothing is left to do, and take it back where the site is in disorder."""
        if not self._stopping and not self.reached_limit:
            self._watch(ended=True)
        if self._disorder is not None:
            self.frontier.undo()
        elif not (self._stopping or self.reached_limit or self.options.dry_run):
            self.frontier.end()

    @property
    def reached_limit(self) -> bool:
        """Tell whether as many posts were saved as were asked for."""
        return self.options.limit is not None and self._saved >= self.options.limit

    def _watch(self, *, ended: bool = False) -> None:
        """Stop where most of the known posts show something else."""
        found = self.frontier.disorder(ended=ended)
        if found is None or self._stopping:
            return
        self._disorder = found
        facts = (found.turned, found.looked_at, found.says)
        self.stop(lambda posts: BadDayError(self.host, self.site, *facts))

    def stop(self, why: Callable[[int], BlogdexError] | None = None) -> None:
        """Ask for no more; what is under way may still arrive. `why` makes an error of the number of posts saved."""
        self._stopping = True
        self._why = self._why or why
        self.hosts.drop_waiting()

    def crash(self, error: Exception) -> None:
        """End at once: the frontier, or what stands around it, can't go on. What is saved stays."""
        if self.crashed is None:
            logger.error("The crawl broke off", exc_info=error)
            self.crashed = error
            self.stop()
            self.abort()

    @property
    def is_stopping(self) -> bool:
        """Tell whether no more is to be asked for."""
        return self._stopping or self.reached_limit

    # ---- tasks

    def next_task(self) -> Task | None:
        """Return the next task that is wanted and may be asked for now."""
        if self.is_stopping or len(self.under_way) >= self.hosts.pace(self.start_url).concurrency:
            return None
        while (task := self.frontier.take()) is not None:
            if task.kind in _POSTS:
                self._sift()
            if task.kind == "post" and self._would_exceed_limit():
                self.frontier.release(task, 0.0)
                return None
            why = self._unwanted(task)
            if why is None:
                self.under_way[task.url] = task
                return task
            self.frontier.skip(task, why)
        return None

    def _would_exceed_limit(self) -> bool:
        posts = sum(task.kind == "post" for task in self.under_way.values())
        return self.options.limit is not None and self._saved + posts >= self.options.limit

    def _sift(self) -> None:
        """Leave out what is not wanted and tell what was found, once the places are read and posts are next."""
        if not self._is_reading_places or self.frontier.reads_places():
            return
        self._is_reading_places = False
        self.frontier.drop_unwanted(self._unwanted)
        if self._on_found is not None:
            self._on_found(self.report(ended=False))

    def _unwanted(self, task: Task) -> str | None:
        if task.kind not in _POSTS:
            return None
        if not self._is_asked_for(task.url):
            return "not among the addresses asked for"
        latest = _latest(task)
        if self.options.since and latest and latest < self.options.since:
            return f"older than {self.options.since}"
        return REHEARSED if self.options.dry_run else None

    def has_work(self) -> bool:
        """Tell whether the crawl has to go on."""
        if self.crashed:
            return False
        if self.under_way:
            return True
        return not self.is_stopping and self.frontier.pending() > 0

    def finish(
        self,
        task: Task,
        outcome: Page | Failure,
        found: Sequence[Task] = (),
        if_news: Sequence[Task] = (),
        *,
        is_post: bool = False,
        likeness: Likeness | None = None,
    ) -> None:
        """End a task in the frontier."""
        self._has_posts_inside |= any(named.kind == "post" and urls.in_site(named.url, self.site) for named in found)
        self.frontier.finish(
            task,
            outcome,
            [named for named in found if not self._is_trap(named)],
            if_news,
            is_post=is_post,
            likeness=likeness,
        )
        self.settled(task)
        if task.kind in _POSTS:
            self._watch()
        if task.kind in _POSTS or is_post:
            self._done += 1
            self._failed += isinstance(outcome, Failure)
            self._saved += is_post and isinstance(outcome, Page) and outcome.status != 304
        else:
            self._places += 1
        self.draw()

    def is_alias(self, task: Task, url: str) -> bool:
        """Tell whether a task only redirects to `url`, which is known; if so, the frontier has ended it."""
        try:
            is_known = self.frontier.alias(task, url)
            if is_known:
                self._watch()
            return is_known
        except Exception as error:
            self.crash(error)
            return True

    def settled(self, task: Task) -> None:
        """Forget that a task is under way."""
        self.under_way.pop(task.url, None)

    def is_wanted(self, task: Task) -> bool:
        """Tell whether the options of this crawl allow a post."""
        return self._unwanted(replace(task, kind="post")) is None

    def _is_trap(self, task: Task) -> bool:
        """Tell whether an address is one of endlessly many; what a sitemap, feed or API names is not."""
        why = urls.trap_sign(task.url) if task.source in _WEAK_SOURCES else None
        if why is None:
            return False
        self._traps[urls.shape(task.url)] = why
        return True

    def _is_asked_for(self, url: str) -> bool:
        """Tell whether the patterns that were typed let an address through."""
        if any(_like(url, pattern) for pattern in self.options.exclude):
            return False
        return not self.options.include or self.is_included(url)

    def is_included(self, url: str) -> bool:
        """Tell whether a person named this URL as a post."""
        return any(_like(url, pattern) for pattern in self.options.include)

    def draw(self, *, now: bool = False) -> None:
        """Report progress, a few times a second at most."""
        if not now and time.monotonic() - self._drawn_at < PROGRESS_EVERY_S:
            return
        self._drawn_at = time.monotonic()
        if self._is_reading_places:
            self._on_progress(Progress(self._places, 0, "sitemaps, feeds and listings" + self._waits))
            return
        left = self.frontier.pending_posts()
        if self.options.limit is not None:
            left = min(left, max(0, self.options.limit - self._saved))
        self._on_progress(Progress(self._done, self._done + left, "posts" + self._waits, self._failed))

    def set_rules(self, url: str, rules: Rules) -> None:
        """Take on what the robots.txt at `url` says. Stop where it forbids the start."""
        self.hosts.rules[origin(url)] = rules
        if origin(url) != origin(self.start_url):
            return
        if not rules.allows(self.start_url):
            path = "/" + self.start_url.split("/", 3)[3]
            agent = AGENT if rules.allows(self.start_url, "*") else None
            self.stop(lambda posts: RobotsForbidsError(self.host, path, agent))
        pace = self.hosts.pace(url)
        if rules.crawl_delay_s > pace.delay_s:
            pace.delay_s = rules.crawl_delay_s
            self._notice = f"Waiting {rules.crawl_delay_s:g} s between requests, as robots.txt asks."

    def hold(self, task: Task, asked_at: float, status: int, retry_after: float | None) -> None:
        """Leave a host alone that refused, and keep the task for later; stop where it goes on refusing."""
        self.refusals += 1
        pace = self.hosts.pace(task.url)
        wait = pace.refused(asked_at, retry_after)
        self.release(task, 0.0)
        if pace.refusals > (PATIENCE if self._answered else FIRST_PATIENCE) or wait > MAX_WAIT_S:
            self.stop(lambda posts: BlockedError(self.host, status, meaning(status), posts))
        self.hosts.apply(task.url)
        if not self.is_stopping:
            self._tell_wait(status, wait, retry_after)

    def _tell_wait(self, status: int, wait_s: float, retry_after: float | None) -> None:
        """Say that a host is left alone for a while, and go on saying so until it is over."""
        self._waiting_until = max(self._waiting_until, time.monotonic() + wait_s)
        why = f"as {self.host} asks" if retry_after else f"{self.host} answered {status}"
        self._waits = f" · waiting {wait_s:.0f} s {why}" if wait_s >= 1 else ""
        if self._on_notice is not None and wait_s >= WAIT_TOLD_S and wait_s > self._told_wait_s:
            self._told_wait_s = wait_s
            self._on_notice(f"{self.host} answered {status} ({meaning(status)}). Going on in {wait_s:.0f} s.")
        if self._ticking is None:
            self._tick()

    def _tick(self) -> None:
        """Report progress, although there is none, while a host is left alone."""
        if time.monotonic() >= self._waiting_until or self.is_stopping:
            self._waits, self._ticking = "", None
        else:
            self._ticking = asyncio.get_event_loop().call_later(0.5, self._tick)
        self.draw(now=True)

    def release(self, task: Task, wait_s: float) -> None:
        """Give a task back to the frontier, to be tried again after `wait_s` seconds."""
        self.frontier.release(replace(task, attempts=task.attempts + 1), time.time() + wait_s)
        self.settled(task)
        if wait_s:
            asyncio.get_event_loop().call_later(wait_s + 0.01, self.wake)

    def answered(self, url: str) -> None:
        """Take note of an answer that was no refusal."""
        self._answered = True
        self._silent_in_a_row = self._broken_in_a_row = 0
        self.hosts.pace(url).answered()

    def readable(self, task: Task) -> None:
        """Take note of a page that could be read."""
        self.causes.note_read(task)
        self._obstructed_in_a_row = 0

    def obstructed(self, task: Task, obstacle: Obstacle) -> None:
        """Take note of what stood in the way of a page; stop where nothing else comes any more.

        Who refuses every request refuses the crawler; a few pages may well ask for a log-in or lie on another host.
        """
        self._answered = True
        self._silent_in_a_row = 0
        self.causes.note(task, obstacle)
        self._obstructed_in_a_row += 1
        refuses = obstacle.kind in ("challenge", "status")
        if self._obstructed_in_a_row >= (PATIENCE if refuses else ERRORS_IN_A_ROW) and (refuses or not self.has_posts):
            self.stop(self._explain)

    @property
    def has_posts(self) -> bool:
        """Tell whether the library has a post of the site, or this run has read one."""
        return self._saved > 0 or self.frontier.tally().known > 0

    def _explain(self, posts: int) -> BlogdexError:
        tally = self.frontier.tally()
        if tally.alike:
            return OneTextError(self.host, tally.alike, tally.says)
        return self.causes.error(posts) or NotABlogError(self.start_url, tally.pages, self._done, self.elsewhere)

    def nothing_there(self, status: int) -> None:
        """Take note that the start URL is no page; stop where the site has no post in that folder either."""
        has_folder = urls.folder_of(self.site) != "/"
        if has_folder and not self._has_posts_inside and not self.frontier.tally().known:
            self.stop(lambda posts: NothingThereError(self.start_url, status, self.host))

    def broken(self, status: int) -> None:
        """Take note of a server error; stop where there is nothing else."""
        self._answered = True
        self._broken_in_a_row += 1
        if self._broken_in_a_row >= ERRORS_IN_A_ROW:
            self.stop(lambda posts: BlockedError(self.host, status, meaning(status), posts))

    def silent(self, why: str) -> None:
        """Take note of a connection that failed; stop where none works any more."""
        self._silent_in_a_row += 1
        if self._silent_in_a_row < ERRORS_IN_A_ROW and self._answered:
            return
        if not self._answered:
            self.stop(lambda posts: UnreachableError(self.host, why, advice(self.start_url, why)))
        else:
            self.stop(lambda posts: HostLostError(self.host, why, posts))

    def saw(self, day: date | None) -> None:
        """Remember a post's day."""
        if day is not None:
            self._dates.append(day)

    def report(self, *, ended: bool = True) -> CrawlReport:
        """Return what the crawl came to, so far or in the end."""
        tally = self.frontier.tally()
        if ended and self._ticking is not None:
            self._ticking.cancel()
            self._waits = ""
        self.draw(now=True)
        if ended and self._is_reading_places and tally.candidates:
            self._sift()
        error = self._why(tally.known) if self._why else None
        if ended and not (error or self.interrupted):
            error = self._what_stood_in_the_way(tally)
        return CrawlReport(
            replace(tally, cut=(*tally.cut, *sorted(self._traps.items()))),
            start_url=self.start_url,
            requests=self.requests,
            refusals=self.refusals,
            resumed=self._resumed,
            interrupted=self.interrupted,
            notice=self._notice,
            stopped_by=error,
            first=min(self._dates, default=None),
            last=max(self._dates, default=None),
            hint=self.causes.hint() if ended and not error else "",
        )

    def _what_stood_in_the_way(self, tally: Tally) -> BlogdexError | None:
        """Return why there is no post, or, of a blog that is known, why hardly any page could be read today."""
        kept_out = self.guard.refuses(self.start_url) or self.guard.why_refused(self.start_url)
        if kept_out and not (tally.saved or tally.unchanged):
            return KeptOutError(self.start_url, kept_out)
        if not tally.known:
            return None if tally.candidates or tally.left_out else self._explain(0)
        nothing_read = not (tally.saved or tally.unchanged) and (self.causes.refuse_most or self.causes.hint())
        return self.causes.error(tally.known) if nothing_read else None


async def _nothing() -> None:
    """Do nothing at the end of a crawl."""


def _latest(task: Task) -> date | None:
    """Return the latest day that any place states for a post."""
    days = [task.stated.published, task.stated.modified] if task.stated else []
    with contextlib.suppress(ValueError):
        days.append(date.fromisoformat((task.lastmod or "")[:10]))
    return max((day for day in days if day), default=None)


def _like(url: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(url, pattern if any(c in pattern for c in "*?[") else f"*{pattern}*")
