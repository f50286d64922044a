"""What `schedule` prints runs as it stands; `--wait` waits for who writes."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import threading

import pytest

from commands.common import output
from commands.install import Plan
from indexer.library import writing
from tests.commandline import blogdex


def unit(text: str) -> str:
    """Return the script that systemd reads in an `ExecStart=/bin/sh -c "…"`."""
    quoted = re.search(r'^ExecStart=/bin/sh -c "(.*)"$', text, re.M)[1]
    plain = re.sub(r"\\(.)", r"\1", quoted)
    return plain.replace("$$", "$").replace("%%", "%")


@pytest.mark.parametrize("mail", [None, "editor@clinic.example"])
@pytest.mark.parametrize(
    ("codes", "ends"), [((0, 0, 0), 0), ((0, 0, 1), 0), ((2, 0, 1), 2), ((0, 2, 0), 2), ((0, 0, 2), 2)]
)
def test_a_run_goes_through_all_blogs_and_ends_as_the_worst(tmp_path, mail, codes, ends):
    seen = tmp_path / 'seen $HOME "100%" it\'s'
    say = [shlex.join(["sh", "-c", f'echo {n} >> "$1"; echo said {n}; exit {code}', "-", str(seen)]) for n, code in enumerate(codes)]  # fmt: skip
    sent = tmp_path / "mail"
    sent.write_text(f'#!/bin/sh\n{{ echo "$@"; cat; }} > {shlex.quote(str(tmp_path))}/sent\n', encoding="utf-8")
    sent.chmod(0o755)
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    plan = Plan(tuple(say[:2]), say[2], "week", 5, 0, mail)
    service = unit("\n".join(plan.service()))
    line = plan.cron()[-1].split("  ", 1)[1].replace("\\%", "%")
    for script in (service, line):
        seen.unlink(missing_ok=True)
        done = subprocess.run(["/bin/sh", "-c", script], env=env, capture_output=True, text=True, check=False)
        assert (done.returncode, seen.read_text(encoding="utf-8")) == (ends, "0\n1\n2\n"), script
    if mail:
        assert (tmp_path / "sent").read_text(
            encoding="utf-8"
        ) == f"-s blogdex: crawl and audit {mail}\nsaid 0\nsaid 1\nsaid 2\n"


def test_a_library_is_crawled_again_from_where_its_crawls_began(crawled, served, tmp_path):
    library = shutil.copytree(crawled, tmp_path / "the library")
    done = blogdex("schedule", "--every", "day", "--at", "6:05", "--cron", library=library)
    assert done.returncode == 0
    (line,) = [line for line in done.stdout.splitlines() if not line.startswith("#")]
    assert line.startswith("5 6 * * *  ")
    assert shlex.join(["--library", str(library), "-q", "crawl", served, "--wait"]) in line


def test_the_timer_says_when(tmp_path):
    done = blogdex("schedule", "https://clinic.example/blog", "--systemd", library=tmp_path / "lib")
    assert (done.returncode, "OnCalendar=*-*-01 05:00:00" in done.stdout) == (0, True)
    assert "systemctl --user enable --now blogdex.timer" in done.stderr


@pytest.mark.parametrize(
    "typed",
    [
        (),
        ("https://clinic.example/blog", "--at", "25:00"),
        ("https://clinic.example/blog", "--mail", "me; rm"),
        ("https://clinic.example/\nblog",),
    ],
)
def test_what_makes_no_schedule_is_a_sentence(tmp_path, typed):
    done = blogdex("schedule", *typed, library=tmp_path / "lib")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_waiting_goes_on_when_the_other_is_done(tmp_path, monkeypatch):
    file = tmp_path / "post.txt"
    file.write_text("A quiet room\n\nPeople ask what the room is like. It is quiet.\n", encoding="utf-8")
    begun, told = threading.Event(), threading.Event()
    said = []
    monkeypatch.setattr(output, "say", lambda message: (said.append(message), told.set()))

    def write():
        with writing(tmp_path / "lib", "crawl"):
            begun.set()
            told.wait(60)

    other = threading.Thread(target=write)
    other.start()
    begun.wait()
    done = blogdex("import", "--wait", str(file), library=tmp_path / "lib")
    other.join()
    assert done.returncode == 0, done.stderr
    assert said[0].endswith("Waiting for it, 1h 00m at most.")


def test_waiting_ends(tmp_path):
    file = tmp_path / "post.txt"
    file.write_text("A quiet room\n\nIt is quiet.\n", encoding="utf-8")
    with writing(tmp_path / "lib", "crawl"):
        done = blogdex("import", str(file), "--wait", "0.2", library=tmp_path / "lib")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("Another blogdex is writing to this library")
