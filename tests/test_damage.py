"""What is damaged is never shown: it costs its post, is said in a sentence, and is made again where its page is whole."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest

from indexer.build import build
from indexer.errors import DamagedIndexError
from indexer.library import writing
from indexer.present.export.files import beside
from indexer.search import manifest
from indexer.search.swap import take_place
from indexer.store import schema, seals
from indexer.store.database import Store
from tests.commandline import ROOT, blogdex, environment
from tests.test_build import page, quiet
from tests.web import Browser, text_of

HARM = {
    "a text": "UPDATE block SET text = replace(text, 'treated', 'cheated')",
    "one text": "UPDATE block SET text = replace(text, 'patient 2', 'patient 8')",
    "a text that is no text": "UPDATE block SET text = CAST(x'ff41' AS TEXT) WHERE text LIKE '%patient 2%'",
    "a title": "UPDATE article SET title = 'Another' WHERE id = 2",
    "a day": "UPDATE article SET published = '1999-01-01' WHERE id = 2",
    "an order": "UPDATE article_block SET position = position + 1000 WHERE article_id = 2 AND position < 2",
    "what is kept": "UPDATE article_block SET kept = 1 - kept WHERE article_id = 2",
    "whose text": "UPDATE article_block SET block_id = (SELECT max(id) FROM block) WHERE article_id = 2",
    "a reason": "UPDATE article_block SET reason = 'rare' WHERE article_id = 2",
    "a place": "UPDATE path SET steps = replace(steps, 'p', 'q')",
    "rich text": "UPDATE rich_text SET data = x'00'",
    "a verdict": "UPDATE page SET is_post = 0 WHERE id = 2",
    "a judgement": "UPDATE page SET judgement = '[1' WHERE id = 2",
    "a summary": "UPDATE sketch SET data = x'00'",
    "the profile": "UPDATE profile SET data = '{'",
    "the topics": "UPDATE topic_model SET vocabulary = x'00'",
    "a topic": "UPDATE topic SET label = 'Nonsense'",
    "a share": "UPDATE article_topic SET share = .9",
    "a place among topics": "UPDATE topic_placed SET strengths = '{'",
    "what an audit keeps": "UPDATE survey SET data = x'00'",
    "fingerprints": "UPDATE sheet SET data = x'00'",
}

PARTLY = ("rich text", "a topic", "a share", "the profile")
"""Where these are damaged, the post is shown without them."""


def texts(folder: Path) -> dict[str, str]:
    """Return what is exported, by address."""
    rows = map(json.loads, blogdex("export", library=folder).stdout.splitlines())
    return {row["url"]: re.sub(r'"id": \d+', "", json.dumps(row)) for row in rows}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("damage") / "lib"
    words = ["lantern", "harbour", "meadow", "orchard", "thistle", "granite", "juniper", "saddle"]
    with writing(folder, "test") as library:
        for number in range(24):
            about = " ".join(words[(number // 6 + n) % 8] for n in range(4))
            body = "".join(
                f"<p>The <a href='/x'>{about}</a> of patient {number} was treated with care on day {day}.</p>"
                for day in range(5)
            )
            library.store.pages.save(page(number, body))
        build(library, quiet)
    assert blogdex("audit", "--json", library=folder).returncode in (0, 1)
    return folder


@pytest.fixture
def folder(built, tmp_path) -> Path:
    shutil.copytree(built, tmp_path / "lib")
    return tmp_path / "lib"


def harm(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "library.db", isolation_level=None)) as connection:
        assert connection.execute(statement).rowcount > 0


@pytest.mark.parametrize("what", HARM)
@pytest.mark.parametrize("cure", [("rebuild",), ("doctor", "--fix")])
def test_damage_is_never_shown_and_is_mended_from_the_pages(folder, what, cure):
    whole = texts(folder)
    found = blogdex("search", "patient", library=folder).stdout
    harm(folder, HARM[what])
    done = blogdex("export", library=folder)
    shown = texts(folder)
    assert all(whole[url] == text for url, text in shown.items()) or what in PARTLY
    assert shown == whole or "Damaged in the library" in done.stderr
    assert "cheated" not in blogdex("search", "patient", library=folder).stdout
    checked = blogdex("doctor", library=folder)
    assert checked.returncode == 1, checked.stdout
    mended = blogdex(*cure, library=folder)
    assert mended.returncode == 0, mended.stderr
    assert blogdex("doctor", library=folder).stdout == ""
    assert texts(folder) == whole
    assert blogdex("search", "patient", library=folder).stdout == found


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE page SET url = url || 'x' WHERE id = 3",
        "UPDATE page SET body = x'00' WHERE id = 3",
        "UPDATE page SET headers = '[]' WHERE id = 3",
        "UPDATE page SET gone_at = '2020-01-01' WHERE id = 3",
    ],
)
def test_a_damaged_page_is_named_stays_named_and_costs_no_other(folder, statement):
    whole = texts(folder)
    harm(folder, statement)
    shown = texts(folder)
    assert all(whole[url] == text for url, text in shown.items())
    assert len(shown) >= len(whole) - 1
    for _ in range(2):
        assert "post-2" in blogdex("doctor", library=folder).stdout
        assert blogdex("rebuild", library=folder).returncode == 0
    assert len(texts(folder)) >= len(whole) - 1


def test_a_damaged_post_is_told_of_where_it_is_asked_for(folder):
    harm(folder, HARM["a title"])
    done = blogdex("show", "https://mill.example/blog/post-1/", library=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert "1 post (https://mill.example/blog/post-1/)" in done.stderr
    assert "blogdex doctor --fix" in done.stderr


def test_every_answer_in_the_browser_says_what_was_damaged_and_left_out(folder):
    browser = Browser(folder)
    whole = browser.get("/search", {"q": "patient"})
    assert "Damaged" not in whole.text
    rows = browser.get("/api/v1/search", {"q": "patient"})
    assert "Blogdex-Left-Out" not in rows.headers
    harm(folder, HARM["a title"])
    broken = next(row["id"] for row in rows.json["results"] if row["url"].endswith("/post-1/"))
    asked = browser.get(f"/posts/{broken}")
    assert asked.status_code == 404
    assert "1 post (https://mill.example/blog/post-1/)" in text_of(asked)
    assert "blogdex doctor --fix" in text_of(asked)
    answer = browser.get("/api/v1/search", {"q": "patient"})
    assert broken not in [row["id"] for row in answer.json["results"]]
    assert "1 post (https://mill.example/blog/post-1/)" in answer.headers["Blogdex-Left-Out"]


def test_the_browser_shows_no_kept_audit_that_is_not_what_was_written(folder):
    browser = Browser(folder)
    assert "Damaged" not in browser.get("/audit").text
    harm(folder, "UPDATE survey SET made_from = 'other posts'")
    asked = text_of(browser.get("/audit"))
    assert "Damaged in the library, and left out: 1 other row" in asked
    assert "blogdex doctor --fix" in asked


def test_every_column_of_a_sealed_table_is_under_a_seal(tmp_path):
    store = Store(tmp_path / "library.db", writable=True)
    beside = {"made_from", "run", "doubt"}  # where these are wrong, something is made again
    for table in {seal.table for seal in seals.SEALS}:
        own = [seal for seal in seals.SEALS if seal.table == table]
        under = {name for seal in own for name in (seal.column, *seal.key, *seal.covers)}
        columns = {row[1] for row in store.connection.execute(f"PRAGMA table_info({table})")}
        assert columns - under <= beside
    store.close()


def test_a_library_without_seals_gets_them_and_is_whole(folder):
    whole = texts(folder)
    with closing(sqlite3.connect(folder / "library.db", isolation_level=None)) as connection:
        connection.execute("DROP TABLE topic_area")
        for seal in set(seals.SEALS) - {seals.AREA}:
            connection.execute(f"ALTER TABLE {seal.table} DROP COLUMN {seal.column}")
        for name in ("text_sum", "laid_sum", "edit_url"):
            connection.execute(f"ALTER TABLE article DROP COLUMN {name}")
        connection.execute("PRAGMA user_version = 6")  # the last form without seals
    assert texts(folder) == whole
    assert blogdex("doctor", library=folder).returncode == 0


def test_a_column_that_comes_under_a_seal_leaves_a_damaged_row_damaged(folder):
    before = seals.ARTICLE._replace(covers=tuple(name for name in seals.ARTICLE.covers if name != "edit_url"))
    with closing(sqlite3.connect(folder / "library.db", isolation_level=None)) as connection:
        seals.watch(connection)
        connection.execute("ALTER TABLE article DROP COLUMN edit_url")
        connection.execute(f"UPDATE article SET seal = {before.sum_of('article')}")
        (damaged,) = connection.execute("SELECT max(id) FROM article").fetchone()
        connection.execute("UPDATE article SET author = 'Nobody' WHERE id = ?", (damaged,))
        connection.execute("DROP TABLE topic_area")
        connection.execute(f"PRAGMA user_version = {schema.MIGRATIONS.index(seals.seal_edit_addresses)}")
    store = Store(folder / "library.db", writable=True)
    assert set(store.articles.get(store.articles.ids())) == set(store.articles.ids()) - {damaged}
    store.close()


def flip(file: Path) -> None:
    """Change one bit in the middle of a file."""
    body = bytearray(file.read_bytes())
    body[len(body) // 2] ^= 4
    file.write_bytes(body)


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_an_index_with_a_changed_bit_is_not_searched_and_is_made_again(folder, engine):
    assert blogdex("--engine", engine, "rebuild", library=folder).returncode == 0
    found = blogdex("--engine", engine, "search", "patient", library=folder).stdout
    for name in [file.name for file in (folder / "search" / engine).iterdir() if file.stat().st_size]:
        if not (file := folder / "search" / engine / name).exists():
            continue
        flip(file)
        done = blogdex("--engine", engine, "search", "patient", library=folder)
        assert (done.returncode, done.stdout) == (2, "")
        assert "blogdex rebuild" in done.stderr
        assert blogdex("--engine", engine, "doctor", library=folder).returncode == 1
        assert blogdex("--engine", engine, "doctor", "--fix", library=folder).returncode == 0
        assert blogdex("--engine", engine, "search", "patient", library=folder).stdout == found


def test_the_index_of_another_engine_is_checked_too(folder):
    for engine in ("tantivy", "whoosh"):
        assert blogdex("--engine", engine, "rebuild", library=folder).returncode == 0
    flip(folder / "search" / "tantivy" / "meta.json")
    assert "engine tantivy is damaged" in blogdex("doctor", library=folder).stdout
    assert blogdex("doctor", "--fix", library=folder).returncode == 0
    assert not (folder / "search" / "tantivy").exists()


def test_a_large_index_is_read_whole_by_doctor_and_after_it_was_touched(tmp_path, monkeypatch):
    monkeypatch.setattr(manifest, "_READ_WHOLE_BYTES", 10)
    file = tmp_path / "segment"
    file.write_bytes(b"postings of many posts")
    manifest.save(tmp_path)
    at = file.stat().st_mtime_ns
    flip(file)
    with pytest.raises(DamagedIndexError, match="segment"):
        manifest.check(tmp_path)
    os.utime(file, ns=(at, at))
    manifest.check(tmp_path)
    with pytest.raises(DamagedIndexError, match="segment"):
        manifest.check(tmp_path, wholly=True)


def flip_unseen(file: Path) -> bytes:
    """Change one bit of a file as a bad disk does, which leaves its time as it was; return what it holds then."""
    at = file.stat().st_mtime_ns
    flip(file)
    os.utime(file, ns=(at, at))
    return file.read_bytes()


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
@pytest.mark.parametrize("cure", [("forget", "https://mill.example/blog/post-3/", "--yes"), ("doctor", "--fix")])
def test_damage_that_no_search_looks_for_is_not_written_down_as_whole(folder, monkeypatch, engine, cure):
    monkeypatch.setattr(manifest, "_READ_WHOLE_BYTES", 10)
    assert blogdex("--engine", engine, "rebuild", library=folder).returncode == 0
    largest = max((folder / "search" / engine).iterdir(), key=lambda file: file.stat().st_size)
    harmed = flip_unseen(largest)
    assert blogdex("--engine", engine, *cure, library=folder).returncode == 0
    assert blogdex("--engine", engine, "doctor", library=folder).returncode == 0
    assert not largest.exists() or largest.read_bytes() != harmed


def test_of_a_file_that_was_not_touched_what_was_known_is_kept(tmp_path):
    for name in ("segment", "touched"):
        (tmp_path / name).write_bytes(b"postings")
    manifest.save(tmp_path)
    before = manifest.drop(tmp_path)
    flip(tmp_path / "touched")
    flip_unseen(tmp_path / "segment")
    manifest.save(tmp_path, before)
    with pytest.raises(DamagedIndexError, match="segment"):
        manifest.check(tmp_path, wholly=True)


def test_a_copied_index_is_whole(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "segment").write_bytes(b"postings")
    manifest.save(tmp_path / "a")
    shutil.copytree(tmp_path / "a", tmp_path / "b", copy_function=shutil.copyfile)
    manifest.check(tmp_path / "b", wholly=True)


def test_a_folder_takes_the_place_of_another_one(tmp_path):
    for name in ("new", "place"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    take_place(tmp_path / "new", tmp_path / "place")
    assert [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*"))] == ["place", "place/new"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_workers_end_with_the_command_that_started_them(tmp_path, number):
    pages = tmp_path / "pages"
    pages.mkdir()
    for n in range(400):
        text = "".join(f"<p>Post {n} says in line {line} what no other one says.</p>" for line in range(200))
        (pages / f"post-{n}.html").write_text(f"<title>{n}</title><article><h1>Post {n}</h1>{text}</article>")
    running = subprocess.Popen(
        [sys.executable, "-m", "cli", "import", str(pages)],
        env=environment(tmp_path / "lib"),
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    if not children.exists():
        pytest.skip("no list of a process's children")
    began = time.monotonic()
    while len(started := children.read_text().split()) < 2 and running.poll() is None:
        assert time.monotonic() - began < 120
        time.sleep(0.05)
    running.send_signal(number)
    _, said = running.communicate()
    assert running.returncode == (-number if number == signal.SIGKILL else 130)
    assert number == signal.SIGKILL or "Interrupted." in said
    while any(Path(f"/proc/{pid}").exists() for pid in started):
        assert time.monotonic() - began < 180
        time.sleep(0.05)


def test_a_description_of_a_table_that_is_damaged_is_told_in_a_sentence(folder):
    with closing(sqlite3.connect(folder / "library.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'page_title', 'pagf_title') WHERE name = 'article'"
        )
    for args in (("export",), ("rebuild",)):
        done = blogdex(*args, library=folder)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "damaged" in done.stderr
    assert "page_title" in blogdex("doctor", library=folder).stdout


def test_a_forget_that_was_killed_before_its_build_is_finished_by_the_next(folder, monkeypatch):
    def killed(*_, **__):
        raise KeyboardInterrupt

    address = "https://mill.example/blog/post-3/"
    with monkeypatch.context() as patch:
        patch.setattr("commands.decide.build_library", killed)
        assert blogdex("forget", address, "--yes", library=folder).returncode == 130
    done = blogdex("forget", address, "--yes", library=folder)
    assert (done.returncode, "Forgot" in done.stderr) == (0, True)
    assert blogdex("doctor", library=folder).returncode == 0
    assert address not in texts(folder)
    assert blogdex("forget", address, "--yes", library=folder).returncode == 1


def test_after_a_forget_that_was_killed_what_came_back_is_forgotten_anew(folder, tmp_path, monkeypatch):
    def killed(*_, **__):
        raise KeyboardInterrupt

    site = json.loads(blogdex("status", "--json", library=folder).stdout)["sites"][0]["site"]
    with monkeypatch.context() as patch:
        patch.setattr("commands.decide.build_library", killed)
        assert blogdex("forget", site, "--yes", library=folder).returncode == 130
    note = tmp_path / "notes" / "lantern.txt"
    note.parent.mkdir()
    note.write_text("The lantern\n\nThe lantern hangs by the door all winter.\n" * 5, encoding="utf-8")
    assert blogdex("import", str(note.parent), "--base-url", f"https://{site}/", library=folder).returncode == 0
    assert json.loads(blogdex("status", "--json", library=folder).stdout)["posts"] == 1
    assert blogdex("forget", site, "--yes", library=folder).returncode == 0
    assert json.loads(blogdex("status", "--json", library=folder).stdout)["posts"] == 0


def test_what_a_killed_export_and_backup_left_is_deleted_by_the_next(folder, tmp_path):
    target = tmp_path / "blog.zip"
    left = [tmp_path / ".blog.zip.blogdex-abcd1234", tmp_path / ".blog.zip.blogdex-abcd1234-journal"]
    others = [tmp_path / ".blog.zip.blogdex-notes", tmp_path / ".other.blogdex-abcd1234"]
    for file in (*left, *others):
        file.write_bytes(b"half")
    assert blogdex("backup", str(target), library=folder).returncode == 0
    assert [file.exists() for file in (*left, *others)] == [False, False, True, True]
    (folder / "search" / "whoosh.new").mkdir()
    assert blogdex("mark", "https://mill.example/blog/post-3/", "post", library=folder).returncode == 0
    assert not (folder / "search" / "whoosh.new").exists()


def test_a_file_that_another_process_writes_is_not_taken_for_a_leftover(tmp_path):
    with beside(tmp_path / "a") as (first, _), beside(tmp_path / "a") as (second, _):
        assert first.exists()
        assert second.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_backup_is_made_whatever_the_clock_says(folder, tmp_path):
    os.utime(folder / "library.db", (0, 0))
    (folder / "facts.toml").write_text("", encoding="utf-8")
    os.utime(folder / "facts.toml", (0, 0))
    with mock.patch("time.localtime", lambda *_: time.gmtime(0)):
        done = blogdex("backup", str(tmp_path / "blog.zip"), library=folder)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), OSError(122, "Disk quota exceeded")])
def test_a_full_disk_is_called_that_whatever_was_to_be_written(tmp_path, monkeypatch, error):
    def full(*_, **__):
        raise error

    monkeypatch.setattr(Path, "mkdir", full)
    done = blogdex("import", str(ROOT / "README.md"), library=tmp_path / "lib")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "The disk is full" in done.stderr
