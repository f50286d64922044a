"""Write a library into one file, and make a library of such a file again.

A backup is a zip of the SQLite file, copied by SQLite's backup API while others may write, and of what people decided.
The search index is not in it: it is made again.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import BackupUnusableError, LibraryThereError, NotALibraryError
from indexer.library import DECISIONS, STORE_FILE, leftovers, make_folder, remove
from indexer.present.export.files import beside, replacing
from indexer.store.database import Store
from indexer.store.integrity import checks
from indexer.writer import writer_lock
from scraper.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from indexer.library import Library

FORMAT = 1
"""The layout of a backup; counted up when it changes."""
_MANIFEST = "backup.json"
_MANIFEST_BYTES = 100_000
"""Bytes of a manifest that are read; chosen: it has some hundred."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: posts, bytes of the file, the time it was made as ISO 8601."""

    posts: int
    size_bytes: int
    made_at: str


def write_backup(library: Library, file: Path, now: datetime) -> Backup:
    """Write a backup, in place of an older one only when it is whole. Raise `UsageError` where it can't be written."""
    if file.is_file() and not _is_backup(file):
        raise UsageError(f"{file} is there and is no backup. Name another file.")
    posts = sum(library.store.articles.counts(site.id).posts for site in library.store.sites.all())
    made_at = now.isoformat(timespec="seconds")
    with (
        replacing(file) as stream,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False) as archive,
        beside(file) as (copy, _),
    ):
        checks.copy_to(library.store, copy)
        archive.writestr(zipfile.ZipInfo(_MANIFEST), json.dumps({"format": FORMAT, "made_at": made_at, "posts": posts}))
        archive.write(copy, STORE_FILE)
        for name in DECISIONS:
            if (library.path / name).exists():
                archive.write(library.path / name, name)
    return Backup(posts, file.stat().st_size, made_at)


def restore_backup(file: Path, path: Path) -> Backup:
    """Make a library at `path` of a backup; all of it or nothing.

    Raise `LibraryThereError` where there is one already, `BackupUnusableError` for a file that is no backup, is
    damaged, or larger than the disk.
    """
    if (path / STORE_FILE).exists():
        raise LibraryThereError(str(path))
    if not file.is_file():
        raise BackupUnusableError(str(file), "there is no such file")
    if not _is_backup(file):
        raise BackupUnusableError(str(file), "it is no backup, or damaged")
    make_folder(path)
    with writer_lock(path, "backup"):
        for left in leftovers(path):
            remove(left)
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=path) as folder:
            backup = _unpack(file, Path(folder))
            _check(file, Path(folder) / STORE_FILE)
            for name in (*DECISIONS, STORE_FILE):
                if (Path(folder) / name).exists():
                    (Path(folder) / name).replace(path / name)
    return backup


def _is_backup(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return _MANIFEST in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def _unpack(file: Path, folder: Path) -> Backup:
    """Unpack the members that a backup may have, and no others."""
    try:
        with zipfile.ZipFile(file) as archive:
            version, posts, made_at = _manifest(archive)
            if version > FORMAT:
                raise BackupUnusableError(str(file), "a newer blogdex wrote it")
            members = [archive.getinfo(name) for name in (STORE_FILE, *DECISIONS) if name in archive.namelist()]
            if sum(member.file_size for member in members) > shutil.disk_usage(folder).free:
                raise BackupUnusableError(str(file), "the disk has no room for what is in it")
            for member in members:
                with archive.open(member) as packed, (folder / member.filename).open("wb") as target:
                    shutil.copyfileobj(packed, target)
            return Backup(posts, file.stat().st_size, made_at)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, NotImplementedError) as error:
        raise BackupUnusableError(str(file), "it is no backup, or damaged") from error


def _manifest(archive: zipfile.ZipFile) -> tuple[int, int, str]:
    """Return the format, the number of posts, and when the backup was made."""
    if archive.getinfo(_MANIFEST).file_size > _MANIFEST_BYTES:
        raise ValueError(_MANIFEST)
    plain = json.loads(archive.read(_MANIFEST))
    return int(plain["format"]), int(plain["posts"]), str(plain["made_at"])


def _check(file: Path, database: Path) -> None:
    """Raise `BackupUnusableError` unless the SQLite file is sound, of a version known, and has tables only."""
    try:
        store = Store(database, writable=False)
    except NotALibraryError as error:
        raise BackupUnusableError(str(file), "it is no backup, or damaged") from error
    try:
        if checks.damage(store) or checks.has_programs(store):
            raise BackupUnusableError(str(file), "the library in it is damaged")
    finally:
        store.close()
