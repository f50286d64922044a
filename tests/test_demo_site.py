"""The example clinic blog: what it promises to tests, to the spider and to an editor who reads it."""

from __future__ import annotations

import http.client
import json
import re
from email.utils import parsedate_to_datetime
from urllib.parse import urldefrag, urlsplit
from xml.etree import ElementTree

import lxml.html
import pytest

from scraper import demo
from scraper.demo.markup import parse

BASE = "http://127.0.0.1:8000/blog/"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
TEXT_TAGS = "h2|h3|p|li|th|td|figcaption"


@pytest.fixture(scope="module")
def site():
    return demo.pages(BASE)


@pytest.fixture(scope="module")
def server():
    with demo.serve() as base_url:
        yield base_url


def tree_of(site, path):
    return lxml.html.fromstring(site[path].body.decode())


def texts_in(element):
    nodes = element.xpath("|".join(f".//{tag}" for tag in TEXT_TAGS.split("|")))
    return tuple(" ".join(node.text_content().split()) for node in nodes)


def ask(base_url, path, method="GET", **headers):
    address = urlsplit(base_url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=5)
    try:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=names)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_there_are_some_26_posts_from_2019_to_2026():
    assert 24 <= len(demo.POSTS) <= 30
    days = [post.published for post in demo.POSTS]
    assert days == sorted(days)
    assert (f"{days[0]:%Y-%m}", f"{days[-1]:%Y-%m}") == ("2019-03", "2026-10")


def test_every_post_has_250_to_600_words_and_one_title_of_its_own():
    assert [post.slug for post in demo.POSTS if not 250 <= post.words <= 600] == []
    assert len({post.title for post in demo.POSTS}) == len(demo.POSTS)


def test_no_post_is_changed_before_it_is_published():
    assert [post.slug for post in demo.POSTS if post.modified < post.published] == []


def test_there_are_three_authors_and_five_categories():
    assert {post.author for post in demo.POSTS} == set(demo.AUTHORS)
    assert len(demo.AUTHORS) == 3
    assert len({post.category for post in demo.POSTS}) == 5


def test_texts_have_lists_tables_quotes_and_captions():
    kinds = {element.kind for post in demo.POSTS for element in post.elements}
    assert kinds == {"h2", "p", "ul", "ol", "blockquote", "table", "figure"}


def test_every_table_is_a_rectangle_of_two_columns_or_more():
    tables = [element for post in demo.POSTS for element in post.elements if element.kind == "table"]
    assert all(table.columns >= 2 and len(table.parts) % table.columns == 0 for table in tables)


def test_a_table_may_begin_with_an_empty_cell():
    assert parse("| | one |\n| row | two |")[0].parts == ("", "one", "row", "two")


def test_a_shared_passage_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError):
        parse("{nothing}", {})


def test_markup_becomes_plain_text():
    assert parse("A **strong** and *soft* [link](slug).")[0].texts == ("A strong and soft link.",)


def test_no_markup_is_left_in_the_texts():
    assert [text for post in demo.POSTS for text in post.texts if re.search(r"[*{}|]|\]\(", text)] == []


def test_exactly_one_post_has_no_contact_section():
    assert [post.slug for post in demo.POSTS if post.cta is None] == ["how-to-read-a-study"]


def test_the_contact_section_has_three_wordings_and_changes_its_brand_once():
    ordered = list(dict.fromkeys(post.cta for post in demo.POSTS if post.cta))
    assert ordered == ["cta-2019", "cta-2020", "cta-2021", "cta-2023"]
    assert len({demo.SHARED[name][1] for name in ordered}) == 3
    assert demo.OLD_BRAND in demo.SHARED["cta-2019"][0]
    assert demo.BRAND in demo.SHARED["cta-2020"][0]


def test_only_early_posts_name_the_old_phone_and_fewer_the_old_brand():
    phones = [post.published.year for post in demo.POSTS if any(demo.OLD_PHONE in text for text in post.texts)]
    brands = [post.published.year for post in demo.POSTS if any(demo.OLD_BRAND in text for text in post.texts)]
    assert phones == [2019, 2019, 2019, 2020, 2020, 2020]
    assert brands == [2019, 2019, 2019]


def test_one_paragraph_is_reused_in_several_posts_and_a_disclaimer_in_many():
    assert sum("monitoring" in post.shared for post in demo.POSTS) >= 4
    assert sum("disclaimer" in post.shared for post in demo.POSTS) >= 10


