from __future__ import annotations

import pytest

from scraper import markup
from scraper.facts import labels
from scraper.facts.visible import find_headline


def read(
    body: str, categories: tuple[str, ...] = (), tags: tuple[str, ...] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    tree = markup.parse(f"<body>{body}</body>")
    return labels.read(tree, find_headline(tree, "First visit"), (categories, tags))


POST = "<article><h1>First visit</h1><p>Text.</p>{}</article>"


def test_links_that_call_themselves_tags_win_over_what_is_stated() -> None:
    body = POST.format("<a rel='category tag' href='/c'>Pain</a><a rel='tag' href='/t'>Rest</a>")
    assert read(body, ("Stated",), ("Stated",)) == (("Pain",), ("Rest",))


def test_what_is_stated_wins_over_links_by_their_address() -> None:
    body = POST.format("<a href='/category/pain'>Pain</a><a href='/tags/rest'>Rest</a>")
    assert read(body, ("Stated",), ("Also",)) == (("Stated",), ("Also",))
    assert read(body) == (("Pain",), ("Rest",))


@pytest.mark.parametrize("frame", ["<nav>{}</nav>", "<div class='sidebar'>{}</div>", "<div>{}</div>"])
def test_links_elsewhere_on_the_page_are_not_the_posts(frame: str) -> None:
    assert read(POST.format("") + frame.format("<a href='/tags/rest'>Rest</a>")) == ((), ())


def test_a_cloud_of_tags_is_not_the_posts() -> None:
    cloud = "".join(f"<a href='/tag/{number}'>Tag {number}</a>" for number in range(30))
    assert read(POST.format(cloud)) == ((), ())


def test_a_list_in_one_text_is_taken_apart_and_cleaned() -> None:
    assert labels.tidy(["Pain, #sleep , PAIN", "", "https://a.example/c", "Uncategorized"]) == ("Pain", "sleep")
