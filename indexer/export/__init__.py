"""Write the articles of a library in the forms that other programs and people read.

Names are imported when they are first used: showing one post needs none of the writers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
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

_HOMES: Final = {
    "files": ("replacing", "replacing_text"),
    "markdown": ("FolderReport", "write_folder"),
    "page": ("html_document", "write_html"),
    "rows": ("BLOCK_COLUMNS", "export_rows", "row"),
    "tables": ("safe_cell", "write_csv", "write_json", "write_jsonl"),
    "warc": ("write_warc",),
    "write": ("FORMS", "export_posts"),
}


def __getattr__(name: str) -> object:
    """Import a public name from the module that defines it."""
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"indexer.export.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
