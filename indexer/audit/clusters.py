"""Group paragraphs that are copies of one another, at any scale.

Exact copies collapse first. Each remaining text meets only the *leaders* that share two grams of its sketch; it joins
every leader that it is verified to resemble, and becomes a leader itself where it resembles none closely. So a call to
action on ten thousand posts costs a few comparisons a copy, and memory grows with what is different.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import chain, islice
from typing import TYPE_CHECKING

from indexer.audit.shingles import Grams, frequent_words, jaccard, packed, sketch, words

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable

SIMILAR = 0.45
"""Jaccard similarity of word 2-grams from which two paragraphs are copies. Best of .40-.50 on planted paragraphs."""

_CLOSE = 0.75
_CROWDED = 48
_HEAD = 1000
_KEPT_EACH = 8


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
        self._postings: dict[int, int | list[int]] = {}
        self._grams: dict[int, array[int]] = {}
        self._common: set[int] = set()

    def add(self, number: int, grams: set[int]) -> None:
        """Join the text with the groups that it is verified to resemble; remember it where none of them is close."""
        sample = sketch(grams - self._common)
        root = self.groups.root
        best = 0.0
        for leader in self._candidates(sample):
            if best and root(leader) == root(number):
                continue
            likeness = jaccard(grams, self._grams[leader])
            if likeness >= self._similar:
                self.groups.join(leader, number)
                best = max(best, likeness)
        if best < _CLOSE:
            self._remember(number, grams, sample)

    def _candidates(self, sample: list[int]) -> list[int]:
        """Return the texts that share grams of the sample, most shared grams first."""
        single: list[int] = []
        several: list[list[int]] = []
        for posting in map(self._postings.get, sample):
            if posting is None:
                continue
            if isinstance(posting, int):
                single.append(posting)
            else:
                several.append(posting)
        if len(single) + len(several) < 2 and len(sample) > 4:
            return []
        counts = Counter(chain(single, *several))
        if len(sample) <= 4:
            return [leader for leader, _ in counts.most_common()]
        shared = sorted([(-count, leader) for leader, count in counts.items() if count > 1])
        return [leader for _, leader in shared]

    def _remember(self, number: int, grams: set[int], sample: list[int]) -> None:
        self._grams[number] = packed(grams)
        postings = self._postings
        for gram in sample:
            posting = postings.get(gram)
            if posting is None:
                postings[gram] = number
            elif isinstance(posting, int):
                postings[gram] = [posting, number]
            else:
                posting.append(number)
                if len(posting) >= _CROWDED:
                    self._thin(gram, posting)

    def _thin(self, gram: int, posting: list[int]) -> None:
        """Forget a gram that stands in many different texts; where the texts are copies, keep a few of each group."""
        groups: dict[int, list[int]] = defaultdict(list)
        for number in posting:
            groups[self.groups.root(number)].append(number)
        if len(groups) > _CROWDED // 3:
            del self._postings[gram]
            self._common.add(gram)
        else:
            kept = [numbers[:: 1 + len(numbers) // _KEPT_EACH] for numbers in groups.values()]
            self._postings[gram] = sorted(chain.from_iterable(kept))


def near_duplicates(texts: Iterable[str], similar: float = SIMILAR) -> list[list[int]]:
    """Return the groups of two and more texts that are copies of one another, as ascending indexes, by first index."""
    stream = iter(texts)
    head = list(islice(stream, _HEAD))
    grams_of = Grams(frequent_words(head)).of
    copies = Copies(similar)
    first: dict[str, int] = {}
    same: list[int] = []
    for number, text in enumerate(chain(head, stream)):
        found = words(text)
        known = first.setdefault(" ".join(found), number)
        same.append(known)
        if known == number:
            copies.add(number, grams_of(found))
    groups: dict[int, list[int]] = defaultdict(list)
    for number, known in enumerate(same):
        groups[copies.groups.root(known)].append(number)
    return [group for group in groups.values() if len(group) > 1]
