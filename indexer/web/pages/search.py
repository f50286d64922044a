"""Search: the first page, and every search by its address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from indexer.present.forms import FACETS, FOUND_COLUMNS, found_form
from indexer.present.terminal.results import last_ones
from indexer.web.common.asking import LAST_OFFSET, MOST_RESULTS, asked_of, found_for
from indexer.web.common.lists import downloads, table
from indexer.web.routing import Route
from indexer.web.views import Page

if TYPE_CHECKING:
    from indexer.search.answer import SearchResult
    from indexer.search.asked import Asked
    from indexer.web.views import Text
    from indexer.web.visit import Visit

PARAMETERS = ("q", "since", "until", "topic", "author", "category", "language", "site", "sort", "in", "any", "n")


class Chip(NamedTuple):
    """A filter in use, and the address without it."""

    name: str
    value: str
    without: str


class Choice(NamedTuple):
    """A value of a facet with its count, and the address that adds it."""

    value: str
    posts: int
    address: str


def search(visit: Visit) -> Page:
    """Show what a search found, or the newest posts."""
    asked = asked_of(visit, facets=True)
    result = found_for(visit, asked)
    values = {
        "asked": asked,
        "result": result,
        "expanded": last_ones(number) if (number := sum(found.expanded for found in result.results)) else None,
        "query": _query(visit),
        "chips": _chips(visit, asked),
        "facets": _facets(visit, asked, result),
        "pages": _pages(visit, asked, result),
        "whole": _address(visit, ("in", "any", "since", "until", "topic", "author", "category", "language", "site")),
        "most": MOST_RESULTS,
        "narrowed": bool(asked.filters or asked.fields != "all"),
    }
    return Page("search.html", values)


def search_table(visit: Visit) -> Text:
    """Return the results as a file."""
    result = found_for(visit, asked_of(visit))
    return table(visit, FOUND_COLUMNS, map(found_form, result.results), "posts")


def _query(visit: Visit) -> dict[str, list[str]]:
    """Return what was asked, by parameter."""
    args = visit.request.args
    return {name: args.getlist(name) for name in PARAMETERS if name in args}


def _address(visit: Visit, without: tuple[str, ...] = (), **more: str | int | None) -> str:
    """Return the address of this search with some things changed; a changed search begins at its first page."""
    kept = {name: values for name, values in _query(visit).items() if name not in without}
    return visit.at("/search", kept, **more)


def _chips(visit: Visit, asked: Asked) -> list[Chip]:
    chips = [Chip(name, value, _address(visit, (name,))) for name, value in asked.filters.items()]
    if asked.fields != "all":
        chips.append(Chip("in", asked.fields, _address(visit, ("in",))))
    if asked.match_any:
        chips.append(Chip("any", "any of the words", _address(visit, ("any",))))
    return chips


def _facets(visit: Visit, asked: Asked, result: SearchResult) -> dict[str, list[Choice]]:
    """Return the values of each facet that would narrow the search."""
    found: dict[str, list[Choice]] = {}
    for name in FACETS:
        values = dict(result.facets.get(name) or {})
        if name == "year":
            addresses = {value: _address(visit, since=value, until=value) for value in values if _is_year(value)}
            in_use = bool(asked.since and asked.since == asked.until)
        else:
            addresses = {value: _address(visit, (), **{str(name): value}) for value in values}
            in_use = getattr(asked, name) is not None
        if len(addresses) > 1 and not in_use:
            found[name] = [Choice(value, values[value], address) for value, address in addresses.items()]
    return found


def _is_year(value: str) -> bool:
    return re.fullmatch(r"\d{4}", value) is not None


def _pages(visit: Visit, asked: Asked, result: SearchResult) -> dict[str, str | None]:
    """Return the addresses of the page before and the one after, `None` where there is none."""
    total = min(result.total, LAST_OFFSET + asked.limit)
    return visit.pages("/search", asked.offset, asked.limit, total)


ROUTES = (
    Route("first", "/", search),
    Route("search", "/search", search),
    *downloads("search", "/search", search_table),
)
