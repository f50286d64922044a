"""Read the command line, call one function, print. Every heavy import stands inside the command that uses it."""

from __future__ import annotations

import errno
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from scraper.model import BlogdexError, Page, Progress, UsageError

if TYPE_CHECKING:
    from indexer.audit.findings import Audit
    from indexer.build import BuildReport
    from indexer.library import Library
    from indexer.search import SearchResult
    from indexer.store.rows import Site, StoredArticle
    from scraper.crawling.job import CrawlReport

VERSION = "0.1.0"
ENGINES = ("whoosh", "sqlite")
CONFIG_FILE = "blogdex.toml"
LOG_FILE, ERROR_FILE = "blogdex.log", "error.log"
NOTHING_FOUND, FAILED, INTERRUPTED = 1, 2, 130
TEXT_CELLS, WIDE_CELLS = 100, 160
MANY = 100

_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(slots=True)
class Settings:
    """What the global options say; `None` where nobody said."""

    library: Path | None = None
    site: str | None = None
    engine: str | None = None
    color: str = "auto"
    verbose: int = 0
    quiet: bool = False

    @property
    def path(self) -> Path:
        """Return the library's folder: the one named, else the one in the user's data directory."""
        if self.library is not None:
            return self.library.expanduser()
        from platformdirs import user_data_path

        return user_data_path("blogdex", appauthor=False) / "library"


# Global options, which work before and after the command


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Take a global option over into the settings; one after the command is read later and wins."""
    settings = context.find_root().ensure_object(Settings)
    if value and parameter.name:
        setattr(settings, parameter.name, value)
    if parameter.name == "color":
        context.color = _colors(settings.color)


def _global_parameters() -> list[click.Parameter]:
    kept: dict[str, Any] = {"callback": _keep, "expose_value": False}
    return [
        click.Option(
            ["--library"], type=click.Path(path_type=Path), metavar="PATH", help="Folder of the library.", **kept
        ),
        click.Option(["--site"], metavar="HOST[/FOLDER]", help="Only this blog of the library.", **kept),
        click.Option(["--engine"], type=click.Choice(ENGINES), help="Search engine.", **kept),
        click.Option(["--color"], type=click.Choice(["auto", "always", "never"]), help="When to colour.", **kept),
        click.Option(["-v", "--verbose"], count=True, help="Say more; -vv shows where an error came from.", **kept),
        click.Option(["-q", "--quiet"], is_flag=True, help="Say only what was asked for.", **kept),
    ]


class BlogdexCommand(click.Command):
    """A command that takes the global options too, and shows them last."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(_global_parameters())

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options, then the global ones."""
        own: list[tuple[str, str]] = []
        everywhere: list[tuple[str, str]] = []
        for parameter in self.get_params(context):
            record = parameter.get_help_record(context)
            if record:
                (own if parameter.callback is not _keep else everywhere).append(record)
        for title, records in (("Options", own), ("Everywhere", everywhere)):
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


class SearchCommand(BlogdexCommand):
    """A command whose `-word` arguments are words, unless they are exactly an option."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Put the options first and every word behind `--`, where Click leaves it alone."""
        takes_value = {
            name: not (option.is_flag or option.count)
            for option in self.params
            if isinstance(option, click.Option)
            for name in (*option.opts, *option.secondary_opts)
        }
        takes_value["--help"] = takes_value["-h"] = False
        options: list[str] = []
        words: list[str] = []
        rest = iter(args)
        for arg in rest:
            if arg == "--":
                words.extend(rest)
            elif arg in takes_value:
                options.append(arg)
                if takes_value[arg]:
                    options.extend(value for value in [next(rest, None)] if value is not None)
            elif arg.startswith("--"):
                options.append(arg)
            else:
                words.append(arg)
        return super().parse_args(context, [*options, "--", *words])


class BlogdexGroup(click.Group):
    """The command tree, listed by what the commands are for."""

    command_class = BlogdexCommand
    sections: Mapping[str, Sequence[str]] = {
        "Collect": ("crawl", "import", "demo"),
        "Read": ("search", "show", "open", "related", "topics"),
        "Edit": ("audit", "stats", "mark", "forget", "export"),
        "Keep": ("status", "rebuild"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(_global_parameters())

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in their sections."""
        for title, names in self.sections.items():
            with formatter.section(title):
                commands = ((name, self.get_command(context, name)) for name in names)
                formatter.write_dl([(name, command.get_short_help_str(70)) for name, command in commands if command])


# Settings from files


def _configuration() -> dict[str, Any]:
    """Read `blogdex.toml` here or in a parent folder over the user's own; paths are relative to their file."""
    from platformdirs import user_config_path

    folders = [Path.cwd(), *Path.cwd().parents]
    files = [user_config_path("blogdex", appauthor=False) / "config.toml"]
    files += [folder / CONFIG_FILE for folder in folders if (folder / CONFIG_FILE).is_file()][:1]
    merged: dict[str, Any] = {}
    for file in files:
        if not file.is_file():
            continue
        import tomllib

        try:
            values = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UsageError(f"Could not read the settings in {file}: {error}") from error
        if isinstance(values.get("library"), str):
            values["library"] = str(file.parent / Path(values["library"]).expanduser())
        for key, value in values.items():
            merged[key] = merged.get(key, {}) | value if isinstance(value, dict) else value
    return merged


def _colors(when: str) -> bool | None:
    """Tell whether to colour: always, never, or `None` for where Click finds a terminal."""
    if when != "auto":
        return when == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("CLICOLOR_FORCE", "0") not in ("", "0"):
        return True
    return None


# Printing


def _on_terminal() -> bool:
    return sys.stdout.isatty()


def _cells(at_most: int = TEXT_CELLS) -> int:
    import shutil

    return max(20, min(at_most, shutil.get_terminal_size().columns))


def _say(message: str) -> None:
    """Print a hint or a summary for a person to stderr, unless `--quiet`."""
    if not click.get_current_context().find_root().ensure_object(Settings).quiet:
        click.echo(message, err=True)


def _print_json(value: Any) -> None:
    from indexer.terminal.text import clean

    text = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo(clean(text) if _on_terminal() else text)


def _print_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    import csv

    from indexer.export import safe_cell
    from indexer.terminal.text import clean

    def cell(value: Any) -> Any:
        flat = ", ".join(value) if isinstance(value, list) else value
        return safe_cell(clean(flat) if isinstance(flat, str) else flat)

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(row[column]) for column in columns] for row in rows)


