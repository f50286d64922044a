from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.crawling import discover
from scraper.discovery.found import Found
from scraper.model import Page, Task, TaskKind

SITE = "clinic.example"
HOME = "https://clinic.example/"


def fetched(
    task: Task, body: str | bytes, *, status: int = 200, final: str = "", headers: dict[str, str] | None = None
) -> Page:
    data = body.encode() if isinstance(body, str) else body
    given_headers = {"content-type": "text/html; charset=utf-8"} | (headers or {})
    return Page(SITE, task.url, final or task.url, status, tuple(given_headers.items()), data, datetime.now(UTC))


def read(task: Task, body: str | bytes, site: str = SITE, **more: object) -> Found:
    return discover.read(task, fetched(task, body, **more), site)  # type: ignore[arg-type]


def urls_of(found: Found, kind: TaskKind) -> list[str]:
    return [task.url for task in found.tasks if task.kind == kind]


START = Task(HOME, "listing", "start")
TEASERS = "".join(
    f"<article><h2><a href='/post-{n}/'>Title of post {n}</a></h2><p>Text</p></article>" for n in range(6)
)
POST = (
    "<body class='single single-post'><article><h1>A title of words</h1><time>2024-05-01</time><p>"
    + "Text of it. " * 60
    + "</p></article>"
)


def test_a_crawl_begins_with_robots_and_the_page_that_was_named() -> None:
    assert [(task.kind, task.url) for task in discover.seeds("https://Clinic.example/blog/")] == [
        ("robots", "https://clinic.example/robots.txt"),
        ("listing", "https://clinic.example/blog/"),
    ]


def test_a_start_page_leads_to_posts_feed_api_and_next_page() -> None:
    head = (
        "<link rel='alternate' type='application/atom+xml' href='/atom.xml'>"
        "<link rel='https://api.w.org/' href='/wp-json/'><link rel='sitemap' href='/map.xml'>"
    )
    found = read(START, f"<head>{head}</head><body>{TEASERS}<a class='next' href='/page/2/'>Older</a>")
    assert len(urls_of(found, "post")) == 6
    assert urls_of(found, "feed") == ["https://clinic.example/atom.xml"]
    assert urls_of(found, "sitemap") == ["https://clinic.example/map.xml"]
    assert len(urls_of(found, "rest")) == 1
    assert [(task.kind, task.url) for task in found.if_news] == [("listing", "https://clinic.example/page/2/")]


def test_a_start_page_without_a_feed_leads_to_the_likeliest_one() -> None:
    found = read(START, f"<head><meta name='generator' content='Hexo 6'></head><body>{TEASERS}")
    assert urls_of(found, "feed")[0] == "https://clinic.example/atom.xml"


def test_a_home_page_leads_to_its_blog() -> None:
    found = read(START, "<nav><a href='/our-blog/'>Blog</a><a href='/about/'>About</a></nav><h1>Welcome</h1>")
    assert urls_of(found, "listing") == ["https://clinic.example/our-blog/"]


def test_a_home_page_that_names_nothing_leads_everywhere() -> None:
    found = read(START, "<h1>Welcome</h1><a href='/jane/'>Jane</a><a href='/x.pdf'>x</a>")
    assert [task.url for task in found.tasks if task.source == "link"] == ["https://clinic.example/jane/"]


def test_a_page_on_the_way_that_is_no_post_leads_to_the_blog() -> None:
    task = Task("https://clinic.example/jane/", "post", "link", 1)
    found = read(task, "<h1>Jane</h1><a href='/blog/'>My blog</a>")
    assert urls_of(found, "listing") == ["https://clinic.example/blog/"]


def test_archives_are_asked_only_where_a_listing_has_no_next_page() -> None:
    archive = "<aside><a href='/2024/05/'>May</a></aside>"
    assert [task.source for task in read(START, TEASERS + archive).if_news] == ["archive"]
    paged = read(START, TEASERS + archive + "<a rel='next' href='/page/2/'>2</a>")
    assert [task.url for task in paged.if_news] == ["https://clinic.example/page/2/"]


def test_a_wordpress_listing_that_loads_more_is_asked_for_its_next_page() -> None:
    head = "<link rel='stylesheet' href='/wp-content/a.css'>"
    found = read(START, f"<head>{head}</head><body>{TEASERS}<a href='/2024/05/'>May</a>")
    assert [(task.url, task.source) for task in found.if_news] == [("https://clinic.example/page/2/", "listing-guess")]


def test_a_listing_in_a_folder_may_name_posts_outside_of_it() -> None:
    start = Task("https://clinic.example/blog/", "listing", "start")
    assert len(urls_of(read(start, TEASERS, site="clinic.example/blog"), "post")) == 6


