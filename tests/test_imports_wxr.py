from __future__ import annotations

import re
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_imports import options, put, read, urls

from scraper import markup
from scraper.imports import read_paths
from scraper.imports.classic import render

START = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- an export -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>The clinic</title><link>https://clinic.test/blog</link><language>en-US</language>
<wp:base_site_url>https://clinic.test</wp:base_site_url><wp:base_blog_url>https://clinic.test/blog</wp:base_blog_url>
<wp:author><wp:author_login><![CDATA[anna]]></wp:author_login>
  <wp:author_display_name><![CDATA[Dr. Anna Gr\u00fcn]]></wp:author_display_name></wp:author>
"""
END = "</channel>\n</rss>\n"


def item(number=1, body="One paragraph.", title="A post", kind="post", status="publish", link=None, extra=""):
    return f"""<item><title><![CDATA[{title}]]></title>
    <link>{f"https://clinic.test/blog/post-{number}/" if link is None else link}</link>
    <pubDate>Fri, 03 May 2024 04:00:00 +0000</pubDate><dc:creator><![CDATA[anna]]></dc:creator>
    <guid isPermaLink="false">https://clinic.test/blog/?p={number}</guid><description></description>
    <content:encoded><![CDATA[{body}]]></content:encoded><excerpt:encoded><![CDATA[Short.]]></excerpt:encoded>
    <wp:post_id>{number}</wp:post_id><wp:post_date><![CDATA[2024-05-02 22:00:00]]></wp:post_date>
    <wp:status><![CDATA[{status}]]></wp:status><wp:post_type><![CDATA[{kind}]]></wp:post_type>{extra}</item>\n"""


def wxr(folder, *items, start=START, end=END):
    return put(folder, "export.xml", start + "".join(items) + end)


def test_a_published_post_comes_with_what_the_export_states(tmp_path):
    terms = (
        '<category domain="category" nicename="pain"><![CDATA[Pain &amp; sleep]]></category>'
        '<category domain="post_tag" nicename="trd"><![CDATA[TRD]]></category>'
        '<category domain="post_format" nicename="x"><![CDATA[Aside]]></category>'
        "<wp:post_modified><![CDATA[2024-06-01 08:00:00]]></wp:post_modified>"
    )
    (page,), failures = read(wxr(tmp_path, item(title="Ketamine &amp; <em>pain</em>", extra=terms)))
    stated = page.stated
    assert (page.url, page.site, page.source) == ("https://clinic.test/blog/post-1/", "clinic.test/blog", "export.xml")
    assert (stated.title, stated.author, stated.language) == ("Ketamine & pain", "Dr. Anna Gr\u00fcn", "en-US")
    assert (stated.published, stated.modified) == (date(2024, 5, 2), date(2024, 6, 1))
    assert (stated.categories, stated.tags) == (("Pain & sleep",), ("TRD",))
    assert not failures


def test_the_witness_is_the_body_and_the_page_holds_it(tmp_path):
    (page,), _ = read(wxr(tmp_path, item(body="First.\n\nSecond <b>one</b>.")))
    assert page.witness == "<p>First.</p>\n<p>Second <b>one</b>.</p>"
    assert page.content_type == "text/html"
    tree = markup.parse(page.body, page.header("content-type"))
    assert tree.xpath("string(//article/h1)") == "A post"
    assert [one.text_content() for one in tree.xpath("//div[@class='entry-content']/p")] == ["First.", "Second one."]


def test_drafts_the_bin_attachments_and_menus_are_left_out(tmp_path):
    hidden = [item(n, status=status) for n, status in enumerate(("draft", "pending", "trash", "future", "private"), 10)]
    kinds = [item(n, kind=kind) for n, kind in enumerate(("attachment", "nav_menu_item", "revision", "wp_block"), 20)]
    protected = item(30, extra="<wp:post_password><![CDATA[secret]]></wp:post_password>")
    pages, failures = read(wxr(tmp_path, *hidden, *kinds, protected, item(1)))
    assert urls(pages) == ["https://clinic.test/blog/post-1/"]
    assert not failures


def test_pages_are_taken_where_they_are_asked_for(tmp_path):
    file = wxr(tmp_path, item(1), item(2, kind="page"))
    assert len(read(file)[0]) == 1
    asked = options().__class__(base_url=None, include_pages=True, fetched_at=options().fetched_at)
    assert len(list(read_paths([file], asked))) == 2


def test_an_export_without_posts_says_what_it_has(tmp_path):
    _, (failure,) = read(wxr(tmp_path, item(1, kind="page")))
    assert "1 pages. To import them: --include-pages" in failure.reason


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("", "https://clinic.test/blog/?p=1"),
        ("/blog/post-1/", "https://clinic.test/blog/post-1/"),
        ("javascript:alert(1)", "https://clinic.test/blog/?p=1"),
        ("http://clinic.test/blog/?p=1", "http://clinic.test/blog/?p=1"),
    ],
)
def test_a_post_has_its_link_or_else_its_number_for_an_address(tmp_path, link, url):
    assert urls(read(wxr(tmp_path, item(link=link)))[0]) == [url]


def test_two_posts_with_one_link_stay_two_pages(tmp_path):
    pages, _ = read(wxr(tmp_path, item(1, link="https://clinic.test/x/"), item(2, link="https://clinic.test/x/")))
    assert urls(pages) == ["https://clinic.test/x/", "https://clinic.test/blog/?p=2"]


def test_a_post_that_stands_twice_is_taken_once(tmp_path):
    pages, (failure,) = read(wxr(tmp_path, item(1), item(1)))
    assert len(pages) == 1
    assert "twice" in failure.reason


def test_a_date_of_zeros_is_none(tmp_path):
    text = wxr(tmp_path, item()).read_text().replace("2024-05-02 22:00:00", "0000-00-00 00:00:00")
    (page,), _ = read(put(tmp_path, "export.xml", text))
    assert page.stated.published == date(2024, 5, 3)


def test_an_old_exports_names_are_understood(tmp_path):
    text = (
        wxr(tmp_path, item())
        .read_text()
        .replace("/export/1.2/", "/export/1.0/")
        .replace("wp:", "w:")
        .replace(":wp=", ":w=")
    )
    (page,), _ = read(put(tmp_path, "export.xml", text))
    assert page.stated.author == "Dr. Anna Gr\u00fcn"


def test_an_export_in_a_zip_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("clinic.wordpress.xml", START + item() + END)
    assert urls(read(tmp_path / "export.zip")[0]) == ["https://clinic.test/blog/post-1/"]


def test_a_block_that_posts_share_stands_in_each_of_them(tmp_path):
    named = '<!-- wp:paragraph --><p>Own.</p><!-- /wp:paragraph --><!-- wp:block {"ref":50} /-->'
    shared = item(50, kind="wp_block", body="<p>Call us today.</p>")
    pages, _ = read(wxr(tmp_path, item(1, body=named), item(2, body=named), shared))
    assert [page.witness for page in pages] == ["<p>Own.</p><p>Call us today.</p>"] * 2


def test_blocks_that_name_each_other_come_to_an_end(tmp_path):
    loop = item(50, kind="wp_block", body='x<!-- wp:block {"ref":50} /--><!-- wp:block {"ref":50} /-->')
    (page,), _ = read(wxr(tmp_path, item(1, body='<!-- wp:block {"ref":50} /-->'), loop))
    assert page.witness.count("x") == 7


def test_shared_blocks_never_fill_the_memory(monkeypatch):
    monkeypatch.setattr("scraper.imports.classic._MAX_CHARACTERS", 1000)
    named = '<!-- wp:block {"ref":50} /-->'
    assert len(render(named * 20, {"50": named * 20})) < 2000


# Hostile exports


def test_a_document_type_is_refused(tmp_path):
    secret = put(tmp_path, "secret", "the secret")
    dtd = f'<!DOCTYPE rss [<!ENTITY a "xxxx"><!ENTITY s SYSTEM "{secret.as_uri()}">]>\n<rss'
    pages, (failure,) = read(wxr(tmp_path, item(title="]]>&s;&a;<![CDATA["), start=START.replace("<rss", dtd, 1)))
    assert not pages
    assert "document type" in failure.reason


def test_control_characters_and_broken_bytes_do_not_lose_a_post(tmp_path):
    text = wxr(tmp_path, item(1, body="a\x08b\x0bc"), item(2, body="caf\u00e9"), item(3)).read_bytes()
    pages, failures = read(put(tmp_path, "export.xml", text.replace("caf\u00e9".encode(), b"caf\xe9")))
    assert [page.witness for page in pages] == ["<p>abc</p>", "<p>caf\ufffd</p>", "<p>One paragraph.</p>"]
    assert not failures


def test_an_export_that_was_cut_off_gives_what_came_and_a_failure(tmp_path):
    whole = wxr(tmp_path, *(item(n) for n in range(1, 6))).read_text()
    pages, (failure,) = read(put(tmp_path, "export.xml", whole[: whole.index("<wp:post_id>4")]))
    assert len(pages) == 3
    assert "cut off" in failure.reason


def test_a_post_that_is_too_long_ends_the_file_with_a_failure(tmp_path, monkeypatch):
    monkeypatch.setattr("scraper.imports.wxr.MAX_ITEM_CHARACTERS", 10_000)
    pages, (failure,) = read(wxr(tmp_path, item(1), item(2, body="x" * 20_000), item(3)))
    assert len(pages) == 1
    assert "too long" in failure.reason


def test_xml_nested_without_end_is_refused(tmp_path):
    _, (failure,) = read(wxr(tmp_path, "<a>" * 5000))
    assert "nested too deeply" in failure.reason


def test_other_xml_that_a_person_names_is_nothing_to_import(tmp_path):
    from scraper.errors import UsageError

    with pytest.raises(UsageError, match="Found nothing to import"):
        read(
            put(
                tmp_path,
                "sitemap.xml",
                '<?xml version="1.0"?><urlset><url><loc>https://clinic.test/</loc></url></urlset>',
            )
        )


# Bodies


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>"),
        ("<h2>Head</h2>\ntext", "<h2>Head</h2><p>text</p>"),
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<blockquote>a\n\nb</blockquote>", "<blockquote><p>a</p><p>b</p></blockquote>"),
        ("<pre>a\n\nb [x y=1]</pre>", "<pre>a\n\nb [x y=1]</pre>"),
        ("see <code>a[i]</code>", "<p>see <code>a[i]</code></p>"),
        ("a</div></div>b", "<p>a</p><p>b</p>"),
        ("<!-- wp:paragraph -->\n<p>a\nb</p>\n<!-- /wp:paragraph -->", "<p>a\nb</p>"),
        ("a<!--more-->b", "<p>ab</p>"),
    ],
)
def test_a_body_is_rendered_as_wordpress_would(content, html):
    def flat(text):
        return re.sub(r">\s+|\s+(?=<)", lambda match: match[0].strip(), text).strip()

    assert flat(render(content)) == flat(html)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ('Before [gallery ids="1,2"] after', "Before  after"),
        ("[vc_row][vc_column_text css=a]Inner[/vc_column_text][/vc_row]", "Inner"),
        ("[toc]\n\nText", "Text"),
        ('[button link="/book"]Book now[/button]', "Book now"),
        ("He said [sic] so [1], [...] and [citation needed].", "He said [sic] so [1], [...] and [citation needed]."),
        ("Type [[gallery]] here", "Type [gallery] here"),
        ("[vc_raw_html]JTNDc2NyaXB0JTNF[/vc_raw_html]Text", "Text"),
        ("[embed]https://video.test/1[/embed]", "https://video.test/1"),
        ('[caption id="x" width="10"]<img src="a.jpg"> The view[/caption]', "The view"),
        ('[caption caption="Old style"]<img src="a.jpg">[/caption]', "Old style"),
        ("[caption]no end", "[caption]no end"),
    ],
)
def test_shortcodes_leave_what_they_enclose(content, text):
    assert " ".join(markup.parse(render(content)).text_content().split()) == " ".join(text.split())


def test_a_caption_is_a_figure():
    tree = markup.parse(render('[caption id="x"]<a href="/big"><img src="a.jpg"></a> The <em>view</em>[/caption]'))
    assert tree.xpath("count(//figure/a/img)") == 1
    assert tree.xpath("normalize-space(//figure/figcaption)") == "The view"


@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<pre>", "[a]", "[/a]", "[caption]", "<!--", "-->", "x", "\n\n", "<li>", "]"])
    )
)
def test_any_body_can_be_rendered(pieces):
    render("".join(pieces))


@pytest.mark.parametrize(
    "piece", ["<!--", "<pre>", "[caption]", "[a ", "<div>", "[vc_raw_html]", "[embed]http://", "[["]
)
def test_a_body_made_to_be_slow_is_not(piece):
    import time

    before = time.process_time()
    render(piece * 20_000)
    assert time.process_time() - before < 5
