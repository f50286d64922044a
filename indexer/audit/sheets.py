"""Keep what an audit saw of each post, so that the next one need not look at all of it again.

Most paragraphs of a blog are *quiet*: like no other, sharing no run of words with another post, asking for nothing,
naming no place. The sheet of a post has flags for each of its blocks, which say in which ways it is quiet, and the
fingerprints by which a new text that resembles one is found (`indexer.audit.attention`).
"""

from __future__ import annotations

import sys
from array import array
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from indexer.audit.shingles import WINDOW

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
LEADING = 16
"""Lone paragraphs were compared with it (`clusters`)."""
COUNTED = 32
"""Its words count where posts are compared."""
APART = 64
"""It is a heading that asks for nothing and gives no number: no paragraph to the audit. It has no other flag."""

FINGERPRINTS = f"{sys.byteorder}-{sys.hash_info.width}-{hash(tuple(range(WINDOW)))}"
"""Sheets made where this is another can't be compared: the hash of a tuple or the order of bytes is another there."""

PRINT = "I"
"""The type code of fingerprints."""

_COUNT = "I"
_PRIME = (1 << 32) - 5


class Prints(NamedTuple):
    """What is known of a block: its flags, its keys if it is lone, its words and windows if these count."""

    flags: int = 0
    keys: Sequence[int] = ()
    words: int = 0
    windows: Sequence[int] = ()


@dataclass(slots=True)
class Sheet:
    """What is known of a post: flags, number of keys and words of each block that was kept; all keys, all windows."""

    flags: bytes = b""
    key_counts: bytes = b""
    words: array[int] = field(default_factory=lambda: array(_COUNT))
    keys: array[int] = field(default_factory=lambda: array(PRINT))
    windows: array[int] = field(default_factory=lambda: array(PRINT))

    @classmethod
    def of(cls, blocks: Sequence[Prints]) -> Sheet:
        """Return the sheet of a post with these blocks."""
        return cls(
            bytes(block.flags for block in blocks),
            bytes(len(block.keys) for block in blocks),
            array(_COUNT, (block.words for block in blocks)),
            array(PRINT, (key for block in blocks for key in block.keys)),
            array(PRINT, (window for block in blocks for window in block.windows)),
        )

    def window_counts(self) -> list[int]:
        """Return how many windows each block has."""
        return [
            max(0, count - WINDOW + 1) if flags & COUNTED else 0
            for flags, count in zip(self.flags, self.words, strict=True)
        ]

    def blocks(self) -> list[Prints]:
        """Return what is known of each block."""
        key_ends = list(accumulate(self.key_counts, initial=0))
        window_ends = list(accumulate(self.window_counts(), initial=0))
        return [
            Prints(
                flags,
                self.keys[key_ends[at] : key_ends[at + 1]],
                self.words[at],
                self.windows[window_ends[at] : window_ends[at + 1]],
            )
            for at, flags in enumerate(self.flags)
        ]

    def pack(self) -> bytes:
        """Return the sheet as bytes, to be read where `FINGERPRINTS` is the same."""
        size = len(self.flags).to_bytes(4, "big")
        parts = (self.words.tobytes(), self.keys.tobytes(), self.windows.tobytes())
        return b"".join((size, self.flags, self.key_counts, *parts))

    @classmethod
    def unpack(cls, data: object) -> Sheet:
        """Read a sheet. Raise `ValueError` where its parts don't fit together."""
        if not isinstance(data, bytes):
            raise ValueError("a sheet is not bytes")
        blocks = int.from_bytes(data[:4], "big")
        sheet = cls()
        start = 4 + 2 * blocks
        sheet.flags, sheet.key_counts = data[4 : 4 + blocks], data[4 + blocks : start]
        for part, size in ((sheet.words, blocks), (sheet.keys, sum(sheet.key_counts))):
            end = start + size * part.itemsize
            part.frombytes(data[start:end])
            start = end
        sheet.windows.frombytes(data[start:])
        counts = len(sheet.words), len(sheet.keys), len(sheet.windows)
        if len(data) < 4 or counts != (blocks, sum(sheet.key_counts), sum(sheet.window_counts())):
            raise ValueError("the parts of a sheet don't fit together")
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
