"""Find the audit that a page shows: the latest kept one of the blog that is asked about."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from indexer.naming import sites_with_posts
from indexer.web.views import Page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.audit.findings import Audit
    from indexer.audit.memory.accepted import Acceptance
    from indexer.store.rows import Site
    from indexer.web.visit import Visit

NAMES = {
    "boilerplate": "Pasted paragraphs",
    "duplicates": "Posts that copy others",
    "passages": "Shared passages",
    "stale": "Out of date",
    "cta": "Calls to action",
    "links": "Links",
    "notices": "Notices",
    "upkeep": "Thin or long unchanged",
    "template": "Template",
}
"""What the kinds of findings are called on the pages."""


class Audited(NamedTuple):
    """An audit with who accepted what, and what every page of it fills in."""

    found: Audit
    site: Site
    accepted: Mapping[str, Acceptance]
    values: dict[str, Any]


def audited(visit: Visit) -> Audited | Page:
    """Return the kept audit; a page that says what to do where there is none, or where several blogs have one."""
    from indexer.auditing import kept_audit

    library = visit.built
    sites = sites_with_posts(library, visit.value("site") or visit.config.site)
    if len(sites) != 1:
        return Page("audit_sites.html", {"sites": sites})
    site = sites[0]
    with visit.shared.lock:
        kept = kept_audit(library, site, datetime.now().astimezone().date(), visit.shared.audits)
    if kept is None:
        return Page("audit_none.html", {"site": site})
    named = visit.value("site")
    values = {
        "is_current": kept.is_current,
        "accepted": kept.accepted,
        "site": site,
        "all_new": all(action.mark.new for action in kept.found.actions),
        "state": visit.value("state") or "open",
        "here_at": partial(visit.at, site=named),
        "facts": {fact.url: fact for fact in kept.found.posts},
        "done": [own for own in visit.request.args.getlist("accepted") if own in kept.accepted][:100],
    }
    return Audited(kept.found, site, kept.accepted, values)
