"""Read robots.txt and sitemaps (sitemaps.org: XML, index, gzip, text) into tasks."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from scraper import urls
from scraper.discovery import feeds
from scraper.discovery.found import Found, Named, Places, document_of, instant, local, post_tasks, resolve, xml_events
from scraper.model import Task
from scraper.text.lexicon import word_set
from scraper.urlwords import BLOG_WORDS, SECTION_WORDS

MAX_BYTES = 50 * 1024 * 1024
"""Bytes of a sitemap that are read after decompression; sitemaps.org allows no more."""

MAX_DEPTH = 4
GUESSES = (
    "sitemap.xml",
    "sitemap_index.xml",
    "wp-sitemap.xml",
    "sitemap-index.xml",
    "sitemap.xml.gz",
    "sitemap.txt",
    "sitemap/sitemap.xml",
    "post-sitemap.xml",
    "sitemap.php",
)
"""The usual places, the likeliest first; each is asked for only while no sitemap names a post."""
_LIKELY = GUESSES[:3]
_MAX_NAMED = 100
"""Sitemaps that a page may name; chosen: few enough to be asked."""
_FEW = 3
"""Entries of one shape that may be posts; chosen: plain pages (about, contact) come in twos."""

if TYPE_CHECKING:
    from collections.abc import Mapping

_SitemapKind = Literal["posts", "pages", "archives", "other", "unknown"]
_KINDS: tuple[tuple[_SitemapKind, frozenset[str]], ...] = (
    (
        "archives",
        word_set(
            "category categories tag tags author authors users user taxonomy taxonomies archive archives post_tag "
            "post_format format archiv label labels topic topics categoria etiqueta kategorie schlagwort"
        ),
    ),
    ("posts", BLOG_WORDS - {"p"} | word_set("entries entry blogpost blogposts blog-posts single")),
    ("pages", word_set("page pages static misc seiten seite paginas")),
    (
        "other",
        SECTION_WORDS
        | word_set(
            "attachment attachments image images video videos media product_cat product_tag elementor e-landing-page "
            "landing-page template templates local locations kml"
        ),
    ),
)
_SITEMAP_LINE = re.compile(r"^[^\S\n]*sitemap[^\S\n]*:[^\S\n]*(\S+)", re.IGNORECASE | re.MULTILINE)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(slots=True)
class _Content:
    entries: list[Named]
    children: list[Named]


def read_robots(body: bytes, task: Task, base: str, site: str) -> Found:
    """Return the sitemaps that robots.txt names, and the usual places as guesses: what it names may be long gone."""
    places = Places(base, site)
    text = _text(body).replace("\r", "\n")
    named: list[Task] = []
    for match in _SITEMAP_LINE.finditer(text):
        if (url := places.take(match[1])) and len(named) < _MAX_NAMED:
            named.append(Task(url, "sitemap", "sitemap", task.depth + 1))
    guessed = guesses(base, site, has_named=bool(named))
    return Found(tasks=(*named, *(guess for guess in guessed if guess.url not in places.seen)))


def guesses(base: str, site: str, *, has_named: bool = False) -> tuple[Task, ...]:
    """Return the usual places of a sitemap, the likeliest first: at the host's root, then in the blog's folder.

    Where robots.txt names none, a host that lacks the likeliest has hardly another: those are the last resort.
    """
    folder = urls.folder_of(site)
    likely = [*(f"/{name}" for name in _LIKELY), *(f"{folder}{name}" for name in _LIKELY if folder != "/")]
    others = [f"/{name}" for name in GUESSES if name not in _LIKELY]
    sources = [*((path, "sitemap-guess") for path in likely)]
    sources += [(path, "sitemap-guess" if has_named else "sitemap-guess-late") for path in others]
    return tuple(Task(urls.canonical(path, base), "sitemap", source, 1) for path, source in sources)


def read_sitemap(body: bytes, task: Task, base: str, site: str) -> Found:
    """Return the posts and the further sitemaps that a sitemap names."""
    data = unpack(body)
    content = _content(data, base, site)
    if content is None:
        return feeds.read_feed(data, task, base, site)
    if content.children and task.depth <= MAX_DEPTH:
        return Found(tasks=_children(content.children, task))
    kind = _kind(task.url) if task.source != "sitemap-posts" else "posts"
    if task.source == "sitemap-other" or not content.entries:
        return Found()
    if kind in ("archives", "pages", "other") and not task.source.startswith("sitemap-guess"):
        return Found()
    return Found(tasks=_posts(content.entries, task, site, typed=kind == "posts"))


def _text(data: bytes) -> str:
    """Decode a text by its byte order mark, else as UTF-8."""
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
    return data.decode(encoding, "replace").lstrip("\ufeff")


def unpack(body: bytes, limit: int = MAX_BYTES) -> bytes:
    """Return `body` without its gzip packing, cut at `limit` bytes, and in UTF-8 where it was in UTF-16."""
    data = body
    for _ in range(2):
        if not data.startswith(b"\x1f\x8b"):
            break
        data = _gunzip(data, limit)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = re.sub(rb"^<\?xml[^>]*\?>", b"", data[:limit].decode("utf-16", "replace").encode())
    return data[:limit]


def _gunzip(body: bytes, limit: int) -> bytes:
    out: list[bytes] = []
    size = 0
    rest = body
    while rest.startswith(b"\x1f\x8b") and size < limit:
        unpacker = zlib.decompressobj(31)
        try:
            piece = unpacker.decompress(rest, limit - size)
        except zlib.error:
            break
        out.append(piece)
        size += len(piece)
        rest = unpacker.unused_data
    return b"".join(out)


def _content(data: bytes, base: str, site: str) -> _Content | None:
    """Return what a sitemap holds; `None` where it is none."""
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"http://", b"https://", b"/", b"#")) and b"<" not in head:
        return _text_content(data, base, site)
    document = document_of(data)
    is_sitemap = document is not None and document.root in ("urlset", "sitemapindex")
    return _xml_content(data, base, site) if is_sitemap else None


def _text_content(data: bytes, base: str, site: str) -> _Content:
    places = Places(base, site)
    lines = (line.strip() for line in _text(data).splitlines())
    return _Content([Named(url) for line in lines if not line.startswith("#") and (url := places.take(line))], [])


def _xml_content(data: bytes, base: str, site: str) -> _Content:
    places = Places(base, site)
    content = _Content([], [])
    for element in xml_events(data):
        name = local(element)
        if name not in ("url", "sitemap"):
            continue
        fields: dict[str, str] = {}
        twins: list[str] = []
        for child in element:
            if local(child) == "link" and child.get("hreflang"):
                twins.append(child.get("href") or "")
            elif local(child) in ("loc", "lastmod") and "image" not in str(child.tag) and "video" not in str(child.tag):
                fields.setdefault(local(child), (child.text or "").strip())
        target = content.entries if name == "url" else content.children
        if url := places.take(fields.get("loc")):
            target.append(Named(url, instant(fields.get("lastmod"))))
        target.extend(Named(twin) for href in twins if (twin := places.take(href)))
        element.clear()
        previous, parent = element.getprevious(), element.getparent()
        if previous is not None and parent is not None:
            parent.remove(previous)
    return content


def _children(children: list[Named], task: Task) -> tuple[Task, ...]:
    """Return the sub-sitemaps that may hold posts: those named for posts, else all that are not named for others."""
    kinds = {child.url: _kind(child.url) for child in children}
    wanted = {"posts"} if "posts" in kinds.values() else {"unknown"}
    chosen = [child for child in children if kinds[child.url] in wanted]
    if not chosen:
        chosen = [child for child in children if kinds[child.url] != "archives"]
    return tuple(
        Task(
            child.url,
            "sitemap",
            "sitemap-posts" if kinds[child.url] == "posts" else "sitemap",
            task.depth + 1,
            lastmod=child.lastmod,
        )
        for child in chosen
    )


def _kind(url: str) -> _SitemapKind:
    """Tell from a sub-sitemap's name what it lists."""
    parts = urlsplit(url)
    stem = re.sub(r"\.(?:xml|txt|php|gz|aspx?)", "", parts.path.rsplit("/", 1)[-1].lower())
    text = re.sub(r"sitemaps?|index", "-", stem) + "-" + parts.query.lower()
    stripped = text.removeprefix("wp-").replace("posts-", "", 1) if "posts-" in text and "wp-" in stem else text
    names = {word for word in re.split(r"[^a-zà-ÿ_]+", stripped) if word and word not in ("wp", "xml", "type")}
    if "wp-sitemap" in stem:
        return _wordpress_kind(stem)
    for kind, known in _KINDS:
        if names & known:
            return kind
    return "unknown"


