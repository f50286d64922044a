"""The pages let in who belongs there, and nobody else."""

from __future__ import annotations

import re
import shutil

import pytest

from indexer.present.templating import outside
from indexer.web import app as web_app
from indexer.web import guard
from indexer.web.config import Config, checked
from indexer.web.pages import ROUTES
from indexer.web.routing import Route
from indexer.web.urls import Addresses
from indexer.web.views import SeeOther
from scraper.errors import UsageError
from tests.web import BASE, Browser, links, tags

pytestmark = pytest.mark.xdist_group("demo")
PATHS = [re.sub(r"<(?:\w+:)?\w+>", "7", route.path) for route in ROUTES] + ["/nothing", "/static/pages.css"]


@pytest.fixture(scope="module")
def library(tmp_path_factory, crawled):
    return shutil.copytree(crawled, tmp_path_factory.mktemp("guard") / "lib")


@pytest.fixture
def browser(library):
    return Browser(library)


@pytest.fixture
def changing(library, monkeypatch):
    """Return a browser whose pages have one form that would change something."""
    done = []

    def change(visit):
        done.append(visit.user)
        return SeeOther(visit.at("/"))

    monkeypatch.setattr(web_app, "ROUTES", (*ROUTES, Route("change", "/change", change, ("POST",))))

    def make(**options):
        return Browser(library, **options), done

    return make


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1", "127.0.0.1:80", "localhost.:8765", "127.0.0.1:8765.evil.example", "evil.example:8765",
     "127.1:8765", "2130706433:8765", "[::ffff:127.0.0.1]:8765", "localhost:8765@evil.example", "", "0.0.0.0:8765"],
)  # fmt: skip
def test_no_address_answers_to_another_host(browser, host):
    for path in PATHS:
        assert browser.get(path, headers={"Host": host}).status_code == 421, path


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "LOCALHOST:8765", "[::1]:8765"])
def test_this_machine_is_answered_by_each_of_its_names(library, host):
    assert Browser(library, let_in=False).get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": None},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "https://127.0.0.1:8765"},
        {"Origin": "http://localhost:8765"},
        {"Origin": BASE + ".evil.example"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_a_form_of_another_origin_changes_nothing(changing, headers):
    browser, done = changing()
    assert browser.post("/change", headers=headers).status_code == 403
    assert not done
    assert browser.post("/change").status_code == 303
    assert len(done) == 1


def test_served_for_reading_only_nothing_can_be_changed(changing):
    browser, done = changing(read_only=True)
    answer = browser.post("/change")
    assert (answer.status_code, done) == (403, [])
    assert "reading only" in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "GET"])
def test_no_other_method_reaches_a_form(changing, method):
    browser, done = changing()
    assert browser.open(method, "/change").status_code == 405
    assert not done


def test_without_the_cookie_nothing_is_shown(library):
    stranger = Browser(library, let_in=False)
    for route in ROUTES:
        expected = 200 if route.is_open else 401
        if not route.is_open and "GET" in route.methods:
            assert stranger.get(re.sub(r"<(?:\w+:)?\w+>", "7", route.path)).status_code == expected, route.path


def test_the_token_opens_once_and_is_gone_from_the_address(library):
    first, second = Browser(library, let_in=False), None
    token = first.app.door.new_token()
    answer = first.get("/search", {"q": "pain", "token": token})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/search?q=pain")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie
    assert token not in cookie
    assert first.get("/search", {"q": "pain"}).status_code == 200
    second = Browser(library, let_in=False)
    second.app = first.app
    second._client.application = first.app
    assert second.get("/", {"token": token}).status_code == 401
    assert first.get("/", {"token": token}).status_code == 303


def test_a_cookie_of_a_server_that_ended_opens_nothing(library, browser):
    old = browser._client.get_cookie("blogdex-8765", domain="127.0.0.1")
    fresh = Browser(library, let_in=False)
    assert fresh.get("/", headers={"Cookie": f"blogdex-8765={old.value}"}).status_code == 401
    assert fresh.get("/", headers={"Cookie": "blogdex-8765=\u00e4"}).status_code == 401


def test_tokens_are_compared_in_constant_time(library, monkeypatch):
    compared = []
    monkeypatch.setattr(guard.hmac, "compare_digest", lambda one, other: bool(compared.append(1)) or one == other)
    door = guard.Door()
    assert not door.redeem("x") and door.redeem(door.new_token())
    assert compared


def test_neither_token_nor_words_are_logged(library, caplog):
    caplog.set_level("INFO", logger="indexer.web")
    browser = Browser(library, let_in=False)
    token = browser.app.door.new_token()
    browser.get("/", {"token": token})
    browser.get("/search", {"q": "embarrassing"})
    browser.get("/sea\x1b[31mrch\n/x")
    assert token not in caplog.text
    assert "embarrassing" not in caplog.text
    assert "\x1b" not in caplog.text
    assert "GET /search 200" in caplog.text


@pytest.mark.parametrize("path", [*PATHS, "/?token=wrong"])
def test_every_answer_has_the_headers_that_keep_others_out(browser, path):
    for answer in (browser.get(path), browser.get(path, headers={"Host": "evil.example"}), browser.open("PUT", path)):
        for name, value in guard.HEADERS.items():
            assert answer.headers[name] == value, path
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "Server" not in answer.headers


