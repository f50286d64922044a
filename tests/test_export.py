from __future__ import annotations

import csv
import gzip
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.present.export.files import replacing
from indexer.present.export.markdown import file_name, front_matter, write_folder
from indexer.present.export.markdown_text import body, escaped
from indexer.present.export.page import html_document, write_html
from indexer.present.export.rows import export_rows
from indexer.present.export.tables import safe_cell
from indexer.present.export.warc import write_warc
from indexer.present.export.write import export_posts
from indexer.store.rows import StoredArticle
from scraper import markup
from scraper.errors import UsageError
from scraper.imports import ImportOptions, read_paths
from scraper.model import ArticleBlock, Enclosing, Metadata, Page, RichBlock, Role


def within(position, *names, html="", images=()):
    """A rich block in these elements; `li:3` is the third of its kind."""
    made = tuple(Enclosing(name.partition(":")[0], int(name.partition(":")[2] or 0)) for name in names)
    return RichBlock(position, made, html, images)


def block(text, position=0, kept=True, role=Role.CONTENT, heading=0):
    return ArticleBlock(text, (), position, f"digest-{text}", kept, role, "own-text", heading=heading)


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
        *("categories", "tags", "topics", "words", "text", "blocks", "reviewer", "edit_url"),
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
@given(articles=st.lists(_articles().filter(lambda a: a.text.strip()), max_size=4, unique_by=lambda a: a.url))
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
    page = html_document(
        replace(
            ARTICLE,
            blocks=(
                block("A", 0, heading=2),
                block("one", 1),
                block("two", 2),
                block("three", 3),
                block("x = 1\ny = 2", 4),
            ),
            rich=(within(1, "ul", "li:1"), within(2, "ul", "li:2"), within(3, "ol", "li"), within(4, "pre")),
        )
    )
    flat = page.replace("\n", "")
    assert "<h2>A</h2><ul><li>one</li><li>two</li></ul><ol><li>three</li></ol><pre>x = 1y = 2</pre>" in flat


def test_an_address_that_is_none_of_the_webs_is_no_link():
    assert "href" not in html_document(replace(ARTICLE, url="javascript:alert(1)"))


def test_one_html_page_holds_all_posts_and_a_list_of_them():
    stream = io.StringIO()
    assert write_html([ARTICLE, OTHER], stream) == 2
    tree = markup.parse(stream.getvalue())
    assert tree.xpath("//nav//a/@href") == ["#post-7", "#post-8"]
    assert tree.xpath("//article/@id") == ["post-7", "post-8"]
    assert not tree.xpath("//script | //link | //img")


# Markdown


def notes(folder, *articles):
    return write_folder(articles, folder)


def test_a_markdown_file_has_front_matter_and_the_kept_text(tmp_path):
    notes(tmp_path / "notes", ARTICLE)
    text = (tmp_path / "notes" / "2024-05-02-first-visit.md").read_text()
    _, front, body = text.split("---\n")
    assert front.splitlines() == [
        'title: "Your first visit"',
        "date: 2024-05-02",
        "lastmod: 2024-06-01",
        'author: "Dr. Grün"',
        "categories:",
        '  - "Visits"',
        '  - "Ketamine, infusions"',
        "tags:",
        '  - "first"',
        "topics:",
        '  - "visits"',
        'language: "en"',
        'canonical_url: "https://clinic.test/blog/first-visit/"',
        'source: "first-visit.html"',
        "blogdex_id: 7",
        "render_with_liquid: false",
    ]
    assert body == "\n## What to expect\n\nCome early.\n\nCall us today.\n"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_a_title_is_one_quoted_line_of_yaml(title):
    (line,) = [
        line
        for line in front_matter(replace(ARTICLE, metadata=Metadata(title=title))).split("\n")
        if line.startswith("title:")
    ]
    assert json.loads(line.removeprefix("title: ")) == title
    assert line.isprintable() or not set(line) & set("\x00\x85\u2028\u2029\r\t\ufeff")


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("5 * 3 and a_b and _c_", r"5 \* 3 and a_b and \_c\_"),
        ("# no heading", r"\# no heading"),
        ("1. no list", r"1\. no list"),
        ("- no list", r"\- no list"),
        ("---", r"\---"),
        ("> no quote", r"\> no quote"),
        ("a #tag and C#", r"a \#tag and C#"),
        ("$400-$600", r"\$400-\$600"),
        ("[[wiki]] and [a](b)", r"\[\[wiki]] and \[a](b)"),
        ("<script> & &amp;", "&lt;script> & &amp;amp;"),
        ("%%hidden%% ==x==", r"\%\%hidden\%\% \=\=x\=\="),
        ("{{< x >}} {% y %} {z}", "&#123;{&lt; x >}} &#123;% y %} {z}"),
        (r"C:\temp `x`", r"C:\\temp \`x\`"),
        ("plain words, (in brackets) - and 10%.", "plain words, (in brackets) - and 10%."),
    ],
)
def test_text_that_looks_like_markdown_is_escaped(text, markdown):
    assert escaped(text) == markdown


