"""Say to monitoring whether the server runs, whether it can answer, and what it did; nothing of what was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.web.routing import Route
from indexer.web.views import Text

if TYPE_CHECKING:
    from indexer.web.visit import Visit


def healthz(visit: Visit) -> Text:
    """Say that the server runs."""
    return Text("ok\n", "text/plain")


def readyz(visit: Visit) -> Text:
    """Say that the library can be searched; an error says why not."""
    with visit.shared.searching():
        visit.built.engine().frequencies(())
    return Text("ready\n", "text/plain")


def metrics(visit: Visit) -> Text:
    """Return counts in the text format of Prometheus."""
    return Text(visit.shared.metrics(), "text/plain; version=0.0.4")


ROUTES = (
    Route("healthz", "/healthz", healthz, is_open=True),
    Route("readyz", "/readyz", readyz, is_open=True),
    Route("metrics", "/metrics", metrics, is_open=True),
)
