"""Match what an audit finds with what earlier audits found: ids stay, and what is new is told."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from indexer.audit.findings import Audit, Cluster, Gone, Mark
from indexer.audit.memory.accepted import is_accepted
from indexer.audit.similarity.shingles import Numbers, grams, jaccard
from scraper.text.words import masked_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from indexer.audit.memory.accepted import Acceptance
    from indexer.audit.similarity.shingles import Gram

_DIGESTS = 0.2
_LIKE = 0.45
_POSTS = 0.6
_LIKE_SAME_POSTS = 0.15
"""Shares from which on a cluster is an earlier one: of digests, of likeness (`SIMILAR` of the grouping), of posts, and
of likeness where the posts are the same. Chosen, not measured: one sign that is sure, or two that are not."""
_COMMON = 50
"""Clusters up to which a 2-gram is looked up; chosen: one that more have tells none of them."""


class Seen(NamedTuple):
    """When a finding was first found: the day, and the state of the posts (`Audit.build`) that it was found in.

    A finding stays new for as long as the posts do not change, however often they are audited.
    """

    day: date | None
    build: str


@dataclass(frozen=True, slots=True)
class KnownCluster:
    """A cluster of an earlier audit, enough to know it again."""

    id: str
    text: str
    digests: frozenset[str]
    posts: frozenset[str]
    seen: Seen


@dataclass(frozen=True, slots=True)
class History:
    """What earlier audits found: clusters, and the other findings' ids."""

    clusters: tuple[KnownCluster, ...] = ()
    findings: Mapping[str, Seen] = field(default_factory=dict)


def recall(clusters: Sequence[Cluster], history: History, now: Seen) -> list[Cluster]:
    """Return the clusters with the ids they had before; an id is given once, to the cluster that fits it best."""
    given = _unchanged(clusters, history.clusters)
    taken = {entry.id for entry in given.values()}
    left = [entry for entry in history.clusters if entry.id not in taken]
    past = _Past(left)
    fits = []
    for at, cluster in enumerate(clusters):
        if at in given:
            continue
        digests = cluster.digests
        own = past.grams(cluster.text)
        posts = set(cluster.urls)
        for other in past.candidates(digests, own):
            entry = left[other]
            score = _fit(digests, posts, own, entry, past.known[other]) if entry.id[0] == cluster.mark.id[0] else 0.0
            if score:
                fits.append((-score, at, other))
    for _, at, other in sorted(fits):
        entry = left[other]
        if at not in given and entry.id not in taken:
            given[at] = entry
            taken.add(entry.id)
    return [_named(cluster, given.get(at), taken, now) for at, cluster in enumerate(clusters)]


def _unchanged(clusters: Sequence[Cluster], known: Iterable[KnownCluster]) -> dict[int, KnownCluster]:
    """Return the clusters that are as they were, each with what it was: nothing fits it better."""
    same: dict[object, list[KnownCluster]] = defaultdict(list)
    for entry in known:
        same[entry.id[0], entry.text, entry.digests, entry.posts].append(entry)
    found = {}
    for at, cluster in enumerate(clusters):
        entries = same.get((cluster.mark.id[0], cluster.text, cluster.digests, frozenset(cluster.urls)))
        if entries and cluster.digests and masked_words(cluster.text):
            found[at] = entries.pop(0)
    return found


class _Past:
    """Hold known clusters by what another cluster has to share with them to be the same."""

    def __init__(self, clusters: Sequence[KnownCluster]) -> None:
        self._numbers = Numbers()
        self.known = [self.grams(entry.text) for entry in clusters]
        self._by_digest: dict[str, list[int]] = defaultdict(list)
        self._by_gram: dict[Gram, list[int]] = defaultdict(list)
        for number, entry in enumerate(clusters):
            for digest in entry.digests:
                self._by_digest[digest].append(number)
            for gram in self.known[number]:
                self._by_gram[gram].append(number)

    def grams(self, text: str) -> set[Gram]:
        """Return the 2-grams of a text."""
        return grams(self._numbers.of(masked_words(text)))

    def candidates(self, digests: Iterable[str], own: Iterable[Gram]) -> list[int]:
        """Return the clusters that share a wording, or a 2-gram that few others have."""
        found = {number for digest in digests for number in self._by_digest.get(digest, ())}
        for gram in own:
            having = self._by_gram.get(gram, ())
            if len(having) <= _COMMON:
                found.update(having)
        return sorted(found)


