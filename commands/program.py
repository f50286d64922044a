"""Run a command line with Click: settings, the command that was typed, and what the process ends with."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands import FAILED, INTERRUPTED, NOTHING_FOUND, VERSION
from commands.common import output
from commands.common.options import global_parameters
from commands.common.settings import Settings, read_settings
from indexer.errors import FULL, NoPostsError, NothingFoundError
from scraper.errors import BlogdexError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ERROR_FILE = "error.log"
_NO_TEXT = "Could not decode to UTF-8"
"""By which `sqlite3` says that a text of a table is damaged."""

# Each command and the function of `commands` that is it, by what people come for.
COMMANDS: Mapping[str, Mapping[str, str]] = {
    "Collect": {
        "crawl": "collect.crawl",
        "import": "collect.import_files",
        "changes": "changes.changes",
        "demo": "demo.demo",
    },
    "Read": {
        "search": "search.search_posts",
        "show": "show.show",
        "open": "show.open_post",
        "related": "search.related",
        "similar": "search.similar",
        "serve": "serve.serve",
        "topics": "topics.topics",
    },
    "Edit": {
        "audit": "audit.audit",
        "stats": "overview.stats",
        "mark": "decide.mark",
        "forget": "decide.forget",
        "export": "export.export",
    },
    "Keep": {
        "status": "overview.status",
        "doctor": "keep.doctor",
        "rebuild": "keep.rebuild",
        "backup": "keep.backup",
        "cluster": "keep.cluster",
        "schedule": "install.schedule",
        "completion": "install.completion",
    },
}


class BlogdexGroup(click.Group):
    """The command tree; a command's module is imported when it is asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(global_parameters())

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of all commands."""
        return [name for section in COMMANDS.values() for name in section]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import a command; `None` where there is none of that name."""
        for section in COMMANDS.values():
            if name in section:
                module, _, function = section[name].partition(".")
                command: click.Command = getattr(import_module(f"commands.{module}"), function)
                return command
        return None

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was typed, else suggest what stands for it."""
        try:
            return super().resolve_command(context, args)
        except click.NoSuchCommand as error:
            from commands.common.mistakes import meant_by

            meant = meant_by(error.command_name, self.list_commands(context))
            told = f"No such command {error.command_name!r}."
            raise click.UsageError(f"{told} Did you mean {meant!r}?" if meant else told, context) from None

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Read the global options; `help COMMAND` is `COMMAND --help`. An option of a command goes after it."""
        given = [*args[1:2], "--help"] if args[:1] == ["help"] else list(args)
        try:
            return super().parse_args(context, list(given))
        except click.NoSuchOption as error:
            from commands.common.mistakes import before_its_command

            names = [name for name in self.list_commands(context) if name in given]
            commands = {name: command for name in names if (command := self.get_command(context, name))}
            meant = before_its_command(given, error.option_name, commands)
            if meant is None:
                raise
            raise click.UsageError(
                f"The option {error.option_name} belongs after the command: {meant}", context
            ) from None

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in their sections."""
        for title, section in COMMANDS.items():
            with formatter.section(title):
                commands = ((name, self.get_command(context, name)) for name in section)
                formatter.write_dl([(name, command.get_short_help_str(70)) for name, command in commands if command])


@click.group(
    cls=BlogdexGroup,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "BLOGDEX"},
    epilog="First run: blogdex demo, or blogdex crawl https://your-site/blog and then blogdex search WORDS.",
)
@click.version_option(VERSION, prog_name="blogdex")
def main() -> None:
    """Find what your blog already says, and what is pasted all over it."""


def execute(args: Sequence[str]) -> int:
    """Run a command line and return what the process ends with."""
    settings = Settings()
    try:
        _end_as_interrupted()
        _prepare_streams()
        known = frozenset(name for section in COMMANDS.values() for name in section)
        code = main.main(list(args), "blogdex", standalone_mode=False, obj=settings, default_map=read_settings(known))
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except (Exception, KeyboardInterrupt, SystemExit) as error:
        return ended_by(error, settings)


def _end_as_interrupted() -> None:
    """Let the signals that end a program, and a terminal that is closed, do what Ctrl-C does."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        in_main = threading.current_thread() is threading.main_thread()
        if number is not None and in_main and signal.getsignal(number) is signal.SIG_DFL:  # `nohup` ignores SIGHUP
            signal.signal(number, signal.default_int_handler)


