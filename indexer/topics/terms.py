"""Read posts for grouping: their terms with weights, and the phrases that could name a topic or an index entry."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.analysis import Analyzer, analyzer, fold_label
from indexer.store.derived.topic_rows import Vocabulary
from indexer.topics.nmf import Vector, unit
from scraper.model import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from indexer.store.rows import StoredArticle

Key = tuple[str, ...]
"""A phrase as it is compared: the terms of its words."""

TITLE_WEIGHT = 2
"""How often a word of the title, a category or a tag counts besides where it stands in the text."""
LONGEST_PHRASE = 4
MOST_SPREAD = 0.8
"""A term in more posts than this share tells them apart no longer. At .5 a blog that is half about one thing loses that
thing's own words: NMI .66 instead of .79 on one of three blogs with human labels, no difference on the others."""
_BREAK = "\n"
_MARK = ":"
_KEPT_DOT = "\ue000"
_PIECES = re.compile(rf"[^\w\s'’&/.+#{_KEPT_DOT}-]+|\s[-–—/&+]\s|[.](?=\s|$)|\n")
_ABBREVIATED = re.compile(r"(?<!\w)([^\W\d_aeiouyAEIOUYa-z](?:(?![aeiouy])[a-z]){0,3})[.](?=\s[^\W_a-z])")
"""A dot that ends no sentence: behind a capital alone or with no vowel behind it (`St. Patrick`, `Dr. Lind`)."""
_HIRAGANA = re.compile("[\u3040-\u309f]")
_MOST_TERMS, _FEWEST_TERMS = 120, 40
_ALL_TERMS = 150_000
"""Terms of a post that are kept: at most, at least, and of all posts together. Chosen: bounds of memory."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What grouping sees of a post.

    `tokens` are the terms of title, headings and text in order; `title_terms` are the first of them. `named` are the
    phrases of title, headings, categories and tags, each with the words as they stand there; `titled` those of the
    title alone.
    """

    id: int
    url: str
    digest: str
    title: str
    title_terms: tuple[str, ...]
    published: date | None
    language: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    text: str
    tokens: list[str]
    counts: Mapping[str, int]
    named: Mapping[Key, str]
    titled: frozenset[Key]


def read(article: StoredArticle) -> Reading:
    """Read one post. Its editorial boilerplate says nothing about its topic and is passed over."""
    known = article.metadata
    analyse = analyzer(known.language)
    kept = [block for block in article.blocks if block.kept and block.role in (Role.CONTENT, Role.HEADING)]
    title = known.title or ""
    headings = [block.text for block in kept if block.heading or block.role == Role.HEADING]
    labels = [*known.categories, *known.tags]
    text = "\n".join(block.text for block in kept)
    pairs = analyse.pairs(f"{title}\n{text}")
    titled = dict(phrases(title, analyse))
    named = dict(titled)
    for heading in headings:
        named.update(phrases(heading, analyse))
    named.update({key: label for label in labels if (key := tuple(analyse.terms(label)))})
    return Reading(
        id=article.id,
        url=article.url,
        digest=article.digest,
        title=title,
        title_terms=tuple(analyse.terms(title)),
        published=known.published,
        language=analyse.language,
        categories=known.categories,
        tags=known.tags,
        text=text,
        tokens=[term for _, term in pairs],
        counts=_counts(pairs, analyse.pairs("\n".join([title, *labels])) * TITLE_WEIGHT, analyse),
        named=named,
        titled=frozenset(titled),
    )


def _counts(words: Iterable[tuple[str, str]], strong: Iterable[tuple[str, str]], analyse: Analyzer) -> dict[str, int]:
    """Count the terms of meaningful words, given folded and with their terms."""
    by_word = Counter(words)
    by_word.update(strong)
    counts: dict[str, int] = {}
    for (surface, term), number in by_word.items():
        if _is_meaningful(surface, analyse):
            counts[term] = counts.get(term, 0) + number
    return counts


def phrases(text: str, analyse: Analyzer) -> Iterator[tuple[Key, str]]:
    """Yield the runs of one to four words inside a piece of the text that begin and end with a meaningful word."""
    for piece in _PIECES.split(_ABBREVIATED.sub(rf"\1{_KEPT_DOT}", text)):
        words = list(analyse.words(piece))
        meaningful = [_is_meaningful(word.surface, analyse) for word in words]
        for start in range(len(words)):
            if not meaningful[start]:
                continue
            for end in range(start, min(start + LONGEST_PHRASE, len(words))):
                if meaningful[end]:
                    yield (
                        tuple(word.term for word in words[start : end + 1]),
                        piece[words[start].start : words[end].end].replace(_KEPT_DOT, "."),
                    )


def _is_meaningful(surface: str, analyse: Analyzer) -> bool:
    """Tell whether a folded word can be about something: no number, no lone Latin letter or hiragana, no stop word."""
    if surface in analyse.stop_words or surface[0].isdigit():
        return False
    return len(surface) > 1 or not (surface.isascii() or _HIRAGANA.match(surface))


def vectors(words: Vocabulary, readings: Iterable[Reading]) -> list[Vector]:
    """Return each post's strongest terms at unit length (TF-IDF with the logarithm of counts).

    To these come the terms of its categories and tags, where the vocabulary has them.
    """
    numbers = words.numbers()
    weights = words.weights
    found = []
    for reading in readings:
        text = unit(
            (
                (numbers[term], (1.0 + math.log(count)) * weights[numbers[term]])
                for term, count in reading.counts.items()
                if term in numbers
            ),
            words.keep,
        )
        labels = {numbers[term] for term in map(label_term, (*reading.categories, *reading.tags)) if term in numbers}
        more = [(number, weights[number]) for number in sorted(labels)]
        found.append(unit([*text, *more], words.keep + len(more)) if more else text)
    return found


def vocabulary(readings: Sequence[Reading], labels: Mapping[str, float] | None = None) -> Vocabulary:
    """Choose the terms that stand in more than one post and not in most of them.

    `labels` are terms of categories and tags that are to be in it, with their weights beside a text of length 1.
    """
    labels = labels or {}
    size = len(readings)
    frequency: Counter[str] = Counter()
    for reading in readings:
        frequency.update(reading.counts.keys())
    most = size * MOST_SPREAD
    least = 2 if size < 1000 else 3
    terms = sorted(term for term, number in frequency.items() if least <= number <= most)
    weights = [math.log((1 + size) / (1 + frequency[term])) + 1.0 for term in terms]
    keep = min(_MOST_TERMS, max(_FEWEST_TERMS, _ALL_TERMS // max(1, size)))
    return Vocabulary([*terms, *labels], [*weights, *labels.values()], keep)


def label_term(label: str) -> str:
    """Return the term that stands for a category or tag: no word of a text can be the same."""
    return _MARK + fold_label(label)


def is_label_term(term: str) -> bool:
    """Tell whether the term stands for a category or tag."""
    return term.startswith(_MARK)
