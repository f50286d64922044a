from __future__ import annotations

import json

import pytest

from scraper.blocks import outline
from scraper.extract import extract_article
from scraper.markup import parse

PARTS = (
    "A slow morning begins with the kettle, and with a window that stands open long enough to let the night out.",
    "Nobody in the house asks for anything before nine, so that the first hour belongs to the cat and to the bread.",
    "By ten the street is loud, the post has come, and whoever wanted to write a letter has written it already.",
)
PARAGRAPHS = "".join(f"<p>{part}</p>" for part in PARTS)
ADDRESS = "desk@morning.example"


def texts(markup: str) -> list[str]:
    return outline(parse(f"<html><body>{markup}</body></html>")).texts


def scrambled(text: str, key: int = 0x4B) -> str:
    return f"{key:02x}" + "".join(f"{ord(sign) ^ key:02x}" for sign in text)


@pytest.mark.parametrize("attribute", ["shadowrootmode='open'", "shadowrootmode=closed", "shadowroot=open"])
def test_what_a_declarative_shadow_root_holds_is_shown(attribute):
    assert texts(f"<a-post><template {attribute}><style>p {{}}</style>{PARAGRAPHS}</template></a-post>") == list(PARTS)


def test_a_shadow_root_in_a_shadow_root_is_shown():
    inner = f"<a-post><template shadowrootmode=open>{PARAGRAPHS}</template></a-post>"
    assert texts(f"<an-app><template shadowrootmode=open>{inner}</template></an-app>") == list(PARTS)


def test_the_hosts_own_content_stands_in_the_slots_and_nowhere_else():
    root = "<template shadowrootmode=open><h2><slot name=head></slot></h2><slot></slot><p>The end.</p></template>"
    host = f"<a-post>{root}<p>{PARTS[0]}</p><b slot=head>Mornings</b><i slot=gone>Not shown</i></a-post>"
    assert texts(host) == ["Mornings", PARTS[0], "The end."]


def test_what_no_slot_takes_is_not_shown_and_an_empty_slot_shows_its_own():
    root = "<template shadowrootmode=open><slot name=head>Untitled</slot></template>"
    assert texts(f"<a-post>{root}<p>{PARTS[0]}</p></a-post>") == ["Untitled"]


def test_a_template_without_a_shadow_root_stays_unseen():
    assert texts(f"<p>{PARTS[0]}</p><template><p>{PARTS[1]}</p></template>") == [PARTS[0]]


@pytest.mark.parametrize(
    "markup",
    [
        f'<a class="__cf_email__" href="/cdn-cgi/l/email-protection" data-cfemail="{scrambled(ADDRESS)}">[email&#160;protected]</a>',
        f'<span data-cfemail="{scrambled(ADDRESS).upper()}">[email protected]</span>',
        f'<a href="/cdn-cgi/l/email-protection#{scrambled(ADDRESS)}">[email&nbsp;protected]</a>',
        f'<a href="https://a.example/cdn-cgi/l/email-protection#{scrambled(ADDRESS + "?subject=Hello")}">[email protected]</a>',
        f'<a href="/cdn-cgi/l/email-protection#{scrambled(ADDRESS)}"><span data-cfemail="{scrambled(ADDRESS, 1)}">[email protected]</span></a>',
    ],
)
def test_a_scrambled_address_is_shown(markup):
    assert texts(f"<p>Write to {markup} before noon.</p>") == [f"Write to {ADDRESS} before noon."]


def test_the_words_of_a_link_to_a_scrambled_address_stay():
    link = f'<a href="/cdn-cgi/l/email-protection#{scrambled(ADDRESS)}">write to us</a>'
    tree = parse(f"<html><body><p>Please {link}.</p></body></html>")
    assert outline(tree).texts == ["Please write to us."]
    assert tree.find(".//a").get("href") == f"mailto:{ADDRESS}"


@pytest.mark.parametrize("code", ["zz", "4b", "", "4b00010203"])
def test_a_code_that_is_no_address_changes_nothing(code):
    assert texts(f'<p>Write to <span data-cfemail="{code}">us</span>.</p>') == ["Write to us."]


