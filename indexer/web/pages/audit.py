"""Show the audit: figures and what to do first, a page a kind of finding, all about one post."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from werkzeug.exceptions import NotFound

from indexer.naming import find_post
from indexer.web.common.audited import NAMES, audited
from indexer.web.common.lists import downloads, table
from indexer.web.routing import Route
from indexer.web.views import Page, Text
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.audit.findings import Action, Mark
    from indexer.web.common.findings import Told
    from indexer.web.visit import Visit

_A_PAGE = 20
"""Findings on a page, each of some lines: with fifty, a page of a thousand posts had 119 kB, twice what it may."""
_Marked = TypeVar("_Marked", "Action", "Told")
STATES = ("open", "new", "accepted", "all")


def audit(visit: Visit) -> Page:
    """Show what the blog is made of and the ranked list of what to do."""
    from indexer.present.report.figures import tiles

    shown = audited(visit)
    if isinstance(shown, Page):
        return shown
    actions = _in_state(visit, shown.found.actions)
    start = visit.number("offset")
    kinds = [(kind, name, shown.found.failing(kind)) for kind, name in NAMES.items()]
    values = {
        "tiles": tiles(shown.found),
        "actions": actions[start : start + _A_PAGE],
        "kinds": kinds,
        "expected": shown.found.expected,
        "start": start,
        "total": len(actions),
        "pages": visit.pages("/audit", start, _A_PAGE, len(actions)),
    }
    return Page("audit.html", shown.values | values)


def kind(visit: Visit, kind: str) -> Page:
    """List the findings of one kind; several can be ticked and accepted."""
    from indexer.web.common.findings import of_kind, told

    if kind not in NAMES:
        raise NotFound
    shown = audited(visit)
    if isinstance(shown, Page):
        return shown
    findings = _in_state(visit, [told(finding) for finding in of_kind(shown.found, kind)])
    start = visit.number("offset")
    values = {
        "kind": kind,
        "name": NAMES[kind],
        "findings": findings[start : start + _A_PAGE],
        "start": start,
        "total": len(findings),
        "pages": visit.pages(f"/audit/{kind}", start, _A_PAGE, len(findings)),
    }
    return Page("audit_kind.html", shown.values | values)


def audit_table(visit: Visit, kind: str | None = None) -> Text | Page:
    """Return the actions, or the findings of a kind, as a file."""
    from indexer.present.audit_form import audit_rows

    if kind is not None and kind not in NAMES:
        raise NotFound
    shown = audited(visit)
    if isinstance(shown, Page):
        return shown
    names, *rows = audit_rows({shown.site.key: shown.found}, kind)
    columns = [str(name) for name in names]
    return table(visit, columns, (dict(zip(columns, row, strict=True)) for row in rows), f"audit-{kind or 'actions'}")


def report(visit: Visit) -> Text | Page:
    """Return the report that `audit --html` writes, to be shown, printed or saved."""
    from indexer.present.report.page import policy, render

    shown = audited(visit)
    if isinstance(shown, Page):
        return shown
    made = datetime.now().astimezone().date()
    return Text(render(shown.found, shown.site.key, made), "text/html", policy=policy())


def post(visit: Visit, post_id: int) -> Page:
    """Show all that the audit says of one post."""
    from indexer.web.common.findings import told

    shown = audited(visit)
    if isinstance(shown, Page):
        return shown
    article = find_post(visit.library, f"id:{post_id}")
    found = [one for one in map(told, shown.found.every_finding()) if article.url in one.posts]
    shares = next((one for one in shown.found.shares if one.url == article.url), None)
    values = {"article": article, "findings": found, "shares": shares}
    return Page("audit_post.html", shown.values | values)


def _in_state(visit: Visit, findings: Sequence[_Marked]) -> list[_Marked]:
    """Return what is open, new or accepted, as the parameter `state` asks; open without it."""
    state = visit.value("state") or "open"
    if state not in STATES:
        raise UsageError(f"state is one of {', '.join(STATES)}.")
    return [finding for finding in findings if _fits(finding.mark, state)]


def _fits(mark: Mark, state: str) -> bool:
    if state in ("all", "accepted"):
        return state == "all" or mark.accepted
    return not mark.accepted and (state == "open" or mark.new)


ROUTES = (
    Route("audit", "/audit", audit),
    *downloads("audit", "/audit", audit_table),
    Route("audit_report", "/audit/report.html", report),
    Route("audit_kind", "/audit/<kind>", kind),
    *downloads("audit_kind", "/audit/<kind>", audit_table),
    Route("audit_post", "/audit/post/<int:post_id>", post),
)
