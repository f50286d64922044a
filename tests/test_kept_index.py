"""The subject index is kept at the end of a build, and only used for the posts that it is of."""

import json
import shutil

import pytest

from indexer.library import SEARCH_FOLDER, reading
from indexer.topics.shown import kept_index
from indexer.topics.shown.kept_index import FILE, keep_index, read_index
from indexer.topics.shown.subject_index import subject_index
from tests.commandline import blogdex

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture
def library(crawled, tmp_path):
    return shutil.copytree(crawled, tmp_path / "lib")


def test_a_build_keeps_the_index_as_it_would_be_made(library):
    with reading(library) as opened:
        assert read_index(library / SEARCH_FOLDER, opened.store.articles) == subject_index(
            opened.store.articles.iterate()
        )


def test_the_command_line_prints_the_same_with_and_without_it(library):
    kept = blogdex("topics", "--index", "--json", library=library).stdout
    (library / SEARCH_FOLDER / FILE).unlink()
    assert blogdex("topics", "--index", "--json", library=library).stdout == kept


def test_an_index_of_other_posts_is_not_used_and_the_next_build_makes_it_again(library):
    before = (library / SEARCH_FOLDER / FILE).read_text(encoding="utf-8")
    blogdex("forget", "id:7", "--yes", library=library)
    assert (library / SEARCH_FOLDER / FILE).read_text(encoding="utf-8") != before
    (library / SEARCH_FOLDER / FILE).write_text(before, encoding="utf-8")
    with reading(library) as opened:
        assert read_index(library / SEARCH_FOLDER, opened.store.articles) is None


def test_where_nothing_changed_it_is_not_made_again(library, monkeypatch):
    monkeypatch.setattr(kept_index, "subject_index", None)
    with reading(library) as opened:
        assert keep_index(library / SEARCH_FOLDER, opened.store.articles).posts == 27


@pytest.mark.parametrize("text", ["", "[]", "{", '{"made_from": "x"}', "null"])
def test_a_damaged_file_is_no_index(library, text):
    (library / SEARCH_FOLDER / FILE).write_text(text, encoding="utf-8")
    with reading(library) as opened:
        assert read_index(library / SEARCH_FOLDER, opened.store.articles) is None


@pytest.mark.parametrize(
    "index", [{}, {"posts": "x", "entries": []}, {"posts": 1, "entries": [1]}, {"posts": 1, "entries": None}]
)
def test_a_file_of_another_shape_is_no_index(library, index):
    file = library / SEARCH_FOLDER / FILE
    made_from = json.loads(file.read_text(encoding="utf-8"))["made_from"]
    file.write_text(json.dumps({"made_from": made_from, "index": index}), encoding="utf-8")
    with reading(library) as opened:
        assert read_index(library / SEARCH_FOLDER, opened.store.articles) is None
