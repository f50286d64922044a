"""Say where blogdex keeps things for a user, and how wide the terminal is, without loading what only others need."""

from __future__ import annotations

import os
import sys

CONFIG_FILE = "blogdex.toml"
TEXT_CELLS = 100
"""Cells of running text at most; chosen: longer lines are hard to read."""


def user_folder(kind: str) -> str:
    """Return the folder for the user's `config` or `data`."""
    if sys.platform == "linux":
        # As platformdirs has it; loading that takes as long as a search.
        named = os.environ.get(f"XDG_{kind.upper()}_HOME", "")
        usual = {"config": "~/.config", "data": "~/.local/share"}[kind]
        if not named.strip() or named.startswith("/"):
            return f"{named if named.strip() else os.path.expanduser(usual)}/blogdex"  # noqa: PTH111
    import platformdirs

    find = platformdirs.user_config_dir if kind == "config" else platformdirs.user_data_dir
    return find("blogdex", appauthor=False)


def default_library() -> str:
    """Return the folder of the library that is used where none is named."""
    return f"{user_folder('data')}/library"


def config_files() -> list[str]:
    """Return the files that may hold settings: the user's own, then one here or in each folder above."""
    files = [f"{user_folder('config')}/config.toml"]
    folder = os.getcwd()  # noqa: PTH109
    while True:
        files.append(f"{folder.rstrip('/')}/{CONFIG_FILE}")
        above = os.path.dirname(folder)  # noqa: PTH120
        if above == folder:
            return files
        folder = above


def cells(at_most: int = TEXT_CELLS) -> int:
    """Return the width to write in: the terminal's, 20 at least."""
    import shutil

    return max(20, min(at_most, shutil.get_terminal_size().columns))
