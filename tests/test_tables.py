"""Lists and exports as tables: workbooks, CSV with a mark, a choice of posts and fields."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from xml.etree import ElementTree

import pytest

from indexer.present.export import workbook
from indexer.present.export.workbook import write_workbook
from scraper.errors import UsageError
from tests.commandline import blogdex

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def library(tmp_path_factory, crawled):
    return shutil.copytree(crawled, tmp_path_factory.mktemp("tables") / "lib")


_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Sheet:
    """The first sheet of a workbook: cells by place, and its parts as XML."""

    def __init__(self, file):
        with zipfile.ZipFile(file) as book:
            self.xml = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
            self.all = b"".join(book.read(name) for name in book.namelist()).decode()
        self.cells = {cell.get("r"): self._value(cell) for cell in self.xml.iter(f"{_MAIN}c")}

    def _value(self, cell):
        text = "".join(node.text or "" for node in cell.iter() if node.tag in (f"{_MAIN}t", f"{_MAIN}v"))
        return text if cell.get("t") == "inlineStr" else float(text)

    def column(self, letter):
        return [value for place, value in self.cells.items() if place.rstrip("0123456789") == letter]

    def width(self, number):
        columns = self.xml.iter(f"{_MAIN}col")
        return next(float(c.get("width")) for c in columns if int(c.get("min")) <= number + 1 <= int(c.get("max")))


def made(tmp_path, *rows, columns=("url", "found", "posts")):
    write_workbook(columns, [dict(zip(columns, row, strict=True)) for row in rows], tmp_path / "t.xlsx")
    return Sheet(tmp_path / "t.xlsx")


def test_a_workbook_has_a_frozen_heading_filters_and_links(tmp_path):
    sheet = made(tmp_path, ("https://clinic.test/a", "old", 3), ("https://clinic.test/b", "new", 12))
    assert sheet.column("A") == ["url", "https://clinic.test/a", "https://clinic.test/b"]
    assert sheet.column("C")[1:] == [3.0, 12.0]
    assert sheet.xml.find(f".//{_MAIN}pane").get("state") == "frozen"
    assert sheet.xml.find(f"{_MAIN}autoFilter").get("ref") == "A1:C3"
    assert len(list(sheet.xml.iter(f"{_MAIN}hyperlink"))) == 2
    assert sheet.width(0) > sheet.width(2)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "{=1+1}", "=HYPERLINK(1)"])
def test_no_cell_of_a_workbook_is_a_formula(tmp_path, text):
    sheet = made(tmp_path, ("u", text, 1))
    assert not list(sheet.xml.iter(f"{_MAIN}f"))
    assert sheet.cells["B2"].strip() == text.strip()


@pytest.mark.parametrize("text", ["javascript:alert(1)", "file:///etc/passwd", "internal:Sheet1!A1", "mailto:a@b.test"])
def test_only_web_addresses_are_links(tmp_path, text):
    sheet = made(tmp_path, (text, "", 1))
    assert sheet.cells["A2"] == text
    assert not list(sheet.xml.iter(f"{_MAIN}hyperlink"))


def test_a_day_is_a_day_and_what_only_looks_like_one_is_text(tmp_path):
    sheet = made(tmp_path, ("2024-05-02", "2024-13-45", None))
    assert sheet.cells["A2"] == 45414.0  # the days since 1900 by which workbooks count
    assert sheet.cells["B2"] == "2024-13-45"
    assert "C2" not in sheet.cells


def test_what_steers_a_terminal_and_lone_surrogates_stay_out(tmp_path):
    assert made(tmp_path, ("a\x1b[31mb\ud800\x00c", "", 1)).cells["A2"] == "a[31mbc"


def test_a_text_longer_than_a_cell_is_cut_and_counted(tmp_path):
    written = write_workbook(("a",), [{"a": "x" * 40_000}, {"a": "y"}], tmp_path / "t.xlsx")
    cell = Sheet(tmp_path / "t.xlsx").cells["A2"]
    assert written == (2, 1)
    assert (len(cell), cell[-1]) == (workbook.CELL_LIMIT, "…")


def test_links_beyond_what_a_sheet_holds_are_text(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "LINK_LIMIT", 1)
    sheet = made(tmp_path, ("https://clinic.test/a", "", 1), ("https://clinic.test/b", "", 1))
    assert len(list(sheet.xml.iter(f"{_MAIN}hyperlink"))) == 1
    assert sheet.cells["A3"] == "https://clinic.test/b"


def test_more_rows_than_a_sheet_holds_leave_the_old_file(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "ROW_LIMIT", 2)
    (tmp_path / "t.xlsx").write_bytes(b"old")
    with pytest.raises(UsageError, match="holds 1 rows"):
        made(tmp_path, ("a", "b", 1), ("c", "d", 2))
    assert (tmp_path / "t.xlsx").read_bytes() == b"old"


@pytest.mark.parametrize(
    "words",
    [
        *(
            ["search", "pain"],
            ["related", "id:1"],
            ["topics"],
            ["topics", "--index"],
            ["changes"],
            ["status"],
            ["stats"],
        ),
        *(["show", "id:1"], ["audit"], ["audit", "stale"], ["audit", "boilerplate"], ["audit", "cta"]),
        *(["audit", "fixes"], ["audit", "duplicates"], ["audit", "passages"], ["audit", "template"], ["doctor"]),
    ],
    ids=" ".join,
)
def test_every_list_comes_as_the_workbook_of_its_csv(library, tmp_path, words):
    rows = list(csv.reader(io.StringIO(blogdex(*words, "--csv", library=library).stdout)))
    file = tmp_path / "list.xlsx"
    done = blogdex(*words, "--xlsx", str(file), library=library)
    assert done.returncode in (0, 1), done.stderr
    assert done.stdout == ""
    assert f"Wrote {len(rows) - 1:,} row" in done.stderr
    sheet = Sheet(file)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert [sheet.cells[f"{letters[number]}1"] for number in range(len(rows[0]))] == rows[0]
    texts = [(place, value) for place, value in sheet.cells.items() if isinstance(value, str)]
    given = {f"{letters[x]}{y}": cell for y, row in enumerate(rows, start=1) for x, cell in enumerate(row)}
    assert all(given[place].removeprefix("'") == value for place, value in texts)


def test_csv_with_a_mark_differs_by_it_alone(library):
    plain = blogdex("search", "pain", "--csv", library=library).stdout
    assert blogdex("search", "pain", "--bom", library=library).stdout == "\ufeff" + plain


@pytest.mark.parametrize("other", ["--json", "--csv", "--bom"])
def test_one_list_has_one_form(library, tmp_path, other):
    done = blogdex("search", "pain", "--xlsx", str(tmp_path / "a.xlsx"), other, library=library)
    assert done.returncode == 2
    assert "three forms of one list" in done.stderr
    assert not list(tmp_path.iterdir())


def test_what_is_no_list_is_not_said_to_be_written(library, tmp_path):
    done = blogdex("audit", "why", "id:1", "--xlsx", str(tmp_path / "a.xlsx"), library=library)
    assert done.returncode == 2
    assert "nothing was written" in done.stderr


def exported(library, *words):
    done = blogdex("export", *words, library=library)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_an_export_takes_the_posts_that_search_takes(library):
    every = exported(library)
    author = next(row["author"] for row in every if row["author"])
    topic = next(row["topics"][0] for row in every if row["topics"])
    day = sorted(row["published"] for row in every if row["published"])[len(every) // 2]
    for words in (
        ["--since", day],
        ["--until", day],
        ["--topic", topic.upper()],
        ["--author", author],
        ["--language", "english"],
    ):
        found = json.loads(blogdex("search", *words, "-n", "500", "--json", library=library).stdout)["results"]
        assert {row["url"] for row in exported(library, *words) if not row["gone"]} == {each["url"] for each in found}
        assert found, words


def test_an_export_has_the_fields_asked_for_in_their_order(library):
    assert {tuple(row) for row in exported(library, "--fields", "title, url")} == {("title", "url")}
    text = blogdex("export", "--format", "csv", "--fields", "title,url", library=library).stdout
    assert next(csv.reader(io.StringIO(text))) == ["title", "url"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--fields", "titel"], "No post has the field 'titel'"),
        (["--fields", "blocks", "--format", "csv"], "No post has the field 'blocks'"),
        (["--fields", "url", "--format", "html"], "html has posts as a whole"),
        (["--format", "xlsx"], "needs a file"),
        (["--since", "2024", "--until", "2023"], "no day is both"),
    ],
)
def test_an_export_that_cannot_be_is_refused(library, words, says):
    done = blogdex("export", *words, library=library)
    assert (done.returncode, says in done.stderr) == (2, True), done.stderr


def test_an_export_of_no_post_says_so(library):
    done = blogdex("export", "--author", "Nobody At All", library=library)
    assert (done.returncode, done.stdout) == (1, "")
    assert "No post is as asked for." in done.stderr


def test_an_export_as_a_workbook_has_a_row_a_post(library, tmp_path):
    rows = exported(library)
    file = tmp_path / "posts.xlsx"
    assert blogdex("export", "--format", "xlsx", "-o", str(file), library=library).returncode == 0
    assert len(Sheet(file).column("A")) == len(rows) + 1


def test_an_archive_of_chosen_posts_has_their_pages_only(library, tmp_path):
    author = next(row["author"] for row in exported(library) if row["author"])
    number = len(exported(library, "--author", author))
    done = blogdex("export", "--format", "warc", "--author", author, "-o", str(tmp_path / "p.warc.gz"), library=library)
    assert f"Wrote {number} page" in done.stderr
