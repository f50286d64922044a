"""Raise posts that name what was typed: words in their titles, words in a row, words in the very form typed.

An engine adds roughly what a title is worth and gives back the first hundred; here that is done exactly, for every
engine alike.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from indexer.search.engine import Alternatives, Bonus, Form, Hit, Phrase, Results, Term
from indexer.search.ranking import idf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.search.engine import Frequencies, Plan, SearchEngine

# A title adds _TITLE of what the words typed are worth, by the square of the share of them that it has; more where they
# stand in a row and are the whole of it. Two words in a row in the text add _ROW of the commoner one's worth, a word in
# the very form typed _FORM of its own. Set by names of posts on three blogs: nothing moves with _TITLE .8 to 1 and
# _TITLE_WHOLE 1 to 3.
_TITLE, _TITLE_ROW, _TITLE_WHOLE, _OTHER_FORM, _STOP_WORD = 0.8, 0.5, 1.5, 0.6, 0.1
_ROW, _FORM = 0.3, 0.1
_WINDOW = 100
"""Hits that are looked into; chosen: no title lifts a post over so many."""
_PLACES = 4
"""Decimals of scores that count, as in engines: beyond, the order in which they were added up decides."""


class Ranked(NamedTuple):
    """The page asked for, and all hits that were looked into."""

    results: Results
    hits: Sequence[Hit]
    naming: _Naming | None = None

    def plain(self, number: int) -> Sequence[Hit]:
        """Return the first hits in the order of what the plan alone gives, without what names add."""
        if self.naming is None:
            return self.hits[:number]
        return sorted(map(self.naming.without_titles, self.hits), key=lambda hit: -hit.score)[:number]


def run(engine: SearchEngine, plan: Plan) -> Ranked:
    """Run a plan and raise what its named words name."""
    if plan.order != "relevance" or not plan.limit:
        results = engine.search(plan)
        return Ranked(results, results.hits)
    end = plan.offset + plan.limit
    naming = _Naming(plan, engine.frequencies([word.term for word in plan.named])) if plan.named else None
    bonuses = naming.bonuses if naming else ()
    results = engine.search(plan._replace(bonuses=bonuses, offset=0, limit=max(_WINDOW, end)))
    hits = results.hits
    if naming:
        first = sorted(map(naming.rescored, hits[:_WINDOW]), key=lambda hit: -hit.score)
        hits = (*first, *hits[_WINDOW:])
    return Ranked(results._replace(hits=hits[plan.offset : end]), results.hits[:_WINDOW], naming)


class _Naming:
    """What the words typed are worth where they name a post; `bonuses`: titles, rows, forms, in order."""

    def __init__(self, plan: Plan, known: Frequencies) -> None:
        self._words = list(dict.fromkeys(plan.named))
        self._worths = [
            idf(known.articles, known.titles[word.term]) * (1.0 if word.content_word else _STOP_WORD)
            for word in self._words
        ]
        self._all = sum(self._worths) or 1.0
        rarity = {word.term: idf(known.articles, known.documents[word.term]) for word in self._words}
        pairs = {
            (one.term, other.term): _ROW * min(rarity[one.term], rarity[other.term])
            for one, other in pairwise(plan.named)
            if one.content_word and other.content_word and one.term != other.term
        }
        forms = {word.surface: _FORM * rarity[word.term] for word in self._words if word.content_word}
        titles = [
            Bonus(_in_title(word.term), _TITLE * worth) for word, worth in zip(self._words, self._worths, strict=True)
        ]
        rows = [] if isinstance(plan.root, Phrase) else [Bonus(Phrase(pair)) for pair in pairs]
        self.bonuses = (*titles, *rows, *(Bonus(Form(surface)) for surface in forms))
        self._sums: dict[int, tuple[float, float]] = {}
        self._adds = [0.0] * len(titles) + list(pairs.values())[: len(rows)] + list(forms.values())

    def without_titles(self, hit: Hit) -> Hit:
        """Take off what the engine added."""
        return hit._replace(score=hit.score - self._sum(hit.bonuses)[0])

    def rescored(self, hit: Hit) -> Hit:
        """Add exactly what titles, rows and forms are worth."""
        added, more = self._sum(hit.bonuses)
        titled = self._titled(hit.title) if added else 0.0
        return hit._replace(score=round(hit.score - added + more + titled, _PLACES))

    def _sum(self, bonuses: int) -> tuple[float, float]:
        """Return what the engine added for bonuses, and what rows and forms among them are worth."""
        if bonuses not in self._sums:
            here = [number for number in range(len(self.bonuses)) if bonuses >> number & 1]
            self._sums[bonuses] = (
                sum(self.bonuses[number].worth for number in here),
                sum(map(self._adds.__getitem__, here)),
            )
        return self._sums[bonuses]

    def _titled(self, title: Sequence[tuple[str, str]]) -> float:
        """Return what the words typed add where they stand in a title."""
        surfaces, terms = zip(*title, strict=True) if title else ((), ())
        worth, present, in_row = 0.0, 0, 0
        before: int | None = None
        for word, most in zip(self._words, self._worths, strict=True):
            place = _place(word.term, terms)
            if place is not None:
                worth += most if surfaces[place] == word.surface else _OTHER_FORM * most
                present += 1
                in_row += before is not None and place == before + 1
            before = place
        if not present:
            return 0.0
        factor = 1 + _TITLE_WHOLE * min(1.0, present / len(title))
        if len(self._words) > 1:
            factor += _TITLE_ROW * in_row / (len(self._words) - 1)
        return _TITLE * factor * worth * worth / self._all


def _in_title(term: str) -> Term | Alternatives:
    """Return the node for titles with the term; 1.65 names 1.65.0 too."""
    own = Term(term, ("title",))
    return Alternatives((own, Term(f"{term}.", ("title",), prefix=True))) if term[:1].isdigit() and "." in term else own


def _place(term: str, terms: Sequence[str]) -> int | None:
    """Return where a term first stands in a title; 1.65 names 1.65.0 too."""
    if term in terms:
        return terms.index(term)
    versions = (place for place, other in enumerate(terms) if other.count(".") > 1 and other.rpartition(".")[0] == term)
    return next(versions, None) if "." in term else None
