"""Limit what an answer may cost: its headers while they arrive, its elements before anything reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

from scraper.discovery.sitemaps import unpack

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from scraper.model import TaskKind

MIB = 1024 * 1024
MAX_HEADER_BYTES = 256 * 1024
MAX_BYTES: dict[TaskKind, int] = {"sitemap": 16 * MIB, "rest": 16 * MIB, "feed": 16 * MIB, "robots": 16 * MIB}
MAX_PAGE_BYTES = 5 * MIB
MAX_TAGS = 300_000
"""Tags of a page: at some 250 bytes each in a tree, 75 MB. The longest real pages have a tenth."""
MAX_ENTRIES = 1_000_000
"""Tags of a sitemap or feed, values of an API's answer: a full sitemap of 50,000 URLs has 500,000."""


def max_bytes(kind: TaskKind) -> int:
    """Return how large an answer may be, packed and unpacked."""
    return MAX_BYTES.get(kind, MAX_PAGE_BYTES)


def unpacked(kind: TaskKind, body: bytes) -> bytes:
    """Return a body without the gzip packing that sitemaps and feeds may come in, cut at its limit."""
    return unpack(body, max_bytes(kind)) if kind in ("sitemap", "feed") else body


def is_too_much(kind: TaskKind, body: bytes) -> bool:
    """Tell whether a body holds more elements than memory is kept for. No tree is made to find out."""
    if kind == "robots":
        return False
    if kind == "rest":
        return body.count(b",") + body.count(b"[") + body.count(b"{") > MAX_ENTRIES
    return body.count(b"<") > (MAX_ENTRIES if kind in ("sitemap", "feed") else MAX_TAGS)


class LimitedHandler(HTTP11DownloadHandler):
    """Scrapy's download handler, which ends a connection whose headers do not end."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _limited(self._pool._factory)


def _limited(factory: Any) -> type[Any]:  # noqa: ANN401
    """Return Twisted's protocol factory with a count of the bytes that come before a body."""

    class Limited(factory):  # type: ignore[misc]
        def buildProtocol(self, address: object) -> object:  # noqa: N802
            protocol = super().buildProtocol(address)
            receive = protocol.dataReceived
            size = 0

            def limited(data: bytes) -> None:
                nonlocal size
                parser = getattr(protocol, "_parser", None)
                size = size + len(data) if parser is not None and parser.state in ("STATUS", "HEADER") else 0
                if size > MAX_HEADER_BYTES:
                    protocol.transport.abortConnection()
                else:
                    receive(data)

            protocol.dataReceived = limited
            return protocol

    return Limited
