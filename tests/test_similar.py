"""A draft is held against the archive: which posts say the same, and in which passages."""

from __future__ import annotations

import csv
import io
import json
import sys

import pytest
from search_helpers import Shelf, article, engine_with

from indexer.likeness.draft import Draft, read_draft
from indexer.likeness.passages import compare, worded
from indexer.likeness.similar import similar
from scraper.errors import UsageError
from tests.commandline import blogdex

KETTLE = (
    "Fill the kettle to the lower mark, wait until it whistles, and pour the water over the leaves in one slow circle. "
    "Leave the lid on for four minutes."
)
REWORDED = (
    "First fill the kettle to the lower mark and wait until it whistles; then pour the water over the leaves in one "
    "slow circle. Let it stand with the lid on for about four minutes."
)
SHEEP = "The shepherds of the upper valley count their sheep twice, once at the gate and once more by the old wall."
BRIDGE = "Nobody has painted the railway bridge since the flood, and the council says that it will stay as it is."


def draft(*paragraphs: str) -> Draft:
    return Draft("draft.txt", "A draft", "\n\n".join(paragraphs), paragraphs)


def test_the_same_words_are_the_same_whatever_stands_around_them():
    found = compare(worded(KETTLE), worded(f"{KETTLE} Then call the others to the table."))
    assert found is not None
    assert (found.kind, found.draft) == ("same", KETTLE)


def test_a_paragraph_with_other_words_between_is_reworded():
    found = compare(worded(REWORDED), worded(KETTLE))
    assert found is not None
    assert found.kind == "reworded"
    assert 0.45 <= found.likeness < 0.97


def test_paragraphs_about_different_things_share_no_passage():
    assert compare(worded(SHEEP), worded(BRIDGE)) is None


def test_a_long_run_of_words_in_different_paragraphs_is_shown_alone():
    run = (
        "fill the kettle to the lower mark, wait until it whistles, and pour the water over the leaves in one slow "
        "circle, then leave the lid on for four minutes"
    )
    one = f"{SHEEP} In the evening they {run}. Nobody speaks before it is done. The dogs lie by the door and wait."
    other = f"{BRIDGE} The guard showed us how: {run}. He had learnt it at sea. We drank it black, out of tin cups."
    found = compare(worded(one), worded(other))
    assert found is not None
    assert (found.kind, found.likeness) == ("same", 1.0)
    assert found.draft == found.post == run


@pytest.mark.parametrize("engine_name", ["whoosh", "tantivy"])
def test_the_post_that_says_most_of_a_draft_comes_first(tmp_path, engine_name):
    posts = (article(1, "Sheep", SHEEP), article(2, "Tea", KETTLE, BRIDGE), article(3, "Eggs", "Boil the eggs first."))
    engine = engine_with(engine_name, tmp_path, *posts)
    found = similar(Shelf(*posts), engine, draft(REWORDED, SHEEP, BRIDGE), "en", 10)
    assert [likeness.found.id for likeness in found.results] == [2, 1]
    assert [passage.kind for passage in found.results[0].passages] == ["reworded", "same"]
    assert found.results[1].passages[0].draft == SHEEP


def test_a_call_to_action_of_a_post_is_no_passage(tmp_path):
    from search_helpers import block

    from scraper.model import Role

    posts = (article(1, "Sheep", block(KETTLE, role=Role.CTA), SHEEP), article(2, "Eggs", BRIDGE))
    engine = engine_with("whoosh", tmp_path, *posts)
    found = similar(Shelf(*posts), engine, draft(KETTLE), "en", 10)
    assert not [passage for likeness in found.results for passage in likeness.passages]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("draft.txt", f"Tea\n\n{KETTLE}\n\n{SHEEP}\n"),
        ("draft.md", f"# Tea\n\n{KETTLE}\n\n{SHEEP}\n"),
        ("draft.html", f"<html><body><h1>Tea</h1><p>{KETTLE}</p><p>{SHEEP}</p></body></html>"),
    ],
)
def test_a_draft_is_read_as_text_markdown_or_html(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    read = read_draft(tmp_path / name)
    assert read.paragraphs == (KETTLE, SHEEP)
    assert (read.name, read.title) == (name, "Tea")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.txt", b"", "There is no draft in empty.txt. The file is empty."),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "There is no draft in picture.png."),
    ],
)
def test_a_file_without_a_draft_is_told(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=told):
        read_draft(tmp_path / name)


def test_one_draft_at_a_time(tmp_path):
    for name, text in (("a.txt", KETTLE), ("b.txt", SHEEP)):
        (tmp_path / name).write_text(f"{name}\n\n{text}\n")
    with pytest.raises(UsageError, match="holds 2 posts"):
        read_draft(tmp_path)


@pytest.fixture
def shown(crawled):
    """Return a paragraph of a post of the example blog, and the post's address."""
    post = json.loads(blogdex("show", "your-first-visit", "--json", library=crawled).stdout)
    return next(block["text"] for block in post["blocks"] if block["kept"] and len(block["text"]) > 150), post["url"]


def test_a_paragraph_of_a_post_is_found_in_it_from_a_file_and_from_standard_input(
    crawled, shown, tmp_path, monkeypatch
):
    text, url = shown
    path = tmp_path / "draft.txt"
    path.write_text(f"Something new\n\n{text}\n\n{SHEEP}\n", encoding="utf-8")
    first = json.loads(blogdex("similar", str(path), "--json", library=crawled).stdout)["results"][0]
    assert first["url"] == url
    assert [(each["kind"], each["likeness"]) for each in first["passages"]] == [("same", 1.0)]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    done = blogdex("similar", "-", "--csv", library=crawled)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert (rows[0]["url"], rows[0]["kind"]) == (url, "same")


def test_what_is_like_nothing_ends_with_1_and_says_so(crawled, tmp_path):
    path = tmp_path / "draft.txt"
    path.write_text("Zyxomma quorvath brillig, slithytove mimsy borogoves outgrabe frumious bandersnatch.\n")
    done = blogdex("similar", str(path), library=crawled)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("No post is like draft.txt.")


def test_a_file_that_is_not_there_ends_with_2(crawled, tmp_path):
    done = blogdex("similar", str(tmp_path / "none.md"), library=crawled)
    assert done.returncode == 2
    assert "There is no file" in done.stderr
