"""Write the command reference and the manual page from the help of the commands: `python docs/make_reference.py`."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

import click

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from commands import VERSION, program  # noqa: E402
from commands.common.options import keep_setting  # noqa: E402

REFERENCE, MANUAL = HERE / "commands.md", HERE / "blogdex.1"


class Entry(NamedTuple):
    """A command as it is described: its usage, paragraphs of help, examples, and options with what they do."""

    name: str
    usage: str
    help: tuple[str, ...]
    examples: tuple[str, ...]
    options: tuple[tuple[str, str], ...]


def entries() -> list[tuple[str, list[Entry]]]:
    """Return the commands in their sections."""
    context = click.Context(program.main, info_name="blogdex", **program.main.context_settings)
    return [(title, [_entry(context, name) for name in names]) for title, names in program.COMMANDS.items()]


def common() -> tuple[tuple[str, str], ...]:
    """Return the options that work before and after every command."""
    context = click.Context(program.main, info_name="blogdex", **program.main.context_settings)
    records = (parameter.get_help_record(context) for parameter in program.main.get_params(context))
    return tuple(record for record in records if record)


def _entry(parent: click.Context, name: str) -> Entry:
    command = program.main.get_command(parent, name)
    assert command is not None
    context = click.Context(command, info_name=name, parent=parent)
    text, _, examples = (command.help or "").partition("\b")
    options = []
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        own = isinstance(parameter, click.Option) and parameter.callback is not keep_setting
        if record and own and "--help" not in parameter.opts:
            options.append((record[0], " ".join(record[1].split())))
    return Entry(
        name,
        " ".join(["blogdex", name, *command.collect_usage_pieces(context)]),
        tuple(" ".join(paragraph.split()) for paragraph in text.split("\n\n") if paragraph.strip()),
        tuple(line.strip() for line in examples.splitlines() if line.strip().startswith("blogdex")),
        tuple(options),
    )


def reference() -> str:
    """Return the reference as Markdown."""
    lines = ["# Commands", "", "Made from `blogdex COMMAND --help`. What works with every command is at the end.", ""]
    for title, commands in entries():
        lines += [f"## {title}", ""]
        for entry in commands:
            lines += [f"### {entry.name}", "", "```", entry.usage, "```", ""]
            for paragraph in entry.help:
                lines += [paragraph, ""]
            if entry.options:
                lines += [*_table(entry.options), ""]
            lines += ["```", *entry.examples, "```", ""]
    lines += ["## With every command", "", *_table(common())]
    return "\n".join(lines) + "\n"


def _table(options: tuple[tuple[str, str], ...]) -> list[str]:
    rows = [f"| `{name.replace('|', chr(92) + '|')}` | {text.replace('|', chr(92) + '|')} |" for name, text in options]
    return ["| option | what it does |", "|---|---|", *rows]


def manual() -> str:
    """Return the manual page in troff's man macros."""
    lines = [f'.TH BLOGDEX 1 "" "blogdex {VERSION}" "User commands"', ".SH NAME"]
    lines += ["blogdex \\- the archive of a blog, searchable and clean", ".SH SYNOPSIS", ".B blogdex"]
    lines += ["[OPTIONS] COMMAND [ARGS]...", ".SH DESCRIPTION", _troff(program.main.help or "")]
    for title, commands in entries():
        lines.append(f".SH {title.upper()}")
        for entry in commands:
            lines += [f".SS {_troff(entry.usage)}"]
            for paragraph in entry.help:
                lines += [".PP", _troff(paragraph)]
            for name, text in entry.options:
                lines += [".TP", f".B {_troff(name)}", _troff(text)]
            lines += [".PP", "Example:" if len(entry.examples) == 1 else "Examples:", ".PP", ".RS", ".nf"]
            lines += [*map(_troff, entry.examples), ".fi", ".RE"]
    lines.append(".SH OPTIONS WITH EVERY COMMAND")
    for name, text in common():
        lines += [".TP", f".B {_troff(name)}", _troff(text)]
    lines += [".SH EXIT STATUS"]
    for code, meaning in EXITS.items():
        lines += [".TP", f".B {code}", meaning]
    lines += [".SH ENVIRONMENT", "BLOGDEX_LIBRARY, BLOGDEX_SITE, BLOGDEX_ENGINE, BLOGDEX_COLOR, BLOGDEX_PAGER,"]
    lines += ["PAGER, NO_COLOR, CLICOLOR_FORCE."]
    return "\n".join(lines) + "\n"


EXITS = {
    0: "Found, or done; some pages may have failed, and their number was said.",
    1: "Nothing found, or findings of the kind that was asked for.",
    2: "It did not work; the last line says why.",
    130: "Interrupted.",
}


def _troff(text: str) -> str:
    escaped = re.sub(r"\s+", " ", text).replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return f"\\&{escaped}" if escaped.startswith(".") else escaped


if __name__ == "__main__":
    REFERENCE.write_text(reference(), encoding="utf-8")
    MANUAL.write_text(manual(), encoding="utf-8")
