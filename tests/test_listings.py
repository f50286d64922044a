from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discovery import listings
from scraper.discovery.links import Link, links_of
from scraper.markup import parse

SITE = "clinic.example"
URL = "https://clinic.example/blog/"


def links(html: str, url: str = URL) -> list[Link]:
    return links_of(parse(html), url, SITE)


def teasers(html: str, url: str = URL) -> list[str]:
    return [address.removeprefix("https://clinic.example") for address in listings.teasers(links(html, url), url)]


def following(html: str, url: str = URL) -> list[str]:
    tree = parse(html)
    found = listings.following(tree, links_of(tree, url, SITE), url, SITE)
    return [address.removeprefix("https://clinic.example") for address in found]


MENU = "<header><nav><ul><li><a href='/about/'>About our clinic here</a></li><li><a href='/x/'>What we do</a></li></ul></nav></header>"


def test_headlines_that_are_links_are_posts_and_menus_are_not() -> None:
    html = (
        MENU
        + "<article><h2><a href='/first-visit/'>First visit</a></h2><p>Text <a href='/first-visit/'>Read more</a></p></article>"
    )
    assert teasers(html) == ["/first-visit/"]


def test_a_plain_list_of_dated_titles_is_a_list_of_posts() -> None:
    html = "<ul>" + "".join(f"<li>2024-05-0{n} <a href='/p{n}/'>Title</a></li>" for n in range(1, 5)) + "</ul>"
    assert teasers(html) == ["/p1/", "/p2/", "/p3/", "/p4/"]


def test_bare_titles_in_paragraphs_are_a_list_of_posts() -> None:
    html = "".join(f"<p><b><a href='/p{n}.html'>A title of words</a></b><br>Beginning.</p>" for n in range(8))
    assert len(teasers(html)) == 8


def test_cards_that_are_links_as_a_whole_are_posts() -> None:
    html = "".join(
        f"<div class='card'><a href='/blog/p{n}'><img alt=''><h3>Title</h3><p>May 3, 2024</p></a></div>"
        for n in range(3)
    )
    assert teasers(html) == ["/blog/p0", "/blog/p1", "/blog/p2"]


def test_titles_without_spaces_count_as_words() -> None:
    html = "<div>" + "".join(f"<p><a href='/t{n}'>治疗疼痛的新方法第{n}篇</a></p>" for n in range(6)) + "</div>"
    assert len(teasers(html)) == 6


def test_archives_feeds_replies_and_page_numbers_are_no_posts() -> None:
    hrefs = [
        "/tag/pain/",
        "/author/jane/",
        "/2024/05/",
        "/first/?replytocom=3",
        "/first/feed/",
        "/blog/page/2/",
        "/a.pdf",
    ]
    assert teasers("".join(f"<h2><a href='{href}'>A title of words</a></h2>" for href in hrefs)) == []


def test_links_in_comments_and_footers_are_no_posts() -> None:
    html = (
        "<div class='comments'><h3><a href='/a-b-c/'>One two three</a></h3></div>"
        "<footer><h3><a href='/d-e-f/'>One two three</a></h3></footer>"
    )
    assert teasers(html) == []


def test_a_wrapper_named_like_a_menu_does_not_hide_the_page() -> None:
    posts = "".join(f"<article><h2><a href='/post-number-{n}/'>A post</a></h2></article>" for n in range(25))
    assert len(teasers(f"<div class='menu'>{posts}</div>")) == 25


def test_the_next_page_is_the_one_that_says_so() -> None:
    assert following("<head><link rel='next' href='/blog/page/2/'></head>") == ["/blog/page/2/"]
    assert following("<a rel='next' href='?page=2'>2</a>") == ["/blog/?page=2"]


def test_the_next_number_is_taken_not_the_last() -> None:
    html = "".join(f"<a class='page-numbers' href='/blog/page/{n}/'>{n}</a>" for n in (1, 2, 4, 5, 17))
    assert following(html, "https://clinic.example/blog/page/3/") == ["/blog/page/4/"]


def test_bare_numbers_below_the_listing_are_its_pages() -> None:
    assert following("<div class='pagination'><a href='/blog/2/'>2</a><a href='/blog/3/'>3</a></div>") == ["/blog/2/"]
    assert following("<a href='/blog/3/'>Older</a>", "https://clinic.example/blog/2/") == ["/blog/3/"]


def test_older_posts_are_found_by_their_words_in_many_languages() -> None:
    for text in (
        "Older Posts",
        "Ältere Beiträge",
        "Entradas antiguas",
        "Articles plus anciens",
        "下一页",
        "Следующая",
        "Next »",
    ):
        assert following(f"<div class='pager'><a href='/blog/?start=20'>{text}</a></div>"), text


def test_bloggers_older_posts_are_found() -> None:
    href = "/search?updated-max=2024-05-01T00:00:00Z&amp;max-results=7"
    assert following(f"<a class='blog-pager-older-link' href='{href}'>Older</a>")[0].startswith("/search?updated-max=")


def test_a_listing_is_never_its_own_next_page() -> None:
    assert following("<a class='next' href='/blog'>Next</a><link rel='next' href='/blog/'>") == []