def _wordpress_kind(stem: str) -> _SitemapKind:
    if "-taxonomies-" in stem or "-users-" in stem:
        return "archives"
    found = re.search(r"-posts-([\w-]+?)-\d+$", stem)
    if not found:
        return "unknown"
    if found[1] in BLOG_WORDS:
        return "posts"
    return "pages" if found[1] == "page" else "other"


def _posts(entries: list[Named], task: Task, site: str, *, typed: bool) -> tuple[Task, ...]:
    """Return the entries that may be posts, the likeliest first."""
    if typed:
        named = [entry for entry in entries if urls.kind_by_url(entry.url) not in ("asset", "feed")]
        named = [entry for entry in named if urlsplit(entry.url).path != "/" or "?" in entry.url]
        return post_tasks(named, "sitemap-posts", task.depth, site, outside=True)
    kinds = {entry.url: urls.kind_by_url(entry.url) for entry in entries}
    sure = [entry for entry in entries if kinds[entry.url] == "post"]
    named = sure + _likely_first([entry for entry in entries if kinds[entry.url] == "unknown"])
    tasks = post_tasks(named, "sitemap", task.depth, site, outside=False)
    return (*tasks, *post_tasks(_doubtful(entries, kinds, len(tasks)), "doubt", task.depth, site, outside=False))


