"""Say of each post whether it asks its reader for something: explicitly, weakly or not at all, or twice."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from indexer.audit.findings import CtaNote, MissingCta
from indexer.audit.marks import mark
from scraper.model import Role
from scraper.text.contacts import area, emails, phones
from scraper.text.request_words import OURS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.audit.asking import Requests
    from indexer.audit.corpus import Corpus, Paragraph
    from indexer.audit.findings import Ask
    from indexer.audit.similarity.groups import Group

_LAST_BLOCKS = 4
_LAST_SHARE = 1 / 3
_MOSTLY = 0.5
_SHORT, _LINE = 30, 12
_USUAL = 0.5
_ASKING = 0.1
"""The share of posts that ask from which on a blog asks, if its owner has no phone; else one is enough."""
_WE = frozenset(("we", "us", "our", "ours"))
_LEGAL = ("informational purposes", "not constitute", "medical advice", "all rights reserved", "disclaimer", "terms of")


def group_role(group: Group, paragraphs: Sequence[Paragraph], requests: Requests) -> tuple[str, Ask]:
    """Return the role of a recurring paragraph and how explicitly it asks, by what most of its copies say."""
    verdicts = [requests.ask(number) for number in group.members]
    asking = verdicts.count("ask")
    weak = len(verdicts) - verdicts.count("none")
    ask: Ask = "ask" if asking > _MOSTLY * len(verdicts) else "weak" if weak > _MOSTLY * len(verdicts) else "none"
    stated = [
        paragraphs[number].block.role
        for number in group.members
        if paragraphs[number].block.role not in (Role.CONTENT, Role.HEADING)
    ]
    if ask == "ask":
        return str(Role.CTA), ask
    legal = sum(any(sign in paragraphs[number].text.lower() for sign in _LEGAL) for number in group.members)
    if 2 * legal > len(group.members):
        return str(Role.LEGAL), "none"
    if 2 * len(stated) > len(group.members):
        role = max(sorted(set(stated)), key=stated.count)
        return str(role), "ask" if role == Role.CTA and ask != "none" else ask
    return (str(Role.CTA) if ask == "weak" else str(Role.CONTENT)), ask


class CtaFinder:
    """Look for the calls to action of every post. `asks` says of each recurring paragraph how explicitly it asks."""

    def __init__(
        self,
        corpus: Corpus,
        paragraphs: Sequence[Paragraph],
        groups: Sequence[Group],
        asks: Sequence[Ask],
        requests: Requests,
    ) -> None:
        self._corpus, self._paragraphs, self._owner, self._requests = corpus, paragraphs, requests.owner, requests
        self._asking: dict[int, list[int]] = defaultdict(list)
        self._inviting: set[int] = set()
        for at, (group, ask) in enumerate(zip(groups, asks, strict=True)):
            for number in group.members:
                if ask == "ask":
                    self._asking[number].append(at)
                elif ask == "weak":
                    self._inviting.add(number)
        self.verdicts: list[Ask] = ["none"] * len(corpus)
        self.calls: list[Paragraph] = []
        self._kept = [len(paragraphs) for paragraphs in corpus.kept_of]
        self._weak: dict[int, str] = {}
        self._places: dict[int, dict[int, list[Paragraph]]] = defaultdict(lambda: defaultdict(list))
        self._usual = self._is_usual()
        self._judge()

    @property
    def recurring(self) -> list[Paragraph]:
        """Return the calls to action in recurring paragraphs that name the owner or the owner's number, in order."""
        return [paragraph for number in sorted(self._asking) if self._names(paragraph := self._paragraphs[number])]

    def _is_usual(self) -> bool:
        """Tell whether half of the posts ask by name, by own number or in a recurring paragraph."""
        asking = {self._paragraphs[number].post for number in self._asking}
        asking.update(
            self._paragraphs[number].post
            for number in self._requests.numbers
            if self._requests.ask(number) == "ask" and self._names(self._paragraphs[number])
        )
        return len(asking) >= _USUAL * len(self._corpus)

    def _names(self, paragraph: Paragraph) -> bool:
        lower = paragraph.text.lower()
        return any(name in lower for name in self._owner.names) or self._has_phone(paragraph.text)

    def _judge(self) -> None:
        for number in sorted({*self._requests.numbers, *self._asking, *self._inviting}):
            paragraph = self._paragraphs[number]
            for group in self._asking.get(number, ()):
                self._places[paragraph.post][group].append(paragraph)
            verdict = self._verdict(number, paragraph)
            if verdict == "ask":
                self.verdicts[paragraph.post] = "ask"
                self.calls.append(paragraph)
            elif verdict == "weak" and self.verdicts[paragraph.post] == "none":
                self.verdicts[paragraph.post] = "weak"
                self._weak[paragraph.post] = self._requests.sentence(number) or paragraph.text

    def _verdict(self, number: int, paragraph: Paragraph) -> Ask:
        if number in self._asking:
            return "ask"
        verdict = self._requests.ask(number)
        if verdict != "ask":
            structure = self._by_structure(paragraph)
            verdict = verdict if structure == "none" else structure
        named = verdict != "none" and (self._names(paragraph) or self._has_local(paragraph.text))
        if number in self._inviting and verdict != "ask":
            return "weak"
        if named or verdict == "none":
            return verdict
        if (self._usual or self._owner.phones) and self._is_for_others(self._requests.sentence(number)):
            return "none"
        words = paragraph.key.split()
        ours, short = not OURS.isdisjoint(words), len(words) <= _SHORT
        if not self._is_late(paragraph):
            return verdict if verdict == "ask" and ours and short else "none"
        if paragraph.block.role == Role.CTA or not self._usual:
            return verdict
        return (
            verdict
            if (ours and (verdict == "ask" or short)) or (short and paragraph.from_end < _LAST_BLOCKS)
            else "none"
        )

    def _by_structure(self, paragraph: Paragraph) -> Ask:
        """Return what a block asks for by more than its words, in any language.

        A line with the owner's own number is there to be used wherever it stands; near the end, so is a short text with
        that or a mail address, be it an old one. Extraction flags what asks beside a link that dials, writes or books;
        where posts usually ask by name or number, that alone is for somebody else.
        """
        words = paragraph.key.split()
        if not self._is_late(paragraph):
            return "ask" if len(words) <= _LINE and self._has_phone(paragraph.text) else "none"
        near = not _WE.isdisjoint(words) and self._has_local(paragraph.text)
        if len(words) <= _SHORT and (near or self._has_contact(paragraph.text)):
            return "ask"
        elsewhere = bool(emails(paragraph.text))
        if paragraph.block.role == Role.CTA and not paragraph.block.heading and not self._usual and not elsewhere:
            return "ask"
        return "none"

    def _has_contact(self, text: str) -> bool:
        owner = self._owner
        mails = emails(text) if owner.domains else ()
        return self._has_phone(text) or any(owner.has_mail(mail.key) for mail in mails)

    def _has_local(self, text: str) -> bool:
        """Tell whether a text has a number of the owner's own area."""
        areas = {area(key) for key in self._owner.phones}
        return any(area(value.key) in areas for value in phones(text))

    def _has_phone(self, text: str) -> bool:
        return any(value.key in self._owner.phones for value in phones(text))

    def _is_for_others(self, sentence: str) -> bool:
        """Tell whether all mail addresses of a sentence are somebody else's."""
        mails = emails(sentence)
        return bool(mails) and not any(self._owner.has_mail(mail.key) for mail in mails)

    def _is_late(self, paragraph: Paragraph) -> bool:
        """Tell whether a block is among the last of its post, where a post asks."""
        return paragraph.from_end < max(_LAST_BLOCKS, self._kept[paragraph.post] * _LAST_SHARE)

    def missing(self) -> Iterator[MissingCta]:
        """Yield the posts that ask for nothing, newest first; none on a blog that does not ask."""
        if not self._asks_at_all():
            return
        for post in reversed(range(len(self._corpus))):
            if self.verdicts[post] == "none":
                url = self._corpus.urls[post]
                reason = "no paragraph asks the reader to call, write, book or visit"
                yield MissingCta(mark("m", url), url, reason, self._corpus.published(post))

    def _asks_at_all(self) -> bool:
        """Tell whether the blog is one that asks."""
        return self.verdicts.count("ask") >= (1 if self._owner.phones else _ASKING * len(self._corpus))

    def notes(self) -> Iterator[CtaNote]:
        """Yield the posts that only invite on a blog that asks, then those in which one call to action stands twice.

        Where nobody knows the owner's name, what invites to whom is not told.
        """
        judged = self._asks_at_all() and bool(self._owner.names)
        for post in reversed(range(len(self._corpus))):
            if judged and self.verdicts[post] == "weak":
                url = self._corpus.urls[post]
                reason = "invites, but does not ask to call, write, book or visit"
                yield CtaNote(mark("w", url), "weak", url, self._weak[post], reason)
        for post in sorted(self._places, reverse=True):
            for group, places in sorted(self._places[post].items()):
                if len(places) > 1:
                    url = self._corpus.urls[post]
                    reason = f"the same call to action stands {len(places)} times"
                    yield CtaNote(mark("u", url, str(group)), "doubled", url, places[-1].text, reason)