def _prepare_streams() -> None:
    """See to it that printing never fails because a stream is closed or its encoding lacks a letter."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
        elif isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")


def ended_by(error: BaseException, settings: Settings) -> int:
    """Say what ended the program, and return what the process ends with."""
    if isinstance(error, click.Abort | KeyboardInterrupt):
        click.echo("Interrupted. What was saved is kept; run the same command to go on.", err=True)
        return INTERRUPTED
    if isinstance(
        error, BrokenPipeError | SystemExit
    ):  # Click itself ends so where the pipe was closed, and only there
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    if isinstance(error, click.ClickException):
        error.show()
        return FAILED
    if isinstance(error, NothingFoundError):
        click.echo(output.safe(str(error)), err=True)
        return NOTHING_FOUND
    sentence = _sentence(error, settings) if isinstance(error, BlogdexError) else _trouble(error)
    if sentence is None:
        _report_unexpected(error, settings)
    else:
        if settings.verbose >= 2:
            click.echo(_trace(error), err=True, nl=False)
        click.echo(output.safe(sentence), err=True)
    return FAILED


def _sentence(error: BlogdexError, settings: Settings) -> str:
    """Return what an error says, and the library's folder where a named one is not there."""
    if isinstance(error, NoPostsError) and settings.is_named and not settings.path.exists():
        return f"{error} ({settings.path}, the library named, is not there.{_nearest(settings.path)})"
    return str(error)


def _nearest(library: Path) -> str:
    """Ask for the library beside one that is not there whose name is much like it."""
    from difflib import get_close_matches

    from indexer.library import STORE_FILE

    beside = {file.parent.name: file.parent for file in library.parent.glob(f"*/{STORE_FILE}")}
    near = get_close_matches(library.name, beside, n=1)
    return f" Did you mean {beside[near[0]]}?" if near else ""


def _trouble(error: BaseException) -> str | None:
    """Return a sentence for what the machine, and not blogdex, did wrong; `None` for all else."""
    code = getattr(error, "sqlite_errorname", "")
    if getattr(error, "errno", None) in FULL or code == "SQLITE_FULL":
        return "The disk is full. What was saved is kept. Make room and run the same command again."
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or _NO_TEXT in str(error) or _is_schema_damaged(error):
        return f"The library is damaged ({error}). See what is wrong: blogdex doctor"
    if code.startswith("SQLITE_READONLY"):
        return f"The library can't be written ({error}). Reading still works."
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "Another program holds the library's file. Run the same command again when it is done."
    if code.startswith("SQLITE_IOERR"):
        return f"The disk could not be read or written ({error}). What was saved is kept. See: blogdex doctor"
    if isinstance(error, MemoryError):
        return "There is not enough memory. What was saved is kept. Close other programs and run the same again."
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"Could not use {error.filename}: {error.strerror}. What was saved is kept."
    return None


def _is_schema_damaged(error: BaseException) -> bool:
    """Tell whether a file of this version lacks what every one has."""
    told = str(error)
    return getattr(error, "sqlite_errorname", "") == "SQLITE_ERROR" and told.startswith(("no such ", "malformed "))


def _trace(error: BaseException) -> str:
    import traceback

    return output.safe("".join(traceback.format_exception(error)))


def _report_unexpected(error: BaseException, settings: Settings) -> None:
    """Say in one line what happened and where the rest is; with `-vv`, everything."""
    trace = _trace(error)
    if settings.verbose >= 2:
        click.echo(trace, err=True, nl=False)
    file = _keep_trace(trace, settings.path)
    click.echo(
        f"Something unexpected happened: {output.safe(f'{type(error).__name__}: {error}')}. More is in {file}.",
        err=True,
    )


def _keep_trace(trace: str, library: Path) -> Path:
    """Write a traceback beside the library, or where temporary files go, and return the file."""
    import tempfile

    for folder in (library, Path(tempfile.gettempdir())):
        try:
            (folder / ERROR_FILE).write_text(trace, encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue
        return folder / ERROR_FILE
    return Path(os.devnull)
