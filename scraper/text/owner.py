"""Hold what is the blog owner's own, to tell it from what is somebody else's in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from scraper.text.contacts import area, digits

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHORTEST_LABEL: Final = 5
"""Letters of a host's label that stands for the owner; chosen: shorter ones are words or initials of others."""


@dataclass(frozen=True)
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
        return area(digits(written)) in self._areas

    def has_mail(self, written: str) -> bool:
        """Tell whether a mail address is the owner's; any is where no domain is known."""
        address = written.rstrip(".")
        return not self.domains or address in self.mails or address.rpartition("@")[2] in self.domains

    @cached_property
    def _areas(self) -> frozenset[str]:
        return frozenset(map(area, self.phones))

    def may_be_named(self, plain: str) -> bool:
        """Tell at a glance whether a text in lower case may name the owner."""
        if any(name in plain for name in self.names):
            return True
        return bool(self._beginnings) and any(start in plain.replace(" ", "") for start in self._beginnings)

    @cached_property
    def _beginnings(self) -> tuple[str, ...]:
        labels = [_label(domain) for domain in sorted(self.domains)]
        return tuple(label[: _least(label)] for label in labels if len(label) >= _SHORTEST_LABEL)

    @cached_property
    def named(self) -> re.Pattern[str] | None:
        """Return what finds the owner in a text in lower case: by a name, or by words that spell a domain's label."""
        names = [re.escape(name) for name in sorted(self.names, key=len, reverse=True) if name]
        spelt = [_spelt(label) for domain in sorted(self.domains) if len(label := _label(domain)) >= _SHORTEST_LABEL]
        return re.compile(rf"(?<!\w)(?:{'|'.join((*names, *spelt))})(?!\w)") if names or spelt else None


def _label(domain: str) -> str:
    """Return the label of a domain that names somebody: its longest."""
    return max(domain.removeprefix("www.").split("."), key=len).replace("-", "")


def _least(label: str) -> int:
    return max(_SHORTEST_LABEL, -(-len(label) * 6 // 10))


def _spelt(label: str) -> str:
    """Return a pattern for words that spell a label, or at least six of ten letters of it."""
    least = _least(label)
    pattern = ""
    for sign in reversed(label[least:]):
        pattern = rf"(?:[\W_]?{sign}{pattern})?"
    return r"[\W_]?".join(label[:least]) + pattern


def names_of(words: Iterable[str]) -> tuple[str, ...]:
    """Return names as an owner holds them."""
    return tuple(dict.fromkeys(" ".join(word.lower().split()) for word in words if word.strip()))
