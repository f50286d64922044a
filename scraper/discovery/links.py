"""Read the links of a page with where they stand: menu, list of posts, text, pager, side column, comments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scraper import urls
from scraper.discovery.found import resolve
from scraper.facts import dates
from scraper.text.lexicon import word_set

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Place = Literal["main", "nav", "aside", "pager", "comments"]

MAX_LINKS = 5000
"""Links of a page that are read; chosen: more than a person would look through."""
_NAV = word_set("nav navbar navigation menu mainmenu submenu megamenu breadcrumb breadcrumbs masthead offcanvas topbar")
_NAV_WHOLE = word_set(
    "header site-header page-header footer site-footer page-footer share sharing sharedaddy social social-links "
    "social-icons cookie cookies tagcloud tag-cloud skip-link language-switcher copyright colophon banner"
)
_PAGER = word_set(
    "pagination pager paging paginator pagenavi page-numbers page-nav post-navigation posts-navigation nav-links "
    "nav-previous "
    "nav-next post-nav post-pagination paginate older newer older-posts newer-posts blog-pager prev-next prevnext "
    "page-next "
    "page-prev pagination-next pagination-prev next-post prev-post previous-post article-nav blog-pager-older-link"
)
_ASIDE = word_set("sidebar widget widgets related popular trending recommended similar recent")
_BRICKS = word_set("widget widgets")
_BUILT_OF = 0.9
"""Share of a page's words in elements called widgets from which that names what the whole page is built of, as with
Blogger and Elementor, and no side column; chosen: a side column of widgets stands beside a menu and a text."""
_COMMENTS = word_set("comments comment-list commentlist comment respond disqus_thread replies pingbacks comment-body")
_ITEM = word_set(
    "post entry hentry h-entry teaser card article item story tile blogpost excerpt summary media blog-item post-item "
    "post-preview post-card list-item archive-item blog-post"
)
_OWN_FOOTER = word_set("entry post card article item")
_READ_MORE = re.compile(
    r"\b(?:read|continue|more|weiter|mehr|lesen|leer|seguir|más|lire|suite|leggi|continua|lees|ler|mais|läs|les|czytaj|"
    r"читать|devam)\b|→|»|続き|阅读|全文|더 보기",
    re.IGNORECASE,
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MAX_ITEM_TEXT = 3000
_MAX_ITEM_LINKS = 30
"""Characters and links of an element that may be one entry of a listing; chosen: a teaser with its tags has less, a
whole listing more."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a page of the same host. `group` is equal for links that stand in the same way; `rel` in lower case."""

    url: str
    text: str
    place: Place
    heading: bool
    item: bool
    dated: bool
    group: int
    rel: frozenset[str]
    classes: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Context:
    place: Place
    heading: bool
    item: HtmlElement | None
    group: int


class _LinkPlacer:
    """Works out where elements stand, each once."""

    def __init__(self, total: int, aside: frozenset[str] = _ASIDE) -> None:
        self.total = total
        self.aside = aside
        self.known: dict[HtmlElement, _Context] = {}
        self.groups: dict[tuple[int, str, str], int] = {}
        self.dated: dict[HtmlElement, bool] = {}

    def context(self, element: HtmlElement) -> _Context:
        chain: list[HtmlElement] = []
        current: HtmlElement | None = element
        while current is not None and current not in self.known:
            chain.append(current)
            current = current.getparent()
        result = self.known[current] if current is not None else _Context("main", False, None, 0)
        for node in reversed(chain):
            result = self._below(node, result)
            self.known[node] = result
        return result

    def is_dated(self, item: HtmlElement) -> bool:
        if item not in self.dated:
            self.dated[item] = _has_date(item)
        return self.dated[item]

    def _below(self, element: HtmlElement, above: _Context) -> _Context:
        tag = element.tag if isinstance(element.tag, str) else ""
        classes = (element.get("class") or "").lower()
        group = self.groups.setdefault((above.group, tag, " ".join(classes.split()[:2])), len(self.groups) + 1)
        if tag in ("html", "body", "main"):
            return _Context(above.place, above.heading, None, group)
        names = frozenset(f"{classes} {element.get('id') or ''}".lower().split())
        place = self._place(element, tag, names, above)
        item = above.item
        if (tag in ("article", "li", "tr", "dd") or names & _ITEM) and _holds(element, "a", at_most=_MAX_ITEM_LINKS):
            item = element
        if "schema.org/" in (element.get("itemtype") or "") and "Posting" in (element.get("itemtype") or ""):
            item = element
        return _Context(place, above.heading or _is_heading(element, tag), item, group)

    def _place(self, element: HtmlElement, tag: str, names: frozenset[str], above: _Context) -> Place:
        role = element.get("role") or ""
        parts = {
            part for name in names if not name.startswith(("has-", "no-", "with-", "is-")) for part in _split(name)
        }
        if names & _PAGER:
            return "pager"
        if above.place in ("nav", "comments", "pager"):
            return above.place
        if names & _COMMENTS:
            return "comments" if not self._is_most(element) else above.place
        nav = tag == "nav" or role in ("navigation", "banner", "contentinfo")
        nav = nav or (tag in ("header", "footer") and above.item is None)
        nav = nav or bool(names & _NAV_WHOLE) or bool(parts & _NAV)
        nav = nav or ("footer" in parts and not parts & _OWN_FOOTER)
        if nav:
            return "nav" if tag == "nav" or not self._is_most(element) else above.place
        if tag == "aside" or role == "complementary" or parts & self.aside:
            return "aside" if not self._is_most(element) else above.place
        return above.place

    def _is_most(self, element: HtmlElement) -> bool:
        """Tell whether an element holds nearly all links: then it is page chrome, whatever it is called."""
        return self.total > 20 and sum(1 for _ in element.iter("a")) > 0.85 * self.total


