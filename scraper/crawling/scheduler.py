"""Feed Scrapy's engine from the frontier that comes with the spider."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scrapy.core.scheduler import BaseScheduler

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from scraper.crawling.spider import BlogSpider


class FrontierScheduler(BaseScheduler):
    """Scrapy's scheduler over a `Frontier`, which comes with the spider.

    Requests that Scrapy makes of its own (redirect hops) belong to a task that is being fetched: they go first and are
    never de-duplicated.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._hops: list[Request] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FrontierScheduler:
        """Make one for a crawler."""
        return cls(crawler)

    @property
    def _spider(self) -> BlogSpider:
        return cast("BlogSpider", self._crawler.spider)

    def enqueue_request(self, request: Request) -> bool:
        """Keep a request that Scrapy made of its own."""
        self._hops.append(request)
        return True

    def next_request(self) -> Request | None:
        """Return the next request, or `None` where nothing is due or enough are under way."""
        if self._hops:
            return self._hops.pop(0)
        return self._spider.next_request()

    def has_pending_requests(self) -> bool:
        """Tell whether the crawl has to go on."""
        return bool(self._hops) or self._spider.has_work()
