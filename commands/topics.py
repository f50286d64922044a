"""See what a blog is about: `topics`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from commands import NOTHING_FOUND
from commands.common import output
from commands.common.completers import values_of
from commands.common.opening import open_for_reading, open_for_writing, require_library
from commands.common.options import command, csv_option, json_option
from indexer.naming import named_site, require_posts
from scraper.errors import UsageError

if TYPE_CHECKING:
    from commands.common.settings import Settings
    from indexer.library import Library
    from indexer.store.derived.topic_rows import Branch, TopicView
    from indexer.store.rows import Site


_MOST_SEARCHES = 100
"""Searches in vain that are listed; chosen: what one sitting goes through."""


@command("List what the blog is about.")
@click.argument("topic", required=False, shell_complete=values_of("topic"))
@click.option(
    "--min", "least", type=click.IntRange(min=1), default=1, metavar="N", help="Only topics with so many posts."
)
@click.option("--flat", is_flag=True, help="All topics in one list, not under their areas.")
@click.option(
    "--areas", type=click.IntRange(min=2), metavar="N", help="Show N areas, rather than as many as there are."
)
@click.option("--gaps", is_flag=True, help="What was searched for in vain, topics given up, questions left open.")
@click.option(
    "--years", type=click.IntRange(min=1), metavar="N", help="With --gaps: topics without a post for N years (3)."
)
@click.option("--compare", metavar="SITE", help="Beside another blog of the library, what that has more of first.")
@click.option("--why", is_flag=True, help="With a topic: why it is called so, and what else it could be called.")
@click.option("--index", "as_index", is_flag=True, help="The A-Z subject index, as at the back of a book.")
@click.option("--format", "form", type=click.Choice(["markdown", "html"]), help="With --index: as Markdown or HTML.")
@click.option("--rename", nargs=2, type=(int, str), metavar="ID NAME", help="Give a topic another name, for good.")
@click.option("--merge", nargs=2, type=(int, int), metavar="ID ID", help="Make the second topic part of the first.")
@json_option
@csv_option
@click.pass_obj
def topics(settings: Settings, /, topic: str | None, least: int, as_json: bool, as_csv: bool, **arguments: Any) -> None:
    """List what the blog is about, the posts of one topic, or its subject index.

    \b
    Examples:
      blogdex topics
      blogdex topics --flat
      blogdex topics "chronic pain"
      blogdex topics 2 --why
      blogdex topics --gaps
      blogdex topics --index --format html > index.html
    """
    if arguments["form"] and not arguments["as_index"]:
        raise UsageError("--format is for the index: blogdex topics --index --format html")
    if arguments["years"] and not arguments["gaps"]:
        raise UsageError("--years is for the gaps: blogdex topics --gaps --years 2")
    if arguments["why"] and not topic:
        raise UsageError("--why is for one topic: blogdex topics 2 --why")
    if arguments["rename"] or arguments["merge"]:
        require_library(settings)
        _decide_topics(settings, arguments["rename"], arguments["merge"])
        return
    from indexer.topics.shown.gaps import GIVEN_UP_YEARS

    with open_for_reading(settings) as library:
        require_posts(library)
        site = named_site(library, settings.site)
        site_id = site.id if site else None
        if arguments["gaps"]:
            years = arguments["years"] or GIVEN_UP_YEARS
            _print_gaps(library, site_id, years, as_json=as_json, as_csv=as_csv)
        elif arguments["compare"]:
            _print_compared(library, site, arguments["compare"], as_json=as_json, as_csv=as_csv)
        elif arguments["as_index"]:
            _print_index(library, site_id, arguments["form"], as_json=as_json, as_csv=as_csv)
        elif topic and arguments["why"]:
            _print_why(library, site_id, topic, as_json=as_json)
        elif topic:
            _print_topic(library, site_id, topic, as_json=as_json, as_csv=as_csv)
        else:
            asked = {"number": arguments["areas"], "flat": arguments["flat"]}
            _print_topics(library, site_id, least, as_json=as_json, as_csv=as_csv, **asked)


def _decide_topics(settings: Settings, rename: tuple[int, str] | None, merge: tuple[int, int] | None) -> None:
    """Carry out what a person decided about topics, and bring the index up to it."""
    from indexer.build import refresh_index
    from indexer.topics import run as decisions

    with open_for_writing(settings, "topics") as library:
        if rename:
            decisions.rename(library.store.topics, library.topics_file, *rename)
        if merge:
            decisions.merge(library.store.topics, library.topics_file, *merge)
        with output.progress(library.tell) as bar:
            refresh_index(library, bar)
    output.say(f"Written to {settings.path / 'topics.toml'}; it is kept through every build.")


def _print_topics(
    library: Library,
    site_id: int | None,
    least: int,
    *,
    number: int | None,
    flat: bool,
    as_json: bool,
    as_csv: bool,
) -> None:
    from indexer.present import forms
    from indexer.present.terminal.topic_views import topic_lines, tree_lines
    from indexer.topics.run import topics_form
    from indexer.topics.shown.tree import areas_at, tree

    kept = library.store.topics
    views = kept.views(site_id)
    areas = areas_at(kept, library.store.articles, number) if number else kept.areas()
    branches = tree(views, areas, nearest_first=number is not None)
    rows = topics_form(views, least, branches, flat=flat)
    if as_json:
        output.print_json(rows)
    elif as_csv:
        output.print_table(forms.TOPIC_COLUMNS, rows)
    elif output.on_terminal():
        others, cells = len(kept.others(site_id)), output.cells(output.WIDE_CELLS)
        shown = [view for view in views if len(view.members) >= least]
        output.page(topic_lines(shown, others, cells) if flat else tree_lines(branches, least, others, cells))
    else:
        labels = {branch.view.topic.id: branch.view.topic.label for branch in branches}
        for row in topics_form(views, least, branches, flat=True):
            output.print_row(row["id"], row["label"], row["posts"], row["newest"], labels.get(row["parent"]))
    if not rows:
        few = (
            f"No topic has {least:,} posts." if views else "No topics yet: they are found once there are enough posts."
        )
        click.echo(few, err=True)
        raise click.exceptions.Exit(NOTHING_FOUND)


def _found_topic(library: Library, site_id: int | None, name: str) -> tuple[TopicView, list[Branch]]:
    """Return the topic or area that is meant, with the tree; say so and end where there is none."""
    from indexer.topics.run import UnknownTopicError, find_topic
    from indexer.topics.shown.tree import tree

    views = library.store.topics.views(site_id)
    branches = tree(views, library.store.topics.areas())
    try:
        return find_topic([*views, *(branch.view for branch in branches if branch.topics)], name), branches
    except UnknownTopicError as error:
        click.echo(output.safe(str(error)), err=True)
        raise click.exceptions.Exit(NOTHING_FOUND) from error


def _print_why(library: Library, site_id: int | None, name: str, *, as_json: bool) -> None:
    from indexer.present.terminal.topic_views import why_lines
    from indexer.topics.shown.why import why_form, why_named

    why = why_named(library.store.topics, library.store.articles, _found_topic(library, site_id, name)[0].topic)
    if as_json:
        output.print_json(why_form(why))
    else:
        output.page(why_lines(why))


def _print_topic(library: Library, site_id: int | None, name: str, *, as_json: bool, as_csv: bool) -> None:
    from indexer.present import forms
    from indexer.present.terminal.topic_views import topic_posts_lines
    from indexer.topics.run import topics_form

    view, branches = _found_topic(library, site_id, name)
    library.state.keep_results([(rank, member.article_id) for rank, member in enumerate(view.members, start=1)])
    if as_json:
        output.print_json(topics_form([view], tree=branches, flat=True))
    elif as_csv:
        output.print_table(forms.MEMBER_COLUMNS, (forms.member_form(member) for member in view.members))
    elif output.on_terminal():
        output.page(topic_posts_lines(view, output.cells()))
    else:
        for rank, member in enumerate(view.members, start=1):
            output.print_row(rank, member.published, member.title, member.url)


def _print_index(library: Library, site_id: int | None, form: str | None, *, as_json: bool, as_csv: bool) -> None:
    from indexer.library import SEARCH_FOLDER
    from indexer.present.terminal.topic_views import index_html, index_lines, index_markdown
    from indexer.topics.shown.kept_index import read_index
    from indexer.topics.shown.subject_index import INDEX_COLUMNS, index_form, index_rows, subject_index

    articles = library.store.articles
    kept = read_index(library.path / SEARCH_FOLDER, articles) if site_id is None else None
    index = kept or subject_index(articles.iterate(site_id))
    if as_json:
        output.print_json(index_form(index))
    elif as_csv:
        output.print_table(INDEX_COLUMNS, index_rows(index))
    elif form:
        for line in index_html(index) if form == "html" else index_markdown(index):
            click.echo(line)
    else:
        output.page(index_lines(index, output.cells()))


def _print_gaps(library: Library, site_id: int | None, years: int, *, as_json: bool, as_csv: bool) -> None:
    """Print what was searched for in vain, which topics were given up, and what is asked and not answered."""
    from indexer.present.terminal.topic_views import gap_lines
    from indexer.topics.shown import gaps as found

    gaps = found.Gaps(
        tuple(library.state.fruitless(_MOST_SEARCHES)),
        tuple(found.given_up(library.store.topics.views(site_id), years)),
        tuple(found.open_questions(library.store.articles.iterate(site_id))),
    )
    if as_json:
        output.print_json(found.gaps_form(gaps))
    elif as_csv:
        output.print_table(found.GAP_COLUMNS, found.gap_rows(gaps))
    elif output.on_terminal():
        output.page(gap_lines(gaps, output.cells()))
    else:
        for row in found.gap_rows(gaps):
            output.print_row(row["kind"], row["what"], row["number"], row["last"])
    if not (gaps.searches or gaps.topics or gaps.questions):
        click.echo("No gaps found: every search found something, and no topic was given up.", err=True)
        raise click.exceptions.Exit(NOTHING_FOUND)


def _print_compared(library: Library, site: Site | None, other: str, *, as_json: bool, as_csv: bool) -> None:
    """Print the topics of two blogs side by side, what the other has more of first. Raise `UsageError`."""
    from indexer.present.terminal.topic_views import compared_lines
    from indexer.topics.shown.compare import COMPARED_COLUMNS, compare, compared_form

    theirs = named_site(library, other)
    assert theirs is not None
    mine = site or _only_other(library, theirs)
    if mine == theirs:
        raise UsageError(f"{mine.key} is no other blog. Name two: blogdex --site HOST topics --compare HOST")
    views = library.store.topics.views
    found = compare(views(mine.id), views(theirs.id))
    rows = [compared_form(topic) for topic in found]
    if as_json:
        output.print_json(rows)
    elif as_csv:
        output.print_table(COMPARED_COLUMNS, rows)
    elif output.on_terminal():
        output.page(compared_lines(found, mine.key, theirs.key))
    else:
        for row in rows:
            output.print_row(*row.values())


def _only_other(library: Library, theirs: Site) -> Site:
    others = [site for site in library.store.sites.all() if site != theirs]
    if len(others) == 1:
        return others[0]
    names = ", ".join(site.key for site in others) or "none"
    raise UsageError(
        f"Compare which blog with {theirs.key}? Others of this library: {names}. "
        f"Name one: blogdex --site HOST topics --compare {theirs.key}"
    )
