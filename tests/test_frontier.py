from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from indexer.store.database import Store
from indexer.store.frontier import budget
from scraper.model import Failure, Metadata, Page, Task

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexer.store.frontier.sqlite_frontier import SqliteFrontier

SITE = "clinic.example"
ROOT = "https://clinic.example"
SEEDS = [Task(f"{ROOT}/robots.txt", "robots", "robots"), Task(f"{ROOT}/", "listing", "start")]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "library.db", writable=True)
    yield made
    made.close()


@pytest.fixture
def frontier(store: Store) -> SqliteFrontier:
    made = store.frontier(SITE, ROOT)
    made.begin(SEEDS)
    return made


def page(task: Task, body: bytes = b"", status: int = 200, **fields: object) -> Page:
    headers = tuple(fields.pop("headers", ()))
    text = body or task.url.encode()
    return Page(SITE, fields.pop("url", task.url), task.url, status, headers, text, datetime.now(UTC), **fields)


def post(slug: str, source: str = "sitemap", lastmod: str | None = None) -> Task:
    return Task(f"{ROOT}/{slug}/", "post", source, lastmod=lastmod)


def drain(frontier: SqliteFrontier) -> list[str]:
    """Take and finish everything, posts as posts; return the URLs in the order taken."""
    taken = []
    while (task := frontier.take()) is not None:
        taken.append(task.url)
        frontier.finish(task, page(task), is_post=task.kind in ("post", "recheck"))
    return taken


def sitemap_run(frontier: SqliteFrontier, posts: list[Task], end: bool = True) -> list[str]:
    """Run once: robots name a sitemap, the sitemap names posts; return the posts that were taken."""
    taken = []
    while (task := frontier.take()) is not None:
        found: list[Task] = []
        if task.kind == "robots":
            found = [Task(f"{ROOT}/sitemap.xml", "sitemap", "sitemap")]
        elif task.kind == "sitemap":
            found = posts
        elif task.kind in ("post", "recheck"):
            taken.append(task.url)
        frontier.finish(task, page(task), found, is_post=task.kind in ("post", "recheck"))
    if end:
        frontier.end()
    return taken


def test_robots_txt_is_taken_first_and_alone(frontier: SqliteFrontier) -> None:
    task = frontier.take()
    assert task is not None
    assert task.kind == "robots"
    assert frontier.take() is None
    frontier.finish(task, page(task))
    assert frontier.take() == SEEDS[1].__class__(f"{ROOT}/", "listing", "start", evidence=("start",))


def test_a_task_is_taken_once(frontier: SqliteFrontier) -> None:
    assert len(drain(frontier)) == 2
    assert frontier.take() is None
    assert frontier.pending() == 0


def test_what_was_taken_and_not_finished_is_taken_again_by_the_next_process(store: Store) -> None:
    first = store.frontier(SITE, ROOT)
    first.begin(SEEDS)
    task = first.take()
    second = store.frontier(SITE, ROOT)
    assert second.begin(SEEDS)
    assert second.take() == task


def test_a_run_that_ended_is_not_gone_on_with(store: Store, frontier: SqliteFrontier) -> None:
    drain(frontier)
    frontier.end()
    assert not store.frontier(SITE, ROOT).begin(SEEDS)


