"""Keep what an audit saw of each post, so that the next one need not look at all of it again.

Most paragraphs of a blog are *quiet*: like no other, sharing no run of words with another post, asking for nothing,
naming no place. The sheet of a post has flags for each of its paragraphs, which say in which ways it is quiet, and the
fingerprints by which a new text that resembles one is found (`indexer.audit.incremental.dirty`).
"""

from __future__ import annotations

import sys
from array import array
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from indexer.audit.similarity.shingles import WINDOW

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LONE = 1
"""Quiet: it is like no other and stands in no group. What shares a key with it (`shingles.sketch`) may be like it."""
OWN = 2
"""Quiet: its post has nothing in common with another one that is worth showing (`windows`)."""
SILENT = 4
"""Quiet: it asks for nothing."""
PLACELESS = 8
"""Quiet: it names no place of the owner's."""
PLAIN = 128
"""Quiet: it has no phone number, e-mail address or street."""
COUNTED = 16
"""Its words count where posts are compared."""
LEADING = 32
"""All lone paragraphs were compared with its wording (`clusters`)."""
FIRST = 64
"""It is the first with its wording, so that this was compared with the lone paragraphs before it."""

FINGERPRINTS = f"{sys.byteorder}-{sys.hash_info.width}-{hash(tuple(range(WINDOW)))}"
"""Sheets made where this is another can't be compared: the hash of a tuple or the order of bytes is another there."""

PRINT = "I"
"""The type code of fingerprints."""

_COUNT = "I"
_SIZES = 8
_PRIME = (1 << 32) - 5


class Prints(NamedTuple):
    """What is known of a paragraph: its place among the blocks that were kept, and its flags.

    Keys if it is lone, words and windows if these count.
    """

    place: int
    flags: int
    keys: Sequence[int] = ()
    words: int = 0
    windows: Sequence[int] = ()


@dataclass(slots=True)
class Sheet:
    """What is known of a post: how many blocks were kept, and of those that are paragraphs to the audit their place,
    flags, number of keys and words; all keys, all windows.
    """

    blocks: int = 0
    places: array[int] = field(default_factory=lambda: array(_COUNT))
    flags: bytes = b""
    key_counts: bytes = b""
    words: array[int] = field(default_factory=lambda: array(_COUNT))
    keys: array[int] = field(default_factory=lambda: array(PRINT))
    windows: array[int] = field(default_factory=lambda: array(PRINT))

    @classmethod
    def of(cls, blocks: int, paragraphs: Sequence[Prints]) -> Sheet:
        """Return the sheet of a post with so many blocks, and these paragraphs among them."""
        return cls(
            blocks,
            array(_COUNT, (known.place for known in paragraphs)),
            bytes(known.flags for known in paragraphs),
            bytes(len(known.keys) for known in paragraphs),
            array(_COUNT, (known.words for known in paragraphs)),
            array(PRINT, (key for known in paragraphs for key in known.keys)),
            array(PRINT, (window for known in paragraphs for window in known.windows)),
        )

    def window_counts(self) -> list[int]:
        """Return how many windows each paragraph has."""
        return [
            max(0, count - WINDOW + 1) if flags & COUNTED else 0
            for flags, count in zip(self.flags, self.words, strict=True)
        ]

    def paragraphs(self) -> list[Prints]:
        """Return what is known of each paragraph."""
        key_ends = list(accumulate(self.key_counts, initial=0))
        window_ends = list(accumulate(self.window_counts(), initial=0))
        return [
            Prints(
                place,
                self.flags[at],
                self.keys[key_ends[at] : key_ends[at + 1]],
                self.words[at],
                self.windows[window_ends[at] : window_ends[at + 1]],
            )
            for at, place in enumerate(self.places)
        ]

    def pack(self) -> bytes:
        """Return the sheet as bytes, to be read where `FINGERPRINTS` is the same."""
        sizes = self.blocks.to_bytes(4, "big") + len(self.places).to_bytes(4, "big")
        parts = (self.places, self.words, self.keys, self.windows)
        return b"".join((sizes, self.flags, self.key_counts, *(part.tobytes() for part in parts)))

    @classmethod
    def unpack(cls, data: object) -> Sheet:
        """Read a sheet. Raise `ValueError` where its parts don't fit together."""
        if not isinstance(data, bytes) or len(data) < _SIZES:
            raise ValueError("this is no sheet")
        sheet = cls(int.from_bytes(data[:4], "big"))
        size = int.from_bytes(data[4:_SIZES], "big")
        start = _SIZES + 2 * size
        sheet.flags, sheet.key_counts = data[_SIZES : _SIZES + size], data[_SIZES + size : start]
        for part, length in ((sheet.places, size), (sheet.words, size), (sheet.keys, sum(sheet.key_counts))):
            end = start + length * part.itemsize
            part.frombytes(data[start:end])
            start = end
        sheet.windows.frombytes(data[start:])
        counts = len(sheet.flags), len(sheet.words), len(sheet.keys)
        ascending = all(one < other for one, other in pairwise((*sheet.places, sheet.blocks)))
        if counts != (size, size, sum(sheet.key_counts)) or not ascending:
            raise ValueError("the parts of a sheet don't fit together")
        if len(sheet.windows) != sum(sheet.window_counts()):
            raise ValueError("the windows of a sheet don't fit its words")
        return sheet


def folded(values: Iterable[int]) -> array[int]:
    """Return keys or windows as a sheet keeps them, in 32 bits each: different ones may be the same there."""
    return array(PRINT, map(_PRIME.__rmod__, values))


Outlook = dict[str, tuple[str, ...]]
"""What paragraphs were found quiet with: where something of it is another now, they are looked at again.

`likeness` stands for how alike copies are and the words that sketches avoid, `owner` for the names, numbers and domains
of the blog's owner; `cores` are the paragraphs that others may be attached to, `places` the owner's.
"""


@dataclass(slots=True)
class Memory:
    """The sheets of posts by the article's id, those of posts that are gone or no longer the same, and their outlook.

    An audit puts the sheets that are new or changed into `made`, and its outlook in place of the one before.
    """

    sheets: Mapping[int, Sheet] = field(default_factory=dict)
    departed: Sequence[Sheet] = ()
    outlook: Outlook = field(default_factory=dict)
    made: dict[int, Sheet] = field(default_factory=dict)
    revision: int = 0
    """How often a memory of the site was kept before this one was read."""
