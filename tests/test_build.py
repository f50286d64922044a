from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexer import workers
from indexer.build import build
from indexer.library import reading, writing
from scraper.model import Page

ROOT = Path(__file__).resolve().parent.parent
WORDS = [
    "river",
    "stone",
    "window",
    "garden",
    "letter",
    "morning",
    "kitchen",
    "paper",
    "winter",
    "train",
    "candle",
    "market",
]


def page(number: int, extra: str = "") -> Page:
    probability = random.Random(number)
    paragraphs = "".join(
        f"<p>{' '.join(probability.choices(WORDS, k=30)).capitalize()}, number {number} of {place}.</p>"
        for place in range(4)
    )
    html = f"""<html lang="en"><head><title>Post {number}</title><meta property="og:type" content="article"></head>
    <body class="single-post"><nav><a href="/">Home</a> <a href="/all">All posts</a></nav><article><h1>Post {number}</h1>
    {paragraphs}{extra}</article><footer><p>Printed with care in the old mill by the river.</p></footer></body></html>"""
    url = f"https://mill.example/blog/post-{number}/"
    return Page(
        site="mill.example/blog",
        url=url,
        final_url=url,
        status=200,
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=html.encode(),
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        evidence=("sitemap",),
    )


def save(library, numbers, extra=""):
    for number in numbers:
        library.store.pages.save(page(number, extra))


def quiet(_: object) -> None:
    """Draw no progress."""


@pytest.fixture
def library(tmp_path):
    with writing(tmp_path / "lib", "test") as opened:
        yield opened


def test_a_build_makes_and_indexes_every_post(library):
    save(library, range(6))
    report = build(library, quiet)
    assert (report.posts, report.made, report.indexed, report.failed) == (6, 6, 6, [])
    assert library.status().up_to_date


def test_a_build_after_nothing_changed_makes_nothing(library):
    save(library, range(6))
    build(library, quiet)
    report = build(library, quiet)
    assert (report.made, report.indexed, report.removed) == (0, 0, 0)


def test_new_posts_do_not_remake_the_old_ones(library):
    save(library, range(12))
    build(library, quiet)
    save(library, range(12, 15))
    report = build(library, quiet)
    assert (report.posts, report.made, report.indexed) == (15, 3, 3)


def test_a_changed_page_is_made_again_and_keeps_its_id(library):
    save(library, range(6))
    build(library, quiet)
    before = library.store.articles.find("post-3")
    save(library, [3], "<p>A paragraph that was written later, about the orchard behind the mill.</p>")
    report = build(library, quiet)
    assert (report.made, report.indexed) == (1, 1)
    assert library.store.articles.find("post-3") == before
    assert "orchard" in library.store.articles.get(before)[before[0]].text


def test_making_everything_again_equals_the_build(library):
    save(library, range(6))
    build(library, quiet)
    before = list(library.store.articles.iterate())
    assert build(library, quiet, everything=True).made == 6
    assert list(library.store.articles.iterate()) == before


def test_a_post_that_is_gone_leaves_the_index(library):
    save(library, range(6))
    build(library, quiet)
    library.store.pages.mark_gone(library.store.articles.find("post-2")[0])
    assert build(library, quiet).removed == 1
    assert library.status().up_to_date


def test_what_a_person_marked_as_a_page_is_no_post(library):
    save(library, range(6))
    build(library, quiet)
    marked = library.store.articles.find("post-2")[0]
    library.store.pages.mark(marked, "page")
    assert build(library, quiet).posts == 5
    assert library.store.articles.find("post-2") == []
    library.store.pages.mark(marked, "post")
    assert build(library, quiet).posts == 6


def test_one_bad_page_is_recorded_and_the_rest_goes_on(library, monkeypatch):
    def fail_on_the_third(page, profile, known):
        if page.url.endswith("post-3/"):
            raise ValueError("no such page")
        return real(page, profile, known)

    real = workers.extract_page
    monkeypatch.setattr(workers, "extract_page", fail_on_the_third)
    save(library, range(6))
    report = build(library, quiet)
    assert report.made == 5
    assert report.failed == [("https://mill.example/blog/post-3/", "ValueError: no such page")]


def test_many_pages_are_made_in_several_processes_with_the_same_result(library, monkeypatch):
    save(library, range(6))
    build(library, quiet)
    before = list(library.store.articles.iterate())
    monkeypatch.setattr(workers, "WORTH_A_POOL", 1)
    build(library, quiet, everything=True)
    assert list(library.store.articles.iterate()) == before


@pytest.mark.parametrize("seed", range(3))
def test_a_kill_at_any_moment_leaves_a_library_that_opens_and_rebuilds(tmp_path, seed):
    folder = tmp_path / "lib"
    script = (
        "import sys; from pathlib import Path; from tests.test_build import quiet, save; from indexer.build import build;"
        "from indexer.library import writing\n"
        f"with writing(Path({str(folder)!r}), 'test') as library:\n"
        "    save(library, range(12)); print('saved', flush=True)\n"
        "    while True: build(library, quiet, everything=True)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"saved\n"
    time.sleep(random.Random(seed).uniform(0.3, 1.5))
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    with reading(folder) as library:
        assert len(library.store.pages.urls(1)) == 12
    with writing(folder, "rebuild") as library:
        assert build(library, quiet, everything=True).made == 12
        assert library.status().up_to_date


def test_the_site_name_leaves_the_titles_once_enough_of_them_show_it(library):
    for number in range(4):
        made = page(number)
        body = made.body.replace(f"Post {number}".encode(), f"Post {number} :: The Old Mill".encode())
        library.store.pages.save(replace(made, body=body))
    build(library, quiet)
    assert [post.metadata.title for post in library.store.articles.iterate()] == [f"Post {n}" for n in range(4)]
    assert library.status().up_to_date
    assert build(library, quiet).indexed == 0


def imported(number: int, host: str) -> Page:
    """Return a page as an import with a base address gives it, of a post that names a host of its own."""
    one = page(number)
    canonical = f'<link rel="canonical" href="https://{host}/post-{number}/"></head>'
    body = one.body.replace(b"</head>", canonical.encode())
    return replace(one, body=body, evidence=("import",), source=f"{number}.html")


def test_nothing_is_learnt_from_pages_of_many_sites_in_one_folder(library):
    for number in range(6):
        library.store.pages.save(imported(number, f"site-{number}.example"))
    build(library, quiet)
    site = library.store.sites.all()[0]
    assert '"template_digests": {}' in json.dumps(json.loads(library.store.profile(site.id)))
    assert library.status().posts == 6


def test_a_folder_of_one_site_teaches_what_repeats(library):
    for number in range(6):
        library.store.pages.save(imported(number, "mill.example"))
    build(library, quiet)
    profile = json.loads(library.store.profile(library.store.sites.all()[0].id))
    assert profile["template_digests"]
