"""Audit a site of a library: read what people said is true and accepted, run the audit, and keep what it found."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from indexer.audit.incremental.fingerprints import Memory
from indexer.audit.memory.accepted import read_accepted
from indexer.audit.memory.cache import made_from, pack, unpack
from indexer.audit.memory.history import remember, same
from indexer.audit.memory.persistence import (
    is_latest,
    post_digests,
    read_history,
    read_memory,
    write_history,
    write_memory,
)
from indexer.audit.options import Options
from indexer.audit.owner.identity import Facts, facts_of
from indexer.audit.run import complete, survey, taken_for_true
from indexer.audit.similarity.clusters import no_collection
from indexer.errors import LibraryInUseError, ReadOnlyLibraryError
from indexer.writer import decisions_lock, replace_text
from scraper.errors import BlogdexError

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping
    from datetime import date
    from pathlib import Path

    from indexer.audit.findings import Audit
    from indexer.audit.memory.accepted import Acceptance
    from indexer.audit.memory.history import History
    from indexer.audit.owner.evidence import Evidence
    from indexer.library import Library
    from indexer.store.rows import Site, StoredArticle


class DecisionsFileError(BlogdexError):
    """A file in which people say what is true or accepted can't be read."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"Could not read {path}: {why}. Nothing was changed. Mend the file and run the same again.")


@dataclass(frozen=True, slots=True)
class Audited:
    """An audit of a site, and what is kept of it: its survey, `None` where that is kept already, and what it is of.

    `whole`: it looked for all that an audit without options finds; else what was found earlier is not forgotten.
    `memory` is what it saw of the articles, `digests` what their fingerprints are of, by id.
    """

    found: Audit
    made_from: str
    survey: Audit | None
    previous: History
    whole: bool = True
    memory: Memory = field(default_factory=Memory)
    digests: Mapping[int, str] = field(default_factory=dict)


def audit_site(library: Library, site: Site, options: Options, facts_file: Path | None) -> Audited:
    """Audit the posts of a site. `facts_file` is read in place of the library's `facts.toml`.

    Where the kept survey is of these posts, options and facts, no post is read; where posts are new, what the audit
    before saw of the others is not looked at again.
    """
    facts_path = facts_file or library.facts_file
    facts = read_facts(facts_path, site.key) if facts_file or facts_path.exists() else None
    accepted = read_acceptances(library.accepted_file)
    store = library.store
    previous = read_history(store.clusters, site.id)
    usual = Options()
    whole = facts_file is None and (options.min_posts, options.similar) == (usual.min_posts, usual.similar)
    dead = store.pages.dead(site.id)
    around = (dead, store.articles.topics_of(site.id))
    wanted = made_from(store.articles.states(site.id), options, facts, around)
    with no_collection():
        kept = unpack(store.clusters.survey(site.id, wanted))
        if kept is not None:
            found = complete(kept, options.today, accepted, previous)
            return Audited(found if whole else replace(found, gone=()), wanted, None, previous, whole)
        articles = list(store.articles.with_links(site.id))
        digests = post_digests(articles)
        memory = read_memory(store.fingerprints, site.id, digests)
        made = survey(articles, options, facts, memory, dead)
        states = ((article.id, article.url, article.digest) for article in articles)
        read = made_from(states, options, facts, around)
        found = complete(made, options.today, accepted, previous)
        found = found if whole else replace(found, gone=())
        return Audited(found, read, made, previous, whole, memory, digests)


def taken_for_true_of(library: Library, site: Site, facts_file: Path | None) -> list[Evidence]:
    """Return what an audit of a site takes for true, each with where it stands. Raise `DecisionsFileError`."""
    file = facts_file or library.facts_file
    facts = read_facts(file, site.key) if file.exists() else None
    return taken_for_true(library.store.articles.with_links(site.id), facts)


def write_facts(file: Path, text: str) -> bool:
    """Write a `facts.toml` where there is none yet, and tell whether it was written. Raise `DecisionsFileError`."""
    try:
        with decisions_lock(file):
            if file.exists():
                return False
            replace_text(file, text)
            return True
    except OSError as error:
        raise DecisionsFileError(file, str(error.strerror or error)) from error


