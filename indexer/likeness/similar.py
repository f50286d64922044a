"""List the posts that say what a draft says, with the passages in which they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from indexer.likeness.passages import Passage, passages, worded
from indexer.search.answer import Articles, Found, hits_with, key_terms_of_text, shown_with
from indexer.store.shown import field_of
from scraper.model import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.likeness.draft import Draft
    from indexer.likeness.passages import Worded
    from indexer.search.engine import SearchEngine
    from indexer.store.shown import Shown

_WHOLE = 30
_EACH = 5
"""Posts compared for being like the draft as a whole, and for being like each of its paragraphs; chosen: a paragraph
that was copied or reworded has its rare words in common with few posts."""


_PASTED = (Role.CTA, Role.LEGAL)
"""What stands under many posts alike, and says nothing that was written for one."""


class Likeness(NamedTuple):
    """A post like the draft, with the passages that both have, in the draft's order."""

    found: Found
    passages: tuple[Passage, ...]


class Similar(NamedTuple):
    """The posts like a draft, those that say most of it first."""

    draft: str
    title: str
    engine: str
    results: tuple[Likeness, ...]


def similar(articles: Articles, engine: SearchEngine, draft: Draft, language: str | None, limit: int) -> Similar:
    """Return the posts like a draft: those with passages of it, and those that are like it as a whole.

    A post's score is the share of the draft's words that its passages have, and how like it is as a whole, 0-1 each.
    """
    weights = key_terms_of_text(engine, f"{draft.title}\n{draft.text}", language)
    whole = hits_with(engine, weights, max(_WHOLE, limit)).hits
    best = whole[0].score if whole else 1.0
    closeness = {hit.article_id: hit.score / best for hit in whole}
    ids = list(dict.fromkeys([*closeness, *_by_paragraph(engine, draft, language)]))
    own = [worded(text) for text in draft.paragraphs]
    found = {number: list(passages(own, _paragraphs(post))) for number, post in articles.shown(ids).items()}
    scores = {number: _covered(own, same) + closeness.get(number, 0.0) for number, same in found.items()}
    ranked = sorted(found, key=lambda number: (-scores[number], number))[:limit]
    results = shown_with(articles, [(number, scores[number]) for number in ranked], weights)
    return Similar(
        draft.name,
        draft.title,
        engine.name,
        tuple(Likeness(each, tuple(passage for _, passage in found[each.id])) for each in results),
    )


def _by_paragraph(engine: SearchEngine, draft: Draft, language: str | None) -> Iterator[int]:
    """Yield the posts most like each paragraph."""
    for text in draft.paragraphs:
        for hit in hits_with(engine, key_terms_of_text(engine, text, language), _EACH).hits:
            yield hit.article_id


def _paragraphs(post: Shown) -> list[Worded]:
    """Return a post's paragraphs, without its headings, calls to action and legal notices."""
    return [
        worded(block.text)
        for block in post.blocks
        if field_of(block) in ("body", "editorial") and block.role not in _PASTED
    ]


def _covered(draft: Sequence[Worded], found: Sequence[tuple[int, Passage]]) -> float:
    """Return the share of the draft's words that stand in passages, 0-1."""
    words = sum(len(own.words) for own in draft) or 1
    return sum(min(len(passage.draft.split()), len(draft[number].words)) for number, passage in found) / words
