from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from blogsite import Answer, BlogSite, FolderSite, bomb, canary

from indexer.store.database import Store
from indexer.store.frontier.sqlite_frontier import SqliteFrontier
from scraper import urls
from scraper.crawling.job import AT_ONCE, CrawlOptions, CrawlReport
from scraper.crawling.politeness import HostLostError, MovedError, RobotsUnreadableError
from scraper.crawling.spider import crawl
from scraper.errors import BlockedError, NotABlogError, NothingThereError, RobotsForbidsError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.model import Progress


@dataclass
class Library:
    """A store in a temporary folder, and the crawls into it."""

    path: Path

    def __post_init__(self) -> None:
        self.store = Store(self.path / "library.db", writable=True)
        self.progress: list[Progress] = []

    def crawl(
        self,
        site: BlogSite | FolderSite | str,
        on_notice: Callable[[str], None] | None = None,
        **options: object,
    ) -> CrawlReport:
        url = site if isinstance(site, str) else site.start_url
        wanted = {"delay_s": 0.0, "log_path": self.path / "crawl.log", "timeout_s": 2.0, **options}
        frontier = self.store.frontier(urls.site_of(url), url)
        return crawl(url, CrawlOptions(**wanted), frontier, self.progress.append, on_notice=on_notice)

    def posts(self, *, gone: bool = False) -> set[str]:
        rows = self.store.connection.execute(
            """SELECT page.url FROM page JOIN frontier ON frontier.page_id = page.id
            WHERE frontier.is_post AND (gone_at IS NOT NULL) = ?""",
            (gone,),
        )
        return {row[0] for row in rows}

    def body(self, url: str) -> bytes:
        (row,) = self.store.connection.execute("SELECT id FROM page WHERE url = ?", (url,)).fetchall()
        return next(self.store.pages.load(row)).page.body


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library(tmp_path)
    yield made
    made.store.close()


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.crawling.spider.RETRY_S", 0.05)


SOURCES = {
    "a sitemap index": {"sitemap": "index", "feed": False},
    "a flat sitemap without lastmod": {"sitemap": "flat", "feed": False, "lastmod": False},
    "a feed in pages": {"sitemap": None, "page_size": 3},
    "listings alone": {"sitemap": None, "feed": False},
    "listings of pages that say nothing of themselves": {"sitemap": None, "feed": False, "marked_up": False},
    "the API": {"sitemap": None, "feed": False, "rest": True},
    "everything": {"rest": True},
    "a folder": {"folder": "/blog"},
    "no robots.txt": {"robots": None},
}


@pytest.mark.parametrize("source", SOURCES)
def test_every_post_and_nothing_else_is_found_by(source: str, library: Library) -> None:
    with BlogSite(13, **SOURCES[source]) as site:  # two pages of the feed, three of the listings
        report = library.crawl(site)
        assert library.posts() == site.addresses()
        assert report.tally.saved == report.tally.known == 13
        assert report.stopped_by is None


def test_posts_that_no_page_links_to_are_found_in_the_sitemap(library: Library) -> None:
    with BlogSite(8, feed=False) as site:
        for post in site.posts.values():
            post.linked = False
        library.crawl(site)
        assert library.posts() == site.addresses()


def test_a_post_outside_the_sitemap_is_found_in_the_listing(library: Library) -> None:
    with BlogSite(8, feed=False) as site:
        site.newest_first()[3].in_sitemap = False
        library.crawl(site)
        assert library.posts() == site.addresses()


def test_the_report_says_what_each_source_gave(library: Library) -> None:
    with BlogSite(12) as site:
        report = library.crawl(site)
    assert report.tally.found["sitemap"] == 12
    assert report.tally.found["feed"] == 10
    assert report.tally.candidates == 12


def test_progress_ends_with_all_posts(library: Library) -> None:
    with BlogSite(6) as site:
        library.crawl(site)
    assert (library.progress[-1].done, library.progress[-1].total) == (6, 6)


def test_what_a_feed_says_of_a_post_is_kept_with_its_page(library: Library) -> None:
    with BlogSite(3) as site:
        library.crawl(site)
        page = next(library.store.pages.load([1])).page
    assert page.reference_body is not None
    assert page.stated is not None
    assert page.stated.title
    assert {"feed", "sitemap-posts"} <= set(page.evidence)


def test_what_was_found_is_told_before_the_first_post(library: Library) -> None:
    with BlogSite(12) as site:
        told: list[tuple[int, int]] = []
        frontier = library.store.frontier(urls.site_of(site.start_url))
        crawl(
            site.start_url,
            CrawlOptions(delay_s=0),
            frontier,
            library.progress.append,
            lambda report: told.append(
                (report.tally.candidates, sum(path.strip("/") in site.posts for path in site.paths()))
            ),
        )
    assert told == [(12, 0)]


# ---- again


def test_an_unchanged_blog_with_lastmod_costs_two_requests(library: Library) -> None:
    with BlogSite(20) as site:
        library.crawl(site)
        site.clear()
        report = library.crawl(site)
        assert site.paths() == ["/robots.txt", "/sitemap.xml"]
    assert report.requests == 2
    assert report.stopped_by is None


@pytest.mark.parametrize("sitemap", ["index", "flat"])
def test_three_changes_cost_six_requests_and_all_are_seen(sitemap: str, library: Library) -> None:
    with BlogSite(20, sitemap=sitemap) as site:
        library.crawl(site)
        site.clear()
        newest, changed, deleted, *_ = site.newest_first()
        site.change(changed)
        new = site.add(40)
        del site.posts[deleted.slug]
        report = library.crawl(site)
        assert len(site.asked) <= 6
        assert site.address(new) in library.posts()
        assert b"added later" in library.body(site.address(changed))
        assert library.posts(gone=True) == {site.address(deleted)}
        assert report.tally.gone == 1
        assert report.tally.saved == 2
        assert site.address(newest) in library.posts()
        site.clear()
        library.crawl(site)
        assert len(site.asked) == 2


