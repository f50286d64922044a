"""Crawl, rebuild, audit, mark and forget from the pages: one child process at a time, which can be stopped."""

from __future__ import annotations

import shutil
import sys
import time

import pytest

from indexer.library import reading, writing
from indexer.writer import writer_lock
from scraper.model import Progress
from tests.web import Browser, links, snapshot, tags, text_of

pytestmark = pytest.mark.xdist_group("demo")
BLOGDEX = (sys.executable, "-P", "-m", "blogdex")
PRINTS = (sys.executable, "-c", "import sys; print(sys.argv[1:])")
LONG = (sys.executable, "-c", "import time; print('began', flush=True); time.sleep(600)")
FORMS = [("/crawl", {"url": "https://clinic.example/"}), ("/library/rebuild", {}), ("/audit/run", {}),
         ("/posts/7/mark", {"kind": "page"}), ("/posts/7/forget", {"sure": "1"})]  # fmt: skip


@pytest.fixture
def library(tmp_path, crawled):
    return shutil.copytree(crawled, tmp_path / "lib")


@pytest.fixture
def visit(library):
    """Return a function that makes a browser; the jobs of its server end with the test."""
    made = []

    def make(program=BLOGDEX, **options):
        made.append(Browser(library, program=program, **options))
        return made[-1]

    yield make
    for browser in made:
        browser.app.shared.jobs.end()


def site_of(library):
    with reading(library) as opened:
        return opened.store.sites.all()[0]


def ended(browser):
    return browser.app.shared.jobs.wait(240)  # a loaded machine


def test_a_known_site_is_crawled_again_at_a_click(visit, library):
    browser, site = visit(), site_of(library)
    assert f"{site.key}" in text_of(browser.get("/crawl"))
    answer = browser.post("/crawl", {"site": site.key})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/crawl")
    page = browser.get("/crawl")
    assert f"Crawling {site.key}" in text_of(page)
    assert any(form["action"] == "/crawl/stop" for form in tags(page, "form"))
    assert any(found.get("data-watch") == "/crawl/progress" for found in tags(page, "div"))
    assert ended(browser).code == 0
    page = browser.get("/crawl")
    assert "done." in text_of(page) and " 0 failed." in text_of(page)
    assert "/changes" in links(page) and not tags(browser.get("/crawl/progress"), "progress")
    with reading(library) as opened:
        assert opened.store.sites.all()[0].crawled_at > site.crawled_at


def test_a_crawl_that_is_stopped_keeps_what_was_saved(visit, library):
    browser = visit()
    before = text_of(browser.get("/library"))
    browser.post("/crawl", {"site": site_of(library).key})
    until = time.monotonic() + 120
    while not (library / "writer.json").exists() and time.monotonic() < until:
        time.sleep(0.02)
    browser.post("/crawl/stop")
    browser.post("/crawl/stop")
    state = ended(browser)
    assert state.stopped and state.code == 130
    assert "stopped. What was saved stays." in text_of(browser.get("/crawl"))
    assert not (library / "writer.json").exists()
    assert browser.get("/search", {"q": "ketamine"}).status_code == 200
    assert text_of(browser.get("/library"))[:200] == before[:200]


def test_a_post_is_marked_as_none_and_back_and_another_forgotten(visit, library):
    browser = visit()
    with reading(library) as opened:
        one, other = opened.store.articles.ids()[:2]
    assert f"/posts/{one}/mark" in [form["action"] for form in tags(browser.get(f"/posts/{one}"), "form")]
    assert browser.post(f"/posts/{one}/mark", {"kind": "page"}).headers["Location"] == "/crawl"
    assert browser.get(f"/posts/{one}").status_code == 404
    page = browser.get("/crawl")
    assert f"/posts/{one}/mark" in [form["action"] for form in tags(page, "form")]
    assert browser.post(f"/posts/{one}/mark", {"kind": "post"}).headers["Location"] == f"/posts/{one}"
    assert browser.get(f"/posts/{one}").status_code == 200
    assert browser.post(f"/posts/{other}/forget").status_code == 400
    assert browser.get(f"/posts/{other}").status_code == 200
    assert browser.post(f"/posts/{other}/forget", {"sure": "1"}).status_code == 303
    assert browser.get(f"/posts/{other}").status_code == 404
    assert browser.post("/posts/999/mark", {"kind": "page"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "form", "words"),
    [
        ("/library/rebuild", {}, ["rebuild"]),
        ("/audit/run", {}, ["audit"]),
        ("/crawl", {"url": "clinic.example/blog"}, ["crawl", "--public-only", "--", "https://clinic.example/blog"]),
    ],
)
def test_a_form_becomes_a_list_of_words_and_never_a_line_of_a_shell(visit, library, path, form, words):
    browser = visit(PRINTS)
    assert browser.post(path, form).status_code == 303
    assert ended(browser).said.strip() == str(["--library", str(library), *words])


