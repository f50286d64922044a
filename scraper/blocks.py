"""Cut a page into blocks: the runs of text a reader sees as one unit, each with the elements it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from scraper.text.words import word_count

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MATH: Final = (
    *("semantics", "mrow", "mi", "mo", "mn", "mtext", "ms", "mspace", "msup", "msub", "msubsup", "mfrac", "msqrt"),
    *("mroot", "mover", "munder", "munderover", "mstyle", "mpadded", "menclose", "mfenced", "mtable", "mtr", "mtd"),
)
"""Elements of MathML that say what a reader sees of a formula; its annotations say it again for programs."""

INLINE: Final = frozenset(
    (
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "picture",
        "math",
        *MATH,
        "mjx-container",
        "mjx-math",
        "mjx-assistive-mml",
        "slot",
        "img",
        "input",
    )
)
SKIPPED: Final = frozenset(
    (
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "iframe",
        "object",
        "applet",
        "canvas",
        "select",
        "textarea",
        "datalist",
        "head",
        "annotation",
        "annotation-xml",
        "audio",
        "video",
        "embed",
        "map",
        "option",
        "optgroup",
    )
)
UNSEEN: Final = "wbr"
"""The element as which an inline element that is hidden counts: one without a text."""
_FOR_EARS: Final = re.compile(
    r"screen-?reader|screen-only|visually-?hidden|hidden-visually|assistive|a11y-hidden|off-?screen|element-invisible|"
    r"(?:^|[\s_-])(?:sr-?(?:only|text)|for-sr)(?![\w-]*focusable)",
    re.I,
)
"""Classes of what only screen readers say, by the words that frameworks make their names of."""

_CLIPPED: Final = re.compile(
    r"clip(?:-path)?\s*:\s*(?:rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]|inset\(\s*(?:50|100)%)", re.I
)
_SPANS: Final = ("span", "small", "i", "b", "em", "strong", "abbr", "label", "font")
_BOLD: Final = ("b", "strong")
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u2060\ufeff\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
_NO_DISPLAY: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_ID_BREAK: Final = re.compile(r"[\s.#]+")

MAX_BLOCKS: Final = 10_000
"""Blocks of a page that are read; the longest posts measured have 3,000, and each costs some 60 microseconds."""

MAX_ELEMENTS: Final = 200_000
"""Elements of a page that are read."""


@dataclass(slots=True)
class Outline:
    """Hold a page's blocks and elements in flat lists, in page order, so that any subtree is a range of blocks.

    Element `e` holds the blocks `first[e]` to `last[e]` (exclusive); `owner[b]` is the element that block `b` stands
    in. `words` counts words, or `scraper.text.words.DENSE_CHARACTERS_PER_WORD` characters of a script without spaces.
    `headings` has levels, 1-6, or 0.
    """

    elements: list[HtmlElement] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    hidden: list[bool] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    words: list[float] = field(default_factory=list)
    linked: list[float] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    strong: list[float] = field(default_factory=list)
    images: list[int] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)

    def level(self, element: int) -> int:
        """Return the level of the heading that an element is or stands in, 1-6, or 0."""
        for _ in range(3):
            if element < 0:
                break
            if level := _HEADINGS.get(self.tags[element]):
                return level
            element = self.parent[element]
        return 0

    def path(self, element: int) -> tuple[str, ...]:
        """Return the path of an element from below the body down to itself."""
        steps: list[str] = []
        while element > 0:
            steps.append(step(self.elements[element]))
            element = self.parent[element]
        return tuple(reversed(steps))

    def paths(self) -> list[tuple[str, ...]]:
        """Return the path of every element that holds a block, and of those above it; `()` for the others."""
        found: list[tuple[str, ...]] = [()] * len(self.tags)
        for index, parent in enumerate(self.parent):
            if parent >= 0 and self.last[index] > self.first[index]:
                found[index] = (*found[parent], step(self.elements[index]))
        return found


@lru_cache(maxsize=16384)
def _step(tag: str, identifier: str, classes: str) -> str:
    name = f"{tag}#{_ID_BREAK.sub('-', identifier.strip())}" if identifier.strip() else tag
    return ".".join((name, *classes.split()))


def step(element: HtmlElement) -> str:
    """Return one step of a path: `tag#id.class.class`."""
    return step_of(element.tag, element.get("id") or "", element.get("class") or "")


def step_of(tag: str, identifier: str, classes: str) -> str:
    """Return one step of a path of the values of an element."""
    return _step(tag, identifier[:80], classes[:300])


def outline(tree: HtmlElement) -> Outline:
    """Walk a page once. `tree` comes from `scraper.markup.parse`, which bounds its depth."""
    walker = _Walker()
    body = tree.find("body")
    walker.enter(tree if body is None else body, -1, in_link=False, in_strong=False, hidden=False)
    walker.flush(0)
    return walker.page


class _Walker:
    """Collect text until a block-level element begins or ends."""

    __slots__ = ("images", "link_starts", "page", "parts", "pre")

    def __init__(self) -> None:
        self.page = Outline()
        self.parts: list[tuple[str, bool, bool]] = []
        self.link_starts = 0
        self.images = 0
        self.pre = 0

    def enter(self, element: HtmlElement, parent: int, in_link: bool, in_strong: bool, *, hidden: bool) -> None:
        """Walk a block-level element."""
        page = self.page
        index = len(page.tags)
        if index >= MAX_ELEMENTS or len(page.texts) >= MAX_BLOCKS:
            return
        tag = element.tag
        hidden = hidden or is_hidden(element)
        page.elements.append(element)
        page.tags.append(tag)
        page.parent.append(parent)
        page.first.append(len(page.texts))
        page.last.append(0)
        page.hidden.append(hidden)
        if tag == "pre":
            self.pre += 1
        self.inside(element, index, in_link, in_strong, hidden=hidden)
        self.flush(index)
        if tag == "pre":
            self.pre -= 1
        page.last[index] = len(page.texts)

    def inside(self, element: HtmlElement, index: int, in_link: bool, in_strong: bool, *, hidden: bool) -> None:
        """Walk what stands in an element whose nearest block-level element is `index`."""
        parts = self.parts
        if element.text:
            parts.append((element.text, in_link, in_strong))
        touching = ""
        for child in element:
            tag = child.tag
            if tag == "img":
                self.images += 1
            elif tag in INLINE:
                if tag == "a":
                    self.link_starts += 1
                if is_shown(child):
                    if touching and parts and not self.pre and needs_space(touching, tag, parts[-1][0], child.text):
                        parts.append((" ", False, False))
                    linked, bold = in_link or tag == "a", in_strong or tag in _BOLD
                    self.inside(child, index, linked, bold, hidden=hidden)
                else:
                    tag = UNSEEN
            elif tag == "br":
                parts.append(("\n", False, False))
                if not self.pre and is_doubled(child):
                    self.flush(index)
            elif tag not in SKIPPED:
                self.flush(index)
                self.enter(child, index, in_link, in_strong, hidden=hidden)
            touching = tag
            if child.tail:
                parts.append((child.tail, in_link, in_strong))
                touching = ""

    def flush(self, index: int) -> None:
        """End the block that is being collected."""
        parts = self.parts
        if not parts:
            return
        text = clean("".join([part[0] for part in parts]), is_code=self.pre > 0)
        if text:
            page = self.page
            page.texts.append(text)
            page.owner.append(index)
            page.words.append(word_count(text))
            total = len(text)
            page.linked.append(min(1.0, sum([len(p.strip()) for p, link, _ in parts if link]) / total))
            page.strong.append(min(1.0, sum([len(p.strip()) for p, _, strong in parts if strong]) / total))
            page.links.append(self.link_starts)
            page.images.append(self.images)
            page.headings.append(page.level(index))
            self.link_starts = 0
            self.images = 0
        parts.clear()


def is_doubled(line_break: HtmlElement) -> bool:
    """Return whether another line break follows, with no text between."""
    if (line_break.tail or "").strip():
        return False
    following = line_break.getnext()
    return following is not None and following.tag == "br"


def without_invisible(text: str) -> str:
    """Return the text without soft hyphens, characters of no width and control characters."""
    return text if text.isascii() and text.isprintable() else _INVISIBLE.sub("", text)


def needs_space(before: str, tag: str, left: str, right: str | None) -> bool:
    """Return whether two inline elements that touch are two things: two links, or a word's end and a capital."""
    if before == tag == "a":
        return True
    return bool(right) and left[-1:].islower() and str(right)[0].isupper() and tag != "code"


