"""Judge whether a page that was fetched again may take the place of the one that is stored.

A stored post is compared with what its address shows now. What every page of the site has (its page chrome) is left
out of the comparison: it is told from the posts' own text by other stored posts, the siblings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING
from zlib import crc32

from scraper.discovery import posts
from scraper.embedded.reveal import page_tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from scraper.model import Page, Verdict

KEPT_SHARE = 1 / 3
"""Share of a post's own text that is still there after an edit; below it the post was cut down or replaced. An edit
that changes one word in ten keeps two thirds of the grams, one in five two fifths (.9 and .8 to the fourth power)."""
DRAWN_SHARE = 0.3
"""Share of the new text that was in the post before, from which on the new text is what was left of the post."""
FRAME_SHARE = 0.8
"""Share of the siblings' common markup that a page of the same theme has; a bare notice has its h1 and p in common."""
ALIKE_SHARE = 0.6
"""Jaccard similarity of two pages' own text, digits left out, from which on they say the same."""
SHORT_WORDS = 100
"""A new page in another theme that has fewer words is not taken for a post: so long are notices of maintenance."""
_JUST_REFUSED = -2.0
_LEAST = 5
_GRAM = 4
_UNSEEN = frozenset(("script", "style", "noscript", "template", "svg", "iframe", "select"))
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(rb"<(script|style)\b.*?</\1|<[^>]*>", re.IGNORECASE | re.DOTALL)
_DIGIT = re.compile(rb"\d")
_WORD = re.compile(r"[^\W\d_]+")


class Standing(StrEnum):
    """How what an address shows now stands to the post that is stored of it.

    `UNSURE`: the post's text is there, but nothing calls the page a post. `DOUBTFUL`: a post that has hardly a word in
    common with the stored one. `BAD`: no post.
    """

    GOOD = "good"
    DOUBTFUL = "doubtful"
    UNSURE = "unsure"
    BAD = "bad"


@dataclass(frozen=True)
class Look:
    """What a reader sees of a page.

    `names` are its headlines and the parts of its title, `grams` checksums of four words in a row without digits,
    `skeleton` its elements with their classes.
    """

    names: frozenset[str]
    grams: frozenset[int]
    skeleton: frozenset[str]
    words: int
    verdict: Verdict


@dataclass(frozen=True)
class Frame:
    """What the siblings have in common (`skeleton`), and all that is said on them (`grams`, `names`)."""

    grams: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()
    skeleton: frozenset[str] = frozenset()


def look(page: Page) -> Look:
    """Read what a page shows. Raise what a parser raises on a page that can't be read."""
    tree = page_tree(page)
    verdict = posts.judge(posts.signs(tree, page.final_url), page.final_url, page.evidence)
    words = list(_words(tree))
    grams = frozenset(crc32(" ".join(words[i : i + _GRAM]).encode()) for i in range(max(1, len(words) - _GRAM + 1)))
    return Look(frozenset(_names(tree)), grams, frozenset(_skeleton(tree)), len(words), verdict)


def said(body: bytes) -> bytes:
    """Return a digest that is equal for pages with the same title and text, whatever numbers the text has; unparsed."""
    import hashlib

    title = _TITLE.search(body)
    text = _MARKUP.sub(b" ", body).lower()
    words = [word for word in text.split() if not _DIGIT.search(word)]
    seen = [title.group(1) if title else b"", *words] if len(words) >= _LEAST else text.split()
    return hashlib.blake2b(b" ".join(seen), digest_size=8).digest()


def frame_of(siblings: Sequence[Look]) -> Frame:
    """Return what the siblings share: the page chrome, and text that says nothing of a post."""
    if not siblings:
        return Frame()
    shared = [one.skeleton & other.skeleton for one, other in combinations(siblings, 2)]
    return Frame(
        frozenset().union(*(sibling.grams for sibling in siblings)),
        frozenset().union(*(sibling.names for sibling in siblings)),
        frozenset().union(*shared),
    )


def compare(old: Look, new: Look, frame: Frame) -> Standing:
    """Return how a page that was fetched again stands to the stored one of the same address."""
    own_old, own_new = old.grams - frame.grams, new.grams - frame.grams
    is_named = bool(old.names & new.names - frame.names)
    if len(own_old) < _LEAST:
        kept = float(is_named or old.grams == new.grams)
    else:
        kept = len(own_old & new.grams) / len(own_old)
    is_kin = is_named or kept >= KEPT_SHARE
    if not (new.verdict.is_post or (is_kin and new.verdict.confidence >= _JUST_REFUSED)):
        return Standing.UNSURE if kept >= KEPT_SHARE else Standing.BAD
    if kept >= KEPT_SHARE:
        return Standing.GOOD
    drawn = len(own_new & old.grams) / max(len(own_new), 1)
    return Standing.DOUBTFUL if is_named or drawn >= DRAWN_SHARE or is_in_frame(new, frame) else Standing.BAD


def is_in_frame(page: Look, frame: Frame) -> bool:
    """Tell whether a page has the theme of the siblings; `True` where none is known."""
    return len(page.skeleton & frame.skeleton) >= FRAME_SHARE * len(frame.skeleton)


def is_doubtful_news(page: Look, frame: Frame) -> bool:
    """Tell whether a page at a new address is too short to be taken for a post, as it has not the site's theme."""
    return page.words < SHORT_WORDS and bool(frame.skeleton) and not is_in_frame(page, frame)


def alike(one: Look, other: Look, frame: Frame) -> bool:
    """Tell whether two pages say the same, the site's page chrome left out."""
    first, second = one.grams - frame.grams, other.grams - frame.grams
    if not first and not second:
        return one.grams == other.grams
    return len(first & second) >= ALIKE_SHARE * len(first | second)


def _words(tree: HtmlElement) -> Iterator[str]:
    """Yield the words that a reader sees, folded; signs of scripts without spaces one by one, numbers left out."""
    body = tree.find("body")
    pieces = _texts(body if body is not None else tree)
    for piece in pieces:
        for word in _WORD.findall(piece.casefold()):
            if word[0] >= "\u0e00":
                yield from word
            else:
                yield word


def _texts(root: HtmlElement) -> Iterator[str]:
    skipped: set[HtmlElement] = set()
    for element in root.iter():
        parent = element.getparent()
        if not isinstance(element.tag, str) or element.tag in _UNSEEN or parent in skipped:
            skipped.add(element)
        elif element.text:
            yield element.text
        if element is not root and element.tail and parent not in skipped:
            yield element.tail


def _names(tree: HtmlElement) -> Iterator[str]:
    """Yield the headlines, and the parts of the title between bars and dashes, folded; each of two words at least."""
    for element in tree.iter("h1", "h2", "title"):
        for part in re.split(r"\s[-–—|·:«»]\s", element.text_content()[:300]):
            words = _WORD.findall(part.casefold())
            if len("".join(words)) >= _LEAST:
                yield " ".join(words)


def _skeleton(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter():
        if isinstance(element.tag, str):
            classes = [re.sub(r"\d+", "0", name) for name in (element.get("class") or "").split()[:5]]
            yield element.tag
            yield from (f"{element.tag}.{name}" for name in classes)