def test_a_post_leads_to_its_neighbours_and_its_twins() -> None:
    task = Task("https://clinic.example/a-title-of-words/", "post", "listing", 1)
    head = "<head><link rel='alternate' hreflang='de' href='/de/ein-titel/'><title>A title of words</title></head>"
    found = read(task, head + POST + "<nav class='post-navigation'><a rel='prev' href='/before/'>Before</a></nav>")
    assert [(task.url, task.source) for task in found.tasks] == [
        ("https://clinic.example/before/", "link-beside"),
        ("https://clinic.example/de/ein-titel/", "hreflang"),
    ]


def test_relative_links_are_meant_from_where_a_redirect_ended_and_from_the_base_element() -> None:
    task = Task("https://clinic.example/old", "listing", "listing", 1)
    body = "<h2><a href='post-of-words'>A title of words</a></h2>"
    moved = read(task, body, final="https://clinic.example/new/")
    assert urls_of(moved, "post") == ["https://clinic.example/new/post-of-words"]
    based = read(task, "<head><base href='/other/'></head>" + body)
    assert urls_of(based, "post") == ["https://clinic.example/other/post-of-words"]


def test_links_to_other_hosts_and_ports_are_never_followed() -> None:
    hrefs = [
        "http://127.0.0.1:9/a",
        "https://clinic.example:9/a",
        "//evil.example/a",
        "file:///etc/passwd",
        "javascript:x",
    ]
    body = "".join(f"<h2><a href='{href}'>A title of words</a></h2><link rel='next' href='{href}'>" for href in hrefs)
    found = read(START, body)
    assert {task.url.split("/")[2] for task in (*found.tasks, *found.if_news)} <= {"clinic.example"}


def test_plain_links_of_a_secure_page_are_taken_as_secure() -> None:
    found = read(START, TEASERS.replace("'/post", "'http://clinic.example/post"))
    assert all(task.url.startswith("https://") for task in found.tasks)


def test_a_missing_robots_leads_to_the_usual_sitemaps() -> None:
    robots = discover.seeds(HOME)[0]
    assert discover.missed(robots, SITE, 404).tasks[0].url == "https://clinic.example/sitemap.xml"
    assert read(robots, "", status=404) == discover.missed(robots, SITE, 404)


def test_a_home_page_without_a_blog_leads_to_the_usual_folders_in_its_language() -> None:
    found = read(START, "<html lang='de-AT'><h1>Willkommen</h1><a href='/jane/'>Jane</a></html>")
    guessed = [task.url.removeprefix(HOME) for task in found.tasks if task.source == "blog-guess"]
    assert guessed == ["blog/", "news/", "articles/", "posts/", "aktuelles/", "neuigkeiten/"]


def test_a_missing_post_leads_nowhere() -> None:
    assert discover.missed(Task(HOME + "x/", "post", "sitemap"), SITE, 404) == Found()


def test_an_unchanged_page_leads_nowhere() -> None:
    assert read(START, "", status=304) == Found()


def test_every_source_has_a_name_for_a_person() -> None:
    names = {
        discover.label(source) for source in ("rest", "rest-guess", "sitemap-posts", "feed", "listing", "start", "link")
    }
    assert names == {"API", "sitemap", "feed", "listing", "link"}


def test_a_whole_wordpress_blog_is_found_through_its_api() -> None:
    task = next(
        found
        for found in read(START, "<head><link rel='https://api.w.org/' href='/wp-json/'></head>").tasks
        if found.kind == "rest"
    )
    data = json.dumps(
        [{"link": f"https://clinic.example/p-{n}/", "type": "post", "status": "publish"} for n in range(3)]
    )
    found = read(task, data, headers={"x-wp-totalpages": "2", "x-wp-total": "103"})
    assert (len(urls_of(found, "post")), len(found.if_news), found.total) == (3, 1, 103)


_kinds: list[TaskKind] = ["robots", "sitemap", "feed", "rest", "listing", "post", "recheck"]


@given(
    st.sampled_from(_kinds),
    st.binary(max_size=200),
    st.sampled_from([b"", b"<rss>", b"<urlset>", b"[", b"<html><a href='"]),
)
def test_garbage_never_raises(kind: TaskKind, garbage: bytes, head: bytes) -> None:
    for source in ("start", "sitemap-guess", "link"):
        read(Task(HOME, kind, source), head + garbage)


@pytest.mark.parametrize(("inside", "outside", "kept"), [(6, 2, 6), (0, 6, 6), (1, 6, 7)])
def test_a_listing_in_a_folder_names_its_own_posts_where_it_has_most(inside: int, outside: int, kept: int) -> None:
    paths = [f"/blog/a-post-of-ours-{n}/" for n in range(inside)] + [f"/a-text-elsewhere-{n}/" for n in range(outside)]
    shown = "".join(f"<article><h2><a href='{path}'>A headline of {path}</a></h2></article>" for path in paths)
    url = "https://clinic.example/blog/"
    page = Page("clinic.example/blog", url, url, 200, (), f"<body>{shown}</body>".encode(), datetime.now(UTC))
    found = discover.read(Task(url, "listing", "start"), page, "clinic.example/blog")
    assert sum(task.kind == "post" for task in found.tasks) == kept
