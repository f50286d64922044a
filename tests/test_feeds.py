from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discovery import feeds
from scraper.discovery.found import Found
from scraper.model import Task

SITE = "clinic.example"
URL = "https://clinic.example/feed/"
LONG = "<p>A paragraph of the post.</p>" * 60


def read(body: str | bytes, url: str = URL, site: str = SITE, source: str = "feed") -> Found:
    data = body.encode() if isinstance(body, str) else body
    return feeds.read_feed(data, Task(url, "feed", source, 1), url, site)


def rss(*items: str, channel: str = "") -> str:
    entries = "".join(f"<item>{item}</item>" for item in items)
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">'
        f"<channel><title>Blog</title>{channel}{entries}</channel></rss>"
    )


def test_rss_gives_body_and_metadata() -> None:
    item = (
        "<title>First &amp;amp; last</title><link>https://clinic.example/a/</link><dc:creator>Jane Doe</dc:creator>"
        "<pubDate>Wed, 01 May 2024 23:30:00 -0600</pubDate><category>Pain</category><category><![CDATA[Cost]]></category>"
        "<description>Short.</description><content:encoded><![CDATA[<p>The whole post.</p>]]></content:encoded>"
    )
    (task,) = read(rss(item, channel="<language>en-US</language>")).tasks
    assert (task.url, task.kind, task.source, task.reference_body) == (
        "https://clinic.example/a/", "post", "feed", "<p>The whole post.</p>",
    )  # fmt: skip
    stated = task.stated
    assert stated is not None
    assert (stated.title, stated.author, stated.published, stated.language, stated.categories) == (
        "First & last", "Jane Doe", date(2024, 5, 1), "en-US", ("Pain", "Cost"),
    )  # fmt: skip
    assert task.lastmod is None


def test_atom_gives_body_metadata_and_lastmod() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><entry><title type="html">Ein &amp;lt;Titel</title>
    <link rel="edit" href="https://clinic.example/edit"/><link rel="alternate" type="text/html" href="/a.html"/>
    <author><name>Eva</name></author><published>2024-05-01T10:00:00Z</published><updated>2024-06-01T12:00:00+02:00</updated>
    <category term="Schmerz"/><content type="html">&lt;p&gt;Ganz.&lt;/p&gt;</content></entry></feed>"""
    (task,) = read(body).tasks
    assert (task.url, task.reference_body, task.lastmod) == (
        "https://clinic.example/a.html",
        "<p>Ganz.</p>",
        "2024-06-01T10:00:00Z",
    )
    assert task.stated is not None
    assert (task.stated.author, task.stated.modified, task.stated.language) == ("Eva", date(2024, 6, 1), "de")
    assert task.stated.categories == ("Schmerz",)


def test_an_xhtml_body_is_kept_as_markup() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/a"/><content type="xhtml">
    <div xmlns="http://www.w3.org/1999/xhtml"><p>One <b>two</b>.</p></div></content></entry></feed>"""
    (task,) = read(body).tasks
    assert task.reference_body is not None
    assert "<p>One <b>two</b>.</p>" in task.reference_body


def test_json_feed_gives_body_and_metadata() -> None:
    item = {"id": "1", "url": "https://clinic.example/a", "title": "A", "content_html": "<p>Whole.</p>",
            "date_published": "2024-05-01T10:00:00Z", "authors": [{"name": "Jane"}], "tags": ["Pain"]}  # fmt: skip
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [item], "next_url": "/feed.json?page=2"})
    found = read(body)
    assert found.tasks[0].reference_body == "<p>Whole.</p>"
    assert found.tasks[0].stated is not None
    assert found.tasks[0].stated.author == "Jane"
    assert [task.url for task in found.if_news] == ["https://clinic.example/feed.json?page=2"]


def test_a_summary_is_no_reference_body() -> None:
    short = "<link>/a</link><description>Only the beginning of it.</description>"
    cut = "<link>/b</link><content:encoded><![CDATA[<p>It begins and then [&#8230;]</p>]]></content:encoded>"
    assert [task.reference_body for task in read(rss(short, cut)).tasks] == [None, None]


def test_a_long_description_with_paragraphs_is_a_reference_body() -> None:
    (task,) = read(rss(f"<link>/a</link><description><![CDATA[{LONG}]]></description>")).tasks
    assert task.reference_body == LONG


