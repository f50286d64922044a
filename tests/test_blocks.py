from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scraper.blocks import outline
from scraper.markup import parse
from scraper.model import Block
from scraper.text.words import digest, fold, word_count


def blocks(html):
    page = outline(parse(html))
    paths = page.paths()
    return [
        Block(text, paths[owner], at, digest(text), page.headings[at])
        for at, (text, owner) in enumerate(zip(page.texts, page.owner, strict=True))
    ]


def texts(html):
    return [block.text for block in blocks(html)]


def test_paragraphs_headings_items_cells_captions_and_code_are_blocks_of_their_own():
    html = (
        "<h2>Head</h2><p>One <b>two</b></p><ul><li>a</li><li>b</li></ul><table><tr><th>k</th><td>v</td></tr></table>"
        "<figure><img><figcaption>c</figcaption></figure><pre>x = 1\n  y</pre><blockquote>q</blockquote>"
    )
    assert texts(html) == ["Head", "One two", "a", "b", "k", "v", "c", "x = 1\n  y", "q"]


def test_a_heading_keeps_its_level_also_below_inline_elements():
    assert [b.heading for b in blocks("<h3><a href='/'>x</a></h3><p>y</p><h2><div>z</div></h2>")] == [3, 0, 2]


def test_the_path_names_elements_from_below_the_body_with_id_and_classes():
    assert blocks('<main><div id="a" class="b c"><p>x</p></div></main>')[0].path == ("main", "div#a.b.c", "p")


def test_an_id_with_spaces_and_dots_stays_one_step():
    assert blocks('<div id="a b.c"><p>x</p></div>')[0].path == ("div#a-b-c", "p")


def test_link_density_is_the_share_of_characters_inside_links():
    assert outline(parse("<p><a href='/'>four</a>more</p>")).linked == [0.5]


def test_links_that_touch_are_two_words():
    assert texts("<p><a href='/1'>Privacy</a><a href='/2'>Terms</a></p>") == ["Privacy Terms"]


def test_letters_in_elements_of_their_own_stay_one_word():
    assert texts("<p><span>O</span><span>nce</span></p>") == ["Once"]


def test_two_line_breaks_part_paragraphs_and_one_does_not():
    assert texts("<div>a<br>b<br><br>c</div>") == ["a b", "c"]


def test_scripts_styles_and_templates_are_no_text():
    assert texts("<script>a</script><style>b</style><template>c</template><p>d</p>") == ["d"]


def test_text_beside_block_elements_is_not_lost():
    assert texts("<div>a<p>b</p>c<div>d</div>e</div>") == ["a", "b", "c", "d", "e"]


def test_invisible_characters_are_removed():
    assert texts("<p>soft\u00adware\u200b</p>") == ["software"]


def test_a_page_in_a_script_without_spaces_has_words():
    assert word_count("店主の田中さんは") == 1 + 8 / 2


def test_digests_see_through_case_space_and_punctuation():
    assert digest("Read  more, now!") == digest("read more now")


def test_digests_of_different_words_differ():
    assert digest("read more") != digest("read less")


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.lists(st.sampled_from(["<p>", "</p>", "<div>", "</div>", "<a href=x>", "</a>", "<br>", "w ", "<li>", "<b>"])))
def test_every_word_of_a_page_is_in_exactly_one_block(pieces):
    html = "".join(pieces)
    assert sum(block.text.count("w") for block in blocks(html)) == html.count("w ")


def test_a_formula_is_read_once():
    formula = (
        "<span class=katex><math><mrow><mi>d</mi><mo>=</mo><mn>47</mn></mrow>"
        "<annotation encoding='application/x-tex'>d=47</annotation></math>"
        "<span aria-hidden=true><span>d</span><span>=</span><span>47</span></span></span>"
    )
    assert outline(parse(f"<p>The dose is {formula} mg.</p>")).texts == ["The dose is d=47 mg."]


def test_words_for_screen_readers_are_no_part_of_a_line():
    html = "<p>See <a href=x>the list<span class='screen-reader-text'> (opens in a new tab)</span></a>.</p>"
    assert outline(parse(html)).texts == ["See the list."]
