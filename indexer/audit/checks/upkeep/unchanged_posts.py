"""Find posts that nobody changed for years although the blog still writes about their topic."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from indexer.audit.findings import PostFinding
from indexer.audit.marks import mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.audit.corpus import Corpus
    from indexer.store.rows import StoredArticle

YEARS = 3
_LIVE = timedelta(days=365)
_FEWEST = 10
_NEWEST = 3
"""Years without a change, how new a post makes its topic live, posts from which on there are topics, and which of the
newest posts tells the present: the third, as the days of one or two may be wrong. Chosen, not measured."""


def unchanged_posts(corpus: Corpus) -> Iterator[PostFinding]:
    """Yield the posts that are as they were years before the newest ones, and whose topic these have, newest first.

    The present is that of the blog, not today: a blog that ended has no live topic.
    """
    dated = [(post, days[-1]) for post, days in enumerate(map(_days, corpus.articles)) if days]
    if len(dated) < _FEWEST:
        return
    now = sorted(day for _, day in dated)[-_NEWEST]
    live: dict[str, int] = defaultdict(int)
    for article in corpus.articles:
        published = article.metadata.published
        if published and published >= now - _LIVE:
            for topic in article.topics:
                live[topic] += 1
    for post, changed in sorted(dated, key=lambda each: -each[0]):
        topics = [topic for topic in corpus.articles[post].topics if live.get(topic)]
        if topics and changed <= _years_before(now):
            url = corpus.urls[post]
            newer = live[topics[0]]
            reason = (
                f"not changed since {changed:%Y-%m}; of its topic {topics[0]} there "
                f"{'is' if newer == 1 else 'are'} {newer:,} newer {'post' if newer == 1 else 'posts'}"
            )
            yield PostFinding(mark("q", url), "unchanged-post", url, "", None, "", reason)


def _days(article: StoredArticle) -> list[date]:
    metadata = article.metadata
    return sorted(day for day in (metadata.published, metadata.modified) if day)


def _years_before(day: date) -> date:
    return day - timedelta(days=365 * YEARS)
