"""Judge whether a paragraph asks its reader to get in touch: by contact verbs near their target, not by likeness.

`ask` is an explicit call to action (call, book, write to *us*, this number, our team); `weak` only invites (subscribe,
learn more, we can help); `none` is neither. The words are in `askwords`; the owner's names and numbers count in any
language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.audit.askwords import (
    ARRANGE,
    CHANNELS,
    COMPOUNDS,
    CONTACT,
    HANDS_OVER,
    HELPS,
    INFINITIVES,
    INVITE,
    LAST,
    MAY,
    MEETING,
    NOUN_BEFORE,
    OURS,
    PHRASES,
    PLACE,
    SOON,
    TAKE,
    TELLING,
    TOUCH,
    WHOLE,
)
from indexer.audit.shingles import masked_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexer.audit.findings import Ask


_SPLIT = re.compile(r"(?<=[.!?;:])\s+|\n+")
_WORD = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|[a-zà-ÿ’']+|\+?[\d(][\d\s().\-–/]{5,}\d|\d+")
_WORD_OR_COMMA = re.compile(rf"{_WORD.pattern}|,")
_PHONE = re.compile(r"\+?[\d(][\d\s().\-–/]{5,}\d")
_LONG_SENTENCE = 60
_NEAR = 7
_BUTTON = 8


@dataclass(frozen=True, slots=True)
class Owner:
    """What is the blog owner's own: names in lower case, phone numbers as digits, e-mail domains."""

    names: tuple[str, ...] = ()
    phones: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()


def judge(text: str, owner: Owner) -> Ask:
    """Return how explicitly a text asks its reader to get in touch."""
    lower = text.lower().replace("’", "'")
    if TELLING.isdisjoint(masked_words(text)) and not any(name in lower for name in owner.names):
        return "none"
    best: Ask = "none"
    for sentence in _SPLIT.split(lower):
        verdict = _judge_sentence(sentence, owner)
        if verdict == "ask":
            return "ask"
        if verdict == "weak":
            best = "weak"
    return best


def _judge_sentence(sentence: str, owner: Owner) -> Ask:
    words = _WORD.findall(sentence)
    if not 1 < len(words) <= _LONG_SENTENCE:
        return "none"
    if "," in sentence and not TELLING.isdisjoint(words):
        words = _WORD_OR_COMMA.findall(sentence)
    named = any(name in sentence for name in owner.names)
    if not named and (TELLING.isdisjoint(words) or _writes_elsewhere(words, owner)):
        return "none"
    for at, word in enumerate(words):
        if word not in TELLING:
            continue
        if (
            word in CONTACT
            and _is_verb(words, at, named)
            and not COMPOUNDS.intersection(words[at + 1 : at + 2])
            and _has_target(words[at + 1 : at + 1 + _NEAR], owner, named)
        ):
            return "ask"
        if word in ARRANGE and MEETING.intersection(words[at + 1 : at + 6]) and _is_direct(words, at):
            return "ask"
        if word in PHRASES and _phrase(words, at):
            return "ask"
        if _asks_abroad(words, at, named):
            return "ask"
    if named and any(digits(word) in owner.phones for word in words if _PHONE.fullmatch(word)):
        return "ask"
    invites = any(word in INVITE and _is_invited(words, at) for at, word in enumerate(words))
    if invites and (named or OURS.intersection(words) or CHANNELS.intersection(words)):
        return "weak"
    return "weak" if named and (HELPS.intersection(words) or invites) else "none"


def _asks_abroad(words: list[str], at: int, named: bool) -> bool:
    """Tell whether a request stands here in a form that English does not have."""
    word, near = words[at], words[at + 1 : at + 1 + _NEAR]
    if word in WHOLE or (word in INFINITIVES and at > 0 and words[at - 1] in OURS):
        return True
    if word in TAKE:
        return bool(TOUCH.intersection(near[:3])) and (named or bool(OURS.intersection(near)))
    return word in LAST and bool(MEETING.intersection(words[max(0, at - 3) : at])) and len(words) <= _BUTTON


def _writes_elsewhere(words: list[str], owner: Owner) -> bool:
    """Tell whether a sentence names an e-mail address that is not the owner's."""
    places = [word.rpartition("@")[2].rstrip(".") for word in words if "@" in word]
    return bool(places) and bool(owner.domains) and not owner.domains.intersection(places)


def _is_verb(words: list[str], at: int, named: bool) -> bool:
    """Tell whether a contact word is a verb that speaks to the reader; beside the owner's name, any verb will do."""
    if _is_direct(words, at):
        return True
    return words[at - 1] not in NOUN_BEFORE and (named or words[at - 1] in MAY)


def _is_direct(words: list[str], at: int) -> bool:
    """Tell whether a verb speaks to the reader: it opens the sentence, or follows a word that hands over to it."""
    if at == 0:
        return True
    return words[at - 1] in HANDS_OVER or (
        at > 1 and words[at - 2] in ("ready", "like", "want") and words[at - 1] == "to"
    )


def _is_invited(words: list[str], at: int) -> bool:
    """Tell whether a verb invites the reader: it is direct, and no wish of the writer's ("we want to share")."""
    before = words[max(0, at - 2) : at]
    return _is_direct(words, at) and not (
        before and before[-1] in ("to", "and", "or", "can") and "you" not in words[:at]
    )


def _has_target(near: list[str], owner: Owner, named: bool) -> bool:
    """Tell whether the words after a contact verb name whom to contact: us, a number, our place, the owner."""
    if named or OURS.intersection(near[:4]):
        return True
    for word in near:
        if _PHONE.fullmatch(word):
            return True
        if "@" in word and (not owner.domains or word.rpartition("@")[2].rstrip(".") in owner.domains):
            return True
    return bool(SOON.intersection(near[:2]) or (PLACE.intersection(near) and "the" not in near[:1]))


def _phrase(words: list[str], at: int) -> bool:
    """Tell whether get in touch, reach out, fill in the form, stop by, give us a call stands here."""
    following = words[at + 1 : at + 4]
    if words[at] == "get":
        return following[:2] == ["in", "touch"]
    if words[at] == "reach":
        near = words[at + 2 : at + 6]
        return (
            following[:1] == ["out"]
            and bool({"at", "today", "now", *OURS}.intersection(near))
            and _is_direct(words, at)
        )
    if words[at] == "fill":
        return following[:1] in (["in"], ["out"]) and "form" in words[at : at + 8] and _is_direct(words, at)
    if words[at] == "give":
        return following[:1] == ["us"] and "call" in following
    return following[:1] == ["by"] and _is_direct(words, at)


def digits(text: str) -> str:
    """Return the digits of a phone number as they are compared: without the country code 1."""
    found = "".join(sign for sign in text if sign.isdigit())
    return found[1:] if len(found) == 11 and found[0] == "1" else found


def names_of(words: Iterable[str]) -> tuple[str, ...]:
    """Return names as an owner holds them."""
    return tuple(dict.fromkeys(" ".join(word.lower().split()) for word in words if word.strip()))
