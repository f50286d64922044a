"""Lay out the posts that are like a draft, with the passages that both have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.present.terminal.results import head_line
from indexer.present.terminal.style import style
from indexer.present.terminal.text import clean, one_line, wrap
from indexer.quantities import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.likeness.passages import Passage
    from indexer.likeness.similar import Similar

_MOST_SHOWN = 3
_SHOWN_CHARACTERS = 240
"""Passages shown of a post, and characters of each; chosen: the rest is in the JSON and the table."""


def lines(result: Similar, cells: int) -> Iterator[str]:
    """Yield each post with its first passages, in so many cells."""
    for found, passages in result.results:
        yield head_line(found, cells)
        for passage in passages[:_MOST_SHOWN]:
            yield from _passage_lines(passage, cells)
        if len(passages) > _MOST_SHOWN:
            yield f"    {count(len(passages) - _MOST_SHOWN, 'more passage')}"
        if not passages:
            yield from _wrapped(found.snippet.text, cells, "    ")
        yield "    " + style(one_line(found.url), "blue")


def rows(result: Similar) -> Iterator[tuple[object, ...]]:
    """Yield for each post its number, day, title and address, and how many passages it shares with the draft."""
    for found, passages in result.results:
        yield found.rank, found.published, found.title, found.url, len(passages)


def summary(result: Similar) -> str:
    """Return the sentence that says how many posts have passages of the draft."""
    having = sum(bool(passages) for _, passages in result.results)
    others = len(result.results) - having
    if not having:
        return f"No passage of {result.draft} stands in a post; {count(others, 'post')} are like it as a whole."
    told = f"{count(having, 'post')} with passages of {result.draft}"
    return f"{told}, {others} more like it as a whole." if others else f"{told}."


def _passage_lines(passage: Passage, cells: int) -> Iterator[str]:
    """Yield what both say; once where it is the same."""
    told = passage.kind if passage.kind == "same" else f"{passage.kind}, {round(100 * passage.likeness)} % alike"
    yield f"    {style(told, 'bold')}"
    if passage.kind == "same":
        yield from _wrapped(passage.post, cells, "      ")
        return
    for name, text in (("draft  ", passage.draft), ("post   ", passage.post)):
        yield from _wrapped(text, cells, "      ", style(name, "dim"), len(name))


def _wrapped(text: str, cells: int, indent: str, lead: str = "", lead_cells: int = 0) -> Iterator[str]:
    """Yield a text, cut to what is shown of it, in lines with an indent; the first one has the lead."""
    shown = one_line(text)
    if len(shown) > _SHOWN_CHARACTERS:
        shown = shown[:_SHOWN_CHARACTERS].rsplit(" ", 1)[0] + "…"
    for number, (start, end) in enumerate(wrap(shown, cells - len(indent) - lead_cells)):
        yield indent + (lead if number == 0 else " " * lead_cells) + clean(shown[start:end])
