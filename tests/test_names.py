from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.facts import names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ada Long", ("Ada Long",)),
        ("By Ada Long", ("Ada Long",)),
        ("Written by: Ada Long", ("Ada Long",)),
        ("By Ada Long and Bo Short", ("Ada Long", "Bo Short")),
        ("Ada Long, Bo Short & Cy Mid", ("Ada Long", "Bo Short", "Cy Mid")),
        ("Posted on March 5, 2024 by Ada Long", ("Ada Long",)),
        ("Ada Long, Senior Editor", ("Ada Long",)),
        ("Ada Long | Editor in Chief", ("Ada Long",)),
        ("Ada Long (Editor)", ("Ada Long",)),
        ("Ada Long, MD, PhD", ("Ada Long, MD, PhD",)),
        ("Center for Drug Evaluation and Research", ("Center for Drug Evaluation and Research",)),
        ("The Clinic Team", ("The Clinic Team",)),
        ("Will Judd", ("Will Judd",)),
        ("April May", ("April May",)),
        ("https://social.example/ada", ()),
        ("ada@clinic.example", ()),
        ("@ada", ()),
        ("admin", ()),
        ("", ()),
        ("42", ()),
    ],
)
def test_names_are_told_from_what_stands_around_them(text: str, found: tuple[str, ...]) -> None:
    assert names.clean(text) == found


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Von Ada Long"),
        ("fr", "Par Ada Long"),
        ("es", "Por Ada Long"),
        ("nl", "Door Ada Long"),
        ("it", "di Ada Long"),
    ],
)
def test_a_lead_word_counts_in_its_language(language: str, text: str) -> None:
    assert names.clean(text, language) == ("Ada Long",)
    assert names.split_lead(text, "en") == (False, text)


def test_a_label_alone_leads_in_what_follows() -> None:
    assert names.split_lead("Written by") == (True, "")
    assert names.split_lead("Posted by:") == (True, "")


@pytest.mark.parametrize("label", ["Pubblicato da", "Publicado por", "Verfasst von", "Escrito por:", "Skrevet av"])
def test_a_label_of_the_theme_is_one_in_any_language(label: str) -> None:
    assert names.split_lead(label, "en") == (True, "")
    assert names.clean_shown(label, "en") == ()


def test_a_name_with_a_small_word_is_no_label() -> None:
    assert names.split_lead("Author da Silva", "pt") == (True, "da Silva")


@pytest.mark.parametrize("text", ["Photo by Ada Long", "Reviewed by Ada Long", "Powered by WordPress"])
def test_other_work_on_a_page_makes_no_author(text: str) -> None:
    assert names.clean_shown(text) == ()


@pytest.mark.parametrize(
    "text", ["5 min read", "Read more about our clinic", "March 5, 2024", "Share this post", "This is a sentence."]
)
def test_words_on_a_page_that_are_no_name_are_left_out(text: str) -> None:
    assert names.clean_shown(text) == ()


def test_nobody_joins_to_none() -> None:
    assert names.join([]) is None
    assert names.join(["Ada Long", "Bo Short", "Ada Long"]) == "Ada Long, Bo Short"


@given(st.text())
def test_no_text_raises_and_no_name_is_empty(text: str) -> None:
    assert all(name.strip() for name in names.clean(text))
    assert all(name.strip() for name in names.clean_shown(text, "de"))


@pytest.mark.parametrize(
    ("language", "line", "name"),
    [
        ("de", "Von Dr. med. Ada Long", "Dr. Ada Long"),
        ("de", "Autorin: Prof. Dr. rer. nat. Ada Long", "Prof. Dr. Ada Long"),
        ("fr", "Par le Dr Ada Long", "Dr Ada Long"),
        ("es", "Por la Dra. Ada Long", "Dra. Ada Long"),
        ("ja", "取材・文：山田太郎", "山田太郎"),
        ("it", "Di La Porta", "La Porta"),
    ],
)
def test_a_doctor_is_named_without_faculty_and_article(language: str, line: str, name: str) -> None:
    is_led, rest = names.split_lead(line, language)
    assert is_led
    assert names.clean_shown(rest, language) == (name,)
