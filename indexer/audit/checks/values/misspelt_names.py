"""Find the owner's name mistyped by a letter: one left out, put in, another one, or two that changed places."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from indexer.audit.findings import PostFinding
from indexer.audit.marks import mark
from scraper.text.words import PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.audit.corpus import Corpus, Paragraph
    from indexer.audit.owner.identity import Identity

_SHORTEST = 4
"""Letters of a word that can be mistyped: of shorter ones half of the neighbours are words as well. Chosen."""

_USUAL = 0.1
"""A form that stands so often as the name itself is one of its forms, such as a plural; chosen."""


def misspelt_names(corpus: Corpus, paragraphs: Iterable[Paragraph], identity: Identity) -> Iterator[PostFinding]:
    """Yield the paragraphs with a name that is the owner's but for a letter, newest post first."""
    name = identity.brand or ""
    pattern = _with_another_word(name)
    if pattern is None:
        return
    others = {other.lower() for other in identity.old_brands}
    words = PLAIN.findall(name)
    rightly = 0
    found: dict[str, list[tuple[Paragraph, str]]] = defaultdict(list)
    for paragraph in paragraphs:
        rightly += name in paragraph.text
        for match in pattern.finditer(paragraph.text) if any(word in paragraph.text for word in words) else ():
            written = " ".join(match.group().split())
            if written.lower() not in others and _is_a_slip(written, name):
                found[written].append((paragraph, written))
    slips = [each for seen in found.values() if len(seen) <= max(1, _USUAL * rightly) for each in seen]
    slips.sort(key=lambda slip: (-slip[0].post, slip[0].block.position))
    seen = set()
    for paragraph, written in slips:
        url = corpus.urls[paragraph.post]
        if (url, written) not in seen:
            seen.add((url, written))
            own = mark("n", url, written)
            yield PostFinding(
                own, "misspelt-name", url, written, name, paragraph.text, "the owner's name but for a letter"
            )


def _with_another_word(name: str) -> re.Pattern[str] | None:
    """Return what finds a name of several words with another one in place of one that can be mistyped."""
    words = PLAIN.findall(name)
    if len(words) < 2:
        return None
    ways = [
        r"\s+".join(r"[^\W\d_]+" if at == odd else re.escape(word) for at, word in enumerate(words))
        for odd, own in enumerate(words)
        if len(own) >= _SHORTEST
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)") if ways else None


def _is_a_slip(written: str, name: str) -> bool:
    """Tell whether one word of a name is mistyped: by more than its capitals, and by one letter or two that swapped."""
    pairs = zip(PLAIN.findall(written.lower()), PLAIN.findall(name.lower()), strict=True)
    odd = [(one, other) for one, other in pairs if one != other]
    return len(odd) == 1 and _is_near(*odd[0])


def _is_near(one: str, other: str) -> bool:
    """Tell whether two words are an edit apart (Damerau, 1964): a letter more, less or other, or two that swapped."""
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[start:], other[start:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])
    return left[1:] == right or left == right[1:]
