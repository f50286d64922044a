"""Show one finding of the audit whole, and take findings for all right or take that back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from indexer.errors import NothingFoundError
from indexer.web.common.audited import NAMES, audited
from indexer.web.routing import Route
from indexer.web.views import Page, SeeOther
from scraper.errors import UsageError

if TYPE_CHECKING:
    from indexer.web.visit import Visit

_LONGEST_NOTE = 1000
_MOST_AT_ONCE = 100
"""Signs of a reason, and findings ticked at once: a page has twenty. Chosen."""


class UnknownFindingError(NothingFoundError):
    """The latest audit has no finding of this id."""

    def __init__(self, finding_id: str) -> None:
        super().__init__(f"The latest audit has no finding {finding_id[:40]}. See them all under Audit.")


def finding(visit: Visit, finding_id: str) -> Page:
    """Show a finding or an action with its wordings, what differs, its posts, and who accepted it."""
    from indexer.audit.findings import Cluster, Duplicate
    from indexer.web.common.findings import kind_of, told, wordings

    shown = audited(visit)
    if isinstance(shown, Page):
        return shown
    action = next((one for one in shown.found.actions if one.mark.id == finding_id), None)
    found = next((one for one in shown.found.every_finding() if one.mark.id == finding_id), None)
    if found is None and action is None:
        raise UnknownFindingError(finding_id)
    values = {
        "action": action,
        "found": told(found) if found else None,
        "kind": kind_of(shown.found, found) if found else "",
        "names": NAMES,
        "wordings": wordings(found) if isinstance(found, Cluster) else [],
        "pair": found if isinstance(found, Duplicate) else None,
        "finding_id": finding_id,
        "acceptance": shown.accepted.get(finding_id),
        "related": [told(one) for one in shown.found.every_finding() if action and one.mark.id in action.findings],
    }
    return Page("finding.html", shown.values | values)


def accept(visit: Visit) -> SeeOther:
    """Take the ticked findings for all right, with a reason."""
    from indexer.accepting import accept_findings
    from indexer.audit.memory.accepted import Remark

    form, shown = visit.request.form, audited(visit)
    ids = _ticked(visit, "accept")
    if isinstance(shown, Page):
        raise UnknownFindingError(ids[0])
    note = " ".join(form.get("note", "").split())[:_LONGEST_NOTE]
    today = datetime.now().astimezone().date()
    entries = accept_findings(visit.library.accepted_file, shown.found, ids, today, Remark(visit.user, note))
    if not entries:
        raise UnknownFindingError(ids[0])
    return _back(visit, [entry.id for entry in entries])


def withdraw(visit: Visit) -> SeeOther:
    """Take acceptances back."""
    from indexer.accepting import withdraw_findings

    ids = _ticked(visit, "take back")
    if not withdraw_findings(visit.library.accepted_file, ids):
        raise UnknownFindingError(ids[0])
    return _back(visit, [])


def _ticked(visit: Visit, what: str) -> list[str]:
    """Return the ids of what was ticked. Raise `UsageError` for none, and for more than are taken at once."""
    ids = visit.request.form.getlist("id")
    if not ids or len(ids) > _MOST_AT_ONCE:
        raise UsageError(f"Tick what you want to {what}: one finding at least, {_MOST_AT_ONCE} at most.")
    return ids


def _back(visit: Visit, accepted: list[str]) -> SeeOther:
    """Go back to the page that the form stood on, which offers to undo."""
    back = visit.config.addresses.back(visit.request.form.get("back"), visit.at("/audit"))
    path, _, asked = back.partition("?")
    kept = [part for part in asked.split("&") if part and not part.startswith("accepted=")]
    query = "&".join([*kept, *(f"accepted={own}" for own in accepted)])
    return SeeOther(visit.config.addresses.back(f"{path}?{query}" if query else path, visit.at("/audit")))


ROUTES = (
    Route("finding", "/audit/finding/<finding_id>", finding),
    Route("accept", "/audit/accept", accept, ("POST",)),
    Route("withdraw", "/audit/withdraw", withdraw, ("POST",)),
)
