"""Find on a page the posts that it lists or links to, its following pages, archives, feeds and APIs."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import islice
from statistics import fmean, median
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper import urls
from scraper.discovery import feeds, wordpress
from scraper.discovery.found import resolve
from scraper.discovery.links import MAX_LINKS, Link, is_read_more, text_of
from scraper.model import Task
from scraper.text.lexicon import word_set
from scraper.urlwords import BLOG_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lxml.html import HtmlElement

_ENOUGH = 3.0
_LIST = 2.0
_LONG_LIST = 3.0
_MAX_BLOG_LINKS = 6
_TITLE_CHARS = 14
_MAX_ARCHIVES = 400
_OLDER = re.compile(
    r"^\W*(?:older|next|earlier|more posts|more articles|load more|previous (?:posts|entries|articles|page)|ältere|"
    r"weiter|nächste|"
    r"frühere|vorherige (?:beiträge|seite)|siguientes?|anteriores|entradas (?:anteriores|antiguas)|más antiguas|"
    r"suivante?s?|"
    r"articles (?:plus anciens|précédents)|plus anciens?|précédente?s?|successiv[ioa]|articoli meno recenti|precedenti|"
    r"post più vecchi|volgende|oudere|próxim[ao]s?|seguinte|mais antig[ao]s|postagens mais antigas|äldre|nästa|eldre|"
    r"neste|"
    r"næste|ældre|starsze|następna|starší|další|следующая|старые|предыдущие|далее|sonraki|eski|seuraava|vanhemmat|"
    r"下一[页頁]|次(?:の|へ|ページ)|古い|이전|다음|»|›|→|>)",
    re.IGNORECASE,
)
_OLDER_CLASSES = word_set(
    "next nav-previous older older-posts blog-pager-older-link next-page page-next pagination-next next-posts "
    "pagination__next"
)
_ALL_POSTS = re.compile(
    r"^\W*(?:(?:view|see|show|browse|read)? ?(?:all|more) (?:posts|articles|news|stories|blog posts|entries)|"
    r"archives?|blog archive|"
    r"alle (?:beiträge|artikel)|archiv|todas las entradas|ver todo|archivo|tous les articles|tutti gli articoli|"
    r"archivio|"
    r"alle berichten|todos os posts|归档|存档|アーカイブ|記事一覧|목록)\W*$",
    re.IGNORECASE,
)
_BLOG_TEXT = re.compile(
    r"^\W*(?:(?:our|the|my|notre|unser|mein|nuestro|mi)? ?(?:blog|news|journal|magazine?|articles|posts|writing|"
    r"stories|weblog|"
    r"aktuelles|neuigkeiten|beiträge|noticias|artículos|entradas|actualités|notizie|articoli|nieuws|новости|блог|"
    r"статьи|"
    r"ブログ|博客|文章|블로그|insights)(?: ?(?:&|and|und|y|et) ?\w+)?)\W*$",
    re.IGNORECASE,
)
_BLOG_FOLDERS = {
    "en": ("blog", "news", "articles", "posts"),
    "de": ("aktuelles", "neuigkeiten"),
    "es": ("noticias", "articulos"),
    "fr": ("actualites", "actus"),
    "it": ("notizie", "articoli"),
    "pt": ("noticias", "artigos"),
    "nl": ("nieuws",),
    "sv": ("nyheter", "blogg"),
    "da": ("nyheder",),
    "nb": ("nyheter", "blogg"),
    "pl": ("aktualnosci",),
    "cs": ("aktuality", "novinky"),
    "fi": ("uutiset", "blogi"),
    "tr": ("haberler",),
    "ru": ("novosti",),
}
"""The folders that blogs lie in, by language; asked for only where nothing names a post."""
_BESIDE = frozenset({"prev", "next", "previous"})
_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/json", "application/rdf+xml"}
)


def teasers(links: Sequence[Link], page_url: str) -> list[str]:
    """Return the addresses that a listing page presents as posts, in page order."""
    by_url: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        if link.place in ("nav", "pager", "comments") or _same(link.url, page_url):
            continue
        if _may_be_post(link.url) or _is_presented(link):
            by_url[link.url].append(link)
    for link in links:
        if _bare_number(link, page_url):
            by_url.pop(link.url, None)
    lists = _lists(links)
    scores = {url: _score(url, found, lists) for url, found in by_url.items()}
    chosen = {url for url, score in scores.items() if score >= _ENOUGH}
    families = _families(chosen)
    chosen |= {url for url, score in scores.items() if score > 0 and urls.family(url) in families}
    return [url for url in by_url if url in chosen]


def linked_posts(links: Sequence[Link], page_url: str) -> list[str]:
    """Return the addresses that a post links to and that may be posts: those before and after it, related ones.

    Also those in its text that lie in its own folder or look like posts; these are often outdated.
    """
    family = urls.family(page_url)
    listed = set(teasers(links, page_url))
    own = urls.same_page_key(page_url)
    chosen: dict[str, None] = {}
    for link in links:
        if not _may_be_post(link.url) or urls.same_page_key(link.url) == own or link.place == "comments":
            continue
        near = urls.family(link.url) == family and (family != "/" or _looks_like_a_title(link.url))
        sibling = (near or urls.kind_by_url(link.url) == "post") and link.place in ("main", "pager")
        related = link.url in listed and (link.heading or link.place == "aside")
        if sibling or link.place == "pager" or link.rel & _BESIDE or related:
            chosen[link.url] = None
    return list(chosen)


def prev_next(links: Sequence[Link]) -> set[str]:
    """Return the addresses that a post calls the one before or after it."""
    return {link.url for link in links if link.rel & _BESIDE and link.place != "comments"}


def following(tree: HtmlElement, links: Sequence[Link], page_url: str, site: str) -> list[str]:
    """Return the next page of a listing: what calls itself so, else the next number."""
    stated = [
        url
        for element in tree.iter("link")
        if "next" in (element.get("rel") or "").lower().split()
        and (url := resolve(element.get("href"), page_url, site))
    ]
    stated += [link.url for link in links if "next" in link.rel]
    own = urls.page_number(page_url)
    stem, number = own if own else (page_url, 1)
    numbered: dict[int, str] = {}
    for link in links:
        found = urls.page_number(link.url) or _bare_number(link, stem)
        if found and found[1] > number and _same_listing(found[0], stem):
            numbered.setdefault(found[1], link.url)
    if numbered:
        stated.append(numbered[min(numbered)])
    if not stated:
        stated = [link.url for link in links if _is_older(link, page_url)]
    return [url for url in dict.fromkeys(stated) if not _same(url, page_url)][:1]


def next_guess(tree: HtmlElement, page_url: str) -> list[str]:
    """Return the next page of a WordPress listing that shows none, as those that load more while a reader scrolls."""
    if "wordpress" not in generator(tree):
        return []
    own = urls.page_number(page_url)
    stem, number = own if own else (page_url, 1)
    if "?" in stem or "paged=" in page_url:
        return [urls.canonical(f"{stem}{'&' if '?' in stem else '?'}paged={number + 1}")]
    return [urls.canonical(f"{stem.rstrip('/')}/page/{number + 1}/")]


def blog_elsewhere(tree: HtmlElement, base: str, site: str) -> str | None:
    """Return the blog on another host that a page links to: called a blog, or `blog.` before its own domain."""
    domain = urls.host_of(site).split(".")[-2:]
    for anchor in islice(tree.iter("a"), MAX_LINKS):
        try:
            url = urls.canonical(anchor.get("href") or "", base)
        except ValueError:
            continue
        labels = urls.host_of(url).split(".")
        is_sibling = len(domain) == 2 and labels[-2:] == domain and labels[0] in BLOG_WORDS
        text = text_of(anchor, 60)
        if not urls.on_host(url, site) and (is_sibling or (len(text) < 40 and _BLOG_TEXT.match(text))):
            return url
    return None


def blog_guesses(tree: HtmlElement, page_url: str, site: str) -> list[str]:
    """Return where a home page that names no blog may have one, in English and in its own language."""
    language = (tree.get("lang") or "").lower()[:2]
    names = dict.fromkeys([*_BLOG_FOLDERS["en"], *_BLOG_FOLDERS.get(language, ())])
    return [urls.canonical(f"{urls.folder_of(site)}{name}/", page_url) for name in names]


def archives(links: Sequence[Link]) -> list[str]:
    """Return the archives by month or year; where there are none, those by category, then by tag."""
    listed = [link.url for link in links if urls.kind_by_url(link.url) == "listing" and not urls.page_number(link.url)]
    by_date = [url for url in listed if urls.is_date_archive(url)]
    return list(dict.fromkeys(by_date or listed))[:_MAX_ARCHIVES]


def blog_pages(links: Sequence[Link], page_url: str) -> list[str]:
    """Return the pages that a home page calls its blog, news or list of all posts."""
    chosen: dict[str, None] = {}
    for link in links:
        segments = [segment for segment in link.url.split("/")[3:] if segment]
        if len(segments) > 3 or "?" in link.url or _same(link.url, page_url):
            continue
        named = bool(segments) and re.sub(r"\.\w+$", "", segments[-1].lower()) in BLOG_WORDS | {"archive", "archives"}
        called = len(link.text) < 40 and (_BLOG_TEXT.match(link.text) or _ALL_POSTS.match(link.text))
        if (named or called) and urls.kind_by_url(link.url) not in ("asset", "feed", "variant"):
            chosen[link.url] = None
    return list(chosen)[:_MAX_BLOG_LINKS]


def feed_tasks(tree: HtmlElement, base: str, site: str) -> tuple[Task, ...]:
    """Return the feeds that a page's head names, those of comments and archives left out."""
    found: dict[str, None] = {}
    for element in tree.iter("link"):
        rel = (element.get("rel") or "").lower().split()
        kind = (element.get("type") or "").lower().split(";")[0].strip()
        if "alternate" not in rel or kind not in _FEED_TYPES:
            continue
        url = resolve(element.get("href"), base, site)
        if url is None or urls.is_comment_feed(url) or "/wp-json/" in url or "oembed" in url:
            continue
        if kind == "application/json" and "feed" not in url:
            continue
        found[url] = None
    return tuple(Task(url, "feed", "feed", 1) for url in list(found)[:4])


