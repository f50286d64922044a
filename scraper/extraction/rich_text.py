"""Make the rich text of an article: what its kept blocks say beyond their words, as clean HTML.

lxml has surveyed the whole page (`scraper.blocks.outline`), from which the article was chosen. Only the branches that
lead to kept blocks are walked again, and BeautifulSoup builds a small tree of each block that has links, emphasis or
code: a soup of the whole page costs as much as all the rest of its extraction. What comes out has no attribute but
addresses that may stand in a link, and no element but those of `INLINE_HTML`.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from scraper.blocks import INLINE, SKIPPED, UNSEEN, clean, is_doubled, is_shown, needs_space, without_invisible
from scraper.model import Enclosing, RichBlock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from scraper.blocks import Outline

INLINE_HTML: Final = {
    **dict.fromkeys(("strong", "b"), "strong"),
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), "em"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
    **dict.fromkeys(("del", "s", "strike"), "del"),
    **{name: name for name in ("a", "sub", "sup", "mark")},
}
"""Inline elements that are kept, and the element each becomes; the text of all others is kept without them."""

ENCLOSING: Final = frozenset(
    (
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "table",
        "caption",
        "tr",
        "th",
        "td",
        "figure",
        "figcaption",
    )
)
"""Elements around blocks that mean something to a reader."""

SCHEMES: Final = ("http", "https", "mailto", "tel")
"""What a link may lead to: nothing that runs."""

LONGEST_ADDRESS: Final = 2_000
"""Characters of an address that is kept; sitemaps allow 2,048, and browsers agree on little more."""

LONGEST_ALTERNATIVE: Final = 300
"""Characters of an image's text that is kept: accessibility guides ask for some 125; longer ones are keyword lists."""

_SPACE: Final = re.compile(r"\s+")
_ADDRESS_NOISE: Final = re.compile(r"[\x00-\x20\x7f]+")
_FILE_NAME: Final = re.compile(r"[\w .%()+-]*\.(?:jpe?g|png|gif|webp|svg|avif|bmp|tiff?)", re.I)
_BREAK: Final = "br"
_IMAGE: Final = "img"
_WIDEST: Final = 100
"""Columns and rows that a cell may span; chosen: a hostile table stays small."""


class _Inline(NamedTuple):
    """An inline element that is kept: the element it becomes, and the address of a link."""

    name: str
    href: str = ""


class _Said(NamedTuple):
    """A piece of a block: its text, or what stands in place of text, inside which inline elements."""

    text: str
    inside: tuple[_Inline, ...]
    kind: str = ""


def rich_text(page: Outline, kept: Sequence[bool], base: str) -> tuple[RichBlock, ...]:
    """Return the kept blocks that say more than their text, in page order. `base` is what addresses are relative to.

    The others are plain paragraphs and headings.
    """
    held = [0, *accumulate(kept)]
    if not held[-1]:
        return ()
    root = _root(page, held)
    wanted = {
        element
        for element in range(root, len(page.tags))
        if page.first[element] < page.last[root] and held[page.last[element]] > held[page.first[element]]
    }
    numbers = (block for block in range(page.first[root], page.last[root]) if page.owner[block] in wanted)
    walker = _Walker({page.elements[element] for element in wanted}, numbers, kept, base)
    walker.enter(page.elements[root])
    around = _Enclosures(page, kept)
    blocks: list[RichBlock] = []
    for number in range(page.first[root], page.last[root]):
        if not kept[number]:
            continue
        within = around.of_block(number)
        found = walker.found.get(number)
        images = walker.images.get(number, ())
        html = walker.html(found, is_heading=page.headings[number] > 0) if found else ""
        if within or html or images:
            blocks.append(RichBlock(number, within, html, images))
    return tuple(blocks)


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


