"""Read what a page says of itself: its theme's marks, structured data, text, dates, teasers of other posts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from scraper import urls
from scraper.discovery import listings
from scraper.discovery.found import resolve
from scraper.discovery.links import MAX_LINKS, Link, base_of, links_of, text_of
from scraper.facts import dates, jsonld
from scraper.judgement.copies import home_of, marks_of
from scraper.judgement.pagetypes import Template, page_type
from scraper.judgement.parts import parts_of
from scraper.text.lexicon import word_set

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

_COMMENT_FORM = word_set(
    "respond commentform comment-form comments disqus_thread commento utterances giscus cusdis isso-thread"
)
ARTICLE_TYPES = word_set(
    "article blogposting newsarticle techarticle socialmediaposting reportagenewsarticle opinionnewsarticle "
    "scholarlyarticle "
    "medicalscholarlyarticle analysisnewsarticle reviewnewsarticle liveblogposting report advertisercontentarticle "
    "recipe howto"
)
NOT_FOUND = re.compile(
    r"\b(?:404|page (?:was )?not found|not found|nothing found|seite nicht gefunden|nicht gefunden|página no "
    r"encontrada|"
    r"no encontrada|page (?:introuvable|non trouvée)|pagina non trovata|pagina niet gevonden|página não encontrada|"
    r"doesn.t exist|no longer (?:exists|available)|страница не найдена)\b|找不到|見つかりません",
    re.IGNORECASE,
)
_SENDS_ON = re.compile(r"\s*[0-5](?:\.\d{0,9})?\s*[;,]\s*url\s*=", re.IGNORECASE)
_TEXT_TAGS = ("p", "li", "pre", "blockquote", "td", "dd", "figcaption")
_NO_TEXT = word_set("nav header footer aside form")
_UNSEEN = word_set("script style noscript select svg template iframe")
MANY_ARTICLES = 4
_MOST_SHOWN = 0.6
"""Articles from which on a page is full of them, and the share of the words of fewer that one of them has at most;
chosen, not measured: themes show three related posts below a post."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What a page says of itself.

    `content_type` is what the site's own system calls it, such as `post`, `page` or `services`. `words` counts the
    running text outside of menus, lists of other posts and comments, `seen` every word that a reader sees. `outlinks`
    counts the other pages of the host that the main column links to, `teasers` those of them that stand as posts,
    `shown` the words beside their links. `meta_refresh`: a browser leaves the page at once for another address.
    """

    template: Template = ""
    content_type: str = ""
    types: frozenset[str] = frozenset()
    og_type: str = ""
    title: str = ""
    headlines: int = 0
    published: bool = False
    dated: bool = False
    words: int = 0
    link_share: float = 0.0
    headed: bool = False
    teasers: int = 0
    articles: int = 0
    paged: bool = False
    commentable: bool = False
    has_prev_next: bool = False
    noindex: bool = False
    not_found: bool = False
    feeds: tuple[str, ...] = ()
    seen: int = 0
    outlinks: int = 0
    shown: int = 0
    meta_refresh: bool = False
    parts: tuple[str, ...] = ()
    home: str = ""
    marks: tuple[str, ...] = ()


def signs(tree: HtmlElement, url: str, links: Sequence[Link] | None = None) -> Signs:
    """Read a page's signs; `links` are those of `links_of`, where they were read before."""
    home = home_of(tree, url)
    is_known = not urls.is_made_up(url)
    url = url if is_known else _address_among(tree)
    base = base_of(tree, url)
    found = list(links) if links is not None else links_of(tree, base, urls.host_of(url))
    called = page_type(tree)
    metas = _metas(tree)
    types, linked_date = _types(tree, base if is_known else "")
    teased = _teased(found, url)
    counted = _text(tree, _teasers(tree, base, frozenset(teased)))
    own, linked = counted.own, counted.linked
    title = _title(tree, metas)
    return Signs(
        template=called.template,
        content_type=called.name,
        types=types,
        og_type=metas.get("og:type", "").lower(),
        title=title,
        headlines=sum(1 for element in tree.iter("h1") if text_of(element, 20)),
        published=linked_date
        or any(_is_day(metas.get(name, "")) for name in ("article:published_time", "datepublished", "date", "dc.date")),
        dated=_is_dated(tree, title),
        words=own,
        headed=_is_headed(tree, title),
        link_share=linked / max(own + linked, 1),
        teasers=len(teased),
        articles=_articles(tree, url),
        paged=_is_paged(found, url),
        commentable=_is_commentable(tree),
        has_prev_next=any(link.place == "pager" or link.rel & {"prev", "next"} for link in found),
        noindex="noindex" in metas.get("robots", "").lower(),
        not_found=bool(NOT_FOUND.search(title)) and own < 150,
        feeds=_feeds(tree, base),
        seen=counted.seen,
        shown=counted.shown,
        outlinks=len(_led_to(found, url)),
        meta_refresh=_meta_refresh(tree),
        home=home,
        marks=marks_of(tree),
        parts=parts_of(tree, found, url, urls.host_of(url)),
    )