def test_a_post_that_came_back_is_back(library: Library) -> None:
    with BlogSite(8, sitemap="flat") as site:
        library.crawl(site)
        post = site.newest_first()[2]
        del site.posts[post.slug]
        library.crawl(site)
        assert library.posts(gone=True) == {site.address(post)}
        site.posts[post.slug] = post
        library.crawl(site)
        assert library.posts() == site.addresses()


@pytest.mark.parametrize("validators", [{"etag"}, {"last-modified"}])
@pytest.mark.parametrize("sitemap", ["index", "flat", None])
def test_with_validators_alone_an_unchanged_blog_costs_five_requests(
    sitemap: str | None, validators: set[str], library: Library
) -> None:
    with BlogSite(20, lastmod=False, sitemap=sitemap, validators=validators) as site:
        library.crawl(site)
        for _ in range(3):
            site.clear()
            library.crawl(site)
            assert len(site.asked) <= 5
            posts = [one for one in site.asked if one.path.strip("/") in site.posts]
            assert {one.status for one in posts} == {304}


def test_posts_that_nothing_tells_of_take_turns_and_one_that_changed_brings_more(library: Library) -> None:
    with BlogSite(30, lastmod=False, sitemap=None, feed=False) as site:
        library.crawl(site)
        first, other = site.newest_first()[1], site.newest_first()[7]
        site.change(first)
        site.change(other)
        library.crawl(site)
        assert all(b"added later" in library.body(site.address(post)) for post in (first, other))
        late = site.newest_first()[28]
        site.change(late)
        for _ in range(30):
            site.clear()
            library.crawl(site)
            if b"added later" in library.body(site.address(late)):
                break
            assert len(site.asked) <= 5
        assert b"added later" in library.body(site.address(late))


def test_after_a_month_every_post_is_looked_at(library: Library) -> None:
    with BlogSite(20, lastmod=False) as site:
        library.crawl(site)
        changed = site.newest_first()[15]
        site.change(changed)
        library.store.connection.execute("UPDATE crawl_run SET started_at = started_at - 31 * 24 * 3600")
        library.crawl(site)
        assert b"added later" in library.body(site.address(changed))


def test_a_feed_that_shows_another_text_tells_that_a_post_changed(library: Library) -> None:
    with BlogSite(20, lastmod=False, sitemap=None) as site:
        library.crawl(site)
        changed = site.newest_first()[8]
        site.change(changed)
        site.clear()
        library.crawl(site)
        assert f"/{changed.slug}/" in site.paths()[:4]
        assert b"added later" in library.body(site.address(changed))


def test_with_neither_the_newest_listing_finds_a_new_post_in_three_requests(library: Library) -> None:
    with BlogSite(30, sitemap=None, feed=False, validators=set()) as site:
        library.crawl(site)
        new = site.add(50)
        site.clear()
        library.crawl(site)
        assert site.address(new) in library.posts()
        known = [one for one in site.paths() if one.strip("/") in site.posts and one != f"/{new.slug}/"]
        others = [path for path in site.paths(200) if path not in known]
        assert len(others) <= 3
        assert f"/{new.slug}/" in others


def test_with_neither_a_rolling_recheck_covers_all_posts_in_the_end(library: Library) -> None:
    with BlogSite(20, sitemap=None, feed=False, validators=set()) as site:
        library.crawl(site)
        changed, deleted = site.newest_first()[15], site.newest_first()[17]
        site.change(changed)
        del site.posts[deleted.slug]
        for _ in range(9):
            site.clear()
            library.crawl(site)
            assert len(site.asked) <= 15
        assert b"added later" in library.body(site.address(changed))
        assert library.posts(gone=True) == {site.address(deleted)}


def test_a_sitemap_that_prints_the_time_of_printing_does_not_fetch_all_again(library: Library) -> None:
    with BlogSite(20, sitemap="flat", feed=False, validators=set()) as site:
        library.crawl(site)
        for post in site.posts.values():
            post.modified = datetime(2026, 1, 1, tzinfo=UTC)
        site.clear()
        library.crawl(site)
        assert len(site.asked) <= 10


