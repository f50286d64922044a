"""Judge a short paragraph at the end of a post, where a post turns from its subject to its reader.

A command there is seldom advice on the subject any more. Whether it is meant for us is told by who is spoken of, not by
phrases: "come sit with us", "let Dr. Roe have a look", "see our openings and choose one". What only speaks of us to a
reader who is asked something, or of what is done at a first contact, invites.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from indexer.audit.asks import spoken
from indexer.audit.askwords import COMMANDS, FIRST_CONTACT, INVITE, MEDIA, OFFER, OTHERS, PRACTISE, TURN, WE, YOU
from scraper.text.contacts import addresses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.audit.asks import Owner
    from indexer.audit.findings import Ask

_LONGEST, _MOST_WORDS = 320, 45
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\s[\u2013\u2014-]+\s|\u2014|\n+")
_WORD = re.compile(r"[^\W\d_][\w'-]*|[,(]")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_QUOTED = re.compile(r"[\u201c\"][^\u201c\u201d\"]*[\u201d\"]")
_PEOPLE = re.compile(r"\b(?:all|many|most|some|each|none|any|both|one|few|lots|rest) of us\b")
_PERSON = re.compile(r"\b(?:Dr\b\.?|Doctor|Miss|Nurse|Coach)\s+(?=[A-Z])|\bfront desk\b|\breception\b")
_OURS = frozenset(("us", "our", "ours", "ourline", "ourmail", "ourplace", "ourperson"))
_WE = WE | {"we'll", "we'd", "we're", "we've"}
_US = frozenset(("us", "ourplace", "ourperson"))
_SERVE = frozenset(("know", "help", "check", "show", "take", "hear", "see"))
_REMARKS = frozenset(("comment", "comments", "discussion", "feedback", "forum", "github", "tweet", "hashtag"))
"""Where readers remark on a post; that is not to get in touch."""
_HITHER = frozenset(("in", "on", "by", "over", "down", "along", "and", "see", "meet", "talk", "try", "have", "for"))
"""After "come", one of these tells that it is to us."""
_BEFORE = frozenset(("please", "just", "so", "simply", "then", "now", "today", "always", "and", "or", "but", ",", "("))
_TO = frozenset(("time", "ready", "free", "welcome", "sure"))
_TOWARDS = frozenset(("to", "with", "at", "for", "in", "out", "up", "by", "from"))
_TALK = frozenset(("talk", "chat", "meet", "sit", "connect"))
_HOLD = frozenset(("book", "reserve", "claim", "enroll", "register"))
_AT_ONCE = frozenset(("your", "yours", "now", "today", "online", "early"))
_WITH = frozenset(("to", "with", "from"))
_NOT_US = frozenset(("your", "yourself", "his", "her", "their", "another", "someone", "somebody"))
_PAST = frozenset(("was", "were", "had", "did", "began", "started", "ago", "once", "not", "never", "next"))
_NEAR = 4
_HEAD = 7


class _Said:
    """A sentence: its words, and where it speaks of us."""

    def __init__(self, sentence: str, owner: Owner) -> None:
        self.words = _WORD.findall(spoken(sentence, owner))
        if not owner.phones:
            self.words = [word for word in self.words if word != "ourline"]
        self.signs = frozenset(self.words)
        self.ours = not _OURS.isdisjoint(self.signs)
        self.here = self.ours or not _WE.isdisjoint(self.signs)
        self.offers = not FIRST_CONTACT.isdisjoint(self.signs)
        self.question = sentence.rstrip().endswith("?") and not YOU.isdisjoint(self.signs)

    def commands(self) -> Iterator[int]:
        """Yield where a verb commands: where a sentence opens, after a comma, after "and" if one went before."""
        opened = False
        for at, word in enumerate(self.words):
            if word in COMMANDS and self._is_command(at, opened=opened):
                opened = True
                yield at

    def _is_command(self, at: int, *, opened: bool) -> bool:
        before = self.words[:at]
        if before[-1:] == ["to"]:
            return not _TO.isdisjoint(before[-2:])
        if before[-2:] == ["you", "can"]:
            return True
        while before and before[-1] in _BEFORE:
            if before[-1] in ("and", "or", "but", "then") and not opened:
                return False
            if before[-1] in (",", "("):
                return True
            before.pop()
        return not before or (opened and before != self.words[:at])

    def turns_to_us(self, at: int) -> bool:
        """Tell whether a command has us as its object, or to go to."""
        return not _US.isdisjoint(self.words[at + 1 : at + 1 + _NEAR]) and not (
            self.is_for_others(at) or self.is_wish(at)
        )

    def is_wish(self, at: int) -> bool:
        """Tell whether "let us" speaks of what all may do, or an opinion is asked for: "let us know if it works"."""
        following = self.words[at + 1 : at + 3]
        if self.words[at] == "tell":
            return self._asks_for_an_opinion()
        if self.words[at] != "let" or following[:1] != ["us"]:
            return False
        if following[1:] == ["know"]:
            return self._asks_for_an_opinion()
        return _SERVE.isdisjoint(following[1:]) and YOU.isdisjoint(self.signs)

    def _asks_for_an_opinion(self) -> bool:
        return YOU.isdisjoint(self.signs) or "think" in self.signs

    def is_for_others(self, at: int) -> bool:
        """Tell whether a verb turns the reader to somebody else: "ask your dentist", "see the school nurse"."""
        near = self.words[at + 1 : at + 1 + _HEAD]
        if self.words[at] in TURN:
            named = next((word for word in near if word not in _TOWARDS), "")
            return named in OTHERS or not self.ours
        return not self.ours and any(a in _WITH and b in _NOT_US for a, b in pairwise(near))


def appeal(text: str, owner: Owner, *, closing: bool = True) -> Ask:
    """Return how explicitly a short paragraph asks its reader to turn to us; "none" of a long one.

    Before the end of a post only a request that names us next to its verb counts: "come talk to us".
    """
    if len(text) > _LONGEST:
        return "none"
    text = _LINK.sub(" ", text)
    for value in addresses(text):
        text = text.replace(value.shown, " ourplace ")
    text = _QUOTED.sub(" ", _PERSON.sub("ourperson ", text))
    lower = _PEOPLE.sub("people", text.lower().replace("\u2019", "'"))
    told = [_Said(sentence, owner) for sentence in _SENTENCE.split(lower)]
    if sum(len(said.words) for said in told) > _MOST_WORDS:
        return "none"
    if not closing:
        told = [said for said in told if _REMARKS.isdisjoint(said.signs)]
        return "ask" if any(said.turns_to_us(at) for said in told for at in said.commands()) else "none"
    here, offers = any(said.here for said in told), any(said.offers for said in told)
    media = not offers and any(not MEDIA.isdisjoint(said.signs) for said in told)
    verdicts = {_commanded(said, at, here=here, offers=offers) for said in told for at in said.commands()}
    if "ask" in verdicts and not media:
        return "ask"
    named = len(told) == 1 and _PAST.isdisjoint(told[0].signs) and any(name in lower for name in owner.names)
    if named or verdicts.difference(("none",)) or any(_invites(said, here=here, offers=offers) for said in told):
        return "weak"
    return "none"


def _commanded(said: _Said, at: int, *, here: bool, offers: bool) -> Ask:
    word, following = said.words[at], said.words[at + 1 : at + 1 + _NEAR]
    if said.is_for_others(at) or said.is_wish(at) or not _REMARKS.isdisjoint(said.signs):
        return "none"
    if word == "come" and (at == 0 or said.words[at - 1] != ",") and not _HITHER.isdisjoint(following[:1]):
        return "ask" if _OURS.intersection(said.words[at:]) or offers else "weak"
    if word == "let's":
        return (
            "ask"
            if _TALK.intersection(following[:1]) and "about" not in following
            else "weak"
            if here or "you" in following
            else "none"
        )
    if word == "let" and not _OURS.intersection(following[:2]):
        return "none"
    if word == "subscribe" or (word in _HOLD and not _AT_ONCE.isdisjoint(following[:1])):
        return "ask" if word in _HOLD and (here or offers) else "weak"
    if word in INVITE:
        return "weak" if said.here or offers else "none"
    if _OURS.intersection(said.words[at:]) or (here and offers):
        return "ask"
    return "weak" if here or offers else "none"


def _invites(said: _Said, *, here: bool, offers: bool) -> bool:
    """Tell whether a sentence invites: asks the reader something, offers a first contact, tells what we do."""
    if said.question and (here or offers):
        return True
    if not said.here or not _PAST.isdisjoint(said.signs) or any(map(said.is_for_others, said.commands())):
        return False
    if said.offers or (said.ours and not MEDIA.isdisjoint(said.signs)):
        return True
    if not YOU.isdisjoint(said.signs) and not OFFER.isdisjoint(said.signs):
        return True
    if said.words[:2] == ["at", "us"]:
        return True
    return said.words[0] in ("we", "our", "us") and not PRACTISE.isdisjoint(said.words[:_HEAD])
