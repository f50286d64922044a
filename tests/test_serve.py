"""`blogdex serve` starts, answers, and ends when it is told to."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from http.cookiejar import CookieJar
from urllib.error import HTTPError

import pytest

from indexer.library import reading
from indexer.writer import writer_at_work
from tests.commandline import ROOT, blogdex, environment

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture
def start(tmp_path, crawled):
    """Return a function that starts the server and gives the process and its address."""
    library = shutil.copytree(crawled, tmp_path / "lib")
    running = []

    def begin(*options, port=0, lib=library, before=()):
        words = [*before, sys.executable, "-m", "cli", "serve", "--no-open", "--port", str(port), *options]
        process = subprocess.Popen(
            words, cwd=ROOT, env=environment(lib) | {"PYTHONUNBUFFERED": "1"}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )  # fmt: skip
        running.append(process)
        said = ""
        while "http" not in said and process.poll() is None:
            said += process.stdout.readline()
        return process, (re.search(r"http\S+", said) or [None])[0], said

    yield begin
    for process in running:
        process.kill()
        process.wait()


def opener():
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))


def test_the_printed_address_opens_the_library_once(start):
    _, address, _ = start()
    browser = opener()
    with browser.open(address) as answer:
        assert b"Newest posts" in answer.read()
        assert "token" not in answer.url
    with browser.open(answer.url + "search?q=pain") as found:
        assert found.status == 200
    with pytest.raises(HTTPError) as refused:
        opener().open(address)
    assert refused.value.code == 401
    assert "Newest" not in refused.value.read().decode()


def test_a_library_that_may_not_be_written_is_served_for_reading(start, tmp_path):
    for path in (tmp_path / "lib", *(tmp_path / "lib").rglob("*")):
        path.chmod(path.stat().st_mode & ~0o222)
    before = ()
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root writes everywhere, and setpriv, which takes that away, is not installed")
        before = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
    _, address, said = start("--read-only", before=before)
    assert address, said
    browser = opener()
    with browser.open(address) as answer:
        origin = answer.url.rstrip("/")
    for path in ("/search?q=ketamine", "/posts/3", "/topics", "/audit", "/changes", "/library"):
        with browser.open(origin + path) as shown:
            assert shown.status == 200, path
    form = urllib.request.Request(origin + "/audit/accept", b"id=c-1", {"Origin": origin})
    with pytest.raises(HTTPError) as refused:
        browser.open(form)
    assert refused.value.code == 403


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_while_a_browser_still_holds_a_connection(start, sign):
    process, address, _ = start()
    port = int(re.search(r":(\d+)/", address)[1])
    with socket.create_connection(("127.0.0.1", port)) as held:
        held.sendall(b"GET / HTTP/1.1\r\n")
        began = time.monotonic()
        process.send_signal(sign)
        assert process.wait(10) == 0
    assert time.monotonic() - began < 5  # a loaded machine
    assert "Traceback" not in process.stdout.read()


def test_a_taken_port_is_told_and_the_next_free_one_used(start):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        _, address, said = start(port=taken)
        assert f"Port {taken} is taken; using" in said
        assert f":{taken}/" not in address


def test_without_a_library_it_starts_and_makes_none(start, tmp_path):
    _, address, _ = start(lib=tmp_path / "none")
    with opener().open(address) as answer:
        assert b"No posts yet" in answer.read()
    assert not (tmp_path / "none").exists()


def test_twelve_requests_that_never_end_stop_nobody(start):
    _, address, _ = start()
    port = int(re.search(r":(\d+)/", address)[1])
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(12)]
    for one in held:
        one.sendall(b"GET /search HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    with opener().open(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
        assert answer.status == 200
    for one in held:
        one.close()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_ends_stops_its_work(start, tmp_path, sign):
    process, address, _ = start()
    browser, library = opener(), tmp_path / "lib"
    with browser.open(address) as answer:
        home = answer.url
    with reading(library) as opened:
        site = opened.store.sites.all()[0].key
    sent = urllib.request.Request(f"{home}crawl", f"site={site}".encode(), {"Origin": home.rstrip("/")})
    with browser.open(sent) as answer:
        assert b"Crawling" in answer.read()
    until = time.monotonic() + 120
    while not (writer := writer_at_work(library)) and time.monotonic() < until:
        time.sleep(0.02)
    assert writer.command == "crawl"
    process.send_signal(sign)
    assert process.wait(20) == 0
    while writer_at_work(library) and time.monotonic() < until:
        time.sleep(0.02)
    assert not (library / "writer.json").exists()
    assert "Interrupted" not in process.stdout.read()


def test_the_log_names_no_word_and_no_token(start):
    process, address, _ = start()
    browser = opener()
    with browser.open(address) as answer, browser.open(answer.url + "search?q=embarrassing"):
        pass
    process.send_signal(signal.SIGINT)
    log = process.stdout.read()
    assert "GET /search 200" in log
    assert "embarrassing" not in log and address.partition("token=")[2] not in log


@pytest.mark.parametrize(
    "options",
    [
        ["--host", "0.0.0.0"],
        ["--public-url", "clinic.example"],
        ["--trust-user-header", "X-User"],
        ["--prefix", "/a b"],
    ],
)
def test_what_would_let_strangers_in_is_one_sentence(options, tmp_path):
    done = blogdex("serve", "--no-open", *options, library=tmp_path / "lib")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