MATHML = (
    "<math><semantics><mrow><mi>d</mi><mo>=</mo><mn>7</mn></mrow><annotation encoding='application/x-tex'>d=7</annotation>"
    "</semantics></math>"
)
DRAWN = "<span class='mord'>d</span><span>=</span><span>7</span>"
SOURCE = "<script type='math/tex'>d=7</script>"
FORMULAS = {
    "MathML": MATHML,
    "KaTeX": f"<span class=katex><span class=katex-mathml>{MATHML}</span><span class=katex-html aria-hidden=true>{DRAWN}</span></span>",
    "KaTeX drawn only": f"<span class=katex><span class=katex-html aria-hidden=true>{DRAWN}</span></span>",
    "KaTeX MathML only": f"<span class=katex>{MATHML}</span>",
    "MathJax 3": f"<mjx-container jax=CHTML><mjx-math aria-hidden=true><mjx-mi></mjx-mi></mjx-math><mjx-assistive-mml>{MATHML}</mjx-assistive-mml></mjx-container>",
    "MathJax 2": f"<span class=MathJax_Preview>d=7</span><span class=MathJax>{DRAWN}<span class=MJX_Assistive_MathML>{MATHML}</span></span>{SOURCE}",
    "MathJax 2, drawn for eyes": f"<span class=MathJax aria-hidden=true>{DRAWN}</span>{SOURCE}",
    "MathJax not run": SOURCE,
    "MathJax not run, with a preview": f"<span class=MathJax_Preview>d=7</span>{SOURCE}",
    "MediaWiki": f"<span class=mwe-math-element><span class='mwe-math-mathml-inline' style='display: none;'>{MATHML}</span><img alt='{{\\displaystyle d=7}}' src=a.svg></span>",
    "an image": "<img class='latex' alt='d=7' src='a.png'>",
}  # fmt: skip


@pytest.mark.parametrize("kind", FORMULAS)
def test_a_formula_is_text_once(kind):
    (text,) = texts(f"<p>The dose is {FORMULAS[kind]} each day.</p>")
    assert text.replace(" ", "") == "Thedoseisd=7eachday."


def test_an_image_that_is_no_formula_gives_no_text():
    assert texts("<p>See <img class='photo' alt='A cat' src=a.png> this, in latex.</p>") == ["See this, in latex."]


@pytest.mark.parametrize(
    "names",
    ["sr-only", "screen-reader-text", "visually-hidden", "u-visually-hidden", "VisuallyHidden_root__3x", "is-sr-only",
     "elementor-screen-only", "element-invisible", "a11y-hidden", "off-screen", "govuk-visually-hidden", "show-for-sr",
     "wp-block-button__screen-reader-text", "assistive-text"],
)  # fmt: skip
@pytest.mark.parametrize("tag", ["span", "small", "i"])
def test_what_only_screen_readers_say_in_a_line_is_no_text(names, tag):
    line = f"<p>Read <a href=/x>the guide<{tag} class='{names}'> (opens in a new tab)</{tag}></a> first.</p>"
    assert texts(line) == ["Read the guide first."]


def test_what_is_clipped_away_in_a_line_is_no_text():
    style = "position:absolute; width:1px; height:1px; overflow:hidden; clip: rect(0, 0, 0, 0)"
    assert texts(f"<p>Read this<span style='{style}'> (opens in a new tab)</span> first.</p>") == ["Read this first."]
    assert texts("<p>Read <span style='clip: rect(0, 90px, 40px, 0)'>this</span> first.</p>") == ["Read this first."]


def linked(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


@pytest.mark.parametrize(
    "data",
    [
        linked({"@type": "BlogPosting", "articleBody": "\n\n".join(PARTS)}),
        linked({"@graph": [{"@type": "WebSite", "name": "Rooms"}, {"@type": ["Article"], "articleBody": PARAGRAPHS}]}),
        linked([{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "articleBody": "\n".join(PARTS)}}]),
        f"<noscript><main><h1>Mornings</h1>{PARAGRAPHS}</main></noscript>",
    ],
)
def test_a_short_post_is_read_from_the_data_that_call_it_an_article_or_by_the_pages_title(data):
    page = f"<html><head><title>Mornings</title>{data if 'ld+json' in data else ''}</head><body><div id=app></div>{'' if 'ld+json' in data else data}</body></html>"
    assert extract_article(page, "https://rooms.example/mornings").text.split("\n\n")[-3:] == list(PARTS)


def test_of_several_articles_in_the_data_none_is_taken_for_the_pages_own():
    others = [{"@type": "BlogPosting", "articleBody": part} for part in PARTS]
    page = f"<html><head><title>Blog</title>{linked(others)}</head><body><div id=app></div></body></html>"
    assert not extract_article(page, "https://rooms.example/blog/").text


@pytest.mark.parametrize("names", ["screening", "sr-title", "hidden-gem", "reader"])
def test_a_class_that_only_resembles_such_a_name_hides_nothing(names):
    assert texts(f"<p>Read <span class='{names}'>this</span> first.</p>") == ["Read this first."]
