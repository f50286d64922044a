"""Hold the quality of extraction on pages of our own making; a floor goes down only in a commit that says why."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

import gate_pages
import pytest

from scraper import extract_article

FLOORS = {
    "wordpress": 0.98,
    "unnamed": 0.98,
    "bare": 0.98,
    "tables": 0.97,
    "discussion": 0.97,
    "magazine": 0.98,
    "modules": 0.98,
    "breaks": 0.97,
}
POST_FLOOR = 0.95
FLOOR = 0.985
TOKEN = re.compile(r"[぀-鿿]|\w+")


def f1(text, gold):
    one, other = Counter(TOKEN.findall(text.lower())), Counter(TOKEN.findall(gold.lower()))
    hits = sum((one & other).values())
    return 2 * hits / (sum(one.values()) + sum(other.values())) if hits else 0.0


@lru_cache
def score(theme, post):
    return f1(extract_article(gate_pages.page(theme, post), "https://wharf.example/x").text, gate_pages.gold(post))


def mean(values):
    known = list(values)
    return sum(known) / len(known)


@pytest.mark.parametrize("theme", gate_pages.THEMES)
def test_a_theme_does_not_fall_below_its_floor(theme):
    assert mean(score(theme, post) for post in gate_pages.POSTS) >= FLOORS[theme]


@pytest.mark.parametrize("post", gate_pages.POSTS)
def test_a_kind_of_post_does_not_fall_below_the_floor(post):
    assert mean(score(theme, post) for theme in gate_pages.THEMES) >= POST_FLOOR


def test_the_mean_over_all_pages_does_not_fall_below_the_floor():
    assert mean(score(theme, post) for theme in gate_pages.THEMES for post in gate_pages.POSTS) >= FLOOR
