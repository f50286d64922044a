"""Know the parts of a post that is split over several addresses: `/long/`, `/long/2/`, `/long/3/`; `?page=2`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scraper import urls
from scraper.discovery.found import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lxml.html import HtmlElement

    from scraper.discovery.links import Link
    from scraper.judgement.judged import Judged

MAX_PARTS: Final = 60
"""Parts of a post that are followed; the longest known posts have a tenth of it, a page that always names a next one
has no end."""

_BARE_NUMBER: Final = re.compile(r"/(\d{1,2})(?:/|/index\.\w{3,5})?$")
_IS_NUMBER: Final = re.compile(r"^\W*(?:[^\W\d]{1,9}\W{1,3})?\d{1,2}\W*$")


def numbered(url: str) -> tuple[str, int] | None:
    """Return the address of the first part and the part's number, `None` for what can be no part but the first.

    In a path the second part is 2, in a query it may be 1: some systems count from 0.
    """
    found = urls.page_number(url)
    if found is None and "?" not in url and (bare := _BARE_NUMBER.search(url)):
        found = (url[: bare.start()] + "/", int(bare[1]))
    if found is None or urls.kind_by_url(url) == "variant":
        return None
    return found if ("?" not in url) < found[1] <= MAX_PARTS else None


def parts_of(tree: HtmlElement, links: Sequence[Link], url: str, site: str) -> tuple[str, ...]:
    """Return the addresses of the other parts that a page names of its own post, in page order."""
    own = numbered(url)
    first = urls.same_page_key(own[0] if own else url)
    found: dict[str, None] = {}
    for address in _named(tree, links, url, site):
        number = numbered(address)
        if number and urls.same_page_key(number[0]) == first:
            found[address] = None
    found.pop(url, None)
    return tuple(found)[:MAX_PARTS]


def _named(tree: HtmlElement, links: Sequence[Link], url: str, site: str) -> Iterator[str]:
    """Yield what a page calls a page of itself: `rel=next`, links that are numbers, links of a pager."""
    for element in tree.iter("link"):
        if "next" in (element.get("rel") or "").lower().split() and (
            address := resolve(element.get("href"), url, site)
        ):
            yield address
    for link in links:
        is_named = link.place == "pager" or link.rel & {"next", "prev"} or _IS_NUMBER.match(link.text)
        if is_named and link.place != "comments":
            yield link.url


def assemble(pages: Mapping[int, Judged]) -> dict[int, list[int]]:
    """Return for each post that is split the pages that hold its further parts, in order.

    Only the first part's post is a post; a page that its chain does not name is none of its parts.
    """
    by_key = {urls.same_page_key(page.url): page_id for page_id, page in pages.items()}
    assembled: dict[int, list[int]] = {}
    for page_id, page in pages.items():
        if page.verdict.is_post and page.verdict.parts and numbered(page.url) is None:
            assembled[page_id] = _chain(page, pages, by_key)
    return {page_id: chain for page_id, chain in assembled.items() if chain}


def _chain(first: Judged, pages: Mapping[int, Judged], by_key: Mapping[str, int]) -> list[int]:
    found: dict[int, int] = {}
    waiting = list(first.verdict.parts)
    while waiting and len(found) < MAX_PARTS:
        address = waiting.pop()
        page_id = by_key.get(urls.same_page_key(address))
        number = numbered(address)
        if page_id is None or number is None or page_id in found:
            continue
        found[page_id] = number[1]
        waiting += pages[page_id].verdict.parts
    return sorted(found, key=lambda page_id: found[page_id])


def other_parts(assembled: Mapping[int, Iterable[int]]) -> dict[int, int]:
    """Return for each further part the page that its post begins on."""
    return {part: first for first, chain in assembled.items() for part in chain}
