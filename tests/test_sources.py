"""Every place that names posts is asked as long as it brings news, and no longer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from blogsite import Answer, BlogSite, Server

from indexer.store.database import Store
from scraper import urls
from scraper.crawling.job import CrawlOptions, CrawlReport
from scraper.crawling.spider import crawl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

XML = "application/xml"


@dataclass
class Library:
    """A store in a temporary folder, and the crawls into it."""

    store: Store

    def crawl(self, site: Server, **options: object) -> CrawlReport:
        url = site.start_url  # type: ignore[attr-defined]
        frontier = self.store.frontier(urls.site_of(url), url)
        return crawl(url, CrawlOptions(delay_s=0.0, timeout_s=2.0, **options), frontier, lambda progress: None)

    def posts(self, *, gone: bool = False) -> set[str]:
        rows = self.store.connection.execute(
            """SELECT page.url FROM page JOIN frontier ON frontier.page_id = page.id
            WHERE frontier.is_post AND (gone_at IS NOT NULL) = ?""",
            (gone,),
        )
        return {row[0] for row in rows}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    store = Store(tmp_path / "library.db", writable=True)
    yield Library(store)
    store.close()


def urlset(*addresses: str) -> Answer:
    entries = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
    return Answer(f"<urlset>{entries}</urlset>".encode(), content_type=XML)


def index(*addresses: str, etag: str = '"same"') -> Answer:
    entries = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return Answer(f"<sitemapindex>{entries}</sitemapindex>".encode(), content_type=XML, headers={"ETag": etag})


def asked(site: Server, part: str) -> int:
    return sum(part in one.path for one in site.asked)


def test_a_feed_that_ignores_its_page_number_costs_one_request_more(library: Library) -> None:
    with BlogSite(12, sitemap=None, page_size=6) as site:
        feed = site._feed(1, {}).body.replace(
            b"<channel>", b"<channel><generator>https://wordpress.org/?v=6</generator>"
        )
        site.routes["/feed/"] = lambda path, headers: Answer(feed, content_type="application/rss+xml")
        library.crawl(site)
        assert library.posts() == site.addresses()
        assert asked(site, "feed") == 2


def test_a_listing_that_ignores_its_page_number_ends(library: Library) -> None:
    with BlogSite(12, sitemap=None, feed=False, page_size=20) as site:
        pager = '<nav class="pagination"><a class="next" href="?page=N">Older</a></nav></body>'

        def listing(path: str, headers: dict[str, str]) -> Answer:
            number = int(path.partition("page=")[2] or 1)
            body = site._listing("/", {}).body.decode()
            return Answer(body.replace("</body>", pager.replace("N", str(number + 1))).encode())

        site.routes["/"] = listing
        library.crawl(site)
        assert library.posts() == site.addresses()
        assert asked(site, "?page=") <= 2


def test_an_index_that_names_sitemaps_without_end_is_cut_and_said(library: Library) -> None:
    with BlogSite(6) as site:
        names = [f"{site.url}/day-{number}.xml" for number in range(300)]
        site.routes["/sitemap.xml"] = lambda path, headers: index(*names)
        site.routes["/day-*"] = lambda path, headers: urlset(*sorted(site.addresses())[:2])
        report = library.crawl(site)
        assert library.posts() == site.addresses()
        assert asked(site, "/day-") <= 34
        assert any(".xml" in shape for shape, _ in report.tally.cut)


def test_posts_are_fetched_while_a_long_feed_is_still_read(library: Library) -> None:
    with BlogSite(200, sitemap=None) as site:
        report = library.crawl(site, limit=3)
        assert len(library.posts()) == report.tally.saved == 3
        assert len(site.asked) < 40


def test_the_children_of_an_unchanged_index_are_asked(library: Library) -> None:
    with BlogSite(12, feed=False, validators=set()) as site:
        site.routes["/sitemap.xml"] = lambda path, headers: (
            Answer(status=304) if headers.get("if-none-match") == '"same"' else index(f"{site.url}/child.xml")
        )
        site.routes["/child.xml"] = lambda path, headers: urlset(*sorted(site.addresses()))
        library.crawl(site)
        new, gone = site.add(50), site.newest_first()[-1]
        del site.posts[gone.slug]
        library.crawl(site)
        assert site.address(new) in library.posts()
        assert library.posts(gone=True) == {site.address(gone)}


@pytest.mark.parametrize("stale", [Answer(status=404), urlset(), Answer(b"<html><h1>Gone</h1></html>")])
def test_a_stale_name_in_robots_does_not_end_the_guesses(stale: Answer, library: Library) -> None:
    with BlogSite(12, sitemap=None, feed=False, page_size=3) as site:
        site.robots = f"Sitemap: {site.url}/sitemap_index.xml\n"
        site.routes["/page/*"] = lambda path, headers: Answer(status=404)
        site.routes["/sitemap_index.xml"] = lambda path, headers: stale
        site.routes["/wp-sitemap.xml"] = lambda path, headers: urlset(*sorted(site.addresses()))
        library.crawl(site)
        assert library.posts() == site.addresses()
        assert asked(site, "/sitemap-index.xml") == 0


def test_guesses_end_with_the_first_that_names_posts(library: Library) -> None:
    with BlogSite(6, sitemap="flat", robots=None) as site:
        library.crawl(site)
        assert library.posts() == site.addresses()
        assert asked(site, "sitemap") == 1
        site.clear()
        library.crawl(site)
        assert [one.path for one in site.asked] == ["/robots.txt", "/sitemap.xml"]


def test_from_a_home_page_without_a_blog_the_usual_folders_are_tried(library: Library) -> None:
    with BlogSite(8, sitemap=None, feed=False, folder="/news") as site:
        site.routes["/"] = lambda path, headers: Answer(b"<html><h1>Welcome</h1><p>We are a clinic.</p></html>")
        site.start_url = site.url + "/"
        library.crawl(site)
        assert library.posts() == site.addresses()


def test_a_blog_on_another_host_is_named(library: Library) -> None:
    with BlogSite(3, sitemap=None, feed=False, folder="/hidden") as site:
        page = b"<html><h1>Welcome</h1><nav><a href='http://journal.example/'>Our blog</a></nav></html>"
        site.routes["/"] = lambda path, headers: Answer(page)
        site.start_url = site.url + "/"
        said = str(library.crawl(site).stopped_by)
        assert "The blog seems to be at http://journal.example/: blogdex crawl http://journal.example/" in said