def _doubtful(entries: list[Named], kinds: Mapping[str, urls.UrlKind], plausible: int) -> list[Named]:
    """Return the entries that do not look like posts, but are so many of one shape that they may be.

    A blog may keep its posts in any folder. The first of a shape are tried; the rest follow only where they are posts.
    """
    wanted = ("listing", "variant") if plausible >= _FEW else ("listing", "variant", "page")
    shapes: dict[str, list[Named]] = {}
    for entry in entries:
        if kinds[entry.url] in wanted and not urls.page_number(entry.url) and not urls.is_date_archive(entry.url):
            shapes.setdefault(urls.shape(entry.url), []).append(entry)
    return [entry for same in shapes.values() if len(same) >= max(_FEW, plausible) for entry in same]


def _likely_first(entries: list[Named]) -> list[Named]:
    """Return the entries with long names and a date first, and within these spread over the sitemap.

    So that the first few tell what the rest is worth: sitemaps often begin with a site's plain pages.
    """
    buckets: dict[tuple[bool, bool], list[Named]] = {}
    for entry in entries:
        name = urlsplit(entry.url).path.rstrip("/").rsplit("/", 1)[-1]
        buckets.setdefault((len(re.split(r"[-_]|%20", name)) < 4, entry.lastmod is None), []).append(entry)
    return [entry for key in sorted(buckets) for entry in _spread(buckets[key])]


def _spread(entries: list[Named]) -> list[Named]:
    """Return the entries in the order of a van der Corput sequence: every beginning of it samples all of them."""
    bits = max(len(entries) - 1, 1).bit_length()
    order = [int(format(number, f"0{bits}b")[::-1], 2) for number in range(1 << bits)]
    return [entries[place] for place in order if place < len(entries)]


def named_sitemap(href: str | None, base: str, site: str, depth: int) -> tuple[Task, ...]:
    """Return the task for a sitemap that a page links to."""
    url = resolve(href, base, site)
    return (Task(url, "sitemap", "sitemap", depth + 1),) if url else ()
