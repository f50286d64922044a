"""Read WordPress exports (WXR: RSS 2.0 with WordPress's own elements), however long they are."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from datetime import date
from email.utils import parsedate_to_datetime
from html import escape, unescape
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast
from urllib.parse import urljoin

from lxml import etree

from scraper import urls
from scraper.imports.classic import render
from scraper.imports.outcomes import RefusedError
from scraper.model import Failure, Metadata, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scraper.imports.addresses import Addresses
    from scraper.imports.files import File
    from scraper.imports.options import ImportOptions

MAX_ITEM_CHARACTERS: Final = 8 * 1024 * 1024
"""Text of one post with its fields; WordPress itself gives up far below."""

_MAX_SHARED_CHARACTERS: Final = 32 * 1024 * 1024
_CHUNK: Final = 1 << 18
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_DECLARED: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.I)
_TAGS: Final = re.compile(r"<[^<>]*>")
_WP: Final = "http://wordpress.org/export/"
_PREFIXES: Final = {
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
}
_ITEM_FIELDS: Final = frozenset(
    {
        *("title", "link", "pubDate", "guid", "dc:creator", "content:encoded", "wp:post_id", "wp:post_date"),
        *("wp:post_date_gmt", "wp:post_modified", "wp:status", "wp:post_type", "wp:post_password", "wp:post_name"),
    }
)
_CHANNEL_FIELDS: Final = frozenset({"link", "language", "wp:base_blog_url"})
_AUTHOR_FIELDS: Final = frozenset({"wp:author_login", "wp:author_display_name"})


@dataclass(slots=True)
class _Item:
    """An item as the export has it: the fields that matter, categories and tags."""

    fields: dict[str, str] = field(default_factory=dict)
    categories: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.fields.get(name, "").strip()


@dataclass(slots=True)
class _Blog:
    """What an export says of the blog as a whole."""

    fields: dict[str, str] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Return the blog's address, ending in a slash; empty where it is not said."""
        address = (self.fields.get("wp:base_blog_url") or self.fields.get("link") or "").strip()
        return f"{address.rstrip('/')}/" if address else ""


class _Reader:
    """Collects items from a parser's events and keeps nothing else: an export is never in memory as a whole."""

    def __init__(self) -> None:
        self.blog = _Blog()
        self.items: list[_Item] = []
        self._path: list[str] = []
        self._item: _Item | None = None
        self._author: dict[str, str] = {}
        self._domain = ""
        self._wanted = False
        self._text: list[str] = []
        self._length = 0

    def doctype(self, name: str | None, public: str | None, system: str | None) -> None:
        raise RefusedError("The file has a document type of its own, which no WordPress export has.")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _short(tag)
        self._path.append(name)
        if len(self._path) > 64:
            raise RefusedError("The XML is nested too deeply for a WordPress export.")
        if name == "item" and self._item is None:
            self._item = _Item()
            self._length = 0
        elif name == "wp:author":
            self._author = {}
        self._domain = attributes.get("domain", "") if name == "category" else ""
        self._wanted = self._is_wanted(name)
        self._text = []

    def data(self, text: str) -> None:
        if not self._wanted:
            return
        self._length += len(text)
        if self._length > MAX_ITEM_CHARACTERS:
            raise RefusedError("One of the posts is too long; the rest of the file was left out.")
        self._text.append(text)

    def end(self, tag: str) -> None:
        name = _short(tag)
        text = "".join(self._text) if self._wanted else ""
        parent = self._path[-2] if len(self._path) > 1 else ""
        if self._path:
            self._path.pop()
        if self._item is not None:
            self._end_in_item(name, text, parent)
        elif name == "wp:author":
            login = self._author.get("wp:author_login", "").strip()
            self.blog.authors[login] = self._author.get("wp:author_display_name", "").strip() or login
            self._length = 0
        elif parent == "wp:author" and self._wanted:
            self._author[name] = text
        elif parent == "channel" and self._wanted:
            self.blog.fields.setdefault(name, text)
        self._wanted = False
        self._text = []

    def comment(self, text: str) -> None:
        """Pass over a comment of the XML."""

    def close(self) -> None:
        """Nothing is left to do at the end."""

    @property
    def is_open(self) -> bool:
        """Return whether an element has not ended."""
        return bool(self._path)

    def _end_in_item(self, name: str, text: str, parent: str) -> None:
        item = self._item
        if item is None:
            return
        if name == "item":
            self.items.append(item)
            self._item = None
        elif name == "category" and parent == "item":
            terms = item.tags if self._domain in ("post_tag", "tag") else item.categories
            if self._domain in ("category", "post_tag", "tag", "") and (term := _plain(text)) and term not in terms:
                terms.append(term)
        elif self._wanted and parent == "item":
            item.fields.setdefault(name, text)

    def _is_wanted(self, name: str) -> bool:
        if self._item is not None:
            return self._path[-2:-1] == ["item"] and (name in _ITEM_FIELDS or name == "category")
        if self._path[-2:-1] == ["wp:author"]:
            return name in _AUTHOR_FIELDS
        return self._path[-2:-1] == ["channel"] and name in _CHANNEL_FIELDS


