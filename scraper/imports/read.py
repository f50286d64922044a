"""Read whatever files a person names into pages."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from scraper import urls
from scraper.errors import UsageError
from scraper.imports import archive, copies, documents, jsonl, mhtml, packed, warc
from scraper.imports.addresses import HEAD_LIMIT, Addresses, Claims, base_folder, claims_of, has_whole_head, known_claim
from scraper.imports.files import (
    HEAD_BYTES,
    MAX_DOCUMENT_BYTES,
    SNAPSHOT_INDEX,
    File,
    Kind,
    clean_name,
    file_of,
    is_page_name,
    is_post_kind,
    kind_of_rest,
    sniff,
    walk,
)
from scraper.imports.outcomes import LeftOut, RefusedError, Tally
from scraper.imports.wordpress import export
from scraper.model import Failure, Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from scraper.imports.options import ImportOptions

_READS: Final = "HTML, MHTML, a WordPress export (XML), zip, WARC, JSON lines or plain text"
_WHY_NOT: Final[Mapping[Kind, str]] = {
    Kind.EMPTY: "The file is empty.",
    Kind.PACKED: "The file is compressed. Unpack it and import what comes out.",
    Kind.ZIP: "An archive inside a folder or another archive is not opened. Import it by itself.",
    Kind.OWN: "The file was made by blogdex and is no post. To read posts back: blogdex export --format jsonl",
    Kind.TOOL: "The page is of the tool that made the copy, and no post. Import the folder.",
    Kind.TABLE: "The file is a table, which holds no posts.",
    Kind.DATA: "The file holds data or code, no post.",
    Kind.ARC: "The file is a web archive of the old form ARC. Turn it into WARC: warcio recompress OLD.arc NEW.warc.gz",
    Kind.MESSAGE: "The file is an e-mail, no post.",
    Kind.FEED: "The file is a feed or a sitemap, which only names posts. Fetch the blog: blogdex crawl URL",
    Kind.OTHER: "The file is named like a web page, but holds something else.",
}
_PAGES: Final = (Kind.HTML, Kind.MHTML)
_COPY: Final = "file{s} with a page that another one has"
_MOST_COMPARED: Final = 20
"""Kept files of one title that a further one is compared with; chosen: copies come in twos and threes."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file that is going to be read. `claims` are filled in for HTML."""

    file: File
    kind: Kind
    claims: Claims


@dataclass(slots=True)
class _Shelf:
    """What a path holds that may be a post, in the order in which it is read, and the count of what is none."""

    path: Path
    tally: Tally
    entries: list[_Entry | Failure]

    def pages(self) -> list[_Entry]:
        return [entry for entry in self.entries if isinstance(entry, _Entry) and entry.kind in _PAGES]


def read_paths(paths: Sequence[Path], options: ImportOptions) -> Iterator[Page | Failure | LeftOut]:
    """Yield every page in the files and folders given, in a stable order, and a `Failure` for each that can't be taken.

    What is passed over is counted for each path. Nothing that one file holds stops the others. Raise `UsageError` where
    a path does not exist, before anything is read, and at the end where there was nothing to import at all.
    """
    for path in paths:
        if not path.exists():
            raise UsageError(f"There is no file or folder {path}. Check its name and where you are.")
    if options.base_url is not None:
        base_folder(options.base_url)
    return _read(paths, options)


def _read(paths: Sequence[Path], options: ImportOptions) -> Iterator[Page | Failure | LeftOut]:
    with ExitStack() as stack:
        shelves = [_shelf(path, options, stack) for path in paths]
        _drop_copies(shelves)
        empty = []
        reader = _EntryReader(shelves, options)
        for shelf in shelves:
            found = False
            for entry in shelf.entries:
                for outcome in reader.outcomes(entry, shelf.tally):
                    found = True
                    yield outcome
            if left := shelf.tally.outcome(clean_name(str(shelf.path))):
                yield left
            if not found:
                empty.append(shelf.path)
        if len(empty) == len(paths):
            raise UsageError(f"Found nothing to import in {', '.join(map(str, empty))}: {_READS} is expected.")
        for path in empty:
            yield Failure(str(path), f"Found nothing to import: {_READS} is expected.")


def _shelf(path: Path, options: ImportOptions, stack: ExitStack) -> _Shelf:
    """Return what a path holds. What an archive needs to be read later is put on the stack."""
    tally = Tally()
    if path.is_dir():
        return _Shelf(path, tally, _sorted(_examined(walk(path, tally), tally)))
    entries = list(_examined([file_of(path)], tally, named=True))
    if entries and isinstance(entries[0], _Entry) and entries[0].kind is Kind.ZIP:
        entries = _sorted(_examined(archive.members(path, stack, tally), tally))
    return _Shelf(path, tally, entries)


def _sorted(entries: Iterable[_Entry | Failure]) -> list[_Entry | Failure]:
    """Return entries with those last whose names say that they are copies, so that the others get their addresses."""
    return sorted(entries, key=lambda entry: isinstance(entry, _Entry) and copies.is_second(entry.file.name))


