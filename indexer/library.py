"""Open a library: a folder with the store, the search index made from it, and what was asked last."""

from __future__ import annotations

import secrets
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer import CLUSTER, ENGINES, RETIRED_ENGINES
from indexer.errors import (
    FULL,
    IndexUnusableError,
    NoIndexError,
    NoPostsError,
    NotALibraryError,
)
from indexer.search.choice import choice
from indexer.search.engine import Checksum, Location, seal
from indexer.search.engines.registry import open_engine
from indexer.store.database import Store
from indexer.store.state import State
from indexer.writer import DECISIONS_LOCK, LOCK_FILE, NOTE_FILE, writer_lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from indexer.search.engine import SearchEngine
    from indexer.store.rows import Site, SiteCounts
    from indexer.writer import Patience
    from scraper.model import Progress

STORE_FILE = "library.db"
SEARCH_FOLDER = "search"
TOPICS_FILE, FACTS_FILE, ACCEPTED_FILE = "topics.toml", "facts.toml", "accepted.toml"
SYNONYMS_FILE = "synonyms.toml"
SAVED_FILE = "saved.toml"
DECISIONS = (FACTS_FILE, TOPICS_FILE, SYNONYMS_FILE, ACCEPTED_FILE, SAVED_FILE)
"""What people decided, as text that can be versioned."""

STATE_FILES = ("state.db", "state.db-wal", "state.db-shm")
_ENGINE_SETTING, _PUBLIC_SETTING, _CLUSTER_SETTING = "engine", "public ", "name on clusters"


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """A site with its counts and its latest crawl."""

    site: Site
    counts: SiteCounts


@dataclass(frozen=True, slots=True)
class Status:
    """What a library holds.

    `unread` pages wait for a build; `missing` posts are not yet in the search index, `surplus` ones no longer belong
    there.
    """

    path: str
    engine: str
    size_bytes: int
    sites: tuple[SiteStatus, ...]
    index_usable: bool
    unread: int
    missing: int
    surplus: int

    @property
    def posts(self) -> int:
        """Return the number of posts of all sites, gone ones included."""
        return sum(status.counts.posts for status in self.sites)

    @property
    def up_to_date(self) -> bool:
        """Tell whether the index has exactly the posts of the library, as they are now."""
        return self.index_usable and not (self.unread or self.missing or self.surplus)

    @property
    def index_word(self) -> str:
        """Return how the index stands to the posts, in words."""
        if not self.index_usable:
            return "damaged or of another version"
        return "up to date" if self.up_to_date else "not up to date"


@dataclass(frozen=True, slots=True)
class IndexGap:
    """How an index differs from the articles: ids that are `absent`, `changed` (these and the absent), or `surplus`."""

    absent: list[int]
    changed: list[int]
    surplus: list[int]


