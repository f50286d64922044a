"""Turn what the next audit needs to know into rows of the store, and back."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from indexer.audit.corpus import day
from indexer.audit.incremental.fingerprints import FINGERPRINTS, Fingerprints, Memory
from indexer.audit.marks import identify
from indexer.audit.memory.history import History, KnownCluster, Seen
from indexer.audit.options import AUDIT_VERSION
from indexer.store.derived.clusters import ClusterRow, FindingRow
from indexer.store.derived.fingerprints import InputsRow
from scraper.text.contacts import linked_phone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from indexer.audit.incremental.fingerprints import Inputs
    from indexer.store.derived.clusters import Clusters
    from indexer.store.derived.fingerprints import FingerprintStore
    from indexer.store.rows import StoredArticle

_REVISIONS = 1 << 62
"""Revisions until counting begins again: what fits into SQLite's integers."""
_MADE_FROM = f"{AUDIT_VERSION} {FINGERPRINTS}"


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


def write_history(clusters: Clusters, site_id: int, history: History) -> None:
    """Keep what the next audit needs to know, inside the transaction that is open."""
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
    """Return a day; `None` where none is known, or what is stored is damaged."""
    try:
        return date.fromisoformat(text) if text else None
    except (ValueError, TypeError):
        return None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def read_memory(store: FingerprintStore, site_id: int, digests: Mapping[int, str]) -> Memory:
    """Return what the latest audit of a site saw of articles, given by id with `post_digests`."""
    row = store.inputs(site_id)
    if row is None:
        return Memory()
    inputs = _inputs(row.data) if row.made_from == _MADE_FROM else {}
    found: dict[int, Fingerprints] = {}
    departed: list[Fingerprints] = []
    for article_id, digest, data in store.read(site_id) if inputs else ():
        try:
            prints = Fingerprints.unpack(data)
        except ValueError:  # nobody knows any more what the post had in common with others
            return Memory(revision=row.revision)
        if digests.get(article_id) == digest:
            found[article_id] = prints
        else:
            departed.append(prints)
    return Memory(found, departed, inputs, revision=row.revision)


def post_digests(articles: Iterable[StoredArticle]) -> dict[int, str]:
    """Return by article id the digest of what its fingerprints depend on: text, dialled numbers, place among the posts.

    Copies of a paragraph are joined in the order of their posts, so that another day may join other ones.
    """
    return {
        article.id: identify(
            "k",
            str(day(article)),
            *(f"{block.role} {block.heading} {block.text}" for block in article.blocks if block.kept),
            *(f"{at} {link.href}" for at, found in article.links.items() for link in found if linked_phone(link.href)),
        )
        for article in articles
    }


def _inputs(data: str) -> Inputs:
    """Return inputs read from JSON; none where that is damaged."""
    try:
        read = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    whole = isinstance(read, dict) and all(
        isinstance(texts, list) and all(isinstance(text, str) for text in texts) for texts in read.values()
    )
    return {name: tuple(texts) for name, texts in read.items()} if whole else {}


def is_latest(store: FingerprintStore, site_id: int, memory: Memory) -> bool:
    """Tell whether no other audit has kept what it saw since a memory was read."""
    row = store.inputs(site_id)
    return (row.revision if row else 0) == memory.revision


def write_memory(store: FingerprintStore, site_id: int, memory: Memory, digests: Mapping[int, str]) -> None:
    """Keep what an audit saw of articles, given by id with `post_digests`, inside the transaction that is open."""
    kept = InputsRow((memory.revision + 1) % _REVISIONS, _MADE_FROM, json.dumps(memory.inputs))
    made = ((own, digests[own], prints.pack()) for own, prints in memory.made.items())
    store.keep(site_id, kept, made, digests)
