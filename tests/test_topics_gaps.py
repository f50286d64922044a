from __future__ import annotations

import json
from datetime import date

import pytest
from commandline import blogdex
from topic_helpers import article

from indexer.store.derived.topic_rows import Member, Topic, TopicView
from indexer.topics.shown.compare import compare
from indexer.topics.shown.gaps import given_up, open_questions


def view(number: int, label: str, *years: int, start: int = 0) -> TopicView:
    posts = [
        Member(start + i, f"https://a.example/{start + i}", None, date(year, 1, 2), 1.0) for i, year in enumerate(years)
    ]
    return TopicView(Topic(number, label, "found"), tuple(posts))


def test_a_topic_without_a_post_for_years_was_given_up():
    views = [view(1, "Kept", 2019, 2025), view(2, "Old", 2018, 2020), view(3, "Older", 2017), view(4, "Recent", 2023)]
    assert [(topic.label, topic.newest) for topic in given_up(views)] == [("Older", 2017), ("Old", 2020)]
    assert [topic.label for topic in given_up(views, years=2)] == ["Older", "Old", "Recent"]


def test_topics_without_dates_were_not_given_up():
    undated = TopicView(Topic(1, "Undated", "found"), (Member(1, "https://a.example/1", None, None, 1.0),))
    assert given_up([undated, view(2, "Dated", 2025)]) == []


ASKED = "We walked home. How long does a ferry ticket stay valid? Nobody knew."
AGAIN = "It rained. How long is a ferry ticket valid? I asked twice."


def test_a_question_of_two_posts_that_no_title_takes_up_is_open():
    found = open_questions([article(1, "Walking", ASKED), article(2, "Rain", AGAIN), article(3, "Bread", "We baked.")])
    assert [(question.text, len(question.urls)) for question in found] == [("How long is a ferry ticket valid?", 2)]


@pytest.mark.parametrize("answer", ["How long a ferry ticket is valid", "Ferry tickets: how long they are valid"])
def test_a_question_that_a_title_takes_up_is_answered(answer):
    posts = [article(1, "Walking", ASKED), article(2, "Rain", AGAIN), article(3, answer, "Two hours.")]
    assert open_questions(posts) == []


def test_a_question_that_a_heading_takes_up_is_answered():
    posts = [article(1, "Walking", ASKED), article(2, "Rain", f"{AGAIN}\n\n## Is the ferry ticket valid long?\n\nYes.")]
    assert open_questions(posts) == []


def test_a_question_of_one_post_or_for_effect_is_none():
    effect = "Ready for the ferry ticket? Sound like a good ferry ticket to you?"
    assert open_questions([article(1, "Walking", ASKED), article(2, "Rain", effect), article(3, "Sun", effect)]) == []


def test_topics_of_two_blogs_stand_side_by_side():
    one = [view(1, "Bread", 2020, 2021, 2022), view(2, "Soup", 2020, start=10)]
    other = [view(2, "Soup", 2020, start=20), view(3, "Cake", 2021, 2022, start=30)]
    found = compare(one, other)
    assert [(topic.label, topic.posts, topic.other_posts) for topic in found] == [
        ("Cake", 0, 2),
        ("Soup", 1, 1),
        ("Bread", 3, 0),
    ]
    assert found[1].share == 0.25
    assert found[1].other_share == pytest.approx(1 / 3)


@pytest.fixture(scope="module")
def two_blogs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gaps")
    rows = [
        {
            "url": f"https://{host}.example/{i}",
            "title": f"{subject} {i}",
            "text": f"All about {subject} number {i}.",
            "published": "2020-01-02",
        }
        for host, subject in (("one", "bread"), ("two", "soup"))
        for i in range(3)
    ]
    source = folder / "posts.jsonl"
    source.write_text("\n".join(map(json.dumps, rows)))
    library = folder / "library"
    assert blogdex("import", str(source), library=library).returncode == 0
    blogdex("search", "ferries", library=library)
    return library


def test_gaps_have_what_was_searched_for_in_vain(two_blogs):
    found = json.loads(blogdex("topics", "--gaps", "--json", library=two_blogs).stdout)
    assert [(search["query"], search["times"]) for search in found["searches"]] == [("ferries", 1)]
    assert "search\tferries\t1" in blogdex("topics", "--gaps", library=two_blogs).stdout


def test_the_other_blog_of_two_is_meant_where_none_is_named(two_blogs):
    assert blogdex("topics", "--compare", "two.example", "--json", library=two_blogs).returncode == 0


def test_a_blog_is_not_compared_with_itself_or_with_an_unknown_one(two_blogs):
    own = blogdex("--site", "two.example", "topics", "--compare", "two.example", library=two_blogs)
    assert (own.returncode, "no other blog" in own.stderr) == (2, True)
    assert blogdex("topics", "--compare", "three.example", library=two_blogs).returncode == 2


def test_years_are_for_gaps(two_blogs):
    assert blogdex("topics", "--years", "2", library=two_blogs).returncode == 2
