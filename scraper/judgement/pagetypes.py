"""Read which type of content a site's own system calls a page, in an API's address or in classes.

What the system says weighs more than structured data and OpenGraph, which plugins print on whatever they find.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from scraper.text.lexicon import word_set
from scraper.urlwords import BLOG_WORDS, SECTION_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

Template = Literal["post", "listing", "home", "page", "attachment", "search", "error", "custom", ""]

_POST_CLASSES = word_set(
    "single-post post-template template-article item-view hs-blog-post blog-post-template is-single "
    "page-post layout-post layout--post type-post template-post post-page page--post article-page is-post"
)
_LISTING_CLASSES = word_set(
    "archive category tag author date paged home-template tag-template author-template archive-template index-view "
    "archive-view template-blog template-collection hs-blog-listing view-list label-view page-list page-archive "
    "layout-archive is-archive list taxonomy"
)
_PAGE_CLASSES = word_set(
    "page-template-default static_page page-template static-view template-page template-product layout-page "
    "hs-site-page hs-landing-page"
)
_NO_TYPE = re.compile(
    r"single-(?:format-.*|author|column|col|sidebar|layout.*|style.*|full.*|content|template.*|\d.*)$"
)
"""What themes write like `single-TYPE` and is no type of content."""

_API_TYPE = re.compile(r"/wp/v2/([\w-]{1,40})/\d+/?$")
_ENTRY_TYPE = re.compile(r"type-([a-z][\w-]{0,40})")
_NODE_TYPE = re.compile(r"(?:page-)?node--?type-{1,2}([a-z][\w-]{0,40})")
_COLLECTION_TYPE = re.compile(r"collection-type-([a-z][\w-]{0,40})")
_API_NAMES: dict[str, Template] = {
    "posts": "post",
    "pages": "page",
    "media": "attachment",
    "categories": "listing",
    "tags": "listing",
    "users": "listing",
}
_JOOMLA_LISTINGS = word_set(
    "view-category view-categories view-featured view-archive view-tag view-latest view-blogger"
)
_POST_TYPES = BLOG_WORDS | {"entry", "release", "press"}
_MAX_ENTRIES = 40
"""Objects of a page's data that are looked at; chosen so that hostile data ends."""


class PageType(NamedTuple):
    """What a system says of a page; `name` is the type of content, `""` where it names none."""

    template: Template = ""
    name: str = ""


def page_type(tree: HtmlElement) -> PageType:
    """Return what the site's system calls a page, the most exact word first."""
    tokens = _tokens(tree)
    said = _by_state(tokens)
    if said:
        return PageType(said)
    return (
        _by_api(tree)
        or _by_single(tokens)
        or _by_node(tokens, tree)
        or _by_collection(tokens)
        or _by_classes(tokens)
        or _by_entry(tree)
        or PageType()
    )


def is_post_type(name: str) -> bool:
    """Return whether a type of content is named like posts: `post`, `news`, `press_releases`."""
    return bool(_singulars(name) & _POST_TYPES)


def is_section_type(name: str) -> bool:
    """Return whether a type of content is named like something else than posts: `our-services`, `team`, `product`."""
    return bool(_singulars(name) & SECTION_WORDS)


def _singulars(name: str) -> set[str]:
    """Return the words of a type's name, each also without and with its plural's ending."""
    parts = {part for part in re.split(r"[-_]", name.lower()) if part}
    return parts | {part.removesuffix("s") for part in parts} | {part + "s" for part in parts}


def _tokens(tree: HtmlElement) -> frozenset[str]:
    body = tree.find("body")
    classes = f"{tree.get('class') or ''} {body.get('class') or '' if body is not None else ''}"
    return frozenset(classes.lower().split()[:200])


def _by_state(tokens: frozenset[str]) -> Template:
    """Return what a page is whatever its content: an error, an attachment, the result of a search."""
    if tokens & {"error404", "error-404", "page-404", "not-found"}:
        return "error"
    if "attachment" in tokens or "single-attachment" in tokens:
        return "attachment"
    return "search" if tokens & {"search", "search-results", "search-view", "search-no-results"} else ""


