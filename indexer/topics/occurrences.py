"""Find where phrases stand in running text, and whether they stand there as names of things do."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from indexer.analysis import DEFAULT_LANGUAGE, analyzer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from indexer.topics.terms import Key, Reading

# What stands before a noun and seldom before a verb.
_BEFORE_NOUNS = """
the a an of for with in on by from about your our their its his her my this these those no any some many more between
into without against during after before like including and or as called each every other such than via through under
"""
LINKS = ("for", "in", "of", "with", "without", "during", "after", "before", "against", "versus", "vs")
_ARTICLES = ("the", "a", "an", "your", "our", "their")
_DETERMINERS = {
    "en": "the a an your our my their his her its this these those",
    "de": "der die das den dem ein eine einen einem einer ihre ihren ihr",
    "es": "el la los las un una unos unas su sus tu tus",
    "fr": "le la les l un une des votre vos son sa ses leur leurs",
    "it": "il lo la i gli le un uno una",
    "pt": "o a os as um uma seu sua seus suas",
    "nl": "de het een je uw",
}
"""What stands before a noun and, after a word, tells that this was a verb: `celebrate the`."""


@dataclass(slots=True)
class Standing:
    """How a phrase stands in the text: number by post, and how often in all it stands alone and as a noun does.

    It stands alone where neither neighbour could be part of a longer phrase. `governing` is how often a determiner
    follows its first word, as it follows verbs.
    """

    posts: dict[int, int] = field(default_factory=dict)
    total: int = 0
    alone: int = 0
    as_noun: int = 0
    governing: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """That one phrase is joined to another in a post's text: `first` `word` `second`."""

    first: Key
    word: str
    second: Key
    post: int


def scan(readings: Sequence[Reading], wanted: Iterable[Key]) -> tuple[dict[Key, Standing], list[Link]]:
    """Return how each of the phrases stands in the posts, and where two of them are joined by a preposition."""
    by_first: dict[str, list[Key]] = {}
    for key in sorted(wanted, key=lambda key: (-len(key), key)):
        by_first.setdefault(key[0], []).append(key)
    standings: dict[Key, Standing] = {}
    links: list[Link] = []
    for index, reading in enumerate(readings):
        found = list(_occurrences(reading.tokens, by_first))
        for start, key in found:
            _note(standings.setdefault(key, Standing()), index, reading, start, start + len(key))
        links += _links(found, index, reading)
    return standings, links


def standing_of(term: str, readings: Iterable[Reading]) -> Standing:
    """Return how one term stands in these posts."""
    standing = Standing()
    for index, reading in enumerate(readings):
        start = -1
        for _ in range(reading.tokens.count(term)):
            start = reading.tokens.index(term, start + 1)
            _note(standing, index, reading, start, start + 1)
    return standing


def _occurrences(tokens: Sequence[str], by_first: dict[str, list[Key]]) -> Iterator[tuple[int, Key]]:
    for start, token in enumerate(tokens):
        for key in by_first.get(token, ()):
            if len(key) == 1 or tuple(tokens[start : start + len(key)]) == key:
                yield start, key


def _note(standing: Standing, index: int, reading: Reading, start: int, end: int) -> None:
    before = reading.tokens[start - 1] if start else ""
    after = reading.tokens[end] if end < len(reading.tokens) else ""
    standing.posts[index] = standing.posts.get(index, 0) + 1
    standing.total += 1
    standing.alone += before not in reading.counts and after not in reading.counts
    standing.as_noun += before in _before_nouns(reading.language)
    second = reading.tokens[start + 1] if start + 1 < len(reading.tokens) else ""
    standing.governing += second in _determiner_terms(reading.language)


@cache
def _before_nouns(language: str) -> frozenset[str]:
    analyse = analyzer(language)
    words = _BEFORE_NOUNS.split() if language == DEFAULT_LANGUAGE else analyse.stop_words
    return frozenset(analyse.term(word) for word in words)


def determiners(language: str) -> frozenset[str]:
    """Return the articles and possessive pronouns of a language, folded; none for a language without a list."""
    return frozenset(_DETERMINERS.get(language, "").split())


@cache
def _determiner_terms(language: str) -> frozenset[str]:
    return frozenset(map(analyzer(language).term, determiners(language)))


@cache
def _terms_of(words: tuple[str, ...], language: str) -> dict[str, str]:
    analyse = analyzer(language)
    return {analyse.term(word): word for word in words}


def _links(found: Sequence[tuple[int, Key]], index: int, reading: Reading) -> Iterator[Link]:
    if reading.language != DEFAULT_LANGUAGE:
        return
    joining = _terms_of(LINKS, reading.language)
    skipped = _terms_of(_ARTICLES, reading.language)
    longest: dict[int, Key] = {}
    for start, key in found:
        longest.setdefault(start, key)
    for start, key in found:
        after = start + len(key)
        if after < len(reading.tokens) and reading.tokens[after] in joining:
            word = joining[reading.tokens[after]]
            after += 1
            if after < len(reading.tokens) and reading.tokens[after] in skipped:
                after += 1
            if after in longest and not set(longest[after]) & set(key):
                yield Link(key, word, longest[after], index)
