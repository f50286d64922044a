"""Test what may name a topic or an index entry, and what may not."""

from __future__ import annotations

from indexer.topics.labels import openers
from indexer.topics.phrases import Wording, find_phrases, own_writing
from indexer.topics.shown.subject_index import subject_index
from indexer.topics.terms import read
from tests.topic_helpers import article, blog, story

WAYS_ON = ["rustup", "cargo", "borrowing", "editions", "surveys", "meetings"]


def headings(*articles) -> set[str]:
    return {entry.heading for entry in subject_index([*blog(), *articles]).entries}


def test_a_verb_that_many_titles_open_with_is_a_formula():
    posts = [
        article(i, f"Announcing {what}", f"We are announcing {what}. It works.") for i, what in enumerate(WAYS_ON, 1)
    ]
    assert openers([read(post) for post in posts]) == {"announc"}


def test_a_noun_that_many_titles_open_with_is_no_formula():
    posts = [
        article(i, f"Ketamine {what}", f"With ketamine we treat {what}. The ketamine works.")
        for i, what in enumerate(WAYS_ON, 1)
    ]
    assert openers([read(post) for post in posts]) == set()


def test_a_category_s_writing_beats_a_tag_s():
    posts = [article(1, "One", "Text.", tags=("COST & Insurance",)), article(2, "Two", "Text.", tags=("ios",))]
    posts.append(article(3, "Three", "Text.", categories=("Cost & Insurance",)))
    assert own_writing([read(post) for post in posts]) == {"cost & insurance": "Cost & Insurance"}


def test_a_remark_on_a_thing_is_no_name():
    readings = [read(article(1, "New changes", "The new changes. Chronic pain.")), read(article(2, "Chronic pain", ""))]
    phrases, wording = find_phrases(readings), Wording(readings)
    remarks = {key for key, phrase in phrases.items() if wording.is_remark(phrase)}
    assert ("new", "chang") in remarks
    assert ("chronic", "pain") not in remarks


def test_a_word_that_one_title_mentions_is_no_heading_but_a_title_that_opens_with_it_makes_it_one():
    text = "The diary. The diary. A diary of the week. " + story("Chronic pain", 1)
    assert "Diary" not in headings(article(90, "On keeping a diary", text))
    assert "Diary" in headings(article(90, "Diary for beginners", text))


def test_a_category_that_begins_with_a_pronoun_is_no_heading():
    posts = [
        article(90 + i, f"Chapter {chr(97 + i)}", story("Sleep hygiene", i), categories=("Your Visit", "First Steps"))
        for i in range(4)
    ]
    found = headings(*posts)
    assert "Your Visit" not in found
    assert "First Steps" in found
