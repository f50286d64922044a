"""Lay out the distinct wordings of a blog's paragraphs: their words as numbers, their signatures, who has them."""

from __future__ import annotations

from array import array
from collections import defaultdict
from typing import TYPE_CHECKING

from indexer.audit.similarity.clusters import NUMBERS
from indexer.audit.similarity.shingles import Numbers, frequent_words, grams, minhash_signature

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from indexer.audit.corpus import Paragraph
    from indexer.audit.similarity.shingles import Gram

LEAST_WORDS = 4
"""A paragraph of fewer words recurs by chance: it is no finding."""

_HEAD = 1000
_HELD = 20_000
"""Texts read for frequent words, and wordings held; chosen: bounds of memory."""


class Wordings:
    """Hold every distinct wording of some paragraphs once: its words, grams and the paragraphs that have it.

    `numbers` are its words as numbers, `frequent` the words that signatures avoid.
    """

    def __init__(self, paragraphs: Sequence[Paragraph], chosen: Iterable[int], frequent: frozenset[str]) -> None:
        self.paragraphs = paragraphs
        self.members: dict[str, list[int]] = defaultdict(list)
        for number in chosen:
            self.members[paragraphs[number].key].append(number)
        self.keys = [key for key in self.members if is_long(key)]
        self.numbers: list[array[int]] = []
        self.summaries: list[list[int]] = []
        self._held: dict[int, set[Gram]] = {}
        number_of = Numbers(frequent)
        for key in self.keys:
            numbers = number_of.of(key.split())
            self.numbers.append(array(NUMBERS, numbers))
            self.summaries.append(minhash_signature(numbers))

    def words(self, wording: int) -> list[str]:
        """Return the words of a wording."""
        return self.keys[wording].split()

    def grams(self, wording: int) -> set[Gram]:
        """Return the 2-grams of a wording."""
        found = self._held.get(wording)
        if found is None:
            if len(self._held) >= _HELD:
                self._held.clear()
            self._held[wording] = found = grams(self.numbers[wording])
        return found

    def of(self, wording: int) -> list[int]:
        """Return the paragraphs that have the wording."""
        return self.members[self.keys[wording]]

    def text(self, wording: int) -> str:
        """Return the wording as its first post has it."""
        return self.paragraphs[self.of(wording)[0]].text

    def posts(self, wording: int) -> set[int]:
        """Return the posts that have the wording."""
        return {self.paragraphs[number].post for number in self.of(wording)}

    def posts_of(self, wordings: Iterable[int]) -> set[int]:
        """Return the posts that have any of the wordings."""
        return set().union(*(self.posts(wording) for wording in wordings))


def frequent_in(paragraphs: Iterable[Paragraph]) -> frozenset[str]:
    """Return the words that are frequent in the first wordings."""
    head: dict[str, None] = {}
    for paragraph in paragraphs:
        if is_long(paragraph.key):
            head[paragraph.key] = None
            if len(head) == _HEAD:
                break
    return frequent_words(head)


def is_long(key: str) -> bool:
    """Tell whether a wording has words enough to be no chance."""
    return key.count(" ") >= LEAST_WORDS - 1
