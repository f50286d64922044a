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
    BEFORE_LINE,
    BEGIN,
    CHANNELS,
    COMPOUNDS,
    CONTACT,
    GOES_ON,
    HANDS_OVER,
    HELPS,
    INFINITIVES,
    INVITE,
    LAST,
    LOOK,
    MAY,
    MEETING,
    NOUN_BEFORE,
    OURS,
    PHRASES,
    PLACE,
    READER,
    READY,
    SOMEBODY,
    SOON,
    SUBJECTS,
    TAKE,
    TELLING,
    TOUCH,
    WE,
    WHOLE,
)
from indexer.audit.idioms import asks_by_idiom, may_ask, may_open
from scraper.text.contacts import area, digits
from scraper.text.words import NUMBER, masked_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from indexer.audit.findings import Ask


_SPLIT = re.compile(r"(?<=[.!?;:])\s+|\n+")
_WORD = re.compile(r"[\w.+-]{1,64}@[\w-]+\.[\w.]+|[a-zà-ÿ’']+|\+?[\d(][\d\s().\-–/]{5,}\d|\d+")
_WORD_OR_COMMA = re.compile(rf"{_WORD.pattern}|,")
_PHONE = re.compile(r"\+?[\d(][\d\s().\-–/]{5,}\d")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+\.[\w.]+")
_DIGIT = re.compile(r"\d")
_LONG_SENTENCE = 60
_NEAR, _CLOSE = 7, 5
_BUTTON = 8


@dataclass(frozen=True, slots=True)
class Owner:
    """What is the blog owner's own: names in lower case, phone numbers as digits, e-mail domains, single addresses."""

    names: tuple[str, ...] = ()
    phones: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    mails: frozenset[str] = frozenset()
    """Addresses that are the owner's at a domain that is not."""

    def has_line(self, written: str) -> bool:
        """Tell whether a phone number is the owner's; any is where none is known."""
        return not self.phones or digits(written) in self.phones

    def is_near(self, written: str) -> bool:
        """Tell whether a phone number is of an area in which the owner has one."""
        return any(area(digits(written)) == area(known) for known in self.phones)

    def has_mail(self, written: str) -> bool:
        """Tell whether a mail address is the owner's; any is where no domain is known."""
        address = written.rstrip(".")
        return not self.domains or address in self.mails or address.rpartition("@")[2] in self.domains


def judge(text: str, owner: Owner) -> Ask:
    """Return how explicitly a text asks its reader to get in touch."""
    lower = text.lower().replace("’", "'")
    words = frozenset(masked_words(text))
    named = any(name in lower for name in owner.names)
    if not named and _tells_nothing(words) and not may_ask(words, addressed=NUMBER in words):
        return "none"
    best: Ask = "none"
    for sentence in _SPLIT.split(lower):
        verdict = _judge_sentence(sentence, owner)
        if verdict == "ask":
            return "ask"
        if verdict == "weak":
            best = "weak"
    return best


def _tells_nothing(words: AbstractSet[str]) -> bool:
    return TELLING.isdisjoint(words) and (LOOK.isdisjoint(words) or OURS.isdisjoint(words))


def _judge_sentence(sentence: str, owner: Owner) -> Ask:
    words = _WORD.findall(sentence)
    if not 1 < len(words) <= _LONG_SENTENCE:
        return "none"
    named = any(name in sentence for name in owner.names)
    if _writes_elsewhere(words, owner):
        return "none"
    signs = frozenset(words)
    if may_ask(signs, addressed=named or _DIGIT.search(sentence) is not None) and asks_by_idiom(
        spoken(sentence, owner), signs
    ):
        return "ask"
    if not named and _tells_nothing(signs):
        return "none"
    if "," in sentence and not TELLING.isdisjoint(words):
        words = _WORD_OR_COMMA.findall(sentence)
    if any(_asks_at(words, at, owner, named) for at, word in enumerate(words) if word in TELLING):
        return "ask"
    lines = [word for word in words if _PHONE.fullmatch(word)] if named else []
    if any(owner.has_line(line) or owner.is_near(line) for line in lines):
        return "ask"
    invites = [at for at, word in enumerate(words) if _invites(words, at) and _is_invited(words, at)]
    channel = any(not CHANNELS.isdisjoint(words[at + 1 : at + 2 + _NEAR]) for at in invites)
    if invites and (named or channel or OURS.intersection(words)):
        return "weak"
    return "weak" if named and (HELPS.intersection(words) or invites) else "none"


def _invites(words: list[str], at: int) -> bool:
    """Tell whether a verb that invites stands at a word; "read" and "like" do with us or our after them."""
    return words[at] in INVITE or (words[at] in LOOK and not OURS.isdisjoint(words[at + 1 : at + 4]))


def _asks_at(words: list[str], at: int, owner: Owner, named: bool) -> bool:
    """Tell whether a request stands at a word."""
    word = words[at]
    if (
        word in CONTACT
        and _is_verb(words, at, named)
        and not COMPOUNDS.intersection(words[at + 1 : at + 2])
        and _has_target(words[at + 1 : at + 1 + _NEAR], owner, named)
    ):
        return True
    if word in ARRANGE and _arranges(words, at, named):
        return True
    return (word in PHRASES and _phrase(words, at, named)) or _asks_abroad(words, at, named)


