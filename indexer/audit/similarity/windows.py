"""Find where posts share text verbatim: rolling windows of words, joined to runs.

Every post's words are laid end to end with their blocks' borders; a window is `WINDOW` words in a row inside one block.
A post holds numbers, not words, and once all are joined only of the windows that other posts have: memory grows with
what is shared, and the pairs of posts come one after the other.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from indexer.audit.similarity.shingles import WINDOW, Numbers
from scraper.text.words import plain_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from indexer.audit.corpus import Paragraph

MOST_POSTS = 24
"""A window on more posts is a phrase of the blog's own: the paragraphs' clusters show it better than pairs of posts."""

_AT_ONCE = 1 << 19
"""Windows among which those of several posts are looked for at once; chosen: a set of so many has some 60 MB."""
_HASH, _NUMBER = "q", "I"


def is_phrase(posts: int) -> bool:
    """Tell whether a window on so many posts is a phrase of the blog's own."""
    return posts > MOST_POSTS


class PostShingles:
    """The paragraphs of a post and where each begins among its words; the windows that others have, too.

    `windows` are numbers of windows, and `places` the words at which they begin, in order. `hashes` has the window that
    begins at each word, or 0, until the posts are joined.
    """

    __slots__ = ("hashes", "paragraphs", "places", "size", "starts", "windows")

    def __init__(self) -> None:
        self.paragraphs, self.starts = array(_NUMBER), array(_NUMBER)
        self.places, self.windows = array(_NUMBER), array(_NUMBER)
        self.hashes = array(_HASH)
        self.size = 0

    def block(self, place: int) -> int:
        """Return which of the post's paragraphs, in order, a word belongs to."""
        return bisect_right(self.starts, place) - 1

    def words(self, block: int) -> int:
        """Return how many words a paragraph has."""
        return (self.starts[block + 1] if block + 1 < len(self.starts) else self.size) - self.starts[block]

    def places_of(self, windows: AbstractSet[int]) -> list[int]:
        """Return where some windows begin, in order."""
        return [place for place, window in zip(self.places, self.windows, strict=True) if window in windows]

    def covered(self, places: Sequence[int]) -> dict[int, int]:
        """Return how many words of each paragraph stand in the windows that begin at these places."""
        found: dict[int, int] = defaultdict(int)
        until = 0
        for first, last in runs(places):
            start, end = places[first], places[last] + WINDOW
            found[self.block(start)] += end - max(start, until)
            until = end
        return found

    def first(self, window: int) -> int:
        """Return where a window begins first. Raise `ValueError` where the post does not have it."""
        return self.places[self.windows.index(window)]


class Common(NamedTuple):
    """The windows that two posts share: their numbers, and where they begin in the newer post, in order."""

    older: int
    newer: int
    windows: Sequence[int]
    places: Sequence[int]


class Windows:
    """Hold the posts' windows and which posts share them.

    `compared` are the posts that are compared with all others; of the others only some paragraphs may be laid out.
    `sizes` is how many words count in each post.
    """

    def __init__(self, sizes: Sequence[int], compared: AbstractSet[int], numbers: Numbers | None = None) -> None:
        self.sizes, self.compared = list(sizes), compared
        self.laid = [PostShingles() for _ in sizes]
        self._numbers = Numbers() if numbers is None else numbers
        self._hashes = array(_HASH)
        self._ends, self._posts = array(_NUMBER, (0,)), array(_NUMBER)

    def lay(self, number: int, paragraph: Paragraph) -> tuple[int, list[int]]:
        """Put a paragraph at the end of its post; return how many words it has, and its windows."""
        laid = self.laid[paragraph.post]
        numbers = self._numbers.of(plain_words(paragraph.text))
        windows = list(map(hash, zip(*(numbers[shift:] for shift in range(WINDOW)), strict=False)))
        laid.paragraphs.append(number)
        laid.starts.append(laid.size)
        laid.size += len(numbers)
        laid.hashes.extend(windows)
        laid.hashes.extend([0] * (len(numbers) - len(windows)))
        return len(numbers), windows

    def join(self) -> None:
        """Find out which windows stand on several posts, once all are laid, and number these."""
        self._hashes = array(_HASH, self._of_several())
        number_of = {window: number for number, window in enumerate(self._hashes)}
        spread = [0] * len(number_of)
        for laid in self.laid:
            for place, window in enumerate(laid.hashes):
                if window in number_of:
                    laid.places.append(place)
                    laid.windows.append(number_of[window])
            laid.hashes = array(_HASH)
            for window in set(laid.windows):
                spread[window] += 1
        self._ends = array(_NUMBER, accumulate(spread, initial=0))
        self._posts = array(_NUMBER, bytes(self._ends.itemsize * self._ends[-1]))
        following = self._ends[:]
        for post, laid in enumerate(self.laid):
            for window in set(laid.windows):
                self._posts[following[window]] = post
                following[window] += 1

    def _of_several(self) -> Iterator[int]:
        """Yield the windows that stand on several posts, in parts: a set of all would have half a gigabyte."""
        ascending = [array(_HASH, sorted(set(laid.hashes))) for laid in self.laid]
        parts = 1 + sum(map(len, ascending)) // _AT_ONCE
        starts = [0] * len(ascending)
        for part in range(1, parts + 1):
            seen: set[int] = set()
            several: set[int] = set()
            for post, windows in enumerate(ascending):
                end = bisect_left(windows, -(1 << 63) + (part << 64) // parts)
                own = windows[starts[post] : end]
                several.update(seen.intersection(own))
                seen.update(own)
                starts[post] = end
            several.discard(0)
            yield from several

    def shared(self) -> Iterator[tuple[int, Sequence[int]]]:
        """Yield the windows that stand on several posts, each with these, in order."""
        for number, window in enumerate(self._hashes):
            yield window, self._having(number)

    def _having(self, window: int) -> array[int]:
        return self._posts[self._ends[window] : self._ends[window + 1]]

    def pairs(self) -> Iterator[Common]:
        """Yield what each two posts share, phrases apart, by the newer one, where one is compared with all others."""
        for newer, laid in enumerate(self.laid):
            shared: dict[int, list[int]] = defaultdict(list)
            for at, window in enumerate(laid.windows):
                if not is_phrase(self.spread(window)):
                    for older in self._having(window):
                        if older == newer:
                            break
                        shared[older].append(at)
            for older, found in shared.items():
                if newer in self.compared or older in self.compared:
                    yield Common(older, newer, [laid.windows[at] for at in found], [laid.places[at] for at in found])

    def in_both(self, one: int, other: int, posts: float) -> set[int]:
        """Return the windows that two posts share, if no more posts have them, and no phrases."""
        both = set(self.laid[one].windows).intersection(self.laid[other].windows)
        return {window for window in both if self.spread(window) <= min(posts, MOST_POSTS)}

    def spread(self, window: int) -> int:
        """Return on how many posts a window stands that several have."""
        return self._ends[window + 1] - self._ends[window]


def runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the indexes of the first and the last of places that follow one another; a run stays inside one block."""
    first = 0
    for at in range(1, len(places) + 1):
        if at == len(places) or places[at] != places[at - 1] + 1:
            yield first, at - 1
            first = at
