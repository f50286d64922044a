"""Keep searches under a name, in `saved.toml`, each with how many posts it found when somebody last looked."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from indexer.writer import decisions_lock, replace_text
from scraper.errors import BlogdexError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

MOST = 100
"""Searches that are kept: each is asked again when the list is shown. Chosen."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A search: its name, its parameters as they stand in an address, posts and day (`YYYY-MM-DD`) of the last look."""

    name: str
    query: str
    posts: int
    on: str


class SavedFileError(BlogdexError):
    """The file can't be read."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"Could not read {file}: {why}. Nothing was changed. Mend the file and try again.")


def read_saved(file: Path) -> list[Saved]:
    """Return the searches, by name. Raise `SavedFileError`."""
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8")).get("search", [])
        found = [Saved(str(row["name"]), str(row["query"]), int(row["posts"]), str(row["on"])) for row in rows]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SavedFileError(file, str(error) or type(error).__name__) from error
    return sorted(found, key=lambda one: one.name.casefold())


def change_saved(file: Path, change: Callable[[list[Saved]], Sequence[Saved]]) -> None:
    """Put in place of the kept searches what `change` makes of them, as one step."""
    with decisions_lock(file):
        kept = change(read_saved(file))
        replace_text(
            file, "\n".join(["# Searches that people saved on the pages of blogdex serve.", *map(_table, kept)])
        )


def _table(saved: Saved) -> str:
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in asdict(saved).items()]
    return "\n".join(["", "[[search]]", *lines, ""]).replace("\x7f", "")