def test_pages_of_another_listing_are_not_followed() -> None:
    assert following("<a href='/tag/pain/page/2/'>2</a>") == []


def test_monthly_archives_go_before_categories() -> None:
    html = "<a href='/category/pain/'>Pain</a><a href='/2024/05/'>May</a><a href='/2024/04/'>April</a>"
    assert listings.archives(links(html)) == ["https://clinic.example/2024/05/", "https://clinic.example/2024/04/"]
    assert listings.archives(links("<a href='/category/pain/'>Pain</a>")) == ["https://clinic.example/category/pain/"]


def test_a_home_page_names_its_blog_by_address_or_by_word() -> None:
    home = "https://clinic.example/"
    html = "<nav><a href='/blog/'>Read</a><a href='/gedanken/'>Aktuelles</a><a href='/about/'>About</a></nav>"
    found = listings.blog_pages(links(html, home), home)
    assert found == ["https://clinic.example/blog/", "https://clinic.example/gedanken/"]


def test_feeds_of_comments_are_left_out() -> None:
    html = (
        "<head><link rel='alternate' type='application/rss+xml' href='/feed/'>"
        "<link rel='alternate' type='application/rss+xml' href='/comments/feed/'>"
        "<link rel='alternate' type='application/json' href='/wp-json/wp/v2/pages/1'></head>"
    )
    assert [task.url for task in listings.feed_tasks(parse(html), URL, SITE)] == ["https://clinic.example/feed/"]


def test_the_api_is_named_in_the_head_or_the_header() -> None:
    head = parse("<head><link rel='https://api.w.org/' href='https://clinic.example/wp-json/'></head>")
    assert listings.rest_tasks(head, "", URL, SITE)[0].source == "rest"
    header = '<https://clinic.example/wp-json/>; rel="https://api.w.org/"'
    assert listings.rest_tasks(parse(""), header, URL, SITE)[0].source == "rest"
    assert listings.rest_tasks(parse("<html></html>"), "", URL, SITE) == ()


def test_wordpress_without_a_named_api_is_asked_below_its_folder() -> None:
    tree = parse("<head><link rel='stylesheet' href='/blog/wp-content/themes/x/style.css'></head>")
    (task,) = listings.rest_tasks(tree, "", "https://clinic.example/", SITE)
    assert task.url.startswith("https://clinic.example/blog/wp-json/wp/v2/posts?")
    assert task.source == "rest-guess"


def test_a_post_leads_to_the_posts_beside_it_and_to_related_ones() -> None:
    html = (
        MENU + "<article><h1>This</h1><p>Text <a href='/service/'>our service</a></p></article>"
        "<nav class='post-navigation'><a rel='prev' href='/older-one/'>Older one</a></nav>"
        "<div class='related'><h4><a href='/similar-one/'>Similar one</a></h4></div>"
    )
    found = listings.linked_posts(links(html, "https://clinic.example/this/"), "https://clinic.example/this/")
    assert found == ["https://clinic.example/older-one/", "https://clinic.example/similar-one/"]


def test_links_in_its_text_to_its_own_folder_are_followed() -> None:
    html = "<p>As I wrote in <a href='/blog/another/'>another post</a>.</p><footer><a href='/blog/x/'>X</a></footer>"
    url = "https://clinic.example/blog/this/"
    assert listings.linked_posts(links(html, url), url) == ["https://clinic.example/blog/another/"]


def test_links_in_its_text_beside_it_at_the_root_are_followed_where_they_read_like_a_title() -> None:
    html = "<p><a href='/what-we-saw/'>What we saw</a> at <a href='/service/'>our service</a>.</p>"
    url = "https://clinic.example/this-post/"
    assert listings.linked_posts(links(html, url), url) == ["https://clinic.example/what-we-saw/"]


_html = st.lists(
    st.sampled_from(
        ["<a href='", "/blog/page/2", "//", "'>", "</a>", "<h2>", "<li>", "<article class='post'>", "<nav>", "</nav>", "\x00",
         "<time>", "next", "2024-05-01", "<link rel=next href=", "http://[::1", "?p=1", "<base href='x:'>", "&#0;", "é"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(_html)
def test_any_markup_is_read_without_an_error(html: str) -> None:
    tree = parse(html)
    found = links_of(tree, URL, SITE)
    listings.teasers(found, URL)
    listings.linked_posts(found, URL)
    listings.following(tree, found, URL, SITE)
    listings.blog_pages(found, URL)
    listings.twins(tree, URL, SITE)


@pytest.mark.parametrize(
    ("link", "blog"),
    [
        ("<a href='https://blog.clinic.example/'>Read on</a>", "https://blog.clinic.example/"),
        ("<a href='https://journal.example/'>Our blog</a>", "https://journal.example/"),
        ("<a href='https://shop.clinic.example/'>Shop</a><a href='/blog/'>Blog</a>", None),
        ("<a href='https://news.example/'>The paper on us, in a long story</a>", None),
    ],
)
def test_a_blog_on_another_host_is_seen(link: str, blog: str | None) -> None:
    tree = parse(f"<html><body>{link}</body></html>".encode(), "text/html")
    assert listings.blog_elsewhere(tree, "https://clinic.example/", "clinic.example") == blog
