"""Say how a blog is audited, and by which version of the rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.audit.similarity.clusters import SIMILAR

if TYPE_CHECKING:
    from datetime import date

AUDIT_VERSION = "22"
"""Changes with every rule of the audit, so that no survey is kept that these rules would not make."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to audit: the fewest posts of a cluster, the likeness of copies (Jaccard of 2-grams), today's date."""

    min_posts: int = 2
    similar: float = SIMILAR
    today: date | None = None
