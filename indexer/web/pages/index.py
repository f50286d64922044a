"""Show the index from A to Z: letters, and the headings of one with their posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.exceptions import NotFound

from indexer.web.common.lists import downloads, table
from indexer.web.routing import Route
from indexer.web.views import Page

if TYPE_CHECKING:
    from indexer.topics.shown.subject_index import SubjectIndex
    from indexer.web.views import Text
    from indexer.web.visit import Visit

_FEW = 300
"""Posts of which an index is made within a second, where a build kept none. Measured: 2.7 ms a post."""
_OTHER = "other"
_A_PAGE = 30
"""Headings on a page, each with some ten posts: all of a letter of 10,000 posts had 105 kB, twice what a page may."""


def index(visit: Visit, letter: str | None = None) -> Page:
    """Show the headings of a letter, the first one where none is named."""
    found = index_of(visit)
    if found is None:
        return Page("index_none.html", {})
    letters = {(_OTHER if name == "#" else name): entries for name, entries in found.letters().items()}
    chosen = letter or next(iter(letters), None)
    if chosen is not None and chosen not in letters:
        raise NotFound
    every = letters[chosen] if chosen else []
    start = visit.number("offset")
    entries = every[start : start + _A_PAGE]
    urls = [locator.url for entry in entries for locator in entry.locators]
    urls += [locator.url for entry in entries for part in entry.subheadings for locator in part.locators]
    places = {
        entry.heading: (name, at // _A_PAGE * _A_PAGE or None)
        for name, those in letters.items()
        for at, entry in enumerate(those)
    }
    values = {
        "letters": list(letters),
        "chosen": chosen,
        "entries": entries,
        "ids": visit.library.store.articles.at(urls),
        "places": places,
        "start": start,
        "total": len(every),
        "pages": visit.pages(f"/index/{chosen}", start, _A_PAGE, len(every)),
        "whole": found,
    }
    return Page("index.html", values)


def index_table(visit: Visit) -> Text | Page:
    """Return the whole index as a file."""
    from indexer.topics.shown.subject_index import INDEX_COLUMNS, index_rows

    found = index_of(visit)
    return Page("index_none.html", {}) if found is None else table(visit, INDEX_COLUMNS, index_rows(found), "index")


def index_of(visit: Visit) -> SubjectIndex | None:
    """Return the index as the last build kept it; `None` where that is of other posts than there are now, and many."""
    from indexer.library import SEARCH_FOLDER
    from indexer.topics.shown.kept_index import read_index
    from indexer.topics.shown.subject_index import subject_index

    articles, site_id = visit.built.store.articles, visit.site_id
    kept = read_index(visit.config.library / SEARCH_FOLDER, articles) if site_id is None else None
    if kept is not None or len(articles.ids(site_id)) > _FEW:
        return kept
    return subject_index(articles.iterate(site_id))


ROUTES = (
    Route("index", "/index", index),
    Route("index_letter", "/index/<letter>", index),
    *downloads("index", "/index", index_table),
)
