from __future__ import annotations

import csv
import io
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from blogsite import Answer, BlogSite
from commandline import blogdex

from indexer.build import build
from indexer.changes import changes, difference
from indexer.library import Library, writing
from indexer.store.history.copies import Copies
from indexer.store.history.versions import MOST_VERSIONS, Versions
from scraper.model import Page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST = datetime(2026, 3, 1, 8, tzinfo=UTC)
SENTENCES = ("Rivers run past the old mill", "A lamp stands in the window", "Bread is baked before dawn")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with writing(tmp_path / "library", "test") as made:
        yield made


def page(number: int, *paragraphs: str, day: int = 0, note: str = "") -> Page:
    own = [f"{sentence} of number {number}, and more words follow here." for sentence in SENTENCES]
    text = "".join(f"<p>{paragraph}</p>" for paragraph in [*own, *paragraphs])
    body = (
        f"<html><head><title>Post number {number}</title></head><body class='single-post'><nav>Menu</nav><article>"
        f"<h1>Post number {number}</h1><time datetime='2026-02-01'>1 February</time>{text}</article>{note}</body></html>"
    )
    url = f"https://clinic.example/post-{number}/"
    headers = (("content-type", "text/html"),)
    when = FIRST + timedelta(days=day)
    return Page("clinic.example", url, url, 200, headers, body.encode(), when, evidence=("rest",))


def save(library: Library, *pages: Page) -> None:
    for one in pages:
        known = library.store.pages.find(one.url)
        if known:
            Copies(library.store.connection).keep_before(known[0], one.fetched_at.toordinal(), doubt=False)
        library.store.pages.save(one)
    build(library, lambda _: None)


def since(library: Library, day: int) -> list[tuple[str, str]]:
    begin = (FIRST + timedelta(days=day)).isoformat()
    found = changes(library.store, library.store.sites.all(), begin)
    return [(event.what, event.url.rsplit("/", 2)[1]) for event in found]


def test_new_changed_and_gone_posts_are_told_apart(library: Library) -> None:
    save(library, *(page(number) for number in range(5)))
    save(library, page(2, "One thing was added here.", day=3), page(5, day=3))
    library.store.pages.mark_gone(library.store.pages.find("post-4")[0])
    assert since(library, 2) == [("changed", "post-2"), ("new", "post-5"), ("gone", "post-4")]
    assert len(since(library, 0)) == 8


def test_a_page_that_changed_around_its_text_is_no_change(library: Library) -> None:
    save(library, *(page(number) for number in range(5)))
    save(library, page(2, day=3, note="<script>var nonce = 4711</script>"))
    assert since(library, 2) == []


