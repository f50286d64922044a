"""Write a file whole or not at all."""

from __future__ import annotations

import io
import os
import tempfile
from contextlib import contextmanager
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
    temporary = _temporary(path, target)
    try:
        with temporary.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(_permissions(target))
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


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


def _temporary(path: Path, target: Path) -> Path:
    if target.exists() and not os.access(target, os.W_OK):
        raise UsageError(f"Can't write {path}: it is read-only. Name another file.")
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:60]}-")
    except OSError as error:
        raise UsageError(f"Can't write {path}: {error.strerror}. Name another file.") from error
    os.close(handle)
    return Path(name)


def _permissions(target: Path) -> int:
    """Return what the old file allowed, or else what any new file is allowed."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
