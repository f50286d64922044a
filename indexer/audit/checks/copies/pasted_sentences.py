"""Find a sentence that editors paste to the end of different paragraphs, which is no copy of any paragraph."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from indexer.audit.corpus import Paragraph
from indexer.audit.similarity.groups import Group
from scraper.text.words import digest, masked_words, sentences

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_FEWEST, _LEAST_WORDS = 3, 8
"""Posts with the sentence, and its words, from which on it was pasted; chosen: two may quote one, and a short
sentence is a phrase."""
_TAIL = 40
"""Characters at the end of a paragraph by which it is looked for at first; chosen: shorter than eight words."""
_DIGITS = str.maketrans("123456789", "0" * 9)


def pasted_sentences(paragraphs: Sequence[Paragraph], grouped: Collection[int]) -> tuple[list[Paragraph], list[Group]]:
    """Return closing sentences that recur, each as a paragraph of its own, and the groups that these make.

    `grouped` are the paragraphs that are copies as a whole. Numbers and the owner's links may differ, as in copies.
    """
    tails: dict[str, list[int]] = defaultdict(list)
    for number, paragraph in enumerate(paragraphs):
        if number not in grouped and len(paragraph.text) > _TAIL:
            tails[paragraph.text[-_TAIL:].lower().translate(_DIGITS)].append(number)
    made: list[Paragraph] = []
    members: dict[str, list[int]] = defaultdict(list)
    for numbers in tails.values():
        if len({paragraphs[number].post for number in numbers}) >= _FEWEST:
            for key, closing in _closing(paragraphs[number] for number in numbers):
                members[key].append(len(made))
                made.append(closing)
    every = (Group(key.split(), found) for key, found in members.items())
    often = [group for group in every if len({made[at].post for at in group.members}) >= _FEWEST]
    often.sort(key=lambda group: (-len({made[at].post for at in group.members}), group.members[0]))
    return made, often


def _closing(paragraphs: Iterator[Paragraph]) -> Iterator[tuple[str, Paragraph]]:
    """Yield the last sentences of paragraphs that have others before it, each with its masked words."""
    for paragraph in paragraphs:
        *before, last = [part.strip() for part in sentences(paragraph.text)]
        words = masked_words(last)
        if before and len(words) >= _LEAST_WORDS:
            block = replace(paragraph.block, text=last, digest=digest(last))
            yield " ".join(words), Paragraph(paragraph.post, block, paragraph.from_end, paragraph.links)
