from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.search.engine import Frequencies, Indexed
from indexer.search.ranking import FIELD_WEIGHTS, code_of, codes, day_number, feedback, idf, read_code


@given(st.floats(0.1, 5000), st.floats(0, 100_000))
def test_a_code_is_two_bytes_and_stands_for_nearly_its_numbers(frequency, length):
    code = code_of(frequency, length)
    assert 0 < code < 1 << 16
    read_frequency, read_length = read_code(code)
    assert read_frequency == pytest.approx(frequency, rel=0.03, abs=0.051) or frequency > 1500
    assert read_length == pytest.approx(length, rel=0.05, abs=0.5)


def test_small_frequencies_are_exact():
    assert [read_code(code_of(n / 10, 100))[0] for n in range(1, 128)] == [n / 10 for n in range(1, 128)]


def test_a_title_counts_more_than_the_body_and_a_call_to_action_less():
    def frequency(field):
        _, (code,) = codes(Indexed(1, "", {field: ["pain"]}))
        return read_code(code)[0]

    assert frequency("title") > frequency("headings") >= frequency("body") > frequency("editorial") > 0
    assert frequency("body") == FIELD_WEIGHTS["body"]


def test_what_was_set_aside_has_no_code():
    terms, _ = codes(Indexed(1, "", {"template": ["subscribe"]}))
    assert not terms


@given(st.integers(1, 1000), st.data())
def test_a_rarer_term_is_worth_more_and_none_is_worth_nothing(articles, data):
    often = data.draw(st.integers(1, articles))
    seldom = data.draw(st.integers(0, often))
    assert 0 < idf(articles, often) <= idf(articles, seldom)


def test_feedback_gives_a_rarer_word_more_but_less_than_its_rarity():
    posts = [(Indexed(number, "", {"body": ["common", "rare"]}), 1.0) for number in (1, 2)]
    weights = feedback(posts, Frequencies({"common": 50, "rare": 2}, 100, 2.0))
    assert 1 > weights["common"] / weights["rare"] > idf(100, 50) / idf(100, 2)


def test_a_day_is_a_number_that_sorts_by_time():
    assert day_number("2023-05-17") == 20230517
    assert day_number(None) == 0
