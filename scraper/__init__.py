"""Turn a site into articles: find its posts, fetch or import them, and tell each post from what stands around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scraper.extract import extract_article

__all__ = ["extract_article"]


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name == "extract_article":
        from scraper.extract import extract_article

        return extract_article
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
