"""Check a library against itself and its index, and mend what is wrong without losing a post."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from indexer import ENGINES
from indexer.errors import DamagedIndexError, IndexUnusableError
from indexer.library import STATE_FILES, leftovers
from indexer.search.engines.registry import open_engine
from indexer.store.integrity import checks, damage
from scraper.errors import BlogdexError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from indexer.library import Library
    from indexer.search.engine import SearchEngine
    from indexer.store.database import Store

_SPARE_BYTES = 100_000_000
"""Bytes that should be free beside the library's own size. Chosen."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong: its code, a sentence, and what a person does where `--fix` can't.

    `remedy` says what `--fix` does, empty where it can do nothing.
    """

    code: str
    what: str
    remedy: str = ""
    advice: str = ""
    mended: bool = False


def examine(library: Library, now: datetime) -> list[Problem]:
    """Return everything that is wrong with a library, the worst first. `now` is a time in UTC."""
    if broken := checks.damage(library.store):
        return [
            Problem(
                "database",
                f"library.db is damaged: {broken}.",
                "make its own indexes again from its tables",
                "If it stays damaged, take the last backup: blogdex --library NEW backup FILE --restore",
            )
        ]
    return [*_inside(library, now), *_index(library), *_beside(library)]


def mend(library: Library, now: datetime, build: Callable[[], object]) -> list[Problem]:
    """Mend what can be mended, and return every problem that was there, each with whether it is gone.

    `build` brings articles and index up to the stored pages.
    """
    before = examine(library, now)
    if any(problem.code == "database" for problem in before):
        checks.reindex(library.store)
        still = examine(library, now)
        if any(problem.code == "database" for problem in still):
            return before
        before += still
    codes = {problem.code for problem in before}
    if "dangling" in codes:
        checks.drop_dangling(library.store)
    if "clock" in codes:
        checks.date_back(library.store, now)
    if "history" in codes:
        damage.drop_history(library.store)
    if "texts" in codes:
        library.store.articles.outdate(damage.damaged_posts(library.store))
    if "orphans" in codes:
        library.store.articles.sweep()
    if "other-index" in codes:
        for engine in list(_damaged_others(library)):
            engine.discard()
    if "index" in codes:  # a build that reads no more of a large index than a search does would leave it as it is
        library.index.discard()
    if "state" in codes:
        for name in STATE_FILES:
            (library.path / name).unlink(missing_ok=True)
    if codes & {"dangling", "unbuilt", "texts", "derived", "index", "index-differs"}:
        build()
    left = {problem.code for problem in examine(library, now)}
    return [replace(problem, mended=problem.code not in left) for problem in before]


def _inside(library: Library, now: datetime) -> Iterator[Problem]:
    """Check what the store holds."""
    from indexer.quantities import count

    store = library.store
    if rows := checks.dangling(store):
        yield Problem(
            "dangling", f"{count(rows, 'row')} of library.db {_do(rows, 'belong')} to nothing.", "delete them and build"
        )
    if unused := checks.orphans(store):
        yield Problem(
            "orphans",
            f"{count(unused, 'text or path', 'texts and paths')} {_do(unused, 'belong')} to no post.",
            "delete them",
        )
    if unbuilt := _unbuilt(library):
        yield Problem("unbuilt", f"{count(unbuilt, 'page')} {_be(unbuilt)} not read by a build yet.", "build")
    yield from _damaged(store)
    if ahead := checks.fetched_after(store, now):
        yield Problem(
            "clock",
            f"{count(ahead, 'page')} {_be(ahead)} fetched later than now: the clock was wrong then, or is wrong now.",
            "take now for the time of fetching",
        )


def _damaged(store: Store) -> Iterator[Problem]:
    """Hold everything that is stored against its seal."""
    from indexer.quantities import count

    torn = list(dict.fromkeys([*damage.truth(store), *checks.unreadable(store, store.pages.ids())]))
    if torn:
        yield Problem(
            "unreadable",
            f"The stored copy of {count(len(torn), 'page')} can't be read: {damage.named(torn)}",
            advice="Fetch again: blogdex crawl URL --refresh, or import again what was imported",
        )
    if texts := damage.damaged_posts(store):
        urls = damage.addresses(store, map(str, texts))
        yield Problem(
            "texts",
            f"What is kept of {count(len(texts), 'post')} is damaged: {damage.named(urls)}",
            "make it again from the stored page",
        )
    if rows := damage.derived(store):
        yield Problem("derived", f"{count(rows, 'row')} of what builds and audits keep {_be(rows)} damaged.", "build")
    if old := damage.history(store):
        yield Problem(
            "history",
            f"What {count(len(old), 'page')} said earlier is damaged: {damage.named(old)}",
            "delete that; what they say now stays",
        )


def _unbuilt(library: Library) -> int:
    """Return how many pages have no verdict, or are posts without an article of this version."""
    from indexer.build import article_key, further_parts

    number = library.store.pages.unread()
    for site in library.store.sites.all():
        made = library.store.articles.made_from(site.id)
        digests = library.store.pages.digests(site.id)
        posts = library.store.pages.posts(site.id)
        parts = further_parts(library.store, site.id)
        number += sum(made.get(i) != article_key(digests, i, parts) for i in digests if i in posts)
    return number


def _index(library: Library) -> Iterator[Problem]:
    """Check the index against the store."""
    from indexer.quantities import count

    try:
        library.engine().check()
        gap = library.index_gap()
    except DamagedIndexError as error:
        yield Problem("index", f"The search index is damaged ({error.file}).", "make it again")
        return
    except IndexUnusableError:
        yield Problem("index", "The search index is damaged, lost or of another version.", "make it again")
        return
    facts = [
        (len(gap.absent), "not in it"),
        (len(gap.changed) - len(gap.absent), "in it as they were before"),
        (len(gap.surplus), "in it and no longer in the library"),
    ]
    for engine in _damaged_others(library):
        yield Problem("other-index", f"The index of the engine {engine.name} is damaged.", "delete it")
    told = ", ".join(f"{count(number, 'post')} {where}" for number, where in facts if number)
    if told:
        yield Problem("index-differs", f"The search index differs from the library: {told}.", "bring it up to date")


def _damaged_others(library: Library) -> Iterator[SearchEngine]:
    """Yield the damaged indexes of engines that are not in use now."""
    for name in ENGINES:
        engine = open_engine(name, library.location)
        try:
            if name != library.engine_name and engine.exists():
                engine.check()
        except DamagedIndexError:
            yield engine


def _beside(library: Library) -> Iterator[Problem]:
    """Check the files beside the store."""
    from indexer.quantities import count, size

    yield from _decisions(library)
    state = library.path / STATE_FILES[0]
    if state.exists() and not checks.is_sound(state):
        yield Problem("state", "state.db, with the last results and searches, is damaged.", "start it anew")
    if left := list(leftovers(library.path)):
        yield Problem(
            "leftovers",
            f"{count(len(left), 'file')} {_be(len(left))} left by a build that stopped.",
            "delete them",
        )
    free = shutil.disk_usage(library.path).free
    needed = max(_SPARE_BYTES, library.store.path.stat().st_size)
    if free < needed:
        yield Problem(
            "space",
            f"The disk has {size(free)} left; a build may need {size(needed)}.",
            advice="Make room, or move the library: blogdex backup FILE",
        )


def _decisions(library: Library) -> Iterator[Problem]:
    """Read the files in which people say what they decided, as the commands do that use them."""
    from indexer import auditing
    from indexer.search.saved import read_saved
    from indexer.search.words import synonyms
    from indexer.topics.curated import read_curated

    readers: dict[Path, Callable[[Path], object]] = {
        library.facts_file: auditing.read_facts,
        library.topics_file: read_curated,
        library.synonyms_file: synonyms.read,
        library.accepted_file: auditing.read_acceptances,
        library.saved_file: read_saved,
    }
    for file, read in readers.items():
        try:
            if file.exists():
                read(file)
        except BlogdexError as error:
            yield Problem("file", str(error), advice=f"Correct it: {file}")


def _be(number: int) -> str:
    return "was" if number == 1 else "were"


def _do(number: int, verb: str) -> str:
    return f"{verb}s" if number == 1 else verb


def healthy(problems: Sequence[Problem]) -> bool:
    """Tell whether nothing is wrong, or nothing is any more."""
    return all(problem.mended for problem in problems)
