from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import analyzer, capital_runs, fold_label, glue_places, language_code, language_named
from scraper.text import wordforms

english = analyzer("en")


def test_forms_of_a_word_have_one_term():
    assert len(set(english.terms("infusion infusions Infusion INFUSIONS"))) == 1


def test_hyphens_separate_words():
    assert english.terms("treatment-resistant") == english.terms("Treatment resistant")


def test_a_possessive_is_its_word_with_either_apostrophe():
    assert english.terms("Alzheimer's") == english.terms("Alzheimer’s") == english.terms("alzheimer")


def test_accents_and_compatibility_forms_are_folded():
    assert english.terms("Café ﬁnance") == english.terms("cafe finance")


@pytest.mark.parametrize(("one", "other"), [("50mg", "50 mg"), ("1,000", "1000"), ("0,5", "0.5"), ("B12", "b-12")])
def test_numbers_and_units_are_written_in_several_ways(one, other):
    assert english.terms(one) == english.terms(other)


def test_stop_words_keep_their_place():
    assert english.terms("loss of hope")[1:2] == ["of"]


def test_a_soft_hyphen_does_not_split_a_word():
    assert english.terms("keta\u00admine") == english.terms("ketamine")


def test_a_language_has_its_own_stems():
    assert analyzer("de").terms("Behandlungen")[0] == analyzer("de-AT").terms("Behandlung")[0]
    assert analyzer("tlh").terms("running") == ["running"]


@pytest.mark.parametrize(
    ("language", "text", "terms"),
    [
        ("ja", "東京都に", ["東京", "都", "に"]),
        ("ja", "大都市", ["大", "都市"]),
        ("ja", "人々", ["人々"]),
        ("zh", "北京大学", ["北京", "京大", "大学", "学"]),
        ("ko", "보험으로", ["보험", "험으", "으로", "로"]),
        ("th", "ยา", ["ย", "า"]),
    ],
)
def test_scripts_without_spaces_are_cut_into_pieces(language, text, terms):
    assert analyzer(language).terms(text) == terms


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("ja", "ﾒﾝﾀﾙ", "メンタル"),
        ("ja", "ﾊﾞｽ", "バス"),
        ("fr", "l’anxiété", "l'anxiété"),
        ("fr", "traitées", "traité"),
        ("pt", "sessões", "sessão"),
        ("pt", "medicações", "medicação"),
        ("de", "Straße", "STRASSE"),
        ("de", "Ärztinnen", "Ärztin"),
        ("de", "geht´s", "geht's"),
        ("de", "1.000", "1000"),
        ("en", "1,000.5", "1000.5"),
        ("en", "1\u202f000", "1000"),
        ("en", "H₂O", "h2o"),
        ("en", "don`t", "don’t"),
        ("da", "læger", "laeger"),
        ("tr", "IŞIK", "ışık"),
        ("tr", "İLAÇ", "ilaç"),
        ("ro", "şedinţă", "ședință"),
        ("ar", "أدوية", "الأدوية"),
        ("he", "שָׁלוֹם", "שלום"),
        ("cs", "lékaři", "lékař"),
        ("pl", "lekarze", "lekarz"),
        ("hu", "orvosok", "orvos"),
        ("ru", "врачами", "врача"),
        ("sv", "läkarna", "läkare"),
        ("nl", "huizen", "huis"),
        ("ca", "l’ansietat", "l'ansietat"),
        ("it", "dell’ansia", "dell'ansia"),
    ],
)
def test_two_ways_to_write_a_word_are_one(language, one, other):
    assert analyzer(language).terms(one) == analyzer(language).terms(other)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("ja", "バス", "パス"), ("ja", "バス", "ハス"), ("en", "C++", "C"), ("th", "ไม่", "ไม้")],
)
def test_different_words_stay_apart(language, one, other):
    assert analyzer(language).terms(one) != analyzer(language).terms(other)