def _print_row(*cells: object) -> None:
    """Print one tab-separated row."""
    from indexer.terminal.text import one_line

    click.echo("\t".join("" if cell is None else one_line(str(cell)) for cell in cells))


def _page(lines: Iterable[str]) -> None:
    """Print through the pager on a terminal, plainly elsewhere."""
    import shutil

    text = "".join(f"{line}\n" for line in lines)
    pager = os.environ.get("BLOGDEX_PAGER")
    if pager:
        os.environ["PAGER"] = pager
    if _on_terminal() and text.count("\n") >= shutil.get_terminal_size().lines - 1:
        os.environ.setdefault("LESS", "-FRX")
        click.echo_via_pager(text)
    else:
        click.echo(text, nl=False)


class _Bar:
    """A progress bar on stderr for what takes over a second; nothing where stderr is no terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty() and not click.get_current_context().find_root().ensure_object(Settings).quiet
        self._what = ""
        self._began = self._drawn = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        import shutil

        from indexer.terminal.text import progress_line

        now = time.monotonic()
        what = progress.what.split(" · ")[0]
        if what != self._what:
            self._what, self._began = what, now
        if self._shown and now - self._began >= 1 and now - self._drawn >= 0.1:
            self._drawn = now
            line = progress_line(progress, now - self._began, shutil.get_terminal_size().columns - 1)
            click.echo(f"\r\x1b[K{line}", err=True, nl=False, color=True)

    def clear(self) -> None:
        """Take the bar off the screen."""
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False, color=True)


@contextmanager
def _progress() -> Iterator[_Bar]:
    bar = _Bar()
    try:
        yield bar
    finally:
        bar.clear()


def _json_option(function: _Function) -> _Function:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(function)


def _csv_option(function: _Function) -> _Function:
    return click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")(function)


# Opening libraries


def _open_for_reading(settings: Settings) -> Any:
    from indexer.library import reading

    return reading(settings.path, settings.engine)


@contextmanager
def _open_for_writing(settings: Settings, command: str) -> Iterator[Library]:
    from indexer.library import writing

    with writing(settings.path, command, settings.engine) as library:
        _log_to(settings.path / LOG_FILE)
        yield library


def _log_to(file: Path) -> None:
    """Send the log of this run to a file in the library, in place of the last run's."""
    import logging

    handler = logging.FileHandler(file, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)


def _find_post(library: Library, reference: str) -> StoredArticle:
    """Return the post that a result number, `id:N`, a URL or a slug names; exit with 1 where none does."""
    from indexer.terminal.text import clean

    if reference.isdigit():
        recalled = library.state.recall(int(reference))
        ids = [recalled] if recalled is not None else []
        where = f"Your last search shows no result {reference}."
    elif reference.removeprefix("id:").isdigit():
        ids, where = [int(reference.removeprefix("id:"))], f"No post has the {reference}."
    else:
        ids, where = library.store.articles.find(reference), f"No post is at {clean(reference)!r}."
    found = library.store.articles.get(ids)
    if not found:
        click.echo(f"{where} Find it first: blogdex search WORDS", err=True)
        raise click.exceptions.Exit(NOTHING_FOUND)
    if len(found) > 1:
        choices = ", ".join(f"id:{article.id} ({article.url})" for article in list(found.values())[:5])
        raise UsageError(f"{len(found)} posts are called {clean(reference)!r}: {clean(choices)}. Name one by its id.")
    return next(iter(found.values()))


# Collect


@click.group(
    cls=BlogdexGroup,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "BLOGDEX"},
    epilog="First run: blogdex demo, or blogdex crawl https://your-site/blog and then blogdex search WORDS.",
)
@click.version_option(VERSION, prog_name="blogdex")
def main() -> None:
    """Find what your blog already says, and what is pasted all over it."""


@main.command()
@click.argument("url")
@click.option("--since", metavar="DATE", help="Only posts published or changed since then.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Stop after so many posts.")
@click.option(
    "--delay",
    type=click.FloatRange(min=0),
    default=0.5,
    metavar="SECONDS",
    show_default=True,
    help="Pause between requests; robots.txt may ask for more.",
)
@click.option("--refresh", is_flag=True, help="Fetch every page again, changed or not.")
@click.option("--dry-run", is_flag=True, help="Only find the posts; fetch and keep none.")
@click.option("--no-build", is_flag=True, help="Only fetch; build later with: blogdex rebuild")
@click.option(
    "--include", multiple=True, metavar="PATTERN", help="Only addresses with this in them (* matches anything)."
)
@click.option("--exclude", multiple=True, metavar="PATTERN", help="No addresses with this in them.")
@click.option("--contact", metavar="ADDRESS", help="E-mail or URL of yours that the site's owner sees.")
@click.pass_obj
def crawl(settings: Settings, /, url: str, no_build: bool, since: str | None, **wishes: Any) -> None:
    """Fetch a blog, or what changed on it since the last crawl, then build the index.

    \b
    Example:
      blogdex crawl https://clinic.example/blog
    """
    from indexer.query import day
    from scraper import urls
    from scraper.crawling.job import CrawlOptions
    from scraper.spider import crawl as run_crawl

    url = _with_scheme(url)
    try:
        site = urls.site_of(url)
    except ValueError as error:
        raise UsageError(
            f"{url!r} is no address of a blog: {error}. Type it like https://clinic.example/blog"
        ) from error
    options = CrawlOptions(
        delay_s=wishes["delay"],
        limit=wishes["limit"],
        since=day(since) if since else None,
        refresh=wishes["refresh"],
        dry_run=wishes["dry_run"],
        include=wishes["include"],
        exclude=wishes["exclude"],
        contact=wishes["contact"],
        log_path=settings.path / "crawl.log",
        version=VERSION,
    )
    with _open_for_writing(settings, "crawl") as library:
        frontier = library.store.frontier(site, url)
        with _progress() as bar:
            report = run_crawl(url, options, frontier, bar, _print_found_posts, _say)
        _print_cut(report)
        if options.dry_run:
            library.store.drop_empty_sites()
        elif report.saved or not report.stopped_by:
            if not no_build:
                _build(library)
            _print_saved(library, site, report)
        if report.stopped_by:
            raise report.stopped_by
        if report.interrupted:
            raise click.Abort
        if options.dry_run:
            _say("Nothing was saved. Leave out --dry-run to fetch the posts.")
            return
        library.store.crawl_finished(library.store.site_id(site))
        _say("Next: blogdex rebuild" if no_build else "Next: blogdex search WORDS")