def _address_among(tree: HtmlElement) -> str:
    """Return an address on the host that most links of a page lead to, for a page whose own is not known."""
    hosts: Counter[str] = Counter()
    for anchor in tree.iter("a"):
        try:
            parts = urlsplit(urls.canonical(anchor.get("href") or ""))
        except ValueError:
            continue
        hosts[f"{parts.scheme}://{parts.netloc}"] += 1
    return f"{hosts.most_common(1)[0][0] if hosts else 'https://file.invalid'}/file.invalid"


def _metas(tree: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name.lower(), content[:300])
    return found


def _types(tree: HtmlElement, url: str) -> tuple[frozenset[str], bool]:
    """Return the types that JSON-LD and microdata give the page itself, and whether they date it.

    The one post of a month's archive is another page: its headline leads there. An address `""` is not known.
    """
    found: set[str] = set()
    dated = False
    scripts = [
        element.text or "" for element in tree.iter("script") if "ld+json" in (element.get("type") or "").lower()
    ]
    articles = 0
    for script in scripts[:20]:
        for value in jsonld.parse(script):
            for node in _nodes(value):
                kinds = jsonld.types(node)
                found |= kinds
                articles += bool(kinds & ARTICLE_TYPES)
                dated = dated or bool(kinds & ARTICLE_TYPES and _is_day(str(node.get("datePublished") or "")))
    marked = [
        (element, (element.get("itemtype") or "").rstrip("/").rsplit("/", 1)[-1].lower())
        for element in tree.iter("article", "div", "main", "section", "body", "html")
        if "schema.org/" in (element.get("itemtype") or "")
    ]
    posts = [(element, kind) for element, kind in marked if kind in ARTICLE_TYPES]
    if len(posts) == 1 and not (url and _leads_elsewhere(_headline_link(posts[0][0], url), url)):
        found.add(posts[0][1])
    if articles > 1 or len(posts) > 1:
        found -= ARTICLE_TYPES
    return frozenset(found), dated and articles == 1


def _is_day(text: str) -> bool:
    return dates.parse(text) is not None


def _nodes(value: object) -> list[dict[str, object]]:
    """Return the nodes that speak of the page: those on top and in `@graph`."""
    if isinstance(value, list):
        return [node for item in value[:200] for node in _nodes(item)]
    if not isinstance(value, dict):
        return []
    graph = value.get("@graph")
    nested = _nodes(graph) if isinstance(graph, list) else []
    entity = value.get("mainEntity")
    return [value, *nested, *(_nodes(entity) if isinstance(entity, dict) else [])]


def _meta_refresh(tree: HtmlElement) -> bool:
    """Tell whether a browser leaves the page within seconds for an address that it names."""
    metas = [element for element in tree.iter("meta") if (element.get("http-equiv") or "").lower() == "refresh"]
    return any(_SENDS_ON.match(element.get("content") or "") for element in metas)


def _title(tree: HtmlElement, metas: dict[str, str]) -> str:
    for element in tree.iter("title"):
        return text_of(element)
    return metas.get("og:title", "")


