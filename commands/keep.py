"""Keep a library in order: `doctor`, `rebuild` and `backup`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands import NOTHING_FOUND
from commands.collect import build_library
from commands.common import output
from commands.common.opening import open_for_reading, open_for_writing, require_library
from commands.common.options import command, csv_option, json_option, wait_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commands.common.settings import Settings
    from indexer.doctor import Problem


@command("Check the library, and mend it.")
@click.option("--fix", is_flag=True, help="Mend what can be mended; no post is lost over it.")
@json_option
@csv_option
@click.pass_obj
def doctor(settings: Settings, fix: bool, as_json: bool, as_csv: bool) -> None:
    """Check the library against itself and its index, and say what is wrong; ends with 1 where something is.

    \b
    Examples:
      blogdex doctor
      blogdex doctor --fix
    """
    from indexer.doctor import examine, healthy, mend

    require_library(settings)
    if fix:
        with open_for_writing(settings, "doctor") as library:
            problems = mend(library, datetime.now(UTC), lambda: build_library(library))
    else:
        with open_for_reading(settings) as library:
            problems = examine(library, datetime.now(UTC))
    _print_problems(settings.path, problems, fix=fix, as_json=as_json, as_csv=as_csv)
    if not healthy(problems):
        raise click.exceptions.Exit(NOTHING_FOUND)


def _print_problems(path: Path, problems: Sequence[Problem], *, fix: bool, as_json: bool, as_csv: bool) -> None:
    from indexer.present import forms
    from indexer.present.terminal.views import doctor_lines

    if as_json:
        output.print_json(forms.doctor_form(path, problems))
    elif as_csv:
        output.print_table(forms.PROBLEM_COLUMNS, (forms.problem_form(problem) for problem in problems))
    elif output.on_terminal():
        for line in doctor_lines(problems, output.cells(), fix=fix):
            click.echo(line)
    else:
        for problem in problems:
            output.print_row(*forms.problem_form(problem).values())
    if not problems:
        output.say(f"Nothing is wrong with the library {path}.")
    elif not fix and any(problem.remedy for problem in problems):
        output.say("Mend it: blogdex doctor --fix")


@command("Make posts and index again from stored pages.")
@wait_option
@click.pass_obj
def rebuild(settings: Settings, wait_s: float | None) -> None:
    """Make articles and index again from the stored pages; nothing is asked of the site.

    \b
    Example:
      blogdex rebuild
    """
    from indexer.quantities import count

    require_library(settings)
    with open_for_writing(settings, "rebuild", wait_s) as library:
        report = build_library(library, everything=True)
        click.echo(f"Made {count(report.made, 'post')} again from {count(report.pages, 'stored page')}.")


@command("Write the library into one file, or back.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--restore", is_flag=True, help="Make a library of the backup, where there is none yet.")
@click.pass_obj
def backup(settings: Settings, file: Path, restore: bool) -> None:
    """Write the whole library into one file: pages, posts, and what people decided.

    The search index is left out; --restore makes it again.

    \b
    Examples:
      blogdex backup blog.zip
      blogdex --library new-place backup blog.zip --restore
    """
    from indexer.backup import restore_backup, write_backup
    from indexer.quantities import count, size

    if restore:
        restored = restore_backup(file, settings.path)
        with open_for_writing(settings, "backup") as library:
            build_library(library)
        click.echo(f"Restored {count(restored.posts, 'post')} to {settings.path}, as they were at {restored.made_at}.")
        return
    with open_for_reading(settings) as library:
        written = write_backup(library, file, datetime.now(UTC))
    click.echo(f"Wrote {count(written.posts, 'post')} to {file} ({size(written.size_bytes)}).")
