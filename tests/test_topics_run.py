from __future__ import annotations

import json

import pytest
from topic_helpers import THEMES, add, article, blog, library, topics_of

from indexer.store.derived.topics import Topics
from indexer.topics.curated import Curated, CuratedTopic, TopicsFileError, parse_curated, read_curated, with_rename
from indexer.topics.run import UnknownTopicError, find_topic, merge, rename, topics_form, update_topics


@pytest.fixture
def store(tmp_path):
    opened = library(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def grouped(store):
    add(store, blog())
    update_topics(Topics(store), store.articles)
    return store


def curated(*topics, **more):
    return Curated(topics, **more)


def test_an_empty_library_has_no_topics(store):
    report = update_topics(Topics(store), store.articles)
    assert (report.topics, report.posts, report.refitted) == (0, 0, False)


def test_one_post_has_no_topic_and_is_counted_as_other(store):
    add(store, blog(1))
    report = update_topics(Topics(store), store.articles)
    assert (report.topics, report.other) == (0, 1)


def test_the_first_update_finds_the_themes(grouped):
    assert set(THEMES) <= set(topics_of(grouped))


def test_an_update_without_news_changes_nothing(grouped):
    report = update_topics(Topics(grouped), grouped.articles)
    assert (report.placed, report.refitted, report.changed) == (0, False, frozenset())


def test_a_few_new_posts_are_placed_and_the_others_stay(grouped):
    before = topics_of(grouped)
    add(grouped, blog(44)[40:])
    report = update_topics(Topics(grouped), grouped.articles)
    after = topics_of(grouped)
    new = {one.url for one in blog(44)[40:]}
    assert not report.refitted
    assert report.placed == 4
    assert {label: urls - new for label, urls in after.items()} == before
    assert set.union(*after.values()) >= new


def test_many_new_posts_lead_to_a_refit_that_keeps_labels(grouped):
    add(grouped, blog(60)[40:])
    report = update_topics(Topics(grouped), grouped.articles)
    assert report.refitted
    assert set(THEMES) <= set(topics_of(grouped))


def test_the_report_names_the_articles_whose_topics_changed(grouped):
    add(grouped, blog(41)[40:])
    report = update_topics(Topics(grouped), grouped.articles)
    assert report.changed == {grouped.articles.find(blog(41)[40].url)[0]}


def test_the_same_posts_give_the_same_json(tmp_path):
    forms = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        opened = library(tmp_path / name)
        add(opened, blog())
        update_topics(Topics(opened), opened.articles)
        forms.append(json.dumps(topics_form(Topics(opened).views())))
        opened.close()
    assert forms[0] == forms[1]


def test_the_form_has_the_promised_fields(grouped):
    form = topics_form(Topics(grouped).views())
    assert form[0].keys() >= {"id", "label", "terms", "posts", "source", "urls"}
    assert all(topic["posts"] == len(topic["urls"]) for topic in form)


def test_topics_with_few_posts_can_be_left_out(grouped):
    assert all(topic["posts"] >= 11 for topic in topics_form(Topics(grouped).views(), least=11))


def test_a_curated_topic_holds_the_posts_with_its_phrases(grouped):
    own = CuratedTopic("Night rest", ("melatonin",), ())
    update_topics(Topics(grouped), grouped.articles, curated(own))
    with_it = {one.url for one in blog() if "melatonin" in one.text}
    assert topics_of(grouped)["Night rest"] == with_it


def test_a_curated_topic_leaves_out_what_it_excludes(grouped):
    own = CuratedTopic("Night rest", ("melatonin",), ("caffeine",))
    update_topics(Topics(grouped), grouped.articles, curated(own))
    expected = {one.url for one in blog() if "melatonin" in one.text and "caffeine" not in one.text}
    assert topics_of(grouped).get("Night rest", set()) == expected


def test_a_curated_topic_takes_the_place_of_the_found_one_that_it_covers(grouped):
    update_topics(Topics(grouped), grouped.articles, curated(CuratedTopic("Sleeping well", ("sleep hygiene",))))
    labels = set(topics_of(grouped))
    assert "Sleeping well" in labels
    assert "Sleep hygiene" not in labels


def test_a_curated_topic_stands_first_in_its_posts(grouped):
    update_topics(Topics(grouped), grouped.articles, curated(CuratedTopic("Paperwork", ("deductible", "pillow"))))
    for found in grouped.articles.iterate():
        if "Paperwork" in found.topics:
            assert found.topics[0] == "Paperwork"


def test_a_curated_topic_keeps_its_id_when_posts_come(grouped):
    own = curated(CuratedTopic("Night rest", ("melatonin",)))
    update_topics(Topics(grouped), grouped.articles, own)
    before = find_topic(Topics(grouped).views(), "night rest").topic.id
    add(grouped, blog(60)[40:])
    update_topics(Topics(grouped), grouped.articles, own)
    assert find_topic(Topics(grouped).views(), "night rest").topic.id == before


def test_a_new_name_is_kept_across_updates_and_refits(grouped, tmp_path):
    file = tmp_path / "topics.toml"
    number = find_topic(Topics(grouped).views(), "sleep hygiene").topic.id
    rename(Topics(grouped), file, number, "Good nights")
    add(grouped, blog(60)[40:])
    update_topics(Topics(grouped), grouped.articles, read_curated(file))
    assert find_topic(Topics(grouped).views(), str(number)).topic.label == "Good nights"


def test_merged_topics_are_one_across_updates(grouped, tmp_path):
    file = tmp_path / "topics.toml"
    before = topics_of(grouped)
    views = Topics(grouped).views()
    pain, sleep = (find_topic(views, name).topic.id for name in ("chronic pain", "sleep hygiene"))
    merge(Topics(grouped), file, pain, sleep)
    update_topics(Topics(grouped), grouped.articles, read_curated(file))
    after = topics_of(grouped)
    assert "Sleep hygiene" not in after
    assert after["Chronic pain"] >= before["Chronic pain"] | before["Sleep hygiene"]


def test_a_topic_that_does_not_exist_can_not_be_renamed(grouped, tmp_path):
    with pytest.raises(UnknownTopicError):
        rename(Topics(grouped), tmp_path / "topics.toml", 999, "Nothing")
    assert not (tmp_path / "topics.toml").exists()


def test_a_topic_is_found_by_the_beginning_of_a_word_of_its_name(grouped):
    assert find_topic(Topics(grouped).views(), "insur").topic.label == "Insurance claims"


def test_what_people_wrote_in_the_file_stays():
    written = '# ours\n[[topic]]\nname = "A"  # first\n\n[rename]\n3 = "Old"\n\n[merge]\n9 = 2\n'
    changed = with_rename(with_rename(written, 3, 'New "x"'), 4, "Other")
    assert changed == written.replace('3 = "Old"', '3 = "New \\"x\\""\n4 = "Other"')
    assert parse_curated(changed).renamed == {3: 'New "x"', 4: "Other"}


@pytest.mark.parametrize(
    "text", ["[[topic]]\n", "[topic]\nname='x'", "[[topic]]\nname='x'\nphrase=['y']", "[rename]\nx=1", "="]
)
def test_a_file_that_says_something_else_is_refused(text):
    with pytest.raises(TopicsFileError):
        parse_curated(text)


def test_posts_that_are_gone_leave_their_topics(grouped):
    page_id = grouped.articles.find(blog()[0].url)[0]
    grouped.connection.execute("UPDATE page SET gone_at = '2026-01-01' WHERE id = ?", (page_id,))
    update_topics(Topics(grouped), grouped.articles)
    assert blog()[0].url not in set.union(*topics_of(grouped).values())


def test_an_article_that_changed_is_placed_anew(grouped):
    add(grouped, [article(1, "Insurance claims today", blog()[2].text)])
    report = update_topics(Topics(grouped), grouped.articles)
    assert report.placed == 1
    assert blog()[0].url in topics_of(grouped)["Insurance claims"]
