from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexer import doctor
from indexer.build import build
from indexer.errors import LibraryThereError
from indexer.library import reading, writing
from tests.commandline import blogdex
from tests.test_build import page, quiet


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("doctor") / "lib"
    with writing(folder, "test") as library:
        for number in range(4):
            library.store.pages.save(page(number, f"<p>The knee of patient {number} was treated with care.</p>"))
        build(library, quiet)
    return folder


@pytest.fixture
def folder(built, tmp_path) -> Path:
    shutil.copytree(built, tmp_path / "lib")
    return tmp_path / "lib"


def change(folder: Path, *statements: str) -> None:
    """Change the file behind the product's back."""
    with closing(sqlite3.connect(folder / "library.db")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def write(folder: Path, statement: str) -> None:
    """Change the file as the product does."""
    with writing(folder, "test") as library:
        library.store.connection.execute(statement)


def codes(folder: Path) -> list[str]:
    with reading(folder) as library:
        return [problem.code for problem in doctor.examine(library, datetime.now(UTC))]


def mended(folder: Path) -> dict[str, bool]:
    with writing(folder, "doctor") as library:
        problems = doctor.mend(library, datetime.now(UTC), lambda: build(library, quiet))
    return {problem.code: problem.mended for problem in problems}


def test_nothing_is_wrong_with_a_library_just_built(folder):
    assert codes(folder) == []


BREAKS = {
    "orphans": "INSERT INTO block (key, digest, text) VALUES (x'00', 'd', 'a text of no post')",
    "unbuilt": "UPDATE page SET is_post = NULL, judged = NULL WHERE id = 1",
    "clock": "UPDATE page SET fetched_at = '2999-01-01T00:00:00+00:00' WHERE id = 2",
    "index-differs": "UPDATE article SET digest = 'another' WHERE id = 2",
}


@pytest.mark.parametrize("code", BREAKS)
def test_what_went_wrong_inside_is_found_and_mended(folder, code):
    write(folder, BREAKS[code])
    assert code in codes(folder)
    assert mended(folder)[code] is True
    assert codes(folder) == []
    with reading(folder) as library:
        assert len(library.store.articles.ids()) == 4


def test_rows_that_belong_to_nothing_are_found_and_mended(folder):
    change(folder, "DELETE FROM block WHERE id = (SELECT min(block_id) FROM article_block)")
    assert "dangling" in codes(folder)
    assert mended(folder)["dangling"] is True
    assert codes(folder) == []


@pytest.mark.parametrize("harm", ["lost", "cut short", "of another version"])
def test_a_broken_index_is_found_and_made_again(folder, harm):
    index = folder / "search" / "whoosh"
    if harm == "lost":
        shutil.rmtree(index)
    elif harm == "cut short":
        for file in index.glob("*.seg"):
            file.write_bytes(file.read_bytes()[:100])
        for file in index.glob("*.toc"):
            file.write_bytes(b"")
    else:
        (index / "format").write_text("of the year 2100", encoding="utf-8")
    assert codes(folder) == ["index"]
    assert mended(folder) == {"index": True}
    assert codes(folder) == []


def test_what_a_killed_build_left_is_found_and_deleted(folder):
    (folder / "search" / "whoosh.new").mkdir()
    (folder / "topics.toml.new").write_text("half", encoding="utf-8")
    assert codes(folder) == ["leftovers"]
    assert mended(folder) == {}  # whoever writes deletes it
    assert not (folder / "topics.toml.new").exists()


def test_a_damaged_log_of_searches_is_started_anew(folder):
    (folder / "state.db").write_bytes(b"nonsense" * 500)
    assert codes(folder) == ["state"]
    assert mended(folder) == {"state": True}


def test_a_file_with_an_error_is_named_and_left_as_it_is(folder):
    (folder / "facts.toml").write_text("phone = ", encoding="utf-8")
    assert mended(folder) == {"file": False}
    assert (folder / "facts.toml").read_text(encoding="utf-8") == "phone = "


def test_a_page_that_can_not_be_unpacked_stops_nothing_and_keeps_its_post(folder):
    change(folder, "UPDATE page SET body = x'00' WHERE id = 3")
    assert codes(folder) == ["unreadable"]
    done = blogdex("rebuild", library=folder)
    assert done.returncode == 0
    assert "post-2" in done.stderr
    with reading(folder) as library:
        assert len(library.store.articles.ids()) == 4


def test_a_damaged_file_is_told_and_is_not_made_worse(folder):
    file = folder / "library.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    body = bytearray(file.read_bytes())
    size = len(body) // pages
    body[size * 3 : size * 4] = b"\xff" * size
    file.write_bytes(body)
    done = blogdex("doctor", "--json", library=folder)
    found = json.loads(done.stdout)
    assert (done.returncode, found["healthy"]) == (1, False)
    assert [problem["code"] for problem in found["problems"]] == ["database"]
    assert blogdex("doctor", "--fix", library=folder).returncode == 1


def test_doctor_ends_with_1_until_all_is_mended(folder):
    assert blogdex("doctor", library=folder).returncode == 0
    change(folder, BREAKS["orphans"])
    done = blogdex("doctor", library=folder)
    assert (done.returncode, "doctor --fix" in done.stderr) == (1, True)
    assert blogdex("doctor", "--fix", library=folder).returncode == 0
    assert blogdex("doctor", library=folder).returncode == 0


def test_a_backup_makes_the_same_library_again(folder, tmp_path):
    (folder / "facts.toml").write_text('brand = "Larch Clinic"\n', encoding="utf-8")
    backup = tmp_path / "blog.zip"
    assert blogdex("backup", str(backup), library=folder).returncode == 0
    again = tmp_path / "again"
    done = blogdex("backup", str(backup), "--restore", library=again)
    assert done.returncode == 0, done.stderr
    assert (again / "facts.toml").read_text(encoding="utf-8") == 'brand = "Larch Clinic"\n'
    exports = [blogdex("export", library=place).stdout for place in (folder, again)]
    assert exports[0] == exports[1]
    assert blogdex("search", "knee", library=again).stdout.count("\n") == 4
    assert codes(again) == []


def test_a_backup_takes_no_librarys_place(folder, tmp_path):
    backup = tmp_path / "blog.zip"
    blogdex("backup", str(backup), library=folder)
    done = blogdex("backup", str(backup), "--restore", library=folder)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert str(LibraryThereError(str(folder))) in done.stderr


@pytest.mark.parametrize("content", [b"", b"no zip at all", "cut", "missing"])
def test_what_is_no_backup_is_refused_and_nothing_is_made(folder, tmp_path, content):
    backup = tmp_path / "blog.zip"
    if content == "cut":
        blogdex("backup", str(backup), library=folder)
        backup.write_bytes(backup.read_bytes()[:-200])
    elif content != "missing":
        backup.write_bytes(content)
    done = blogdex("backup", str(backup), "--restore", library=tmp_path / "new")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "Nothing was changed" in done.stderr
    assert not (tmp_path / "new" / "library.db").exists()
    assert blogdex("search", "knee", library=tmp_path / "new").returncode == 2


def test_a_backup_that_brings_programs_is_refused(folder, tmp_path):
    change(folder, "CREATE TRIGGER t AFTER DELETE ON page BEGIN DELETE FROM site; END")
    backup = tmp_path / "blog.zip"
    blogdex("backup", str(backup), library=folder)
    assert blogdex("backup", str(backup), "--restore", library=tmp_path / "new").returncode == 2
