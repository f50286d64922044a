"""Translate plans into OpenSearch's queries, and its answers into results."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from indexer.search.engine import (
    ARTICLE_FIELDS,
    AllOf,
    Alternatives,
    AnyOf,
    Everything,
    Filter,
    Form,
    Hit,
    Not,
    Phrase,
    Results,
    Term,
)
from indexer.search.engines.opensearch.documents import SEPARATOR, folded_value, term_of
from indexer.search.ranking import day_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indexer.search.engine import FacetField, Node, Plan, TextField

    Clause = dict[str, Any]

_MORE_THAN_ANY_SCORE = 100.0
_SET_ASIDE = 0.1
"""What a word among what was set aside adds to a score, where it weighs nothing; chosen: below any that weighs."""
_MOST_VALUES = 10_000
"""Values of a facet; chosen: nobody reads more, and a cluster builds 65,536 at most."""
_EVERYTHING: Clause = {"match_all": {}}


def body(plan: Plan, scope: Sequence[Clause], scale: float) -> Clause:
    """Return a search for the plan within the posts of `scope`; scores of terms are multiplied by `scale`."""
    added = [clause(hint, scale) for hint in plan.hints]
    added += [
        {"constant_score": {"filter": clause(bonus.node, scale), "boost": bonus.worth, "_name": str(number)}}
        for number, bonus in enumerate(plan.bonuses)
    ]
    query = {"bool": {"must": [clause(plan.root, scale)], "filter": _conditions(plan, scope, scale), "should": added}}
    return {
        "query": query,
        "from": plan.offset if plan.limit else 0,
        "size": plan.limit,
        "track_total_hits": True,
        "track_scores": True,
        "_source": ["titled"] if plan.bonuses else False,
        "sort": _ORDERS[plan.order],
        **({"aggs": {name: _facet(name) for name in plan.facets}} if plan.facets else {}),
    }


def counting(plan: Plan, scope: Sequence[Clause]) -> Clause:
    """Return a search that only counts what the plan matches."""
    conditions = [clause(plan.root, 1.0), *_conditions(plan, scope, 1.0)]
    return {"query": {"bool": {"filter": conditions}}, "size": 0, "track_total_hits": True}


def results(plan: Plan, answer: Clause, *, library: str) -> Results:
    """Return what a search for the plan found; hits of `library` are the own ones."""
    worth = sum(1 << number for number, bonus in enumerate(plan.bonuses) if bonus.worth)
    hits = tuple(_hit(each, library, worth) for each in answer["hits"]["hits"])
    facets: dict[FacetField, Mapping[str, int]] = {
        name: _counts(name, answer["aggregations"][name]["buckets"]) for name in plan.facets
    }
    return Results(hits, answer["hits"]["total"]["value"], facets)


def clause(node: Node, scale: float) -> Clause:
    """Return the query for a part of a plan."""
    match node:
        case Term(term, fields, weight, prefix):
            return _term(term_of(term), fields, weight, scale, prefix=prefix)
        case Phrase(terms, fields, weight):
            rows: list[Clause] = [{"match_phrase": {name: " ".join(map(term_of, terms))}} for name in fields]
            return _placed(rows, fields, terms, weight, scale)
        case AllOf(parts):
            needed = [clause(part, scale) for part in parts if not isinstance(part, Not)]
            return _without(needed or [_silent(_EVERYTHING)], [p.part for p in parts if isinstance(p, Not)], scale)
        case AnyOf(parts, most_first):
            found = [clause(part, scale) for part in parts]
            if most_first:
                more = {"constant_score": {"filter": _EVERYTHING, "boost": _MORE_THAN_ANY_SCORE}}
                found = [{"bool": {"must": [each, more]}} for each in found]
            return {"bool": {"should": found, "minimum_should_match": 1}}
        case Alternatives(parts):
            return {"dis_max": {"queries": [clause(part, scale) for part in parts]}}
        case Not(part):
            return _without([_silent(_EVERYTHING)], [part], scale)
        case Filter(name, values):
            field = "year" if name == "year" else f"filter.{name}"
            return _silent({"terms": {field: sorted({folded_value(value) for value in values})}})
        case Form(surface):
            return _silent({"term": {"forms": term_of(surface)}})
        case Everything():
            return _silent(_EVERYTHING)


def _term(term: str, fields: Sequence[TextField], weight: float, scale: float, *, prefix: bool) -> Clause:
    names = ("all",) if tuple(fields) == ARTICLE_FIELDS else tuple(fields)
    if prefix:
        begun: list[Clause] = [{"prefix": {name: {"value": term, "boost": weight}}} for name in names]
        return {"dis_max": {"queries": begun}}
    if names == ("all",):
        return {"term": {"all": {"value": term, "boost": weight * scale}}}
    return _placed([{"term": {name: term}} for name in names], fields, (term,), weight, scale)


def _placed(
    places: list[Clause], fields: Sequence[TextField], terms: Sequence[str], weight: float, scale: float
) -> Clause:
    """Match what stands in one of the places; it scores as the best of its words does in the whole post."""
    words: list[Clause] = [
        {"term": {"all": {"value": term_of(term), "boost": weight * scale}}} for term in dict.fromkeys(terms)
    ]
    aside = _SET_ASIDE if "template" in fields else 0.0
    found = {"constant_score": {"filter": {"bool": {"should": places}}, "boost": aside}}
    return {"bool": {"must": [found], "should": [{"dis_max": {"queries": words}}]}}


def _without(needed: list[Clause], unwanted: Sequence[Node], scale: float) -> Clause:
    return {"bool": {"must": needed, "must_not": [clause(part, scale) for part in unwanted]}}


def _silent(query: Clause) -> Clause:
    """Match without a score."""
    return {"bool": {"filter": [query]}}


def _conditions(plan: Plan, scope: Sequence[Clause], scale: float) -> list[Clause]:
    found = [*scope, *(clause(each, scale) for each in plan.filters)]
    days = {"gte": day_number(plan.since)} if plan.since else {}
    if plan.until:
        days["lte"] = day_number(plan.until)
    return [*found, {"range": {"day": days}}] if days else found


_LAST = {"missing": "_last"}
_ORDERS: Mapping[str, list[Clause]] = {
    "relevance": [{"_score": "desc"}, {"day": {"order": "desc", **_LAST}}, {"id": "asc"}, {"library": "asc"}],
    "newest": [{"day": {"order": "desc", **_LAST}}, {"id": "asc"}, {"library": "asc"}],
    "oldest": [{"day": {"order": "asc", **_LAST}}, {"id": "asc"}, {"library": "asc"}],
}


def _facet(name: FacetField) -> Clause:
    field = "year" if name == "year" else f"value.{name}"
    return {"terms": {"field": field, "size": _MOST_VALUES}}


def _hit(found: Clause, library: str, worth: int) -> Hit:
    """Return a hit, with its title where it has a bonus whose bit is among those of `worth`."""
    whose, _, number = found["_id"].rpartition(":")
    own = sum(1 << int(name) for name in found.get("matched_queries", ()))
    titled = tuple(map(tuple, found["_source"]["titled"])) if own & worth else ()
    return Hit(int(number), found["_score"] or 0.0, "" if whose == library else whose, own, titled)


def _counts(name: FacetField, buckets: Sequence[Clause]) -> dict[str, int]:
    """Count spellings of one value together, under the one that most posts use."""
    if name == "year":
        return {each["key"]: each["doc_count"] for each in sorted(buckets, key=lambda each: each["key"], reverse=True)}
    spellings: dict[str, Counter[str]] = {}
    for each in buckets:
        folded, _, value = each["key"].partition(SEPARATOR)
        spellings.setdefault(folded, Counter())[value] += each["doc_count"]
    merged = {max(some, key=lambda value: (some[value], value)): some.total() for some in spellings.values()}
    return dict(sorted(merged.items(), key=lambda item: (-item[1], item[0])))
