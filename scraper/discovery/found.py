"""Hold what a source named, and make tasks of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, cast

from lxml import etree

from scraper import urls
from scraper.model import Metadata, Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element

MAX_TASKS = 50_000
"""Addresses taken from one source; the sitemap protocol allows as many in a file."""

_DOCTYPE = re.compile(rb"<!DOCTYPE(?:[^>\[\"']|\"[^\"]*\"|'[^']*')*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.-]{1,40})", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:[\w-]{1,40}:)?(urlset|sitemapindex|rss|feed|rdf)(?=[\s>/])", re.IGNORECASE)
_ROOT_WITHIN = 500_000
"""Bytes in which a document's root has to begin: plugins print warnings, comments and style sheets before it."""
_BARE_AMPERSAND = re.compile(rb"&(?!(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|\w{1,31});)")


@dataclass(frozen=True, slots=True)
class Found:
    """What a page led to.

    `tasks` are what it names. `if_news` are its following pages, worth fetching only where at least one of `tasks` was
    new or changed. `total` is how many posts the source says the blog has. `elsewhere` is the blog on another host that
    a start page links to.
    """

    tasks: tuple[Task, ...] = ()
    if_news: tuple[Task, ...] = ()
    total: int | None = None
    elsewhere: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A post that a source names, before it is a task. `url` is canonical."""

    url: str
    lastmod: str | None = None
    stated: Metadata | None = None
    reference_body: str | None = None


@dataclass(slots=True)
class Places:
    """Collects addresses of one source: canonical, on the site's host, each once."""

    base: str
    site: str
    seen: set[str] = field(default_factory=set)

    def take(self, href: str | None) -> str | None:
        """Return the canonical address where it is new here and on the site's host, else `None`."""
        url = resolve(href, self.base, self.site)
        if url is None or url in self.seen or len(self.seen) >= MAX_TASKS:
            return None
        self.seen.add(url)
        return url


def resolve(href: str | None, base: str, site: str) -> str | None:
    """Return `href` as a canonical address on the site's host, in https where `base` is; else `None`."""
    if not href:
        return None
    try:
        url = urls.upgrade(urls.canonical(href, base), base)
    except ValueError:
        return None
    return url if urls.on_host(url, site) else None


def post_tasks(named: Sequence[Named], source: str, depth: int, site: str, *, outside: bool) -> tuple[Task, ...]:
    """Return tasks for the posts that a source names.

    Those in the site's folder; where none is and `outside` allows it, all: a blog's own feed at `/blog/feed` may name
    posts at `/their-title`.
    """
    inside = [post for post in named if urls.in_site(post.url, site)]
    chosen = inside or (named if outside else [])
    return tuple(
        Task(
            post.url,
            "post",
            source,
            depth + 1,
            lastmod=post.lastmod,
            stated=post.stated,
            reference_body=post.reference_body,
        )
        for post in chosen
    )


def instant(text: str | None) -> str | None:
    """Return a stated time in one form (UTC, to the second; a day alone as the day), `None` where it is none."""
    moment = _moment(text)
    if moment is None:
        return text.strip()[:40] or None if text else None
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.isoformat()


def day(text: str | None) -> date | None:
    """Return the day of a stated time, as its own clock shows it."""
    moment = _moment(text)
    if isinstance(moment, datetime):
        return moment.date()
    return moment


def xml_events(body: bytes) -> Iterable[_Element]:
    """Yield the elements of a feed or sitemap as they end; stop without an error where it is broken.

    What stands before the root element is left out: messages of PHP, comments, and a DTD, so that no entity that the
    document defines is ever expanded. A bare `&` stands for itself. No network address is ever followed.
    """
    document = document_of(body)
    if document is None:
        return
    declared = b'<?xml version="1.0" encoding="' + document.encoding + b'"?>' if document.encoding else b""
    clean = declared + _with_ampersands(document.data)
    parser = etree.XMLPullParser(
        events=("end",),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for position in range(0, len(clean), 1 << 16):
            parser.feed(clean[position : position + (1 << 16)])
            yield from _ended(parser)
        parser.close()
    except (etree.LxmlError, ValueError):
        pass
    try:
        yield from _ended(parser)
    except (etree.LxmlError, ValueError):
        return


@dataclass(frozen=True, slots=True)
class Document:
    """A feed or sitemap from its root element on. `root` is in lower case, `encoding` what is declared."""

    root: str
    data: bytes
    encoding: bytes


def document_of(body: bytes) -> Document | None:
    """Return a feed or sitemap without what stands before its root element; `None` where it is neither."""
    head = _without_comments(body[:_ROOT_WITHIN])
    encoding = _ENCODING.search(head)
    doctype = head[:10_000].upper().find(b"<!DOCTYPE")
    stated = _DOCTYPE.match(head, doctype) if doctype >= 0 else None
    root = _ROOT.search(head, stated.end() if stated else 0)
    if root is None:
        return None
    name = encoding[1] if encoding and not encoding[1].lower().startswith(b"utf-16") else b""
    return Document(root[1].decode().lower(), head[root.start() :] + body[_ROOT_WITHIN:], name)


def _without_comments(head: bytes) -> bytes:
    pieces, position = [], 0
    while (start := head.find(b"<!--", position)) >= 0 and (end := head.find(b"-->", start)) >= 0:
        if _ROOT.search(head, position, start):
            break
        pieces.append(head[position:start])
        position = end + 3
    return b"".join(pieces) + head[position:]


def _with_ampersands(data: bytes) -> bytes:
    """Return XML in which a bare `&` outside of CDATA is escaped."""
    pieces, position = [], 0
    while (start := data.find(b"<![CDATA[", position)) >= 0 and (end := data.find(b"]]>", start)) >= 0:
        pieces += [_BARE_AMPERSAND.sub(b"&amp;", data[position:start]), data[start : end + 3]]
        position = end + 3
    return b"".join(pieces) + _BARE_AMPERSAND.sub(b"&amp;", data[position:])


def _ended(parser: etree.XMLPullParser) -> Iterable[_Element]:
    for _, element in parser.read_events():
        yield cast("_Element", element)


def local(element: _Element) -> str:
    """Return an element's name without its namespace, in lower case; `""` for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


_ZERO_YEAR = re.compile(r"(?<!\d)000\d(?!\d)")
"""What programs write for a day that nobody stated; read as a year of two digits it would be 2001."""


def _moment(text: str | None) -> datetime | date | None:
    value = (text or "").strip()[:60]
    if not value or _ZERO_YEAR.search(value):
        return None
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return date.fromisoformat(value)
        if value[:4].isdigit():
            moment = datetime.fromisoformat(value.replace(" ", "T", 1) if value[10:11] == " " else value)
        else:
            moment = parsedate_to_datetime(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment
