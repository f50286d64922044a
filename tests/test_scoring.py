from __future__ import annotations

import random
from datetime import date

import pytest
from search_helpers import Shelf, article, engine_with

from indexer import ENGINES
from indexer.search import query
from indexer.search.answer import SearchOptions, search
from indexer.search.engines import execute
from indexer.search.ranking import form_codes, has_form

WORDS = ["ketamine", "infusion", "infusions", "pain", "painful", "mood", "clinic", "sleep", "nurse", "dose"]
QUERIES = [
    "ketamine",
    "ketamine infusion",
    '"pain clinic"',
    "mood OR sleep OR nurse",
    "ketamine -mood",
    "(mood OR sleep) dose",
    '"ketamine infusion" pain',
    "title:ketamine",
    "infusion PTSD",
]


@pytest.fixture(params=ENGINES, scope="module")
def many(request, tmp_path_factory):
    """Give an index and a shelf with posts whose words were drawn by lot, some of them in a second commit."""
    chance = random.Random(5)

    def text(words):
        return " ".join(chance.choices(WORDS, weights=range(len(WORDS), 0, -1), k=words))

    posts = [
        article(number, text(3), text(chance.randrange(5, 60)), published=f"20{number % 9 + 10}-05-17")
        for number in range(1, 151)
    ]
    engine = engine_with(request.param, tmp_path_factory.mktemp(request.param), *posts[:100])
    from indexer.search.indexed import indexed

    engine.replace(map(indexed, posts[90:]))
    engine.delete([3, 120])
    return Shelf(*posts), engine


@pytest.mark.parametrize("typed", QUERIES)
@pytest.mark.parametrize("offset", [0, 7])
def test_bounds_never_change_what_is_found(many, monkeypatch, typed, offset):
    shelf, engine = many
    synonyms = {"ptsd": ("mood", "sleep nurse")}
    for options in (
        SearchOptions(limit=5, offset=offset, synonyms=synonyms),
        SearchOptions(limit=5, offset=offset, since=date(2012, 1, 1), match_any=True, synonyms=synonyms),
    ):
        monkeypatch.setattr(execute, "_MANY", 10**9)
        monkeypatch.setattr(execute, "_LOOKED_INTO", 12)
        whole = search(shelf, engine, query.parse(typed), options)
        monkeypatch.setattr(execute, "_MANY", 1)
        # Bounds are made for what is asked for again.
        search(shelf, engine, query.parse(typed), options)
        bounded = search(shelf, engine, query.parse(typed), options)
        assert whole.total
        assert bounded == whole


@pytest.mark.parametrize("name", ENGINES)
def test_the_form_typed_comes_before_another_form_of_the_word(name, tmp_path):
    posts = [
        article(1, "One", "Our infusion takes an hour.", published="2023-01-01"),
        article(2, "Two", "Your infusions take an hour.", published="2024-01-01"),
    ]
    shelf, engine = Shelf(*posts), engine_with(name, tmp_path, *posts)
    for typed, first in (("infusion", 1), ("infusions", 2)):
        found = search(shelf, engine, query.parse(typed), SearchOptions())
        assert found.results[0].id == first
        assert found.total == 2


def test_a_form_is_told_from_the_bytes_of_two_neighbours():
    packed = b"\x01\x02\x03\x04"
    codes = [int.from_bytes(packed[at : at + 2], "little") for at in range(3)]
    import sys

    if sys.byteorder == "little":
        assert [has_form(packed, code) for code in codes] == [True, False, True]
    assert has_form(form_codes(["pain", "mood"]).tobytes(), form_codes(["mood"])[0])
