"""Write rows as a workbook for Excel, LibreOffice and the like."""

from __future__ import annotations

import re
from datetime import date
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

from indexer.present.export.files import replacing
from indexer.present.export.tables import starts_formula
from indexer.present.terminal.text import clean
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

CELL_LIMIT: Final = 32_767
"""Characters of a cell, by the specification of Excel; the three limits below are from there, too."""
ROW_LIMIT: Final = 1_048_576
LINK_LIMIT: Final = 65_530
ADDRESS_LIMIT: Final = 2_079
WIDTHS: Final = (8, 60)
"""Fewest and most characters a column is wide; chosen: two columns of text fit on a screen."""
_ADDRESS = re.compile(r"https?://[^\s\"]+")
_DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")


class Written(NamedTuple):
    """How many rows a workbook has, and how many texts were cut to what a cell holds."""

    rows: int
    cut: int


def write_workbook(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], target: Path) -> Written:
    """Write a table with a frozen heading, filters and links to a file, whole or not at all; no cell is a formula.

    Raise `UsageError` where the file can't be written or the rows are more than a sheet holds.
    """
    with replacing(target) as stream:
        return fill_workbook(columns, rows, stream)


def fill_workbook(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], stream: IO[bytes]) -> Written:
    """Write such a workbook to a stream."""
    from xlsxwriter import Workbook

    with Workbook(stream, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        table = _Table(sheet, book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"quote_prefix": True}))
        heading = book.add_format({"bold": True, "bottom": 1})
        for column, name in enumerate(columns):
            sheet.write_string(0, column, name, heading)
        number = 0
        for number, row in enumerate(rows, start=1):
            if number >= ROW_LIMIT:
                raise UsageError(f"A sheet holds {ROW_LIMIT - 1:,} rows, and these are more. Use --csv instead.")
            for column, name in enumerate(columns):
                table.write(number, column, row.get(name))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, number, len(columns) - 1)
        for column, name in enumerate(columns):
            # The heading also has the button of the filter, three characters wide.
            wide = max(len(name) + 3, table.widths.get(column, 0) + 1)
            sheet.set_column(column, column, min(max(wide, WIDTHS[0]), WIDTHS[1]))
    return Written(number, table.cut)


class _Table:
    """Write values into the cells of a sheet, each as what it is."""

    def __init__(self, sheet: Worksheet, day: Format, quoted: Format) -> None:
        self._sheet = sheet
        self._day, self._quoted = day, quoted
        self._links = 0
        self.cut = 0
        self.widths: dict[int, int] = {}

    def write(self, row: int, column: int, value: object) -> None:
        """Write a number, a day, a link or a text."""
        if value is None:
            return
        if isinstance(value, int | float) and not isinstance(value, bool):
            self._sheet.write_number(row, column, value)
            text = str(value)
        else:
            text = self._text(value)
            self._write_text(row, column, text)
        self.widths[column] = max(self.widths.get(column, 0), max(map(len, text.split("\n"))))

    def _text(self, value: object) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        text = clean(", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value))
        if len(text) <= CELL_LIMIT:
            return text
        self.cut += 1
        return text[: CELL_LIMIT - 1] + "…"

    def _write_text(self, row: int, column: int, text: str) -> None:
        if _ADDRESS.fullmatch(text) and len(text) <= ADDRESS_LIMIT and self._links < LINK_LIMIT:
            self._links += 1
            self._sheet.write_url(row, column, text)
        elif (day := _day(text)) is not None:
            self._sheet.write_datetime(row, column, day, self._day)
        else:
            # The mark keeps a text a text when somebody edits the cell, too.
            self._sheet.write_string(row, column, text, self._quoted if starts_formula(text) else None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
