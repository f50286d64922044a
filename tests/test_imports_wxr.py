from __future__ import annotations

import gzip
import json
import re
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_imports import left_out, options, put, read, urls

from scraper import markup
from scraper.imports import read_paths
from scraper.imports.wordpress.body import render

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


def meta(key, value):
    return (
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
    )


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
    assert stated.edit_url == "https://clinic.test/blog/wp-admin/post.php?post=1&action=edit"
    assert not failures


def test_the_reference_body_is_the_body_and_the_page_holds_it(tmp_path):
    (page,), _ = read(wxr(tmp_path, item(body="First.\n\nSecond <b>one</b>.")))
    assert page.reference_body == "<p>First.</p>\n<p>Second <b>one</b>.</p>"
    assert page.content_type == "text/html"
    tree = markup.parse(page.body, page.header("content-type"))
    assert tree.xpath("string(//article/h1)") == "A post"
    assert [one.text_content() for one in tree.xpath("//div[@class='entry-content']/p")] == ["First.", "Second one."]


def test_drafts_the_bin_attachments_and_menus_are_left_out_and_counted(tmp_path):
    hidden = [item(n, status=status) for n, status in enumerate(("draft", "pending", "trash", "future", "private"), 10)]
    kinds = [item(n, kind=kind) for n, kind in enumerate(("attachment", "nav_menu_item", "revision", "wp_block"), 20)]
    protected = item(30, extra="<wp:post_password><![CDATA[secret]]></wp:post_password>")
    file = wxr(tmp_path, *hidden, *kinds, protected, item(1))
    pages, failures = read(file)
    assert urls(pages) == ["https://clinic.test/blog/post-1/"]
    assert not failures
    assert left_out(file) == [
        *("1 draft", "1 post waiting for review", "1 post in the bin", "1 scheduled post", "1 private post"),
        *("1 attachment", "1 menu item", "1 revision", "1 shared block", "1 item with a password"),
    ]


def test_what_is_left_out_is_named_with_its_type_and_a_broken_item_with_its_line(tmp_path):
    resources = [item(n, kind="resources") for n in range(20, 32)]
    drafts = [item(n, status="draft") for n in range(40, 43)]
    broken = item(50).replace("]]></content:encoded>", "")
    file = wxr(tmp_path, *resources, *drafts, item(1), broken, item(2))
    line = file.read_text()[: file.read_text().index(broken)].count("\n") + 1
    pages, (failure,) = read(file)
    assert len(pages) == 2
    assert failure.url == f"export.xml:{line}"
    assert left_out(file) == ["12 published items of type resources", "3 drafts", f"1 unreadable at line {line}"]


def test_items_of_other_types_are_taken_where_they_are_asked_for(tmp_path):
    file = wxr(tmp_path, item(1), item(2, kind="resources"), item(3, kind="team"), item(4, kind="recipe"))
    assert len(read(file, types=("resources", "recipe"))[0]) == 3


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
    file = wxr(tmp_path, item(1), item(1))
    assert len(read(file)[0]) == 1
    assert left_out(file) == ["1 duplicate of posts in it"]