def _by_api(tree: HtmlElement) -> PageType | None:
    """Read WordPress's link from a page to itself in the API, which names its type."""
    for element in tree.iter("link"):
        if (element.get("type") or "").startswith("application/json"):
            found = _API_TYPE.search((element.get("href") or "").partition("&")[0].replace("%2F", "/"))
            if found:
                return _typed(found[1], _API_NAMES.get(found[1], "custom"))
    return None


def _by_single(tokens: frozenset[str]) -> PageType | None:
    """Read WordPress's `single single-TYPE postid-N`, and what other themes make of it."""
    if tokens & _POST_CLASSES:
        return PageType("post", "post")
    if "single" not in tokens:
        return None
    named = [name for name in tokens if name.startswith("single-") and not _NO_TYPE.match(name)]
    numbered = any(name.startswith("postid-") for name in tokens)
    types = sorted(name.removeprefix("single-") for name in named)
    sure = [name for name in types if numbered or f"{name}-template-default" in tokens or is_section_type(name)]
    return _typed(sure[0], "custom") if sure else PageType("post", "post")


def _by_node(tokens: frozenset[str], tree: HtmlElement) -> PageType | None:
    """Read Drupal's type of a node from the body, or from the one node that is shown in full."""
    names = {found[1] for token in tokens if (found := _NODE_TYPE.fullmatch(token))}
    if not names:
        shown = [_classes(element) for element in _entries(tree)]
        full = [classes for classes in shown if classes & {"node--view-mode-full", "node-full", "view-mode-full"}]
        names = {found[1] for classes in full for token in classes if (found := _NODE_TYPE.fullmatch(token))}
    return _of_other_system(names)


def _by_collection(tokens: frozenset[str]) -> PageType | None:
    """Read Squarespace's type of a collection, and whether one of its items is shown."""
    names = {found[1] for token in tokens if (found := _COLLECTION_TYPE.fullmatch(token))}
    if any(name.startswith("blog") for name in names):
        return PageType("post", "post") if "view-item" in tokens else PageType("listing")
    return _typed(min(names), "page") if names else None


def _by_classes(tokens: frozenset[str]) -> PageType | None:
    if any(re.fullmatch(r"page-id-\d+", name) for name in tokens) or tokens & _PAGE_CLASSES:
        return PageType("home") if "home" in tokens else PageType("page", "page")
    if any(name.startswith("com_") for name in tokens):
        return PageType("listing") if tokens & _JOOMLA_LISTINGS else None
    if tokens & _LISTING_CLASSES or (tokens & {"blog"} and tokens & {"home", "hfeed"}):
        return PageType("listing")
    return PageType("home") if tokens & {"home", "front-page", "homepage", "page-home", "template-index"} else None


def _by_entry(tree: HtmlElement) -> PageType | None:
    """Read the type of the one entry that a WordPress page shows: `post-7 services type-services hentry`."""
    names = []
    for element in _entries(tree):
        classes = _classes(element)
        if any(re.fullmatch(r"post-\d+", name) for name in classes):
            names += [found[1] for name in classes if (found := _ENTRY_TYPE.fullmatch(name))]
    if len(names) != 1:
        return None
    return _typed(names[0], "post" if names[0] == "post" else "page" if names[0] == "page" else "custom")


def _of_other_system(names: set[str]) -> PageType | None:
    """Return the type of a system whose types are named by whoever made the site."""
    if not names:
        return None
    name = min(names)
    return _typed(name, "post" if is_post_type(name) else "page" if name in ("page", "landing-page") else "custom")


def _typed(name: str, template: Template) -> PageType:
    return PageType(template, "post" if template == "post" else name.lower())


def _entries(tree: HtmlElement) -> Iterable[HtmlElement]:
    """Yield the elements that may hold an entry, those inside another one left out."""
    count = 0
    for element in tree.iter("article", "div", "section", "main"):
        if "type-" in (element.get("class") or ""):
            count += 1
            if count > _MAX_ENTRIES:
                return
            yield element


def _classes(element: HtmlElement) -> frozenset[str]:
    return frozenset((element.get("class") or "").lower().split()[:60])
