"""Make pages of the items of WordPress exports, and say by kind what else is in them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from email.utils import parsedate_to_datetime
from html import escape
from typing import TYPE_CHECKING, BinaryIO, Final
from urllib.parse import urljoin

from scraper import urls
from scraper.facts.edit_address import edit_page
from scraper.imports.outcomes import LeftOut, RefusedError, Tally
from scraper.imports.wordpress import builders
from scraper.imports.wordpress.body import render
from scraper.imports.wordpress.items import Item, Namespaces, Raw, item_of, plain, read_raw, text_of
from scraper.model import Failure, Metadata, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.imports.addresses import Addresses
    from scraper.imports.files import File
    from scraper.imports.options import ImportOptions

_MAX_SHARED_CHARACTERS: Final = 32 * 1024 * 1024
"""Characters of reusable blocks that are kept of an export; chosen: more than people write, in bounded memory."""
_CHUNK: Final = 1 << 18
"""Bytes that are read at a time; chosen: a usual size of buffers."""
_NAMED_LINES: Final = 5
"""Damaged lines that a message names; more are counted."""
_UNPUBLISHED: Final = {
    "draft": "draft{s}",
    "auto-draft": "draft{s}",
    "pending": "post{s} waiting for review",
    "future": "scheduled post{s}",
    "private": "private post{s}",
    "trash": "post{s} in the bin",
}
_OWN_TYPES: Final = {
    "attachment": "attachment{s}",
    "nav_menu_item": "menu item{s}",
    "revision": "revision{s}",
    "wp_block": "shared block{s}",
    "guest-author": "guest author{s}",
}
_TWICE: Final = "duplicate{s} of posts in it"


@dataclass(slots=True)
class _Blog:
    """What an export says of the blog as a whole; `authors` go from log-ins to names."""

    fields: dict[str, str] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Return the blog's address, ending in a slash; empty where it is not said."""
        address = (self.fields.get("wp:base_blog_url") or self.fields.get("link") or "").strip()
        return f"{address.rstrip('/')}/" if address else ""


@dataclass(slots=True)
class _Shared:
    """What posts of one blog name and another item holds: blocks by number, guest authors by their short names."""

    blocks: dict[str, str] = field(default_factory=dict)
    guests: dict[str, str] = field(default_factory=dict)


class Exports:
    """The exports of one import, which may be parts of one: posts name what stands in another file."""

    def __init__(self, files: Sequence[File]) -> None:
        self._files = files
        self._shared: dict[str, _Shared] | None = None
        self._room = _MAX_SHARED_CHARACTERS
        self.seen: set[tuple[str, str]] = set()

    def shared(self, blog: str) -> _Shared:
        """Return what the posts of a blog may name; it may stand behind them, so a file that has any is read twice."""
        if self._shared is None:
            self._shared = {}
            for file in self._files:
                self._collect(file, self._shared)
        return self._shared.setdefault(blog, _Shared())

    def _collect(self, file: File, found: dict[str, _Shared]) -> None:
        try:
            with file.open() as stream:
                if not _mentions(stream, (b"wp_block", b"guest-author")):
                    return
            with file.open() as stream:
                blog, items = _opened(stream)
                shared = found.setdefault(blog.address, _Shared())
                for item in items:
                    self._keep(item, shared)
        except (OSError, RefusedError):
            return  # The file is told of when its posts are read.

    def _keep(self, item: Item, shared: _Shared) -> None:
        if not _is_published(item):
            return
        if item.get("wp:post_type") == "wp_block":
            self._room -= len(_body(item))
            if self._room >= 0:
                shared.blocks[item.get("wp:post_id")] = _body(item)
        elif item.get("wp:post_type") == "guest-author":
            meta = dict(item.meta)
            name = plain(meta.get("cap-display_name", "") or item.get("title"))
            for short in (item.get("wp:post_name"), meta.get("cap-user_login", "").strip()):
                if short and name:
                    shared.guests[short] = name