def test_a_post_that_stands_in_two_files_of_one_export_is_taken_once(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    pages, _ = read(wxr(one, item(1), item(2)), wxr(two, item(2), item(3)))
    assert urls(pages) == [f"https://clinic.test/blog/post-{n}/" for n in (1, 2, 3)]


def test_a_shared_block_may_stand_in_another_file_of_the_export(tmp_path):
    named = wxr(tmp_path / "one", item(1, body='<!-- wp:block {"ref":50} /-->'))
    shared = wxr(tmp_path / "two", item(50, kind="wp_block", body="<p>Call us today.</p>"), item(2))
    assert "Call us today." in read(named, shared)[0][0].reference_body


def coauthor(nicename, term):
    return f'<category domain="author" nicename="{nicename}"><![CDATA[{term}]]></category>'


def test_co_authors_are_the_authors_and_guests_have_their_names(tmp_path):
    guest = item(
        60, kind="guest-author", title="Lena Meyer", extra=meta("cap-user_login", "lena") + meta("cap-display_name", "Lena Meyer")
    ).replace("</item>", "<wp:post_name><![CDATA[cap-lena]]></wp:post_name></item>")  # fmt: skip
    both = coauthor("cap-anna", "anna") + coauthor("cap-lena", "lena")
    (page,), _ = read(wxr(tmp_path, item(1, extra=both), guest))
    assert page.stated.author == "Dr. Anna Gr\u00fcn, Lena Meyer"
    (page,), _ = read(wxr(tmp_path, item(1, extra=coauthor("tom-fox", "Tom Fox"))))
    assert page.stated.author == "Tom Fox"


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


@pytest.mark.parametrize(
    ("old", "new"), [("http://wordpress.org", "https://wordpress.org"), ('http://wordpress.org/export/1.2/"', 'urn:x"')]
)
def test_a_namespace_that_is_written_another_way_is_understood(tmp_path, old, new):
    pages, _ = read(wxr(tmp_path, item(1), item(2, status="draft"), start=START.replace(old, new)))
    assert urls(pages) == ["https://clinic.test/blog/post-1/"]


def test_an_export_in_a_zip_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("clinic.wordpress.xml", START + item() + END)
    assert urls(read(tmp_path / "export.zip")[0]) == ["https://clinic.test/blog/post-1/"]


def test_a_block_that_posts_share_stands_in_each_of_them(tmp_path):
    named = '<!-- wp:paragraph --><p>Own.</p><!-- /wp:paragraph --><!-- wp:block {"ref":50} /-->'
    shared = item(50, kind="wp_block", body="<p>Call us today.</p>")
    pages, _ = read(wxr(tmp_path, item(1, body=named), item(2, body=named), shared))
    assert [page.reference_body for page in pages] == ["<p>Own.</p><p>Call us today.</p>"] * 2


def test_blocks_that_name_each_other_come_to_an_end(tmp_path):
    loop = item(50, kind="wp_block", body='x<!-- wp:block {"ref":50} /--><!-- wp:block {"ref":50} /-->')
    (page,), _ = read(wxr(tmp_path, item(1, body='<!-- wp:block {"ref":50} /-->'), loop))
    assert page.reference_body.count("x") == 7


def test_shared_blocks_never_fill_the_memory(monkeypatch):
    monkeypatch.setattr("scraper.imports.wordpress.body._MAX_CHARACTERS", 1000)
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
    assert [page.reference_body for page in pages] == ["<p>abc</p>", "<p>caf\ufffd</p>", "<p>One paragraph.</p>"]
    assert not failures


@pytest.mark.parametrize(
    "broken",
    [
        item(2).replace("Short.", "a < b & c <b>d</i>").replace("<excerpt:encoded><![CDATA[", "<excerpt:encoded>"),
        item(2, extra="<wp:postmeta><wp:meta_key>x</wp:meta_key><wp:meta_value><!DOCTYPE html><p>a<b</wp:meta_value>"),
        item(2, body="<script>//<![CDATA[\nx\n//]]></script><p>More & more.</p>"),
        item(2).replace("]]></content:encoded>", "</content:encoded>"),
        item(2).replace("</excerpt:encoded>", ""),
        item(2, title="]]> & <![CDATA[ and"),
        item(2, extra="<!-- no end"),
        item(2).replace("</item>", ""),
        item(2)[:600] + "\n",
        item(2)[:200] + "\n",
    ],
)
def test_what_is_broken_in_one_item_costs_no_other(tmp_path, broken):
    pages, failures = read(wxr(tmp_path, item(1), broken, item(3), item(4)))
    numbers = [page.url[-2] for page in pages]
    assert [number for number in numbers if number != "2"] == ["1", "3", "4"]
    assert ("2" in numbers) == (not failures)


def test_a_section_in_a_section_keeps_its_text(tmp_path):
    (page,), _ = read(wxr(tmp_path, item(body="<p>One ]]> two.</p><![CDATA[<p>Three</p>]]> <p>four.</p>")))
    assert "four." in page.reference_body
    assert "One ]]&gt; two." in page.reference_body


def test_a_packed_export_is_read(tmp_path):
    packed = gzip.compress(wxr(tmp_path / "plain", item(1), item(2)).read_bytes())
    for folder in (tmp_path / "folder", tmp_path / "other"):
        file = put(folder, "clinic.xml.gz", packed)
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("clinic.xml.gz", packed)
    for path in (file, tmp_path / "folder", tmp_path / "export.zip"):
        assert len(read(path)[0]) == 2


def test_a_packed_export_that_was_cut_off_says_so(tmp_path):
    packed = gzip.compress(
        wxr(tmp_path / "plain", *(item(n, body=str(list(range(n, 999)))) for n in range(9))).read_bytes()
    )
    _, failures = read(put(tmp_path, "clinic.xml.gz", packed[:-4000]))
    assert failures


def test_an_export_that_was_cut_off_gives_what_came_and_a_failure(tmp_path):
    whole = wxr(tmp_path, *(item(n) for n in range(1, 6))).read_text()
    pages, (failure,) = read(put(tmp_path, "export.xml", whole[: whole.index("<wp:post_id>4")]))
    assert len(pages) == 3
    assert "cut off" in failure.reason


def test_a_post_that_is_too_long_costs_only_itself(tmp_path, monkeypatch):
    monkeypatch.setattr("scraper.imports.wordpress.items.MAX_ITEM_CHARACTERS", 10_000)
    pages, (failure,) = read(wxr(tmp_path, item(1), item(2, body="x" * 20_000), item(3)))
    assert [page.url[-2] for page in pages] == ["1", "3"]
    assert "too long" in failure.reason


@pytest.mark.parametrize("piece", ["<a>", "<![CDATA[", "<!--", "<item>", "</item>", "<a{n}>", "]]>", "<item><a"])
def test_an_export_made_to_be_slow_is_not(tmp_path, piece):
    import time

    file = wxr(tmp_path, "".join(piece.format(n=n) for n in range(30_000)), item(1))
    before = time.process_time()
    read(file)
    assert time.process_time() - before < 10


def test_other_xml_that_a_person_names_is_refused_with_a_reason(tmp_path):
    urlset = '<?xml version="1.0"?><urlset><url><loc>https://clinic.test/</loc></url></urlset>'
    pages, (failure,) = read(put(tmp_path, "sitemap.xml", urlset))
    assert not pages
    assert "only names posts" in failure.reason


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
        ("[vc_raw_html]JTNDcCUzRUhlbGxvJTNDJTJGcCUzRQ==[/vc_raw_html]Text", "Hello Text"),
        ("[embed]https://video.test/1[/embed]", "https://video.test/1"),
        ('[caption id="x" width="10"]<img src="a.jpg"> The view[/caption]', "The view"),
        (
            '[vc_custom_heading text="Sleep well" font_container="tag:h2"][vc_column_text]A[/vc_column_text]',
            "Sleep well A",
        ),
        ("[x_row][x_text]One.[/x_text][x_text]Two.[/x_text][/x_row]", "One. Two."),
        ('[faq question="Does it hurt?" answer="Hardly ever."]', "Does it hurt? Hardly ever."),
        (
            '[box title="Note" title_color="red" style="glass dark round" admin_label="Box one"]In it.[/box]',
            "Note In it.",
        ),
        ('[dropcap]K[/dropcap]etamine [tip title="A long hint"]works[/tip].', "Ketamine works."),
        ('[et_pb_toggle title="%22Well%22 %91or so%93"]Yes.[/et_pb_toggle]', '"Well" [or so] Yes.'),
        ('[vc_toggle title="Say ``yes``"]No.[/vc_toggle]', 'Say "yes" No.'),
        ('[progress values="%5B%7B%22label%22%3A%22x%22%2C%22title%22%3A%22Calm%20nights%22%7D%5D"]', "Calm nights"),
        ('[contact-form-7 id="12" title="Contact form 1"]', ""),
        ("[note title=\u201dTake care\u201d]Now.[/note]", "Take care Now."),
        ("[html_code]PHA+SGVsbG8gdGhlcmU8L3A+[/html_code]", "Hello there"),
        ("[youtube https://video.test/watch?v=1]\n\nText", "Text"),
        (
            '[cta text_align="center" animation="fade in up" button_text="Book a visit" font="Open Sans|700|||"]',
            "Book a visit",
        ),
        ('[quote_box quote="Nobody had listened before, and they did."]', "Nobody had listened before, and they did."),
        ('[caption caption="Old style"]<img src="a.jpg">[/caption]', "Old style"),
        ("[caption]no end", "[caption]no end"),
    ],
)
def test_shortcodes_leave_what_they_enclose(content, text):
    assert " ".join(markup.parse(render(content)).text_content().split()) == " ".join(text.split())


