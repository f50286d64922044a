"""The pages in a real Chromium: nothing of the web's text runs, everybody can use them, and they stand on any screen."""

from __future__ import annotations

import html
import os
import re
import shutil
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from indexer.library import writing
from indexer.web.jobs import Job
from scraper.model import Progress
from tests.chromium import chromium, served, tab
from tests.commandline import ROOT, blogdex
from tests.test_browser import needs_browser
from tests.web import Browser

pytestmark = [needs_browser, pytest.mark.xdist_group("demo")]

AXE = Path(os.environ.get("BLOGDEX_AXE", ROOT / "node_modules" / "axe-core" / "axe.min.js"))
needs_axe = pytest.mark.skipif(
    not AXE.exists() and not os.environ.get("BLOGDEX_TEST_BROWSER"),
    reason="axe-core is not installed (npm install axe-core), nor named by BLOGDEX_AXE",
)
WIDTHS = (1280, 390, 320)
SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)></title></textarea>{{7*7}}"
BIDI = "\u202eesrever\u202c \u2066isolate\u2069 \x1b[31mred\x07 zero\u200bwidth\x00"
EVIL = "/audit?site=evil.example%2Fblog"
PLANTED = """() => [...document.querySelectorAll("*")].filter((found) =>
  ["IMG", "IFRAME", "OBJECT", "EMBED", "BASE", "STYLE", "VIDEO"].includes(found.tagName)
  || (found.tagName === "SCRIPT" && !found.src.endsWith("/static/keys.js"))
  || [...found.attributes].some((one) => one.name.startsWith("on") || one.value.trim().startsWith("javascript:"))
).map((found) => found.outerHTML.slice(0, 200))"""


def page(number: int, title: str = SCRIPT, more: str = "") -> str:
    """Return a post that tries to run a script wherever text comes from."""
    said = html.escape(title)
    own = f"Post number {number} says things that no other says: " + " ".join(f"word{number}x{at}" for at in range(60))
    pasted = html.escape(f"Call us today on 555-0100 and ask for a first talk with no charge at all {SCRIPT} and more.")
    return (
        f"<html lang=en><head><title>{said}</title><meta name=author content='{said}'>"
        f"<meta property='article:section' content='{html.escape(SCRIPT)}'><meta property='og:type' content=article>"
        f"<meta property='article:tag' content='{html.escape(SCRIPT)}'>"
        f"<meta property='article:published_time' content='2024-0{number % 8 + 1}-11'></head><body><article><h1>{said}</h1>"
        f"<p>{own}</p><p>{html.escape(SCRIPT)} infusion {html.escape(SCRIPT)}</p>"
        f"<p><a href='javascript:alert(4)'>a link</a> <img src=x onerror=alert(5)></p><p>{pasted}</p>{more}"
        "</article></body></html>"
    )


@pytest.fixture(scope="module")
def library(tmp_path_factory, crawled):
    folder = shutil.copytree(crawled, tmp_path_factory.mktemp("seen") / "lib")
    blogdex("audit", library=folder)
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, crawled):
    """Return a library with a blog whose every text is a script, or reorders, or is without measure."""
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copytree(crawled, folder / "lib")
    pages = folder / "pages"
    pages.mkdir()
    for number in range(7):
        (pages / f"post-{number} '\"><img src=x onerror=alert(6)>.html").write_text(page(number), encoding="utf-8")
    (pages / "bidi.html").write_text(page(7, f"Bidi {BIDI}"), encoding="utf-8")
    (pages / "endless.html").write_text(page(8, "endless " * 130_000), encoding="utf-8")
    blocks = "".join(f"<p>Paragraph {at} of very many stands here alone.</p>" for at in range(5000))
    (pages / "blocks.html").write_text(page(9, "Five thousand", blocks), encoding="utf-8")
    done = blogdex("import", str(pages), "--base-url", "https://evil.example/blog/", library=folder / "lib")
    assert "Read 10 pages, 0 failed. The library has 37 posts." in done.stdout, done.stderr
    blogdex("audit", library=folder / "lib")
    answer = Browser(folder / "lib").post("/topics/1/rename", {"name": SCRIPT})
    assert answer.status_code == 303
    return folder / "lib"


@pytest.fixture(scope="module")
def program(library, hostile):
    """Return the browser. Its event loop takes this thread, so the libraries are made before it starts."""
    with chromium() as found:
        yield found


@pytest.fixture
def shown(program, hostile):
    with served(hostile) as app, tab(program, app) as opened:
        yield opened


def addresses_within(shown, *starts):
    """Return the addresses that the links of some pages lead to, on this server."""
    found = dict.fromkeys(starts)
    for start in starts:
        shown.open(start)
        links = shown.page.eval_on_selector_all("main a[href^='/']", "all => all.map(one => one.getAttribute('href'))")
        found |= dict.fromkeys(link for link in links if ".csv" not in link and ".xlsx" not in link)
    return list(found)


