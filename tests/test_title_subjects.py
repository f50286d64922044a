from __future__ import annotations

import pytest
from topic_helpers import article, blog

from indexer.topics.shown.subject_index import subject_index

PILOTS = (
    "We met the harbour pilot at six. The harbour pilot knows each rock. Nobody argues with a harbour pilot for long. "
    "Later we asked for tea, and asked again."
)
COMPOST = (
    "It begins with the compost. Of the compost we say little. Turn your compost with a fork. In our compost live worms. "
    "Nobody sells the compost. The garden needs the compost."
)


def headings(*posts):
    return {entry.heading for entry in subject_index([*blog(), *posts]).entries}


def test_what_one_title_is_about_has_an_entry():
    found = subject_index([*blog(), article(90, "A day with the harbour pilot", PILOTS)])
    entry = next(entry for entry in found.entries if entry.heading == "Harbour pilot")
    assert [locator.title for locator in entry.locators] == ["A day with the harbour pilot"]


def test_a_noun_that_the_post_speaks_of_often_has_an_entry():
    assert "Compost" in headings(article(90, "Why compost matters", COMPOST))


@pytest.mark.parametrize(
    ("title", "text", "wrong"),
    [
        ("Asked for tea with the harbour pilot", PILOTS, "Asked"),
        ("Three mornings in March", "Three mornings in March. It was March. Three mornings.", "March"),
        ("Gladly open", "We are open. Open early, open late. They open it. Come, open and gladly open it.", "Open"),
    ],
)
def test_verbs_days_and_what_is_no_noun_have_none(title, text, wrong):
    assert wrong not in headings(article(90, title, text))


def test_a_title_with_a_subject_of_other_posts_needs_no_entry_of_its_own():
    post = article(
        90, "Chronic pain and a stroll", "Chronic pain again. A stroll helps. The stroll is short. Our stroll ends."
    )
    assert headings(post) == headings()


def test_what_the_text_never_takes_up_has_no_entry():
    assert "Moonlit parade" not in headings(article(90, "A moonlit parade", "We stayed at home and read a book."))
