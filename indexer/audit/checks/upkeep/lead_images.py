"""Find posts without a lead image of their own on a blog whose posts have one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from indexer.audit.findings import PostFinding
from indexer.audit.marks import mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.audit.corpus import Corpus

_USUAL, _FEWEST = 0.8, 10
"""Share of posts with an image of their own from which on the others lack one, and posts from which on there is a
habit; chosen."""
_SHARED = 3
"""Posts from which on an image is the site's, shown where a post has none; chosen: two may share a picture."""


def without_lead_image(corpus: Corpus) -> Iterator[PostFinding]:
    """Yield the posts that programs show without a picture, or with the one of the site, newest first."""
    images = [article.metadata.image for article in corpus.articles]
    spread = Counter(images)
    lacking = [post for post, image in enumerate(images) if not image or spread[image] >= _SHARED]
    having = len(images) - len(lacking)
    if len(images) < _FEWEST or having < _USUAL * len(images):
        return
    for post in reversed(lacking):
        url = corpus.urls[post]
        what = "shows the picture of the site" if images[post] else "has no lead image"
        reason = f"{what}, where {having:,} posts have one of their own"
        yield PostFinding(mark("i", url), "no-lead-image", url, images[post] or "", None, "", reason)