def test_page_task_and_links_are_written_together_or_not_at_all(
    store: Store, frontier: SqliteFrontier, monkeypatch: pytest.MonkeyPatch
) -> None:
    robots = frontier.take()
    assert robots is not None
    monkeypatch.setattr("indexer.store.frontier.budget.spend", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        frontier.finish(robots, page(robots), [post("one")])
    again = store.frontier(SITE, ROOT)
    again.begin(SEEDS)
    assert again.pending() == 2
    assert again.robots(robots.url) is None


def test_a_url_named_by_two_places_is_one_task_with_both_as_evidence(frontier: SqliteFrontier) -> None:
    robots, named = frontier.take(), post("one", "feed")
    assert robots is not None
    frontier.finish(robots, page(robots), [named, post("one", "sitemap")])
    frontier.take()
    drain_first = [task for task in iter(frontier.take, None) if task.kind == "post"]
    assert drain_first == []
    assert frontier.pending() == 2


def test_what_one_place_states_stays_when_another_says_nothing(frontier: SqliteFrontier) -> None:
    stated = Metadata(title="One")
    robots = frontier.take()
    assert robots is not None
    told = Task(f"{ROOT}/one/", "post", "feed", stated=stated, reference_body="<p>One</p>")
    frontier.finish(robots, page(robots), [told, post("one")])
    start = frontier.take()
    assert start is not None
    frontier.finish(start, page(start))
    task = frontier.take()
    assert task is not None
    assert (task.stated, task.reference_body, set(task.evidence)) == (stated, "<p>One</p>", {"feed", "sitemap"})


def test_addresses_that_differ_in_scheme_and_slash_are_one_task(frontier: SqliteFrontier) -> None:
    robots = frontier.take()
    assert robots is not None
    twins = [f"{ROOT}/one/", f"{ROOT}/one", "http://clinic.example/one/", "https://www.clinic.example/one/"]
    assert frontier.finish(robots, page(robots), [Task(url, "post", "link") for url in twins]) >= 1
    assert frontier.pending() == 2


def test_the_address_of_the_better_reference_body_is_fetched(frontier: SqliteFrontier) -> None:
    robots = frontier.take()
    assert robots is not None
    frontier.finish(robots, page(robots), [Task(f"{ROOT}/one", "post", "link"), post("one")])
    assert drain(frontier) == [f"{ROOT}/", f"{ROOT}/one/"]


def test_validators_of_the_last_answer_come_with_the_next_task(store: Store) -> None:
    frontier = store.frontier(SITE, ROOT)
    frontier.begin(SEEDS)
    robots = frontier.take()
    assert robots is not None
    frontier.finish(robots, page(robots, headers=[("etag", '"1"'), ("last-modified", "Mon")]), [post("one")])
    drain(frontier)
    frontier.end()
    frontier.begin(SEEDS)
    again = frontier.take()
    assert again is not None
    assert again.validators is not None
    assert (again.validators.etag, again.validators.last_modified) == ('"1"', "Mon")


def test_refresh_takes_everything_without_validators(store: Store) -> None:
    frontier = store.frontier(SITE, ROOT)
    frontier.begin(SEEDS)
    sitemap_run(frontier, [post("one", lastmod="2024-01-01")])
    frontier.begin(SEEDS, refresh=True)
    assert sitemap_run(frontier, [post("one", lastmod="2024-01-01")]) == [f"{ROOT}/one/"]


def test_an_equal_lastmod_is_no_news(store: Store) -> None:
    frontier = store.frontier(SITE, ROOT)
    frontier.begin(SEEDS)
    posts = [post(slug, lastmod="2024-01-01") for slug in "abc"]
    assert len(sitemap_run(frontier, posts)) == 3
    frontier.begin(SEEDS)
    assert sitemap_run(frontier, posts) == []


def test_a_moved_lastmod_is_news(store: Store) -> None:
    frontier = store.frontier(SITE, ROOT)
    frontier.begin(SEEDS)
    sitemap_run(frontier, [post(slug, lastmod="2024-01-01") for slug in "abc"])
    frontier.begin(SEEDS)
    moved = [post("a", lastmod="2024-01-01"), post("b", lastmod="2024-02-02"), post("c", lastmod="2024-01-01")]
    assert sitemap_run(frontier, moved) == [f"{ROOT}/b/"]


def test_a_post_that_left_the_sitemap_is_looked_at_once(store: Store) -> None:
    frontier = store.frontier(SITE, ROOT)
    frontier.begin(SEEDS)
    posts = [post(slug, lastmod="2024-01-01") for slug in "abcdefghijkl"]
    sitemap_run(frontier, posts)
    frontier.begin(SEEDS)
    assert sitemap_run(frontier, posts[:-1]) == [posts[-1].url]
    frontier.begin(SEEDS)
    assert sitemap_run(frontier, posts[:-1]) == []


def test_a_sitemap_that_can_not_be_read_makes_no_post_gone(store: Store) -> None:
    frontier = store.frontier(SITE, ROOT)
    frontier.begin(SEEDS)
    sitemap_run(frontier, [post("a", lastmod="2024-01-01")])
    frontier.begin(SEEDS)
    while (task := frontier.take()) is not None:
        outcome = Failure(task.url, "answered 500", 500) if task.kind == "sitemap" else page(task)
        frontier.finish(task, outcome, is_post=task.kind in ("post", "recheck"))
    assert frontier.tally().gone == 0


def test_a_404_marks_a_saved_post_gone_and_keeps_its_page(store: Store) -> None:
    frontier = store.frontier(SITE, ROOT)
    frontier.begin(SEEDS)
    sitemap_run(frontier, [post("a", lastmod="1")])
    frontier.begin(SEEDS)
    while (task := frontier.take()) is not None:
        if task.kind == "sitemap":
            frontier.finish(task, page(task), [post("a", lastmod="2")])
        elif task.kind == "post":
            frontier.finish(task, Failure(task.url, "not found", 404))
        else:
            frontier.finish(task, page(task), [Task(f"{ROOT}/sitemap.xml", "sitemap", "sitemap")])
    assert frontier.tally().gone == 1
    assert store.connection.execute("SELECT gone_at IS NOT NULL, length(body) > 0 FROM page").fetchall() == [(1, 1)]


def test_following_pages_are_added_only_where_most_is_news(store: Store) -> None:
    frontier = store.frontier(SITE, ROOT)
    frontier.begin(SEEDS)
    following = Task(f"{ROOT}/page/2/", "listing", "listing")
    robots = frontier.take()
    assert robots is not None
    frontier.finish(robots, page(robots))
    start = frontier.take()
    assert start is not None
    frontier.finish(start, page(start), [post(slug, "listing") for slug in "abc"], [following])
    assert following.url in drain(frontier)
    frontier.end()
    frontier.begin(SEEDS)
    frontier.finish(frontier.take(), page(robots))
    frontier.finish(frontier.take(), page(start), [post(slug, "listing") for slug in "dabc"], [following])
    assert following.url not in drain(frontier)


def test_an_address_that_redirects_is_an_alias_of_where_it_led(store: Store, frontier: SqliteFrontier) -> None:
    robots = frontier.take()
    assert robots is not None
    frontier.finish(robots, page(robots), [Task(f"{ROOT}/?p=7", "post", "link")])
    start = frontier.take()
    assert start is not None
    frontier.finish(start, page(start))
    task = frontier.take()
    assert task is not None
    frontier.finish(task, page(task, url=f"{ROOT}/seven/"), is_post=True)
    assert [row[0] for row in store.connection.execute("SELECT url FROM page")] == [f"{ROOT}/seven/"]
    assert frontier.tally().saved == 1


def test_a_redirect_to_a_page_that_waits_is_left_to_that(frontier: SqliteFrontier) -> None:
    robots = frontier.take()
    assert robots is not None
    frontier.finish(robots, page(robots), [post("seven"), Task(f"{ROOT}/?p=7", "post", "rest")])
    start = frontier.take()
    assert start is not None
    frontier.finish(start, page(start))
    task = frontier.take()
    assert task is not None
    assert task.url == f"{ROOT}/?p=7"
    assert frontier.alias(task, f"{ROOT}/seven/")
    following = frontier.take()
    assert following is not None
    assert set(following.evidence) == {"sitemap", "rest"}


def test_equal_bodies_at_two_addresses_are_one_post(store: Store, frontier: SqliteFrontier) -> None:
    robots = frontier.take()
    assert robots is not None
    frontier.finish(robots, page(robots), [post("one"), post("two", "link")])
    while (task := frontier.take()) is not None:
        frontier.finish(task, page(task, b"<p>the same</p>"), is_post=task.kind == "post")
    assert store.connection.execute("SELECT count(*) FROM page").fetchone() == (1,)


def test_a_shape_without_posts_is_cut_and_said(frontier: SqliteFrontier) -> None:
    robots = frontier.take()
    assert robots is not None
    links = [Task(f"{ROOT}/events/2024/{number}/", "post", "link") for number in range(1, 60)]
    frontier.finish(robots, page(robots), links)
    taken = 0
    while (task := frontier.take()) is not None:
        taken += 1
        frontier.finish(task, page(task))
    assert taken <= budget.BARREN_POSTS + 1
    assert [reason for _, reason in frontier.tally().cut] == [f"none of {budget.BARREN_POSTS} read is a post"]


def test_a_shape_that_brings_posts_is_not_cut(frontier: SqliteFrontier) -> None:
    robots = frontier.take()
    assert robots is not None
    frontier.finish(robots, page(robots), [Task(f"{ROOT}/2024/{number}/", "post", "link") for number in range(1, 60)])
    assert len(drain(frontier)) == 60


def test_a_released_task_waits_its_time(frontier: SqliteFrontier) -> None:
    robots = frontier.take()
    assert robots is not None
    frontier.release(robots, datetime.now(UTC).timestamp() + 60)
    taken = frontier.take()
    assert taken is None or taken.kind != "robots"
    assert frontier.pending() == 2


def test_skipped_posts_wait_for_the_next_run(store: Store, frontier: SqliteFrontier) -> None:
    robots = frontier.take()
    assert robots is not None
    frontier.finish(robots, page(robots), [post("one")])
    while (task := frontier.take()) is not None:
        if task.kind == "post":
            frontier.skip(task, "older")
        else:
            frontier.finish(task, page(task))
    frontier.end()
    frontier.begin(SEEDS)
    assert post("one").url in drain(frontier)


def test_a_rehearsal_leaves_no_trace(store: Store, frontier: SqliteFrontier) -> None:
    rehearsal = frontier.rehearsal()
    rehearsal.begin(SEEDS)
    robots = rehearsal.take()
    assert robots is not None
    rehearsal.finish(robots, page(robots), [post("one")])
    assert rehearsal.pending() == 2
    assert store.frontier(SITE).pending() == 2
    assert store.frontier(SITE).robots(robots.url) is None


def test_two_sites_share_a_library_and_nothing_else(store: Store) -> None:
    one, two = store.frontier("a.example"), store.frontier("b.example")
    one.begin([Task("https://a.example/robots.txt", "robots", "robots")])
    two.begin([Task("https://b.example/robots.txt", "robots", "robots")])
    taken = (one.take(), two.take())
    assert [task.url for task in taken if task] == ["https://a.example/robots.txt", "https://b.example/robots.txt"]


def test_a_clock_set_back_leaves_no_task_behind(store: Store, frontier: SqliteFrontier) -> None:
    task = frontier.take()
    assert task is not None
    frontier.release(task, datetime(2999, 1, 1, tzinfo=UTC).timestamp())
    again = store.frontier(SITE, ROOT)
    again.begin(SEEDS)
    assert task.url in drain(again)


@pytest.mark.parametrize("breaks_off", [True, False])
def test_archives_are_asked_where_the_pages_of_a_listing_break_off(frontier: SqliteFrontier, breaks_off: bool) -> None:
    months = [Task(f"{ROOT}/2024/0{month}/", "listing", "archive-late", 1) for month in (1, 2, 3)]
    taken = []
    while (task := frontier.take()) is not None:
        taken.append(task.url)
        if task.source == "start":
            found = [*months, *(post(f"post-{number}", "listing") for number in range(5))]
            following = [Task(f"{ROOT}/page/2/", "listing", "listing", 1)]
            frontier.finish(task, page(task), found, following)
        elif task.url.endswith("/page/2/") and breaks_off:
            frontier.finish(task, Failure(task.url, "answered 404", 404))
        else:
            frontier.finish(task, page(task), is_post=task.kind == "post")
    assert {month.url for month in months} <= set(taken) if breaks_off else not {m.url for m in months} & set(taken)


def test_a_chain_of_posts_goes_on_where_archives_of_the_same_shape_hold_none(frontier: SqliteFrontier) -> None:
    """Every post names the one before it, and forty day archives, which are no posts."""
    days = [Task(f"{ROOT}/2024/{1 + day // 28:02d}/{1 + day % 28}.html", "post", "link", 3) for day in range(60)]
    taken = 0
    while (task := frontier.take()) is not None:
        is_post = "link-beside" in task.evidence or task.source == "start"
        taken += "link-beside" in task.evidence
        number = int(task.url.rsplit("/", 1)[-1].removesuffix(".html")) if task.kind == "post" else 1000
        before = [Task(f"{ROOT}/2023/07/{number - 1}.html", "post", "link-beside", 3)] if number > 900 else []
        frontier.finish(task, page(task), [*days, *before] if is_post else (), is_post=is_post and task.kind == "post")
    assert taken == 100


@pytest.mark.parametrize("as_news", [True, False])
def test_a_guess_that_was_needless_is_asked_where_a_page_names_it(frontier: SqliteFrontier, as_news: bool) -> None:
    guess, named = (Task(f"{ROOT}/topics/", "listing", source, 1) for source in ("archive-late", "archive"))
    taken = []
    while (task := frontier.take()) is not None:
        taken.append(task.url)
        if task.source == "start":
            frontier.finish(task, page(task), [guess, post("first", "listing")])
        elif task.kind == "post" and len(taken) == 3:
            found = [post("second", "listing")]
            frontier.finish(task, page(task), found if as_news else [*found, named], [named], is_post=True)
        else:
            frontier.finish(task, page(task), is_post=task.kind == "post")
    assert named.url in taken
