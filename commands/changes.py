"""Show what the crawls brought: `changes`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from commands import NOTHING_FOUND
from commands.common import output
from commands.common.opening import open_for_reading
from commands.common.options import command, csv_option, json_option
from indexer.naming import named_site, require_posts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commands.common.settings import Settings
    from indexer.library import Library
    from indexer.store.history.versions import Event


@command("List what the last crawl brought.")
@click.option("--since", metavar="DATE", help="All since then; without it, what the last crawl of each site brought.")
@click.option("--mail", is_flag=True, help="Plain text for a mail, for each site its numbers first.")
@json_option
@csv_option
@click.pass_obj
def changes(settings: Settings, /, since: str | None, mail: bool, as_json: bool, as_csv: bool) -> None:
    """List the posts that are new, changed or gone, with the words that differ; ends with 1 where there are none.

    Words that were taken out stand in [- -], words that were put in in {+ +}. The last ten texts of a post are kept.

    \b
    Examples:
      blogdex changes
      blogdex changes --since 2026-01-01 --csv
    """
    from indexer.changes import changes as find_changes
    from indexer.present import forms

    with open_for_reading(settings) as library:
        require_posts(library)
        site = named_site(library, settings.site)
        found = find_changes(library.store, [site] if site else library.store.sites.all(), _moment(since))
        if as_json:
            output.print_json([forms.change_form(event) for event in found])
        elif as_csv:
            output.print_table(forms.CHANGE_COLUMNS, (forms.change_form(event) for event in found))
        elif mail:
            _print_mail(library, found)
        else:
            print_changes(found)
    if not found:
        output.say("Nothing is new, changed or gone" + (" since then." if since else " since the last crawl began."))
        raise click.exceptions.Exit(NOTHING_FOUND)


def _moment(since: str | None) -> str | None:
    """Return the beginning of a day, or a time, as it is stored."""
    from indexer.search.query import day

    if since is None:
        return None
    try:
        moment = datetime.fromisoformat(since) if len(since) > len("2026-01-01") else None
    except ValueError:
        moment = None
    if moment is None:
        moment = datetime.combine(day(since), datetime.min.time())
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _print_mail(library: Library, found: Sequence[Event]) -> None:
    from indexer.present.terminal.change_views import mail_lines

    for site in dict.fromkeys(event.site for event in found):
        counts = library.store.articles.counts(library.store.sites.id_of(site))
        for line in mail_lines(site, [event for event in found if event.site == site], counts, output.MAIL_CELLS):
            click.echo(click.unstyle(line))


def print_changes(found: Sequence[Event]) -> None:
    """Print what happened to posts: laid out on a terminal, a row each in a pipe."""
    from indexer.present import forms
    from indexer.present.terminal.change_views import change_lines

    if output.on_terminal():
        for line in change_lines(found, output.cells()):
            click.echo(line)
    else:
        for event in found:
            output.print_row(*forms.change_form(event).values())
