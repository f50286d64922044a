"""Find the other ways in which the blog writes a word: with its accents, respelt, inflected, inside compounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from indexer.analysis import BACKWARDS, LOOSE, ROOT, SHORTEST_COMPOUND
from scraper.text.wordforms import COMPOUNDING, LINKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from indexer.analysis import Analyzer, Word
    from indexer.search.engine import Vocabulary, VocabularyEntry

# A word that was typed counts more than one that only sounds so, that more than one that is probably another form of it
# (a root may also be another word's), and that more than one that holds it.
_LOOSE_WEIGHT, _ROOT_WEIGHT, _COMPOUND_WEIGHT = 0.9, 0.7, 0.6
_MOST_OF_A_ROOT = 40  # stems: keeps a query short, as a verb has some ten at most
_SHORTEST_PART = 4
_SHORTEST_REST = 3
_MOST_COMPOUNDS = 60
_LONGEST = 60  # letters: what is longer is no word


class Variant(NamedTuple):
    """A term that stands for a typed word, and how much it counts beside the word's own."""

    term: str
    weight: float


class Variants:
    """Look words up in the vocabulary of a blog; `articles` are about how many have each term that was found so."""

    def __init__(self, engine: Vocabulary) -> None:
        self._engine = engine
        self.articles: dict[str, int] = {}
        self._found: dict[tuple[str, str, str], list[Variant]] = {}
        self._known: dict[tuple[str, str, str], str] = {}

    def of(self, analyse: Analyzer, word: Word, written: str) -> list[Variant]:
        """Return the terms that stand for a word: its own first, then others that the blog has."""
        key = analyse.language, word.surface, written
        if key not in self._found:
            self._found[key] = self._find(analyse, word, written)
        return self._found[key]

    def _find(self, analyse: Analyzer, word: Word, written: str) -> list[Variant]:
        if word.surface[:1].isdigit() or len(word.surface) > _LONGEST:
            return [Variant(word.term, 1.0)]
        found = {word.term: 1.0}
        loose = analyse.loose_term(word.surface)
        for term in (loose, *analyse.respelled(written)):
            found.setdefault(term, _LOOSE_WEIGHT)
        for term in self.terms(self._engine.starting(f"{LOOSE}{loose}{LOOSE}", _MOST_OF_A_ROOT)):
            found.setdefault(term, _LOOSE_WEIGHT)
        if root := analyse.root(word.surface):
            for term in self.terms(self._engine.starting(f"{ROOT}{root}{ROOT}", _MOST_OF_A_ROOT)):
                found.setdefault(term, _ROOT_WEIGHT)
        if analyse.language in COMPOUNDING and len(word.term) >= _shortest(analyse):
            for term in self._compounds(analyse, word):
                found.setdefault(term, _COMPOUND_WEIGHT)
        unsure = found.keys() - self.articles.keys() - {word.term}
        known = self._engine.frequencies(unsure).documents if unsure else {}
        return [Variant(term, weight) for term, weight in found.items() if term not in unsure or known[term]]

    def terms(self, entries: Mapping[str, VocabularyEntry]) -> Iterator[str]:
        """Yield the terms of what a vocabulary gave; in how many articles they are is known from then on."""
        for entry in entries.values():
            self.articles[entry.term] = max(entry.articles, self.articles.get(entry.term, 0))
            yield entry.term

    def known_term(self, analyse: Analyzer, word: Word, written: str) -> str:
        """Return the term of a word in a phrase: its own, else the one that most posts have of its other spellings."""
        key = analyse.language, word.surface, written
        if key not in self._known:
            self._known[key] = self._commonest(analyse, word, written)
        return self._known[key]

    def _commonest(self, analyse: Analyzer, word: Word, written: str) -> str:
        if self._engine.frequencies([word.term]).documents[word.term]:
            return word.term
        others = [variant.term for variant in self.of(analyse, word, written) if variant.weight == _LOOSE_WEIGHT]
        known = self._engine.frequencies(others).documents
        return max((term for term in others if known[term]), key=lambda term: (known[term], term), default=word.term)

    def _compounds(self, analyse: Analyzer, word: Word) -> Iterator[str]:
        """Yield the compounds of which the word is the last or the first part, and the rest is a word of the blog.

        Where the blog does not have the word alone, the rest may be anything.
        """
        candidates = dict(self._ending_so(analyse, word))
        candidates.update(self._beginning_so(analyse, word))
        rests = {rest for options in candidates.values() for rest in options}
        known = self._engine.frequencies({word.term, *(analyse.term(rest) for rest in rests)}).documents
        for term, options in candidates.items():
            ends_so = term.endswith(word.term)
            if (ends_so and not known[word.term]) or any(known[analyse.term(rest)] for rest in options):
                yield term

    def _ending_so(self, analyse: Analyzer, word: Word) -> Iterator[tuple[str, list[str]]]:
        for term in self.terms(self._engine.starting(BACKWARDS + word.term[::-1], _MOST_COMPOUNDS)):
            rest = term.removesuffix(word.term)
            if len(rest) >= _SHORTEST_REST:
                yield term, list(_without_links(rest, LINKS.get(analyse.language, ("",))))

    def _beginning_so(self, analyse: Analyzer, word: Word) -> Iterator[tuple[str, list[str]]]:
        links = LINKS.get(analyse.language, ("",))
        begun = self._engine.starting(word.surface, 4 * _MOST_COMPOUNDS)
        for surface, term in zip(begun, self.terms(begun), strict=True):
            rest = surface.removeprefix(word.surface)
            if len(surface) >= SHORTEST_COMPOUND and len(rest) >= _SHORTEST_PART:
                yield term, [rest.removeprefix(link) for link in links if rest.startswith(link)]


def _without_links(rest: str, links: tuple[str, ...]) -> Iterator[str]:
    for link in links:
        if rest.endswith(link) and len(rest) - len(link) >= _SHORTEST_REST:
            yield rest.removesuffix(link) if link else rest


def _shortest(analyse: Analyzer) -> int:
    return 2 if analyse.language == "ja" else _SHORTEST_PART
