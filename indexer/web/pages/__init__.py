"""List the pages: each module says which addresses it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.web.pages import api, health, post, search, static
from indexer.web.routing import Route

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ROUTES", "Route"]

ROUTES: Sequence[Route] = (*search.ROUTES, *post.ROUTES, *api.ROUTES, *health.ROUTES, *static.ROUTES)
