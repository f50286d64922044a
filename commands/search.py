"""Find posts: `search`, `related` and `similar`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from commands import NOTHING_FOUND
from commands.common import output
from commands.common.completers import complete_post, values_of
from commands.common.opening import open_for_reading
from commands.common.options import BlogdexCommand, command, csv_option, json_option
from commands.common.search_options import SEARCH
from commands.quick import found_at_once
from indexer.naming import find_post, named_site, require_posts
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.common.settings import Settings
    from indexer.library import Library
    from indexer.likeness.similar import Similar
    from indexer.search.answer import SearchResult
    from indexer.search.engine import FilterField


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


def _declared(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that are declared for a search."""
    for option in reversed(SEARCH):
        details: dict[str, Any] = {"metavar": option.metavar, "help": option.help}
        if option.kind == "number":
            details["type"] = click.IntRange(min=option.least)
        elif option.kind == "choice":
            details["type"] = click.Choice(option.choices)
        elif option.kind == "flag":
            details["is_flag"] = True
        if option.completes:
            details["shell_complete"] = values_of(cast("FilterField", option.completes))
        if option.default is not None:
            details |= {"default": option.default, "show_default": bool(option.default)}
        function = click.option(option.typed, option.name, **details)(function)
    return function


@command("Find posts.", "search", cls=SearchCommand)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[WORDS…]")
@_declared
@json_option
@csv_option
@click.pass_obj
def search_posts(
    settings: Settings,
    /,
    words: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
    **arguments: Any,
) -> None:
    """Find posts. Words must all be there; "a phrase", -without, OR, title:word and prefix* work.

    Without words, the filters alone list the newest posts.

    \b
    Example:
      blogdex search ketamine "treatment resistant" -opioid --since 2023
    """
    from indexer.present.terminal.results import nothing
    from indexer.search.asked import Asked, ask, keep

    asked = Asked(words, **arguments)
    _ = asked.days
    number = next((word[2:] for word in words if word.startswith("-n") and word[2:].isdigit()), None)
    if number:
        output.say(f"Leaving out posts with the word n{number}. For {number} results: -n {number}")
    result = None if settings.site else found_at_once(str(settings.path), settings.engine, asked)
    if result is None:
        with open_for_reading(settings) as library:
            require_posts(library)
            site = named_site(library, settings.site)
            result = ask(
                library.store.articles, library.engine(), asked, library.synonyms_file, site.key if site else None
            )
            keep(library.state, asked, result)
    print_results(result, as_json=as_json, as_csv=as_csv)
    if not result.results:
        click.echo(nothing(result, filtered=bool(asked.filters), offset=asked.offset), err=True)
        raise click.exceptions.Exit(NOTHING_FOUND)


@command("List the posts most like one.")
@click.argument("post", shell_complete=complete_post)
@click.option("-n", "limit", type=click.IntRange(min=1), default=10, metavar="N", show_default=True, help="So many.")
@json_option
@csv_option
@click.pass_obj
def related(settings: Settings, post: str, limit: int, as_json: bool, as_csv: bool) -> None:
    """List the posts most like one post, or with - like a text from standard input.

    \b
    Examples:
      blogdex related 1
      blogdex related - < draft.txt
    """
    from indexer.search.answer import related as find_related
    from indexer.search.answer import related_to_text

    text = sys.stdin.read() if post == "-" else None
    if text is not None and not text.strip():
        raise UsageError("There is no text on standard input. Write: blogdex related - < draft.txt")
    with open_for_reading(settings) as library:
        require_posts(library)
        articles = library.store.articles
        if text is None:
            result = find_related(articles, library.engine(), find_post(library, post), limit)
        else:
            result = related_to_text(articles, library.engine(), text, _language_of(text, library), limit)
        library.state.keep_results([(found.rank, found.id) for found in result.results])
        print_results(result, as_json=as_json, as_csv=as_csv)


def _language_of(text: str, library: Library) -> str | None:
    """Return the language of a text: as heard, with the library's posts for context."""
    from scraper.text.language import LanguageEvidence, hear, settle

    return settle([*library.store.articles.language_evidence(), LanguageEvidence(None, hear(text))])[-1]


@command("Find what a draft says that was written before.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-n", "limit", type=click.IntRange(min=1), default=10, metavar="N", show_default=True, help="So many.")
@json_option
@csv_option
@click.pass_obj
def similar(settings: Settings, file: Path, limit: int, as_json: bool, as_csv: bool) -> None:
    """List the posts that say what a draft says, with the passages: text, Markdown or HTML, or - for standard input.

    A passage is the same or reworded; posts without one are like the draft as a whole. Nothing of the draft is kept.

    \b
    Examples:
      blogdex similar draft.md
      blogdex similar - < draft.html
    """
    from indexer.likeness.draft import read_draft, read_text
    from indexer.likeness.similar import similar as find_similar

    draft = read_text(sys.stdin.buffer.read()) if str(file) == "-" else read_draft(file)
    with open_for_reading(settings) as library:
        require_posts(library)
        result = find_similar(library.store.articles, library.engine(), draft, _language_of(draft.text, library), limit)
        library.state.keep_results([(likeness.found.rank, likeness.found.id) for likeness in result.results])
    _print_similar(result, as_json=as_json, as_csv=as_csv)
    if not result.results:
        output.say(f"No post is like {draft.name}.")
        raise click.exceptions.Exit(NOTHING_FOUND)


def _print_similar(result: Similar, *, as_json: bool, as_csv: bool) -> None:
    from indexer.present import forms
    from indexer.present.terminal.similar_views import lines, rows, summary

    if as_json:
        output.print_json(forms.similar_form(result))
    elif as_csv:
        output.print_table(forms.SIMILAR_COLUMNS, forms.similar_rows(result))
    elif output.on_terminal():
        output.page(lines(result, output.cells()))
    else:
        for row in rows(result):
            output.print_row(*row)
    if not (as_json or as_csv) and result.results:
        output.say(summary(result))


def print_results(result: SearchResult, *, as_json: bool, as_csv: bool) -> None:
    """Print results in the form asked for."""
    from indexer.present import forms
    from indexer.present.terminal.results import printed_json

    if as_json:
        click.echo(printed_json(result, terminal=output.on_terminal()).out, nl=False)
    elif as_csv:
        output.print_table(forms.FOUND_COLUMNS, (forms.found_form(found) for found in result.results))
    else:
        print_found(result, terminal=output.on_terminal())


def print_found(result: SearchResult, *, terminal: bool) -> None:
    """Print results for a terminal, or as tab-separated rows."""
    from indexer.present.terminal.results import printed

    text = printed(result, output.cells() if terminal else None)
    if text.before:
        output.say(text.before.rstrip("\n"))
    click.echo(text.out, nl=False)
    if text.after:
        output.say(text.after.rstrip("\n"))
