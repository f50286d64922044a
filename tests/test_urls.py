from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import urls


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("HTTP://Blog.Example:80/Post", "http://blog.example/Post"),
        ("https://blog.example:443", "https://blog.example/"),
        ("https://blog.example:8443/a", "https://blog.example:8443/a"),
        ("https://blog.example./a", "https://blog.example/a"),
        ("https://blog.example/a/./b/../c", "https://blog.example/a/c"),
        ("https://blog.example/../../a/..", "https://blog.example/"),
        ("https://blog.example/%7euser/%c3%a4", "https://blog.example/~user/%C3%A4"),
        ("https://blog.example/ä b", "https://blog.example/%C3%A4%20b"),
        ("https://blog.example/%2E%2e/a%2fb", "https://blog.example/a%2Fb"),
        ("https://blog.example/100%", "https://blog.example/100%25"),
        ("https://blog.example/a#part", "https://blog.example/a"),
        ("https://user:word@blog.example/a", "https://blog.example/a"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://XN--BCHER-KVA.example/", "https://xn--bcher-kva.example/"),
        ("https://blog.example/a?b=2&a=1&a=0", "https://blog.example/a?b=2&a=1&a=0"),
        ("https://blog.example/a?utm_source=x&utm_medium=y", "https://blog.example/a"),
        ("https://blog.example/a?id=7&amp;utm_source=x&fbclid=1&gclid=2&mc_cid=3", "https://blog.example/a?id=7"),
        ("https://blog.example/a?PHPSESSID=abc", "https://blog.example/a"),
        ("https://blog.example/a;jsessionid=0A1B2C?x=1", "https://blog.example/a?x=1"),
        ("https://blog.example/a?sid=0123456789abcdef0123", "https://blog.example/a"),
        ("https://blog.example/a?s=ketamine", "https://blog.example/a?s=ketamine"),
        ("https://blog.example/(S(abc123))/a", "https://blog.example/a"),
        ("https://blog.example/a?", "https://blog.example/a"),
        ("https:\\\\blog.example\\a", "https://blog.example/a"),
        (" https://blog.example/a\n", "https://blog.example/a"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
    ],
)
def test_an_address_has_one_form(given_url: str, expected: str) -> None:
    assert urls.canonical(given_url) == expected


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("post-2/", "https://blog.example/2024/post-2/"),
        ("../about", "https://blog.example/about"),
        ("//other.example/x", "https://other.example/x"),
        ("?paged=2", "https://blog.example/2024/post?paged=2"),
        ("", "https://blog.example/2024/post"),
        ("#top", "https://blog.example/2024/post"),
    ],
)
def test_relative_addresses_are_resolved(href: str, expected: str) -> None:
    assert urls.canonical(href, "https://blog.example/2024/post") == expected


@pytest.mark.parametrize(
    "bad",
    ["", "mailto:a@b.example", "javascript:void(0)", "ftp://x.example/", "https://", "http://a b/", "http://x:99999/",
     "http://[::1", "data:text/html,x", "https://x.example/" + "a" * 5000, "http:///path", "/relative"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(bad: str) -> None:
    with pytest.raises(ValueError):
        urls.canonical(bad)


_pieces = st.sampled_from(
    ["/", "//", "..", ".", "%2e", "%2F", "%zz", "%", "a", "Ä", "ß", "?", "&", "=", ";", "#", " ", "+", "utm_source=1",
     ";jsessionid=1", "amp;", "sid=0123456789abcdef", "(S(x))", "\\", ":", "@", "[", "]", "%25", "x.php", "?ref=1", "&ref=2", "#!a", "%41", "\udc80", "日本"]
)  # fmt: skip


@given(st.lists(_pieces, max_size=14).map("".join))
def test_canonical_is_idempotent_on_paths_and_queries(tail: str) -> None:
    with contextlib.suppress(ValueError):
        once = urls.canonical("https://blog.example/" + tail)
        assert urls.canonical(once) == once


@given(st.text(max_size=80))
def test_canonical_is_idempotent_on_any_text_or_refuses_it(text: str) -> None:
    with contextlib.suppress(ValueError):
        once = urls.canonical(text, "https://blog.example/a/")
        assert urls.canonical(once) == once
        assert once.isascii()


@given(st.text(max_size=80))
def test_hints_never_raise_on_a_canonical_address(text: str) -> None:
    with contextlib.suppress(ValueError):
        url = urls.canonical("/" + text, "https://blog.example/")
        urls.kind_by_url(url), urls.trap_sign(url), urls.page_number(url)
        assert urls.shape(url).startswith("blog.example/") or not urls.on_host(url, "blog.example")


@pytest.mark.parametrize(
    ("start", "site"),
    [
        ("https://www.clinic.example/", "clinic.example"),
        ("https://clinic.example/blog/", "clinic.example/blog"),
        ("https://clinic.example/blog/index.html", "clinic.example/blog"),
        ("https://clinic.example/blog/page/3/", "clinic.example/blog"),
        ("http://127.0.0.1:8000/", "127.0.0.1:8000"),
        ("https://www.example", "www.example"),
    ],
)
def test_a_site_is_host_and_folder(start: str, site: str) -> None:
    assert urls.site_of(start) == site


def test_a_page_is_in_the_site_below_its_folder_only() -> None:
    site = "clinic.example/blog"
    assert urls.in_site("https://www.clinic.example/blog/post", site)
    assert urls.in_site("http://clinic.example/blog", site)
    assert not urls.in_site("https://clinic.example/blogger/post", site)
    assert not urls.in_site("https://clinic.example.evil.example/blog/post", site)
    assert not urls.in_site("https://clinic.example:8443/blog/post", site)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://clinic.example/post", "https://www.clinic.example/post/"),
        ("https://clinic.example/blog/index.html", "https://clinic.example/blog"),
        ("https://clinic.example/post", "https://clinic.example/post?replytocom=12"),
        ("https://clinic.example//post", "https://clinic.example/post"),
        ("https://clinic.example/a?b=2&a=1", "https://clinic.example/a?a=1&b=2"),
    ],
)
def test_addresses_of_one_page_share_a_key(one: str, other: str) -> None:
    assert urls.same_page_key(one) == urls.same_page_key(other)


