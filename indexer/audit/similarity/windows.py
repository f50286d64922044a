"""Find where posts share text verbatim: rolling windows of words, joined to runs.

Every post's words are laid end to end with their blocks' borders; a window is `WINDOW` words in a row inside one block.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.audit.similarity.shingles import WINDOW, Numbers
from scraper.text.words import plain_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from indexer.audit.corpus import Paragraph

MOST_POSTS = 24
"""A window on more posts is a phrase of the blog's own: the paragraphs' clusters show it better than pairs of posts."""


def is_phrase(posts: int) -> bool:
    """Tell whether a window on so many posts is a phrase of the blog's own."""
    return posts > MOST_POSTS


@dataclass(slots=True)
class PostShingles:
    """The words of a post: the paragraph each belongs to, and the window that begins there, or 0."""

    words: list[str]
    block: list[int]
    windows: list[int]


class Windows:
    """Hold the posts' windows and which posts share them.

    `compared` are the posts that are compared with all others; of the others only some paragraphs may be laid out.
    `sizes` is how many words count in each post.
    """

    def __init__(self, sizes: Sequence[int], compared: AbstractSet[int], numbers: Numbers | None = None) -> None:
        self.sizes, self.compared = list(sizes), compared
        self.laid = [PostShingles([], [], []) for _ in sizes]
        self._numbers = Numbers() if numbers is None else numbers
        self._posts: dict[int, list[int]] = {}

    def lay(self, number: int, paragraph: Paragraph) -> tuple[int, list[int]]:
        """Put a paragraph at the end of its post; return how many words it has, and its windows."""
        laid = self.laid[paragraph.post]
        words = plain_words(paragraph.text)
        numbers = self._numbers.of(words)
        windows = list(map(hash, zip(*(numbers[shift:] for shift in range(WINDOW)), strict=False)))
        laid.words.extend(words)
        laid.block.extend([number] * len(words))
        laid.windows.extend(windows)
        laid.windows.extend([0] * (len(words) - len(windows)))
        return len(words), windows

    def join(self) -> Mapping[int, Sequence[int]]:
        """Find out which windows stand on several posts, once all are laid; return the posts of each."""
        self._posts = self._shared_by()
        return self._posts

    def _shared_by(self) -> dict[int, list[int]]:
        """Return the posts of each window that stands on several posts."""
        seen: set[int] = set()
        shared: set[int] = set()
        for laid in self.laid:
            shared.update(seen.intersection(laid.windows))
            seen.update(laid.windows)
        shared.discard(0)
        several: dict[int, list[int]] = {window: [] for window in shared}
        for post, laid in enumerate(self.laid):
            for window in shared.intersection(laid.windows):
                several[window].append(post)
        return several

    def pairs(self) -> dict[tuple[int, int], set[int]]:
        """Return the windows that each two posts share, older post first, where one is compared with all others."""
        shared: dict[tuple[int, int], set[int]] = defaultdict(set)
        for window, posts in self._posts.items():
            if not is_phrase(len(posts)):
                for at, newer in enumerate(posts):
                    for older in posts[:at]:
                        if newer in self.compared or older in self.compared:
                            shared[older, newer].add(window)
        return shared

    def spread(self, window: int) -> int:
        """Return on how many posts a window stands that several have."""
        return len(self._posts[window])

    def covered(self, post: int, shared: set[int]) -> list[bool]:
        """Return for each word of a post whether it stands in a shared window."""
        laid = self.laid[post]
        marks = [False] * len(laid.words)
        until = 0
        for at, window in enumerate(laid.windows):
            if window in shared:
                until = at + WINDOW
            marks[at] = at < until
        return marks

    def runs(self, post: int, shared: set[int]) -> Iterator[tuple[int, int]]:
        """Yield where runs of shared windows begin and end among a post's words; a run stays inside one block."""
        laid = self.laid[post]
        start: int | None = None
        for at, window in enumerate([*laid.windows, 0]):
            if window in shared:
                start = at if start is None else start
            elif start is not None:
                yield start, at - 1 + WINDOW
                start = None
