"""Read what a page's JSON-LD says of its article: schema.org nodes found in graphs, lists and nested references."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from scraper.text.lexicon import word_set

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Node = dict[str, Any]

_MAX_SCRIPT_CHARS = 2_000_000
_MAX_SCRIPTS = 40
_MAX_NODES = 4_000
_MAX_STRINGS = 60
_MAX_TEXT_CHARS = 4_000
"""What is read of a page's JSON-LD: characters of a script, scripts, nodes, strings of a list, characters of a string.
Chosen so that hostile data ends."""

_ARTICLE_TYPES = frozenset({"report", "blogposting", "techarticle", "liveblogposting", "socialmediaposting"})
_WORK_TYPES = frozenset(
    {"recipe", "howto", "review", "creativework", "podcastepisode", "videoobject", "course", "guide"}
)
_PAGE_TYPES = frozenset({"webpage", "itempage", "faqpage", "qapage", "medicalwebpage", "aboutpage", "collectionpage"})
_SITE_TYPES = frozenset({"website", "blog"})

# What hangs below these names is another thing than the page: a teaser, a comment, what a product is.
_ELSEWHERE = word_set(
    """
    comment itemlistelement mentions about haspart blogpost blogposts relatedlink citation review reviews
    isbasedon suggestedanswer acceptedanswer offers breadcrumb potentialaction worksfor video itemreviewed
    associatedmedia image logo hasoffercatalog makesoffer aggregaterating step liveblogupdate
    """
)

_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_DECODER = json.JSONDecoder(strict=False)
_SALVAGED = re.compile(
    r'"(headline|datePublished|dateModified|dateCreated|articleSection|inLanguage)"\s{0,9}:\s{0,9}"([^"\\\n]{1,300})"'
)
_SALVAGED_TYPE = re.compile(r'"@type"\s{0,9}:\s{0,9}"(\w{0,20}(?:Article|Posting))"')
_SALVAGED_AUTHOR = re.compile(
    r'"author"\s{0,9}:[^\]"]{0,20}(?:"@type"[^,]{1,40},)?[^\]"]{0,20}"name"\s{0,9}:\s{0,9}"([^"\\\n]{1,200})"'
)


@dataclass(frozen=True, slots=True)
class Linked:
    """What the JSON-LD states, as written. `is_article` tells an article's own node from the page's or site's.

    `published` and `modified` are unread text; `sites` are names of the site and its publisher; `organizations` are
    those of the authors that are no person.
    """

    is_article: bool = False
    headlines: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    organizations: frozenset[str] = frozenset()
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    language: str | None = None
    canonical: str | None = None
    image: str | None = None
    sites: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


def read(scripts: Iterable[str], urls: frozenset[str] = frozenset()) -> Linked:
    """Return what the bodies of a page's `application/ld+json` scripts say; never raise.

    `urls` are the addresses the page goes by: of several articles, the one with such an address is the page's own.
    """
    roots: list[Any] = []
    for number, script in enumerate(scripts):
        if number >= _MAX_SCRIPTS:
            break
        roots.extend(parse(script))
    found = list(_walk(roots))
    by_id = _by_id(node for node, _ in found)
    own = _own_node(found, urls)
    return _linked(own, found, by_id)


def parse(script: str) -> list[Any]:
    """Return the JSON values in a script, mended where broken: comments, commas, entities, several in a row."""
    text = script[:_MAX_SCRIPT_CHARS].strip()
    for opening, closing in (
        ("<!--", "-->"),
        ("//<![CDATA[", "//]]>"),
        ("/*<![CDATA[*/", "/*]]>*/"),
        ("<![CDATA[", "]]>"),
    ):
        if text.startswith(opening):
            text = text.removeprefix(opening).removesuffix(closing).strip()
    if not text:
        return []
    for mended in (_same, _without_commas, html.unescape):
        if values := _decode(mended(text)):
            return values
    return _salvage(text)


def _same(text: str) -> str:
    return text


def _without_commas(text: str) -> str:
    return _TRAILING_COMMA.sub(r"\1", text)


def _decode(text: str) -> list[Any]:
    """Return the values that stand in `text` one after the other, or nothing where the first is broken."""
    values: list[Any] = []
    place = 0
    while place < len(text) and len(values) < _MAX_SCRIPTS:
        try:
            value, place = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        values.append(value)
        while place < len(text) and text[place] in " \t\r\n,;":
            place += 1
    return [value for value in values if isinstance(value, (dict, list))]


def _salvage(text: str) -> list[Any]:
    """Return one node with the plain fields that can be read from JSON beyond repair, if it is an article's."""
    kind = _SALVAGED_TYPE.search(text)
    if kind is None:
        return []
    node: Node = {"@type": kind[1]}
    for match in _SALVAGED.finditer(text):
        node.setdefault(match[1], match[2])
    if author := _SALVAGED_AUTHOR.search(text):
        node["author"] = {"name": author[1]}
    return [node]


