"""Turn what the next audit needs to know into rows of the store, and back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from indexer.audit.history import History, KnownCluster, Seen, remember
from indexer.store.clusters import ClusterRow, FindingRow

if TYPE_CHECKING:
    from indexer.audit.findings import Audit
    from indexer.store.clusters import Clusters


def read_history(clusters: Clusters, site_id: int) -> History:
    """Return what the latest audit of a site found."""
    return History(
        tuple(
            KnownCluster(
                row.id, row.text, frozenset(row.digests), frozenset(row.posts), Seen(_day(row.first_seen), row.since)
            )
            for row in clusters.clusters(site_id)
        ),
        {row.id: Seen(_day(row.first_seen), row.since) for row in clusters.findings(site_id)},
    )


def write_history(clusters: Clusters, site_id: int, audit: Audit) -> None:
    """Keep what an audit found, inside the transaction that is open."""
    history = remember(audit)
    clusters.save(
        site_id,
        (
            ClusterRow(
                known.id,
                known.text,
                tuple(sorted(known.digests)),
                tuple(sorted(known.posts)),
                _text(known.seen.day),
                known.seen.build,
            )
            for known in history.clusters
        ),
        (FindingRow(own, _text(seen.day), seen.build) for own, seen in history.findings.items()),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
