"""Read whatever files a person names into pages."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeGuard

from scraper.errors import UsageError
from scraper.imports import archive, documents, jsonl, packed, warc
from scraper.imports.addresses import HEAD_LIMIT, Addresses, Claims, base_folder, claims_of, has_whole_head
from scraper.imports.files import (
    HEAD_BYTES,
    File,
    Kind,
    file_of,
    is_post_kind,
    sniff,
    walk,
)
from scraper.imports.outcomes import LeftOut, RefusedError
from scraper.imports.wordpress import export
from scraper.model import Failure, Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from scraper.imports.options import ImportOptions

_READS: Final = "HTML, a WordPress export (XML), zip, WARC, JSON lines or plain text"
_WHY_NOT: Final[Mapping[Kind, str]] = {
    Kind.EMPTY: "The file is empty.",
    Kind.PACKED: "The file is compressed with gzip. Unpack it and import what comes out.",
    Kind.ZIP: "An archive inside a folder or another archive is not opened. Import it by itself.",
    Kind.OTHER: "The file is named like a web page, but holds something else.",
}


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file that is going to be read. `claims` are filled in for HTML where they are going to be needed."""

    file: File
    kind: Kind
    claims: Claims


def read_paths(paths: Sequence[Path], options: ImportOptions) -> Iterator[Page | Failure | LeftOut]:
    """Yield every page in the files and folders given, in a stable order, and a `Failure` for each that can't be taken.

    Nothing that one file holds stops the others. Raise `UsageError` where a path does not exist, before anything is
    read, and at the end where there was nothing to import at all.
    """
    for path in paths:
        if not path.exists():
            raise UsageError(f"There is no file or folder {path}. Check its name and where you are.")
    if options.base_url is not None:
        base_folder(options.base_url)
    return _read(paths, options)


def _read(paths: Sequence[Path], options: ImportOptions) -> Iterator[Page | Failure | LeftOut]:
    with ExitStack() as stack:
        shelves = [list(_entries(path, options, stack)) for path in paths]
        addresses = Addresses(options, [entry.claims for shelf in shelves for entry in shelf if _is_page(entry)])
        exports = export.Exports([entry.file for shelf in shelves for entry in shelf if _is_export(entry)])
        empty = []
        for path, shelf in zip(paths, shelves, strict=True):
            found = False
            for entry in shelf:
                for outcome in _outcomes(entry, addresses, options, exports):
                    found = True
                    yield outcome
            if not found:
                empty.append(path)
        if len(empty) == len(paths):
            raise UsageError(f"Found nothing to import in {', '.join(map(str, empty))}: {_READS} is expected.")
        for path in empty:
            yield Failure(str(path), f"Found nothing to import: {_READS} is expected.")


def _is_page(entry: _Entry | Failure) -> TypeGuard[_Entry]:
    return isinstance(entry, _Entry) and entry.kind is Kind.HTML


def _is_export(entry: _Entry | Failure) -> TypeGuard[_Entry]:
    return isinstance(entry, _Entry) and entry.kind is Kind.WXR


def _entries(path: Path, options: ImportOptions, stack: ExitStack) -> Iterator[_Entry | Failure]:
    """Yield what a path holds that may be a post. What an archive needs to be read later is put on the stack."""
    if path.is_dir():
        yield from _examined(walk(path), options)
        return
    for entry in _examined([file_of(path)], options, named=True):
        if isinstance(entry, _Entry) and entry.kind is Kind.ZIP:
            yield from _examined(archive.members(path, stack), options)
        else:
            yield entry


def _examined(
    files: Iterable[File | Failure], options: ImportOptions, *, named: bool = False
) -> Iterator[_Entry | Failure]:
    """Yield the files that are taken with their kind. A file that a person named is taken whatever it is called."""
    for file in files:
        if isinstance(file, Failure):
            yield file
            continue
        try:
            entry = _examine(file, with_claims=options.base_url is None)
        except (OSError, RefusedError) as error:
            yield _failure(file, error)
        else:
            if is_post_kind(entry.kind, file.name) or (named and entry.kind is not Kind.OTHER):
                yield entry


def _examine(file: File, *, with_claims: bool) -> _Entry:
    with file.open() as stream:
        head = stream.read(HEAD_BYTES)
        kind = sniff(head, file.name)
        if kind is Kind.PACKED and file.name != packed.inner_name(file.name):
            inner = replace(file, source=packed.inner_name(file.source), open=packed.unpacked(file.open))
            entry = _examine(inner, with_claims=with_claims)
            return replace(entry, file=replace(inner, source=file.source)) if entry.kind is not Kind.PACKED else entry
        if kind is not Kind.HTML or not with_claims:
            return _Entry(file, kind, Claims())
        if not has_whole_head(head):
            head += stream.read(HEAD_LIMIT)
    return _Entry(file, kind, claims_of(head))


def _outcomes(
    entry: _Entry | Failure, addresses: Addresses, options: ImportOptions, exports: export.Exports
) -> Iterator[Page | Failure | LeftOut]:
    """Yield what is in a file; what goes wrong with the file as a whole ends it, not the import."""
    if isinstance(entry, Failure):
        yield entry
        return
    file = entry.file
    try:
        match entry.kind:
            case Kind.HTML | Kind.TEXT:
                yield documents.page_of(file, entry.kind, addresses.of(file, entry.claims), options)
            case Kind.JSONL:
                yield from jsonl.read(file, addresses, options)
            case Kind.WXR:
                yield from export.read(file, addresses, options, exports)
            case Kind.WARC:
                yield from warc.read(file, addresses, options)
            case _:
                raise RefusedError(_WHY_NOT.get(entry.kind, _WHY_NOT[Kind.OTHER]))
    except (OSError, RefusedError) as error:
        yield _failure(file, error)


def _failure(file: File, error: OSError | RefusedError) -> Failure:
    if isinstance(error, RefusedError):
        return Failure(file.source, str(error))
    return Failure(file.source, f"The file could not be read ({error.strerror or error}).")
