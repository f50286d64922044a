from __future__ import annotations

import random
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime

import gate_pages
import pytest

from scraper import extract_article, reasons
from scraper.extract import extract
from scraper.model import Metadata, Page, Role

URL = "https://wharf.example/stories/the-green-boat"


def kept(article):
    return [block.text for block in article.blocks if block.kept]


def of(article, text):
    return next(block for block in article.blocks if text in block.text)


def with_box(box):
    html = gate_pages.page("magazine", "long")
    return html.replace('<ul class="tag-list">', f'{box}<ul class="tag-list">')


def plain(text, **facts):
    when = datetime(2026, 1, 1, tzinfo=UTC)
    headers = (("content-type", "text/plain; charset=utf-8"),)
    return Page("wharf.example", URL, URL, 200, headers, text.encode(), when, **facts)


def test_an_article_has_text_and_metadata():
    article = extract_article(gate_pages.page("wordpress", "long"), URL)
    assert article.title == "The green boat"
    assert article.text.startswith("The tide table on the kitchen wall")
    assert article.url == URL


def test_bytes_and_text_give_the_same_article():
    html = gate_pages.page("modules", "russian")
    assert extract_article(html.encode(), URL) == extract_article(html, URL)


def test_an_article_is_the_same_in_threads_and_processes():
    pages = [gate_pages.page(theme, "long") for theme in gate_pages.THEMES]
    alone = [extract_article(html, URL) for html in pages]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(extract_article, pages, [URL] * len(pages))) == alone
    with ProcessPoolExecutor(1) as pool:
        assert pool.submit(extract_article, pages[0], URL).result() == alone[0]


@pytest.mark.parametrize("post", ["list", "table", "quotes", "code", "pictures", "long"])
@pytest.mark.parametrize("theme", ["wordpress", "bare", "modules", "tables"])
def test_lists_tables_quotes_code_captions_and_headings_are_kept(theme, post):
    text = extract_article(gate_pages.page(theme, post), URL).text
    assert [piece for piece in gate_pages.gold(post).split("\n\n") if piece not in text] == []


def test_code_keeps_its_lines():
    text = extract_article(gate_pages.page("wordpress", "code"), URL).text
    assert 'total = 0\nwith open("measures.txt") as lines:\n    for line in lines:' in text


def test_headings_keep_their_level():
    article = extract_article(gate_pages.page("wordpress", "long"), URL)
    assert [(b.heading, b.role) for b in article.blocks if b.kept and b.heading] == [
        (2, Role.HEADING),
        (3, Role.HEADING),
    ]


def test_the_title_is_not_repeated_in_the_text():
    article = extract_article(gate_pages.page("wordpress", "long"), URL)
    assert (of(article, "The green boat").kept, of(article, "The green boat").reason) == (False, reasons.TITLE)


@pytest.mark.parametrize(
    ("box", "line", "role"),
    [
        (
            '<div class="social-sharing"><a href="/1">Vorzeigen</a> <a href="/2">Zwitschern</a></div>',
            "Vorzeigen",
            "widget",
        ),
        (
            '<div class="subscribe-form"><h4>Der Brief vom Kai</h4><p>Jeden zweiten Freitag.</p><button>Her damit</button></div>',
            "Jeden zweiten",
            "widget",
        ),
        ('<div class="post-author-bio"><p>Mara builds oars and plays the tuba.</p></div>', "Mara builds", "author"),
        (
            '<div class="related-posts"><h3>Lisez encore</h3><a href="/x">La cloche du port</a></div>',
            "La cloche",
            "related",
        ),
        ('<div id="cookie-consent"><p>Wir zählen mit.</p><button>Gut</button></div>', "Wir zählen", "legal"),
        ('<nav class="breadcrumbs"><a href="/">Quay</a> › <a href="/s">Tales</a></nav>', "Quay", "navigation"),
        ('<div class="post-tags"><a href="/t/1">keel</a> <a href="/t/2">tide</a></div>', "keel tide", "navigation"),
    ],
)
def test_what_a_theme_puts_around_a_post_is_set_aside_with_its_role_in_words_never_seen(box, line, role):
    block = of(extract_article(with_box(box), URL), line)
    assert (block.kept, block.role) == (False, Role(role))


