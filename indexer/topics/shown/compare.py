"""Compare what two blogs of a library are about."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.store.derived.topic_rows import TopicView

COMPARED_COLUMNS = ("id", "label", "posts", "share", "other_posts", "other_share")


@dataclass(frozen=True, slots=True)
class Compared:
    """A topic in two blogs: its posts in each, and the share of the blog's posts in topics that these are, 0-1."""

    id: int
    label: str
    posts: int
    share: float
    other_posts: int
    other_share: float


def compare(one: Sequence[TopicView], other: Sequence[TopicView]) -> list[Compared]:
    """Return the topics of both blogs, what the other blog has more of first."""
    labels = {view.topic.id: view.topic.label for view in (*one, *other)}
    posts = [{view.topic.id: len(view.members) for view in views} for views in (one, other)]
    totals = [len({member.article_id for view in views for member in view.members}) or 1 for views in (one, other)]
    found = []
    for topic_id, label in labels.items():
        mine, theirs = (of.get(topic_id, 0) for of in posts)
        found.append(Compared(topic_id, label, mine, mine / totals[0], theirs, theirs / totals[1]))
    return sorted(found, key=lambda topic: (topic.share - topic.other_share, topic.label))


def compared_form(topic: Compared) -> dict[str, Any]:
    """Return it as `topics --compare --json` gives it."""
    return asdict(topic) | {"share": round(topic.share, 4), "other_share": round(topic.other_share, 4)}
