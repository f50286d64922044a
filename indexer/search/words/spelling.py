"""Guess what a misspelt word was meant to be, from the words that the blog itself uses."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from indexer.search.engine import VocabularyEntry


class Words(Protocol):
    """Where a speller looks words up: `indexer.search.engine.Vocabulary`, or a part of it."""

    def known(self, words: Iterable[str]) -> Mapping[str, VocabularyEntry]:
        """Return those of the folded words that some article has."""

    def similar(self, word: str, slips: int) -> Mapping[str, VocabularyEntry]:
        """Return the folded words at most so many slips away, and perhaps some that are further."""


_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHORTEST, _LONGEST = 3, 40
"""Letters of a word that is corrected; chosen: shorter ones are too like others, longer ones are no words."""
# A word so short that one letter makes another word of it is corrected only where fingers slip of themselves; two slips
# must leave most of a word as it is.
_PLAIN_SLIP = 0.8
_LONG_ENOUGH_FOR_TWO = 7
_MOST_GUESSES = 5
# How likely a slip is, against how common a word is: 1.0 is one plain slip. Found on single slips in words of the cisi
# and cacm collections; the order of the guesses changes little between half and double of each.
_COMMONNESS = 0.22
_SWAP, _DOUBLE, _NEIGHBOUR, _VOWEL, _FIRST = 0.75, 0.6, 0.8, 0.85, 0.4


def _neighbours() -> frozenset[tuple[str, str]]:
    """Return the pairs of keys that lie beside or above each other."""
    places = {key: (row, column) for row, keys in enumerate(_KEYBOARD) for column, key in enumerate(keys)}
    return frozenset(
        (one, other)
        for one, (row, column) in places.items()
        for other, (other_row, other_column) in places.items()
        if one != other and abs(row - other_row) <= 1 and abs(column - other_column) <= 1
    )


_NEIGHBOURS = _neighbours()
_VOWELS = frozenset("aeiouy")


def edit_distance(typed: str, word: str, most: int) -> float | None:
    """Return how far the typed word is from the word, likely slips counting less; `None` above `most` of them.

    Slips are a letter too many, too few, another one, or two swapped (Damerau 1964, optimal string alignment).
    """
    if abs(len(typed) - len(word)) > most:
        return None
    before: list[float] = []
    row = [n + _FIRST * bool(n) for n in range(len(word) + 1)]
    for i, letter in enumerate(typed, 1):
        two_before, before, row = before, row, [i + _FIRST]
        for j, wanted in enumerate(word, 1):
            cost = min(
                before[j] + _extra_cost(typed, i - 1),
                row[j - 1] + _extra_cost(word, j - 1),
                before[j - 1] + _other_cost(letter, wanted, i),
            )
            if i > 1 and j > 1 and letter == word[j - 2] and typed[i - 2] == wanted:
                cost = min(cost, two_before[j - 2] + _SWAP)
            row.append(cost)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None


def _extra_cost(text: str, at: int) -> float:
    """Return the cost of a letter that only one of the words has: less beside its like, more in front."""
    if at and text[at] == text[at - 1]:
        return _DOUBLE
    return 1.0 + (_FIRST if at == 0 else 0.0)


def _other_cost(letter: str, wanted: str, position: int) -> float:
    if letter == wanted:
        return 0.0
    cost = 1.0
    if (letter, wanted) in _NEIGHBOURS:
        cost = _NEIGHBOUR
    elif letter in _VOWELS and wanted in _VOWELS:
        cost = _VOWEL
    return cost + (_FIRST if position == 1 else 0.0)


def one_slip_away(typed: str) -> set[str]:
    """Return the word and every string that is one slip away, in Latin letters and its own."""
    return {typed, *_one_edit_away(typed, set("abcdefghijklmnopqrstuvwxyz") | set(typed))}


def _one_edit_away(typed: str, alphabet: Iterable[str]) -> Iterator[str]:
    for at in range(len(typed) + 1):
        head, tail = typed[:at], typed[at:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in alphabet:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


def is_guessable(typed: str) -> bool:
    """Tell whether a word is long enough to be told from others, and short enough to be one."""
    return _SHORTEST <= len(typed) <= _LONGEST and not typed.isdigit()


class Speller:
    """Guess from the words of a blog, folded."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._met: dict[str, VocabularyEntry] = {}

    def guesses(self, typed: str) -> list[str]:
        """Return the words most probably meant, best first; none for a word too short to be guessed."""
        if not is_guessable(typed):
            return []
        near = self.close(typed, 1)
        if len(typed.removesuffix("s")) <= _SHORTEST:
            near = {word: distance for word, distance in near.items() if distance <= _PLAIN_SLIP}
        if not near and len(typed) >= _LONG_ENOUGH_FOR_TWO:
            near = {word: distance for word, distance in self.close(typed, 2).items() if word[0] == typed[0]}
        ranked = sorted(near, key=lambda word: (near[word] - self._common(word), word))
        return ranked[:_MOST_GUESSES]

    def _common(self, word: str) -> float:
        return _COMMONNESS * log(1 + self._met[word].articles)

    def close(self, typed: str, most: int) -> dict[str, float]:
        """Return the words of the blog at most so many slips away, with their distance."""
        near = self._words.similar(typed, most)
        self._met.update(near)
        # One slip may cost more than 1 in front of a word.
        found = {word: edit_distance(typed, word, most + 1) for word in near}
        return {
            word: distance
            for word, distance in found.items()
            if distance is not None and distance < most + _FIRST + 0.01
        }

    def split(self, typed: str) -> str | None:
        """Return the word as two words of the blog, if it is two that ran together."""
        if len(typed) > _LONGEST:
            return None
        pairs = [(typed[:at], typed[at:]) for at in range(2, len(typed) - 1)]
        known = self._words.known({word for pair in pairs for word in pair})
        good = [pair for pair in pairs if pair[0] in known and pair[1] in known and max(map(len, pair)) > _SHORTEST]
        if not good:
            return None
        return " ".join(max(good, key=lambda pair: (min(known[word].articles for word in pair), pair)))

    def is_far(self, typed: str, word: str) -> bool:
        """Tell whether the words are more than one slip apart."""
        return edit_distance(typed, word, 1) is None

    def entry(self, word: str) -> VocabularyEntry:
        """Return what is known of a word that was close to another."""
        return self._met[word]
