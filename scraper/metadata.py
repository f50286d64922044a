"""Read what a page says of its post: title, author, dates, language, canonical URL, categories, tags, lead image.

JSON-LD is asked first, then OpenGraph and other meta elements, microdata, and what stands around the headline.
Where the page has nothing, the answer is nothing: no date from a copyright line, no author from a comment.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, cast
from urllib.parse import urljoin, urlsplit

from lxml import etree

from scraper.facts import bylines, datelines, dates, jsonld, labels, names, titles
from scraper.facts.edit_address import edit_address
from scraper.facts.metawords import (
    META_AUTHORS,
    META_FAMILY_FIRST,
    META_IMAGES,
    META_MODIFIED,
    META_PUBLISHED,
    META_SECTIONS,
    META_SITES,
    META_TAGS,
    META_TITLES,
)
from scraper.facts.visible import Line, find_headline, is_elsewhere, lines_near, text_of
from scraper.model import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lxml.html import HtmlElement

_MAX_CHARS = 1_000
_MAX_LABELS = 40
_MAX_TITLE = 300
_MAX_HEADING = 160
"""A longer h1 gives way to a stated title: the longest title of 694 labelled pages has 156 characters."""

_LABEL = re.compile(r"\w{3,20}\s?:\Z")
_MIN_LABEL = 3
_SECOND_LEVEL = frozenset(("co", "com", "org", "net", "ac", "gov", "edu"))
"""Labels below a country's, as in `co.uk`, that name nobody."""
_CUT_HEADLINE = 100
"""Search engines read 110 characters of a headline, so that some programs cut it there."""
_SLIP = timedelta(days=4)
"""How long after the stated day a shown one still means the same; measured: of labelled pages that show
another day than they state, the label was the shown one on 12 of 12 (earlier) and 10 of 14 (later by more than this),
the stated one on 3 of 3 (later by less)."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,3}\Z", re.I)


_PUBLISHED_KEY = re.compile(
    r"publish(?:ed)?[-_:. ]?(?:date|time|on|at)?$|pub(?:lication)?[-_:. ]?date|"
    r"date[-_:. ]?(?:published|created|issued)|posted[-_ ]?on"
)
_PROPERTIES = etree.XPath("//*[@itemprop or @property][@content or @datetime]")
_DAY_PROPERTIES = frozenset(
    ("datePublished", "dateCreated", "schema:datePublished", "dc:date", "dc:created", "dcterms:issued")
)
_OTHER_KEY = re.compile(r"modif|updat|expir|image|video|last")


@dataclass(frozen=True, slots=True)
class _Head:
    """A page's statements about itself for programs, found in one walk."""

    meta: Mapping[str, list[str]]
    links: Mapping[str, str]
    title: str
    linked: jsonld.Linked
    headings: tuple[HtmlElement, ...]


@dataclass(frozen=True, slots=True)
class _PageContext:
    """A page with what all fields need."""

    tree: HtmlElement
    url: str
    head: _Head
    language: str | None
    latest: date
    headline: HtmlElement | None = None
    lines: tuple[Line, ...] = ()


def read(tree: HtmlElement, url: str, headers: Mapping[str, str] = {}) -> Metadata:
    """Return what the page says of its post; never raise.

    `headers` are lower-case. A day after the answer's `date` header (today, without one) is no day of publication.
    """
    head = _head(tree, url)
    language = _language(tree, head, headers)
    context = _PageContext(tree, url, head, language, _latest(headers))
    title, headline = _title(context)
    if headline is None and title:
        found = find_headline(tree, title)
        headline = found if found is not None else _first_heading(head, url)
    context = replace(context, headline=headline, lines=tuple(lines_near(headline)))
    published, modified = _dates(context)
    author, reviewer = _people_of(context)
    sections = [*head.linked.sections, *_said(head, META_SECTIONS)]
    categories, tags = labels.read(tree, headline, (sections, [*head.linked.keywords, *_said(head, META_TAGS)]))
    return Metadata(
        title=title,
        author=author,
        published=published,
        modified=modified,
        language=language,
        canonical=_canonical(context),
        image=_image(context),
        categories=categories,
        tags=tags,
        reviewer=reviewer,
        edit_url=edit_address(tree, url),
    )


