"""Write the articles of a library in the forms that other programs and people read."""

from __future__ import annotations

from indexer.export.files import replacing, replacing_text
from indexer.export.markdown import FolderReport, write_folder
from indexer.export.page import html_document, write_html
from indexer.export.rows import BLOCK_COLUMNS, export_rows, row
from indexer.export.tables import safe_cell, write_csv, write_json, write_jsonl
from indexer.export.warc import write_warc
from indexer.export.write import FORMS, export_posts

__all__ = [
    "BLOCK_COLUMNS",
    "FORMS",
    "FolderReport",
    "export_posts",
    "export_rows",
    "html_document",
    "replacing",
    "replacing_text",
    "row",
    "safe_cell",
    "write_csv",
    "write_folder",
    "write_html",
    "write_json",
    "write_jsonl",
    "write_warc",
]
