"""Read whose a number or an address is from the words around it and from the host's name."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from scraper.text.lexicon import word_set
from scraper.text.requests import request_in
from scraper.text.words import PLAIN, masked_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.text.contacts import Value
    from scraper.text.owner import Owner
NEAR = 90
"""Signs before a value that tell whose it is."""
_AFTER = 80
_OTHERS_LINES = word_set(
    "helpline hotline lifeline poison pharmacy pharmacies fax faxes telefax medicare medicaid insurance insurer "
    "insurers manufacturer police ambulance notrufnummer apotheke pharmacie farmacia"
)
"""Beside one of these a number is somebody else's, or none to call."""
_STOP = re.compile(r"[.!?]\s|\n")
_SHORTEST_HOST = 8
"""Letters of a name that a host is recognised by; chosen: shorter ones stand in other hosts."""


def loose(words: Iterable[str]) -> str:
    """Return a pattern for words in a row, however they are punctuated."""
    return r"[\W_]+".join(map(re.escape, words))


def _opening(text: str, value: Value) -> int:
    """Return where the sentence begins in which a value stands."""
    before = [match.end() for match in _STOP.finditer(text, 0, value.start)]
    return before[-1] if before else 0


def sentence_of(text: str, value: Value) -> str:
    """Return the sentence in which a value stands, no more than some words after it."""
    after = _STOP.search(text, value.end, value.end + _AFTER)
    return text[_opening(text, value) : after.start() if after else value.end + _AFTER]


def is_others(text: str, value: Value) -> bool:
    """Tell whether the words around a number say that it is somebody else's line, or for faxes."""
    sentence = sentence_of(text, value)
    at = max(0, sentence.find(value.shown))
    return not _OTHERS_LINES.isdisjoint(masked_words(sentence[max(0, at - NEAR // 2) : at + len(value.shown) + 20]))


def asks_for_us(text: str, value: Value, owner: Owner) -> bool:
    """Tell whether the words before a number ask the reader to contact us."""
    near = text[max(_opening(text, value), value.start - NEAR) : value.end]
    return (
        not is_others(text, value)
        and bool(re.search(r"\b(?:us|our)\b", near, re.I))
        and request_in(near, owner).kind == "ask"
    )


def host_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds host names that are made of the words of a name: two at least, in their order."""
    made: set[str] = set()
    for name in names:
        words = [word.lower() for word in PLAIN.findall(name)]
        for size in range(2, len(words) + 1):
            for chosen in combinations(words, size):
                if len("".join(chosen)) >= _SHORTEST_HOST:
                    made.add("-?".join(map(re.escape, chosen)))
    return re.compile(rf"(?<![\w.-])(?:www\.)?(?:{'|'.join(sorted(made))})\.[a-z]{{2,}}\b") if made else None