class Library:
    """An open library. `engine_name` is what was asked for, else what the library was built with, else the default.

    `tell` takes how far the work is, for others to see; nobody sees it where the library is open for reading.
    """

    def __init__(self, path: Path, store: Store, engine_name: str | None = None) -> None:
        self.path = path
        self.store = store
        self.state = State(path / STATE_FILES[0])
        self._choice = choice(engine_name, store.setting(_ENGINE_SETTING))
        self._engine: SearchEngine | None = None
        self.tell: Callable[[Progress], None] = _tell_nobody

    @property
    def engine_name(self) -> str:
        """Return the name of the engine in use."""
        return self._choice.engine

    @property
    def location(self) -> Location:
        """Return where the library's indexes are."""
        return Location(str(self.path / SEARCH_FOLDER), self.store.setting(_CLUSTER_SETTING) or "")

    @property
    def topics_file(self) -> Path:
        """Return the file in which people say what the topics are."""
        return self.path / TOPICS_FILE

    @property
    def synonyms_file(self) -> Path:
        """Return the file in which people say what means the same."""
        return self.path / SYNONYMS_FILE

    @property
    def facts_file(self) -> Path:
        """Return the file in which people say what is true of the blog's owner today."""
        return self.path / FACTS_FILE

    @property
    def accepted_file(self) -> Path:
        """Return the file with the findings of audits that people accepted."""
        return self.path / ACCEPTED_FILE

    @property
    def saved_file(self) -> Path:
        """Return the file with the searches that people saved."""
        return self.path / SAVED_FILE

    @property
    def index(self) -> SearchEngine:
        """Return the search engine, opened once, whether or not it has an index."""
        if self._engine is None:
            self._engine = open_engine(self.engine_name, self.location)
        return self._engine

    def engine(self) -> SearchEngine:
        """Return the search engine. Raise `IndexUnusableError` where the index is lost."""
        if not self.index.exists() and self.store.articles.any():
            own = choice(None, self.store.setting(_ENGINE_SETTING))
            raise IndexUnusableError if own.engine == self.engine_name else NoIndexError(self.engine_name)
        return self.index

    def name_on_clusters(self, *, anew: bool = False) -> None:
        """Give the library a name of its own among those of a cluster, where it has none; `anew`: another one."""
        if anew or not self.store.setting(_CLUSTER_SETTING):
            self.store.save_setting(_CLUSTER_SETTING, secrets.token_hex(8))

    def choose_engine(self, posts: int) -> bool:
        """Take the engine that suits so many posts, unless one was named; tell whether another has an index."""
        before = self.engine_name
        self._choice = self._choice.for_posts(posts)
        if before == self.engine_name:
            return False
        self._let_go()
        return open_engine(before, self.location).exists()

    def remember_engine(self) -> None:
        """Make the engine in use the library's own, and take away indexes that nobody will read."""
        if self.store.setting(_ENGINE_SETTING) != self._choice.setting:
            self.store.save_setting(_ENGINE_SETTING, self._choice.setting)
        for name in RETIRED_ENGINES:
            remove(self.path / SEARCH_FOLDER / name)
        for name in ENGINES:
            if self._choice.by_size and name != self.engine_name:
                open_engine(name, self.location).discard()

    def _let_go(self) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def keep_public(self, key: str) -> None:
        """Remember that a site was typed by somebody who may reach public addresses only."""
        self.store.save_setting(f"{_PUBLIC_SETTING}{key}", "1")

    def is_public_only(self, key: str) -> bool:
        """Tell whether a site was typed by somebody who may reach public addresses only."""
        return self.store.setting(f"{_PUBLIC_SETTING}{key}") is not None

    def status(self, only: Site | None = None) -> Status:
        """Return what the library holds of one site or of all, and how the index stands to it."""
        try:
            gap: IndexGap | None = self.index_gap()
        except IndexUnusableError:
            gap = None
        return Status(
            path=str(self.path),
            engine=self.engine_name,
            size_bytes=sum(file.stat().st_size for file in self.path.rglob("*") if file.is_file()),
            sites=tuple(
                SiteStatus(site, self.store.articles.counts(site.id))
                for site in ([only] if only else self.store.sites.all())
            ),
            index_usable=gap is not None,
            unread=self.store.pages.unread(),
            missing=len(gap.changed) if gap else len(self.store.articles.index_digests()),
            surplus=len(gap.surplus) if gap else 0,
        )

    def index_gap(self) -> IndexGap:
        """Return how the index differs from the articles. Raise `IndexUnusableError`."""
        wanted = self.store.articles.index_digests()
        engine = self.engine()
        if engine.checksum() == Checksum(len(wanted), sum(seal(i, digest) for i, digest in wanted.items())):
            return IndexGap([], [], [])
        present = dict(engine.ids())
        return IndexGap(
            absent=[i for i in wanted if i not in present],
            changed=[i for i, digest in wanted.items() if present.get(i) != digest],
            surplus=[i for i in present if i not in wanted],
        )

    def close(self) -> None:
        """Let go of all files."""
        self._let_go()
        self.store.close()


def _tell_nobody(progress: Progress) -> None:
    """Keep progress to oneself."""


@contextmanager
def reading(path: Path, engine: str | None = None) -> Iterator[Library]:
    """Open a library for reading; others may write meanwhile. Raise `NoPostsError` where none is."""
    file = path / STORE_FILE
    if path.exists() and not path.is_dir():
        raise NotALibraryError(str(path), "it is a file")
    if not file.exists():
        raise NoPostsError
    library = Library(path, Store(file, writable=False), engine)
    try:
        yield library
    finally:
        library.close()


@contextmanager
def writing(path: Path, command: str, engine: str | None = None, patience: Patience | None = None) -> Iterator[Library]:
    """Open a library for writing, made when it is new. Raise `LibraryInUseError` while another process writes."""
    make_folder(path)
    with writer_lock(path, command, patience) as note:
        for leftover in leftovers(path):
            remove(leftover)
        library = Library(path, Store(path / STORE_FILE, writable=True), engine)
        library.tell = note.tell
        if library.engine_name == CLUSTER:
            library.name_on_clusters()
        try:
            yield library
        finally:
            library.close()


def leftovers(path: Path) -> Iterator[Path]:
    """Yield what a command that was killed left behind; whoever holds the writer's lock may delete it."""
    for pattern in ("search/*.new", "search/*.old", "*.toml.new", "*.db.*.new", ".restore-*"):
        yield from path.glob(pattern)


def remove(path: Path) -> None:
    """Delete a file, or a folder with all that is in it."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make a library's folder. Raise `NotALibraryError` where it can't be one."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if error.errno in FULL:
            raise
        raise NotALibraryError(str(path), error.strerror or str(error)) from error
    strangers = [entry.name for entry in path.iterdir() if not entry.name.startswith(".")]
    if strangers and not (path / STORE_FILE).exists() and not _OWN_NAMES.issuperset(strangers):
        raise NotALibraryError(str(path), f"it holds other files, such as {sorted(strangers)[0]}")


_OWN_NAMES = frozenset(
    (
        STORE_FILE,
        f"{STORE_FILE}-wal",
        f"{STORE_FILE}-shm",
        SEARCH_FOLDER,
        "blogdex.log",
        "crawl.log",
        "error.log",
        *STATE_FILES,
        LOCK_FILE,
        NOTE_FILE,
        DECISIONS_LOCK,
        *DECISIONS,
    )
)
