"""Choose the passage of a post that shows best why it was found, from its stored text, and mark the words."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from indexer.analysis import Analyzer

LENGTH = 240
"""A passage has at most so many characters, marks of omission not counted."""

_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*\s+(?=[^a-z])")
_ELLIPSIS = "…"
_FOR_WHOLE_SENTENCES = 0.3
"""What a passage of whole sentences may be worth less than one that is cut; chosen: a word of little weight."""
_SAYS_SOMETHING = re.compile(r"[.!?…:;]")
# A cell of a table or a label shows little, even where it has the words.
_NO_SENTENCE = 0.4
_MOST_MATCHES = 100
_LONGEST_END = 20


class Snippet(NamedTuple):
    """A passage on one line; `marks` are the characters, start and end, of the words that matched."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


class Wanted(NamedTuple):
    """What to look for: terms with how much each says."""

    terms: Mapping[str, float]


class Source(NamedTuple):
    """A text that a passage may come from; `weight` multiplies what it is worth."""

    text: str
    weight: float = 1.0


_Match = tuple[int, int, str]
"""Start and end of a word, and its term; a plain tuple, because hundreds are made for one page of results."""


def _sentences(text: str) -> list[tuple[int, int]]:
    """Return start and end of the sentences."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return [(start, end) for start, end in zip([0, *ends], [*ends, len(text)], strict=True) if start < end]


def _worth(matches: Sequence[_Match], wanted: Wanted) -> float:
    """Return how well a passage shows the match: different words first, then words in a row, then more of them."""
    terms = wanted.terms
    worth = 0.04 * min(len(matches), 6)
    different = {term for _, _, term in matches}
    for term in different:
        worth += terms.get(term, 1.0)
    if len(different) > 1:
        for (_, end, term), (start, _, next_term) in pairwise(matches):
            if start - end <= 2 and term != next_term:
                worth += 0.3
                break
    # Terms come in any order, and so do the sums of what they are worth.
    return round(worth, 6)


class _Passage(NamedTuple):
    worth: float
    text: str
    start: int
    end: int
    matches: Sequence[_Match]


def best(sources: Iterable[Source], wanted: Wanted, analyzer: Analyzer) -> Snippet:
    """Return the best passage of the texts; their beginning where nothing matches. Earlier wins where equal."""
    texts = list(sources)
    lines = [text.replace("\n", " ") for text, _ in texts]
    chosen: _Passage | None = None
    for most, number, weight, matches in _promising(lines, texts, wanted, analyzer):
        if chosen is not None and most <= chosen.worth:
            break
        line = lines[number]
        text = " ".join(line.split())
        if text != line:
            matches = _matches(text, wanted, analyzer)
        passage = _passage(text, matches, wanted)
        worth = passage.worth * weight
        if chosen is None or worth > chosen.worth:
            chosen = passage._replace(worth=worth)
    if chosen is None:
        first = " ".join(next((line for line in lines if line.strip()), "").split())
        chosen = _Passage(0.0, first, 0, _fitting_end(first, 0), [])
    return _snippet(chosen)


def _matches(text: str, wanted: Wanted, analyzer: Analyzer) -> list[_Match]:
    """Return the words of the text that match."""
    # A stem may end in a letter that the word has not (happi, happy), hardly ever in two.
    starts = {term if term[:1].isdigit() else term[: max(2, len(term) - 1)] for term in wanted.terms}
    return analyzer.matches(text, wanted.terms, starts)[:_MOST_MATCHES]


def _promising(
    lines: Sequence[str], texts: Sequence[Source], wanted: Wanted, analyzer: Analyzer
) -> list[tuple[float, int, float, list[_Match]]]:
    """Return the lines that match: the most that a passage of them can be worth, their number, their weight and their
    matches; the most promising first.
    """
    begins = list(accumulate((len(line) + 1 for line in lines), initial=0))
    by_line: dict[int, list[_Match]] = {}
    for start, end, term in _matches("\n".join(lines), wanted, analyzer):
        number = bisect_right(begins, start) - 1
        begin = begins[number]
        by_line.setdefault(number, []).append((start - begin, end - begin, term))
    found = []
    for number, matches in by_line.items():
        text, weight = texts[number]
        if not _SAYS_SOMETHING.search(text, max(0, len(text) - 4)):
            weight *= _NO_SENTENCE
        found.append((_worth(matches, wanted) * weight, number, weight, matches))
    found.sort(key=lambda line: (-line[0], line[1]))
    return found


def _passage(text: str, matches: Sequence[_Match], wanted: Wanted) -> _Passage:
    """Return the best run of sentences that fits, or a part of the best sentence where that is too long."""
    sentences = _sentences(text)
    top: _Passage | None = None
    for number, (start, _) in enumerate(sentences):
        end = start
        for _, next_end in sentences[number:]:
            if next_end - start > LENGTH and len(text[start:next_end].rstrip()) > LENGTH:
                break
            end = next_end
        inside = [match for match in matches if start <= match[0] and match[1] <= end]
        if inside:
            worth = _worth(inside, wanted)
            if top is None or worth > top.worth:
                top = _Passage(worth, text, start, end, inside)
    # Whole sentences are easier to read: a part of one must show more to be preferred.
    if top is not None and top.worth + _FOR_WHOLE_SENTENCES >= _worth(matches, wanted):
        return top
    cut = _cut(text, matches, wanted)
    return top if top is not None and top.worth + _FOR_WHOLE_SENTENCES >= cut.worth else cut


def _cut(text: str, matches: Sequence[_Match], wanted: Wanted) -> _Passage:
    """Return the best part of a long sentence, cut between words."""
    top: _Passage | None = None
    for number, (start, end, _) in enumerate(matches):
        inside = [match for match in matches[number:] if match[1] <= start + LENGTH]
        worth = _worth(inside, wanted)
        if top is None or worth > top.worth:
            top = _Passage(worth, text, start, inside[-1][1] if inside else end, inside or [matches[number]])
    assert top is not None
    spare = LENGTH - (top.end - top.start)
    start = max(0, top.start - max(0, spare) // 3)
    if start:
        start = text.find(" ", start, top.start) + 1 or top.start
    end = min(_fitting_end(text, start), max(top.end, start + LENGTH))
    inside = [match for match in matches if start <= match[0] and match[1] <= max(end, top.end)]
    return _Passage(top.worth, text, start, max(end, inside[0][1] if inside else end), inside)


def _fitting_end(text: str, start: int) -> int:
    """Return where to end a passage that begins at `start`: after a word, the whole rest if it fits."""
    if len(text) - start <= LENGTH:
        return len(text)
    space = text.rfind(" ", start + 1, start + LENGTH + 1)
    return space if space > start else start + LENGTH


def _snippet(passage: _Passage) -> Snippet:
    text = passage.text[passage.start : passage.end].rstrip()
    end = passage.start + len(text)
    lead = _ELLIPSIS if passage.start and not _begins_sentence(passage) else ""
    tail = _ELLIPSIS if end < len(passage.text.rstrip()) and text[-1:] not in ".!?…" else ""
    shift = len(lead) - passage.start
    marks = tuple([(first + shift, last + shift) for first, last, _ in passage.matches if last <= end])
    return Snippet(f"{lead}{text}{tail}", marks)


def _begins_sentence(passage: _Passage) -> bool:
    # The end of the sentence before is its last few signs.
    before = passage.text[max(0, passage.start - _LONGEST_END) : passage.start + 1]
    at = passage.start - max(0, passage.start - _LONGEST_END)
    return any(match.end() == at for match in _SENTENCE_END.finditer(before))