def test_a_tracker_token_beside_the_post_is_set_aside():
    article = extract_article(with_box('<div class="zz">qzrx_pixel_81</div>'), URL)
    assert (of(article, "qzrx").kept, of(article, "qzrx").role) == (False, Role.TRACKER)


def test_comments_are_cut_off_with_their_role():
    article = extract_article(gate_pages.page("discussion", "long"), URL)
    assert (of(article, "reminded me of my father").kept, of(article, "Reply").role) == (False, Role.COMMENTS)


def test_a_call_to_action_at_the_end_of_a_post_is_kept_and_flagged():
    html = gate_pages.page("bare", "long").replace(
        "</article>", "<h2>Visit our yard</h2><p>Call us today at 555 010 7788 and ask for Nils.</p></article>"
    )
    article = extract_article(html, URL)
    assert [(of(article, text).kept, of(article, text).role) for text in ("Visit our yard", "Call us")] == [
        (True, Role.CTA),
        (True, Role.CTA),
    ]


def test_every_block_has_a_role_and_a_reason_that_can_be_told():
    for theme in gate_pages.THEMES:
        for block in extract_article(gate_pages.page(theme, "long"), URL).blocks:
            told = reasons.sentence(block.reason, block.detail, 3, 4)
            assert told not in ("", block.reason)
            assert "{" not in told


def test_a_reason_says_on_how_many_pages_and_where():
    told = reasons.sentence(reasons.REPEATED, "after", 412, 412)
    assert told.endswith("on 412 of 412 pages, after the article")


def test_a_reason_of_another_version_is_told_as_it_is():
    assert reasons.sentence("moon-phase") == "moon phase"


def test_plain_text_is_read_without_markup():
    article = extract(plain(f"zqpx\n\nThe green boat\n\n{gate_pages.gold('long')}"))
    assert article.title == "The green boat"
    assert "zqpx" not in article.text


def test_a_stated_title_wins_for_plain_text():
    assert extract(plain("One line", stated=Metadata(title="Said elsewhere"))).title == "Said elsewhere"


@pytest.mark.parametrize(
    "html",
    [
        b"",
        b"\x00\x00\x00",
        b"<",
        "\ud800",
        b"\xff\xfe\x00",
        "<html></html>",
        "<p>",
        "<table><tr><td>",
        "&#0;&#xD800;&#99999999;",
    ],
)
def test_pages_with_nothing_to_read_give_an_empty_or_short_article(html):
    assert len(extract_article(html, URL).text) < 10


@pytest.mark.parametrize(
    "html",
    [
        "<p>Here is a line of text that is kept.</p>" + "<div>" * 200_000 + "deep",
        "x" * 50_000_000,
        "word " * 200_000,
        "<p>a b c d" * 30_000,
        "<a href=x>y</a>" * 30_000,
        "<b><i>" * 50_000 + "t",
        "<div class='" + "c " * 200_000 + "'>t</div>",
        "<table>" * 5_000 + "<tr><td>x",
    ],
    ids=["nested", "one line", "one block", "many blocks", "many links", "inline", "many classes", "tables"],
)
def test_monstrous_pages_are_read_in_bounded_time(html):
    start = time.process_time()
    extract_article(html, URL)
    assert time.process_time() - start < 15


