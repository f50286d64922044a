"""Write a library out: `export`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands import NOTHING_FOUND
from commands.common.completers import values_of
from commands.common.opening import open_for_reading
from commands.common.options import command
from commands.common.output import say, write_table
from indexer.naming import named_site, require_posts
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from commands.common.settings import Settings
    from indexer.library import Library
    from indexer.present.export.choice import Choice
    from indexer.store.rows import StoredArticle
_WHOLE = ("markdown", "html", "warc")


@command("Write all posts out.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "json", "csv", "xlsx", "markdown", "html", "warc"]),
    default="jsonl",
    show_default=True,
    help="Form of the export; warc holds the pages as they were fetched.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write there, not to the screen.")
@click.option("--since", metavar="DATE", help="Published then or later: 2023, 2023-05, 2023-05-31, 'last year'.")
@click.option("--until", metavar="DATE", help="Published then or earlier.")
@click.option("--topic", metavar="T", shell_complete=values_of("topic"), help="Only posts of this topic.")
@click.option("--author", metavar="A", shell_complete=values_of("author"), help="Only posts by this author.")
@click.option(
    "--language", metavar="L", shell_complete=values_of("language"), help="Only posts in this language: es, spanish."
)
@click.option("--fields", metavar="A,B,…", help="Only these fields of each post, in this order: url,title,published.")
@click.pass_obj
def export(settings: Settings, /, form: str, output: Path | None, fields: str | None, **filters: Any) -> None:
    """Write all posts out: text, facts, and every block with what was decided about it.

    \b
    Examples:
      blogdex export --format jsonl -o posts.jsonl
      blogdex export --format markdown -o posts
      blogdex export --format xlsx --since 2025 --fields url,title,published -o posts.xlsx
    """
    from indexer.present.export.choice import Choice
    from indexer.quantities import count
    from indexer.search.asked import Asked

    names = _fields(fields, form)
    if form == "xlsx" and output is None:
        raise UsageError("A workbook needs a file: blogdex export --format xlsx -o posts.xlsx")
    asked = Asked(**filters)
    since, until = asked.days
    choice = Choice(since, until, asked.topic, asked.author, asked.language)

    with open_for_reading(settings) as library:
        require_posts(library)
        site = named_site(library, settings.site)
        number = _export(library, site.id if site else None, choice, names, form, output)
    if output:
        say(f"Wrote {count(number, 'page' if form == 'warc' else 'post')} to {output}")
    if asked.filters and not number:
        say("No post is as asked for.")
        raise click.exceptions.Exit(NOTHING_FOUND)


def _fields(text: str | None, form: str) -> tuple[str, ...] | None:
    from indexer.present.export.choice import fields_named
    from indexer.present.export.tables import COLUMNS

    if text is None:
        return None
    if form in _WHOLE:
        raise UsageError(f"--fields is for jsonl, json, csv and xlsx; {form} has posts as a whole.")
    return fields_named(text, COLUMNS if form in ("csv", "xlsx") else (*COLUMNS, "blocks"))


def _export(
    library: Library,
    site_id: int | None,
    choice: Choice,
    fields: tuple[str, ...] | None,
    form: str,
    output: Path | None,
) -> int:
    from indexer.auditing import ClusterFinder
    from indexer.present.explain import Explainer
    from indexer.present.export.choice import chosen
    from indexer.present.export.rows import export_rows
    from indexer.present.export.tables import COLUMNS
    from indexer.present.export.write import RICH_FORMS, export_posts

    articles = library.store.articles
    if form == "warc":
        every = choice == type(choice)()
        ids = library.store.pages.ids(site_id)
        if not every:
            # A page that makes no post has no day, topic or author that could be asked for.
            ids = [article.id for article in chosen(articles.iterate(site_id, gone=True), choice)]
        return _export_pages(library, ids, output)
    posts: Iterable[StoredArticle] = chosen(articles.iterate(site_id, gone=True), choice)
    if form in RICH_FORMS:
        posts = articles.with_rich_text(posts)
    explain, clusters = Explainer(library.store).reasons, ClusterFinder(library)
    if form == "xlsx" and output is not None:
        return write_table(fields or COLUMNS, export_rows(posts, explain, clusters), output)
    return export_posts(posts, explain, form, output or sys.stdout, clusters, fields)


def _export_pages(library: Library, ids: Sequence[int], output: Path | None) -> int:
    from indexer.present.export.files import replacing
    from indexer.present.export.warc import write_warc

    pages = (stored.page for stored in library.store.pages.load(ids))
    now = datetime.now(UTC)
    if output is None:
        return write_warc(pages, sys.stdout.buffer, now)
    with replacing(output) as stream:
        return write_warc(pages, stream, now)
