"""A library of every form that was ever given out opens, keeps its posts, and is kept as it was beside itself."""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from indexer.library import leftovers
from indexer.store import VERSION, schema
from indexer.store.connection import version_of
from indexer.store.database import Store
from tests.commandline import blogdex

KEPT = sorted((Path(__file__).parent / "libraries").glob("*.db.gz"))
TITLES = [
    "Sleep and Pain: What Helps at Night",
    "Your First Visit: What to Bring",
    "How to Keep a Migraine Diary",
    "Walking With a Bad Knee",
    "Café crème und Koffein: how much is too much?",
    "Our Hours in Winter",
]


@pytest.fixture(params=KEPT, ids=lambda file: file.name.removesuffix(".db.gz"))
def old(request, tmp_path):
    path = tmp_path / "library"
    path.mkdir()
    (path / "library.db").write_bytes(gzip.decompress(request.param.read_bytes()))
    return path


def version(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return version_of(connection)


def test_it_answers_as_before_and_is_kept_as_it_was(old):
    before = version(old / "library.db")
    listed = blogdex("export", library=old)
    assert listed.returncode == 0, listed.stderr
    assert sorted(post["title"] for post in map(json.loads, listed.stdout.splitlines())) == sorted(TITLES)
    assert version(old / "library.db") == VERSION
    kept = old / f"library-v{before}.db"
    assert version(kept) == before and not list(leftovers(old))
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT count(*) FROM article").fetchone() == (6,)
    assert blogdex("rebuild", library=old).returncode == 0
    found = blogdex("search", "coffee", "--json", library=old)
    assert [hit["title"] for hit in json.loads(found.stdout)["results"]] == [TITLES[4]]
    audited = blogdex("audit", "cta", "--json", library=old)
    assert audited.returncode == 0 and "(555) 010-4477" in audited.stdout
    checked = blogdex("doctor", library=old)
    assert checked.returncode == 0, checked.stderr


def test_ids_that_an_audit_gave_stay(old):
    with closing(sqlite3.connect(old / "library.db")) as connection:
        before = {own for (own,) in connection.execute("SELECT id FROM cluster")}
    audited = blogdex("audit", "--json", library=old)
    assert audited.returncode in (0, 1) and before
    with closing(sqlite3.connect(old / "library.db")) as connection:
        assert before & {own for (own,) in connection.execute("SELECT id FROM cluster")}


def test_the_posts_stay_where_a_migration_fails(old, monkeypatch):
    def fail(connection):
        connection.execute("DELETE FROM article")
        raise RuntimeError("stopped")

    before = (old / "library.db").read_bytes()
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS[:-1], fail))
    with pytest.raises(RuntimeError, match="stopped"):
        Store(old / "library.db", writable=True)
    with closing(sqlite3.connect(old / "library.db")) as connection:
        assert connection.execute("SELECT count(*) FROM article").fetchone() == (6,)
    assert version(old / f"library-v{version_before(before)}.db") == version_before(before)
    monkeypatch.undo()
    Store(old / "library.db", writable=True).close()
    assert version(old / "library.db") == VERSION


def version_before(file: bytes) -> int:
    """Read the version from a SQLite file's header (https://sqlite.org/fileformat2.html, offset 60)."""
    return int.from_bytes(file[60:64], "big")
