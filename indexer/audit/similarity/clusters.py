"""Group paragraphs that are copies of one another, at any scale.

Exact copies collapse first. Each remaining text meets only the *leaders* that share a key of its signature; it joins
every leader that it is verified to resemble, and becomes a leader itself where it resembles none closely. So a call to
action on ten thousand posts costs a few comparisons a copy, and memory grows with what is different.
"""

from __future__ import annotations

import gc
from array import array
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

from indexer.audit.similarity.shingles import Numbers, frequent_words, grams, jaccard, minhash_signature
from scraper.text.words import masked_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from indexer.audit.similarity.shingles import Gram

SIMILAR = 0.45
"""Jaccard similarity of word 2-grams from which two paragraphs are copies. Best of .40-.50 on planted paragraphs."""

NUMBERS = "I"
"""The type code of words as numbers."""

_CLOSE = 0.75
"""Similarity below which a text becomes a leader itself; chosen: copies of a copy are still found by it."""
_CROWDED = 48
_HEAD = 1000
_HELD = 20_000
_KEPT_EACH = 8
"""Leaders of one key before they are thinned out and those kept of each group, texts read for frequent words, texts
whose words are held. Chosen: bounds of time and memory."""


@contextmanager
def no_collection() -> Iterator[None]:
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
        self._leader: dict[int, int] = {}
        self._leaders: list[list[int]] = []
        self._numbers: dict[int, array[int]] = {}
        self._compared: dict[int, set[Gram]] = {}
        self.crowded: set[int] = set()
        """Keys that stand in so many texts that not all of these were remembered by them."""

    def is_leader(self, text: int) -> bool:
        """Tell whether later texts were compared with a text."""
        return text in self._numbers

    def add(self, text: int, numbers: Sequence[int], keys: Sequence[int]) -> None:
        """Join a text, given as numbers of its words and the keys of its signature, with the groups that it resembles.

        It is remembered where none of its copies is close. Texts are numbered from 1.
        """
        found = set(map(self._leader.get, keys))
        found.discard(None)
        if not found or self._join(text, numbers, self._texts(found)) < _CLOSE:
            self._numbers[text] = numbers if isinstance(numbers, array) else array(NUMBERS, numbers)
            self._remember(text, keys)

    def _texts(self, found: Iterable[int | None]) -> list[int]:
        """Return the texts that keys point to; where many have a key, it points below zero to a list."""
        texts: set[int] = set()
        for text in found:
            if text is None:
                continue
            if text > 0:
                texts.add(text)
            else:
                texts.update(self._leaders[-text - 1])
        return sorted(texts)

    def _join(self, text: int, numbers: Sequence[int], leaders: Sequence[int]) -> float:
        """Verify the leaders, one of a group where that is enough, and return the greatest likeness."""
        own = grams(numbers)
        root = self.groups.root
        best = 0.0
        for leader in leaders:
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

    def _remember(self, text: int, keys: Sequence[int]) -> None:
        for key in keys:
            first = self._leader.setdefault(key, text)
            if first == text:
                continue
            if first > 0:
                self._leaders.append([first, text])
                self._leader[key] = -len(self._leaders)
                continue
            leaders = self._leaders[-first - 1]
            if leaders:
                leaders.append(text)
                if len(leaders) >= _CROWDED:
                    self._leaders[-first - 1] = self._thinned(leaders)
                    self.crowded.add(key)

    def _thinned(self, leaders: Sequence[int]) -> list[int]:
        """Return a few leaders of each group; none where a key stands in many different texts, now and later."""
        groups: dict[int, list[int]] = defaultdict(list)
        for text in leaders:
            groups[self.groups.root(text)].append(text)
        if len(groups) > _CROWDED // 4:
            return []
        return [text for texts in groups.values() for text in texts[:: 1 + len(texts) // _KEPT_EACH]]


def near_duplicates(texts: Sequence[str], similar: float = SIMILAR) -> list[list[int]]:
    """Return the groups of two and more texts that are copies of one another, as ascending indexes, by first index."""
    numbers = Numbers(frequent_words(texts[:_HEAD]))
    copies = Copies(similar)
    first: dict[int, int] = {}
    same: list[int] = []
    with no_collection():
        for number, text in enumerate(texts, 1):
            found = numbers.of(masked_words(text))
            known = first.setdefault(hash(tuple(found)), number)
            same.append(known)
            if known == number:
                copies.add(number, found, minhash_signature(found))
    groups: dict[int, list[int]] = defaultdict(list)
    for index, known in enumerate(same):
        groups[copies.groups.root(known)].append(index)
    return [group for group in groups.values() if len(group) > 1]