def test_addresses_of_two_pages_have_two_keys() -> None:
    assert urls.same_page_key("https://clinic.example/?p=1") != urls.same_page_key("https://clinic.example/?p=2")
    assert urls.same_page_key("https://clinic.example/a") != urls.same_page_key("https://clinic.example/b")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/2024/05/first-infusion/", "post"),
        ("/2024/05/first-infusion.html", "post"),
        ("/blog/first-infusion", "post"),
        ("/aktuelles/ein-beitrag.html", "post"),
        ("/?p=12", "post"),
        ("/archives/1234", "unknown"),
        ("/first-infusion/", "unknown"),
        ("/2024/", "listing"),
        ("/2024/05/", "listing"),
        ("/2024/05/17", "listing"),
        ("/category/pain/", "listing"),
        ("/blog/tag/pain", "listing"),
        ("/author/jane/", "listing"),
        ("/blog/page/3/", "listing"),
        ("/?paged=3", "listing"),
        ("/?m=202405", "listing"),
        ("/search?updated-max=2024-05-01", "listing"),
        ("/search/label/pain", "listing"),
        ("/blog/", "listing"),
        ("/", "listing"),
        ("/feed/", "feed"),
        ("/post/feed/", "feed"),
        ("/atom.xml", "feed"),
        ("/?feed=rss2", "feed"),
        ("/feeds/posts/default", "feed"),
        ("/wp-content/uploads/a.jpg", "asset"),
        ("/leaflet.pdf", "asset"),
        ("/post/?replytocom=7", "variant"),
        ("/post/amp/", "variant"),
        ("/post/?share=x", "variant"),
        ("/post/?print=1", "variant"),
        ("/?s=pain", "variant"),
        ("/post/trackback/", "variant"),
        ("/post/attachment/image-1/", "variant"),
        ("/2024/05/post.html?m=1", "variant"),
        ("/post/comment-page-2/", "variant"),
        ("/about-us/", "page"),
        ("/datenschutz.html", "page"),
        ("/services/infusions/", "page"),
    ],
)
def test_an_address_hints_at_its_kind(path: str, kind: str) -> None:
    assert urls.kind_by_url("https://clinic.example" + path) == kind


@pytest.mark.parametrize(
    "path",
    [
        "/calendar/2031/05/",
        "/events/?month=2031-05",
        "/a/b/a/b/a/b",
        "/x/x/x/",
        "/shop?color=1&size=2&price=3&brand=4&sort=5",
        "/blog/page/99999/",
        "/" + "/".join(f"s{n}" for n in range(14)),
    ],
)
def test_traps_are_recognised(path: str) -> None:
    assert urls.trap_sign("https://clinic.example" + path)


@pytest.mark.parametrize(
    "path", ["/2011/11/11/post/", "/blog/page/30/", "/blog/a-post/", "/?p=12", "/blog/2020/12/12-tips"]
)
def test_ordinary_addresses_are_no_traps(path: str) -> None:
    assert urls.trap_sign("https://clinic.example" + path) is None


def test_addresses_from_one_template_share_a_shape() -> None:
    assert urls.shape("https://a.example/tag/pain/page/2/") == urls.shape("https://www.a.example/tag/cost/page/31/")
    assert urls.shape("https://a.example/calendar/2031/05") == urls.shape("https://a.example/calendar/2040/12")
    assert urls.shape("https://a.example/x?id=1") == urls.shape("https://a.example/x?id=2")
    assert urls.shape("https://a.example/tag/pain/") != urls.shape("https://a.example/blog/pain/")


