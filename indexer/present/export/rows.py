"""Turn articles into the rows that scripts read: the JSON form of `blogdex export` and `blogdex show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from indexer.store.rows import StoredArticle

    Explain = Callable[[StoredArticle], Sequence[str]]
    """Return one sentence a block: why it was kept or not."""
    Clusters = Callable[[StoredArticle], Sequence[str | None]]
    """Return one id a block: the audit's cluster that holds it."""

BLOCK_COLUMNS: Final = ("position", "text", "kept", "role", "reason", "cluster")


def export_rows(
    articles: Iterable[StoredArticle], explain: Explain, clusters: Clusters | None = None
) -> Iterator[dict[str, Any]]:
    """Yield a JSON-ready row for each article."""
    for article in articles:
        yield row(article, explain(article), clusters(article) if clusters else None)


def row(article: StoredArticle, reasons: Sequence[str], clusters: Sequence[str | None] | None = None) -> dict[str, Any]:
    """Return one article's row, given a sentence and maybe a cluster for each block. Names and order are a promise."""
    metadata = article.metadata
    return {
        "id": article.id,
        "site": article.site,
        "url": article.url,
        "source": article.source,
        "gone": article.gone,
        "title": metadata.title,
        "author": metadata.author,
        "published": _day(metadata.published),
        "modified": _day(metadata.modified),
        "language": metadata.language,
        "categories": list(metadata.categories),
        "tags": list(metadata.tags),
        "topics": list(article.topics),
        "words": article.words,
        "text": article.text,
        "blocks": _blocks(article, reasons, clusters),
        "reviewer": metadata.reviewer,
        "edit_url": metadata.edit_url,
    }


def _blocks(
    article: StoredArticle, reasons: Sequence[str], clusters: Sequence[str | None] | None
) -> list[dict[str, Any]]:
    found = clusters if clusters is not None else [None] * len(article.blocks)
    return [
        {
            "position": block.position,
            "text": block.text,
            "kept": block.kept,
            "role": str(block.role),
            "reason": reason,
            "cluster": cluster,
        }
        for block, reason, cluster in zip(article.blocks, reasons, found, strict=True)
    ]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
