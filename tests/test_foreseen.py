"""A search asks an engine that is far away a fixed number of times, however many words there are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.search import query
from indexer.search.answer import SearchOptions, search
from indexer.search.foreseen import Answers, FarVocabulary
from tests.search_helpers import Shelf, article, engine_with

POSTS = [
    article(1, "Ketamine and sleep", "Ketamine infusions help sleep and chronic pain.", author="Kim Reyes"),
    article(2, "Back pain", "A low dose of gabapentin eases back pain at night.", author="Ana Ruiz"),
    article(
        3, "Rückenschmerzen", "Die Rückenschmerzen kommen vom Schlafmangel und der Krankenversicherung.", language="de"
    ),
    article(4, "La douleur", "Les douleurs chroniques empêchent de dormir, la douleur dure.", language="fr"),
    *(article(number, None, "Sleep diaries, pain scores, exercise.") for number in range(5, 9)),
]
POSTS += [replace(post, id=post.id + 10 * n) for n in (1, 2) for post in POSTS]


class Far:
    """An engine as it is for who must go out for every answer; `calls` are the times that somebody had to."""

    def __init__(self, engine):
        self._engine, self.name, self.calls = engine, engine.name, []
        vocabulary = FarVocabulary(self._fetch)
        self.foresee, self.frequencies, self.known = vocabulary.foresee, vocabulary.frequencies, vocabulary.known
        self.starting, self.similar, self.values = vocabulary.starting, vocabulary.similar, vocabulary.values
        for name in ("language", "acronym"):
            self.values(name)
        self.calls.clear()  # opened

    def _fetch(self, asked):
        self.calls.append(asked)
        near = self._engine
        known = near.known(asked.words)
        return Answers(
            near.frequencies(asked.terms),
            {word: known.get(word) for word in asked.words},
            {each: near.starting(*each) for each in asked.starting},
            {each: near.similar(*each) for each in asked.similar},
            {each: near.values(*each) for each in asked.values},
        )

    def search(self, plan):
        self.calls.append(plan)
        return self._engine.search(plan)

    def totals(self, plans):
        self.calls.append(plans)
        return iter(list(self._engine.totals(plans)))


@pytest.fixture(scope="module")
def near(tmp_path_factory):
    engine = engine_with("whoosh", tmp_path_factory.mktemp("near"), *POSTS)
    yield engine
    engine.close()


def asked(engine, typed, **wishes):
    return search(Shelf(*POSTS), engine, query.parse(typed), SearchOptions(limit=5, **wishes))


@pytest.mark.parametrize(
    ("typed", "wishes"),
    [
        ("sleep", {}),
        ("chronic pain at night OR sleep", {"facets": True}),
        ('"back pain" -ketamine', {}),
        ("ket* infus*", {}),
        ("gabapentine~", {}),
        ("pain author:ana", {"language": "english"}),
        ("sleep", {"author": "kim"}),
        ("douleur", {}),
        ("", {}),
    ],
)
def test_a_search_makes_two_calls_and_finds_what_a_near_one_finds(near, typed, wishes):
    far = Far(near)
    result = asked(far, typed, **wishes)
    assert result.results
    assert result == asked(near, typed, **wishes)
    assert len(far.calls) <= 2


def test_parts_of_compounds_take_one_call_more_as_they_depend_on_the_compounds(near):
    far = Far(near)
    assert asked(far, "schmerzen") == asked(near, "schmerzen")
    assert len(far.calls) == 3


@pytest.mark.parametrize(("typed", "meant"), [("ketamin infusoins", "ketamine infusions"), ("backpain", "back pain")])
def test_a_misspelt_search_makes_no_call_for_each_guess(near, typed, meant):
    far = Far(near)
    assert asked(far, typed).suggestion == asked(near, typed).suggestion == meant
    assert len(far.calls) <= 6
