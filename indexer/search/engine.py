"""Define the seam between search and an index: what an engine is given, and what it gives back.

An engine sees analysed terms and ids, never text for people: every word shown comes from the store. Where its index is,
on this machine or not, and how a new one takes the place of the old, is its own affair.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

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


class Form(NamedTuple):
    """A folded word in this very form."""

    surface: str


Node = Term | Phrase | Form | Filter | AllOf | AnyOf | Alternatives | Not | Everything


class Bonus(NamedTuple):
    """What adds `worth` to the score of an article that `node` matches as well; with 0 it is told of a hit, no more."""

    node: Node
    worth: float = 0.0


class NamedWord(NamedTuple):
    """A word as typed: its term, its folded form, and whether it carries a meaning of its own."""

    term: str
    surface: str
    content_word: bool = True


class Plan(NamedTuple):
    """A query that an engine can run. `since` and `until` are inclusive days, `YYYY-MM-DD`.

    `filters` must all match and add no score. `hints` add to the score of what `root` matches, and match nothing
    themselves; so do `bonuses`, of which a hit says which it has. `named` words become bonuses above the engines,
    which pass over them.
    """

    root: Node
    filters: tuple[Filter, ...] = ()
    hints: tuple[Node, ...] = ()
    bonuses: tuple[Bonus, ...] = ()
    named: tuple[NamedWord, ...] = ()
    since: str | None = None
    until: str | None = None
    order: Order = "relevance"
    limit: int = 10
    offset: int = 0
    facets: tuple[FacetField, ...] = ()


class Hit(NamedTuple):
    """An article that matches: whose it is and its id, its score, no text.

    `library` is empty for an article of the library that was opened. Bit n of `bonuses` says that it has the n-th bonus
    of the plan. `title` holds the folded words of its title and their terms, where one of these bonuses has a worth.
    """

    article_id: int
    score: float
    library: str = ""
    bonuses: int = 0
    title: tuple[tuple[str, str], ...] = ()


class Results(NamedTuple):
    """One page of hits, the number of all hits, and facet values with counts where they were asked for."""

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[FacetField, Mapping[str, int]] = MappingProxyType({})


class Frequencies(NamedTuple):
    """Number of articles with each term, of titles with it, and of articles in all with their mean weighted length."""

    documents: Mapping[str, int]
    articles: int
    mean_length: float
    titles: Mapping[str, int] = MappingProxyType({})


class VocabularyEntry(NamedTuple):
    """What is known of a folded word: its term, and in about how many articles it stands."""

    term: str
    articles: int


class Checksum(NamedTuple):
    """How many articles an index or a store has, and the sum of their seals: two with the same hold the same."""

    articles: int
    seals: int


def seal(article_id: int, digest: str) -> int:
    """Return 32 bits that stand for an article as it is now: a million of them add up within a float's precision."""
    return crc32(f"{article_id} {digest}".encode())


class Location(NamedTuple):
    """Where the index of a library is.

    `folder` is the library's own place for indexes: an engine on this machine makes its own folder in it, one elsewhere
    needs none. `library` says whose articles are meant where several libraries share an index.
    """

    folder: str
    library: str = ""


class Vocabulary(Protocol):
    """What a search wants to know of an index before it can plan."""

    def frequencies(self, terms: Iterable[str]) -> Frequencies:
        """Return in how many articles, and titles, the terms stand."""

    def known(self, words: Iterable[str]) -> Mapping[str, VocabularyEntry]:
        """Return those of the folded words that some article has."""

    def starting(self, prefix: str, limit: int | None = None) -> Mapping[str, VocabularyEntry]:
        """Return the folded words that start so: at most `limit`, the commonest first, equal ones by the alphabet."""

    def similar(self, word: str, slips: int) -> Mapping[str, VocabularyEntry]:
        """Return the folded words at most so many slips away, and perhaps some that are further.

        A slip is a letter too many, too few, another one, or two swapped.
        """

    def values(self, name: FilterField, like: str = "", limit: int | None = None) -> Mapping[str, int]:
        """Return the values of a filter field, as people write them, with their number of articles.

        Only those that hold `like`, both folded by `fold_label`; at most `limit`, the commonest first.
        """


class SearchEngine(Vocabulary, Protocol):
    """An index of articles; everything raises `IndexUnusableError` where it is damaged or of another version.

    A search makes at most two calls to it: one for all that is foreseen, and `search`. Each of `foresee`, `search` and
    `totals` is one call, and so is any other question whose answer was not foreseen; what every search asks alike (the
    values of `language` and `acronym`) is read when the index is opened.
    """

    name: str

    def foresee(self, asking: Callable[[Vocabulary], object]) -> None:
        """Be shown what is about to be asked: `asking` asks all of it of the vocabulary that it is given.

        An engine that is far away gives it one that writes questions down (`indexer.search.foreseen`) and fetches the
        answers at once; one that is near has nothing to do.
        """

    def search(self, plan: Plan) -> Results:
        """Run the plan. Hits with the same score come newest first, undated ones last, then by id."""

    def totals(self, plans: Iterable[Plan]) -> Iterator[int]:
        """Return how many articles each plan matches; who stops asking need not have paid for the rest."""

    def checksum(self) -> Checksum:
        """Return what tells whether the index holds what the library does, without a list."""

    def ids(self) -> Iterable[tuple[int, str]]:
        """Return id and digest of every article of the library in the index."""

    def replace(self, articles: Iterable[Indexed]) -> None:
        """Add the articles, replacing those with the same id; all of them become visible together."""

    def delete(self, ids: Iterable[int]) -> None:
        """Take the articles out; unknown ids are no error."""

    def changing(self) -> AbstractContextManager[None]:
        """Replace and delete within: what is there is checked first, and is vouched for again at the end."""

    def rebuilding(self) -> AbstractContextManager[SearchEngine]:
        """Give an empty index to be filled, which takes the place of the old one when the block ends without an error.

        Whoever reads the old one goes on reading it; after an error it stays.
        """

    def exists(self) -> bool:
        """Tell whether there is an index, of whatever state."""

    def check(self) -> None:
        """Read all of the index. Raise `DamagedIndexError` where anything is not what was written."""

    def discard(self) -> None:
        """Take the library's index away."""

    def close(self) -> None:
        """Let go of files and connections."""