def _with_scheme(url: str) -> str:
    if not url.strip() or re.match(r"[a-z]+:(?!//|\d)", url, re.I):
        raise UsageError(f"{url!r} is no address of a blog. Type it like https://clinic.example/blog")
    if "://" in url:
        return url
    _say(f"Taking {url} as https://{url}")
    return f"https://{url}"


@main.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@click.option(
    "--base-url", metavar="URL", help="Address of the folder: a file's path below it makes the post's address."
)
@click.option("--include-pages", is_flag=True, help="Take a WordPress export's pages too, not only its posts.")
@click.pass_obj
def import_files(settings: Settings, paths: tuple[Path, ...], base_url: str | None, include_pages: bool) -> None:
    """Read posts from files: a folder or zip of HTML, a WordPress export, a web archive, JSON lines, plain text.

    \b
    Examples:
      blogdex import saved-pages --base-url https://clinic.example/blog/
      blogdex import wordpress-export.xml
    """
    from indexer.build import batches
    from scraper.imports import ImportOptions, read_paths

    failed: list[tuple[str, str]] = []
    with _open_for_writing(settings, "import") as library:
        options = ImportOptions(
            base_url=base_url,
            include_pages=include_pages,
            fetched_at=datetime.now(UTC),
            holder=library.store.pages.source_of,
        )
        saved = 0
        with _progress() as bar:
            for batch in batches(read_paths(paths, options)):
                with library.store.transaction():
                    for outcome in batch:
                        if isinstance(outcome, Page):
                            library.store.pages.save(outcome)
                            saved += 1
                        else:
                            failed.append((outcome.url, outcome.reason))
                bar(Progress(saved + len(failed), 0, "files read", len(failed)))
        _print_failures(failed)
        if not saved:
            raise UsageError("Nothing was imported: no file could be read as a post.")
        report = _build(library)
        click.echo(_imported(saved, report, len(failed)))
        for site in library.store.sites():
            _print_set_aside(library, site.key)
        _say("Next: blogdex search WORDS")


def _imported(saved: int, report: BuildReport, failed: int) -> str:
    from indexer.terminal.text import count

    line = f"Read {count(saved, 'page')}, {failed} failed. The library has {count(report.posts, 'post')}"
    others = report.pages - report.posts
    return f"{line} and {count(others, 'page')} that {'is' if others == 1 else 'are'} none." if others else f"{line}."


def _print_failures(failed: Sequence[tuple[str, str]], shown: int = 5) -> None:
    import logging

    from indexer.terminal.text import one_line

    for what, why in failed[:shown]:
        _say(f"Left out {one_line(what)}: {one_line(why)}")
    if len(failed) > shown:
        _say(f"… and {len(failed) - shown} more: see the log in the library")
    for what, why in failed:
        logging.getLogger(__name__).warning("left out %s: %s", what, why)


def _build(library: Library, *, everything: bool = False) -> BuildReport:
    from indexer.build import build

    with _progress() as bar:
        report = build(library, bar, everything=everything)
    _print_failures(report.failed)
    return report


def _print_found_posts(report: CrawlReport) -> None:
    from indexer.terminal.text import count

    places = ", ".join(f"{place} {number:,}" for place, number in report.found.items())
    if report.candidates:
        named = f" ({places})" if places else ""
        _say(f"Found {count(report.candidates, 'post')}{named}. {report.notice or ''}".rstrip())
    elif report.notice:
        _say(report.notice)


def _print_cut(report: CrawlReport) -> None:
    for shape, why in report.cut:
        _say(f"Went no further into {shape}: {why}")


def _print_saved(library: Library, site: str, report: CrawlReport) -> None:
    """Print one line that fits a mail, then what was set aside on the site."""
    from indexer.terminal.text import count

    counts = library.store.articles.counts(library.store.site_id(site))
    span = f" ({counts.first[:7]} to {counts.last[:7]})" if counts.first and counts.last else ""
    facts = [f"Saved {count(report.saved, 'post')}"]
    if report.unchanged:
        facts.append(f"{report.unchanged:,} unchanged")
    if report.gone:
        facts.append(f"{report.gone:,} gone")
    if report.left_out:
        facts.append(f"{report.left_out:,} left out by your options")
    click.echo(
        f"{', '.join(facts)}, {len(report.failed):,} failed. The library has {count(counts.posts, 'post')}{span}."
    )
    _print_failures(report.failed)
    _print_set_aside(library, site)


def _print_set_aside(library: Library, site: str) -> None:
    from indexer.terminal.text import count

    found = library.store.articles.set_aside(library.store.site_id(site))
    if found.posts < 3:
        return
    facts = [f"{count(found.everywhere, 'block')} on every page"]
    if found.editorial:
        words = round(found.editorial_words / found.posts)
        facts.append(f"{count(found.editorial, 'passage')} that editors repeat ({count(words, 'word')} a post)")
    _say(f"Set aside as boilerplate: {', '.join(facts)}.")


