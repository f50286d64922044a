"""Read RSS, Atom, RDF and JSON feeds into tasks with what they state of each post."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lxml import etree

from scraper import urls
from scraper.discovery.found import (
    MAX_TASKS,
    Found,
    Named,
    day,
    document_of,
    instant,
    local,
    post_tasks,
    resolve,
    xml_events,
)
from scraper.model import Metadata, Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

GUESSES = ("feed/", "rss.xml", "atom.xml", "feed.xml", "index.xml", "rss/", "feed.json", "blog-feed.xml")
"""The usual places of a feed, the likeliest first; each is asked for only while nothing names a post."""

_BY_GENERATOR = {
    "wordpress": "feed/",
    "wix": "blog-feed.xml",
    "squarespace": "?format=rss",
    "joomla": "?format=feed&type=rss",
    "drupal": "rss.xml",
    "hugo": "index.xml",
    "blogger": "feeds/posts/default",
    "hexo": "atom.xml",
    "jekyll": "feed.xml",
    "ghost": "rss/",
    "medium": "feed",
    "substack": "feed",
    "hubspot": "rss.xml",
    "movable type": "atom.xml",
    "typepad": "atom.xml",
    "zola": "atom.xml",
    "astro": "rss.xml",
    "eleventy": "feed.xml",
    "gatsby": "rss.xml",
}
"""Where blogging systems put the feed of a blog by default, as their manuals say; below the blog's folder."""
_AT_ROOT = {"wix": "/blog-feed.xml"}
_FULL_TEXT = 1200
"""Characters of text from which an RSS description with paragraphs counts as the whole post and no summary."""

