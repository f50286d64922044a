"""Say what the markup calls an element: by its tag, role, microdata, and the terms in its class and id.

The terms are those that theme authors use in markup, which is English everywhere; no text that a reader sees is
looked at.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.html import HtmlElement


class Term:
    """What an element is called, as bits of a plain number: an enumeration's operators cost ten times as much."""

    BODY: Final = 1 << 0
    CONTENT: Final = 1 << 1
    NAVIGATION: Final = 1 << 2
    HEADER: Final = 1 << 3
    FOOTER: Final = 1 << 4
    SIDEBAR: Final = 1 << 5
    COMMENTS: Final = 1 << 6
    SHARE: Final = 1 << 7
    RELATED: Final = 1 << 8
    AUTHOR: Final = 1 << 9
    SUBSCRIBE: Final = 1 << 10
    PROMOTION: Final = 1 << 11
    CONSENT: Final = 1 << 12
    META: Final = 1 << 13
    TITLE: Final = 1 << 14
    CAPTION: Final = 1 << 15
    HIDDEN: Final = 1 << 16
    CONTENTS: Final = 1 << 17
    LISTING: Final = 1 << 18
    FORM: Final = 1 << 19
    TAGS: Final = 1 << 20
    CODE: Final = 1 << 21
    ARTICLE: Final = 1 << 22
    MAIN: Final = 1 << 23
    LIST: Final = 1 << 24
    TABLE: Final = 1 << 25
    QUOTE: Final = 1 << 26
    FIGURE: Final = 1 << 27


NAMES: Final = tuple(name for name in vars(Term) if name.isupper())
"""The names of the bits, lowest first."""

NEGATIVE: Final = (
    Term.NAVIGATION
    | Term.HEADER
    | Term.FOOTER
    | Term.SIDEBAR
    | Term.COMMENTS
    | Term.SHARE
    | Term.RELATED
    | Term.AUTHOR
    | Term.SUBSCRIBE
    | Term.PROMOTION
    | Term.CONSENT
    | Term.META
    | Term.HIDDEN
    | Term.LISTING
    | Term.FORM
    | Term.TAGS
)
"""Terms that say nothing when they stand on an element that holds nearly the whole page."""

_WORDS: Final = {
    Term.BODY: "articlebody entrycontent postcontent postbody storybody richtext rte prose wysiwyg markdown hentry "
    "articlecontent blogcontent contentbody bodytext fulltext articletext",
    Term.CONTENT: "content entry post article story body text copy single blog blogpost paragraph block main news",
    Term.NAVIGATION: "nav menu navbar navigation breadcrumb breadcrumbs crumb crumbs crumbtrail pagination pager skip "
    "topbar submenu megamenu subnav sitemap links toolbar tabs dropdown burger",
    Term.HEADER: "header masthead hero banner head top branding logo",
    Term.FOOTER: "footer foot colophon copyright bottom",
    Term.SIDEBAR: "sidebar aside side rail widget widgets secondary complementary rightcol leftcol right left",
    Term.COMMENTS: "comment comments disqus discussion respond reply replies commentlist commenter livefyre hyvor "
    "utterances giscus response responses webmention webmentions pingback trackback",
    Term.SHARE: "share sharing social sns addtoany sharedaddy facebook twitter pinterest linkedin whatsapp follow like "
    "likes sociable addthis shariff clap tweet socials icons instagram",
    Term.RELATED: "related recommend recommended recommendation recommendations similar suggested popular trending "
    "latest recent upnext yarpp outbrain taboola adjacent prev previous next relatedposts crp jp readmore seealso "
    "further more explore discover featured recirc onward",
    Term.AUTHOR: "author authors bio byline profile avatar vcard biography writer contributor contributors abh "
    "authorbox saboxplugin gravatar reviewer editor",
    Term.SUBSCRIBE: "subscribe subscription newsletter signup optin email mailing mailchimp mailerlite convertkit "
    "hubspot hs leadgen mc4wp substack subscriber register ctct aweber inbox notify",
    Term.PROMOTION: "promo promotion ad ads advert adverts advertisement advertising sponsor sponsored cta offer "
    "affiliate shop product products callout donate donation paywall dfp gpt adsense marketing campaign pricing buy "
    "cart coupon deal upsell membership",
    Term.CONSENT: "cookie cookies consent gdpr ccpa privacy disclaimer disclaimers legal modal popup overlay lightbox "
    "dialog toast onetrust disclosure notice alert popover tooltip terms",
    Term.META: "meta date time posted published timestamp info details views rating ratings stats kicker eyebrow label "
    "reading readtime duration posttime metadata postmeta entrymeta updated badge print",
    Term.TITLE: "title headline heading subtitle dek deck excerpt summary intro lead standfirst subhead lede "
    "subheading",
    Term.CAPTION: "caption credit credits figcaption attribution wpcaption",
    Term.HIDDEN: "hidden hide sr screenreader visuallyhidden offscreen invisible collapse noprint "
    "assistive accessibility",
    Term.CONTENTS: "toc contents tableofcontents jump anchors ez",
    Term.LISTING: "card cards grid carousel slider slides slide teaser teasers tile tiles feed listing archive loop "
    "thumbnail thumb thumbs swiper slick gallery roundup collection items posts articles stories blogs",
    Term.FORM: "form search login signin account field fields input captcha",
    Term.TAGS: "tag tags category categories cat cats topic topics taxonomy keywords terms tagcloud taglist",
    Term.CODE: "code highlight hljs prettyprint syntaxhighlighter gist codeblock language",
    Term.FIGURE: "figure image images photo img picture media video embed",
    Term.QUOTE: "quote blockquote pullquote",
}
_ACCORDIONS: Final = frozenset(("accordion", "accordions", "collapsible", "faq", "faqs", "toggle", "toggles"))
_COMMENT_LISTS: Final = frozenset(
    [
        "comments",
        "commentlist",
        "discussion",
        "disqus",
        "respond",
        "responses",
        "replies",
        "commentform",
        "livefyre",
        "webmentions",
    ]
)
_STATE_FIRST: Final = frozenset(
    ("has", "have", "no", "not", "is", "with", "without", "hide", "show", "enable", "disable")
)
_STATE_LAST: Final = frozenset(
    (
        "open",
        "closed",
        "enabled",
        "disabled",
        "on",
        "off",
        "active",
        "inactive",
        "allowed",
        "available",
        "default",
        "none",
    )
)
_TERM: Final = {word: term for term, words in _WORDS.items() for word in words.split()}
_LONG: Final = 6
"""Letters of a word that is looked for at the start and end of a run-together name; chosen: shorter ones stand inside
others."""

