"""Define the seam between search and an index: what an engine is given, and what it gives back.

An engine sees analysed tokens and ids, never text for people: every word shown comes from the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

TextField = Literal["title", "headings", "body", "editorial", "template"]
FilterField = Literal["site", "author", "category", "tag", "topic", "language", "url"]
FacetField = Literal["topic", "category", "author", "year"]
Order = Literal["relevance", "newest", "oldest"]


@dataclass(frozen=True, slots=True)
class Token:
    """An analysed token: `term` is what is matched, `position` counts words so that phrases keep their gaps."""

    term: str
    position: int


@dataclass(frozen=True, slots=True)
class Indexed:
    """An article as an engine takes it. `published` is `YYYY-MM-DD` or `None`; `filters` are folded values."""

    id: int
    digest: str
    fields: Mapping[TextField, Sequence[Token]]
    filters: Mapping[FilterField, Sequence[str]]
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """One analysed term in the given fields. `weight` multiplies its score; `prefix` matches every term that starts so."""

    term: str
    fields: tuple[TextField, ...]
    weight: float = 1.0
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens at these relative positions in one of the fields."""

    tokens: tuple[Token, ...]
    fields: tuple[TextField, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Filter:
    """One of `values` in a filter field, compared exactly after folding."""

    field: FilterField
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must match."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part must match; more of them score higher."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not match; never the whole of a plan."""

    part: Node


@dataclass(frozen=True, slots=True)
class Everything:
    """Every article: what filters alone are applied to."""


Node = Term | Phrase | Filter | AllOf | AnyOf | Not | Everything


@dataclass(frozen=True, slots=True)
class Plan:
    """A query that an engine can run. `since` and `until` are inclusive days, `YYYY-MM-DD`."""

    root: Node
    since: str | None = None
    until: str | None = None
    order: Order = "relevance"
    limit: int = 10
    offset: int = 0
    facets: tuple[FacetField, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that matches: its id and its score, no text."""

    article_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Results:
    """One page of hits, the number of all hits, and facet values with counts where they were asked for."""

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[FacetField, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Document frequency of terms, the number of articles, and the mean length of a body in tokens."""

    documents: Mapping[str, int]
    articles: int
    mean_length: float


class SearchEngine(Protocol):
    """An index of articles. Raise `indexer.errors.IndexUnusableError` where the index is damaged or of another version."""

    name: str

    def replace(self, articles: Iterable[Indexed]) -> None:
        """Add the articles, replacing those with the same id; all of them become visible together."""

    def delete(self, ids: Iterable[int]) -> None:
        """Take the articles out; unknown ids are no error."""

    def search(self, plan: Plan) -> Results:
        """Run the plan."""

    def frequencies(self, terms: Iterable[str]) -> Frequencies:
        """Return how common the body terms are."""

    def ids(self) -> Iterable[tuple[int, str]]:
        """Return id and digest of every article in the index."""

    def close(self) -> None:
        """Let go of files."""
