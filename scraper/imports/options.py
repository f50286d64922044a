"""Define how an import is to be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to read files.

    `base_url` is the address of the folder given; with it a file's path makes its URL. `fetched_at` is the time of the
    import, with a zone. `holder` tells which file an earlier import took a URL from, `None` where none did: two files
    that name the same canonical link are two pages. `types` are the kinds of content of a WordPress export that are
    taken beside posts.
    """

    base_url: str | None
    include_pages: bool
    fetched_at: datetime
    holder: Callable[[str], str | None] | None = None
    types: tuple[str, ...] = ()
