"""Searches are saved under a name and come back with how many posts are new."""

from __future__ import annotations

import shutil
import tomllib

import pytest

from indexer.web.views import BusyError
from tests.commandline import blogdex
from tests.web import Browser, links, snapshot, text_of

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture
def library(crawled, tmp_path):
    return shutil.copytree(crawled, tmp_path / "lib")


@pytest.fixture
def browser(library):
    return Browser(library)


def kept(library):
    return tomllib.loads((library / "saved.toml").read_text(encoding="utf-8"))["search"]


def test_a_search_is_saved_with_its_filters_and_found_again(browser, library):
    answer = browser.post("/saved", {"name": "Pain, no opioids", "query": "q=pain+-opioid&since=2020&evil=1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/saved")
    assert [row["query"] for row in kept(library)] == ["q=pain+-opioid&since=2020"]
    page = browser.get("/saved")
    assert "Pain, no opioids" in text_of(page)
    assert "/search?q=pain+-opioid&since=2020" in links(page)


def test_what_is_new_since_the_last_look_is_counted_until_one_looks(browser, library):
    browser.post("/saved", {"name": "Pain", "query": "q=pain"})
    total = kept(library)[0]["posts"]
    file = library / "saved.toml"
    file.write_text(file.read_text().replace(f"posts = {total}", f"posts = {total - 2}"), encoding="utf-8")
    before = snapshot(library)
    assert "2 new" in text_of(browser.get("/saved"))
    assert snapshot(library) == before
    assert browser.post("/saved/look", {"name": "Pain"}).headers["Location"] == "/search?q=pain"
    assert " new" not in text_of(browser.get("/saved"))


def test_a_name_is_given_once_and_a_search_deleted(browser, library):
    browser.post("/saved", {"name": "Sleep", "query": "q=sleep"})
    browser.post("/saved", {"name": "Sleep", "query": "q=rest"})
    assert [row["query"] for row in kept(library)] == ["q=rest"]
    browser.post("/saved/delete", {"name": "Sleep"})
    assert "search" not in tomllib.loads((library / "saved.toml").read_text(encoding="utf-8"))
    assert browser.post("/saved/delete", {"name": "Sleep"}).status_code == 404


@pytest.mark.parametrize("form", [{"query": "q=x"}, {"name": " ", "query": "q=x"}, {"name": "x", "query": "q=" + "a" * 400},
                                  {"name": "x", "query": "sort=best"}])  # fmt: skip
def test_what_can_not_be_saved_is_one_sentence(browser, library, form):
    assert browser.post("/saved", form).status_code == 400
    assert not (library / "saved.toml").exists()


def test_hostile_names_stay_text_in_page_and_file(browser, library):
    name = '<script>alert(1)</script> "] = \\u0000 \x7f [[search]]'
    browser.post("/saved", {"name": name, "query": "q=pain"})
    assert "<script>alert" not in browser.get("/saved").text
    assert len(kept(library)) == 1


def test_a_search_that_was_edited_into_nonsense_is_shown_as_that(browser, library):
    (library / "saved.toml").write_text('[[search]]\nname = "x"\nquery = "n=many"\nposts = 1\non = "2026-01-01"\n')
    assert "can't be asked any more" in text_of(browser.get("/saved"))
    (library / "saved.toml").write_text("[[search]]\nname = 1\n")
    assert browser.get("/saved").status_code == 400
    assert "saved.toml" in blogdex("doctor", library=library).stdout


def test_a_search_of_one_blog_is_counted_in_that_blog(browser, library, tmp_path):
    note = tmp_path / "note.txt"
    note.write_text("Notes about pain at night, and what helps against it.", encoding="utf-8")
    assert blogdex("import", str(note), library=library).returncode == 0
    browser.post("/saved", {"name": "Pain here", "query": "q=pain&site=file.invalid"})
    assert kept(library)[0]["posts"] == 1
    assert "1 post" in text_of(browser.get("/saved"))
    browser.post("/saved", {"name": "Pain there", "query": "q=pain&site=gone.example"})
    assert [row["name"] for row in kept(library)] == ["Pain here"]


def test_a_search_that_has_to_wait_is_not_called_one_that_can_not_be_asked(browser, monkeypatch):
    browser.post("/saved", {"name": "Pain", "query": "q=pain"})

    def busy():
        raise BusyError

    monkeypatch.setattr(browser.app.shared, "searching", busy)
    answer = browser.get("/saved")
    assert answer.status_code == 503
    assert "can't be asked any more" not in text_of(answer)
