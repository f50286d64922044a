"""Sum a library up: `status` and `stats`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from commands.common import output
from commands.common.opening import open_for_reading
from commands.common.options import command, csv_option, json_option
from indexer.naming import named_site, require_posts

if TYPE_CHECKING:
    from commands.common.settings import Settings
    from indexer.library import Library


@command("Say what the library holds.")
@json_option
@csv_option
@click.pass_obj
def status(settings: Settings, as_json: bool, as_csv: bool) -> None:
    """Say what the library holds, and whether its index is up to date.

    \b
    Example:
      blogdex status
    """
    from indexer.present import forms
    from indexer.present.terminal.views import status_lines

    with open_for_reading(settings) as library:
        site = named_site(library, settings.site)
        found = library.status(site)
    if as_json:
        output.print_json(forms.status_form(found))
    elif as_csv:
        output.print_table(forms.SITE_COLUMNS, (forms.site_form(item) for item in found.sites))
    elif output.on_terminal():
        for line in status_lines(found, output.cells()):
            click.echo(line)
    else:
        for item in found.sites:
            output.print_row(*forms.site_form(item).values())
    if not found.up_to_date:
        output.say("The index is not up to date. Run: blogdex rebuild")


@command("Count posts, words and authors.")
@click.option("--searches", is_flag=True, help="The searches that found nothing, most frequent first.")
@json_option
@csv_option
@click.pass_obj
def stats(settings: Settings, searches: bool, as_json: bool, as_csv: bool) -> None:
    """Count posts a month, words and authors, and how much of the pages is boilerplate.

    \b
    Examples:
      blogdex stats
      blogdex stats --searches
    """
    from indexer.present import forms
    from indexer.present.terminal.views import stats_lines
    from indexer.stats import sum_up

    with open_for_reading(settings) as library:
        require_posts(library)
        if searches:
            _print_fruitless(library, as_json=as_json, as_csv=as_csv)
            return
        site = named_site(library, settings.site)
        site_id = site.id if site else None
        found = sum_up(library.store.articles.facts(site_id), library.store.topics.views(site_id))
    if as_json:
        output.print_json(forms.stats_form(found))
    elif as_csv:
        output.print_table(forms.MONTH_COLUMNS, ({"month": month, "posts": n} for month, n in found.months.items()))
    elif output.on_terminal():
        for line in stats_lines(found, output.cells()):
            click.echo(line)
    else:
        for month, number in found.months.items():
            output.print_row(month, number)


def _print_fruitless(library: Library, *, as_json: bool, as_csv: bool) -> None:
    from indexer.present import forms

    rows = [dict(zip(forms.SEARCH_COLUMNS, row, strict=True)) for row in library.state.fruitless(100)]
    if as_json:
        output.print_json({"searches": rows})
    elif as_csv:
        output.print_table(forms.SEARCH_COLUMNS, rows)
    else:
        for row in rows:
            output.print_row(*row.values())
    if not rows:
        output.say("Every search so far has found something.")
