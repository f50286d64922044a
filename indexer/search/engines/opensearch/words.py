"""Ask a cluster at once for all that a search wants to know of its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indexer.search.engine import Frequencies, VocabularyEntry
from indexer.search.engines.opensearch.documents import SEPARATOR, folded_value, term_of
from indexer.search.foreseen import Answers, Questions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from indexer.search.engines.opensearch.connection import Connection

    Clause = dict[str, Any]

_MOST_LISTED = 10_000
"""Words or values that are listed where all are asked for; chosen: more are no list, and of a cluster's 65,536."""
_LOOKED_AT = 10_000
"""Posts of a shard in which words of one kind are looked for: that bounds the time, and beyond it how many posts have a
word is only an estimate."""
_MOST_ALIKE = 50
_SIGNS = frozenset(r".?+*|{}[]()\"#@&<>~^-")


def ask(connection: Connection, scope: Sequence[Clause], asked: Questions) -> Answers:
    """Fetch the answers: one call, and one before it where words that are alike are asked for."""
    alike = _alike(connection, sorted(asked.similar))
    words = sorted(asked.words.union(*alike.values()))
    starts, values = sorted(asked.starting, key=str), sorted(asked.values, key=str)
    terms = sorted(asked.terms)
    bodies = [_counting(scope, terms)]
    bodies += [
        _listing(scope, {"prefix": {"forms": term_of(start)}}, "words", _escaped(start) + ".*", limit)
        for start, limit in starts
    ]
    bodies += [_listing(scope, None, f"value.{name}", _holding(like), limit) for name, like, limit in values]
    if words:
        pattern = f"({'|'.join(map(_escaped, words))}){SEPARATOR}.*"
        bodies.append(
            _listing(scope, {"terms": {"forms": list(map(term_of, words))}}, "words", pattern, 2 * len(words))
        )
    first, *answers = connection.searches(bodies)
    given = iter(answers)
    starting = {(start, limit): _cut(_entries(next(given)), limit) for start, limit in starts}
    listed = {(name, like, limit): _values(next(given), limit) for name, like, limit in values}
    known = _entries(next(given)) if words else {}
    return Answers(
        _frequencies(first, terms),
        {word: known.get(term_of(word)) for word in words},
        starting,
        {key: {word: known[word] for word in found if word in known} for key, found in alike.items()},
        listed,
    )


def _counting(scope: Sequence[Clause], terms: Sequence[str]) -> Clause:
    """Count the posts in all, and those with each term anywhere and in their titles."""
    aggregations: Clause = {"length": {"avg": {"field": "length"}}}
    if terms:
        places = {
            f"{name} {number}": {"term": {name: term_of(term)}}
            for name in ("all", "title")
            for number, term in enumerate(terms)
        }
        aggregations["terms"] = {"filters": {"filters": places}}
    return {"size": 0, "track_total_hits": True, "query": {"bool": {"filter": list(scope)}}, "aggs": aggregations}


def _frequencies(answer: Clause, terms: Sequence[str]) -> Frequencies:
    found = answer["aggregations"].get("terms", {}).get("buckets", {})
    counts = {
        name: {term: found[f"{name} {number}"]["doc_count"] for number, term in enumerate(terms)}
        for name in ("all", "title")
    }
    mean = answer["aggregations"]["length"]["value"] or 0.0
    return Frequencies(counts["all"], answer["hits"]["total"]["value"], mean, counts["title"])


def _listing(scope: Sequence[Clause], condition: Clause | None, field: str, pattern: str, limit: int | None) -> Clause:
    """List what stands in a field and looks like the pattern, the commonest first."""
    size = _MOST_LISTED if limit is None else max(1, limit)
    listed: Clause = {"terms": {"field": field, "size": size, **({"include": pattern} if pattern else {})}}
    body: Clause = {
        "size": 0,
        "query": {"bool": {"filter": [*scope, *([condition] if condition else [])]}},
        "aggs": {"listed": listed},
    }
    if condition is not None:
        body["terminate_after"] = _LOOKED_AT
    return body


def _entries(answer: Clause) -> dict[str, VocabularyEntry]:
    """Return words with their most frequent terms."""
    found: dict[str, VocabularyEntry] = {}
    for each in answer["aggregations"]["listed"]["buckets"]:
        word, _, term = each["key"].partition(SEPARATOR)
        before = found.get(word, VocabularyEntry(term, 0))
        found[word] = before._replace(articles=before.articles + each["doc_count"])
    return found


def _cut(found: Mapping[str, VocabularyEntry], limit: int | None) -> Mapping[str, VocabularyEntry]:
    return {word: found[word] for word in sorted(found, key=lambda word: (-found[word].articles, word))[:limit]}


def _values(answer: Clause, limit: int | None) -> Mapping[str, int]:
    counts = {
        each["key"].partition(SEPARATOR)[2]: each["doc_count"] for each in answer["aggregations"]["listed"]["buckets"]
    }
    return {value: counts[value] for value in sorted(counts, key=lambda value: (-counts[value], value))[:limit]}


def _alike(connection: Connection, asked: Iterable[tuple[str, int]]) -> dict[tuple[str, int], set[str]]:
    """Return words of the index that are at most so many slips from each; that they are in scope is seen later."""
    wanted = {key: key[0] for key in asked}
    if not wanted:
        return {}
    suggest = {
        f"{slips} {word}": {
            "text": word,
            "term": {
                "field": "forms",
                "max_edits": slips,
                "prefix_length": 0,
                "min_word_length": 1,
                "suggest_mode": "always",
                "size": _MOST_ALIKE,
            },
        }
        for word, slips in wanted
    }
    answer = connection.search({"size": 0, "suggest": suggest})["suggest"]
    return {
        (word, slips): {word, *(option["text"] for entry in answer[f"{slips} {word}"] for option in entry["options"])}
        for word, slips in wanted
    }


def _holding(like: str) -> str:
    """Return the pattern of values whose folded form holds `like`."""
    wanted = folded_value(like)
    return f".*{_escaped(wanted)}.*{SEPARATOR}.*" if wanted else ""


def _escaped(text: str) -> str:
    """Return a text as Lucene's patterns take it to the letter."""
    return "".join(f"\\{sign}" if sign in _SIGNS else sign for sign in text)
