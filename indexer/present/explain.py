"""Say why a block was kept, flagged or dropped, with the counts of today filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper import boilerplate, reasons

if TYPE_CHECKING:
    from indexer.store.database import Store
    from indexer.store.rows import StoredArticle
    from scraper.model import ArticleBlock, SiteProfile


class Explainer:
    """Explains the blocks of many articles; each site's profile is read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._profiles: dict[str, SiteProfile | None] = {}

    def reasons(self, article: StoredArticle) -> list[str]:
        """Return one sentence a block, in words an editor understands."""
        profile = self._profile(article.site)
        return [_sentence(block, profile) for block in article.blocks]

    def _profile(self, site: str) -> SiteProfile | None:
        if site not in self._profiles:
            saved = self._store.profile(self._store.sites.id_of(site))
            self._profiles[site] = boilerplate.profile_from_json(saved) if saved else None
        return self._profiles[site]


def reasons_of(store: Store, article: StoredArticle) -> list[str]:
    """Return one sentence for each block of one article."""
    return Explainer(store).reasons(article)


def _sentence(block: ArticleBlock, profile: SiteProfile | None) -> str:
    if profile is None:
        return reasons.sentence(block.reason, block.detail, None, None)
    pages = boilerplate.pages_with(block.digest, block.path, profile)
    return reasons.sentence(block.reason, block.detail, pages, profile.pages)


def place(block: ArticleBlock) -> str:
    """Return where a block stands, as `p[3]`: its element and its position in the page, from 0."""
    element = block.path[-1].split("#")[0].split(".")[0] if block.path else "text"
    return f"{element}[{block.position}]"
