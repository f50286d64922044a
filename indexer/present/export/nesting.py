"""Nest the kept blocks of an article in the lists, quotations and tables they stand in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.model import RichBlock

if TYPE_CHECKING:
    from indexer.store.rows import StoredArticle
    from scraper.model import ArticleBlock, Enclosing


@dataclass(frozen=True, slots=True)
class Leaf:
    """A kept block with what it says beyond its text."""

    block: ArticleBlock
    rich: RichBlock

    @property
    def is_flagged(self) -> bool:
        """Tell whether editors pasted the block."""
        return self.block.role not in ("content", "heading")


@dataclass(slots=True)
class Branch:
    """An element with what it holds, in page order. The top of an article has no element."""

    element: Enclosing | None = None
    inside: list[Branch | Leaf] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return the element's name; empty for the top."""
        return self.element.name if self.element else ""

    def only_leaf(self) -> Leaf | None:
        """Return the one block among what the element holds, if it comes first and is no heading."""
        leaves = [each for each in self.inside if isinstance(each, Leaf)]
        alone = len(leaves) == 1 and leaves[0] is self.inside[0] and not leaves[0].block.heading
        return leaves[0] if alone and not leaves[0].rich.images else None


def nested(article: StoredArticle) -> Branch:
    """Return the kept blocks of an article as a tree."""
    said = {each.position: each for each in article.rich}
    top = Branch()
    opened: list[Branch] = []
    for block in article.blocks:
        if not block.kept:
            continue
        rich = said.get(block.position) or RichBlock(block.position)
        same = 0
        while same < min(len(opened), len(rich.within)) and _is_same(opened[same].element, rich.within[same]):
            same += 1
        del opened[same:]
        for element in rich.within[same:]:
            branch = Branch(element)
            (opened[-1] if opened else top).inside.append(branch)
            opened.append(branch)
        (opened[-1] if opened else top).inside.append(Leaf(block, rich))
    return top


def _is_same(one: Enclosing | None, other: Enclosing) -> bool:
    return one is not None and (one.name, one.number) == (other.name, other.number)