def _is_headed(tree: HtmlElement, title: str) -> bool:
    """Tell whether a headline of some words that is no link stands in the page's title."""
    wanted = _folded(title)
    for element in tree.iter("h1", "h2", "h3", "h4"):
        text = _folded(text_of(element))
        linked = next(iter(element.iter("a")), None) is not None
        if text and not linked and _words(text) >= 3 and text in wanted:
            return True
    return False


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.lower()).strip()


class _Counted(NamedTuple):
    """Words of the running text, those of it in teasers, those that stand in links there, all that a reader sees."""

    own: int = 0
    shown: int = 0
    linked: int = 0
    seen: int = 0


def _text(tree: HtmlElement, teasers: frozenset[HtmlElement]) -> _Counted:
    own = linked = 0
    shown: Counter[HtmlElement | None] = Counter()
    body = tree.find("body")
    if body is None:
        return _Counted()
    counts = _counts(body)
    most = counts[body] / 2
    stack: list[tuple[HtmlElement, HtmlElement | None]] = [(body, None)]
    while stack:
        element, above = stack.pop()
        teaser = element if above is None and element in teasers else above
        tag = element.tag
        if element not in counts or (counts[element] < most and (tag in _NO_TEXT or _is_comments(element))):
            continue
        if tag in _TEXT_TAGS and not any(child.tag in ("p", "ul", "ol", "table", "div") for child in element):
            links = sum(counts.get(anchor, 0) for anchor in element.iter("a"))
            if links * 2 > counts[element]:
                linked += counts[element]
            else:
                own += counts[element]
                shown[teaser] += counts[element]
            continue
        loose = _loose(element)
        own += loose
        shown[teaser] += loose
        stack.extend((child, teaser) for child in element)
    return _Counted(own, _in_teasers(shown), linked, counts[body])


def _in_teasers(words_in: Counter[HtmlElement | None]) -> int:
    """Return the words in teasers; of a few, one with most of the words is no teaser but text that names a post."""
    counts = [count for teaser, count in words_in.items() if teaser is not None and count]
    most = sum(counts) * (_MOST_SHOWN if len(counts) <= MANY_ARTICLES else 1)
    return sum(count for count in counts if count <= most)


def _teasers(tree: HtmlElement, base: str, teased: frozenset[str]) -> frozenset[HtmlElement]:
    """Return the elements that hold one of the posts that the page presents, and no other and no plain heading.

    An article whose first heading leads to such a post is one too, whatever it holds.
    """
    if len(teased) < 2:
        return frozenset()
    host = urls.host_of(base)
    targets = {anchor: resolve(anchor.get("href"), base, host) for anchor in islice(tree.iter("a"), MAX_LINKS)}
    held: dict[HtmlElement, set[str]] = {}
    for anchor, target in targets.items():
        if target in teased:
            for parent in anchor.iterancestors():
                held.setdefault(parent, set()).add(target)
    articles = {
        article
        for article in tree.iter("article")
        if (first := next(article.iter("h1", "h2", "h3", "h4"), None)) is not None and held.get(first)
    }
    for heading in tree.iter("h1", "h2", "h3", "h4"):
        if heading not in held and not any(parent in targets for parent in heading.iterancestors("a")):
            for parent in heading.iterancestors():
                held.setdefault(parent, set()).update(("", "heading"))
    return frozenset(articles | {element for element, names in held.items() if len(names) == 1})


def _counts(body: HtmlElement) -> dict[HtmlElement, int]:
    """Return the words in each element of the body that a reader sees."""
    counts: dict[HtmlElement, int] = {}
    for element in body.iter():
        parent = element.getparent()
        if isinstance(element.tag, str) and element.tag not in _UNSEEN and (element is body or parent in counts):
            counts[element] = _words(element.text or "")
        if element is not body and element.tail and parent in counts:
            counts[parent] += _words(element.tail)
    for element in reversed(list(counts)):
        if element is not body:
            counts[element.getparent()] += counts[element]
    return counts


def _loose(element: HtmlElement) -> int:
    """Return the words that stand in an element itself, where that is more than a label."""
    pieces = [element.text or "", *((child.tail or "") for child in element)]
    counts = [_words(piece) for piece in pieces]
    return sum(counts) if max(counts) >= 8 else 0