def _walk(roots: list[Any]) -> Iterator[tuple[Node, bool]]:
    """Yield each node with whether it speaks of this page, breadth first, the first few thousand."""
    queue: list[tuple[Any, bool]] = [(root, True) for root in roots]
    place = 0
    while place < len(queue) and place < _MAX_NODES:
        value, here = queue[place]
        place += 1
        if isinstance(value, list):
            queue.extend((item, here) for item in value[: _MAX_NODES - len(queue)] if isinstance(item, (dict, list)))
        elif isinstance(value, dict):
            yield value, here
            for key, item in value.items():
                if isinstance(item, (dict, list)) and len(queue) < _MAX_NODES:
                    queue.append((item, here and str(key).lower() not in _ELSEWHERE))


def _by_id(nodes: Iterable[Node]) -> dict[str, Node]:
    known: dict[str, Node] = {}
    for node in nodes:
        name = node.get("@id")
        if isinstance(name, str) and len(node) > len(known.get(name, ())):
            known[name] = node
    return known


def types(node: Mapping[str, Any]) -> frozenset[str]:
    """Return the node's types in lower case without their vocabulary's address."""
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return frozenset(name.rsplit("/", 1)[-1].lower() for name in names if isinstance(name, str))


def is_article(node: Mapping[str, Any]) -> bool:
    """Say whether the node is an article or post."""
    return any(kind.endswith("article") or kind in _ARTICLE_TYPES for kind in types(node))


def _rank(node: Node) -> int:
    kinds = types(node)
    if is_article(node):
        return 3
    if kinds & _WORK_TYPES:
        return 2
    return 1 if kinds & _PAGE_TYPES else 0


def _own_node(found: list[tuple[Node, bool]], urls: frozenset[str]) -> Node | None:
    """Return the node that stands for the page: an article with its address, else the one that says most."""
    best: Node | None = None
    best_score = 0.0
    for node, here in found:
        rank = _rank(node)
        if not rank or not here:
            continue
        score = (
            rank * 10
            + (5 if _addresses(node) & urls else 0)
            + sum(1 for key in ("headline", "author", "datePublished") if node.get(key))
        )
        if score > best_score:
            best, best_score = node, score
    return best


def address(url: str) -> str:
    """Return a URL folded for comparison: no scheme, `www.`, query, fragment or last slash."""
    url = url.split("#", 1)[0].split("?", 1)[0].strip().lower()
    return url.partition("://")[2].removeprefix("www.").rstrip("/") or url


def _addresses(node: Node) -> set[str]:
    page = node.get("mainEntityOfPage")
    values = [node.get("url"), node.get("@id"), page]
    if isinstance(page, dict):
        values += [page.get("@id"), page.get("url")]
    return {address(value) for value in values if isinstance(value, str)}


