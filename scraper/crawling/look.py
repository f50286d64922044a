"""Look at one page, before it is known whether a blog begins there, it is one post, or neither."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper import markup, urls
from scraper.crawling.frontier import Tally
from scraper.discovery.links import base_of, links_of
from scraper.judgement import posts
from scraper.model import Page
from scraper.urlwords import BLOG_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scraper.crawling.frontier import Disorder, Likeness
    from scraper.crawling.job import CrawlOptions
    from scraper.discovery.links import Link
    from scraper.model import Failure, Task

_LISTS = 3
_TEXT = 40
"""Posts that a page has to present to be a listing, and words from which one that presents none is a plain page: a
listing that a script fills has fewer."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a page is. `is_page`: neither a post nor anything that leads to posts; `reason` says why in a few words."""

    page: Page
    is_post: bool
    is_page: bool
    reason: str

    @property
    def blog_url(self) -> str:
        """Return where the blog of a post probably begins: the folder called blog, news or alike, else the host."""
        parts = urlsplit(self.page.url)
        segments = [segment for segment in parts.path.split("/") if segment][:-1]
        ends = [place + 1 for place, segment in enumerate(segments) if segment.lower() in BLOG_WORDS]
        folder = "".join(f"{segment}/" for segment in segments[: ends[0]]) if ends else ""
        return f"{parts.scheme}://{parts.netloc}/{folder}"


def look(url: str, options: CrawlOptions) -> Look | None:
    """Ask for one page and its robots.txt alone; `None` where there is no page, or where a blog plainly begins.

    What kept the page away is for a crawl to find out and to say.
    """
    from scraper.crawling.spider import crawl

    if urlsplit(url).path in ("", "/") or urls.kind_by_url(url) == "listing":
        return None
    frontier = _OnePage(url)
    crawl(url, replace(options, dry_run=False, limit=None, include=(), exclude=()), frontier, lambda progress: None)
    return _seen(frontier.page) if frontier.page is not None and frontier.page.body else None


def _seen(page: Page) -> Look | None:
    tree = markup.parse(page.body, page.header("content-type") or "")
    links = links_of(tree, base_of(tree, page.final_url), urls.site_of(page.final_url))
    signs = posts.signs(tree, page.final_url, links)
    verdict = posts.judge(signs, page.url, ("start",))
    leads = signs.teasers >= _LISTS or signs.articles >= 2 or signs.paged or _has_folder(links, page.final_url)
    is_page = not verdict.is_post and not leads and signs.words >= _TEXT
    return Look(page, verdict.is_post, is_page, verdict.reason)


def _has_folder(links: Sequence[Link], url: str) -> bool:
    """Tell whether a page is the home page of a folder: some of the pages that it links to lie below it."""
    folder = urls.same_page_key(url) + "/"
    return len({key for link in links if (key := urls.same_page_key(link.url)).startswith(folder)}) >= _LISTS


class _OnePage:
    """A frontier of one page, which keeps nothing."""

    def __init__(self, url: str) -> None:
        self._url = urls.canonical(url)
        self._waiting: list[Task] = []
        self._taken: list[Task] = []
        self.page: Page | None = None

    def begin(self, seeds: Sequence[Task], *, refresh: bool = False, accept_gone: bool = False) -> bool:
        self._waiting = list(seeds)
        return False

    def take(self) -> Task | None:
        if self._taken or not self._waiting:
            return None
        self._taken.append(self._waiting.pop(0))
        return self._taken[0]

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
        self._taken.clear()
        if task.url == self._url and isinstance(outcome, Page):
            self.page = outcome
        return 0

    def release(self, task: Task, not_before: float) -> None:
        self._taken.clear()
        self._waiting.insert(0, task)

    def skip(self, task: Task, reason: str) -> None:
        self._taken.clear()

    def drop_unwanted(self, unwanted: Callable[[Task], str | None]) -> None: ...

    def alias(self, task: Task, url: str) -> bool:
        return False

    def pending(self) -> int:
        return len(self._waiting) + len(self._taken)

    def reads_places(self) -> bool:
        return False

    def pending_posts(self) -> int:
        return 0

    def robots(self, url: str) -> tuple[int, bytes] | None:
        return None

    def tally(self) -> Tally:
        return Tally()

    def disorder(self, *, ended: bool = False) -> Disorder | None:
        return None

    def knows(self, urls: Sequence[str]) -> bool:
        return False

    def undo(self) -> None: ...

    def rehearsal(self) -> _OnePage:
        return self

    def end(self) -> None: ...
