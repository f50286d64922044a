"""Write raw pages as a web archive that other programs replay: WARC 1.1 (ISO 28500), packed record by record."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import uuid
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.model import Page

_BREAK: Final = re.compile(r"[\x00-\x1f\x7f]+")
_NOT_KEPT: Final = frozenset(("content-encoding", "transfer-encoding", "content-length", "connection", "set-cookie"))
_NAMESPACE: Final = uuid.NAMESPACE_URL


def write_warc(pages: Iterable[Page], stream: BinaryIO, now: datetime) -> int:
    """Write the pages as they were fetched, and return how many.

    What came over HTTP is a `response`, what came from a file a `resource`. A library keeps bodies unpacked, so the
    headers that told of packing are left out. The same pages make the same records.
    """
    about = "software: blogdex\r\nformat: WARC File Format 1.1\r\n"
    stream.write(_record("warcinfo", "", now, "application/warc-fields", about.encode()))
    count = 0
    for page in pages:
        stream.write(_page_record(page))
        count += 1
    return count


def _page_record(page: Page) -> bytes:
    if page.source is not None:
        media_type = page.header("content-type") or "text/html"
        return _record("resource", page.url, page.fetched_at, media_type, page.body)
    block = _response_head(page) + page.body
    return _record("response", page.final_url, page.fetched_at, "application/http;msgtype=response", block, page.body)


def _response_head(page: Page) -> bytes:
    try:
        phrase = HTTPStatus(page.status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [f"HTTP/1.1 {page.status} {phrase}"]
    lines += [f"{_line(name)}: {_line(value)}" for name, value in page.headers if name not in _NOT_KEPT]
    lines += [f"content-length: {len(page.body)}", "", ""]
    return "\r\n".join(lines).encode("utf-8", "replace")


def _record(kind: str, url: str, at: datetime, content_type: str, block: bytes, payload: bytes | None = None) -> bytes:
    digest = _digest(block)
    time = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    fields = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(_NAMESPACE, f'{kind} {url} {time} {digest}')}>",
        "WARC-Date": time,
        "WARC-Target-URI": _line(url),
        "WARC-Block-Digest": digest,
        "WARC-Payload-Digest": _digest(payload) if payload is not None else "",
        "Content-Type": _line(content_type),
        "Content-Length": str(len(block)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return gzip.compress(b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n", mtime=0)


def _digest(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def _line(text: str) -> str:
    """Return a header's name or value without what would begin another one."""
    return _BREAK.sub(" ", text).strip()
