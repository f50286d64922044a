"""Hold the house together: who imports whom, and what starts fast."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("house")  # one worker parses the tree once

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("commands", "scraper", "indexer")
MODULES = [ROOT / "cli.py", *(file for package in PACKAGES for file in sorted(ROOT.glob(f"{package}/**/*.py")))]
HEAVY = ("scrapy", "twisted", "whoosh", "bs4", "lxml")


@cache
def imports_of(file: Path) -> set[str]:
    """Return the dotted names of everything a file imports, those for type checking only left out."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def importers(package: str) -> set[str]:
    return {
        str(file.relative_to(ROOT))
        for file in MODULES
        if any(name == package or name.startswith(f"{package}.") for name in imports_of(file))
    }


def test_the_scraper_never_imports_the_indexer():
    assert not [name for name in importers("indexer") if name.startswith("scraper")]


def test_nobody_imports_the_command_line():
    assert not importers("cli")
    assert {name.split("/")[0] for name in importers("commands")} == {"cli.py", "commands"}


def test_only_the_command_line_imports_click():
    assert {name.split("/")[0] for name in importers("click")} == {"commands"}


def test_only_its_engine_imports_whoosh_and_for_writing_alone():
    assert importers("whoosh") == {"indexer/search/engines/whoosh_segments.py"}


def test_only_the_crawl_modules_import_scrapy_and_twisted():
    own = {f"scraper/crawling/{name}.py" for name in ("scheduler", "allowed", "download", "unanswered")}
    allowed = own | {"scraper/crawling/spider.py", "scraper/crawling/politeness.py"}
    assert importers("scrapy") | importers("twisted") <= allowed


def test_sql_about_the_library_stands_in_the_store_only():
    assert {name for name in importers("sqlite3") if not name.startswith("indexer/store/")} <= {
        "indexer/search/engines/sqlite_engine.py"
    }


def test_starting_the_command_line_loads_nothing_heavy():
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import cli"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert not loaded.intersection(HEAVY)


@pytest.mark.parametrize("module", ["scraper.model", "indexer.store.database", "indexer.search.query"])
def test_values_store_and_queries_load_nothing_heavy(module):
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", f"import {module}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert not loaded.intersection(("scrapy", "twisted", "bs4", "lxml"))


def test_modules_stay_within_comfort():
    long = {
        str(f.relative_to(ROOT)): n for f in MODULES if (n := len(f.read_text(encoding="utf-8").splitlines())) > 600
    }
    assert not long
