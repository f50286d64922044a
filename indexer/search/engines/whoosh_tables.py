"""Read the files that Whoosh writes, its ordered tables and its table of contents, without loading Whoosh.

Importing Whoosh takes longer than a search. The forms are those of Whoosh 2.7: `whoosh.filedb.filetables` and
`whoosh.index`; both are written by Whoosh itself (`indexer.search.engines.whoosh_segments`).
"""

from __future__ import annotations

import os
import re
import struct
import sys
from array import array
from bisect import bisect_left
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

try:
    from _pickle import Unpickler  # half of what `pickle` itself takes to load
except ImportError:
    from pickle import Unpickler

if TYPE_CHECKING:
    from collections.abc import Iterator
    from mmap import mmap

NAME = "blogdex"
"""The name of the one index in a folder."""
_MAGIC = b"HSH3"
_HEADER_BYTES = 13
_LENGTHS = struct.Struct("!ii")
_DIRECTORY_BYTES = 256 * struct.calcsize("!qi")
_TOC_VERSION = -111
_BYTE_ORDER = -12345


class Segment:
    """What the table of contents keeps of a segment: its name, how many articles it has, which of them are deleted."""

    def __init__(self, articles: int) -> None:
        self.name = f"{NAME}_{os.urandom(8).hex()}"
        self.articles = articles
        self.deleted: set[int] = set()

    @property
    def live(self) -> int:
        """Return the number of articles that are not deleted."""
        return self.articles - len(self.deleted)

    def segment_id(self) -> str:
        """Return the name by which Whoosh tells files that are needed from those that are not."""
        return self.name


class _Plain(Unpickler):
    """Unpickle what an index is made of and nothing else: a library may come from a stranger."""

    def find_class(self, module: str, name: str) -> type:
        """Return one of the few classes that an index names. Raise `ValueError` for another."""
        if name == "Segment" and module.startswith("indexer."):  # wherever it stood in the version that wrote it
            return Segment
        if module in ("builtins", "__builtin__") and name == "set":
            return set
        raise ValueError(f"an index does not hold {module}.{name}")


def _loads(data: bytes) -> Any:  # noqa: ANN401
    return _Plain(BytesIO(data)).load()


class Table:
    """Keys in order, with their values; looked up by halving, never by hashing."""

    def __init__(self, data: mmap) -> None:
        if data[:4] != _MAGIC:
            raise ValueError("not a table of Whoosh")
        self._data = data
        (tail,) = struct.unpack_from("!i", data, len(data) - 4)
        extras = len(data) - 4 - tail
        known = _loads(data[extras : len(data) - 4])
        self._starts = array(known["indextype"])
        index_bytes = known["indexlen"] * self._starts.itemsize
        self._starts.frombytes(data[len(data) - 4 - index_bytes : len(data) - 4])
        if sys.byteorder == "little":
            self._starts.byteswap()
        (self._end,) = struct.unpack_from("!q", data, extras - _DIRECTORY_BYTES)

    def _key_at(self, start: int) -> bytes:
        length, _ = _LENGTHS.unpack_from(self._data, start)
        return self._data[start + 8 : start + 8 + length]

    def get(self, key: bytes) -> bytes | None:
        """Return the value of a key."""
        for found, value in self.items_from(key):
            return value if found == key else None
        return None

    def items_from(self, key: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        """Return keys with their values in order, from the key or where it would stand."""
        data = self._data
        number = bisect_left(self._starts, key, key=self._key_at) if key else 0
        at = self._starts[number] if number < len(self._starts) else self._end
        while at < self._end:
            key_bytes, value_bytes = _LENGTHS.unpack_from(data, at)
            value = at + 8 + key_bytes
            yield data[at + 8 : value], data[value : value + value_bytes]
            at = value + value_bytes


class Contents(NamedTuple):
    """What a table of contents says: the number of the commit, and its segments."""

    generation: int
    segments: list[Any]


def newest_contents(folder: str, name: str) -> Contents:
    """Read the newest table of contents of an index. Raise `FileNotFoundError` where there is none."""
    numbers = [match[1] for file in os.listdir(folder) if (match := re.fullmatch(rf"_{name}_([0-9]+)\.toc", file))]  # noqa: PTH208
    if not numbers:
        raise FileNotFoundError(folder)
    generation = max(map(int, numbers))
    with open(f"{folder}/_{name}_{generation}.toc", "rb") as file:  # noqa: PTH123
        data = file.read()
    # The sizes of three kinds of numbers, one byte each.
    order, version = struct.unpack_from("!ii", data, 3)
    if order != _BYTE_ORDER or version != _TOC_VERSION:
        raise ValueError("a table of contents of another version")
    at = 11
    for _ in range(3):
        _, at = _varint(data, at)
    schema_bytes, at = _varint(data, at)
    return Contents(generation, _loads(data[at + schema_bytes + 8 :]))


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of Whoosh's variable length, and where the next begins."""
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return number, at
