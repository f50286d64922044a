"""Put a folder in the place of another one without a moment in which there is none."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_AT_FDCWD = -100
_EXCHANGE = 2
"""Of Linux `renameat2(2)` (`RENAME_EXCHANGE`), and of macOS `renamex_np(2)` (`RENAME_SWAP`)."""


def take_place(fresh: Path, place: Path) -> None:
    """Move a folder to `place`, and delete what was there; whoever has that open goes on reading it.

    Where the system can't exchange two folders, `place` is missing for the time of a rename.
    """
    retired = place.with_name(f"{place.name}.old")
    shutil.rmtree(retired, ignore_errors=True)
    if place.exists() and _exchange(fresh, place):
        fresh.rename(retired)
    else:
        with suppress(FileNotFoundError):
            place.rename(retired)
        fresh.rename(place)
    shutil.rmtree(retired, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; `False` where the system or the disk's format can't."""
    names = os.fsencode(one), os.fsencode(other)
    try:
        libc = ctypes.CDLL(None)
        if sys.platform == "darwin":
            return bool(libc.renamex_np(*names, _EXCHANGE) == 0)
        return bool(libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _EXCHANGE) == 0)
    except (OSError, AttributeError, TypeError):
        return False
