"""Bring posts in: `crawl` and `import`, each ending with a build."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands import VERSION
from commands.common import output
from commands.common.opening import open_for_writing
from commands.common.options import command, json_option, wait_option
from scraper.errors import UsageError
from scraper.model import Page, Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commands.common.settings import Settings
    from indexer.build import BuildReport
    from indexer.library import Library
    from indexer.store.rows import Site
    from scraper.crawling.job import CrawlOptions, CrawlReport
    from scraper.crawling.look import Look
    from scraper.imports import LeftOut

_ADRIFT = 10
"""Pages without an address from which an import says what that costs; chosen: a copy of a site has more."""
NEXT = "Next: blogdex search WORDS · blogdex audit"


@command("Fetch a blog, or what changed on it.")
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
@click.option("--accept-gone", is_flag=True, help="Posts that the site has no more are gone, however many they are.")
@click.option("--dry-run", is_flag=True, help="Only find the posts; fetch and keep none.")
@click.option("--no-build", is_flag=True, help="Only fetch; build later with: blogdex rebuild")
@click.option(
    "--include", multiple=True, metavar="PATTERN", help="Only addresses with this in them (* matches anything)."
)
@click.option("--exclude", multiple=True, metavar="PATTERN", help="No addresses with this in them.")
@click.option("--browser", is_flag=True, help="Let a browser run the scripts of every page (extra: browser).")
@click.option("--public-only", is_flag=True, help="No address of your own network, not even the one typed.")
@click.option("--contact", metavar="ADDRESS", help="E-mail or URL of yours that the site's owner sees.")
@wait_option
@json_option
@click.pass_obj
def crawl(settings: Settings, /, url: str, no_build: bool, since: str | None, as_json: bool, **arguments: Any) -> None:
    """Fetch a blog, or what changed on it since the last crawl, then build the index.

    \b
    Example:
      blogdex crawl https://clinic.example/blog
    """
    from indexer.search.query import day
    from scraper import urls
    from scraper.crawling.browser import find as find_browser
    from scraper.crawling.job import CrawlOptions
    from scraper.crawling.spider import crawl as run_crawl

    url = _with_scheme(url)
    if not math.isfinite(arguments["delay"]):
        raise UsageError("--delay is a number of seconds, such as 2.")
    try:
        site = urls.site_of(url)
    except ValueError as error:
        raise UsageError(
            f"{url!r} is no address of a blog: {error}. Type it like https://clinic.example/blog"
        ) from error
    options = CrawlOptions(
        delay_s=arguments["delay"],
        limit=arguments["limit"],
        since=day(since) if since else None,
        refresh=arguments["refresh"],
        accept_gone=arguments["accept_gone"],
        dry_run=arguments["dry_run"],
        include=arguments["include"],
        exclude=arguments["exclude"],
        contact=arguments["contact"],
        browser=find_browser() if arguments["browser"] else None,
        log_path=settings.path / "crawl.log",
        public_only=arguments["public_only"],
        version=VERSION,
    )
    with open_for_writing(settings, "crawl", arguments.get("wait_s")) as library:
        if (seen := _look_first(library, site, url, options)) is not None:
            if (holder := _holder(library, seen.page.url)) is not None:
                _take_one(library, holder, seen, options, built=not no_build)
                return
            url = seen.blog_url
            output.say(f"{seen.page.url} is one post. Crawling the blog it belongs to: {url}")
            site = urls.site_of(url)
        known = _known_site(library, site)
        if known:
            output.say(f"{url} lies in {known.key}, which the library has: crawling that.")
            site, url = known.key, known.start_url or f"https://{known.key}"
        if options.public_only and all(one.key != site for one in library.store.sites.all()):
            library.keep_public(site)
        frontier = library.store.frontier(site, url)
        with output.progress(library.tell) as bar:
            report = run_crawl(url, options, frontier, bar, _print_found_posts, output.say)
        _print_cut(report)
        if options.dry_run or (report.stopped_by and not report.tally.known):
            library.store.sites.drop_empty()
        if not options.dry_run and (report.tally.saved or not report.stopped_by):
            if not no_build:
                build_library(library)
            if as_json:
                _print_json(library, site, report)
            else:
                _print_saved(library, site, report, built=not no_build)
                if settings.verbose and not no_build:
                    _print_changes(library, site)
        if report.stopped_by:
            raise report.stopped_by
        if report.interrupted:
            raise click.Abort
        if options.dry_run:
            for address in report.tally.rehearsed[: options.limit]:
                click.echo(output.safe(address))
            output.say("Nothing was saved. Leave out --dry-run to fetch the posts.")
            return None
        library.store.sites.crawl_finished(library.store.sites.id_of(site))
        output.say("Next: blogdex rebuild" if no_build else NEXT)


def _look_first(library: Library, site: str, url: str, options: CrawlOptions) -> Look | None:
    """Return the post at an address that is no known blog's; `None` for what may be a blog. Raise for a plain page."""
    from scraper.crawling.look import look

    if any(known.key == site for known in library.store.sites.all()):
        return None
    seen = look(url, options)
    if seen is None or not (seen.is_post or seen.is_page):
        return None
    if seen.is_page:
        holder = _holder(library, seen.page.url)
        where = holder.start_url or holder.key if holder else seen.blog_url
        raise UsageError(
            f"{url} is a page, neither a post nor a blog: {seen.reason}. The blog itself: blogdex crawl {where}"
        )
    return seen