BUILT = [
    {"elType": "section", "settings": {"_title": "Row of the start page", "background_color": "#fff"}, "elements": [
        {"elType": "widget", "widgetType": "heading", "settings": {"title": "Sleep", "header_size": "h2"}, "elements": []},
        {"elType": "widget", "settings": {"editor": "<p>People slept better within a week.</p>", "align": "left"}},
        {"elType": "widget", "settings": {"tabs": [{"tab_title": "Does it hurt?", "tab_content": "<p>Hardly ever.</p>"}]}},
        {"elType": "widget", "settings": {"image": {"url": "https://x.test/a.jpg", "alt": "A nurse sits by the bed"}}},
    ]},
]  # fmt: skip


def php(value):
    """Return a value as PHP's serialize writes it."""
    if isinstance(value, str):
        return f's:{len(value.encode())}:"{value}";'
    pairs = enumerate(value) if isinstance(value, list) else value.items()
    inner = "".join((f"i:{key};" if isinstance(key, int) else php(key)) + php(one) for key, one in pairs)
    return f"a:{len(value)}:{{{inner}}}"


@pytest.mark.parametrize("stored", [json.dumps(BUILT), json.dumps(BUILT).replace('"', '\\"'), php(BUILT)])
def test_what_a_page_builder_stored_is_the_body_where_there_is_none(tmp_path, stored):
    (page,), _ = read(wxr(tmp_path, item(body="", extra=meta("_builder_data", stored))))
    words = " ".join(markup.parse(page.reference_body).text_content().split())
    assert words == "Sleep People slept better within a week. Does it hurt? Hardly ever."
    assert markup.parse(page.reference_body).xpath("normalize-space(//h3)") == "Sleep"


