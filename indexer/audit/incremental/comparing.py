"""Compare the posts of a blog again after a crawl: new and changed ones, and those that had something in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.audit.incremental.fingerprints import folded
from indexer.audit.similarity.shingles import Numbers
from indexer.audit.similarity.windows import Windows, is_phrase

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from indexer.audit.incremental.dirty import Tracker


def compare_changed(tracker: Tracker, posts: int, left_out: Container[int]) -> Windows:
    """Return the windows of the posts, laid where one may be shared with a post that is compared with all others.

    `left_out` are paragraphs that do not count. Of a post that is not compared only paragraphs that share a window
    with one that is are laid.
    """
    numbers = Numbers()
    changed, paired = tracker.unsettled(left_out)
    departed = tracker.departed(changed)
    compared = changed | paired
    while True:
        windows = Windows([0 if post in compared else tracker.words(post) for post in range(posts)], compared, numbers)
        found = _lay(windows, tracker, left_out)
        tracker.mark_counted(compared, found)
        if len(compared) < posts:
            wanted = set(departed).union(*(prints for _, prints in found.values()))
            for number in tracker.sharing(wanted, compared):
                windows.lay(number, tracker.paragraphs[number])
        windows.join()
        crossing = _crossing(windows, changed, departed) if len(compared) < posts else set()
        if crossing <= compared:
            return windows
        compared = compared | crossing


def _lay(windows: Windows, tracker: Tracker, left_out: Container[int]) -> dict[int, tuple[int, Sequence[int]]]:
    """Lay the posts that are compared with all others; return words and folded windows of each paragraph."""
    found: dict[int, tuple[int, Sequence[int]]] = {}
    for post in sorted(windows.compared):
        for number in tracker.of(post):
            if number not in left_out:
                words, laid = windows.lay(number, tracker.paragraphs[number])
                windows.sizes[post] += words
                found[number] = words, folded(laid)
    return found


def _crossing(windows: Windows, changed: set[int], departed: Mapping[int, int]) -> set[int]:
    """Return the posts with a window that was a phrase of the blog's own and is none now, or the reverse."""
    found: set[int] = set()
    folds = folded(window for window, _ in windows.shared())
    for (_, posts), fold in zip(windows.shared(), folds, strict=True):
        before = len(posts) - len(changed.intersection(posts)) + departed.get(fold, 0)
        if is_phrase(len(posts)) != is_phrase(before):
            found.update(posts)
    return found
