"""The pages show what the command line says."""

from __future__ import annotations

import re
import shutil

import pytest

from indexer.library import writing
from indexer.web.pages import ROUTES
from tests.commandline import blogdex
from tests.web import Browser, links, snapshot, tags, text_of

pytestmark = pytest.mark.xdist_group("demo")
EXAMPLES = {"post_id": "7", "topic_id": "1", "name": "pages.css", "kind": "stale", "finding_id": "x", "letter": "K"}


def address_of(route) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: EXAMPLES[found[1]], route.path)


@pytest.fixture(scope="module")
def library(tmp_path_factory, crawled):
    return shutil.copytree(crawled, tmp_path_factory.mktemp("pages") / "lib")


@pytest.fixture(scope="module")
def browser(library):
    return Browser(library)


def test_the_first_page_lists_the_newest_posts(browser):
    answer = browser.get("/")
    assert answer.status_code == 200
    assert "Newest posts" in answer.text
    assert text_of(answer).index("When Ketamine Does Not Help") < text_of(answer).index("A Diary in Four Columns")


def test_a_search_lists_its_hits_in_the_order_of_the_command_line(browser, library):
    typed = blogdex("search", "chronic pain", library=library).stdout
    titles = [line.split("\t")[2] for line in typed.splitlines()]
    answer = browser.get("/search", {"q": "chronic pain"})
    shown = [text for text in titles if text in text_of(answer)]
    assert shown == titles
    at = [text_of(answer).index(title) for title in titles]
    assert at == sorted(at)
    assert "<mark>" in answer.text


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ({"q": "ketamine infusion"}, ["ketamine infusion"]),
        ({"q": 'pain "treatment resistant" -opioid'}, ['pain "treatment resistant" -opioid']),
        ({"q": "ketamin infusoin"}, ["ketamin infusoin"]),
        ({"q": "sleep", "n": 3, "offset": 2, "sort": "oldest"}, ["sleep", "-n", "3", "--offset", "2", "--sort", "oldest"]),
        ({"since": "2023", "until": "2024-06"}, ["--since", "2023", "--until", "2024-06"]),
        ({"q": "cost", "category": "Cost & Insurance", "facets": 1}, ["cost", "--category", "Cost & Insurance", "--facets"]),
        ({"q": "infusion", "in": "boilerplate", "any": 1}, ["infusion", "--in", "boilerplate", "--any"]),
        ({"q": "zebra zeppelin"}, ["zebra zeppelin"]),
        ({"topic": "no such topic"}, ["--topic", "no such topic"]),
    ],
)  # fmt: skip
def test_a_script_gets_byte_for_byte_what_the_command_line_prints(browser, library, query, options):
    assert (
        browser.get("/api/v1/search", query).data.decode()
        == blogdex("search", *options, "--json", library=library).stdout
    )


def test_posts_and_status_are_those_of_the_command_line_too(browser, library):
    assert browser.get("/api/v1/posts/3").text == blogdex("show", "id:3", "--json", library=library).stdout
    assert browser.get("/api/v1/status").json["posts"] == 27


def test_the_csv_of_a_search_is_that_of_the_command_line(browser, library):
    answer = browser.get("/search.csv", {"q": "pain"})
    assert answer.text == blogdex("search", "pain", "--csv", library=library).stdout
    assert answer.headers["Content-Disposition"] == "attachment; filename=posts.csv"


def test_a_table_that_has_not_all_results_says_so_before(browser, monkeypatch):
    assert "Download as CSV" in text_of(browser.get("/search", {"q": "pain"}))
    monkeypatch.setattr("indexer.web.pages.search.MOST_RESULTS", 5)
    page = browser.get("/search", {"q": "pain"})
    assert "Download the first 5 as CSV" in text_of(page)
    assert "/search.csv?q=pain&n=5" in links(page)


