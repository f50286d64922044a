"""Say what a person probably meant who typed words that the blog does not use."""

from __future__ import annotations

from itertools import islice, pairwise, product
from typing import TYPE_CHECKING

from indexer.query import QUERY_FIELDS, wanted_atoms
from indexer.spelling import Speller

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.analysis import Analyzer, Word
    from indexer.engine import SearchEngine
    from indexer.query import Query

_MOST_CANDIDATES = 6
_OPERATORS = ("OR", "AND", "NOT")


def candidates(engine: SearchEngine, analyzers: Sequence[Analyzer], query: Query) -> list[str]:
    """Return the query with its unknown words replaced, in the ways that are most probable, best first."""
    words = _typed_words(analyzers[0], query)
    unknown = [word for word in words if _is_unknown(word, engine, analyzers)]
    if not unknown:
        return []
    speller = Speller(engine.vocabulary())
    choices: list[list[tuple[int, int, str]]] = []
    joined = _joined_words(words, unknown, speller)
    for word in unknown:
        if any(start <= word.start < end for start, end, _ in joined):
            continue
        guesses = speller.guesses(word.surface)
        apart = speller.split(word.surface)
        options = [*guesses[:1], *([apart] if apart else []), *guesses[1:]]
        if apart and (not guesses or speller.is_far(word.surface, guesses[0])):
            options = [apart, *guesses]
        if options:
            choices.append([(word.start, word.end, option) for option in options[:3]])
    if not choices and not joined:
        return []
    ways = islice(product(*choices), _MOST_CANDIDATES)
    return list(dict.fromkeys(_replaced(query.text, [*joined, *way]) for way in ways))


def _typed_words(analyse: Analyzer, query: Query) -> list[Word]:
    """Return the words of the query that are looked for in texts."""
    wanted = {
        surface
        for atom in wanted_atoms(query.root)
        if atom.field in (None, "title", "body")
        for surface in analyse.surfaces(atom.text)
    }
    text = query.text
    return [
        word
        for word in analyse.words(text)
        if word.surface in wanted
        and text[word.start : word.end] not in _OPERATORS
        and not (text[word.end : word.end + 1] == ":" and word.surface in QUERY_FIELDS)
    ]


def _is_unknown(word: Word, engine: SearchEngine, analyzers: Sequence[Analyzer]) -> bool:
    terms = {analyse.term(word.surface) for analyse in analyzers}
    return not any(engine.frequencies(terms).documents.values())


def _joined_words(words: Sequence[Word], unknown: Sequence[Word], speller: Speller) -> list[tuple[int, int, str]]:
    """Return pairs of neighbours, one of them unknown, that are one word of the blog."""
    return list(_pairs(words, {word.start for word in unknown}, speller))


def _pairs(words: Sequence[Word], unknown: set[int], speller: Speller) -> Iterator[tuple[int, int, str]]:
    last_end = -1
    for one, other in pairwise(words):
        whole = one.surface + other.surface
        if one.start >= last_end and unknown & {one.start, other.start} and speller.knows(whole):
            last_end = other.end
            yield one.start, other.end, whole


def _replaced(text: str, changes: Sequence[tuple[int, int, str]]) -> str:
    for start, end, word in sorted(changes, reverse=True):
        text = text[:start] + word + text[end:]
    return text
