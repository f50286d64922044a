"""Lay out what a search found: for a terminal, for a pipe, or as JSON, with what is said beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from indexer.present.terminal.style import style
from indexer.present.terminal.text import clean, one_line, pad, shorten, spans, width, wrap
from indexer.quantities import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.search.answer import Found, SearchResult

MANY = 100
_TITLE_CELLS = 30
_MOST_NAMED = 5
"""Results up to which all are offered, cells that a title keeps, missing words that are named. Chosen."""


class Printed(NamedTuple):
    """Text for stdout, and for stderr before and after it, which `--quiet` leaves out."""

    out: str
    before: str = ""
    after: str = ""


def printed(result: SearchResult, cells: int | None) -> Printed:
    """Return results laid out in so many cells for a terminal, or in tab-separated rows."""
    before = ""
    if result.relaxed and result.results:
        before = f"{_why_relaxed(result)}{_suggestion(result)}\n"
    elif result.suggestion and result.results:
        before = f"{_suggestion(result).strip()}\n"
    if expanded := sum(found.expanded for found in result.results):
        before += f"{last_ones(expanded)}\n"
    if cells is None:
        return Printed("".join(f"{line}\n" for line in _rows(result)), before)
    lines = "".join(f"{line}\n" for line in _search_lines(result, cells))
    return Printed(lines, before, f"{_more(result)}\n" if result.results else "")


def printed_json(result: SearchResult, *, terminal: bool) -> Printed:
    """Return results as JSON, for a terminal without what could steer it."""
    import json

    from indexer.present.forms import search_form

    text = json.dumps(search_form(result), ensure_ascii=False, indent=2)
    return Printed(f"{clean(text) if terminal else text}\n")


def nothing(result: SearchResult, *, filtered: bool, offset: int) -> str:
    """Return the line that says that nothing was found, and what was probably meant."""
    if result.total and offset:
        line = f"There are only {count(result.total, 'post')}: nothing comes after the first {offset}."
    elif result.unknown:
        line = result.unknown
    elif not result.query:
        line = "No post fits these filters."
    elif filtered:
        line = f'No post that fits these filters has "{result.query}".{_suggestion(result)}'
    else:
        line = f'No post has "{result.query}".{_suggestion(result)}'
    return one_line(line)


def row(*cells: object) -> str:
    """Return one tab-separated row."""
    return "\t".join("" if cell is None else one_line(str(cell)) for cell in cells)


def _rows(result: SearchResult) -> Iterator[str]:
    for found in result.results:
        yield row(found.rank, found.published, found.title, found.url)
    for name, values in result.facets.items():
        for value, number in values.items():
            yield row(name, value, number)


def _more(result: SearchResult) -> str:
    last = result.results[-1].rank
    more = ""
    if result.total > last:
        more = f". More: -n {result.total}" if result.total <= MANY else f". More: --offset {last}"
    return f"{count(result.total, 'post')}{more} · Like the first: blogdex related {result.results[0].rank}"


def _why_relaxed(result: SearchResult) -> str:
    """Return the sentence that says why posts with some of the words are listed."""
    if not result.missing:
        return "No post has all of these words; these have some of them."
    have = "other words of the query"
    if 0 < len(result.present) <= _MOST_NAMED:
        have = _one_of(result.present)
    return f"No post has {_one_of(result.missing[:_MOST_NAMED])}; these have {have}."


def _one_of(words: Sequence[str]) -> str:
    """Return words in quotation marks, with an "or" before the last."""
    *before, last = [f"'{one_line(word)}'" for word in words]
    return f"{', '.join(before)} or {last}" if before else last


def last_ones(number: int) -> str:
    """Return the sentence that says which results have none of the words."""
    these = "The last post has" if number == 1 else f"The last {number} posts have"
    return f"{these} none of the words, but others that the best posts with them share."


def _suggestion(result: SearchResult) -> str:
    if not result.suggestion:
        return ""
    return f" Did you mean: {one_line(result.suggestion)} ({count(result.suggestion_total, 'post')})?"


def _search_lines(result: SearchResult, cells: int) -> Iterator[str]:
    """Yield each result in three parts: title line, marked snippet, address; then the facets, where asked for."""
    for found in result.results:
        yield from _hit_lines(found, cells)
    for name, values in result.facets.items():
        if values:
            told = ", ".join(f"{one_line(value)} {number:,}" for value, number in values.items())
            for i, (start, end) in enumerate(wrap(told, cells - 10)):
                yield f"{style(pad(name if i == 0 else '', 9), 'bold')} {told[start:end]}"


def head_line(found: Found, cells: int) -> str:
    """Return the line with a result's number, title, day and topic."""
    facts = " · ".join(one_line(str(fact)) for fact in (found.published, *found.topics[:1]) if fact)
    if cells - 5 - width(facts) < _TITLE_CELLS and found.published:
        facts = str(found.published)
    room = cells - 5 - width(facts)
    title = shorten(one_line(found.title or found.url), max(20, room))
    return f"{found.rank:>2}  {style(pad(title, room), 'bold')} {style(facts, 'dim')}".rstrip()


def _hit_lines(found: Found, cells: int) -> Iterator[str]:
    yield head_line(found, cells)
    text = found.snippet.text
    for start, end in wrap(text, cells - 4):
        pieces = (
            style(clean(text[left:right]), "bold", "yellow") if marked else clean(text[left:right])
            for left, right, marked in spans(start, end, found.snippet.marks)
        )
        yield "    " + "".join(pieces)
    yield "    " + style(one_line(found.url), "blue")
