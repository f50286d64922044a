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
    """Grow a soup from the branches of an lxml tree that are wanted: block-level elements and their text.

    Inline elements leave their text, and a space where two of them that touch are two things. What ends a block without
    belonging to it stands there as an empty element. White space between block-level elements is left out: it makes
    half of a page's strings.
    """

    def __init__(self, root: HtmlElement, wanted: set[HtmlElement]) -> None:
        super().__init__(multi_valued_attributes=None, string_containers={})
        self.root = root
        self.wanted = wanted
        self.pre = 0
        self.last = ""

    def feed(self, _markup: object) -> None:
        """Hand the elements and texts over: what there was to parse has been parsed."""
        self._grow(self.root)

    def _grow(self, element: HtmlElement) -> None:
        tag = element.tag
        self.pre += tag == "pre"
        self.soup.handle_starttag(tag, None, None, _names(element.attrib))
        self.last = ""
        self._inside(element)
        self.soup.handle_endtag(tag)
        self.last = ""
        self.pre -= tag == "pre"

    def _inside(self, element: HtmlElement) -> None:
        if element.text:
            self._say(element.text)
        touching = ""
        for child in element:
            name = child.tag
            if name in INLINE:
                if is_shown(child):
                    if touching and self.last and not self.pre and needs_space(touching, name, self.last, child.text):
                        self._say(" ")
                    self._inside(child)
                else:
                    name = UNSEEN
            elif name == "br":
                self._say("\n")
                if not self.pre and _is_doubled(child):
                    self._end(name)
            elif child in self.wanted:
                self._grow(child)
            elif name not in SKIPPED:
                self._end(name)
            touching = name
            if child.tail:
                self._say(child.tail)
                touching = ""

    def _say(self, text: str) -> None:
        if self.last or self.pre or not text.isspace():
            self.soup.handle_data(text)
            self.last = text

    def _end(self, name: str) -> None:
        if self.last:
            self.soup.handle_starttag(name, None, None, {})
            self.soup.handle_endtag(name)
            self.last = ""


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
        for node in tag.contents:
            if isinstance(node, Tag):
                self.flush(path)
                if node.contents:
                    self.enter(node, path)
            else:
                self.parts.append(str(node))

    def flush(self, path: tuple[str, ...]) -> None:
        """End the block that is being collected."""
        if self.parts:
            text = clean("".join(self.parts), is_code=self.pre > 0)
            if text:
                self.found.append(Read(text, path))
            self.parts.clear()


def _is_doubled(line_break: HtmlElement) -> bool:
    """Return whether another line break follows, with no text between."""
    if (line_break.tail or "").strip():
        return False
    following = line_break.getnext()
    return following is not None and following.tag == "br"
