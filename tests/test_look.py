"""An address that is no blog's beginning is told for what it is, and taken where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from blogsite import Answer, BlogSite
from commandline import blogdex

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

PAGE = (
    f"<html><body class='page-template-default page page-id-7'><h1>Contact</h1><p>{'Call us. ' * 60}</p></body></html>"
)


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return blogdex(*args, library=folder)


def sites(folder: Path) -> set[str]:
    from indexer.store.database import Store

    store = Store(folder / "library.db", writable=True)
    keys = {site.key for site in store.sites.all()}
    store.close()
    return keys


@pytest.fixture
def site() -> BlogSite:
    with BlogSite(8, sitemap=None, feed=False, folder="/blog") as made:
        made.routes["/contact/"] = lambda path, headers: Answer(PAGE.encode())
        yield made


def test_a_post_pasted_after_its_blog_makes_no_second_site(site: BlogSite, tmp_path: Path) -> None:
    run(tmp_path, "crawl", site.start_url, "--delay", "0")
    new = site.add(50)
    site.clear()
    done = run(tmp_path, "crawl", site.address(new), "--delay", "0")
    assert done.returncode == 0
    assert len(site.asked) == 2
    assert sites(tmp_path) == {f"127.0.0.1:{site.port}/blog"}
    assert new.title in run(tmp_path, "export").stdout


def test_a_pasted_address_that_shows_something_else_today_costs_no_stored_post(site: BlogSite, tmp_path: Path) -> None:
    run(tmp_path, "crawl", site.start_url, "--delay", "0")
    before = run(tmp_path, "export").stdout
    address = sorted(site.addresses())[3]
    parked = f"<p>{'Cheap flights, loans and watches, all on one page for you. ' * 30}</p>"
    html = (
        f"<html><body class='single single-post'><article class='post type-post'><h1>This name is for sale</h1>{parked}"
    )
    path = address.removeprefix(site.url)
    shown = site.routes.get(path)
    site.routes[path] = lambda path, headers: Answer(f"{html}</article></body></html>".encode())
    done = run(tmp_path, "crawl", address, "--delay", "0")
    assert done.returncode == 2
    assert "shows something else today, and the stored post stays" in done.stderr
    assert run(tmp_path, "export").stdout == before
    if shown:
        site.routes[path] = shown
    else:
        del site.routes[path]
    assert run(tmp_path, "crawl", address, "--delay", "0").returncode == 0
    assert run(tmp_path, "export").stdout == before


def test_a_post_pasted_first_leads_to_its_blog_and_is_said(site: BlogSite, tmp_path: Path) -> None:
    done = run(tmp_path, "crawl", sorted(site.addresses())[3], "--delay", "0")
    assert "is one post. Crawling the blog it belongs to" in done.stderr
    assert sites(tmp_path) == {f"127.0.0.1:{site.port}/blog"}
    assert len(run(tmp_path, "export").stdout.splitlines()) == 8


@pytest.mark.parametrize("is_known", [True, False])
def test_a_contact_page_is_told_for_what_it_is(site: BlogSite, tmp_path: Path, is_known: bool) -> None:
    if is_known:
        run(tmp_path, "crawl", site.start_url, "--delay", "0")
    before = sites(tmp_path) if is_known else set()
    done = run(tmp_path, "crawl", f"{site.url}/contact/", "--delay", "0")
    assert done.returncode == 2
    assert "is a page, neither a post nor a blog: its theme" in done.stderr
    assert sites(tmp_path) == before


def test_links_to_other_sections_are_not_followed(site: BlogSite, tmp_path: Path) -> None:
    site.footer = "".join(f"<p>See <a href='/news/2020/01/a-title-{n}/'>a title of words</a></p>" for n in range(9))
    run(tmp_path, "crawl", site.start_url, "--delay", "0")
    assert not [one.path for one in site.asked if one.path.startswith("/news/")]


def test_a_plain_page_that_is_the_home_page_of_the_folder_it_lies_in_is_crawled(site: BlogSite, tmp_path: Path) -> None:
    links = "".join(f"<li><a href='/blog/{slug}/'>{post.title}</a></li>" for slug, post in site.posts.items())
    home = PAGE.replace("<h1>Contact</h1>", f"<h1>Welcome</h1><nav><ul>{links}</ul></nav>")
    site.routes["/blog/"] = lambda path, headers: Answer(home.encode())
    made = run(tmp_path, "crawl", site.start_url, "--delay", "0")
    assert made.returncode == 0, made.stderr
    assert "Saved 8 posts" in made.stdout