_TAGS = re.compile(r"<[^>]*>")
_CUT = re.compile(r"(?:\[?(?:…|\.\.\.|&#8230;|&hellip;)\]?|→|»)\s*(?:</[^>]*>\s*)*$")
_LAST_PARAGRAPH = re.compile(r"<p\b[^>]*>((?:(?!<p\b).)*?)</p>\s*$", re.IGNORECASE | re.DOTALL)
_HREF = re.compile(r"""href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_BLOCKS = re.compile(r"<(?:p|div|h[1-6]|ul|ol|blockquote|table|pre|figure|br)\b", re.IGNORECASE)


@dataclass(slots=True)
class _Entry:
    links: list[tuple[str, str]] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    categories: list[str] = field(default_factory=list)
    base: str | None = None


@dataclass(slots=True)
class _Feed:
    entries: list[_Entry] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    generator: str = ""
    language: str | None = None


def guesses(base: str, site: str, generator: str) -> tuple[Task, ...]:
    """Return where a page that names no feed may have one: its system's place, and the usual places as guesses."""
    own = next((known for known in _BY_GENERATOR if known in generator.lower()), None)
    folder = urls.folder_of(site)
    sure = []
    if own:
        sure.append(Task(urls.canonical(_AT_ROOT.get(own) or folder + _BY_GENERATOR[own], base), "feed", "feed", 1))
    likely = [urls.canonical(folder + name, base) for name in GUESSES]
    if folder == "/":
        likely.append(urls.canonical("/blog/rss.xml", base))
    return (*sure, *(Task(url, "feed", "feed-guess", 1) for url in likely if all(url != task.url for task in sure)))


def read_feed(body: bytes, task: Task, base: str, site: str) -> Found:
    """Return the posts of a feed with what it states of them, and its next page. A feed of comments names nothing."""
    head = body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    feed = _json_feed(body) if head.startswith(b"{") else _xml_feed(body)
    if feed is None or not feed.entries or _is_comments(feed):
        return Found()
    named = [post for entry in feed.entries if (post := _post(entry, feed, base, site))]
    unique = list({post.url: post for post in reversed(named)}.values())[::-1]
    tasks = post_tasks(unique, "feed", task.depth, site, outside=_is_own_feed(task.url, site))
    return Found(tasks=tasks, if_news=_next_page(feed, task, base, site) if tasks else ())


def _xml_feed(body: bytes) -> _Feed | None:
    document = document_of(body)
    if document is None or document.root not in ("rss", "feed", "rdf"):
        return None
    feed = _Feed()
    for element in xml_events(body):
        name = local(element)
        if name in ("item", "entry"):
            if len(feed.entries) < MAX_TASKS:
                feed.entries.append(_xml_entry(element))
            element.clear()
        elif name in ("channel", "feed"):
            _channel(element, feed)
    return feed


def _channel(element: _Element, feed: _Feed) -> None:
    for child in element:
        name = local(child)
        rel, href = child.get("rel"), child.get("href")
        if name == "link" and rel and href:
            feed.links.setdefault(rel, href)
        elif name == "generator":
            feed.generator = f"{child.get('uri') or ''} {child.text or ''}".lower()
        elif name == "language" and child.text:
            feed.language = child.text.strip()
    feed.language = element.get("{http://www.w3.org/XML/1998/namespace}lang") or feed.language


def _xml_entry(element: _Element) -> _Entry:
    entry = _Entry(base=element.get("{http://www.w3.org/XML/1998/namespace}base"))
    for child in element:
        name, text = local(child), _text(child)
        if name in ("link", "origlink"):
            _add_link(entry, child, name, text)
        elif name in ("guid", "id"):
            if child.get("ispermalink", child.get("isPermaLink", "true" if name == "guid" else "")) != "false":
                entry.links.append(("guid", text))
        elif name in ("author", "creator"):
            entry.values.setdefault("author", _author(child, text))
        elif name == "category":
            entry.categories.append(child.get("term") or text)
        elif name in ("encoded", "content", "description", "summary"):
            _add_text(entry, child, name)
        elif text and name in ("title", "pubdate", "published", "issued", "date", "updated", "modified"):
            entry.values.setdefault(name, text)
    return entry


def _add_link(entry: _Entry, child: _Element, name: str, text: str) -> None:
    rel = "origlink" if name == "origlink" else child.get("rel") or "alternate"
    href = child.get("href") or text
    if (
        href
        and rel in ("alternate", "origlink")
        and child.get("type", "text/html") in ("text/html", "application/xhtml+xml")
    ):
        entry.links.append((rel, href))


def _add_text(entry: _Entry, child: _Element, name: str) -> None:
    kind = (child.get("type") or "").lower()
    if name == "content" and ("media" in str(child.tag) or child.get("src")):
        return
    if kind == "xhtml" and len(child):
        value = etree.tostring(child[0], encoding="unicode", method="html", with_tail=False)
    elif kind in ("", "html", "text/html", "escaped") or name in ("encoded", "description"):
        value = _text(child)
    else:
        value = html.escape(_text(child), quote=False)
    entry.values.setdefault("content" if name in ("encoded", "content") else "summary", value)


def _json_feed(body: bytes) -> _Feed | None:
    try:
        data = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        return None
    feed = _Feed(language=_str(data.get("language")) or None)
    if _str(data.get("next_url")):
        feed.links["next"] = _str(data.get("next_url"))
    feed.entries = [_json_entry(item) for item in data["items"][:MAX_TASKS] if isinstance(item, dict)]
    return feed


def _json_entry(item: Mapping[str, Any]) -> _Entry:
    entry = _Entry()
    entry.links = [("alternate", _str(item.get("url"))), ("guid", _str(item.get("id")))]
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    names = [_str(author.get("name")) for author in authors or [] if isinstance(author, dict)]
    entry.values = {
        "title": _str(item.get("title")),
        "author": ", ".join(name for name in names if name),
        "published": _str(item.get("date_published")),
        "updated": _str(item.get("date_modified")),
        "content": _str(item.get("content_html")),
    }
    tags = item.get("tags")
    entry.categories = [_str(tag) for tag in tags] if isinstance(tags, list) else []
    return entry


def _post(entry: _Entry, feed: _Feed, base: str, site: str) -> Named | None:
    order = {"origlink": 0, "alternate": 1, "guid": 2}
    for _, href in sorted(entry.links, key=lambda link: order[link[0]]):
        url = resolve(href, resolve(entry.base, base, site) or base, site)
        if url is not None and urls.kind_by_url(url) not in ("asset", "feed"):
            break
    else:
        return None
    values = entry.values
    stated = Metadata(
        title=_plain(values.get("title")),
        author=_plain(values.get("author")),
        published=day(_first(values, "published", "pubdate", "issued", "date")),
        modified=day(_first(values, "updated", "modified")),
        language=feed.language,
        categories=tuple(dict.fromkeys(name for raw in entry.categories[:100] if (name := _plain(raw)))),
    )
    changed = _first(values, "updated", "modified")
    return Named(url, instant(changed), stated, _reference_body(values, url))


def _reference_body(values: Mapping[str, str], url: str) -> str | None:
    """Return the post's body where the feed gives all of it; `None` for a summary."""
    content = values.get("content", "")
    if not content.strip():
        content = values.get("summary", "")
        if len(_TAGS.sub("", content)) < _FULL_TEXT or len(_BLOCKS.findall(content)) < 3:
            return None
    content = _without_credit(content, url)
    text = _TAGS.sub("", content).strip()
    return content if text and not _CUT.search(text[-40:]) and not _CUT.search(content[-200:].rstrip()) else None


def _without_credit(content: str, url: str) -> str:
    """Return the body without a last paragraph that only links to the post and its blog, as WordPress adds."""
    last = _LAST_PARAGRAPH.search(content)
    if not last or len(_TAGS.sub("", last[1])) > 300:
        return content
    hrefs = _HREF.findall(last[1])
    own = [href for href in hrefs if _same(href, url)]
    blog = [href for href in hrefs if not _same(href, url) and urlsplit(url).netloc in href]
    return content[: last.start()] if own and blog and len(own) + len(blog) == len(hrefs) == 2 else content


def _same(href: str, url: str) -> bool:
    try:
        return urls.same_page_key(href) == urls.same_page_key(url)
    except ValueError:
        return False


def _next_page(feed: _Feed, task: Task, base: str, site: str) -> tuple[Task, ...]:
    stated = resolve(feed.links.get("next"), base, site)
    if stated and stated != task.url:
        return (Task(stated, "feed", "feed", task.depth),)
    if "wordpress" not in feed.generator:
        return ()
    number = re.search(r"[?&]paged=(\d{1,5})", task.url)
    following = int(number[1]) + 1 if number else 2
    address = re.sub(r"([?&])paged=\d+&?", r"\1", task.url).rstrip("?&")
    address += ("&" if "?" in address else "?") + f"paged={following}"
    return (Task(urls.canonical(address), "feed", "feed", task.depth),)


def _is_own_feed(url: str, site: str) -> bool:
    """Tell whether a feed lies in the blog's folder, or the blog is the whole host."""
    return urls.in_site(url, site)


def _is_comments(feed: _Feed) -> bool:
    marked = sum(any("#comment" in href or "#c" in href[-25:] for _, href in entry.links) for entry in feed.entries)
    return marked * 2 > len(feed.entries)


def _author(element: _Element, text: str) -> str:
    names = [child.text.strip() for child in element if local(child) == "name" and child.text]
    name = names[0] if names else text
    mail = re.fullmatch(r"\S+@\S+\s*\((.+)\)", name)
    return mail[1] if mail else "" if re.fullmatch(r"\S+@\S+", name) else name


def _text(element: _Element) -> str:
    return "".join(str(text) for text in element.itertext()).strip()


def _plain(text: str | None) -> str | None:
    if not text:
        return None
    once = html.unescape(_TAGS.sub("", html.unescape(text) if "&lt;" in text or "<" in text else text))
    return " ".join(once.split())[:500] or None


def _first(values: Mapping[str, str], *names: str) -> str | None:
    return next((values[name] for name in names if values.get(name)), None)


def _str(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