def test_no_script_of_a_post_or_an_address_runs_on_any_page(shown):
    asked = quote(SCRIPT)
    paths = addresses_within(
        shown, "/", "/topics", "/index", EVIL, f"/audit/boilerplate?{EVIL[7:]}", "/changes", "/library", f"/search?q={asked}+infusion"
    )  # fmt: skip
    parameters = ("n", "offset", "sort", "in", "since", "topic", "author", "category", "site", "language")
    paths += [f"/search?{urlencode({'q': 'infusion', name: SCRIPT})}" for name in parameters]
    paths += [f"/posts/1?why=1&q={asked}", f"/posts/by-url?url={asked}", f"/{asked}", f"/posts/{asked}"]
    paths += [f"{EVIL}&state={asked}", f"/audit/finding/{asked}", f"/audit/{asked}", f"/index/{asked}"]
    paths += [f"/changes?since={asked}", f"/topics/1?rename={asked}", f"{EVIL}&accepted={asked}", f"/?token={asked}"]
    assert len(paths) > 60
    seen = 0
    for path in paths:
        shown.open(path)
        own = ["<style", "<script"] if "/report.html" in path else []
        planted = shown.page.evaluate(PLANTED)
        assert [one.partition(">")[0] for one in planted] == own, (path, planted)
        assert shown.reports() == [], path
        seen += "<script>alert(1)" in shown.page.inner_text("body")
    assert seen > 20


def test_signs_that_reorder_or_hide_text_are_not_shown(shown):
    for path in addresses_within(shown, "/search?q=bidi"):
        shown.open(path)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b]", shown.page.content()), path


def test_what_is_without_measure_stays_a_page_that_can_be_used(shown):
    shown.page.set_viewport_size({"width": 320, "height": 800})
    for path in ("/", "/search?q=endless", "/search?q=five+thousand", "/changes", EVIL, "/topics"):
        assert shown.open(path) == 200
        assert len(shown.page.content()) < 200_000, path
        assert shown.page.evaluate("document.documentElement.scrollWidth") <= 320, path
    links = shown.page.locator("main a", has_text="Five thousand")
    shown.open("/search?q=%22five+thousand%22&in=title")
    links.first.click()
    assert shown.page.locator("article p").count() > 4000
    assert shown.reports() == []


STATES = (
    "/", "/search?q=ketamine", "/search?q=chronic+pain&since=2019&category=Chronic+Pain", "/search?q=fibromialgia",
    "/search?q=zeppelin+insurance", "/search?q=zebra+zeppelin", "/search?q=pain&offset=10&n=5", "/search?n=x",
    "/posts/7", "/posts/7?why=1&q=infusion", "/posts/3", "/posts/9999",
    "/topics", "/topics/1", "/topics/1?rename=Pain", "/topics/1?merge=2", "/index", "/index/K",
    "/audit", "/audit?state=accepted", "/audit/boilerplate", "/audit/duplicates", "/audit/stale?state=all", "/audit/cta",
    "/audit/template", "/audit/report.html", "/audit/post/3", "/saved", "/crawl", "/changes", "/changes?since=2200", "/library", "/library?check=1", "/help/keys", "/nothing",
)  # fmt: skip


def violations(shown, path):
    """Return what axe-core finds on a page at each width, light and dark, and what scrolls sideways."""
    assert shown.open(path) != 500, path
    found = []
    for scheme in ("light", "dark"):
        shown.page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            shown.page.set_viewport_size({"width": width, "height": 900})
            if scheme == "light" and (wide := shown.page.evaluate("document.documentElement.scrollWidth")) > width:
                found.append(f"{path} {width}: {wide} px wide")
            if not shown.page.evaluate("typeof axe === 'object'"):
                shown.page.evaluate(AXE.read_text(encoding="utf-8"))
            told = shown.page.evaluate(
                "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
                ".then(told => told.violations.map(one => `${one.id}: ${one.nodes.map(at => at.html).slice(0, 3).join(' ')}`))"
            )
            found += [f"{path} {width} {scheme} {one}" for one in told]
    return found


@needs_axe
def test_every_page_can_be_used_by_everybody_at_every_width_light_and_dark(program, library):
    with served(library) as app, tab(program, app) as shown:
        findings = [link for link in addresses_within(shown, "/audit", "/audit/boilerplate") if "/finding/" in link]
        wrong = [one for path in (*STATES, findings[0], findings[-1]) for one in violations(shown, path)]
        assert shown.reports() == []
    assert wrong == []


