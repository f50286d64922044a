"""Track which paragraphs an audit has to look at: all of them at first, few of them after a crawl.

A paragraph is *clean* in a respect (a flag) if an earlier audit found that it adds nothing to a kind of finding, and
nothing that this depends on has changed since; else it is *dirty*. Dirty are the paragraphs of new and changed posts,
what was not clean before, and clean paragraphs that have a fingerprint in common with a dirty one. The findings are
those of an audit of everything.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from indexer.audit.incremental.fingerprints import (
    COUNTED,
    FIRST,
    LEADING,
    LONE,
    UNSHARED,
    Fingerprints,
    ParagraphPrints,
    folded,
)
from scraper.text.contacts import phones
from scraper.text.requests import Place, request_in

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from indexer.audit.corpus import Corpus, Paragraph
    from indexer.audit.incremental.fingerprints import Inputs, Memory


class Tracker:
    """Hold the paragraphs of a blog, named by number, and the respects in which each is clean (`fingerprints`)."""

    def __init__(self, corpus: Corpus, memory: Memory) -> None:
        self._corpus, self._memory = corpus, memory
        self.paragraphs: list[Paragraph] = []
        self._first = [0]
        self._prints: list[Fingerprints | None] = []
        self._flags = bytearray()
        for paragraphs, article in zip(corpus.kept_of, corpus.articles, strict=True):
            prints = memory.posts.get(article.id)
            if prints is not None and prints.blocks == len(paragraphs):
                self._take([paragraphs[place] for place in prints.places], prints)
            else:
                self._take([paragraph for paragraph in paragraphs if not _is_apart(paragraph)], None)
        self._inputs: Inputs = {}
        self._keys: Mapping[int, Sequence[int]] = {}
        self._windows: Mapping[int, tuple[int, Sequence[int]]] = {}

    def _take(self, paragraphs: Sequence[Paragraph], prints: Fingerprints | None) -> None:
        self._prints.append(prints)
        self.paragraphs.extend(paragraphs)
        self._first.append(len(self.paragraphs))
        self._flags.extend(prints.flags if prints else bytes(len(paragraphs)))

    def depends_on(self, flag: int, name: str, *now: str) -> None:
        """Note an input on which a flag depends. If it changed, the flag is recomputed for every paragraph."""
        self._inputs[name] = now
        if self._memory.inputs.get(name) != now:
            self.invalidate(flag, self.clean(flag))

    def new_medoids(self, medoids: Iterable[str]) -> set[str]:
        """Note the medoids that lone paragraphs were compared with; return those that they were not, before now."""
        self._inputs["medoids"] = tuple(sorted(medoids))
        return set(medoids).difference(self._memory.inputs.get("medoids", ()))

    def dirty(self, flag: int) -> list[int]:
        """Return the paragraphs without a flag, in order."""
        return [number for number, flags in enumerate(self._flags) if not flags & flag]

    def clean(self, flag: int) -> list[int]:
        """Return the paragraphs with a flag, in order."""
        return [number for number, flags in enumerate(self._flags) if flags & flag]

    def filter(self, flag: int, matches: Callable[[Paragraph], bool]) -> list[Paragraph]:
        """Return those of the dirty paragraphs that a predicate holds for; the others are clean from now on."""
        dirty = self.dirty(flag)
        found = [number for number in dirty if matches(self.paragraphs[number])]
        self.mark_clean(flag, set(dirty).difference(found))
        return [self.paragraphs[number] for number in found]

    def invalidate(self, flag: int, numbers: Iterable[int]) -> None:
        """Take a flag from paragraphs."""
        self._put(flag, numbers, on=False)

    def mark_clean(self, flag: int, numbers: Iterable[int]) -> None:
        """Give paragraphs a flag."""
        self._put(flag, numbers, on=True)

    def _put(self, flag: int, numbers: Iterable[int], *, on: bool) -> None:
        for number in numbers:
            self._flags[number] = self._flags[number] | flag if on else self._flags[number] & ~flag

    def mark_lone(self, keys: Mapping[int, Sequence[int]], leading: Iterable[int], first: Iterable[int]) -> None:
        """Note which of the dirty paragraphs are lone, with their keys, which lead, which are the first."""
        self._put(LEADING | FIRST, self.dirty(LONE), on=False)
        self._put(LEADING, leading, on=True)
        self._put(FIRST, first, on=True)
        self._keys = keys
        self.mark_clean(LONE, keys)

    def mark_counted(self, posts: Iterable[int], windows: Mapping[int, tuple[int, Sequence[int]]]) -> None:
        """Note which paragraphs of some posts count where posts are compared, their numbers of words, and windows."""
        self._windows = windows
        self._put(COUNTED, chain.from_iterable(map(self.of, posts)), on=False)
        self._put(COUNTED, windows, on=True)

    def mark_unshared(self, posts: Iterable[int], paired: Container[int]) -> None:
        """Note which of the posts that were compared with all others have nothing in common with one."""
        for post in posts:
            self._put(UNSHARED, self.of(post), on=post not in paired)

    def of(self, post: int) -> range:
        """Return the paragraphs of a post."""
        return range(self._first[post], self._first[post + 1])

    def has_met(self, wording: Sequence[int], *, leading: bool) -> bool:
        """Tell whether the lone paragraphs were compared with a wording, given by its paragraphs.

        They all were if it was leading. Else those before it were, and that is enough if it does not lead now.
        """
        led = any(self._flags[number] & LEADING for number in wording)
        return led or (not leading and bool(self._flags[wording[0]] & FIRST))

    def invalidate_like(self, keys: Iterable[int]) -> list[int]:
        """Make dirty, and return, the lone paragraphs that have one of these keys, as far as fingerprints tell."""
        wanted = set(folded(keys))
        found = [
            number
            for post, prints in self._known()
            if not wanted.isdisjoint(prints.keys)
            for number in self._having(wanted, post, LONE, prints.keys, prints.key_counts)
        ]
        self.invalidate(LONE, found)
        return found

    def unsettled(self, left_out: Container[int]) -> tuple[set[int], set[int]]:
        """Return the posts in which other paragraphs count than before, new posts among them; and those with a pair."""
        changed, paired = set(), set()
        for post, prints in enumerate(self._prints):
            flags = [(number, self._flags[number]) for number in self.of(post)]
            if prints is None or any(bool(known & COUNTED) == (number in left_out) for number, known in flags):
                changed.add(post)
            elif not all(known & UNSHARED for _, known in flags):
                paired.add(post)
        return changed, paired

    def departed(self, changed: Iterable[int]) -> Counter[int]:
        """Count the posts of before that each window, folded, stood on: those that are gone, and changed ones."""
        before = (*self._memory.departed, *(prints for post in changed if (prints := self._prints[post])))
        return Counter(chain.from_iterable(set(prints.windows) for prints in before))

    def sharing(self, windows: AbstractSet[int], apart_from: Container[int]) -> list[int]:
        """Return the paragraphs of other posts that have, as far as fingerprints tell, one of these windows, folded."""
        return [
            number
            for post, prints in self._known()
            if post not in apart_from and not windows.isdisjoint(prints.windows)
            for number in self._having(windows, post, COUNTED, prints.windows, prints.window_counts())
        ]

    def _known(self) -> Iterator[tuple[int, Fingerprints]]:
        return ((post, prints) for post, prints in enumerate(self._prints) if prints is not None)

    def _having(
        self, wanted: AbstractSet[int], post: int, flag: int, prints: array[int], counts: Iterable[int]
    ) -> Iterator[int]:
        """Yield the paragraphs of a post that have a flag and have a wanted fingerprint."""
        at = 0
        for number, count in zip(self.of(post), counts, strict=True):
            if self._flags[number] & flag and not wanted.isdisjoint(prints[at : at + count]):
                yield number
            at += count

    def words(self, post: int) -> int:
        """Return how many words of a known post count."""
        prints = self._prints[post]
        return sum(prints.words) if prints else 0

    def remember(self) -> None:
        """Put the fingerprints that changed into the memory, and the inputs they depend on."""
        other_keys = self._inputs["likeness"] != self._memory.inputs.get("likeness")
        for post, article in enumerate(self._corpus.articles):
            prints = self._prints[post]
            if prints is None or other_keys or prints.flags != self._flags[self._first[post] : self._first[post + 1]]:
                self._memory.made[article.id] = self._fingerprints(post, prints)
        self._memory.inputs = self._inputs

    def _fingerprints(self, post: int, before: Fingerprints | None) -> Fingerprints:
        """Return what is known of a post now; what was not looked at is taken from before."""
        size = len(self._corpus.kept_of[post])
        old = before.paragraphs() if before else None
        new = []
        for at, number in enumerate(self.of(post)):
            flags, known = self._flags[number], old[at] if old else ParagraphPrints(0, 0)
            keys = self._keys.get(number, known.keys) if flags & LONE else ()
            words, windows = self._windows.get(number, (known.words, known.windows)) if flags & COUNTED else (0, ())
            new.append(ParagraphPrints(size - 1 - self.paragraphs[number].from_end, flags, keys, words, windows))
        return Fingerprints.of(size, new)


def _is_apart(paragraph: Paragraph) -> bool:
    """Tell whether a block is a heading that asks for nothing and gives no number: no paragraph to the audit."""
    heading = bool(paragraph.block.heading)
    return (
        heading and request_in(paragraph.text, place=Place(heading=True)).kind != "ask" and not phones(paragraph.text)
    )