_BY_TAG: Final = {
    "nav": Term.NAVIGATION,
    "header": Term.HEADER,
    "footer": Term.FOOTER,
    "aside": Term.SIDEBAR,
    "form": Term.FORM,
    "fieldset": Term.FORM,
    "article": Term.ARTICLE,
    "main": Term.MAIN,
    "ul": Term.LIST,
    "ol": Term.LIST,
    "dl": Term.LIST,
    "menu": Term.NAVIGATION,
    "table": Term.TABLE,
    "blockquote": Term.QUOTE,
    "figure": Term.FIGURE,
    "figcaption": Term.CAPTION,
    "pre": Term.CODE,
    "address": Term.AUTHOR,
    "dialog": Term.CONSENT,
}
_BY_ROLE: Final = {
    "navigation": Term.NAVIGATION,
    "menu": Term.NAVIGATION,
    "menubar": Term.NAVIGATION,
    "complementary": Term.SIDEBAR,
    "contentinfo": Term.FOOTER,
    "banner": Term.HEADER,
    "search": Term.FORM,
    "form": Term.FORM,
    "dialog": Term.CONSENT,
    "alertdialog": Term.CONSENT,
    "main": Term.MAIN,
    "article": Term.ARTICLE,
}
_BY_PROPERTY: Final = {
    "articlebody": Term.BODY,
    "text": Term.BODY,
    "comment": Term.COMMENTS,
    "author": Term.AUTHOR,
    "publisher": Term.META,
    "keywords": Term.TAGS,
    "articlesection": Term.TAGS,
    "datepublished": Term.META,
    "headline": Term.TITLE,
    "breadcrumb": Term.NAVIGATION,
}
_PIECE: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def terms_of(element: HtmlElement) -> int:
    """Return the `Term` bits of an element itself."""
    found = _BY_TAG.get(element.tag, 0)
    count = len(element.attrib)
    if not count:
        return found
    get = element.get
    named = get("class")
    identifier = get("id")
    if named or identifier:
        found |= terms_named(named or "", identifier or "")
    if count == (named is not None) + (identifier is not None):
        return found
    if role := get("role"):
        found |= _BY_ROLE.get(role.lower(), 0)
    if prop := get("itemprop"):
        found |= _BY_PROPERTY.get(prop.lower(), 0)
    if (kind := get("itemtype")) and kind.rstrip("/").endswith("Comment"):
        found |= Term.COMMENTS
    return found


def terms_of_step(step: str) -> int:
    """Return the `Term` bits of one step of a path, `tag#id.class.class`."""
    head, _, classes = step.partition(".")
    tag, _, identifier = head.partition("#")
    return _BY_TAG.get(tag, 0) | terms_named(classes.replace(".", " "), identifier)


@lru_cache(maxsize=16384)
def terms_named(classes: str, identifier: str) -> int:
    """Return the `Term` bits of class and id, also of compounds such as `post-content` and `relatedPosts`."""
    found = 0
    for name in (*classes[:400].split(), identifier[:80]):
        pieces = [piece.lower() for piece in _PIECE.findall(name)]
        if _is_state(pieces):
            found |= Term.HIDDEN if any(_TERM.get(piece) == Term.HIDDEN for piece in pieces) else 0
            continue
        for piece in pieces:
            found |= _TERM.get(piece) or _glued(piece)
        for left, right in pairwise(pieces):
            found |= _TERM.get(left + right, 0)
    return found


def is_comment_list(classes: str, identifier: str) -> bool:
    """Return whether class or id name a list of comments, or the form for a new one, and not a single comment."""
    pieces = {piece.lower() for piece in _PIECE.findall(f"{classes} {identifier}")}
    return not pieces.isdisjoint(_COMMENT_LISTS)


@lru_cache(maxsize=16384)
def names_accordion(classes: str) -> bool:
    """Return whether a class names a list whose entries open on a click."""
    return not _ACCORDIONS.isdisjoint(piece.lower() for piece in _PIECE.findall(classes[:400]))


def _is_state(pieces: list[str]) -> bool:
    """Return whether a name says in which state an element is, or what it has, and not what it is.

    `has-comments` and `comments-open` stand on the element around a post, `no-sidebar` and `sidebar-right` on the body.
    """
    return len(pieces) > 1 and (pieces[0] in _STATE_FIRST or pieces[-1] in _STATE_LAST)


@lru_cache(maxsize=16384)
def _glued(piece: str) -> int:
    """Return the bits of a word that begins or ends with a long term, such as `commentarea`."""
    if len(piece) < 8:
        return 0
    ends = (end for size in range(len(piece), _LONG - 1, -1) for end in (piece[:size], piece[-size:]))
    return next((_TERM[end] for end in ends if end in _TERM), 0)