def _holder(library: Library, url: str) -> Site | None:
    """Return the site of the library that a post belongs to: the one that knows it, else the nearest on its host."""
    from scraper import urls

    near = [site for site in library.store.sites.all() if urls.on_host(url, site.key)]
    knowing = [site for site in near if library.store.sites.page_at(site.id, url)]
    inside = sorted((site for site in near if urls.in_site(url, site.key)), key=lambda site: -len(site.key))
    return next(iter([*knowing, *inside, *near]), None)


def _take_one(library: Library, site: Site, seen: Look, options: CrawlOptions, *, built: bool) -> None:
    """Save one post into the site that it belongs to."""
    from dataclasses import replace

    if options.dry_run:
        click.echo(output.safe(seen.page.url))
        output.say("Nothing was saved. Leave out --dry-run to fetch the posts.")
        return
    known = library.store.sites.page_at(site.id, seen.page.url)
    page = replace(seen.page, site=site.key, url=known or seen.page.url)
    if not library.store.take_one(site.id, page):
        raise UsageError(
            f"{page.url} shows something else today, and the stored post stays. "
            f"Look at it in a browser; if it was rewritten, take it with: blogdex crawl {site.start_url or site.key}"
        )
    if built:
        build_library(library)
    click.echo(f"Saved this post in {site.key}. For what else is new there: blogdex crawl {site.start_url or site.key}")
    output.say(NEXT if built else "Next: blogdex rebuild")


def _known_site(library: Library, key: str) -> Site | None:
    """Return the site of the library that a new one would be a part of. Raise where it would hold one of them whole."""
    sites = library.store.sites.all()
    if any(site.key == key for site in sites):
        return None
    for site in sites:
        if site.key.startswith(f"{key}/"):
            raise UsageError(
                f"The library has {site.key} already, and its posts would be there twice. "
                f"Crawl that again: blogdex crawl {site.key}, or forget it first: blogdex forget {site.key}"
            )
    return next((site for site in sites if key.startswith(f"{site.key}/")), None)


def _with_scheme(url: str) -> str:
    if url.strip() and Path(url).exists():
        raise UsageError(f"{url} is here on this computer. Read it with: blogdex import {url}")
    if not url.strip() or re.match(r"[a-z]+:(?!//|\d)", url, re.I):
        raise UsageError(f"{url!r} is no address of a blog. Type it like https://clinic.example/blog")
    if "://" in url:
        return url
    output.say(f"Taking {url} as https://{url}")
    return f"https://{url}"