def test_a_filter_in_use_takes_itself_away(browser):
    answer = browser.get("/search", {"q": "pain", "since": "2023", "author": "Priya Castellan"})
    assert "/search?q=pain&since=2023" in links(answer)
    assert "/search?q=pain&author=Priya+Castellan" in links(answer)


def test_a_facet_narrows_and_its_count_is_true(browser):
    answer = browser.get("/search", {"q": "ketamine"})
    narrowed = next(link for link in links(answer) if "category=" in link)
    assert "8 posts" in text_of(browser.get(narrowed))


def test_a_slip_is_told_and_what_was_meant_is_a_link(browser):
    answer = browser.get("/search", {"q": "fibromialgia"})
    assert "Did you mean" in text_of(answer)
    assert "/search?q=fibromyalgia" in links(answer)


def test_where_nothing_fits_the_filters_can_be_dropped(browser):
    answer = browser.get("/search", {"q": "fibromyalgia", "since": "2025"})
    assert "No post that fits these filters has “fibromyalgia”." in text_of(answer)
    assert "/search?q=fibromyalgia" in links(answer)


def test_words_that_only_some_posts_have_are_told_of(browser):
    assert "No post has “zeppelin”; these have “insurance”." in text_of(
        browser.get("/search", {"q": "zeppelin insurance"})
    )


def test_pages_of_results_go_on_and_back(browser):
    answer = browser.get("/search", {"q": "ketamine", "offset": 10})
    assert [found["rel"] for found in tags(answer, "a") if found.get("rel") in ("prev", "next")] == ["prev", "next"]
    assert "11–20 of 27" in text_of(answer)
    assert "nothing comes after the first 400" in text_of(browser.get("/search", {"q": "ketamine", "offset": 400}))


@pytest.mark.parametrize(
    "query",
    [
        {"n": "x"},
        {"n": "0"},
        {"sort": "best"},
        {"in": "margin"},
        {"since": "yesteryear"},
        {"since": "2024", "until": "2023"},
    ],
)
def test_a_parameter_that_means_nothing_is_one_sentence(browser, query):
    answer = browser.get("/search", query)
    assert answer.status_code == 400
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "query",
    [
        {"q": "a" * 40_000},
        {"q": " ".join(f"{letter}*" for letter in "abcdefghijklmnopqrstuvwxyz")},
        {"q": " ".join(f"unheard{number}" for number in range(200))},
        {"q": "pain", "n": 10**6},
        {"q": "pain", "offset": 10**9},
        {"q": "pain", "topic": "x" * 4000},
    ],
)
@pytest.mark.parametrize("path", ["/search", "/api/v1/search", "/search.csv", "/posts/3"])
def test_what_would_cost_too_much_is_refused(browser, path, query):
    answer = browser.get(path, query)
    assert answer.status_code == 400
    assert "at most" in answer.text


def test_what_would_cost_too_much_is_refused_before_anything_is_looked_up(library, tmp_path):
    shutil.copytree(library, tmp_path / "lib")
    shutil.rmtree(tmp_path / "lib" / "search")
    browser = Browser(tmp_path / "lib")
    assert browser.get("/search", {"q": "pain"}).status_code != 400
    assert browser.get("/search", {"q": "a" * 40_000}).status_code == 400
    assert browser.get("/search", {"q": "pain", "n": 10**6}).status_code == 400
    assert browser.get("/healthz").status_code == 200


def test_a_post_shows_its_text_its_facts_and_what_is_like_it(browser, library):
    shown = blogdex("show", "id:7", "--text", library=library).stdout
    page = text_of(browser.get("/posts/7"))
    paragraphs = [" ".join(part.split()) for part in shown.split("\n\n")]
    assert [part for part in paragraphs if part not in page] == []
    assert "Posts like this" in page


def test_a_post_names_what_was_set_aside_and_why(browser):
    answer = browser.get("/posts/7")
    assert "blocks set aside" in text_of(answer)
    assert not [found for found in tags(answer, "details") if "open" in found and found.get("class") == "aside"]
    assert [found for found in tags(browser.get("/posts/7?why=1"), "details") if "open" in found]


