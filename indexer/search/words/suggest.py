"""Say what a person probably meant who typed words that the blog does not use."""

from __future__ import annotations

from itertools import islice, pairwise, product, takewhile
from typing import TYPE_CHECKING, NamedTuple

from indexer.search.query import QUERY_FIELDS, wanted_atoms
from indexer.search.words.spelling import Speller, edit_distance, is_guessable

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from indexer.analysis import Analyzer, Word
    from indexer.search.engine import Vocabulary
    from indexer.search.query import Query

_MOST_CANDIDATES = 6
"""Ways to write a query that are tried; chosen: each is a search."""
_MOST_UNKNOWN = 5  # who types more words that no post has does not misspell them
_MOST_LETTERS = 2000  # of a query, in which words are corrected; chosen: a pasted page is no query
_OPERATORS = ("OR", "AND", "NOT")
# What a word must be, and a commoner one beside it, for the commoner one to be named though the word stands in posts.
_LONG_ENOUGH, _FEW, _MUCH_COMMONER, _COMMON = 5, 2, 10, 5
_ENDINGS = ("s", "es", "ies", "ed", "ied", "ing", "er", "ers", "ly")

_Change = tuple[int, int, str]


class Corrections(NamedTuple):
    """What may have been meant: the `whole` query corrected in several ways, best first; `rest`, what is left of the
    best of them without the words that nobody can guess; `words`, the corrected ones alone.
    """

    whole: tuple[str, ...] = ()
    rest: str | None = None
    words: str | None = None


def corrections(engine: Vocabulary, analyzers: Sequence[Analyzer], query: Query) -> Corrections:
    """Return the query with its unknown words replaced, in the ways that are most probable."""
    words = _typed_words(analyzers[0], query)
    if not any(is_guessable(word.surface) for word in words):
        return Corrections()
    known = engine.frequencies({word.term for word in words}).documents
    if sum(not known[word.term] for word in words) > _MOST_UNKNOWN:
        return Corrections()
    present = engine.known({word.surface for word in words})
    unknown = [word for word in words if word.surface not in present and _is_unknown(word, engine, analyzers)]
    if not unknown:
        return Corrections()
    speller = Speller(engine)
    wholes = engine.known({one.surface + other.surface for one, other in pairwise(words)})
    joined = list(_pairs(words, {word.start for word in unknown}, wholes))
    choices: list[list[_Change]] = []
    hopeless: list[_Change] = []
    for word in unknown:
        if any(start <= word.start < end for start, end, _ in joined):
            continue
        options = _options(word.surface, speller)
        if options:
            choices.append([(word.start, word.end, option) for option in options[:3]])
        else:
            hopeless.append((word.start, word.end, ""))
    if not choices and not joined:
        return Corrections()
    ways = [[*joined, *way] for way in islice(product(*choices), _MOST_CANDIDATES)]
    whole = tuple(dict.fromkeys(_replaced(query.text, way) for way in ways))
    rest = " ".join(_replaced(query.text, [*ways[0], *hopeless]).split())
    return Corrections(whole, rest, " ".join(meant for _, _, meant in sorted(ways[0])))


def likelier(engine: Vocabulary, analyzers: Sequence[Analyzer], query: Query) -> str | None:
    """Return the query with words that hardly any post has replaced by much commoner ones one slip away.

    Editors misspell too: that a word stands in a post does not make it right.
    """
    changes: list[_Change] = []
    for word in _typed_words(analyzers[0], query):
        typed = word.surface
        if len(typed) < _LONG_ENOUGH or not typed.isalpha():
            continue
        entry = engine.known([typed]).get(typed)
        if entry is None or entry.articles > _FEW:
            continue
        least = max(_MUCH_COMMONER * entry.articles, _COMMON)
        own, speller = _inflections(typed), Speller(engine)
        better = [
            (distance, -other.articles, known)
            for known, distance in speller.close(typed, 1).items()
            # A slip in the first letters is rare.
            if known[:2] == typed[:2]
            and (other := speller.entry(known)).articles >= least
            and other.term != entry.term
            and not own & _inflections(known)
        ]
        if better:
            _, _, meant = min(better)
            changes.append((word.start, word.end, meant))
    return _replaced(query.text, changes) if changes else None


def _options(typed: str, speller: Speller) -> list[str]:
    """Return what a word may have been meant to be, best first."""
    guesses = speller.guesses(typed)
    apart = speller.split(typed)
    if apart and (not guesses or speller.is_far(typed, guesses[0])):
        return [apart, *guesses]
    return [*guesses[:1], *([apart] if apart else []), *guesses[1:]]


def _typed_words(analyse: Analyzer, query: Query) -> list[Word]:
    """Return the words of the query that are looked for in texts."""
    wanted = {
        surface
        for atom in wanted_atoms(query.root)
        if atom.field in (None, "title", "body")
        for surface in analyse.surfaces(atom.text)
    }
    text = query.text[:_MOST_LETTERS]
    return [
        word
        for word in analyse.words(text)
        if word.surface in wanted
        and text[word.start : word.end] not in _OPERATORS
        and not (text[word.end : word.end + 1] == ":" and word.surface in QUERY_FIELDS)
    ]


def _is_unknown(word: Word, engine: Vocabulary, analyzers: Sequence[Analyzer]) -> bool:
    """Tell whether the blog does not use a word that it has not in this form as an inflection either.

    That a misspelt word has the stem of a right one, as ketamin has that of ketamine, makes it no word.
    """
    typed = word.surface
    if typed[:1].isdigit() or any(analyse.is_stop_word(typed) for analyse in analyzers):
        return False
    terms = {analyse.term(typed) for analyse in analyzers}
    starts = {_common_start(typed, term) for term in terms}
    family = [known for start in starts for known, facts in engine.starting(start).items() if facts.term in terms]
    if not family or any(_inflections(typed) & _inflections(known) for known in family):
        return not family
    return any(edit_distance(typed, known, 1) is not None for known in family)


def _common_start(typed: str, term: str) -> str:
    """Return how all words of a term begin that a typed word has: a stem may end in another letter than they."""
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(typed, term, strict=False)))
    return typed[: max(2, common - 1)]


def _inflections(word: str) -> set[str]:
    """Return the word and what is left of it without an ending of grammar."""
    found = {word}
    for ending in _ENDINGS:
        base = word.removesuffix(ending)
        if base != word and len(base) > 1:
            found |= {base, base + "e"} if ending[0] in "ei" else {base}
            if ending.startswith("ie"):
                found.add(base + "y")
            if base[-1] == base[-2]:
                found.add(base[:-1])
    return found


def _pairs(words: Sequence[Word], unknown: set[int], known: Container[str]) -> Iterator[_Change]:
    """Return pairs of neighbours, one of them unknown, that are one word of the blog."""
    last_end = -1
    for one, other in pairwise(words):
        whole = one.surface + other.surface
        if one.start >= last_end and unknown & {one.start, other.start} and whole in known:
            last_end = other.end
            yield one.start, other.end, whole


def _replaced(text: str, changes: Sequence[_Change]) -> str:
    for start, end, word in sorted(changes, reverse=True):
        text = text[:start] + word + text[end:]
    return text