@main.command()
@click.pass_context
def demo(context: click.Context) -> None:
    """Crawl the example clinic blog that ships with blogdex, and show what blogdex can do.

    \b
    Example:
      blogdex demo
    """
    import tempfile

    from indexer.explain import reasons_of
    from indexer.terminal.topic_views import topic_lines
    from indexer.terminal.views import why_lines
    from scraper import demo as example

    settings: Settings = context.obj
    settings.library = Path(tempfile.mkdtemp(prefix="blogdex-demo-"))
    command = f"blogdex --library {settings.library}"
    with example.serve() as url:
        click.echo(f"$ blogdex crawl {url}")
        context.invoke(
            crawl,
            url=url,
            no_build=False,
            since=None,
            limit=None,
            delay=0.0,
            refresh=False,
            dry_run=False,
            include=(),
            exclude=(),
            contact=None,
        )
    with _open_for_reading(settings) as library:
        click.echo("\n$ blogdex topics")
        for line in topic_lines(library.store.topics.views(), len(library.store.topics.others()), _cells()):
            click.echo(line)
        click.echo('\n$ blogdex search ketamine "treatment resistant" -n 3')
        result = _search(library, ["ketamine", "treatment resistant"], limit=3)
        _print_found(result, terminal=True)
        library.state.keep_results([(found.rank, found.id) for found in result.results])
        click.echo("\n$ blogdex show 1 --why   (two blocks of each kind)")
        article = _find_post(library, "1")
        for line in why_lines(*_two_of_each_kind(article, reasons_of(library.store, article)), _cells(WIDE_CELLS)):
            click.echo(line)
    click.echo(f"\nThis library is at {settings.library}; delete the folder when you are done. Go on with:")
    for example_command in ("search chronic pain", "search pain -opioid --sort newest", "show 1", "status"):
        click.echo(f"  {command} {example_command}")
    click.echo("Your own blog: blogdex crawl https://your-site/blog")


def _two_of_each_kind(article: StoredArticle, reasons: Sequence[str]) -> tuple[StoredArticle, list[str]]:
    """Return the post with its first two blocks of each role, and their reasons."""
    seen: Counter[tuple[bool, str]] = Counter()
    chosen = []
    for block, reason in zip(article.blocks, reasons, strict=True):
        seen[block.kept, block.role] += 1
        if seen[block.kept, block.role] <= 2:
            chosen.append((block, reason))
    return replace(article, blocks=tuple(block for block, _ in chosen)), [reason for _, reason in chosen]


# Read


def _search(library: Library, words: Sequence[str], **wishes: Any) -> SearchResult:
    from indexer import query, synonyms
    from indexer.search import SearchOptions, search

    options = SearchOptions(**wishes, synonyms=synonyms.read(library.synonyms_file))
    result = search(library.store.articles, library.engine(), query.parse(words), options)
    library.state.log_search(result.query, result.total)
    return result


@main.command("search", cls=SearchCommand)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[WORDS…]")
@click.option(
    "-n", "limit", type=click.IntRange(min=1), default=10, metavar="N", show_default=True, help="So many results."
)
@click.option("--offset", type=click.IntRange(min=0), default=0, metavar="N", help="Leave out the first so many.")
@click.option("--since", metavar="DATE", help="Published then or later: 2023, 2023-05, 2023-05-31, 'last year'.")
@click.option("--until", metavar="DATE", help="Published then or earlier.")
@click.option("--topic", metavar="T", help="Only posts of this topic.")
@click.option("--author", metavar="A", help="Only posts by this author.")
@click.option("--category", metavar="C", help="Only posts of this category.")
@click.option("--sort", "order", type=click.Choice(["relevance", "newest", "oldest"]), help="Order of the results.")
@click.option(
    "--in",
    "in_",
    type=click.Choice(["all", "title", "body", "boilerplate"]),
    default="all",
    show_default=True,
    help="Where to look; boilerplate is what was set aside.",
)
@click.option("--any", "any_", is_flag=True, help="Any of the words is enough.")
@click.option("--facets", is_flag=True, help="Count the results by topic, category, author and year.")
@_json_option
@_csv_option
@click.pass_obj
def search_posts(
    settings: Settings,
    /,
    words: tuple[str, ...],
    since: str | None,
    until: str | None,
    as_json: bool,
    as_csv: bool,
    **wishes: Any,
) -> None:
    """Find posts. Words must all be there; "a phrase", -without, OR, title:word and prefix* work.

    Without words, the filters alone list the newest posts.

    \b
    Example:
      blogdex search ketamine "treatment resistant" -opioid --since 2023
    """
    from indexer.query import day

    wishes["since"] = day(since) if since else None
    wishes["until"] = day(until, end=True) if until else None
    wishes["order"] = wishes["order"] or ("relevance" if words else "newest")
    with _open_for_reading(settings) as library:
        _require_posts(library)
        site = _site(library, settings.site)
        result = _search(library, words, site=site.key if site else None, **wishes)
        _print_results(library, result, as_json=as_json, as_csv=as_csv)
        if not result.results:
            _print_nothing(result, filtered=any(wishes[name] for name in _FILTERS), offset=wishes["offset"])
            raise click.exceptions.Exit(NOTHING_FOUND)


def _print_results(library: Library, result: SearchResult, *, as_json: bool, as_csv: bool) -> None:
    """Print results in the form asked for, and keep them under their numbers."""
    from indexer import forms

    library.state.keep_results([(found.rank, found.id) for found in result.results])
    if as_json:
        _print_json(forms.search_form(result))
    elif as_csv:
        _print_csv(forms.FOUND_COLUMNS, (forms.found_form(found) for found in result.results))
    else:
        _print_found(result, terminal=_on_terminal())


def _require_posts(library: Library) -> None:
    from indexer.errors import NoPostAmongPagesError, NoPostsError, NotBuiltError

    if library.store.articles.any():
        return
    if unread := library.store.pages.unread():
        raise NotBuiltError(unread)
    pages = len(library.store.pages.ids())
    raise NoPostAmongPagesError(pages) if pages else NoPostsError()


