"""A small blog on 127.0.0.1 that can do what blogs do, and what hostile or broken ones do.

`BlogSite` makes its pages from a list of posts; `FolderSite` serves a mirrored folder. Both count every request.
"""

from __future__ import annotations

import hashlib
import json
import re
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

WORDS = re.findall(
    r"\w+",
    "infusion clinic patient doctor evening question answer visit pain mood sleep walk breath window garden "
    "letter story morning season kitchen friend teacher river market paper table music winter summer lamp "
    "bread colour ",
)
FIRST_DAY = datetime(2024, 1, 3, 9, 30, tzinfo=UTC)


@dataclass
class Answer:
    """What the server sends. `chunks` are sent one after the other with `pause_s` between, instead of the body."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    chunks: Iterator[bytes] | None = None
    pause_s: float = 0.0
    cut_after: int | None = None


@dataclass
class Asked:
    """One request as the server saw it."""

    path: str
    status: int
    at: float
    headers: dict[str, str]


@dataclass
class Post:
    """One post of a `BlogSite`."""

    slug: str
    title: str
    text: str
    published: datetime
    modified: datetime
    in_sitemap: bool = True
    linked: bool = True


def make_post(number: int, slug: str | None = None) -> Post:
    """Make a post that is like no other, the higher its number the newer."""
    seed = hashlib.sha256(str(number).encode()).digest() * 20
    words = [WORDS[byte % len(WORDS)] for byte in seed]
    paragraphs = [" ".join(words[start : start + 60]).capitalize() + "." for start in range(0, 600, 60)]
    day = FIRST_DAY + timedelta(days=number)
    title = f"{words[0]} and {words[1]} number {number}".capitalize()
    return Post(slug or f"{words[0]}-{words[1]}-{number}", title, "\n".join(paragraphs), day, day)


class _QuietServer(ThreadingHTTPServer):
    """Says nothing of clients that hang up."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass


class Server:
    """An HTTP server in a thread, which calls `answer` for every GET and keeps what was asked in `asked`."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.asked: list[Asked] = []
        self.routes: dict[str, Callable[[str, dict[str, str]], Answer]] = {}
        self.per_second: int | None = None
        self.retry_after: str | None = "1"
        self.latency_s = 0.0
        self._served: list[float] = []
        self._lock = threading.Lock()
        self._http = _QuietServer((host, 0), self._handler())
        self.host, self.port = host, self._http.server_port
        self.url = f"http://{host}:{self.port}"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop answering."""
        self._http.shutdown()
        self._http.server_close()

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        """Answer a GET."""
        raise NotImplementedError

    def clear(self) -> list[Asked]:
        """Forget what was asked, and return it."""
        with self._lock:
            asked, self.asked = self.asked, []
        return asked

    def paths(self, status: int | None = None) -> list[str]:
        """Return what was asked, in order."""
        return [one.path for one in self.asked if status in (None, one.status)]

    def _limited(self) -> bool:
        if self.per_second is None:
            return False
        with self._lock:
            now = time.monotonic()
            self._served = [at for at in self._served if now - at < 1.0]
            if len(self._served) >= self.per_second:
                return True
            self._served.append(now)
        return False

    def _reply(self, path: str, headers: dict[str, str]) -> Answer:
        if self._limited():
            wait = {"Retry-After": self.retry_after} if self.retry_after else {}
            return Answer(b"slow down", 429, headers=wait)
        if self.latency_s:
            time.sleep(self.latency_s)
        route = self.routes.get(path) or self.routes.get(path.split("?")[0])
        if route is None:
            prefix = next((key for key in self.routes if key.endswith("*") and path.startswith(key[:-1])), None)
            route = self.routes[prefix] if prefix else None
        return route(path, headers) if route else self.answer(path, headers)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else each answer waits 40 ms for the client's delayed ACK
            wbufsize = -1

            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                reply = server._reply(self.path, headers)
                with server._lock:
                    server.asked.append(Asked(self.path, reply.status, time.monotonic(), headers))
                try:
                    self._send(reply)
                except OSError:
                    self.close_connection = True

            def _send(self, reply: Answer) -> None:
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if reply.content_type:
                    self.send_header("Content-Type", reply.content_type)
                if reply.chunks is not None:
                    self.send_header("Connection", "close")
                    self.end_headers()
                    self.close_connection = True
                    for chunk in reply.chunks:
                        self.wfile.write(chunk)
                        self.wfile.flush()
                        time.sleep(reply.pause_s)
                    return
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body if reply.cut_after is None else reply.body[: reply.cut_after])
                if reply.cut_after is not None:
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        return Handler


