from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from scraper import urls
from scraper.discovery import wordpress
from scraper.discovery.found import Found
from scraper.model import Page

SITE = "clinic.example"
ROOT = "https://clinic.example/wp-json/"


def post(**changed: Any) -> dict[str, Any]:
    return {
        "id": 7, "type": "post", "status": "publish", "link": "https://clinic.example/a/",
        "date": "2024-05-01T08:00:00", "modified": "2024-06-02T08:00:00", "modified_gmt": "2024-06-02T14:00:00",
        "title": {"rendered": "Pain &#038; <em>sleep</em>"}, "content": {"rendered": "<p>Whole.</p>", "protected": False},
        "_embedded": {
            "author": [{"name": "Jane Doe"}],
            "wp:term": [[{"taxonomy": "category", "name": "Pain"}], [{"taxonomy": "post_tag", "name": "Sleep &amp; rest"}]],
        },
    } | changed  # fmt: skip


def read(
    data: object, *, root: str = ROOT, page: int = 1, headers: dict[str, str] | None = None, site: str = SITE
) -> Found:
    task = wordpress.posts_task(root, 0, page=page)
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    answer = Page(site, task.url, task.url, 200, tuple((headers or {}).items()), body, datetime.now(UTC))
    return wordpress.read_posts(answer, task, task.url, site)


def test_posts_come_with_body_and_metadata() -> None:
    (task,) = read([post()]).tasks
    assert (task.url, task.kind, task.source, task.reference_body, task.lastmod) == (
        "https://clinic.example/a/", "post", "rest", "<p>Whole.</p>", "2024-06-02T14:00:00Z",
    )  # fmt: skip
    stated = task.stated
    assert stated is not None
    assert (stated.title, stated.author, stated.published, stated.modified) == (
        "Pain & sleep", "Jane Doe", date(2024, 5, 1), date(2024, 6, 2),
    )  # fmt: skip
    assert (stated.categories, stated.tags) == (("Pain",), ("Sleep & rest",))
    assert stated.edit_url == "https://clinic.example/wp-admin/post.php?post=7&action=edit"


def test_where_a_post_is_edited_is_told_below_the_folder_of_the_api_and_by_a_number_alone() -> None:
    told = [
        read([post(**changed)], root=root).tasks[0].stated
        for changed, root in (
            ({}, "https://clinic.example/cms/wp-json/"),
            ({}, "https://clinic.example/cms/?rest_route=/"),
            ({"id": "7&x=1"}, ROOT),
        )
    ]
    edited = "https://clinic.example/cms/wp-admin/post.php?post=7&action=edit"
    assert [stated and stated.edit_url for stated in told] == [edited, edited, None]


def test_drafts_and_other_types_are_left_out_and_protected_bodies_are_no_reference_body() -> None:
    locked = post(link="/b/", content={"rendered": "<p>Enter the password.</p>", "protected": True})
    tasks = read([post(status="draft"), post(type="page"), locked]).tasks
    assert [(task.url, task.reference_body) for task in tasks] == [("https://clinic.example/b/", None)]


def test_the_number_of_pages_is_that_of_the_header() -> None:
    more = read([post()], headers={"x-wp-totalpages": "3", "x-wp-total": "204"}, page=2)
    assert parse_qs(urlsplit(more.if_news[0].url).query)["page"] == ["3"]
    assert more.total == 204
    assert read([post()], headers={"x-wp-totalpages": "3"}, page=3).if_news == ()


def test_without_the_header_a_full_page_has_a_next_one() -> None:
    assert read([post(link=f"/{number}/") for number in range(100)]).if_news
    assert read([post()]).if_news == ()


def test_the_last_changed_come_first() -> None:
    query = parse_qs(urlsplit(wordpress.posts_task(ROOT, 0).url).query)
    assert (query["orderby"], query["order"], query["per_page"]) == (["modified"], ["desc"], ["100"])


def test_a_request_to_the_api_is_no_trap() -> None:
    assert urls.trap_sign(wordpress.posts_task(ROOT, 0).url) is None
    assert urls.trap_sign(wordpress.posts_task("https://clinic.example/?rest_route=/", 0).url) is None


def test_a_blog_without_pretty_addresses_is_asked_by_parameter() -> None:
    task = wordpress.posts_task("https://clinic.example/?rest_route=/", 0)
    assert parse_qs(urlsplit(task.url).query)["rest_route"] == ["/wp/v2/posts"]
    found = read([post()], root="https://clinic.example/?rest_route=/", headers={"x-wp-totalpages": "2"})
    assert parse_qs(urlsplit(found.if_news[0].url).query)["rest_route"] == ["/wp/v2/posts"]


def test_an_api_that_is_not_there_is_asked_by_parameter_once() -> None:
    first = wordpress.posts_task(ROOT, 0)
    (second,) = wordpress.next_guess(first, 404)
    assert "rest_route" in second.url
    assert wordpress.next_guess(second, 404) == ()
    assert wordpress.next_guess(first, 403) == ()


def test_an_api_that_breaks_down_is_asked_for_less() -> None:
    (second,) = wordpress.next_guess(wordpress.posts_task(ROOT, 0), 500)
    assert parse_qs(urlsplit(second.url).query)["per_page"] == ["20"]
    assert wordpress.next_guess(second, 500) == ()


def test_an_answer_that_is_a_page_leads_to_the_other_address() -> None:
    assert "rest_route" in read(b"<html>Not here</html>").tasks[0].url
    assert "rest_route" in read({"code": "rest_no_route"}).tasks[0].url


def test_posts_outside_the_folder_count_where_none_is_inside() -> None:
    assert len(read([post()], site="clinic.example/blog").tasks) == 1
    inside = post(link="https://clinic.example/blog/b/")
    assert [task.url for task in read([post(), inside], site="clinic.example/blog").tasks] == [
        "https://clinic.example/blog/b/"
    ]


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["rendered", "author", "wp:term", "x"]), inner)
    ),
    max_leaves=8,
)


@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(post(), _json)) | _json, max_size=3))
def test_an_answer_of_wrong_types_never_raises(data: list[object]) -> None:
    read(data)


@given(st.binary(max_size=100))
def test_garbage_never_raises(body: bytes) -> None:
    read(body)