@pytest.mark.parametrize(
    ("language", "text", "terms"),
    [
        ("fr", "L’hôpital", ["hopital"]),
        ("fr", "aujourd’hui", ["aujourdhui"]),
        ("it", "dell’ospedale", ["ospedal"]),
        ("ca", "l’ansietat", ["ansiet"]),
        ("ko", "보험으로", ["보험", "험으", "으로"]),
        ("en", "don't", ["dont"]),
    ],
)
def test_what_is_glued_to_a_typed_word_is_not_asked_for(language, text, terms):
    assert [word.term for word in analyzer(language).asked(text)] == terms


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("a follow-up", ["followup"]),
        ("by e-mail", ["email"]),
        ("a Ph.D. in", ["phd"]),
        ("on Node.js", ["nodej"]),
        ("in the U.S. and", ["u.s"]),
        ("in the US we", ["u.s"]),
        ("CALL US NOW", []),
        ("The end.Then", []),
        ("nurse@my-clinic.example", []),
    ],
)
def test_what_is_glued_together_is_a_word_too(text, joined):
    assert [word.term for word in english.joined(text)] == joined


def test_a_language_tag_that_is_none_is_the_default():
    assert language_code("en_US") == "en"
    assert language_code("nb-NO") == language_code("no")
    assert language_code("x") == language_code(None) == language_code("12") == "en"


def test_a_language_is_named_by_a_tag_or_in_english():
    assert language_named("es-MX") == language_named("Spanish") == "es"


def test_labels_compare_without_case_accents_and_hyphens():
    assert fold_label("Chronic-Pain ") == fold_label("chronic  pain")


@given(st.text())
def test_words_stand_where_they_say_and_agree_with_the_terms(text):
    words = list(english.words(text))
    assert [word.term for word in words] == english.terms(text)
    assert all(text[word.start : word.end].strip() for word in words)
    assert all(one.start < other.start for one, other in itertools.pairwise(words))


@given(st.text(alphabet="abé½²\n' -50mgi", max_size=60), st.sampled_from(["a", "ab", "50", "mg", "gi"]))
def test_looking_for_beginnings_finds_the_words_that_have_them(text, start):
    term = english.term(start)
    all_words = list(english.words(text))
    found = english.matches(text, {term}, {start})
    assert found == sorted(found)
    assert set(found) <= {(word.start, word.end, word.term) for word in all_words if word.term == term}
    assert {(word.start, word.end, term) for word in all_words if word.surface == start} <= set(found)


MIXED = st.text(alphabet="aZéß漢1_-.\u2010\u2011?@/ \U0001f600\ud800", max_size=30)


@given(MIXED)
def test_glue_is_found_where_a_pattern_finds_it(text):
    signs = re.finditer(r"(?<=[^\W\d_])[-\u2010\u2011.](?=[^\W\d_])", text)
    assert list(glue_places(text)) == [sign.start() for sign in signs]


@given(st.text(alphabet="aABÉ1_ .?", max_size=30))
def test_capitals_are_found_where_a_pattern_finds_them(text):
    runs = re.finditer(r"[A-Z]{2,4}(?!\w)", text)
    assert [run.span() for run in capital_runs(text)] == [run.span() for run in runs]


BRITISH = ("paediatric", "oestrogen", "diarrhoea", "colours", "organise", "organisation", "analysed", "centre", "fibres",
           "meagre", "travelling", "modelled", "defence", "licences", "pretence", "practising", "programmes", "fulfils",
           "grey", "judgement", "acknowledgement", "catalogues")  # fmt: skip


@given(
    st.one_of(st.sampled_from(BRITISH), st.text("aeoursiylgntcdfbmhkp", max_size=12)), st.sampled_from(["", "s", "ed"])
)
def test_letters_looked_for_first_pass_over_no_british_spelling(word, ending):
    surface = word + ending
    wanted = surface
    for _, pattern, becomes in wordforms._AMERICAN:
        wanted = re.sub(pattern, becomes, wanted)
    assert wordforms.loose(surface, "en") == (wanted if len(surface) > 3 else surface)


def test_british_spellings_meet_american_ones():
    assert all(wordforms.loose(word, "en") != word for word in BRITISH)
