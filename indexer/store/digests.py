"""Tell whether an article changed for an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.model import ArticleBlock, Metadata


def article_digest(metadata: Metadata, blocks: Iterable[ArticleBlock]) -> str:
    """Return the digest of everything an index sees of an article."""
    import hashlib
    import json

    seen = (metadata.as_json(), [(block.text, block.kept, block.role, block.heading) for block in blocks])
    text = json.dumps(seen, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def index_digest(digest: str, topics: Sequence[str]) -> str:
    """Return the digest of an index row: that of the article, and its topics."""
    return "\0".join((digest, *topics))
