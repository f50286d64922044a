"""Say what was meant where a command line is none: other programs' names for commands, options before their command."""

from __future__ import annotations

import shlex
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import click

_BY_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "search": ("find", "query", "grep", "lookup", "filter"),
    "search --sort newest": ("list", "ls", "posts", "articles", "latest"),
    "crawl URL": ("update", "fetch", "sync", "refresh", "add", "pull", "download", "scrape", "get", "new", "init"),
    "forget POST": ("delete", "remove", "rm", "del", "drop", "purge", "uncrawl"),
    "show POST": ("view", "read", "cat", "print", "display", "why"),
    "open POST": ("browse", "launch"),
    "changes": ("diff", "log", "history", "news"),
    "serve": ("web", "server", "gui", "ui", "start"),
    "topics": ("topic", "tags", "categories"),
    "audit": ("report", "lint", "analyze", "analyse", "duplicates", "boilerplate", "stale", "cta"),
    "stats": ("count", "statistics", "summary"),
    "status": ("info", "sites", "libraries", "state"),
    "doctor": ("check", "verify", "fix", "repair", "fsck"),
    "rebuild": ("build", "index", "reindex", "reset"),
    "backup FILE": ("save", "archive"),
    "backup FILE --restore": ("restore",),
    "import PATH": ("load",),
    "export": ("dump", "csv", "xlsx"),
    "demo": ("example", "tour", "try"),
    "--version": ("version",),
}
"""What blogdex is asked for in the words of git, npm, apt, SQL and the shell; chosen."""


def meant_by(typed: str, commands: Sequence[str]) -> str | None:
    """Return what stands for a command that there is not: a command and what follows it; `None` where nothing does."""
    for meant, names in _BY_OTHER_NAMES.items():
        if typed.lower() in names:
            return meant
    nearest = get_close_matches(typed.lower(), commands, n=1)
    return nearest[0] if nearest else None


def before_its_command(args: Sequence[str], option: str, commands: Mapping[str, click.Command]) -> str | None:
    """Return the line that was meant where an option of a command stands before it; `None` where it is no such."""
    place = next((at for at, arg in enumerate(args) if arg in commands), None)
    if place is None:
        return None
    command = commands[args[place]]
    known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    if option not in known:
        return None
    return shlex.join(["blogdex", args[place], *args[:place], *args[place + 1 :]])