class _Walker:
    """Collect what is said until a block-level element begins or ends, by the same rules as the survey of the page."""

    def __init__(self, wanted: set[HtmlElement], numbers: Iterator[int], kept: Sequence[bool], base: str) -> None:
        self.found: dict[int, list[_Said]] = {}
        self.images: dict[int, tuple[str, ...]] = {}
        self._wanted = wanted
        self._numbers = numbers
        self._kept = kept
        self._base = base
        self._soup = BeautifulSoup("", "html.parser")
        self._said: list[_Said] = []
        self._inside: tuple[_Inline, ...] = ()
        self._alone: list[str] = []
        self._pre = 0

    def enter(self, element: HtmlElement) -> None:
        """Walk a block-level element."""
        self._pre += element.tag == "pre"
        self._walk(element)
        self._flush()
        self._pre -= element.tag == "pre"

    def _walk(self, element: HtmlElement) -> None:
        if element.text:
            self._say(element.text)
        touching = ""
        for child in element:
            name = child.tag
            if name == _IMAGE:
                self._show(child)
            elif name in INLINE:
                if is_shown(child):
                    left = self._said[-1].text if self._said and not self._pre else ""
                    if touching and left and needs_space(touching, name, left, child.text):
                        self._say(" ")
                    self._walk_inline(child)
                else:
                    name = UNSEEN
            elif name == _BREAK:
                self._said.append(_Said("\n", self._inside, _BREAK))
                if not self._pre and is_doubled(child):
                    self._flush()
            elif child in self._wanted:
                self._flush()
                self.enter(child)
            elif name not in SKIPPED:
                self._flush()
                self._show_alone(child)
            touching = name
            if child.tail:
                self._say(child.tail)
                touching = ""

    def _show_alone(self, element: HtmlElement) -> None:
        """Show the images of an element without kept blocks, if it has no text at all."""
        images = list(element.iter(_IMAGE))
        if images and not any(map(str.isalnum, "".join(element.itertext()))):
            for image in images:
                self._show(image)

    def _walk_inline(self, element: HtmlElement) -> None:
        outside = self._inside
        name = INLINE_HTML.get(element.tag)
        if name == "a":
            href = address(element.get("href"), self._base)
            if href and all(inline.name != "a" for inline in outside):
                self._inside = (*outside, _Inline("a", href))
        elif name and all(inline.name != name for inline in outside):
            self._inside = (*outside, _Inline(name))
        self._walk(element)
        self._inside = outside

    def _say(self, text: str) -> None:
        self._said.append(_Said(text, self._inside))

    def _show(self, image: HtmlElement) -> None:
        text = alternative(image.get("alt"))
        if text and not self._pre:
            self._said.append(_Said(text, self._inside, _IMAGE))

    def _flush(self) -> None:
        """End the block that is being collected."""
        said, self._said = self._said, []
        if not said:
            return
        words = "".join([each.text for each in said if each.kind != _IMAGE])
        if not clean(words, is_code=self._pre > 0):
            self._alone += [each.text for each in said if each.kind == _IMAGE]
            return
        number = next(self._numbers)
        alone, self._alone = self._alone, []
        if not self._kept[number]:
            return
        if alone:
            self.images[number] = tuple(dict.fromkeys(alone))
        if not self._pre and any(each.inside or each.kind for each in said):
            self.found[number] = said

    def html(self, said: Sequence[_Said], *, is_heading: bool) -> str:
        """Return the HTML of a block's pieces; empty where it is the block's text and no more."""
        top = self._soup.new_tag("p")
        grown: list[tuple[_Inline, Tag]] = []
        has_more = False
        for piece in _trimmed(said):
            inside = [inline for inline in piece.inside if not (is_heading and inline.name == "strong")]
            same = 0
            while same < min(len(grown), len(inside)) and grown[same][0] == inside[same]:
                same += 1
            del grown[same:]
            for inline in inside[same:]:
                tag = self._soup.new_tag(inline.name, attrs={"href": inline.href} if inline.href else None)
                (grown[-1][1] if grown else top).append(tag)
                grown.append((inline, tag))
            has_more = has_more or bool(inside) or bool(piece.kind)
            into = grown[-1][1] if grown else top
            if piece.kind == _BREAK:
                into.append(self._soup.new_tag("br"))
            elif piece.kind == _IMAGE:
                shown = self._soup.new_tag("span", attrs={"class": "image"})
                shown.append(piece.text)
                into.append(shown)
            else:
                into.append(piece.text)
        return top.decode_contents() if has_more else ""


def _trimmed(said: Sequence[_Said]) -> list[_Said]:
    """Return the pieces with single spaces between words, none at either end and none beside a line break."""
    pieces: list[_Said] = []
    spaced = True
    for piece in said:
        if piece.kind == _BREAK:
            if pieces:
                _strip_end(pieces)
                pieces.append(piece)
            spaced = True
            continue
        text = _SPACE.sub(" ", without_invisible(piece.text))
        text = text[1:] if spaced and text[:1] == " " else text
        if text:
            pieces.append(piece._replace(text=text))
            spaced = text[-1] == " "
    while pieces and pieces[-1].kind == _BREAK:
        pieces.pop()
    _strip_end(pieces)
    return pieces


def _strip_end(pieces: list[_Said]) -> None:
    if pieces and not pieces[-1].kind and pieces[-1].text.endswith(" "):
        text = pieces.pop()
        if text.text != " ":
            pieces.append(text._replace(text=text.text[:-1]))


def address(href: str | None, base: str) -> str:
    """Return an absolute address that may stand in a link; empty for one that leads nowhere else, or that runs.

    Imported files without an address have one that ends in `.invalid` (RFC 2606), where relative links lead to nothing.
    """
    wished = _ADDRESS_NOISE.sub("", href or "")
    if not wished or wished.startswith("#"):
        return ""
    try:
        absolute = urljoin(base, wished)
        scheme, host = urlsplit(absolute)[:2]
    except ValueError:
        return ""
    leads_nowhere = host.endswith(".invalid") or (scheme.startswith("http") and not host)
    return "" if leads_nowhere or scheme.lower() not in SCHEMES or len(absolute) > LONGEST_ADDRESS else absolute