def _linked(own: Node | None, found: list[tuple[Node, bool]], by_id: Mapping[str, Node]) -> Linked:
    sites = tuple(islice(_site_names(own, found, by_id), _MAX_STRINGS))
    if own is None:
        return Linked(sites=sites)
    article = is_article(own)
    pages = [node for node, here in found if here and _rank(node) == 1 and node is not own]
    nodes = [own, *pages] if _rank(own) > 1 else [own]
    people = list(_authors(own, by_id)) or [pair for page in pages[:2] for pair in _authors(page, by_id)]
    return Linked(
        is_article=article,
        headlines=tuple(
            _texts(own, ("headline", "name", "alternativeHeadline") if _rank(own) > 1 else ("headline", "name"))
        ),
        authors=tuple(dict.fromkeys(name for name, _ in people)),
        organizations=frozenset(name for name, is_person in people if not is_person),
        published=tuple(
            text for node in nodes for text in _texts(node, ("datePublished", "dateCreated", "uploadDate"))
        ),
        modified=tuple(text for node in nodes for text in _texts(node, ("dateModified",))),
        language=next((text for node in nodes for text in _strings(node.get("inLanguage"), by_id)), None),
        canonical=next(iter(_texts(own, ("url",))), None),
        image=next(iter(_images(own.get("image"), by_id)), None)
        or next(iter(_images(own.get("thumbnailUrl"), by_id)), None),
        sites=sites,
        reviewers=tuple(_strings(own.get("reviewedBy"), by_id)) or tuple(_of_pages(pages, by_id)),
        sections=tuple(_strings(own.get("articleSection"), by_id)),
        keywords=tuple(_strings(own.get("keywords"), by_id)),
    )


def _of_pages(pages: Iterable[Node], by_id: Mapping[str, Node]) -> Iterator[str]:
    """Yield who reviewed the page: schema.org has `reviewedBy` on web pages, not on articles."""
    return (name for page in pages for name in _strings(page.get("reviewedBy"), by_id))


def _texts(node: Node, keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        yield from _strings(node.get(key), {})


def _strings(value: object, by_id: Mapping[str, Node]) -> list[str]:
    """Return the texts in a value: a string, a node's name, a reference's name, or a list of those."""
    texts: list[str] = []
    for item in (value if isinstance(value, list) else [value])[:_MAX_STRINGS]:
        text: object = item
        if isinstance(item, dict):
            text = _resolve(item, by_id).get("name", item.get("@value"))
        if isinstance(text, (int, float)) and not isinstance(text, bool):
            text = str(text)
        if isinstance(text, str) and text.strip():
            texts.append(html.unescape(text[:_MAX_TEXT_CHARS]).strip())
    return texts


def _resolve(node: Node, by_id: Mapping[str, Node]) -> Node:
    name = node.get("@id")
    if isinstance(name, str) and "name" not in node:
        return by_id.get(name, node)
    return node


def _authors(node: Node, by_id: Mapping[str, Node]) -> Iterator[tuple[str, bool]]:
    """Yield the authors' names with whether each is a person."""
    for key in ("author", "authors", "creator"):
        value = node.get(key)
        people = value if isinstance(value, list) else [value]
        names = [pair for person in people[:_MAX_STRINGS] for pair in _person(person, by_id)]
        if names:
            yield from names
            return


def _person(value: object, by_id: Mapping[str, Node]) -> list[tuple[str, bool]]:
    if isinstance(value, str):
        return _person(by_id[value], {}) if value in by_id else [(html.unescape(value[:_MAX_TEXT_CHARS]), True)]
    if not isinstance(value, dict):
        return []
    node = _resolve(value, by_id)
    is_person = "organization" not in types(node)
    names = _strings(node.get("name"), by_id)
    if not names:
        parts = [part for key in ("givenName", "familyName") for part in _strings(node.get(key), by_id)]
        names = [" ".join(parts)] if parts else []
    return [(name, is_person) for name in names]


def _images(value: object, by_id: Mapping[str, Node]) -> Iterator[str]:
    for item in value[:_MAX_STRINGS] if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            name = item.get("@id")
            full = by_id.get(name, item) if isinstance(name, str) else item
            item = full.get("url") or full.get("contentUrl")
            item = item[0] if isinstance(item, list) and item else item
        if isinstance(item, str) and item.strip():
            yield item.strip()


def _site_names(own: Node | None, found: list[tuple[Node, bool]], by_id: Mapping[str, Node]) -> Iterator[str]:
    """Yield names of the site, the surest first: the site's own node, what the article is part of, its publisher."""
    for node, here in found:
        if here and types(node) & _SITE_TYPES:
            yield from _strings(node.get("name"), by_id)
            yield from _strings(node.get("alternateName"), by_id)
            yield from _strings(node.get("publisher"), by_id)
    if own is not None:
        yield from _strings(own.get("publisher"), by_id)
        yield from _strings(own.get("sourceOrganization"), by_id)
    for node, here in found:
        if here and "organization" in types(node):
            yield from _strings(node.get("name"), by_id)