@pytest.mark.parametrize("posts", [30, 107])
def test_with_an_api_alone_three_changes_are_seen_for_their_price(posts: int, library: Library) -> None:
    with BlogSite(posts, sitemap=None, feed=False, rest=True) as site:
        library.crawl(site)
        site.clear()
        library.crawl(site)
        assert len(site.asked) <= 1 + -(-posts // 100)
        _, changed, deleted, *_ = site.newest_first()
        site.change(changed)
        new = site.add(posts + 20)
        del site.posts[deleted.slug]
        site.clear()
        library.crawl(site)
        assert len(site.asked) <= 4 + -(-posts // 100)
        assert library.posts() == site.addresses()
        assert site.address(new) in library.posts()
        assert b"added later" in library.body(site.address(changed))


def test_a_sitemap_that_failed_for_now_is_asked_again_next_time(library: Library) -> None:
    with BlogSite(12, feed=False) as site:
        for post in site.posts.values():
            post.linked = False
        site.newest_first()[0].linked = True
        site.routes["/sitemap-posts.xml"] = lambda path, headers: Answer(status=502)
        library.crawl(site)
        assert len(library.posts()) == 1
        site.routes.clear()
        library.crawl(site)
        assert library.posts() == site.addresses()


def test_a_sitemap_that_gets_another_name_makes_no_post_gone(library: Library) -> None:
    with BlogSite(12, feed=False) as site:
        library.crawl(site)
        renamed = site.answer("/sitemap.xml", {}).body.replace(b"sitemap-posts.xml", b"post-sitemap2.xml")
        posts = site.answer("/sitemap-posts.xml", {})
        site.routes["/sitemap.xml"] = lambda path, headers: Answer(renamed, content_type="application/xml")
        site.routes["/post-sitemap2.xml"] = lambda path, headers: posts
        site.clear()
        library.crawl(site)
        assert library.posts() == site.addresses()
        assert len(site.asked) == 3


def test_refresh_asks_for_everything_without_validators(library: Library) -> None:
    with BlogSite(6) as site:
        library.crawl(site)
        site.clear()
        report = library.crawl(site, refresh=True)
        assert not any("if-none-match" in one.headers for one in site.asked)
        assert {f"/{slug}/" for slug in site.posts} <= set(site.paths(200))
    assert report.tally.known == 6


# ---- options


def test_limit_saves_no_more_and_the_next_crawl_goes_on(library: Library) -> None:
    with BlogSite(12) as site:
        library.crawl(site, limit=5)
        assert len(library.posts()) == 5
        assert site.address(site.newest_first()[0]) in library.posts()
        report = library.crawl(site)
        assert report.resumed
        assert library.posts() == site.addresses()


def test_since_leaves_out_older_posts_until_they_are_asked_for(library: Library) -> None:
    with BlogSite(12) as site:
        day = site.newest_first()[4].published.date()
        library.crawl(site, since=day)
        assert library.posts() == {site.address(post) for post in site.newest_first()[:5]}
        library.crawl(site)
        assert library.posts() == site.addresses()


def test_exclude_leaves_posts_out(library: Library) -> None:
    with BlogSite(8) as site:
        left_out = site.newest_first()[1]
        library.crawl(site, exclude=(left_out.slug,))
        assert library.posts() == site.addresses() - {site.address(left_out)}


def test_include_takes_nothing_else(library: Library) -> None:
    with BlogSite(8) as site:
        wanted = site.newest_first()[1]
        library.crawl(site, include=(f"*/{wanted.slug}/",))
        assert library.posts() == {site.address(wanted)}


def test_a_dry_run_fetches_no_post_and_changes_nothing(library: Library) -> None:
    with BlogSite(12) as site:
        report = library.crawl(site, dry_run=True)
        assert report.tally.candidates == 12
        assert not [path for path in site.paths() if path.strip("/") in site.posts]
    assert library.store.connection.execute("SELECT count(*) FROM frontier").fetchone() == (0,)


# ---- manners


def test_the_delay_is_kept_between_requests(library: Library) -> None:
    with BlogSite(4) as site:
        library.crawl(site, delay_s=0.1)
        times = [one.at for one in site.asked]
    # Over all of them: on a busy machine one may be seen late, and the next in time.
    assert times[-1] - times[0] > 0.09 * (len(times) - 1)


def test_crawl_delay_is_the_floor_and_said(library: Library) -> None:
    with BlogSite(2, robots="User-agent: *\nCrawl-delay: 0.2\n") as site:
        report = library.crawl(site)
        times = [one.at for one in site.asked]
    assert times[-1] - times[1] > 0.15 * (len(times) - 2)
    assert report.notice == "Waiting 0.2 s between requests, as robots.txt asks."


@pytest.mark.parametrize("form", ["seconds", "date", "none"])
def test_behind_a_limit_every_post_is_found_with_few_refusals(
    form: str, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scraper.crawling.politeness.FIRST_BACKOFF_S", 0.8)
    monkeypatch.setattr("scraper.crawling.politeness.CAUTIOUS_DELAY_S", 0.12)
    with BlogSite(16, page_size=10) as site:
        site.per_second = 10
        at = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
        site.retry_after = {"seconds": "1", "date": at, "none": None}[form]
        report = library.crawl(site)
        assert library.posts() == site.addresses()
        assert len(site.paths(429)) <= 5
    assert report.refusals <= 5


def test_retry_after_holds_the_whole_host(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.crawling.politeness.CAUTIOUS_DELAY_S", 0.05)
    with BlogSite(8) as site:
        first = [True]

        def once(path: str, headers: dict[str, str]) -> Answer:
            if first.pop() if first else False:
                return Answer(status=503, headers={"Retry-After": "1"})
            return site.answer(path, headers)

        site.routes["/sitemap-posts.xml"] = once
        library.crawl(site)
        refused = next(one.at for one in site.asked if one.status == 503)
        after = [one.at for one in site.asked if one.at > refused + 0.05]
        assert min(after) > refused + 0.9
        assert library.posts() == site.addresses()


def test_a_host_that_goes_on_refusing_stops_the_crawl(library: Library) -> None:
    with BlogSite(12) as site:
        for post in site.newest_first()[3:]:
            site.routes[f"/{post.slug}/"] = lambda path, headers: Answer(status=429, headers={"Retry-After": "86400"})
        report = library.crawl(site)
        assert isinstance(report.stopped_by, BlockedError)
        assert "429 (too many requests) after 3 posts. The 3 are saved." in str(report.stopped_by)
        site.routes.clear()
        library.crawl(site)
        assert library.posts() == site.addresses()


def test_a_blog_that_forbids_everyone_the_door_is_blocked(library: Library) -> None:
    with BlogSite(12) as site:
        site.routes["/*"] = lambda path, headers: Answer(status=403)
        report = library.crawl(site)
    assert "answered 403 (forbidden) after 0 posts" in str(report.stopped_by)


def test_robots_that_forbid_the_start_stop_before_any_page(library: Library) -> None:
    with BlogSite(3, robots="User-agent: *\nDisallow: /\n") as site:
        report = library.crawl(site)
        assert site.paths() == ["/robots.txt"]
    assert isinstance(report.stopped_by, RobotsForbidsError)
    assert "forbids / for all crawlers" in str(report.stopped_by)


def test_what_robots_forbid_is_not_asked_for(library: Library) -> None:
    with BlogSite(6) as site:
        hidden = site.newest_first()[2]
        site.robots = f"User-agent: *\nDisallow: /{hidden.slug}/\n"
        report = library.crawl(site)
        assert f"/{hidden.slug}/" not in site.paths()
        assert library.posts() == site.addresses() - {site.address(hidden)}
    assert (site.address(hidden), "robots.txt forbids it") in report.tally.failed


def test_robots_that_answer_5xx_stop_the_crawl(library: Library) -> None:
    with BlogSite(3) as site:
        site.robots_status = 500
        report = library.crawl(site)
        assert set(site.paths()) == {"/robots.txt"}
    assert isinstance(report.stopped_by, RobotsUnreadableError)


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_robots_that_answer_4xx_allow_everything(status: int, library: Library) -> None:
    with BlogSite(3) as site:
        site.robots_status = status
        library.crawl(site)
        assert library.posts() == site.addresses()


def test_the_user_agent_says_who_asks(library: Library) -> None:
    with BlogSite(1) as site:
        library.crawl(site, contact="editor@clinic.example", version="1.2")
        assert {one.headers["user-agent"] for one in site.asked} == {
            "blogdex/1.2 (blog archive; editor@clinic.example)"
        }


# ---- mistakes


def test_a_host_that_is_not_there_is_said_to_be_unreachable(library: Library) -> None:
    with BlogSite(1) as site:
        url = site.start_url
    report = library.crawl(url)
    assert isinstance(report.stopped_by, UnreachableError)
    assert "connection refused" in str(report.stopped_by)


def test_a_page_that_is_no_blog_is_said_to_be_none(library: Library) -> None:
    with BlogSite(0, sitemap=None, feed=False) as site:
        site.routes["/"] = lambda path, headers: Answer(b"<html><body><h1>Welcome</h1><p>Call us.</p></body></html>")
        report = library.crawl(site)
    assert isinstance(report.stopped_by, NotABlogError)
    assert str(report.stopped_by).startswith(f"Found 1 page and no posts at {site.start_url}: ")


def test_a_host_where_everything_breaks_is_not_asked_to_the_end(library: Library) -> None:
    with BlogSite(40) as site:
        for post in site.newest_first()[2:]:
            site.routes[f"/{post.slug}/"] = lambda path, headers: Answer(status=500)
        report = library.crawl(site)
        assert isinstance(report.stopped_by, BlockedError)
        assert "answered 500 (server error) after 2 posts. The 2 are saved." in str(report.stopped_by)
        assert len(site.asked) < 50


def test_a_host_that_dies_on_the_way_keeps_what_was_saved(library: Library) -> None:
    with BlogSite(20) as site:
        for post in site.newest_first()[4:]:
            site.routes[f"/{post.slug}/"] = lambda path, headers: Answer(b"x" * 100, cut_after=0)
        report = library.crawl(site)
        assert isinstance(report.stopped_by, HostLostError)
        assert len(library.posts()) == 4


def test_a_start_that_redirects_to_another_host_names_it(library: Library) -> None:
    with BlogSite(3) as site:
        site.routes["/"] = lambda path, headers: Answer(status=301, headers={"Location": "https://other.example/blog/"})
        report = library.crawl(site)
    assert isinstance(report.stopped_by, MovedError)
    assert str(report.stopped_by).endswith("blogdex crawl https://other.example/blog/")


# ---- whatever is served


def test_a_redirect_to_another_port_or_address_is_never_followed(library: Library) -> None:
    with BlogSite(8) as site, canary() as bird:
        targets = [
            f"http://{host}:{bird.port}/" for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433")
        ]
        targets += [
            "file:///etc/passwd",
            "http://169.254.169.254/latest/meta-data/",
            f"http://[::ffff:127.0.0.1]:{bird.port}/",
        ]
        for number, target in enumerate(targets[:8]):
            slug = site.newest_first()[number].slug
            site.routes[f"/{slug}/"] = lambda path, headers, to=target: Answer(status=302, headers={"Location": to})
        report = library.crawl(site)
        assert bird.touched == []
    assert len(report.tally.failed) == 8
    assert len(library.posts()) == 0


def test_a_proxy_in_the_environment_is_not_asked_for_a_local_blog(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with BlogSite(3) as site, canary() as bird:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{bird.port}")
        library.crawl(site)
        assert library.posts() == site.addresses()
        assert bird.touched == []


def test_robots_and_sitemaps_that_lead_elsewhere_are_not_followed(library: Library) -> None:
    with BlogSite(5, feed=False) as site, canary() as bird:
        site.robots = f"User-agent: *\nDisallow:\nSitemap: http://127.0.0.1:{bird.port}/sitemap.xml\n"
        site.routes["/sitemap-posts.xml"] = lambda path, headers: Answer(
            status=301, headers={"Location": f"http://127.0.0.1:{bird.port}/x"}
        )
        library.crawl(site)
        assert bird.touched == []
        assert library.posts() == site.addresses()


def test_redirect_circles_and_long_chains_end(library: Library) -> None:
    with BlogSite(6) as site:
        circle, chain = site.newest_first()[:2]
        site.routes[f"/{circle.slug}/"] = lambda path, headers: Answer(status=302, headers={"Location": path})
        site.routes[f"/{chain.slug}/"] = lambda path, headers: Answer(status=302, headers={"Location": "/hop/0"})
        site.routes["/hop/*"] = lambda path, headers: Answer(
            status=302, headers={"Location": f"/hop/{int(path.rsplit('/', 1)[1]) + 1}"}
        )
        library.crawl(site)
        assert len(site.paths()) < 35
        assert library.posts() == site.addresses() - {site.address(circle), site.address(chain)}


def test_a_post_at_two_addresses_with_one_canonical_is_one_post(library: Library) -> None:
    with BlogSite(6, sitemap=None, feed=False) as site:
        post = site.newest_first()[2]
        home = site.answer("/", {}).body
        for name in "ab":
            path = f"/topic-{name}/{post.slug}/"
            teaser = (
                f'<article class="post"><h2><a href="{path}">{post.title}</a></h2><p>{post.text[:150]}</p></article>'
            )
            home = home.replace(b"<article", teaser.encode() + b"<article", 1)
            body = site.answer(f"/{post.slug}/", {}).body.replace(b"<h1", f"<i>You are at {path}</i><h1".encode())
            site.routes[path] = lambda path, headers, body=body: Answer(body)
        site.routes["/"] = lambda path, headers: Answer(home)
        library.crawl(site)
        assert f"/topic-a/{post.slug}/" in site.paths()
        assert library.posts() == site.addresses()


def test_a_canonical_link_that_is_broken_loses_no_post(library: Library) -> None:
    with BlogSite(6) as site:
        first = site.address(site.newest_first()[0]).encode()
        for post in site.newest_first():
            body = site.answer(f"/{post.slug}/", {}).body.replace(site.address(post).encode(), first)
            site.routes[f"/{post.slug}/"] = lambda path, headers, body=body: Answer(body)
        library.crawl(site)
        assert library.posts() == site.addresses()


def test_a_page_that_moved_is_saved_once_under_its_new_address(library: Library) -> None:
    with BlogSite(5) as site:
        moved = site.newest_first()[0]
        site.footer = '<a href="/?p=77">a short link</a>'
        site.routes["/?p=77"] = lambda path, headers: Answer(status=301, headers={"Location": site.address(moved)})
        library.crawl(site)
        assert library.posts() == site.addresses()


@pytest.mark.parametrize("place", ["post", "sitemap", "feed", "robots", "listing"])
def test_a_gzip_bomb_costs_only_itself(place: str, library: Library) -> None:
    with BlogSite(8) as site:
        hit = site.newest_first()[0]
        path = {"post": f"/{hit.slug}/", "sitemap": "/sitemap.xml", "feed": "/feed/", "robots": "/robots.txt"}
        packed = bomb(40)
        site.routes[path.get(place, "/page/2/")] = lambda path, headers: packed
        library.crawl(site)
        missing = {site.address(hit)} if place == "post" else set()
        assert library.posts() == site.addresses() - missing


def test_a_body_that_drips_is_given_up(library: Library) -> None:
    with BlogSite(6) as site:
        slow = site.newest_first()[0]
        drips: list[int] = []

        def drip() -> Iterator[bytes]:
            for number in range(400):
                drips.append(number)
                yield b"<p>drip</p>"

        site.routes[f"/{slow.slug}/"] = lambda path, headers: Answer(chunks=drip(), pause_s=0.05)
        report = library.crawl(site, timeout_s=0.3)
        assert max(drips) < 399
        assert library.posts() == site.addresses() - {site.address(slow)}
    assert report.tally.failed == ((site.address(slow), "no answer in time"),)


FAULTS = {
    "endless body": lambda: Answer(chunks=iter(lambda: b"<p>more</p>" * 10_000, b"")),
    "binary as html": lambda: Answer(bytes(range(256)) * 400),
    "lying charset": lambda: Answer("<h1>Größe</h1>".encode("utf-16"), content_type="text/html; charset=ascii"),
    "nested tags": lambda: Answer(b"<div>" * 200_000),
    "empty": lambda: Answer(b""),
    "a picture": lambda: Answer(b"\x89PNG" * 100, content_type="image/png"),
    "broken off": lambda: Answer(b"<p>" * 1000, cut_after=20),
    "server error": lambda: Answer(status=500),
    "unknown coding": lambda: Answer(b"abc", headers={"Content-Encoding": "x-secret"}),
    "broken gzip": lambda: Answer(b"\x1f\x8b\x08junk", headers={"Content-Encoding": "gzip"}),
    "no content": lambda: Answer(status=204),
    "redirect to nowhere": lambda: Answer(status=302),
    "redirect to garbage": lambda: Answer(status=302, headers={"Location": "http://[broken"}),
    "tags without number": lambda: Answer(b"<a href=x>" * 400_000),
    "headers without end": lambda: Answer(headers={f"X-{number}": "y" * 8000 for number in range(100)}),
    "odd status": lambda: Answer(status=999),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_one_bad_page_costs_no_other(fault: str, library: Library) -> None:
    with BlogSite(6) as site:
        bad = site.newest_first()[1]
        site.routes[f"/{bad.slug}/"] = lambda path, headers: FAULTS[fault]()
        report = library.crawl(site)
        assert library.posts() == site.addresses() - {site.address(bad)}
        assert len(site.asked) <= 20
    assert report.stopped_by is None


@pytest.mark.parametrize("place", ["/sitemap.xml", "/feed/", "/"])
@pytest.mark.parametrize(
    "fault", ["binary as html", "nested tags", "server error", "broken off", "redirect to garbage"]
)
def test_one_bad_source_costs_no_post(place: str, fault: str, library: Library) -> None:
    with BlogSite(6) as site:
        site.routes[place] = lambda path, headers: FAULTS[fault]()
        library.crawl(site)
        assert library.posts() == site.addresses()


def _html(text: str) -> Answer:
    return Answer(f"<html><head><title>Page</title></head><body>{text}</body></html>".encode())


def _calendar(path: str, headers: dict[str, str]) -> Answer:
    year, month = path.strip("/").split("/")[1:3]
    later = f"{int(year) + int(month) // 12}/{int(month) % 12 + 1:02}"
    return _html(f'<h1>Events in {month} {year}</h1><a href="/events/{later}/">next month</a>')


def _sessions(site: BlogSite, path: str) -> Answer:
    number = sum(one.path.startswith("/forum") for one in site.asked)
    links = "".join(f'<a href="/forum?visit={number}-{other}">Talk {other}</a>' for other in range(9))
    return _html(f"<h1>Forum</h1>{links}")


def _soft_404(path: str, headers: dict[str, str]) -> Answer:
    return _html(f'<h1>Oops</h1><p>Try our <a href="{path}more/">other page</a></p>')


@pytest.mark.parametrize("sitemap", ["index", None])
@pytest.mark.parametrize("trap", ["calendar", "sessions", "soft 404", "tracking", "endless pages"])
def test_a_trap_is_cut(trap: str, sitemap: str | None, library: Library) -> None:
    with BlogSite(12, sitemap=sitemap) as site:
        footers = {
            "calendar": '<a href="/events/2024/01/">Events</a>',
            "sessions": '<a href="/forum?visit=0">Forum</a>',
            "soft 404": '<a href="/oops/">Read this</a>',
            "endless pages": '<a href="/page/9/">Much older</a>',
        }
        site.routes["/events/*"] = _calendar
        site.routes["/forum*"] = lambda path, headers: _sessions(site, path)
        site.routes["/oops/*"] = _soft_404
        if trap == "endless pages":
            site.routes["/page/*"] = lambda path, headers: (
                _html(f'<h1>Archive</h1><a rel="next" href="/page/{int(path.strip("/").split("/")[1]) + 1}/">Older</a>')
                if int(path.strip("/").split("/")[1]) > 3
                else site.answer(path, headers)
            )
        site.footer = footers.get(trap, '<a href="/?utm_source=x">Home</a> <a href="/page/2/?fbclid=1&gclid=2">Old</a>')
        library.crawl(site)
        assert library.posts() == site.addresses()
        assert len(site.asked) <= 12 + 8 + 30


def _soft_miss(path: str, headers: dict[str, str]) -> Answer:
    links = " ".join(f'<a href="/gone-{abs(hash((path, number)))}/">something else</a>' for number in range(5))
    return _html(f"<h1>We looked everywhere</h1><p>That page is not here. Maybe {links}?</p>")


def _endless_topic(path: str, headers: dict[str, str]) -> Answer:
    number = int(path.strip("/").split("/")[-1])
    return _html(f'<h1>Topic</h1><p>Nothing yet.</p><a rel="next" href="/topic/page/{number + 1}/">Older posts</a>')


def _visits(path: str, headers: dict[str, str]) -> Answer:
    links = " ".join(f'<a href="/talk/?visit={abs(hash((path, number)))}">talk {number}</a>' for number in range(9))
    return _html(f"<h1>Forum</h1><p>Read on: {links}</p>")


TEXT_TRAPS = {
    "calendar": ("/events/2024/{number}/", _calendar),
    "calendar that says so": ("/whats-on/?month={number}", _calendar),
    "session ids": ("/talk/?visit=4{number}", _visits),
    "tracking parameters": ("{other}?utm_source=post{number}&fbclid=f{number}", None),
    "endless pagination": ("/topic/page/{number}/", _endless_topic),
    "soft 404": ("/gone-{number}/", _soft_miss),
}


@pytest.mark.parametrize(("trap", "sitemap"), [*((trap, "index") for trap in TEXT_TRAPS), ("soft 404", None)])
def test_a_trap_that_posts_link_to_in_their_text_is_cut_and_hides_no_post(
    trap: str, sitemap: str | None, library: Library
) -> None:
    with BlogSite(24, sitemap=sitemap, feed=False) as site:
        lone, *linking = reversed(site.newest_first())
        lone.in_sitemap = lone.linked = False
        address, answer = TEXT_TRAPS[trap]
        for number, post in enumerate(linking, start=1):
            href = address.format(number=number, other=f"/{linking[number - 2].slug}/")
            post.text += f'\nThis has been <a href="{href}">said before</a> elsewhere.'
        linking[7].text += f'\nIt began <a href="/{lone.slug}/">with another story</a>.'
        if answer:
            site.routes[f"/{address.split('/')[1].split('{')[0]}*"] = answer
        report = library.crawl(site)
        assert library.posts() == site.addresses()
        assert len(site.asked) <= (47 if sitemap is None else 37) + 30
    if trap == "calendar that says so":
        assert any(why == "it looks like a calendar" for _, why in report.tally.cut)


# ---- crashes

_CHILD = """
import sys
from pathlib import Path
from indexer.store.database import Store
from indexer.store.frontier.sqlite_frontier import SqliteFrontier
from scraper import urls
from scraper.crawling.job import CrawlOptions
from scraper.crawling.spider import crawl
url, folder, delay = sys.argv[1:4]
store = Store(Path(folder) / "library.db", writable=True)
report = crawl(url, CrawlOptions(delay_s=float(delay)), store.frontier(urls.site_of(url), url), lambda progress: None)
print("interrupted" if report.interrupted else "ended", flush=True)
"""


def start_child(site: BlogSite, folder: Path, delay: float = 0.0) -> subprocess.Popen[str]:
    """Crawl in a process of its own."""
    root = Path(__file__).parent.parent
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD, site.start_url, str(folder), str(delay)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(site: BlogSite, requests: int, child: subprocess.Popen[str]) -> None:
    """Wait until the site was asked so many times, or the child ended."""
    while len(site.asked) < requests and child.poll() is None:
        time.sleep(0.002)


@pytest.mark.parametrize("after", [1, 9, 17])
def test_a_crawl_killed_at_any_moment_goes_on_without_loss(after: int, tmp_path: Path) -> None:
    with BlogSite(20) as site:
        site.latency_s = 0.01
        child = start_child(site, tmp_path)
        wait_for(site, after, child)
        child.send_signal(signal.SIGKILL)
        child.wait()
        settled = set(site.paths()[: max(0, len(site.asked) - 9)])
        library = Library(tmp_path)
        site.clear()
        library.crawl(site)
        assert library.posts() == site.addresses()
        assert len(library.posts()) == library.store.connection.execute("SELECT count(*) FROM page").fetchone()[0]
        assert not settled & {path for path in site.paths() if path.strip("/") in site.posts}
        library.store.close()


def test_a_second_crawl_killed_on_the_way_goes_on_without_loss(tmp_path: Path) -> None:
    with BlogSite(20, sitemap="flat") as site:
        library = Library(tmp_path)
        library.crawl(site)
        library.store.close()
        for number in range(50, 60):
            site.add(number)
        site.latency_s = 0.02
        site.clear()
        child = start_child(site, tmp_path)
        wait_for(site, 6, child)
        child.kill()
        child.wait()
        library = Library(tmp_path)
        report = library.crawl(site)
        assert report.resumed
        assert library.posts() == site.addresses()
        library.store.close()


def test_the_first_interrupt_ends_cleanly_with_what_was_saved(tmp_path: Path) -> None:
    with BlogSite(30) as site:
        child = start_child(site, tmp_path, delay=0.05)
        wait_for(site, 10, child)
        site.latency_s = 1  # so that nothing is answered before the interrupt comes
        answered = len(site.asked)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate()
        assert out.strip() == "interrupted"
        assert err == ""
        assert len(site.asked) <= answered + AT_ONCE
        library = Library(tmp_path)
        assert len(library.posts()) >= 3
        library.crawl(site)
        assert library.posts() == site.addresses()


def test_the_second_interrupt_ends_at_once(tmp_path: Path) -> None:
    with BlogSite(30) as site:
        child = start_child(site, tmp_path)
        wait_for(site, 4, child)
        site.latency_s = 600
        time.sleep(0.3)
        answered = len(site.asked)
        while child.poll() is None:
            child.send_signal(signal.SIGINT)
            time.sleep(0.3)
        child.communicate()
        assert child.returncode != 0
        assert len(site.asked) == answered  # it did not wait for the page that is on its way


def test_since_takes_the_day_of_the_last_change(library: Library) -> None:
    with BlogSite(6) as site:
        old = site.newest_first()[-1]
        site.change(old)
        library.crawl(site, since=date(2024, 6, 1))
        assert library.posts() == {site.address(old)}


# ---- what one crawl leaves to the next


NARROW = {
    "include": {"include": ("*-1*",)},
    "exclude": {"exclude": ("*-1*",)},
    "exclude everything": {"exclude": ("*",)},
    "since": {"since": date(2024, 1, 9)},
    "limit": {"limit": 3},
    "include and limit": {"include": ("*-1*",), "limit": 1},
}


@pytest.mark.parametrize(("narrow", "sitemap"), [*((narrow, "index") for narrow in NARROW), ("include", None)])
def test_what_a_narrow_crawl_left_out_is_fetched_by_a_later_one(
    narrow: str, sitemap: str | None, library: Library
) -> None:
    with BlogSite(12, sitemap=sitemap) as site:
        library.crawl(site, **NARROW[narrow])
        left_out = site.addresses() - library.posts()
        assert len(left_out) >= 2
        report = library.crawl(site)
        assert library.posts() == site.addresses()
        assert report.tally.saved == len(left_out)
        site.clear()
        library.crawl(site)
        assert sitemap is None or len(site.asked) == 2


def test_a_run_that_goes_on_obeys_its_own_options(library: Library) -> None:
    with BlogSite(12) as site:
        library.crawl(site, limit=1)
        (first,) = library.posts()
        assert library.crawl(site, exclude=("*",)).tally.saved == 0
        assert library.posts() == {first}
        wanted = site.newest_first()[7]
        report = library.crawl(site, include=(wanted.slug,), limit=3)
        assert library.posts() == {first, site.address(wanted)}
        assert (report.tally.saved, report.tally.candidates - report.tally.saved) == (1, 1)
        assert report.tally.left_out == 10


def test_a_narrow_crawl_again_costs_what_an_unchanged_blog_costs(library: Library) -> None:
    with BlogSite(12) as site:
        narrow = {"exclude": (site.newest_first()[3].slug,)}
        library.crawl(site, **narrow)
        site.clear()
        library.crawl(site, **narrow)
        assert site.paths() == ["/robots.txt", "/sitemap.xml"]


def test_a_changed_post_that_is_not_asked_for_waits_for_a_crawl_that_asks_for_it(library: Library) -> None:
    with BlogSite(12) as site:
        library.crawl(site)
        post = site.newest_first()[3]
        site.change(post)
        library.crawl(site, exclude=(post.slug,))
        assert b"added later" not in library.body(site.address(post))
        library.crawl(site)
        assert b"added later" in library.body(site.address(post))


def test_a_blog_of_which_nothing_is_asked_for_is_still_a_blog(library: Library) -> None:
    with BlogSite(4) as site:
        report = library.crawl(site, exclude=("*",))
    assert report.stopped_by is None
    assert (report.tally.candidates, report.tally.left_out) == (0, 4)


def test_a_dry_run_finds_only_what_is_asked_for(library: Library) -> None:
    with BlogSite(12) as site:
        report = library.crawl(site, dry_run=True, include=("*-1*",))
    assert (report.tally.candidates, report.tally.left_out) == (3, 9)


def test_what_is_told_as_found_leaves_out_what_is_not_asked_for(library: Library) -> None:
    with BlogSite(12) as site:
        told: list[CrawlReport] = []
        options = CrawlOptions(delay_s=0, exclude=(site.newest_first()[0].slug,))
        frontier = library.store.frontier(urls.site_of(site.start_url))
        crawl(site.start_url, options, frontier, library.progress.append, told.append)
    assert [(report.tally.candidates, report.tally.left_out) for report in told] == [(11, 1)]


def test_saved_counts_what_this_crawl_saved(library: Library) -> None:
    with BlogSite(12) as site:
        assert library.crawl(site, limit=5).tally.saved == 5
        report = library.crawl(site, limit=3)
    assert (report.resumed, report.tally.saved, report.tally.known) == (True, 3, 8)


@pytest.mark.parametrize(("options", "total"), [({"limit": 5}, 5), ({"since": date(2024, 1, 9)}, 6), ({}, 12)])
def test_progress_promises_no_more_than_will_be_fetched(
    options: dict[str, object], total: int, library: Library
) -> None:
    with BlogSite(12) as site:
        library.crawl(site, **options)
    assert {one.total for one in library.progress if one.what == "posts"} == {total}
    assert library.progress[-1].done == total


# ---- when the machinery breaks


@pytest.mark.parametrize("where", ["take", "finish", "pending", "alias", "skip"])
def test_an_error_of_the_frontier_ends_the_crawl_at_once_and_comes_out(
    where: str, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with BlogSite(12) as site:
        first, *_, last = site.newest_first()
        if where == "alias":
            moved = {"Location": site.address(first)}
            site.routes[f"/{last.slug}/"] = lambda path, headers: Answer(status=301, headers=moved)
        saved = 4 if where in ("take", "finish") else 0

        def broken(self: SqliteFrontier, *args: object, **options: object) -> object:
            if len(library.posts()) < saved:
                return intact(self, *args, **options)
            asked.append(len(site.asked))
            raise sqlite3.OperationalError("database or disk is full")

        asked: list[int] = []
        intact = getattr(SqliteFrontier, where)
        monkeypatch.setattr(SqliteFrontier, where, broken)
        if where == "skip":
            monkeypatch.setattr(SqliteFrontier, "drop_unwanted", lambda *_: None)
        with pytest.raises(sqlite3.OperationalError, match="disk is full"):
            library.crawl(site, exclude=("*",) if where == "skip" else ())
        assert len(site.asked) - asked[0] <= AT_ONCE  # what was on its way
        assert len(library.posts()) >= saved
        monkeypatch.undo()
        site.routes.clear()
        library.crawl(site)
        assert library.posts() == site.addresses()


def test_an_error_of_a_callback_comes_out(library: Library) -> None:
    with BlogSite(3) as site:
        library.progress = None
        with pytest.raises(AttributeError):
            library.crawl(site)


# ---- a person who waits


def test_a_pause_is_told_in_progress_and_as_a_notice(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.crawling.job.WAIT_TOLD_S", 1.0)
    told: list[str] = []
    monkeypatch.setattr("scraper.crawling.politeness.CAUTIOUS_DELAY_S", 0.05)
    with BlogSite(4) as site:
        refusals = [Answer(status=429, headers={"Retry-After": "1"})]
        site.routes["/sitemap-posts.xml"] = lambda path, headers: refusals.pop() if refusals else site.answer(path, {})
        library.crawl(site, on_notice=told.append)
    waiting = [one.what for one in library.progress if "waiting" in one.what]
    assert len(waiting) >= 2
    assert waiting[0].endswith(f" · waiting 1 s as 127.0.0.1:{site.port} asks")
    assert told == [f"127.0.0.1:{site.port} answered 429 (too many requests). Going on in 1 s."]
    assert library.progress[-1].what == "posts"


# ---- where posts hide


@pytest.mark.parametrize("sitemap", ["index", None])
def test_a_start_address_that_is_a_post_is_saved(sitemap: str | None, library: Library) -> None:
    with BlogSite(6, sitemap=sitemap) as site:
        post = site.newest_first()[2]
        site.start_url = site.address(post)
        library.crawl(site)
        assert site.address(post) in library.posts()
        assert site.paths().count(f"/{post.slug}/") == 1


def test_a_start_address_that_lists_posts_is_no_post(library: Library) -> None:
    with BlogSite(6, folder="/blog", sitemap=None) as site:
        library.crawl(site)
        assert library.posts() == site.addresses()


def test_plain_pages_before_the_posts_of_a_flat_sitemap_hide_none(library: Library) -> None:
    with BlogSite(60, sitemap="flat", feed=False) as site:
        for post in site.posts.values():
            post.linked = False
        plain = [f"/our-way-of-doing-thing-{number}/" for number in range(30)]
        for path in plain:
            site.routes[path] = lambda path, headers: _html("<h1>What we do</h1><p>Call us.</p>")
        entries = "".join(f"<url><loc>{site.url}{path}</loc><lastmod>2024-01-01</lastmod></url>" for path in plain)
        body = site.answer("/sitemap.xml", {}).body.replace(b"<url>", entries.encode() + b"<url>", 1)
        site.routes["/sitemap.xml"] = lambda path, headers: Answer(body, content_type="application/xml")
        report = library.crawl(site)
        assert library.posts() == site.addresses()
    assert report.tally.cut == ()


def test_an_address_with_nothing_at_it_is_told_though_the_site_has_posts(library: Library) -> None:
    with BlogSite(6) as site:
        report = library.crawl(f"{site.start_url.rstrip(chr(47))}/nothing-here/")
        assert isinstance(report.stopped_by, NothingThereError)
        assert library.posts() == set()
