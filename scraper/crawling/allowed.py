"""Let through only the requests that guard, robots.txt and the site's borders allow, on every hop."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from scraper import urls
from scraper.crawling.politeness import ROBOTS_BYTES, MovedError, Rules, origin, resolved
from scraper.judgement import obstacles
from scraper.judgement.obstacles import Obstacle
from scraper.model import Task

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from scraper.crawling.job import Job
    from scraper.crawling.spider import BlogSpider

logger = logging.getLogger(__name__)


class AllowedMiddleware:
    """Scrapy's middleware that refuses a request before it is made, with the reason in an `IgnoreRequest`."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._proxies = getproxies()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AllowedMiddleware:
        """Make one for a crawler."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise `IgnoreRequest` with the reason where a request must not be made."""
        job = cast("BlogSpider", self._crawler.spider).job
        if why := job.guard.refuses(request.url):
            raise IgnoreRequest(why)
        if why := await self._refused_behind_proxy(job, request):
            raise IgnoreRequest(why)
        task: Task = request.meta["task"]
        hops = request.meta.get("redirect_urls", [])
        if hops:
            self._check_hop(job, request, task, hops)
        if task.kind != "robots" and not await self._is_allowed(job, request.url):
            request.meta["obstacle"] = Obstacle("robots", urlsplit(request.url).path)
            raise IgnoreRequest("robots.txt forbids it")
        request.meta["download_slot"] = urls.host_of(request.url)
        request.meta["asked_at"] = time.monotonic()

    async def _refused_behind_proxy(self, job: Job, request: Request) -> str | None:
        """Return why a proxy must not be asked for a host that nobody typed: its name is at a private address here.

        A name that only the proxy knows how to resolve is left to the proxy.
        """
        parts = urlsplit(request.url)
        is_proxied = "proxy" not in request.meta and parts.scheme in self._proxies and not proxy_bypass(parts.netloc)
        is_typed = urls.host_of(request.url) == urls.host_of(job.start_url) and not job.options.public_only
        if not is_proxied or is_typed:
            return None
        await resolved(parts.hostname or "", parts.port or {"http": 80}.get(parts.scheme, 443))
        return job.guard.why_refused(request.url)

    def _check_hop(self, job: Job, request: Request, task: Task, hops: list[str]) -> None:
        if request.url in hops:
            raise IgnoreRequest("redirects in a circle")
        if task.kind == "robots":
            return
        try:
            target = urls.canonical(request.url)
        except ValueError as error:
            raise IgnoreRequest("the address can't be read") from error
        if task.kind in ("post", "recheck", "listing"):
            self._check_target(job, request, task, target)
        if task.kind in ("post", "recheck") and job.is_alias(task, target):
            request.meta["settled"] = True
            raise IgnoreRequest("redirects to a page that is known")

    def _check_target(self, job: Job, request: Request, task: Task, target: str) -> None:
        """Raise where a page redirects to a log-in form or to another site."""
        is_login = obstacles.is_login(target, task.url)
        if urls.on_host(target, job.site) and not is_login:
            return
        if "start" in task.evidence and not is_login:
            job.stop(lambda posts: MovedError(job.start_url, target))
        request.meta["obstacle"] = Obstacle("log-in" if is_login else "moved", target)
        raise IgnoreRequest("redirects")

    async def _is_allowed(self, job: Job, url: str) -> bool:
        where = origin(url)
        rules = job.hosts.rules
        if where not in rules:
            rules[where] = await self._fetch_rules(job, where)
        return rules[where].allows(url)

    async def _fetch_rules(self, job: Job, where: str) -> Rules:
        """Ask another host than the start's for its robots.txt; where there is no answer, nothing is allowed."""
        task = Task(f"{where}/robots.txt", "robots")
        request = Request(
            task.url, meta={"task": task, "download_maxsize": ROBOTS_BYTES, "download_timeout": 10}, dont_filter=True
        )
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:
            logger.info("No robots.txt at %s: %s", where, error)
            return Rules(200, b"User-agent: *\nDisallow: /")
        if response.status >= 500 or response.status == 429:
            return Rules(200, b"User-agent: *\nDisallow: /")
        return Rules(response.status, response.body)
