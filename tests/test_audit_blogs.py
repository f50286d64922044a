"""A library of several blogs is audited blog by blog."""

import json

import pytest

from tests.audit_blog import BEFORE, NOW, SUBJECTS
from tests.commandline import blogdex

HOSTS = ("aster.test", "mallow.test")


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("blogs")
    rows = []
    for host in HOSTS:
        for number in range(12):
            phone = BEFORE if number < 2 and host == HOSTS[0] else NOW
            words = " ".join(f"{SUBJECTS[number]}{host[0]}{sign}" for sign in "abcdefghijklmnopqrstuvwxyz")
            text = f"{words.capitalize()}.\n\nCall our Denver office at {phone} to book your first visit with {host}."
            day = f"202{number // 4}-0{number % 4 + 1}-10"
            rows.append({"url": f"https://{host}/post-{number}/", "title": words[:20], "text": text, "published": day})
    (folder / "posts.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    assert blogdex("import", str(folder / "posts.jsonl"), library=folder / "library").returncode == 0
    return folder / "library"


def test_without_a_name_all_blogs_are_audited_with_one_summary(library):
    found = json.loads(blogdex("audit", "--json", library=library).stdout)
    assert found["summary"]["blogs"] == 2
    assert found["summary"]["posts"] == 24
    assert {blog["site"]: len(blog["stale"]) for blog in found["blogs"]} == {HOSTS[0]: 2, HOSTS[1]: 0}


def test_a_blog_that_is_named_is_audited_alone(library):
    found = json.loads(blogdex("audit", "--json", "--site", HOSTS[0], library=library).stdout)
    assert (found["summary"]["posts"], len(found["stale"])) == (12, 2)


def test_rows_of_several_blogs_begin_with_their_blog(library):
    head, *rows = blogdex("audit", "stale", "--csv", library=library).stdout.splitlines()
    assert head.startswith("site,")
    assert {row.partition(",")[0] for row in rows} == {HOSTS[0]}


def test_a_finding_is_found_in_whichever_blog_has_it(library):
    found = json.loads(blogdex("audit", "--json", library=library).stdout)
    own = found["blogs"][0]["stale"][0]["id"]
    assert BEFORE in blogdex("audit", "show", own, library=library).stdout
    assert blogdex("audit", "--fail-on", "stale", library=library).returncode == 1


def test_each_blog_gets_a_report_of_its_own(library, tmp_path):
    assert blogdex("audit", "--html", str(tmp_path / "report.html"), library=library).returncode == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"report-{host}.html" for host in HOSTS]
