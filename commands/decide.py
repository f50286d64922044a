"""Overrule what was taken for a post, or forget it: `mark` and `forget`."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from commands.collect import build_library
from commands.common import output
from commands.common.completers import complete_post
from commands.common.opening import open_for_writing, require_library
from commands.common.options import command
from indexer.errors import NothingFoundError
from indexer.naming import find_page
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.common.settings import Settings
    from indexer.library import Library
    from indexer.store.rows import Site

FORGETTING = "forgetting"
"""The setting that says what was taken out and may still be in the index."""


@command("Say that a page is a post, or none.")
@click.argument("post", shell_complete=complete_post)
@click.argument("kind", type=click.Choice(["post", "page"]))
@click.pass_obj
def mark(settings: Settings, post: str, kind: str) -> None:
    """Overrule what an address was taken for: a post, or a page that is not one. It stays so through every crawl.

    \b
    Example:
      blogdex mark https://clinic.example/blog/our-team/ page
    """
    require_library(settings)
    with open_for_writing(settings, "mark") as library:
        page_id = find_page(library, post)
        url = library.store.pages.url(page_id)
        library.store.pages.mark(page_id, kind)
        build_library(library)
    other = "page" if kind == "post" else "post"
    output.say(f"{output.safe(url)} is a {kind} from now on.\nUndo: blogdex mark {output.safe(url)} {other}")


@command("Take a post or a site out for good.")
@click.argument("what", metavar="POST|SITE")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@click.pass_obj
def forget(settings: Settings, what: str, yes: bool) -> None:
    """Take a post or a whole site out of the library for good. A forgotten post stays away at the next crawl.

    \b
    Examples:
      blogdex forget your-first-visit
      blogdex forget clinic.example/blog
    """
    require_library(settings)
    with open_for_writing(settings, "forget") as library:
        try:
            name, take_out = _found(library, what)
        except (NothingFoundError, UsageError):
            if library.store.setting(FORGETTING) != what:
                raise
            name = output.safe(what)  # the last command took it out, and was killed before its build
        else:
            if not _is_meant(name, yes):
                return
            with library.store.transaction():
                library.store.save_setting(FORGETTING, what)
                take_out()
        build_library(library)
        library.store.save_setting(FORGETTING, "")
    output.say(f"Forgot {name}.")


def _found(library: Library, what: str) -> tuple[str, Callable[[], None]]:
    """Return what a site or page is called, and what takes it out. Raise `UnknownPostError`, `UsageError`."""
    from indexer.quantities import count

    if site := _site_named(library, what):
        name = f"{site.key} with its {count(library.store.articles.counts(site.id).posts, 'post')}"
        return name, partial(library.store.forget_site, site.id)
    page_id = find_page(library, what)
    return output.safe(library.store.pages.url(page_id)), partial(library.store.pages.forget, page_id)


def _site_named(library: Library, what: str) -> Site | None:
    """Return the site that is called so. Raise `UsageError` where this is a host that addresses of other sites show."""
    bare = what.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    sites = library.store.sites.all()
    if found := next((site for site in sites if site.key == bare), None):
        return found
    hosted = [site for site in sites if site.id in library.store.pages.sites_with_host(bare)]
    if "." in bare and "/" not in bare and hosted:
        names = " or ".join(f"blogdex forget {site.key}" for site in hosted)
        raise UsageError(f"{bare} is the host of posts, not the name of a site. To forget the site: {names}")
    return None


def _is_meant(name: str, yes: bool) -> bool:
    """Ask whether to forget; where nobody can be asked, `--yes` has to say so."""
    if not yes and not sys.stdin.isatty():
        raise UsageError(f"This would forget {name}. Add --yes to mean it.")
    return yes or click.confirm(f"Forget {name}?", err=True)
