from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import analyzer
from indexer.search.snippet import LENGTH, Source, Wanted, best

english = analyzer("en")


def passage(texts, *words):
    wanted = Wanted({term: 1.0 for word in words for term in english.terms(word)})
    found = best(map(Source, [texts] if isinstance(texts, str) else texts), wanted, english)
    return found.text, [found.text[start:end] for start, end in found.marks]


def test_every_form_of_a_word_is_marked():
    assert passage("One infusion. Two Infusions follow.", "infusion") == (
        "One infusion. Two Infusions follow.",
        ["infusion", "Infusions"],
    )


def test_the_paragraph_with_most_different_words_is_chosen():
    texts = ["Pain, pain and more pain.", "What ketamine costs for chronic pain."]
    assert passage(texts, "ketamine", "pain")[0] == texts[1]


def test_a_long_paragraph_is_cut_at_sentences():
    text = (
        "Nothing of interest is said here at all, at some length. " * 6
        + "Ketamine helps. "
        + "And so on it goes. " * 20
    )
    shown, marked = passage(text, "ketamine")
    assert marked == ["Ketamine"]
    assert shown.startswith(("Nothing", "Ketamine", "And"))
    assert shown.endswith(".")
    assert len(shown) <= LENGTH


def test_a_long_sentence_is_cut_at_words_and_says_so():
    text = "word " * 100 + "ketamine " + "word " * 100
    shown, marked = passage(text, "ketamine")
    assert shown.startswith("…word") and shown.endswith("word…")
    assert marked == ["ketamine"]
    assert len(shown) <= LENGTH + 2


def test_a_sentence_with_fewer_words_beats_a_cell_of_a_table():
    texts = ["IV ketamine", "An infusion of ketamine takes an hour."]
    assert passage(texts, "iv", "ketamine")[0] == texts[1]
    assert passage(texts[:1], "iv", "ketamine")[0] == texts[0]


def test_the_posts_own_text_comes_before_text_that_weighs_less():
    sources = [Source("Call us about ketamine and pain today.", 0.4), Source("Pain comes first.")]
    wanted = Wanted(dict.fromkeys(english.terms("ketamine pain"), 1.0))
    assert best(sources, wanted, english).text == "Pain comes first."
    assert best(sources[:1], wanted, english).text == sources[0].text


def test_without_a_match_the_post_begins():
    assert passage(["The first paragraph.", "The second."], "zebra") == ("The first paragraph.", [])


def test_a_passage_is_one_line():
    assert passage("pain\n\nin \t the neck", "neck")[0] == "pain in the neck"


def test_accents_do_not_keep_a_word_from_being_marked():
    assert passage("Un café noir", "cafe")[1] == ["café"]


def test_no_text_gives_an_empty_passage():
    assert passage([], "pain") == ("", [])


@given(st.lists(st.text(max_size=600), max_size=4), st.lists(st.sampled_from(["pain", "a", "1", "é", "x"])))
def test_marks_lie_inside_any_text_in_order(texts, words):
    wanted = Wanted({term: 1.0 for word in words for term in english.terms(word)})
    found = best(map(Source, texts), wanted, english)
    assert len(found.text) <= LENGTH + 2
    assert all(0 <= start < end <= len(found.text) for start, end in found.marks)
    assert list(found.marks) == sorted(found.marks)
