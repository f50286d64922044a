"""Print: results to stdout, hints and progress to stderr; coloured, cut and paged on a terminal only."""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from commands.common.places import TEXT_CELLS as TEXT_CELLS
from commands.common.places import cells as cells
from commands.common.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from scraper.model import Progress
TABLE = "blogdex.table"
"""Where the context of a command keeps in what form it prints a table."""
WIDE_CELLS = 160
"""Cells of a table that goes into a pipe; chosen: wide enough for its texts."""
MAIL_CELLS = 78
"""Cells of a line of mail (RFC 5322 advises 78)."""


class TableAsked:
    """How a table is wanted: in a workbook, else as CSV, with the mark in front by which Excel knows UTF-8."""

    def __init__(self, workbook: Path | None = None, *, mark: bool = False) -> None:
        self.workbook = workbook
        self.mark = mark
        self.written = False


def on_terminal() -> bool:
    """Tell whether results go to a terminal."""
    return sys.stdout.isatty()


def safe(text: str) -> str:
    """Return text without what could steer a terminal."""
    from indexer.present.terminal.text import clean

    return clean(text)


def is_quiet() -> bool:
    """Tell whether only what was asked for is to be printed."""
    return click.get_current_context().find_root().ensure_object(Settings).quiet


def say(message: str) -> None:
    """Print a hint or a summary for a person to stderr, unless `--quiet`; never behind a progress bar on its line."""
    if not is_quiet():
        for bar in _bars:
            bar.clear()
        click.echo(message, err=True)


def print_json(value: Any) -> None:
    """Print a value as indented JSON."""
    from indexer.present.terminal.text import clean

    text = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo(clean(text) if on_terminal() else text)


def print_table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Print rows as CSV under a line of column names, or write them to the workbook asked for; no cell is a formula."""
    from indexer.present.export.tables import write_list
    from indexer.quantities import count

    asked = click.get_current_context().meta.get(TABLE, TableAsked())
    if asked.workbook is None:
        write_list(columns, rows, sys.stdout, mark=asked.mark)
        return
    asked.written = True
    say(f"Wrote {count(write_table(columns, rows, asked.workbook), 'row')} to {asked.workbook}")


def write_table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], target: Path) -> int:
    """Write rows to a workbook, and say what was cut; return how many rows there are."""
    from indexer.present.export.workbook import CELL_LIMIT, write_workbook
    from indexer.quantities import count

    written = write_workbook(columns, rows, target)
    if written.cut:
        say(f"{count(written.cut, 'text')} cut, with … at the end: a cell holds {CELL_LIMIT:,} characters.")
    return written.rows


def print_row(*cells: object) -> None:
    """Print one tab-separated row."""
    from indexer.present.terminal.results import row

    click.echo(row(*cells))


def page(lines: Iterable[str]) -> None:
    """Print through the pager on a terminal, plainly elsewhere."""
    import shutil

    text = "".join(f"{line}\n" for line in lines)
    pager = os.environ.get("BLOGDEX_PAGER")
    if pager:
        os.environ["PAGER"] = pager
    if on_terminal() and text.count("\n") >= shutil.get_terminal_size().lines - 1:
        os.environ.setdefault("LESS", "-FRX")
        click.echo_via_pager(text)
    else:
        click.echo(text, nl=False)


class Bar:
    """A progress bar on stderr for what takes over a second; nothing where stderr is no terminal."""

    def __init__(self, tell: Callable[[Progress], None]) -> None:
        self._tell = tell
        self._shown = sys.stderr.isatty() and not is_quiet()
        self._stands = False
        self._what = ""
        self._began = self._drawn = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        """Draw the bar anew, ten times a second at most, and tell others."""
        import shutil

        from indexer.present.terminal.text import progress_line

        self._tell(progress)
        now = time.monotonic()
        what = progress.what.split(" · ")[0]
        if what != self._what:
            self._what, self._began = what, now
        if self._shown and now - self._began >= 1 and now - self._drawn >= 0.1:
            self._drawn = now
            line = progress_line(progress, now - self._began, shutil.get_terminal_size().columns - 1)
            click.echo(f"\r\x1b[K{line}", err=True, nl=False, color=True)
            self._stands = True

    def clear(self) -> None:
        """Take the bar off the screen, until it is drawn anew."""
        if self._stands:
            click.echo("\r\x1b[K", err=True, nl=False, color=True)
            self._stands = False


_bars: list[Bar] = []
"""The bars that stand now."""


@contextmanager
def progress(tell: Callable[[Progress], None]) -> Iterator[Bar]:
    """Show a progress bar while the work goes on, and take it away after. `tell` hears of it, too."""
    bar = Bar(tell)
    _bars.append(bar)
    try:
        yield bar
    finally:
        _bars.remove(bar)
        bar.clear()
