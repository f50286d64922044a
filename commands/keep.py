"""Keep a library in order: `rebuild`."""

from __future__ import annotations

import click

from commands.collect import build_library
from commands.opening import open_for_writing
from commands.options import Settings, command


@command()
@click.pass_obj
def rebuild(settings: Settings) -> None:
    """Make articles and index again from the stored pages; nothing is asked of the site.

    \b
    Example:
      blogdex rebuild
    """
    from indexer.errors import NoPostsError
    from indexer.terminal.text import count

    if not (settings.path / "library.db").exists():
        raise NoPostsError
    with open_for_writing(settings, "rebuild") as library:
        report = build_library(library, everything=True)
        click.echo(f"Made {count(report.made, 'post')} again from {count(report.pages, 'stored page')}.")