def merge(stated: Metadata | None, seen: Metadata) -> Metadata:
    """Return `stated` filled up, field by field, with what was seen on the page.

    A feed calls tags categories too (RSS has no other word): where it states no tags, the page tells them apart.
    """
    if stated is None:
        return seen
    both = replace(seen, **{field.name: value for field in fields(stated) if (value := getattr(stated, field.name))})
    if stated.tags or not stated.categories:
        return both
    if seen.categories and set(seen.categories) <= set(stated.categories):
        return replace(both, categories=seen.categories)
    return replace(both, categories=tuple(name for name in stated.categories if name not in seen.tags))


def _latest(headers: Mapping[str, str]) -> date:
    """Return the last believable day: a day after the page was answered, as clocks and zones differ."""
    answered = dates.parse(headers.get("date", ""))
    return (answered or datetime.now(UTC).date()) + timedelta(days=1)


def _head(tree: HtmlElement, url: str) -> _Head:
    meta: dict[str, list[str]] = {}
    links: dict[str, str] = {}
    scripts: list[str] = []
    headings: list[HtmlElement] = []
    title = ""
    for node in tree.iter("meta", "link", "title", "script", "h1"):
        if node.tag == "meta":
            _add_meta(meta, node)
        elif node.tag == "link":
            for rel in (node.get("rel") or "").lower().split():
                links.setdefault(rel, (node.get("href") or "").strip())
        elif node.tag == "title":
            title = title or (text_of(node) if _parent_tag(node) != "svg" else "")
        elif node.tag == "script":
            if "ld+json" in (node.get("type") or "").lower() and node.text:
                scripts.append(node.text)
        elif len(headings) < _MAX_LABELS:
            headings.append(node)
    addresses = {url, links.get("canonical", ""), *meta.get("og:url", ())} - {""}
    linked = jsonld.read(scripts, frozenset(jsonld.address(name) for name in addresses))
    return _Head(meta, links, title, linked, tuple(headings))


def _parent_tag(node: HtmlElement) -> object:
    parent = node.getparent()
    return None if parent is None else parent.tag


def _add_meta(meta: dict[str, list[str]], node: HtmlElement) -> None:
    name = node.get("property") or node.get("name") or node.get("itemprop") or node.get("http-equiv")
    content = (node.get("content") or "").strip()
    if name and content:
        values = meta.setdefault(name.strip().lower(), [])
        if len(values) < _MAX_LABELS:
            values.append(content[: 4 * _MAX_CHARS])


def _said(head: _Head, keys: Iterable[str]) -> Iterator[str]:
    """Yield the meta elements' values under the keys, in the keys' order."""
    for key in keys:
        for value in head.meta.get(key, ()):
            yield html.unescape(value).strip()


# Title


def _title(context: _PageContext) -> tuple[str | None, HtmlElement | None]:
    """Return the post's title and the element that shows it.

    A heading that the stated titles contain is the title; else a page's only h1, as titles for search engines differ
    from it; else what is stated.
    """
    sites = _site_names(context.head, context.url)
    stated = _stated_titles(context.head, sites, context.url)
    shown = {titles.fold(text): (text, node) for node in reversed(context.head.headings) if (text := _shown(node))}
    proper = [(text, node) for text, node in reversed(shown.values()) if not titles.is_site(text, sites)]
    for text, node in proper:
        if _is_stated(text, stated):
            return titles.without_site(text, sites), node
    for text, node in proper:
        if not _leads_home(node) and any(titles.opens(title, text) for title in stated):
            return text, node
    if subheading := _subheading(context.tree, stated, sites):
        return subheading
    alike = proper if len(proper) == 1 or not stated else [pair for pair in proper if _is_alike(pair[0], stated[0])]
    if alike and len(alike[0][0]) < (_MAX_HEADING if stated else _MAX_TITLE):
        return _chosen(*alike[0], stated, context)
    if all(titles.is_site(title, sites) for title in stated) and (heading := _post_heading(context.tree)) is not None:
        return text_of(heading), heading
    if stated:
        return stated[0], None
    return next(iter(shown.values()), (None, None))