def test_wordpress_credit_line_is_no_part_of_the_body() -> None:
    credit = '<p>The post <a href="https://clinic.example/a/">A</a> appeared first on <a href="https://clinic.example">B</a>.</p>'
    item = f"<link>/a/</link><content:encoded><![CDATA[<p>Whole.</p>{credit}]]></content:encoded>"
    assert read(rss(item)).tasks[0].reference_body == "<p>Whole.</p>"


def test_a_last_paragraph_with_other_links_stays() -> None:
    last = '<p>See <a href="https://clinic.example/b/">our other post</a>.</p>'
    item = f"<link>/a/</link><content:encoded><![CDATA[<p>Whole.</p>{last}]]></content:encoded>"
    assert read(rss(item)).tasks[0].reference_body == f"<p>Whole.</p>{last}"


def test_the_original_link_goes_before_a_counting_one() -> None:
    item = (
        '<link>https://clinic.example/r/count/1</link><feedburner:origLink xmlns:feedburner="http://f.example/">'
        "https://clinic.example/a/</feedburner:origLink>"
    )
    assert read(rss(item)).tasks[0].url == "https://clinic.example/a/"


def test_a_guid_serves_where_there_is_no_link() -> None:
    assert read(rss("<guid>https://clinic.example/a/</guid>")).tasks[0].url == "https://clinic.example/a/"
    assert read(rss('<guid isPermaLink="false">https://clinic.example/?p=1</guid>')).tasks == ()


def test_a_feed_of_comments_names_nothing() -> None:
    items = [f"<link>https://clinic.example/a/#comment-{number}</link>" for number in range(3)]
    assert read(rss(*items)) == Found()


def test_posts_on_other_hosts_are_left_out() -> None:
    assert read(rss("<link>https://other.example/a/</link>")).tasks == ()


def test_wordpress_feeds_go_on_by_page() -> None:
    generator = "<generator>https://wordpress.org/?v=6.5</generator>"
    item = "<link>/a/</link>"
    assert read(rss(item, channel=generator)).if_news[0].url == "https://clinic.example/feed/?paged=2"
    second = read(rss(item, channel=generator), "https://clinic.example/feed/?paged=2")
    assert second.if_news[0].url == "https://clinic.example/feed/?paged=3"


def test_a_stated_next_page_is_followed() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="/feeds/posts/default?start-index=26"/>
    <entry><link rel="alternate" href="/a.html"/></entry></feed>"""
    assert read(body).if_news[0].url == "https://clinic.example/feeds/posts/default?start-index=26"


def test_other_feeds_have_no_next_page() -> None:
    assert read(rss("<link>/a/</link>", channel="<generator>Hugo</generator>")).if_news == ()


def test_the_blogs_own_feed_may_name_posts_outside_its_folder() -> None:
    body = rss("<link>https://clinic.example/a/</link>")
    assert len(read(body, "https://clinic.example/blog/feed/", "clinic.example/blog").tasks) == 1
    assert read(body, "https://clinic.example/feed/", "clinic.example/blog").tasks == ()


@pytest.mark.parametrize(
    ("generator", "place"),
    [
        ("Hugo 0.1", "blog/index.xml"),
        ("Wix.com Website Builder", "blog-feed.xml"),
        ("Squarespace", "blog/?format=rss"),
        ("Joomla! - Open Source Content Management", "blog/?format=feed&type=rss"),
        ("Drupal 10", "blog/rss.xml"),
        ("Ghost 5.2", "blog/rss/"),
    ],
)
def test_a_system_has_its_feed_at_its_usual_place(generator: str, place: str) -> None:
    task = feeds.guesses("https://clinic.example/blog/", "clinic.example/blog", generator)[0]
    assert (task.url, task.source) == (f"https://clinic.example/{place}", "feed")


def test_usual_places_are_guesses_where_no_system_is_known() -> None:
    tasks = feeds.guesses("https://clinic.example/", SITE, "")
    assert [task.url for task in tasks][:2] == ["https://clinic.example/feed/", "https://clinic.example/rss.xml"]
    assert {task.source for task in tasks} == {"feed-guess"}


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"<rss><channel>", b"<feed>", b'{"items":', b"<rdf:RDF>", b"<item>"])
)
def test_garbage_never_raises(garbage: bytes, head: bytes) -> None:
    read(head + garbage)


_values = st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3))


@given(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("url", "id", "title", "authors", "tags", "content_html"), _values)
    )
)
def test_a_json_feed_of_wrong_types_never_raises(item: dict[str, object]) -> None:
    read(json.dumps({"items": [item, None, 3]}))