def _fit(digests: frozenset[str], posts: set[str], own: set[Gram], entry: KnownCluster, theirs: set[Gram]) -> float:
    """Return how well a cluster fits a known one; 0 where it is another."""
    same = len(digests & entry.digests) / max(1, min(len(digests), len(entry.digests)))
    there = len(posts & entry.posts) / max(1, min(len(posts), len(entry.posts)))
    like = jaccard(own, theirs)
    if same >= _DIGESTS or like >= _LIKE or (there >= _POSTS and like >= _LIKE_SAME_POSTS):
        return same + like + there / 2
    return 0.0


def _named(cluster: Cluster, entry: KnownCluster | None, taken: set[str], now: Seen) -> Cluster:
    if entry is not None:
        return replace(cluster, mark=_mark(entry.id, entry.seen, now))
    own, extra = cluster.mark.id, 1
    while own in taken:
        extra += 1
        own = f"{cluster.mark.id}{extra}"
    taken.add(own)
    return replace(cluster, mark=_mark(own, now, now))


def _mark(own: str, seen: Seen, now: Seen) -> Mark:
    return Mark(own, seen.build == now.build, first_seen=seen.day, since=seen.build)


class Marker:
    """Fill in the marks of findings other than clusters."""

    def __init__(self, history: History, accepted: Mapping[str, Acceptance], now: Seen) -> None:
        self._history, self._accepted, self._now = history, accepted, now

    def mark(self, mark: Mark) -> Mark:
        """Return the mark with what is known about its finding."""
        known = _mark(mark.id, self._history.findings.get(mark.id, self._now), self._now)
        return replace(known, accepted=mark.id in self._accepted)

    def clusters(self, clusters: Sequence[Cluster]) -> tuple[Cluster, ...]:
        """Return clusters with whether all their wordings are accepted; an unknown one makes a cluster new again."""
        made = []
        for cluster in clusters:
            acceptance = self._accepted.get(cluster.mark.id)
            accepted = is_accepted(cluster, acceptance)
            new = cluster.mark.new or (acceptance is not None and not accepted)
            made.append(replace(cluster, mark=replace(cluster.mark, accepted=accepted, new=new)))
        return tuple(made)


def remember(audit: Audit, earlier: History | None = None) -> History:
    """Return what the next audit needs to know of this one, and of what was found earlier and not by this one."""
    clusters = tuple(
        KnownCluster(
            cluster.mark.id,
            cluster.text,
            cluster.digests,
            frozenset(cluster.urls),
            Seen(cluster.mark.first_seen, cluster.mark.since),
        )
        for cluster in audit.clusters
    )
    marks = [each.mark for each in (*audit.actions, *audit.every_finding()) if not isinstance(each, Cluster)]
    findings = {mark.id: Seen(mark.first_seen, mark.since) for mark in marks}
    if earlier is not None:
        found = {cluster.id for cluster in clusters}
        clusters += tuple(cluster for cluster in earlier.clusters if cluster.id not in found)
        findings = {**earlier.findings, **findings}
    return History(clusters, findings)


_CALLED = {
    "s": "stale values",
    "m": "missing calls to action",
    "d": "copies",
    "n": "mistyped names",
    "o": "odd numbers",
    "k": "dead links",
    "h": "links to old addresses",
    "x": "odd links of calls to action",
    "y": "missing notices",
    "z": "thin posts",
}
"""What findings are called by the letter that their ids begin with, where an editor can count them as done."""


def gone_since(audit: Audit, previous: History) -> tuple[Gone, ...]:
    """Return how many findings of each kind the audit before had that are gone; only of kinds that lost one."""
    now = {finding.mark.id for finding in audit.every_finding()}
    found = []
    for letter, kind in _CALLED.items():
        before = {own for own in previous.findings if own.startswith(f"{letter}-")}
        if gone := len(before - now):
            found.append(Gone(kind, len(before), gone))
    return tuple(found)


def same(one: History, other: History) -> bool:
    """Tell whether two histories say the same, in whatever order."""
    return one.findings == other.findings and set(one.clusters) == set(other.clusters)
