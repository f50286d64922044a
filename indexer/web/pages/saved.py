"""Keep searches to come back to: how many posts each finds today, and how many more than at the last look."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict

from indexer.errors import NothingFoundError
from indexer.search.saved import MOST, Saved, change_saved, read_saved
from indexer.web.common.asking import asked_of, found_for
from indexer.web.pages.search import PARAMETERS
from indexer.web.routing import Route
from indexer.web.views import Page, SeeOther
from scraper.errors import UsageError

if TYPE_CHECKING:
    from indexer.web.visit import Visit

_LONGEST_NAME = 80
"""Signs of a name: what a line of the list takes."""


class Line(NamedTuple):
    """A saved search with the posts that it finds today; `None` where it can't be asked any more."""

    saved: Saved
    posts: int | None
    address: str


def saved(visit: Visit) -> Page:
    """List the saved searches."""
    lines = [Line(one, _posts(visit, one), _address(visit, one.query)) for one in read_saved(visit.library.saved_file)]
    return Page("saved.html", {"lines": lines})


def save(visit: Visit) -> SeeOther:
    """Save a search under a name, in place of another one of that name."""
    form = visit.request.form
    name = " ".join(form.get("name", "").split())[:_LONGEST_NAME]
    if not name:
        raise UsageError("Give the search a name.")
    pairs = [(key, value) for key, value in parse_qsl(form.get("query", "")) if key in PARAMETERS]
    query = visit.at("/", _grouped(pairs)).partition("?")[2]
    new = Saved(name, query, _count(visit, query), date.today().isoformat())

    def change(kept: list[Saved]) -> list[Saved]:
        others = [one for one in kept if one.name != name]
        if len(others) >= MOST:
            raise UsageError(f"{MOST} searches are saved. Delete one first.")
        return [*others, new]

    change_saved(visit.library.saved_file, change)
    return SeeOther(visit.at("/saved"))


def look(visit: Visit) -> SeeOther:
    """Go to a saved search, and remember how many posts it found today."""
    one = _named(visit)
    seen = replace(one, posts=_count(visit, one.query), on=date.today().isoformat())
    change_saved(visit.library.saved_file, lambda kept: [seen if each.name == one.name else each for each in kept])
    return SeeOther(_address(visit, one.query))


def delete(visit: Visit) -> SeeOther:
    """Delete a saved search."""
    name = _named(visit).name
    change_saved(visit.library.saved_file, lambda kept: [one for one in kept if one.name != name])
    return SeeOther(visit.at("/saved"))


def _named(visit: Visit) -> Saved:
    name = visit.request.form.get("name", "")
    found = next((one for one in read_saved(visit.library.saved_file) if one.name == name), None)
    if found is None:
        raise NothingFoundError("No saved search has that name any more.")
    return found


def _posts(visit: Visit, one: Saved) -> int | None:
    """Return how many posts a saved search finds; `None` where it can't be asked: a file may be edited by hand."""
    try:
        return _count(visit, one.query)
    except UsageError:
        return None


def _count(visit: Visit, query: str) -> int:
    args = MultiDict(parse_qsl(query))
    return found_for(visit, asked_of(visit, args=args)._replace(limit=1, offset=0), args=args).total


def _address(visit: Visit, query: str) -> str:
    return visit.at("/search", _grouped([pair for pair in parse_qsl(query) if pair[0] in PARAMETERS]))


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped


ROUTES = (
    Route("saved", "/saved", saved),
    Route("save", "/saved", save, ("POST",)),
    Route("saved_look", "/saved/look", look, ("POST",)),
    Route("saved_delete", "/saved/delete", delete, ("POST",)),
)
