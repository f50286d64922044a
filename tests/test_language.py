from __future__ import annotations

import pytest

from scraper.text.language import Heard, LanguageEvidence, hear, settle

SPANISH = (
    "Cada paciente recibe un plan escrito y una llamada al día siguiente, y nadie espera más de media hora en la sala."
)
ENGLISH = (
    "Every patient gets a written plan and a call on the following day, and nobody waits for more than half an hour."
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (SPANISH, "es"),
        (ENGLISH, "en"),
        ("Jeder Patient bekommt einen schriftlichen Plan und wird am nächsten Tag von uns angerufen.", "de"),
        ("患者さんには説明書をお渡しし、翌日に電話でご様子をうかがいます。", "ja"),
        ("모든 환자는 서면으로 된 계획을 받고 다음 날 전화를 받습니다.", "ko"),
        ("每位病人都会收到一份书面计划，第二天我们会打电话回访。", "zh"),
        ("כל מטופל מקבל תוכנית כתובה ושיחת טלפון למחרת בבוקר.", "he"),
        ("Каждый пациент получает письменный план, а на следующий день мы ему звоним.", "ru"),
    ],
)
def test_a_paragraph_tells_its_language(text, language):
    assert hear(text).language == language


def test_what_has_no_words_says_nothing():
    assert hear("") is None
    assert hear("https://clinic.example/prezzi/ 303-555-0100") is None


def test_what_was_heard_is_written_and_read():
    heard = hear(SPANISH)
    assert Heard.from_text(str(heard)) == heard


def test_a_site_that_states_the_wrong_language_has_the_one_of_its_texts():
    posts = [LanguageEvidence("en-US", hear(SPANISH)) for _ in range(8)]
    assert settle(posts) == ["es"] * 8


def test_a_lone_post_that_states_the_wrong_language_has_the_one_of_its_text():
    assert settle([LanguageEvidence("en", hear(SPANISH))]) == ["es"]


def test_a_line_follows_its_site():
    posts = [LanguageEvidence(None, hear(SPANISH)) for _ in range(8)]
    assert settle([*posts, LanguageEvidence(None, hear("La la land")), LanguageEvidence(None, None)]) == ["es"] * 10


def test_a_post_in_another_language_keeps_its_own():
    posts = [LanguageEvidence("es", hear(SPANISH)) for _ in range(30)]
    assert settle([*posts, LanguageEvidence("es", hear(ENGLISH))])[-1] == "en"


def test_a_tag_that_names_the_language_is_kept_as_stated():
    assert settle([LanguageEvidence("es-MX", hear(SPANISH))]) == ["es-MX"]


def test_a_script_that_is_not_the_stated_language_s_speaks_against_it():
    assert settle([LanguageEvidence("en", hear("Цены"))]) != ["en"]


def test_nothing_is_said_where_nothing_speaks():
    assert settle([LanguageEvidence(None, None)]) == [None]
