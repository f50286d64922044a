from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from blogsite import Answer, canary, make_post
from commandline import blogdex
from scriptsite import ScriptSite
from test_spider import Library

from scraper.crawling import browser

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = next(filter(None, map(shutil.which, browser.NAMES)), None)
LACKS = (
    "no Chromium or Chrome is installed"
    if PROGRAM is None
    else "the extra `browser` is not installed"
    if importlib.util.find_spec("playwright") is None
    else ""
)
needs_browser = pytest.mark.skipif(bool(LACKS) and not os.environ.get("BLOGDEX_TEST_BROWSER"), reason=LACKS)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library(tmp_path)
    yield made
    made.store.close()


def crawl(library: Library, site: ScriptSite, **options: object) -> object:
    return library.crawl(site, browser=browser.find(), timeout_s=20.0, **options)


@needs_browser
@pytest.mark.parametrize("mode", ["endless", "replaced"])
def test_a_blog_that_a_script_fills_is_read_to_the_end_of_its_list(mode: str, library: Library) -> None:
    with ScriptSite(18, mode) as site:
        report = crawl(library, site)
        assert library.posts() == site.addresses()
        assert report.stopped_by is None
        assert {one.headers["user-agent"] for one in site.asked} == {"blogdex/0 (blog archive)"}
        assert site.paths().count("/app.js") == 1
        newest = site.newest_first()[0]
        assert newest.text.split("\n")[-1].encode() in library.body(f"{site.url}/{newest.slug}/")


@needs_browser
def test_a_list_is_grown_no_further_than_to_posts_that_are_known(library: Library) -> None:
    with ScriptSite(13, "button") as site:
        crawl(library, site)
        assert library.posts() == site.addresses()
        new = make_post(40)
        site.posts[new.slug] = new
        site.clear()
        crawl(library, site)
        assert library.posts() == site.addresses()
        assert [path for path in site.paths() if path.startswith("/api/posts")] == [
            "/api/posts?from=0",
            "/api/posts?from=5",
        ]


@needs_browser
def test_a_page_reaches_nothing_but_through_the_crawl(library: Library) -> None:
    with ScriptSite(2) as site, canary() as bird, _packets() as udp:
        there = f"127.0.0.1:{bird.port}"
        site.routes["/hop"] = lambda path, headers: Answer(status=302, headers={"Location": f"http://{there}/secret"})
        site.extra = f"""
        fetch('http://{there}/a').catch(() => 0); fetch('/hop').catch(() => 0); new Image().src = 'http://{there}/b';
        try {{ new WebSocket('ws://{there}/c') }} catch (e) {{}}
        navigator.sendBeacon('http://{there}/d', 'x');
        document.head.insertAdjacentHTML('beforeend', '<link rel=stylesheet href="http://{there}/e"><link rel=preconnect href="http://{there}">');
        const frame = document.createElement('iframe'); frame.src = 'http://{there}/f'; document.body.append(frame);
        const peer = new RTCPeerConnection({{iceServers: [{{urls: 'stun:127.0.0.1:{udp.port}'}}]}});
        peer.createDataChannel('x'); peer.createOffer().then(offer => peer.setLocalDescription(offer));
        document.body.insertAdjacentHTML('beforeend', '<img src="/picture.png"><video src="/film.mp4"></video>');
        """
        crawl(library, site)
        assert library.posts() == site.addresses()
        assert "/hop" in site.paths()
        assert not {"/picture.png", "/film.mp4"} & set(site.paths())
        assert bird.touched == []
        assert udp.seen == []


@needs_browser
def test_robots_hold_for_what_pages_ask_for(library: Library) -> None:
    with ScriptSite(3, robots="User-agent: *\nDisallow: /api/\n") as site:
        report = crawl(library, site)
        assert not [path for path in site.paths() if path.startswith("/api/")]
    assert "forbids /api/" in str(report.stopped_by)


@needs_browser
def test_a_page_that_asks_for_ever_ends(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "PAGE_S", 6.0)
    monkeypatch.setattr(browser, "LIST_S", 6.0)
    monkeypatch.setattr(browser, "MAX_RESOURCES", 10)
    monkeypatch.setattr(browser, "MAX_LIST_RESOURCES", 10)
    with ScriptSite(1) as site:
        site.extra = "let n = 0; setInterval(() => fetch('/again?' + n++).catch(() => 0), 20);"
        crawl(library, site)
        assert library.posts() == site.addresses()
        assert 0 < sum(path.startswith("/again") for path in site.paths()) <= 20


@needs_browser
def test_a_browser_that_does_not_start_is_told(library: Library, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    with ScriptSite(1) as site:
        report = library.crawl(site, browser=broken)
    assert f"{broken} does not start" in str(report.stopped_by)


def test_without_a_browser_what_to_install_is_told(tmp_path: Path) -> None:
    shown = blogdex(
        "crawl", "http://127.0.0.1:9/", "--browser", library=tmp_path / "library", BLOGDEX_BROWSER="no-such-browser"
    )
    assert shown.returncode == 2
    assert "pip install" in shown.stderr or "BLOGDEX_BROWSER names no-such-browser" in shown.stderr


class _packets:
    """Listen for datagrams."""

    def __enter__(self) -> _packets:
        self.seen: list[bytes] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def _watch(self) -> None:
        while True:
            try:
                self.seen.append(self._socket.recv(2048))
            except OSError:
                return

    def __exit__(self, *_: object) -> None:
        self._socket.close()
