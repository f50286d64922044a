"""Choose the engine of a library: by name, or by its number of posts.

Whoosh is plain Python, and answers a small blog at once; tantivy is compiled, and as fast with many posts.
"""

from __future__ import annotations

from typing import NamedTuple

from indexer import BY_SIZE, CLUSTER, ENGINES

_SMALL, _LARGE = ENGINES
_MOST_OF_SMALL, _LEAST_OF_LARGE = 1000, 800
"""Posts up to which Whoosh is taken, and from which on tantivy is kept: between them a library stays with what it has.
A search of 1,000 posts takes Whoosh 5 to 20 ms, one of 10,000 ten times that."""


class Choice(NamedTuple):
    """The engine of a library, and whether its number of posts chose it."""

    engine: str
    by_size: bool

    @property
    def setting(self) -> str:
        """Return the choice as a library keeps it."""
        return f"{BY_SIZE if self.by_size else 'always'} {self.engine}"

    def for_posts(self, posts: int) -> Choice:
        """Return what is right for so many posts."""
        if not self.by_size:
            return self
        least = _LEAST_OF_LARGE if self.engine == _LARGE else _MOST_OF_SMALL + 1
        return Choice(_LARGE if posts >= least else _SMALL, True)


def choice(asked: str | None, setting: str | None) -> Choice:
    """Return which engine is used for what was asked for now, and what the library keeps.

    What a library of an earlier version keeps, a name alone, may be nobody's choice: the number of posts decides.
    """
    how, _, kept = (setting or "").rpartition(" ")
    if asked is not None and asked != BY_SIZE:
        return Choice(asked, False)
    if kept == CLUSTER and asked is None:
        return Choice(CLUSTER, False)
    return Choice(kept if kept in ENGINES else _SMALL, how != "always" or asked == BY_SIZE)
