from __future__ import annotations

from datetime import date

from indexer.stats import sum_up
from indexer.store.derived.topic_rows import Member, Topic, TopicView
from indexer.store.rows import PostFacts


def post(number, published, words=100, template=0, editorial=0, author="Kim"):
    return PostFacts(number, published, author, words, template, editorial)


def topic(number, label, *days):
    members = tuple(
        Member(i, f"https://x.example/{i}", "T", date.fromisoformat(day), 1.0) for i, day in enumerate(days)
    )
    return TopicView(Topic(number, label, "found", ()), members)


def test_months_years_and_authors_are_counted():
    found = sum_up([post(1, "2023-05-02"), post(2, "2023-05-30"), post(3, "2024-01-01", author=None), post(4, None)])
    assert found.months == {"2023-05": 2, "2024-01": 1}
    assert found.years["2023"][4] == 2
    assert found.authors == {"Kim": 3, "(no author)": 1}
    assert (found.posts, found.words, found.undated, found.mean_words) == (4, 400, 1, 100)


def test_shares_are_of_all_text_on_the_pages():
    found = sum_up([post(1, "2023-05-02", words=100, template=600, editorial=300)])
    assert (found.template_share, found.editorial_share) == (0.5, 0.25)


def test_no_posts_give_zeros():
    found = sum_up([])
    assert (found.posts, found.mean_words, found.template_share, found.years) == (0, 0, 0.0, {})


def test_a_topic_that_was_given_up_or_has_few_posts_is_a_gap():
    found = sum_up(
        [post(1, "2024-01-01")],
        [
            topic(1, "Pain", "2022-01-01", "2023-01-01", "2024-01-01"),
            topic(2, "Cost", "2020-01-01", "2020-02-01", "2021-01-01"),
            topic(3, "Sleep", "2024-01-01"),
        ],
    )
    assert [(t.label, t.gap) for t in found.topics] == [
        ("Pain", ""),
        ("Cost", "nothing since 2021"),
        ("Sleep", "few posts"),
    ]