def test_a_body_that_says_what_the_builder_stored_stays(tmp_path):
    body = "<p>Sleep: people slept better within a week. Does it hurt? Hardly ever.</p>"
    (page,), _ = read(wxr(tmp_path, item(body=body, extra=meta("_builder_data", json.dumps(BUILT)))))
    assert page.reference_body == render(body)


def test_shortcodes_in_a_builders_field_are_the_body_where_there_is_none(tmp_path):
    stored = "[x_section x_options='{\"id\":1}'][x_text]People slept better within a week.[/x_text][/x_section]"
    (page,), _ = read(wxr(tmp_path, item(body="", extra=meta("x_shortcodes", stored))))
    assert markup.parse(page.reference_body).text_content().strip() == "People slept better within a week."


def test_footnotes_belong_to_the_post(tmp_path):
    notes = meta("footnotes", '[{"content":"A note at the foot.","id":"3b"}]')
    (page,), _ = read(wxr(tmp_path, item(body="<p>Body</p>", extra=notes)))
    assert "A note at the foot." in page.reference_body


def test_a_post_whose_builder_data_is_damaged_says_so(tmp_path):
    file = wxr(tmp_path, item(1, body="", extra=meta("_builder_data", json.dumps(BUILT)[:-40])), item(2))
    pages, (failure,) = read(file)
    assert len(pages) == 1
    assert "_builder_data, which is damaged" in failure.reason


def test_fields_of_a_field_plugin_belong_to_the_post(tmp_path):
    fields = (
        meta("intro", "The first visit takes an hour.") + meta("_intro", "field_5f1")
        + meta("faq_0_question", "Does it hurt?") + meta("_faq_0_question", "field_5f2")
        + meta("faq_0_answer", "<p>Hardly ever.</p>") + meta("_faq_0_answer", "field_5f3")
        + meta("colour", "dark") + meta("_colour", "field_5f4")
        + meta("_yoast_wpseo_metadesc", "What people find in a search engine about it.")
    )  # fmt: skip
    (page,), _ = read(wxr(tmp_path, item(body="<p>Body.</p>", extra=fields)))
    words = " ".join(markup.parse(page.reference_body).text_content().split())
    assert words == "Body. The first visit takes an hour. Does it hurt? Hardly ever."


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ('<!-- wp:acf/quote {"data":{"quote":"Nobody had listened before me.","_quote":"field_1"}} /-->', "Nobody had listened before me."),
        ('<!-- wp:seo/faq {"questions":[{"title":"Why?","content":"So."}]} --><p>Why?</p> <p>So.</p><!-- /wp:seo/faq -->', "Why? So."),
        ('<!-- wp:x/faq {"items":[{"question":["Is it ",{"type":"b","props":{"children":["safe?"]}}]}]} /-->', "Is it safe?"),
        ('<!-- wp:x/hero {"className":"wide dark","metadata":{"name":"Hero of the page"},"heading":"Rest"} /-->', "Rest"),
        ('<!-- wp:search {"label":"Search","buttonText":"Search"} /--><p>Text</p>', "Text"),
        ('<!-- wp:x/broken {"heading": --><p>Text</p>', "Text"),
    ],
)  # fmt: skip
def test_blocks_say_what_they_keep_in_their_settings(block, text):
    assert " ".join(markup.parse(render(block)).text_content().split()) == text


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
    "piece",
    [
        '<!-- wp:a/b {"',
        "[a title='x y z w']",
        "[a][/a]",
        "<!--",
        "<pre>",
        "[caption]",
        "[a ",
        "<div>",
        "[vc_raw_html]",
        "[embed]http://",
        "[[",
    ],
)
def test_a_body_made_to_be_slow_is_not(piece):
    import time

    before = time.process_time()
    render(piece * 20_000)
    assert time.process_time() - before < 5
