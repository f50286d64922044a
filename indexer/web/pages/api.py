"""Answer scripts: what `--json` prints, byte for byte."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from indexer.naming import find_post
from indexer.web.common.asking import asked_of, found_for
from indexer.web.routing import Route
from indexer.web.views import Text

if TYPE_CHECKING:
    from typing import Any

    from indexer.web.visit import Visit


def as_json(value: Any) -> Text:  # noqa: ANN401
    """Return a value as the command line prints it."""
    return Text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "application/json")


def search(visit: Visit) -> Text:
    """Return what `search --json` prints."""
    from indexer.present.forms import search_form

    return as_json(search_form(found_for(visit, asked_of(visit))))


def post(visit: Visit, post_id: int) -> Text:
    """Return what `show id:N --json` prints."""
    from indexer.auditing import ClusterFinder
    from indexer.present.explain import reasons_of
    from indexer.present.export.rows import row

    library = visit.built
    article = find_post(library, f"id:{post_id}")
    return as_json(row(article, reasons_of(library.store, article), ClusterFinder(library)(article)))


def status(visit: Visit) -> Text:
    """Return what `status --json` prints."""
    from indexer.present.forms import status_form

    return as_json(status_form(visit.library.status(visit.site)))


ROUTES = (
    Route("api_search", "/api/v1/search", search),
    Route("api_post", "/api/v1/posts/<int:post_id>", post),
    Route("api_status", "/api/v1/status", status),
)
