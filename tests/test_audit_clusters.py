from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.audit.corpus import Paragraph
from indexer.audit.similarity.clusters import near_duplicates
from indexer.audit.similarity.containment import containment, only_a_sentence
from indexer.audit.similarity.groups import gather
from indexer.audit.similarity.variants import diff, is_reworded, steps
from scraper.text.words import masked_words, plain_words

CALL = (
    "Ready to feel better? Call our Denver office at (303) 555-0100 to book your first visit with Aster Clinic today."
)
LEGAL = "This article is for information only and is no medical advice; always ask a doctor of your own before any treatment."


def groups_of(*texts):
    paragraphs = [Paragraph(post, SimpleNamespace(text=text, heading=0)) for post, text in enumerate(texts)]
    return [set(group.members) for group in gather(paragraphs, len(texts), 0.45)]


def test_copies_that_differ_in_case_space_and_numbers_are_one_group():
    texts = [CALL, CALL.upper(), CALL.replace(" ", "\u00a0"), CALL.replace("555-0100", "555-9999"), LEGAL]
    assert near_duplicates(texts) == [[0, 1, 2, 3]]


def test_paragraphs_that_share_one_sentence_stay_apart():
    shared = "The agency counted every visit to the site in the first three months of the year and told the public."
    one = f"{shared} Later the team moved to another building, where nobody knew them. They liked the new garden."
    other = f"A baker opens at five. His bread is gone by nine, and then he sleeps until noon every day. {shared}"
    assert near_duplicates([one, other]) == []
    assert groups_of(one, other) == []


def test_a_long_chain_of_small_changes_does_not_join_its_ends():
    words = [f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(120)]
    chain = [" ".join(words[start : start + 30]) for start in range(0, 80, 5)]
    found = groups_of(*chain)
    assert not any({0, len(chain) - 1} <= group for group in found)


def test_a_block_glued_from_two_calls_stands_in_both_groups():
    texts = [CALL] * 5 + [LEGAL] * 5 + [f"{CALL} {LEGAL}"]
    found = groups_of(*texts)
    assert sum(10 in group for group in found) == 2


def test_a_copy_with_a_lead_in_joins_the_copies_it_was_made_from():
    texts = [CALL] * 5 + [f"The weather in the mountains was lovely all week and nobody complained about it. {CALL}"]
    assert groups_of(*texts) == [{0, 1, 2, 3, 4, 5}]


def test_a_paragraph_on_one_post_is_no_group():
    assert groups_of(CALL, LEGAL) == []


def test_headings_of_three_words_are_no_group():
    assert groups_of(*["What to know"] * 9) == []


def test_text_without_spaces_is_compared_by_its_signs():
    text = "診療所は今日も開いています。ご予約はお電話でお願いします。"
    assert near_duplicates([text, text + "また", "まったく別の文章がここにあります。"]) == [[0, 1]]


@given(st.text(st.characters(codec="cp1252"), max_size=60))
def test_western_text_has_the_same_words_by_table_and_by_pattern(text):
    assert masked_words(text) == masked_words(f"{text} ж")[:-1]
    assert plain_words(text) == plain_words(f"{text} ж")[:-1]


def test_a_number_in_any_form_is_one_mark():
    assert masked_words("Call (303) 555-0100, route 66a") == ["call", "#", "route", "#", "a"]


def test_plain_words_keep_numbers_and_letters_of_any_script():
    assert plain_words("Route 66a_B, ÀŸß—²x") == ["route", "66a", "b", "àÿß", "²x"]
    assert plain_words("Дом 5, 日本") == ["дом", "5", "日本"]


def test_text_without_words_does_not_break_the_grouping():
    assert near_duplicates(["", "  ", "!!!", "12 34"]) == [[0, 1, 2]]


@given(st.lists(st.text(max_size=80), max_size=12))
@settings(max_examples=60, deadline=None)
def test_each_text_is_in_one_group_at_most_and_equal_texts_together(texts):
    found = near_duplicates(texts)
    members = [index for group in found for index in group]
    assert len(members) == len(set(members))
    place = {index: at for at, group in enumerate(found) for index in group}
    for one, text in enumerate(texts):
        for other in range(one):
            if texts[other] == text:
                assert place[one] == place[other]


def test_grouping_gives_the_same_answer_every_time():
    texts = [CALL, LEGAL, CALL.replace("Denver", "Boulder"), LEGAL.upper(), "Something else stands here for once."]
    assert near_duplicates(texts) == near_duplicates(list(texts))


def test_containment_is_nothing_where_the_shared_part_is_little_of_both():
    medoid = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t"]
    assert containment(medoid, ["a", "b", "c", "d", "x", "y", "z"]) == 0.0
    assert containment(medoid, [*medoid, "and", "more", "words"]) == 1.0


def test_two_paragraphs_with_one_sentence_in_common_are_told_from_copies():
    assert only_a_sentence("One two three four. Five six seven eight.", "Nine ten. One two three four. Red blue green.")
    assert not only_a_sentence(
        "One two three four. Five six seven.", "One two three four. Five six seven. New one here."
    )


def test_a_diff_names_words_left_out_and_put_in():
    assert diff("Call us at 1 today", "Call us at 2 today") == "Call us at [-1-] {+2+} today"


def test_other_capitals_are_no_difference():
    assert diff("Call Us Today", "call us today") == ""


@pytest.mark.parametrize(("old", "new"), [("a b c", "a x c"), ("", "a b"), ("a b", ""), ("a", "a")])
def test_the_steps_of_a_diff_make_the_new_text(old, new):
    assert " ".join(step.text for step in steps(old, new) if step.change != "out") == new


@pytest.mark.parametrize(
    ("new", "reworded"),
    [
        ("Call our Boulder office at (720) 555-0142.", False),
        ("Call our Denver and Fort Collins office at (303) 555-0100.", False),
        ("CALL OUR DENVER OFFICE AT (303) 555-0100!", False),
        ("Call our Denver office at (303) 555-0100 today.", True),
        ("Ring our Denver office at (303) 555-0100.", True),
        ("Call our office at (303) 555-0100.", False),
        ("Call our Denver office.", True),
    ],
)
def test_a_wording_with_other_names_and_numbers_is_no_other_wording(new, reworded):
    assert is_reworded(list(steps("Call our Denver office at (303) 555-0100.", new))) == reworded


@pytest.mark.parametrize(
    ("new", "reworded"),
    [
        ("March 03, 2023 by Ann Lee", False),
        ("Mar. 3, 2023 by Nora Vance", False),
        ("Friday, March 3, 2023 by Ann Lee", False),
        ("Sept 2023 by Ann Lee", False),
        ("3 March 2023 by Ann Lee", False),
        ("Updated March 03, 2023 by Ann Lee", True),
        ("March with us, by Ann Lee", True),
        ("March Madness by Ann Lee", True),
        ("March 03, 2023, reviewed by Ann Lee", True),
    ],
)
def test_another_date_at_the_beginning_is_no_other_wording(new, reworded):
    assert is_reworded(list(steps("December 04, 2024 by Nora Vance", new))) == reworded


def test_another_verb_before_a_number_is_another_wording():
    assert is_reworded(list(steps("Call (303) 555-0100 today.", "Ring (720) 555-0142 today.")))