def links_of(tree: HtmlElement, base: str, site: str) -> list[Link]:
    """Return the links to pages of the site's host, in page order; at most `MAX_LINKS`."""
    anchors = list(tree.iter("a"))[:MAX_LINKS]
    reader = _LinkPlacer(len(anchors), _ASIDE - _BRICKS if _is_built_of_widgets(tree) else _ASIDE)
    return [link for anchor in anchors if (link := _link(anchor, base, site, reader))]


def _is_built_of_widgets(tree: HtmlElement) -> bool:
    """Return whether nearly all words of a page, its menu and its text too, stand in elements called widgets."""
    named = {element for element in tree.xpath("//body//*[contains(@class, 'widget')]") if _is_brick(element)}
    outermost = [element for element in named if named.isdisjoint(element.iterancestors())]
    words = sum(map(_seen_words, outermost))
    return words > 0 and words >= _BUILT_OF * sum(map(_seen_words, tree.iter("body")))


def _is_brick(element: HtmlElement) -> bool:
    return element.tag != "main" and any(not _BRICKS.isdisjoint(_split(name)) for name in element.get("class").split())


def _seen_words(element: HtmlElement) -> int:
    pieces = element.xpath(".//text()[not(parent::script or parent::style or parent::noscript)]")
    return sum(len(piece.split()) for piece in pieces)


def base_of(tree: HtmlElement, url: str) -> str:
    """Return the address that relative links of a page are meant from."""
    for element in tree.iter("base"):
        try:
            return urls.canonical(element.get("href") or "", url)
        except ValueError:
            break
    return url


def text_of(element: HtmlElement, limit: int = 300) -> str:
    """Return an element's text in one line; the alternative text of its image where it has none."""
    text = " ".join("".join(str(piece) for piece in element.itertext()).split())[:limit]
    if text:
        return text
    return next((" ".join(alt.split())[:limit] for image in element.iter("img") if (alt := image.get("alt"))), "")


def is_read_more(text: str) -> bool:
    """Tell whether a link's text asks to read on."""
    return len(text) < 60 and bool(_READ_MORE.search(text))


def _link(anchor: HtmlElement, base: str, site: str, reader: _LinkPlacer) -> Link | None:
    href = (anchor.get("href") or "").strip()
    if not href or (href.startswith("#") and not href.startswith("#!")):
        return None
    url = resolve(href, base, site)
    if url is None:
        return None
    context = reader.context(anchor)
    inner = any(element.tag in _HEADINGS for element in anchor.iter())
    item = context.item
    return Link(
        url=url,
        text=text_of(anchor) or (anchor.get("aria-label") or anchor.get("title") or "")[:300],
        place=context.place,
        heading=context.heading or inner,
        item=item is not None,
        dated=reader.is_dated(item) if item is not None and context.place in ("main", "aside") else False,
        group=context.group,
        rel=frozenset((anchor.get("rel") or "").lower().split()),
        classes=frozenset((anchor.get("class") or "").lower().split()),
    )


def _is_heading(element: HtmlElement, tag: str) -> bool:
    return tag in _HEADINGS and _holds(element, "a", at_most=3)


def _holds(element: HtmlElement, tag: str, *, at_most: int) -> bool:
    return all(number < at_most for number, _ in enumerate(element.iter(tag)))


def _split(name: str) -> list[str]:
    return [part for part in re.split(r"[-_]+", name) if part]


def _has_date(item: HtmlElement) -> bool:
    for element in item.iter("time"):
        return element is not None
    text = " ".join("".join(str(piece) for piece in item.itertext()).split())
    if len(text) > _MAX_ITEM_TEXT:
        text = text[:200] + " " + text[-200:]
    elif len(text) > 400:
        text = text[:300] + " " + text[-100:]
    return next(iter(dates.days(text)), None) is not None
