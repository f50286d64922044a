"""Find the categories and tags that a page shows with its post: by the links' relation, else by where they lead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from lxml import etree

from scraper.facts.visible import is_elsewhere, text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAX_LABELS = 40
_MAX_LINKS = 400
_MAX_CHARS = 4_000
_MAX_LABEL_CHARS = 60
_MAX_BY_ADDRESS = 15
"""More links to tags than this are a cloud of the site's, not the post's."""

_CATEGORY_PATHS = (
    "/category/",
    "/categories/",
    "/categoria/",
    "/categorias/",
    "/categorie/",
    "/kategorie/",
    "/rubrique/",
)
_TAG_PATHS = ("/tag/", "/tags/", "/etiqueta/", "/etiquetas/", "/schlagwort/", "/mot-cle/", "/label/")
_NOTHING = frozenset(
    {
        "uncategorized",
        "uncategorised",
        "allgemein",
        "sin categoría",
        "sin categorizar",
        "non classé",
        "sem categoria",
        "geen categorie",
    }
)

_TAG_LINKS = etree.XPath("//a[contains(@rel, 'tag')]")
_LINKS = etree.XPath(
    "//a[contains(@href, '/tag') or contains(@href, 'ateg') or contains(@href, '/etiq') or contains(@href, '/label')]"
)


Stated = tuple[Iterable[str], Iterable[str]]


def read(tree: HtmlElement, headline: HtmlElement | None, stated: Stated) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the post's categories and tags.

    Links that call themselves tags come first, then `stated`, then links beside the post that lead to such addresses.
    """
    categories, tags = (tidy(labels) for labels in _related(tree, headline))
    categories, tags = categories or tidy(stated[0]), tags or tidy(stated[1])
    if headline is not None and not (categories and tags):
        links = _beside(tree, headline)
        categories = categories or tidy(_leading_to(links, _CATEGORY_PATHS))
        tags = tags or tidy(_leading_to(links, _TAG_PATHS))
    return categories, tags


def _related(tree: HtmlElement, headline: HtmlElement | None) -> tuple[list[str], list[str]]:
    """Return the categories and tags that links state by their relation (`rel="category tag"`, `rel="tag"`)."""
    categories: list[str] = []
    tags: list[str] = []
    for node in cast("list[HtmlElement]", _TAG_LINKS(tree))[:_MAX_LINKS]:
        relations = (node.get("rel") or "").lower().split()
        if "tag" in relations and not is_elsewhere(node, headline):
            (categories if "category" in relations else tags).append(text_of(node))
    return categories, tags


def _beside(tree: HtmlElement, headline: HtmlElement) -> list[HtmlElement]:
    """Return the links that may lead to a category or tag and stand in the headline's container."""
    around = frozenset(above for above in headline.iterancestors() if above.tag not in ("html", "body"))
    links = cast("list[HtmlElement]", _LINKS(tree))[:_MAX_LINKS]
    return [node for node in links if not around.isdisjoint(node.iterancestors()) and not is_elsewhere(node, headline)]


def _leading_to(links: list[HtmlElement], paths: tuple[str, ...]) -> list[str]:
    found = [text_of(node) for node in links if any(path in (node.get("href") or "").lower() for path in paths)]
    return found if len(found) <= _MAX_BY_ADDRESS else []


def tidy(labels: Iterable[str]) -> tuple[str, ...]:
    """Return labels without doubles, addresses and sentences; a list in one text is taken apart."""
    tidied: dict[str, str] = {}
    for text in labels:
        for part in text[:_MAX_CHARS].split(","):
            label = " ".join(part.split()).strip(" #;")
            if label and len(label) <= _MAX_LABEL_CHARS and "://" not in label and label.casefold() not in _NOTHING:
                tidied.setdefault(label.casefold(), label)
    return tuple(tidied.values())[:_MAX_LABELS]
