"""See what is pasted over many posts: `audit`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from commands import NOTHING_FOUND
from commands.common import output
from commands.common.opening import open_for_reading
from commands.common.options import command, csv_option, json_option
from indexer.audit.findings import KINDS
from indexer.naming import find_post, require_posts, sites_with_posts
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from commands.common.settings import Settings
    from indexer.audit.findings import Audit
    from indexer.library import Library
    from indexer.store.rows import Site
AUDITS = KINDS
_ABOUT_ONE = ("accept", "withdraw", "show", "why")


@command("Show what is pasted, out of date or missing.")
@click.argument("what", required=False, type=click.Choice([*AUDITS, *_ABOUT_ONE, "fixes", "facts"]), metavar="[WHAT]")
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
    type=click.Choice([*AUDITS, "new"]),
    multiple=True,
    metavar="KIND",
    help="End with 1 where findings of this kind are open; for scheduled runs.",
)
@click.option("--new", is_flag=True, help="Only what came with the latest posts.")
@click.option(
    "--mail", is_flag=True, help="Plain text for a mail: what is new, mended, to do; nothing where nothing is."
)
@click.option("--note", metavar="TEXT", default="", help="With accept: why it is all right.")
@click.option("--wp-cli", is_flag=True, help="With fixes: print them as commands for WP-CLI, which count first.")
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
    mail: bool,
    note: str,
    wp_cli: bool,
    html: Path | None,
    as_json: bool,
    as_csv: bool,
    **arguments: Any,
) -> None:
    """Show what is pasted over many posts, what is out of date in it, and what to do first.

    WHAT is boilerplate, duplicates, passages, stale, cta, links, notices, upkeep or template; nothing gives the
    summary and the ranked actions. `links` are those that lead nowhere or to an old address, `notices` the posts
    without the notice that most have, `upkeep` thin posts, posts long unchanged and posts that answer the same.
    `accept ID` takes a finding for all right, `withdraw ID` takes that back, `show ID` shows one whole, `why POST`
    all about one post. `fixes` lists what to replace by what, `facts` what is taken for true, and writes a facts.toml
    to correct where there is none. `--mail` is the audit as the text of a mail.
    Several blogs are audited one after the other; --site names one of them.

    \b
    Examples:
      blogdex audit
      blogdex audit stale --csv
      blogdex audit fixes --csv > fixes.csv
      blogdex audit --html report.html
    """
    from indexer.audit.options import Options
    from indexer.auditing import audit_site, keep_findings

    if (what in _ABOUT_ONE) != (which is not None):
        raise UsageError("audit accept, withdraw and show need the ID of a finding, audit why needs a post.")
    if note and what != "accept":
        raise UsageError('--note says why a finding is accepted: blogdex audit accept ID --note "why"')
    if wp_cli and what != "fixes":
        raise UsageError("--wp-cli prints what to replace: blogdex audit fixes --wp-cli")
    if mail and (what or html or as_json or as_csv):
        raise UsageError("--mail is the whole audit as the text of a mail: blogdex audit --mail")
    options = Options(arguments["min_posts"], arguments["similar"], datetime.now().astimezone().date())
    with open_for_reading(settings) as library:
        if what == "withdraw":
            _withdraw(library, which or "")
            return
        require_posts(library)
        every = sites_with_posts(library, settings.site)
        if what == "why":
            every = _site_of(library, every, which or "")
        if what == "facts":
            _facts(library, every, arguments["facts"], as_json=as_json, as_csv=as_csv)
            return
        audits = [(site, audit_site(library, site, options, arguments["facts"])) for site in every]
        found = {site.key: audited.found for site, audited in audits}
        shown = {key: each.only_new() for key, each in found.items()} if arguments["new"] else found
        if what == "accept":
            _accept(library, _having(found, which or ""), which or "", note)
        elif what == "show":
            _print_finding(library, _having(found, which or ""), which or "", as_json=as_json, as_csv=as_csv)
        elif what == "why":
            _print_post_audit(library, next(iter(found.values())), which or "", as_json=as_json or as_csv)
        elif what == "fixes":
            _print_fixes(shown, wp_cli=wp_cli, as_json=as_json, as_csv=as_csv)
        elif html:
            _write_reports(shown, html)
        elif mail:
            _print_mail({site.key: one.found for site, one in audits if one.survey is not None or one.found.gone})
        else:
            _print_audits(shown, what, as_json=as_json, as_csv=as_csv)
    for site, audited in audits:
        keep_findings(settings.path, site, audited)
    open_findings = {kind: sum(each.failing(kind) for each in found.values()) for kind in fail_on}
    if any(open_findings.values()):
        output.say(", ".join(f"{number:,} {kind}" for kind, number in open_findings.items()) + " open.")
        raise click.exceptions.Exit(NOTHING_FOUND)


def _site_of(library: Library, sites: Sequence[Site], reference: str) -> list[Site]:
    """Return the site of the post that a person named."""
    key = find_post(library, reference).site
    return [site for site in sites if site.key == key]


def _having(audits: Mapping[str, Audit], finding_id: str) -> Audit:
    """Return the audit that has a finding, else the first."""
    from indexer.present.terminal.audit_views import finding_name

    return next((found for found in audits.values() if finding_name(found, finding_id)), next(iter(audits.values())))


def _print_mail(audits: Mapping[str, Audit]) -> None:
    """Print the text of a mail about blogs that were not audited as they are before."""
    from indexer.present.terminal.audit_mail import audit_mail

    lines = [line for key, found in audits.items() for line in audit_mail(key, found, output.MAIL_CELLS)]
    for line in lines:
        click.echo(line)
    if not lines and output.on_terminal():
        output.say("Nothing is new since the audit before, so that there is nothing to mail.")


def _print_audits(audits: Mapping[str, Audit], kind: str | None, *, as_json: bool, as_csv: bool) -> None:
    """Print the audit of one blog, or of several: as JSON, a table, or lines for a person."""
    from indexer.present.audit_form import audit_form, audit_rows, library_form

    if as_json:
        output.print_json(library_form(audits) if len(audits) > 1 else audit_form(*audits.values()))
        return
    if as_csv or not output.on_terminal():
        columns, *rows = audit_rows(audits, kind)
        if as_csv:
            output.print_table(
                [str(name) for name in columns], (dict(zip(map(str, columns), row, strict=True)) for row in rows)
            )
        elif kind is None:
            _print_actions(audits)
        else:
            for row in rows:
                output.print_row(*row)
        return
    output.page(_lines(audits, kind))


def _print_actions(audits: Mapping[str, Audit]) -> None:
    """Print a row an action that nobody has accepted; of several blogs with the blog first."""
    for key, found in audits.items():
        for action in found.actions:
            if not action.mark.accepted:
                row = (action.mark.id, action.kind, len(action.posts), action.advice)
                output.print_row(*((key, *row) if len(audits) > 1 else row))


def _lines(audits: Mapping[str, Audit], kind: str | None) -> Iterator[str]:
    """Yield an audit for a person; of several blogs a summary of all, then blog by blog."""
    from indexer.present.terminal import audit_views
    from indexer.present.terminal.check_views import checked_lines

    views = {
        None: audit_views.summary_lines,
        "boilerplate": audit_views.boilerplate_lines,
        "duplicates": audit_views.duplicates_lines,
        "passages": audit_views.passages_lines,
        "stale": audit_views.stale_lines,
        "cta": audit_views.cta_lines,
        "template": audit_views.template_lines,
    }
    cells = output.cells(output.WIDE_CELLS)
    if len(audits) > 1 and kind is None:
        yield from audit_views.library_lines(audits, cells)
    for key, found in audits.items():
        if len(audits) > 1:
            yield ""
            yield audit_views.blog_line(key)
        yield from views[kind](found, cells) if kind in views else checked_lines(found, str(kind), cells)


def _print_fixes(audits: Mapping[str, Audit], *, wp_cli: bool, as_json: bool, as_csv: bool) -> None:
    """Print what to replace by what: as rows, as commands, or with the words around it for a person."""
    from indexer.audit import fixes
    from indexer.present.audit_form import FIX_COLUMNS, fix_form
    from indexer.present.terminal.audit_views import fix_lines

    found = [fix for each in audits.values() for fix in fixes.fixes(each)]
    if wp_cli:
        for line in fixes.wp_cli(found):
            click.echo(line)
        return
    rows = [fix_form(fix) for fix in found]
    if as_json:
        output.print_json(rows)
    elif as_csv:
        output.print_table(FIX_COLUMNS, rows)
    elif output.on_terminal():
        output.page(fix_lines(found, output.cells(output.WIDE_CELLS)))
    else:
        for row in rows:
            output.print_row(*row.values())


def _facts(library: Library, sites: Sequence[Site], named: Path | None, *, as_json: bool, as_csv: bool) -> None:
    """Print what is taken for true with its evidence, and write it down to be corrected where no file says it yet."""
    from indexer.auditing import taken_for_true_of, write_facts
    from indexer.present.facts_form import FACT_COLUMNS, fact_form, facts_toml
    from indexer.present.terminal.audit_views import blog_line
    from indexer.present.terminal.check_views import facts_lines

    found = {site.key: taken_for_true_of(library, site, named) for site in sites}
    several = len(found) > 1
    rows = [({"site": key} if several else {}) | fact_form(item) for key, items in found.items() for item in items]
    if as_json:
        output.print_json(rows)
    elif as_csv:
        output.print_table([*(["site"] if several else []), *FACT_COLUMNS], rows)
    elif output.on_terminal():
        cells = output.cells(output.WIDE_CELLS)
        output.page(
            line
            for key, items in found.items()
            for line in (*([blog_line(key)] if several else []), *facts_lines(items, cells))
        )
    else:
        for row in rows:
            output.print_row(*row.values())
    file = named or library.facts_file
    if write_facts(file, facts_toml(found)):
        output.say(f"Wrote {file}. Correct it: what stands there counts as told from the next audit on.")
    else:
        output.say(f"{file} is there and was left as it is. What is learnt and not told is above.")


def _print_finding(library: Library, found: Audit, finding_id: str, *, as_json: bool, as_csv: bool) -> None:
    from indexer.auditing import read_acceptances
    from indexer.present.audit_form import finding_form
    from indexer.present.terminal.audit_views import acceptance_lines, finding_lines

    acceptance = next((one for one in read_acceptances(library.accepted_file) if one.id == finding_id), None)
    form = finding_form(found, finding_id, acceptance) if as_json or as_csv else None
    lines = [] if form else list(finding_lines(found, finding_id, output.cells(output.WIDE_CELLS)))
    if not form and not lines:
        _say_unknown(finding_id)
    lines += acceptance_lines(acceptance)
    if form and as_json:
        output.print_json(form)
    elif form:
        output.print_table(list(form), [{name: _flat(value) for name, value in form.items()}])
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


def _accept(library: Library, found: Audit, finding_id: str, note: str) -> None:
    from indexer.accepting import accept_findings
    from indexer.audit.memory.accepted import Remark
    from indexer.present.terminal.audit_views import finding_name

    today = datetime.now().astimezone().date()
    if not accept_findings(library.accepted_file, found, [finding_id], today, Remark(_user(), note)):
        _say_unknown(finding_id)
    output.say(f"Accepted: {output.safe(finding_name(found, finding_id))}")
    output.say(f"Written to {library.accepted_file}. To take it back: blogdex audit withdraw {output.safe(finding_id)}")


def _withdraw(library: Library, finding_id: str) -> None:
    from indexer.accepting import withdraw_findings

    if not withdraw_findings(library.accepted_file, [finding_id]):
        output.say(f"No finding {output.safe(finding_id)} was accepted. Those that were: {library.accepted_file}")
        raise click.exceptions.Exit(NOTHING_FOUND)
    output.say(f"{output.safe(finding_id)} counts again. Written to {library.accepted_file}.")


def _say_unknown(finding_id: str) -> NoReturn:
    output.say(f"There is no finding {output.safe(finding_id)}. See them all: blogdex audit")
    raise click.exceptions.Exit(NOTHING_FOUND)


def _user() -> str:
    """Return the name that this person is logged in by; empty where the system has none."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _write_reports(audits: Mapping[str, Audit], file: Path) -> None:
    """Write the report of one blog, or of each of several into a file named after it."""
    from indexer.present.export.files import replacing_text
    from indexer.present.report.page import render

    for key, found in audits.items():
        own = file if len(audits) == 1 else file.with_name(f"{file.stem}-{key.replace('/', '-')}{file.suffix}")
        with replacing_text(own) as stream:
            stream.write(render(found, key, datetime.now().astimezone().date()))
        output.say(f"Wrote the report to {own}")
