"""Print what fits blogdex into a computer: `schedule` and `completion`."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.common import output
from commands.common.opening import open_for_reading
from commands.common.options import command
from indexer.errors import NoPostsError
from indexer.naming import named_site
from scraper.errors import UsageError

if TYPE_CHECKING:
    from commands.common.settings import Settings

_DAYS = {"day": ("* * *", "*-*-*"), "week": ("* * 1", "Mon *-*-*"), "month": ("1 * *", "*-*-01")}
"""When a run begins, by how often: the last three fields of a cron line, and the days of a systemd timer."""


SHELLS = ("bash", "zsh", "fish")
_INSTALL = {
    "bash": "blogdex completion bash > ~/.local/share/bash-completion/completions/blogdex",
    "zsh": "blogdex completion zsh > ~/.zfunc/_blogdex   (with fpath+=~/.zfunc before compinit)",
    "fish": "blogdex completion fish > ~/.config/fish/completions/blogdex.fish",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is run and when: the commands that crawl and the one that audits, `every` day, week or month."""

    crawls: tuple[str, ...]
    audit: str
    every: str
    hour: int
    minute: int
    mail: str | None

    @property
    def script(self) -> str:
        """Return the run as one line for a shell: a blog that fails stops no other, and what failed is its end."""
        crawls = "; ".join(f"{crawl} || failed=$?" for crawl in self.crawls)
        return f"failed=0; {crawls}; {self.audit} || [ $? -eq 1 ] || failed=2; exit $failed"

    def cron(self) -> list[str]:
        """Return lines for a crontab; cron mails what a run prints."""
        to = [f"MAILTO={self.mail}"] if self.mail else []
        script = self.script.replace("%", "\\%")
        return [*to, f"{self.minute} {self.hour} {_DAYS[self.every][0]}  {script}"]

    def service(self) -> list[str]:
        """Return the unit that makes one run, and mails what it prints where an address is named."""
        script = self.script
        if self.mail:
            send = f"printf '%s\\n' \"$said\" | mail -s 'blogdex: crawl and audit' {shlex.quote(self.mail)}"
            script = f'said=$( ( {script} ) 2>&1 ); code=$?; [ -z "$said" ] || {send}; exit $code'
        unit = ["[Unit]", "Description=Crawl and audit the blog", "Wants=network-online.target"]
        return [*unit, "", "[Service]", "Type=oneshot", f'ExecStart=/bin/sh -c "{_in_unit(script)}"']

    def timer(self) -> list[str]:
        """Return the unit that says when; a run that a computer slept through is made up for."""
        when = f"{_DAYS[self.every][1]} {self.hour:02}:{self.minute:02}:00"
        unit = ["[Unit]", "Description=When to crawl and audit the blog", "", "[Timer]"]
        return [*unit, f"OnCalendar={when}", "Persistent=true", "", "[Install]", "WantedBy=timers.target"]


def _in_unit(text: str) -> str:
    """Escape what systemd would read itself in a double-quoted argument."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$").replace("%", "%%")


@command("Print a cron line and a systemd timer.")
@click.argument("url", required=False)
@click.option(
    "--every", type=click.Choice(list(_DAYS)), default="month", show_default=True, help="How often; a week's on Monday."
)
@click.option("--at", default="05:00", show_default=True, metavar="HH:MM", help="When a run begins.")
@click.option("--mail", metavar="ADDRESS", help="Who gets what a run says by mail; the computer has to send mail.")
@click.option("--cron", "form", flag_value="cron", help="Only the cron line.")
@click.option("--systemd", "form", flag_value="systemd", help="Only the systemd service and timer.")
@click.pass_obj
def schedule(settings: Settings, url: str | None, every: str, at: str, mail: str | None, form: str | None) -> None:
    """Print what makes the computer crawl and audit by itself: a cron line, and a systemd service with its timer.

    Nothing is changed. Without URL, every blog of the library that was crawled is crawled again. A run is silent where
    nothing is new, and says else what came, what is wrong with it, and what to do about what failed.

    \b
    Examples:
      blogdex schedule https://clinic.example/blog
      blogdex schedule --every week --at 06:30 --mail editor@clinic.example
    """
    plan = _plan(settings, url, every, at, mail)
    if form != "systemd":
        _print("Cron, on Linux or a Mac: add this to what `crontab -e` opens.", plan.cron())
    if form is None:
        click.echo()
    if form != "cron":
        _print("systemd, on Linux: save this as ~/.config/systemd/user/blogdex.service", plan.service())
        click.echo()
        _print("and this as ~/.config/systemd/user/blogdex.timer", plan.timer())
        output.say("Then: systemctl --user enable --now blogdex.timer · What runs said: journalctl --user -u blogdex")


def _print(heading: str, lines: list[str]) -> None:
    click.echo(f"# {heading}")
    for line in lines:
        click.echo(output.safe(line))


def _plan(settings: Settings, url: str | None, every: str, at: str, mail: str | None) -> Plan:
    time = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", at)
    if time is None:
        raise UsageError(f"--at {at} is no time of the day. Write it like 05:00.")
    if mail is not None and not re.fullmatch(r"[\w.+-]+@[\w.-]+", mail):
        raise UsageError(f"--mail {mail} is no address. Write it like editor@clinic.example.")
    urls = [url] if url else _addresses(settings)
    program = [*_program(), "--library", str(settings.path.absolute())]
    words = [[*program, "-q", "crawl", address, "--wait"] for address in urls]
    only = ["--site", settings.site] if settings.site else []
    audit = [*program, *only, "audit", "--mail"]
    if any(not piece.isprintable() for piece in (*program, *only, *urls)):
        raise UsageError("A schedule is one line, and can't name an address or a folder with a line break in it.")
    return Plan(tuple(map(shlex.join, words)), shlex.join(audit), every, int(time[1]), int(time[2]), mail)


def _addresses(settings: Settings) -> list[str]:
    """Return where the crawls of the library's blogs began. Raise `UsageError` where all were imported."""
    try:
        with open_for_reading(settings) as library:
            only = named_site(library, settings.site)
            sites = [only] if only else library.store.sites.all()
            found = [site.start_url for site in sites if site.start_url]
    except NoPostsError:
        found = []
    if not found:
        raise UsageError("No blog was crawled into this library. Name one: blogdex schedule https://your-site/blog")
    return found


def _program() -> list[str]:
    """Return how a schedule starts this blogdex: by its whole path, as cron and systemd know no other."""
    beside = Path(sys.executable).parent / "blogdex"
    found = str(beside) if beside.is_file() else shutil.which("blogdex")
    return [found] if found else [sys.executable, "-m", "blogdex"]


@command("Print what a shell needs for the Tab key.")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script with which a shell completes commands, options, topics, authors and posts.

    \b
    Example:
      blogdex completion bash
    """
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    if made is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    root = context.find_root()
    click.echo(made(root.command, {}, "blogdex", "_BLOGDEX_COMPLETE").source())
    if output.on_terminal():
        output.say(f"To install it: {_INSTALL[shell]}")