def _print_found(result: SearchResult, *, terminal: bool) -> None:
    from indexer.terminal.text import count
    from indexer.terminal.views import search_lines

    if result.relaxed and result.results:
        _say(f"No post has all of these words; these have some of them.{_suggestion(result)}")
    if not terminal:
        for found in result.results:
            _print_row(found.rank, found.published, found.title, found.url)
        for name, values in result.facets.items():
            for value, number in values.items():
                _print_row(name, value, number)
        return
    for line in search_lines(result, _cells()):
        click.echo(line)
    if result.results:
        last = result.results[-1].rank
        more = ""
        if result.total > last:
            more = f". More: -n {result.total}" if result.total <= MANY else f". More: --offset {last}"
        _say(f"{count(result.total, 'post')}{more} · Read the first: blogdex show {result.results[0].rank}")


_FILTERS = ("since", "until", "topic", "author", "category")


def _print_nothing(result: SearchResult, *, filtered: bool, offset: int) -> None:
    from indexer.terminal.text import count, one_line

    if result.total and offset:
        line = f"There are only {count(result.total, 'post')}: nothing comes after the first {offset}."
    elif not result.query:
        line = "No post fits these filters."
    elif filtered:
        line = f'No post that fits these filters has "{result.query}".{_suggestion(result)}'
    else:
        line = f'No post has "{result.query}".{_suggestion(result)}'
    click.echo(one_line(line), err=True)


def _suggestion(result: SearchResult) -> str:
    from indexer.terminal.text import count, one_line

    if not result.suggestion:
        return ""
    return f" Did you mean: {one_line(result.suggestion)} ({count(result.suggestion_total, 'post')})?"


@main.command()
@click.argument("post")
@click.option("--raw", "form", flag_value="raw", help="The page as it was fetched.")
@click.option("--text", "form", flag_value="text", help="Only the text that was kept.")
@click.option("--html", "form", flag_value="html", help="The text that was kept, as HTML.")
@click.option("--why", "form", flag_value="why", help="Each block, and why it was kept, flagged or dropped.")
@_json_option
@_csv_option
@click.pass_obj
def show(settings: Settings, post: str, form: str | None, as_json: bool, as_csv: bool) -> None:
    """Show a post without its boilerplate. POST is a result number, id:7, an address or its last part.

    \b
    Examples:
      blogdex show 1
      blogdex show ketamine-for-chronic-pain --why
    """
    from indexer.editing import ClusterFinder
    from indexer.explain import reasons_of
    from indexer.export import BLOCK_COLUMNS, html_document, row
    from indexer.terminal.text import clean
    from indexer.terminal.views import article_lines

    with _open_for_reading(settings) as library:
        _require_posts(library)
        article = _find_post(library, post)
        if as_json:
            _print_json(row(article, reasons_of(library.store, article), ClusterFinder(library)(article)))
        elif as_csv:
            _print_csv(BLOCK_COLUMNS, row(article, reasons_of(library.store, article))["blocks"])
        elif form == "raw":
            body = next(library.store.pages.load([article.id])).page.body
            sys.stdout.buffer.write(body)
        elif form == "html":
            click.echo(html_document(article))
        elif form == "why":
            _print_why(article, reasons_of(library.store, article))
        elif form == "text" or not _on_terminal():
            click.echo(clean(article.text))
        else:
            _page(article_lines(article, _cells()))


def _print_why(article: StoredArticle, reasons: Sequence[str]) -> None:
    from indexer.explain import place
    from indexer.terminal.views import verdict, why_lines

    if _on_terminal():
        _page(why_lines(article, reasons, _cells(WIDE_CELLS)))
    else:
        for block, reason in zip(article.blocks, reasons, strict=True):
            _print_row(verdict(block), place(block), block.role, reason, block.text)


@main.command("open")
@click.argument("post")
@click.pass_obj
def open_post(settings: Settings, post: str) -> None:
    """Open a post in the browser.

    \b
    Example:
      blogdex open 1
    """
    from scraper.imports.addresses import MADE_UP_HOST

    with _open_for_reading(settings) as library:
        article = _find_post(library, post)
    url = article.url
    if url.startswith(f"https://{MADE_UP_HOST}/"):
        raise UsageError(f"The post was imported from {article.source} and has no address on the web.")
    click.launch(url)
    _say(url)


@main.command()
@click.argument("post")
@click.option("-n", "limit", type=click.IntRange(min=1), default=10, metavar="N", show_default=True, help="So many.")
@_json_option
@_csv_option
@click.pass_obj
def related(settings: Settings, post: str, limit: int, as_json: bool, as_csv: bool) -> None:
    """List the posts most like one post.

    \b
    Example:
      blogdex related 1
    """
    from indexer.search import related as find_related

    with _open_for_reading(settings) as library:
        _require_posts(library)
        result = find_related(library.store.articles, library.engine(), _find_post(library, post), limit)
        _print_results(library, result, as_json=as_json, as_csv=as_csv)


@main.command()
@click.argument("topic", required=False)
@click.option(
    "--min", "least", type=click.IntRange(min=1), default=1, metavar="N", help="Only topics with so many posts."
)
@click.option("--index", "as_index", is_flag=True, help="The A-Z subject index, as at the back of a book.")
@click.option("--format", "form", type=click.Choice(["markdown", "html"]), help="With --index: as Markdown or HTML.")
@click.option("--rename", nargs=2, type=(int, str), metavar="ID NAME", help="Give a topic another name, for good.")
@click.option("--merge", nargs=2, type=(int, int), metavar="ID ID", help="Make the second topic part of the first.")
@_json_option
@_csv_option
@click.pass_obj
def topics(settings: Settings, /, topic: str | None, least: int, as_json: bool, as_csv: bool, **wishes: Any) -> None:
    """List what the blog is about, the posts of one topic, or its subject index.

    \b
    Examples:
      blogdex topics
      blogdex topics "chronic pain"
      blogdex topics --index --format html > index.html
    """
    if wishes["rename"] or wishes["merge"]:
        _decide_topics(settings, wishes["rename"], wishes["merge"])
        return
    with _open_for_reading(settings) as library:
        _require_posts(library)
        site = _site(library, settings.site)
        site_id = site.id if site else None
        if wishes["as_index"]:
            _print_index(library, site_id, wishes["form"], as_json=as_json)
        elif topic:
            _print_topic(library, site_id, topic, as_json=as_json, as_csv=as_csv)
        else:
            _print_topics(library, site_id, least, as_json=as_json, as_csv=as_csv)


