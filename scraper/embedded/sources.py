"""Find the data that a page carries: scripts of JSON, states that scripts assign, attributes, hidden HTML."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any, Final

from scraper.embedded.literals import read_json, read_pushed, read_script
from scraper.embedded.payloads import rows_of, unfold
from scraper.facts import jsonld

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

CARRIERS: Final = frozenset(("script", "style", "noscript", "template", "textarea", "xmp"))
"""Elements whose text no reader sees as it stands there."""

LEAST_CHARS: Final = 200
"""Characters below which a script or an attribute holds no post."""

_MAX_ATTRIBUTES: Final = 400
_MAX_CHARS: Final = 16_000_000
"""Attributes and characters of a page that are read for data; chosen so that a hostile page ends."""
_PROSE: Final = re.compile(
    r"(?:[^\W\d_][\w’',.;:-]*(?:[ ]|\\u0020)){4}|[\u3040-\u9fff\uac00-\ud7a3]{12}|(?:\\u[0-9a-fA-F]{4}){12}"
)
_PROGRAMS: Final = ("", "module", "text/javascript", "application/javascript", "text/ecmascript", "text/babel")
_HEADLINE: Final = re.compile(r"<h1\b[^<>]{0,400}>(.{1,400}?)</h1>", re.I | re.S)
_TAGS: Final = re.compile(r"<[^<>]*>")
_PUSHES: Final = re.compile(r"(?:__next_f|streamController)\b")


def has_data(tree: HtmlElement) -> bool:
    """Tell, at little cost, whether a page may carry a post as data."""
    return any(_PROSE.search(text) for _, text in _carriers(tree))


def values_of(tree: HtmlElement) -> Iterator[object]:
    """Yield the values that a page carries; never raise for what is broken."""
    pushed: list[Any] = []
    for kind, text in _carriers(tree):
        if kind == "html":
            headline = _HEADLINE.search(text)
            yield {"html": text, "title": unescape(_TAGS.sub("", headline[1])).strip() if headline else ""}
        elif kind == "ld":
            yield from jsonld.parse(text)
        elif kind == "json":
            yield _paired(unfold(read_json(_unquoted(text))))
        elif _PUSHES.search(text):
            pushed += read_pushed(text)
        elif _PROSE.search(text):
            yield from map(unfold, read_script(text))
    if pushed:
        yield rows_of(pushed)


def _carriers(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """Yield what may carry data, as its kind and its text."""
    left = _MAX_CHARS
    for element in tree.iter(*sorted(CARRIERS - {"style"})):
        text = (element.text or "") if element.tag == "script" else "".join(_inner(element))
        if len(text) < LEAST_CHARS or left <= 0:
            continue
        left -= len(text)
        kind = (element.get("type") or "").lower().split(";")[0].strip()
        if element.tag != "script" or kind in ("text/html", "text/template", "text/markdown", "text/x-markdown"):
            yield "html", text
        elif "ld+json" in kind:
            yield "ld", text
        elif kind.endswith("json"):
            yield "json", text
        elif kind in _PROGRAMS:
            yield "script", text
    yield from _attributes(tree)


def _attributes(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """Yield the attributes that hold JSON: what a script in the browser begins with (`props`, `data-page`)."""
    found = 0
    for element in tree.iter("div", "main", "section", "article", "body", "span", "astro-island", "script"):
        for value in element.values():
            if len(value) >= LEAST_CHARS and value.lstrip()[:1] in ("{", "["):
                found += 1
                if found > _MAX_ATTRIBUTES:
                    return
                yield "json", value


def _inner(element: HtmlElement) -> Iterator[str]:
    from lxml import etree

    yield element.text or ""
    for child in element:
        yield etree.tostring(child, encoding="unicode", method="html")


def _unquoted(text: str) -> str:
    """Undo the quoting of Angular's states."""
    return text.replace("&q;", '"').replace("&s;", "'").replace("&l;", "<").replace("&g;", ">").replace("&a;", "&") if (
        "&q;" in text[:2000]) else text  # fmt: skip


def _paired(value: object, depth: int = 0) -> object:
    """Return the values of a state that writes each as a pair of its kind and itself (`[0, "…"]`, Astro's islands)."""
    if not isinstance(value, dict) or not value:
        return value
    if not all(isinstance(item, list) and len(item) == 2 and isinstance(item[0], int) for item in value.values()):
        return value
    return {key: _of_pair(item, depth) for key, item in value.items()}


def _of_pair(item: object, depth: int) -> object:
    if not (isinstance(item, list) and len(item) == 2 and isinstance(item[0], int)) or depth > 60:
        return item
    value = item[1]
    if isinstance(value, list):
        return [_of_pair(part, depth + 1) for part in value]
    return _paired(value, depth + 1)
