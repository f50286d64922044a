"""Ask an engine that is far away once for all that a search will want to know of its vocabulary."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Self

from indexer.search.engine import Frequencies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from indexer.search.engine import FilterField, Vocabulary, VocabularyEntry


@dataclass(slots=True)
class Questions:
    """What is asked: `terms` of `frequencies`, `words` of `known`, and what the others are called with."""

    terms: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    starting: set[tuple[str, int | None]] = field(default_factory=set)
    similar: set[tuple[str, int]] = field(default_factory=set)
    values: set[tuple[FilterField, str, int | None]] = field(default_factory=set)

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))


@dataclass(slots=True)
class Answers:
    """What is known so far; of `words` also those that no article has, as `None`."""

    frequencies: Frequencies = field(default_factory=lambda: Frequencies({}, 0, 0.0))
    words: dict[str, VocabularyEntry | None] = field(default_factory=dict)
    starting: dict[tuple[str, int | None], Mapping[str, VocabularyEntry]] = field(default_factory=dict)
    similar: dict[tuple[str, int], Mapping[str, VocabularyEntry]] = field(default_factory=dict)
    values: dict[tuple[FilterField, str, int | None], Mapping[str, int]] = field(default_factory=dict)

    def add(self, more: Self) -> None:
        """Add what was learnt."""
        known, new = self.frequencies, more.frequencies
        self.frequencies = new._replace(
            documents={**known.documents, **new.documents}, titles={**known.titles, **new.titles}
        )
        for each in ("words", "starting", "similar", "values"):
            getattr(self, each).update(getattr(more, each))


class FarVocabulary:
    """Remember answers; `fetch` is one call, and gives `articles` and `mean_length` whatever is asked.

    An engine makes it anew, or calls `forget`, where its index has changed.
    """

    def __init__(self, fetch: Callable[[Questions], Answers]) -> None:
        self._fetch = fetch
        self._answers: Answers | None = None

    def forget(self) -> None:
        """Forget every answer."""
        self._answers = None

    def foresee(self, asking: Callable[[Vocabulary], object]) -> None:
        """Fetch at once what `asking` asks and is not known."""
        writer = _Writer(self._known)
        asking(writer)
        if writer.questions:
            self._learn(writer.questions)

    def frequencies(self, terms: Iterable[str]) -> Frequencies:
        """Return in how many articles, and titles, the terms stand."""
        wanted = list(terms)
        unknown = {term for term in wanted if term not in self._known.frequencies.documents}
        if unknown or self._answers is None:
            self._learn(Questions(terms=unknown))
        found = self._known.frequencies
        return found._replace(
            documents={term: found.documents[term] for term in wanted},
            titles={term: found.titles.get(term, 0) for term in wanted},
        )

    def known(self, words: Iterable[str]) -> Mapping[str, VocabularyEntry]:
        """Return those of the folded words that some article has."""
        wanted = list(words)
        if unknown := {word for word in wanted if word not in self._known.words}:
            self._learn(Questions(words=unknown))
        return {word: entry for word in wanted if (entry := self._known.words[word])}

    def starting(self, prefix: str, limit: int | None = None) -> Mapping[str, VocabularyEntry]:
        """Return the folded words that start so, the commonest first."""
        if (prefix, limit) not in self._known.starting:
            self._learn(Questions(starting={(prefix, limit)}))
        return self._known.starting[prefix, limit]

    def similar(self, word: str, slips: int) -> Mapping[str, VocabularyEntry]:
        """Return the folded words at most so many slips away."""
        if (word, slips) not in self._known.similar:
            self._learn(Questions(similar={(word, slips)}))
        return self._known.similar[word, slips]

    def values(self, name: FilterField, like: str = "", limit: int | None = None) -> Mapping[str, int]:
        """Return the values of a filter field that hold `like`, the commonest first."""
        if (name, like, limit) not in self._known.values:
            self._learn(Questions(values={(name, like, limit)}))
        return self._known.values[name, like, limit]

    @property
    def _known(self) -> Answers:
        return self._answers or Answers()

    def _learn(self, questions: Questions) -> None:
        new = self._fetch(questions)
        if self._answers is None:
            self._answers = new
        else:
            self._answers.add(new)


class _Writer:
    """A vocabulary that writes down what it is asked and is not known, and answers from what is."""

    def __init__(self, known: Answers) -> None:
        self.questions = Questions()
        self._known = known

    def frequencies(self, terms: Iterable[str]) -> Frequencies:
        found = self._known.frequencies
        wanted = list(terms)
        self.questions.terms.update(term for term in wanted if term not in found.documents)
        return found._replace(documents={term: found.documents.get(term, 0) for term in wanted})

    def known(self, words: Iterable[str]) -> Mapping[str, VocabularyEntry]:
        wanted = list(words)
        self.questions.words.update(word for word in wanted if word not in self._known.words)
        return {word: entry for word in wanted if (entry := self._known.words.get(word))}

    def starting(self, prefix: str, limit: int | None = None) -> Mapping[str, VocabularyEntry]:
        if (prefix, limit) not in self._known.starting:
            self.questions.starting.add((prefix, limit))
        return self._known.starting.get((prefix, limit), {})

    def similar(self, word: str, slips: int) -> Mapping[str, VocabularyEntry]:
        if (word, slips) not in self._known.similar:
            self.questions.similar.add((word, slips))
        return self._known.similar.get((word, slips), {})

    def values(self, name: FilterField, like: str = "", limit: int | None = None) -> Mapping[str, int]:
        if (name, like, limit) not in self._known.values:
            self.questions.values.add((name, like, limit))
        return self._known.values.get((name, like, limit), {})
