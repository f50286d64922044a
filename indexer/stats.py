"""Sum a library up in figures: how much was written when, by whom, and how much of the pages is boilerplate."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from indexer.store.derived.topic_rows import TopicView
    from indexer.store.rows import PostFacts

CHARACTERS_A_WORD = 6
"""Characters, the space included, that an average word takes; turns lengths of boilerplate into words."""


FEW_POSTS = 3
"""A topic with fewer posts is a gap."""
STOPPED_YEARS = 2
"""A topic whose newest post is so many years older than the blog's is one that was given up."""


@dataclass(frozen=True, slots=True)
class TopicYears:
    """How a topic was written about over the years. `gap` says in words what is missing, if anything."""

    label: str
    posts: int
    years: Mapping[int, int]
    gap: str


@dataclass(frozen=True, slots=True)
class Stats:
    """Figures of a library. `months` goes from `YYYY-MM` to posts; `template_share` and `editorial_share` are 0-1.

    Shares are those of all text on the posts' pages.
    """

    posts: int
    words: int
    undated: int
    months: Mapping[str, int]
    authors: Mapping[str, int]
    template_share: float
    editorial_share: float
    topics: tuple[TopicYears, ...] = ()

    @property
    def mean_words(self) -> int:
        """Return the mean length of a post in words."""
        return round(self.words / self.posts) if self.posts else 0

    @property
    def years(self) -> dict[str, list[int]]:
        """Return for each year from the first to the last the posts of its twelve months."""
        if not self.months:
            return {}
        first, last = int(min(self.months)[:4]), int(max(self.months)[:4])
        return {
            f"{year:04}": [self.months.get(f"{year:04}-{month:02}", 0) for month in range(1, 13)]
            for year in range(first, last + 1)
        }


def sum_up(posts: Iterable[PostFacts], topics: Sequence[TopicView] = ()) -> Stats:
    """Return the figures of these posts and of the topics they are in."""
    facts = list(posts)
    authors = Counter(post.author or "(no author)" for post in facts)
    months = Counter(post.published[:7] for post in facts if post.published)
    template = sum(post.template for post in facts)
    editorial = sum(post.editorial for post in facts)
    whole = sum(post.words for post in facts) * CHARACTERS_A_WORD + template
    return Stats(
        posts=len(facts),
        words=sum(post.words for post in facts),
        undated=sum(post.published is None for post in facts),
        months=dict(sorted(months.items())),
        authors=dict(sorted(authors.items(), key=lambda item: (-item[1], item[0]))),
        template_share=template / whole if whole else 0.0,
        editorial_share=editorial / whole if whole else 0.0,
        topics=tuple(_over_the_years(topics)),
    )


def _over_the_years(topics: Sequence[TopicView]) -> Iterator[TopicYears]:
    latest = max((max(view.years) for view in topics if view.years), default=0)
    for view in topics:
        gap = "few posts" if len(view.members) < FEW_POSTS else ""
        if view.years and max(view.years) <= latest - STOPPED_YEARS:
            gap = f"nothing since {max(view.years)}"
        yield TopicYears(view.topic.label, len(view.members), view.years, gap)
