"""Read web archives: WARC 1.0 and 1.1 (ISO 28500), plain or packed, by record or as a whole."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from scraper import urls
from scraper.imports import http, packed
from scraper.imports.files import MAX_DOCUMENT_BYTES
from scraper.imports.outcomes import LeftOut, RefusedError, Tally
from scraper.model import Failure, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.imports.addresses import Addresses
    from scraper.imports.files import File
    from scraper.imports.options import ImportOptions

_MAX_LINE: Final = 64 * 1024
_MAX_HEADERS: Final = 200
"""Bytes of a header line and lines of a header that are read; chosen: more than servers send."""
_PIECE: Final = 1 << 18
"""Bytes that are read at a time; chosen: few pages are larger."""
_KEPT_HEADERS: Final = frozenset(("content-type", "content-language", "last-modified", "etag", "link", "x-robots-tag"))
_CUT: Final = datetime.min.replace(tzinfo=UTC)
"""When a page that is cut off counts as captured: any whole capture is newer."""
_RECORD_START: Final = re.compile(rb"WARC/\d\.\d\r?\n[Ww][Aa][Rr][Cc]-")
_LOOKS_LIKE_HTML: Final = re.compile(rb"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype html|html|head|body)\b", re.I | re.S)


@dataclass(frozen=True, slots=True)
class _Record:
    """A record: its headers with lower-case names, and its block where it is short enough to be wanted."""

    headers: dict[str, str]
    block: bytes | None

    def get(self, name: str) -> str:
        return self.headers.get(name, "")


class _Capture(NamedTuple):
    """A page, and whether its body ends before it should."""

    page: Page
    is_cut: bool


def read(file: File, addresses: Addresses, options: ImportOptions) -> Iterator[Page | Failure | LeftOut]:
    """Yield the HTML pages of an archive that were answered with 200; of several captures of a URL, each newer one.

    A body that is cut off is yielded as far as it came, with a `Failure` that says so, where there is no whole one.

    What only repeats an earlier capture (revisit), other answers, pictures and the like are counted; requests and what
    an archive says of itself are not. Where the archive breaks off, what stood before is yielded and then a `Failure`.
    """
    captured: dict[str, datetime] = {}
    tally = Tally()
    found = lost = 0
    reason = ""
    try:
        with file.open() as stream:
            for record in _all_records(stream):
                lost += record is None
                outcome = _outcome(record, file, addresses, options) if record else None
                if isinstance(outcome, _Capture):
                    found += 1
                    if _is_news(outcome, file, captured, addresses):
                        yield outcome.page
                    else:
                        tally.add("capture{s} of a page that was read before")
                elif isinstance(outcome, str):
                    tally.add(outcome)
                elif outcome is not None:
                    yield outcome
    except RefusedError as refusal:
        reason = str(refusal)
    except EOFError:
        reason = "The archive breaks off or is damaged; what stands before that was imported."
    for url in [url for url, when in captured.items() if when == _CUT]:
        yield Failure(url, "The page is cut off in the archive; what came of it was imported.")
    if lost:
        yield Failure(file.source, _lost(lost))
    if reason or not found:
        yield Failure(file.source, reason or "The archive has no HTML pages in it.")
    if passed := tally.outcome(file.source):
        yield passed


def _is_news(capture: _Capture, file: File, captured: dict[str, datetime], addresses: Addresses) -> bool:
    """Return whether nothing as new was read of this URL; other files keep what they have taken."""
    page = capture.page
    if page.url not in captured and addresses.take(page.url, file.source) is not None:
        return False
    when = _CUT if capture.is_cut else page.fetched_at
    known = captured.get(page.url)
    if known is not None and known >= when:
        return False
    captured[page.url] = when
    return True


def _outcome(
    record: _Record, file: File, addresses: Addresses, options: ImportOptions
) -> _Capture | Failure | str | None:
    """Return the page in a record, the kind of what else it holds, or `None` where that is of no interest."""
    kind = record.get("warc-type")
    address = record.get("warc-target-uri").strip("<>")
    if kind == "revisit":
        return "visit{s} that found nothing new"
    if kind not in ("response", "resource") or not address.lower().startswith(("http://", "https://")):
        return None
    try:
        url = urls.canonical(address)
        response = _response(record)
        if response is None:
            return "file{s} beside pages"
        if response.status != 200:
            return "redirect{s}" if 300 <= response.status < 400 else f"page{{s}} answered {response.status}"
        if not _is_html(response):
            return "file{s} beside pages"
        body, is_cut = http.decoded(response)
    except ValueError:
        return None
    except RefusedError as refusal:
        return Failure(address, str(refusal))
    if not body.strip():
        return Failure(url, "The page is empty.")
    page = Page(
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
    return _Capture(page, is_cut or bool(record.get("warc-truncated")))


def _lost(count: int) -> str:
    noun = "record was" if count == 1 else f"{count} records were"
    start = f"A {noun}" if count == 1 else noun
    return f"{start} damaged, or its length is a lie; reading went on behind it."


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
    if not media_type:
        return _LOOKS_LIKE_HTML.match(response.payload) is not None
    return media_type in ("text/html", "application/xhtml+xml")


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class _Source:
    """A stream into which bytes can be put back."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._ahead = b""

    def back(self, data: bytes) -> None:
        self._ahead = data + self._ahead

    def read(self, length: int) -> bytes:
        if not self._ahead:
            return self._stream.read(length)
        data, self._ahead = self._ahead[:length], self._ahead[length:]
        return data if len(data) == length else data + self._stream.read(length - len(data))

    def line(self) -> bytes:
        """Return the next line, its first `_MAX_LINE` bytes where it is longer; empty at the end."""
        if not self._ahead:
            return self._stream.readline(_MAX_LINE)
        end = self._ahead.find(b"\n", 0, _MAX_LINE) + 1
        if end or len(self._ahead) >= _MAX_LINE:
            return self.read(end or _MAX_LINE)
        start, self._ahead = self._ahead, b""
        return start + self._stream.readline(_MAX_LINE - len(start))

    def filled_line(self) -> bytes:
        """Return the next line that is not blank; empty at the end."""
        return self.blank_and_line()[1]

    def blank_and_line(self) -> tuple[bytes, bytes]:
        """Return blank lines, as far as they are short, and the next line that is not blank."""
        blank = b""
        while line := self.line():
            if line.strip():
                return blank, line
            blank = (blank + line)[:_MAX_LINE]
        return blank, b""


