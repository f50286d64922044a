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
    *("categories", "tags", "topics", "words", "text", "reviewer", "edit_url"),
)
"""Fields of a row that a table has; blocks do not fit into one."""

_FORMULA_STARTS: Final = frozenset("=+-@\t\r\n＝＋－＠")


def write_jsonl(rows: Iterable[Mapping[str, Any]], stream: TextIO, fields: Sequence[str] | None = None) -> int:
    """Write one row a line, of all fields or of those named; return how many."""
    count = 0
    for row in rows:
        stream.write(_json(row, fields) + "\n")
        count += 1
    return count


def write_json(rows: Iterable[Mapping[str, Any]], stream: TextIO, fields: Sequence[str] | None = None) -> int:
    """Write an array with one row a line, of all fields or of those named; return how many."""
    count = 0
    stream.write("[")
    for row in rows:
        stream.write((",\n" if count else "\n") + _json(row, fields))
        count += 1
    stream.write("\n]\n")
    return count


def write_csv(rows: Iterable[Mapping[str, Any]], stream: TextIO, columns: Sequence[str] | None = None) -> int:
    """Write a table with a heading (RFC 4180); return how many rows. No cell is a formula to a spreadsheet."""
    names = columns or COLUMNS
    writer = csv.writer(stream)
    writer.writerow(names)
    count = 0
    for row in rows:
        writer.writerow([safe_cell(row.get(name)) for name in names])
        count += 1
    return count


def write_list(
    columns: Sequence[str], rows: Iterable[Mapping[str, Any]], stream: TextIO, *, mark: bool = False
) -> None:
    """Write rows that were asked for as a list: a line each, without what steers a terminal, and no formula.

    With a byte-order mark in front, Excel reads the text as UTF-8.
    """

    def cell(value: object) -> str:
        flat = ", ".join(map(str, value)) if isinstance(value, list) else value
        return safe_cell(clean(flat) if isinstance(flat, str) else flat)

    if mark:
        stream.write("\ufeff")
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
    return f"'{text}" if starts_formula(text) else text


def starts_formula(text: str) -> bool:
    """Tell whether a spreadsheet would compute what the text says."""
    return text[:1] in _FORMULA_STARTS or text.lstrip()[:1] in _FORMULA_STARTS


def _json(row: Mapping[str, Any], fields: Sequence[str] | None) -> str:
    return json.dumps({name: row[name] for name in fields} if fields else row, ensure_ascii=False)
