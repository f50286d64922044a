"""Lay out what crawls brought, on a terminal and in a mail."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from indexer.changes import difference
from indexer.present.terminal.style import style
from indexer.present.terminal.text import one_line, wrap
from indexer.quantities import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.store.history.versions import Event
    from indexer.store.rows import SiteCounts

_COLORS = {"new": "green", "changed": "yellow", "gone": "red"}
_INDENT = 9
"""Cells before an address and a change; chosen: they stand under what is said of them."""


def change_lines(events: Sequence[Event], cells: int) -> Iterator[str]:
    """Yield each post that is new, changed or gone: what, title, address, and the words that differ."""
    for event in events:
        yield f"{style(f'{event.what:<8}', _COLORS[event.what])} {one_line(event.title or event.url)}"
        yield " " * _INDENT + style(one_line(event.url), "blue")
        for passage in (difference(event) or "").splitlines():
            text = one_line(passage)
            for start, end in wrap(text, max(cells - _INDENT, 20)):
                yield " " * _INDENT + text[start:end]


def mail_lines(site: str, events: Sequence[Event], counts: SiteCounts, cells: int) -> Iterator[str]:
    """Yield what happened to one site's posts, as a mail: numbers first, which fit a subject, then the list."""
    kinds: Counter[str] = Counter(event.what for event in events)
    named = ", ".join(f"{kinds[what]:,} {what}" for what in _COLORS if kinds[what])
    yield f"{site}: {named}; {count(counts.posts - counts.gone, 'post')} now"
    yield ""
    yield from change_lines(events, cells)
