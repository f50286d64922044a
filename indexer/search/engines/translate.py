"""Translate a plan into the queries of a library, whichever it is: what scores, what only matches, what leaves out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol, TypeVar, get_args

from indexer.analysis import fold_label
from indexer.search.engine import (
    ARTICLE_FIELDS,
    AllOf,
    Alternatives,
    AnyOf,
    Everything,
    FacetField,
    Filter,
    Form,
    Not,
    Phrase,
    Term,
)
from indexer.search.ranking import day_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from indexer.search.engine import Bonus, Indexed, Node, Plan, TextField

ALL, FILTER, VALUE, WORD = "all", "filter", "value", "word"
"""Fields of an index beside those of an article: its terms as often as they weigh, filters folded and as people write
them, and its folded words with their terms."""
SEPARATOR = "\x00"
"""Stands between the two parts of what a field holds in one term."""

FACETS: tuple[FacetField, ...] = get_args(FacetField)
_MOST_EXPANSIONS = 128
"""Terms that a prefix stands for, the shortest; chosen: more say nothing and take long."""
_MORE_THAN_ANY_SCORE = 100.0
_SET_ASIDE = 0.1
"""What a word among what was set aside adds to a score, where it weighs nothing; chosen: below any that weighs."""
_EDITORIAL_EACH = 5

Q = TypeVar("Q")


class Queries(Protocol[Q]):
    """The queries of a library; `term` scores by BM25, `constant` by a number, the others by the sum of their parts."""

    def term(self, field: str, text: str) -> Q:
        """Match what has the term in the field."""

    def placed(self, fields: Sequence[TextField], terms: Sequence[str]) -> Q:
        """Match what has the terms in a row in one of the fields."""

    def all_of(self, parts: Sequence[Q], without: Sequence[Q]) -> Q:
        """Match what all of at least one part match, and none of the others."""

    def any_of(self, parts: Sequence[Q]) -> Q:
        """Match what any part matches; nothing where there is none."""

    def best_of(self, parts: Sequence[Q]) -> Q:
        """Match what any part matches, scored by the best."""

    def scored(self, query: Q, more: Sequence[Q]) -> Q:
        """Match what the query matches, and score what others match too higher."""

    def boosted(self, query: Q, weight: float) -> Q:
        """Multiply scores."""

    def constant(self, query: Q, score: float) -> Q:
        """Give all the same score."""

    def everything(self) -> Q:
        """Match everything."""

    def days(self, first: int, last: int) -> Q:
        """Match what was published between two days `YYYYMMDD`."""

    def terms(self, field: str, prefix: str) -> Iterable[str]:
        """Return the terms of a field that start so."""


def weighted_terms(article: Indexed) -> list[str]:
    """Return the terms of an article, each as often as it weighs.

    In whole numbers: twice in the title, once in headings and text, once for up to five times in what is editorial.
    """
    fields = article.fields
    found = [*fields.get("title", ()), *fields.get("title", ()), *fields.get("headings", ()), *fields.get("body", ())]
    times: dict[str, int] = {}
    for term in fields.get("editorial", ()):
        if times.setdefault(term, 0) % _EDITORIAL_EACH == 0:
            found.append(term)
        times[term] += 1
    return found


def filter_terms(article: Indexed) -> tuple[list[str], list[str]]:
    """Return the terms of the fields `FILTER` and `VALUE` of an article."""
    values = [(name, value) for name, found in article.filters.items() for value in found]
    folded = dict.fromkeys(f"{name}{SEPARATOR}{fold_label(value)}" for name, value in values)
    return list(folded), [f"{name}{SEPARATOR}{value}" for name, value in values]


def title_pairs(article: Indexed) -> list[tuple[str, str]]:
    """Return the folded words of the title with their terms."""
    terms = article.fields.get("title", ())
    surfaces = article.title if len(article.title) == len(terms) else terms
    return list(zip(surfaces, terms, strict=True))


def facet_values(article: Indexed) -> list[tuple[FacetField, str]]:
    """Return the values of an article that are counted."""
    years = [article.published[:4]] if article.published else []
    return [(name, value) for name in FACETS for value in (years if name == "year" else article.filters.get(name, ()))]


def matching(plan: Plan, make: Queries[Q]) -> Q:
    """Return the query for what the plan matches, scored by its root."""
    parts = [query_of(plan.root, make), *(query_of(condition, make) for condition in plan.filters)]
    if plan.since or plan.until:
        last = day_number(plan.until or "9999-12-31")
        parts.append(make.constant(make.days(day_number(plan.since) or 1, last), 0.0))
    return make.all_of(parts, []) if len(parts) > 1 else parts[0]


def scoring(plan: Plan, make: Queries[Q]) -> Q:
    """Return the query for what the plan matches, scored by all that adds to it."""
    more = [query_of(hint, make) for hint in plan.hints]
    more += [make.constant(query_of(bonus.node, make), bonus.worth) for bonus in plan.bonuses if bonus.worth]
    return make.scored(matching(plan, make), more) if more else matching(plan, make)


def telling(bonuses: Sequence[Bonus], make: Queries[Q]) -> list[Q]:
    """Return queries that score 1, 2, 4 and so on for each bonus: the sum tells which of them there are."""
    return [make.constant(query_of(bonus.node, make), float(1 << number)) for number, bonus in enumerate(bonuses)]


def query_of(node: Node, make: Queries[Q]) -> Q:
    """Return the query for a node."""
    match node:
        case Term(term, fields, weight, prefix):
            if prefix:
                return make.best_of([query_of(each, make) for each in _expanded(node, make)])
            if fields == ARTICLE_FIELDS:
                return _weighed(make.term(ALL, term), weight, make)
            return _placed(node, (term,), make)
        case Phrase(terms):
            return _placed(node, terms, make)
        case Form(surface):
            return make.any_of([make.term(WORD, term) for term in make.terms(WORD, f"{surface}{SEPARATOR}")])
        case AllOf(parts):
            kept = [query_of(part, make) for part in parts if not isinstance(part, Not)]
            without = [query_of(part.part, make) for part in parts if isinstance(part, Not)]
            return make.all_of(kept or [_everything(make)], without)
        case AnyOf(parts, most_first):
            queries = [query_of(part, make) for part in parts]
            counted = [make.constant(query, _MORE_THAN_ANY_SCORE) for query in queries] if most_first else []
            return make.any_of([*queries, *counted])
        case Alternatives(parts):
            return make.best_of([query_of(part, make) for part in parts])
        case Filter(name, values):
            folded = [make.term(FILTER, f"{name}{SEPARATOR}{fold_label(value)}") for value in values]
            return make.constant(make.any_of(folded), 0.0)
        case Not(part):
            return make.all_of([_everything(make)], [query_of(part, make)])
        case Everything():
            return _everything(make)


def _everything(make: Queries[Q]) -> Q:
    return make.constant(make.everything(), 0.0)


def _weighed(query: Q, weight: float, make: Queries[Q]) -> Q:
    return query if weight == 1.0 else make.boosted(query, weight)


def _placed(node: Term | Phrase, terms: Sequence[str], make: Queries[Q]) -> Q:
    """Return the query for what stands in certain fields or in a row: it scores as the best of its words does."""
    aside = _SET_ASIDE if "template" in node.fields else 0.0
    found = make.constant(make.placed(node.fields, terms), aside)
    words = [_weighed(make.term(ALL, term), node.weight, make) for term in dict.fromkeys(terms)]
    return make.scored(found, [make.best_of(words) if len(words) > 1 else words[0]])


def _expanded(node: Term, make: Queries[Q]) -> list[Term]:
    """Return the terms that a prefix stands for."""
    names = (ALL,) if node.fields == ARTICLE_FIELDS else node.fields
    found = {term for name in names for term in make.terms(name, node.term)}
    return [node._replace(term=term, prefix=False) for term in sorted(found, key=lambda term: (len(term), term))][
        :_MOST_EXPANSIONS
    ]


def facet(name: FacetField, counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the counts of values as people write them, spellings of one under the one that most articles use."""
    if name == "year":
        return dict(sorted(counts, reverse=True))
    spellings: dict[str, Counter[str]] = {}
    for value, count in counts:
        spellings.setdefault(fold_label(value), Counter())[value] += count
    merged = {max(found, key=lambda value: (found[value], value)): found.total() for found in spellings.values()}
    return dict(sorted(merged.items(), key=lambda item: (-item[1], item[0])))
