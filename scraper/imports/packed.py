"""Unpack streams of gzip members and zstd frames: no further than makes sense, and on behind what is damaged."""

from __future__ import annotations

import importlib
import io
import sys
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple, Protocol, cast

from scraper.imports.outcomes import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer

MAX_RATIO: Final = 100
"""How many times its packed length a stream of more than 64 MB may unpack to. Web pages reach 5 to 20."""

FREE_BYTES: Final = 64 * 1024 * 1024
"""Below this length the ratio is of no interest."""

MAX_DICTIONARY_BYTES: Final = 16 * 1024 * 1024
"""The longest dictionary of zstd taken; the tools that make web archives train some of 100 kB."""

GZIP_MAGIC: Final = b"\x1f\x8b"
ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_SKIPPED_MAGIC: Final = b"\x2a\x4d\x18"
DICTIONARY_MAGIC: Final = b"\x5d\x2a\x4d\x18"
_PLAIN_DICTIONARY: Final = b"\x37\xa4\x30\xec"
_PIECE: Final = 1 << 16
"""Bytes that are read and unpacked at a time; chosen: a usual size of buffers."""
_TRIAL_BYTES: Final = 4096
"""Bytes on which a supposed member is tried; chosen: other bytes hardly pass for a deflate stream that long."""
_MAX_SEARCHED: Final = 4 * 1024 * 1024
"""Bytes behind a damaged member in which the next one is looked for again; chosen: larger than a page."""

DAMAGED: Final = "The compressed bytes are damaged or break off."
TOO_MUCH: Final = "The archive unpacks to far more than it should; the rest of it was left out."


class Decoder(Protocol):
    """What unpacks one member or frame, a bounded piece at a time."""

    @property
    def eof(self) -> bool:
        """Return whether the member has ended."""

    @property
    def unused_data(self) -> bytes:
        """Return the bytes that stand behind the end of the member."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take bytes and return up to `max_length` unpacked ones; what could not be returned comes at the next call."""


class _Inflater:
    """zlib's decompressor, which gives back what it could not use, made to keep it."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(zlib.MAX_WBITS | 16)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


@dataclass(frozen=True, slots=True)
class Codec:
    """A way of packing: how a member begins, what unpacks it, and what that raises."""

    magic: bytes
    decoder: Callable[[], Decoder]
    errors: tuple[type[Exception], ...]


GZIP: Final = Codec(GZIP_MAGIC + b"\x08", _Inflater, (zlib.error,))


def zstd(dictionary: bytes = b"") -> Codec:
    """Return the codec of zstd (RFC 8878), with the dictionary that the stream brings along."""
    library = zstd_library()
    known = library.ZstdDict(dictionary) if dictionary else None
    return Codec(ZSTD_MAGIC, lambda: cast("Decoder", library.ZstdDecompressor(known)), (library.ZstdError, ValueError))


def zstd_library() -> Any:  # noqa: ANN401  (one module of two)
    """Return the standard library's zstd, or before Python 3.14 its backport."""
    return importlib.import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")


class CutOffError(RefusedError):
    """Packed bytes end before anything can be unpacked of them."""

    def __init__(self) -> None:
        super().__init__("The compressed bytes are cut off before any text.")


class Unpacked(NamedTuple):
    """What bytes unpack to, and whether they end before they should: then it is what came."""

    data: bytes
    is_cut: bool


def unpack(data: bytes, codec: Codec, limit: int) -> Unpacked | None:
    """Return what all members at the beginning of `data` unpack to, and of one that was cut off what came.

    `None` where it is more than `limit` bytes. Raise `CutOffError` where a stream ends before anything of it came, and
    `RefusedError` where it is damaged.
    """
    stream = Members(io.BytesIO(data), codec, codec.magic)
    pieces: list[bytes] = []
    left = limit
    while piece := stream.read(min(left + 1, 1 << 20)):
        left -= len(piece)
        if left < 0:
            return None
        pieces.append(piece)
    if stream.is_damaged:
        raise RefusedError(DAMAGED)
    if stream.is_broken and not pieces:
        raise CutOffError
    return Unpacked(b"".join(pieces), stream.is_cut_off)


def start_of(head: bytes, length: int) -> bytes:
    """Return the first bytes of what a packed file holds; empty where it can't be unpacked or is not packed."""
    codec = zstd() if head.startswith(ZSTD_MAGIC) else GZIP
    try:
        return codec.decoder().decompress(head, length) if head.startswith(codec.magic) else b""
    except codec.errors:
        return b""