def read(file: File, addresses: Addresses, options: ImportOptions) -> Iterator[Page | Failure]:
    """Yield the published posts of an export, and its pages where they are asked for.

    Drafts, scheduled, private and protected posts, the bin, attachments, menus and revisions are left out. Where the
    XML breaks off, what stood before is yielded and then a `Failure`.
    """
    found = left_out = pages = 0
    reader = _Reader()
    numbers: set[str] = set()
    shared = _shared_blocks(file)
    with file.open() as stream:
        for item in _items(stream, reader):
            if isinstance(item, RefusedError):
                yield Failure(file.source, str(item))
                return
            if not _is_published(item) or not _body(item):
                left_out += 1
            elif item.get("wp:post_type") == "page" and not options.include_pages:
                pages += 1
            elif (number := item.get("wp:post_id")) and number in numbers:
                yield Failure(file.source, f"Post {number} is in the export twice; the first was taken.")
            elif item.get("wp:post_type") in ("post", "page", ""):
                found += 1
                numbers.add(number)
                yield _page(item, reader.blog, shared, file, addresses, options)
            else:
                left_out += 1
    if not found:
        yield Failure(file.source, _why_nothing(pages, left_out))


def _shared_blocks(file: File) -> dict[str, str]:
    """Return what posts name by number; it may stand behind them, so an export that has any is read twice."""
    with file.open() as stream:
        if not _mentions(stream, b"wp_block"):
            return {}
    shared: dict[str, str] = {}
    room = _MAX_SHARED_CHARACTERS
    with file.open() as stream:
        for item in _items(stream, _Reader()):
            if isinstance(item, _Item) and item.get("wp:post_type") == "wp_block" and _is_published(item):
                room -= len(_body(item))
                if room >= 0:
                    shared[item.get("wp:post_id")] = _body(item)
    return shared


def _mentions(stream: BinaryIO, word: bytes) -> bool:
    before = b""
    while piece := stream.read(_CHUNK):
        if word in before + piece:
            return True
        before = piece[-len(word) :]
    return False


def _why_nothing(pages: int, left_out: int) -> str:
    if pages:
        return f"The export has no published posts, but {pages} pages. To import them: --include-pages"
    others = f", only {left_out} drafts, attachments and the like" if left_out else ""
    return f"The export has no published posts{others}."


def _items(stream: BinaryIO, reader: _Reader) -> Iterator[_Item | RefusedError]:
    """Yield the items as they are complete; last the reason where the file can't be read to its end."""
    parser = etree.XMLParser(
        target=cast("Any", reader),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        huge_tree=False,
    )
    try:
        for piece in _clean_pieces(stream):
            parser.feed(piece)
            yield from reader.items
            reader.items.clear()
        parser.close()
    except RefusedError as refusal:
        yield from reader.items
        yield refusal
    except etree.XMLSyntaxError as error:
        yield from reader.items
        yield RefusedError(f"The XML breaks off ({error.msg}); what stands before it was imported.")
    else:
        yield from reader.items
        if reader.is_open:
            yield RefusedError("The file is cut off; what stands before the end was imported.")


