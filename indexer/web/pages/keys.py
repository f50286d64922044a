"""List the keys, which can be switched off here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.web.routing import Route
from indexer.web.views import Page

if TYPE_CHECKING:
    from indexer.web.visit import Visit


def keys(visit: Visit) -> Page:
    """List the keys."""
    return Page("keys.html", {})


ROUTES = (Route("keys", "/help/keys", keys),)