def _all_records(stream: BinaryIO) -> Iterator[_Record | None]:
    """Yield the records, and `None` for each place where one was lost: a damaged member costs what is in it.

    Raise `EOFError` where the archive breaks off.
    """
    unpacked = packed.members(stream, begins=b"WARC/")
    if not isinstance(unpacked, packed.Members):
        yield from _records(_Source(unpacked), unpacked)
        return
    while True:
        buffered = io.BufferedReader(unpacked, _PIECE)
        was_cut = False
        try:
            yield from _records(_Source(buffered), unpacked)
        except EOFError:
            was_cut = True
        finally:
            buffered.detach()
        if not unpacked.is_broken:
            if was_cut:
                raise EOFError
            return
        if not unpacked.resume():
            raise EOFError
        yield None


def _records(source: _Source, unpacked: packed.Members | BinaryIO) -> Iterator[_Record | None]:
    """Yield the records of a stream; `None` where what follows one is no record, as after a length that is a lie.

    A record is given out when what follows it is seen to be one, or the end.
    """
    line = source.filled_line()
    while line:
        if not line.startswith(b"WARC/"):
            yield None
            while line and not line.startswith(b"WARC/"):
                line = source.filled_line()
            continue
        headers = _headers(source)
        length = headers.get("content-length", "")
        if not length.isdecimal() or len(length) > 15:
            line = b"?"
            continue
        record = _Record(headers, _block(source, int(length), headers.get("warc-type", "")))
        blank, line = source.blank_and_line()
        if not line:
            yield None if isinstance(unpacked, packed.Members) and unpacked.is_broken_inside else record
        elif line.startswith(b"WARC/"):
            yield record
        elif rest := _rest(record.block or b""):
            source.back(rest + blank + line)
            yield None
            line = source.filled_line()


def _rest(block: bytes) -> bytes:
    """Return the records that a length that is a lie made a part of another one."""
    found = _RECORD_START.search(block)
    return block[found.start() :] if found else b""


def _headers(source: _Source) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(_MAX_HEADERS):
        line = source.line()
        if not line.strip():
            break
        name, _, value = line.decode("utf-8", "replace").partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    return headers


def _block(source: _Source, length: int, kind: str) -> bytes | None:
    """Return a record's block, or read past it where it is too long or of no interest."""
    if kind in ("response", "resource") and length <= MAX_DOCUMENT_BYTES + _MAX_LINE:
        block = source.read(length)
        if len(block) < length:
            raise EOFError
        return block
    left = length
    while left > 0:
        piece = source.read(min(left, _PIECE))
        if not piece:
            raise EOFError
        left -= len(piece)
    return None
