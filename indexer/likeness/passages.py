"""Find what a draft and a post say alike, paragraph by paragraph."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from indexer.audit.checks.copies.duplicates import EXACT
from indexer.audit.checks.copies.passages import LEAST_WORDS as LEAST_RUN
from indexer.audit.similarity.containment import containment, is_clear, least_shared, only_a_sentence
from scraper.text.words import excerpt, masked_words, plain_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Kind = Literal["same", "reworded", "alike"]


class Passage(NamedTuple):
    """What a draft and a post both say: in the draft's words, in the post's, and how alike they are, 0-1.

    Of what is the same or reworded, `likeness` is the share of the words of one that stand in the other in their order.
    """

    draft: str
    post: str
    likeness: float
    kind: Kind


class Worded(NamedTuple):
    """A paragraph with its words, numbers masked, and each two of them in a row."""

    text: str
    words: list[str]
    grams: frozenset[tuple[str, str]]


def worded(text: str) -> Worded:
    """Return a paragraph with its words."""
    words = masked_words(text)
    return Worded(text, words, frozenset(pairwise(words)))


def passages(draft: Sequence[Worded], post: Sequence[Worded]) -> Iterator[tuple[int, Passage]]:
    """Yield for each paragraph of the draft, by its number, the passage of the post that is most like it, if any is."""
    for number, own in enumerate(draft):
        found = _best(passage for other in post if (passage := compare(own, other)))
        if found is not None:
            yield number, found


def compare(draft: Worded, post: Worded) -> Passage | None:
    """Return what two paragraphs share in words: one says the other, or both have a long run of words."""
    shared = len(draft.grams & post.grams)
    if shared < least_shared(min(len(draft.grams), len(post.grams))):
        return None
    share, one, other = max(
        (containment(post.words, draft.words), post.words, draft.words),
        (containment(draft.words, post.words), draft.words, post.words),
        key=lambda found: found[0],
    )
    if share and (is_clear(share, one, other) or not only_a_sentence(post.text, draft.text)):
        return Passage(draft.text, post.text, share, "same" if share >= EXACT else "reworded")
    return _run(draft.text, post.text) if shared >= LEAST_RUN - 1 else None


def _run(draft: str, post: str) -> Passage | None:
    """Return the longest run of words that two different paragraphs share, if it is more than a turn of phrase."""
    words, other = plain_words(draft), plain_words(post)
    run = SequenceMatcher(None, words, other, autojunk=False).find_longest_match()
    if run.size < LEAST_RUN:
        return None
    return Passage(excerpt(draft, run.a, run.a + run.size), excerpt(post, run.b, run.b + run.size), 1.0, "same")


def _best(found: Iterable[Passage]) -> Passage | None:
    return max(found, key=lambda passage: passage.likeness, default=None)
