"""Write a file whole or not at all."""

from __future__ import annotations

import io
import os
import re
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a stream whose content takes the place of `path` at the end; after an error the old file is untouched.

    A device or a pipe is written to directly. Raise `UsageError` where nothing can be written there.
    """
    target = path.resolve()
    if target.is_dir():
        raise UsageError(f"{path} is a folder. Name a file in it, such as {path / 'posts'}.")
    if target.exists() and not target.is_file():
        with target.open("wb") as stream:
            yield stream
        return
    with beside(path) as (temporary, stream):
        yield stream
        stream.flush()
        os.fsync(stream.fileno())
        temporary.chmod(_permissions(target))
        temporary.replace(target)


@contextmanager
def beside(path: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Give a file in the folder of `path` that is gone at the end, and a stream to write it.

    It is locked meanwhile: what a process left that was killed is not, and the next one for the same `path` deletes it.
    """
    target = path.resolve()
    _sweep(target)
    temporary, stream = _temporary(path, target)
    try:
        with stream:
            _lock(stream)
            yield temporary, stream
    finally:
        temporary.unlink(missing_ok=True)


def _sweep(target: Path) -> None:
    """Delete the temporary files for `target` that no process holds."""
    name = re.compile(rf"{re.escape(_prefix(target))}[a-z0-9_]{{8}}(-journal)?")
    for left in [file for file in target.parent.glob(".*") if name.fullmatch(file.name)]:
        with suppress(OSError), left.open("rb+") as stream:
            if _lock(stream):
                left.unlink()


def _lock(stream: BinaryIO) -> bool:
    """Lock a file until it is closed or the process ends; `False` where another holds it, or no system has locks."""
    try:
        import fcntl

        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True


def _prefix(target: Path) -> str:
    return f".{target.name[:60]}.blogdex-"


@contextmanager
def replacing_text(path: Path) -> Iterator[TextIO]:
    """Give a UTF-8 stream, otherwise as `replacing`; line ends are written as they come."""
    with replacing(path) as binary:
        text = io.TextIOWrapper(binary, encoding="utf-8", newline="")
        try:
            yield text
        finally:
            text.flush()
            text.detach()


def _temporary(path: Path, target: Path) -> tuple[Path, BinaryIO]:
    if target.exists() and not os.access(target, os.W_OK):
        raise UsageError(f"Can't write {path}: it is read-only. Name another file.")
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=_prefix(target))
    except OSError as error:
        raise UsageError(f"Can't write {path}: {error.strerror}. Name another file.") from error
    return Path(name), os.fdopen(handle, "wb")


def _permissions(target: Path) -> int:
    """Return what the old file allowed, or else what any new file is allowed."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