def clean(raw: str, *, is_code: bool) -> str:
    """Return the text of a block with single spaces, code with its lines; `""` where it has no letter or digit."""
    text = (_INVISIBLE.sub("", raw).strip("\n\r") if is_code else " ".join(raw.split())).rstrip()
    if text and not text.isascii():
        text = _INVISIBLE.sub("", text)
    return text if any(map(str.isalnum, text)) else ""


def is_shown(element: HtmlElement) -> bool:
    """Return whether an inline element can have text that a reader sees."""
    return element.tag != "input" and not is_hidden(element) and not is_for_screen_readers(element)


def is_for_screen_readers(element: HtmlElement) -> bool:
    """Return whether a part of a line is hidden from eyes, such as "opens in a new tab" in a link."""
    if element.tag not in _SPANS or not len(element.attrib):
        return False
    return _is_for_ears(element.get("class") or "", element.get("style") or "")


@lru_cache(maxsize=4096)
def _is_for_ears(classes: str, style: str) -> bool:
    return bool(_FOR_EARS.search(classes) or _CLIPPED.search(style))


def is_hidden(element: HtmlElement) -> bool:
    """Return whether an element's own attributes hide it."""
    if not len(element.attrib):
        return False
    style = element.get("style")
    if style and _NO_DISPLAY.search(style):
        return True
    return element.get("aria-hidden") == "true" or element.get("hidden") is not None
