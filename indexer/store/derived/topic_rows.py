"""Define what a library keeps of topics: what people see, and what must be known to leave them stable."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date


Source = Literal["found", "category", "curated"]


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of the blog. `id` stays for good; `terms` are words and phrases for a person, best first."""

    id: int
    label: str
    source: Source
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Membership:
    """That a post has a topic. `share` of the post is about it, 0-1."""

    article_id: int
    topic_id: int
    share: float


@dataclass(frozen=True, slots=True)
class Member:
    """A post as it is listed under a topic."""

    article_id: int
    url: str
    title: str | None
    published: date | None
    share: float


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic with its posts, greatest share first."""

    topic: Topic
    members: tuple[Member, ...]

    @property
    def newest(self) -> date | None:
        """Return the day of the newest post, `None` where none has a date."""
        return max((member.published for member in self.members if member.published), default=None)

    @property
    def years(self) -> dict[int, int]:
        """Return the number of posts a year, without the years that have none."""
        years = sorted(member.published.year for member in self.members if member.published)
        return {year: years.count(year) for year in dict.fromkeys(years)}


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of the tree of topics: an area with its topics, or a topic that is in none, which has no `topics`."""

    view: TopicView
    topics: tuple[TopicView, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """A handful of kin topics, given by their ids; `named` is its own id, label and terms.

    `middle` is what its posts have in common, by term of the model's vocabulary; `members` are the posts that are
    nearest to it, by article id, with how near (cosine).
    """

    named: Topic
    topics: tuple[int, ...]
    middle: Mapping[int, float]
    members: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms that tell posts apart, with the weight of each; fixed with the topics that were fitted on it.

    `keep` is how many of its terms a post is known by.
    """

    terms: Sequence[str]
    weights: Sequence[float]
    keep: int

    def numbers(self) -> dict[str, int]:
        """Return the number of each term."""
        return {term: number for number, term in enumerate(self.terms)}


@dataclass(frozen=True, slots=True)
class Model:
    """The topics that were found, as they were fitted: what places a new post.

    `factors` are the weights of a topic's terms, by topic id. `fitted_on` are the posts of the last fit with their
    digests at that time.
    """

    vocabulary: Vocabulary
    factors: Mapping[int, Mapping[int, float]]
    fitted_on: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a post was placed: strength of each found topic by id, share of each curated one by name."""

    digest: str
    weights: Mapping[int, float]
    curated: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class State:
    """What a library knows of its topics besides what people see. `placed` goes by article id.

    `rules` are the curated topics that the posts were placed by; `next_id` is the lowest that was never given.
    """

    rules: str
    next_id: int
    model: Model | None
    found: Mapping[int, Topic]
    placed: Mapping[int, Placed]
    areas: Mapping[int, Area] = field(default_factory=dict)
