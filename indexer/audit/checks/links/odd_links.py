"""Find copies of a call to action that lead elsewhere than the others, or nowhere."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from indexer.audit.findings import PostFinding
from indexer.audit.marks import mark
from scraper.urls import same_page_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from indexer.audit.corpus import Corpus, Paragraph

_FEWEST, _USUAL = 4, 0.75
"""Copies with a link, and their share of all copies, from which on each should have it; chosen: a call that leads to
another page for each town has no usual link."""


def odd_links(corpus: Corpus, calls: Iterable[Sequence[Paragraph]]) -> Iterator[PostFinding]:
    """Yield the copies of recurring calls that lack the link which nearly all have, newest post first.

    A post that the link leads to needs none to itself.
    """
    found = []
    for copies in calls:
        led = [{key: link.href for link in copy.links if (key := _key(link.href))} for copy in copies]
        counts = Counter(key for own in led for key in own)
        if not counts:
            continue
        usual, often = min(counts.items(), key=lambda item: (-item[1], item[0]))
        if often >= max(_FEWEST, _USUAL * len(copies)):
            shown = next(own[usual] for own in reversed(led) if usual in own)
            lacking = (copy for copy, own in zip(copies, led, strict=True) if usual not in own)
            found += [(copy, shown, often) for copy in lacking if _key(corpus.urls[copy.post]) != usual]
    seen = set()
    for copy, shown, often in sorted(found, key=lambda each: (-each[0].post, each[0].block.position, each[1])):
        url = corpus.urls[copy.post]
        if (url, shown) not in seen:
            seen.add((url, shown))
            own = next((link.href for link in copy.links), "")
            reason = f"{'leads elsewhere' if own else 'has no link'}, where {often:,} copies lead to {shown}"
            yield PostFinding(mark("x", url, _key(shown)), "odd-link", url, own, shown, copy.text, reason)


def _key(href: str) -> str:
    """Return what links to one place have in common; empty for one that leads to a part of the same page."""
    if href.startswith(("http://", "https://")):
        return same_page_key(href)
    return href.strip().lower() if ":" in href else ""
