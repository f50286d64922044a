"""Keep a library in order, and the index that it shares: `doctor`, `rebuild`, `backup` and `cluster`."""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands import NOTHING_FOUND
from commands.collect import build_library
from commands.common import output
from commands.common.opening import open_for_reading, open_for_writing, require_library
from commands.common.options import command, csv_option, json_option, wait_option
from indexer import CLUSTER
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from commands.common.settings import Settings
    from indexer.doctor import Problem
    from indexer.library import Library
    from indexer.search.engines.opensearch.connection import Connection
    from indexer.search.engines.opensearch.upkeep import ClusterStatus


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


_HEALTH = {
    "green": "whole",
    "yellow": "whole, but a copy of a part is missing",
    "red": "a part is missing: no search is answered",
}


@command("Search many libraries on a cluster.")
@click.argument("what", type=click.Choice(["init", "status", "migrate"]))
@click.option("--shards", type=click.IntRange(1, 1024), help="Parts of a new index, by default 1.")
@click.option("--replicas", type=click.IntRange(0, 10), help="Copies of each part of a new index, by default 1.")
@click.option("--take-over", is_flag=True, help="Feed the index from this copy of the library from now on.")
@click.option("--as-new", is_flag=True, help="Feed it beside the library that this one is a copy of.")
@json_option
@click.pass_obj
def cluster(
    settings: Settings,
    what: str,
    shards: int | None,
    replicas: int | None,
    take_over: bool,
    as_new: bool,
    as_json: bool,
) -> None:
    """Make the index on a cluster of OpenSearch, see how it stands, or bring this library into a new form of it.

    BLOGDEX_OPENSEARCH_HOSTS, or the table [opensearch] of the settings, says where the cluster is.

    \b
    Examples:
      blogdex cluster init --shards 3
      blogdex cluster status
      blogdex cluster migrate
    """
    from indexer.search.engines.opensearch.connection import Connection
    from indexer.search.engines.opensearch.settings import from_environment

    if what != "init" and (shards or replicas is not None or take_over or as_new):
        raise UsageError("--shards, --replicas, --take-over and --as-new belong to: blogdex cluster init")
    if take_over and as_new:
        raise UsageError("--take-over and --as-new are two ways for a copy of a library. Name one of them.")
    connection = Connection(from_environment(os.environ))
    try:
        if what == "status":
            _print_status(connection, as_json=as_json)
        elif what == "migrate":
            _migrate(settings, connection)
        else:
            _make(connection, shards or 1, 1 if replicas is None else replicas)
            if take_over or as_new:
                _join(settings, connection, anew=as_new)
    finally:
        connection.close()


def _make(connection: Connection, shards: int, replicas: int) -> None:
    from indexer.quantities import count
    from indexer.search.engines.opensearch.upkeep import make

    if make(connection, shards, replicas):
        copies = count(replicas, "copy", "copies") if replicas else "no copy"
        click.echo(f"Made the index {connection.index}: {count(shards, 'part')}, {copies} of each.")
        output.say("Next, for each library: blogdex --engine opensearch rebuild")
    else:
        click.echo(f"The index {connection.index} is there.")


def _join(settings: Settings, connection: Connection, *, anew: bool) -> None:
    """Let this copy of a library feed the index: in the place of the other, or under a name of its own."""
    from indexer.search.engines.opensearch.claims import Claim

    with _opened(settings) as library:
        if anew:
            library.name_on_clusters(anew=True)
        else:
            Claim(connection, library.location.library, library.location.folder).take(over=True)
    how = "beside the library that it is a copy of" if anew else "in the place of any other copy"
    click.echo(f"This library feeds the index {how} from now on.")
    output.say("Next: blogdex --engine opensearch rebuild")


def _opened(settings: Settings) -> AbstractContextManager[Library]:
    require_library(settings)
    settings.engine = CLUSTER
    return open_for_writing(settings, "cluster")


def _print_status(connection: Connection, *, as_json: bool) -> None:
    from indexer.quantities import count, size
    from indexer.search.engines.opensearch.documents import FORMAT
    from indexer.search.engines.opensearch.upkeep import status

    found = status(connection)
    if as_json:
        output.print_json(asdict(found))
    else:
        click.echo(
            f"OpenSearch {found.version}, {count(found.nodes, 'node')}: {_HEALTH.get(found.health, found.health)}"
        )
        libraries = count(len(found.rows), "library", "libraries")
        click.echo(f"Index {found.index}: {count(found.posts, 'post')} of {libraries}, {size(found.size_bytes)}")
        for row in found.rows:
            state = "" if row.whole else "  not fed to its end"
            click.echo(f"  {row.library}  {count(row.posts, 'post'):>12}  {row.changed}{state}")
    if found.form != FORMAT:
        output.say(f"The index has another format. {_waiting(found)} Bring each over: blogdex cluster migrate")
    if found.health == "red":
        raise click.exceptions.Exit(NOTHING_FOUND)


def _waiting(found: ClusterStatus) -> str:
    from indexer.quantities import count

    return f"{count(len(found.waiting), 'library', 'libraries')} to go."


def _migrate(settings: Settings, connection: Connection) -> None:
    from indexer.quantities import count
    from indexer.search.engines.opensearch import upkeep

    coming = upkeep.next_alias(connection)
    if coming is None:
        click.echo(f"The index {connection.index} has the format of this version. Nothing to do.")
        return
    with _opened(settings) as library:
        click.echo(f"Brought {count(_feed(library, connection, coming), 'post')} over.")
    waiting = upkeep.switch(connection)
    if waiting:
        names = ", ".join(row.library for row in waiting[:10])
        click.echo(f"Searches use the old index until every library is over. {len(waiting)} to go: {names}")
    else:
        click.echo("Every library is over: searches use the new index, and the old one is gone.")


def _feed(library: Library, connection: Connection, alias: str) -> int:
    """Feed the library to the index behind an alias; return how many posts."""
    from indexer.build import index_all
    from indexer.search.engines.opensearch.connection import Connection
    from indexer.search.engines.opensearch.engine import OpenSearchEngine

    other = Connection(connection.settings, alias)
    try:
        return index_all(library.store, OpenSearchEngine(library.location, other), library.tell)
    finally:
        other.close()