@dataclass(frozen=True, slots=True)
class KeptAudit:
    """The latest audit of a site as it was kept. `is_current`: it is of the posts and facts as they are now."""

    found: Audit
    accepted: Mapping[str, Acceptance]
    is_current: bool


def kept_audit(library: Library, site: Site, today: date, known: MutableMapping[object, Audit]) -> KeptAudit | None:
    """Return the latest audit that was kept, with what is accepted by now; `None` where there is none to be read.

    Nothing is audited. `known` holds what was unpacked before, by what it was made from, and is added to.
    """
    latest = library.store.clusters.latest_survey(site.id)
    if latest is None:
        return None
    read_from, data = latest
    accepted = read_acceptances(library.accepted_file)
    key = (site.id, read_from, today, accepted)
    if key not in known:
        then = unpack(data)
        if then is None:
            return None
        known[key] = complete(then, today, accepted, read_history(library.store.clusters, site.id))
    facts = read_facts(library.facts_file, site.key) if library.facts_file.exists() else None
    around = (library.store.pages.dead(site.id), library.store.articles.topics_of(site.id))
    wanted = made_from(library.store.articles.states(site.id), Options(), facts, around)
    return KeptAudit(known[key], {entry.id: entry for entry in accepted}, read_from == wanted)


def keep_findings(path: Path, site: Site, audited: Audited) -> None:
    """Keep what an audit found, so that the next one gives findings their ids again and tells what is new.

    While another process writes to the library, or nobody may, nothing is kept: the next audit does it. Nor where
    another audit was kept meanwhile, or the site was forgotten.
    """
    from indexer.library import writing

    history = remember(audited.found, None if audited.whole else audited.previous)
    if audited.survey is None and same(history, audited.previous):
        return
    try:
        with writing(path, "audit") as library, library.store.transaction():
            clusters, prints = library.store.clusters, library.store.fingerprints
            forgotten = all(known.id != site.id for known in library.store.sites.all())
            if forgotten or (audited.survey is not None and not is_latest(prints, site.id, audited.memory)):
                return
            write_history(clusters, site.id, history)
            if audited.survey is not None:
                clusters.keep_survey(site.id, audited.made_from, pack(audited.survey))
                write_memory(prints, site.id, audited.memory, audited.digests)
    except (LibraryInUseError, ReadOnlyLibraryError):
        return


class ClusterFinder:
    """Name the cluster of each block of an article, by what the latest kept audit of its site found; none before it.

    One that is made for a `single` article reads no other's clusters.
    """

    def __init__(self, library: Library, single: StoredArticle | None = None) -> None:
        self._library = library
        self._among = None if single is None else {block.digest for block in single.blocks}
        self._sites = {site.key: site for site in library.store.sites.all()}
        self._known: dict[str, dict[tuple[str, str], str]] = {}

    def __call__(self, article: StoredArticle) -> list[str | None]:
        """Return one id a block, `None` where it stands in no cluster, the largest where it stands in two."""
        known = self._known.get(article.site)
        if known is None:
            known = self._known[article.site] = self._read(article.site)
        return [known.get(("c" if block.kept else "t", block.digest)) for block in article.blocks]

    def _read(self, key: str) -> dict[tuple[str, str], str]:
        site = self._sites.get(key)
        if site is None:
            return {}
        found = self._library.store.clusters.digests(site.id, self._among)
        return {(own[0], digest): own for own, digests in found for digest in digests}


def read_acceptances(path: Path) -> tuple[Acceptance, ...]:
    """Return what people accepted. Raise `DecisionsFileError`."""
    if not path.exists():
        return ()
    try:
        return read_accepted(_table(path))
    except ValueError as error:
        raise DecisionsFileError(path, str(error)) from error


def read_facts(path: Path, blog: str = "") -> Facts:
    """Return what people say is true today of a blog, by its key, or of all. Raise `DecisionsFileError`."""
    try:
        return Facts.from_table(facts_of(_table(path), blog))
    except ValueError as error:
        raise DecisionsFileError(path, str(error)) from error


def _table(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DecisionsFileError(path, "there is no such file") from error
    except UnicodeDecodeError as error:
        raise DecisionsFileError(path, "it is no text in UTF-8") from error
    except (OSError, ValueError) as error:
        raise DecisionsFileError(path, str(error)) from error
