"""List the pages: each module says which addresses it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.web.pages import (
    api,
    audit,
    changes,
    crawl,
    finding,
    health,
    index,
    keys,
    library,
    post,
    saved,
    search,
    static,
    topics,
)
from indexer.web.routing import Route

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ROUTES", "Route"]

_PAGES = (search, post, saved, topics, index, audit, finding, changes, library, crawl, keys, api, health, static)
ROUTES: Sequence[Route] = tuple(route for page in _PAGES for route in page.ROUTES)
