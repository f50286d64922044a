"""Lay out the example site: which address holds what, archives, sitemaps, feed and images included."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zlib import crc32

from scraper.demo.markup import to_html
from scraper.demo.reader import BRAND, PAGES, POSTS, Post
from scraper.demo.theme import Frame, Theme, author_path, category_path, month_path, tag_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PER_PAGE = 10
PER_FEED = 10
"""Posts on a page of a listing and of a feed: WordPress's defaults."""
HTML = "text/html; charset=UTF-8"
XML = "text/xml; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Rendered:
    """What the server answers for one path."""

    body: bytes
    content_type: str
    last_modified: datetime


@dataclass(frozen=True, slots=True)
class _Archive:
    path: str
    heading: str
    body_class: str
    posts: tuple[Post, ...]


def pages(base_url: str) -> Mapping[str, Rendered]:
    """Render the whole site by path for a blog at `base_url`, e.g. "http://127.0.0.1:8000/blog/".

    The same address gives the same pages. Raise `ValueError` where its path isn't /blog/.
    """
    if urlsplit(base_url).path != "/blog/":
        raise ValueError(f"The example blog lives under /blog/, not at {base_url}")
    theme = Theme.at(base_url.removesuffix("/blog/"))
    newest = tuple(sorted(POSTS, key=lambda post: post.published, reverse=True))
    rendered = dict(_posts(theme, newest))
    for archive in _archives(newest):
        rendered.update(_listings(theme, archive))
    rendered.update((page.path, _made(theme.plain_page(page), HTML, page.modified)) for page in PAGES)
    rendered["/"] = _made(theme.front(newest[:3]), HTML, _latest(newest))
    rendered.update(_machine_files(theme, newest))
    rendered.update(_feeds(theme, newest))
    rendered.update(_images(newest))
    return rendered


def _made(text: str, content_type: str, modified: date) -> Rendered:
    return Rendered(text.encode(), content_type, datetime.combine(modified, time(15), UTC))


def _latest(posts: Sequence[Post]) -> date:
    return max(post.modified for post in posts)


def _posts(theme: Theme, newest: Sequence[Post]) -> Iterator[tuple[str, Rendered]]:
    for newer, post, older in zip((None, *newest), newest, (*newest[1:], None), strict=False):
        yield post.path, _made(theme.post(post, newer, older), HTML, post.modified)


def _archives(newest: tuple[Post, ...]) -> Iterator[_Archive]:
    yield _Archive("/blog/", "Blog", "blog hfeed", newest)
    for category in sorted({post.category for post in newest}):
        posts = tuple(post for post in newest if post.category == category)
        yield _Archive(category_path(category), f"Category: {category}", "archive category", posts)
    for tag in sorted({tag for post in newest for tag in post.tags}):
        yield _Archive(tag_path(tag), f"Tag: {tag}", "archive tag", tuple(post for post in newest if tag in post.tags))
    for author in sorted({post.author for post in newest}):
        posts = tuple(post for post in newest if post.author == author)
        yield _Archive(author_path(author), f"Posts by {author}", "archive author", posts)
    for month in sorted({post.published.replace(day=1) for post in newest}):
        posts = tuple(post for post in newest if post.published.replace(day=1) == month)
        yield _Archive(month_path(month), f"Month: {month:%B %Y}", "archive date", posts)