def _words(text: str) -> int:
    return len(text.split()) + (0 if text.isascii() else sum(1 for char in text if char > "\u2e7f") // 2)


def _is_comments(element: HtmlElement) -> bool:
    names = frozenset(f"{element.get('class') or ''} {element.get('id') or ''}".lower().split())
    return bool(names & {"comments", "comment-list", "commentlist", "comment", "disqus_thread", "respond"})


def _led_to(links: Sequence[Link], url: str) -> set[str]:
    """Return the other pages of the host that the page's main column links to, as keys."""
    keys = {urls.same_page_key(link.url) for link in links if link.place == "main" and link.text}
    return keys - {urls.same_page_key(url)}


def _teased(links: Sequence[Link], url: str) -> list[str]:
    """Return the other posts that the page's main column presents by headline."""
    own = urls.same_page_key(url)
    shown = [link.url for link in links if link.place == "main" and (link.heading or link.dated) and link.text]
    return [
        address
        for address in dict.fromkeys(shown)
        if urls.kind_by_url(address) in ("post", "unknown", "page") and urls.same_page_key(address) != own
    ]


def _articles(tree: HtmlElement, url: str) -> int:
    """Return how many articles with a headline of their own stand beside each other, the page's own left out."""
    linked = unlinked = 0
    for element in tree.iter("article"):
        heading = next(iter(element.iter("h1", "h2", "h3", "h4")), None)
        if heading is None or any(parent.tag in ("article", "aside") for parent in element.iterancestors()):
            continue
        href = _headline_link(element, url)
        if href is None:
            unlinked += 1
        elif _leads_elsewhere(href, url):
            linked += 1
    return linked + (unlinked if unlinked >= MANY_ARTICLES else 0)


def _headline_link(element: HtmlElement, url: str) -> str | None:
    """Return the page of the host that an element's first heading leads to."""
    heading = next(iter(element.iter("h1", "h2", "h3", "h4")), None)
    if heading is None:
        return None
    parent = heading.getparent()
    link = next(iter(heading.iter("a")), parent if parent is not None and parent.tag == "a" else None)
    return resolve(link.get("href"), url, urls.host_of(url)) if link is not None else None


def _leads_elsewhere(href: str | None, url: str) -> bool:
    """Return whether a link leads to another page."""
    return href is not None and urls.same_page_key(href) != urls.same_page_key(url)


def _is_paged(links: Sequence[Link], url: str) -> bool:
    stem = urls.page_number(url)
    own = stem[0] if stem else url
    found = [urls.page_number(link.url) for link in links]
    return any(item is not None and urls.same_page_key(item[0]) == urls.same_page_key(own) for item in found)


def _is_dated(tree: HtmlElement, title: str) -> bool:
    """Tell whether a date stands near the page's headline."""
    for element in tree.iter("time"):
        if not any(parent.tag in ("aside", "footer", "nav") for parent in element.iterancestors()):
            return True
    wanted = _folded(title)
    elements = list(tree.iter())
    headings = [place for place, element in enumerate(elements) if element.tag in ("h1", "h2", "h3", "h4")]
    texts = {place: _folded(text_of(elements[place])) for place in headings[:20]}
    own = next((place for place, text in texts.items() if text and text in wanted), None)
    if own is None:
        own = next((place for place in headings if elements[place].tag == "h1"), None)
    if own is None:
        return False
    around = [
        piece for element in elements[max(0, own - 8) : own + 24] for piece in (element.text, element.tail) if piece
    ]
    return any(next(iter(dates.days(piece[:200])), None) for piece in around)


def _is_commentable(tree: HtmlElement) -> bool:
    for element in tree.iter("form", "div", "section", "ol"):
        names = frozenset(f"{element.get('class') or ''} {element.get('id') or ''}".lower().split())
        if names & _COMMENT_FORM:
            return True
    return False


def _feeds(tree: HtmlElement, base: str) -> tuple[str, ...]:
    return tuple(task.url for task in listings.feed_tasks(tree, base, urls.host_of(base)))
