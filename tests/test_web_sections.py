"""Topics, changes, library and audit in the browser: what they show, and what they change."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shutil
import tomllib
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from indexer.library import writing
from indexer.web.render import templates
from tests.commandline import blogdex
from tests.web import Browser, links, snapshot, tags, text_of

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def library(tmp_path_factory, crawled):
    folder = shutil.copytree(crawled, tmp_path_factory.mktemp("sections") / "lib")
    blogdex("audit", library=folder)
    return folder


@pytest.fixture
def copy(library, tmp_path):
    return shutil.copytree(library, tmp_path / "lib")


@pytest.fixture(scope="module")
def browser(library):
    return Browser(library)


def audit_of(library):
    return json.loads(blogdex("audit", "--json", library=library).stdout)


def test_every_section_is_one_click_from_every_page(browser):
    for path in ("/", "/topics", "/audit", "/changes", "/library", "/help/keys", "/posts/7", "/nothing"):
        assert {"/", "/topics", "/audit", "/changes", "/library"} <= set(links(browser.get(path))), path


def test_topics_are_those_of_the_command_line_in_its_order(browser, library):
    rows = json.loads(blogdex("topics", "--json", library=library).stdout)
    page = browser.get("/topics")
    assert [link for link in links(page) if re.fullmatch(r"/topics/\d+", link)] == [
        f"/topics/{row['id']}" for row in rows
    ]
    assert "nothing since 2023" in text_of(page)
    assert browser.get("/topics.csv").text == blogdex("topics", "--csv", library=library).stdout


def test_a_topic_lists_its_posts_most_of_it_first(browser, library):
    row = json.loads(blogdex("topics", "1", "--json", library=library).stdout)[0]
    page = text_of(browser.get("/topics/1"))
    assert f"{row['posts']} posts" in page
    assert browser.get("/topics/1.csv").text == blogdex("topics", "1", "--csv", library=library).stdout
    assert browser.get("/topics/999").status_code == 404


def test_a_topic_is_renamed_after_a_preview_and_search_knows_it_at_once(copy):
    browser = Browser(copy)
    preview = browser.get("/topics/1", {"rename": "Before you come"})
    assert "will stand under “Before you come”" in text_of(preview)
    answer = browser.post("/topics/1/rename", {"name": "Before you come"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/topics/1")
    assert "Before you come" in text_of(browser.get("/topics/1"))
    assert "Before you come" in text_of(browser.get("/search", {"topic": "Before you come"}))
    assert json.loads(blogdex("topics", "1", "--json", library=copy).stdout)[0]["label"] == "Before you come"


def test_two_topics_are_merged_after_a_preview(copy):
    browser = Browser(copy)
    before = {row["id"]: row for row in json.loads(blogdex("topics", "--json", library=copy).stdout)}
    one, other = sorted(before)[:2]
    whole = len({*before[one]["urls"], *before[other]["urls"]})
    assert f"make {whole} posts under" in text_of(browser.get(f"/topics/{other}", {"merge": one}))
    answer = browser.post(f"/topics/{other}/merge", {"into": one})
    assert answer.headers["Location"] == f"/topics/{one}"
    assert f"{whole} posts" in text_of(browser.get(f"/topics/{one}"))
    assert browser.get(f"/topics/{other}").status_code == 404


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [("/topics/1/rename", {"name": " "}, 400), ("/topics/999/rename", {"name": "x"}, 404), ("/topics/1/merge", {"into": 1}, 400),
     ("/topics/1/merge", {"into": "x"}, 400), ("/topics/1/merge", {}, 400), ("/topics/1/merge", {"into": 999}, 404)],
)  # fmt: skip
def test_what_can_not_be_decided_is_one_sentence_and_changes_nothing(copy, path, form, status):
    browser = Browser(copy)
    before = {name: data for name, (_, data) in snapshot(copy).items() if name.endswith(".toml")}
    assert browser.post(path, form).status_code == status
    assert {name: data for name, (_, data) in snapshot(copy).items() if name.endswith(".toml")} == before


def test_while_somebody_writes_a_decision_is_told_who_and_why_not(copy):
    browser = Browser(copy)
    with writing(copy, "crawl"):
        answer = browser.post("/topics/1/rename", {"name": "Before you come"})
    assert answer.status_code == 409
    assert "Another blogdex is writing to this library" in text_of(answer)
    assert "crawl" in text_of(answer)


def test_the_library_tells_its_sites_its_index_and_its_health(browser, library):
    page = text_of(browser.get("/library"))
    assert "27 posts" in page and "is up to date" in page
    assert "Nothing is wrong with the library." in text_of(browser.get("/library?check=1"))
    assert browser.get("/library.csv").text == blogdex("status", "--csv", library=library).stdout


def test_changes_are_those_of_the_command_line(browser, library):
    rows = json.loads(blogdex("changes", "--json", library=library).stdout)
    page = text_of(browser.get("/changes"))
    assert f"{len(rows)} new, 0 changed, 0 gone" in page
    assert browser.get("/changes.csv").text == blogdex("changes", "--csv", library=library).stdout
    assert "Nothing is new" in text_of(browser.get("/changes", {"since": "2200"}))
    assert browser.get("/changes", {"since": "never"}).status_code == 400


def test_the_audit_lists_what_to_do_in_the_order_of_the_command_line(browser, library):
    advice = [row["advice"] for row in audit_of(library)["actions"]]
    page = text_of(browser.get("/audit"))
    at = [page.index(" ".join(line.split())) for line in advice]
    assert at == sorted(at)


@pytest.mark.parametrize("kind", ["boilerplate", "duplicates", "passages", "stale", "cta", "template"])
def test_each_kind_of_finding_has_its_page_and_its_csv(browser, library, kind):
    assert browser.get(f"/audit/{kind}").status_code == 200
    rows = list(csv.reader(io.StringIO(browser.get(f"/audit/{kind}.csv").text)))
    assert rows == list(csv.reader(io.StringIO(blogdex("audit", kind, "--csv", library=library).stdout)))


def test_a_finding_shows_its_wordings_with_what_differs_and_its_posts(browser, library):
    cluster = next(
        row for row in audit_of(library)["clusters"] if row["kind"] == "editorial" and len(row["variants"]) > 1
    )
    page = browser.get(f"/audit/finding/{cluster['id']}")
    assert f"{len(cluster['variants'])} wordings" in text_of(page)
    assert tags(page, "ins") or tags(page, "del")
    posts = {url for variant in cluster["variants"] for url in variant["posts"]}
    asked = [link for link in links(page) if link.startswith("/posts/by-url?url=")]
    assert len(set(asked)) == len(posts)
    assert browser.get(asked[0]).status_code == 303


def test_every_finding_and_action_has_a_page_and_no_other_id_has(browser, library):
    form = audit_of(library)
    ids = [row["id"] for rows in form.values() if isinstance(rows, list) for row in rows if "id" in row]
    assert len(ids) > 10
    for own in ids:
        assert browser.get(f"/audit/finding/{own}").status_code == 200, own
    assert browser.get("/audit/finding/nothing").status_code == 404
    assert browser.get("/audit/nothing").status_code == 404


def test_the_report_of_the_audit_is_the_file_that_the_command_line_writes(browser, library, tmp_path):
    blogdex("audit", "--html", str(tmp_path / "report.html"), library=library)
    answer = browser.get("/audit/report.html")
    assert answer.text == (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "/audit/report.html" in links(browser.get("/audit"))


def test_the_findings_of_one_post_stand_together(browser, library):
    url = audit_of(library)["stale"][0]["post"]
    post_id = browser.get("/posts/by-url", {"url": url}).headers["Location"].rsplit("/", 1)[1]
    assert "Phone “" in text_of(browser.get(f"/audit/post/{post_id}"))


def test_a_post_names_each_of_its_findings_once(browser, library):
    checks = audit_of(library)["checks"]
    assert checks
    for row in checks:
        post_id = browser.get("/posts/by-url", {"url": row["post"]}).headers["Location"].rsplit("/", 1)[1]
        assert links(browser.get(f"/audit/post/{post_id}")).count(f"/audit/finding/{row['id']}") == 1, row


def test_what_is_saved_has_a_name_of_plain_letters(browser):
    names = set()
    for path in ("/search", "/topics", "/index", "/audit", "/audit/cta", "/changes", "/library"):
        for ending in (".csv", ".xlsx"):
            said = browser.get(path + ending, {"q": '../../x"; filename=y.exe'}).headers["Content-Disposition"]
            names.add(re.fullmatch(r"attachment; filename=([a-z-]+\.(?:csv|xlsx))", said)[1])
    assert len(names) == 14


def test_of_two_browsers_that_accept_at_once_neither_loses_anything(copy):
    ids = [row["id"] for kind in ("stale", "checks", "clusters") for row in audit_of(copy).get(kind, [])][:12]
    assert len(ids) == 12
    browsers = [Browser(copy), Browser(copy)]

    def accept(number: int) -> list[int]:
        return [
            browsers[number].post("/audit/accept", {"id": own, "note": f"by {number}"}).status_code
            for own in ids[number::2]
        ]

    with ThreadPoolExecutor(2) as pool:
        assert {code for codes in pool.map(accept, range(2)) for code in codes} == {303}
    kept = tomllib.loads((copy / "accepted.toml").read_text(encoding="utf-8"))["accepted"]
    assert {row["id"]: row["note"] for row in kept} == {own: f"by {n % 2}" for n, own in enumerate(ids)}


def test_several_findings_are_accepted_with_a_reason_and_undone_with_one_click(copy):
    browser = Browser(copy)
    ids = [row["id"] for row in audit_of(copy)["stale"]][:3]
    answer = browser.post("/audit/accept", {"id": ids, "note": "of the old branch", "back": "/audit/stale"})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/audit/stale?accepted=")
    kept = tomllib.loads((copy / "accepted.toml").read_text(encoding="utf-8"))["accepted"]
    assert [(row["id"], row["note"]) for row in kept] == [(own, "of the old branch") for own in ids]
    page = browser.get(answer.headers["Location"])
    assert "Accepted: 3 findings." in text_of(page)
    again = {row["id"]: row["accepted"] for row in audit_of(copy)["stale"]}
    assert all(again[own] for own in ids)
    shown = text_of(browser.get("/audit/stale", {"state": "accepted"}))
    assert shown.count("of the old branch") == 3
    undo = {"id": ids, "back": "/audit/stale?state=accepted"}
    assert browser.post("/audit/withdraw", undo).headers["Location"] == "/audit/stale?state=accepted"
    assert not any(row["accepted"] for row in audit_of(copy)["stale"])


def test_more_than_can_be_taken_back_at_once_is_refused_whole(copy):
    browser = Browser(copy)
    own = audit_of(copy)["stale"][0]["id"]
    browser.post("/audit/accept", {"id": own})
    before = snapshot(copy)
    for ids in ([own] * 101, []):
        assert browser.post("/audit/withdraw", {"id": ids}).status_code == 400
    assert snapshot(copy) == before


def test_how_many_posts_a_list_leaves_out_is_told():
    known = {"at": lambda path, **_: path, "facts": {}}
    macros = templates().get_template("audit_macros.html").make_module(known)
    shown = macros.posts([f"https://mill.example/{number}/" for number in range(1_502)])
    assert shown.count("/posts/by-url") == 200
    assert "And 1,302 more" in shown


def test_who_accepted_a_finding_when_and_why_stands_on_its_page(copy):
    browser = Browser(copy)
    own = audit_of(copy)["duplicate_articles"][0]["id"]
    browser.post("/audit/accept", {"id": own, "note": "<b>a reprint</b>", "back": f"/audit/finding/{own}"})
    page = browser.get(f"/audit/finding/{own}")
    assert re.search(r"Accepted \d{4}-\d\d-\d\d( by \S+)?: <b>a reprint</b>", text_of(page))
    assert "&lt;b&gt;a reprint" in page.text
    assert "Take the acceptance back" in page.text


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_after_a_decision_one_stays_on_these_pages(copy, back):
    browser = Browser(copy)
    own = audit_of(copy)["stale"][0]["id"]
    location = browser.post("/audit/accept", {"id": own, "back": back}).headers["Location"]
    assert location.startswith("/audit?")


@pytest.mark.parametrize(("form", "status"), [({}, 400), ({"id": "nothing"}, 404), ({"id": ["x"] * 101}, 400)])
def test_nothing_ticked_too_much_or_an_unknown_id_is_one_sentence(copy, form, status):
    browser = Browser(copy)
    assert browser.post("/audit/accept", form).status_code == status
    assert not (copy / "accepted.toml").exists()


def test_served_for_reading_only_the_pages_have_no_form_that_changes_anything(library):
    browser = Browser(library, read_only=True)
    own = audit_of(library)["stale"][0]["id"]
    for path in ("/audit", "/audit/stale", f"/audit/finding/{own}", "/topics/1", "/posts/7", "/library", "/changes"):
        forms = tags(browser.get(path), "form")
        assert [
            form for form in forms if (form.get("method") or "get") != "get" and "accept" in (form["action"] or "")
        ] == []
    assert browser.post("/audit/accept", {"id": own}).status_code == 403


def test_without_an_audit_and_with_one_of_other_posts_the_page_says_so(crawled, tmp_path):
    folder = shutil.copytree(crawled, tmp_path / "lib")
    browser = Browser(folder)
    assert "No audit yet" in text_of(browser.get("/audit"))
    assert "No audit yet" in text_of(browser.get("/audit/finding/x"))
    blogdex("audit", library=folder)
    assert "have changed since this audit" not in text_of(browser.get("/audit"))
    blogdex("forget", "id:7", "--yes", library=folder)
    assert "have changed since this audit" in text_of(browser.get("/audit"))


def test_an_audit_of_several_blogs_asks_which_one(copy, tmp_path):
    folder = tmp_path / "other"
    folder.mkdir()
    for name in ("oak", "elm"):
        (folder / f"{name}.txt").write_text(
            f"On the {name}\n\nThe {name} stands by the river, and it has for years.\n" * 5
        )
    done = blogdex("import", str(folder), "--base-url", "https://other.example/blog/", library=copy)
    assert done.returncode == 0, done.stderr
    blogdex("audit", library=copy)
    page = Browser(copy).get("/audit")
    assert "Which blog?" in text_of(page)
    asked = [link for link in links(page) if link.startswith("/audit?site=")]
    assert len(asked) == 2
    assert Browser(copy).get("/audit", {"site": "other.example/blog"}).status_code == 200


def test_the_index_has_a_page_a_letter_with_links_to_its_posts(browser, library):
    entries = json.loads(blogdex("topics", "--index", "--json", library=library).stdout)["entries"]
    initials = {link.rsplit("/", 1)[1] for link in links(browser.get("/index")) if link.startswith("/index/")}
    read = ""
    for letter in initials:
        page = browser.get(f"/index/{letter}")
        assert page.status_code == 200
        read += text_of(page)
    assert [entry["heading"] for entry in entries if entry["heading"] not in read] == []
    assert browser.get("/index/%23").status_code == 404
    assert browser.get("/index.csv").text == blogdex("topics", "--index", "--csv", library=library).stdout


@pytest.mark.parametrize(
    "path",
    ["/search", "/topics", "/topics/1", "/index", "/library", "/changes", "/audit", "/audit/stale", "/audit/cta"],
)
def test_every_list_is_a_workbook_too_and_its_page_links_both(browser, path):
    page = browser.get(path)
    assert {f"{path}.csv", f"{path}.xlsx"} <= {link.partition("?")[0] for link in links(page)}
    answer = browser.get(f"{path}.xlsx")
    assert answer.mimetype.endswith(".sheet") and answer.headers["Content-Disposition"].endswith(".xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    rows = list(csv.reader(io.StringIO(browser.get(f"{path}.csv").text)))
    assert sheet.count("<row ") == len(rows)
    assert rows[0][0] in sheet


def test_a_long_letter_of_the_index_has_several_pages_that_see_leads_to(copy, monkeypatch):
    from indexer.web.pages import index

    whole = text_of(Browser(copy).get("/index/A"))
    monkeypatch.setattr(index, "_A_PAGE", 1)
    page, headings = Browser(copy).get("/index/A"), []
    while True:
        headings += re.findall(r"<dt>([^<,]+)", page.text)
        after = re.search(r'<a rel="next" href="([^"]+)"', page.text)
        if after is None:
            break
        page = Browser(copy).get(html.unescape(after[1]))
    assert len(headings) > 1 and len(set(headings)) == len(headings)
    assert all(heading in whole for heading in headings)
