"""The options that every command takes, and the settings they make."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from commands.common.completers import complete_site
from commands.common.output import TABLE, TableAsked, say
from commands.common.settings import Settings, by_parameter
from indexer import BY_SIZE, CLUSTER, ENGINES, RETIRED_ENGINES
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _colors(when: str) -> bool | None:
    """Tell whether to colour: always, never, or `None` for where Click finds a terminal."""
    if when != "auto":
        return when == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("CLICOLOR_FORCE", "0") not in ("", "0"):
        return True
    return None


def keep_setting(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Take a global option over into the settings; one after the command is read later and wins."""
    settings = context.find_root().ensure_object(Settings)
    if value and parameter.name:
        setattr(settings, parameter.name, value)
        if parameter.name == "library":
            settings.is_named = context.get_parameter_source("library") is click.core.ParameterSource.COMMANDLINE
    if parameter.name == "color":
        context.color = _colors(settings.color)


class _Engine(click.Choice[str]):
    """The name of an engine; one of earlier versions stands for what suits the number of posts."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name as it is now."""
        if value in RETIRED_ENGINES:
            say(f"There is no engine {value} any more; the one that suits the number of posts is used.")
            return BY_SIZE
        return super().convert(value, param, ctx)


def global_parameters() -> list[click.Parameter]:
    """Return the options that work before and after every command."""
    kept: dict[str, Any] = {"callback": keep_setting, "expose_value": False}
    return [
        click.Option(
            ["--library"], type=click.Path(path_type=Path), metavar="PATH", help="Folder of the library.", **kept
        ),
        click.Option(
            ["--site"],
            metavar="HOST[/FOLDER]",
            help="Only this blog of the library.",
            shell_complete=complete_site,
            **kept,
        ),
        click.Option(["--engine"], type=_Engine([BY_SIZE, *ENGINES, CLUSTER]), help="Search engine.", **kept),
        click.Option(["--color"], type=click.Choice(["auto", "always", "never"]), help="When to colour.", **kept),
        click.Option(["-v", "--verbose"], count=True, help="Say more; -vv shows where an error came from.", **kept),
        click.Option(["-q", "--quiet"], is_flag=True, help="Say only what was asked for.", **kept),
    ]


class BlogdexCommand(click.Command):
    """A command that takes the global options too, and shows them last."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for option in self._own():
            name = max(option.opts, key=len).lstrip("-")
            option.envvar = f"BLOGDEX_{self.name}_{name}".upper().replace("-", "_")
        self.params.extend(global_parameters())

    def _own(self) -> list[click.Option]:
        """Return the command's own options."""
        return [p for p in self.params if isinstance(p, click.Option) and p.callback is not keep_setting]

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Read the command line over what the settings say for this command."""
        if context.default_map:
            context.default_map = by_parameter(context.default_map, self._own(), str(self.name))
        try:
            return super().parse_args(context, _with_values(args, self._own()))
        except click.NoSuchOption as error:
            if error.option_name == "--version":
                raise click.UsageError("The version is told without a command: blogdex --version", context) from None
            raise

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options, then the global ones."""
        own: list[tuple[str, str]] = []
        everywhere: list[tuple[str, str]] = []
        for parameter in self.get_params(context):
            record = parameter.get_help_record(context)
            if record and isinstance(parameter, click.Option):
                (own if parameter.callback is not keep_setting else everywhere).append(record)
        for title, records in (("Options", own), ("Everywhere", everywhere)):
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


def command(
    short_help: str, name: str | None = None, cls: type[BlogdexCommand] = BlogdexCommand
) -> Callable[[_Function], click.Command]:
    """Make a command of blogdex of a function; `short_help` is its line in the list of commands."""
    return click.command(name, cls=cls, short_help=short_help)


def json_option(function: _Function) -> _Function:
    """Add `--json` to a command that lists."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(function)


def csv_option(function: _Function) -> _Function:
    """Add `--csv`, `--bom` and `--xlsx` to a command that lists; its `as_csv` is true for each of them."""

    @functools.wraps(function)
    def listing(*args: Any, xlsx: Path | None, bom: bool, as_csv: bool, **kwargs: Any) -> Any:
        if xlsx and (as_csv or bom or kwargs.get("as_json")):
            raise UsageError("--xlsx, --csv and --json are three forms of one list. Name one of them.")
        asked = click.get_current_context().meta[TABLE] = TableAsked(xlsx, mark=bom)
        result = function(*args, as_csv=as_csv or bom or xlsx is not None, **kwargs)
        if xlsx and not asked.written:
            raise UsageError(f"--xlsx writes lists, and this is none: nothing was written to {xlsx}.")
        return result

    options = (
        click.option("--csv", "as_csv", is_flag=True, help="Print CSV."),
        click.option("--bom", is_flag=True, help="Print CSV that Excel reads as UTF-8 when it opens the file."),
        click.option(
            "--xlsx", type=click.Path(path_type=Path), metavar="FILE", help="Write a workbook for Excel or LibreOffice."
        ),
    )
    return functools.reduce(lambda made, option: option(made), reversed(options), cast("_Function", listing))


WAIT_S = 3600.0
"""Seconds that `--wait` waits where it names none; chosen: a crawl of some thousand posts at the usual pace."""


def wait_option(function: _Function) -> _Function:
    """Add `--wait [SECONDS]` to a command that writes."""
    return click.option(
        "--wait",
        "wait_s",
        type=click.FloatRange(min=0),
        is_flag=False,
        flag_value=WAIT_S,
        metavar="[SECONDS]",
        help=f"Wait while another blogdex writes to the library, {WAIT_S:g} s where no number follows.",
    )(function)


def _with_values(args: Sequence[str], options: Iterable[click.Option]) -> list[str]:
    """Return a command line in which an option that may stand alone has its value, where no number follows it."""
    alone = {name: option.flag_value for option in options if _may_stand_alone(option) for name in option.opts}
    following = [*args, ""][1:]
    return [
        f"{arg}={alone[arg]}" if arg in alone and not _is_number(after) else arg
        for arg, after in zip(args, following, strict=True)
    ]


def _may_stand_alone(option: click.Option) -> bool:
    return not option.is_flag and isinstance(option.flag_value, float)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()
