"""What the kept blocks of a page say beyond their text, and how exports show it."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.present.export.markdown_text import body
from indexer.present.export.page import article_html
from indexer.store.rows import StoredArticle
from scraper.blocks import outline
from scraper.extraction.rich_text import ENCLOSING, INLINE_HTML, address, alternative, base_of, rich_text
from scraper.markup import parse
from scraper.model import ArticleBlock, Metadata, Role

BASE = "https://clinic.test/blog/post/"
PIECES = (
    *("<p>", "</p>", "<div class='c d' id=e>", "</div>", "<a href=x>", "<a href='javascript:x'>", "</a>", "<a hidden>"),
    *("<br>", "<br> ", "<b>", "</b>", "<em>", "</em>", "<span style='display:none'>", "</span>", "<pre>", "</pre>"),
    *("<ul>", "<li>", "</ul>", "<table><tr><td>", "<td>", "<th>", "<tr>", "</table>", "<dl>", "<dt>", "<dd>", "<h2>"),
    *("</h2>", "<script>s</script>", "<img>", "<img alt='A hall'>", "<o:p>", "<figure>", "<blockquote>", "<caption>"),
    *("word ", "Two", "tail\n  x", " ", "\n", "\u00ad", "語", "&lt;i&gt;", "&amp;"),
)


def read(html, kept=None):
    page = outline(parse(html))
    return page, rich_text(page, kept or [True] * len(page.texts), BASE)


def article(html):
    page, rich = read(f"<body><article>{html}</article>")
    blocks = tuple(
        ArticleBlock(text, (), index, "d", True, Role.CONTENT, "own", heading=page.headings[index])
        for index, text in enumerate(page.texts)
    )
    return StoredArticle(1, "clinic.test", BASE, None, False, Metadata(title="T"), blocks, 1, (), "d", rich)


def shown(html):
    """The HTML of an article without its title and facts, on one line."""
    return (
        re.sub(r"(?s).*?</p>\n", "", article_html(article(html)), count=1).replace("</article>", "").replace("\n", "")
    )


def text_of(html):
    without_images = re.sub(r'<span class="image">.*?</span>', "", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", without_images.replace("<br/>", " "))).split())


@given(st.lists(st.sampled_from(PIECES), max_size=40), st.data())
def test_rich_text_says_the_words_of_its_block(pieces, data):
    page = outline(parse("<body>" + "".join(pieces)))
    kept = [data.draw(st.booleans()) for _ in page.texts]
    for block in rich_text(page, kept, BASE):
        assert kept[block.position]
        if block.html:
            assert text_of(block.html).replace(" ", "") == "".join(page.texts[block.position].split())


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_rich_text_has_only_elements_and_attributes_that_are_listed(pieces):
    _, rich = read("<body>" + "".join(pieces))
    for block in rich:
        names = set(re.findall(r"</?(\w+)", block.html))
        assert names <= {*INLINE_HTML.values(), "br", "span"}
        assert set(re.findall(r"<\w+ ([^>]*?)/?>", block.html)) <= {f'href="{BASE}x"', 'class="image"'}
        assert {each.name for each in block.within} <= ENCLOSING


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_elements_are_nested_as_html_has_them(pieces):
    held_by = {"li": ("ul", "ol"), "td": ("tr",), "th": ("tr",), "tr": ("table",), "dt": ("dl",), "dd": ("dl",)}
    _, rich = read("<body>" + "".join(pieces))
    for block in rich:
        names = [each.name for each in block.within]
        for outer, inner in zip(["", *names], names, strict=False):
            assert outer in held_by.get(inner, (outer,))
        assert not names or names[-1] not in ("ul", "ol", "dl", "table", "tr")


def test_links_emphasis_and_code_stay():
    html = "<p>See <a class=x onclick=y href='../other/?a=1&b=2'>the <b>other</b></a>, <i>or</i> H<sub>2</sub>O <code>a&lt;b</code></p>"
    assert shown(html) == (
        '<p>See <a href="https://clinic.test/blog/other/?a=1&amp;b=2">the <strong>other</strong></a>, <em>or</em> '
        "H<sub>2</sub>O <code>a&lt;b</code></p>"
    )


def test_a_plain_paragraph_has_no_rich_text():
    assert read("<p>Plain <span class=x>words</span>.</p><h2>Head</h2>")[1] == ()


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("javascript:alert(1)", ""),
        (" java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("vbscript:x", ""),
        ("#notes", ""),
        ("", ""),
        (None, ""),
        ("http://", ""),
        ("https://[", ""),
        ("//other.test/a b", "https://other.test/ab"),
        ("mailto:a@clinic.test", "mailto:a@clinic.test"),
        ("tel:+13035550100", "tel:+13035550100"),
        ("/x" * 2000, ""),
        ("https://file.invalid/next.html", ""),
    ],
)
def test_an_address_leads_somewhere_else_and_runs_nothing(href, target):
    assert address(href, BASE) == target


def test_addresses_are_relative_to_the_base_that_the_page_names():
    assert base_of(parse("<head><base href='/de/'></head><p>x"), BASE) == "https://clinic.test/de/"
    assert base_of(parse("<head><base href='javascript:x'></head><p>x"), BASE) == BASE


def test_lists_keep_their_nesting():
    html = "<ul><li>one<ol><li>first</li><li>second</li></ol></li><li>two</li></ul>"
    assert shown(html) == "<ul><li>one<ol><li>first</li><li>second</li></ol></li><li>two</li></ul>"
    assert body(article(html)) == "- one\n  1. first\n  1. second\n- two\n"


def test_an_item_of_two_paragraphs_keeps_them_apart():
    html = "<ul><li><p>one</p><p>more</p></li></ul>"
    assert shown(html) == "<ul><li><p>one</p><p>more</p></li></ul>"
    assert body(article(html)) == "- one\n\n  more\n"


def test_a_table_keeps_its_rows_and_empty_cells():
    html = "<table><tr><th>Dose</th><th>Day</th></tr><tr><td></td><td>one|two</td></tr><tr><td colspan=2>all</td></tr></table>"
    assert shown(html) == (
        "<table><tr><th>Dose</th><th>Day</th></tr><tr><td></td><td>one|two</td></tr>"
        '<tr><td colspan="2">all</td></tr></table>'
    )
    assert body(article(html)) == "| Dose | Day |\n| --- | --- |\n|  | one\\|two |\n| all |  |\n"


def test_a_table_that_arranges_the_page_is_no_table():
    html = "<table><tr><td><h2>Head</h2><p>one</p></td><td><p>two</p></td></tr></table>"
    assert shown(html) == "<h2>Head</h2><p>one</p><p>two</p>"


def test_quotations_definitions_and_captions():
    html = "<blockquote><p>one</p><p>two</p></blockquote><dl><dt>term</dt><dd>meaning</dd></dl>"
    assert shown(html) == "<blockquote><p>one</p><p>two</p></blockquote><dl><dt>term</dt><dd>meaning</dd></dl>"
    assert body(article(html)) == "> one\n>\n> two\n\n**term**\n\nmeaning\n"
    assert shown("<figure><img alt='A hall'><figcaption>The hall</figcaption></figure>") == (
        '<figure><p class="image">A hall</p><p>The hall</p></figure>'
    ) or "<figcaption>" in shown("<figure><img alt='A hall'><figcaption>The hall</figcaption></figure>")


def test_an_image_is_shown_by_its_text():
    html = "<p>before the hall</p><figure><img src=a.jpg alt='A hall'></figure><p>behind <img alt='A door'> it</p>"
    assert shown(html) == (
        '<p>before the hall</p><p class="image">A hall</p><p>behind <span class="image">A door</span> it</p>'
    )
    assert body(article(html)) == "before the hall\n\n*Image: A hall*\n\nbehind *Image: A door* it\n"


@pytest.mark.parametrize("text", ["", "IMG_1234.JPG", "photo (1).webp", "123", "x" * 301, None])
def test_an_image_that_says_nothing_is_left_out(text):
    assert alternative(text) == ""


def test_line_breaks_stay_inside_a_paragraph_only():
    html = "<p><br>12 High Street<br>Denver <br></p>"
    assert shown(html) == "<p>12 High Street<br/>Denver</p>"
    assert body(article(html)) == "12 High Street  \nDenver\n"


def test_a_link_around_paragraphs_is_on_each_of_them():
    assert shown("<a href=/x><p>one</p><p>two</p></a>") == (
        '<p><a href="https://clinic.test/x">one</a></p><p><a href="https://clinic.test/x">two</a></p>'
    )


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>a <strong>bold </strong>word</p>", "a **bold** word\n"),
        ("<p><a href='https://x.test/a(b)'>one]</a></p>", "[one\\]](https://x.test/a%28b%29)\n"),
        ("<p>the <code>a `b` *c*</code></p>", "the ``a `b` *c*``\n"),
        ("<p>x <em>1 * 2</em> &lt;b&gt;</p>", "x *1 \\* 2* &lt;b>\n"),
        ("<h2>One <em>two</em></h2>", "## One *two*\n"),
    ],
)
def test_rich_text_becomes_markdown(html, markdown):
    assert body(article(html)) == markdown


def test_flagged_blocks_keep_their_bar_in_lists():
    made = article("<ul><li>Call us</li></ul>")
    flagged = replace(made, blocks=tuple(replace(block, role=Role.CTA) for block in made.blocks))
    assert '<li class="flagged">Call us</li>' in article_html(flagged)
