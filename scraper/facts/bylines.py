"""Find the author that a page shows its readers: in the byline around the headline, else in elements named for it."""

from __future__ import annotations

import re
from itertools import islice, takewhile
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

from lxml import etree

from scraper.facts import names
from scraper.facts.metawords import NAME_LEADS, PORTRAITS, WRITTEN
from scraper.facts.titles import fold
from scraper.facts.visible import MAX_WALK, Line, Piece, is_elsewhere, is_far, text_of, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.html import HtmlElement

_MAX_BYLINE = 90
_MAX_BOX = 250
"""Characters of a byline, and of a box that holds one with a short portrait; chosen, not measured."""
_BEFORE = -300
_AFTER = 900
"""Characters before and after the headline within which a byline stands; chosen: above it a menu begins, below it an
introduction may come first."""
_SAME_BYLINE = 250
"""Characters within which further names belong to the first byline; chosen: three names with their titles."""
_LINES_BELOW = 4
_PARAGRAPH = 200
"""Characters from which on a line is text of the post: what follows is no byline of it."""
_MAX_LINKS = 12
_MAX_MARKED = 200
_MAX_PARTS = 20
"""Links, marked elements and parts that are looked at; chosen so that a hostile page ends."""
_TOO_LARGE = frozenset({"meta", "link", "body", "html", "article", "main"})
_MARKS = ("author", "byline", "writer", "autor", "auteur")
_PATHS = (
    "/author/",
    "/authors/",
    "/autor/",
    "/auteur/",
    "/autoren/",
    "/autori/",
    "/contributors/",
    "/contributor/",
    "/writers/",
    "/writer/",
    "/columnists/",
    "/people/",
    "/profile/",
    "/profiles/",
    "/producers/",
    "/staff/",
    "/userprofile/",
)
_LABELS = ("/category/", "/categories/", "/tag/", "/tags/", "/topic/", "/topics/", "/kategorie/", "/categorie/")
_BIOGRAPHY_TAGS = ("p", "div", "span", "li", "td", "em", "i")
_BESIDE = frozenset({"title", "label", "heading", "date", "category"})
_NEVER_NAMES = frozenset({"description", "bio", "biography", "role", "job", "position", "credentials"})
_ICONS = frozenset({"person", "user", "users", "author", "avatar", "account", "writer", "byline"})
_ICON_TAGS = frozenset({"i", "svg", "img", "span"})
_BESIDE_POST = frozenset({"sidebar"})
"""The name of what stands beside a post, and may hold its byline."""

_MAX_PORTRAIT_WORDS = 3
"""Words, the name left out, of a label that marks a portrait; chosen."""
_TEXT_TAGS = ("p", "span", "div", "h2", "h3", "h4", "h5", "h6", "small", "em", "i", "strong", "b", "li")
_BETWEEN = frozenset({",", "and", "&", "und", "et", "y", "e", "en", "och", "og", "|", "/", "•", "·", ", and"})

_MARKED = etree.XPath(
    "//*[@itemprop='author' or contains(@rel,'author') or contains(@class,'author') or contains(@class,'Author') or "
    "contains(@class,'byline') or contains(@class,'Byline') or contains(@class,'writer') or "
    "(self::a and (contains(@href,'/author/') or contains(@href,'/authors/')))]"
)


def near_headline(lines: Iterable[Line], language: str) -> tuple[str, ...]:
    """Return the authors named in the lines around the headline; after it before those above it."""
    close = list(_close(lines))
    ordered = [line for line in close if line.distance >= 0] + [line for line in reversed(close) if line.distance < 0]
    for place, line in enumerate(ordered):
        for number, piece in enumerate(line.pieces):
            if found := _named(line.pieces, number, ordered, place, language):
                return found + tuple(name for name in _others(ordered[place:], piece, language) if name not in found)
    return ()


def led(lines: Iterable[Line], language: str) -> tuple[str, ...]:
    """Return whom the first line after the headline that begins with a "by" names: a byline in so many words."""
    for line in _close(lines):
        is_led, rest = names.split_lead(line.text, language)
        if line.distance >= 0 and len(line.text) <= _MAX_BYLINE and is_led and rest:
            return names.clean_shown(rest, language)
    return ()