def test_mutated_pages_never_fail():
    draw = random.Random(7)
    sources = [
        gate_pages.page(theme, post).encode() for theme in gate_pages.THEMES for post in ("long", "japanese", "table")
    ]
    for _ in range(150):
        body = bytearray(draw.choice(sources))
        for _ in range(draw.randint(1, 12)):
            at, length = draw.randrange(len(body)), draw.randint(1, 200)
            kind = draw.randrange(4)
            if kind == 0:
                del body[at : at + length]
            elif kind == 1:
                body[at:at] = draw.randbytes(length)
            elif kind == 2:
                body[at:at] = body[draw.randrange(len(body)) :][:length]
            else:
                body[at:at] = draw.choice(
                    (b"<div>", b"</div>", b"<table>", b"<!--", b"<script>", b"]]>", b"\x00", b"<p")
                )
        assert extract_article(bytes(body), URL).url == URL


def test_reading_the_values_alone_loads_no_parser():
    code = "import sys, scraper.model; print([m for m in ('bs4', 'lxml', 'scrapy', 'whoosh') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_metadata_is_looked_for_in_a_bounded_part_of_a_page():
    filler = "<p>A line of the log that goes on and on.</p>"
    byline = "<p>Written by Ada Long</p>"
    assert extract_article(f"<body>{byline}{filler * 9}", URL).author == "Ada Long"
    assert extract_article(f"<body>{filler * 21_000}{byline}", URL).author is None


PARAGRAPHS = (
    "The ferry leaves at seven and comes back when the lamp on the pier is lit.",
    "Bring a coat, because the wind on the upper deck is colder than it looks.",
    "Tickets are sold on board by a man who has never been seen without his cap.",
)


def post_of(*parts):
    body = "".join(f"<div>{''.join(f'<p>{text}</p>' for text in part)}</div>" for part in parts)
    return f"<html><head><title>The ferry</title></head><body><main><h1>The ferry</h1>{body}</main></body></html>"


def test_an_article_that_the_page_holds_twice_is_kept_once():
    article = extract_article(post_of(PARAGRAPHS, PARAGRAPHS), URL)
    assert kept(article) == list(PARAGRAPHS)
    assert article.blocks[-2].reason == reasons.COPY


def test_slides_shown_for_wide_and_for_narrow_screens_are_kept_once():
    parts = [[PARAGRAPHS[0]], [PARAGRAPHS[0]], [PARAGRAPHS[1], "Third class"], [PARAGRAPHS[1], "Third class"]]
    assert kept(extract_article(post_of(*parts, [PARAGRAPHS[2]]), URL)) == [
        PARAGRAPHS[0],
        PARAGRAPHS[1],
        "Third class",
        PARAGRAPHS[2],
    ]


def test_a_sentence_that_a_post_repeats_stays():
    refrain = "And so we waited for the lamp, as everybody on the island does."
    text = (PARAGRAPHS[0], refrain, PARAGRAPHS[1], refrain, PARAGRAPHS[2], refrain)
    assert kept(extract_article(post_of(text), URL)) == list(text)


BUTTON = "<div class=card><div class=card-header><button class='btn btn-link collapsed'>{}</button></div><div class=collapse><div class=card-body>{}</div></div></div>"
QUESTIONS = {
    "May I eat before the visit?": "Until six hours before it.",
    "Who takes me home?": "A friend has to drive you.",
}


@pytest.mark.parametrize("named", ["accordion", "wp-block-faq", "faq_list collapsible"])
@pytest.mark.parametrize("after", ["", "<p>" + "What else the nurses said about the night. " * 6 + "</p>"])
def test_questions_that_open_on_a_click_are_text_where_they_follow_it(named, after):
    entries = "".join(BUTTON.format(*item) for item in QUESTIONS.items())
    text = "<p>" + "The nurses kept the lamps low until the first bus came past the gate. " * 6 + "</p>"
    body = f"<nav><div class='{named}'>{BUTTON.format('Services', 'Knees and hips')}</div></nav><article><h1>Nights</h1>{text}<div class='{named}'>{entries}</div>{after}</article>"
    article = extract_article(
        f"<html><head><title>Nights</title></head><body>{body}</body></html>", "https://a.test/nights/"
    )
    kept = "\n".join(block.text for block in article.blocks if block.kept)
    assert all(line in kept for item in QUESTIONS.items() for line in item)
    assert "Knees and hips" not in kept
