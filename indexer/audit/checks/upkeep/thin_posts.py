"""Find posts that say little of their own."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from indexer.audit.findings import PostFinding
from indexer.audit.marks import mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.audit.findings import Shares

_FEW_WORDS, _SHARE, _FEWEST = 150, 1 / 3, 10
"""Words of its own below which a post is thin, the share of the middle post's words below which it is, and posts from
which on there is a middle to speak of. Chosen: half of what manuals of search engines call short, and on a blog of
short notes none is thin."""


def thin_posts(shares: Sequence[Shares]) -> Iterator[PostFinding]:
    """Yield the posts with few words that are neither the page's nor pasted, newest first. `shares`: oldest first."""
    if len(shares) < _FEWEST:
        return
    own = [_own_words(share) for share in shares]
    middle = round(median(own))
    for share, words in reversed(list(zip(shares, own, strict=True))):
        if words < min(_FEW_WORDS, _SHARE * middle):
            said = f"{words:,} {'word' if words == 1 else 'words'}"
            reason = f"has {said} of its own, where half of the posts have {middle:,} or more"
            yield PostFinding(mark("z", share.url), "thin-post", share.url, "", None, "", reason)


def _own_words(share: Shares) -> int:
    """Return the words that only this post has: its share of all words of the page, of which the kept ones are told."""
    kept = share.unique_share + share.editorial_share
    return round(share.words * share.unique_share / kept) if kept else 0
