"""Run the commands of the guide on the example blog, and compare what they print with what the guide shows.

A block ```console holds commands after `$ ` and what they print, as a terminal of 80 cells shows it; a line `…` stands
for any lines, `…` within a line for any part of it. Where nothing is shown, only the exit code is compared: 0, or N where the command ends in `# exit N`.

`python -m tests.guide` writes what the commands print now into the pages, where a block shows anything.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from commands import program
from commands.common import output
from scraper import demo
from tests.commandline import ROOT, environment, process

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOG = "https://clinic.example/blog"
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
_EXIT = re.compile(r"\s+# exit (\d)$")
ANY = "…"
_OPERATORS = frozenset(("|", ">", ">>", "&&", "||", ";", "&", "<"))


@dataclass
class Step:
    """A command of the guide, the code it ends with, and the lines shown under it."""

    command: str
    code: int
    shown: list[str]


def steps(block: str) -> Iterator[Step]:
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, *shown = part.splitlines()
        found = _EXIT.search(command)
        yield Step(_EXIT.sub("", command), int(found.group(1)) if found else 0, shown)


def blocks(page: Path) -> list[str]:
    return _BLOCK.findall(page.read_text(encoding="utf-8"))


class Desk:
    """A folder in which a reader of the guide works, with a library of the example blog."""

    def __init__(self, folder: Path, library: Path, served: str) -> None:
        self.folder = folder
        self.library = folder / "library"
        self.served = served.rstrip("/")
        shutil.copytree(library, self.library)
        (folder / "saved-pages").mkdir()
        for post in demo.POSTS[:3]:
            page = f"<html><head><title>{post.title}</title></head><body><h1>{post.title}</h1><p>A saved page.</p>"
            (folder / "saved-pages" / f"{post.slug}.html").write_text(page, encoding="utf-8")
        command = folder / "bin" / "blogdex"
        command.parent.mkdir()
        command.write_text(f'#!/bin/sh\nexec {sys.executable} -m cli "$@"\n', encoding="utf-8")
        command.chmod(0o755)

    def run(self, command: str) -> tuple[int, list[str]]:
        """Run a command, and return its exit code and the lines it printed."""
        typed = command.replace(BLOG, self.served)
        words = list(shlex.shlex(typed, posix=True, punctuation_chars=True))
        if words[0] != "blogdex" or _OPERATORS.intersection(words):
            code, printed = self._apart(["sh", "-c", typed])
        else:
            code, printed = self._here(shlex.split(typed)[1:])
        return code, [self._renamed(line) for line in printed.splitlines()]

    def _environment(self) -> dict[str, str]:
        """Return the environment of a terminal that shows all at once, without colour."""
        kept = environment(self.library)
        path = f"{self.folder / 'bin'}:{kept['PATH']}"
        return kept | {"COLUMNS": "80", "LINES": "10000", "NO_COLOR": "1", "TZ": "UTC", "PATH": path}

    def _apart(self, words: list[str]) -> tuple[int, str]:
        done = subprocess.run(
            words,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self._environment(),
            cwd=self.folder,
            check=False,
        )
        return done.returncode, done.stdout

    def _here(self, args: list[str]) -> tuple[int, str]:
        printed = io.StringIO()
        with (
            mock.patch.dict(os.environ, self._environment(), clear=True),
            mock.patch.object(output, "on_terminal", lambda: True),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
            contextlib.chdir(self.folder),
        ):
            code = program.execute(args)
        return code, printed.getvalue()

    def _renamed(self, line: str) -> str:
        host = self.served.removeprefix("http://").removesuffix("/blog")
        line = line.replace(f"http://{host}", "https://clinic.example").replace(host, "clinic.example")
        return line.replace(f"{self.library}", "~/blogdex").replace(f"{self.folder}/", "").rstrip()


def matches(shown: list[str], printed: list[str]) -> bool:
    """Tell whether what a command printed is what the guide shows."""
    pattern = "".join("(?:.*\n)*?" if line == ANY else re.escape(line).replace(ANY, ".*") + "\n" for line in shown)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def rewritten(block: str, desk: Desk) -> str:
    """Return a block with what its commands print now."""
    lines = []
    for step in steps(block):
        code, printed = desk.run(step.command)
        lines.append(f"$ {step.command}" + (f"  # exit {step.code}" if step.code else ""))
        if code != step.code:
            raise SystemExit(f"{step.command} ended with {code}\n" + "\n".join(printed))
        if step.shown:
            lines += step.shown if matches(step.shown, printed) else printed
    return "".join(f"{line}\n" for line in lines)


def main() -> None:
    """Write the pages anew."""
    with tempfile.TemporaryDirectory() as folder, demo.serve() as served:
        library = Path(folder) / "built"
        process("crawl", served, "--delay", "0", library=library)
        for page in PAGES:
            place = Path(folder) / str(page.relative_to(ROOT)).replace("/", "-")
            place.mkdir()
            desk = Desk(place, library, served)
            text = page.read_text(encoding="utf-8")
            page.write_text(
                _BLOCK.sub(lambda block, desk=desk: f"```console\n{rewritten(block[1], desk)}```", text),
                encoding="utf-8",
            )


if __name__ == "__main__":
    main()