def _decide_topics(settings: Settings, rename: tuple[int, str] | None, merge: tuple[int, int] | None) -> None:
    """Carry out what a person decided about topics, and bring the index up to it."""
    from indexer.build import refresh_index
    from indexer.topics import run as decisions

    with _open_for_writing(settings, "topics") as library:
        if rename:
            decisions.rename(library.store.topics, library.topics_file, *rename)
        if merge:
            decisions.merge(library.store.topics, library.topics_file, *merge)
        with _progress() as bar:
            refresh_index(library, bar)
    _say(f"Written to {settings.path / 'topics.toml'}; it is kept through every build.")


def _print_topics(library: Library, site_id: int | None, least: int, *, as_json: bool, as_csv: bool) -> None:
    from indexer import forms
    from indexer.terminal.topic_views import topic_lines
    from indexer.topics.run import topics_form

    views = library.store.topics.views(site_id)
    rows = topics_form(views, least)
    if as_json:
        _print_json(rows)
    elif as_csv:
        _print_csv(forms.TOPIC_COLUMNS, rows)
    elif _on_terminal():
        shown = [view for view in views if len(view.members) >= least]
        _page(topic_lines(shown, len(library.store.topics.others(site_id)), _cells(WIDE_CELLS)))
    else:
        for row in rows:
            _print_row(row["id"], row["label"], row["posts"], row["newest"])
    if not rows:
        click.echo("No topics yet: they are found once there are enough posts.", err=True)
        raise click.exceptions.Exit(NOTHING_FOUND)


def _print_topic(library: Library, site_id: int | None, name: str, *, as_json: bool, as_csv: bool) -> None:
    from indexer import forms
    from indexer.terminal.topic_views import topic_posts_lines
    from indexer.topics.run import find_topic, topics_form

    view = find_topic(library.store.topics.views(site_id), name)
    library.state.keep_results([(rank, member.article_id) for rank, member in enumerate(view.members, start=1)])
    if as_json:
        _print_json(topics_form([view]))
    elif as_csv:
        _print_csv(forms.MEMBER_COLUMNS, (forms.member_form(member) for member in view.members))
    elif _on_terminal():
        _page(topic_posts_lines(view, _cells()))
    else:
        for rank, member in enumerate(view.members, start=1):
            _print_row(rank, member.published, member.title, member.url)


def _print_index(library: Library, site_id: int | None, form: str | None, *, as_json: bool) -> None:
    from indexer.terminal.topic_views import index_html, index_lines, index_markdown
    from indexer.topics.subject_index import index_form, subject_index

    index = subject_index(library.store.articles.iterate(site_id))
    if as_json:
        _print_json(index_form(index))
    elif form:
        for line in index_html(index) if form == "html" else index_markdown(index):
            click.echo(line)
    else:
        _page(index_lines(index, _cells()))


# Edit


AUDITS = ("boilerplate", "duplicates", "passages", "stale", "cta", "template")


@main.command()
@click.argument("what", required=False, type=click.Choice([*AUDITS, "accept", "show", "why"]), metavar="[WHAT]")
@click.argument("which", required=False, metavar="[ID|POST]")
@click.option(
    "--min-posts", type=click.IntRange(min=2), default=2, show_default=True, metavar="N", help="On so many posts."
)
@click.option(
    "--similar",
    type=click.FloatRange(0.2, 1.0),
    default=0.45,
    show_default=True,
    metavar="SHARE",
    help="How alike two paragraphs have to be: shared word pairs, 0-1.",
)
@click.option(
    "--facts", type=click.Path(path_type=Path), metavar="FILE", help="What is true today; facts.toml in the library."
)
@click.option(
    "--fail-on",
    type=click.Choice(AUDITS),
    multiple=True,
    metavar="KIND",
    help="End with 1 where findings of this kind are open; for scheduled runs.",
)
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write the whole audit as one HTML page.")
@_json_option
@_csv_option
@click.pass_obj
def audit(
    settings: Settings,
    /,
    what: str | None,
    which: str | None,
    fail_on: tuple[str, ...],
    html: Path | None,
    as_json: bool,
    as_csv: bool,
    **wishes: Any,
) -> None:
    """Show what is pasted over many posts, what is out of date in it, and what to do first.

    WHAT is boilerplate, duplicates, passages, stale, cta or template; nothing gives the summary and the ranked
    actions. `accept ID` takes a finding for all right, `show ID` shows one whole, `why POST` all about one post.

    \b
    Examples:
      blogdex audit
      blogdex audit stale --csv
      blogdex audit --html report.html
    """
    from indexer.audit.run import Options
    from indexer.editing import audit_site, keep_findings

    if (what in ("accept", "show", "why")) != (which is not None):
        raise UsageError("audit accept and audit show need the ID of a finding, audit why needs a post.")
    options = Options(wishes["min_posts"], wishes["similar"], datetime.now().astimezone().date())
    with _open_for_reading(settings) as library:
        _require_posts(library)
        site = _only_site(library, settings.site)
        found = audit_site(library, site, options, wishes["facts"])
        if what == "accept":
            _accept(library, found, which or "")
        elif what == "show":
            _print_finding(found, which or "")
        elif what == "why":
            _print_post_audit(library, found, which or "")
        elif html:
            _write_report(found, site, html)
        else:
            _print_audit(found, what, as_json=as_json, as_csv=as_csv)
    keep_findings(settings.path, site, found)
    open_findings = {kind: found.failing(kind) for kind in fail_on}
    if any(open_findings.values()):
        _say(", ".join(f"{number:,} {kind}" for kind, number in open_findings.items()) + " open.")
        raise click.exceptions.Exit(NOTHING_FOUND)


