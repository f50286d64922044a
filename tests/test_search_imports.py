from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from indexer import ENGINES

ROOT = Path(__file__).resolve().parent.parent
NEEDLESS = {
    "scrapy",
    "twisted",
    "bs4",
    "lxml",
    "multiprocessing",
    "sklearn",
    "numpy",
    "indexer.audit",
    "indexer.build",
    "indexer.topics",
    "indexer.present.report.page",
    "indexer.search.words.spelling",
    "indexer.search.words.suggest",
    "indexer.store.frontier.sqlite_frontier",
    "indexer.store.frontier.recrawl",
    "scraper.crawling.frontier",
    "scraper.crawling.spider",
    "scraper.extract",
}
OF_OTHER_ENGINES = {
    "tantivy": {"whoosh", "indexer.search.engines.whoosh_engine"},
    "whoosh": {"tantivy", "indexer.search.engines.tantivy_engine"},
}


def run(*arguments, folder):
    command = [sys.executable, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_search_imports_only_what_it_needs(engine, tmp_path):
    posts = tmp_path / "posts.jsonl"
    posts.write_text(json.dumps({"url": "https://a.example/one/", "text": "Ketamine for chronic pain."}))
    library = ("-m", "cli", "--library", str(tmp_path / "library"))
    assert run(*library, "--engine", engine, "import", str(posts), folder=tmp_path).returncode == 0
    done = run("-X", "importtime", *library, "search", "chronic", "pain", folder=tmp_path)
    assert done.returncode == 0
    assert "a.example/one" in done.stdout
    times = [line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")]
    imported = {".".join(name.split(".")[:length]) for name in times for length in (1, 2, 3)}
    assert "indexer.search" in imported
    assert not imported & (NEEDLESS | OF_OTHER_ENGINES[engine])


def test_to_start_the_pages_imports_only_what_the_first_page_needs(tmp_path):
    done = run("-X", "importtime", "-c", "import indexer.web.app, indexer.web.serving", folder=tmp_path)
    assert done.returncode == 0
    times = [line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")]
    imported = {".".join(name.split(".")[:length]) for name in times for length in (1, 2, 3)}
    assert "indexer.web" in imported
    assert not imported & (NEEDLESS | {"indexer.auditing", "indexer.library", "indexer.store", "scraper.model"})
