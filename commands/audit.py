"""See what is pasted over many posts: `audit`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands import NOTHING_FOUND
from commands.common import output
from commands.common.opening import open_for_reading
from commands.common.options import command, csv_option, json_option
from indexer.naming import find_post, only_site, require_posts
from scraper.errors import UsageError

if TYPE_CHECKING:
    from commands.common.settings import Settings
    from indexer.audit.findings import Audit
    from indexer.library import Library
    from indexer.store.rows import Site
AUDITS = ("boilerplate", "duplicates", "passages", "stale", "cta", "template")


@command("Show what is pasted, out of date or missing.")
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
@json_option
@csv_option
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
    **arguments: Any,
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
    from indexer.audit.options import Options
    from indexer.auditing import audit_site, keep_findings

    if (what in ("accept", "show", "why")) != (which is not None):
        raise UsageError("audit accept and audit show need the ID of a finding, audit why needs a post.")
    options = Options(arguments["min_posts"], arguments["similar"], datetime.now().astimezone().date())
    with open_for_reading(settings) as library:
        require_posts(library)
        site = only_site(library, settings.site)
        audited = audit_site(library, site, options, arguments["facts"])
        found = audited.found
        if what == "accept":
            _accept(library, found, which or "")
        elif what == "show":
            _print_finding(found, which or "", as_json=as_json, as_csv=as_csv)
        elif what == "why":
            _print_post_audit(library, found, which or "", as_json=as_json or as_csv)
        elif html:
            _write_report(found, site, html)
        else:
            _print_audit(found, what, as_json=as_json, as_csv=as_csv)
    keep_findings(settings.path, site, audited)
    open_findings = {kind: found.failing(kind) for kind in fail_on}
    if any(open_findings.values()):
        output.say(", ".join(f"{number:,} {kind}" for kind, number in open_findings.items()) + " open.")
        raise click.exceptions.Exit(NOTHING_FOUND)


def _print_audit(found: Audit, kind: str | None, *, as_json: bool, as_csv: bool) -> None:
    from indexer.present.audit_form import audit_form, audit_rows
    from indexer.present.terminal import audit_views

    if as_json:
        output.print_json(audit_form(found))
        return
    if kind is None and not as_csv and not output.on_terminal():
        for action in found.actions:
            if not action.mark.accepted:
                output.print_row(action.mark.id, action.kind, len(action.posts), action.advice)
        return
    if as_csv or not output.on_terminal():
        columns, *rows = audit_rows(found, kind)
        if as_csv:
            output.print_csv(
                [str(name) for name in columns], (dict(zip(map(str, columns), row, strict=True)) for row in rows)
            )
        else:
            for row in rows:
                output.print_row(*row)
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
    output.page(views[kind](found, output.cells(output.WIDE_CELLS)))


def _print_finding(found: Audit, finding_id: str, *, as_json: bool, as_csv: bool) -> None:
    from indexer.present.audit_form import finding_form
    from indexer.present.terminal.audit_views import finding_lines

    form = finding_form(found, finding_id) if as_json or as_csv else None
    lines = [] if form else list(finding_lines(found, finding_id, output.cells(output.WIDE_CELLS)))
    if not form and not lines:
        output.say(f"There is no finding {output.safe(finding_id)}. See them all: blogdex audit")
        raise click.exceptions.Exit(NOTHING_FOUND)
    if form and as_json:
        output.print_json(form)
    elif form:
        output.print_csv(list(form), [{name: _flat(value) for name, value in form.items()}])
    else:
        output.page(lines)


def _flat(value: object) -> object:
    """Return what fits in a cell: a list of variants as the wordings."""
    if isinstance(value, list):
        return " ".join(str(item.get("text", item)) if isinstance(item, dict) else str(item) for item in value)
    return value


def _print_post_audit(library: Library, found: Audit, reference: str, *, as_json: bool) -> None:
    from indexer.present.audit_form import post_form
    from indexer.present.terminal.audit_views import why_lines

    url = find_post(library, reference).url
    if as_json:
        output.print_json(post_form(found, url))
    else:
        output.page(why_lines(found, url, output.cells(output.WIDE_CELLS)))


def _accept(library: Library, found: Audit, finding_id: str) -> None:
    from indexer.auditing import accept_finding
    from indexer.present.terminal.audit_views import finding_name

    if accept_finding(library, found, finding_id, datetime.now().astimezone().date()) is None:
        output.say(f"There is no finding {output.safe(finding_id)}. See them all: blogdex audit")
        raise click.exceptions.Exit(NOTHING_FOUND)
    output.say(f"Accepted: {output.safe(finding_name(found, finding_id))}")
    output.say(f"Written to {library.accepted_file}. To take it back, delete it there.")


def _write_report(found: Audit, site: Site, file: Path) -> None:
    from indexer.present.export.files import replacing_text
    from indexer.present.report.page import render

    with replacing_text(file) as stream:
        stream.write(render(found, site.key, datetime.now().astimezone().date()))
    output.say(f"Wrote the report to {file}")