@command("Read posts from files.", "import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@click.option(
    "--base-url", metavar="URL", help="Address of the folder: a file's path below it makes the post's address."
)
@click.option("--include-pages", is_flag=True, help="Take a WordPress export's pages too, not only its posts.")
@click.option(
    "--type", "types", multiple=True, metavar="NAME", help="Take what a WordPress export has of this type, too."
)
@wait_option
@click.pass_obj
def import_files(
    settings: Settings,
    paths: tuple[Path, ...],
    base_url: str | None,
    include_pages: bool,
    types: tuple[str, ...],
    wait_s: float | None,
) -> None:
    """Read posts from files: a folder or zip of HTML, a WordPress export, a web archive, JSON lines, plain text.

    \b
    Examples:
      blogdex import saved-pages --base-url https://clinic.example/blog/
      blogdex import wordpress-export.xml
    """
    from indexer.build import batches
    from scraper.imports import ImportOptions, LeftOut, read_paths
    from scraper.urls import is_made_up

    failed: list[tuple[str, str]] = []
    passed: list[LeftOut] = []
    with open_for_writing(settings, "import", wait_s) as library:
        options = ImportOptions(
            base_url=base_url,
            include_pages=include_pages,
            fetched_at=datetime.now(UTC),
            holder=library.store.pages.source_of,
            types=types,
        )
        saved: list[int] = []
        touched: set[str] = set()
        adrift = 0
        with output.progress(library.tell) as bar:
            for batch in batches(read_paths(paths, options)):
                with library.store.transaction():
                    for outcome in batch:
                        if isinstance(outcome, Page):
                            saved.append(library.store.pages.save(outcome))
                            touched.add(outcome.site)
                            adrift += is_made_up(outcome.url)
                        elif isinstance(outcome, LeftOut):
                            passed.append(outcome)
                        else:
                            failed.append((outcome.url, outcome.reason))
                bar(Progress(len(saved) + len(failed), 0, "files read", len(failed)))
        print_failures(failed)
        _print_left_out(passed)
        if not saved:
            raise UsageError("Nothing was imported: no file could be read as a post.")
        report = build_library(library)
        _print_no_posts(library.store.pages.no_posts(set(saved)))
        click.echo(_imported(len(saved), report, len(failed)))
        for site in sorted(touched):
            print_set_aside(library, site)
        if adrift >= _ADRIFT and base_url is None:
            output.say(
                f"{adrift:,} pages do not say where they stood, which helps to tell posts from lists. To give the "
                "address of the folder: blogdex import … --base-url https://your-site/"
            )
        output.say(NEXT)


def _print_left_out(passed: Sequence[LeftOut]) -> None:
    """Say by kind what the files hold beside what was taken."""
    from indexer.present.terminal.text import one_line

    for left in passed:
        output.say(one_line(f"Left out of {left.source}: {', '.join(left.what)}."))


def _print_no_posts(refused: Sequence[tuple[str, str]], kinds: int = 6, shown: int = 3) -> None:
    """Name the first pages of each kind that are no posts, and how many there are; the log names all."""
    import logging

    from indexer.present.terminal.text import one_line
    from indexer.quantities import count

    by_kind: dict[str, list[str]] = {}
    for name, why in refused:
        by_kind.setdefault(re.sub(r"\S+://\S+", "another page", re.sub(r"\d+ ", "", why)), []).append(name)
        logging.getLogger(__name__).info("no post: %s: %s", name, why)
    ranked = sorted(by_kind.items(), key=lambda kind: -len(kind[1]))
    for kind, names in ranked[:kinds]:
        more = ", …" if len(names) > shown else ""
        output.say(one_line(f"No post: {count(len(names), 'page')} ({', '.join(names[:shown])}{more}): {kind}"))
    if left := sum(len(names) for _, names in ranked[kinds:]):
        output.say(f"No post: {count(left, 'page')} for other reasons, see the log in the library")


def _imported(saved: int, report: BuildReport, failed: int) -> str:
    from indexer.quantities import count

    line = f"Read {count(saved, 'page')}, {failed} failed. The library has {count(report.posts, 'post')}"
    others = report.pages - report.posts
    return f"{line} and {count(others, 'page')} that {'is' if others == 1 else 'are'} none." if others else f"{line}."


def build_library(library: Library, *, everything: bool = False) -> BuildReport:
    """Bring articles and index up to the stored pages, under a progress bar."""
    from indexer.build import build
    from indexer.quantities import count

    with output.progress(library.tell) as bar:
        report = build(library, bar, everything=everything)
    print_failures(report.failed)
    if report.engine:
        output.say(
            f"The search index is made by {report.engine} from now on, which suits {count(report.posts, 'post')}."
        )
    return report


def print_failures(failed: Sequence[tuple[str, str]], shown: int = 5) -> None:
    """Name the first of what was left out and why; the log names all."""
    import logging

    from indexer.present.terminal.text import one_line

    for what, why in failed[:shown]:
        output.say(f"Left out {one_line(what)}: {one_line(why)}")
    if len(failed) > shown:
        output.say(f"… and {len(failed) - shown} more: see the log in the library")
    for what, why in failed:
        logging.getLogger(__name__).warning("left out %s: %s", what, why)


def _print_found_posts(report: CrawlReport) -> None:
    from indexer.quantities import count

    tally = report.tally
    places = ", ".join(f"{place} {number:,}" for place, number in tally.found.items())
    if tally.candidates:
        named = f" ({places})" if places else ""
        output.say(f"Found {count(tally.candidates, 'post')}{named}. {report.notice or ''}".rstrip())
    elif report.notice:
        output.say(report.notice)


