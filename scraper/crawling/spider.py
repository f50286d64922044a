"""Crawl a blog with Scrapy: ask its host politely, hand every page over as it came, and survive whatever it answers."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import signal
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.exceptions import IgnoreRequest
from scrapy.settings import Settings
from scrapy.utils.reactor import install_reactor, is_reactor_installed
from twisted.logger import LogPublisher, globalLogBeginner

from scraper import urls
from scraper.crawling import discover, unanswered
from scraper.crawling.causes import CLOSED, meaning
from scraper.crawling.download import MIB, is_too_much, max_bytes, unpacked
from scraper.crawling.frontier import Likeness
from scraper.crawling.job import AT_ONCE, CrawlOptions, CrawlReport, Job
from scraper.crawling.politeness import GuardedResolver, RobotsUnreadableError, Rules, retry_after_s
from scraper.embedded.reveal import page_tree
from scraper.errors import ChallengeError
from scraper.judgement import obstacles, posts
from scraper.judgement.obstacles import Obstacle
from scraper.model import Failure, Page, Task

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from lxml.html import HtmlElement
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.asyncioreactor import AsyncioSelectorReactor
    from twisted.internet.interfaces import IHostnameResolver
    from twisted.logger import ILogObserver
    from twisted.python.failure import Failure as TwistedFailure

    from scraper.crawling.frontier import Frontier
    from scraper.model import Progress

logger = logging.getLogger(__name__)

MAX_HOPS = 8
"""Redirects that are followed in a row; chosen: more than any site in use needs (RFC 9110 names no number), far from a
loop."""
MAX_ATTEMPTS = 3
"""Attempts at a page in one run; chosen: a short failure is over by then, and a dead page costs little."""
RETRY_S = 1.0
"""The first pause before a further attempt, doubled each time; chosen, as a person would try again."""
STOP_WITHIN_S = 3.0
"""How long an interrupted crawl may go on with answers under way; chosen: as long as a person waits after Ctrl-C."""

_REFUSALS = (429, 503)
"""Statuses that ask to come later (RFC 6585, RFC 9110)."""
_ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_LOGGERS = ("scrapy", "twisted", "asyncio", "scraper")


def crawl(
    start_url: str,
    options: CrawlOptions,
    frontier: Frontier,
    on_progress: Callable[[Progress], None],
    on_found: Callable[[CrawlReport], None] | None = None,
    on_notice: Callable[[str], None] | None = None,
) -> CrawlReport:
    """Crawl the blog at `start_url` into the frontier, and report; a site that stops the crawl is part of the report.

    `on_found` is called once with what was found, before the first post is fetched; `on_notice` with a sentence for a
    person who would wonder why nothing goes on. The first Ctrl-C ends cleanly (`interrupted`), the second raises
    `KeyboardInterrupt` at once. What the frontier or a callback raises ends the crawl and comes out. Runs in the main
    thread.
    """
    chosen = frontier.rehearsal() if options.dry_run else frontier
    job = Job(urls.canonical(start_url), options, chosen, on_progress, on_found, on_notice)
    job.guard.trust_proxies(getproxies().values())
    with _logging_to(options.log_path):
        reactor = _running_reactor()
        resolver = reactor.installNameResolver(cast("IHostnameResolver", GuardedResolver(reactor, job.guard)))
        try:
            _run(job)
        finally:
            reactor.installNameResolver(resolver)
    if job.crashed is not None:
        raise job.crashed
    return job.report()


def _running_reactor() -> AsyncioSelectorReactor:
    """Return Twisted's reactor on asyncio's loop, started; several crawls may run in it, one after the other.

    Until somebody begins Twisted's log, it prints what is critical, such as a bad certificate, to the screen.
    """
    if not is_reactor_installed():
        install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor as installed

    reactor = cast("AsyncioSelectorReactor", installed)
    if not reactor.running:
        globalLogBeginner.beginLoggingTo(
            [cast("ILogObserver", LogPublisher())], discardBuffer=True, redirectStandardIO=False
        )
        reactor.startRunning(installSignalHandlers=False)
    return reactor


def _run(job: Job) -> None:
    loop = _running_reactor()._asyncioEventloop
    runner = AsyncCrawlerRunner(_settings(job.options))
    crawler = runner.create_crawler(BlogSpider)
    ended = loop.create_task(_until_ended(job, crawler))
    job.abort = ended.cancel

    handlers = {number: signal.getsignal(number) for number in _ENDING}

    def let_go() -> None:
        for number, handler in handlers.items():
            if loop.remove_signal_handler(number):
                signal.signal(number, handler)

    def interrupt() -> None:
        job.interrupted = True
        let_go()
        job.stop()
        loop.call_later(STOP_WITHIN_S, ended.cancel)

    with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):
        for number in _ENDING:
            loop.add_signal_handler(number, interrupt)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(ended)
    finally:
        with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):
            let_go()


async def _until_ended(job: Job, crawler: Crawler) -> None:
    job.begin()
    try:
        await crawler.crawl_async(job=job)
    finally:
        await job.at_end()
    job.close()


def _settings(options: CrawlOptions) -> Settings:
    return Settings(
        {
            "USER_AGENT": options.user_agent,
            "SCHEDULER": "scraper.crawling.scheduler.FrontierScheduler",
            "CONCURRENT_REQUESTS": 2 * AT_ONCE,
            "CONCURRENT_REQUESTS_PER_DOMAIN": AT_ONCE,
            "DOWNLOAD_DELAY": options.delay_s,
            "DOWNLOAD_DELAY_JITTER": 0,
            "DOWNLOAD_TIMEOUT": options.timeout_s,
            "DOWNLOAD_MAXSIZE": 16 * MIB,
            "DOWNLOAD_WARNSIZE": 0,
            "DOWNLOAD_VERIFY_CERTIFICATES": True,
            "DOWNLOAD_HANDLERS": {
                "http": "scraper.crawling.download.LimitedHandler",
                "https": "scraper.crawling.download.LimitedHandler",
                **dict.fromkeys(("data", "file", "ftp", "s3")),
            },
            "DOWNLOADER_MIDDLEWARES": {
                "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
                "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
                "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
                "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
                "scraper.crawling.allowed.AllowedMiddleware": 100,
                "scraper.crawling.rendering.RenderMiddleware": 90 if options.browser else None,
            },
            "ROBOTSTXT_OBEY": True,
            "REDIRECT_MAX_TIMES": MAX_HOPS,
            "REFERRER_POLICY": "no-referrer",
            "METAREFRESH_ENABLED": False,
            "COOKIES_ENABLED": False,
            "HTTPCACHE_ENABLED": False,
            "HTTPERROR_ALLOW_ALL": True,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "LOG_LEVEL": "INFO",
            "LOGSTATS_INTERVAL": 0,
        }
    )


@contextlib.contextmanager
def _logging_to(path: Path | None) -> Iterator[None]:
    """Send what Scrapy, Twisted and the crawler log to a file, and nothing to the screen."""
    from twisted.python.log import PythonLoggingObserver

    handler: logging.Handler = logging.FileHandler(path, encoding="utf-8") if path else logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    observer = PythonLoggingObserver("twisted")  # type: ignore[no-untyped-call]
    observer.start()
    before = []
    for name in _LOGGERS:
        target = logging.getLogger(name)
        before.append((target, target.level, target.propagate))
        target.addHandler(handler)
        target.setLevel(logging.WARNING if name != "scraper" else logging.INFO)
        target.propagate = False
    try:
        yield
    finally:
        for target, level, propagate in before:
            target.removeHandler(handler)
            target.setLevel(level)
            target.propagate = propagate
        observer.stop()
        handler.close()


class BlogSpider(Spider):
    """Scrapy's spider over a job: makes requests of the frontier's tasks and hands over what comes back."""

    name = "blogdex"

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.job = job

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: object, **kwargs: object) -> BlogSpider:
        """Make one for a crawler, and listen to what its downloader does."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        assert isinstance(spider, BlogSpider)
        spider.job.wake = spider._wake
        crawler.signals.connect(spider._opened, signal=signals.spider_opened)
        crawler.signals.connect(spider._leaving, signal=signals.request_reached_downloader)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Start with nothing: every request comes from the frontier."""
        return
        yield

    def _opened(self, spider: Spider) -> None:
        self.job.hosts.downloader = self.crawler.engine.downloader

    def _wake(self) -> None:
        """Make the engine look for a task that has become due; its own heartbeat would, some seconds later."""
        slot = getattr(self.crawler.engine, "_slot", None)
        if slot is not None:
            slot.nextcall.schedule()

    def _leaving(self, request: Request, spider: Spider) -> None:
        self.job.requests += 1
        self.job.hosts.apply(request.url)

    def has_work(self) -> bool:
        """Tell the scheduler whether the crawl has to go on."""
        try:
            return self.job.has_work()
        except Exception as error:
            self.job.crash(error)
            return False

    def next_request(self) -> Request | None:
        """Return the next request that is due, if any."""
        try:
            task = self.job.next_task()
        except Exception as error:
            self.job.crash(error)
            return None
        if task is None:
            return None
        headers = {}
        if task.validators:
            if task.validators.etag:
                headers["If-None-Match"] = task.validators.etag
            if task.validators.last_modified:
                headers["If-Modified-Since"] = task.validators.last_modified
        return Request(
            task.url,
            callback=self.arrived,
            errback=self.failed,
            headers=headers,
            meta={"task": task, "download_maxsize": max_bytes(task.kind)} | self.job.guard.proxy_meta,
            dont_filter=True,
        )

    def arrived(self, response: Response) -> None:
        """Take an answer, whatever it is."""
        try:
            self._arrived(response)
        except Exception as error:
            self.job.crash(error)

    def _arrived(self, response: Response) -> None:
        job = self.job
        task: Task = response.meta["task"]
        status = response.status
        if shown := _challenge(response):
            return self._challenged(task, shown, status)
        if status in _REFUSALS and (status == 429 or task.attempts + 1 < MAX_ATTEMPTS):
            wait = retry_after_s(_header(response, "retry-after"), time.time())
            return job.hold(task, response.meta["asked_at"], status, wait)
        if task.kind == "robots":
            return self._robots_arrived(task, response)
        if status >= 500:
            return self._retry(task, f"answered {status} ({meaning(status)})", status)
        page = _page(job, task, response)
        job.answered(task.url)
        if status in CLOSED:
            job.obstructed(task, Obstacle("status", str(status)))
        elif status >= 400 and task.kind in ("post", "recheck"):
            job.causes.note(task, Obstacle("status", str(status)))
        if status == 304 or 200 <= status < 300:
            return self._page_arrived(task, page)
        if status in (404, 410) and task.source == "start":
            job.nothing_there(status)
        found = discover.missed(task, job.site, status)
        return job.finish(task, Failure(task.url, _failure_reason(status), status), found.tasks)

    def _challenged(self, task: Task, shown: Obstacle, status: int) -> None:
        """End a task that was answered with a challenge; of robots.txt, it means what its status means (RFC 9309)."""
        job = self.job
        if task.kind == "robots":
            job.set_rules(task.url, Rules(404, b""))
            if status >= 500:
                job.stop(lambda posts: ChallengeError(job.host, shown.detail, posts))
        job.answered(task.url)
        self._obstructed(task, shown)

    def _obstructed(self, task: Task, seen: Obstacle, status: int | None = None) -> None:
        """End a task whose page can't be read; what the library has of it stays."""
        self.job.obstructed(task, seen)
        self.job.finish(task, Failure(task.url, seen.reason, status), discover.missed(task, self.job.site).tasks)

    def _robots_arrived(self, task: Task, response: Response) -> None:
        job = self.job
        if response.status >= 500:
            return self._retry(task, str(response.status), response.status)
        job.answered(task.url)
        page = _page(job, task, response)
        if response.status == 304:
            job.finish(task, page)
            known = job.frontier.robots(task.url)
            rules = Rules(*known) if known else Rules(404, b"")
            if known:
                found = _read(task, replace(page, status=known[0], body=known[1]), job.site)
        else:
            rules = Rules(response.status, response.body)
            found = _read(task, page, job.site)
            outcome = page if response.status < 300 else Failure(task.url, str(response.status), response.status)
            job.finish(task, outcome, found.tasks, found.if_news)
        job.set_rules(response.url, rules)
        job.set_rules(task.url, rules)
        return None

    def _page_arrived(self, task: Task, page: Page) -> None:
        job = self.job
        if page.status == 304:
            job.readable(task)
            return job.finish(task, page, is_post=task.kind in ("post", "recheck"))
        page = replace(page, body=unpacked(task.kind, page.body))
        if is_too_much(task.kind, page.body):
            return self._refused(task, "too many elements")
        if task.kind not in ("post", "recheck") and not (_may_be_post(task) and _is_web_page(page)):
            return self._place_arrived(task, page)
        if not _is_web_page(page):
            return job.finish(task, Failure(page.url, f"{page.content_type or 'no type'}, not a page", page.status))
        tree = page_tree(page)
        is_post = self._judge(task, page, tree)
        found = _read(task, page, job.site, tree)
        job.elsewhere = job.elsewhere or found.elsewhere
        if not is_post and (seen := self._in_the_way(task, page, tree, found)):
            return self._obstructed(task, seen, 401 if seen.kind == "log-in" else None)
        job.readable(task)
        likeness = _likeness(tree, page) if is_post else None
        if is_post:
            page = replace(page, url=_landed(job, task, page.final_url))
        return job.finish(task, page, found.tasks, found.if_news, is_post=is_post, likeness=likeness)

    def _place_arrived(self, task: Task, page: Page) -> None:
        """Take a sitemap, feed, API's answer or listing."""
        is_listing = task.kind == "listing" and _is_web_page(page)
        tree = page_tree(page) if is_listing else None
        found = _read(task, page, self.job.site, tree)
        self.job.elsewhere = self.job.elsewhere or found.elsewhere
        if tree is not None and (seen := self._in_the_way(task, page, tree, found)):
            return self._obstructed(task, seen, 401 if seen.kind == "log-in" else None)
        self.job.readable(task)
        return self.job.finish(task, page, found.tasks, found.if_news)

    def _in_the_way(self, task: Task, page: Page, tree: HtmlElement, found: discover.Found) -> Obstacle | None:
        """Return what stands in place of a page that is no post; `None` for a page that is what it is.

        A shell may still name a feed or an API, and one with a menu is a page where others are posts.
        """
        job = self.job
        if task.kind == "listing" and any(named.kind == "post" for named in found.tasks):
            return None
        seen = obstacles.on_page(tree, page.final_url, task.url)
        if task.kind != "listing":
            is_page_of_its_own = seen and seen.kind == "script" and not seen.detail and job.has_posts
            return None if is_page_of_its_own and not job.frontier.knows([task.url]) else seen
        if seen and seen.kind != "script":
            return seen
        if seen:
            job.causes.note(task, seen)
        elif obstacles.awaits_script(tree):
            job.causes.empty_list = job.causes.empty_list or page.final_url
        if "start" in (task.source, *task.evidence):
            job.causes.elsewhere = obstacles.leads_elsewhere(tree, page.final_url) or ""
        return None

    def _judge(self, task: Task, page: Page, tree: HtmlElement) -> bool:
        try:
            signs = posts.signs(tree, page.final_url)
            verdict = posts.judge(signs, page.url, task.evidence)
        except Exception:
            logger.exception("Could not judge %s", page.url)
            return False
        if task.kind == "listing":
            is_post = verdict.is_post and self.job.is_wanted(task)
        else:
            is_post = verdict.is_post or self.job.is_included(page.url)
        is_post = is_post and "part" not in task.evidence
        if is_post:
            self.job.saw(task.stated.published if task.stated else None)
        return is_post

    def failed(self, failure: TwistedFailure) -> None:
        """Take note that a request brought no answer."""
        try:
            self._failed(failure)
        except Exception as error:
            self.job.crash(error)

    def _failed(self, failure: TwistedFailure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        task: Task = request.meta["task"]
        job = self.job
        if request.meta.get("settled"):
            return job.settled(task)
        if job.is_stopping and isinstance(failure.value, IgnoreRequest):
            return job.settled(task)
        if seen := request.meta.get("obstacle"):
            return self._obstructed(task, seen) if seen.kind != "robots" else self._forbidden(task, seen)
        if why := job.guard.why_refused(request.url):
            return self._refused(task, why)
        why, is_final = unanswered.why(failure)
        if is_final:
            return self._refused(task, why)
        return self._retry(task, why, None)

    def _forbidden(self, task: Task, seen: Obstacle) -> None:
        """End a task that robots.txt forbids: it is taken out of the crawl, not refused by the host."""
        self.job.causes.note(task, seen)
        self._refused(task, "robots.txt forbids it")

    def _refused(self, task: Task, why: str) -> None:
        """End a task whose answer can't be taken: too large, or led where nobody may go."""
        job = self.job
        if task.kind == "robots":
            job.set_rules(task.url, Rules(404, b""))
        job.finish(task, Failure(task.url, why), discover.missed(task, job.site).tasks)

    def _retry(self, task: Task, why: str, status: int | None) -> None:
        job = self.job
        if status is not None:
            job.broken(status)
        elif task.kind != "robots" or task.attempts:
            job.silent(why)
        if job.is_stopping:
            return job.settled(task)
        if task.attempts + 1 < MAX_ATTEMPTS:
            return job.release(task, RETRY_S * 2**task.attempts)
        if task.kind == "robots":
            job.settled(task)
            return job.stop(lambda posts: RobotsUnreadableError(job.host, why))
        job.causes.note(task, Obstacle("status", str(status)) if status is not None else Obstacle("silent", why))
        found = discover.missed(task, job.site, status)
        return job.finish(task, Failure(task.url, why, status), found.tasks)


def _challenge(response: Response) -> Obstacle | None:
    """Return whose challenge stands in place of what was asked for, or `None`."""
    headers = [
        (name.decode("latin-1").lower(), values[0].decode("latin-1")) for name, values in response.headers.items()
    ]
    return obstacles.challenge(headers, response.body, response.status)


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value is not None else None


def _may_be_post(task: Task) -> bool:
    """Tell whether a listing may be a post for all one knows: a person typed its address, or a link names it a blog."""
    named = {"start", "link"} & {*task.evidence, task.source}
    return task.kind == "listing" and bool(named) and urlsplit(task.url).path != "/"


def _landed(job: Job, task: Task, url: str) -> str:
    """Return the address of the post that a task led to."""
    final = urls.canonical(url)
    return final if urls.on_host(final, job.site) else task.url


def _page(job: Job, task: Task, response: Response) -> Page:
    headers = tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Page(
        site=job.site,
        url=_landed(job, task, response.url) if task.kind in ("post", "recheck") else task.url,
        final_url=response.url,
        status=response.status,
        headers=headers,
        body=response.body,
        fetched_at=datetime.now(UTC),
        reference_body=task.reference_body,
        stated=task.stated,
        evidence=task.evidence or ((task.source,) if task.source else ()),
        lastmod=task.lastmod,
    )


def _read(task: Task, page: Page, site: str, tree: HtmlElement | None = None) -> discover.Found:
    try:
        return discover.read(task, page, site, tree)
    except Exception:
        logger.exception("Could not read %s", task.url)
        return discover.Found()


def _likeness(tree: HtmlElement, page: Page) -> Likeness | None:
    """Return what a page shares with its copies at other addresses; `None` where it states no canonical one here."""
    stated = next(
        (link.get("href") for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical"), None
    )
    try:
        canonical = urls.canonical(stated or "", page.final_url)
    except ValueError:
        return None
    if not stated or not urls.on_host(canonical, page.site):
        return None
    texts = sorted({" ".join(element.text_content().split()) for element in tree.iter("h1", "title", "p")})
    digest = hashlib.blake2b("\n".join(texts).encode("utf-8", "surrogatepass"), digest_size=16)
    return Likeness(canonical, digest.digest())


def _is_web_page(page: Page) -> bool:
    kind = page.content_type
    if kind in ("text/html", "application/xhtml+xml", ""):
        return b"\x00" not in page.body[:512] or page.body[:2] in (b"\xff\xfe", b"\xfe\xff")
    return kind in ("text/plain", "application/xml", "text/xml") and b"<html" in page.body[:2048].lower()


def _failure_reason(status: int) -> str:
    if 300 <= status < 400:
        return "redirects to no page"
    return {404: "not found", 410: "gone"}.get(status, f"answered {status} ({meaning(status)})")