def test_lists_quotes_and_code_are_markdown(tmp_path):
    blocks = (
        block("one", 1),
        block("two\nlines", 2),
        block("first", 3),
        block("said", 4),
        block("a = [1]\n```\n    b", 5),
    )
    items = (within(1, "ul", "li:1"), within(2, "ul", "li:2"), within(3, "ol", "li"))
    rich = (*items, within(4, "blockquote"), within(5, "pre"))
    assert body(replace(ARTICLE, blocks=blocks, rich=rich)) == (
        "- one\n- two  \n  lines\n\n1. first\n\n> said\n\n````\na = [1]\n```\n    b\n````\n"
    )


@pytest.mark.parametrize(
    ("url", "published", "name"),
    [
        ("https://clinic.test/blog/Caf%C3%A9%20talk.html", None, "café-talk.md"),
        ("https://clinic.test/", None, "your-first-visit.md"),
        ("https://clinic.test/con", None, "con-post.md"),
        ("https://clinic.test/..%2F..%2Fetc%2Fpasswd", None, "etc-passwd.md"),
        ("https://clinic.test/a?b=c", date(2024, 1, 2), "2024-01-02-a.md"),
        ("https://clinic.test/" + "x" * 500, None, "x" * 80 + ".md"),
    ],
)
def test_a_file_name_is_safe(url, published, name):
    metadata = replace(ARTICLE.metadata, published=published)
    assert file_name(replace(ARTICLE, url=url, metadata=metadata)) == name


def test_posts_with_one_slug_are_two_files(tmp_path):
    other = replace(ARTICLE, id=8, url="https://clinic.test/First-Visit/")
    assert notes(tmp_path, ARTICLE, other).written == 2
    assert (tmp_path / "2024-05-02-first-visit-8.md").exists()


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "mine.md").write_text("mine")
    with pytest.raises(UsageError, match="holds other files"):
        notes(tmp_path, ARTICLE)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.md"]


def test_an_export_is_brought_up_to_date_without_losing_what_people_wrote(tmp_path):
    edited = replace(ARTICLE, id=9, url="https://clinic.test/edited/")
    notes(tmp_path, ARTICLE, edited, replace(OTHER, url="https://clinic.test/left/"))
    (tmp_path / "2024-05-02-edited.md").write_text("my own words")
    (tmp_path / "new.md").write_text("mine")
    changed = replace(ARTICLE, blocks=(block("New text."),))
    report = notes(tmp_path, changed, edited)
    assert report.written == 1
    assert report.kept == ("2024-05-02-edited.md",)
    assert "New text." in (tmp_path / "2024-05-02-first-visit.md").read_text()
    assert (tmp_path / "2024-05-02-edited.md").read_text() == "my own words"
    assert (tmp_path / "new.md").read_text() == "mine"
    assert not (tmp_path / "left.md").exists()


def test_a_broken_ledger_never_reaches_outside_the_folder(tmp_path):
    outside = tmp_path / "outside.md"
    outside.write_text("x")
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / ".blogdex-export.json").write_text(json.dumps({"../outside.md": "x", "": "y"}))
    notes(folder, ARTICLE)
    assert outside.exists()


def test_markdown_to_the_screen_is_a_usage_error():
    with pytest.raises(UsageError, match="needs a folder"):
        exported("markdown", ARTICLE)


# Web archives

PAGE = Page(
    site="clinic.test",
    url="https://clinic.test/a",
    final_url="https://clinic.test/a",
    status=200,
    headers=(("content-type", "text/html; charset=utf-8"), ("content-encoding", "gzip"), ("x-a", "b\r\nInjected: c")),
    body="<p>Grün</p>".encode(),
    fetched_at=datetime(2024, 5, 2, 10, tzinfo=UTC),
)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def archived(*pages):
    stream = io.BytesIO()
    assert write_warc(pages, stream, NOW) == len(pages)
    return stream.getvalue()


@pytest.mark.parametrize("source", [None, "a.html"])
def test_an_import_reads_the_archive_that_an_export_wrote(tmp_path, source):
    (tmp_path / "blog.warc.gz").write_bytes(archived(replace(PAGE, source=source)))
    (page,) = read_paths([tmp_path / "blog.warc.gz"], ImportOptions(base_url=None, include_pages=False, fetched_at=NOW))
    assert (page.url, page.body, page.fetched_at) == (PAGE.url, PAGE.body, PAGE.fetched_at)
    assert page.content_type == "text/html"


def test_an_archives_headers_fit_its_unpacked_bodies():
    plain = gzip.decompress(archived(PAGE)).decode()
    assert "content-encoding" not in plain
    assert "content-length: 12\r\n" in plain
    assert "\r\nInjected" not in plain


def test_the_same_pages_make_the_same_archive():
    assert archived(PAGE) == archived(PAGE)


def test_another_reader_understands_the_archive():
    warcio = pytest.importorskip("warcio.archiveiterator")
    archive = io.BytesIO(archived(PAGE, replace(PAGE, source="a")))
    read = [
        (record.rec_type, record.content_stream().read(), record.digest_checker.passed)
        for record in warcio.ArchiveIterator(archive, check_digests=True)
    ]
    assert read[1:] == [("response", PAGE.body, True), ("resource", PAGE.body, True)]
