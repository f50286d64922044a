from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scraper.blocks import outline
from scraper.extraction import soup
from scraper.markup import parse

PIECES = (
    "<p>",
    "</p>",
    "<div class='c d' id=e>",
    "</div>",
    "<a href=x>",
    "</a>",
    "<a hidden>",
    "<br>",
    "<br> ",
    "<b>",
    "</b>",
    "<span style='display:none'>",
    "</span>",
    "<pre>",
    "</pre>",
    "<li>",
    "<table><tr><td>",
    "</table>",
    "<script>s</script>",
    "<img>",
    "<o:p>",
    "word ",
    "Two",
    "tail\n  x",
    " ",
    "\n",
    "\u00ad",
    "語",
)


def read(html, kept=None):
    page = outline(parse(html))
    found = soup.read(page, kept or [True] * len(page.texts))
    return page, found


def test_a_block_is_read_with_its_text_and_path():
    _, found = read("<body><main><div id=a class='b c'><p>One <b>two</b><br>three</p></div></main>")
    assert found == {0: ("One two three", ("main", "div#a.b.c", "p"))}


def test_items_cells_captions_and_code_are_read_as_blocks():
    html = "<ul><li>a</li></ul><table><tr><td>b</td></tr></table><figcaption>c</figcaption><pre>d\n  e</pre>"
    assert [block.text for block in read(html)[1].values()] == ["a", "b", "c", "d\n  e"]


def test_branches_without_a_kept_block_are_left_out():
    _, found = read("<nav><p>menu</p></nav><article><p>one</p><div><p>box</p></div><p>two</p></article>", [0, 1, 0, 1])
    assert {number: block.text for number, block in found.items()} == {1: "one", 3: "two"}


def test_nothing_is_read_where_nothing_is_kept():
    assert read("<p>x</p>", [False])[1] == {}


@given(st.lists(st.sampled_from(PIECES), max_size=40), st.randoms(use_true_random=False))
def test_the_soup_says_the_same_as_the_survey_for_any_page_and_any_choice(pieces, draw):
    page = outline(parse("".join(pieces)))
    kept = [draw.random() < 0.5 for _ in page.texts]
    found = soup.read(page, kept)
    paths = page.paths()
    assert [n for n, keep in enumerate(kept) if keep and n not in found] == []
    for number, (text, path) in found.items():
        assert (text, path) == (page.texts[number], paths[page.owner[number]])
