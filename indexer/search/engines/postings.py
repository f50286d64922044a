"""Define what an engine hands over of its index: lists of postings, and where else a plan looks."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from indexer.search.engines.bits import docs_of
from indexer.search.engines.slices import Planes, planes_of
from indexer.search.ranking import FREQUENCIES, K1, LENGTHS, B

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from indexer.search.engine import FilterField, TextField

IMPACTS = 255
"""Into so many parts the most that a term can add is cut."""


class Unbounded(Exception):  # noqa: N818
    """A node's scores are not to be bounded by planes."""


class Postings:
    """The articles of a term as a set of their numbers, with their codes in order."""

    def __init__(self, bits: int, codes: Sequence[int]) -> None:
        self.bits = bits
        self.codes = codes
        self._impacts: tuple[float, int, Planes] = (0.0, 0, [])
        self._asked = False

    @cached_property
    def docs(self) -> list[int]:
        """Return the articles in order."""
        return docs_of(self.bits)

    def asked_again(self) -> bool:
        """Tell whether this was called before."""
        before, self._asked = self._asked, True
        return before

    @cached_property
    def by_doc(self) -> dict[int, int]:
        """Return the codes of the articles."""
        return dict(zip(self.docs, self.codes, strict=True))

    def impacts(self, mean: float, size: int) -> Planes:
        """Return the share that each of so many articles has of the most that the term can add, rounded down to 255ths.

        Remembered for one mean length.
        """
        if self._impacts[:2] != (mean, size):
            shares = shares_of({*self.codes}, norms_of(mean), IMPACTS)
            impacts = {code: int(share) for code, share in shares.items()}
            numbers = bytearray(size)
            for doc, code in zip(self.docs, self.codes, strict=True):
                numbers[doc] = impacts[code]
            self._impacts = mean, size, planes_of(numbers)
        return self._impacts[2]


def norms_of(mean: float) -> list[float]:
    """Return for each length that a code can have what the frequency is weighed against."""
    return [K1 * (1 - B + B * length / mean) for length in LENGTHS]


def shares_of(codes: Iterable[int], norms: Sequence[float], scale: float) -> dict[int, float]:
    """Return for each code which share of the scale it is worth."""
    return {code: scale * (frequency := FREQUENCIES[code >> 8]) / (frequency + norms[code & 255]) for code in codes}


class Index(Protocol):
    """What an engine shows of its index. Articles are numbered by the engine as it likes, from 0; sets are bits."""

    @property
    def articles(self) -> int:
        """Return the number of articles."""

    @property
    def mean_length(self) -> float:
        """Return the mean weighted length of an article."""

    def postings(self, term: str) -> Postings:
        """Return the articles with the term in a field of the article."""

    def titles(self, term: str) -> Postings:
        """Return the articles with the term in their title, with their codes of `title_codes`."""

    def together(self, runs: Sequence[tuple[str, ...]], docs: Sequence[int]) -> Sequence[set[int]]:
        """Return for each run of terms those of the articles in which it stands in a row in one of the fields."""

    def forms(self, docs: Sequence[int]) -> Iterable[tuple[int, bytes]]:
        """Return articles with the `form_codes` of their words."""

    def terms(self, prefix: str) -> Iterable[str]:
        """Return the terms that start so."""

    def places(self, terms: Sequence[str], fields: Sequence[TextField]) -> Iterable[int]:
        """Return the articles in which the terms stand one after the other in one of the fields."""

    def filtered(self, name: FilterField, folded: str) -> int:
        """Return the articles that have the folded value."""

    def values(self, name: FilterField) -> Iterable[tuple[str, int]]:
        """Return the values of a filter field with their articles."""

    def everything(self) -> int:
        """Return all articles."""

    def days(self) -> Sequence[int]:
        """Return the day of publication of each article by its number, as `YYYYMMDD`, 0 for none."""

    def years(self) -> Mapping[int, int]:
        """Return the years with the articles of each."""

    def count(self, term: str) -> int:
        """Return the number of articles with the term."""

    def counts(self, name: FilterField) -> Mapping[str, int]:
        """Return the values of a filter field with their number of articles."""

    def id_of(self, doc: int) -> int:
        """Return the id of an article."""
