"""Find where posts share text verbatim: rolling windows of words, joined to runs.

Every post's words are laid end to end with their blocks' borders; a window is `WINDOW` words in a row inside one block.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.audit.shingles import plain_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.audit.corpus import Corpus, Piece

WINDOW = 8
"""Words in a window: shorter ones meet by chance, longer ones lose a passage that was touched up."""

MOST_POSTS = 24
"""A window on more posts is a phrase of the blog's own: the paragraphs' clusters show it better than pairs of posts."""


@dataclass(slots=True)
class Laid:
    """The words of a post: the piece each belongs to, and the window that begins there, or 0."""

    words: list[str]
    block: list[int]
    windows: list[int]


class _Ids(dict[str, int]):
    """Number words as they come."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self) + 1
        return number


class Windows:
    """Hold the posts' windows and which posts share them."""

    def __init__(self, corpus: Corpus, pieces: Sequence[Piece], left_out: set[int]) -> None:
        self.laid = [Laid([], [], []) for _ in range(len(corpus))]
        self._ids = _Ids()
        for number, piece in enumerate(pieces):
            if number not in left_out:
                self._lay(number, piece)
        self._posts = self._shared_by()

    def _lay(self, number: int, piece: Piece) -> None:
        laid = self.laid[piece.post]
        words = plain_words(piece.text)
        ids = list(map(self._ids.__getitem__, words))
        laid.words.extend(words)
        laid.block.extend([number] * len(words))
        runs = zip(*(ids[shift:] for shift in range(WINDOW)), strict=False)
        laid.windows.extend(map(hash, runs))
        laid.windows.extend([0] * min(WINDOW - 1, len(words)))

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
        """Return the windows that each two posts share, older post first."""
        shared: dict[tuple[int, int], set[int]] = defaultdict(set)
        for window, posts in self._posts.items():
            if len(posts) <= MOST_POSTS:
                for at, newer in enumerate(posts):
                    for older in posts[:at]:
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
