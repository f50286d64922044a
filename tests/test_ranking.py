from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.search.engine import Frequencies, Indexed
from indexer.search.ranking import FIELD_WEIGHTS, day_number, feedback, idf, weighted_frequencies


def test_a_title_counts_more_than_the_body_and_a_call_to_action_less():
    def frequency(field):
        return weighted_frequencies(Indexed(1, "", {field: ["pain"]}))["pain"]

    assert frequency("title") > frequency("headings") >= frequency("body") > frequency("editorial") > 0
    assert frequency("body") == FIELD_WEIGHTS["body"]


def test_what_was_set_aside_weighs_nothing():
    assert not weighted_frequencies(Indexed(1, "", {"template": ["subscribe"]}))


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
