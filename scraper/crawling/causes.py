"""Keep what stood in the way of a crawl, and say at its end what the true cause was that nothing was read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.errors import (
    EXPORT,
    BlockedError,
    BlogdexError,
    ChallengeError,
    ElsewhereError,
    LoginError,
    PostsMissingError,
    PostsMovedError,
    RefusedError,
    RobotsForbidsError,
    ScriptListError,
    ScriptOnlyError,
    UnreachableError,
)

if TYPE_CHECKING:
    from scraper.judgement.obstacles import Obstacle
    from scraper.model import Task

CLOSED = (401, 402, 403, 405, 406, 407, 451)
"""Statuses by which a host refuses whoever asks, and not what is asked for or how often."""
_MEANINGS = {
    401: "log-in needed",
    403: "forbidden",
    406: "not acceptable",
    404: "not found",
    407: "the proxy asks for a log-in",
    410: "gone",
    429: "too many requests",
    451: "legal reasons",
    503: "unavailable",
}
_POSTS = ("post", "recheck")
_A_FEW = 2
"""So many failures never name the cause of an empty crawl; chosen: one broken link is no reason."""
CERTIFICATE = "its certificate is not valid"
NO_TLS = "it does not speak TLS"
REFUSED = "connection refused"


def meaning(status: int) -> str:
    """Return in words what a status that refuses means."""
    return _MEANINGS.get(status, "server error" if status >= 500 else "refused")


class Causes:
    """What stood in the way of one crawl: the obstacles by post and by place, and what was read all the same.

    `empty_list` is a page whose list waits for a script, `elsewhere` the host that the start's links lead to,
    `withheld` the path of what a page in the browser asked for and robots.txt forbids; empty where there is none.
    """

    def __init__(self, start_url: str, host: str, *, named: bool, in_browser: bool) -> None:
        self._start_url = start_url
        self._host = host
        self._named = named
        self._in_browser = in_browser
        self._posts: list[Obstacle] = []
        self._places: list[Obstacle] = []
        self._start: Obstacle | None = None
        self._read = 0
        self._posts_read = 0
        self.empty_list = ""
        self.elsewhere = ""
        self.withheld = ""

    def note(self, task: Task, obstacle: Obstacle) -> None:
        """Take note of what stood in the way of a task."""
        (self._posts if task.kind in _POSTS else self._places).append(obstacle)
        if task.source == "start" or "start" in task.evidence:
            self._start = obstacle

    def note_read(self, task: Task) -> None:
        """Take note of a page that could be read."""
        self._read += 1
        self._posts_read += task.kind in _POSTS

    @property
    def refuse_most(self) -> bool:
        """Tell whether the host refused more pages, or more posts, than were read; a few may be closed on any day."""
        posts = sum(map(_is_refusal, self._posts))
        places = sum(map(_is_refusal, self._places))
        return posts > max(self._posts_read, _A_FEW) or posts + places > max(self._read, _A_FEW)

    def hint(self) -> str:
        """Return what would bring the posts that came without text, where others came with it; empty if none did."""
        shells = sum(seen.kind == "script" for seen in self._posts)
        if not shells or self._in_browser or self.withheld:
            return ""
        return str(ScriptOnlyError(self._host, self._start_url, shells, in_browser=False))

    def error(self, posts: int) -> BlogdexError | None:
        """Return the sentence on what stood in the way of most; `posts` is how many are saved. `None`: nothing did.

        The posts tell most, as they are what a crawl is for; then the page that was typed, then the other places.
        """
        if self._posts:
            return self._of(self._posts, posts)
        if self._start is not None:
            return self._of([self._start], posts)
        if self.elsewhere:
            return ElsewhereError(self._start_url, self.elsewhere)
        refusing = [seen for seen in self._places if _is_refusal(seen)]
        if refusing:
            return self._of(refusing, posts)
        return ScriptListError(self.empty_list) if self.empty_list and not self._in_browser else None

    def _of(self, seen: list[Obstacle], posts: int) -> BlogdexError | None:
        counts = Counter((obstacle.kind, _key(obstacle)) for obstacle in seen)
        (chosen, key), count = counts.most_common(1)[0]
        alike = [obstacle for obstacle in seen if (obstacle.kind, _key(obstacle)) == (chosen, key)]
        if chosen == "robots":
            return RobotsForbidsError(self._host, _common_folder([obstacle.detail for obstacle in alike]))
        return self.of(alike[0], count, posts)

    def of(self, obstacle: Obstacle, count: int, posts: int) -> BlogdexError | None:
        """Return the sentence on an obstacle that was met `count` times, or `None` where it is the page's own fault."""
        kind, detail = obstacle.kind, obstacle.detail
        if kind == "challenge":
            return ChallengeError(self._host, detail, posts)
        if kind == "log-in":
            return LoginError(self._host, _bare(detail), posts)
        if kind == "moved":
            return PostsMovedError(self._host, count, f"{urlsplit(detail).scheme}://{urlsplit(detail).netloc}/")
        if kind == "script":
            if self.withheld:
                return RobotsForbidsError(self._host, f"{self.withheld}, which its pages are filled from,")
            return ScriptOnlyError(self._host, self._start_url, count, in_browser=self._in_browser)
        if kind == "silent":
            return UnreachableError(self._host, detail)
        status = int(detail)
        if status in CLOSED:
            return RefusedError(self._host, status, meaning(status), posts, named=self._named)
        if status == 429 or status >= 500:
            return BlockedError(self._host, status, meaning(status), posts)
        return PostsMissingError(self._host, count, status, meaning(status))


def advice(url: str, why: str) -> str:
    """Return what to do about a host that gives no answer for a reason of its encryption; empty for others."""
    plain = f"blogdex crawl http://{url.split('://', 1)[1]}"
    if why == CERTIFICATE:
        return f"Ask its owner to renew it, or {EXPORT}"
    return f"If the site has no encryption: {plain}" if url.startswith("https:") and why in (NO_TLS, REFUSED) else ""


def _is_refusal(seen: Obstacle) -> bool:
    """Tell whether an obstacle is the host's, and not that of one page."""
    if seen.kind == "status":
        return int(seen.detail) in (*CLOSED, 429) or int(seen.detail) >= 500
    return seen.kind in ("challenge", "log-in")


def _common_folder(paths: list[str]) -> str:
    """Return the folder that all paths lie in, or the first of them where that is the root."""
    folders = [path.split("/")[:-1] for path in paths]
    same = [names[0] for names in zip(*folders, strict=False) if len(set(names)) == 1]
    return "/".join([*same, ""]) if len(same) > 1 else paths[0]


def _key(obstacle: Obstacle) -> str:
    """Return what two obstacles of one cause share."""
    if obstacle.kind in ("moved", "log-in"):
        return urlsplit(obstacle.detail).netloc
    return "" if obstacle.kind in ("robots", "script") else obstacle.detail


def _bare(url: str) -> str:
    """Return an address without its query, which a log-in form's is full of."""
    return url.partition("?")[0]
