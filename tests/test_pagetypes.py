from __future__ import annotations

import pytest

from scraper.judgement import posts
from scraper.judgement.pagetypes import PageType, page_type
from scraper.markup import parse

URL = "https://clinic.example/a-title-of-words/"
ARTICLE = (
    "<meta property='og:type' content='article'><meta property='article:published_time' content='2024-05-01'>"
    '<script type="application/ld+json">{"@type":"Article","datePublished":"2024-05-01"}</script>'
)
MAIN = f"<main><h1>A title of words</h1><p>{'Some words of a page that go on for a while. ' * 12}</p></main>"


def type_of(classes: str = "", main: str = "", head: str = "") -> PageType:
    return page_type(parse(f"<html><head>{head}</head><body class='{classes}'>{main}</body></html>"))


@pytest.mark.parametrize(
    ("classes", "template", "name"),
    [
        ("single single-post postid-7 single-format-standard", "post", "post"),
        ("wp-singular services-template-default single single-services postid-7", "custom", "services"),
        ("single single-our-team", "custom", "our-team"),
        ("single single-column single-format-quote", "post", "post"),
        ("page-template page-template-landing page page-id-9 type-blog", "page", "page"),
        ("page-node page-node-4 node-type-service", "custom", "service"),
        ("path-node page-node-type-blog-post", "post", "post"),
        ("collection-type-blog-basic-grid collection-layout-default view-item", "post", "post"),
        ("collection-type-blog-basic-grid view-list", "listing", ""),
        ("collection-type-products view-item", "page", "products"),
        ("site com_content view-category layout-blog", "listing", ""),
        ("site com_content view-article layout-blog", "", ""),
        ("hs-content-id-1 hs-site-page page", "page", "page"),
        ("hs-content-id-1 hs-blog-post hs-blog-id-2", "post", "post"),
        ("template-product", "page", "page"),
        ("template-article", "post", "post"),
        ("post-template tag-pain", "post", "post"),
    ],
)
def test_the_body_says_which_type_a_page_is(classes: str, template: str, name: str) -> None:
    assert type_of(classes) == (template, name)


def test_the_link_to_the_api_says_the_type_whatever_the_classes_say() -> None:
    for kind, template in (("posts", "post"), ("pages", "page"), ("team", "custom"), ("categories", "listing")):
        link = f"<link rel='alternate' type='application/json' href='https://clinic.example/wp-json/wp/v2/{kind}/42'>"
        assert type_of("single", head=link).template == template


def test_the_one_entry_of_a_page_says_its_type() -> None:
    entry = "<article id='post-7' class='post-7 {0} type-{0} status-publish hentry'>{1}</article>"
    assert type_of(main=entry.format("service", MAIN)) == ("custom", "service")
    assert type_of(main=entry.format("post", MAIN)) == ("post", "post")
    assert type_of(main=entry.format("post", MAIN) + entry.format("page", MAIN)) == ("", "")


def test_a_node_shown_in_full_says_its_type() -> None:
    node = "<article class='node node--type-{} node--view-mode-{}'>x</article>"
    assert type_of(main=node.format("landing-page", "full") + node.format("article", "teaser")).template == "page"


@pytest.mark.parametrize(
    "classes",
    [
        "page-template-default page page-id-7",
        "single single-services postid-7",
        "single single-team-member postid-7",
        "single single-product postid-7",
        "single single-tribe_events postid-7",
        "page-node node-type-page",
        "collection-type-portfolio view-item",
        "hs-site-page",
    ],
)
def test_structured_data_makes_no_post_of_what_its_system_calls_something_else(classes: str) -> None:
    html = f"<html><head><title>A title of words</title>{ARTICLE}</head><body class='{classes}'>{MAIN}</body></html>"
    for evidence in (("sitemap",), ("link",), ("import",)):
        assert not posts.judge(posts.signs(parse(html), URL), URL, evidence).is_post, evidence


def test_a_listed_and_dated_entry_of_a_type_of_its_own_is_a_post() -> None:
    body = MAIN.replace("</h1>", "</h1><time datetime='2024-05-01'>May 1, 2024</time>")
    for name in ("news", "articles", "resources", "guide"):
        html = f"<html><head><title>A title of words</title></head><body class='single single-{name} postid-7'>{body}"
        assert posts.judge(posts.signs(parse(html), URL), URL, ("listing",)).is_post, name
