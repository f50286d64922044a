"""Know the other views of a post that came as pages of their own: for print, as AMP, with a form to reply."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from scraper import urls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.html import HtmlElement

    from scraper.judgement.judged import Judged

_MOST_MARKS: Final = 6
_LEAST_WORDS: Final = 6
"""How many of its longest texts stand for a page, and the words that each has at least; chosen: enough to tell posts
apart, and longer than what themes print."""
_ALIKE: Final = 2 / 3
"""Share of these texts that a view of a post has in common with it; chosen: a view for print may lack some of them."""
_VIEW: Final = re.compile(
    r"/(?:amp|print)(?:/|/index\.\w{3,5})?$|\.amp(?=\.html$)|\.amp$|/amp(?=\.html$)", re.IGNORECASE
)


def home_of(tree: HtmlElement, url: str) -> str:
    """Return the address that a page gives as its own, else its address without what makes it another view.

    `""` for a file that states none and whose address was made up.
    """
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            try:
                return urls.canonical(link.get("href") or "", url)
            except ValueError:
                break
    if urls.is_made_up(url):
        return ""
    if urls.kind_by_url(url) != "variant":
        return url
    plain, _, query = url.partition("?")
    return _VIEW.sub("/", plain) if _VIEW.search(plain) else plain if query else url


def marks_of(tree: HtmlElement) -> tuple[str, ...]:
    """Return digests of a page's longest paragraphs, by which two views of one text are known."""
    texts = {" ".join(element.text_content().split()) for element in tree.iter("p", "li", "blockquote")}
    longest = sorted((text for text in texts if len(text.split()) >= _LEAST_WORDS), key=lambda text: (-len(text), text))
    return tuple(blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest() for text in longest[:_MOST_MARKS])


def copies(pages: Mapping[int, Judged]) -> dict[int, int]:
    """Return for each page that shows the same as another one, and gives the same address as its own, that other.

    Either alone deceives: canonical links are often broken, and posts share paragraphs. What an export, a feed or an
    API names is a post of its own.
    """
    groups: dict[str, list[int]] = {}
    for page_id, page in pages.items():
        if page.verdict.is_post and page.verdict.home and page.verdict.marks:
            groups.setdefault(urls.same_page_key(page.verdict.home), []).append(page_id)
    found: dict[int, int] = {}
    for home, group in groups.items():
        first = min(group, key=lambda page_id: _rank(pages[page_id], home))
        for other in group:
            if other != first and not _is_named(pages[other]) and _is_alike(pages[first], pages[other]):
                found[other] = first
    return found


def lists(pages: Mapping[int, Judged]) -> dict[int, int]:
    """Return for each page at an archive's address that says nothing but what posts say, one of these.

    The archive of a label with one post shows that one whole, under a link to it. One text in common is no sign: posts
    share paragraphs.
    """
    posts: dict[str, int] = {}
    archives = []
    for page_id, page in pages.items():
        if page.verdict.is_post and page.verdict.marks:
            if urls.kind_by_url(page.url) == "listing" and not urls.is_made_up(page.url) and not _is_named(page):
                archives.append(page_id)
            else:
                posts.update(dict.fromkeys(page.verdict.marks, page_id))
    found: dict[int, int] = {}
    for page_id in archives:
        marks = pages[page_id].verdict.marks
        shown = [posts[mark] for mark in marks if mark in posts]
        if len(shown) >= max(2, _ALIKE * len(marks)):
            found[page_id] = shown[0]
    return found


def _rank(page: Judged, home: str) -> tuple[bool, bool, bool, int, str]:
    is_home = urls.same_page_key(page.url) == home and urls.kind_by_url(page.url) != "variant"
    return (
        not is_home,
        not _is_named(page),
        urls.kind_by_url(page.url) == "variant" or bool(re.search(r"(?:%3F|[?&])\w+=|/amp(?:/|$)", page.url)),
        len(urlsplit(page.url).path),
        page.url,
    )


def _is_named(page: Judged) -> bool:
    return bool({"export", "rest", "feed"} & set(page.evidence))


def _is_alike(one: Judged, other: Judged) -> bool:
    first, second = set(one.verdict.marks), set(other.verdict.marks)
    return len(first & second) >= _ALIKE * min(len(first), len(second))