def rest_tasks(tree: HtmlElement, header: str, base: str, site: str) -> tuple[Task, ...]:
    """Return the request for a WordPress blog's posts; the API's address stands in the head or the `Link` header."""
    roots = [element.get("href") for element in tree.iter("link") if element.get("rel") == wordpress.API_RELATION]
    roots += [
        match[1] for match in re.finditer(r"<([^<>]{1,500})>\s*;\s*rel=\"?https://api\.w\.org/\"?", header[:4000])
    ]
    for root in roots:
        if url := resolve(root, base, site):
            return (wordpress.posts_task(url, 0),)
    folder = _wordpress_folder(tree, base, site)
    return wordpress.guesses(base, site, folder) if folder is not None else ()


def twins(tree: HtmlElement, base: str, site: str) -> list[str]:
    """Return the same page in other languages (`hreflang`)."""
    found: dict[str, None] = {}
    for element in tree.iter("link"):
        if element.get("hreflang") and "alternate" in (element.get("rel") or "").lower().split():
            url = resolve(element.get("href"), base, site)
            if url is not None and not _same(url, base) and urls.in_site(url, site):
                found[url] = None
    return list(found)[:50]


def generator(tree: HtmlElement) -> str:
    """Return what the page says it was made with, in lower case."""
    for element in tree.iter("meta"):
        if (element.get("name") or "").lower() == "generator":
            return (element.get("content") or "").lower()
    return "wordpress" if _wordpress_folder(tree, "http://x.invalid/", "x.invalid") else ""