def test_a_post_marks_the_words_one_came_with(browser):
    assert "<mark>" not in browser.get("/posts/7").text
    assert "<mark>" in browser.get("/posts/7", {"q": "infusion"}).text


def test_a_post_is_found_by_its_address(browser):
    url = browser.get("/api/v1/posts/7").json["url"]
    answer = browser.get("/posts/by-url", {"url": url})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/posts/7")
    assert browser.get("/posts/by-url", {"url": "https://elsewhere.example/"}).status_code == 404


@pytest.mark.parametrize("path", ["/posts/9999", "/nothing", "/posts/x", "/static/none", "/api/v1/posts/9999"])
def test_what_is_not_there_is_one_sentence(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


def test_monitoring_needs_no_cookie_and_sees_no_words(library):
    stranger = Browser(library, let_in=False)
    assert stranger.get("/healthz").text == "ok\n"
    assert stranger.get("/readyz").text == "ready\n"
    stranger.get("/search", {"q": "secret"})
    metrics = stranger.get("/metrics").text
    assert 'blogdex_requests_total{page="search",status="401"} 1' in metrics
    assert "secret" not in metrics


def test_without_a_library_the_pages_say_how_to_begin(tmp_path):
    browser = Browser(tmp_path / "none")
    answer = browser.get("/")
    assert (answer.status_code, "No posts yet. Start with: blogdex crawl" in text_of(answer)) == (200, True)
    assert browser.get("/api/v1/search").status_code == 404
    assert browser.get("/readyz").status_code == 404
    assert not (tmp_path / "none").exists()


def test_pages_that_were_not_built_are_told_of(tmp_path):
    with writing(tmp_path / "lib", "test") as library:
        library.store.frontier("a.example")
    assert "No posts yet" in text_of(Browser(tmp_path / "lib").get("/"))


def test_with_a_damaged_index_posts_can_still_be_read(library, tmp_path):
    shutil.copytree(library, tmp_path / "lib")
    shutil.rmtree(tmp_path / "lib" / "search")
    browser = Browser(tmp_path / "lib")
    answer = browser.get("/search", {"q": "pain"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "blogdex rebuild" in answer.text
    assert "can be read meanwhile" in answer.text
    for path in ("/topics", "/index", "/audit", "/changes", "/library"):
        assert browser.get(path).status_code == 200, path
    assert browser.get("/posts/7").status_code == 200


def test_while_somebody_writes_each_page_says_who_and_reading_goes_on(library, tmp_path):
    shutil.copytree(library, tmp_path / "lib")
    browser = Browser(tmp_path / "lib")
    with writing(tmp_path / "lib", "crawl"):
        answer = browser.get("/search", {"q": "pain"})
    assert answer.status_code == 200
    assert "blogdex crawl is at work since" in text_of(answer)
    assert "is at work" not in browser.get("/search", {"q": "pain"}).text


def test_what_is_committed_meanwhile_is_seen_by_the_next_request(library, tmp_path):
    shutil.copytree(library, tmp_path / "lib")
    browser = Browser(tmp_path / "lib")
    assert "27 posts" in text_of(browser.get("/search", {"q": "ketamine"}))
    blogdex("forget", "id:7", "--yes", library=tmp_path / "lib")
    assert "26 posts" in text_of(browser.get("/search", {"q": "ketamine"}))


def test_to_look_changes_nothing(library, tmp_path):
    shutil.copytree(library, tmp_path / "lib")
    before = snapshot(tmp_path / "lib")
    browser = Browser(tmp_path / "lib")
    for route in ROUTES:
        if "GET" in route.methods:
            path = address_of(route)
            assert browser.get(path, {"q": "pain", "url": "https://a.example/"}).status_code in (200, 303, 404), path
    assert snapshot(tmp_path / "lib") == before
