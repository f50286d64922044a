"""Show on the example blog what blogdex does."""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.collect import crawl
from commands.common import output
from commands.common.opening import open_for_reading
from commands.common.options import command
from commands.search import print_found
from indexer.naming import find_post
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commands.common.settings import Settings
    from indexer.store.rows import StoredArticle


@command("Show blogdex on the example blog.")
@click.option(
    "--serve", "in_browser", is_flag=True, help="Open the example blog in the browser, as blogdex serve does."
)
@click.pass_context
def demo(context: click.Context, in_browser: bool) -> None:
    """Crawl the example clinic blog that ships with blogdex, and show what blogdex can do.

    Its library is a new folder for temporary files, or the one that --library names on the command line, where no
    library is yet.

    \b
    Examples:
      blogdex demo
      blogdex demo --serve
      blogdex --library example demo
    """
    from indexer.present.explain import reasons_of
    from indexer.present.terminal.topic_views import tree_lines
    from indexer.present.terminal.views import why_lines
    from indexer.search.asked import Asked, ask, keep
    from indexer.topics.shown.tree import tree
    from scraper import demo as example

    settings: Settings = context.obj
    settings.library = _place(settings)
    command = f"blogdex --library {shlex.quote(str(settings.library))}"
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
    if in_browser:
        _serve(context, settings)
        return
    with open_for_reading(settings) as library:
        click.echo("\n$ blogdex topics")
        kept = library.store.topics
        for line in tree_lines(tree(kept.views(), kept.areas()), 1, len(kept.others()), output.cells()):
            click.echo(line)
        click.echo('\n$ blogdex search ketamine "treatment resistant" -n 3')
        asked = Asked(("ketamine", "treatment resistant"), limit=3)
        result = ask(library.store.articles, library.engine(), asked, library.synonyms_file)
        print_found(result, terminal=True)
        keep(library.state, asked, result)
        click.echo("\n$ blogdex show 1 --why   (two blocks of each kind)")
        article = find_post(library, "1")
        for line in why_lines(
            *_two_of_each_kind(article, reasons_of(library.store, article)), output.cells(output.WIDE_CELLS)
        ):
            click.echo(line)
    click.echo(f"\nThis library is at {settings.library}; delete the folder when you are done. Go on with:")
    for example_command in ("search chronic pain", "search pain -opioid --sort newest", "show 1", "status"):
        click.echo(f"  {command} {example_command}")
    click.echo("Your own blog: blogdex crawl https://your-site/blog")


def _serve(context: click.Context, settings: Settings) -> None:
    """Audit the example blog, so that every page has something to show, and open it in the browser."""
    from datetime import datetime

    from commands.serve import serve
    from indexer.audit.options import Options
    from indexer.auditing import audit_site, keep_findings

    with open_for_reading(settings) as library:
        (site,) = library.store.sites.all()
        audited = audit_site(library, site, Options(today=datetime.now().astimezone().date()), None)
    keep_findings(settings.path, site, audited)
    click.echo(f"\n$ blogdex --library {settings.path} serve")
    context.invoke(
        serve,
        port=8765,
        host="127.0.0.1",
        no_open=False,
        read_only=False,
        prefix="",
        public_url=None,
        user_header=None,
        proxies=(),
    )
    click.echo(f"The example is at {settings.path}; delete the folder when you are done.")


def _place(settings: Settings) -> Path:
    """Return the folder for the example's library. Raise `UsageError` where the one named has a library."""
    import tempfile

    from indexer.library import STORE_FILE

    if settings.library is None or not settings.is_named:
        return Path(tempfile.mkdtemp(prefix="blogdex-demo-"))
    if (settings.path / STORE_FILE).exists():
        raise UsageError(
            f"There is a library at {settings.path} already, and the example blog does not belong in it. "
            "Name a new folder, or none: blogdex demo"
        )
    return settings.path


def _two_of_each_kind(article: StoredArticle, reasons: Sequence[str]) -> tuple[StoredArticle, list[str]]:
    """Return the post with its first two blocks of each role, and their reasons."""
    seen: Counter[tuple[bool, str]] = Counter()
    chosen = []
    for block, reason in zip(article.blocks, reasons, strict=True):
        seen[block.kept, block.role] += 1
        if seen[block.kept, block.role] <= 2:
            chosen.append((block, reason))
    return replace(article, blocks=tuple(block for block, _ in chosen)), [reason for _, reason in chosen]
