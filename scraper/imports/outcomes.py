"""Say what became of what was read, beside pages and failures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass


class RefusedError(Exception):
    """A file can't be taken; the message is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a source holds that was not asked for or is no post; `what` has a phrase with a number for each kind."""

    source: str
    what: tuple[str, ...]


class Tally:
    """Counts what is left out, by kind. A kind is a phrase in which `{s}` stands for the ending of the plural."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._notes: list[str] = []

    def add(self, kind: str, count: int = 1) -> None:
        """Count one more of a kind."""
        self._counts[kind] += count

    def note(self, phrase: str) -> None:
        """Keep a phrase that is no count."""
        self._notes.append(phrase)

    def count(self, kind: str) -> int:
        """Return how many of a kind were left out."""
        return self._counts[kind]

    def outcome(self, source: str) -> LeftOut | None:
        """Return what was counted, the most frequent first; `None` where that is nothing."""
        what = [f"{count:,} {kind.replace('{s}', '' if count == 1 else 's')}" for kind, count in self._ranked()]
        return LeftOut(source, (*what, *self._notes)) if what or self._notes else None

    def _ranked(self) -> list[tuple[str, int]]:
        return [(kind, count) for kind, count in self._counts.most_common() if count > 0]
