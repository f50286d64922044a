from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from topic_helpers import article, blog

from indexer.present.terminal.topic_views import (
    index_html,
    index_lines,
    index_markdown,
    topic_lines,
    topic_posts_lines,
    years_bar,
)
from indexer.store.derived.topic_rows import Member, Topic, TopicView
from indexer.topics.shown.subject_index import Entry, Locator, SubjectIndex, index_form, subject_index


@pytest.fixture(scope="module")
def index():
    return subject_index(blog())


def entry(index, heading):
    return next(found for found in index.entries if found.heading == heading)


def test_subjects_of_titles_are_headings_with_their_posts(index):
    found = entry(index, "Chronic pain")
    assert {locator.title for locator in found.locators} <= {post.metadata.title for post in blog()[::4]}
    assert found.locators


def test_an_empty_blog_has_an_empty_index():
    assert subject_index([]) == SubjectIndex(0, ())


def test_entries_are_in_the_order_of_the_alphabet(index):
    headings = [found.heading.lower() for found in index.entries]
    assert headings == sorted(headings)


def test_posts_that_are_gone_are_not_in_the_index():
    posts = [replace(post, gone=True) for post in blog()]
    assert subject_index(posts).entries == ()


def test_an_abbreviation_points_to_its_full_name():
    text = "We treat complex regional pain syndrome (CRPS) here. The complex regional pain syndrome of a patient lasts."
    posts = [article(i, f"Complex regional pain syndrome {chr(97 + i)}", text) for i in range(1, 5)]
    assert entry(subject_index(posts), "CRPS").see == "Complex regional pain syndrome"


def test_a_preposition_makes_a_subheading():
    about = {
        "chronic pain": "We use ketamine for chronic pain. The chronic pain of a patient and the ketamine for chronic pain.",
        "depression": "We use ketamine for depression. The depression of a patient and the ketamine for depression.",
    }
    posts = [
        article(i, f"Ketamine for {subject}", text) for i, (subject, text) in enumerate([*about.items()] * 3, start=1)
    ]
    subheadings = [sub.heading for sub in entry(subject_index(posts), "Ketamine").subheadings]
    assert subheadings == ["for chronic pain", "for depression"]


def test_every_see_also_names_an_entry(index):
    headings = {found.heading for found in index.entries}
    assert all(other in headings for found in index.entries for other in found.see_also)


def test_the_form_holds_every_entry(index):
    form = index_form(index)
    assert [found["heading"] for found in form["entries"]] == [found.heading for found in index.entries]


HOSTILE = SubjectIndex(
    1,
    (
        Entry(
            "<b>\x1b[31mred",
            (
                Locator("javascript:alert(1)", "<script>x</script>", None),
                Locator("https://a.example/)(", "[a](b)", None),
            ),
        ),
    ),
)


def test_html_escapes_what_came_from_pages():
    page = "\n".join(index_html(HOSTILE))
    assert "<script>" not in page
    assert "<b>" not in page
    assert "javascript:" not in page


def test_markdown_escapes_what_came_from_pages():
    page = "\n".join(index_markdown(HOSTILE))
    assert "javascript:" not in page
    assert "[\\[a\\](b)](https://a.example/%29%28)" in page


def test_the_terminal_gets_no_codes_from_pages():
    assert "\x1b[31m" not in "\n".join(index_lines(HOSTILE, 80))


def view(label="Sleep", posts=3):
    members = tuple(Member(i, f"https://a.example/{i}", f"Post {i}", date(2019 + i, 5, 1), 0.5) for i in range(posts))
    return TopicView(Topic(7, label, "found", ("night", "rest")), members)


def test_the_list_shows_number_label_posts_and_newest():
    line = list(topic_lines([view()], 0, 100))[-1]
    assert "   7  " in line
    assert "Sleep" in line
    assert "2021-05" in line


def test_posts_without_topic_are_shown_as_other():
    assert "other" in list(topic_lines([view()], 4, 100))[-1]


def test_an_empty_list_is_no_error():
    assert list(topic_lines([], 0, 80)) == []


def test_topics_without_dates_have_no_bar():
    bare = replace(view(), members=(Member(1, "https://a.example/1", None, None, 1.0),))
    assert not set("".join(topic_lines([bare], 0, 100))) & set("▁▂▃▄▅▆▇█")


def test_the_bar_has_a_sign_a_year():
    assert years_bar({2020: 1, 2022: 8}, 2019, 2022) == " ▁ █"


def test_a_topic_lists_its_posts_with_their_share():
    lines = list(topic_posts_lines(view(), 80))
    assert "50 %" in lines[2]
    assert "https://a.example/0" in lines[3]
