"""Make a list for find and replace of what an audit found: what stands in which post, and what should stand there."""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.audit.findings import Fact
from scraper.text.contacts import digits

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

    from indexer.audit.findings import Audit

_AROUND = 60
"""Characters on each side of a change that are shown; chosen: an editor sees the sentence."""
_TABLE = "$(wp db prefix)posts"


@dataclass(frozen=True, slots=True)
class Fix:
    """A text to be replaced in a post. `before` and `after` are the words around it; `sure`: not guessed."""

    finding: str
    post: str
    title: str | None
    published: date | None
    edit_url: str | None
    kind: str
    old: str
    new: str
    before: str
    after: str
    sure: bool


def fixes(audit: Audit) -> list[Fix]:
    """Return what can be replaced, of findings that nobody has accepted and that say by what; newest post first."""
    facts = {fact.url: fact for fact in audit.posts}
    found = []
    told = [
        (each.mark, each.post, str(each.kind), each.found, each.expected, each.text, each.severity == "high")
        for each in audit.stale
        if each.kind not in ("year", "price")
    ]
    told += [
        (each.mark, each.post, each.check, each.found, each.expected, each.text, False)
        for each in audit.checks
        if each.check == "misspelt-name"
    ]
    for mark, post, kind, old, expected, text, sure in told:
        if mark.accepted or not expected or expected == old:
            continue
        new = _as_dialled(old, expected) if kind == "phone" else expected
        before, after = _preview(text, old, new)
        fact = facts.get(post) or Fact(post, None, None)
        about = fact.title, fact.published, fact.edit_url
        found.append(Fix(mark.id, post, *about, kind, old, new, before, after, sure))
    return found


def _as_dialled(old: str, new: str) -> str:
    """Return a number as a link dials it where the old one stands in a link: digits alone, with its country code."""
    if not re.fullmatch(r"\+?\d+", old):
        return new
    own, code = digits(new), old.removesuffix(digits(old).removeprefix("0"))
    return code + own.removeprefix("0") if code.startswith("+") else own


def _preview(text: str, old: str, new: str) -> tuple[str, str]:
    """Return the words around a text in one line, as they are and as they will be."""
    at = text.find(old)
    if at < 0:
        return old, new
    start, end = max(0, at - _AROUND), at + len(old) + _AROUND
    left = ("…" if start else "") + text[start:at]
    right = text[at + len(old) : end] + ("…" if end < len(text) else "")
    before, after = (" ".join(f"{left}{middle}{right}".split()) for middle in (old, new))
    return before, after


def wp_cli(found: Iterable[Fix]) -> Iterator[str]:
    """Yield a shell script for WP-CLI that counts what would be replaced, and names the commands that replace it.

    `search-replace` changes every post, not only those that were found: only what is sure and right everywhere is in
    it, and the script names the findings it leaves to an editor.
    """
    sure = [fix for fix in found if fix.sure]
    new_of: dict[str, set[str]] = defaultdict(set)
    for fix in sure:
        new_of[fix.old].add(fix.new)
    left = dict.fromkeys(fix.finding for fix in sure if not _fits_everywhere(fix, new_of[fix.old]))
    pairs = dict.fromkeys((fix.old, fix.new) for fix in sure if fix.finding not in left)
    commands = [
        f"wp search-replace {shlex.quote(old)} {shlex.quote(new)} {_TABLE} --include-columns=post_content"
        for old, new in sorted(pairs, key=lambda pair: -len(pair[0]))
    ]
    yield "#!/bin/sh"
    yield "# Counts what would be replaced in all posts, and changes nothing. Make a backup first: wp db export"
    yield from (f"{command} --dry-run" for command in commands)
    yield "# When the counts are right, run these:"
    yield from (f"# {command}" for command in commands)
    if left:
        yield f"# Not here, as one text for all posts would spoil some; edit these by hand: {', '.join(left)}"


def _fits_everywhere(fix: Fix, new: Collection[str]) -> bool:
    """Tell whether a text can be replaced in all posts: by one other, in which it does not stand itself."""
    return len(new) == 1 and fix.old not in fix.new and "\n" not in fix.old + fix.new
