"""Keep beside an index which files it has and what they hold, so that a damaged one is never searched.

A small index is held against its checksums whenever it is opened. Of a large one that has not been written to since,
only sizes and times are looked at, as reading all of it takes longer than a search; `blogdex doctor` reads all of any,
and so does whatever is about to change one.
"""

from __future__ import annotations

import os
from types import MappingProxyType
from typing import TYPE_CHECKING
from zlib import crc32

from indexer.errors import DamagedIndexError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FILE = "manifest"
_PASSING = ("-wal", "-shm", "-journal", ".new", ".lock")
"""How the names of files end that an engine has only while it works, or that readers make."""
_READ_WHOLE_BYTES = 4_000_000
"""Size up to which an index is read whole when it is opened: checking that much takes 2 to 4 ms of a search's 70."""
_TRIES = 20
"""Times that a manifest may change while it is checked; chosen: a commit takes longer than a check."""
_CHUNK = 1 << 20
"""Bytes that are read at once; chosen, little memory and few calls."""

Entry = tuple[int, int, int]
"""Size, time in nanoseconds and checksum of a file."""


def save(folder: Path, before: Mapping[str, Entry] = MappingProxyType({})) -> None:
    """Write down what the files of an index are now; of those that were not touched what they were `before`."""
    entries = {}
    for name in _names(folder):
        size, at = _state(folder, name)
        known = before.get(name)
        same = known is not None and known[:2] == (size, at)
        entries[name] = known if known is not None and same else (size, at, _sum(folder, name))
    text = "".join(f"{size} {at} {total} {name}\n" for name, (size, at, total) in sorted(entries.items()))
    written = folder / f"{_FILE}.new"
    with written.open("wb") as file:
        file.write(f"{crc32(text.encode())}\n{text}".encode())
        file.flush()
        os.fsync(file.fileno())
    written.replace(folder / _FILE)


def drop(folder: Path) -> Mapping[str, Entry]:
    """Take the manifest away before an index is changed, and return it: until it is saved again nothing is promised.

    Raise `DamagedIndexError` where any file is not what it says: after the change that would be written down as whole.
    """
    check(folder, wholly=True)
    entries = _parsed(_read(folder)) or {}
    (folder / _FILE).unlink(missing_ok=True)
    return entries


def check(folder: Path | str, *, wholly: bool = False) -> None:
    """Raise `DamagedIndexError` where files of an index are not what the manifest says; one without a manifest passes.

    A writer may change the index meanwhile: only what is wrong while the manifest stays the same is damage.
    """
    for _ in range(_TRIES):
        text = _read(folder)
        if text is None:
            return
        entries = _parsed(text)
        wrong = _FILE if entries is None else _wrong(folder, entries, wholly=wholly)
        if wrong is None:
            return
        if _read(folder) == text:
            raise DamagedIndexError(wrong)


def _wrong(folder: Path | str, entries: dict[str, Entry], *, wholly: bool) -> str | None:
    """Return the first file that is not what it was."""
    small = sum(size for size, _, _ in entries.values()) <= _READ_WHOLE_BYTES
    for name, (size, at, total) in entries.items():
        try:
            found = _state(folder, name)
            trusted = found == (size, at) and not (wholly or small)
            if found[0] != size or not (trusted or _sum(folder, name) == total):
                return name
        except OSError:
            return name
    return None


def _names(folder: Path | str) -> list[str]:
    return [
        entry.name
        for entry in os.scandir(folder)
        if entry.is_file() and entry.name != _FILE and not entry.name.endswith(_PASSING)
    ]


def _state(folder: Path | str, name: str) -> tuple[int, int]:
    known = os.stat(f"{folder}/{name}")  # noqa: PTH116
    return known.st_size, known.st_mtime_ns


def _sum(folder: Path | str, name: str) -> int:
    total = 0
    with open(f"{folder}/{name}", "rb") as file:  # noqa: PTH123
        while part := file.read(_CHUNK):
            total = crc32(part, total)
    return total


def _read(folder: Path | str) -> bytes | None:
    try:
        with open(f"{folder}/{_FILE}", "rb") as file:  # noqa: PTH123
            return file.read()
    except FileNotFoundError:
        return None


def _parsed(text: bytes | None) -> dict[str, Entry] | None:
    """Return the entries of a manifest; `None` where it is damaged itself or there is none."""
    if text is None:
        return None
    own, _, rest = text.partition(b"\n")
    try:
        if int(own) != crc32(rest):
            return None
        found = {}
        for line in rest.decode().splitlines():
            size, at, total, name = line.split(" ", 3)
            found[name] = (int(size), int(at), int(total))
    except ValueError:
        return None
    return found
