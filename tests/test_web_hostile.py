"""What comes from the web stays text on every page."""

from __future__ import annotations

import json
import re

import pytest

from indexer.web.pages import ROUTES
from tests.commandline import blogdex
from tests.web import Browser, tags

SCRIPT = "<script>alert(1)</script>"
EVIL = f"{SCRIPT}\"'><img src=x onerror=alert(2)>\u202e\x1b[31m{{{{7*7}}}}"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """Return a library whose every text would like to be code."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = [
        {
            "url": f"https://evil.example/blog/{number}?x=%22%3E%3Cscript%3Ealert(3)%3C/script%3E",
            "title": f"Title {number} {EVIL}",
            "author": f"Ann {EVIL}",
            "published": f"2024-0{number}-01",
            "categories": [f"Cat {EVIL}"],
            "tags": [EVIL],
            "language": "en",
            "text": f"A paragraph about rivers and stones, number {number}. {EVIL} It goes on for a while.\n\n"
            f"Call us on 303-555-010{number} for rivers today, says {EVIL} in each post.",
        }
        for number in range(1, 7)
    ]
    file = folder / "posts.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = blogdex("import", str(file), library=folder / "lib")
    assert done.returncode == 0, done.stderr
    (folder / "lib" / "topics.toml").write_text(
        f'[[topic]]\nname = {json.dumps("Rivers " + SCRIPT)}\nphrases = ["rivers"]\n', encoding="utf-8"
    )
    blogdex("rebuild", library=folder / "lib")
    assert blogdex("audit", library=folder / "lib").returncode == 0
    return folder / "lib"


@pytest.fixture(scope="module")
def browser(library):
    return Browser(library)


def pages(browser):
    """Yield every page there is of the library, with hostile parameters too."""
    first = browser.get("/api/v1/search").json["results"][0]["id"]
    topic = next(iter(browser.get("/api/v1/topics").json), {"id": 1})["id"]
    audit = browser.get("/api/v1/audit").json
    ids = [row["id"] for rows in audit.values() if isinstance(rows, list) for row in rows if "id" in row]
    known = {"post_id": first, "topic_id": topic, "name": "pages.css", "kind": "stale", "letter": "R"}
    for own in [*ids, EVIL]:
        yield f"/audit/finding/{own}"
    for kind in ("boilerplate", "duplicates", "passages", "cta", "template"):
        yield f"/audit/{kind}"
    for route in ROUTES:
        if "GET" in route.methods and "finding_id" not in route.path:
            yield re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(known[found[1]]), route.path)


OWN_SCRIPTS = {"/crawl/progress": [], "/audit/report.html": [None]}
"""Scripts of a part of a page, and of the report: one within it, which its policy names by a hash."""


@pytest.mark.parametrize("query", [{}, {"q": "rivers"}, dict.fromkeys(
    ("q", "since", "topic", "author", "category", "site", "state", "rename", "accepted", "url", "what", "why", "name"), EVIL[:250])])  # fmt: skip
def test_no_text_becomes_code_on_any_page(browser, query):
    seen = 0
    for path in pages(browser):
        answer = browser.get(path, query)
        assert answer.status_code < 500, path
        if answer.mimetype != "text/html":
            continue
        seen += 1
        assert SCRIPT not in answer.text, path
        assert not tags(answer, "img"), path
        sources = [one.get("src") for one in tags(answer, "script")]
        assert sources in (["/static/keys.js"], OWN_SCRIPTS.get(path)), path
        assert not re.search(r"<[^>]*\son\w+\s*=", answer.text), path
        assert "\u202e" not in answer.text and "\x1b" not in answer.text, path
        assert "{{7*7}}" in answer.text or "49" not in re.sub(r"\d{4}|49 words", "", answer.text), path
        for name in ("href", "action", "src", "formaction"):
            for tag in ("a", "form", "link", "script", "button"):
                for one in tags(answer, tag):
                    value = one.get(name)
                    assert value is None or re.match(r"(/(?!/)|https?://|mailto:|tel:|#)", value), (path, value)
    assert seen > 10


def test_no_cell_of_a_table_is_a_formula(tmp_path):
    file = tmp_path / "posts.jsonl"
    row = {
        "url": "https://evil.example/blog/a",
        "title": '=HYPERLINK("https://evil.example")',
        "text": "Rivers and stones. " * 40,
    }
    file.write_text(json.dumps(row), encoding="utf-8")
    assert blogdex("import", str(file), library=tmp_path / "lib").returncode == 0
    lines = Browser(tmp_path / "lib").get("/search.csv", {"q": "rivers"}).text
    assert "'=HYPERLINK" in lines and ",=HYPERLINK" not in lines and ',"=HYPERLINK' not in lines


def test_a_title_of_a_megabyte_and_thousands_of_blocks_are_shown(tmp_path):
    file = tmp_path / "posts.jsonl"
    text = "\n\n".join(f"Paragraph {number} about rivers and stones." for number in range(5000))
    file.write_text(
        json.dumps({"url": "https://big.example/a", "title": "x" * 1_000_000, "text": text}), encoding="utf-8"
    )
    assert blogdex("import", str(file), library=tmp_path / "lib").returncode == 0
    browser = Browser(tmp_path / "lib")
    answer = browser.get("/search", {"q": "rivers"})
    assert answer.status_code == 200
    assert len(answer.data) < 60_000
    own = browser.get("/api/v1/search").json["results"][0]["id"]
    assert "Paragraph 4999" in browser.get(f"/posts/{own}").text
