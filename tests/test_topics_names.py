"""Test how names of topics are weighed: whole phrases, nouns, no dates, nothing said twice, and the reasons of it all."""

from __future__ import annotations

import pytest

from indexer.analysis import analyzer
from indexer.store.derived.topics import Topics
from indexer.topics.label_score import Reason, Scored, beside, form_reasons, holding, meaning
from indexer.topics.phrases import Phrase, Wording, find_phrases, grown
from indexer.topics.run import update_topics
from indexer.topics.shown.why import why_form, why_named
from indexer.topics.terms import phrases, read
from tests.topic_helpers import add, article, blog, library


def forms(text: str, language: str = "en") -> set[str]:
    return {form for _, form in phrases(text, analyzer(language))}


@pytest.mark.parametrize(
    ("text", "language", "whole"),
    [
        ("Five ways to spend St. Patrick’s Day", "en", "St. Patrick’s Day"),
        ("A talk with Dr. Lind", "en", "Dr. Lind"),
        ("La corrección política", "es", "corrección política"),
        ("Größere Schäden", "de", "Größere Schäden"),
    ],
)
def test_a_phrase_is_read_whole(text, language, whole):
    assert whole in forms(text, language)


def test_the_end_of_a_sentence_ends_a_phrase():
    assert "pain. Sleep" not in forms("Nerve pain. Sleep hygiene")
    assert not any("pain" in form and "Sleep" in form for form in forms("Nerve pain. Sleep hygiene"))


def test_a_phrase_grows_while_most_places_go_on_alike():
    texts = ["We held the harvest moon festival again. The harvest moon festival was full.", "A harvest for all."]
    readings = [read(article(i, "A harvest moon festival", texts[i == 3])) for i in range(4)]
    found = find_phrases(readings)
    assert grown(found["harvest",], readings) == ("harvest", "moon", "festiv")


def test_a_phrase_that_goes_on_in_many_ways_stays():
    readings = [
        read(article(i, "Harvest", f"The harvest {what}.")) for i, what in enumerate(["began", "ended", "fell"])
    ]
    assert grown(find_phrases(readings)["harvest",], readings) == ("harvest",)


def reasons(title: str, text: str) -> dict[str, float]:
    readings = [read(article(i, title, text)) for i in range(4)]
    found = find_phrases(readings)
    key = tuple(analyzer("en").terms(title))
    held = holding(dict.fromkeys(range(4), 1.0), found[key])
    return {one.name: one.value for one in form_reasons(found[key], held, Wording(readings), (), "en")}


def test_a_verb_counts_less_than_a_noun():
    verb = reasons(
        "Celebrate", "We celebrate the day. They celebrate the night. I celebrate my name. You celebrate it."
    )
    noun = reasons(
        "Recovery", "In recovery we talk. The recovery begins. Of recovery and more. With recovery comes rest."
    )
    assert verb["noun"] < noun["noun"] / 3


def test_a_word_that_only_says_when_counts_next_to_nothing():
    assert reasons("Monday", "On Monday. The Monday. For Monday.")["date or number"] < 0.1


def test_a_person_that_no_title_is_about_counts_less():
    found = Phrase(("ada", "quill"), frozenset(range(4)), frozenset(), frozenset())
    readings = [read(article(i, "Ledgers", "He met Ada Quill there. Then Ada Quill spoke.")) for i in range(4)]
    held = holding(dict.fromkeys(range(4), 1.0), found)
    values = {one.name: one.value for one in form_reasons(found, held, Wording(readings), (), "en")}
    assert values["proper name"] < 0.3


def scored(label: str) -> Scored:
    return Scored(label, "found", meaning(label, "en"), (Reason("coverage", 1.0, ""),))


def test_names_are_compared_without_words_that_say_nothing():
    given = [meaning("Your Visit", "en")]
    assert beside(scored("First visit"), given).value == 0
    assert 0 < beside(scored("Visit preparation"), given).value < 1
    assert beside(scored("Aftercare"), given).value == 1


def test_a_score_is_the_product_of_its_reasons(tmp_path):
    store = library(tmp_path)
    add(store, blog())
    topics = Topics(store)
    update_topics(topics, store.articles)
    topic = topics.shown()[0]
    form = why_form(why_named(topics, store.articles, topic))
    assert form["label"] == topic.label == form["names"][0]["label"]
    assert form["note"] is None
    product = 1.0
    for reason in form["names"][0]["reasons"]:
        product *= reason["value"]
    assert form["names"][0]["score"] == pytest.approx(product, rel=0.02)
    assert [one["score"] for one in form["names"]] == sorted((one["score"] for one in form["names"]), reverse=True)
