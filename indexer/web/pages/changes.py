"""Show what the last crawls brought: posts that are new, changed with the words that differ, or gone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from indexer.present.forms import CHANGE_COLUMNS, change_form
from indexer.web.common.lists import downloads, table
from indexer.web.routing import Route
from indexer.web.views import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.store.history.versions import Event
    from indexer.web.views import Text
    from indexer.web.visit import Visit

_A_PAGE = 50
"""Changes on a page: each may have a word difference of some lines. Chosen."""


def changes(visit: Visit) -> Page:
    """Show what happened to the posts since a day, or in the last crawl of each site."""
    from indexer.changes import difference

    events = events_of(visit)
    what = visit.value("what")
    wanted = [event for event in events if what in (None, event.what)]
    start = visit.number("offset")
    shown = wanted[start : start + _A_PAGE]
    counts = {kind: sum(event.what == kind for event in events) for kind in ("new", "changed", "gone")}
    ids = visit.library.store.articles.at(event.url for event in shown)
    values = {
        "events": [(event, ids.get(event.url), difference(event)) for event in shown],
        "counts": counts,
        "what": what,
        "since": visit.value("since"),
        "total": len(wanted),
        "start": start,
        "pages": visit.pages("/changes", start, _A_PAGE, len(wanted)),
    }
    return Page("changes.html", values)


def changes_table(visit: Visit) -> Text:
    """Return the changes as a file."""
    return table(visit, CHANGE_COLUMNS, map(change_form, events_of(visit)), "changes")


def events_of(visit: Visit) -> Sequence[Event]:
    """Return what happened since the day asked for."""
    from indexer.changes import changes as find_changes

    library = visit.built
    return find_changes(library.store, [visit.site] if visit.site else library.store.sites.all(), _moment(visit))


def _moment(visit: Visit) -> str | None:
    from indexer.search.query import day

    since = visit.value("since")
    if since is None:
        return None
    return datetime.combine(day(since), datetime.min.time()).astimezone(UTC).isoformat(timespec="seconds")


ROUTES = (Route("changes", "/changes", changes), *downloads("changes", "/changes", changes_table))
