"""Choose the form of an export and where it goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TextIO

from indexer.export.files import replacing_text
from indexer.export.rows import export_rows
from indexer.export.tables import write_csv, write_json, write_jsonl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from indexer.export.rows import Clusters, Explain
    from indexer.store.rows import StoredArticle

Form = Literal["jsonl", "json", "csv"]

_WRITERS: Final[Mapping[str, Callable[[Iterable[Mapping[str, Any]], TextIO], int]]] = {
    "jsonl": write_jsonl,
    "json": write_json,
    "csv": write_csv,
}


def export_posts(
    articles: Iterable[StoredArticle],
    explain: Explain,
    form: str,
    target: Path | TextIO,
    clusters: Clusters | None = None,
) -> int:
    """Write the articles to a stream, or to a file as a whole or not at all; return how many.

    Raise `UsageError` where the file can't be written.
    """
    rows = export_rows(articles, explain, clusters)
    if not isinstance(target, Path):
        return _WRITERS[form](rows, target)
    with replacing_text(target) as stream:
        return _WRITERS[form](rows, stream)
