"""Put the text of a post that a page carries as data into the page, where its markup has no post."""

from __future__ import annotations

import html
from copy import deepcopy
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from lxml import etree

from scraper import markup
from scraper.embedded import owner, sources
from scraper.embedded.richtext import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from scraper.embedded.owner import Body
    from scraper.model import Page

ENOUGH_WORDS: Final = 200
"""Words of running text in the markup from which the post is taken to stand there, and no data is read."""

_LEAST_TITLE: Final = 6
_EMPTY_WORDS: Final = 5
_LEAST_GAIN: Final = 1.5
_MOST_SHOWN: Final = 0.5
_SHINGLE: Final = 4
_CHROME: Final = frozenset(
    ("nav", "header", "footer", "aside", "form", "script", "style", "noscript", "template", "select", "svg", "textarea",
     "iframe", "button", "head", "a")
)  # fmt: skip
_METAS: Final = {
    "published": "article:published_time",
    "modified": "article:modified_time",
    "author": "author",
    "title": "og:title",
}
MARK: Final = "from-data"
"""The class of the element that holds what was put into the page."""


def page_tree(page: Page) -> HtmlElement:
    """Return the tree of a page, with the post's text in it where the page carries it as data only."""
    tree = markup.parse(page.body, page.header("content-type") or "")
    title = page.stated.title if page.stated else None
    return reveal(
        tree, page.final_url or page.url, Told(page.reference_body, title or "") if page.reference_body else None
    )


class Told(NamedTuple):
    """A post's body as HTML and its title, as a feed or an API gave them."""

    html: str
    title: str


def reveal(tree: HtmlElement, url: str, told: Told | None = None) -> HtmlElement:
    """Add to a page whose markup has no post the one that its data hold, else the one that a feed or API gave.

    The latter only where the page is the post's or an empty shell: a notice that stands in for it is no post.
    The tree is changed in place and returned. Costs one walk where the markup has a post.
    """
    body = tree.find("body")
    if body is None:
        return tree
    count = 0
    for text in _seen(body, _CHROME):
        count += words_of(text)
        if count >= ENOUGH_WORDS:
            return tree
    usable = told if told and (_is_titled(tree, told.title) or _is_shell(tree, body)) else None
    if not (usable or sources.has_data(tree)):
        return tree
    for found in _candidates(tree, url, usable):
        if (found.is_owned or found.words >= _LEAST_GAIN * count) and _share_in(found.html, body) < _MOST_SHOWN:
            _add(tree, body, found)
            break
    return tree


def _is_titled(tree: HtmlElement, title: str) -> bool:
    """Tell whether a page has a post's title."""
    wanted = owner.fold(title)
    return len(wanted) >= _LEAST_TITLE and any(wanted in owner.fold(stated) for stated in _titles(tree))


def _is_shell(tree: HtmlElement, body: HtmlElement) -> bool:
    """Tell whether a page shows nothing by itself and has a program that would."""
    shown = sum(words_of(text) for text in _seen(body, sources.CARRIERS))
    return shown < _EMPTY_WORDS and any(script.get("src") for script in tree.iter("script"))


def _candidates(tree: HtmlElement, url: str, told: Told | None) -> list[Body]:
    found = owner.find(list(sources.values_of(tree)), owner.place_of(url, _titles(tree)))
    given = owner.Body(told.html, words_of(told.html), {"title": told.title}, is_owned=True) if told else None
    return sorted((body for body in (found, given) if body), key=lambda body: -body.words)


def _titles(tree: HtmlElement) -> list[str]:
    named = [
        element.get("content") or ""
        for element in tree.iter("meta")
        if (element.get("property") or element.get("name") or "").lower() in ("og:title", "twitter:title")
    ]
    shown = [text for tag in ("title", "h1") for element in islice(tree.iter(tag), 2) if (text := _text(element))]
    return named + shown


def _text(element: HtmlElement) -> str:
    return "".join(islice(element.itertext(), 50)).strip()[:500]


def _seen(body: HtmlElement, skipped: frozenset[str]) -> Iterator[str]:
    """Yield the texts of a page outside of some elements, in any order."""
    stack: list[HtmlElement] = [body]
    while stack:
        element = stack.pop()
        if element.tag not in skipped:
            if element.text and not element.text.isspace():
                yield element.text
            stack.extend(element)
        if element is not body and element.tail and not element.tail.isspace():
            yield element.tail


def _share_in(made: str, body: HtmlElement) -> float:
    """Return the share of a text's runs of words that a reader of the page sees anyway, 0-1."""
    runs = _runs(" ".join(markup.parse(made).itertext()))
    seen = deepcopy(body)
    etree.strip_elements(seen, *sources.CARRIERS, with_tail=False)
    return len(runs & _runs(" ".join(seen.itertext()))) / max(len(runs), 1)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return {tuple(words[place : place + _SHINGLE]) for place in range(len(words) - _SHINGLE + 1)} or {tuple(words)}


def _add(tree: HtmlElement, body: HtmlElement, found: Body) -> None:
    title = found.facts.get("title") or next(iter(_titles(tree)), "")
    is_headed = next(tree.iter("h1"), None) is not None
    headline = "" if is_headed or not title else f"<h1>{html.escape(title)}</h1>"
    source = f'<main class="{MARK}"><article class="{MARK}">{headline}{found.html}</article></main>'
    added = markup.parse(source).find(".//main")
    if added is None:
        return
    body.append(added)
    head = tree.find("head")
    if head is None:
        head = tree.makeelement("head")
        tree.insert(0, head)
    known = {element.get("property") or element.get("name") for element in head.iter("meta")}
    metas = [
        f'<meta property="{name}" name="{name}" content="{html.escape(found.facts[fact])}">'
        for fact, name in _METAS.items()
        if fact in found.facts and name not in known
    ]
    head.extend(list(markup.parse(f"<html><head>{''.join(metas)}</head></html>").iter("meta")))
