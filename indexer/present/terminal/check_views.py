"""Lay out what the single checks of an audit found: links, notices, posts to look after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.present.facts_form import evidence_in_words
from indexer.present.terminal.style import style
from indexer.present.terminal.text import one_line, pad, shorten, wrap
from indexer.quantities import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.audit.findings import Audit, PostFinding
    from indexer.audit.owner.evidence import Evidence

SHOWN = 20
"""Findings of a kind; chosen: a kind fits on a screen."""
_NOTHING = {
    "links": "No link leads to a page that is gone or to an old address, and all copies of a call lead to the same.",
    "notices": "No post lacks a notice that most posts have.",
    "upkeep": "No post is thin, lacks a lead image, asks what another asks, or stayed unchanged while its topic lives.",
}


def checked_lines(audit: Audit, kind: str, cells: int, shown: int = SHOWN) -> Iterator[str]:
    """Yield what the checks of one kind found, newest post first."""
    found = [finding for finding in audit.checks_of(kind) if not finding.mark.accepted]
    if not found:
        yield _NOTHING[kind]
        return
    yield style(f"{count(len(found), 'finding')} in {count(len({each.post for each in found}), 'post')}", "bold")
    yield from check_lines(found[:shown], cells)
    if len(found) > shown:
        yield style(f"and {len(found) - shown:,} more: blogdex audit {kind} --csv", "dim")


def check_lines(checks: Sequence[PostFinding], cells: int) -> Iterator[str]:
    """Yield what single checks found, each with its post and the words around it."""
    for check in checks:
        head = said(check)
        yield from (style(head[start:end], "bold") for start, end in wrap(head, cells))
        yield f"  {style(shorten(one_line(check.post), cells - 2), 'blue')}"
        if check.found and check.text:
            yield f"  {shorten(around(check.text, check.found), cells - 2)}"


def said(check: PostFinding) -> str:
    """Return a finding in one line: what was found, what is meant, and why it is told."""
    now = f', for "{one_line(check.expected)}"' if check.expected else ""
    return (f'"{one_line(check.found)}"{now}: ' if check.found else "") + one_line(check.reason)


def facts_lines(found: Sequence[Evidence], cells: int) -> Iterator[str]:
    """Yield what is taken for true of a blog, each value with where it stands; what a person decides comes last."""
    if not found:
        yield "Nothing is known of the owner: no name, number or address."
    for title, items in (
        ("Told by facts.toml", [item for item in found if item.told]),
        ("Learnt from the posts", [item for item in found if not item.told and item.sure]),
        ("Perhaps: for you to decide", [item for item in found if not item.told and not item.sure]),
    ):
        if items:
            yield style(title, "bold")
        for item in items:
            place = f" ({one_line(item.place)})" if item.place else ""
            name = item.entry.replace("_", " ")
            shown = one_line(item.value) + place if item.value else one_line(item.place)
            yield shorten(f"  {pad(name, 11)} {shown}  {evidence_in_words(item)}", cells)
            if item.text and not item.told:
                yield style(f"  {'':11} {shorten(around(item.text, item.value or item.place), cells - 14)}", "dim")


def around(text: str, found: str) -> str:
    """Return the words around a value."""
    line = one_line(text)
    at = max(0, line.lower().find(one_line(found).lower()) - 40)
    start = line.find(" ", at) + 1 if at else 0
    return ("…" if start else "") + line[start:]
