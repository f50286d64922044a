"""Tell a post from an archive, a home page, a plain page: by what the page says of itself and by who named it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper import urls
from scraper.judgement.pagesigns import ARTICLE_TYPES, MANY_ARTICLES, NOT_FOUND, Signs, signs
from scraper.judgement.pagetypes import Template, is_post_type, is_section_type
from scraper.model import Verdict
from scraper.text.lexicon import word_set
from scraper.urlwords import PAGE_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Signs", "judge", "signs"]

_LISTING_TYPES = word_set("collectionpage searchresultspage profilepage blog")
_PAGE_TYPES = word_set(
    "aboutpage contactpage checkoutpage product service jobposting event realestatelisting medicalprocedure "
    "therapeuticprocedure medicaltherapy physician"
)
_COLLECTION_TYPES = word_set("collectionpage searchresultspage profilepage")
_TITLE_PARTS = re.compile(r"\s[^\w\s]{1,3}\s|:\s")
_FEED_FOLDER = re.compile(r"/(?:feeds?|rss|atom)(?:/.*)?$")
_NEEDED = 2.5
"""What the weights of a page have to come to for a post. Set together with the weights below."""
_EXPORTED = 6.0
"""The score of what an export calls a post; chosen: beyond doubt."""
_LINKED = 0.25
_MOSTLY_LINKED = 0.6
_CONTENTS = 3
"""What a page of links is: a share of its words inside links, and so many links or teasers. Chosen with the weights
below."""
_BARE = 30
_STUB = 60
"""Words below which a page has no text of its own, and one that forwards at once is a stub; chosen: twice a bare
page's."""
_SURELY_NOT = -3.0
"""The score of what is clearly no post; chosen: far enough below 0 to stay so in the light of the site."""
_ARCHIVE = "it is an archive by its address, and shows posts"
_OTHER_TEMPLATES: dict[Template, str] = {
    "listing": "its theme marks it as an archive",
    "home": "its theme marks it as the home page",
    "page": "its theme marks it as a plain page",
    "attachment": "it is an attachment",
    "search": "it is a search result",
    "error": "its theme marks it as an error page",
}


def judge(page: Signs, url: str, evidence: Sequence[str]) -> Verdict:
    """Decide whether a page is a post. `evidence` are the sources of the tasks that named it, `import` or `export`.

    Who imports files says that they are posts, so that only what clearly is something else is refused. An export names
    its posts; nothing is left to decide.
    """
    sources = frozenset(evidence)
    if "export" in sources and sources <= {"import", "export"}:
        return Verdict(True, "the export calls it a post", _EXPORTED, dated=True)
    if "import" in sources and "export" not in sources:
        return _judge_file(page, url, sources)
    weighed = _weighed(_weigh(page, url, sources))
    score = _score(weighed)
    if score < 0 and (page.template in _OTHER_TEMPLATES or urls.kind_by_url(url) in ("listing", "page")):
        score = min(score, _SURELY_NOT)
    return _verdict(page, _reason(weighed, is_post=score >= 0), score)


def _verdict(page: Signs, reason: str, score: float) -> Verdict:
    return Verdict(
        score >= 0,
        reason,
        round(score, 2),
        page.dated or page.published,
        content_type=page.content_type,
        shows_day=page.dated,
        parts=page.parts,
        home=page.home,
        marks=page.marks,
    )


def _judge_file(page: Signs, url: str, evidence: frozenset[str]) -> Verdict:
    """Decide on a page that a person imported. One that has nothing else for it is a post of confidence 0."""
    weighed = _weighed(_weigh(page, url, evidence))
    score = _score(weighed)
    listing = _why_listing(page, url)
    other = _why_no_post(page)
    if why := listing or other or _why_plain(page):
        refused = _verdict(page, why, min(score, _SURELY_NOT))
        return replace(refused, is_listing=bool(listing), is_plain=not (listing or other))
    return _verdict(page, _reason(weighed, is_post=True), max(score, 0.0))


def _why_listing(page: Signs, url: str) -> str:
    """Say what makes an imported page one that presents others; `""` where nothing clearly does."""
    shown = max(page.teasers, page.articles)
    if page.template in ("home", "search") or (page.template == "listing" and (shown or not page.headed)):
        return _OTHER_TEMPLATES[page.template]
    if _shows_a_list(page, url):
        return _ARCHIVE
    is_article = page.template == "post" or bool(page.types & ARTICLE_TYPES)
    if is_article:
        return ""
    if page.types & _COLLECTION_TYPES:
        return "structured data calls it a collection"
    if page.outlinks >= _CONTENTS and page.link_share > _MOSTLY_LINKED and _is_bare(page):
        return "it is a list of links to other pages"
    rest = page.words - page.shown
    if page.teasers >= _CONTENTS and rest < page.shown / 4:
        return f"it lists {page.teasers + page.articles} posts"
    has_text = (page.headed and page.words >= 20 * shown) or rest >= max(_BARE, page.shown)
    is_archive = _file_kind(url) == "listing" or page.paged
    if _crowding(page) and (is_archive or not has_text):
        return f"it lists {page.teasers + page.articles} posts"
    if not is_archive:
        return ""
    if _is_home(url):
        is_list = shown > 1 if page.headed else shown or page.link_share > _LINKED
        return "it is the home page" if is_list else ""
    return _ARCHIVE if shown and not page.headed and page.words < 40 * shown else ""


