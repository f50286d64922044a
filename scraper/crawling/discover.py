"""Turn what was fetched into tasks: robots.txt, sitemaps, feeds, WordPress's API, listings, posts. No I/O.

How a crawl uses it: `seeds` to begin with; for every page with a body `read`; for every task that gave none `missed`.
The tasks it returns are on the site's host, and already in or deliberately outside its folder. What looks like a trap
(`urls.trap_sign`) is left to the caller, to refuse and to report. Tasks stand in order of likelihood. Fetch robots.txt
first, then sitemaps, feeds and API, then listings, then posts: `if_news` saves most where complete sources went before.

Sources, as `Task.source` and as evidence for `posts.judge`: `rest`, `sitemap-posts` (a sitemap of posts only), `feed`,
`sitemap`, `listing`, `hreflang`, `archive`, `link`, `link-beside` (the post before or after), `part` (of a post that is
split), `start`; `...-guess` for usual places that no page named and that are often missing: the frontier drops a guess
as soon as a place of its kind named posts. `archive-late` are archives that are asked only where the pages of a listing
break off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper import urls
from scraper.discovery import feeds, listings, sitemaps, wordpress
from scraper.discovery.found import Found
from scraper.discovery.links import base_of, links_of
from scraper.discovery.sitemaps import named_sitemap
from scraper.embedded.reveal import page_tree
from scraper.judgement import posts
from scraper.judgement.parts import numbered
from scraper.model import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from scraper.discovery.links import Link
    from scraper.model import Page, Verdict

__all__ = ["Found", "label", "missed", "read", "seeds"]

_MAX_HOME_DEPTH = 2
_MAX_HOME_LINKS = 40
"""How deep below the start, and how many links of a page, are looked at for the blog; chosen: a home page names its
blog in its menu, and a site of thousands of links is not walked through for it."""
_FEW = 3
_MANY = 5
"""Posts that a page names: fewer than `_FEW` may be no listing, from `_MANY` on a further page may be guessed. Chosen,
not measured."""
_LINKED = ("start", "listing", "link", "hreflang", "archive")


@dataclass(frozen=True, slots=True)
class _View:
    """A page that was read once for all questions."""

    tree: HtmlElement
    links: Sequence[Link]
    base: str
    url: str
    verdict: Verdict
    signs: posts.Signs


def seeds(start_url: str) -> list[Task]:
    """Return what a crawl begins with: the host's robots.txt and the page that was named.

    Sitemaps, feeds and APIs follow from these two.
    """
    url = urls.canonical(start_url)
    return [Task(urls.canonical("/robots.txt", url), "robots", "robots"), Task(url, "listing", "start")]


def read(task: Task, page: Page, site: str, tree: HtmlElement | None = None) -> Found:
    """Return what a fetched page leads to, by the task's kind; `tree` is the page's, where it was parsed before.

    Nothing for 304; what `missed` says for 400 and above. Never raises on bad input.
    """
    if page.status == 304:
        return Found()
    if page.status >= 400:
        return missed(task, site, page.status)
    base = _base(page)
    if task.kind == "robots":
        return sitemaps.read_robots(page.body, task, base, site)
    if task.kind == "sitemap":
        return sitemaps.read_sitemap(page.body, task, base, site)
    if task.kind == "feed":
        return feeds.read_feed(sitemaps.unpack(page.body), task, base, site)
    if task.kind == "rest":
        return wordpress.read_posts(page, task, base, site)
    if not page.body:
        return Found()
    return _read_html(task, page, site, tree if tree is not None else page_tree(page))


def missed(task: Task, site: str, status: int | None = None) -> Found:
    """Return where to look instead when a task gave no page; `status` is the HTTP status where there was an answer."""
    if task.kind == "robots" and (status is None or status < 500):
        return Found(tasks=sitemaps.guesses(task.url, site))
    if task.kind == "rest":
        return Found(tasks=wordpress.next_guess(task, status))
    return Found()


def label(source: str) -> str:
    """Return the name of a source for a person: sitemap, feed, API, listing, link."""
    names = {"rest": "API", "link-beside": "link", "start": "listing", "blog": "listing", "hreflang": "translation"}
    stem = source.removesuffix("-late").removesuffix("-guess").removesuffix("-posts")
    return names.get(stem, stem)


def _base(page: Page) -> str:
    try:
        return urls.canonical(page.final_url or page.url)
    except ValueError:
        return page.url


def _read_html(task: Task, page: Page, site: str, tree: HtmlElement) -> Found:
    url = _base(page)
    base = base_of(tree, url)
    links = links_of(tree, base, site)
    signs = posts.signs(tree, url, links)
    verdict = posts.judge(signs, url, (task.source,))
    view = _View(tree, links, base, url, verdict, signs)
    if task.kind == "listing" and (task.source != "link" or not verdict.is_post):
        return _read_listing(task, page, view, site)
    return _read_post(task, view, site)


def _read_listing(task: Task, page: Page, view: _View, site: str) -> Found:
    named = _own(listings.teasers(view.links, view.url), site)
    tasks = [Task(url, "post", "listing", task.depth + 1) for url in named]
    blog_pages = _blog_pages(task, view, site) if task.depth <= 1 else []
    if task.depth <= 1:
        twins = listings.twins(view.tree, view.base, site)
        tasks = [*_sources(task, page, view, site, guess=not blog_pages), *tasks, *blog_pages]
        tasks += [Task(url, "listing", "hreflang", task.depth + 1) for url in twins]
    if_news = _following(task, view, site, named=len(named), has_blog=bool(blog_pages))
    in_reserve = _archives(task, view, "archive-late") if if_news and not blog_pages else []
    if task.depth < _MAX_HOME_DEPTH and len(named) < _FEW and not any(found.kind == "listing" for found in tasks):
        tasks = [*(found for found in tasks if found.kind != "post"), *_anything(task, view, site)]
        if task.source == "start":
            guessed = listings.blog_guesses(view.tree, view.url, site)
            tasks += [Task(url, "listing", "blog-guess", task.depth + 1) for url in guessed]
    elsewhere = listings.blog_elsewhere(view.tree, view.base, site) if task.source == "start" else None
    return Found(_once([*tasks, *in_reserve], view.url), _once(if_news, view.url), elsewhere=elsewhere)


def _own(named: list[str], site: str) -> list[str]:
    """Return what a listing names in the blog's folder where that is most of it, else all: posts may lie outside."""
    inside = [url for url in named if urls.in_site(url, site)]
    return inside if 2 * len(inside) >= len(named) else named


