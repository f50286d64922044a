"""Answer scripts: what `--json` prints, byte for byte; and the document that describes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from indexer.naming import find_post
from indexer.web.common.asking import asked_of, found_for
from indexer.web.common.audited import Audited, audited
from indexer.web.pages.changes import events_of
from indexer.web.pages.finding import UnknownFindingError
from indexer.web.pages.index import index_of
from indexer.web.pages.topics import found, tree_of, views_of
from indexer.web.routing import Route
from indexer.web.views import Page, RefusedError, Text

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
    return as_json(row(article, reasons_of(library.store, article), ClusterFinder(library, article)(article)))


def related(visit: Visit, post_id: int) -> Text:
    """Return what `related id:N --json` prints."""
    from indexer.present.forms import search_form
    from indexer.search.answer import related as find_related

    library, limit = visit.built, asked_of(visit).limit
    article = find_post(library, f"id:{post_id}")
    with visit.shared.searching():
        return as_json(search_form(find_related(library.store.articles, library.engine(), article, limit)))


def topics(visit: Visit) -> Text:
    """Return what `topics --json` prints."""
    from indexer.topics.run import topics_form

    return as_json(topics_form(views_of(visit), tree=tree_of(visit)))


def topic(visit: Visit, topic_id: int) -> Text:
    """Return what `topics ID --json` prints."""
    from indexer.topics.run import topics_form

    return as_json(topics_form([found(visit, topic_id)], tree=tree_of(visit), flat=True))


def index(visit: Visit) -> Text:
    """Return what `topics --index --json` prints."""
    from indexer.topics.shown.subject_index import index_form

    found = index_of(visit)
    if found is None:
        raise RefusedError(503, "The index is made at the end of the next build. Run: blogdex rebuild")
    return as_json(index_form(found))


def audit(visit: Visit) -> Text:
    """Return what `audit --json` prints, of the latest audit that was kept."""
    from indexer.present.audit_form import audit_form

    return as_json(audit_form(_audited(visit).found))


def finding(visit: Visit, finding_id: str) -> Text:
    """Return what `audit show ID --json` prints."""
    from indexer.present.audit_form import finding_form

    shown = _audited(visit)
    form = finding_form(shown.found, finding_id, shown.accepted.get(finding_id))
    if form is None:
        raise UnknownFindingError(finding_id)
    return as_json(form)


def changes(visit: Visit) -> Text:
    """Return what `changes --json` prints."""
    from indexer.present.forms import change_form

    return as_json([change_form(event) for event in events_of(visit)])


def status(visit: Visit) -> Text:
    """Return what `status --json` prints."""
    from indexer.present.forms import status_form

    return as_json(status_form(visit.library.status(visit.site)))


def stats(visit: Visit) -> Text:
    """Return what `stats --json` prints."""
    from indexer.present.forms import stats_form
    from indexer.stats import sum_up

    return as_json(stats_form(sum_up(visit.built.store.articles.facts(visit.site_id), views_of(visit))))


def description(visit: Visit) -> Text:
    """Return the OpenAPI document."""
    from indexer.web.openapi import document

    return as_json(document(ROUTES, visit.config))


def _audited(visit: Visit) -> Audited:
    shown = audited(visit)
    if isinstance(shown, Page):
        raise RefusedError(
            404, "No audit is kept of this blog. Make one: blogdex audit. Of several blogs, name one: site="
        )
    return shown


ROUTES = (
    Route("api_search", "/api/v1/search", search),
    Route("api_post", "/api/v1/posts/<int:post_id>", post),
    Route("api_related", "/api/v1/posts/<int:post_id>/related", related),
    Route("api_topics", "/api/v1/topics", topics),
    Route("api_topic", "/api/v1/topics/<int:topic_id>", topic),
    Route("api_index", "/api/v1/index", index),
    Route("api_audit", "/api/v1/audit", audit),
    Route("api_finding", "/api/v1/audit/finding/<finding_id>", finding),
    Route("api_changes", "/api/v1/changes", changes),
    Route("api_status", "/api/v1/status", status),
    Route("api_stats", "/api/v1/stats", stats),
    Route("api_openapi", "/api/v1/openapi.json", description, is_open=True),
)