def _shows_a_list(page: Signs, url: str) -> bool:
    """Tell whether a page presents posts at an address where no post stands, be it one, and in full."""
    is_list = not urls.is_made_up(url) and urls.is_list_address(url)
    return is_list and page.template != "post" and max(page.teasers, page.articles) > 0


def _is_bare(page: Signs) -> bool:
    """Return whether a page has next to no text of its own, and nothing that posts have."""
    return page.words < _BARE and not (page.headed or page.dated or page.published or page.og_type == "article")


def _why_no_post(page: Signs) -> str:
    """Say what makes an imported page no post beside that it is a listing; `""` where nothing clearly does."""
    if page.template in ("attachment", "error"):
        return _OTHER_TEMPLATES[page.template]
    if page.not_found and any(NOT_FOUND.match(part) for part in _TITLE_PARTS.split(page.title)):
        return "it says that the page was not found"
    if page.meta_refresh and page.words < _STUB:
        return "it only sends its readers on"
    return "" if page.words or page.seen else "it has no text"


def _why_plain(page: Signs) -> str:
    """Say as what a site's system keeps an imported page apart from its posts; `""` where it does not."""
    if page.template == "page":
        return _OTHER_TEMPLATES["page"]
    is_section = page.template == "custom" and is_section_type(page.content_type)
    return f"its theme calls it {page.content_type}" if is_section else ""


def _weighed(items: list[tuple[float, str]]) -> list[tuple[float, str]]:
    return [item for item in items if item[0]]


def _score(weighed: list[tuple[float, str]]) -> float:
    return sum(weight for weight, _ in weighed) - _NEEDED


def _reason(weighed: list[tuple[float, str]], *, is_post: bool) -> str:
    """Return the three weightiest things that speak for a decision."""
    for_it = sorted((item for item in weighed if (item[0] > 0) == is_post), key=lambda item: -abs(item[0]))
    return ", ".join(dict.fromkeys(text for _, text in for_it[:3])) or "nothing says it is a post"


def _weigh(page: Signs, url: str, evidence: frozenset[str]) -> list[tuple[float, str]]:
    return [
        _evidence(evidence),
        *_weigh_stated(page, is_told=_is_named_as_a_page(url)),
        *_weigh_structure(page),
        *_weigh_address(page, url, _address_kind(page, url, evidence)),
    ]


def _evidence(evidence: frozenset[str]) -> tuple[float, str]:
    known = (
        ("rest", 6.0, "the blog's API calls it a post"),
        ("export", 6.0, "the export calls it a post"),
        ("sitemap-posts", 4.0, "it is in the sitemap of posts"),
        ("feed", 3.0, "it is in the feed"),
        ("import", 3.0, "it was imported"),
        ("listing", 1.5, "a listing shows it as a post"),
        ("hreflang", 1.0, "it is a post in another language"),
    )
    return next(((weight, text) for name, weight, text in known if name in evidence), (0.0, ""))


def _is_named_as_a_page(url: str) -> bool:
    """Tell whether a page's address is that of an about page, an imprint and the like, which generators date too."""
    return re.sub(r"\.\w+$", "", urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1].lower()) in PAGE_WORDS


def _weigh_stated(page: Signs, *, is_told: bool) -> list[tuple[float, str]]:
    by_template: dict[Template, tuple[float, str]] = {
        "post": (4.0, "its theme marks it as a post"),
        "page": (-5.0, "its theme marks it as a plain page"),
        "listing": (-6.0, "its theme marks it as an archive"),
        "home": (-6.0, "its theme marks it as the home page"),
        "search": (-8.0, "it is a search result"),
        "error": (-12.0, "its theme marks it as an error page"),
        "attachment": (-8.0, "it is an attachment"),
        "custom": (_custom(page.content_type), f"its theme calls it {page.content_type or 'something else'}"),
    }
    is_told = is_told or (page.template in ("page", "custom") and not is_post_type(page.content_type))
    og_types = {"blog": -2.0, "website": -0.5, "profile": -3.0, "product": -3.0}
    article = bool(page.types & ARTICLE_TYPES)
    listing = bool(page.types & _LISTING_TYPES)
    return [
        by_template.get(page.template, (0.0, "")),
        *([] if is_told else _weigh_plugins(page)),
        (-4.0 if listing and not article else 0.0, "structured data calls it a collection"),
        (-2.5 if page.types & _PAGE_TYPES and not article else 0.0, "structured data calls it a plain page"),
        (og_types.get(page.og_type, 0.0), f"og:type is {page.og_type}"),
        (-1.0 if page.noindex else 0.0, "it asks not to be indexed"),
        (-10.0 if page.not_found else 0.0, "it says that the page was not found"),
    ]


