"""Take apart an HTTP response as it went over the wire: status, headers, and the body without its codings."""

from __future__ import annotations

import importlib
import re
import sys
import zlib
from dataclasses import dataclass
from typing import Any, Final

from scraper.imports import packed
from scraper.imports.files import MAX_DOCUMENT_BYTES
from scraper.imports.outcomes import RefusedError
from scraper.imports.packed import Unpacked

_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_STATUS: Final = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})\b")
_CHUNK_SIZE: Final = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[^\r\n]{0,1000}\r?\n")
_TOO_LONG: Final = f"The page unpacks to more than {MAX_DOCUMENT_BYTES >> 20} MB, which no post is."
_DAMAGED: Final = "The page's compressed bytes are damaged."


@dataclass(frozen=True, slots=True)
class Response:
    """A response with its body as it was sent; `headers` have lower-case names."""

    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes

    def header(self, name: str) -> str:
        """Return the first value of a header, `""` where there is none."""
        return next((value for key, value in self.headers if key == name), "")


def parse(message: bytes) -> Response | None:
    """Return the response in these bytes; `None` where they are none."""
    status = _STATUS.match(message)
    end = _HEAD_END.search(message, 0, 1 << 20)
    if status is None or end is None:
        return None
    lines = message[: end.start()].decode("latin-1").splitlines()[1:]
    headers = [
        (name.strip().lower(), value.strip()) for name, mark, value in (line.partition(":") for line in lines) if mark
    ]
    return Response(int(status[1]), tuple(headers), message[end.end() :])


def decoded(response: Response) -> Unpacked:
    """Return the body without chunks and compression. Raise `RefusedError` where it is damaged, too long or unknown.

    A coding that a header claims and the bytes do not have is passed over: tools that save responses often undo it.
    """
    body = Unpacked(response.payload, is_cut=False)
    if "chunked" in response.header("transfer-encoding").lower():
        body = _without_chunks(body.data)
    codings = [coding.strip().lower() for coding in response.header("content-encoding").split(",")]
    for coding in reversed(codings):
        unpacked = _unpacked(body.data, coding)
        body = Unpacked(unpacked.data, body.is_cut or unpacked.is_cut)
    if len(body.data) > MAX_DOCUMENT_BYTES:
        raise RefusedError(_TOO_LONG)
    return body


def _without_chunks(payload: bytes) -> Unpacked:
    """Return the data of chunks (RFC 9112, section 7.1); of a series without its end what came, of none the payload."""
    pieces: list[bytes] = []
    at = 0
    while size := _CHUNK_SIZE.match(payload, at):
        length = int(size[1], 16)
        if length == 0:
            return Unpacked(b"".join(pieces), is_cut=False)
        pieces.append(payload[size.end() : size.end() + length])
        at = size.end() + length
        at += 2 if payload[at : at + 2] == b"\r\n" else 1 if payload[at : at + 1] == b"\n" else 0
    return Unpacked(b"".join(pieces), is_cut=True) if pieces else Unpacked(payload, is_cut=False)


def _unpacked(body: bytes, coding: str) -> Unpacked:
    as_it_is = Unpacked(body, is_cut=False)
    if coding in ("gzip", "x-gzip"):
        return _members(body, packed.GZIP) if body.startswith(packed.GZIP_MAGIC) else as_it_is
    if coding == "deflate":
        is_wrapped = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
        return _inflate(body, zlib.MAX_WBITS if is_wrapped else -zlib.MAX_WBITS)
    if coding in ("", "identity") or body.lstrip()[:1] == b"<":
        return as_it_is
    if coding == "zstd":
        return _members(body, packed.zstd()) if body.startswith(packed.ZSTD_MAGIC) else as_it_is
    if coding == "br":
        return _unpacked_brotli(body)
    raise RefusedError(f'The page is packed as "{coding[:20]}", which is not read here.')


def _members(body: bytes, codec: packed.Codec) -> Unpacked:
    try:
        plain = packed.unpack(body, codec, MAX_DOCUMENT_BYTES)
    except packed.CutOffError:
        raise
    except RefusedError as error:
        raise RefusedError(_DAMAGED) from error
    if plain is None:
        raise RefusedError(_TOO_LONG)
    return plain


def _inflate(body: bytes, window: int) -> Unpacked:
    """Return unpacked bytes; of a stream that was cut off, what came."""
    packer = zlib.decompressobj(window)
    try:
        plain = packer.decompress(body, MAX_DOCUMENT_BYTES + 1)
    except zlib.error as error:
        raise RefusedError(_DAMAGED) from error
    return _checked(plain, is_cut=not packer.eof)


def _unpacked_brotli(body: bytes) -> Unpacked:
    """Return unpacked bytes (RFC 7932); of a stream that was cut off, what came."""
    brotli: Any = importlib.import_module("brotli" if sys.implementation.name != "pypy" else "brotlicffi")
    unpacker = brotli.Decompressor()
    try:
        plain = unpacker.process(body, output_buffer_limit=MAX_DOCUMENT_BYTES + 1)
    except (brotli.error, TypeError) as error:
        raise RefusedError(_DAMAGED) from error
    return _checked(bytes(plain), is_cut=not unpacker.is_finished())


def _checked(plain: bytes, *, is_cut: bool) -> Unpacked:
    """Return what a stream gave, unless that is too much, or nothing before it was cut off."""
    if len(plain) > MAX_DOCUMENT_BYTES:
        raise RefusedError(_TOO_LONG)
    if is_cut and not plain:
        raise packed.CutOffError
    return Unpacked(plain, is_cut)
