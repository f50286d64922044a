"""Define what a crawl needs of its frontier. No Scrapy here: the store implements it, and reading must start fast."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scraper.model import Failure, Page, Task


REHEARSED = "not fetched in a dry run"
"""The reason to skip a task that is wanted all the same."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a run has come to so far.

    `found` is the number of posts each kind of place named, `candidates` that of all, without those `left_out` because
    this run does not want them; `saved`, `unchanged`, `gone` and `failed` (url, reason) count what this process did.
    `cut` holds (URL shape, reason).
    `held` posts show something else at their address and stayed as they were, `missing` ones answered 404 or 410 and
    stayed as they are too many. `alike` new pages say the same word for word, or nothing that the blog's posts do; they
    are taken for no posts, and `says` is what one of them calls itself.
    `known` is the number of posts that the library had of the site before, and those saved since. `rehearsed` are the
    URLs that a dry run would have fetched.
    """

    found: Mapping[str, int] = field(default_factory=dict)
    candidates: int = 0
    left_out: int = 0
    saved: int = 0
    unchanged: int = 0
    gone: int = 0
    failed: tuple[tuple[str, str], ...] = ()
    cut: tuple[tuple[str, str], ...] = ()
    pages: int = 0
    known: int = 0
    rehearsed: tuple[str, ...] = ()
    held: int = 0
    missing: int = 0
    alike: int = 0
    says: str = ""


@dataclass(frozen=True, slots=True)
class Disorder:
    """A day on which a site is not itself: `turned` of `looked_at` posts show something else; what they `say`."""

    turned: int
    looked_at: int
    says: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """What tells that two addresses show one post: the canonical address that a page states, and a digest of its text.

    Either alone deceives: canonical links are often broken, and short posts may read alike.
    """

    canonical: str
    digest: bytes


class Frontier(Protocol):
    """What is to be fetched of one site, and what is known of what was; outlives the process."""

    def begin(self, seeds: Sequence[Task], *, refresh: bool = False, accept_gone: bool = False) -> bool:
        """Start a run, or go on with one that did not end; return whether it goes on.

        A run after a complete one asks the cheapest places first. `refresh` asks for everything, without validators.
        `accept_gone` marks posts gone however many they are.
        """

    def take(self) -> Task | None:
        """Return the next task that is due, with its URL's validators, or `None`; it is pending until finished."""

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
        """Save the page, end the task, and add what it led to, in one transaction; return how many posts are news.

        `if_news` are added only where enough of `found` is new or changed.
        """

    def release(self, task: Task, not_before: float) -> None:
        """Give a task back, to be taken again from `not_before` (seconds since the epoch) on."""

    def skip(self, task: Task, reason: str) -> None:
        """Leave a task out of this run; a later run may take it."""

    def drop_unwanted(self, unwanted: Callable[[Task], str | None]) -> None:
        """Skip every waiting post against which `unwanted` gives a reason."""

    def alias(self, task: Task, url: str) -> bool:
        """Tell whether `url`, to which a task's URL redirects, was settled in this run; if so, end the task."""

    def knows(self, urls: Sequence[str]) -> bool:
        """Tell whether an earlier run saved a post at every one of these URLs."""

    def pending(self) -> int:
        """Return how many tasks are waiting or being fetched."""

    def reads_places(self) -> bool:
        """Tell whether places are waiting that are read before the posts are fetched."""

    def pending_posts(self) -> int:
        """Return how many of these are posts."""

    def robots(self, url: str) -> tuple[int, bytes] | None:
        """Return status and body of a robots.txt that was read in this run, or `None`."""

    def tally(self) -> Tally:
        """Return what the run has come to so far."""

    def disorder(self, *, ended: bool = False) -> Disorder | None:
        """Return what is wrong with the whole site, where that is so; other posts may be queued to find it out.

        `ended`: nothing more will be fetched.
        """

    def undo(self) -> None:
        """Take back all that the run brought into the library, and end it."""

    def rehearsal(self) -> Frontier:
        """Return a copy that is thrown away, for a dry run."""

    def end(self) -> None:
        """End the run: the next one starts anew."""