@needs_axe
def test_so_can_every_state_of_the_library(program, library, crawled, tmp_path):
    damaged = shutil.copytree(library, tmp_path / "damaged")
    shutil.rmtree(damaged / "search")
    with ExitStack() as stack:
        busy = shutil.copytree(library, tmp_path / "busy")
        stack.enter_context(writing(busy, "crawl"))
        states = (
            (tmp_path / "none", {}, ("/", "/audit", "/library", "/changes", "/topics")),
            (crawled, {}, ("/audit",)),
            (damaged, {}, ("/search?q=pain", "/posts/7")),
            (busy, {}, ("/search?q=pain", "/topics/1?rename=x")),
            (library, {"read_only": True}, ("/", "/audit/stale", "/topics/1")),
            (library, {"let_in": False}, ("/",)),
        )
        wrong = []
        for folder, options, paths in states:
            let_in = options.pop("let_in", True)
            with served(folder, **options) as app, tab(program, app, let_in=let_in) as shown:
                wrong += [one for path in paths for one in violations(shown, path)]
    assert wrong == []


@needs_axe
def test_so_can_the_page_of_a_work_that_runs_is_stopped_and_has_ended(program, library, tmp_path):
    copy = shutil.copytree(library, tmp_path / "lib")
    works = (sys.executable, "-u", "-c", "import time; print('Saved 3 posts'); time.sleep(600)")
    with served(copy, program=works) as app, tab(program, app) as shown:
        app.shared.jobs.start(Job("crawl", (), "Crawling clinic.example/blog"))
        with writing(copy, "crawl") as opened:
            time.sleep(1)
            opened.tell(Progress(3, 12, "pages", 1))
            wrong = violations(shown, "/crawl")
            assert "3 of 12 pages" in shown.page.inner_text("#progress")
        app.shared.jobs.end()
        wrong += violations(shown, "/crawl")
        assert "stopped. What was saved stays." in shown.page.inner_text("#progress")
    assert wrong == []


def test_the_keys_lead_everywhere_and_rest_in_fields(program, library):
    with served(library) as app, tab(program, app) as shown:
        keys = shown.page.keyboard
        shown.open("/search?q=ketamine")
        for key in "jj":
            keys.press(key)
        second = (
            shown.page.locator(".hit a")
            .nth(0)
            .evaluate("_ => document.querySelectorAll('.hit')[1].contains(document.activeElement)")
        )
        assert second
        with shown.page.expect_navigation():
            keys.press("Enter")
        assert "/posts/" in shown.page.url
        with shown.page.expect_navigation():
            keys.press("w")
        assert "why=1" in shown.page.url
        for letter, path in (("t", "/topics"), ("a", "/audit"), ("l", "/library"), ("s", "/")):
            keys.press("g")
            with shown.page.expect_navigation():
                keys.press(letter)
            assert shown.page.url == f"{shown.base}{path}"
        keys.press("/")
        keys.type("gt pain ]?w")
        assert shown.page.input_value("#q") == "gt pain ]?w"
        assert shown.page.url == f"{shown.base}/"
        shown.open("/search?q=ketamine")
        with shown.page.expect_navigation():
            keys.press("]")
        assert "offset=10" in shown.page.url
        shown.open("/help/keys")
        shown.page.check("#keys-off")
        keys.press("Tab")
        keys.press("g")
        keys.press("t")
        assert shown.page.url.endswith("/help/keys")


def test_every_page_is_reached_by_the_tab_key_and_shows_where_one_is(program, library):
    with served(library) as app, tab(program, app) as shown:
        shown.open("/search?q=ketamine")
        shown.page.keyboard.press("Tab")
        assert shown.page.evaluate("document.activeElement.className") == "skip"
        shown.page.keyboard.press("Enter")
        assert shown.page.evaluate("document.activeElement.id") == "main"
        shown.page.keyboard.press("Tab")
        assert shown.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_without_scripts_everything_can_still_be_read_and_searched(program, library):
    with served(library) as app, tab(program, app, java_script_enabled=False) as shown:
        shown.open("/")
        shown.page.fill("#q", "chronic pain")
        shown.page.press("#q", "Enter")
        shown.page.locator(".hit a").first.click()
        assert shown.page.locator("article .text").count()


@pytest.mark.parametrize("path", ["/search?q=ketamine", "/posts/7", "/audit", "/audit/boilerplate", "/library"])
def test_a_printed_page_has_its_text_and_nothing_to_press(program, library, path):
    with served(library) as app, tab(program, app) as shown:
        shown.open(path)
        title = shown.page.inner_text("h1").strip()
        assert shown.page.pdf(format="A4").startswith(b"%PDF")
        shown.page.emulate_media(media="print")
        visible = shown.page.inner_text("body")
        assert title.casefold() in visible.casefold()
        assert not shown.page.locator("button:visible, input:visible, nav:visible").count()