def test_one_pair_of_posts_says_nearly_the_same():
    pairs = [
        (a.slug, b.slug)
        for place, a in enumerate(demo.POSTS)
        for b in demo.POSTS[place + 1 :]
        if len({*a.own_texts} & {*b.own_texts}) > len(a.own_texts) / 2
    ]
    assert pairs == [("your-first-visit", "what-to-expect-at-your-first-visit")]


def test_no_text_of_the_theme_stands_in_a_post():
    written = "\n".join(text for post in demo.POSTS for text in post.texts)
    assert [text for text in demo.CHROME if text in written] == []


def test_the_content_of_a_page_is_what_was_written_and_the_share_bar(site):
    for post in demo.POSTS:
        content = tree_of(site, post.path).find_class("entry-content")[0]
        bar = content.find_class("share-bar")[0]
        bar.getparent().remove(bar)
        assert texts_in(content) == post.texts, post.slug


def test_the_theme_stands_around_every_post(site):
    for post in demo.POSTS:
        text = tree_of(site, post.path).text_content()
        missing = [words for words in demo.CHROME if words not in text and words not in demo.AUTHORS.values()]
        assert missing == []
        assert demo.AUTHORS[post.author] in text


def test_the_subscribe_widget_stands_twice_with_its_hidden_confirmation(site):
    hidden = tree_of(site, demo.POSTS[0].path).find_class("subscribe-success")
    assert [element.get("style") for element in hidden] == ["display:none"] * 2


def test_the_tracker_is_bare_text_of_the_body(site):
    assert tree_of(site, demo.POSTS[0].path).body.text.strip() in demo.CHROME


def test_related_posts_show_how_other_posts_begin(site):
    others = tree_of(site, demo.POSTS[0].path).find_class("related-post")
    beginnings = {(post.title, post.excerpt) for post in demo.POSTS[1:]}
    assert {(other.find("h4").text_content(), other.find("p").text) for other in others} <= beginnings
    assert len(others) == 3


def test_three_posts_have_comments(site):
    commented = [post for post in demo.POSTS if tree_of(site, post.path).find_class("comment")]
    assert commented == [post for post in demo.POSTS if post.comments]
    assert len(commented) == 3


def test_a_post_says_what_it_is_in_json_ld_and_open_graph(site):
    for post in demo.POSTS:
        tree = tree_of(site, post.path)
        article = json.loads(tree.xpath("//script[@type='application/ld+json']")[0].text)["@graph"][0]
        assert (article["@type"], article["headline"]) == ("BlogPosting", post.title)
        assert article["datePublished"][:10] == post.published.isoformat()
        assert article["author"]["name"] == post.author
        assert tree.xpath("string(//meta[@property='og:type']/@content)") == "article"
        assert tree.xpath("string(//link[@rel='canonical']/@href)") == BASE + post.slug + "/"


def test_body_classes_tell_posts_archives_and_pages_apart(site):
    assert "single-post" in tree_of(site, demo.POSTS[0].path).body.get("class").split()
    assert "archive" in tree_of(site, "/blog/category/chronic-pain/").body.get("class").split()
    assert "page" in tree_of(site, "/about/").body.get("class").split()


def test_the_listing_shows_every_post_once_newest_first(site):
    paths = ["/blog/", "/blog/page/2/", "/blog/page/3/"]
    titles = [link.text for path in paths for link in tree_of(site, path).xpath("//h2[@class='entry-title']/a")]
    assert titles == [post.title for post in reversed(demo.POSTS)]
    assert "/blog/page/4/" not in site


@pytest.mark.parametrize("start", ["category", "tag", "author", "20"])
def test_archives_of_every_kind_cover_the_posts(site, start):
    listings = [path for path in site if path.startswith(f"/blog/{start}")]
    named = {link.text for path in listings for link in tree_of(site, path).xpath("//h2[@class='entry-title']/a")}
    assert named == {post.title for post in demo.POSTS}


def test_every_link_within_the_site_leads_somewhere(site):
    root = BASE.removesuffix("/blog/")
    pages = [path for path, page in site.items() if page.content_type.startswith("text/html")]
    links = {
        urldefrag(address)[0].removeprefix(root).partition("?")[0]
        for path in pages
        for address in tree_of(site, path).xpath("//@href|//@src")
        if address.startswith(root)
    }
    assert len(links) > 90
    assert {link for link in links if link not in site} == set()


