"""Put the browser behind the crawl: render what arrives, and send what pages ask for the way of every request."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, cast

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from scraper.crawling.browser import BrowserMissingError, Document, Renderer, Resource
from scraper.crawling.download import is_too_much, max_bytes
from scraper.crawling.politeness import retry_after_s
from scraper.judgement import obstacles
from scraper.model import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from scraper.crawling.browser import Wanted
    from scraper.crawling.job import Job
    from scraper.crawling.spider import BlogSpider

logger = logging.getLogger(__name__)

_PAGES = ("post", "recheck", "listing")
_OF_THE_CONNECTION = ("content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie")


class RenderMiddleware:
    """Scrapy's middleware that has each page of the blog rendered, last of all, when its body is unpacked."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._renderer: Renderer | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RenderMiddleware:
        """Make one for a crawler."""
        return cls(crawler)

    @property
    def _job(self) -> Job:
        return cast("BlogSpider", self._crawler.spider).job

    async def process_response(self, request: Request, response: Response) -> Response:
        """Return a page as its scripts leave it; everything else as it came."""
        task: Task = request.meta["task"]
        headers = [
            (name.decode("latin-1").lower(), value[0].decode("latin-1")) for name, value in response.headers.items()
        ]
        content_type = dict(headers).get("content-type", "")
        if task.kind not in _PAGES or response.status != 200 or "html" not in content_type:
            return response
        if obstacles.challenge(headers, response.body, response.status) or is_too_much(task.kind, response.body):
            return response
        return await self._rendered(task, response, content_type)

    async def _rendered(self, task: Task, response: Response, content_type: str) -> Response:
        job = self._job
        renderer = self._renderer = self._renderer or self._made(job)
        document = Document(response.url, content_type, response.body, grows=task.kind == "listing")
        try:
            body = await renderer.render(document)
        except BrowserMissingError as error:
            missing = error
            job.stop(lambda posts: missing)
            raise IgnoreRequest(str(error)) from error
        except Exception as error:
            logger.exception("The browser broke down on %s", response.url)
            raise IgnoreRequest("the browser broke down on it") from error
        if job.is_stopping:
            raise IgnoreRequest("the crawl was stopped")
        if len(body) > max_bytes(task.kind):
            raise IgnoreRequest("too large")
        kept = {
            name: value
            for name, value in response.headers.items()
            if name.lower() not in (b"etag", b"last-modified", b"content-type", b"content-encoding", b"content-length")
        }
        return response.replace(body=body, headers={**kept, b"Content-Type": b"text/html; charset=utf-8"})

    def _made(self, job: Job) -> Renderer:
        assert job.options.browser is not None
        made = Renderer(job.options.browser, job.options.user_agent, self._fetch, self._knows, lambda: job.is_stopping)
        job.at_end = made.close
        return made

    def _knows(self, links: Sequence[str]) -> bool:
        return self._job.frontier.knows(links)

    async def _fetch(self, wanted: Wanted) -> Resource | None:
        """Ask for what a page asks for, as the crawl asks for everything; `None` where that is not allowed or fails."""
        job = self._job
        task = Task(wanted.url, "resource")
        request = Request(
            wanted.url.partition("#")[0],
            method=wanted.method,
            headers=dict(wanted.headers),
            body=wanted.body or b"",
            meta={"task": task, "download_maxsize": max_bytes("resource")} | job.guard.proxy_meta,
            dont_filter=True,
        )
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:
            if getattr(request.meta.get("obstacle"), "kind", "") == "robots":
                job.causes.withheld = request.meta["obstacle"].detail
            logger.info("Not fetched for a page: %s: %s", wanted.url, error)
            return None
        if response.status in (429, 503):
            after = response.headers.get("Retry-After")
            job.hosts.pace(wanted.url).refused(
                request.meta["asked_at"], retry_after_s(after.decode("latin-1") if after else None, time.time())
            )
            job.refusals += 1
        headers = {
            name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
            for name, values in response.headers.items()
            if name.decode("latin-1").lower() not in _OF_THE_CONNECTION
        }
        return Resource(response.status, headers, response.body)
