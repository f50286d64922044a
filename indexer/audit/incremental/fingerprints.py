"""Keep what an audit saw of each post, so that the next one need not look at all of it again.

Most paragraphs of a blog add nothing to a finding: like no other, sharing no run of words with another post, asking for
nothing, naming no place. The fingerprints of a post have flags for each of its paragraphs, which say in which respects
it is *clean*, and hashes by which a new text that resembles one is found (`indexer.audit.incremental.dirty`).
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
"""Clean: it is like no other and stands in no group. What shares a key of its minhash signature may be like it."""
UNSHARED = 2
"""Clean: its post shares no run of words with another one that is worth showing (`similarity.windows`)."""
NO_REQUEST = 4
"""Clean: it asks for nothing."""
NO_PLACE = 8
"""Clean: it names no place of the owner's."""
NO_CONTACT = 128
"""Clean: it has no phone number, e-mail address or street."""
COUNTED = 16
"""Its words count where posts are compared."""
LEADING = 32
"""All lone paragraphs were compared with its wording (`similarity.clusters`)."""
FIRST = 64
"""It is the first with its wording, so that this was compared with the lone paragraphs before it."""

FINGERPRINTS = f"{sys.byteorder}-{sys.hash_info.width}-{hash(tuple(range(WINDOW)))}"
"""Fingerprints made where this differs can't be compared: the hash of a tuple or the order of bytes differs there."""

PRINT = "I"
"""The type code of hashes."""

_COUNT = "I"
_SIZES = 8
"""Bytes before the parts: two numbers of four, of blocks and of paragraphs."""
_PRIME = (1 << 32) - 5
"""The largest prime that fits 32 bits: what hashes are taken modulo of keeps no pattern of theirs."""


class ParagraphPrints(NamedTuple):
    """What is known of a paragraph: its place among the blocks that were kept, and its flags.

    Keys if it is lone, words and windows if these count.
    """

    place: int
    flags: int
    keys: Sequence[int] = ()
    words: int = 0
    windows: Sequence[int] = ()


@dataclass(slots=True)
class Fingerprints:
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
    def of(cls, blocks: int, paragraphs: Sequence[ParagraphPrints]) -> Fingerprints:
        """Return the fingerprints of a post with so many blocks, and these paragraphs among them."""
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

    def paragraphs(self) -> list[ParagraphPrints]:
        """Return what is known of each paragraph."""
        key_ends = list(accumulate(self.key_counts, initial=0))
        window_ends = list(accumulate(self.window_counts(), initial=0))
        return [
            ParagraphPrints(
                place,
                self.flags[at],
                self.keys[key_ends[at] : key_ends[at + 1]],
                self.words[at],
                self.windows[window_ends[at] : window_ends[at + 1]],
            )
            for at, place in enumerate(self.places)
        ]

    def pack(self) -> bytes:
        """Return the fingerprints as bytes, to be read where `FINGERPRINTS` is the same."""
        sizes = self.blocks.to_bytes(4, "big") + len(self.places).to_bytes(4, "big")
        parts = (self.places, self.words, self.keys, self.windows)
        return b"".join((sizes, self.flags, self.key_counts, *(part.tobytes() for part in parts)))

    @classmethod
    def unpack(cls, data: object) -> Fingerprints:
        """Read fingerprints. Raise `ValueError` where their parts don't fit together."""
        if not isinstance(data, bytes) or len(data) < _SIZES:
            raise ValueError("these are not fingerprints")
        made = cls(int.from_bytes(data[:4], "big"))
        size = int.from_bytes(data[4:_SIZES], "big")
        start = _SIZES + 2 * size
        made.flags, made.key_counts = data[_SIZES : _SIZES + size], data[_SIZES + size : start]
        for part, length in ((made.places, size), (made.words, size), (made.keys, sum(made.key_counts))):
            end = start + length * part.itemsize
            part.frombytes(data[start:end])
            start = end
        made.windows.frombytes(data[start:])
        counts = len(made.flags), len(made.words), len(made.keys)
        ascending = all(one < other for one, other in pairwise((*made.places, made.blocks)))
        if counts != (size, size, sum(made.key_counts)) or not ascending:
            raise ValueError("the parts of the fingerprints don't fit together")
        if len(made.windows) != sum(made.window_counts()):
            raise ValueError("the windows of the fingerprints don't fit the words")
        return made


def folded(values: Iterable[int]) -> array[int]:
    """Return keys or windows as fingerprints hold them, in 32 bits each: two different ones may collide."""
    return array(PRINT, map(_PRIME.__rmod__, values))


Inputs = dict[str, tuple[str, ...]]
"""What flags depend on, by name. If an input of a flag changes, the flag is recomputed for every paragraph.

`likeness` stands for how alike copies are and the words that signatures avoid, `owner` for the names, numbers and
domains of the blog's owner; `medoids` are the paragraphs that others may be attached to, `places` the owner's.
"""


@dataclass(slots=True)
class Memory:
    """What the audit before saw: fingerprints of posts by the article's id, of posts that are gone or changed, inputs.

    An audit puts the fingerprints that are new or changed into `made`, and its inputs in place of those before.
    """

    posts: Mapping[int, Fingerprints] = field(default_factory=dict)
    departed: Sequence[Fingerprints] = ()
    inputs: Inputs = field(default_factory=dict)
    made: dict[int, Fingerprints] = field(default_factory=dict)
    revision: int = 0
    """How often a memory of the site was kept before this one was read."""
