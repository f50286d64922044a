"""Find boxes in a text without markup: a request, its fields and button, and the answer to it, told by shape."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from scraper.text import notices
from scraper.text.lexicon import OWN
from scraper.text.requests import request_in
from scraper.text.words import CLAUSE_ENDS, fold, word_count, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

LONG_WORDS: Final = 25
"""Words from which a block is running text that no box has."""
PROSE_WORDS: Final = 12
"""Words from which a sentence is running text where it shows no sign of page chrome or a box."""
_HEADING_WORDS: Final = 14
_EXCLAMATION_WORDS: Final = 8
_BUTTON_WORDS: Final = 4
_ANSWER_WORDS: Final = 15
"""Words of a heading, a short exclamation, a button and the answer after sending; chosen, not measured."""
_LEAST_POINTS: Final = 3
"""What fields, buttons and answers have to come to for a form; chosen: a field and a button alone may be a search."""
_ADDRESS: Final = re.compile(r"[\w.+-]{1,64}@[\w-]+\.\w|\d{2}[\d() .-]{4,}\d{2}")
_CODE: Final = re.compile(r"[{}=;<>_\\\[\]]|\w\(|::|^end$")


class Box(NamedTuple):
    """A range of lines that reads as a box; `is_whole` where heading, request, fields and answer are there."""

    start: int
    end: int
    is_whole: bool


class _Signs(NamedTuple):
    repeats: bool
    channel: bool
    label: bool
    button: bool
    answer: int

    @property
    def is_any(self) -> bool:
        return self.repeats or self.channel or self.label or self.button or self.answer > 1


def is_long(text: str) -> bool:
    """Return whether a text is too long for a line of page chrome or a box."""
    return word_count(text) >= LONG_WORDS and not notices.is_menu_line(text) and not notices.is_consent(text)


def is_prose(text: str) -> bool:
    """Return whether a text is a sentence of the post: of some length, with no hint of page chrome or a box."""
    if is_long(text):
        return not asks(text)
    if word_count(text) < PROSE_WORDS or not text.rstrip("\"'”’»)").endswith(CLAUSE_ENDS):
        return False
    told = notices.names_a_channel(text) or notices.confirms(text) > 1 or notices.is_consent(text)
    return not (told or notices.is_rights_line(text) or asks(text))


def asks(text: str) -> bool:
    """Return whether a text asks to get in touch and says with whom: us, a number, an address. A box does not.

    A text that asks for a call or letter and for nothing else is the post's own.
    """
    named = not OWN.isdisjoint(words_of(text)) or _ADDRESS.search(text) is not None
    return named and request_in(text).kind == "ask" and not notices.subscribes(text)


def is_heading(text: str) -> bool:
    """Return whether a text has a heading's shape: one short line without a sentence's end."""
    return "\n" not in text and word_count(text) <= _HEADING_WORDS and not text.endswith(CLAUSE_ENDS)


def reads_as_title(text: str) -> bool:
    """Return whether a text may be a title: a heading's shape, or a short question or exclamation."""
    if "\n" in text or word_count(text) > _HEADING_WORDS or not any(character.isalpha() for character in text):
        return False
    return not text.endswith(CLAUSE_ENDS) or text.endswith(("?", "!", "？", "！"))


def find(texts: Sequence[str], zone: Sequence[int]) -> list[Box]:
    """Return the boxes among the lines of a zone, each a range of neighbouring lines."""
    signs = {index: _signs(texts, index, set(zone)) for index in zone}
    found: list[Box] = []
    end = -1
    for group in _groups(texts, zone, signs):
        start = max(_start(texts, group, zone, signs), end)
        end = _end(texts, group, zone, signs)
        if (box := _judged(texts, start, end, signs)) is not None:
            found.append(box)
    return found


