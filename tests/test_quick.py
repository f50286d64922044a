"""Hold a search without Click to the very bytes of a search with it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from unittest import mock

import platformdirs
import pytest

import cli
from commands import program, quick
from commands.common import places
from tests.commandline import ROOT, blogdex, environment

POSTS = [
    ("Ketamine for Depression", "2023-05-17", "Ketamine infusions help where depression resists treatment.", "Ann"),
    (
        "Your First Infusion",
        "2022-01-02",
        "What to expect: an infusion takes an hour. Ketamine “works” soon — often.",
        "Bo",
    ),
    ("Chronic Pain", "2021-03-04", "Pain that stays is treated with lidocaine, not with ketamine.", "Ann"),
    ("No date here", None, "Schmerz & Übelkeit: ketamin \x1b[31m hilft <b>nicht</b> immer.", None),
]
ALIKE = [
    "search ketamine",
    "search ketamine infusion -n 2",
    "search ketamine -n 1 --offset 1",
    "search ketamine --offset 50",
    "search ketamine -pain",
    "search -pain ketamine -vv",
    "search pain OR depression --facets",
    "search pain OR depression --facets --json",
    "search ketamine --json",
    "search nothingofthekind",
    "search nothingofthekind --json",
    "search ketamin infusoin",
    "search ketamine zebra",
    "search ketamine zebra -q",
    "search ketamine --quiet",
    "search zebra --since 2022",
    "search ketamine --since 2022 --until 2023-05",
    "search --since 2022",
    "search --author Ann",
    "search --author Nobody",
    "search --sort oldest ketamine",
    "search ketamine --sort newest --in title",
    "search ketamine --in boilerplate",
    "search --topic none",
    "search",
    "search title:infusion*",
    "search (ketamine OR pain) ~",
    "search --engine whoosh ketamine",
    "--engine whoosh search ketamine",
    "search Übelkeit",
    "search -n=3 ketamine",
    "search -- ketamine --json",
    "search -n 2 -- -infusion ketamine",
    "search ketamine depression infusion treatment --any",
]
NOT_PLAIN = [
    "",
    "status",
    "search --help",
    "search -h",
    "search --csv ketamine",
    "search -n 0 ketamine",
    "search -n x ketamine",
    "search -n",
    "search --sort best ketamine",
    "search --since",
    "search --json --json ketamine",
    "search -n 1 -n 2 ketamine",
    "search --nonsense ketamine",
    "search --since=2022 ketamine",
    "search --color always ketamine",
    "search --site blog.test ketamine",
    "-v search ketamine",
    "search -v ketamine",
    "search --engine other ketamine",
    "serch ketamine",
    "search ketamine \udcff --json",
    "related 1",
]


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("quick")
    file = folder / "posts.jsonl"
    rows = [
        {"url": f"https://blog.test/{n}/", "title": title, "published": day, "text": text, "author": author}
        for n, (title, day, text, author) in enumerate(POSTS)
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    path = folder / "library"
    assert blogdex("import", str(file), library=path).returncode == 0
    return path


def ran(run, args, library, kind=io.TextIOWrapper, **extra):
    out, err = (kind(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with (
        mock.patch.dict(os.environ, environment(library) | extra, clear=True),
        redirect_stdout(out),
        redirect_stderr(err),
        chdir(ROOT),
    ):
        code = run(args)
    return code, out.buffer.getvalue(), err.buffer.getvalue()


@pytest.mark.parametrize("kind", [io.TextIOWrapper, Terminal], ids=["pipe", "terminal"])
@pytest.mark.parametrize("line", ALIKE)
def test_a_plain_search_prints_the_same_with_and_without_click(library, line, kind):
    args = line.split()
    with_click = ran(program.execute, args, library, kind)
    kept = results_kept(library)
    without = ran(quick.answer, args, library, kind)
    if "--any" in args:
        # Whole articles are read for feedback: Click's way does that.
        assert without == (None, b"", b"")
    else:
        assert without == with_click
    assert results_kept(library) == kept


def results_kept(library):
    from indexer.store.state import State

    return [State(library / "state.db").recall(number) for number in range(1, 5)]


@pytest.mark.parametrize("line", NOT_PLAIN)
def test_whatever_is_not_plain_is_left_to_click(library, line):
    assert ran(quick.answer, line.split(), library) == (None, b"", b"")


@pytest.mark.parametrize("variable", ["NO_COLOR", "BLOGDEX_SEARCH_LIMIT", "BLOGDEX_QUIET", "_BLOGDEX_COMPLETE"])
def test_the_environment_is_left_to_click(library, variable):
    assert ran(quick.answer, ["search", "pain"], library, **{variable: "1"}) == (None, b"", b"")


def test_settings_in_a_file_are_left_to_click(library, tmp_path):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "blogdex.toml").write_text('engine = "whoosh"\n')

    def answered(args):
        with chdir(inner):
            return quick.answer(args)

    assert ran(answered, ["search", "pain"], library)[0] is None
    (tmp_path / "blogdex.toml").unlink()
    assert ran(answered, ["search", "pain"], library)[0] == 0


@pytest.mark.parametrize("path", ["nowhere", "posts.jsonl"])
def test_a_library_that_is_none_is_left_to_click(library, path):
    assert ran(quick.answer, ["--library", str(library.parent / path), "search", "pain"], library)[0] is None


def test_a_damaged_index_is_left_to_click_and_nothing_is_logged(library, tmp_path):
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(library, copy)
    (copy / "search" / "whoosh" / "format").write_text("another")
    (copy / "state.db").unlink()
    assert ran(quick.answer, ["search", "pain"], copy) == (None, b"", b"")
    assert not (copy / "state.db").exists()
    assert b"blogdex rebuild" in ran(program.execute, ["search", "pain"], copy)[2]


def test_a_search_is_logged_once(library):
    from indexer.store.state import State

    ran(quick.answer, ["search", "unheardof"], library)
    assert ("unheardof", 1) in [(query, times) for query, times, _ in State(library / "state.db").fruitless(50)]


def test_the_whole_program_takes_the_short_way(library):
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "cli", "search", "ketamine"],
        env=environment(library),
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.decode().splitlines()}
    assert "indexer.search" in loaded
    assert not {"click", "json", "dataclasses", "platformdirs", "scraper.model"} & loaded
    code, out, _ = ran(program.execute, ["search", "ketamine"], library)
    assert (code, out) == (0, done.stdout)
    assert len(out.splitlines()) == len(POSTS)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [(KeyboardInterrupt(), 130, "Interrupted"), (OSError(28, "full", "x"), 2, "disk is full")],
)
def test_what_ends_a_search_early_is_said_as_with_click(monkeypatch, capsys, error, code, words):
    monkeypatch.setattr(quick, "answer", mock.Mock(side_effect=error))
    assert cli._run(["search", "ketamine"]) == code
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    "extra", [{}, {"XDG_CONFIG_HOME": "/elsewhere"}, {"XDG_DATA_HOME": "/data"}, {"XDG_DATA_HOME": " "}]
)
def test_the_users_folders_are_those_of_platformdirs(extra):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    with mock.patch.dict(os.environ, kept | extra, clear=True):
        assert places.user_folder("config") == platformdirs.user_config_dir("blogdex", appauthor=False)
        assert places.user_folder("data") == platformdirs.user_data_dir("blogdex", appauthor=False)
