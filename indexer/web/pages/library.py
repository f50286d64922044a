"""Show the library itself: its sites, how the index stands, what the doctor finds, the end of the log."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from indexer.present.forms import SITE_COLUMNS, site_form
from indexer.web.common.lists import downloads, table
from indexer.web.routing import Route
from indexer.web.views import Page

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.web.views import Text
    from indexer.web.visit import Visit

_LOG_LINES = 40
_LOG_BYTES = 32_000
"""The end of a log that is shown, in lines and in the bytes that are read for it. Chosen: a screen or two."""


def library(visit: Visit) -> Page:
    """Show what the library holds; with `check`, what the doctor finds, which reads all of it."""
    from indexer.doctor import examine
    from indexer.quantities import size

    opened = visit.library
    found = opened.status(visit.site)
    checked = "check" in visit.request.args
    values = {
        "status": found,
        "size": size(found.size_bytes),
        "problems": examine(opened, datetime.now(UTC)) if checked else None,
        "log": _end_of(visit.config.library / "blogdex.log"),
    }
    return Page("library.html", values)


def library_table(visit: Visit) -> Text:
    """Return the sites as a file."""
    return table(visit, SITE_COLUMNS, map(site_form, visit.library.status(visit.site).sites), "sites")


def _end_of(log: Path) -> list[str]:
    """Return the last lines of a log; none where it can't be read."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - _LOG_BYTES))
            return stream.read().decode("utf-8", "replace").splitlines()[-_LOG_LINES:]
    except OSError:
        return []


ROUTES = (Route("library", "/library", library), *downloads("library", "/library", library_table))