class BlogSite(Server):
    """A blog with what is asked for: `sitemap` is "index", "flat" or None; `validators` is a set of "etag", "last-modified".

    `folder` is where the blog lives, e.g. "/blog". `marked_up` posts carry JSON-LD and classes, others only a headline.
    """

    def __init__(
        self,
        posts: int = 12,
        *,
        sitemap: str | None = "index",
        lastmod: bool = True,
        feed: bool = True,
        rest: bool = False,
        validators: frozenset[str] | set[str] = frozenset({"etag", "last-modified"}),
        page_size: int = 5,
        folder: str = "",
        marked_up: bool = True,
        robots: str | None = "User-agent: *\nDisallow:\n",
    ) -> None:
        super().__init__()
        self.posts = {post.slug: post for post in (make_post(number) for number in range(posts))}
        self.sitemap, self.lastmod, self.feed, self.rest = sitemap, lastmod, feed, rest
        self.validators, self.page_size, self.folder, self.marked_up = validators, page_size, folder, marked_up
        self.robots = robots
        self.robots_status = 200
        self.footer = ""
        self.start_url = self.url + folder + "/"

    def newest_first(self) -> list[Post]:
        """Return the posts, newest first."""
        return sorted(self.posts.values(), key=lambda post: post.published, reverse=True)

    def address(self, post: Post) -> str:
        """Return a post's URL."""
        return f"{self.url}{self.folder}/{post.slug}/"

    def addresses(self) -> set[str]:
        """Return every post's URL."""
        return {self.address(post) for post in self.posts.values()}

    def add(self, number: int, **fields: object) -> Post:
        """Publish a post."""
        post = make_post(number)
        for name, value in fields.items():
            setattr(post, name, value)
        self.posts[post.slug] = post
        return post

    def change(self, post: Post) -> None:
        """Edit a post today."""
        post.text += "\nThis paragraph was added later, after a reader asked about it."
        post.modified += timedelta(days=200)

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        """Answer as the blog does."""
        parts = urlsplit(path)
        inside = parts.path.removeprefix(self.folder)
        query = parse_qs(parts.query)
        if parts.path == "/robots.txt":
            return self._robots()
        if self.sitemap and parts.path in ("/sitemap.xml", "/sitemap-posts.xml", "/sitemap-pages.xml"):
            return self._fresh(self._sitemap(parts.path), headers, "application/xml")
        if self.feed and inside in ("/feed/", "/feed"):
            return self._feed(int(query.get("paged", ["1"])[0]), headers)
        if self.rest and parts.path == "/wp-json/wp/v2/posts":
            return self._rest(query)
        if inside in ("", "/") or inside.startswith("/page/"):
            return self._listing(inside, headers)
        if inside == "/about/":
            return self._fresh(self._shell("About us", "<h1>About us</h1><p>We are a clinic.</p>", "page"), headers)
        post = self.posts.get(unquote(inside.strip("/")))
        if post is not None and inside == f"/{post.slug}":
            return Answer(status=301, headers={"Location": self.address(post)})
        if post is None:
            return Answer(self._shell("Not found", "<h1>Nothing here</h1>", "error404").encode(), 404)
        return self._fresh(self._post(post), headers, modified=post.modified)

    def _robots(self) -> Answer:
        if self.robots_status != 200:
            return Answer(b"", self.robots_status)
        if self.robots is None:
            return Answer(b"", 404)
        named = f"Sitemap: {self.url}/sitemap.xml\n" if self.sitemap else ""
        return Answer((self.robots + named).encode(), content_type="text/plain")

    def _fresh(
        self,
        text: str,
        headers: dict[str, str],
        kind: str = "text/html; charset=utf-8",
        modified: datetime | None = None,
    ) -> Answer:
        """Answer 304 where a validator fits, else the text with its validators."""
        body = text.encode()
        given: dict[str, str] = {}
        if "etag" in self.validators:
            given["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if "last-modified" in self.validators and modified:
            given["Last-Modified"] = format_datetime(modified, usegmt=True)
        if given.get("ETag") and headers.get("if-none-match") == given["ETag"]:
            return Answer(status=304, headers=given, content_type="")
        since = headers.get("if-modified-since")
        if "if-none-match" not in headers and since and since == given.get("Last-Modified"):
            return Answer(status=304, headers=given, content_type="")
        return Answer(body, headers=given, content_type=kind)

    def _sitemap(self, path: str) -> str:
        listed = [post for post in self.newest_first() if post.in_sitemap]
        newest = max((post.modified for post in listed), default=FIRST_DAY)
        if path == "/sitemap.xml" and self.sitemap == "index":
            entries = [("/sitemap-posts.xml", newest), ("/sitemap-pages.xml", FIRST_DAY)]
            inner = "".join(f"<sitemap><loc>{self.url}{loc}</loc>{self._mod(at)}</sitemap>" for loc, at in entries)
            return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</sitemapindex>'
        if path == "/sitemap-pages.xml":
            entries = [(self.folder + "/about/", FIRST_DAY)]
        else:
            entries = [(f"{self.folder}/{post.slug}/", post.modified) for post in listed]
        inner = "".join(f"<url><loc>{self.url}{loc}</loc>{self._mod(at)}</url>" for loc, at in entries)
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</urlset>'

    def _mod(self, at: datetime) -> str:
        return f"<lastmod>{at.isoformat()}</lastmod>" if self.lastmod else ""

    def _feed(self, page: int, headers: dict[str, str]) -> Answer:
        chosen = self.newest_first()[(page - 1) * 10 : page * 10]
        if not chosen:
            return Answer(b"", 404)
        items = "".join(
            f"<item><title>{post.title}</title><link>{self.address(post)}</link>"
            f"<pubDate>{format_datetime(post.published)}</pubDate>"
            f"<content:encoded><![CDATA[{_paragraphs(post)}]]></content:encoded></item>"
            for post in chosen
        )
        text = (
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>A blog</title><link>{self.start_url}</link>{items}</channel></rss>"
        )
        return self._fresh(text, headers, "application/rss+xml")

    def _rest(self, query: dict[str, list[str]]) -> Answer:
        size = int(query.get("per_page", ["10"])[0])
        page = int(query.get("page", ["1"])[0])
        everything = self.newest_first()
        chosen = everything[(page - 1) * size : page * size]
        if not chosen:
            return Answer(b'{"code": "rest_post_invalid_page_number"}', 400, "application/json")
        plain = [
            {
                "id": number,
                "link": self.address(post),
                "date_gmt": post.published.strftime("%Y-%m-%dT%H:%M:%S"),
                "modified_gmt": post.modified.strftime("%Y-%m-%dT%H:%M:%S"),
                "type": "post",
                "title": {"rendered": post.title},
                "content": {"rendered": _paragraphs(post)},
            }
            for number, post in enumerate(chosen)
        ]
        pages = -(-len(everything) // size)
        counts = {"X-WP-Total": str(len(everything)), "X-WP-TotalPages": str(pages)}
        return Answer(json.dumps(plain).encode(), content_type="application/json", headers=counts)

    def _listing(self, inside: str, headers: dict[str, str]) -> Answer:
        page = int(inside.strip("/").split("/")[1]) if inside.startswith("/page/") else 1
        linked = [post for post in self.newest_first() if post.linked]
        chosen = linked[(page - 1) * self.page_size : page * self.page_size]
        if not chosen:
            return Answer(self._shell("Not found", "<h1>Nothing here</h1>", "error404").encode(), 404)
        teasers = "".join(
            f'<article class="post"><h2 class="entry-title"><a href="{self.folder}/{post.slug}/">{post.title}</a></h2>'
            f'<time datetime="{post.published.isoformat()}">{post.published:%d %B %Y}</time>'
            f"<p>{post.text[:150]}</p></article>"
            for post in chosen
        )
        if page * self.page_size < len(linked):
            teasers += f'<nav><a rel="next" href="{self.folder}/page/{page + 1}/">Older posts</a></nav>'
        return self._fresh(self._shell("A blog", f"<h1>A blog</h1>{teasers}", "home blog"), headers)

    def _post(self, post: Post) -> str:
        marks = ""
        if self.marked_up:
            stated = {
                "@context": "https://schema.org",
                "@type": "BlogPosting",
                "headline": post.title,
                "datePublished": post.published.isoformat(),
            }
            marks = (
                f'<script type="application/ld+json">{json.dumps(stated)}</script>'
                f'<meta property="og:type" content="article"><link rel="canonical" href="{self.address(post)}">'
            )
        inner = (
            f'<article class="post"><h1 class="entry-title">{post.title}</h1>'
            f'<p class="meta"><time datetime="{post.published.isoformat()}">{post.published:%d %B %Y}</time></p>'
            f'<div class="entry-content">{_paragraphs(post)}</div></article>'
        )
        return self._shell(post.title, inner, "single single-post" if self.marked_up else "", marks)

    def _shell(self, title: str, inner: str, body_class: str, head: str = "") -> str:
        feed = f'<link rel="alternate" type="application/rss+xml" href="{self.folder}/feed/">' if self.feed else ""
        if self.rest:
            feed += f'<link rel="https://api.w.org/" href="{self.url}/wp-json/">'
        menu = f'<nav><a href="{self.folder}/">Blog</a> <a href="{self.folder}/about/">About</a></nav>'
        return (
            f"<!DOCTYPE html><html lang=en><head><title>{title}</title>{feed}{head}</head>"
            f'<body class="{body_class}">{menu}<main>{inner}</main><footer>{self.footer}</footer></body></html>'
        )


def _paragraphs(post: Post) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in post.text.split("\n"))


class FolderSite(Server):
    """A mirrored site: absolute links of its real host point to this server. `hidden` paths answer 404."""

    TYPES: ClassVar[dict[str, str]] = {
        ".html": "text/html; charset=utf-8",
        ".htm": "text/html; charset=utf-8",
        ".xml": "application/xml",
        ".xsl": "text/xsl",
        ".txt": "text/plain",
        ".json": "application/json",
    }

    def __init__(self, root: Path, real_host: str, hidden: Callable[[str], bool] = lambda path: False) -> None:
        super().__init__()
        self.root, self.real_host, self.hidden = root.resolve(), real_host, hidden
        self.changed: dict[str, bytes | None] = {}
        self.start_url = self.url + "/"

    def read(self, path: str) -> bytes | None:
        """Return what stands at a path, links rewritten; `None` where nothing does."""
        name = unquote(urlsplit(path).path)
        if self.hidden(name):
            return None
        if name in self.changed:
            return self.changed[name]
        file = (self.root / name.lstrip("/")).resolve()
        file = file / "index.html" if file.is_dir() else file
        if not file.is_relative_to(self.root) or not file.is_file():
            return None
        body = file.read_bytes()
        for scheme in ("https", "http"):
            body = body.replace(f"{scheme}://{self.real_host}".encode(), self.url.encode())
        return body

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        """Answer as a static host does."""
        name = unquote(urlsplit(path).path)
        body = self.read(path)
        if body is None:
            return Answer(b"<h1>Not found</h1>", 404)
        if not name.endswith("/") and (self.root / name.lstrip("/")).is_dir():
            return Answer(status=301, headers={"Location": name + "/"})
        given = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"', "Last-Modified": "Tue, 21 Jul 2026 08:00:00 GMT"}
        if headers.get("if-none-match") == given["ETag"]:
            return Answer(status=304, headers=given, content_type="")
        kind = self.TYPES.get(Path(name).suffix.lower() or ".html", "application/octet-stream")
        return Answer(body, headers=given, content_type=kind)


@contextmanager
def canary() -> Iterator[list[object]]:
    """Listen on a port that nobody should ever touch; gives the list of those who did."""
    touched: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        done = threading.Event()

        def watch() -> None:
            while not done.is_set():
                try:
                    connection, peer = listener.accept()
                except TimeoutError:
                    continue
                except OSError:
                    return
                touched.append(peer)
                connection.close()

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        touched_port = listener.getsockname()[1]
        touched_list: list[object] = touched
        try:
            yield CanaryPort(touched_port, touched_list)
        finally:
            done.set()
            watcher.join()


class CanaryPort(list[object]):
    """Who touched the canary's port."""

    def __init__(self, port: int, touched: list[object]) -> None:
        super().__init__()
        self.port = port
        self.touched = touched


@cache
def _packed(mib: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(mib)) + packer.flush()


def bomb(mib: int = 64) -> Answer:
    """Return a small gzip answer that unpacks to `mib` MiB."""
    return Answer(_packed(mib), headers={"Content-Encoding": "gzip"})