def _clean_pieces(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the file as UTF-8 without what XML forbids: exports have control characters and broken bytes in them."""
    head = stream.read(_CHUNK)
    decoder = codecs.getincrementaldecoder(_encoding(head))("replace")
    piece = head
    while piece:
        yield _ILLEGAL.sub("", decoder.decode(piece)).encode()
        piece = stream.read(_CHUNK)
    yield _ILLEGAL.sub("", decoder.decode(b"", final=True)).encode()


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    declared = _DECLARED.search(head[:400])
    try:
        name = codecs.lookup(declared[1].decode("ascii")).name if declared else "utf-8"
    except LookupError:
        name = "utf-8"
    return name if name.startswith(("iso8859", "cp125", "koi8")) else "utf-8-sig"


def _short(tag: str) -> str:
    """Return a name with the prefix it usually has, whatever the file calls it."""
    if not tag.startswith("{"):
        return tag
    namespace, _, name = tag[1:].partition("}")
    if namespace.startswith(_WP):
        return f"excerpt:{name}" if namespace.endswith("/excerpt/") else f"wp:{name}"
    return _PREFIXES.get(namespace, "other:") + name


def _is_published(item: _Item) -> bool:
    return item.get("wp:status") in ("publish", "") and not item.get("wp:post_password")


def _body(item: _Item) -> str:
    return item.get("content:encoded")


def _page(
    item: _Item, blog: _Blog, shared: Mapping[str, str], file: File, addresses: Addresses, options: ImportOptions
) -> Page | Failure:
    title = _plain(item.get("title"))
    wishes = _addresses(item, blog, addresses)
    url = next((wish for wish in wishes if addresses.take(wish, file.source) is None), None)
    if url is None:
        why = "has the address of another one" if wishes else "has no address"
        return Failure(wishes[0] if wishes else file.source, f'The post "{title[:80]}" {why}; it was left out.')
    body = render(_body(item), shared)
    stated = _metadata(item, blog, title)
    return Page(
        site=_site(url, blog, addresses),
        url=url,
        final_url=url,
        status=200,
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=_document(stated, url, body).encode(),
        fetched_at=options.fetched_at,
        witness=body,
        stated=stated,
        evidence=("import", "export"),
        source=file.source,
    )


def _addresses(item: _Item, blog: _Blog, addresses: Addresses) -> list[str]:
    """Return the post's link, and the address that WordPress keeps for every post by number, as far as they are any."""
    base = blog.address or addresses.folder
    number = item.get("wp:post_id")
    wishes = [item.get("link"), f"?p={number}" if base and number.isdecimal() else "", item.get("guid")]
    found = []
    for wish in filter(None, wishes):
        try:
            found.append(urls.canonical(urljoin(base, wish) if base else wish))
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


def _metadata(item: _Item, blog: _Blog, title: str) -> Metadata:
    creator = item.get("dc:creator")
    return Metadata(
        title=title or None,
        author=_plain(blog.authors.get(creator, creator)) or None,
        published=_published(item),
        modified=_day(item.get("wp:post_modified")),
        language=blog.fields.get("language", "").strip() or None,
        categories=tuple(item.categories),
        tags=tuple(item.tags),
    )


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


def _plain(text: str) -> str:
    """Return a title or name without the markup and entities that WordPress leaves in them."""
    return " ".join(_TAGS.sub("", unescape(text)).split())


def _day(text: str) -> date | None:
    """Return the day of WordPress's `2024-05-02 10:00:00`; `0000-00-00` is none."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _published(item: _Item) -> date | None:
    days = _day(item.get("wp:post_date")), _day(item.get("wp:post_date_gmt")), _mail_day(item.get("pubDate"))
    return next(filter(None, days), None)


def _mail_day(text: str) -> date | None:
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
