"""Turn tasks into rows of the frontier and back."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

from scraper.model import Metadata, Task, Validators

if TYPE_CHECKING:
    from collections.abc import Sequence

TASK_COLUMNS = "url, kind, evidence, depth, attempts, not_before, lastmod, stated, witness, etag, last_modified"
"""The columns that `task_of` reads, in its order."""
STATED = "(evidence LIKE '%\"sitemap%' OR evidence LIKE '%\"feed%' OR evidence LIKE '%\"rest%')"
"""SQL for `is_stated`."""
_START_PRIORITY = 5
_GUESS_PRIORITY = {"sitemap": 25, "feed": 35, "listing": 45}
FIRST_POSTS = 54
"""The last priority of posts that a place presents as such: a crawl may fetch them while it still reads places."""
PLACES_BEFORE_POSTS = 49
LAST_RESORT = "sitemap-guess-late"
"""The source of guesses that are needless as soon as any page presents posts."""
IN_RESERVE = "archive-late"
"""The source of archives that are needless as long as the pages of the listings answer."""
PRIORITY = {"robots": 0, "sitemap": 10, "rest": 20, "feed": 30, "listing": 40, "recheck": 60}
_POST_PRIORITY = {"rest": 50, "feed": 51, "sitemap": 52, "listing": 54}
_LINK_PRIORITY = 58
"""Links come after what sitemaps, feeds and listings name, in the order of `_POST_PRIORITY`."""


def is_stated(evidence: Sequence[str]) -> bool:
    """Tell whether a sitemap, feed or API names a URL."""
    return any(kind.startswith(("sitemap", "feed", "rest")) for kind in evidence)


def priority_of(task: Task) -> int:
    """Return how early a task is taken: places before posts, the better source first."""
    if task.source == "start":
        return _START_PRIORITY
    if is_guess(task.source):
        return _GUESS_PRIORITY[task.kind] + (task.source in (LAST_RESORT, IN_RESERVE))
    if task.kind == "post":
        return _POST_PRIORITY.get(task.source.split("-")[0], _LINK_PRIORITY)
    return PRIORITY[task.kind] + (task.source == "link") * 15


def is_guess(source: str) -> bool:
    """Tell whether a place is only guessed, and needless as soon as another one names posts."""
    return source in ("sitemap-guess", LAST_RESORT, "feed-guess", "blog-guess", IN_RESERVE)


def pack(text: str | None) -> bytes | None:
    """Return a text packed for storage."""
    return None if text is None else zlib.compress(text.encode("utf-8", "surrogatepass"))


def task_of(row: tuple[Any, ...], *, conditional: bool) -> Task:
    """Return the task that a row of the frontier is."""
    url, kind, evidence, depth, attempts, not_before, lastmod, stated, reference_body, etag, last_modified = row
    kinds = tuple(json.loads(evidence))
    return Task(
        url=url,
        kind=kind,
        source=kinds[0] if kinds else "",
        depth=depth,
        attempts=attempts,
        not_before=not_before,
        lastmod=lastmod,
        stated=Metadata.from_json(json.loads(stated)) if stated else None,
        reference_body=zlib.decompress(reference_body).decode("utf-8", "surrogatepass") if reference_body else None,
        validators=Validators(etag, last_modified) if conditional and (etag or last_modified) else None,
        evidence=kinds,
    )