def credited(lines: Iterable[Line], language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the authors and reviewers that lines around the headline credit; authors only beside a reviewer."""
    authors: list[str] = []
    reviewers: list[str] = []
    for line in _close(lines):
        if len(line.text) <= 2 * _MAX_BYLINE:
            written, reviewed = names.credits(line.text, language)
            authors += written
            reviewers += reviewed
    return (tuple(dict.fromkeys(authors)), tuple(dict.fromkeys(reviewers))) if reviewers else ((), ())


def guests(lines: Iterable[Line], language: str) -> tuple[str, ...]:
    """Return whom the lines after the headline call a guest of the blog."""
    after = (line for line in _close(lines) if line.distance >= 0)
    return next((found for line in after if (found := names.guest(line.text, language))), ())


def corroborated(tree: HtmlElement, lines: Iterable[Line], language: str) -> tuple[str, ...]:
    """Return a name that stands alone between headline and text and that the page uses as a person's somewhere else.

    That is: an image has it as its text, or a text begins with it and goes on in small letters, as biographies do.
    """
    opening = takewhile(lambda line: line.distance < 0 or len(line.text) <= _PARAGRAPH, _close(lines))
    alone = {piece.text: piece for line in opening for piece in line.pieces if _is_alone(piece.text)}
    candidates = [text for text in alone if names.clean_shown(text, language) == (text,)]
    for name in candidates:
        if _is_pictured(alone[name].element, name):
            return (name,)
    first = {name.split()[0] for name in candidates}
    for node in islice(tree.iter(*_BIOGRAPHY_TAGS), MAX_WALK) if first else ():
        text = (node.text or "").lstrip()[: 2 * _MAX_BYLINE]
        if text.split(" ", 1)[0] in first:
            name = next((name for name in candidates if text.startswith(f"{name} ")), "")
            if name and text[len(name) + 1 :][:1].islower():
                return (name,)
    return ()


def _is_alone(text: str) -> bool:
    """Tell whether a text has the length of a person's full name."""
    return len(text) <= _MAX_BYLINE and 2 <= len(text.split()) <= 4


def _is_pictured(element: HtmlElement, name: str) -> bool:
    """Tell whether an image in the small element around a name has the name as its text."""
    node: HtmlElement | None = element
    for _ in range(3):
        if node is None or node.tag in _TOO_LARGE or len(text_of(node)) > _MAX_BOX:
            return False
        if any(_is_portrait(image, name) for image in node.iter("img")):
            return True
        node = node.getparent()
    return False


def _is_portrait(image: HtmlElement, name: str) -> bool:
    """Tell whether an image's text is a name, or no more than that it shows who has the name: `Photo of Ada Long`."""
    before, found, after = (image.get("alt") or "").casefold().partition(name.casefold())
    others = re.findall(r"\w{2,}", f"{before} {after}")
    return bool(found) and all(word in PORTRAITS for word in others[: _MAX_PORTRAIT_WORDS + 1])


def _close(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines near the headline, up to the second paragraph after it."""
    paragraphs = 0
    for line in lines:
        if _BEFORE < line.distance < _AFTER:
            paragraphs += line.distance >= 0 and len(line.text) > _PARAGRAPH
            if paragraphs > 1:
                return
            yield line


def _named(pieces: Sequence[Piece], number: int, ordered: Sequence[Line], place: int, language: str) -> tuple[str, ...]:
    """Return the names that a piece of a line gives, by its words or by its element."""
    text = pieces[number].text
    if len(text) <= _MAX_BYLINE:
        is_led, rest = names.split_lead(text, language)
        if is_led and rest:
            return names.clean_shown(rest, language)
        if is_led:
            return _after_label(pieces[number + 1 :], ordered[place + 1 :], language)
    element = pieces[number].element
    if _leads_to_author(element) and (account := _account(element, text)):
        return (account,)
    return names.clean_shown(text, language) if is_marked(element) and not _is_label_link(element) else ()


def _account(link: HtmlElement, text: str) -> str | None:
    """Return a text that the address of an author's page ends with, letter by letter: `/author/ada-long/`."""
    ending = (link.get("href") or "").partition("?")[0].rstrip("/").rpartition("/")[2]
    return names.whole(text) if len(text) <= _MAX_BYLINE and fold(unquote(ending)) == fold(text) != "" else None


def _is_label_link(element: HtmlElement) -> bool:
    """Say whether an element is a link to a category or tag."""
    link = element if element.tag == "a" else element.getparent()
    if link is None or link.tag != "a":
        return False
    return "tag" in (link.get("rel") or "").split() or any(path in (link.get("href") or "").lower() for path in _LABELS)


def _after_label(rest: Sequence[Piece], following: Sequence[Line], language: str) -> tuple[str, ...]:
    """Return the names after a label such as "Written by": on its line up to what is none, else on the next line."""
    found: list[str] = []
    leads = False
    named = rest or (following[0].pieces[:1] if following else ())
    if named and named[0].element.tag == "a" and not is_marked(named[0].element) and _has_author_link(following):
        return ()
    for piece in named:
        if piece.text.strip() in _BETWEEN:
            continue
        if found and not {*_NEVER_NAMES, *_BESIDE}.isdisjoint(tokens(piece.element)):
            break
        if leads and piece.element.tag == "a" and not _leads_to_author(piece.element):
            break
        leads = leads or _leads_to_author(piece.element)
        people = names.clean_shown(piece.text, language)
        if not people:
            break
        found.extend(people)
        if found and piece.element.tag != "a":
            break
    return tuple(found)


def _has_author_link(lines: Sequence[Line]) -> bool:
    """Tell whether a link in lines close below says by its relation that it leads to the author."""
    pieces = (piece for line in lines[:_LINES_BELOW] for piece in line.pieces)
    return any(piece.element.tag == "a" and "author" in (piece.element.get("rel") or "").split() for piece in pieces)


def _others(lines: Sequence[Line], first: Piece, language: str) -> Iterator[str]:
    """Yield the names in further elements like the first one, in the same byline."""
    if not is_marked(first.element):
        return
    like = (first.element.tag, first.element.get("class"))
    if like[0] != "a" and not like[1]:
        return
    leads = _leads_to_author(first.element)
    for line in lines:
        if line.distance > lines[0].distance + _SAME_BYLINE:
            return
        for piece in line.pieces:
            if (
                piece is not first
                and (piece.element.tag, piece.element.get("class")) == like
                and is_marked(piece.element)
                and _leads_to_author(piece.element) is leads
            ):
                yield from names.clean_shown(piece.text, language)


def _leads_to_author(node: HtmlElement) -> bool:
    return node.tag == "a" and any(path in (node.get("href") or "").lower() for path in _PATHS)


def is_marked(element: HtmlElement) -> bool:
    """Say whether an element or a small one around it is named for an author, or leads to an author's page."""
    named = frozenset(tokens(element))
    if not _NEVER_NAMES.isdisjoint(named) or (not _BESIDE.isdisjoint(named) and named.isdisjoint(_MARKS)):
        return False
    if _has_icon(element):
        return True
    node: HtmlElement | None = element
    for level in range(4):
        if node is None or node.tag in ("body", "article", "main", "html", "section"):
            return False
        if "author" in (node.get("rel") or "") or (node.get("itemprop") or "") == "author":
            return True
        if _leads_to_author(node):
            return True
        name = f"{node.get('class') or ''} {node.get('id') or ''}".lower()
        if any(mark in name for mark in _MARKS):
            return level == 0 or len(text_of(node)) < _MAX_BOX
        node = node.getparent()
    return False


def _has_icon(element: HtmlElement) -> bool:
    """Tell whether a person's icon or picture, an element without text, begins a small element."""
    first = element[0] if len(element) and not (element.text or "").strip() else None
    if first is None or first.tag not in _ICON_TAGS or len(text_of(element)) > _MAX_BYLINE:
        return False
    return not _ICONS.isdisjoint(tokens(first)) and not text_of(first)


def anywhere(tree: HtmlElement, headline: HtmlElement | None, language: str) -> tuple[str, ...]:
    """Return the authors in the page's first element that is named for them and belongs to the post."""
    for node in cast("list[HtmlElement]", _MARKED(tree))[:_MAX_MARKED]:
        if node.tag in _TOO_LARGE or is_far(node) or is_elsewhere(node, headline):
            continue
        shown = text_of(node)
        found = _in_box(node, shown, language) if 0 < len(shown) < _MAX_BOX else _in_portrait(node, language)
        if found:
            return found
    return _led_anywhere(tree, headline, language)


def _led_anywhere(tree: HtmlElement, headline: HtmlElement | None, language: str) -> tuple[str, ...]:
    """Return the names in the first short text that leads them in with more than a "by": "Written by Ada Long"."""
    for node in islice(tree.iter(*_TEXT_TAGS), MAX_WALK):
        text = " ".join((node.text or "")[: 2 * _MAX_BYLINE].split())
        first = text.split(" ", 1)[0].lower().strip(":()")
        found: tuple[str, ...] = ()
        if first in NAME_LEADS and len(text) <= _MAX_BYLINE:
            found = _led(node, text, language)
        elif first in WRITTEN:
            found = names.writer(text, language) or names.writer(text_of(node)[: 2 * _MAX_BYLINE], language)
        if found and not is_elsewhere(node, headline, _BESIDE_POST if _tags_the_page(node) else frozenset()):
            return found
    return ()


def _tags_the_page(node: HtmlElement) -> bool:
    """Tell whether a text goes on with a link that says by its relation that it is a tag or category of this page."""
    link = next(iter(node), None)
    return link is not None and link.tag == "a" and "tag" in (link.get("rel") or "").split()


def _led(node: HtmlElement, text: str, language: str) -> tuple[str, ...]:
    """Return the names that an element's first text leads in: after it, or in the next element where it is a label."""
    is_led, rest = names.split_lead(text, language)
    if not is_led:
        return ()
    rest = rest or text_of(node)[len(text) :]
    following = node.getnext()
    if not rest.strip(" :") and following is not None and len(text_of(following)) <= _MAX_BYLINE:
        rest = text_of(following)
    found = names.clean_shown(rest, language)
    return found if found and not found[0].islower() else ()


def _in_box(node: HtmlElement, shown: str, language: str) -> tuple[str, ...]:
    """Return the names in an element named for an author: what is led in, else its links, else its first text."""
    is_name = _NEVER_NAMES.isdisjoint(tokens(node))
    if len(shown) <= _MAX_BYLINE:
        is_led, rest = names.split_lead(shown, language)
        if (is_led or (is_name and not len(node))) and (found := names.clean_shown(rest, language)):
            return found
    if node.tag == "a" and (account := _account(node, shown)):
        return (account,)
    if found := names.writer(shown, language):
        return found
    links = [link for link in node.iter("a") if not _is_label_link(link)]
    linked = [name for link in links[:_MAX_LINKS] for name in names.clean_shown(text_of(link), language)]
    if linked:
        return tuple(dict.fromkeys(linked)) if len(links) == len(linked) else (linked[0],)
    texts = (part.text for part in _parts(node) if _NEVER_NAMES.isdisjoint(tokens(part)))
    return next((found for text in texts if (found := names.clean_shown(text or "", language))), ())


def _parts(box: HtmlElement) -> list[HtmlElement]:
    return [part for part in islice(box.iter(), _MAX_PARTS) if isinstance(part.tag, str) and part.text]


def _in_portrait(box: HtmlElement, language: str) -> tuple[str, ...]:
    """Return the name in an author's box with a biography, where a picture in the box shows who has this name."""
    for part in _parts(box):
        text = " ".join((part.text or "")[:_MAX_BYLINE].split())
        if _is_alone(text) and names.clean_shown(text, language) == (text,):
            return (text,) if any(_is_portrait(image, text) for image in islice(box.iter("img"), _MAX_LINKS)) else ()
    return ()
