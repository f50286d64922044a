from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.errors import LibraryInUseError, NoPostsError, NotALibraryError
from indexer.library import reading, writing
from tests.commandline import ROOT, blogdex, environment


def test_reading_where_no_library_is_says_how_to_start(tmp_path):
    with pytest.raises(NoPostsError, match="blogdex crawl"), reading(tmp_path / "none"):
        pass


def test_writing_makes_the_library(tmp_path):
    with writing(tmp_path / "a" / "lib", "import"):
        pass
    with reading(tmp_path / "a" / "lib") as library:
        assert library.status().posts == 0


def test_a_second_writer_is_told_who_writes(tmp_path):
    with (
        writing(tmp_path, "crawl"),
        pytest.raises(LibraryInUseError, match=rf"process {os.getpid()}, crawl, since \d\d:\d\d"),
        writing(tmp_path, "import"),
    ):
        pass


def test_readers_go_on_while_a_writer_holds_the_library(tmp_path):
    with writing(tmp_path, "crawl"), reading(tmp_path) as library:
        assert library.status().sites == ()


def test_the_lock_is_free_when_the_writer_was_killed(tmp_path):
    script = f"""
import os, signal
from pathlib import Path
from indexer.library import writing
with writing(Path({str(tmp_path)!r}), "crawl"):
    os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    with writing(tmp_path, "crawl"):
        assert json.loads((tmp_path / "writer.json").read_text())["pid"] == os.getpid()


def test_a_folder_with_other_files_is_not_taken_for_a_library(tmp_path):
    (tmp_path / "thesis.doc").write_text("mine")
    with pytest.raises(NotALibraryError, match=r"thesis\.doc"), writing(tmp_path, "crawl"):
        pass
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.doc"]


def test_a_file_in_place_of_the_folder_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotALibraryError), writing(tmp_path / "file", "crawl"):
        pass


def test_a_new_index_that_fails_leaves_the_old_one(tmp_path):
    with writing(tmp_path, "rebuild") as library:
        with library.index.rebuilding() as engine:
            engine.replace([])
        with pytest.raises(RuntimeError), library.index.rebuilding():
            raise RuntimeError
        assert list(library.engine().ids()) == []


def unwritable(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run blogdex as somebody who may read the folder and not write there."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode & ~0o222)
    command = [sys.executable, "-m", "cli", *args]
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root writes everywhere, and setpriv, which takes that away, is not installed")
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    return subprocess.run(command, capture_output=True, text=True, env=environment(folder), cwd=ROOT, check=False)


def test_a_library_that_may_not_be_written_can_be_searched(tmp_path):
    folder = tmp_path / "lib"
    (tmp_path / "post.txt").write_text("A Knee Story\n\nThe knee was treated with care, and it held.", encoding="utf-8")
    assert blogdex("import", str(tmp_path / "post.txt"), library=folder).returncode == 0
    found = unwritable(folder, "search", "knee")
    assert (found.returncode, found.stdout.count("\n"), found.stderr) == (0, 1, "")
    refused = unwritable(folder, "rebuild")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "can't be written" in refused.stderr


def test_a_library_without_an_index_of_the_engine_asked_for_says_how_to_make_it(tmp_path):
    folder = tmp_path / "lib"
    (tmp_path / "post.txt").write_text("A Knee Story\n\nThe knee was treated with care, and it held.", encoding="utf-8")
    blogdex("import", str(tmp_path / "post.txt"), library=folder)
    done = blogdex("--engine", "tantivy", "search", "knee", library=folder)
    assert (done.returncode, "blogdex --engine tantivy rebuild" in done.stderr) == (2, True)
    assert blogdex("--engine", "tantivy", "rebuild", library=folder).returncode == 0
    assert blogdex("search", "knee", "--json", library=folder).stdout.count('"engine": "tantivy"') == 1