def _examined(found: Iterable[File | Failure], tally: Tally, *, named: bool = False) -> Iterator[_Entry | Failure]:
    """Yield the files that are taken with their kind. A file that a person named is taken, or refused with a reason."""
    files = list(found)
    snapshots = copies.snapshots([file for file in files if isinstance(file, File)])
    best: dict[str, tuple[int, _Entry]] = {}
    for file in files:
        if isinstance(file, Failure):
            yield file
            continue
        snapshot = copies.longest(snapshots, file.source)
        try:
            entry = _examine(file)
        except (OSError, RefusedError) as error:
            yield _failure(file, error)
            continue
        if snapshot:
            rank = snapshot.rank(file.source)
            known = best.get(snapshot.folder)
            if rank is not None and entry.kind is Kind.HTML:
                tally.add(_COPY, known is not None)
                if known is None or rank < known[0]:
                    best[snapshot.folder] = (rank, replace(entry, claims=Claims(known=snapshot.url)))
            elif file.name != SNAPSHOT_INDEX:
                tally.add("file{s} of the archive tool")
        elif is_post_kind(entry.kind, file.name) or (named and entry.kind is not Kind.OTHER):
            yield entry
        else:
            tally.add(kind_of_rest(entry.kind, file.name))
    yield from (entry for _, entry in best.values())


def _examine(file: File, *, is_inner: bool = False) -> _Entry:
    """Return a file with its kind; a packed page, as some tools keep it under its plain name too, as what it holds."""
    with file.open() as stream:
        head = stream.read(HEAD_BYTES)
        kind = sniff(head, file.name)
        is_page = file.name != packed.inner_name(file.name) or is_page_name(file.name)
        if kind is Kind.PACKED and is_page and not is_inner:
            inner = replace(file, source=packed.inner_name(file.source), open=packed.unpacked(file.open))
            entry = _examine(inner, is_inner=True)
            return replace(entry, file=replace(inner, source=file.source)) if entry.kind is not Kind.PACKED else entry
        if kind is Kind.MHTML:
            head += stream.read(MAX_DOCUMENT_BYTES)
            return _Entry(file, kind, known_claim(mhtml.page_of(head).url))
        if kind is not Kind.HTML:
            return _Entry(file, kind, Claims())
        if not has_whole_head(head):
            head += stream.read(HEAD_LIMIT)
    return _Entry(file, kind, claims_of(head))


def _drop_copies(shelves: Sequence[_Shelf]) -> None:
    """Take out the files that are the same page as another one: both name one address, and say nearly the same."""
    by_address: dict[str, list[tuple[_Shelf, _Entry]]] = {}
    for shelf in shelves:
        for entry in shelf.pages():
            if named := entry.claims.named:
                by_address.setdefault(urls.same_page_key(named), []).append((shelf, entry))
    for group in by_address.values():
        if len(group) > 1:
            _drop_same(group)


def _drop_same(group: Sequence[tuple[_Shelf, _Entry]]) -> None:
    kept: list[list[str]] = []
    for shelf, entry in group:
        try:
            words = copies.words_of(documents.content_of(entry.file, entry.kind)[0])
        except (OSError, RefusedError):
            continue  # It is told of when the file is read.
        if any(copies.are_same(words, other) for other in kept[:_MOST_COMPARED]):
            shelf.entries.remove(entry)
            shelf.tally.add(_COPY)
        else:
            kept.append(words)


class _EntryReader:
    """Reads entries one after the other, and knows the addresses and texts of those before."""

    def __init__(self, shelves: Sequence[_Shelf], options: ImportOptions) -> None:
        self._options = options
        pages = [entry for shelf in shelves for entry in shelf.pages()]
        sources = [entry.file.source for entry in pages] if len(shelves) == 1 else []
        self._addresses = Addresses(options, [entry.claims for entry in pages], sources)
        entries = [entry for shelf in shelves for entry in shelf.entries if isinstance(entry, _Entry)]
        self._exports = export.Exports([entry.file for entry in entries if entry.kind is Kind.WXR])
        self._texts: set[bytes] = set()

    def outcomes(self, entry: _Entry | Failure, tally: Tally) -> Iterator[Page | Failure | LeftOut]:
        """Yield what is in a file; what goes wrong with the file as a whole ends it, not the import."""
        if isinstance(entry, Failure):
            yield entry
            return
        file = entry.file
        try:
            match entry.kind:
                case Kind.HTML | Kind.TEXT | Kind.MHTML:
                    if page := self._page(entry):
                        yield page
                    else:
                        tally.add(_COPY)
                case Kind.JSONL:
                    yield from jsonl.read(file, self._addresses, self._options)
                case Kind.WXR:
                    yield from export.read(file, self._addresses, self._options, self._exports)
                case Kind.WARC:
                    yield from warc.read(file, self._addresses, self._options)
                case _:
                    raise RefusedError(_WHY_NOT.get(entry.kind, _WHY_NOT[Kind.OTHER]))
        except (OSError, RefusedError) as error:
            yield _failure(file, error)

    def _page(self, entry: _Entry) -> Page | None:
        """Return the page in a file; `None` where it was read before, under this address or with this text."""
        body, content_type = documents.content_of(entry.file, entry.kind)
        key = copies.text_key(copies.words_of(body))
        if key in self._texts or self._addresses.is_copy(entry.file, entry.claims):
            return None
        if key:
            self._texts.add(key)
        address = self._addresses.of(entry.file, entry.claims)
        return documents.page_of(entry.file, body, content_type, address, self._options)


def _failure(file: File, error: OSError | RefusedError) -> Failure:
    if isinstance(error, RefusedError):
        return Failure(file.source, str(error))
    return Failure(file.source, f"The file could not be read ({error.strerror or error}).")