def _signs(texts: Sequence[str], index: int, zone: set[int]) -> _Signs:
    text = texts[index]
    if asks(text) or _CODE.search(text):
        return _Signs(False, False, False, False, 0)
    near = [other for other in range(index - 2, index + 3) if other != index and other in zone]
    repeats = word_count(text) <= _HEADING_WORDS and any(fold(texts[other]) == fold(text) for other in near)
    short = word_count(text) < LONG_WORDS
    after_field = index - 1 in zone and notices.is_input_label(texts[index - 1])
    label = notices.is_input_label(text)
    return _Signs(
        repeats,
        short and notices.names_a_channel(text),
        label,
        notices.is_button(text)
        or (after_field and not label and is_heading(text) and word_count(text) <= _BUTTON_WORDS),
        notices.confirms(text),
    )


def _groups(texts: Sequence[str], zone: Sequence[int], signs: dict[int, _Signs]) -> list[list[int]]:
    """Return the runs of lines with signs, at most one short line without any between two of them."""
    groups: list[list[int]] = []
    for index in (index for index in zone if signs[index].is_any):
        if groups and _joins(texts, groups[-1][-1], index, signs):
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def _joins(texts: Sequence[str], before: int, index: int, signs: dict[int, _Signs]) -> bool:
    between = range(before + 1, index)
    return len(between) <= 1 and all(
        between_index in signs and word_count(texts[between_index]) < LONG_WORDS and not asks(texts[between_index])
        for between_index in between
    )


def _start(texts: Sequence[str], group: Sequence[int], zone: Sequence[int], signs: dict[int, _Signs]) -> int:
    """Return where a box begins: at its first sign, or at the heading above it with at most one sentence between."""
    first = group[0]
    if signs[first].repeats or (is_heading(texts[first]) and not (signs[first].label or signs[first].button)):
        return first
    above, over = first - 1, first - 2
    if above in zone and _is_box_heading(texts[above]):
        return above
    if above in zone and over in zone and _may_ask(texts[above]):
        return over if _is_box_heading(texts[over]) else first
    return first


def _may_ask(text: str) -> bool:
    """Return whether a sentence may be the request of a box."""
    return word_count(text) < LONG_WORDS and not is_heading(text) and not asks(text)


def _is_box_heading(text: str) -> bool:
    is_exclamation = text.endswith(("!", "?", "！", "？")) and word_count(text) <= _EXCLAMATION_WORDS
    return (is_heading(text) or is_exclamation) and not asks(text)


def _end(texts: Sequence[str], group: Sequence[int], zone: Sequence[int], signs: dict[int, _Signs]) -> int:
    """Return where a box ends: after its last sign, and after sentences that answer a button or repeated heading."""
    end = group[-1] + 1
    last = signs[group[-1]]
    answered = any(signs[index].answer > 1 for index in group)
    repeats = not answered and any(signs[index].repeats for index in group)
    limit = end + (2 if repeats else 1 if last.button or last.label else 0)
    while end < limit and end in zone and _is_answer(texts[end]):
        end += 1
    return end


def _is_answer(text: str) -> bool:
    return (
        word_count(text) <= _ANSWER_WORDS and not is_heading(text) and not text.endswith((":", ",")) and not asks(text)
    )


def _judged(texts: Sequence[str], start: int, end: int, signs: dict[int, _Signs]) -> Box | None:
    """Return the box that a range of lines is, or `None` where too few signs say so."""
    part = [signs[index] for index in range(start, end)]
    repeats = any(sign.repeats for sign in part)
    channel = any(sign.channel for sign in part)
    fields = any(sign.label for sign in part) + any(sign.button for sign in part)
    answer = max((sign.answer for sign in part[1:]), default=0)
    shape = (
        len(part) >= 3 and _is_box_heading(texts[start]) and not all(is_heading(texts[i]) for i in range(start, end))
    )
    points = 2 * repeats + channel + fields + answer + shape
    if points < _LEAST_POINTS or not (repeats or channel or fields or answer > 1):
        return None
    is_whole = (repeats or fields > 0) and channel and answer > 1 and shape
    return Box(start, end, is_whole)
