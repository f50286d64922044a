"""Read the blocks of an article with BeautifulSoup: their text, and the path of the elements they stand in.

lxml has surveyed the whole page before (`scraper.blocks.outline`), from which the article was chosen. Of the page's
tree only the branches that lead to the article's blocks become a soup: the soup of a whole page costs as much as all
the rest of its extraction.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from bs4 import BeautifulSoup, Tag
from bs4.builder import HTMLTreeBuilder

from scraper.blocks import INLINE, SKIPPED, UNSEEN, clean, is_shown, needs_space, step_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml.html import HtmlElement

    from scraper.blocks import Outline

_NAMING: Final = ("id", "class")


class Read(NamedTuple):
    """The text of a block and the path to it, as `Block` has them."""

    text: str
    path: tuple[str, ...]


def read(page: Outline, kept: Sequence[bool]) -> dict[int, Read]:
    """Return what stands in the kept blocks, by the block's number; also in others that stand in the same elements."""
    held = [0, *accumulate(kept)]
    if not held[-1]:
        return {}
    root = _root(page, held)
    last = page.last[root]
    wanted = {
        element
        for element in range(root, len(page.tags))
        if page.first[element] < last and held[page.last[element]] > held[page.first[element]]
    }
    grower = _Branches(page.elements[root], {page.elements[element] for element in wanted})
    soup = BeautifulSoup("", builder=grower)
    reader = _Reader()
    top = soup.contents[0]
    if isinstance(top, Tag):
        reader.enter(top, page.path(page.parent[root]) if root else None)
    numbers = (block for block in range(page.first[root], last) if page.owner[block] in wanted)
    return dict(zip(numbers, reader.found, strict=True))


def _root(page: Outline, held: Sequence[int]) -> int:
    """Return the deepest element that holds all the kept blocks, above any `pre`; `held` are their running counts."""
    root = 0
    for element, (first, last) in enumerate(zip(page.first, page.last, strict=True)):
        if held[last] - held[first] == held[-1]:
            root = element
    above = root
    while above > 0:
        if page.tags[above] == "pre":
            root = above
        above = page.parent[above]
    return root


class _Branches(HTMLTreeBuilder):
    """Grow a soup from the branches of an lxml tree that are wanted, and from the bare elements beside them.

    White space between block-level elements is left out: it makes half of a page's strings.
    """

    def __init__(self, root: HtmlElement, wanted: set[HtmlElement]) -> None:
        super().__init__(multi_valued_attributes=None, string_containers={})
        self.root = root
        self.wanted = wanted
        self.pre = 0

    def feed(self, _markup: object) -> None:
        """Hand the elements and texts over: what there was to parse has been parsed."""
        self._grow(self.root)

    def _grow(self, element: HtmlElement) -> None:
        soup = self.soup
        tag = element.tag
        is_inline = tag in INLINE
        self.pre += tag == "pre"
        spaced = self.pre > 0
        soup.handle_starttag(tag, None, None, {} if is_inline else _names(element.attrib))
        if (text := element.text) and (is_inline or spaced or not text.isspace()):
            soup.handle_data(text)
        for child in element:
            name = child.tag
            is_inline = name in INLINE
            if (is_inline and is_shown(child)) or child in self.wanted:
                self._grow(child)
            else:
                bare = UNSEEN if is_inline else name
                soup.handle_starttag(bare, None, None, {})
                soup.handle_endtag(bare)
            if (text := child.tail) and (is_inline or spaced or not text.isspace()):
                soup.handle_data(text)
        soup.handle_endtag(tag)
        self.pre -= tag == "pre"


def _names(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name: attributes[name] for name in _NAMING if name in attributes} if attributes else {}


class _Reader:
    """Collect text until a block-level element begins or ends, by the same rules as the survey of the page."""

    __slots__ = ("found", "parts", "pre")

    def __init__(self) -> None:
        self.found: list[Read] = []
        self.parts: list[str] = []
        self.pre = 0

    def enter(self, tag: Tag, above: tuple[str, ...] | None) -> None:
        """Read a block-level element; `above` is the path to its parent, `None` for the body itself."""
        path = () if above is None else (*above, step_of(tag.name, str(tag.get("id", "")), str(tag.get("class", ""))))
        self.pre += tag.name == "pre"
        self.inside(tag, path)
        self.flush(path)
        self.pre -= tag.name == "pre"

    def inside(self, tag: Tag, path: tuple[str, ...]) -> None:
        """Read what stands in an element; `path` is that of the nearest block-level element."""
        parts = self.parts
        touching = ""
        for node in tag.contents:
            if not isinstance(node, Tag):
                parts.append(str(node))
                touching = ""
                continue
            name = node.name
            if name in INLINE:
                if touching and parts and not self.pre and needs_space(touching, name, parts[-1], _first_text(node)):
                    parts.append(" ")
                self.inside(node, path)
            elif name == "br":
                parts.append("\n")
                if not self.pre and _is_doubled(node):
                    self.flush(path)
            elif name not in SKIPPED:
                self.flush(path)
                self.enter(node, path)
            touching = name

    def flush(self, path: tuple[str, ...]) -> None:
        """End the block that is being collected."""
        if self.parts:
            text = clean("".join(self.parts), is_code=self.pre > 0)
            if text:
                self.found.append(Read(text, path))
            self.parts.clear()


def _first_text(tag: Tag) -> str | None:
    first = tag.contents[0] if tag.contents else None
    return None if first is None or isinstance(first, Tag) else str(first)


def _is_doubled(line_break: Tag) -> bool:
    """Return whether another line break follows, with no text between."""
    following = line_break.next_sibling
    if following is not None and not isinstance(following, Tag) and not str(following).strip():
        following = following.next_sibling
    return isinstance(following, Tag) and following.name == "br"
