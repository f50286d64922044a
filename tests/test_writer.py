"""Whoever writes to a library says who it is and how far."""

import json
import os

import pytest

from indexer import writer
from indexer.errors import LibraryInUseError
from indexer.library import reading, writing
from indexer.writer import writer_at_work
from scraper.model import Progress


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(writer, "_PAUSE_S", 0.0)


def test_others_see_who_writes_and_how_far_it_is(tmp_path, impatient):
    with writing(tmp_path, "crawl") as library:
        library.tell(Progress(31, 412, "posts · 1.0/s", 2))
        found = writer_at_work(tmp_path)
        assert (found.pid, found.command) == (os.getpid(), "crawl")
        assert (found.what, found.done, found.total, found.failed) == ("posts", 31, 412, 2)
    assert writer_at_work(tmp_path) is None


def test_progress_is_noted_twice_a_second_at_most(tmp_path):
    with writing(tmp_path, "crawl") as library:
        for number in range(1000):
            library.tell(Progress(number, 1000, "posts"))
        assert writer_at_work(tmp_path).done == 0


def test_a_writer_that_was_killed_is_not_at_work(tmp_path):
    with writing(tmp_path, "crawl"):
        pass
    note = {"pid": 2**22 + 1, "command": "crawl", "since": "14:02"}
    (tmp_path / "writer.json").write_text(json.dumps(note), encoding="utf-8")
    assert writer_at_work(tmp_path) is None


@pytest.mark.parametrize("note", ["", "[]", "{", '{"pid": "x"}', '{"pid": -1, "command": "crawl", "since": "now"}'])
def test_a_note_that_makes_no_sense_names_nobody(tmp_path, note):
    (tmp_path / "writer.json").write_text(note, encoding="utf-8")
    assert writer_at_work(tmp_path) is None


def test_a_note_of_an_older_version_is_read(tmp_path):
    with writing(tmp_path, "crawl"):
        note = {"pid": os.getpid(), "command": "crawl", "since": "14:02"}
        (tmp_path / "writer.json").write_text(json.dumps(note), encoding="utf-8")
        with pytest.raises(LibraryInUseError, match=r"crawl, since 14:02"), writing(tmp_path, "import"):
            pass


def test_who_reads_tells_nobody(tmp_path, impatient):
    with writing(tmp_path, "crawl"):
        pass
    with reading(tmp_path) as library:
        library.tell(Progress(1, 2, "posts"))
    assert not (tmp_path / "writer.json").exists()