def test_sitemaps_name_every_post_with_its_last_change(site):
    assert f"Sitemap: {BASE.removesuffix('/blog/')}/sitemap_index.xml" in site["/robots.txt"].body.decode()
    index = ElementTree.fromstring(site["/sitemap_index.xml"].body)
    assert [urlsplit(loc.text).path for loc in index.iter(f"{SITEMAP}loc")] == [
        "/post-sitemap.xml",
        "/page-sitemap.xml",
    ]
    urls = ElementTree.fromstring(site["/post-sitemap.xml"].body).iter(f"{SITEMAP}url")
    stated = [(url.findtext(f"{SITEMAP}loc"), url.findtext(f"{SITEMAP}lastmod")[:10]) for url in urls]
    assert stated == [(f"{BASE}{post.slug}/", post.modified.isoformat()) for post in demo.POSTS]


def test_the_feed_holds_the_newest_ten_with_their_whole_text(site):
    items = ElementTree.fromstring(site["/blog/feed/"].body).findall(".//item")
    newest = demo.POSTS[:-11:-1]
    assert [item.findtext("title") for item in items] == [post.title for post in newest]
    for item, post in zip(items, newest, strict=True):
        assert texts_in(lxml.html.fragment_fromstring(item.findtext(CONTENT), create_parent=True)) == post.texts


def test_rendering_is_the_same_each_time(site):
    assert demo.pages(BASE) == site


def test_an_address_outside_the_blog_folder_is_refused():
    with pytest.raises(ValueError, match="/blog/"):
        demo.pages("http://127.0.0.1:8000/")


def test_phones_and_hosts_are_of_the_kind_that_belongs_to_nobody(site):
    everything = "\n".join(page.body.decode() for page in site.values())
    assert set(re.findall(r"\b\d{3}-(\d{3}-\d\d)\d\d\b", everything)) == {"555-01"}
    hosts = {host for host in re.findall(r"(?:@|//)([\w-]+(?:\.[\w-]+)+)", everything) if host != "127.0.0.1"}
    names = {"schema.org", "www.w3.org", "www.sitemaps.org", "purl.org"}
    assert {host for host in hosts - names if not host.endswith(".example")} == set()


def test_the_server_gives_a_page_with_validators(server):
    status, headers, body = ask(server, demo.POSTS[0].path)
    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=UTF-8"
    assert parsedate_to_datetime(headers["Last-Modified"]).date() == demo.POSTS[0].modified
    assert body == demo.pages(server)[demo.POSTS[0].path].body


def test_an_entity_tag_that_still_holds_is_answered_304(server):
    etag = ask(server, "/blog/")[1]["ETag"]
    status, _, body = ask(server, "/blog/", If_None_Match=f'"other", W/{etag}')
    assert (status, body) == (304, b"")


def test_a_date_that_still_holds_is_answered_304_but_not_against_another_entity_tag(server):
    since = ask(server, "/blog/")[1]["Last-Modified"]
    assert ask(server, "/blog/", If_Modified_Since=since)[0] == 304
    assert ask(server, "/blog/", If_Modified_Since=since, If_None_Match='"other"')[0] == 200
    assert ask(server, "/blog/", If_Modified_Since="Fri, 01 Mar 2019 00:00:00 GMT")[0] == 200
    assert ask(server, "/blog/", If_Modified_Since="yesterday")[0] == 200


@pytest.mark.parametrize("path", ["/wp-json/wp/v2/posts", "/blog/no-post/", "/blog/page/9/", "/blog/feed/?paged=9"])
def test_what_is_not_there_is_answered_404(server, path):
    assert ask(server, path)[0] == 404


def test_the_feed_goes_on_to_its_second_page(server):
    assert demo.POSTS[0].title.encode() in ask(server, "/blog/feed/?paged=3")[2]


def test_parameters_that_mean_nothing_are_ignored(server):
    path = demo.POSTS[0].path
    assert ask(server, f"{path}?replytocom=1")[2] == ask(server, path)[2]


def test_short_addresses_lead_to_the_post(server):
    post = demo.POSTS[0]
    assert ask(server, f"/blog/?p={post.number}")[:2][1]["Location"] == post.path
    assert ask(server, post.path.rstrip("/"))[1]["Location"] == post.path


def test_head_is_get_without_a_body(server):
    status, headers, body = ask(server, "/blog/", method="HEAD")
    assert (status, body) == (200, b"")
    assert headers["Content-Length"] == str(len(ask(server, "/blog/")[2]))


def test_the_server_is_quiet_and_gone_when_the_context_ends(capfd):
    with demo.serve() as base_url:
        assert ask(base_url, "/blog/")[0] == 200
    with pytest.raises(ConnectionRefusedError):
        ask(base_url, "/blog/")
    assert capfd.readouterr() == ("", "")
