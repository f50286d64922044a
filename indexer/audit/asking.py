"""Read what paragraphs say to their reader: the numbers and addresses they give, and what they ask for."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from indexer.audit.appeals import appeal
from indexer.audit.asks import judge
from scraper.model import Role
from scraper.text.contacts import addresses, emails, phones

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from indexer.audit.asks import Owner
    from indexer.audit.corpus import Piece
    from indexer.audit.findings import Ask

_CLOSING, _SHORT = 4, 160
"""How many blocks at the end of a post may turn to its reader, and how long one may be that does so elsewhere."""
_ASKING = 0.2
"""The share of posts with a known call from which on a blog asks, if its owner has no phone."""


def gives_contact(piece: Piece) -> bool:
    """Tell whether a paragraph has a phone number, an e-mail address or a street."""
    return any(find(piece.text) for find in (phones, emails, addresses))


class Voices:
    """Hold what paragraphs ask for, given by their numbers; all others ask for nothing.

    `numbers` are those that ask or give a contact, `silent` those that were read and ask for nothing.
    """

    def __init__(
        self, pieces: Sequence[Piece], chosen: Iterable[int], contacts: Iterable[int], owner: Owner, posts: int
    ) -> None:
        self.owner = owner
        self._asks: dict[int, Ask] = {}
        self._appeals: dict[int, Ask] = {}
        self.silent: list[int] = []

        @cache
        def heard(text: str) -> Ask:
            return judge(text, owner)

        for number in chosen:
            piece = pieces[number]
            self._asks[number] = heard(piece.text)
            if self._asks[number] == "none":
                self._appeals[number] = _appeals(piece, owner)
                if self._appeals[number] == "none" and piece.block.role != Role.CTA:
                    self.silent.append(number)
        self.numbers = sorted(self._asks.keys() - set(self.silent) | set(contacts))
        asking = {pieces[number].post for number, ask in self._asks.items() if ask == "ask"}
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