def _weigh_plugins(page: Signs) -> list[tuple[float, str]]:
    """Weigh what plugins print on any page: it says nothing where the site's system calls the page something else."""
    return [
        (3.0 if page.types & ARTICLE_TYPES else 0.0, "structured data calls it an article"),
        (2.0 if page.og_type == "article" else 0.0, "og:type is article"),
        (1.5 if page.published else 0.0, "it states when it was published"),
    ]


def _custom(name: str) -> float:
    """Weigh a type of content of the site's own."""
    if is_post_type(name):
        return 1.0
    return -5.0 if is_section_type(name) else -2.0


def _weigh_structure(page: Signs) -> list[tuple[float, str]]:
    length = -3.0 if page.words < 20 else -1.0 if page.words < 60 else 2.0 if page.words >= 250 else 1.0
    return [
        (_crowding(page), f"it lists {page.teasers + page.articles} posts"),
        (length, f"{page.words} words of text"),
        (-2.0 if page.link_share > 0.6 else 0.0, "most of it is links"),
        (1.5 if page.dated else 0.0, "it shows a date at its headline"),
        (1.0 if page.commentable else 0.0, "it takes comments"),
        (0.5 if page.has_prev_next else 0.0, "it links to the posts beside it"),
        (0.5 if page.headlines == 1 else 0.0, "it has one headline"),
        (1.0 if page.headed else 0.0, "its headline is its title"),
        (-2.0 if page.paged else 0.0, "it has following pages"),
    ]


def _crowding(page: Signs) -> float:
    """Weigh the other posts that a page presents against its own text."""
    if (page.articles >= 2 and page.teasers >= 2) or page.articles >= 2 * MANY_ARTICLES:
        return -4.0
    if page.teasers >= 3 and page.words < 40 * page.teasers:
        return -1.5 if page.headed and page.words >= 20 * page.teasers else -4.0
    return -2.0 if page.teasers >= 8 and page.words < 100 * page.teasers else 0.0


def _weigh_address(page: Signs, url: str, kind: urls.UrlKind) -> list[tuple[float, str]]:
    by_kind = {"post": 1.0, "listing": -3.0, "page": -3.0, "feed": -6.0, "asset": -3.0, "variant": -6.0, "unknown": 0.0}
    return [
        (by_kind[kind], "its address is like that"),
        (-4.0 if _is_home(url) else 0.0, "it is the home page"),
        (-3.0 if urls.page_number(url) else 0.0, "it is a following page"),
        (-4.0 if _shows_a_list(page, url) else 0.0, _ARCHIVE),
        (
            -1.5 if not urls.is_made_up(url) and _is_outside(url, page.feeds) else 0.0,
            "it lies outside the blog's folder",
        ),
    ]


def _address_kind(page: Signs, url: str, evidence: frozenset[str]) -> urls.UrlKind:
    """Return what an address looks like: no archive where a place names it as a page and it lists nothing."""
    kind = _file_kind(url) if "import" in evidence else urls.kind_by_url(url)
    is_doubted = kind in ("listing", "variant") and not _is_home(url) and not urls.page_number(url)
    is_named = bool(evidence & {"rest", "sitemap-posts", "feed", "listing", "sitemap", "doubt"})
    return "unknown" if is_doubted and is_named and page.teasers < _CONTENTS and not page.paged else kind


def _file_kind(url: str) -> urls.UrlKind:
    """Guess from an imported file's address; one that was made up says nothing, one with a query says it there."""
    if urls.is_made_up(url):
        return "unknown"
    parts = urlsplit(url)
    return urls.kind_by_url(f"{parts.scheme}://{parts.netloc}/?{parts.query}" if parts.query else url)


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _is_outside(url: str, feeds: tuple[str, ...]) -> bool:
    """Tell whether the page's feeds all belong to a folder that the page is not in."""
    folders = [re.sub(r"[^/]*$", "", _FEED_FOLDER.sub("/", urlsplit(feed).path)) for feed in feeds]
    return bool(folders) and all(folder != "/" and not urlsplit(url).path.startswith(folder) for folder in folders)
