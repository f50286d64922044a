"""Complete topics, authors, posts and sites from the library; commands and options are completed by Click."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from commands.common.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import click
    from click.shell_completion import CompletionItem

    from indexer.library import Library
    from indexer.search.engine import FilterField

    _Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

_MOST = 200
"""What a shell is offered at most: more than fit a screen of any size; zsh asks before it shows as many."""


def _from_library(find: Callable[[Library], Iterable[str]]) -> _Completer:
    """Make a completer of what a library holds; it offers nothing where none can be read."""

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        from commands.common.opening import open_for_reading
        from indexer.present.terminal.text import one_line
        from scraper.errors import BlogdexError

        settings = context.find_root().ensure_object(Settings)
        wanted = incomplete.casefold()
        try:
            with open_for_reading(settings) as library:
                fitting = [one_line(value) for value in find(library) if value.casefold().startswith(wanted)]
        except BlogdexError:
            return []
        return [CompletionItem(_escaped(value)) for value in fitting[:_MOST]]

    return complete


def _escaped(value: str) -> str:
    """Escape what bash would take for more than one word, twice, because Click's script reads it once more.

    The other shells quote by themselves.
    """
    if not os.environ.get("_BLOGDEX_COMPLETE", "").startswith("bash"):
        return value
    return re.sub(r"([^\w@%+=:,./-])", r"\\\\\1", value)


def values_of(field: FilterField) -> _Completer:
    """Complete the values of a filter, those of most posts first."""

    def find(library: Library) -> Iterable[str]:
        values = library.engine().values(field)
        return sorted(values, key=lambda value: (-values[value], value))

    return _from_library(find)


def _slugs(library: Library) -> Iterable[str]:
    from indexer.store.pages import slug

    return sorted({slug(url) for site in library.store.sites.all() for url in library.store.pages.urls(site.id)})


def _sites(library: Library) -> Iterable[str]:
    return [site.key for site in library.store.sites.all()]


complete_post = _from_library(_slugs)
complete_site = _from_library(_sites)