def _post_heading(tree: HtmlElement) -> HtmlElement | None:
    """Return the first smaller heading of an article, or with a permanent link: where all else is the site's name."""
    found = (
        node
        for node in islice(tree.iter("h2", "h3"), _MAX_LABELS)
        if next(node.iterancestors("article"), None) is not None
        or any("bookmark" in (link.get("rel") or "").split() for link in node.iter("a"))
    )
    return next((node for node in found if text_of(node)), None)


def _shown(node: HtmlElement) -> str:
    """Return a heading's text; characters that were escaped twice are what they stand for."""
    text = text_of(node)
    return html.unescape(text) if "&" in text and ";" in text else text


def _leads_home(node: HtmlElement) -> bool:
    """Tell whether a heading links to the front page, as a site's name does."""
    links = [*node.iter("a"), *node.iterancestors("a")]
    return any(_path(link.get("href") or "") == "/" for link in links)


def _first_heading(head: _Head, url: str) -> HtmlElement | None:
    """Return the first h1 that is not the site's name: where a page shows another title than it states."""
    sites = _site_names(head, url)
    return next((node for node in head.headings if (text := text_of(node)) and not titles.is_site(text, sites)), None)


def _subheading(tree: HtmlElement, stated: list[str], sites: Sequence[str]) -> tuple[str, HtmlElement] | None:
    """Return the first h2 or h3 that is a stated title, or one but for what follows a separator."""
    names = {name for title in stated for name in (titles.fold(title), *titles.fronts(title, sites))} - {""}
    for node in islice(tree.iter("h2", "h3"), _MAX_LABELS):
        text = text_of(node)
        if titles.fold(text) in names:
            return text, node
    return None


def _is_stated(heading: str, stated: list[str]) -> bool:
    """Say whether a heading is a stated title or a part of one, and no name before another one."""
    known = {titles.fold(title) for title in stated}
    name = titles.fold(heading)
    return any(
        titles.heading_in(title, heading) and titles.fold(title).removeprefix(name) not in known for title in stated
    )


def _is_alike(heading: str, title: str) -> bool:
    """Say whether a heading and a title share two longer words and most of those of the one with fewer."""
    fewer = min(titles.shared_words(text, text) for text in (heading, title))
    return titles.shared_words(heading, title) >= max(2, 0.6 * fewer) and 2 * len(heading) > len(title)


def _chosen(text: str, node: HtmlElement, stated: list[str], context: _PageContext) -> tuple[str, HtmlElement | None]:
    """Return a lone h1, unless it holds more than the title or is about something else."""
    for title in stated:
        rest = titles.rest_of(text, title)
        if rest and (dates.parse(rest, context.language or "") or _LABEL.match(rest)):
            return title, node
    if stated:
        in_url, stated_in_url = (titles.shared_words(title, context.url) for title in (text, stated[0]))
        if stated_in_url > in_url and (stated_in_url > in_url + 2 or not titles.shared_words(text, stated[0])):
            return stated[0], None
    return titles.without_site(text, _site_names(context.head, context.url)), node


def _stated_titles(head: _Head, sites: Sequence[str], url: str) -> list[str]:
    """Return the titles that the page states to programs, the surest first, without the names of site and section."""
    folders = [titles.fold(part) for part in _path(url).split("/")[1:-1]]
    sections = [titles.fold(text) for text in (*head.linked.sections, *_said(head, META_SECTIONS))]
    named = [*_said(head, META_TITLES), head.title]
    named = [*head.linked.headlines[:1], *named] if head.linked.is_article else [*named, *head.linked.headlines[:1]]
    stated = [
        title for name in named if (title := titles.without_site(" ".join(name.split()), sites, sections, folders))
    ]
    proper = [title for title in dict.fromkeys(stated) if not titles.is_site(title, sites)] or stated
    if proper and any(len(title) > len(proper[0]) and title.startswith(proper[0]) for title in proper):
        longer = next(title for title in proper if len(title) > len(proper[0]) and title.startswith(proper[0]))
        if longer[len(proper[0]) :][:1].isalnum() or len(proper[0]) > _CUT_HEADLINE:
            proper.insert(0, longer)
    return proper