def _only_site(library: Library, wanted: str | None) -> Site:
    """Return the site that `--site` names, else the only one that has posts."""
    named = _site(library, wanted)
    if named:
        return named
    sites = [site for site in library.store.sites() if library.store.articles.ids(site.id)]
    if len(sites) != 1:
        names = ", ".join(site.key for site in sites)
        raise UsageError(f"An audit is of one blog. Name it with --site: {names}.")
    return sites[0]


def _print_audit(found: Audit, kind: str | None, *, as_json: bool, as_csv: bool) -> None:
    from indexer.audit.form import audit_form, audit_rows
    from indexer.terminal import audit_views

    if as_json:
        _print_json(audit_form(found))
        return
    if as_csv or not _on_terminal():
        columns, *rows = audit_rows(found, kind)
        if as_csv:
            _print_csv(
                [str(name) for name in columns], (dict(zip(map(str, columns), row, strict=True)) for row in rows)
            )
        else:
            for row in rows:
                _print_row(*row)
        return
    views = {
        None: audit_views.summary_lines,
        "boilerplate": audit_views.boilerplate_lines,
        "duplicates": audit_views.duplicates_lines,
        "passages": audit_views.passages_lines,
        "stale": audit_views.stale_lines,
        "cta": audit_views.cta_lines,
        "template": audit_views.template_lines,
    }
    _page(views[kind](found, _cells()))


def _print_finding(found: Audit, finding_id: str) -> None:
    from indexer.terminal.audit_views import finding_lines

    lines = list(finding_lines(found, finding_id, _cells()))
    if not lines:
        _say(f"There is no finding {_safe(finding_id)}. See them all: blogdex audit")
        raise click.exceptions.Exit(NOTHING_FOUND)
    _page(lines)


def _print_post_audit(library: Library, found: Audit, reference: str) -> None:
    from indexer.terminal.audit_views import why_lines

    _page(why_lines(found, _find_post(library, reference).url, _cells()))


def _accept(library: Library, found: Audit, finding_id: str) -> None:
    from indexer.editing import accept_finding

    if accept_finding(library, found, finding_id, datetime.now().astimezone().date()) is None:
        _say(f"There is no finding {_safe(finding_id)}. See them all: blogdex audit")
        raise click.exceptions.Exit(NOTHING_FOUND)
    _say(f"Accepted; written to {library.accepted_file}. To take it back, delete it there.")


def _write_report(found: Audit, site: Site, file: Path) -> None:
    from indexer.export import replacing_text
    from indexer.report import render

    with replacing_text(file) as stream:
        stream.write(render(found, site.key, datetime.now().astimezone().date()))
    _say(f"Wrote the report to {file}")


@main.command()
@click.option("--searches", is_flag=True, help="The searches that found nothing, most frequent first.")
@_json_option
@_csv_option
@click.pass_obj
def stats(settings: Settings, searches: bool, as_json: bool, as_csv: bool) -> None:
    """Count posts a month, words and authors, and how much of the pages is boilerplate.

    \b
    Examples:
      blogdex stats
      blogdex stats --searches
    """
    from indexer import forms
    from indexer.stats import sum_up
    from indexer.terminal.views import stats_lines

    with _open_for_reading(settings) as library:
        _require_posts(library)
        if searches:
            _print_fruitless(library, as_json=as_json, as_csv=as_csv)
            return
        site = _site(library, settings.site)
        site_id = site.id if site else None
        found = sum_up(library.store.articles.facts(site_id), library.store.topics.views(site_id))
    if as_json:
        _print_json(forms.stats_form(found))
    elif as_csv:
        _print_csv(forms.MONTH_COLUMNS, ({"month": month, "posts": n} for month, n in found.months.items()))
    elif _on_terminal():
        for line in stats_lines(found):
            click.echo(line)
    else:
        for month, number in found.months.items():
            _print_row(month, number)


def _print_fruitless(library: Library, *, as_json: bool, as_csv: bool) -> None:
    from indexer import forms

    rows = [dict(zip(forms.SEARCH_COLUMNS, row, strict=True)) for row in library.state.fruitless(100)]
    if as_json:
        _print_json({"searches": rows})
    elif as_csv:
        _print_csv(forms.SEARCH_COLUMNS, rows)
    else:
        for row in rows:
            _print_row(*row.values())
    if not rows:
        _say("Every search so far has found something.")


@main.command()
@click.argument("post")
@click.argument("kind", type=click.Choice(["post", "page"]))
@click.pass_obj
def mark(settings: Settings, post: str, kind: str) -> None:
    """Overrule what an address was taken for: a post, or a page that is none. It stays so through every crawl.

    \b
    Example:
      blogdex mark https://clinic.example/blog/our-team/ page
    """
    with _open_for_writing(settings, "mark") as library:
        page_id = _find_page(library, post)
        url = next(library.store.pages.load([page_id])).page.url
        library.store.pages.mark(page_id, kind)
        _build(library)
    other = "page" if kind == "post" else "post"
    _say(f"{_safe(url)} is a {kind} from now on. Undo: blogdex mark {_safe(url)} {other}")


def _find_page(library: Library, reference: str) -> int:
    """Return the id of the page, post or not, that a person names; exit with 1 where there is none."""
    ids = [] if reference.removeprefix("id:").isdigit() else library.store.pages.find(reference)
    return ids[0] if len(ids) == 1 else _find_post(library, reference).id