@pytest.mark.parametrize(
    "typed", ["http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://169.254.169.254/", "file:///etc/passwd",
              "--refresh", "; ls", "$(id)", "http://[::1]/", "http://printer.local/", "", "javascript:alert(1)"]
)  # fmt: skip
def test_no_address_but_a_public_one_is_taken_from_a_form(visit, typed):
    browser = visit(PRINTS)
    answer = browser.post("/crawl", {"url": typed})
    assert answer.status_code == 400
    assert browser.app.shared.jobs.state() is None


@pytest.mark.parametrize("site", ["other.example", "--refresh", "", "../x"])
def test_only_sites_of_the_library_are_crawled_again(visit, site):
    browser = visit(PRINTS)
    assert browser.post("/crawl", {"site": site}).status_code == 400
    assert browser.post("/crawl", {}).status_code == 400
    assert browser.app.shared.jobs.state() is None


def test_a_site_that_came_from_a_form_stays_among_public_addresses(visit, library):
    site = site_of(library)
    with writing(library, "test") as opened:
        opened.keep_public(site.key)
    browser = visit()
    browser.post("/crawl", {"site": site.key})
    state = ended(browser)
    assert state.code == 2 and "may go to public addresses only" in state.said


def test_behind_a_proxy_new_addresses_have_to_be_allowed(visit):
    base = "https://archive.clinic.example"
    options = {"public_url": base, "base": base, "let_in": False}
    closed, open_ = visit(PRINTS, **options), visit(PRINTS, new_blogs=True, **options)
    form = {"url": "https://clinic.example/"}
    assert closed.post("/crawl", form).status_code == 403
    assert not [found for found in tags(closed.get("/crawl"), "input") if found.get("name") == "url"]
    assert open_.post("/crawl", form).status_code == 303
    assert [found for found in tags(open_.get("/crawl"), "input") if found.get("name") == "url"]


@pytest.mark.parametrize(("path", "form"), FORMS)
def test_served_for_reading_only_nothing_is_started(visit, library, path, form):
    browser = visit(PRINTS, read_only=True)
    before = snapshot(library)
    assert browser.post(path, form).status_code == 403
    assert browser.app.shared.jobs.state() is None
    assert not [form for form in tags(browser.get("/crawl"), "form") if form.get("method") == "post"]
    assert not [form for form in tags(browser.get("/posts/7"), "form") if form.get("method") == "post"]
    assert snapshot(library) == before


@pytest.mark.parametrize(("path", "form"), FORMS)
def test_while_somebody_writes_no_work_is_begun_and_who_it_is_is_told(visit, library, path, form):
    browser = visit(PRINTS)
    with writer_lock(library, "import") as note:
        time.sleep(0.6)
        note.tell(Progress(3, 12, "files read", 1))
        answer = browser.post(path, form)
        assert answer.status_code == 409
        assert "import" in text_of(answer) and "Reading still works" in text_of(answer)
        page = browser.get("/crawl")
        assert "3 of 12 files read · 1 failed" in text_of(page)
        assert [(found["max"], found["value"]) for found in tags(page, "progress")] == [("12", "3")]
        assert not [form for form in tags(page, "form") if form["action"] == "/crawl/stop"]
        assert browser.get("/search", {"q": "ketamine"}).status_code == 200
    assert browser.app.shared.jobs.state() is None


def test_a_second_job_waits_for_the_first_and_stop_ends_that(visit):
    browser = visit(LONG)
    assert browser.post("/library/rebuild").status_code == 303
    assert browser.post("/audit/run").status_code == 409
    while not browser.app.shared.jobs.state().said:
        time.sleep(0.02)
    browser.post("/crawl/stop")
    assert ended(browser).code not in (0, None)
    assert browser.post("/audit/run").status_code == 303


def test_how_long_it_takes_yet_is_reckoned_from_the_pace(visit, monkeypatch):
    from indexer.web import jobs as web_jobs
    from indexer.writer import Writer

    now = iter([100.0, 110.0, 120.0])
    jobs = visit(PRINTS).app.shared.jobs
    monkeypatch.setattr(web_jobs.time, "monotonic", lambda: next(now))
    seen = [jobs.left_s(Writer(1, "crawl", "10:00", "posts", done, 100)) for done in (0, 10, 20)]
    monkeypatch.undo()
    assert seen == [None, 90.0, 80.0]


def test_an_audit_can_be_made_from_its_empty_page(visit, library):
    browser = visit(PRINTS)
    page = browser.get("/audit")
    assert "/audit/run" in [form["action"] for form in tags(page, "form")]
    browser.post("/audit/run", {"site": site_of(library).key})
    assert f"--site={site_of(library).key}" in ended(browser).said


def test_the_blog_that_is_served_is_audited_however_it_was_named(visit, library):
    key = site_of(library).key
    browser = visit(PRINTS, site=f"https://www.{key}/")
    assert browser.post("/audit/run").status_code == 303
    assert f"--site={key}" in ended(browser).said