def read(
    file: File, addresses: Addresses, options: ImportOptions, exports: Exports
) -> Iterator[Page | Failure | LeftOut]:
    """Yield the published posts of an export, its pages and items of other types where they are asked for.

    Everything else is counted by kind. An item that can't be read is a `Failure` whose `url` ends in its line.
    """
    tally = Tally()
    lines: list[int] = []
    found = 0
    with file.open() as stream:
        blog, items = _opened(stream)
        shared = exports.shared(blog.address)
        for item in items:
            outcome: Page | Failure | str
            try:
                outcome = _outcome(item, blog, shared, file, addresses, options, exports)
            except RefusedError as refusal:
                lines.append(item.line)
                outcome = Failure(f"{file.source}:{item.line}", str(refusal))
            found += isinstance(outcome, Page)
            if isinstance(outcome, str):
                tally.add(outcome)
            else:
                yield outcome
    if lines:
        tally.note(_unreadable(lines))
    if left := tally.outcome(file.source):
        yield left
    if not found and not lines:
        yield Failure(file.source, _why_nothing(tally))


def _opened(stream: BinaryIO) -> tuple[_Blog, Iterator[Item]]:
    runs = read_raw(stream)
    head = next(runs, Raw(1, ""))
    namespaces = Namespaces(head.text)
    return _blog_of(head.text, namespaces), (item_of(run, namespaces) for run in runs)


def _blog_of(head: str, namespaces: Namespaces) -> _Blog:
    blog = _Blog()
    for element in namespaces.elements(head[head.find("<channel") + 1 :]):
        if element.name == "wp:author":
            about = {one.name: text_of(one.content or "").strip() for one in namespaces.elements(element.content or "")}
            login = about.get("wp:author_login", "")
            blog.authors[login] = about.get("wp:author_display_name", "") or login
        else:
            blog.fields.setdefault(element.name, text_of(element.content or ""))
    return blog


def _mentions(stream: BinaryIO, words: Sequence[bytes]) -> bool:
    before = b""
    while piece := stream.read(_CHUNK):
        if any(word in before + piece for word in words):
            return True
        before = piece[-32:]
    return False


def _outcome(
    item: Item,
    blog: _Blog,
    shared: _Shared,
    file: File,
    addresses: Addresses,
    options: ImportOptions,
    exports: Exports,
) -> Page | Failure | str:
    """Return the page of an item, or the kind of what is left out. Raise `RefusedError` where it can't be read."""
    if item.fault:
        title = plain(item.get("title"))
        named = f' "{title[:80]}"' if title else ""
        raise RefusedError(f"The item{named} is unreadable: {item.fault}.")
    if kind := _why_not(item, options):
        return kind
    number = item.get("wp:post_id")
    if number and (blog.address, number) in exports.seen:
        return _TWICE
    body = builders.body(item, lambda content: render(content, shared.blocks))
    if not body.strip():
        return "published item{s} without text"
    exports.seen.add((blog.address, number))
    return _page(item, body, blog, shared, file, addresses, options)


def _why_not(item: Item, options: ImportOptions) -> str:
    """Return the kind of an item that is not asked for; empty for one that is."""
    kind = item.get("wp:post_type")
    if kind in _OWN_TYPES and kind not in options.types:
        return _OWN_TYPES[kind]
    if item.get("wp:post_password"):
        return "item{s} with a password"
    status = item.get("wp:status")
    if not _is_published(item):
        return _UNPUBLISHED.get(status, f"item{{s}} of status {status[:40]}")
    if kind in ("", "post", *options.types) or (kind == "page" and options.include_pages):
        return ""
    return "published page{s}" if kind == "page" else f"published item{{s}} of type {kind[:40]}"


def _unreadable(lines: Sequence[int]) -> str:
    shown = ", ".join(str(line) for line in lines[:_NAMED_LINES])
    more = f" and {len(lines) - _NAMED_LINES} more" if len(lines) > _NAMED_LINES else ""
    return f"{len(lines)} unreadable at line{'s' if len(lines) > 1 else ''} {shown}{more}"


def _why_nothing(tally: Tally) -> str:
    if pages := tally.count("published page{s}"):
        return f"The export has no published posts, but {pages} pages. To import them: --include-pages"
    return "The export has no published posts that could be taken."


