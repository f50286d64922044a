"""Define what comes out of the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from scraper.model import ArticleBlock, Link, Metadata, Page, RichBlock


@dataclass(frozen=True, slots=True)
class Site:
    """A blog in the library. `key` is the host without `www.` plus the blog's folder."""

    id: int
    key: str
    start_url: str | None
    crawled_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A raw page with what was decided about it. `marked` is what a person overruled: `post`, `page` or `None`."""

    id: int
    page: Page
    digest: str
    marked: str | None
    is_post: bool | None


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as it is shown, indexed, exported and audited. `words` counts the kept text.

    `digest` covers everything that index and audit see of the article: equal digests need no new indexing. `rich`, and
    `links` by the position of their block, are filled in where they were asked for.
    """

    id: int
    site: str
    url: str
    source: str | None
    gone: bool
    metadata: Metadata
    blocks: tuple[ArticleBlock, ...]
    words: int
    topics: tuple[str, ...]
    digest: str
    rich: tuple[RichBlock, ...] = ()
    links: Mapping[int, tuple[Link, ...]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return the kept blocks, separated by a blank line."""
        return "\n\n".join(block.text for block in self.blocks if block.kept)


@dataclass(frozen=True, slots=True)
class PostFacts:
    """A post in figures. `published` is `YYYY-MM-DD`; `template` and `editorial` are characters of boilerplate."""

    id: int
    published: str | None
    author: str | None
    words: int
    template: int
    editorial: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """What repeats on a site: template blocks on every post, and editorial passages on two or more with their words."""

    posts: int
    everywhere: int
    editorial: int
    editorial_words: int


@dataclass(frozen=True, slots=True)
class SiteCounts:
    """How much of a site is in the library. `first` and `last` are days of publication, `YYYY-MM-DD`."""

    pages: int
    posts: int
    gone: int
    words: int
    first: str | None
    last: str | None