def test_pages_have_neither_inline_script_nor_inline_style(browser):
    for path in ("/", "/search?q=pain", "/posts/7?why=1", "/nothing"):
        answer = browser.get(path)
        assert all(found.get("src", "").startswith("/static/") for found in tags(answer, "script"))
        assert not tags(answer, "style")
        assert not re.search(r"<[^>]+\s(?:style|on\w+)\s*=", answer.text)


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/%2e%2e%2f%2e%2e%2flibrary.db",
     "/static//etc/passwd", "/static/pages.css%00.html", "/static/..\\app.py", "//static/pages.css/../../x"],
)  # fmt: skip
def test_no_path_leads_out_of_the_files_that_are_served(browser, path):
    answer = browser.get(path)
    assert answer.status_code in (404, 308)
    assert b"def " not in answer.data


@pytest.mark.parametrize("wanted", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)",
                                    "/a\r\nSet-Cookie: x=1", "/a b", "evil", "", None, "/ä"])  # fmt: skip
def test_a_form_leads_back_to_these_pages_only(wanted):
    assert Addresses("").back(wanted, "/") == "/"
    assert Addresses("/blogdex").back(wanted, "/blogdex/") == "/blogdex/"
    assert Addresses("").back("/audit?page=2", "/") == "/audit?page=2"
    assert Addresses("/blogdex").back("/audit", "/blogdex/") == "/blogdex/"


def test_addresses_are_paths_and_say_only_what_was_said():
    at = Addresses("/b").at
    assert at("/search", {"q": ["a b", "c"], "since": None, "sort": ""}, offset=0) == "/b/search?q=a+b&q=c&offset=0"
    assert at("//evil.example/x y?z") == "/b/evil.example/x%20y%3Fz"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "", None, "vbscript:x"])
def test_only_addresses_of_the_web_become_links(url):
    assert outside(url) is None
    assert outside("https://a.example/") == "https://a.example/"


def test_below_a_prefix_every_address_carries_it(library):
    browser = Browser(library, prefix="/blogdex/")
    browser._client.get("/blogdex/", base_url=BASE, query_string={"token": browser.app.door.new_token()})
    answer = browser.get("/blogdex/search?q=pain")
    assert answer.status_code == 200
    inside = [link for link in links(answer) if not link.startswith(("http", "#"))]
    assert inside and all(link.startswith("/blogdex/") for link in inside)
    assert all(found["action"].startswith("/blogdex/") for found in tags(answer, "form"))
    assert all(found["href"].startswith("/blogdex/") for found in tags(answer, "link"))
    assert browser.get("/search?q=pain").status_code == 404
    assert browser.get("/blogdexter/").status_code == 404


def test_the_cookie_lies_below_the_prefix(library):
    browser = Browser(library, let_in=False, prefix="/blogdex")
    answer = browser.get("/blogdex/", {"token": browser.app.door.new_token()})
    assert "Path=/blogdex;" in answer.headers["Set-Cookie"] + ";"
    assert answer.headers["Location"] == "/blogdex/"


def test_behind_a_proxy_its_host_and_origin_are_those_that_count(changing):
    public = "https://archive.clinic.example"
    browser, done = changing(let_in=False, public_url=public, base=public)
    assert browser.get("/").status_code == 200
    assert browser.post("/change").status_code == 303
    assert browser.post("/change", headers={"Origin": "https://evil.example"}).status_code == 403
    assert browser.get("/", base="https://evil.example").status_code == 421
    assert done == [""]


def test_a_header_with_the_user_counts_from_the_proxy_only(changing):
    public = "https://archive.clinic.example"
    options = {"public_url": public, "base": public, "user_header": "X-User", "let_in": False}
    trusted, done = changing(proxies=("127.0.0.1",), **options)
    trusted.post("/change", headers={"X-User": "ann@clinic.example"})
    other, _ = changing(proxies=("10.0.0.5",), **options)
    assert other.post("/change", headers={"X-User": "ann@clinic.example"}).status_code == 401
    assert done == ["ann@clinic.example"]
    local, done = changing()
    local.post("/change", headers={"X-User": "mallory"})
    assert "mallory" not in done


@pytest.mark.parametrize(
    "options",
    [
        {"host": "0.0.0.0"},
        {"host": "192.168.1.5"},
        {"host": "::"},
        {"public_url": "archive.clinic.example"},
        {"public_url": "https://archive.clinic.example/other"},
        {"public_url": "javascript:alert(1)"},
        {"user_header": "X-User"},
        {"proxies": ("127.0.0.1",)},
        {"user_header": "X-User", "proxies": ("proxy",)},
        {"prefix": "/../x"},
        {"prefix": "/a b"},
        {"prefix": "/ä"},
    ],
)
def test_what_would_let_strangers_in_is_refused_at_the_start(tmp_path, options):
    with pytest.raises(UsageError):
        checked(Config(tmp_path, **options))


def test_a_form_that_is_too_large_is_refused(changing):
    browser, done = changing()
    assert browser.post("/change", data={"note": "x" * 100_000}).status_code == 413
    assert not done


def test_what_goes_wrong_unexpectedly_shows_no_trace(library, monkeypatch):
    def broken(visit):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(web_app, "ROUTES", (*ROUTES, Route("broken", "/broken", broken)))
    answer = Browser(library).get("/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text and "Traceback" not in answer.text