def alternative(text: str | None) -> str:
    """Return an image's text; empty for one that says nothing, such as a file's name."""
    plain = " ".join(without_invisible(text or "").split())
    if not any(map(str.isalpha, plain)) or len(plain) > LONGEST_ALTERNATIVE or _FILE_NAME.fullmatch(plain):
        return ""
    return plain


def base_of(tree: HtmlElement, url: str) -> str:
    """Return what a page's addresses are relative to (HTML, section 4.2.3, the base element)."""
    named = tree.find("head/base")
    return address(named.get("href"), url) or url if named is not None else url


class _Enclosures:
    """Say in which lists, quotations and tables blocks stand, nested as HTML allows it."""

    def __init__(self, page: Outline, kept: Sequence[bool]) -> None:
        self._page = page
        self._kept = kept
        self._known: dict[int, tuple[Enclosing, ...]] = {-1: ()}

    def of_block(self, block: int) -> tuple[Enclosing, ...]:
        """Return what a block stands in, outermost first."""
        within = self._of_element(self._page.owner[block])
        last = within[-1].name if within else ""
        if last in ("ul", "ol"):
            return (*within, Enclosing("li", -block))
        if last == "dl":
            return (*within, Enclosing("dd", -block))
        while within and within[-1].name in ("table", "tr"):
            within = within[:-1]
        return within

    def _of_element(self, element: int) -> tuple[Enclosing, ...]:
        if element not in self._known:
            self._known[element] = self._joined(self._of_element(self._page.parent[element]), element)
        return self._known[element]

    def _joined(self, outer: tuple[Enclosing, ...], element: int) -> tuple[Enclosing, ...]:
        """Return what an element adds to what it stands in."""
        name = self._page.tags[element]
        if name not in ENCLOSING:
            return outer
        last = outer[-1].name if outer else ""
        if last == "pre" or (name in _ONLY_IN and last not in _ONLY_IN[name] and name not in _SUPPLIED):
            return outer
        if name in _SUPPLIED and last not in _ONLY_IN[name]:
            outer = (*outer, Enclosing(_SUPPLIED[name], self._page.parent[element]))
        elif last in _HOLDS and name not in _HOLDS[last][0]:
            if not _HOLDS[last][1]:
                return outer
            outer = (*outer, Enclosing(_HOLDS[last][1], element))
        if name == "table" and self._is_layout(element):
            return outer
        own = self._page.elements[element]
        if name in ("td", "th"):
            columns, rows = _span(own.get("colspan")), _span(own.get("rowspan"))
            return (*outer, Enclosing(name, element, columns, rows, self._blank_before(own)))
        return (*outer, Enclosing(name, element))

    def _blank_before(self, cell: HtmlElement) -> int:
        """Return how many cells without a text stand between a cell and the one before it that has one."""
        blank = 0
        for before in cell.itersiblings("td", "th", preceding=True):
            if any(map(str.isalnum, "".join(before.itertext()))):
                break
            blank += 1
        return min(blank, _WIDEST)

    def _is_layout(self, table: int) -> bool:
        """Return whether a table arranges a page instead of showing data: it holds headings or tables, or one cell."""
        page = self._page
        blocks = [block for block in range(page.first[table], page.last[table]) if self._kept[block]]
        if any(page.headings[block] for block in blocks):
            return True
        cells = set()
        for block in blocks:
            element, seen = page.owner[block], False
            while element > table:
                if page.tags[element] == "table":
                    return True
                if page.tags[element] in ("td", "th") and not seen:
                    cells.add(element)
                    seen = True
                element = page.parent[element]
        return len(cells) < 2


_ONLY_IN: Final = {
    "li": ("ul", "ol"),
    "dt": ("dl",),
    "dd": ("dl",),
    "tr": ("table",),
    "td": ("tr",),
    "th": ("tr",),
    "caption": ("table",),
    "figcaption": ("figure",),
}
_SUPPLIED: Final = {"li": "ul", "dt": "dl", "dd": "dl"}
"""Parents that are put around an element that lacks its own."""

_HOLDS: Final = {
    **dict.fromkeys(("ul", "ol"), (("li",), "li")),
    "dl": (("dt", "dd"), "dd"),
    "table": (("tr", "caption"), ""),
    "tr": (("td", "th"), ""),
}
"""What an element may hold, and what is put between it and anything else; nothing: the other is left out."""


def _span(text: str | None) -> int:
    """Return how many columns or rows a cell takes, 1 to 100."""
    return min(max(int(text), 1), _WIDEST) if text and text.isascii() and text.isdigit() and len(text) < 4 else 1
