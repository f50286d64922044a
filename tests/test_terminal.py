from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.present.terminal.style import style
from indexer.present.terminal.text import (
    clean,
    duration,
    one_line,
    pad,
    progress_line,
    shorten,
    spans,
    width,
    wrap,
)
from indexer.quantities import count, size
from scraper.model import Progress


def test_escape_sequences_and_direction_overrides_do_not_reach_the_terminal():
    assert clean("a\x1b[31mb\x9bc\u202ed\u2066e\x07f\x00") == "a[31mbcdef"


def test_line_breaks_and_tabs_stay():
    assert clean("a\n\tb") == "a\n\tb"


def test_one_line_folds_white_space():
    assert one_line(" a \n\t b\u00a0c ") == "a b c"


def test_wide_characters_take_two_cells_and_combining_ones_none():
    assert width("日本") == 4
    assert width("e\u0301") == 1


def test_a_long_text_is_cut_to_the_cells_with_an_ellipsis():
    assert shorten("abcdefgh", 5) == "abcd…"
    assert shorten("日本語テキスト", 5) == "日本…"
    assert shorten("short", 5) == "short"


def test_padding_counts_cells():
    assert pad("日", 4) == "日  "


@given(st.text(max_size=300), st.integers(min_value=2, max_value=80))
def test_every_wrapped_line_fits_and_no_visible_character_is_lost(text, cells):
    lines = [text[start:end] for start, end in wrap(text, cells)]
    assert all(width(line) <= cells for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_marks_split_a_line_in_turn():
    assert list(spans(0, 10, [(2, 4), (8, 12)])) == [(0, 2, False), (2, 4, True), (4, 8, False), (8, 10, True)]


def test_counts_agree_in_number():
    assert [count(n, "post") for n in (0, 1, 2, 1234)] == ["0 posts", "1 post", "2 posts", "1,234 posts"]


@pytest.mark.parametrize(
    ("number", "words"), [(12, "12 bytes"), (1500, "1.5 kB"), (3_140_000, "3.1 MB"), (250e6, "250 MB")]
)
def test_sizes_read_well(number, words):
    assert size(int(number)) == words


@pytest.mark.parametrize(("seconds", "words"), [(4.4, "4s"), (81, "1m 21s"), (3725, "1h 02m")])
def test_times_read_well(seconds, words):
    assert duration(seconds) == words


def test_a_progress_line_says_count_rate_failures_and_time_left():
    line = progress_line(Progress(331, 412, "posts", failed=2), 331.0, 120)
    assert line.endswith("331/412 posts · 1.0/s · 2 failed · 1m 21s left")
    assert line.startswith("━")


def test_a_progress_line_without_a_total_has_no_bar_and_fits_narrow_terminals():
    assert progress_line(Progress(5, 0, "pages"), 1.0, 100) == "5 pages · 5.0/s"
    assert width(progress_line(Progress(331, 412, "posts"), 331.0, 20)) <= 20


def test_no_looks_leave_the_text_alone():
    assert style("x") == "x"
    assert style("x", "bold", "red") == "\x1b[1;31mx\x1b[0m"


def test_what_was_probably_meant_is_said_before_what_was_found():
    from indexer.present.terminal.results import printed
    from indexer.search.answer import Found, SearchResult
    from indexer.search.snippet import Snippet

    found = Found(1, 7, "a.test", "https://a.test/7", "Title", None, None, (), 1.0, Snippet("text"))
    result = SearchResult("lidocanie", 1, "tantivy", "lidocaine", False, (found,), suggestion_total=31)
    assert printed(result, None) == ("1\t\tTitle\thttps://a.test/7\n", "Did you mean: lidocaine (31 posts)?\n", "")
