"""Find the address at which the site's owner edits a post, on systems that tell a post's number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_NUMBER: Final = re.compile(r"[0-9]{1,12}")
_BODY_CLASS: Final = re.compile(r"(?:^|\s)(?:postid|page-id)-(\d{1,12})(?:\s|$)")
_SHORTLINK: Final = re.compile(r"^(.*/)\?p=(\d{1,12})$")
_INTERFACE: Final = re.compile(r"^(.*/)wp-json/")
"""What WordPress prints of a post's number, and of where it is installed (`body_class`, `wp_shortlink_wp_head`,
`rest_output_link_wp_head`)."""


def edit_address(tree: HtmlElement, url: str) -> str | None:
    """Return where a post is edited in WordPress; `None` where the page tells no number, or another host's."""
    page = tree.find("body")
    numbered = _BODY_CLASS.search(page.get("class") or "") if page is not None else None
    number = numbered[1] if numbered else None
    root = None
    for rel, href in _links(tree, url):
        if rel == "shortlink" and (short := _SHORTLINK.match(href)):
            root, number = root or short[1], number or short[2]
        elif rel == "https://api.w.org/" and (found := _INTERFACE.match(href)):
            root = found[1]
    return edit_page(root, number, url) if root and number else None


def edit_page(root: str, number: str, url: str) -> str | None:
    """Return where WordPress, installed at `root`, edits the post `number`; `None` where that is no host of `url`."""
    if not _NUMBER.fullmatch(number) or not root.startswith(("http://", "https://")) or _host(root) != _host(url):
        return None
    return f"{root.rstrip('/')}/wp-admin/post.php?post={number}&action=edit"


def _links(tree: HtmlElement, url: str) -> Iterator[tuple[str, str]]:
    """Yield the kind and the absolute address of each link that a page has for machines."""
    for link in tree.iterfind(".//link"):
        try:
            yield (link.get("rel") or "").strip().lower(), urljoin(url, (link.get("href") or "").strip())
        except ValueError:
            continue


def _host(url: str) -> str:
    """Return the host that an address names, without `www.`; empty for one that can't be read."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.netloc.lower().removeprefix("www.")
