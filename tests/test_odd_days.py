"""Broken answers, odd first crawls, edits of all posts on one day, and crawls that are killed on a bad day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from blogsite import WORDS, Answer, BlogSite
from test_bad_days import DAYS, ROOT, Blog, Reply, archives, blog, prose, theme
from test_refusals import SHELL
from test_spider import Library

from scraper.crawling import discover

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from test_bad_days import Archive

assert archives


def notice(number: int, word: str = "Monday") -> tuple[str, list[str], str]:
    text = f"Our office is closed on {word} the {number}. Call 970-555-01{number} for an appointment on another day."
    return f"Office notice {number}", [text], f"2024-02-{number:02d}"


def notices(numbers: range) -> Blog:
    made = Blog()
    for number in numbers:
        made.posts[f"post-notice-{number}"] = notice(number)
    return made


def test_a_first_crawl_takes_posts_that_differ_in_numbers_only(archives: Callable[[], Archive]) -> None:
    archive, site = archives(), notices(range(10, 16))
    assert archive.crawl(site) is None
    assert len(archive.posts()) == 6
    assert archive.crawl(site) is None
    archive.crawl(site)
    assert len(archive.asked) <= 3


def test_new_posts_that_differ_in_numbers_only_are_no_bad_day(archives: Callable[[], Archive]) -> None:
    archive, site = archives(), blog(10)
    archive.crawl(site)
    site.posts.update(notices(range(10, 19)).posts)
    assert archive.crawl(site) is None
    assert len(archive.posts()) == 19
    for number in range(10, 19):
        title, text, _ = notice(number)
        site.posts[f"post-notice-{number}"] = (title, [*text, "We are sorry for this."], f"2024-05-{number}")
    assert archive.crawl(site) is None
    assert sum(b"We are sorry" in body for body, _ in archive.posts().values()) == 9


def test_a_first_crawl_of_one_text_saves_nothing_and_comes_to_its_end(archives: Callable[[], Archive]) -> None:
    archive, site = archives(), blog(12)
    back = "<article class=post><h1>We will be back</h1><p>Scheduled work.</p></article>"
    site.bad = lambda path: Reply(theme("We will be back", back, classes="single-post")) if "/post-" in path else None
    assert archive.crawl(site) is None
    assert (archive.posts(), archive.tally().alike) == ({}, 12)
    assert archive.tally().says.startswith("We will be back")


def test_a_notice_with_the_time_on_it_that_was_met_first_gives_way_to_the_posts(
    archives: Callable[[], Archive],
) -> None:
    archive, site, asked = archives(), blog(12), []

    def back(path: str) -> Reply | None:
        asked.append(path)
        text = f"<article class=post><h1>We will be back</h1><p>Scheduled work until 12:{len(asked)}.</p></article>"
        return Reply(theme("We will be back", text, classes="single single-post")) if "/post-" in path else None

    site.bad = back
    archive.crawl(site)
    site.bad = None
    assert archive.crawl(site) is None
    assert not any(b"Scheduled work" in body for body, _ in archive.posts().values())


def turned(site: Blog, how: Callable[[str, str], str]) -> None:
    """Answer at every post with what `how` makes of its slug and its page."""
    site.bad = lambda path: (
        Reply(how(path.strip("/"), site.page(path.strip("/")))) if path.strip("/") in site.posts else None
    )


def with_text(page: str, text: str) -> str:
    return re.sub(r"</time>.*</article>", lambda _: f"</time>{text}</article>", page, flags=re.DOTALL)


def garbled(slug: str, page: str) -> str:
    return re.sub(r">[^<]+<", lambda text: text[0].replace("e", "é").encode().decode("latin-1"), page)


BROKEN: dict[str, Callable[[str, str], str]] = {
    "half of the page": lambda slug, page: page[: len(page) // 2],
    "the encoding is wrong": garbled,
    "signs are question marks": lambda slug, page: re.sub(r"(?<=[a-z])e(?=[a-z])(?![^<]*>)", "?", page),
    "the text is missing": lambda slug, page: with_text(
        page, f"<ol class=comments><li>{'<li>'.join(prose('c' + slug, 3))}</ol>"
    ),
    "the first paragraphs only": lambda slug, page: with_text(
        page, f"<p>{'<p>'.join(prose(slug)[:5])}<p>Log in to read the rest."
    ),
    "another language": lambda slug, page: with_text(
        page.replace("The story of", "Die Sage von"), f"<p>{'<p>'.join(prose('de' + slug))}"
    ),
}


@pytest.mark.parametrize(("number", "lastmod"), [(3, True), (12, True), (12, False)])
@pytest.mark.parametrize("day", BROKEN)
def test_a_day_on_which_all_posts_come_broken_leaves_them_as_they_were(
    day: str, number: int, lastmod: bool, archives: Callable[[], Archive]
) -> None:
    archive, site = archives(), blog(number, lastmod=lastmod)
    archive.crawl(site)
    before = archive.posts()
    title, text, _ = site.posts[next(iter(site.posts))]
    assert (title, text) == (f"The story of {next(iter(site.posts))} and its season", prose(next(iter(site.posts))))
    for place, (slug, post) in enumerate(list(site.posts.items())):
        site.posts[slug] = (*post[:2], f"2024-04-{place + 1:02d}")
    turned(site, BROKEN[day])
    assert archive.crawl(site) is not None
    assert archive.posts() == before
    site.bad = None
    assert archive.crawl(site) is None
    assert archive.posts() == before


@pytest.mark.parametrize("after", [3, 5, 8])
@pytest.mark.parametrize("day", ["maintenance everywhere", "maintenance at posts", "404 for all", "consent wall"])
def test_after_a_crawl_that_was_killed_on_a_bad_day_the_next_brings_all(
    day: str, after: int, archives: Callable[[], Archive]
) -> None:
    spared, struck, site = archives(), archives(), blog(12)
    spared.crawl(site)
    struck.crawl(site)
    for place, (slug, post) in enumerate(list(site.posts.items())):
        site.posts[slug] = (*post[:2], f"2024-04-{place + 1:02d}")
    site.bad = DAYS[day]
    frontier = struck.store.frontier("clinic.example", ROOT)
    frontier.begin(discover.seeds(ROOT + "/"))
    struck.asked = []
    while len(struck.asked) < after and (task := frontier.take()) is not None:
        struck._fetch(frontier, site, task)
    site.bad = None
    site.write("post-new-after", lastmod="2024-05-05")
    edited = list(site.posts)[2]
    site.write(edited, ["A first sentence that is new.", *prose(edited)], "2024-05-06")
    assert struck.crawl(site) is None
    spared.crawl(site)
    assert struck.posts() == spared.posts()
    assert f"{ROOT}/post-new-after/" in struck.posts()


def test_a_number_that_is_edited_in_all_posts_on_one_day_is_taken_everywhere(archives: Callable[[], Archive]) -> None:
    archive, site = archives(), Blog(validators=False)
    for place, word in enumerate(WORDS[:20]):
        site.write(f"post-{word}", [*prose(word), "Call 970-555-0119."], f"2024-03-{place + 1:02d}")
    archive.crawl(site)
    for slug, (title, text, _) in site.posts.items():
        site.posts[slug] = (title, [*text[:-1], "Call 970-555-0123."], "2024-06-01")
    assert archive.crawl(site) is None
    assert all(b"555-0123" in body for body, _ in archive.posts().values())


def test_a_new_page_that_says_what_a_stored_address_does_today_is_no_post(archives: Callable[[], Archive]) -> None:
    archive, site = archives(), blog(12)
    archive.crawl(site)
    site.write("post-extra", lastmod="2024-06-01")
    struck = [*list(site.posts)[:3], "post-extra"]
    for slug in struck:
        site.posts[slug] = (*site.posts[slug][:2], "2024-06-01")
    back = "<article class=post><h1>We will be back</h1><p>Scheduled work.</p></article>"
    site.bad = lambda path: (
        Reply(theme("We will be back", back, classes="single single-post")) if path.strip("/") in struck else None
    )
    assert archive.crawl(site) is None
    assert not any(b"Scheduled work" in body for body, _ in archive.posts().values())
    site.bad = None
    archive.crawl(site)
    assert len(archive.posts()) == 13


@pytest.mark.parametrize(("shells", "stops"), [(4, False), (12, True)])
def test_posts_that_come_without_text_once_lead_to_the_browser(shells: int, stops: bool, tmp_path: Path) -> None:
    library = Library(tmp_path)
    with BlogSite(12) as site:
        library.crawl(site)
        before = library.posts()
        for post in site.newest_first()[:shells]:
            site.change(post)
            site.routes[urlsplit(site.address(post)).path] = lambda path, headers: Answer(SHELL)
        for post in site.newest_first()[shells:]:
            site.change(post)
        report = library.crawl(site)
    assert (report.stopped_by is not None) == stops
    assert "blogdex crawl --browser" in (str(report.stopped_by) if stops else report.hint)
    assert library.posts() == before
    library.store.close()