def _site_names(head: _Head, url: str) -> tuple[str, ...]:
    """Return the folded names that the site goes by: its own words, and its host's labels."""
    host = (_split(url) or "").removeprefix("www.").split(":")[0]
    parts = [label for label in host.split(".")[:-1] if label not in _SECOND_LEVEL]
    labels = [label for label in parts if len(label) > _MIN_LABEL or label == parts[-1]]
    whole = {titles.fold(text) for text in (*_said(head, META_TITLES), head.title)}
    said = [name for text in (*_said(head, META_SITES), *head.linked.sites) if (name := titles.fold(text)) not in whole]
    known = [*said, *(titles.fold(label) for label in labels), titles.fold(host)]
    return tuple(dict.fromkeys(name for name in known if len(name) > 1))


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _split(url: str) -> str | None:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return None


# Author


def _people_of(context: _PageContext) -> tuple[str | None, str | None]:
    """Return the authors and the reviewers.

    The authors are those stated, unless they are but an account or the site and the byline knows more. A guest whom the
    post itself names comes before the account that put it up, and who reviewed a post did not write it.
    """
    language = context.language or "en"
    sites = _site_names(context.head, context.url)
    linked = context.head.linked
    credited, shown_reviewers = bylines.credited(context.lines, language)
    reviewers = shown_reviewers or tuple(_people([linked.reviewers], sites, language))

    def wrote(people: Iterable[str]) -> list[str]:
        return [name for name in people if credited == () or name not in reviewers]

    stated = wrote(_people(_stated_authors(context), sites, language))
    near = [name for name in bylines.near_headline(context.lines, language) if name not in shown_reviewers]
    shown = _people([credited, near], sites, language)
    guests = list(bylines.guests(context.lines, language)) or _other_writer(context, stated, sites)
    if guests or (stated and not (shown and _knows_more(shown, stated, sites))):
        return names.join(guests or stated), names.join(reviewers)
    found = shown or wrote(bylines.anywhere(context.tree, context.headline, language)) or stated
    found = found or list(bylines.corroborated(context.tree, context.lines, language))
    found = found or [name for text in linked.authors if (name := names.whole(text))]
    return names.join(found), names.join(reviewers)


def _other_writer(context: _PageContext, stated: Sequence[str], sites: Sequence[str]) -> list[str]:
    """Return the people of a byline in words ("By Ada Long") that shares no word with the account that is stated."""
    led = bylines.led(context.lines, context.language or "en")
    are_people = all(1 < len(name.split()) < 5 and not titles.is_site(name, sites) for name in led)
    known = {word for name in stated for word in name.casefold().split()}
    return list(led) if are_people and known and known.isdisjoint(" ".join(led).casefold().split()) else []


def _people(sources: Iterable[Iterable[str]], sites: Sequence[str], language: str) -> list[str]:
    """Return the names of the first source that has any; the site's own only where nobody else is named."""
    for source in sources:
        if found := [name for text in source for name in names.clean(text, language)]:
            return [name for name in found if not titles.is_site(name, sites)] or found
    return []


def _knows_more(shown: list[str], stated: list[str], sites: Sequence[str]) -> bool:
    if set(stated) < set(shown) and all(" " in name for name in shown):
        return True
    return all(" " not in name or titles.is_site(name, sites) for name in stated) and " " in shown[0]


def _stated_authors(context: _PageContext) -> Iterator[Sequence[str]]:
    linked, meta = context.head.linked, context.head.meta
    yield [name for name in linked.authors if name not in linked.organizations]
    for key in META_AUTHORS:
        values = [html.unescape(value) for value in meta.get(key, ())]
        yield [_in_order(value) for value in values] if key in META_FAMILY_FIRST else values
    yield list(_labelled(meta, context.language or "en"))


def _in_order(name: str) -> str:
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and "," not in given else name


def _labelled(meta: Mapping[str, list[str]], language: str) -> Iterator[str]:
    """Yield what a Twitter card's label, such as "Written by", says of the author."""
    for label, data in (("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")):
        if names.split_lead("".join(meta.get(label, ())[:1]), language) == (True, ""):
            yield from meta.get(data, ())[:1]


# Dates


