"""Write a library out: `export`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.common.opening import open_for_reading
from commands.common.options import command
from commands.common.output import say
from indexer.naming import named_site, require_posts

if TYPE_CHECKING:
    from commands.common.settings import Settings
    from indexer.library import Library


@command("Write all posts out.")
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
    from indexer.quantities import count

    with open_for_reading(settings) as library:
        require_posts(library)
        site = named_site(library, settings.site)
        number = _export(library, site.id if site else None, form, output)
    if output:
        say(f"Wrote {count(number, 'page' if form == 'warc' else 'post')} to {output}")


def _export(library: Library, site_id: int | None, form: str, output: Path | None) -> int:
    from indexer.auditing import ClusterFinder
    from indexer.present.explain import Explainer
    from indexer.present.export.files import replacing
    from indexer.present.export.warc import write_warc
    from indexer.present.export.write import RICH_FORMS, export_posts

    if form == "warc":
        pages = (stored.page for stored in library.store.pages.load(library.store.pages.ids(site_id)))
        now = datetime.now(UTC)
        if output is None:
            return write_warc(pages, sys.stdout.buffer, now)
        with replacing(output) as stream:
            return write_warc(pages, stream, now)
    posts = library.store.articles.iterate(site_id, gone=True)
    if form in RICH_FORMS:
        posts = library.store.articles.with_rich_text(posts)
    clusters = ClusterFinder(library)
    return export_posts(posts, Explainer(library.store).reasons, form, output or sys.stdout, clusters)
