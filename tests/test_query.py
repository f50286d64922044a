from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.search.query import Either, Every, Exclude, NotADayError, Quoted, Word, day, parse

TODAY = date(2026, 5, 31)


def parts(text):
    return parse(text).root.parts


def test_words_are_all_wanted():
    assert parts("ketamine cost") == (Word("ketamine"), Word("cost"))


def test_quotation_marks_of_any_kind_make_a_phrase():
    assert parts('"chronic pain"') == parts("“chronic pain”") == (Quoted("chronic pain"),)


def test_a_quotation_mark_without_its_partner_reaches_to_the_end():
    assert parts('pain "first visit') == (Word("pain"), Quoted("first visit"))


def test_a_minus_excludes_a_word_a_phrase_a_group_or_a_field():
    assert parts("-opioid") == (Exclude(Word("opioid")),)
    assert parts('-"side effects"') == (Exclude(Quoted("side effects")),)
    assert parts("-(a b)") == (Exclude(Every((Word("a"), Word("b")))),)
    assert parts("-title:cost") == (Exclude(Word("cost", "title")),)


def test_a_minus_between_spaces_or_inside_a_word_is_none():
    assert parts("pain - relief") == (Word("pain"), Word("relief"))
    assert parts("treatment-resistant") == (Word("treatment-resistant"),)


def test_or_joins_its_two_neighbours():
    assert parts("pain ketamine OR lidocaine") == (Word("pain"), Either((Word("ketamine"), Word("lidocaine"))))
    assert parts("a|b OR c") == (Either((Word("a"), Word("b"), Word("c"))),)


def test_a_group_is_a_unit():
    assert parts("(a b) OR c") == (Either((Every((Word("a"), Word("b"))), Word("c"))),)


def test_a_field_goes_before_a_word_a_phrase_or_a_group():
    assert parts("title:ketamine") == (Word("ketamine", "title"),)
    assert parts('title:"chronic pain"') == (Quoted("chronic pain", "title"),)
    assert parts("title: ketamine") == (Word("ketamine", "title"),)
    assert parts("author:(kim reyes)") == (Every((Word("kim", "author"), Word("reyes", "author"))),)


def test_what_is_no_field_is_a_word():
    assert parts("https://clinic.example") == (Word("https://clinic.example"),)
    assert parts("note:this") == (Word("note:this"),)


def test_a_star_asks_for_the_beginning_and_a_tilde_for_likeness():
    assert parts("infus*") == (Word("infus", prefix=True),)
    assert parts("ketamin~ ketamin~2") == (Word("ketamin", fuzzy=True), Word("ketamin", fuzzy=True))


@pytest.mark.parametrize(
    "text", ["", "   ", "*", "~", "-", '""', "()", ")(", "OR", "AND", "NOT", "title:", "-:", "((((", "|"]
)
def test_signs_alone_ask_for_nothing(text):
    assert all(isinstance(atom, Word | Quoted) for atom in parse(text).atoms)
    assert not [atom for atom in parse(text).atoms if atom.text not in ("OR", "NOT", "AND", "title:")]


def test_a_shell_word_with_spaces_is_a_phrase_among_others_and_a_query_alone():
    assert parse(["ketamine", "treatment resistant"]).root.parts == (Word("ketamine"), Quoted("treatment resistant"))
    assert parse(["ketamine -cost"]).root.parts == (Word("ketamine"), Exclude(Word("cost")))
    assert parse(["pain", "title:first visit"]).root.parts == (Word("pain"), Quoted("first visit", "title"))


def test_the_text_is_kept_as_typed():
    assert parse('  ketamine   "Chronic  pain" ').text == 'ketamine "Chronic pain"'


def test_a_thousand_brackets_are_read():
    assert parse("(" * 1000 + "pain" + ")" * 1000).text


def test_wanted_words_leave_out_the_excluded():
    assert [atom.text for atom in parse("a -(b c) (d OR -e)").atoms] == ["a", "d"]


@given(st.one_of(st.text(), st.text(alphabet='ab"()-|*~: \tOR'), st.lists(st.text(alphabet='ab "()-:~*'))))
def test_anything_can_be_typed(text):
    query = parse(text)
    assert isinstance(query.root, Every)
    assert all(atom.text for atom in query.atoms)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-05-17", date(2023, 5, 17), date(2023, 5, 17)),
        ("17.5.2023", date(2023, 5, 17), date(2023, 5, 17)),
        ("May 2023", date(2023, 5, 1), date(2023, 5, 31)),
        ("17 May 2023", date(2023, 5, 17), date(2023, 5, 17)),
        ("sept 3rd, 2023", date(2023, 9, 3), date(2023, 9, 3)),
        ("last year", date(2025, 1, 1), date(2025, 12, 31)),
        ("this month", date(2026, 5, 1), date(2026, 5, 31)),
        ("last month", date(2026, 4, 1), date(2026, 4, 30)),
        ("yesterday", date(2026, 5, 30), date(2026, 5, 30)),
        ("3 months ago", date(2026, 2, 28), date(2026, 2, 28)),
        ("two years ago", date(2024, 5, 31), date(2024, 5, 31)),
        ("10d", date(2026, 5, 21), date(2026, 5, 21)),
        ("last 6 months", date(2025, 11, 30), date(2026, 5, 31)),
    ],
)
def test_a_date_is_read_as_people_write_it(text, first, last):
    assert (day(text, today=TODAY), day(text, end=True, today=TODAY)) == (first, last)


@pytest.mark.parametrize("text", ["someday", "", "2023-13", "2023-02-30", "9999 years ago", "0000", "x 2023", "last"])
def test_what_is_no_date_is_said_to_be_none(text):
    with pytest.raises(NotADayError, match="is not a date"):
        day(text, today=TODAY)


@given(st.text(alphabet="0123456789-./ adghlmnoprstuwy", max_size=20), st.booleans())
def test_any_text_is_a_day_or_a_clear_error(text, end):
    try:
        assert isinstance(day(text, end, TODAY), date)
    except NotADayError as error:
        assert str(error).endswith(".")
