"""Say what the index holds of a post: its mapping, and the document that is made of what is indexed.

One field, `all`, carries BM25F: each term once, with ten times its weighted frequency. Lucene then takes ten times the
weighted length for the length, and k1 is ten times `ranking.K1`. The texts beside it have positions for phrases and
fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indexer.analysis import ANALYSIS_VERSION, fold_label
from indexer.search.engine import seal
from indexer.search.engines.translate import title_pairs
from indexer.search.ranking import K1, B, day_number, weighted_frequencies, weighted_length

if TYPE_CHECKING:
    from indexer.search.engine import Indexed

FORMAT = f"opensearch 1, analysis {ANALYSIS_VERSION}"
"""Stands in the mapping; an index of another format is neither read nor fed."""

STEPS = 10
"""To a word that counts once: the least weight of a field is a fifth, so that rounding loses nothing."""
SEPARATOR = "\x1f"
"""Between what a value or a word is compared by and what it is; neither has such a sign."""
_FREQUENCY = "|"
_LONGEST_TERM = 200  # signs; chosen: what is longer is no word, and Lucene refuses terms of 32 kB
_TEXTS = ("title", "headings", "body", "editorial", "template")
_FILTERS = ("site", "author", "category", "tag", "topic", "language", "url", "acronym")
_LARGEST_PAGE = 1_000_000
_LONGEST_PATTERN = 100_000
"""Posts in a page, for exports of whole archives; signs of a pattern of words. Chosen above all that is asked."""


def index_body(shards: int, replicas: int) -> dict[str, Any]:
    """Return settings and mapping of a new index."""
    keyword, listed = {"type": "keyword", "doc_values": False}, {"type": "keyword", "index": False}
    text = {"type": "text", "analyzer": "terms", "norms": False, "index_options": "positions"}
    weighted = {"type": "text", "analyzer": "weighted", "index_options": "freqs", "similarity": "fields"}
    properties: dict[str, Any] = {
        "library": {"type": "keyword"},
        "id": {"type": "long"},
        "digest": listed,
        "seal": {"type": "long", "index": False},
        "length": {"type": "float", "index": False},
        "day": {"type": "integer"},
        "year": {"type": "keyword"},
        "all": weighted,
        **dict.fromkeys(_TEXTS, text),
        "forms": keyword,
        "words": listed,
        "filter": {"properties": dict.fromkeys(_FILTERS, keyword)},
        "value": {"properties": dict.fromkeys(_FILTERS, listed)},
        "titled": {"type": "object", "enabled": False},
    }
    unread = ["all", *_TEXTS, "forms", "words", "filter", "value", "length", "seal", "day", "year"]
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": replicas,
            # Nobody sees half of what is fed: who feeds says when it is whole.
            "refresh_interval": "-1",
            "max_result_window": _LARGEST_PAGE,
            "max_regex_length": _LONGEST_PATTERN,
            "similarity": {"fields": {"type": "BM25", "k1": K1 * STEPS, "b": B}},
            "analysis": {
                "tokenizer": {"spaces": {"type": "whitespace", "max_token_length": 2 * _LONGEST_TERM}},
                "filter": {"counted": {"type": "delimited_term_freq", "delimiter": _FREQUENCY}},
                "analyzer": {
                    "terms": {"type": "custom", "tokenizer": "spaces"},
                    "weighted": {"type": "custom", "tokenizer": "spaces", "filter": ["counted"]},
                },
            },
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"format": FORMAT},
            "_source": {"excludes": unread},
            "properties": properties,
        },
    }


def term_of(term: str) -> str:
    """Return a term as the index has it: without the sign before its frequency, and not longer than a word can be."""
    return term.replace(_FREQUENCY, "¦")[:_LONGEST_TERM]


def document(article: Indexed, library: str) -> dict[str, Any]:
    """Return what is sent of an article."""
    frequencies = weighted_frequencies(article)
    counted = (f"{term_of(term)}{_FREQUENCY}{max(1, round(STEPS * each))}" for term, each in frequencies.items())
    made: dict[str, Any] = {
        "library": library,
        "id": article.id,
        "digest": article.digest,
        "seal": seal(article.id, article.digest),
        "length": weighted_length(article.fields),
        "all": " ".join(counted),
        "forms": list(map(term_of, article.words)),
        "words": [f"{term_of(word)}{SEPARATOR}{term_of(term)}" for word, term in article.words.items()],
        "filter": {name: sorted({_folded(each) for each in found}) for name, found in _filters(article)},
        "value": {
            name: [f"{_folded(each)}{SEPARATOR}{_short(each)}" for each in found] for name, found in _filters(article)
        },
        "titled": title_pairs(article),
    }
    for name in _TEXTS:
        if found := article.fields.get(name):  # type: ignore[call-overload]
            made[name] = " ".join(map(term_of, found))
    if day := day_number(article.published):
        made["day"] = day
        made["year"] = str(day // 10000)
    return made


def _filters(article: Indexed) -> list[tuple[str, list[str]]]:
    return [(name, list(dict.fromkeys(found))) for name, found in article.filters.items() if name in _FILTERS]


_LONGEST_VALUE = 2_000


def _short(value: str) -> str:
    return value[:_LONGEST_VALUE].replace(SEPARATOR, " ")


def _folded(value: str) -> str:
    return fold_label(_short(value))


folded_value = _folded
