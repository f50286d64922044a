"""Choose the paragraphs that an audit looks at: all of them at first, few of them after a crawl.

It looks at new and changed posts, at what was not quiet before, and at what these wake: quiet paragraphs that have a
fingerprint in common with them. What it finds is what an audit of everything finds.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from indexer.audit.asks import Owner, judge
from indexer.audit.incremental.fingerprints import COUNTED, FIRST, LEADING, LONE, OWN, Prints, Sheet, folded
from scraper.text.contacts import phones

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from indexer.audit.corpus import Corpus, Piece
    from indexer.audit.incremental.fingerprints import Memory, Outlook


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
            if sheet is not None and sheet.blocks == len(pieces):
                self._take([pieces[place] for place in sheet.places], sheet)
            else:
                self._take([piece for piece in pieces if not _is_apart(piece)], None)
        self._outlook: Outlook = {}
        self._keys: Mapping[int, Sequence[int]] = {}
        self._windows: Mapping[int, tuple[int, Sequence[int]]] = {}

    def _take(self, pieces: Sequence[Piece], sheet: Sheet | None) -> None:
        self._sheets.append(sheet)
        self.pieces.extend(pieces)
        self._first.append(len(self.pieces))
        self._flags.extend(sheet.flags if sheet else bytes(len(pieces)))

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

    def sift(self, flag: int, stands_out: Callable[[Piece], bool]) -> list[Piece]:
        """Look at the paragraphs that are awake in a way: return those that stand out, and know the others as quiet."""
        awake = self.awake(flag)
        found = [number for number in awake if stands_out(self.pieces[number])]
        self.settle(flag, set(awake).difference(found))
        return [self.pieces[number] for number in found]

    def wake(self, flag: int, numbers: Iterable[int]) -> None:
        """Know no longer that these paragraphs are quiet in a way."""
        self._put(flag, numbers, on=False)

    def settle(self, flag: int, numbers: Iterable[int]) -> None:
        """Know that these paragraphs are quiet in a way."""
        self._put(flag, numbers, on=True)

    def _put(self, flag: int, numbers: Iterable[int], *, on: bool) -> None:
        for number in numbers:
            self._flags[number] = self._flags[number] | flag if on else self._flags[number] & ~flag

    def settle_lone(self, keys: Mapping[int, Sequence[int]], leading: Iterable[int], first: Iterable[int]) -> None:
        """Know which of the paragraphs that were awake are lone, with their keys, which lead, which are the first."""
        awake = self.awake(LONE)
        self._put(LEADING | FIRST, awake, on=False)
        self._put(LEADING, leading, on=True)
        self._put(FIRST, first, on=True)
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

    def has_met(self, wording: Sequence[int], *, leading: bool) -> bool:
        """Tell whether the lone paragraphs were compared with a wording, given by its paragraphs.

        They all were if it was leading. Else those before it were, and that is enough if it does not lead now.
        """
        led = any(self._flags[number] & LEADING for number in wording)
        return led or (not leading and bool(self._flags[wording[0]] & FIRST))

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
        at = 0
        for number, count in zip(self.of(post), counts, strict=True):
            if self._flags[number] & flag and not wanted.isdisjoint(prints[at : at + count]):
                yield number
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
            if sheet is None or other_keys or sheet.flags != self._flags[self._first[post] : self._first[post + 1]]:
                self._memory.made[article.id] = self._sheet(post, sheet)
        self._memory.outlook = self._outlook

    def _sheet(self, post: int, before: Sheet | None) -> Sheet:
        """Return what is known of a post now; what was not looked at is taken from the sheet before."""
        size = len(self._corpus.kept_of[post])
        old = before.paragraphs() if before else None
        new = []
        for at, number in enumerate(self.of(post)):
            flags, known = self._flags[number], old[at] if old else Prints(0, 0)
            keys = self._keys.get(number, known.keys) if flags & LONE else ()
            words, windows = self._windows.get(number, (known.words, known.windows)) if flags & COUNTED else (0, ())
            new.append(Prints(size - 1 - self.pieces[number].from_end, flags, keys, words, windows))
        return Sheet.of(size, new)


def _is_apart(piece: Piece) -> bool:
    """Tell whether a block is a heading that asks for nothing and gives no number: no paragraph to the audit."""
    heading = bool(piece.block.heading)
    return heading and judge(piece.text, Owner()) != "ask" and not phones(piece.text)
