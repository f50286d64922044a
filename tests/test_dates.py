from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.facts import dates

DAY = date(2024, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05",
        "2024-03-05T23:59:59-11:00",
        "2024/03/05",
        "2024. 3. 5.",
        "20240305T101500Z",
        "Tue, 05 Mar 2024 10:15:00 GMT",
        "March 5th, 2024",
        "Posted on 5 March 2024 by Ada Long",
        "Sept. 5, 2023 is not in it, 5. März 2024 is not first",
        "1709600000",
        "1709600000000",
        "5. März 2024",
        "5 mars 2024",
        "5 de marzo de 2024",
        "5 de março de 2024",
        "5 marzo 2024",
        "5 maart 2024",
        "5 marca 2024",
        "5. března 2024",
        "5 Mart 2024",
        "5 марта 2024 г.",
        "5 березня 2024",
        "5 Μαρτίου 2024",
        "5 tháng 3, 2024",
        "2024年3月5日",
        "2024년 3월 5일",
        "5 มีนาคม 2567",
    ],
)
def test_a_day_is_read_in_many_ways_of_writing(text: str) -> None:
    expected = date(2023, 9, 5) if text.startswith("Sept.") else DAY
    assert dates.parse(text) == expected


@pytest.mark.parametrize(
    ("language", "day"),
    [("en-US", DAY), ("en", DAY), ("", DAY), ("en-GB", date(2024, 5, 3)), ("de", date(2024, 5, 3))],
)
def test_the_language_decides_what_stands_first_in_figures(language: str, day: date) -> None:
    assert dates.parse("03/05/2024", language) == day


def test_a_figure_above_twelve_decides_against_the_language() -> None:
    assert dates.parse("25/03/2024", "en-US") == date(2024, 3, 25)
    assert dates.parse("03/25/2024", "de") == date(2024, 3, 25)


def test_dots_put_the_day_first_in_every_language() -> None:
    assert dates.parse("05.03.2024", "en-US") == DAY


@pytest.mark.parametrize(
    "text",
    ["", "March 2024", "2024", "May 5", "1.2.3", "version 10.2.24", "1984-03-05", "2024-13-40", "5 of 2024", "x"],
)
def test_what_names_no_day_gives_none(text: str) -> None:
    assert dates.parse(text) is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/2024/03/05/first-visit", DAY),
        ("https://a.example/2024/mar/05/first-visit", DAY),
        ("https://a.example/posts/2024-03-05-first-visit.html", DAY),
        ("https://a.example/20240305/first", DAY),
        ("https://a.example/2024/03/first-visit", None),
        ("https://a.example/?d=/2024/03/05/", None),
        ("https://a.example/1234/56/78/", None),
    ],
)
def test_a_day_in_a_url_needs_year_month_and_day(url: str, day: date | None) -> None:
    assert dates.from_url(url) == day


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31)))
def test_iso_days_come_back(day: date) -> None:
    assert dates.parse(day.isoformat()) == day
    assert dates.parse(f"{day.day} {day:%B} {day.year}") == day


@given(st.text())
def test_no_text_raises(text: str) -> None:
    found = dates.parse(text)
    assert found is None or found.year >= dates.EARLIEST_YEAR
