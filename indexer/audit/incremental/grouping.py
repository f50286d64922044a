"""Group the paragraphs of a blog again after a crawl: what is new, and the lone paragraphs that it may be like."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from indexer.audit.incremental.fingerprints import LONE, folded
from indexer.audit.marks import identify
from indexer.audit.similarity.containment import least_shared
from indexer.audit.similarity.distinct import LEAST_WORDS, Wordings, frequent_in, is_long
from indexer.audit.similarity.groups import Group, by_likeness, grouped, join
from scraper.text.words import masked_words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from indexer.audit.corpus import Paragraph
    from indexer.audit.incremental.dirty import Tracker
    from indexer.audit.similarity.clusters import Copies


def gather_changed(tracker: Tracker, posts: int, similar: float) -> list[Group]:
    """Return what `similarity.groups.gather` returns of all paragraphs, looking only at what may stand in a group."""
    paragraphs = tracker.paragraphs
    frequent = frequent_in(paragraphs)
    tracker.depends_on(LONE, "likeness", str(similar), identify("w", *sorted(frequent)))
    known: set[str] = set()
    while True:
        wordings = Wordings(paragraphs, tracker.dirty(LONE), frequent)
        copies = join(wordings, similar)
        if tracker.invalidate_like(_not_compared(wordings, copies, tracker)):
            continue
        strong, weak = by_likeness(wordings, copies, posts, similar)
        medoids = {wordings.text(medoid) for medoid, _ in strong}
        reached = _reaching(paragraphs, tracker.clean(LONE), tracker.new_medoids(medoids) - known)
        if not reached:
            break
        tracker.invalidate(LONE, reached)
        known |= medoids
    groups = grouped(wordings, strong, weak)
    every = range(len(wordings.keys))
    leading = (number for at in every if copies.is_leader(at + 1) for number in wordings.of(at))
    tracker.mark_lone(_lone(wordings, copies, groups), leading, (wordings.of(at)[0] for at in every))
    return groups


def _not_compared(wordings: Wordings, copies: Copies, tracker: Tracker) -> set[int]:
    """Return the keys of the wordings that lone paragraphs may not have been compared with: new, leading, moved."""
    found: set[int] = set()
    for at, keys in enumerate(wordings.summaries):
        if not tracker.has_met(wordings.of(at), leading=copies.is_leader(at + 1)):
            found.update(keys)
    return found


def _reaching(paragraphs: Sequence[Paragraph], numbers: Sequence[int], medoids: Collection[str]) -> list[int]:
    """Return the paragraphs that may contain a medoid: they share enough 2-grams with it."""
    index: dict[tuple[str, str], list[str]] = defaultdict(list)
    least = {}
    for medoid in medoids if numbers else ():
        own = set(pairwise(masked_words(medoid)))
        least[medoid] = least_shared(len(own))
        for gram in own:
            index[gram].append(medoid)
    found = []
    for number in numbers if index else ():
        words = paragraphs[number].key.split()
        shared = Counter(medoid for gram in index.keys() & pairwise(words) for medoid in index[gram])
        if len(words) >= LEAST_WORDS and any(count >= least[medoid] for medoid, count in shared.items()):
            found.append(number)
    return found


def _lone(wordings: Wordings, copies: Copies, groups: Sequence[Group]) -> dict[int, Sequence[int]]:
    """Return the paragraphs that are like no other and stand in no group, with the keys by which a like one is found.

    Where a key is crowded it matters who else has it, so those that have it are not passed over.
    """
    grouped = {number for group in groups for number in group.members}
    joined = Counter(copies.groups.root(at + 1) for at in range(len(wordings.keys)))
    found: dict[int, Sequence[int]] = {
        number: () for key, members in wordings.members.items() if not is_long(key) for number in members
    }
    for at, keys in enumerate(wordings.summaries):
        number, *others = wordings.of(at)
        alone = not others and joined[copies.groups.root(at + 1)] == 1 and number not in grouped
        if alone and copies.crowded.isdisjoint(keys):
            found[number] = folded(keys)
    return found
