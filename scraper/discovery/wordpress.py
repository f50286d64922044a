"""Ask WordPress's REST API for its posts (developer.wordpress.org/rest-api) and read its answers."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit

from scraper import urls
from scraper.discovery.found import Found, Named, day, instant, post_tasks, resolve
from scraper.facts.edit_address import edit_page
from scraper.model import Metadata, Page, Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

API_RELATION = "https://api.w.org/"
PAGE_SIZE = 100
"""Posts a request: the most that WordPress's API gives."""
SMALL_PAGE_SIZE = 20
"""Posts a request where a host fails over a full page; chosen: a fifth of the full page."""
_MAX_PAGES = 2000
"""Pages that are asked for in a row; chosen: 40,000 posts at the small size, so that an API that never ends does."""
_FIELDS = "id,type,status,link,date,modified,modified_gmt,lang,title,content,_links,_embedded"
_EMBED = "author,wp:term"
_ORDER = "orderby=modified&order=desc"
_TAGS = re.compile(r"<[^>]*>")


def posts_task(root: str, depth: int, source: str = "rest", *, page: int = 1, size: int = PAGE_SIZE) -> Task:
    """Return the task for a page of an API's posts, those changed last first.

    So a later crawl finds what is new and what changed on the first page. `root` is the API's address, with
    `?rest_route=` where the blog has no pretty addresses.
    """
    params = f"{_ORDER}&per_page={size}&page={page}&_embed={_EMBED}&_fields={_FIELDS}"
    if "rest_route=" in root:
        head = root.split("rest_route=")[0]
        address = f"{head}rest_route={quote('/wp/v2/posts', safe='/')}&{params}"
    else:
        address = f"{root.rstrip('/')}/wp/v2/posts?{params}"
    return Task(urls.canonical(address), "rest", source, depth + 1)


def guesses(base: str, site: str, folder: str | None = None) -> tuple[Task, ...]:
    """Return the likeliest API of a WordPress blog that names none; `folder` is where its files lie."""
    return (posts_task(urls.canonical((folder or urls.folder_of(site)) + "wp-json", base), 0, "rest-guess"),)


def next_guess(task: Task, status: int | None) -> tuple[Task, ...]:
    """Return what to ask after an API that refused or is not there: fewer posts, or the address without rewriting."""
    root, size, page = _parse(task.url)
    if status is not None and (status >= 500 or status == 400) and size > SMALL_PAGE_SIZE and page == 1:
        return (posts_task(root, task.depth - 1, task.source, size=SMALL_PAGE_SIZE),)
    if status in (404, 410, 406) and "rest_route=" not in root and page == 1:
        return (posts_task(root.removesuffix("wp-json") + "?rest_route=/", task.depth - 1, task.source),)
    return ()


def read_posts(page: Page, task: Task, base: str, site: str) -> Found:
    """Return the posts of one page of an API's answer, with their bodies and metadata, and its next page."""
    try:
        data = json.loads(page.body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return Found(tasks=next_guess(task, 404))
    if not isinstance(data, list):
        return Found(tasks=next_guess(task, 404))
    root = _parse(task.url)[0]
    named = [post for item in data if isinstance(item, dict) and (post := _post(item, root, base, site))]
    tasks = post_tasks(named, "rest", task.depth, site, outside=True)
    return Found(tasks=tasks, if_news=_next_page(page, task, len(data)), total=_number(page.header("x-wp-total")))


def _next_page(page: Page, task: Task, got: int) -> tuple[Task, ...]:
    root, size, number = _parse(task.url)
    pages = _number(page.header("x-wp-totalpages"))
    more = number < pages if pages is not None else got >= size
    if not more or number >= _MAX_PAGES:
        return ()
    return (posts_task(root, task.depth - 1, "rest", page=number + 1, size=size),)


def _parse(url: str) -> tuple[str, int, int]:
    """Return the API's root, the page size and the page number of a posts request."""
    parts = urlsplit(url)
    params = parse_qs(parts.query)
    size = _number(params.get("per_page", [""])[0]) or PAGE_SIZE
    number = _number(params.get("page", [""])[0]) or 1
    if "rest_route" in params:
        return f"{parts.scheme}://{parts.netloc}{parts.path}?rest_route=/", size, number
    return f"{parts.scheme}://{parts.netloc}{parts.path.removesuffix('/wp/v2/posts')}", size, number


def _post(item: Mapping[str, Any], root: str, base: str, site: str) -> Named | None:
    link = item.get("link")
    url = resolve(link if isinstance(link, str) else None, base, site)
    if url is None or item.get("status", "publish") != "publish" or item.get("type", "post") != "post":
        return None
    terms = list(_terms(item))
    content = item.get("content")
    protected = isinstance(content, dict) and content.get("protected") is True
    body = _rendered(content)
    stated = Metadata(
        title=_plain(_rendered(item.get("title"))),
        author=", ".join(_authors(item)) or None,
        published=day(_str(item.get("date"))),
        modified=day(_str(item.get("modified"))),
        language=_str(item.get("lang")) or None,
        categories=tuple(name for kind, name in terms if kind == "category"),
        tags=tuple(name for kind, name in terms if kind == "post_tag"),
        edit_url=edit_page(root.partition("?")[0].removesuffix("wp-json"), str(item.get("id")), url),
    )
    changed = instant(_str(item.get("modified_gmt")) or _str(item.get("modified")) or None)
    return Named(url, changed, stated, body if body.strip() and not protected else None)


def _authors(item: Mapping[str, Any]) -> Iterator[str]:
    for author in _embedded(item, "author"):
        if isinstance(author, dict) and (name := _plain(_str(author.get("name")))):
            yield name


def _terms(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for group in _embedded(item, "wp:term"):
        for term in group if isinstance(group, list) else []:
            if isinstance(term, dict) and (name := _plain(_str(term.get("name")))):
                yield _str(term.get("taxonomy")), name


def _embedded(item: Mapping[str, Any], name: str) -> list[Any]:
    embedded = item.get("_embedded")
    values = embedded.get(name) if isinstance(embedded, dict) else None
    return values if isinstance(values, list) else []


def _rendered(value: object) -> str:
    return _str(value.get("rendered")) if isinstance(value, dict) else ""


def _plain(text: str) -> str | None:
    return " ".join(html.unescape(_TAGS.sub("", text)).split())[:500] or None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _str(value: object) -> str:
    return value if isinstance(value, str) else ""
