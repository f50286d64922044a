"""Hold the writer's lock of a library, and say in `writer.json` who writes and how far it is."""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from indexer.errors import FULL, BusyDecisionsError, LibraryInUseError, ReadOnlyLibraryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scraper.model import Progress

LOCK_FILE, NOTE_FILE = "writer.lock", "writer.json"
DECISIONS_LOCK = "decisions.lock"
_PATIENCE_S = 5.0
"""Seconds: to change a file of decisions takes some milliseconds; who holds it longer hangs."""
_PAUSE_S = 0.5
"""Between two notes of progress: a page that asks once a second sees each half of it."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes to a library, since when (`HH:MM`), and how far it is: `done` of `total` (0 = not known) of `what`."""

    pid: int
    command: str
    since: str
    what: str = ""
    done: int = 0
    total: int = 0
    failed: int = 0


class Note:
    """The note that the holder of the lock leaves for others."""

    def __init__(self, path: Path, command: str) -> None:
        self._file = path / NOTE_FILE
        self._writer = Writer(os.getpid(), command, datetime.now().astimezone().strftime("%H:%M"))
        self._written = 0.0
        self._write()

    def tell(self, progress: Progress) -> None:
        """Note how far the work is, at most twice a second; a full disk stops no work."""
        if time.monotonic() - self._written < _PAUSE_S:
            return
        what = progress.what.split(" · ")[0]
        self._writer = replace(
            self._writer, what=what, done=progress.done, total=progress.total, failed=progress.failed
        )
        try:
            self._write()
        except OSError:
            self._written = time.monotonic()

    def _write(self) -> None:
        partial = self._file.with_suffix(".json.new")
        partial.write_text(json.dumps(asdict(self._writer)), encoding="utf-8")
        partial.replace(self._file)
        self._written = time.monotonic()


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds the writer's lock is waited for, and who is told that somebody else holds it."""

    seconds: float
    tell: Callable[[LibraryInUseError], None]


@contextmanager
def writer_lock(path: Path, command: str, patience: Patience | None = None) -> Iterator[Note]:
    """Hold the writer's lock, which the system lets go of when the process dies. Raise `LibraryInUseError`."""
    from filelock import FileLock, Timeout

    lock = FileLock(path / LOCK_FILE)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        if patience is None:
            raise _in_use(path) from None
        patience.tell(_in_use(path))
        try:
            lock.acquire(timeout=patience.seconds, poll_interval=_PAUSE_S)
        except Timeout:
            raise _in_use(path) from None
    except OSError as error:
        if error.errno in FULL:
            raise
        raise ReadOnlyLibraryError(str(path), error.strerror or str(error)) from error
    try:
        yield Note(path, command)
    finally:
        (path / NOTE_FILE).unlink(missing_ok=True)
        lock.release()


def writer_at_work(path: Path) -> Writer | None:
    """Return who writes to a library just now; `None` where nobody does, or whoever did was killed."""
    writer = _noted(path)
    return writer if writer is not None and _lives(writer.pid) else None


def _noted(path: Path) -> Writer | None:
    try:
        note = json.loads((path / NOTE_FILE).read_text(encoding="utf-8"))
        numbers = {name: int(note.get(name, 0)) for name in ("done", "total", "failed")}
        return Writer(int(note["pid"]), str(note["command"]), str(note["since"]), str(note.get("what", "")), **numbers)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _lives(pid: int) -> bool:
    """Tell whether a process of this number runs; one that another user started does."""
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


def _in_use(path: Path) -> LibraryInUseError:
    writer = _noted(path) or Writer(0, "just started", "now")
    return LibraryInUseError(writer.pid, writer.command, writer.since)


@contextmanager
def decisions_lock(file: Path) -> Iterator[None]:
    """Keep others from changing a file of decisions meanwhile. Raise `BusyDecisionsError`, `ReadOnlyLibraryError`."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(file.with_name(DECISIONS_LOCK), timeout=_PATIENCE_S):
            yield
    except Timeout:
        raise BusyDecisionsError(file.name) from None
    except OSError as error:
        if error.errno in FULL:
            raise
        raise ReadOnlyLibraryError(str(file.parent), error.strerror or str(error)) from error


def replace_text(file: Path, text: str) -> None:
    """Write a file anew, at once for whoever reads it."""
    partial = file.with_name(f"{file.name}.new")
    partial.write_text(text, encoding="utf-8")
    partial.replace(file)
