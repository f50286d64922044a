"""Find posts that are copies of other posts, whole or in part, and series of posts made after one pattern."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from indexer.audit.findings import Duplicate, Series
from indexer.audit.marks import mark
from indexer.audit.similarity.clusters import Union
from scraper.text.words import masked_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from indexer.audit.corpus import Corpus, Paragraph
    from indexer.audit.similarity.windows import Common, PostShingles, Windows

CONTAINED = 0.25
"""Share of a post's words from which it is a partial copy, where two whole blocks are shared as well."""

WHOLE_BLOCKS = 2
BLOCK_COVERED = 0.6
BLOCK_WORDS = 8
NEAR = 0.6
EXACT = 0.97
SERIES_PARTNERS = 2
SERIES_POSTS = 5
"""So many posts that each share with two others or more are one series, with the posts that share with one of them.
Four that copy from one another are six pairs at most, which an editor would rather see."""

COPIED = 0.85
OWN_SHARE = 0.25
"""Posts of a series are copies of one another as well where nearly all of them is alike, or where two of them share
much that hardly another post of the series has: no more than this share of its posts."""

_SHOWN_DIFFERENCES = 3
"""Paragraphs of each post that a pair of duplicates shows; chosen: enough to tell them apart."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two posts, the older one first, with how many words each has and shares with the other."""

    older: int
    newer: int
    words: tuple[int, int]
    shared: tuple[int, int]

    @property
    def contained(self) -> tuple[float, float]:
        """Return the share of the older post in the newer one, and the other way round."""
        first, second = (
            shared / words if words else 0.0 for shared, words in zip(self.shared, self.words, strict=True)
        )
        return first, second


def compare(windows: Windows, common: Common) -> Pair | None:
    """Return two posts with what they share, `None` where that is too little to call one a copy of the other."""
    posts = common.older, common.newer
    words = windows.sizes[posts[0]], windows.sizes[posts[1]]
    least = CONTAINED / 2 * min(words)
    if len(common.windows) < least or len(shared := set(common.windows)) < least:
        return None
    places = windows.laid[common.older].places_of(shared), common.places
    inside = [windows.laid[post].covered(found) for post, found in zip(posts, places, strict=True)]
    pair = Pair(*posts, words, (sum(inside[0].values()), sum(inside[1].values())))
    if max(pair.contained) < CONTAINED:
        return None
    whole = min(_whole_blocks(windows.laid[post], found) for post, found in zip(posts, inside, strict=True))
    return pair if whole >= WHOLE_BLOCKS or min(pair.contained) >= EXACT else None


def _whole_blocks(laid: PostShingles, inside: Mapping[int, int]) -> int:
    """Count the blocks of a post that stand in the other nearly whole, by how many of their words do."""
    sizes = ((laid.words(block), covered) for block, covered in inside.items())
    return sum(words >= BLOCK_WORDS and covered >= BLOCK_COVERED * words for words, covered in sizes)


class DuplicateFinder:
    """Make findings of the pairs of posts that are copies of one another."""

    def __init__(
        self, corpus: Corpus, paragraphs: Sequence[Paragraph], windows: Windows, found: Iterable[Pair]
    ) -> None:
        self._corpus, self._paragraphs, self._windows = corpus, paragraphs, windows
        self._by_post: dict[int, list[int]] = defaultdict(list)
        for number, paragraph in enumerate(paragraphs):
            self._by_post[paragraph.post].append(number)
        ordered = sorted(found, key=lambda pair: (pair.older, pair.newer))
        self._series, inside = _find_series(ordered)
        self.pairs = [pair for pair in ordered if pair not in inside or self._stands_out(pair, inside[pair])]
        self.posts = frozenset((pair.older, pair.newer) for pair in ordered)

    def _stands_out(self, pair: Pair, series: Sequence[int]) -> bool:
        """Tell whether two posts of a series are copies beyond what makes it a series."""
        if min(pair.contained) >= COPIED:
            return True
        if min(pair.contained) < NEAR:
            return False
        own = self._windows.in_both(pair.older, pair.newer, max(2, OWN_SHARE * len(series)))
        both = (
            (self._windows.laid[post], words) for post, words in zip((pair.older, pair.newer), pair.words, strict=True)
        )
        return any(sum(laid.covered(laid.places_of(own)).values()) / words >= CONTAINED for laid, words in both)

    def duplicates(self) -> Iterator[Duplicate]:
        """Yield the pairs, most alike first. `a` is the older post."""
        for pair in sorted(
            self.pairs, key=lambda pair: (-min(pair.contained), -max(pair.contained), pair.older, pair.newer)
        ):
            a, b = self._corpus.urls[pair.older], self._corpus.urls[pair.newer]
            first, second = pair.contained
            kind: Literal["exact", "near", "partial"] = (
                "exact" if min(first, second) >= EXACT else "near" if min(first, second) >= NEAR else "partial"
            )
            dated = self._corpus.published(pair.older) and self._corpus.published(pair.newer)
            known = dated and self._corpus.published(pair.older) != self._corpus.published(pair.newer)
            only = self._own(pair.older, pair.newer), self._own(pair.newer, pair.older)
            yield Duplicate(
                mark("d", *sorted((a, b))), kind, a, b, first, second, min(pair.shared), a if known else None, *only
            )

    def _own(self, post: int, other: int) -> tuple[str, ...]:
        """Return the first blocks of a post that the other does not have."""
        there = {self._paragraphs[number].key for number in self._by_post[other]}
        own = (self._paragraphs[number] for number in self._by_post[post])
        return tuple(paragraph.text for paragraph in own if paragraph.key not in there)[:_SHOWN_DIFFERENCES]

    def series(self) -> Iterator[Series]:
        """Yield the series, most posts first, with the text that most of their posts begin with."""
        for posts, share in self._series:
            urls = tuple(self._corpus.urls[post] for post in posts)
            openings = Counter(
                self._paragraphs[number].text
                for post in posts
                for number in self._by_post[post]
                if len(masked_words(self._paragraphs[number].text)) >= BLOCK_WORDS
            )
            text = min(openings, key=lambda text: (-openings[text], text), default="")
            yield Series(mark("r", urls[0]), urls, share, text)


def _find_series(pairs: Sequence[Pair]) -> tuple[list[tuple[list[int], float]], dict[Pair, list[int]]]:
    """Return the groups in which each post shares with several others, and the pairs in them with their group.

    What is left when posts with too few partners are taken away, one after the other (Seidman's k-core, 1983).
    """
    partners: dict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        partners[pair.older].add(pair.newer)
        partners[pair.newer].add(pair.older)
    waiting = [post for post, found in partners.items() if len(found) < SERIES_PARTNERS]
    while waiting:
        post = waiting.pop()
        for other in partners.pop(post, ()):
            if other in partners:
                partners[other].discard(post)
                if len(partners[other]) < SERIES_PARTNERS:
                    waiting.append(other)
    together = Union()
    groups: dict[int, list[Pair]] = defaultdict(list)
    linked = [pair for pair in pairs if pair.older in partners or pair.newer in partners]
    for pair in linked:
        together.join(pair.older, pair.newer)
    for pair in linked:
        groups[together.root(pair.older)].append(pair)
    series = []
    inside: dict[Pair, list[int]] = {}
    for found in groups.values():
        posts = sorted({post for pair in found for post in (pair.older, pair.newer)})
        if len(posts) >= SERIES_POSTS:
            series.append((posts, sum(sum(pair.contained) / 2 for pair in found) / len(found)))
            inside.update(dict.fromkeys(found, posts))
    series.sort(key=lambda item: (-len(item[0]), item[0]))
    return series, inside
