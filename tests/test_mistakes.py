"""What people type in their first hour, and what they are told."""

from __future__ import annotations

import io
import json
import shutil
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace

import pytest

import commands.common.output as output
from indexer.present.terminal.views import cut_line
from indexer.store.state import State
from scraper.model import Progress
from tests.commandline import blogdex


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (("--json", "search", "pain relief"), "blogdex search --json 'pain relief'"),
        (("-n", "5", "search", "x"), "blogdex search -n 5 x"),
        (("--since", "2023", "-q", "search", "x"), "blogdex search --since 2023 -q x"),
        (("--fix", "doctor"), "blogdex doctor --fix"),
    ],
)
def test_an_option_of_a_command_before_it_is_told_its_place(tmp_path, typed, meant):
    done = blogdex(*typed, library=tmp_path / "lib")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(f"The option {typed[0]} belongs after the command: {meant}\n")


def test_an_option_that_no_command_has_is_none(tmp_path):
    done = blogdex("--jsn", "search", "x", library=tmp_path / "lib")
    assert (done.returncode, "No such option '--jsn'" in done.stderr) == (2, True)
    done = blogdex("search", "x", "--version", library=tmp_path / "lib")
    assert (done.returncode, "blogdex --version" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("find", "search"), ("list", "search --sort newest"), ("update", "crawl URL"), ("delete", "forget POST")],
)
def test_other_programs_words_lead_to_the_command(tmp_path, typed, meant):
    done = blogdex(typed, "x", library=tmp_path / "lib")
    assert (done.returncode, f"No such command '{typed}'. Did you mean '{meant}'?" in done.stderr) == (2, True)


def test_help_is_help(tmp_path):
    def said(*args):
        done = blogdex(*args, library=tmp_path / "lib")
        return done.returncode, done.stdout

    assert said("help") == said("--help")
    assert said("help", "search") == said("search", "--help")
    assert said("help", "search")[0] == 0


def test_a_library_that_is_named_and_not_there_is_told(tmp_path, crawled):
    shutil.copytree(crawled, tmp_path / "clinic")
    named = ("--library", str(tmp_path / "clinik"))
    done = blogdex(*named, "search", "pain", library=tmp_path / "other")
    assert done.returncode == 2
    assert done.stderr.startswith("No posts yet. Start with: blogdex crawl https://your-site/blog (")
    assert str(tmp_path / "clinik") in done.stderr
    assert f"Did you mean {tmp_path / 'clinic'}?" in done.stderr
    after = blogdex("status", *named, library=tmp_path / "other")
    assert str(tmp_path / "clinik") in after.stderr


def test_the_demo_takes_the_library_that_is_named_and_no_other_ones_place(tmp_path, crawled):
    shutil.copytree(crawled, tmp_path / "own")
    done = blogdex("--library", str(tmp_path / "own"), "demo", library=tmp_path / "none")
    assert (done.returncode, str(tmp_path / "own") in done.stderr, done.stdout) == (2, True, "")
    done = blogdex("--library", str(tmp_path / "new"), "demo", library=tmp_path / "none")
    assert done.returncode == 0
    assert f"blogdex --library {tmp_path / 'new'} search chronic pain" in done.stdout
    assert (tmp_path / "new" / "library.db").exists()


class _Plain(BaseHTTPRequestHandler):
    def do_GET(self):
        ok = self.path in ("/", "/news/")
        body = b"<title>Home</title><h1>Our rooms</h1><p>Come and see us; the rooms are open all week.</p>"
        self.send_response(200 if ok else 404)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body if ok else b"")

    def log_message(self, *args):
        pass


@pytest.mark.parametrize("path", ["/", "/news/", "/nothing/"])
def test_a_crawl_that_fails_leaves_no_empty_site(tmp_path, path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Plain)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}{path}"
    done = blogdex("crawl", url, "--delay", "0", library=tmp_path / "lib")
    server.shutdown()
    server.server_close()
    assert done.returncode == 2, done.stderr
    assert blogdex("crawl", url, "--delay", "0", library=tmp_path / "lib").returncode == 2  # nobody is there any more
    status = blogdex("status", "--json", library=tmp_path / "lib")
    assert status.returncode == 2 or not json.loads(status.stdout)["sites"]


def test_results_are_known_by_their_number_where_the_library_cannot_be_written(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "state.db").mkdir()  # no file can be written there, whoever runs this
    state = State(tmp_path / "state.db")
    state.keep_search("pain", 2, [(1, 71), (2, 72)])
    assert (state.recall(1), state.recall(2), state.recall(3)) == (71, 72, None)
    assert State(tmp_path / "other" / "state.db").recall(1) is None
    (tmp_path / "state.db").rmdir()
    state.keep_results([(1, 5)])
    assert state.recall(1) == 5


def test_a_message_is_never_on_the_line_of_a_bar(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    screen = Terminal()
    clock = iter(range(0, 1000, 2))
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(output, "is_quiet", lambda: False)
    monkeypatch.setattr(output, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    with output.progress(lambda progress: None) as bar:
        for done in range(1, 4):
            bar(Progress(done, 9, "posts"))
        output.say("Waiting 1 s between requests.")
    drawn, message = screen.getvalue().split("Waiting")
    assert "posts" in drawn
    assert drawn.endswith("\r\x1b[K")
    assert message == " 1 s between requests.\n"


@pytest.mark.parametrize(
    ("shape", "line"),
    [
        ("link clinic.example/*", "Left the rest of the pages like clinic.example/… alone: only 1 of 30 read is a post."),
        ("listing clinic.example/events/N/N", "Left the rest of the lists like clinic.example/events/…/… alone: only 1 of 30 read is a post."),
        ("clinic.example/*.html?month", "Left the rest of the pages like clinic.example/….html?month alone: only 1 of 30 read is a post."),
    ],
)  # fmt: skip
def test_what_was_left_alone_is_said_in_words(shape, line):
    assert cut_line(shape, "only 1 of 30 read is a post") == line