def feed_guess(tree: HtmlElement, base: str, site: str) -> tuple[Task, ...]:
    """Return the likeliest place of a feed for a page that names none."""
    return feeds.guesses(base, site, generator(tree))


def _wordpress_folder(tree: HtmlElement, base: str, site: str) -> str | None:
    for element in tree.iter("link", "script"):
        address = element.get("href") or element.get("src") or ""
        if "/wp-content/" in address or "/wp-includes/" in address:
            url = resolve(address, base, site) or (address if "x.invalid" in base else None)
            if url:
                path = re.sub(r"^https?://[^/]*", "", url)
                return re.split(r"wp-content/|wp-includes/", path)[0] or "/"
    return None


def _may_be_post(url: str) -> bool:
    return urls.kind_by_url(url) in ("post", "unknown")


def _is_presented(link: Link) -> bool:
    """Tell whether a page presents a link as a post so plainly, by headline and date, that its address is no matter."""
    is_doubtful = urls.kind_by_url(link.url) in ("listing", "variant", "page") and not urls.page_number(link.url)
    return is_doubtful and link.heading and link.dated and link.item


def _looks_like_a_title(url: str) -> bool:
    name = urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1]
    return len(name) >= _TITLE_CHARS or bool(re.search(r"[-_]\w", name))


