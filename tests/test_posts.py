from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scraper.judgement import posts
from scraper.judgement.posts import Verdict
from scraper.markup import parse

TEXT = "<p>" + "Some words of a post that go on for a while. " * 12 + "</p>"
URL = "https://clinic.example/a-title-of-words/"


def judge(html: str, *evidence: str, url: str = URL) -> Verdict:
    return posts.judge(posts.signs(parse(html), url), url, evidence)


def page(head: str = "", body: str = "", classes: str = "") -> str:
    return (
        f"<html><head><title>A title of words | Clinic</title>{head}</head><body class='{classes}'>{body}</body></html>"
    )


DATED = f"<article><h1>A title of words</h1><time datetime='2024-05-01'>May 1</time>{TEXT}</article>"
PLAIN = f"<main><h1>A title of words</h1>{TEXT}</main>"
TEASERS = "".join(
    f"<article><h2><a href='/post-{n}/'>Title of post {n}</a></h2><time>2024</time><p>It begins like this.</p></article>"
    for n in range(6)
)


def test_a_dated_article_is_a_post_without_any_evidence() -> None:
    assert judge(page(body=DATED)).is_post


def test_a_theme_that_marks_a_post_is_believed() -> None:
    for classes in ("single single-post postid-7", "post-template tag-pain", "item-view", "hs-blog-post"):
        assert judge(page(body=PLAIN, classes=classes)).is_post, classes


def test_a_theme_that_marks_something_else_is_believed() -> None:
    article = "<meta property='og:type' content='article'>"
    for classes in ("page-template-default page page-id-5", "archive category", "home blog hfeed", "search search-results",
                    "error404", "attachment single-attachment", "static_page", "tag-template"):  # fmt: skip
        assert not judge(page(article, PLAIN, classes), "sitemap").is_post, classes


def test_structured_data_calls_it_an_article() -> None:
    script = (
        '<script type="application/ld+json">{"@graph":[{"@type":"BlogPosting","datePublished":"2024-05-01"}]}</script>'
    )
    assert judge(page(script, PLAIN)).is_post


def test_a_list_of_articles_in_structured_data_is_no_article() -> None:
    item = '{"@type":"BlogPosting","datePublished":"2024-05-01"}'
    script = f'<script type="application/ld+json">[{item},{item},{{"@type":"CollectionPage"}}]</script>'
    assert not judge(page(script, f"<h1>Blog</h1>{TEASERS}")).is_post


def test_a_listing_is_no_post_even_if_a_feed_names_it() -> None:
    html = page("<meta property='og:type' content='website'>", f"<h1>Blog</h1>{TEASERS}<a href='/blog/page/2/'>2</a>")
    assert not judge(html, "feed", url="https://clinic.example/blog/").is_post


def test_a_listing_of_whole_posts_is_no_post() -> None:
    body = "".join(f"<article><h2><a href='/post-{n}/'>Title {n}</a></h2>{TEXT}</article>" for n in range(4))
    assert not judge(page(body=body), "sitemap").is_post


def test_plain_pages_by_name_are_no_posts() -> None:
    article = "<meta property='og:type' content='article'>"
    for path in ("about/", "contact.html", "datenschutz/", "services/infusions/", "projects/one/"):
        assert not judge(page(article, PLAIN), "sitemap", url="https://clinic.example/" + path).is_post, path


def test_the_home_page_is_no_post() -> None:
    assert not judge(page(body=DATED), url="https://clinic.example/").is_post


def test_a_soft_404_is_no_post() -> None:
    html = "<html><head><title>Page not found</title></head><body><h1>Page not found</h1><p>Sorry.</p></body></html>"
    assert not judge(html, "sitemap-posts").is_post
    assert not judge(html, "import").is_post


def test_a_post_about_things_not_found_stays_a_post() -> None:
    title = "<title>What to do when relief is not found</title>"
    assert judge(f"<html><head>{title}</head><body>{PLAIN * 4}</body></html>", "feed").is_post


def test_the_apis_word_carries_a_short_post_without_a_date() -> None:
    assert judge(
        page(body="<h1>Closed</h1><p>We are closed on Monday, the first of May, and open again on Tuesday.</p>"), "rest"
    ).is_post


def test_an_undated_post_in_the_blogs_folder_is_a_post() -> None:
    assert judge(page(body=PLAIN), "listing", url="https://clinic.example/blog/a-title-of-words/").is_post


def test_an_imported_page_is_a_post_unless_it_clearly_is_not() -> None:
    assert judge(page(body=PLAIN), "import", url="https://pages.test/0001.html").is_post
    assert not judge(page(body=f"<h1>Blog</h1>{TEASERS}"), "import", url="https://pages.test/blog/").is_post
    assert not judge(page(body=PLAIN, classes="page page-id-3"), "import", url="https://pages.test/about/").is_post