def _listings(theme: Theme, archive: _Archive) -> Iterator[tuple[str, Rendered]]:
    count = -(-len(archive.posts) // PER_PAGE)
    for number in range(1, count + 1):
        path = _page_path(archive.path, number)
        posts = archive.posts[PER_PAGE * (number - 1) : PER_PAGE * number]
        title = archive.heading if number == 1 else f"{archive.heading}, page {number} of {count}"
        frame = Frame(theme.root + path, title, archive.body_class if number == 1 else f"{archive.body_class} paged")
        pager = _pager(theme.root + archive.path, number, count)
        yield path, _made(theme.listing(frame, archive.heading, posts, pager), HTML, _latest(archive.posts))


def _page_path(path: str, number: int) -> str:
    return path if number == 1 else f"{path}page/{number}/"


def _pager(url: str, number: int, count: int) -> str:
    if count == 1:
        return ""
    links = [
        f'<span class="page-numbers current">{other}</span>'
        if other == number
        else f'<a class="page-numbers" href="{_page_path(url, other)}">{other}</a>'
        for other in range(1, count + 1)
    ]
    if number < count:
        links.append(f'<a class="next page-numbers" href="{_page_path(url, number + 1)}">Older posts</a>')
    return f'<nav class="pagination" aria-label="Pages">{" ".join(links)}</nav>'


def _machine_files(theme: Theme, newest: Sequence[Post]) -> Iterator[tuple[str, Rendered]]:
    latest = _latest(newest)
    root = theme.root
    robots = f"User-agent: *\nDisallow: /wp-admin/\nDisallow: /*?s=\n\nSitemap: {root}/sitemap_index.xml\n"
    yield "/robots.txt", _made(robots, "text/plain; charset=UTF-8", POSTS[0].published)
    page_latest = max(page.modified for page in PAGES)
    index = (("post-sitemap.xml", latest), ("page-sitemap.xml", page_latest))
    entries = "".join(_loc("sitemap", f"{root}/{name}", day) for name, day in index)
    yield "/sitemap_index.xml", _made(_sitemap("sitemapindex", entries), XML, max(latest, page_latest))
    posts = "".join(_loc("url", root + post.path, post.modified) for post in POSTS)
    yield "/post-sitemap.xml", _made(_sitemap("urlset", posts), XML, latest)
    plain = _loc("url", f"{root}/", latest) + "".join(_loc("url", root + page.path, page.modified) for page in PAGES)
    yield "/page-sitemap.xml", _made(_sitemap("urlset", plain), XML, page_latest)


def _sitemap(name: str, entries: str) -> str:
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{space}">\n{entries}</{name}>\n'


def _loc(name: str, url: str, day: date) -> str:
    return f"<{name}><loc>{url}</loc><lastmod>{day.isoformat()}T15:00:00+00:00</lastmod></{name}>\n"


def _feeds(theme: Theme, newest: Sequence[Post]) -> Iterator[tuple[str, Rendered]]:
    for start in range(0, len(newest), PER_FEED):
        path = "/blog/feed/" if start == 0 else f"/blog/feed/?paged={start // PER_FEED + 1}"
        feed = _made(
            _feed(theme, newest[start : start + PER_FEED]), "application/rss+xml; charset=UTF-8", newest[0].published
        )
        yield path, replace(feed, last_modified=datetime.combine(_latest(newest), time(15), UTC))


def _feed(theme: Theme, posts: Sequence[Post]) -> str:
    items = "\n".join(_item(theme, post) for post in posts)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>{BRAND}</title>
<atom:link href="{theme.root}/blog/feed/" rel="self" type="application/rss+xml"/>
<link>{theme.root}/blog/</link>
<description>Notes on ketamine care</description>
<language>en-US</language>
{items}
</channel>
</rss>
"""


def _item(theme: Theme, post: Post) -> str:
    url = theme.root + post.path
    published = format_datetime(datetime.combine(post.published, time(15), UTC))
    categories = "".join(f"<category>{escape(name)}</category>" for name in (post.category, *post.tags))
    content = to_html(post.elements, f"{theme.root}/blog/", theme.uploads)
    return f"""<item>
<title>{escape(post.title)}</title>
<link>{url}</link>
<dc:creator>{escape(post.author)}</dc:creator>
<pubDate>{published}</pubDate>
{categories}
<guid isPermaLink="false">{theme.root}/blog/?p={post.number}</guid>
<description>{escape(post.excerpt)}</description>
<content:encoded><![CDATA[{content.replace("]]>", "]]&gt;")}]]></content:encoded>
</item>"""


def _images(posts: Sequence[Post]) -> Iterator[tuple[str, Rendered]]:
    for post in posts:
        for element in post.elements:
            if element.kind == "figure":
                path = f"/wp-content/uploads/{element.name}.svg"
                yield path, _made(_drawing(element.name), "image/svg+xml", post.published)


def _drawing(name: str) -> str:
    """Draw hills under a sun, each name its own: a stand-in for the photographs that a real clinic would have."""
    seed = crc32(name.encode())
    sun, hue = 120 + seed % 480, 190 + seed // 7 % 90
    near, far = 170 + seed // 11 % 60, 120 + seed // 13 % 50
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 300" role="img">
<rect width="720" height="300" fill="hsl({hue},45%,90%)"/>
<circle cx="{sun}" cy="90" r="42" fill="hsl(42,80%,78%)"/>
<path d="M0 {far} Q180 {far - 60} 360 {far} T720 {far - 20} V300 H0Z" fill="hsl({hue},28%,70%)"/>
<path d="M0 {near} Q200 {near + 50} 420 {near} T720 {near + 20} V300 H0Z" fill="hsl({hue},30%,48%)"/>
</svg>
"""