@main.command()
@click.argument("what", metavar="POST|SITE")
@click.option("--yes", is_flag=True, help="Do not ask before a whole site is forgotten.")
@click.pass_obj
def forget(settings: Settings, what: str, yes: bool) -> None:
    """Take a post or a whole site out of the library for good. A forgotten post stays away at the next crawl.

    \b
    Examples:
      blogdex forget 3
      blogdex forget clinic.example/blog
    """
    from indexer.terminal.text import count

    with _open_for_writing(settings, "forget") as library:
        site = next((site for site in library.store.sites() if site.key == what.rstrip("/")), None)
        if site:
            name = f"{site.key} with its {count(library.store.articles.counts(site.id).posts, 'post')}"
            if not yes and not sys.stdin.isatty():
                raise UsageError(f"This would forget {name}. Add --yes to mean it.")
            if not yes and not click.confirm(f"Forget {name}?", err=True):
                return
            library.store.forget_site(site.id)
        else:
            page_id = _find_page(library, what)
            name = next(library.store.pages.load([page_id])).page.url
            library.store.pages.forget(page_id)
        _build(library)
    _say(f"Forgot {_safe(name)}.")


@main.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "json", "csv", "markdown", "html", "warc"]),
    default="jsonl",
    show_default=True,
    help="Form of the export; warc holds the pages as they were fetched.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write there, not to the screen.")
@click.pass_obj
def export(settings: Settings, form: str, output: Path | None) -> None:
    """Write all posts out: text, facts, and every block with what was decided about it.

    \b
    Examples:
      blogdex export --format jsonl -o posts.jsonl
      blogdex export --format markdown -o posts
    """
    from indexer.terminal.text import count

    with _open_for_reading(settings) as library:
        _require_posts(library)
        site = _site(library, settings.site)
        number = _export(library, site.id if site else None, form, output)
    if output:
        _say(f"Wrote {count(number, 'page' if form == 'warc' else 'post')} to {output}")


def _export(library: Library, site_id: int | None, form: str, output: Path | None) -> int:
    from indexer.editing import ClusterFinder
    from indexer.explain import Explainer
    from indexer.export import export_posts, replacing, write_warc

    if form == "warc":
        pages = (stored.page for stored in library.store.pages.load(library.store.pages.ids(site_id)))
        now = datetime.now(UTC)
        if output is None:
            return write_warc(pages, sys.stdout.buffer, now)
        with replacing(output) as stream:
            return write_warc(pages, stream, now)
    posts = library.store.articles.iterate(site_id, gone=True)
    clusters = ClusterFinder(library)
    return export_posts(posts, Explainer(library.store).reasons, form, output or sys.stdout, clusters)


def _site(library: Library, wanted: str | None) -> Site | None:
    """Return the site that `--site` names, `None` without one."""
    if wanted is None:
        return None
    sites = library.store.sites()
    bare = wanted.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    matches = [site for site in sites if site.key == bare] or [site for site in sites if site.key.split("/")[0] == bare]
    if len(matches) != 1:
        names = ", ".join(site.key for site in matches or sites) or "none yet"
        raise UsageError(f"--site {wanted} names {len(matches) or 'no'} sites of this library. It has: {names}.")
    return matches[0]


# Keep


@main.command()
@_json_option
@_csv_option
@click.pass_obj
def status(settings: Settings, as_json: bool, as_csv: bool) -> None:
    """Say what the library holds, and whether its index is up to date.

    \b
    Example:
      blogdex status
    """
    from indexer import forms
    from indexer.terminal.views import status_lines

    with _open_for_reading(settings) as library:
        found = library.status()
    if as_json:
        _print_json(forms.status_form(found))
    elif as_csv:
        _print_csv(forms.SITE_COLUMNS, (forms.site_form(item) for item in found.sites))
    elif _on_terminal():
        for line in status_lines(found):
            click.echo(line)
    else:
        for item in found.sites:
            _print_row(*forms.site_form(item).values())
    if not found.up_to_date:
        _say("The index is not up to date. Run: blogdex rebuild")


@main.command()
@click.pass_obj
def rebuild(settings: Settings) -> None:
    """Make articles and index again from the stored pages; nothing is asked of the site.

    \b
    Example:
      blogdex rebuild
    """
    from indexer.errors import NoPostsError
    from indexer.terminal.text import count

    if not (settings.path / "library.db").exists():
        raise NoPostsError
    with _open_for_writing(settings, "rebuild") as library:
        report = _build(library, everything=True)
        click.echo(f"Made {count(report.made, 'post')} again from {count(report.pages, 'stored page')}.")


# The way in and out


def run() -> NoReturn:
    """Run the command line and end the process with 0 found or done, 1 nothing found, 2 error, 130 interrupted."""
    sys.exit(_run(sys.argv[1:]))


def _run(args: Sequence[str]) -> int:
    settings = Settings()
    try:
        code = main.main(list(args), "blogdex", standalone_mode=False, obj=settings, default_map=_configuration())
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except BlogdexError as error:
        if settings.verbose >= 2:
            click.echo(_trace(error), err=True, nl=False)
        click.echo(_safe(str(error)), err=True)
    except click.ClickException as error:
        error.show()
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted. What was saved is kept; run the same command to go on.", err=True)
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):  # Click itself ends so where the pipe was closed, and only there
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if _is_full(error):
            click.echo("The disk is full. What was saved is kept. Make room and run the same command again.", err=True)
        else:
            _report_unexpected(error, settings)
    return FAILED


def _is_full(error: Exception) -> bool:
    """Tell whether the system or SQLite ran out of room."""
    return getattr(error, "errno", None) == errno.ENOSPC or getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"


def _safe(text: str) -> str:
    from indexer.terminal.text import clean

    return clean(text)


def _trace(error: Exception) -> str:
    import traceback

    return _safe("".join(traceback.format_exception(error)))


def _report_unexpected(error: Exception, settings: Settings) -> None:
    """Say in one line what happened and where the rest is; with `-vv`, everything."""
    trace = _trace(error)
    if settings.verbose >= 2:
        click.echo(trace, err=True, nl=False)
    file = _keep_trace(trace, settings.path)
    click.echo(
        f"Something unexpected happened: {_safe(f'{type(error).__name__}: {error}')}. More is in {file}.", err=True
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


if __name__ == "__main__":
    run()
