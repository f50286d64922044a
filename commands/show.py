"""Read one post: `show` and `open`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from commands.common import output
from commands.common.completers import complete_post
from commands.common.opening import open_for_reading
from commands.common.options import command, csv_option, json_option
from indexer.naming import find_post, require_posts
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commands.common.settings import Settings
    from indexer.store.rows import StoredArticle


@command("Show a post without its boilerplate.")
@click.argument("post", shell_complete=complete_post)
@click.option("--raw", "form", flag_value="raw", help="The page as it was fetched.")
@click.option("--text", "form", flag_value="text", help="Only the text that was kept.")
@click.option("--html", "form", flag_value="html", help="The text that was kept, as HTML.")
@click.option("--why", "form", flag_value="why", help="Each block, and why it was kept, flagged or dropped.")
@json_option
@csv_option
@click.pass_obj
def show(settings: Settings, post: str, form: str | None, as_json: bool, as_csv: bool) -> None:
    """Show a post without its boilerplate. POST is a result number, id:7, an address or its last part.

    \b
    Examples:
      blogdex show 1
      blogdex show ketamine-for-chronic-pain --why
    """
    from indexer.auditing import ClusterFinder
    from indexer.present.explain import reasons_of
    from indexer.present.export.page import html_document
    from indexer.present.export.rows import BLOCK_COLUMNS, row
    from indexer.present.terminal.text import clean
    from indexer.present.terminal.views import article_lines

    with open_for_reading(settings) as library:
        require_posts(library)
        article = find_post(library, post)
        if as_json:
            output.print_json(
                row(article, reasons_of(library.store, article), ClusterFinder(library, article)(article))
            )
        elif as_csv:
            output.print_table(BLOCK_COLUMNS, row(article, reasons_of(library.store, article))["blocks"])
        elif form == "raw":
            stored = next(library.store.pages.load([article.id]), None)
            if stored is None:
                raise UsageError(
                    "The stored copy of this page can't be read. Fetch it again: blogdex crawl URL --refresh"
                )
            sys.stdout.buffer.write(stored.page.body)
        elif form == "html":
            click.echo(html_document(next(library.store.articles.with_rich_text([article]))))
        elif form == "why":
            _print_why(article, reasons_of(library.store, article))
        elif form == "text" or not output.on_terminal():
            click.echo(clean(article.text))
        else:
            output.page(article_lines(article, output.cells()))


def _print_why(article: StoredArticle, reasons: Sequence[str]) -> None:
    from indexer.present.explain import place
    from indexer.present.terminal.views import verdict, why_lines

    if output.on_terminal():
        output.page(why_lines(article, reasons, output.cells(output.WIDE_CELLS)))
    else:
        for block, reason in zip(article.blocks, reasons, strict=True):
            output.print_row(verdict(block), place(block), block.role, reason, block.text)


@command("Open a post in the browser.", "open")
@click.argument("post", shell_complete=complete_post)
@click.pass_obj
def open_post(settings: Settings, post: str) -> None:
    """Open a post in the browser.

    \b
    Example:
      blogdex open 1
    """
    from scraper.imports.addresses import MADE_UP_HOST

    with open_for_reading(settings) as library:
        article = find_post(library, post)
    url = article.url
    if url.startswith(f"https://{MADE_UP_HOST}/"):
        raise UsageError(f"The post was imported from {article.source} and has no address on the web.")
    click.launch(url)
    output.say(url)
