"""Read what paragraphs say to their reader: the numbers and addresses they give, and what they ask for."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from indexer.audit.appeals import appeal
from indexer.audit.asks import judge
from indexer.audit.incremental.fingerprints import PLAIN, SILENT
from indexer.audit.marks import identify
from scraper.model import Role
from scraper.text.contacts import addresses, emails, phones

if TYPE_CHECKING:
    from indexer.audit.asks import Owner
    from indexer.audit.corpus import Piece
    from indexer.audit.findings import Ask
    from indexer.audit.incremental.dirty import Attention

_CLOSING, _SHORT = 4, 160
"""How many blocks at the end of a post may turn to its reader, and how long one may be that does so elsewhere."""
_ASKING = 0.2
"""The share of posts with a known call from which on a blog asks, if its owner has no phone."""


def telling(attention: Attention) -> list[Piece]:
    """Return the paragraphs with a phone number, an e-mail address or a street, and note those that have none."""
    return attention.sift(PLAIN, lambda piece: any(find(piece.text) for find in (phones, emails, addresses)))


class Voices:
    """Hold what paragraphs ask for. All but `numbers` ask for nothing, and have nothing that a call might have."""

    def __init__(self, attention: Attention, owner: Owner, posts: int) -> None:
        self.owner = owner
        self._asks: dict[int, Ask] = {}
        self._appeals: dict[int, Ask] = {}
        lines = identify("o", *sorted(owner.domains), "", *sorted(owner.phones), "", *sorted(owner.mails))
        attention.expect(SILENT, "owner", lines, *owner.names)
        silent = []

        @cache
        def heard(text: str) -> Ask:
            return judge(text, owner)

        for number in attention.awake(SILENT):
            piece = attention.pieces[number]
            self._asks[number] = heard(piece.text)
            if self._asks[number] == "none":
                self._appeals[number] = _appeals(piece, owner)
                if self._appeals[number] == "none" and piece.block.role != Role.CTA:
                    silent.append(number)
        attention.settle(SILENT, silent)
        self.numbers = sorted({*attention.awake(SILENT), *attention.awake(PLAIN)})
        asking = {attention.pieces[number].post for number, ask in self._asks.items() if ask == "ask"}
        self._blog_asks = bool(owner.phones) or len(asking) >= _ASKING * posts

    def ask(self, number: int) -> Ask:
        """Return how explicitly a paragraph asks its reader to get in touch.

        On a blog that has no number to call and hardly asks, what only appeals is taken for less than elsewhere.
        """
        appeal = self._appeals.get(number)
        if appeal is None:
            return self._asks.get(number, "none")
        return appeal if self._blog_asks else "weak" if appeal == "ask" else "none"


def _appeals(piece: Piece, owner: Owner) -> Ask:
    """Return what a paragraph without a known call appeals for: anything at the end, a request where it is short."""
    closing = piece.from_end < _CLOSING
    if piece.block.heading or not (closing or len(piece.text) <= _SHORT):
        return "none"
    return appeal(piece.text, owner, closing=closing)
