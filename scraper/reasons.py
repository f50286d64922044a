"""Say in words that an editor understands why a block was kept or set aside."""

from __future__ import annotations

from typing import Final

CONTENT: Final = "content"
CONTENT_SITE: Final = "content-site"
CONTACT: Final = "contact"
EDITORIAL: Final = "editorial"
TITLE: Final = "title"
SIGNALS: Final = "signals"
NAMED: Final = "named"
OUTSIDE: Final = "outside"
COPY: Final = "copy"
REPEATED: Final = "repeated"
TEMPLATE_PLACE: Final = "template-place"
HIDDEN: Final = "hidden"
TRACKER: Final = "tracker"
WIDGET_SHAPE: Final = "widget-shape"
SHARE_LINE: Final = "share-line"
BYLINE: Final = "byline"
MENU: Final = "menu"
RELATED_POSTS: Final = "related-posts"
COMMENTS_FORM: Final = "comments-form"
CONSENT: Final = "consent"
RIGHTS: Final = "rights"
AUTHOR_TEXT: Final = "author-text"

_SENTENCES: Final = {
    CONTENT: "part of the post",
    CONTENT_SITE: "part of the post, where this site's posts have their text",
    CONTACT: "asks the reader to get in touch",
    EDITORIAL: "the same text",
    TITLE: "the post's title, kept as such and not repeated in the text",
    SIGNALS: "looks like part of the page's frame, by its links, length and place",
    NAMED: "the page itself marks it as {detail}",
    OUTSIDE: "stands outside the part of the page that holds the post",
    COPY: "stands in the post already: pages hold some parts twice, for wide and for narrow screens",
    REPEATED: "the same text",
    TEMPLATE_PLACE: "the same place in the frame",
    HIDDEN: "hidden from readers",
    TRACKER: "a code left by a tracking or advertising service",
    WIDGET_SHAPE: "has the shape of a form or box: short lines, a request and its confirmation",
    SHARE_LINE: "a line of sharing links",
    BYLINE: "names the author or the day, kept as facts about the post and not repeated in the text",
    MENU: "reads as a menu: short names of pages",
    RELATED_POSTS: "links to other posts under a heading that says so",
    COMMENTS_FORM: "readers' comments or the form for one",
    CONSENT: "a notice about cookies",
    RIGHTS: "a copyright line",
    AUTHOR_TEXT: "about the author, under a heading that says so",
}
_PLACES: Final = {"before": "before the article", "after": "after the article", "inside": "inside the article"}
_NAMES: Final = {
    "navigation": "navigation",
    "header": "the page's header",
    "footer": "the page's footer",
    "sidebar": "a sidebar",
    "comments": "readers' comments",
    "share": "sharing links",
    "related": "links to other posts",
    "author": "an author box",
    "subscribe": "a subscription box",
    "promotion": "a promotion",
    "consent": "a consent or legal notice",
    "meta": "details about the post",
    "tags": "categories and tags",
    "form": "a form",
    "listing": "a list of other posts",
    "hidden": "hidden",
    "contents": "a table of contents",
}
_COUNTED: Final = (REPEATED, TEMPLATE_PLACE, EDITORIAL)
_EDITORIAL: Final = (CONTACT, EDITORIAL)
_QUOTED: Final = 80
"""Signs of a sentence that a reason shows: a line of a terminal."""


def quoted(text: str) -> str:
    """Return the beginning of a sentence as a reason's detail."""
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED].rsplit(' ', 1)[0]}\u2026"


def sentence(code: str, detail: str = "", pages: int | None = None, of: int | None = None) -> str:
    """Return the reason as a phrase, with how many `pages` `of` the site's show the same where that is known.

    `detail` is a place ("before", "after", "inside") or what the markup calls the block. Unknown codes, as a library
    written by another version may hold them, come back as they are.
    """
    told = _SENTENCES.get(code, code.replace("-", " "))
    if "{detail}" in told:
        told = told.format(detail=_NAMES.get(detail, detail or "something else"))
    if code == CONTACT and detail:
        told += f" (\u201c{detail}\u201d)"
    if code in _COUNTED:
        told += f" on {pages:,} of {of:,} pages" if pages and of else " on other pages"
    if detail in _PLACES:
        told += f", {_PLACES[detail]}"
    return f"{told}: kept in the post, weighs less in search" if code in _EDITORIAL else told