def test_what_a_newer_extractor_reads_otherwise_is_no_change(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    save(library, *(page(number) for number in range(5)))
    page_id = library.store.pages.find("post-2")[0]
    versions = Versions(library.store.connection)
    latest = versions.latest(page_id)
    assert latest is not None
    versions.add(page_id, replace(latest, text="as an older extractor read it"))
    monkeypatch.setattr("indexer.build.EXTRACTOR_VERSION", "another")
    save(library, page(2, day=3, note="<!-- printed on another day -->"))
    assert since(library, 2) == []


def test_the_difference_is_that_of_the_words(library: Library) -> None:
    save(library, *(page(number, "Call us on 555 0100 for a first talk.") for number in range(5)))
    save(library, page(1, "Call us on 555 0199 for a first talk.", day=3))
    (event,) = changes(library.store, library.store.sites.all(), (FIRST + timedelta(days=2)).isoformat())
    assert difference(event) == "Call us on 555 [-0100-] {+0199+} for a first talk."


def test_the_last_ten_texts_are_kept(library: Library) -> None:
    for day in range(MOST_VERSIONS + 4):
        save(library, page(1, f"It is day {'x' * day} today.", day=day))
    rows = library.store.connection.execute("SELECT count(*), max(number) FROM version").fetchone()
    assert rows == (MOST_VERSIONS, MOST_VERSIONS + 4)


def test_a_library_without_texts_takes_those_it_has_as_the_ones_before(library: Library) -> None:
    save(library, *(page(number) for number in range(5)))
    library.store.connection.execute("DELETE FROM version")
    save(library, page(2, "One thing was added here.", day=3))
    assert since(library, 2) == [("changed", "post-2")]


def test_a_body_that_turns_out_to_be_no_post_gives_way_to_the_one_before(library: Library) -> None:
    save(library, *(page(number) for number in range(5)))
    before = library.store.articles.get(library.store.articles.ids())
    login = b"<html><body class='page-template-default'><h1>Log in</h1><form><input name=user></form></body></html>"
    library.store.connection.execute("UPDATE page SET evidence = '[\"link\"]'")
    save(library, replace(page(2, day=3), body=login, evidence=("link",)))
    after = library.store.articles.get(library.store.articles.ids())
    assert {i: article.text for i, article in after.items()} == {i: article.text for i, article in before.items()}


def test_what_was_forgotten_leaves_no_text(library: Library) -> None:
    save(library, *(page(number) for number in range(5)))
    library.store.pages.forget(library.store.pages.find("post-2")[0])
    assert library.store.connection.execute("SELECT count(*) FROM version").fetchone() == (4,)


def test_a_crawl_and_changes_tell_the_same(tmp_path: Path) -> None:
    place = tmp_path / "library"
    with BlogSite(7, sitemap="flat") as site:
        blogdex("crawl", site.start_url, "--delay", "0", library=place)
        posts = site.newest_first()
        site.change(posts[1])
        del site.posts[posts[2].slug]
        site.add(30)
        time.sleep(1.1)  # texts and crawls are dated to the second
        crawled = json.loads(blogdex("crawl", site.start_url, "--delay", "0", "--json", library=place).stdout)
        assert (crawled["posts"], crawled["gone_posts"], crawled["saved"]) == (7, 1, 2)
        listed = json.loads(blogdex("changes", "--json", library=place).stdout)
        assert listed == crawled["changes"]
        assert sorted(one["what"] for one in listed) == ["changed", "gone", "new"]
        assert "{+This paragraph was added later," in next(one["diff"] for one in listed if one["what"] == "changed")
        rows = list(csv.DictReader(io.StringIO(blogdex("changes", "--csv", library=place).stdout)))
        assert [row["url"] for row in rows] == [one["url"] for one in listed]
        mail = blogdex("changes", "--mail", library=place).stdout.splitlines()
        assert mail[0].endswith(": 1 new, 1 changed, 1 gone; 7 posts now")
        time.sleep(1.1)
        again = blogdex("crawl", site.start_url, "--delay", "0", "-v", library=place)
        assert again.stdout.splitlines()[0].endswith(" and 1 more that is gone.")
        assert blogdex("changes", library=place).returncode == 1
        assert blogdex("changes", "--since", "2020", library=place).stdout.count("\n") == 10


MAINTENANCE = (
    "<html><head><title>Maintenance</title></head><body><h1>Back soon</h1><p>We are at work here.</p></body></html>"
)
LOG_IN = (
    "<html><head><title>Log in</title></head><body class='login'><form method='post'><h1>Log in to go on</h1>"
    "<input name='log'><input type='password' name='pwd'></form></body></html>"
)


@pytest.mark.parametrize("shown", [MAINTENANCE, LOG_IN], ids=["maintenance", "log-in"])
def test_a_bad_day_ends_with_2_and_leaves_the_export_as_it_was(shown: str, tmp_path: Path) -> None:
    place = tmp_path / "library"
    with BlogSite(12, sitemap="flat", lastmod=False) as site:
        blogdex("crawl", site.start_url, "--delay", "0", library=place)
        before = blogdex("export", library=place).stdout
        site.routes["/*"] = lambda path, headers: Answer(shown.encode())
        bad = blogdex("crawl", site.start_url, "--delay", "0", library=place)
        assert bad.returncode == 2, bad.stderr
        assert blogdex("rebuild", library=place).returncode == 0
        assert blogdex("export", library=place).stdout == before
        site.routes.clear()
        well = blogdex("crawl", site.start_url, "--delay", "0", library=place)
        assert (well.returncode, blogdex("export", library=place).stdout) == (0, before), well.stderr
