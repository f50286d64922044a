"""Weigh terms by BM25F: what an index keeps of an article, and which terms tell most.

A posting is an article and a *code*: two bytes that hold the term's weighted frequency and the article's length. The
collection's mean length enters when a query runs (`indexer.search.engines.scoring`), so a code never ages. Robertson,
Zaragoza: The Probabilistic Relevance Framework, 2009.
"""

from __future__ import annotations

import heapq
import sys
from array import array
from collections import Counter
from math import log, log2
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from indexer.search.engine import Frequencies, Indexed, TextField

FIELD_WEIGHTS: Mapping[TextField, float] = {"title": 2.0, "headings": 1.2, "body": 1.0, "editorial": 0.2}
"""How much an occurrence counts; `template` counts nothing."""

K1 = 1.2
B = 0.7
"""Weights, K1 and B: the middle of a plateau of the mean nDCG@10 of cisi and cacm (title 1.5-2.5, K1 1.0-1.4, B
.6-.75)."""

FEEDBACK_ARTICLES = 7
_FEEDBACK_TERMS = 30
_FEEDBACK_WEIGHT = 0.35
_FEEDBACK_LEAST = 2
"""7 articles, 30 terms in two of them at least, 0.35: +.01 to .02 nDCG@10 and MAP on both collections; as good with
6 to 8 articles, 30 to 60 terms, 0.3 to 0.4."""
_FEEDBACK_RARITY = 0.7
"""Power of the idf in feedback: with 1 the rarest words of the best posts lead away from the question; .7 gives nDCG@10
.4220 for .4200 on cisi, as much on cacm and Cranfield."""

_LENGTH_STEPS = 16  # to each doubling: 6 cost .005 nDCG@10 on cisi and cacm
PLACES = 31
"""Places of a term in a field that are told apart: five bits of a posting."""


def code_of(frequency: float, length: float) -> int:
    """Return the two-byte code of a weighted frequency (tenths up to 12.7, then steps of 4 %) and a length."""
    return _HIGHS[frequency] << 8 | min(255, round(_LENGTH_STEPS * log2(1 + length / 8)))


class _Highs(dict[float, int]):
    """Turn frequencies into the first byte of their codes, each once."""

    def __missing__(self, frequency: float) -> int:
        tenths = round(frequency * 10)
        high = max(1, tenths) if tenths <= 127 else min(255, 127 + round(17.7 * log2(frequency / 12.7)))
        self[frequency] = high
        return high


_HIGHS = _Highs()


def read_code(code: int) -> tuple[float, float]:
    """Return the weighted frequency and the length that a code stands for."""
    high = code >> 8
    frequency = high / 10 if high <= 127 else 12.7 * 2 ** ((high - 127) / 17.7)
    return frequency, 8 * (2 ** ((code & 255) / _LENGTH_STEPS) - 1)


FREQUENCIES = [read_code(high << 8)[0] for high in range(256)]
LENGTHS = [read_code(low)[1] for low in range(256)]


def weighted_length(fields: Mapping[TextField, Sequence[str]]) -> float:
    """Return the length of an article in words, each counted by the weight of its field."""
    return sum(weight * len(fields.get(name, ())) for name, weight in FIELD_WEIGHTS.items())


def codes(article: Indexed, doc: int = 0) -> tuple[Iterable[str], Iterable[int]]:
    """Return the terms of an article, and for each its posting as one number: `doc`, then the code in two bytes."""
    low = code_of(0.1, weighted_length(article.fields)) & 255 | doc << 16
    frequencies = weighted_frequencies(article)
    known = {frequency: low | _HIGHS[frequency] << 8 for frequency in set(frequencies.values())}
    return frequencies.keys(), map(known.__getitem__, frequencies.values())


def title_codes(article: Indexed, doc: int = 0) -> dict[str, int]:
    """Return for every term of the title one number: `doc`, then in two bytes its place, the title's length and the
    checksum of the word's folded form.
    """
    terms = article.fields.get("title", ())
    surfaces = article.title if len(article.title) == len(terms) else terms
    fixed = doc << 16 | min(len(terms), PLACES) << 6
    found: dict[str, int] = {}
    for place, (term, surface) in enumerate(zip(terms, surfaces, strict=True)):
        if term not in found:
            found[term] = fixed | min(place, PLACES) << 11 | checksum(surface)
        if term.count(".") > 1:
            # 1.65 names 1.65.0 too, as another form of it.
            found.setdefault(term.rpartition(".")[0], found[term])
    return found


def checksum(surface: str) -> int:
    """Return six bits that tell most forms of a word apart."""
    return sum(surface.encode("utf-8", "surrogatepass")) & 63


class _FormCodes(dict[str, int]):
    """Turn folded words into two bytes each, each once."""

    def __missing__(self, surface: str) -> int:
        self[surface] = code = crc32(surface.encode("utf-8", "surrogatepass")) & 0xFFFF
        return code


_FORM_CODES = _FormCodes()


def form_codes(surfaces: Iterable[str]) -> array[int]:
    """Return two bytes for each folded word: by them an index tells whether an article has the word in that form."""
    return array("H", map(_FORM_CODES.__getitem__, surfaces))


def has_form(packed: bytes, code: int) -> bool:
    """Tell whether a word's code is among the packed `form_codes` of an article."""
    wanted = code.to_bytes(2, sys.byteorder)
    at = packed.find(wanted)
    while at & 1 and at > 0:
        at = packed.find(wanted, at + 1)
    return at >= 0


def weighted_frequencies(article: Indexed) -> dict[str, float]:
    """Return how often an article has each term, an occurrence weighing as much as its field."""
    # The body's weight is 1: counting it first leaves little to add up.
    frequencies: dict[str, float] = Counter(article.fields.get("body", ()))  # type: ignore[assignment]
    for name, weight in FIELD_WEIGHTS.items():
        if name != "body":
            for term in article.fields.get(name, ()):
                frequencies[term] = frequencies.get(term, 0.0) + weight
    return frequencies


def idf(articles: int, with_term: int) -> float:
    """Return the inverse document frequency, always above 0."""
    return log(1 + (articles - with_term + 0.5) / (with_term + 0.5))


def feedback(found: Sequence[tuple[Indexed, float]], known: Frequencies) -> dict[str, float]:
    """Return terms that the best articles of a query have in common, with weights beside the query's own, which have 1.

    `found` are articles with their scores; `known` tells how common their terms are. After Rocchio (1971), with the
    saturated frequency of BM25 for the weight of a term in an article.
    """
    total = sum(score for _, score in found) or 1.0
    worth: dict[str, float] = {}
    seen: Counter[str] = Counter()
    for article, score in found:
        length = weighted_length(article.fields)
        norm = K1 * (1 - B + B * length / (known.mean_length or 1.0))
        for term, frequency in weighted_frequencies(article).items():
            if known.documents.get(term):
                rarity = idf(known.articles, known.documents[term]) ** _FEEDBACK_RARITY
                worth[term] = worth.get(term, 0.0) + score / total * rarity * frequency / (frequency + norm)
                seen[term] += 1
    common = [term for term in worth if seen[term] >= _FEEDBACK_LEAST]
    best = heapq.nsmallest(_FEEDBACK_TERMS, common, key=lambda term: (-worth[term], term))
    return {term: _FEEDBACK_WEIGHT * worth[term] / worth[best[0]] for term in best}


def day_number(published: str | None) -> int:
    """Return a day `YYYY-MM-DD` as the number `YYYYMMDD`, 0 for none."""
    return int(published.replace("-", "")) if published else 0
