"""Lay out what an audit brought as the text of a mail: what is new, what was mended, what to do first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.present.terminal.text import one_line, shorten, wrap
from indexer.quantities import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from indexer.audit.findings import Action, Audit, Fact

_ACTIONS, _POSTS = 10, 3
"""Actions in a mail, and posts of each; chosen: a mail is read on one screen or two."""


def audit_mail(key: str, audit: Audit, cells: int) -> Iterator[str]:
    """Yield the mail about a blog, by its key; nothing where nothing is new and nothing was mended."""
    todo = [action for action in audit.actions if not action.mark.accepted]
    fresh = {finding.mark.id for finding in audit.every_finding() if finding.mark.new}
    new = [action for action in todo if action.mark.new or not fresh.isdisjoint(action.findings)]
    old = [action for action in todo if action not in new]
    if not new and not audit.gone:
        return
    told = f"{count(audit.summary.posts, 'post')}, {count(len(todo), 'thing')} to do, {len(new):,} new"
    yield shorten(f"{one_line(key)}: {told}", cells)
    if audit.gone:
        mended = ", ".join(f"{gone.gone:,} of {gone.before:,} {gone.kind}" for gone in audit.gone)
        yield from _wrapped(f"Mended since the audit before: {mended}", cells, "")
    facts = {fact.url: fact for fact in audit.posts}
    for title, actions, most in (("New", new, _ACTIONS), ("Still to do", old, _POSTS)):
        if actions:
            yield ""
            yield f"{title}:"
        for action in actions[:most]:
            yield from _action(action, facts, cells)
        if len(actions) > most:
            yield f"and {len(actions) - most:,} more: blogdex audit"
    yield ""


def _action(action: Action, facts: Mapping[str, Fact], cells: int) -> Iterator[str]:
    """Yield what to do, and its first posts with their titles and where they are edited."""
    yield from _wrapped(f"- {one_line(action.advice)}", cells, "  ")
    for url in action.posts[:_POSTS]:
        fact = facts.get(url)
        if fact and fact.title:
            yield shorten(f"    {one_line(fact.title)}", cells)
        yield f"    {one_line((fact.edit_url if fact else None) or url)}"
    if len(action.posts) > _POSTS:
        yield f"    and {len(action.posts) - _POSTS:,} more: blogdex audit show {action.mark.id}"


def _wrapped(text: str, cells: int, indent: str) -> Iterator[str]:
    for at, (start, end) in enumerate(wrap(text, cells - len(indent))):
        yield (indent if at else "") + text[start:end]