class Members(io.RawIOBase):
    """The unpacked bytes of a stream of members.

    Where a member is damaged or cut off, reading ends as if the stream did, and `is_broken` is true, `is_damaged` where
    it is not only cut off; `resume` goes on with the next member that begins with the bytes `begins`. Without `begins`,
    either is a `RefusedError`, as is far too much.
    """

    def __init__(self, stream: BinaryIO, codec: Codec, begins: bytes = b"") -> None:
        self._stream = stream
        self._codec = codec
        self._begins = begins
        self._decoder: Decoder | None = None
        self._ahead = b""
        self._member = bytearray()
        self._packed = 0
        self._given = 0
        self._member_given = 0
        self.is_broken = False
        self.is_damaged = False
        self.owns: BinaryIO | None = None

    @property
    def is_broken_inside(self) -> bool:
        """Return whether the member that is broken gave bytes before that, which may be wrong."""
        return self.is_broken and self._member_given > 0

    @property
    def is_cut_off(self) -> bool:
        """Return whether the stream ends inside a member."""
        return self.is_broken and not self.is_damaged and self._decoder is not None

    def readable(self) -> bool:
        """Return true: this is a stream to read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer with unpacked bytes and return how many came."""
        view = memoryview(buffer).cast("B")
        data = b"" if self.is_broken else self._next(len(view))
        if self.is_broken and not self._begins:
            raise RefusedError(DAMAGED)
        self._given += len(data)
        self._member_given += len(data)
        if self._given > max(FREE_BYTES, MAX_RATIO * self._packed):
            raise RefusedError(TOO_MUCH)
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the stream below, too, where it is this one's."""
        if self.owns and not self.closed:
            self.owns.close()
        super().close()

    def resume(self) -> bool:
        """Go to the next member that is whole at its beginning; return whether there is one."""
        self._decoder = None
        window = bytes(self._member[1:]) + self._ahead
        self._member.clear()
        while True:
            at = window.find(self._codec.magic)
            while at >= 0 and len(window) - at >= _TRIAL_BYTES:
                if self._is_member(window[at : at + _TRIAL_BYTES]):
                    return self._go_on(window[at:])
                at = window.find(self._codec.magic, at + 1)
            window = window[at:] if at >= 0 else window[-len(self._codec.magic) :]
            more = self._read()
            if not more:
                break
            window += more
        at = window.find(self._codec.magic)
        while at >= 0:
            if self._is_member(window[at:]):
                return self._go_on(window[at:])
            at = window.find(self._codec.magic, at + 1)
        return False

    def _go_on(self, ahead: bytes) -> bool:
        self._ahead = ahead
        self.is_broken = False
        return True

    def _is_member(self, start: bytes) -> bool:
        try:
            return self._codec.decoder().decompress(start, len(self._begins)) == self._begins
        except self._codec.errors:
            return False

    def _next(self, wanted: int) -> bytes:
        """Return unpacked bytes, empty at the end and where a member is broken."""
        while self._decoder or self._begin():
            decoder = cast("Decoder", self._decoder)
            packed, self._ahead = self._ahead, b""
            self._member += packed
            del self._member[: max(0, len(self._member) - _MAX_SEARCHED)]
            try:
                data = decoder.decompress(packed, wanted)
            except self._codec.errors:
                self.is_broken = self.is_damaged = True
                return b""
            if decoder.eof:
                self._ahead = decoder.unused_data
                self._decoder = None
                self._member.clear()
            elif not data:
                self._ahead = self._read()
                self.is_broken = not self._ahead
            if data or self.is_broken:
                return data
        return b""

    def _begin(self) -> bool:
        """Start the next member; return whether there is one. Zeros fill archives up and are no damage."""
        self._fill()
        while self._ahead[1:4] == _SKIPPED_MAGIC and self._codec.magic == ZSTD_MAGIC:
            self._skip(8 + int.from_bytes(self._ahead[4:8], "little"))
            self._fill()
        if not self._ahead.startswith(self._codec.magic):
            self.is_broken = bool(self._ahead.strip(b"\0"))
            self._member_given = 0
            return False
        self._decoder = self._codec.decoder()
        self._member_given = 0
        return True

    def _fill(self) -> None:
        while len(self._ahead) < 8 and (more := self._read()):
            self._ahead += more

    def _skip(self, length: int) -> None:
        while length > len(self._ahead):
            length -= len(self._ahead)
            self._ahead = self._read()
            if not self._ahead:
                return
        self._ahead = self._ahead[length:]

    def _read(self) -> bytes:
        data = self._stream.read(_PIECE)
        self._packed += len(data)
        return data


def inner_name(name: str) -> str:
    """Return the name of what is in a packed file."""
    lower = name.lower()
    return name[: -len(end)] if (end := next((one for one in (".gz", ".zst") if lower.endswith(one)), "")) else name


def unpacked(opened: Callable[[], BinaryIO]) -> Callable[[], BinaryIO]:
    """Return what opens a packed file unpacked; where it is damaged, reading raises `RefusedError`."""
    return lambda: cast("BinaryIO", io.BufferedReader(_owned(opened()), _PIECE))


def _owned(stream: BinaryIO) -> Any:  # noqa: ANN401
    found = members(stream)
    if isinstance(found, Members):
        found.owns = stream
    return found


def members(stream: BinaryIO, begins: bytes = b"") -> Members | BinaryIO:
    """Return the unpacked bytes of a stream that is packed with gzip or zstd, else the stream."""
    raw = io.BufferedReader(cast("Any", stream), _PIECE)
    codec = _codec_of(raw)
    return Members(raw, codec, begins) if codec else raw


def _codec_of(raw: io.BufferedReader) -> Codec | None:
    head = raw.peek(8)[:8]
    if head.startswith(GZIP_MAGIC):
        return GZIP
    if head.startswith(DICTIONARY_MAGIC):
        return zstd(_dictionary(raw))
    return zstd() if head.startswith(ZSTD_MAGIC) or head[1:4] == _SKIPPED_MAGIC else None


def _dictionary(raw: io.BufferedReader) -> bytes:
    """Return the dictionary in the first frame, which may be packed itself (IIPC: WARC compressed with Zstandard)."""
    length = int.from_bytes(raw.read(8)[4:8], "little")
    if length > MAX_DICTIONARY_BYTES:
        raise RefusedError("The archive has a dictionary that is too long.")
    data = raw.read(length)
    if data.startswith(_PLAIN_DICTIONARY):
        return data
    plain = unpack(data, zstd(), MAX_DICTIONARY_BYTES)
    if plain is None:
        raise RefusedError("The archive has a dictionary that is too long.")
    return plain.data