def _is_published(item: Item) -> bool:
    return item.get("wp:status") in ("publish", "") and not item.get("wp:post_password")


def _body(item: Item) -> str:
    return item.get("content:encoded")


def _page(
    item: Item,
    body: str,
    blog: _Blog,
    shared: _Shared,
    file: File,
    addresses: Addresses,
    options: ImportOptions,
) -> Page | Failure:
    title = plain(item.get("title"))
    candidates = _addresses(item, blog, addresses)
    url = next((candidate for candidate in candidates if addresses.take(candidate, file.source) is None), None)
    if url is None:
        why = "has the address of another one" if candidates else "has no address"
        return Failure(candidates[0] if candidates else file.source, f'The post "{title[:80]}" {why}; it was left out.')
    stated = replace(_metadata(item, blog, shared, title), edit_url=_edited_at(item, blog, url))
    return Page(
        site=_site(url, blog, addresses),
        url=url,
        final_url=url,
        status=200,
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=_document(stated, url, body).encode(),
        fetched_at=options.fetched_at,
        reference_body=body,
        stated=stated,
        evidence=("import", "export"),
        source=file.source,
    )


def _addresses(item: Item, blog: _Blog, addresses: Addresses) -> list[str]:
    """Return the post's link, and the address that WordPress keeps for every post by number, as far as they are any."""
    base = blog.address or addresses.folder
    number = item.get("wp:post_id")
    candidates = [item.get("link"), f"?p={number}" if base and number.isdecimal() else "", item.get("guid")]
    found = []
    for candidate in filter(None, candidates):
        try:
            found.append(urls.canonical(urljoin(base, candidate) if base else candidate))
        except ValueError:
            continue
    return found


def _site(url: str, blog: _Blog, addresses: Addresses) -> str:
    if addresses.folder is None and blog.address:
        try:
            site = urls.site_of(blog.address)
        except ValueError:
            return addresses.site_of(url)
        return site if urls.on_host(url, site) else addresses.site_of(url)
    return addresses.site_of(url)


def _metadata(item: Item, blog: _Blog, shared: _Shared, title: str) -> Metadata:
    return Metadata(
        title=title or None,
        author=_author(item, blog, shared) or None,
        published=_published(item),
        modified=_day(item.get("wp:post_modified")),
        language=blog.fields.get("language", "").strip() or None,
        categories=tuple(item.categories),
        tags=tuple(item.tags),
    )


def _edited_at(item: Item, blog: _Blog, url: str) -> str | None:
    """Return where the post is edited, by its number in the export."""
    return edit_page(blog.address, item.get("wp:post_id"), url)


def _author(item: Item, blog: _Blog, shared: _Shared) -> str:
    """Return the authors that plugins for several authors keep as terms, else the one who made the post."""
    names: list[str] = []
    for short, term in item.coauthors:
        known = shared.guests.get(short) or shared.guests.get(term) or blog.authors.get(term)
        names.append(plain(known or blog.authors.get(short.removeprefix("cap-"), "") or term))
    creator = item.get("dc:creator")
    return ", ".join(dict.fromkeys(filter(None, names))) or plain(blog.authors.get(creator, creator))


def _document(stated: Metadata, url: str, body: str) -> str:
    """Return a page that shows the post and nothing else."""
    lang = f' lang="{escape(stated.language)}"' if stated.language else ""
    title = escape(stated.title or "", quote=False)
    return (
        f'<!doctype html>\n<html{lang}>\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<link rel="canonical" href="{escape(url)}">\n</head>\n'
        f'<body class="single single-post">\n<article>\n<h1>{title}</h1>\n'
        f'<div class="entry-content">\n{body}\n</div>\n</article>\n</body>\n</html>\n'
    )


def _day(text: str) -> date | None:
    """Return the day of WordPress's `2024-05-02 10:00:00`; `0000-00-00` is none."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _published(item: Item) -> date | None:
    days = _day(item.get("wp:post_date")), _day(item.get("wp:post_date_gmt")), _mail_day(item.get("pubDate"))
    return next(filter(None, days), None)


def _mail_day(text: str) -> date | None:
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
