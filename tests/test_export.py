from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.export import export_posts, export_rows, html_document, replacing, safe_cell
from indexer.store.rows import StoredArticle
from scraper.imports import ImportOptions, read_paths
from scraper.model import ArticleBlock, Metadata, Role, UsageError


def block(text, position=0, kept=True, role=Role.CONTENT, path=(), heading=0):
    return ArticleBlock(text, path, position, f"digest-{text}", kept, role, "own-text", heading=heading)


ARTICLE = StoredArticle(
    id=7,
    site="clinic.test/blog",
    url="https://clinic.test/blog/first-visit/",
    source="first-visit.html",
    gone=False,
    metadata=Metadata(
        title="Your first visit",
        author="Dr. Grün",
        published=date(2024, 5, 2),
        modified=date(2024, 6, 1),
        language="en",
        categories=("Visits", "Ketamine, infusions"),
        tags=("first",),
    ),
    blocks=(
        block("What to expect", 0, role=Role.HEADING, heading=2),
        block("Come early.", 1),
        block("Subscribe now", 2, kept=False, role=Role.WIDGET),
        block("Call us today.", 3, role=Role.CTA),
    ),
    words=8,
    topics=("visits",),
    digest="d",
)
OTHER = replace(ARTICLE, id=8, url="https://clinic.test/blog/other/", metadata=Metadata(), blocks=(), gone=True)


def codes(article):
    return [each.reason for each in article.blocks]


def exported(form, *articles, explain=codes):
    stream = io.StringIO()
    export_posts(articles, explain, form, stream)
    return stream.getvalue()


# Rows


def test_a_row_has_the_promised_fields_in_their_order():
    (row,) = export_rows([ARTICLE], codes)
    assert list(row) == [
        *("id", "site", "url", "source", "gone", "title", "author", "published", "modified", "language"),
        *("categories", "tags", "topics", "words", "text", "blocks"),
    ]
    assert row["text"] == "What to expect\n\nCome early.\n\nCall us today."
    assert (row["published"], row["modified"]) == ("2024-05-02", "2024-06-01")


def test_a_row_says_of_every_block_what_was_decided_and_why():
    (row,) = export_rows([ARTICLE], lambda article: [f"because {each.position}" for each in article.blocks])
    assert row["blocks"][2] == {
        "position": 2,
        "text": "Subscribe now",
        "kept": False,
        "role": "widget",
        "reason": "because 2",
        "cluster": None,
    }


def test_a_row_names_the_clusters_of_the_audit():
    (row,) = export_rows([ARTICLE], codes, lambda article: [None, None, None, "c1"])
    assert [each["cluster"] for each in row["blocks"]] == [None, None, None, "c1"]


def test_what_nobody_knows_is_null():
    (row,) = export_rows([OTHER], codes)
    assert (row["title"], row["published"], row["categories"], row["gone"]) == (None, None, [], True)


# Forms


def test_json_lines_have_one_post_a_line():
    text = exported("jsonl", ARTICLE, OTHER)
    assert [json.loads(line)["id"] for line in text.splitlines()] == [7, 8]
    assert "Grün" in text


@pytest.mark.parametrize("articles", [(), (ARTICLE,), (ARTICLE, OTHER)])
def test_json_is_one_array(articles):
    assert [row["id"] for row in json.loads(exported("json", *articles))] == [article.id for article in articles]


def test_csv_has_a_heading_and_a_row_a_post():
    rows = list(csv.DictReader(io.StringIO(exported("csv", ARTICLE, OTHER), newline="")))
    assert [row["id"] for row in rows] == ["7", "8"]
    assert rows[0]["categories"] == "Visits; Ketamine, infusions"
    assert rows[0]["text"].splitlines()[2] == "Come early."
    assert [row["gone"] for row in rows] == ["no", "yes"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n@x", "＝1"])
def test_no_cell_is_a_formula(text):
    assert safe_cell(text) == f"'{text}"


def test_ordinary_cells_stay_as_they_are():
    assert [safe_cell(value) for value in ("a = b", "", None, -3, 0.5)] == ["a = b", "", "", "-3", "0.5"]


def test_exporting_says_how_many(tmp_path):
    for form in ("jsonl", "json", "csv"):
        assert export_posts([ARTICLE, OTHER], codes, form, tmp_path / form) == 2


# Files


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    target = tmp_path / "posts.jsonl"
    target.write_text("old")

    def breaking():
        yield ARTICLE
        raise RuntimeError

    with pytest.raises(RuntimeError):
        export_posts(breaking(), codes, "jsonl", target)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["posts.jsonl"]


def test_a_new_file_may_be_read_by_whom_the_umask_allows(tmp_path):
    (tmp_path / "plain").touch()
    export_posts([], codes, "jsonl", tmp_path / "posts.jsonl")
    assert (tmp_path / "posts.jsonl").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_stays_a_link_to_the_file_that_is_replaced(tmp_path):
    (tmp_path / "real.jsonl").touch()
    (tmp_path / "link.jsonl").symlink_to("real.jsonl")
    export_posts([ARTICLE], codes, "jsonl", tmp_path / "link.jsonl")
    assert (tmp_path / "link.jsonl").is_symlink()
    assert '"id": 7' in (tmp_path / "real.jsonl").read_text()


def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="Can't write"):
        export_posts([], codes, "jsonl", tmp_path / "nowhere" / "posts.jsonl")


def test_a_folder_in_place_of_a_file_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="is a folder"):
        export_posts([], codes, "jsonl", tmp_path)


def test_a_device_is_written_to_and_not_replaced():
    from pathlib import Path

    with replacing(Path("/dev/null")) as stream:
        stream.write(b"x")
    assert Path("/dev/null").is_char_device()


# Round trip

_words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30).map(str.strip)
_maybe = _words.map(lambda text: text or None)
_days = st.none() | st.dates()


@st.composite
def _articles(draw):
    texts = draw(st.lists(st.tuples(_words.filter(bool), st.booleans()), max_size=4))
    return replace(
        ARTICLE,
        url=f"https://clinic.test/{draw(st.integers(0, 10**6))}/",
        site=draw(st.sampled_from(["clinic.test", "clinic.test/blog", "127.0.0.1:8080"])),
        source=draw(_maybe),
        metadata=Metadata(
            title=draw(_maybe),
            author=draw(_maybe),
            published=draw(_days),
            modified=draw(_days),
            language=draw(st.sampled_from([None, "en", "pt-BR"])),
            categories=tuple(draw(st.lists(_words.filter(bool), max_size=3))),
            tags=tuple(draw(st.lists(_words.filter(bool), max_size=3))),
        ),
        blocks=tuple(block(text, position, kept) for position, (text, kept) in enumerate(texts)),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("export")


@pytest.mark.parametrize("form", ["jsonl", "json"])
@given(articles=st.lists(_articles(), max_size=4, unique_by=lambda article: article.url))
def test_an_import_reads_what_an_export_wrote(folder, form, articles):
    file = folder / f"posts.{form}"
    assert export_posts(articles, codes, form, file) == len(articles)
    if not articles:
        return
    options = ImportOptions(base_url=None, include_pages=False, fetched_at=datetime(2026, 11, 22, tzinfo=UTC))
    pages = list(read_paths([file], options))
    assert [(page.url, page.site, page.source, page.body.decode()) for page in pages] == [
        (article.url, article.site, article.source, article.text) for article in articles
    ]
    assert [page.stated or Metadata() for page in pages] == [article.metadata for article in articles]


# A page for people


def test_an_html_page_shows_what_was_kept_and_nothing_runs():
    page = html_document(replace(ARTICLE, blocks=(block("<script>alert(1)</script> & more"), *ARTICLE.blocks)))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page
    assert "Subscribe now" not in page
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_an_html_page_keeps_headings_lists_and_code():
    path = ("article", "ul.list", "li")
    numbered = ("article", "ol", "li", "strong")
    page = html_document(
        replace(
            ARTICLE,
            blocks=(
                block("A", 0, heading=2),
                block("one", 1, path=path),
                block("two", 2, path=path),
                block("three", 3, path=numbered),
                block("x = 1\ny = 2", 4, path=("pre.code", "code")),
            ),
        )
    )
    flat = page.replace("\n", "")
    assert "<h2>A</h2><ul><li>one</li><li>two</li></ul><ol><li>three</li></ol><pre>x = 1y = 2</pre>" in flat


def test_an_address_that_is_none_of_the_webs_is_no_link():
    assert "href" not in html_document(replace(ARTICLE, url="javascript:alert(1)"))
