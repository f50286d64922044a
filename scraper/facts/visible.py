"""Read a page as a person sees it around its headline: lines of text with the elements that hold them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from scraper.facts.titles import fold
from scraper.text.lexicon import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_UNSEEN = word_set("script style noscript template svg head iframe object select option textarea")
_INLINE = word_set("a span b strong em i u small font abbr cite label sub sup time mark bdi img s q code wbr ins")
_SKIPPED = frozenset({"nav", "form", "blockquote"})
_FAR = word_set(
    """
    comment comments commentlist respond reply replies related recommended recommendations sidebar disqus breadcrumb
    breadcrumbs menu toc cookie teaser teasers
    """
)
_FAR_NAMES = word_set("widget widget-area widgets tagcloud")
_TOKEN = re.compile(r"[a-z]+|[A-Z][a-z]*")
_MAX_TEXT = 2_000
_MAX_TEASER_PARAGRAPHS = 3
_STEPS_BEFORE = 60
_MAX_STEPS = 900
_CHARS_AFTER = 1_200
_MAX_HEADLINE = 300
_MAX_HEADINGS = 300
MAX_WALK = 20_000
"""Elements of a page that are looked at for one field; the longest posts measured have half as many."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text and the element it stands in."""

    text: str
    element: HtmlElement


@dataclass(frozen=True, slots=True)
class Line:
    """The pieces between two line breaks. `distance` is how many characters from the headline; before it < 0."""

    pieces: tuple[Piece, ...]
    distance: int

    @property
    def text(self) -> str:
        """Return the pieces' text with single spaces."""
        return " ".join(piece.text for piece in self.pieces)


def tokens(element: HtmlElement) -> list[str]:
    """Return the words in an element's class, id and itemprop: `EntryMeta byline_2` gives entry, meta, byline."""
    names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"[:400]
    return [word.lower() for word in _TOKEN.findall(names)]


def is_far(element: HtmlElement, but: frozenset[str] = frozenset()) -> bool:
    """Say whether an element's names call it comments, teasers, a menu or the like: nothing of the post's own.

    The names in `but` don't count.
    """
    return not (_FAR - but).isdisjoint(tokens(element)) or not _FAR_NAMES.isdisjoint(
        (element.get("class") or "").split()
    )


def is_elsewhere(node: HtmlElement, headline: HtmlElement | None, but: frozenset[str] = frozenset()) -> bool:
    """Say whether a node stands in what is another thing than the post under `headline`: comments, teasers, menus.

    What is named by a word of `but` alone counts as the post's own.
    """
    around = frozenset(headline.iterancestors()) if headline is not None else frozenset()
    for above in node.iterancestors():
        if above in around:
            return False
        if above.tag == "blockquote" or (above.tag in ("article", "nav") and around):
            return True
        if above.tag not in ("html", "body") and is_far(above, but):
            return True
    return False


def is_teaser(node: HtmlElement) -> bool:
    """Say whether an element is a short `article` whose first heading leads to another page."""
    if (
        node.tag != "article"
        or sum(1 for _ in islice(node.iter("p"), _MAX_TEASER_PARAGRAPHS + 1)) > _MAX_TEASER_PARAGRAPHS
    ):
        return False
    heading = next(node.iter("h1", "h2", "h3", "h4", "h5"), None)
    if heading is None:
        return False
    links = [*heading.iter("a"), *heading.iterancestors("a")]
    return any((link.get("href") or "#")[:1] != "#" for link in links[:3])


def text_of(element: HtmlElement) -> str:
    """Return what an element shows, with single spaces, at most some 2,000 characters."""
    found: list[str] = []
    length = 0
    for text, _ in _runs(element, skip_far=False):
        found.append(text)
        length += len(text)
        if length > _MAX_TEXT:
            break
    return " ".join("".join(found).split())


