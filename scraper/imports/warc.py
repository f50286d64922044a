"""Read web archives: WARC 1.0 and 1.1 (ISO 28500), plain or packed with gzip, record by record or as a whole."""

from __future__ import annotations

import gzip
import io
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO, Final

from scraper import urls
from scraper.imports import http
from scraper.imports.files import MAX_DOCUMENT_BYTES, RefusedError
from scraper.model import Failure, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import WriteableBuffer

    from scraper.imports.addresses import Addresses
    from scraper.imports.files import File
    from scraper.imports.options import ImportOptions

MAX_RATIO: Final = 100
"""How many times its packed length an archive of more than 64 MB may unpack to. Web pages reach 5 to 20."""

_FREE_BYTES: Final = 64 * 1024 * 1024
_MAX_LINE: Final = 64 * 1024
_MAX_HEADERS: Final = 200
_PIECE: Final = 1 << 18
_KEPT_HEADERS: Final = frozenset(("content-type", "content-language", "last-modified", "etag", "link", "x-robots-tag"))
_DAMAGED: Final = (EOFError, zlib.error, gzip.BadGzipFile)


@dataclass(frozen=True, slots=True)
class _Record:
    """A record: its headers with lower-case names, and its block where it is short enough to be wanted."""

    headers: dict[str, str]
    block: bytes | None

    def get(self, name: str) -> str:
        return self.headers.get(name, "")


def read(file: File, addresses: Addresses, options: ImportOptions) -> Iterator[Page | Failure]:
    """Yield the HTML pages of an archive that were answered with 200; of several captures of a URL, each newer one.

    What only repeats an earlier capture (revisit), requests, pictures and the like are passed over. Where the archive
    breaks off, what stood before is yielded and then a `Failure`.
    """
    captured: dict[str, datetime] = {}
    found = 0
    try:
        with file.open() as stream:
            for record in _records(_unpacked(stream)):
                outcome = _outcome(record, file, addresses, options) if record else _lost(file)
                if isinstance(outcome, Page):
                    found += 1
                    if not _is_news(outcome, file, captured, addresses):
                        continue
                if outcome is not None:
                    yield outcome
    except RefusedError as refusal:
        yield Failure(file.source, str(refusal))
    except _DAMAGED:
        yield Failure(file.source, "The archive breaks off or is damaged; what stands before that was imported.")
    else:
        if not found:
            yield Failure(file.source, "The archive has no HTML pages in it.")


def _is_news(page: Page, file: File, captured: dict[str, datetime], addresses: Addresses) -> bool:
    """Return whether nothing as new was read of this URL; other files keep what they have taken."""
    if page.url not in captured and addresses.take(page.url, file.source) is not None:
        return False
    known = captured.get(page.url)
    if known is not None and known >= page.fetched_at:
        return False
    captured[page.url] = page.fetched_at
    return True


def _outcome(record: _Record, file: File, addresses: Addresses, options: ImportOptions) -> Page | Failure | None:
    """Return the page in a record; `None` where it holds something else."""
    kind = record.get("warc-type")
    address = record.get("warc-target-uri").strip("<>")
    if kind not in ("response", "resource") or not address:
        return None
    try:
        url = urls.canonical(address)
        response = _response(record)
        if response is None or response.status != 200 or not _is_html(response):
            return None
        body = http.decoded(response)
    except ValueError:
        return None
    except RefusedError as refusal:
        return Failure(address, str(refusal))
    if not body.strip():
        return Failure(url, "The page is empty.")
    return Page(
        site=addresses.site_of(url),
        url=url,
        final_url=url,
        status=200,
        headers=tuple((name, value) for name, value in response.headers if name in _KEPT_HEADERS),
        body=body,
        fetched_at=_time(record.get("warc-date")) or options.fetched_at,
        evidence=("import",),
        source=file.source,
    )


def _lost(file: File) -> Failure:
    return Failure(
        file.source, "A record's length is a lie or something was put between two; reading went on behind it."
    )


def _response(record: _Record) -> http.Response | None:
    if record.block is None:
        if record.get("content-type").startswith(("application/http", "text/html")):
            raise RefusedError(f"The record is longer than {MAX_DOCUMENT_BYTES >> 20} MB; it was left out.")
        return None
    if record.get("warc-type") == "resource":
        return http.Response(200, (("content-type", record.get("content-type")),), record.block)
    return http.parse(record.block)


def _is_html(response: http.Response) -> bool:
    media_type = response.header("content-type").partition(";")[0].strip().lower()
    return media_type in ("text/html", "application/xhtml+xml")


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class _Counted(io.RawIOBase):
    """A stream that knows how much was read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        data = self._stream.read(len(view))
        view[: len(data)] = data
        self.count += len(data)
        return len(data)


class _Unpacked(io.RawIOBase):
    """An unpacked stream of gzip members that raises `RefusedError` where far too much comes out of them."""

    def __init__(self, packed: BinaryIO, source: _Counted) -> None:
        self._members = gzip.GzipFile(fileobj=packed)
        self._source = source
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        # All at once would lose what stands before a place where the archive breaks off.
        data = self._members.read1(len(view))
        view[: len(data)] = data
        self._count += len(data)
        if self._count > max(_FREE_BYTES, MAX_RATIO * self._source.count):
            raise RefusedError("The archive unpacks to far more than it should; the rest of it was left out.")
        return len(data)


def _unpacked(stream: BinaryIO) -> BinaryIO:
    """Return the stream of records, unpacked where it is packed."""
    source = _Counted(stream)
    raw = io.BufferedReader(source, _PIECE)
    if raw.peek(2)[:2] != b"\x1f\x8b":
        return raw
    return io.BufferedReader(_Unpacked(raw, source), _PIECE)


def _records(stream: BinaryIO) -> Iterator[_Record | None]:
    """Yield the records one after the other; `None` where what follows one is no record, as after a lying length."""
    lost = False
    while line := _next_line(stream):
        if not line.startswith(b"WARC/"):
            if not lost:
                yield None
            lost = True
            continue
        lost = False
        headers = _headers(stream)
        length = headers.get("content-length", "")
        if not length.isdecimal() or len(length) > 15:
            yield None
            lost = True
            continue
        yield _Record(headers, _block(stream, int(length), headers.get("warc-type", "")))


def _next_line(stream: BinaryIO) -> bytes:
    """Return the next line that is not blank; empty at the end."""
    while line := stream.readline(_MAX_LINE):
        if line.strip():
            return line
    return b""


def _headers(stream: BinaryIO) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(_MAX_HEADERS):
        line = stream.readline(_MAX_LINE)
        if not line.strip():
            break
        name, _, value = line.decode("utf-8", "replace").partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    return headers


def _block(stream: BinaryIO, length: int, kind: str) -> bytes | None:
    """Return a record's block, or read past it where it is too long or of no interest."""
    if kind in ("response", "resource") and length <= MAX_DOCUMENT_BYTES + _MAX_LINE:
        block = stream.read(length)
        if len(block) < length:
            raise EOFError
        return block
    left = length
    while left > 0:
        piece = stream.read(min(left, _PIECE))
        if not piece:
            raise EOFError
        left -= len(piece)
    return None
