"""Tell what a block that was set aside is for, by what the elements around it are called and by its shape."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scraper.extraction.markup_terms import Term
from scraper.model import Role
from scraper.text.notices import is_legal
from scraper.text.requests import request_in

if TYPE_CHECKING:
    from scraper.blocks import Outline

_BY_TERM: Final = (
    (Term.COMMENTS, Role.COMMENTS, "comments"),
    (Term.CONSENT, Role.LEGAL, "consent"),
    (Term.SHARE, Role.WIDGET, "share"),
    (Term.SUBSCRIBE, Role.WIDGET, "subscribe"),
    (Term.AUTHOR, Role.AUTHOR, "author"),
    (Term.TAGS, Role.NAVIGATION, "tags"),
    (Term.RELATED, Role.RELATED, "related"),
    (Term.CONTENTS, Role.NAVIGATION, "contents"),
    (Term.NAVIGATION, Role.NAVIGATION, "navigation"),
    (Term.FORM, Role.WIDGET, "form"),
    (Term.PROMOTION, Role.WIDGET, "promotion"),
    (Term.META, Role.OTHER, "meta"),
    (Term.LISTING, Role.RELATED, "listing"),
    (Term.FOOTER, Role.NAVIGATION, "footer"),
    (Term.HEADER, Role.NAVIGATION, "header"),
    (Term.SIDEBAR, Role.WIDGET, "sidebar"),
)
_TOKEN: Final = re.compile(r"[\w$.:/-]{2,60}")


def role_of(page: Outline, terms: list[int], block: int) -> tuple[Role, str]:
    """Return the role of a block that is not content, and the name in the markup that gave it, `""` where none did.

    `terms` are the `Term` bits of each element. The nearest element that is called something decides.
    """
    element = page.owner[block]
    while element > 0:
        bits = terms[element]
        if bits:
            for term, role, name in _BY_TERM:
                if bits & term:
                    return _refined(role, name, page.texts[block]), name
        element = page.parent[element]
    return shape_role(page.texts[block], page.linked[block]), ""


def shape_role(text: str, linked: float) -> Role:
    """Return the role that a text's own shape suggests."""
    if is_legal(text):
        return Role.LEGAL
    if is_tracker(text):
        return Role.TRACKER
    return Role.NAVIGATION if linked > 0.5 else Role.OTHER


def repeated_role(text: str) -> Role:
    """Return what a text is for that stands in the site's other posts, too."""
    if request_in(text).kind != "none":
        return Role.CTA
    return Role.LEGAL if is_legal(text) else Role.OTHER


def is_tracker(text: str) -> bool:
    """Return whether a text is one token that is no word: without vowels, with digits inside, or joined by `_`."""
    if not _TOKEN.fullmatch(text) or not text.isascii():
        return False
    if text.isdigit() or "." in text.strip("."):
        return False
    bare = text.strip("-_$:/.")
    vowels = sum(character in "aeiouyAEIOUY" for character in bare)
    mixed = any(c.isdigit() for c in bare) and any(c.isalpha() for c in bare) and len(bare) > 4
    return (bare.isalpha() and bare.islower() and not vowels) or "_" in text or mixed


def _refined(role: Role, name: str, text: str) -> Role:
    if name in ("footer", "meta") and is_legal(text):
        return Role.LEGAL
    return Role.TRACKER if name == "sidebar" and is_tracker(text) else role