def _runs(top: HtmlElement, skip_far: bool) -> Iterator[tuple[str, HtmlElement | None]]:
    """Yield the texts below `top` with their elements, and `("\\n", None)` where a line breaks."""
    stack: list[tuple[HtmlElement, bool]] = [(top, True)]
    while stack:
        node, is_entered = stack.pop()
        breaks = isinstance(node.tag, str) and node.tag not in _INLINE
        if is_entered and _is_seen(node, skip_far and node is not top):
            if breaks:
                yield "\n", None
            if node.text:
                yield node.text, node
            stack.append((node, False))
            stack.extend((child, True) for child in reversed(node))
            continue
        if breaks:
            yield "\n", None
        if node is not top and node.tail:
            yield node.tail, node.getparent()


def _is_seen(node: HtmlElement, skip_far: bool) -> bool:
    if not isinstance(node.tag, str) or node.tag in _UNSEEN:
        return False
    if not skip_far:
        return True
    if node.tag == "footer" and not any(above.tag in ("article", "header") for above in node.iterancestors()):
        return False
    return node.tag not in _SKIPPED and not is_far(node) and not is_teaser(node)


def find_headline(tree: HtmlElement, title: str) -> HtmlElement | None:
    """Return the element that shows the title: a heading that has it, else the first element with just these words."""
    name = fold(title)
    if not name:
        return None
    for tags in (("h1",), ("h2", "h3", "h4")):
        for node in islice(tree.iter(*tags), _MAX_HEADINGS):
            shown = fold(text_of(node))
            if shown and (shown == name or (len(shown) > 9 and (name.startswith(shown) or shown.startswith(name)))):
                return node
    start = name[:8]
    for node in islice(tree.iter("div", "p", "span", "td", "b", "strong", "font", "h5", "legend", "a"), MAX_WALK):
        text = node.text
        if text and len(text) < _MAX_HEADLINE and fold(text[:60]).startswith(start) and fold(text) == name:
            return node
    return None


def lines_near(headline: HtmlElement | None) -> list[Line]:
    """Return the lines shortly before and after a headline, in page order, without it; menus and comments left out."""
    if headline is None:
        return []
    before: list[Line] = []
    after: list[Line] = []
    for pieces, is_after in _lines(headline):
        if is_after:
            distance = after[-1].distance + len(after[-1].text) if after else 0
            after.append(Line(pieces, distance))
            if distance > _CHARS_AFTER:
                break
        else:
            before.append(Line(pieces, 0))
    distance = 0
    for place in range(len(before) - 1, -1, -1):
        distance -= len(before[place].text)
        before[place] = Line(before[place].pieces, distance)
    return before + after


def _lines(headline: HtmlElement) -> Iterator[tuple[tuple[Piece, ...], bool]]:
    is_after = False
    pieces: list[Piece] = []
    for step, (text, element) in enumerate(_onward(_back(headline), headline)):
        if element is headline and not text:
            if pieces:
                yield tuple(pieces), is_after
            pieces, is_after = [], True
        elif element is None:
            if pieces:
                yield tuple(pieces), is_after
            pieces = []
        elif shown := " ".join(text[:_MAX_TEXT].split()):
            pieces.append(Piece(shown, element))
        if step > _MAX_STEPS:
            break
    if pieces:
        yield tuple(pieces), is_after


def _back(headline: HtmlElement) -> HtmlElement:
    """Return the element some steps before the headline in page order."""
    node = headline
    for _ in range(_STEPS_BEFORE):
        previous = node.getprevious()
        if previous is None:
            previous = node.getparent()
            if previous is None or previous.tag in ("body", "html"):
                return node
        else:
            while len(previous):
                previous = previous[-1]
        node = previous
    return node


def _onward(start: HtmlElement, headline: HtmlElement) -> Iterator[tuple[str, HtmlElement | None]]:
    """Yield the runs from `start` to the end of the page; the headline itself as one empty text."""
    around = frozenset(headline.iterancestors())
    node = start
    while True:
        if node in around:
            yield "\n", None
            if node.text:
                yield node.text, node
            node = node[0]
            continue
        if node is headline:
            yield "", headline
        elif _is_seen(node, skip_far=True):
            yield from _runs(node, skip_far=True)
        while True:
            parent = node.getparent()
            if node.tail and parent is not None:
                yield node.tail, parent
            following = node.getnext()
            if following is not None:
                node = following
                break
            if parent is None or parent.tag in ("body", "html"):
                return
            if parent.tag not in _INLINE:
                yield "\n", None
            node = parent
