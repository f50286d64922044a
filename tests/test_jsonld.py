from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.facts import jsonld

POST = {
    "@type": "BlogPosting",
    "headline": "First visit",
    "author": {"name": "Ada Long"},
    "datePublished": "2024-03-05",
}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["@type", "@id", "@graph", "author", "name", "headline", "image", "datePublished", "keywords"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


def read(*values: object) -> jsonld.Linked:
    return jsonld.read([json.dumps(value) for value in values])


@pytest.mark.parametrize(
    "wrapped",
    [
        POST,
        [POST],
        {"@graph": [POST]},
        {"@graph": [[POST]]},
        {**POST, "@type": ["Thing", "https://schema.org/BlogPosting"]},
    ],
)
def test_an_article_is_found_however_it_is_wrapped(wrapped: object) -> None:
    found = read(wrapped)
    assert found.is_article
    assert (found.headlines, found.authors, found.published) == (("First visit",), ("Ada Long",), ("2024-03-05",))


@pytest.mark.parametrize(
    "script",
    [
        "<!-- " + json.dumps(POST) + " -->",
        "//<![CDATA[\n" + json.dumps(POST) + "\n//]]>",
        json.dumps(POST)[:-1] + ",}",
        json.dumps(POST) + ";",
        json.dumps(POST).replace('"', "&quot;"),
        json.dumps(POST).replace("First", "First\n"),
        json.dumps({"@type": "WebSite"}) + "\n" + json.dumps(POST),
    ],
)
def test_broken_scripts_are_mended(script: str) -> None:
    assert jsonld.read([script]).published == ("2024-03-05",)


def test_plain_fields_are_saved_from_json_beyond_repair() -> None:
    found = jsonld.read(['{"@type": "Article", "headline": "First visit", "datePublished": "2024-03-05", "x": "a"b" }'])
    assert (found.headlines, found.published) == (("First visit",), ("2024-03-05",))


def test_authors_by_reference_list_and_parts_of_a_name_are_resolved() -> None:
    graph = [
        {**POST, "author": [{"@id": "#ada"}, {"givenName": "Bo", "familyName": "Short"}, "Cy Mid"]},
        {"@type": "Person", "@id": "#ada", "name": "Ada Long"},
    ]
    assert read({"@graph": graph}).authors == ("Ada Long", "Bo Short", "Cy Mid")


def test_an_organization_is_told_from_a_person() -> None:
    found = read({**POST, "author": {"@type": "Organization", "name": "Calm Clinic"}})
    assert found.organizations == frozenset({"Calm Clinic"})


def test_teasers_and_comments_are_not_the_page() -> None:
    other = {**POST, "headline": "Other", "datePublished": "2020-01-01"}
    found = read({"@type": "WebPage", "name": "First visit", "hasPart": [other], "comment": [other], "mentions": other})
    assert not found.is_article
    assert found.published == ()


def test_of_several_articles_the_pages_own_is_taken() -> None:
    many = [{**POST, "headline": f"Post {number}", "url": f"https://a.example/{number}/"} for number in range(3)]
    found = jsonld.read([json.dumps(many)], frozenset({jsonld.address("https://www.a.example/1")}))
    assert found.headlines == ("Post 1",)


def test_deep_and_wide_json_is_bounded() -> None:
    assert jsonld.read(["[" * 100_000, json.dumps(POST)]).is_article
    assert jsonld.read([json.dumps([POST, *({"@type": "Thing"} for _ in range(50_000))])]).is_article


@given(JSON)
def test_no_json_raises(value: object) -> None:
    assert isinstance(read(value), jsonld.Linked)


@given(st.text())
def test_no_text_raises(script: str) -> None:
    assert isinstance(jsonld.read([script]), jsonld.Linked)
