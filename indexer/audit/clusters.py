"""Group paragraphs that are copies of one another, at any scale.

Exact copies collapse first. Each remaining text meets only the *leaders* that share two grams of its sketch; it joins
every leader that it is verified to resemble, and becomes a leader itself where it resembles none closely. So a call to
action on ten thousand posts costs a few comparisons a copy, and memory grows with what is different.
"""

from __future__ import annotations

import gc
from array import array
from collections import Counter, defaultdict
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING

from indexer.audit.shingles import SKETCH_GRAMS, Numbers, frequent_words, grams, jaccard, sketch, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.audit.shingles import Gram

SIMILAR = 0.45
"""Jaccard similarity of word 2-grams from which two paragraphs are copies. Best of .40-.50 on planted paragraphs."""

_CLOSE = 0.75
_CROWDED = 48
_HEAD = 1000
_HELD = 20_000
_KEPT_EACH = 4
_LOOKED_AT = 4
_SHARED = 3


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector still: here millions of objects are made and no cycles, which costs an eighth."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class Union:
    """Keep which of some numbered things belong together (union by smallest number, path halving)."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}

    def root(self, item: int) -> int:
        """Return the smallest item of the group."""
        parent = self._parent
        while (up := parent.get(item, item)) != item:
            parent[item] = item = parent.get(up, up)
        return item

    def join(self, one: int, other: int) -> None:
        """Put two items into one group."""
        one, other = self.root(one), self.root(other)
        if one != other:
            self._parent[max(one, other)] = min(one, other)


class Copies:
    """Join texts that are copies of one another, as they come. Not every text is remembered: see the module."""

    def __init__(self, similar: float = SIMILAR) -> None:
        self.groups = Union()
        self._similar = similar
        self._one: dict[int, int] = {}
        self._several: dict[int, list[int]] = {}
        self._common: set[int] = set()
        self._numbers: dict[int, array[int]] = {}
        self._compared: dict[int, set[Gram]] = {}

    def add(self, text: int, numbers: Sequence[int]) -> None:
        """Join a text, given as numbers of its words, with the groups that it resembles.

        It is remembered where none of its copies is close. Texts are numbered from 1.
        """
        sample = sketch(numbers, self._common)
        candidates = self._candidates(sample)
        if not candidates or self._join(text, numbers, candidates) < _CLOSE:
            self._numbers[text] = array("q", numbers)
            self._remember(text, sample)

    def _candidates(self, sample: Sequence[int]) -> list[int]:
        """Return the texts that share enough grams of the sample, most shared grams first."""
        single = list(filter(None, map(self._one.get, sample)))
        least = _SHARED if len(sample) == SKETCH_GRAMS else min(2, 1 + len(sample) // 5)
        if len(single) < least:
            return []
        several = filter(None, map(self._several.get, sample))
        counts = Counter(chain(single, *several))
        if max(counts.values()) < least:
            return []
        shared = sorted([(-count, text) for text, count in counts.items() if count >= least])
        return [text for _, text in shared]

    def _join(self, text: int, numbers: Sequence[int], candidates: Sequence[int]) -> float:
        """Verify the candidates, one of a group where that is enough, and return the greatest likeness."""
        own = grams(numbers)
        root = self.groups.root
        best = 0.0
        for leader in candidates:
            if best and root(leader) == root(text):
                continue
            likeness = jaccard(own, self._grams(leader))
            if likeness >= self._similar:
                self.groups.join(leader, text)
                best = max(best, likeness)
        return best

    def _grams(self, text: int) -> set[Gram]:
        found = self._compared.get(text)
        if found is None:
            if len(self._compared) >= _HELD:
                self._compared.clear()
            self._compared[text] = found = grams(self._numbers[text])
        return found

    def _remember(self, text: int, sample: Sequence[int]) -> None:
        one, several = self._one, self._several
        for gram in sample:
            first = one.setdefault(gram, text)
            if first == text:
                continue
            posting = several.get(gram)
            if posting is None:
                several[gram] = [text]
            else:
                posting.append(text)
                if len(posting) >= _CROWDED:
                    self._thin(gram, posting)

    def _thin(self, gram: int, posting: list[int]) -> None:
        """Forget a gram that stands in many different texts; where the texts are copies, keep a few of each group."""
        root = self.groups.root
        if len({root(text) for text in posting[::_LOOKED_AT]}) > _CROWDED // _LOOKED_AT // 3:
            del self._one[gram], self._several[gram]
            self._common.add(gram)
        else:
            groups: dict[int, list[int]] = defaultdict(list)
            for text in posting:
                groups[root(text)].append(text)
            kept = [texts[:: 1 + len(texts) // _KEPT_EACH] for texts in groups.values()]
            self._several[gram] = sorted(chain.from_iterable(kept))


def near_duplicates(texts: Sequence[str], similar: float = SIMILAR) -> list[list[int]]:
    """Return the groups of two and more texts that are copies of one another, as ascending indexes, by first index."""
    numbers = Numbers(frequent_words(texts[:_HEAD]))
    copies = Copies(similar)
    first: dict[str, int] = {}
    same: list[int] = []
    with _no_collection():
        for number, text in enumerate(texts, 1):
            found = words(text)
            known = first.setdefault(" ".join(found), number)
            same.append(known)
            if known == number:
                copies.add(number, numbers.of(found))
    groups: dict[int, list[int]] = defaultdict(list)
    for index, known in enumerate(same):
        groups[copies.groups.root(known)].append(index)
    return [group for group in groups.values() if len(group) > 1]
