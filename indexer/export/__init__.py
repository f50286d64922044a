"""Write the articles of a library in the forms that other programs and people read."""

from __future__ import annotations

from indexer.export.files import replacing, replacing_text
from indexer.export.page import html_document
from indexer.export.rows import BLOCK_COLUMNS, export_rows, row
from indexer.export.tables import safe_cell, write_csv, write_json, write_jsonl
from indexer.export.write import export_posts

__all__ = [
    "BLOCK_COLUMNS",
    "export_posts",
    "export_rows",
    "html_document",
    "replacing",
    "replacing_text",
    "row",
    "safe_cell",
    "write_csv",
    "write_json",
    "write_jsonl",
]
