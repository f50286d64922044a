"""Define the seam between search and an index: what an engine is given, and what it gives back.

An engine sees analysed terms and ids, never text for people: every word shown comes from the store.
"""

from __future__ import annotations

import os
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from indexer.errors import IndexUnusableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

TextField = Literal["title", "headings", "body", "editorial", "template"]
FilterField = Literal["site", "author", "category", "tag", "topic", "language", "year", "url", "acronym"]
FacetField = Literal["topic", "category", "author", "year", "language"]
Order = Literal["relevance", "newest", "oldest"]

ARTICLE_FIELDS: tuple[TextField, ...] = ("title", "headings", "body", "editorial")
"""The fields that make up an article; `template` is what was set aside around it."""


class Indexed(NamedTuple):
    """An article as an engine takes it. `published` is `YYYY-MM-DD` or `None`.

    `fields` holds the analysed terms of every word, so that the index of a term is its word's position. `filters` are
    values as people write them. `words` maps the folded words of the article to their terms. `title` holds the folded
    words of the title.
    """

    id: int
    digest: str
    fields: Mapping[TextField, Sequence[str]]
    filters: Mapping[FilterField, Sequence[str]] = MappingProxyType({})
    published: str | None = None
    words: Mapping[str, str] = MappingProxyType({})
    title: Sequence[str] = ()


class Term(NamedTuple):
    """One analysed term in the given fields. `weight` multiplies its score; `prefix`: all terms that start so."""

    term: str
    fields: tuple[TextField, ...] = ARTICLE_FIELDS
    weight: float = 1.0
    prefix: bool = False


class Phrase(NamedTuple):
    """Terms one after the other in one of the fields."""

    terms: tuple[str, ...]
    fields: tuple[TextField, ...] = ARTICLE_FIELDS
    weight: float = 1.0


class Filter(NamedTuple):
    """One of `values` in a filter field, compared as `indexer.analysis.fold_label` folds them."""

    field: FilterField
    values: tuple[str, ...]


class AllOf(NamedTuple):
    """Every part must match."""

    parts: tuple[Node, ...]


class AnyOf(NamedTuple):
    """At least one part must match; more of them score higher, with `most_first` above all that have fewer."""

    parts: tuple[Node, ...]
    most_first: bool = False


class Alternatives(NamedTuple):
    """Parts that mean the same: at least one must match, the best of them counts."""

    parts: tuple[Node, ...]


class Not(NamedTuple):
    """The part must not match; never the whole of a plan."""

    part: Node


class Everything(NamedTuple):
    """Every article: what filters alone are applied to."""


Node = Term | Phrase | Filter | AllOf | AnyOf | Alternatives | Not | Everything


class NamedWord(NamedTuple):
    """A word as typed: its term, its folded form, and whether it carries a meaning of its own."""

    term: str
    surface: str
    content_word: bool = True


class Plan(NamedTuple):
    """A query that an engine can run. `since` and `until` are inclusive days, `YYYY-MM-DD`.

    `filters` must all match and add no score. `hints` add to the score of what `root` matches, and match nothing
    themselves; so do `named` words where they stand in a title, or in a row.
    """

    root: Node
    filters: tuple[Filter, ...] = ()
    hints: tuple[Node, ...] = ()
    named: tuple[NamedWord, ...] = ()
    since: str | None = None
    until: str | None = None
    order: Order = "relevance"
    limit: int = 10
    offset: int = 0
    facets: tuple[FacetField, ...] = ()


class Hit(NamedTuple):
    """An article that matches: its id and its score, no text."""

    article_id: int
    score: float


class Results(NamedTuple):
    """One page of hits, the number of all hits, and facet values with counts where they were asked for."""

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[FacetField, Mapping[str, int]] = MappingProxyType({})


class Frequencies(NamedTuple):
    """Number of articles with each term, number of articles in all, and their mean length in weighted words."""

    documents: Mapping[str, int]
    articles: int
    mean_length: float


class VocabularyEntry(NamedTuple):
    """What is known of a folded word: its term, and in about how many articles it stands."""

    term: str
    articles: int


class SearchEngine(Protocol):
    """An index of articles; everything raises `IndexUnusableError` where it is damaged or of another version."""

    name: str

    def replace(self, articles: Iterable[Indexed]) -> None:
        """Add the articles, replacing those with the same id; all of them become visible together."""

    def delete(self, ids: Iterable[int]) -> None:
        """Take the articles out; unknown ids are no error."""

    def search(self, plan: Plan) -> Results:
        """Run the plan."""

    def frequencies(self, terms: Iterable[str]) -> Frequencies:
        """Return in how many articles the terms stand."""

    def values(self, name: FilterField) -> Mapping[str, int]:
        """Return the values of a filter field, as people write them, with their number of articles."""

    def vocabulary(self, prefix: str = "") -> Mapping[str, VocabularyEntry]:
        """Return the folded words that start so."""

    def ids(self) -> Iterable[tuple[int, str]]:
        """Return id and digest of every article in the index."""

    def close(self) -> None:
        """Let go of files."""


_STAMP = "format"


def check_format(folder: Path | str, expected: str) -> None:
    """Raise `IndexUnusableError` where the folder holds an index of another format than `expected`."""
    try:
        with open(f"{folder}/{_STAMP}", encoding="utf-8") as file:  # noqa: PTH123
            if file.read() != expected:
                raise IndexUnusableError
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as problem:
        raise IndexUnusableError from problem


def has_format(folder: Path | str) -> bool:
    """Tell whether an index was ever completed in the folder."""
    return os.path.exists(f"{folder}/{_STAMP}")  # noqa: PTH110


def save_format(folder: Path, name: str) -> None:
    """Write down in which format the index in the folder is."""
    if not has_format(folder):
        written = folder / f"{_STAMP}.new"
        written.write_text(name, encoding="utf-8")
        written.replace(folder / _STAMP)
