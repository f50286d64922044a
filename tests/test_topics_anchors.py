"""Test that topics of a small blog follow its own categories and tags."""

from __future__ import annotations

import pytest

from indexer.topics.category_seeds import seed_terms
from indexer.topics.fit import fit_topics, transform
from indexer.topics.inference import shares_of
from indexer.topics.terms import Reading, is_label_term, read
from tests.topic_helpers import THEMES, article, story

CATEGORIES = ["Cost & Billing", "Pain", "Sleep"]


def small_blog(posts: int = 24, tags: tuple[str, ...] = ()) -> list[Reading]:
    """Return posts whose categories cut across what their texts are alike in."""
    themes = list(THEMES)
    return [
        read(
            article(
                i + 1,
                f"Post {chr(97 + i % 26)}",
                story(themes[i % 4], i, 60),
                categories=(CATEGORIES[i // 2 % 3],),
                tags=tags if i % 5 == 0 else (),
            )
        )
        for i in range(posts)
    ]


def members(readings: list[Reading]) -> dict[str, set[int]]:
    fit = fit_topics(readings)
    return {
        topic.label: {i for i, weights in fit.weights.items() if topic_id in shares_of(weights)}
        for topic_id, topic in fit.found.items()
    }


def test_a_small_blog_is_grouped_as_its_editors_did():
    readings = small_blog()
    found = members(readings)
    assert set(found) == set(CATEGORIES)
    assert all({reading.id for reading in readings if name in reading.categories} <= found[name] for name in found)


def test_a_tag_that_says_something_else_is_a_topic_beside_the_categories():
    assert "Telehealth" in members(small_blog(tags=("telehealth",)))


def test_a_tag_whose_words_are_those_of_a_category_is_no_topic_of_its_own():
    assert set(members(small_blog(tags=("billing",)))) == set(CATEGORIES)


def test_a_topic_of_a_category_s_name_is_written_as_the_category():
    readings = small_blog(tags=("cost & billing",))
    assert "Cost & Billing" in members(readings)


@pytest.mark.parametrize("posts", [4, 120])
def test_tiny_and_big_blogs_have_no_anchors(posts):
    assert seed_terms(small_blog(posts)) == {}


def test_categories_that_hold_few_posts_anchor_nothing():
    plain = [read(article(100 + i, f"Post {i}", story("Group therapy", i, 60))) for i in range(30)]
    assert seed_terms([*small_blog(), *plain]) == {}


def test_what_stands_for_a_category_is_never_shown_as_a_word():
    fit = fit_topics(small_blog())
    assert not any(is_label_term(term) for topic in fit.found.values() for term in topic.terms)


def test_a_new_category_becomes_a_topic_at_the_next_fit_and_the_others_keep_their_ids():
    readings = small_blog()
    before = fit_topics(readings)
    more = [
        read(article(50 + i, f"New {i}", story("Group therapy", i, 60), categories=("Groups",), tags=()))
        for i in range(8)
    ]
    after = fit_topics([*readings, *more], before.model, before.found, before.next_id)
    assert {i: topic.label for i, topic in before.found.items()}.items() <= {
        i: topic.label for i, topic in after.found.items()
    }.items()
    assert "Groups" in {topic.label for topic in after.found.values()}


def test_a_new_post_is_placed_by_its_category():
    fit = fit_topics(small_blog())
    [new] = [read(article(99, "Another", story("Group therapy", 99, 60), categories=("Sleep",)))]
    weights = transform([new], fit.model).weights[99]
    assert fit.found[max(weights, key=weights.__getitem__)].label == "Sleep"