def _arranges(words: list[str], at: int, named: bool) -> bool:
    """Tell whether a verb here asks to arrange a meeting, with nobody else: "make an appointment with your doctor"."""
    near = words[at + 1 : at + 1 + _NEAR]
    if not MEETING.intersection(near) or not _is_direct(words, at):
        return False
    ours = named or not OURS.isdisjoint(words)
    if words[at] in BEGIN:
        return ours or not SOON.isdisjoint(words)
    met = next(place for place, word in enumerate(near) if word in MEETING)
    rest = words[at + 2 + met : at + 4 + met]
    return ours or not (len(rest) == 2 and rest[0] in ("with", "at", "to", "from", "for") and rest[1] in SOMEBODY)


def spoken(sentence: str, owner: Owner) -> str:
    """Return a sentence as idioms are looked for in it: with whose name, number or address stands there.

    A number of the owner's area in a sentence of ours is taken for the owner's, be it mistyped.
    """
    for name in owner.names:
        sentence = sentence.replace(name, "us")
    if _DIGIT.search(sentence):
        ours = not WE.isdisjoint(sentence.split())

        def line(match: re.Match[str]) -> str:
            own = owner.has_line(match.group()) or (ours and owner.is_near(match.group()))
            return " ourline " if own else " theirline "

        sentence = _PHONE.sub(line, sentence)
    if "@" in sentence:
        sentence = _MAIL.sub(lambda match: "ourmail" if owner.has_mail(match.group()) else "theirmail", sentence)
    return sentence


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
    written = [word for word in words if "@" in word]
    return bool(written) and not any(map(owner.has_mail, written))


def _is_verb(words: list[str], at: int, named: bool) -> bool:
    """Tell whether a contact word is a verb that speaks to the reader; beside the owner's name, any verb will do."""
    if _is_direct(words, at):
        return True
    return words[at - 1] not in NOUN_BEFORE and (named or words[at - 1] in MAY)


def _is_direct(words: list[str], at: int) -> bool:
    """Tell whether a verb speaks to the reader: it opens the sentence, or follows a word that hands over to it.

    After "and" it goes on with what the sentence says: of the reader, or of somebody else, who "stays in and calls".
    """
    if at == 0:
        return True
    before = words[at - 1]
    if before == "to":
        return at == 1 or words[at - 2] in READY
    if before not in GOES_ON:
        return before in HANDS_OVER
    return words[0] not in SUBJECTS and (may_open(words[0]) or not READER.isdisjoint(words[: at - 1]))


def _is_invited(words: list[str], at: int) -> bool:
    """Tell whether a verb invites the reader: it is direct, and no wish of the writer's ("we want to share")."""
    before = words[max(0, at - 2) : at]
    return _is_direct(words, at) and not (
        before and before[-1] in ("to", "and", "or", "can") and "you" not in words[:at]
    )


def _has_target(near: list[str], owner: Owner, named: bool) -> bool:
    """Tell whether the words after a contact verb name whom to contact: us, a number, our place, the owner.

    A number that is not the owner's counts where it is of the owner's area and nobody else is named before it.
    """
    if named or OURS.intersection(near[:_CLOSE]):
        return True
    for place, word in enumerate(near):
        if _PHONE.fullmatch(word):
            direct = BEFORE_LINE.issuperset(near[:place])
            if owner.has_line(word) or (direct and owner.is_near(word)):
                return True
        if "@" in word and owner.has_mail(word):
            return True
    if SOMEBODY.intersection(near[:1]):
        return False
    return bool(SOON.intersection(near[:2]) or (PLACE.intersection(near) and "the" not in near[:1]))


def _phrase(words: list[str], at: int, named: bool) -> bool:
    """Tell whether get in touch, reach out, fill in the form, stop by, give us a call stands here."""
    following = words[at + 1 : at + 5]
    ours = named or not OURS.isdisjoint(words[at + 1 : at + 7])
    if words[at] == "get":
        return following[:2] == ["in", "touch"] and (ours or not SOMEBODY.intersection(words[at + 4 : at + 5]))
    if words[at] == "reach":
        near = words[at + 2 : at + 6]
        if following[:1] != ["out"] or not _is_direct(words, at):
            return False
        return ours or (near[:1] != ["to"] and bool({"at", "today", "now"}.intersection(near)))
    if words[at] == "fill":
        return following[:1] in (["in"], ["out"]) and "form" in words[at : at + 8] and _is_direct(words, at)
    if words[at] == "give":
        return following[:1] == ["us"] and "call" in following
    if following[:1] != ["by"] or not _is_direct(words, at):
        return False
    return ours or not (SOMEBODY | {"the"}).intersection(following[1:2]) or not PLACE.isdisjoint(following[2:])


def names_of(words: Iterable[str]) -> tuple[str, ...]:
    """Return names as an owner holds them."""
    return tuple(dict.fromkeys(" ".join(word.lower().split()) for word in words if word.strip()))
