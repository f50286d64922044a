"""Choose which posts an export has, and which fields of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.analysis import fold_label, language_named
from scraper.errors import UsageError
from scraper.text.tags import primary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from indexer.store.rows import StoredArticle


@dataclass(frozen=True, slots=True)
class Choice:
    """What a post must be to be exported; `None` lets every post through. Days as search takes them, both included."""

    since: date | None = None
    until: date | None = None
    topic: str | None = None
    author: str | None = None
    language: str | None = None

    def takes(self, article: StoredArticle) -> bool:
        """Tell whether a post is wanted, by the same comparison as a filter of search."""
        metadata = article.metadata
        day = metadata.published or metadata.modified
        return (
            (self.since is None or (day is not None and day >= self.since))
            and (self.until is None or (day is not None and day <= self.until))
            and _among(self.topic, article.topics)
            and _among(self.author, (metadata.author,) if metadata.author else ())
            and (self.language is None or language_named(self.language) == primary(metadata.language))
        )


def _among(wanted: str | None, values: Sequence[str]) -> bool:
    return wanted is None or fold_label(wanted) in map(fold_label, values)


def chosen(articles: Iterable[StoredArticle], choice: Choice) -> Iterator[StoredArticle]:
    """Yield the articles that are wanted."""
    return (article for article in articles if choice.takes(article))


def fields_named(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the fields of a list with commas, in its order. Raise `UsageError` for one that no post has."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    strange = next((name for name in names if name not in known), None)
    if strange is not None or not names:
        raise UsageError(f"No post has the field '{strange or ''}'. There are: {', '.join(known)}")
    return names
