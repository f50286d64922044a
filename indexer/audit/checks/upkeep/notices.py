"""Find posts without the notice, such as a disclaimer, that most posts of the blog have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.audit.findings import PostFinding
from indexer.audit.marks import mark
from scraper.model import Role
from scraper.text.notices import is_legal, is_rights_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from indexer.audit.corpus import Corpus, Paragraph
    from scraper.model import ArticleBlock

_USUAL, _FEWEST = 0.5, 5
"""Share of posts, and posts, from which on all posts should have a notice; chosen: most, and not by chance."""


def missing_notices(corpus: Corpus, notices: Iterable[Sequence[Paragraph]]) -> Iterator[PostFinding]:
    """Yield the posts without a notice, newest first; none on a blog where that is usual.

    `notices` has the copies of each notice that recurs. A notice in other words, or one that the page prints around
    the post, is one, too.
    """
    copies = [group for group in notices if group]
    having = {paragraph.post for group in copies for paragraph in group}
    if len(having) < max(_FEWEST, _USUAL * len(corpus)):
        return
    usual = max(copies, key=lambda group: len({paragraph.post for paragraph in group}))
    text = max(usual, key=lambda paragraph: (paragraph.post, paragraph.block.position)).text
    reason = f"has no notice, as {len(having):,} other posts have"
    for post in reversed(range(len(corpus))):
        blocks = corpus.articles[post].blocks
        if post not in having and not any(map(_is_notice, blocks)):
            url = corpus.urls[post]
            yield PostFinding(mark("y", url), "missing-notice", url, "", None, text, reason)


def _is_notice(block: ArticleBlock) -> bool:
    """Tell whether a block is a notice; whose the rights are stands below every page."""
    return (block.role == Role.LEGAL or is_legal(block.text)) and not is_rights_line(block.text)
