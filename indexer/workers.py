"""Read and strip pages on all cores: pages in, small results out, in order, a bounded number under way."""

from __future__ import annotations

import multiprocessing
import os
import traceback
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from scraper import posts
from scraper.extract import extract as extract_page
from scraper.extract import sketch
from scraper.markup import parse
from scraper.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from indexer.store.rows import StoredPage
    from scraper.model import Article, Page, SiteProfile

# Starting a worker costs as much as reading some forty pages.
WORTH_A_POOL = 80
_CHUNK = 8
_SURE = 10.0


@dataclass(frozen=True, slots=True)
class ReadOutcome:
    """What one look at a page gave: a verdict on whether it is a post, and its sketch.

    Where reading it failed both are `None`, `error` says so in a line and `trace` is for the log.
    """

    page_id: int
    url: str
    verdict: Verdict | None
    sketch: bytes | None
    error: str | None = None
    trace: str = ""


@dataclass(frozen=True, slots=True)
class ExtractOutcome:
    """The article made from a page, or the error in a line, with its `trace` for the log."""

    page_id: int
    url: str
    article: Article | None
    error: str | None = None
    trace: str = ""


def read(pages: Iterable[StoredPage], count: int) -> Iterator[ReadOutcome]:
    """Judge and sketch `count` pages; the outcomes come in the order of the pages."""
    yield from _map(_read_chunk, pages, count, None)


def extract(pages: Iterable[StoredPage], count: int, profile: SiteProfile) -> Iterator[ExtractOutcome]:
    """Make articles of `count` pages; the outcomes come in the order of the pages."""
    yield from _map(_extract_chunk, pages, count, profile)


def _read_one(stored: StoredPage) -> ReadOutcome:
    page = stored.page
    try:
        return ReadOutcome(stored.id, page.url, _judge(page), sketch(page).to_bytes())
    except Exception as error:
        return ReadOutcome(stored.id, page.url, None, None, _short(error), traceback.format_exc())


def _judge(page: Page) -> Verdict:
    if page.content_type == "text/plain":
        return Verdict(is_post=True, reason="imported as a post", sureness=_SURE)
    tree = parse(page.body, page.header("content-type") or "")
    return posts.judge(posts.signs(tree, page.final_url), page.final_url, page.evidence)


def _extract_one(stored: StoredPage, profile: SiteProfile) -> ExtractOutcome:
    try:
        return ExtractOutcome(stored.id, stored.page.url, extract_page(stored.page, profile))
    except Exception as error:
        return ExtractOutcome(stored.id, stored.page.url, None, _short(error), traceback.format_exc())


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]


def _read_chunk(pages: list[StoredPage], _: None) -> list[ReadOutcome]:
    return [_read_one(page) for page in pages]


def _extract_chunk(pages: list[StoredPage], profile: SiteProfile) -> list[ExtractOutcome]:
    return [_extract_one(page, profile) for page in pages]


_Shared = TypeVar("_Shared")
_Outcome = TypeVar("_Outcome")


def _map(
    work: Callable[[list[StoredPage], _Shared], list[_Outcome]],
    pages: Iterable[StoredPage],
    count: int,
    shared: _Shared,
) -> Iterator[_Outcome]:
    """Run `work` over chunks of pages, in this process where there are few, else in one process a core."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    iterator = iter(pages)
    chunks = iter(lambda: list(islice(iterator, _CHUNK)), [])
    if count < WORTH_A_POOL or cores == 1:
        for chunk in chunks:
            yield from work(chunk, shared)
        return
    with ProcessPoolExecutor(cores, mp_context=multiprocessing.get_context("spawn")) as pool:
        under_way = deque(pool.submit(work, chunk, shared) for chunk in islice(chunks, 2 * cores))
        while under_way:
            yield from under_way.popleft().result()
            under_way.extend(pool.submit(work, chunk, shared) for chunk in islice(chunks, 1))
