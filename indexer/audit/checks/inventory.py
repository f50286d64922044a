"""Make findings of the recurring paragraphs: what the theme prints, and what editors paste."""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING

from indexer.audit.findings import Cluster
from indexer.audit.marks import mark
from indexer.audit.similarity.clusters import Union
from indexer.audit.similarity.distinct import LEAST_WORDS
from indexer.audit.similarity.groups import Group, gather
from indexer.audit.similarity.variants import central_text, variants
from scraper.model import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from indexer.audit.corpus import Corpus, Paragraph
    from indexer.audit.findings import ClusterKind

TEMPLATE_SHARE = 0.1
TEMPLATE_POSTS = 3
"""What was set aside is part of the theme where it stands on so many posts; titles of related posts don't."""


def make_cluster(
    group: Group,
    paragraphs: Sequence[Paragraph],
    corpus: Corpus,
    kind: ClusterKind,
    role: str,
    copies: Collection[tuple[int, int]] = (),
) -> Cluster:
    """Return the finding for a recurring paragraph. Its id is provisional until it is matched with earlier audits."""
    posts = sorted({paragraphs[number].post for number in group.members})
    days = sorted(day for day in map(corpus.published, posts) if day)
    text = central_text(group, paragraphs, corpus)
    return Cluster(
        mark("t" if kind == "template" else "c", kind, " ".join(group.medoid)),
        kind,
        role,
        text,
        len(posts),
        len(posts) / len(corpus),
        days[0] if days else None,
        days[-1] if days else None,
        _place(group, paragraphs, corpus, kind),
        _is_copied(posts, copies),
        variants(group, paragraphs, corpus, text, masked=kind == "template"),
    )


def _place(group: Group, paragraphs: Sequence[Paragraph], corpus: Corpus, kind: ClusterKind) -> str:
    """Return in words where in a post the paragraph stands mostly."""
    if kind == "template":
        return "around the article"
    where = []
    for number in group.members:
        paragraph = paragraphs[number]
        blocks = len(corpus.kept_of[paragraph.post])
        where.append(1 - (paragraph.from_end + 0.5) / max(blocks, 1))
    middle = median(where)
    if middle >= 0.8:
        return "at the end"
    if middle <= 0.2:
        return "at the start"
    return "in the last third" if middle > 2 / 3 else "in the middle"


def _is_copied(posts: Sequence[int], copies: Collection[tuple[int, int]]) -> bool:
    """Tell whether the posts are all copies of one another, so that the paragraph recurs only with them."""
    if not copies or len(posts) > 50:
        return False
    together = Union()
    for at, newer in enumerate(posts):
        for older in posts[:at]:
            if (older, newer) in copies:
                together.join(older, newer)
    return len({together.root(post) for post in posts}) == 1


def template_groups(paragraphs: Sequence[Paragraph], posts: int, similar: float) -> list[Group]:
    """Return what the theme prints: exact copies of short texts, near copies of longer ones, most posts first."""
    least = max(TEMPLATE_POSTS, TEMPLATE_SHARE * posts)
    short: dict[str, list[int]] = defaultdict(list)
    for number, paragraph in enumerate(paragraphs):
        if paragraph.key.count(" ") < LEAST_WORDS - 1:
            short[paragraph.key or paragraph.text].append(number)
    found = [Group(key.split(), members) for key, members in short.items()]
    found.extend(gather(paragraphs, posts, similar))
    kept = [group for group in found if len({paragraphs[number].post for number in group.members}) >= least]
    kept.sort(key=lambda group: (-len({paragraphs[n].post for n in group.members}), group.members[0]))
    return kept


def stated_role(group: Group, paragraphs: Sequence[Paragraph]) -> str:
    """Return the role that extraction gave most of the blocks."""
    roles = [paragraphs[number].block.role for number in group.members]
    boiler = [role for role in roles if role not in (Role.CONTENT, Role.HEADING)] or [Role.OTHER]
    return str(max(sorted(set(boiler)), key=boiler.count))
