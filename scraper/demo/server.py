"""Serve the example blog on a free loopback port."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scraper.demo.reader import POSTS
from scraper.demo.site import Rendered, pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from socket import socket

log = logging.getLogger(__name__)

SHORT = {f"/blog/?p={post.number}": post.path for post in POSTS}
NOT_FOUND = (
    b"<!DOCTYPE html><title>Page not found</title><h1>Page not found</h1><p>That page has moved or never was.</p>"
)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    site: Mapping[str, Rendered]

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:  # noqa: ANN401
        log.debug("The connection with %s broke off", client_address, exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    timeout = 10
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        target = urlsplit(self.path)
        page = self.server.site.get(self.path) or self._without_query(target.path, target.query)
        if page is not None:
            self._page(page)
        elif moved := self._moved(target.path):
            self._answer(HTTPStatus.MOVED_PERMANENTLY, {"Location": moved})
        else:
            self._answer(HTTPStatus.NOT_FOUND, {"Content-Type": "text/html; charset=UTF-8"}, NOT_FOUND)

    do_HEAD = do_GET  # noqa: N815

    def _without_query(self, path: str, query: str) -> Rendered | None:
        """Return the page as WordPress does, which ignores most parameters; past the last page there is none."""
        return None if "paged=" in query or query.startswith("p=") else self.server.site.get(path)

    def _moved(self, path: str) -> str | None:
        """Return where a post's short address or an address without its last slash leads."""
        return SHORT.get(self.path) or (path + "/" if path + "/" in self.server.site else None)

    def _page(self, page: Rendered) -> None:
        etag = '"' + sha256(page.body).hexdigest()[:20] + '"'
        headers = {"ETag": etag, "Last-Modified": format_datetime(page.last_modified, usegmt=True)}
        if self._is_fresh(etag, page.last_modified):
            self._answer(HTTPStatus.NOT_MODIFIED, headers)
        else:
            self._answer(HTTPStatus.OK, {**headers, "Content-Type": page.content_type}, page.body)

    def _is_fresh(self, etag: str, last_modified: datetime) -> bool:
        """Compare validators; an entity tag wins over a date (RFC 9110, section 13.2.2)."""
        known = self.headers.get("If-None-Match")
        if known is not None:
            return known.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in known.split(",")}
        try:
            return last_modified <= parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
        except (ValueError, TypeError):
            return False

    def _answer(self, status: HTTPStatus, headers: Mapping[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: ANN401
        log.debug(format, *args)


@contextmanager
def serve() -> Iterator[str]:
    """Serve the example blog while the context lasts; give the blog's address, "http://127.0.0.1:PORT/blog/"."""
    server = _Server(("127.0.0.1", 0), _Handler)
    base_url = f"http://127.0.0.1:{server.server_port}/blog/"
    server.site = pages(base_url)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="blogdex-demo", daemon=True)
    thread.start()
    try:
        yield base_url
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
