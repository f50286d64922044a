"""Choose the form of an export and where it goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from indexer.present.export.page import write_html
from indexer.present.export.rows import export_rows
from indexer.present.export.tables import write_csv, write_json, write_jsonl
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from indexer.present.export.rows import Clusters, Explain
    from indexer.store.rows import StoredArticle

RICH_FORMS: Final = ("markdown", "html")
"""Forms that show links, emphasis, lists and tables."""

_TABLES: Final = {"jsonl": write_jsonl, "json": write_json, "csv": write_csv}


def export_posts(
    articles: Iterable[StoredArticle],
    explain: Explain,
    form: str,
    target: Path | TextIO,
    clusters: Clusters | None = None,
    fields: Sequence[str] | None = None,
) -> int:
    """Write the articles to a stream, or to a file as a whole or not at all; return how many were written.

    Markdown needs a folder; `fields` are for JSON and CSV. Raise `UsageError` where the target can't be written.
    """
    from indexer.present.export.files import replacing_text
    from indexer.present.export.markdown import write_folder

    if form == "markdown":
        if not isinstance(target, Path):
            raise UsageError("Markdown needs a folder: blogdex export --format markdown -o FOLDER")
        return write_folder(articles, target).written
    if isinstance(target, Path):
        with replacing_text(target) as stream:
            return _write(articles, explain, form, stream, clusters, fields)
    return _write(articles, explain, form, target, clusters, fields)


def _write(
    articles: Iterable[StoredArticle],
    explain: Explain,
    form: str,
    stream: TextIO,
    clusters: Clusters | None,
    fields: Sequence[str] | None,
) -> int:
    if form == "html":
        return write_html(articles, stream)
    return _TABLES[form](export_rows(articles, explain, clusters), stream, fields)