def _dates(context: _PageContext) -> tuple[date | None, date | None]:
    head, language, latest = context.head, context.language or "", context.latest
    stated = _first_day([*head.linked.published, *_said(head, META_PUBLISHED)], latest, language)
    if stated is None:
        stated = _first_day(_marked_up(context.tree, context.headline), latest, language)
    if stated is None:
        generic = (_believable(dates.parse(text, language), latest) for text in _generic(head))
        stated = min((day for day in generic if day), default=None)
    changed = _first_day([*head.linked.modified, *_said(head, META_MODIFIED)], latest, language)
    shown = [day for day in datelines.shown_days(context.lines, context.headline, language) if day.day <= latest]
    if stated is None and not any(not day.is_change for day in shown):
        known = {day.day for day in shown}
        marked = datelines.marked_days(context.tree, context.headline, language)
        shown += [day for day in marked if day.day <= latest and day.day not in known]
    published = _agreed(stated, shown, _believable(dates.from_url(context.url), latest))
    original = _believable(datelines.original_day(context.tree, context.headline, language), latest)
    published = min((day for day in (published, original) if day), default=None)
    changes = [day.day for day in shown if day.is_change]
    modified = changed or (changes[0] if changes else None)
    if published and modified and modified < published:
        modified = None
    return published, modified


def _agreed(stated: date | None, shown: list[datelines.Day], in_url: date | None) -> date | None:
    """Return the day of publication from what programs are told, what readers are shown, and the URL.

    A stated day is never replaced by a later one: many themes show the day of the last change without saying so.
    """
    first = next((day for day in shown if not day.is_change), None)
    if stated is None:
        return in_url or (first.day if first else None)
    if in_url and in_url <= stated + timedelta(days=1):
        return in_url
    if any(day.day == stated and not day.is_change for day in shown):
        return stated
    if first and first.day < stated and not _is_swapped(first.day, stated):
        return first.day
    return stated


def _marked_up(tree: HtmlElement, headline: HtmlElement | None) -> Iterator[str]:
    """Yield the days of publication that microdata or RDFa give for programs, beside what they show."""
    for node in cast("list[HtmlElement]", _PROPERTIES(tree)):
        named = {*(node.get("itemprop") or "").split(), *(node.get("property") or "").split()}
        if node.tag != "meta" and not named.isdisjoint(_DAY_PROPERTIES) and not is_elsewhere(node, headline):
            yield node.get("content") or node.get("datetime") or ""


def _is_swapped(one: date, other: date) -> bool:
    """Say whether two days differ but for the order in which day and month were read."""
    return (one.year, one.month, one.day) == (other.year, other.day, other.month)


def _generic(head: _Head) -> Iterator[str]:
    """Yield the values of meta elements whose name says a day of publication in words of its own."""
    for key, values in head.meta.items():
        if _PUBLISHED_KEY.search(key) and not _OTHER_KEY.search(key):
            yield from values


def _first_day(texts: Iterable[str], latest: date, language: str) -> date | None:
    return next((day for text in texts if (day := _believable(dates.parse(text, language), latest))), None)


def _believable(day: date | None, latest: date) -> date | None:
    return day if day and day <= latest else None


# Language, addresses, labels


def _language(tree: HtmlElement, head: _Head, headers: Mapping[str, str]) -> str | None:
    said = [
        *(tree.get(name) for name in ("lang", "{http://www.w3.org/XML/1998/namespace}lang", "xml:lang")),
        *head.meta.get("content-language", ()),
        *head.meta.get("og:locale", ()),
        head.linked.language,
        headers.get("content-language"),
    ]
    for value in said:
        tag = (value or "").split(",")[0].strip()
        if _LANGUAGE.match(tag):
            return tag.replace("_", "-")
    return None


def _absolute(address: str, url: str) -> str | None:
    try:
        whole = urljoin(url, address.strip())
        parts = urlsplit(whole)
    except ValueError:
        return None
    return whole if parts.scheme in ("http", "https") and parts.netloc and len(whole) < 4 * _MAX_CHARS else None


def _canonical(context: _PageContext) -> str | None:
    said = [context.head.links.get("canonical", ""), *context.head.meta.get("og:url", ())]
    return next((address for name in said if name and (address := _absolute(name, context.url))), None)


def _image(context: _PageContext) -> str | None:
    said = [*_said(context.head, META_IMAGES), context.head.linked.image or "", context.head.links.get("image_src", "")]
    return next((address for name in said if name and (address := _absolute(name, context.url))), None)
