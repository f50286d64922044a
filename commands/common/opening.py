"""Open a library, and find in it what a person named."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from commands import NOTHING_FOUND
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from commands.common.settings import Settings
    from indexer.library import Library
    from indexer.store.rows import Site, StoredArticle

LOG_FILE = "blogdex.log"


@contextmanager
def open_for_reading(settings: Settings) -> Iterator[Library]:
    """Open the library; a writer never keeps it waiting. Raise `UsageError` where `--site` names none of its sites."""
    from indexer.library import reading

    with reading(settings.path, settings.engine) as library:
        named_site(library, settings.site)
        yield library


@contextmanager
def open_for_writing(settings: Settings, command: str) -> Iterator[Library]:
    """Open the library as its one writer, and send this run's log to a file in it."""
    from indexer.library import writing

    with writing(settings.path, command, settings.engine) as library, _log_to(settings.path / LOG_FILE):
        if command not in ("crawl", "import"):
            named_site(library, settings.site)
        yield library


@contextmanager
def _log_to(file: Path) -> Iterator[None]:
    """Send the log to a file in the library, in place of the last run's."""
    import logging

    handler = logging.FileHandler(file, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()


def require_library(settings: Settings) -> None:
    """Raise `NoPostsError` where there is no library to work on."""
    from indexer.errors import NoPostsError
    from indexer.library import STORE_FILE

    if not (settings.path / STORE_FILE).exists():
        raise NoPostsError


def require_posts(library: Library) -> None:
    """Raise what fits where the library has no posts: nothing was fetched, or not built, or none is a post."""
    from indexer.errors import NoPostAmongPagesError, NoPostsError, NotBuiltError

    if library.store.articles.any():
        return
    if unread := library.store.pages.unread():
        raise NotBuiltError(unread)
    pages = len(library.store.pages.ids())
    raise NoPostAmongPagesError(pages) if pages else NoPostsError()


def find_post(library: Library, reference: str) -> StoredArticle:
    """Return the post that a result number, `id:N`, a URL or a slug names; exit with 1 where none does."""
    from indexer.present.terminal.text import clean

    if reference.isdigit():
        recalled = library.state.recall(int(reference))
        ids = [recalled] if recalled is not None else []
        where = f"Your last search shows no result {reference}."
    elif reference.removeprefix("id:").isdigit():
        ids, where = [int(reference.removeprefix("id:"))], f"No post has the {reference}."
    else:
        ids, where = library.store.articles.find(reference), f"No post is at {clean(reference)!r}."
    found = library.store.articles.get(ids)
    if not found:
        click.echo(f"{where} Find it first: blogdex search WORDS", err=True)
        raise click.exceptions.Exit(NOTHING_FOUND)
    if len(found) > 1:
        choices = ", ".join(f"id:{article.id} ({article.url})" for article in list(found.values())[:5])
        raise UsageError(f"{len(found)} posts are called {clean(reference)!r}: {clean(choices)}. Name one by its id.")
    return next(iter(found.values()))


def find_page(library: Library, reference: str) -> int:
    """Return the id of the page, post or not, that a person names; exit with 1 where there is none."""
    ids = [] if reference.removeprefix("id:").isdigit() else library.store.pages.find(reference)
    return ids[0] if len(ids) == 1 else find_post(library, reference).id


def named_site(library: Library, wanted: str | None) -> Site | None:
    """Return the site that `--site` names, `None` without one."""
    if wanted is None:
        return None
    sites = library.store.sites.all()
    bare = wanted.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    matches = [site for site in sites if site.key == bare] or [site for site in sites if site.key.split("/")[0] == bare]
    if len(matches) != 1:
        names = ", ".join(site.key for site in matches or sites) or "none yet"
        raise UsageError(f"--site {wanted} names {len(matches) or 'no'} sites of this library. It has: {names}.")
    return matches[0]


def only_site(library: Library, wanted: str | None) -> Site:
    """Return the site that `--site` names, else the only one that has posts."""
    named = named_site(library, wanted)
    if named:
        return named
    sites = [site for site in library.store.sites.all() if library.store.articles.ids(site.id)]
    if len(sites) != 1:
        names = ", ".join(site.key for site in sites)
        raise UsageError(f"An audit is of one blog. Name it with --site: {names}.")
    return sites[0]
