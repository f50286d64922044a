"""Look into zip archives of pages without trusting what they say of themselves."""

from __future__ import annotations

import io
import lzma
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, BinaryIO, Final, cast

from scraper.imports.files import File, clean_name, is_hidden, is_wanted, kind_of_rest
from scraper.imports.outcomes import RefusedError, Tally
from scraper.model import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import ExitStack
    from pathlib import Path

    from _typeshed import WriteableBuffer

MAX_DIRECTORY_BYTES: Final = 16 * 1024 * 1024
"""Length of the archive's table of contents, which is read into memory; that of 100,000 files has some 13 MB."""

MAX_RATIO: Final = 100
"""How many times its packed length a file or the whole archive may unpack to. Web pages reach 5 to 20."""

FREE_BYTES: Final = 1024 * 1024
"""Below this length the ratio of one file is of no interest; of a whole archive 64 times as much."""

MAX_TOTAL_BYTES: Final = 16 * 1024 * 1024 * 1024
"""Unpacked from one archive, in all."""

_END: Final = b"PK\x05\x06"
_END_BYTES: Final = 22
_LOCAL_HEADER_BYTES: Final = 30
"""Sizes of the end record and of a file's header without their names and comments (PKWARE APPNOTE 4.3.16, 4.3.7)."""
_ENCRYPTED: Final = 0x1
"""The flag of an encrypted file (PKWARE APPNOTE 4.4.4)."""
_ARCHIVES: Final = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".7z", ".rar", ".jar")
_OTHER_KINDS: Final = (
    (re.compile(r"[^/]+\.(?:dist|egg)-info/[^/]+|EGG-INFO/PKG-INFO"), "a Python package"),
    (re.compile(r"\[Content_Types\]\.xml"), "an Office document"),
    (re.compile(r"META-INF/container\.xml|mimetype"), "an e-book or OpenDocument file"),
    (re.compile(r"AndroidManifest\.xml"), "an app"),
    (re.compile(r"META-INF/MANIFEST\.MF"), "a Java package"),
)
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


@dataclass(slots=True)
class _Budget:
    """What may still be unpacked from an archive."""

    left: int

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise RefusedError("The archive unpacks to far more than it should; the rest of it was left out.")


class _Member(io.RawIOBase):
    """The content of a member, counted against the archive's budget. Whatever is wrong with it is a `RefusedError`."""

    def __init__(self, stream: IO[bytes], budget: _Budget) -> None:
        self._stream = stream
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        try:
            data = self._stream.read(len(view))
        except _BROKEN as error:
            raise RefusedError("The file is damaged inside the archive, or its length is a lie.") from error
        self._budget.spend(len(data))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


def members(path: Path, stack: ExitStack, tally: Tally) -> Iterator[File | Failure]:
    """Yield the members of a zip archive that may hold posts, by name; each that can't be trusted is a `Failure`.

    Nothing is unpacked to disk. The archive stays open as long as the stack.
    """
    name = clean_name(path.name)
    try:
        _check_directory(path)
        archive = stack.enter_context(zipfile.ZipFile(path))
    except RefusedError as refusal:
        yield Failure(name, str(refusal))
        return
    except (*_BROKEN, OSError):
        yield Failure(name, "The archive is damaged and can't be opened.")
        return
    budget = _Budget(min(MAX_TOTAL_BYTES, max(64 * FREE_BYTES, MAX_RATIO * path.stat().st_size)))
    if what := _other_kind(archive.namelist()):
        yield Failure(name, f"The file is {what}, which holds no posts.")
        return
    yield from _listed(archive, str(path.resolve()), budget, tally)


def _other_kind(names: list[str]) -> str:
    """Return what a zip is that is no archive of files, by the member that its own standard asks for; else empty."""
    return next((what for pattern, what in _OTHER_KINDS if any(pattern.fullmatch(name) for name in names)), "")


def _listed(archive: zipfile.ZipFile, identity: str, budget: _Budget, tally: Tally) -> Iterator[File | Failure]:
    infos = archive.infolist()
    overlapping = _overlapping(infos)
    seen: set[str] = set()
    for info in sorted(infos, key=lambda each: each.filename):
        source = clean_name(info.filename.replace("\\", "/"))
        if source.endswith("/"):
            continue
        if is_hidden(source) and not _leads_out(source):
            continue
        reason = _objection(info, source)
        if reason is None and not is_wanted(source.rsplit("/", 1)[-1]):
            tally.add(kind_of_rest(None, source.rsplit("/", 1)[-1]))
            continue
        if reason is None and source in seen:
            reason = "The archive has two files of this name; the first was taken."
        if reason is None and info.header_offset in overlapping:
            reason = "The file overlaps another one in the archive; it was left out."
        if reason is not None:
            yield Failure(source, reason)
            continue
        seen.add(source)
        yield File(source, f"{identity}!{source}", _opener(archive, info, budget))


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        try:
            return cast("BinaryIO", io.BufferedReader(_Member(archive.open(info), budget), 1 << 16))
        except _BROKEN as error:
            raise RefusedError("The file is damaged inside the archive, or packed in an unknown way.") from error

    return opened


def _objection(info: zipfile.ZipInfo, source: str) -> str | None:
    """Return why a member is not even looked into."""
    if _leads_out(source):
        return "Its name leads out of the archive; the file was left out."
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind and not stat.S_ISREG(kind):
        return "It is a link or a device, not a file; it was left out."
    if source.lower().endswith(_ARCHIVES) and not is_wanted(source.rsplit("/", 1)[-1]):
        return "An archive inside an archive is not opened. Unpack it and import it by itself."
    if not is_wanted(source.rsplit("/", 1)[-1]):
        return None
    if info.flag_bits & _ENCRYPTED:
        return "It is encrypted. Unpack the archive with its password and import the folder."
    if info.file_size > FREE_BYTES and info.file_size > MAX_RATIO * max(1, info.compress_size):
        return f"It unpacks to more than {MAX_RATIO} times its length, as only a trap does; it was left out."
    return None


def _leads_out(source: str) -> bool:
    return source.startswith("/") or source[1:2] == ":" or ".." in source.split("/")


def _overlapping(infos: list[zipfile.ZipInfo]) -> set[int]:
    """Return the offsets of members whose packed bytes other members use again (Fifield: A better zip bomb, 2019)."""
    found: set[int] = set()
    end = 0
    for info in sorted(infos, key=lambda each: each.header_offset):
        if info.header_offset < end:
            found.add(info.header_offset)
        end = max(end, info.header_offset + _LOCAL_HEADER_BYTES + info.compress_size)
    return found


def _check_directory(path: Path) -> None:
    """Raise `RefusedError` where the table of contents alone would fill the memory."""
    with path.open("rb") as stream:
        length = stream.seek(0, io.SEEK_END)
        stream.seek(max(0, length - _END_BYTES - 0xFFFF))
        tail = stream.read()
    at = tail.rfind(_END)
    record = tail[at : at + _END_BYTES] if at >= 0 else b""
    if len(record) < _END_BYTES:
        raise RefusedError("The archive is cut off: its table of contents is missing.")
    directory_bytes = _wide_directory_bytes(tail, at) or int.from_bytes(record[12:16], "little")
    if directory_bytes > MAX_DIRECTORY_BYTES:
        raise RefusedError("The archive has too many files in it.")


def _wide_directory_bytes(tail: bytes, end: int) -> int:
    """Return the length that a zip64 record in front of the end record states, and which then counts; else 0."""
    at = tail.rfind(b"PK\x06\x06", 0, end)
    if at < 0:
        return 0
    return int.from_bytes(tail[at + 40 : at + 48], "little")