def test_what_an_export_calls_a_post_is_one() -> None:
    for html in ("<p>Closed on Monday.</p>", TEASERS, ""):
        assert judge(html, "import", "export", url="https://clinic.example/about/").is_post


def test_an_export_does_not_make_a_post_of_what_the_site_serves_as_an_error() -> None:
    assert not judge(page(body=PLAIN, classes="error404"), "import", "export", "sitemap").is_post


def test_an_imported_listing_is_told_from_other_pages_that_are_no_posts() -> None:
    assert judge(page(body=f"<h1>Blog</h1>{TEASERS}"), "import").is_listing
    assert not judge(page(body=PLAIN, classes="error404"), "import").is_listing


def test_a_made_up_address_says_nothing_of_an_imported_page() -> None:
    odd = "https://file.invalid/0123456789/index.html"
    assert judge(page(body=PLAIN), "import", url=odd) == judge(page(body=PLAIN), "import", url=odd + "x")


def test_a_listing_without_an_address_is_known_by_its_whole_links() -> None:
    whole = TEASERS.replace("'/post", "'https://clinic.example/post")
    assert not judge(
        f"<title>Blog</title><h1>Blog</h1>{whole}", "import", url="https://file.invalid/0/blog.html"
    ).is_post


def test_related_posts_below_a_short_post_do_not_make_it_a_listing() -> None:
    related = "".join(f"<li><h4><a href='/p/{n}-words/'>Another title {n}</a></h4></li>" for n in range(4))
    body = f"<h2>A title of words</h2><p>May 1, 2024</p>{TEXT}<div><ul>{related}</ul></div>"
    assert judge(page(body=body), "listing").is_post


def test_a_page_framed_in_a_form_or_an_aside_is_read() -> None:
    for tag in ("form", "aside", "header"):
        assert judge(page(body=f"<{tag}>{DATED}</{tag}>"), "sitemap").is_post, tag


def test_a_page_outside_the_blogs_feed_folder_needs_more() -> None:
    feed = "<link rel='alternate' type='application/rss+xml' href='/blog/index.xml'>"
    inside = judge(page(feed, PLAIN), "sitemap", url="https://clinic.example/blog/x-y-z/")
    outside = judge(page(feed, PLAIN), "sitemap", url="https://clinic.example/x-y-z/")
    assert inside.confidence > outside.confidence


def test_the_reason_is_in_words() -> None:
    assert "date" in judge(page(body=DATED)).reason
    assert judge(page(body=PLAIN, classes="archive category")).reason == "its theme marks it as an archive"


_markup = st.lists(
    st.sampled_from(
        ["<article>", "<h1>", "</h1>", "<a href='/x/'>", "Some words here", "<p>", "<time>", "<nav>", "<form>", "<!--",
         "<script type='application/ld+json'>{\"@graph\":[3]}</script>", "<body class='single'>", "\x00", "<title>", "&#xD800;"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@given(_markup, st.sampled_from([URL, "", "not an address", "https://clinic.example/?p=1"]))
def test_any_page_is_judged_without_an_error(html: str, url: str) -> None:
    judge(html, "sitemap", url=url)


def test_a_day_that_nobody_stated_dates_nothing() -> None:
    zero = "<meta property='article:published_time' content='0001-01-01T00:00:00Z'>"
    script = (
        '<script type="application/ld+json">{"@type":"BlogPosting","datePublished":"0001-01-01T00:00:00Z"}</script>'
    )
    assert not posts.signs(parse(page(zero + script, PLAIN)), URL).published


def test_an_about_page_that_a_generator_calls_a_post_and_puts_in_its_feed_is_none() -> None:
    head = (
        "<meta property='og:type' content='article'>"
        '<script type="application/ld+json">{"@type":"BlogPosting","datePublished":"2024-05-01"}</script>'
    )
    short = page(head, "<main><h1>About</h1><p>We mend chairs, and have done so for twenty years.</p></main>")
    for path in ("about/", "contact.html", "p/about.html"):
        assert not judge(short, "feed", url="https://clinic.example/" + path).is_post, path
    assert judge(page(head, DATED), "rest", url="https://clinic.example/about/").is_post


def test_a_feed_below_the_feeds_address_is_the_feed_of_its_blog() -> None:
    for feed in ("/blog/feed/atom/index.xml", "/blog/feed/", "/blog/index.xml", "/feeds/posts/default"):
        head = f"<link rel='alternate' type='application/atom+xml' href='{feed}'>"
        inside = judge(page(head, PLAIN), "sitemap", url="https://clinic.example/blog/x-y-z/")
        assert "outside" not in inside.reason
        assert (
            inside.confidence == judge(page("", PLAIN), "sitemap", url="https://clinic.example/blog/x-y-z/").confidence
        ), feed
