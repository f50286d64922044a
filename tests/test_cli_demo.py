"""The example blog from crawl to audit, through the command line."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scraper import demo
from tests.commandline import ROOT, blogdex, environment

FINDING = {"id", "new", "accepted"}

pytestmark = pytest.mark.xdist_group("demo")  # one worker makes what all of them use


@pytest.fixture(scope="module")
def library(tmp_path_factory, crawled) -> Path:
    return shutil.copytree(crawled, tmp_path_factory.mktemp("demo") / "lib")


@pytest.fixture(scope="module")
def posts(library) -> dict[str, dict]:
    rows = map(json.loads, blogdex("export", library=library).stdout.splitlines())
    return {row["url"].rstrip("/").rsplit("/", 1)[1]: row for row in rows}


@pytest.fixture
def copy(library, tmp_path) -> Path:
    shutil.copytree(library, tmp_path / "lib")
    return tmp_path / "lib"


def test_every_post_is_found_and_nothing_else(posts):
    assert set(posts) == {post.slug for post in demo.POSTS}


def test_every_post_has_its_title_author_day_and_category(posts):
    for post in demo.POSTS:
        row = posts[post.slug]
        assert (row["title"], row["author"], row["published"]) == (post.title, post.author, post.published.isoformat())
        assert row["categories"] == [post.category]


def test_no_post_keeps_a_text_of_the_theme(posts):
    kept = {block["text"] for row in posts.values() for block in row["blocks"] if block["kept"]}
    assert not kept.intersection(demo.CHROME)


def test_every_post_keeps_all_of_its_own_text(posts):
    for post in demo.POSTS:
        text = " ".join(posts[post.slug]["text"].split())
        missing = [own for own in post.own_texts if " ".join(own.split()) not in text]
        assert not missing, post.slug


def test_every_call_to_action_is_kept_and_flagged(posts):
    for post in demo.POSTS:
        flagged = [block for block in posts[post.slug]["blocks"] if block["kept"] and block["role"] == "cta"]
        assert bool(flagged) == (post.cta is not None), post.slug


def test_a_second_crawl_saves_nothing(library, served):
    done = blogdex("crawl", served, "--delay", "0", library=library)
    assert done.returncode == 0
    assert "Saved 0 posts" in done.stdout


def test_a_quiet_crawl_says_nothing_where_nothing_happened_and_one_line_where_something_did(copy, served):
    done = blogdex("-q", "crawl", served, "--delay", "0", library=copy)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = blogdex("-q", "crawl", served, "--delay", "0", library=copy.parent / "new")
    assert (done.returncode, done.stdout.count("\n"), done.stderr) == (0, 1, "")


def test_topics_name_their_posts_and_have_readable_labels(library):
    found = json.loads(blogdex("topics", "--json", library=library).stdout)
    assert {"id", "label", "terms", "posts", "source", "urls"} <= set(found[0])
    assert len(found) >= 4
    assert all(len(topic["urls"]) == topic["posts"] for topic in found)
    assert all(topic["label"][0].isupper() for topic in found)
    rows = blogdex("topics", found[0]["label"].lower(), library=library).stdout.splitlines()
    assert len(rows) == found[0]["posts"]


def test_search_can_be_narrowed_to_a_topic_and_counts_topics(library):
    topic = json.loads(blogdex("topics", "--json", library=library).stdout)[0]
    found = json.loads(blogdex("search", "--topic", topic["label"], "--json", "--facets", library=library).stdout)
    assert found["total"] == topic["posts"]
    assert all(topic["label"] in row["topics"] for row in found["results"])
    assert found["facets"]["topic"][topic["label"]] == found["total"]


def test_a_renamed_topic_keeps_its_name_through_a_rebuild(copy):
    number = json.loads(blogdex("topics", "--json", library=copy).stdout)[0]["id"]
    assert blogdex("topics", "--rename", str(number), "After the Infusion", library=copy).returncode == 0
    assert blogdex("search", "--topic", "After the Infusion", library=copy).returncode == 0
    assert blogdex("rebuild", library=copy).returncode == 0
    found = json.loads(blogdex("topics", "--json", library=copy).stdout)
    assert {topic["id"]: topic["label"] for topic in found}[number] == "After the Infusion"
    assert "After the Infusion" in (copy / "topics.toml").read_text(encoding="utf-8")


def test_an_unknown_topic_is_one_sentence(library):
    done = blogdex("topics", "quantum physics", library=library)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


@pytest.mark.parametrize("args", [[], ["--format", "markdown"], ["--format", "html"], ["--json"]])
def test_the_subject_index_has_headings_and_titles(library, args):
    out = blogdex("topics", "--index", *args, library=library).stdout
    assert "CRPS" in out
    assert "Living With CRPS" in out


def test_the_audit_has_every_promised_field(library):
    found = json.loads(blogdex("audit", "--json", library=library).stdout)
    assert {"posts", "words", "template_share", "editorial_share", "unique_share"} <= set(found["summary"])
    fields = {
        "actions": {"kind", "posts", "advice"} | FINDING,
        "clusters": {"kind", "role", "text", "posts", "share", "first_published", "last_published", "variants"}
        | FINDING,
        "duplicate_articles": {"a", "b", "a_in_b", "b_in_a", "shared_words", "older"} | FINDING,
        "stale": {"post", "kind", "found", "expected", "text"} | FINDING,
        "missing_cta": {"post", "reason"} | FINDING,
        "posts": {"url", "words", "unique_share", "template_share", "editorial_share"},
    }
    for name, wanted in fields.items():
        assert found[name], name
        assert wanted <= set(found[name][0]), name


def test_the_audit_finds_the_old_phone_the_copy_and_the_missing_call(library):
    found = json.loads(blogdex("audit", "--json", library=library).stdout)
    old = {row["post"].rstrip("/").rsplit("/", 1)[1] for row in found["stale"] if demo.OLD_PHONE in row["found"]}
    assert old == {post.slug for post in demo.POSTS if post.cta in ("cta-2019", "cta-2020")}
    assert [row["post"].rstrip("/").rsplit("/", 1)[1] for row in found["missing_cta"]] == ["how-to-read-a-study"]
    pairs = [{row["a"], row["b"]} for row in found["duplicate_articles"]]
    assert [{url.rstrip("/").rsplit("/", 1)[1] for url in pair} for pair in pairs] == [
        {"your-first-visit", "what-to-expect-at-your-first-visit"}
    ]


def test_facts_tell_what_is_true(library, tmp_path):
    facts = tmp_path / "facts.toml"
    facts.write_text(
        f'brand = "{demo.BRAND}"\nold_brands = ["{demo.OLD_BRAND}"]\nphone = ["{demo.PHONE}"]\n', encoding="utf-8"
    )
    found = json.loads(blogdex("audit", "--json", "--facts", str(facts), library=library).stdout)
    assert {row["kind"] for row in found["stale"]} >= {"phone", "brand"}
    facts.write_text("brand = ", encoding="utf-8")
    done = blogdex("audit", "--facts", str(facts), library=library)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_an_accepted_finding_stays_accepted_and_fails_no_scheduled_run(copy):
    assert blogdex("audit", "--fail-on", "duplicates", library=copy).returncode == 1
    found = json.loads(blogdex("audit", "--json", library=copy).stdout)["duplicate_articles"][0]
    done = blogdex("audit", "accept", found["id"], library=copy)
    assert (done.returncode, done.stdout) == (0, "")
    assert f"Accepted: {found['a']} and {found['b']}"[:150] in done.stderr
    assert blogdex("audit", "--fail-on", "duplicates", library=copy).returncode == 0
    again = json.loads(blogdex("audit", "--json", library=copy).stdout)["duplicate_articles"][0]
    assert (again["id"], again["accepted"]) == (found["id"], True)


def test_the_second_audit_of_the_same_posts_knows_its_findings(copy):
    blogdex("rebuild", library=copy)
    first = json.loads(blogdex("audit", "--json", library=copy).stdout)
    second = json.loads(blogdex("audit", "--json", library=copy).stdout)
    assert [row["id"] for row in first["clusters"]] == [row["id"] for row in second["clusters"]]


@pytest.mark.parametrize("kind", ["boilerplate", "duplicates", "passages", "stale", "cta", "template"])
def test_every_kind_of_audit_prints_rows_and_csv(library, kind):
    assert blogdex("audit", kind, library=library).returncode == 0
    rows = list(csv.reader(io.StringIO(blogdex("audit", kind, "--csv", library=library).stdout)))
    assert rows[0]


def test_one_finding_and_one_post_can_be_looked_at(library):
    found = json.loads(blogdex("audit", "--json", library=library).stdout)["clusters"][0]
    assert found["text"][:20] in " ".join(blogdex("audit", "show", found["id"], library=library).stdout.split())
    assert blogdex("audit", "why", "living-with-crps", library=library).stdout
    assert blogdex("audit", "show", "c-nothing", library=library).returncode == 1
    assert blogdex("audit", "show", library=library).returncode == 2


def test_one_finding_and_one_post_have_a_json_form(library):
    found = json.loads(blogdex("audit", "--json", library=library).stdout)
    pair = found["duplicate_articles"][0]
    assert json.loads(blogdex("audit", "show", pair["id"], "--json", library=library).stdout) == {
        "list": "duplicate_articles"
    } | pair | {"acceptance": None}
    about = json.loads(blogdex("audit", "why", "living-with-crps", "--json", library=library).stdout)
    assert {row["found"] for row in about["stale"]} >= {demo.OLD_PHONE}
    assert all(any(about["url"] in variant["posts"] for variant in row["variants"]) for row in about["clusters"])


def test_the_template_as_rows_has_every_text(library):
    found = json.loads(blogdex("audit", "--json", library=library).stdout)
    texts = [row["text"] for row in found["clusters"] if row["kind"] == "template"]
    rows = list(csv.DictReader(io.StringIO(blogdex("audit", "template", "--csv", library=library).stdout)))
    assert [row["text"] for row in rows if row["kind"] == "text"] == texts


def test_the_report_is_one_page_without_anything_from_elsewhere(library, tmp_path):
    file = tmp_path / "report.html"
    assert blogdex("audit", "--html", str(file), library=library).returncode == 0
    page = file.read_text(encoding="utf-8")
    assert demo.OLD_PHONE in page
    assert "<script src" not in page
    assert '<link rel="stylesheet"' not in page


def test_the_demo_ends_well_and_shows_what_to_type_next(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "cli", "demo"],
        capture_output=True,
        text=True,
        env=environment(tmp_path) | {"TMPDIR": str(tmp_path)},
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Saved 27 posts (2019-03 to 2026-10), 0 failed." in done.stdout
    assert "blogdex --library" in done.stdout
    assert "Traceback" not in done.stderr
