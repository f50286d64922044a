from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.facts import titles

SITES = ("calmclinic", "calmclinicexample")


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("First visit | Calm Clinic", "First visit"),
        ("First visit - Calm Clinic Blog", "First visit"),
        ("First visit » Calm Clinic » Care that listens", "First visit"),
        ("Calm Clinic: First visit", "First visit"),
        ("Pain – what helps | The Calm Clinic", "Pain – what helps"),
        ("Why Calm Clinic opened late", "Why Calm Clinic opened late"),
        ("Calm Clinic", "Calm Clinic"),
        ("Calm Clinic | Calm Clinic", "Calm Clinic | Calm Clinic"),
        ("Self-care", "Self-care"),
    ],
)
def test_the_sites_name_goes_and_the_title_stays(title: str, bare: str) -> None:
    assert titles.without_site(title, SITES) == bare


def test_a_category_goes_where_it_stands_last() -> None:
    assert titles.without_site("First visit | News", (), ("news",)) == "First visit"
    assert titles.without_site("News | First visit", (), ("news",)) == "News | First visit"


def test_common_affixes_are_learnt_from_many_titles() -> None:
    learnt = titles.common_affixes([f"Post {number} - Artful Works" for number in range(5)])
    assert learnt.suffixes == (" - Artful Works",)
    assert learnt.strip_from("Another - one - Artful Works") == "Another - one"
    assert learnt.strip_from(" - Artful Works") == " - Artful Works"


def test_a_series_on_some_titles_is_no_affix() -> None:
    some = [f"Case notes: part {number}" for number in range(4)] + [f"Post {number}" for number in range(6)]
    assert titles.common_affixes(some) == titles.Affixes()


def test_two_titles_prove_nothing() -> None:
    assert titles.common_affixes(["One | Site", "Two | Site"]) == titles.Affixes()


def test_repeated_titles_count_once() -> None:
    assert titles.common_affixes(["One | Site"] * 9) == titles.Affixes()


@given(st.lists(st.text(max_size=60)), st.text(max_size=60))
def test_stripping_never_empties_a_title(many: list[str], title: str) -> None:
    stripped = titles.common_affixes(many).strip_from(title)
    assert stripped in title
    assert bool(stripped.strip()) == bool(title.strip()) or not title.strip()


@given(st.text())
def test_any_title_keeps_something(title: str) -> None:
    assert bool(titles.without_site(title, SITES)) == bool(title[:500].strip())


@pytest.mark.parametrize(
    "stated",
    [
        "{} | Calm Clinic",
        "Calm Clinic: {}",
        "{}—Calm Clinic",
        "{} -Calm Clinic",
        "{} @ Calm Clinic",
        "{} (Calm Clinic)",
        "[Calm Clinic] {}",
        "Calm Clinic Blog - {}",
        "{} | Calm Clinic Blog",
        "Calm Clinic – Care for everyone | {}",
        "Calm Clinic » Blog » {}",
        "Blog | {} | Calm Clinic",
        "{} - Blog - Calm Clinic",
        "{} | Patients | Calm Clinic of Tamarack Falls",
        "{} | CLM",
        "{} | Patients",
    ],
)
def test_no_form_of_a_title_keeps_the_sites_name(stated: str) -> None:
    sites = ("calmclinic", "calmclinicexample")
    kept = titles.without_site(stated.format("How to sleep after surgery"), sites, (), ("patients",))
    assert kept == "How to sleep after surgery"


@pytest.mark.parametrize(
    "title",
    [
        "What to expect at Calm Clinic",
        "Calmly News: a letter",
        "Teaching online: what works",
        "Sleep | What works",
        "Part one | TMS",
        "News | First visit",
        "How to sleep (and wake)",
    ],
)
def test_what_is_not_the_sites_name_stays_in_a_title(title: str) -> None:
    assert titles.without_site(title, ("calmly", "calmclinic", "sleepclinic")) == title
