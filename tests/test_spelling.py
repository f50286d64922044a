from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.search.engine import VocabularyEntry
from indexer.search.words.spelling import Speller, edit_distance

WORDS = {
    "ketamine": 40, "infusion": 30, "infusions": 12, "infusing": 1, "depression": 35, "depressed": 9, "anxiety": 20,
    "chronic": 25, "pain": 60, "opioid": 14, "therapy": 33, "therapist": 8, "treatment": 50, "insurance": 7, "nausea": 5,
    "migraine": 11, "trauma": 16, "veteran": 6, "veterans": 10, "psychiatrist": 4, "lidocaine": 3, "esketamine": 5,
    "form": 20, "from": 90, "fibromyalgia": 6, "neuropathy": 5, "relief": 22, "clinic": 44, "patient": 31, "sleep": 18,
}  # fmt: skip


class Blog:
    """Hold words as an engine does."""

    def __init__(self, words):
        self.words = {word: VocabularyEntry(word, count) for word, count in words.items()}

    def known(self, words):
        return {word: self.words[word] for word in words if word in self.words}

    def similar(self, word, slips):
        return self.words


speller = Speller(Blog(WORDS))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ketamin", "ketamine"),
        ("ketamien", "ketamine"),
        ("kettamine", "ketamine"),
        ("infusoin", "infusion"),
        ("deppression", "depression"),
        ("anxeity", "anxiety"),
        ("fibromyalgai", "fibromyalgia"),
        ("psychaitrist", "psychiatrist"),
        ("nuropathy", "neuropathy"),
        ("thearpy", "therapy"),
        ("ketamene", "ketamine"),
    ],
)
def test_the_word_meant_comes_first(typed, meant):
    assert speller.guesses(typed)[0] == meant


def test_nineteen_of_twenty_single_slips_are_guessed_right():
    chance = random.Random(3)
    slipped = [(word, _slip(word, chance)) for word in WORDS if len(word) > 4 for _ in range(20)]
    tried = [(word, typed) for word, typed in slipped if typed not in WORDS]
    right = sum(speller.guesses(typed)[:1] == [word] for word, typed in tried)
    assert right / len(tried) >= 0.95


def _slip(word, chance):
    at = chance.randrange(len(word) - 1)
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    return chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )


def test_numbers_short_words_and_strange_words_are_not_guessed():
    assert speller.guesses("12") == speller.guesses("pa") == speller.guesses("xyzzyq") == []


def test_words_that_ran_together_are_taken_apart():
    assert speller.split("chronicpain") == "chronic pain"
    assert speller.split("ketamine") is None


def test_a_likely_slip_is_a_small_one():
    assert edit_distance("anxeity", "anxiety", 2) < edit_distance("anxibty", "anxiety", 2)
    assert edit_distance("kketamine", "ketamine", 2) < edit_distance("kxetamine", "ketamine", 2)
    assert edit_distance("ketamine", "pain", 2) is None


@given(st.text(alphabet="abcdé", max_size=8), st.text(alphabet="abcdé", max_size=8))
def test_distance_is_nothing_only_between_equals(one, other):
    distance = edit_distance(one, other, 9)
    assert distance is not None
    assert (distance == 0) == (one == other)


@given(st.text(max_size=15))
def test_anything_can_be_misspelt(text):
    assert all(speller.knows(word) for word in speller.guesses(text))
    speller.split(text)
