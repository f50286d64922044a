from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import analyzer, fold_label, language_code, language_named

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


def test_scripts_without_spaces_are_split_by_sign():
    assert analyzer("ja").terms("東京") == ["東", "京"]


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
    assert all(one.end <= other.start for one, other in itertools.pairwise(words))


@given(st.text(alphabet="abé½²\n' -50mgi", max_size=60), st.sampled_from(["a", "ab", "50", "mg", "gi"]))
def test_looking_for_beginnings_finds_the_words_that_have_them(text, start):
    term = english.term(start)
    all_words = list(english.words(text))
    found = english.matches(text, {term}, {start})
    assert found == sorted(found)
    assert set(found) <= {(word.start, word.end, word.term) for word in all_words if word.term == term}
    assert {(word.start, word.end, term) for word in all_words if word.surface == start} <= set(found)