def test_a_page_number_is_split_off() -> None:
    assert urls.page_number("https://a.example/blog/page/3/") == ("https://a.example/blog/", 3)
    assert urls.page_number("https://a.example/blog?page=3&q=1") == ("https://a.example/blog?q=1", 3)
    assert urls.page_number("https://a.example/blog/2024/") is None


def test_plain_http_is_raised_to_https_on_the_same_host_only() -> None:
    assert urls.upgrade("http://a.example/x", "https://www.a.example/") == "https://a.example/x"
    assert urls.upgrade("http://b.example/x", "https://a.example/") == "http://b.example/x"
    assert urls.upgrade("https://a.example/x", "http://a.example/") == "https://a.example/x"


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/a-title-of-words/index.html", "unknown"),
        ("/archives/a-title-of-words/", "unknown"),
        ("/archives/1234", "unknown"),
        ("/archives/", "listing"),
        ("/archive/2024/05/", "listing"),
        ("/2024/05/index.html", "listing"),
        ("/blog.php?post=7", "post"),
        ("/blog.php", "listing"),
        ("/blog.php?page=2", "listing"),
        ("/article.asp?id=7", "post"),
        ("/index.php?option=com_content&view=article&id=12:a-title&catid=3&Itemid=9", "unknown"),
        ("/index.php?option=com_content&view=category&layout=blog&id=3", "listing"),
        ("/index.php?option=com_content&view=featured", "listing"),
        ("/index.php?format=feed&type=rss", "feed"),
        ("/index.php?option=com_content&view=article&id=12&tmpl=component&print=1", "variant"),
        ("/node/12", "unknown"),
        ("/?p=12", "post"),
        ("/index.php?p=12", "post"),
        ("/blog/?p=12", "post"),
        ("/?page_id=12", "page"),
        ("/?cat=3", "listing"),
        ("/?cat=3&p=12", "post"),
        ("/index.php?page=a-title-of-words", "unknown"),
        ("/index.php?page=3", "listing"),
        ("/2020/01/a-title.php", "post"),
        ("/a-title.aspx", "unknown"),
        ("/searching-for-sleep/", "unknown"),
        ("/search-and-rescue/", "unknown"),
        ("/search/", "listing"),
        ("/search.php?q=pain", "variant"),
        ("/tag-teams-in-therapy/", "unknown"),
        ("/feed-your-gut/", "unknown"),
        ("/page-turners-of-the-year/", "unknown"),
        ("/author-interview/", "unknown"),
        ("/2020-01-05-a-title/", "post"),
        ("/a-title-2020-01-05/", "unknown"),
        ("/%E3%83%96%E3%83%AD%E3%82%B0%E8%A8%98%E4%BA%8B/", "unknown"),
        ("/view.php?action=view&id=7", "unknown"),
        ("/view.php?action=print&id=7", "variant"),
        ("/?s=pain", "variant"),
        ("/a-title/?replytocom=7", "variant"),
        ("/?_escaped_fragment_=post/a-title", "unknown"),
        ("/tag/pain/", "listing"),
    ],
)
def test_an_address_hints_at_what_stands_there(address: str, kind: str) -> None:
    assert urls.kind_by_url(urls.canonical(address, "https://blog.example/")) == kind


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("/article.php?ref=12", "/article.php?ref=12"),
        ("/article.php?ref=home", "/article.php"),
        ("/article.php?id=7&ref=12", "/article.php?id=7"),
        ("/a-title/?ref=12", "/a-title/"),
        ("/#!/post/a-title", "/?_escaped_fragment_=/post/a-title"),
        ("/#!", "/"),
        ("/#!&x", "/"),
    ],
)
def test_what_chooses_the_page_is_kept(given_url: str, expected: str) -> None:
    once = urls.canonical("https://blog.example" + given_url)
    assert once == "https://blog.example" + expected
    assert urls.canonical(once) == once


@pytest.mark.parametrize(
    "base", ["https://clinic.example/blog/one/?a=1", "http://u:p@clinic.example:8080/a/b.html#c", "about:x"]
)
@given(
    st.text(alphabet="/\\?#:;.%& \tabHTPs-", max_size=12),
    st.sampled_from(["", "http://", "https://", "//", "/", "https:"]),
)
def test_a_link_that_is_remembered_leads_where_it_does_from_its_own_page(base, rest, start):
    def told(find):
        try:
            return find(start + rest, base)
        except ValueError as error:
            return str(error)

    assert told(urls.canonical) == told(urls._canonical.__wrapped__)
