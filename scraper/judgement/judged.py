"""Hold a page of a site with what was decided about it alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.model import Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """A page of a site with its verdict and the kinds of places that named it."""

    url: str
    verdict: Verdict
    evidence: tuple[str, ...] = ()
