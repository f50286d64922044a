from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from topic_helpers import THEMES, article, blog

from indexer.topics import nmf
from indexer.topics.choose import number_of_topics
from indexer.topics.fit import fit_topics, transform
from indexer.topics.inference import shares_of
from indexer.topics.terms import read


@pytest.fixture(scope="module")
def readings():
    return [read(one) for one in blog()]


@pytest.fixture(scope="module")
def fitted(readings):
    return fit_topics(readings)


def test_posts_on_the_same_theme_share_their_strongest_topic(readings, fitted):
    first = [next(iter(fitted.weights[reading.id])) for reading in readings]
    assert all(len({first[i] for i in range(theme, 40, 4)}) <= 2 for theme in range(4))
    assert not any({first[i] for i in range(0, 40, 4)} & {first[i] for i in range(o, 40, 4)} for o in (1, 2, 3))


def test_topics_are_named_by_the_phrases_of_the_titles(fitted):
    assert set(THEMES) <= {topic.label for topic in fitted.found.values()}


def test_the_same_posts_give_the_same_topics(readings, fitted):
    assert fit_topics([read(one) for one in blog()]) == fitted


def test_a_category_that_most_posts_of_a_topic_carry_is_its_label():
    posts = [
        article(one.id, one.metadata.title, one.text, categories=("Money matters",) if "claims" in one.text else ())
        for one in blog()
    ]
    found = fit_topics([read(one) for one in posts]).found.values()
    assert ("Money matters", "category") in {(topic.label, topic.source) for topic in found}


def test_a_category_of_nearly_all_posts_names_nothing():
    posts = [article(one.id, one.metadata.title, one.text, categories=("Health notes",)) for one in blog()]
    assert "Health notes" not in {topic.label for topic in fit_topics([read(one) for one in posts]).found.values()}


def test_labels_and_terms_are_words_that_stand_in_the_text(readings, fitted):
    text = " ".join(f"{reading.title} {reading.text}" for reading in readings).lower()
    assert all(topic.label.lower() in text for topic in fitted.found.values())
    assert all(term.lower() in text for topic in fitted.found.values() for term in topic.terms)


def test_no_two_topics_have_the_same_label(fitted):
    labels = [topic.label for topic in fitted.found.values()]
    assert len(labels) == len(set(labels))


def test_a_new_post_is_placed_with_its_like(readings, fitted):
    new = read(article(99, "Insurance claims again", "The deductible of insurance claims and the appeal letter."))
    first = next(iter(transform([new], fitted.model).weights[99]))
    assert first == next(iter(fitted.weights[readings[2].id]))


def test_a_post_about_two_topics_has_both(fitted):
    both = f"{THEMES['Chronic pain']} {THEMES['Sleep hygiene']} "
    shares = shares_of(transform([read(article(99, "", both * 4))], fitted.model).weights[99])
    assert len(shares) > 1
    assert sum(shares.values()) <= 1.001


def test_a_post_about_something_else_has_no_topic(fitted):
    other = read(article(99, "Volcanoes", "Lava flows down from volcanoes into the boiling sea."))
    assert shares_of(transform([other], fitted.model).weights[99]) == {}


def test_a_refit_keeps_ids_and_labels(readings, fitted):
    more = [*readings, *(read(one) for one in blog(60)[40:])]
    again = fit_topics(more, fitted.model, fitted.found, fitted.next_id)
    assert {i: again.found[i].label for i in fitted.found if i in again.found} == {
        i: topic.label for i, topic in fitted.found.items() if i in again.found
    }
    assert len(again.found.keys() & fitted.found.keys()) >= len(fitted.found) - 1


def test_a_handful_of_posts_has_no_topics():
    assert number_of_topics([read(one) for one in blog(7)]) == 0


def test_the_list_of_topics_stays_readable_however_many_posts_there_are(readings):
    assert number_of_topics(list(readings) * 250) <= 64


def test_posts_without_any_text_do_no_harm():
    fitted = fit_topics([read(article(i, "", "")) for i in range(1, 12)])
    assert fitted.found == {}


def test_posts_in_a_language_without_a_stemmer_are_grouped_too():
    one, two = "海 魚 船 波 港", "山 木 雪 道 谷"
    posts = [article(i, "", f"{one if i % 2 else two} " * 8, language="ja") for i in range(1, 21)]
    fitted = fit_topics([read(post) for post in posts])
    first = [next(iter(fitted.weights[post.id]), None) for post in posts]
    assert len(set(first[::2])) == len(set(first[1::2])) == 1
    assert first[0] != first[1]


vectors = st.lists(
    st.dictionaries(st.integers(0, 12), st.floats(0.01, 5), min_size=1, max_size=8).map(
        lambda weights: nmf.unit(weights.items(), 8)
    ),
    min_size=4,
    max_size=20,
)


@settings(max_examples=40, deadline=None)
@given(vectors, st.integers(1, 5))
def test_factors_and_strengths_are_never_negative(posts, number):
    found = nmf.fit(posts, nmf.seed(posts, number, (0.0, 1.0)))
    assert all(weight > 0 for topic in found.h for weight in topic.values())
    assert all(strength > 0 for weights in found.w for strength in weights.values())


@settings(max_examples=40, deadline=None)
@given(vectors)
def test_seeds_for_a_smaller_number_are_the_first_of_those_for_a_greater(posts):
    assert nmf.seed(posts, 4, (0.0, 1.0))[:2] == nmf.seed(posts, 2, (0.0, 1.0))
