"""Choose the paragraphs that an audit looks at: all of them at first, few of them after a crawl.

It looks at new and changed posts, at what was not quiet before, and at what these wake: quiet paragraphs that have a
fingerprint in common with them. What it finds is what an audit of everything finds.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from indexer.audit.asks import Owner, judge
from indexer.audit.sheets import APART, COUNTED, LEADING, LONE, OWN, Prints, Sheet, folded
from indexer.audit.values import phones

if TYPE_CHECKING:
    from array import array
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from indexer.audit.corpus import Corpus, Piece
    from indexer.audit.sheets import Memory, Outlook


class Attention:
    """Hold the paragraphs of a blog, named by number, and which of them are known to be quiet (`sheets`)."""

    def __init__(self, corpus: Corpus, memory: Memory) -> None:
        self._corpus, self._memory = corpus, memory
        self.pieces: list[Piece] = []
        self._first = [0]
        self._sheets: list[Sheet | None] = []
        self._flags = bytearray()
        for pieces, article in zip(corpus.kept_of, corpus.articles, strict=True):
            sheet = memory.sheets.get(article.id)
            if sheet is not None and len(sheet.flags) == len(pieces):
                self._take([piece for piece, flags in zip(pieces, sheet.flags, strict=True) if flags != APART], sheet)
            else:
                self._take([piece for piece in pieces if not _is_apart(piece)], None)
        self._outlook: Outlook = {}
        self._keys: Mapping[int, Sequence[int]] = {}
        self._windows: Mapping[int, tuple[int, Sequence[int]]] = {}

    def _take(self, pieces: Sequence[Piece], sheet: Sheet | None) -> None:
        self._sheets.append(sheet)
        self.pieces.extend(pieces)
        self._first.append(len(self.pieces))
        self._flags.extend(_taken(sheet) if sheet else bytes(len(pieces)))

    def expect(self, flag: int, name: str, *now: str) -> None:
        """Wake all paragraphs in a way where what decides it, by its name in the outlook, is not what it was."""
        self._outlook[name] = now
        if self._memory.outlook.get(name) != now:
            self.wake(flag, self.quiet(flag))

    def hold(self, cores: Iterable[str]) -> set[str]:
        """Note the cores that lone paragraphs are held against, and return those that they never were."""
        self._outlook["cores"] = tuple(sorted(cores))
        return set(cores).difference(self._memory.outlook.get("cores", ()))

    def awake(self, flag: int) -> list[int]:
        """Return the paragraphs that are not known to be quiet in a way, in order."""
        return [number for number, flags in enumerate(self._flags) if not flags & flag]

    def quiet(self, flag: int) -> list[int]:
        """Return the paragraphs that are known to be quiet in a way, in order."""
        return [number for number, flags in enumerate(self._flags) if flags & flag]

    def wake(self, flag: int, numbers: Iterable[int]) -> None:
        """Know no longer that these paragraphs are quiet in a way."""
        self._put(flag, numbers, on=False)

    def settle(self, flag: int, numbers: Iterable[int]) -> None:
        """Know that these paragraphs are quiet in a way."""
        self._put(flag, numbers, on=True)

    def _put(self, flag: int, numbers: Iterable[int], *, on: bool) -> None:
        for number in numbers:
            self._flags[number] = self._flags[number] | flag if on else self._flags[number] & ~flag

    def settle_lone(self, keys: Mapping[int, Sequence[int]], leading: Iterable[int]) -> None:
        """Know which of the paragraphs that were awake are lone, with their keys, and which of them lead."""
        self._put(LEADING, self.awake(LONE), on=False)
        self._put(LEADING, leading, on=True)
        self._keys = keys
        self.settle(LONE, keys)

    def settle_counted(self, posts: Iterable[int], windows: Mapping[int, tuple[int, Sequence[int]]]) -> None:
        """Know which paragraphs of some posts count where posts are compared, how many words they have, and windows."""
        self._windows = windows
        self._put(COUNTED, chain.from_iterable(map(self.of, posts)), on=False)
        self._put(COUNTED, windows, on=True)

    def settle_own(self, posts: Iterable[int], paired: Container[int]) -> None:
        """Know which of the posts that were compared with all others have nothing in common with one."""
        for post in posts:
            self._put(OWN, self.of(post), on=post not in paired)

    def of(self, post: int) -> range:
        """Return the paragraphs of a post."""
        return range(self._first[post], self._first[post + 1])

    def knows(self, numbers: Iterable[int], *, leading: bool) -> bool:
        """Tell whether one of these was there before; and was leading, where that is asked."""
        return any(
            self._sheets[self.pieces[number].post] is not None and (not leading or self._flags[number] & LEADING)
            for number in numbers
        )

    def wake_like(self, keys: Iterable[int]) -> list[int]:
        """Wake and return the lone paragraphs that have, as far as sheets tell, one of these keys."""
        wanted = set(folded(keys))
        found = [
            number
            for post, sheet in self._known()
            if not wanted.isdisjoint(sheet.keys)
            for number in self._having(wanted, post, LONE, sheet.keys, sheet.key_counts)
        ]
        self.wake(LONE, found)
        return found

    def unsettled(self, left_out: Container[int]) -> tuple[set[int], set[int]]:
        """Return the posts in which other paragraphs count than before, new posts among them; and those with a pair."""
        changed, paired = set(), set()
        for post, sheet in enumerate(self._sheets):
            flags = [(number, self._flags[number]) for number in self.of(post)]
            if sheet is None or any(bool(known & COUNTED) == (number in left_out) for number, known in flags):
                changed.add(post)
            elif not all(known & OWN for _, known in flags):
                paired.add(post)
        return changed, paired

    def departed(self, changed: Iterable[int]) -> Counter[int]:
        """Count the posts of before that each window, folded, stood on: those that are gone, and changed ones."""
        before = (*self._memory.departed, *(sheet for post in changed if (sheet := self._sheets[post])))
        return Counter(chain.from_iterable(set(sheet.windows) for sheet in before))

    def sharing(self, windows: AbstractSet[int], apart_from: Container[int]) -> list[int]:
        """Return the paragraphs of other posts that have, as far as sheets tell, one of these windows, folded."""
        return [
            number
            for post, sheet in self._known()
            if post not in apart_from and not windows.isdisjoint(sheet.windows)
            for number in self._having(windows, post, COUNTED, sheet.windows, sheet.window_counts())
        ]

    def _known(self) -> Iterator[tuple[int, Sheet]]:
        return ((post, sheet) for post, sheet in enumerate(self._sheets) if sheet is not None)

    def _having(
        self, wanted: AbstractSet[int], post: int, flag: int, prints: array[int], counts: Iterable[int]
    ) -> Iterator[int]:
        """Yield the paragraphs of a post that have a flag and have a wanted fingerprint."""
        sheet = self._sheets[post]
        assert sheet is not None
        number, at = self._first[post], 0
        for flags, count in zip(sheet.flags, counts, strict=True):
            if flags != APART:
                if self._flags[number] & flag and not wanted.isdisjoint(prints[at : at + count]):
                    yield number
                number += 1
            at += count

    def words(self, post: int) -> int:
        """Return how many words of a known post count."""
        sheet = self._sheets[post]
        return sum(sheet.words) if sheet else 0

    def remember(self) -> None:
        """Put the sheets that are no longer what they were into the memory, and the outlook."""
        other_keys = self._outlook["likeness"] != self._memory.outlook.get("likeness")
        for post, article in enumerate(self._corpus.articles):
            sheet = self._sheets[post]
            flags = self._flags[self._first[post] : self._first[post + 1]]
            if sheet is None or other_keys or _taken(sheet) != flags:
                self._memory.made[article.id] = self._sheet(post, sheet)
        self._memory.outlook = self._outlook

    def _sheet(self, post: int, before: Sheet | None) -> Sheet:
        """Return what is known of a post now; what was not looked at is taken from the sheet before."""
        size = len(self._corpus.kept_of[post])
        old = before.blocks() if before else [Prints()] * size
        new = [Prints(APART)] * size
        for number in range(self._first[post], self._first[post + 1]):
            place = size - 1 - self.pieces[number].from_end
            flags, (_, keys, words, windows) = self._flags[number], old[place]
            lone = self._keys.get(number, keys) if flags & LONE else ()
            words, windows = self._windows.get(number, (words, windows)) if flags & COUNTED else (0, ())
            new[place] = Prints(flags, lone, words, windows)
        return Sheet.of(new)


def _taken(sheet: Sheet) -> bytes:
    """Return the flags of the blocks that are paragraphs to the audit."""
    return sheet.flags.translate(None, bytes((APART,)))


def _is_apart(piece: Piece) -> bool:
    """Tell whether a block is a heading that asks for nothing and gives no number: no paragraph to the audit."""
    heading = bool(piece.block.heading)
    return heading and judge(piece.text, Owner()) != "ask" and not phones(piece.text)
