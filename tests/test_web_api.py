"""Scripts get what the command line prints with `--json`, and a document that describes it."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from indexer.web.pages import ROUTES
from tests.commandline import blogdex
from tests.web import Browser

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def library(tmp_path_factory, crawled):
    folder = shutil.copytree(crawled, tmp_path_factory.mktemp("api") / "lib")
    blogdex("audit", library=folder)
    return folder


@pytest.fixture(scope="module")
def browser(library):
    return Browser(library)


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("topics", ["topics"]),
        ("topics/1", ["topics", "1"]),
        ("index", ["topics", "--index"]),
        ("audit", ["audit"]),
        ("changes", ["changes"]),
        ("changes?since=2020", ["changes", "--since", "2020"]),
        ("status", ["status"]),
        ("stats", ["stats"]),
        ("posts/7", ["show", "id:7"]),
        ("posts/7/related?n=3", ["related", "id:7", "-n", "3"]),
    ],
)
def test_an_answer_is_what_the_command_prints(browser, library, path, command):
    answer = browser.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert re.sub(r'"bytes": \d+', "", answer.text) == re.sub(
        r'"bytes": \d+', "", blogdex(*command, "--json", library=library).stdout
    )


def test_a_finding_is_what_audit_show_prints(browser, library):
    own = browser.get("/api/v1/audit").json["stale"][0]["id"]
    assert (
        browser.get(f"/api/v1/audit/finding/{own}").text
        == blogdex("audit", "show", own, "--json", library=library).stdout
    )


@pytest.mark.parametrize(("path", "status"), [("search?n=0", 400), ("posts/9999", 404), ("audit/finding/x", 404), ("nothing", 404),
                                              ("topics/999", 404), ("changes?since=never", 400), ("topics?site=x", 400)])  # fmt: skip
def test_a_mistake_is_one_sentence_in_json(browser, path, status):
    answer = browser.get(f"/api/v1/{path}")
    assert (answer.status_code, list(answer.json)) == (status, ["error"])
    assert Browser(browser.app.config.library, let_in=False).get(f"/api/v1/{path}").status_code in (401, 404)


def test_without_an_audit_scripts_are_told_how_to_make_one(crawled, tmp_path):
    folder = shutil.copytree(crawled, tmp_path / "lib")
    answer = Browser(folder).get("/api/v1/audit")
    assert (answer.status_code, "blogdex audit" in answer.json["error"]) == (404, True)


def test_the_description_has_every_address_for_scripts_and_its_parameters(browser):
    document = browser.get("/api/v1/openapi.json").json
    assert document["openapi"] == "3.1.0"
    paths = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path) for route in ROUTES if route.path.startswith("/api/")}
    assert set(document["paths"]) == paths
    for path, operations in document["paths"].items():
        named = {one["name"] for one in operations["get"]["parameters"] if one["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", path))
        assert operations["get"]["summary"].startswith("Return ")
    asked = {one["name"] for one in document["paths"]["/api/v1/search"]["get"]["parameters"]}
    assert {
        "q",
        "n",
        "offset",
        "since",
        "until",
        "topic",
        "author",
        "category",
        "language",
        "sort",
        "in",
        "any",
        "facets",
    } <= asked
    assert json.dumps(document)


def test_values_at_the_limits_that_the_description_names_are_answered(browser):
    for one in browser.get("/api/v1/openapi.json").json["paths"]["/api/v1/search"]["get"]["parameters"]:
        schema, name = one["schema"], one["name"]
        for value in (*schema.get("enum", ()), *(schema[end] for end in ("minimum", "maximum") if end in schema)):
            assert browser.get("/api/v1/search", {name: value}).status_code == 200, (name, value)
        if "maximum" in schema:
            assert browser.get("/api/v1/search", {name: schema["maximum"] + 1}).status_code == 400
