from __future__ import annotations

import pytest

from scraper.blocks import blocks_of_text
from scraper.model import Role, SiteProfile
from scraper.plaintext import decide, title_of

POST = "\n\n".join(
    (
        "Most people who start to run in the cold half of the year give up within the first three weeks, and the reason "
        "they name most often is that they did not know what to wear.",
        "The good news is that very little of what the shops sell is needed. Two thin layers are warmer than a thick one, "
        "and whatever you wear should feel a little too cold while you stand at your own door.",
    )
)


def kept(text, profile=None):
    blocks = blocks_of_text(text)
    return [block.text for block, made in zip(blocks, decide(blocks, profile), strict=True) if made.kept]


def role(text, line, profile=None):
    blocks = blocks_of_text(text)
    return next(made.role for block, made in zip(blocks, decide(blocks, profile), strict=True) if block.text == line)


@pytest.mark.parametrize("token", ["zqpx", "gtm-k29x81", "_hj_pixel", "lumentracker", "stat_noscript_7"])
@pytest.mark.parametrize("first", [True, False])
def test_a_token_that_is_no_word_is_dropped_at_either_edge(token, first):
    text = f"{token}\n\n{POST}" if first else f"{POST}\n\n{token}"
    assert token not in kept(text)
    assert role(text, token) is Role.TRACKER


def test_a_line_of_script_at_the_edge_is_dropped():
    text = f"{POST}\n\ntrk('event', 'PageSeen');"
    assert kept(text) == POST.split("\n\n")


@pytest.mark.parametrize(
    "widget",
    [
        ("Join The Circle", "Join The Circle", "New stories land every Friday.", "All set! See you Friday."),
        ("Nie mehr etwas verpassen", "Wir schreiben einmal im Monat.", "Geschafft! Bis bald."),
        ("Lettre du mardi", "Lettre du mardi", "Un récit par semaine, rien d'autre."),
        ("Get our newsletter", "Two letters a month, straight to your inbox.", "Thanks! Please check your email."),
        ("每週來信", "每週來信", "每個星期五寄出一封信。", "成功！我們很快就會寫信給你。"),
    ],
)
def test_a_subscribe_widget_in_words_never_seen_is_dropped_whole(widget):
    assert kept(f"{POST}\n\n" + "\n\n".join(widget)) == POST.split("\n\n")


def test_a_widget_between_paragraphs_is_dropped_too():
    first, second = POST.split("\n\n")
    widget = "Stay in the loop\n\nStay in the loop\n\nOne mail a week, no more.\n\nYou're in! Look at your mail."
    assert kept(f"{first}\n\n{widget}\n\n{second}") == [first, second]


def test_lines_that_name_networks_after_the_text_are_dropped():
    assert kept(f"{POST}\n\nFacebook\n\nLinkedIn\n\nEmail") == POST.split("\n\n")


def test_a_short_list_and_a_short_ending_are_kept():
    ending = ["What to pack", "A hat", "Gloves", "A torch", "In short", "Go out and try it today!"]
    assert kept(f"{POST}\n\n" + "\n\n".join(ending)) == [*POST.split("\n\n"), *ending]


def test_a_poem_that_repeats_no_line_at_once_is_kept():
    poem = ["The road was long", "The night was cold", "And no one came", "The road was long", "The fire was old"]
    assert kept("\n\n".join(poem)) == poem


def test_a_contact_section_is_kept_and_flagged_with_its_heading():
    text = f"{POST}\n\nVisit Northside Runners\n\nBook a first lesson with our trainers today and bring your old shoes."
    assert role(text, "Visit Northside Runners") is Role.CTA
    assert kept(text) == text.split("\n\n")


def test_recurrence_flags_and_never_drops():
    blocks = blocks_of_text(POST)
    profile = SiteProfile(pages=5, editorial={blocks[1].digest: 4})
    made = decide(blocks, profile)
    assert [decision.kept for decision in made] == [True, True]
    assert made[1].reason == "editorial"


@pytest.mark.parametrize("before", ["", "zqpx\n\n", "nine_px\n\n"])
def test_the_title_is_the_first_line_that_looks_like_a_heading_and_never_a_token(before):
    blocks = blocks_of_text(f"{before}Running in the cold\n\n{POST}")
    assert title_of(blocks, decide(blocks, None)) == "Running in the cold"


def test_a_text_without_a_heading_has_no_title():
    blocks = blocks_of_text(f"zqpx\n\n{POST}\n\nContact us\n\nCall our office today.")
    assert title_of(blocks, decide(blocks, None)) is None
