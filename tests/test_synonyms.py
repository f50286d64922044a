from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.search.words.abbreviations import ABBREVIATIONS
from indexer.search.words.acronyms import definitions
from indexer.search.words.synonyms import SEPARATOR, SynonymsError, combined, read
from indexer.stopwords import STOP_WORDS

shipped = combined((), ())


def test_an_abbreviation_and_what_it_stands_for_find_one_another():
    assert "post traumatic stress disorder" in shipped.of("PTSD")
    assert "ptsd" in shipped.of("post-traumatic stress disorder")
    assert "intravenous" in shipped.of("iv")


def test_no_shipped_abbreviation_is_an_everyday_word():
    short = {line.partition(":")[0].lower() for line in ABBREVIATIONS.strip().splitlines()}
    assert not short & (STOP_WORDS["en"] | {"act", "bed", "sad", "aid", "cat", "fit", "pet", "care", "rest"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("She lives with complex regional pain syndrome (CRPS).", {"CRPS = complex regional pain syndrome"}),
        ("Post-Traumatic Stress Disorder (PTSD) is", {"PTSD = post-traumatic stress disorder"}),
        ("selective serotonin reuptake inhibitors (SSRIs)", {"SSRI = selective serotonin reuptake inhibitors"}),
        ("the Department of Veterans Affairs (VA)", {"VA = veterans affairs"}),
        ("TMS (transcranial magnetic stimulation) helps", {"TMS = transcranial magnetic stimulation"}),
        ("as shown (Figure) and told (see CRPS)", set()),
        ("no bracket at all", set()),
        ("a pain (CRPS)", set()),
    ],
)
def test_what_a_blog_explains_is_learnt(text, found):
    assert definitions(text) == found


def test_what_the_blog_says_replaces_what_is_shipped():
    own = combined((), ("RA = recovery assistant",))
    assert own.of("ra") == ("recovery assistant",)


def test_what_the_clinic_says_replaces_both():
    own = combined((("RA", ("rapid access",)), ("IV", ())), ("RA = recovery assistant",))
    assert own.of("ra") == own.of("RA") == ("rapid access",)
    assert own.of("iv") == ()
    assert own.of("rapid-access") == ("ra",)


def test_a_list_is_read_from_its_file(tmp_path):
    path = tmp_path / "synonyms.toml"
    assert read(path) == {}
    path.write_text('PTSD = ["shell shock", "trauma"]\n"vitamin drip" = "IV therapy"\n')
    assert read(path) == {"PTSD": ("shell shock", "trauma"), "vitamin drip": ("IV therapy",)}


@pytest.mark.parametrize("text", ["PTSD = 7", "PTSD = [1]", "PTSD", "[a]\nb = 1", '"a" = {b = "c"}'])
def test_a_list_that_is_none_is_explained(tmp_path, text):
    path = tmp_path / "synonyms.toml"
    path.write_text(text)
    with pytest.raises(SynonymsError, match="Each line is"):
        read(path)


@given(st.text())
def test_any_text_can_be_searched_for_definitions(text):
    for pair in definitions(text):
        short, _, long = pair.partition(SEPARATOR)
        assert short and long
