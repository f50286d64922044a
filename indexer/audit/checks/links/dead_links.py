"""Find links inside the blog to posts that are gone, and to pages that the site did not have when it was crawled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.audit.findings import PostFinding
from indexer.audit.marks import mark
from scraper.urls import same_page_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from indexer.audit.corpus import Corpus, Paragraph

_WHY = {
    "gone": "leads to a post that is gone",
    "missing": "leads to a page that the site answered with not found (404 or 410)",
}


def dead_links(corpus: Corpus, paragraphs: Iterable[Paragraph], dead: Mapping[str, str]) -> Iterator[PostFinding]:
    """Yield the links to what is not there, newest post first, each once a post.

    `dead` maps what was asked for in vain to `gone` or `missing`; an address that one of the posts has is none.
    """
    alive = {same_page_key(url) for url in corpus.urls}
    keys = {same_page_key(url): why for url, why in dead.items()}
    keys = {key: why for key, why in keys.items() if key not in alive}
    if not keys:
        return
    seen = set()
    for paragraph in sorted(paragraphs, key=lambda each: (-each.post, each.block.position)):
        for link in paragraph.links:
            key = same_page_key(link.href) if link.href.startswith(("http://", "https://")) else ""
            url = corpus.urls[paragraph.post]
            if key in keys and (url, key) not in seen:
                seen.add((url, key))
                own = mark("k", url, key)
                yield PostFinding(own, "dead-link", url, link.href, None, paragraph.text, _WHY[keys[key]])
