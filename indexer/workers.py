"""Read and strip pages on all cores: pages in, small results out, in order, a bounded number under way."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from scraper.boilerplate import PageSummary
from scraper.embedded.reveal import page_tree
from scraper.extract import extract as extract_page
from scraper.extract import joined, summarise
from scraper.judgement import posts
from scraper.model import Verdict
from scraper.text.language import hear_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from indexer.store.rows import StoredPage
    from scraper.model import Article, Page, SiteProfile
    from scraper.text.language import Heard

# Starting a worker costs as much as reading some forty pages.
WORTH_A_POOL = 80
_CHUNK = 8
_SURE = 10.0


@dataclass(frozen=True, slots=True)
class ReadOutcome:
    """What one look at a page gave: a verdict on whether it is a post, and its summary.

    Where reading it failed both are `None`, `error` says so in a line and `trace` is for the log.
    """

    page_id: int
    url: str
    verdict: Verdict | None
    summary: bytes | None
    error: str | None = None
    trace: str = ""


@dataclass(frozen=True, slots=True)
class ExtractOutcome:
    """The article made from a page and the language it sounds like, or the error in a line, with its `trace`."""

    page_id: int
    url: str
    article: Article | None
    error: str | None = None
    trace: str = ""
    heard: Heard | None = None


def read(pages: Iterable[StoredPage], count: int) -> Iterator[ReadOutcome]:
    """Judge and summary `count` pages; the outcomes come in the order of the pages."""
    yield from _map(_read_one, pages, count)


def extract(
    pages: Iterable[tuple[StoredPage, bytes | None, tuple[Page, ...]]], count: int, profile: SiteProfile
) -> Iterator[ExtractOutcome]:
    """Make articles of `count` pages, each with its sketch and its further parts, in the order of the pages."""
    yield from _map(partial(_extract_one, profile), pages, count)


def _read_one(stored: StoredPage) -> ReadOutcome:
    page = stored.page
    try:
        return ReadOutcome(stored.id, page.url, judge(page), summarise(page).to_bytes())
    except Exception as error:
        return ReadOutcome(stored.id, page.url, None, None, _short(error), traceback.format_exc())


def judge(page: Page) -> Verdict:
    """Judge a page alone."""
    if page.content_type == "text/plain":
        return Verdict(is_post=True, reason="imported as a post", confidence=_SURE)
    return posts.judge(posts.signs(page_tree(page), page.final_url), page.final_url, page.evidence)


def _extract_one(profile: SiteProfile, item: tuple[StoredPage, bytes | None, tuple[Page, ...]]) -> ExtractOutcome:
    stored, drawn, parts = item
    try:
        known = PageSummary.from_bytes(drawn) if drawn is not None else None
        article = extract_page(stored.page, profile, known)
        if parts:
            article = joined(article, [extract_page(part, profile) for part in parts])
        return ExtractOutcome(stored.id, stored.page.url, article, heard=hear_blocks(article.blocks))
    except Exception as error:
        return ExtractOutcome(stored.id, stored.page.url, None, _short(error), traceback.format_exc())


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]


_Item = TypeVar("_Item")
_Outcome = TypeVar("_Outcome")
_job: list[Callable[[Any], Any]] = []


def _map(work: Callable[[_Item], _Outcome], items: Iterable[_Item], count: int) -> Iterator[_Outcome]:
    """Run `work` on each item, in this process where there are few, else in one process a core."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    iterator = iter(items)
    if count < WORTH_A_POOL or cores == 1:
        yield from map(work, iterator)
        return
    chunks = iter(lambda: list(islice(iterator, _CHUNK)), [])
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(cores, mp_context=context, initializer=_take, initargs=(work,)) as pool:
        try:
            with _undisturbed():
                under_way = deque(pool.submit(_work_on, chunk) for chunk in islice(chunks, 2 * cores))
            while under_way:
                yield from under_way.popleft().result()
                under_way.extend(pool.submit(_work_on, chunk) for chunk in islice(chunks, 1))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold signals of the terminal back while workers start: they leave them to this process, and print nothing."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _take(work: Callable[[Any], Any]) -> None:
    """Give a worker process its one job, sent once and not with each chunk; see that it ends with its parent."""
    _job.append(work)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait until the process that started this one is gone, however it ended, and end at once."""
    if parent := multiprocessing.parent_process():
        parent.join()
    os._exit(1)


def _work_on(chunk: list[Any]) -> list[Any]:
    """Do the worker process's job on each item of a chunk."""
    return [_job[-1](item) for item in chunk]
