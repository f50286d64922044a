"""Find in a library the post, page or site that a person named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.errors import NoPostAmongPagesError, NoPostsError, NotBuiltError, UnknownPostError
from indexer.present.terminal.text import clean
from scraper.errors import UsageError

if TYPE_CHECKING:
    from indexer.library import Library
    from indexer.store.rows import Site, StoredArticle


def require_posts(library: Library) -> None:
    """Raise what fits where the library has no posts: nothing was fetched, or not built, or none is a post."""
    if library.store.articles.any():
        return
    if unread := library.store.pages.unread():
        raise NotBuiltError(unread)
    pages = len(library.store.pages.ids())
    raise NoPostAmongPagesError(pages) if pages else NoPostsError()


def find_post(library: Library, reference: str) -> StoredArticle:
    """Return the post that a result number, `id:N`, a URL or a slug names. Raise `UnknownPostError`, `UsageError`."""
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
        raise UnknownPostError(where)
    if len(found) > 1:
        choices = ", ".join(f"id:{article.id} ({article.url})" for article in list(found.values())[:5])
        raise UsageError(f"{len(found)} posts are called {clean(reference)!r}: {clean(choices)}. Name one by its id.")
    return next(iter(found.values()))


def find_page(library: Library, reference: str) -> int:
    """Return the id of the page, post or not, that a person names. Raise `UnknownPostError`, `UsageError`."""
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


def sites_with_posts(library: Library, wanted: str | None) -> list[Site]:
    """Return the site that `--site` names, else all that have posts; all sites where every post is gone."""
    if named := named_site(library, wanted):
        return [named]
    sites = library.store.sites.all()
    return [site for site in sites if library.store.articles.ids(site.id)] or sites
