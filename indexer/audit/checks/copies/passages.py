"""Find passages that stand verbatim in two posts inside paragraphs that are otherwise different."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.audit.findings import Passage
from indexer.audit.marks import mark
from scraper.text.words import excerpt

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from indexer.audit.corpus import Corpus, Paragraph
    from indexer.audit.similarity.windows import Windows

LEAST_WORDS = 25
"""A passage has at least so many words; what is shorter is a turn of phrase."""

_TOUCHED_UP = 7
"""A run may lose so many words to an edit at its edge and still be shown."""

WHOLE = 0.8
"""Where a run is so much of both paragraphs, they are copies and stand among the clusters."""


def find_passages(
    corpus: Corpus,
    paragraphs: Sequence[Paragraph],
    windows: Windows,
    shared: Mapping[tuple[int, int], set[int]],
    copies: Collection[tuple[int, int]],
) -> Iterator[Passage]:
    """Yield the passages, longest first; `copies` are the posts that are shown as duplicates instead."""
    found: list[Passage] = []
    for (older, newer), common in shared.items():
        if (older, newer) not in copies and len(common) > LEAST_WORDS - _TOUCHED_UP - 8:
            found.extend(_between(corpus, paragraphs, windows, older, newer, common))
    yield from sorted(found, key=lambda passage: (-passage.words, passage.a, passage.b, passage.text))


def _between(
    corpus: Corpus, paragraphs: Sequence[Paragraph], windows: Windows, older: int, newer: int, common: set[int]
) -> Iterator[Passage]:
    laid = windows.laid[newer]
    for start, end in windows.runs(newer, common):
        words = laid.words[start:end]
        if len(words) < LEAST_WORDS - _TOUCHED_UP:
            continue
        source = _place(windows, older, laid.windows[start])
        if source is None:
            continue
        own, other = laid.block[start], windows.laid[older].block[source]
        sizes = laid.block.count(own), windows.laid[older].block.count(other)
        if len(words) >= WHOLE * max(sizes):
            continue
        a, b = corpus.urls[older], corpus.urls[newer]
        days = corpus.published(older), corpus.published(newer)
        dated = None not in days and days[0] != days[1]
        place = start - laid.block.index(own)
        text = excerpt(paragraphs[own].text, place, place + len(words))
        yield Passage(mark("p", a, b, " ".join(words[:12])), a, b, len(words), text, a if dated else None)


def _place(windows: Windows, post: int, window: int) -> int | None:
    try:
        return windows.laid[post].windows.index(window)
    except ValueError:
        return None