def _print_cut(report: CrawlReport, shown: int = 5) -> None:
    """Say which addresses were left alone, as there may be endlessly many like them."""
    from indexer.present.terminal.views import cut_line

    lines = list(dict.fromkeys(cut_line(shape, why) for shape, why in report.tally.cut))
    for line in lines[:shown]:
        output.say(line)
    if len(lines) > shown:
        output.say(f"… and {len(lines) - shown} more kinds of addresses that were left alone")


def _print_changes(library: Library, site: str) -> None:
    """List what this crawl brought."""
    from commands.changes import print_changes
    from indexer.changes import changes

    chosen = [one for one in library.store.sites.all() if one.key == site]
    print_changes(changes(library.store, chosen, None))


def _print_json(library: Library, site: str, report: CrawlReport) -> None:
    """Print what the crawl came to, and what it brought."""
    from indexer.changes import changes
    from indexer.present import forms

    chosen = next(one for one in library.store.sites.all() if one.key == site)
    counts = library.store.articles.counts(chosen.id)
    output.print_json(forms.crawl_form(site, report.tally, counts, changes(library.store, [chosen], None)))
    if report.tally.missing:
        click.echo(_asked_about_missing(report.tally.missing, report.start_url), err=True)


def _print_saved(library: Library, site: str, report: CrawlReport, *, built: bool) -> None:
    """Print one line that fits a mail, then what was set aside on the site; with `--quiet`, only news."""
    from indexer.quantities import count

    tally = report.tally
    if output.is_quiet() and not (tally.saved or tally.gone or tally.failed or tally.held or tally.missing):
        return
    counts = library.store.articles.counts(library.store.sites.id_of(site))
    span = f" ({counts.first[:7]} to {counts.last[:7]})" if built and counts.first and counts.last else ""
    is_all = built and tally.saved == counts.posts - counts.gone
    facts = [f"Saved {count(tally.saved, 'post')}{span if is_all else ''}"]
    if tally.unchanged:
        facts.append(f"{tally.unchanged:,} unchanged")
    if tally.gone:
        facts.append(f"{tally.gone:,} gone")
    if tally.held:
        facts.append(f"{tally.held:,} kept as they were, as their addresses show another page")
    if tally.left_out:
        facts.append(f"{tally.left_out:,} left out by your options")
    gone = f", and {counts.gone:,} more that {'is' if counts.gone == 1 else 'are'} gone" if counts.gone else ""
    live = count(counts.posts - counts.gone, "post")
    total = "" if is_all or not built else f" {site} has {live}{span}{gone}."
    click.echo(f"{', '.join(facts)}, {len(tally.failed):,} failed.{total}")
    print_failures(tally.failed)
    if tally.alike:
        output.say(_left_out_for_today(tally.alike, tally.says))
    if report.hint:
        output.say(report.hint)
    if tally.missing:
        click.echo(_asked_about_missing(tally.missing, report.start_url), err=True)
    if built:
        print_set_aside(library, site)


def _left_out_for_today(pages: int, says: str) -> str:
    """Say that new pages were not taken for posts, as they say one thing, or nothing that the blog's posts do."""
    from indexer.present.terminal.text import one_line
    from indexer.quantities import count

    which = "shows what is no post of this blog" if pages == 1 else "say one and the same, or are no posts of this blog"
    again = "It is" if pages == 1 else "They are"
    return one_line(
        f"Left out {count(pages, 'new page')} that {which} (“{says}”). {again} asked again at the next crawl."
    )


def _asked_about_missing(missing: int, url: str) -> str:
    """Say that many posts are not there any more, what was made of it, and what to type."""
    from indexer.quantities import count

    return (
        f"The site says of {count(missing, 'post')} that they are not there (404 or 410). They stay, as so many at "
        f"once are more often a fault than a deletion. If they were deleted: blogdex crawl {url} --accept-gone"
    )


def print_set_aside(library: Library, site: str) -> None:
    """Say in a line what of a site was set aside as boilerplate."""
    from indexer.quantities import count

    found = library.store.articles.set_aside(library.store.sites.id_of(site))
    if found.posts < 3:
        return
    facts = [f"{count(found.everywhere, 'block')} on every page"] if found.everywhere else []
    if found.editorial:
        words = round(found.editorial_words / found.posts)
        facts.append(f"{count(found.editorial, 'passage')} that editors repeat ({count(words, 'word')} a post)")
    if not facts:
        return
    where = f" on {site}" if len(library.store.sites.all()) > 1 else ""
    output.say(f"Set aside as boilerplate{where}: {', '.join(facts)}.")
