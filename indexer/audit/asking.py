"""Read what paragraphs say to their reader: the numbers and addresses they give, and what they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.audit.corpus import numbers_of
from scraper.model import Role
from scraper.text.contacts import addresses, emails
from scraper.text.requests import NOTHING, Place, Request, request_in, says_who_or_what

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from indexer.audit.corpus import Paragraph
    from indexer.audit.findings import Ask
    from scraper.text.owner import Owner
    from scraper.text.requests import Kind

_SURE = 2.5
"""Log-odds from which an invitation needs no evidence: ten of the twelve sentences that were taken for one on two real
blogs, most of them wrongly, have less; of the 196 invitations found among the labelled real paragraphs, which the
classifier was trained on, five of six have more, or have evidence."""
_ASKS: dict[Kind, Ask] = {"ask": "ask", "invitation": "weak", "none": "none"}


def gives_contact(paragraph: Paragraph) -> bool:
    """Tell whether a paragraph has a phone number, an e-mail address or a street."""
    return bool(numbers_of(paragraph)) or any(find(paragraph.text) for find in (emails, addresses))


def _read(paragraph: Paragraph, owner: Owner) -> Request:
    """Return what a paragraph asks for; an invitation without evidence, of which the classifier is unsure, is none."""
    found = request_in(paragraph.text, owner, Place(paragraph.from_end, bool(paragraph.block.heading)))
    if found.kind == "invitation" and found.odds < _SURE and not says_who_or_what(found, owner):
        return NOTHING
    return found


class Requests:
    """Hold the requests of paragraphs, by their numbers; all others ask for nothing.

    `numbers` are those that ask or give a contact, `without` those that were read and ask for nothing.
    """

    def __init__(
        self, paragraphs: Sequence[Paragraph], chosen: Iterable[int], contacts: Iterable[int], owner: Owner
    ) -> None:
        self.owner = owner
        self._requests: dict[int, Request] = {}
        self.without: list[int] = []
        read: list[int] = []
        for number in chosen:
            paragraph = paragraphs[number]
            found = _read(paragraph, owner)
            if found.kind != "none":
                self._requests[number] = found
            elif paragraph.block.role != Role.CTA:
                self.without.append(number)
            read.append(number)
        self.numbers = sorted(set(read).difference(self.without).union(contacts))

    def ask(self, number: int) -> Ask:
        """Return how explicitly a paragraph asks its reader to get in touch."""
        return _ASKS[self._requests.get(number, NOTHING).kind]

    def sentence(self, number: int) -> str:
        """Return the sentence by which a paragraph asks or invites, "" of one that does neither."""
        return self._requests.get(number, NOTHING).sentence