def _following(task: Task, view: _View, site: str, *, named: int, has_blog: bool) -> list[Task]:
    """Return a listing's next page; where it shows none, the likeliest, else the archives that hold the older posts."""
    shown = listings.following(view.tree, view.links, view.url, site)
    if shown:
        return [Task(url, "listing", "listing", task.depth + 1) for url in shown]
    guessed = listings.next_guess(view.tree, view.url) if named >= _MANY else []
    if guessed:
        return [Task(url, "listing", "listing-guess", task.depth + 1) for url in guessed]
    return [] if has_blog else _archives(task, view, "archive")


def _archives(task: Task, view: _View, source: str) -> list[Task]:
    """Return the archives that a home page or a blog's first page links to."""
    if task.depth > _MAX_HOME_DEPTH:
        return []
    return [Task(url, "listing", source, task.depth + 1) for url in listings.archives(view.links)]


def _read_post(task: Task, view: _View, site: str) -> Found:
    if not view.verdict.is_post and not view.signs.not_found and view.signs.teasers >= 3:
        named = listings.teasers(view.links, view.url)
    elif view.verdict.is_post:
        named = listings.linked_posts(_leading(view, site), view.url)
    else:
        named = []
    if urls.in_site(view.url, site):
        named = [url for url in named if urls.in_site(url, site)]
    is_part = "part" in (task.source, *task.evidence)
    parts = view.signs.parts if is_part or (view.verdict.is_post and numbered(view.url) is None) else ()
    tasks = [Task(url, "post", "part", task.depth + 1) for url in parts]
    chain = listings.prev_next(view.links) if view.verdict.is_post else set()
    others = [(url, "link-beside" if url in chain else "link") for url in named if url not in parts and not is_part]
    tasks += [Task(url, "post", source, task.depth + 1) for url, source in others]
    if not view.verdict.is_post and task.depth <= _MAX_HOME_DEPTH and task.source in _LINKED:
        tasks += _blog_pages(task, view, site)
    if view.verdict.is_post:
        tasks += [Task(url, "post", "hreflang", task.depth + 1) for url in listings.twins(view.tree, view.base, site)]
    return Found(_once(tasks, view.url))


def _leading(view: _View, site: str) -> Sequence[Link]:
    """Return the links of a post that may lead to others: outside of the blog's folder not those of its text.

    A blog at `/blog/` whose posts lie at the root shares it with all other sections of the host.
    """
    if urls.in_site(view.url, site):
        return view.links
    return [link for link in view.links if link.place != "main" or link.heading or urls.in_site(link.url, site)]


def _sources(task: Task, page: Page, view: _View, site: str, *, guess: bool) -> list[Task]:
    """Return the feeds, APIs and sitemaps that a page names; with `guess` the likeliest feed where it names none."""
    api = listings.rest_tasks(view.tree, page.header("link") or "", view.base, site)
    named = listings.feed_tasks(view.tree, view.base, site)
    if not named and guess:
        named = listings.feed_guess(view.tree, view.base, site)
    maps = [
        found
        for element in view.tree.iter("link")
        if (element.get("rel") or "").lower() == "sitemap"
        for found in named_sitemap(element.get("href"), view.base, site, task.depth)
    ]
    return [*maps, *api, *named]


def _blog_pages(task: Task, view: _View, site: str) -> list[Task]:
    named = (url for url in listings.blog_pages(view.links, view.url) if urls.in_site(url, site))
    return [Task(url, "listing", "link", task.depth + 1) for url in named]


def _anything(task: Task, view: _View, site: str) -> list[Task]:
    """Return every link of a page that names hardly a post and no blog: one of them may lead there, or be a post."""
    kinds = {link.url: urls.kind_by_url(link.url) for link in view.links if urls.in_site(link.url, site)}
    return [
        Task(url, "listing" if kind == "listing" else "post", "link", task.depth + 1)
        for url, kind in kinds.items()
        if kind in ("post", "unknown", "listing")
    ][:_MAX_HOME_LINKS]


def _once(tasks: Sequence[Task], own: str) -> tuple[Task, ...]:
    """Return each address once, the page itself left out; the first task for it wins."""
    seen = {own}
    kept = []
    for task in tasks:
        if task.url not in seen:
            seen.add(task.url)
            kept.append(task)
    return tuple(kept)
