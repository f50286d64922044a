"""Find passages that stand verbatim in two posts inside paragraphs that are otherwise different."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.audit.findings import Passage
from indexer.audit.marks import mark
from indexer.audit.similarity.shingles import WINDOW
from indexer.audit.similarity.windows import runs
from scraper.text.words import excerpt, plain_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from indexer.audit.corpus import Corpus, Paragraph
    from indexer.audit.similarity.windows import Common, Windows

LEAST_WORDS = 25
"""A passage has at least so many words; what is shorter is a turn of phrase."""

_TOUCHED_UP = 7
"""A run may lose so many words to an edit at its edge and still be shown."""

_FEWEST_WINDOWS = LEAST_WORDS - _TOUCHED_UP - WINDOW + 1
_OPENING = 12
"""Windows in the shortest run that is shown; words by which a passage is known again."""

WHOLE = 0.8
"""Where a run is so much of both paragraphs, they are copies and stand among the clusters."""


def passages_in(corpus: Corpus, paragraphs: Sequence[Paragraph], windows: Windows, common: Common) -> Iterator[Passage]:
    """Yield the passages of two posts that are no copies of one another."""
    if len(common.windows) < _FEWEST_WINDOWS or len(set(common.windows)) < _FEWEST_WINDOWS:
        return
    older, newer = windows.laid[common.older], windows.laid[common.newer]
    a, b = corpus.urls[common.older], corpus.urls[common.newer]
    days = corpus.published(common.older), corpus.published(common.newer)
    dated = None not in days and days[0] != days[1]
    for first, last in runs(common.places):
        start = common.places[first]
        size = common.places[last] + WINDOW - start
        if size < LEAST_WORDS - _TOUCHED_UP:
            continue
        own, other = newer.block(start), older.block(older.first(common.windows[first]))
        if size >= WHOLE * max(newer.words(own), older.words(other)):
            continue
        text, place = paragraphs[newer.paragraphs[own]].text, start - newer.starts[own]
        opening = " ".join(plain_words(text)[place : place + min(size, _OPENING)])
        shown = excerpt(text, place, place + size)
        yield Passage(mark("p", a, b, opening), a, b, size, shown, a if dated else None)


def longest_first(found: Iterable[Passage]) -> tuple[Passage, ...]:
    """Return passages in the order in which they are shown."""
    return tuple(sorted(found, key=lambda passage: (-passage.words, passage.a, passage.b, passage.text)))