def _lists(links: Sequence[Link]) -> Mapping[int, float]:
    """Return for each group of links that looks like a list of titles how sure that is."""
    groups: dict[int, dict[str, str]] = defaultdict(dict)
    for link in links:
        if link.place in ("main", "aside") and _may_be_post(link.url):
            groups[link.group].setdefault(link.url, link.text)
    sure: dict[int, float] = {}
    for group, titles in groups.items():
        lengths = [_length(title) for title in titles.values()]
        typical = max(fmean(lengths), median(lengths))
        if len(titles) >= 6 and typical >= 3:
            sure[group] = _LONG_LIST
        elif (len(titles) >= 3 and typical >= 3) or (len(titles) >= 8 and typical >= 2):
            sure[group] = _LIST
    return sure


def _length(title: str) -> float:
    """Return a title's length in words; scripts without spaces count two characters as one."""
    return max(len(title.split()), sum(1 for char in title if char > "\u2e7f") / 2)


def _score(url: str, links: Iterable[Link], lists: Mapping[int, float]) -> float:
    found = list(links)
    score = 2.0 if urls.kind_by_url(url) == "post" else 0.0
    score += 3.0 if any(link.heading for link in found) else 0.0
    score += 1.0 if any(link.item for link in found) else 0.0
    score += 2.0 if any(link.dated for link in found) else 0.0
    score += 1.5 if any(is_read_more(link.text) for link in found) else 0.0
    score += max((lists.get(link.group, 0.0) for link in found), default=0.0)
    score += 0.5 if max(_length(link.text) for link in found) >= 4 else 0.0
    return score - (1.0 if all(link.place == "aside" and not link.heading for link in found) else 0.0)


def _families(chosen: Iterable[str]) -> set[str]:
    counts: dict[str, int] = defaultdict(int)
    for url in chosen:
        counts[urls.family(url)] += 1
    return {family for family, count in counts.items() if count >= 3 and family != "/"}


def _bare_number(link: Link, stem: str) -> tuple[str, int] | None:
    """Return stem and number of `/blog/3/`, where the link's text or class says it is a page."""
    found = re.search(r"/(\d{1,4})/?$", link.url)
    if not found or not (link.text.strip() == found[1] or link.place == "pager" or _calls_older(link)):
        return None
    head = link.url[: found.start()] + "/"
    return (head, int(found[1])) if _same(head, re.sub(r"/\d{1,4}/?$", "/", stem)) else None


def _same_listing(stem: str, own: str) -> bool:
    return _same(stem, own) or _same(stem, re.sub(r"/\d{1,4}/?$", "/", own))


def _is_older(link: Link, page_url: str) -> bool:
    if link.place in ("nav", "comments") and not link.classes & _OLDER_CLASSES:
        return False
    if "updated-max=" in link.url:
        return True
    called = _calls_older(link)
    paged = urls.kind_by_url(link.url) == "listing" or urls.family(link.url) == urls.family(page_url) or "?" in link.url
    return (
        paged
        and (called or bool(link.classes & _OLDER_CLASSES))
        and (link.place == "pager" or "?" in link.url or called)
    )


def _calls_older(link: Link) -> bool:
    return len(link.text) < 40 and bool(_OLDER.match(link.text))


def _same(one: str, other: str) -> bool:
    return urls.same_page_key(one) == urls.same_page_key(other)
