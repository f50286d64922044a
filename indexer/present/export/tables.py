"""Write rows as JSON lines, as JSON and as CSV."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any, Final, TextIO

from indexer.present.terminal.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

COLUMNS: Final = (
    *("id", "site", "url", "source", "gone", "title", "author", "published", "modified", "language"),
    *("categories", "tags", "topics", "words", "text", "reviewer"),
)
"""Fields of a row that a table has; blocks do not fit into one."""

_FORMULA_STARTS: Final = frozenset("=+-@\t\r\n＝＋－＠")


def write_jsonl(rows: Iterable[Mapping[str, Any]], stream: TextIO) -> int:
    """Write one row a line; return how many."""
    count = 0
    for row in rows:
        stream.write(_json(row) + "\n")
        count += 1
    return count


def write_json(rows: Iterable[Mapping[str, Any]], stream: TextIO) -> int:
    """Write an array with one row a line; return how many."""
    count = 0
    stream.write("[")
    for row in rows:
        stream.write((",\n" if count else "\n") + _json(row))
        count += 1
    stream.write("\n]\n")
    return count


def write_csv(rows: Iterable[Mapping[str, Any]], stream: TextIO, columns: Iterable[str] = COLUMNS) -> int:
    """Write a table with a heading (RFC 4180); return how many rows. No cell is a formula to a spreadsheet."""
    names = tuple(columns)
    writer = csv.writer(stream)
    writer.writerow(names)
    count = 0
    for row in rows:
        writer.writerow([safe_cell(row.get(name)) for name in names])
        count += 1
    return count


def write_list(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], stream: TextIO) -> None:
    """Write rows that were asked for as a list: a line each, without what steers a terminal, and no formula."""

    def cell(value: object) -> str:
        flat = ", ".join(map(str, value)) if isinstance(value, list) else value
        return safe_cell(clean(flat) if isinstance(flat, str) else flat)

    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(row[column]) for column in columns] for row in rows)


def safe_cell(value: object) -> str:
    """Return a value as the text of a CSV cell; what would start a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    text = text.replace("\x00", "")
    return f"'{text}" if text[:1] in _FORMULA_STARTS or text.lstrip()[:1] in _FORMULA_STARTS else text


def _json(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)
