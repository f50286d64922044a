"""Judge whether a page that was fetched again may take the place of the one that is stored.

A stored post is compared with what its address shows now. What every page of the site has (its page chrome) is left
out of the comparison: it is told from the posts' own text by other stored posts, the siblings.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING
from zlib import crc32

from scraper.embedded.reveal import page_tree
from scraper.judgement import posts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.html import HtmlElement

    from scraper.model import Page, Verdict

KEPT_SHARE = 1 / 3
"""Share of a post's own text that is still there after an edit; below it the post was cut down or replaced. An edit
that changes one word in ten keeps two thirds of the grams, one in five two fifths (.9 and .8 to the fourth power)."""
DRAWN_SHARE = 0.3
"""Share of the new text that was in the post before, from which on the new text is what was left of the post."""
CHROME_SHARE = 0.8
"""Share of the siblings' common markup that a page of the same theme has; a bare notice has its h1 and p in common."""
UNTOUCHED = 6
"""Grams that two insertions break, as each breaks those across its place; who loses no more has lost no word."""
CUT_SHARE = 0.7
"""Share of a post's own text below which an edit that adds next to nothing has cut the post down."""
_ADDED_TO_LOST = 1 / 3
ALIKE_SHARE = 0.6
"""Jaccard similarity of two pages' own text, digits left out, from which on they say the same."""
SHORT_WORDS = 100
"""A new page in another theme that has fewer words is not taken for a post: so long are notices of maintenance."""
WORDING = 8
_JUST_REFUSED = -2.0
_LEAST = 5
_TAIL = 2000
"""Bytes at the end of a page where its markup is closed, with what caches and counters write behind that."""
_GRAM = 4
"""Words in a shingle by which two bodies of a post are compared; chosen: shorter runs meet by chance, an edit spoils
more of longer ones."""
_UNSEEN = frozenset(("script", "style", "noscript", "template", "svg", "iframe", "select"))
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(rb"<(script|style)\b.*?</\1|<[^>]*>", re.IGNORECASE | re.DOTALL)
_DIGIT = re.compile(rb"\d")
_WORD = re.compile(r"[^\W\d_]+")
_ASKING = re.compile(r"\w\?+\w|\?{3,}")


class Standing(StrEnum):
    """How what an address shows now stands to the post that is stored of it.

    `UNSURE`: the post's text is there, but nothing calls the page a post. `DOUBTFUL`: a post that was cut down, or has
    hardly a word in common with the stored one. `BAD`: no post, or what a broken answer left of one.
    """

    GOOD = "good"
    DOUBTFUL = "doubtful"
    UNSURE = "unsure"
    BAD = "bad"


@dataclass(frozen=True)
class Look:
    """What a reader sees of a page.

    `names` are its headlines and the parts of its title, `grams` checksums of four words in a row without digits,
    `skeleton` its elements with their classes. `garbled` counts words in a broken encoding; a page `is_closed` whose
    markup comes to its end.
    """

    names: frozenset[str]
    grams: frozenset[int]
    skeleton: frozenset[str]
    words: int
    verdict: Verdict
    garbled: int = 0
    is_closed: bool = True


@dataclass(frozen=True)
class PageChrome:
    """What the siblings have in common (`skeleton`), and all that is said on them (`grams`, `names`)."""

    grams: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()
    skeleton: frozenset[str] = frozenset()


def look(page: Page) -> Look:
    """Read what a page shows. Raise what a parser raises on a page that can't be read."""
    tree = page_tree(page)
    verdict = posts.judge(posts.signs(tree, page.final_url), page.final_url, page.evidence)
    texts = list(_texts(tree))
    words = list(_words(texts))
    grams = frozenset(crc32(" ".join(words[i : i + _GRAM]).encode()) for i in range(max(1, len(words) - _GRAM + 1)))
    return Look(
        frozenset(_names(tree)),
        grams,
        frozenset(_skeleton(tree)),
        len(words),
        verdict,
        sum(_is_garbled(word) for text in texts for word in text.split()),
        b"</html" in page.body[-_TAIL:].lower() or b"</body" in page.body[-_TAIL:].lower(),
    )


def said(body: bytes) -> bytes:
    """Return a digest that is equal for pages with the same title and text; unparsed.

    Its first `WORDING` bytes are equal for pages that differ in numbers only.
    """
    title = _TITLE.search(body)
    text = _MARKUP.sub(b" ", body).lower().split()
    words = [word for word in text if not _DIGIT.search(word)]
    return b"".join(
        hashlib.blake2b(b" ".join([title.group(1) if title else b"", *seen]), digest_size=WORDING).digest()
        for seen in (words if len(words) >= _LEAST else text, text)
    )


def chrome_of(siblings: Sequence[Look]) -> PageChrome:
    """Return what the siblings share: the page chrome, and text that says nothing of a post."""
    if not siblings:
        return PageChrome()
    shared = [one.skeleton & other.skeleton for one, other in combinations(siblings, 2)]
    return PageChrome(
        frozenset().union(*(sibling.grams for sibling in siblings)),
        frozenset().union(*(sibling.names for sibling in siblings)),
        frozenset().union(*shared),
    )


def compare(old: Look, new: Look, chrome: PageChrome) -> Standing:
    """Return how a page that was fetched again stands to the stored one of the same address."""
    own_old, own_new = old.grams - chrome.grams, new.grams - chrome.grams
    lost, added = old.grams - new.grams, new.grams - old.grams
    if new.garbled > old.garbled + _LEAST or (
        old.is_closed and not new.is_closed and len(added) <= UNTOUCHED < len(lost)
    ):
        return Standing.BAD
    is_named = bool(old.names & new.names - chrome.names)
    if len(lost) <= UNTOUCHED:
        kept = 1.0
    elif len(own_old) < _LEAST:
        kept = float(is_named)
    else:
        kept = len(own_old & new.grams) / len(own_old)
    is_kin = is_named or kept >= KEPT_SHARE
    if not (new.verdict.is_post or (is_kin and new.verdict.confidence >= _JUST_REFUSED)):
        return Standing.UNSURE if kept >= KEPT_SHARE else Standing.BAD
    if kept >= KEPT_SHARE:
        return Standing.DOUBTFUL if kept < CUT_SHARE and len(added) < _ADDED_TO_LOST * len(lost) else Standing.GOOD
    drawn = len(own_new & old.grams) / max(len(own_new), 1)
    return Standing.DOUBTFUL if is_named or drawn >= DRAWN_SHARE or has_chrome(new, chrome) else Standing.BAD


def says_nothing(page: Look, chrome: PageChrome) -> bool:
    """Tell whether a page has no text of its own beside the siblings."""
    return bool(chrome.grams) and len(page.grams - chrome.grams) < _LEAST


def has_chrome(page: Look, chrome: PageChrome) -> bool:
    """Tell whether a page has the theme of the siblings; `True` where none is known."""
    return len(page.skeleton & chrome.skeleton) >= CHROME_SHARE * len(chrome.skeleton)


def is_doubtful_news(page: Look, chrome: PageChrome) -> bool:
    """Tell whether a page at a new address is too short to be taken for a post, as it has not the site's theme."""
    return page.words < SHORT_WORDS and bool(chrome.skeleton) and not has_chrome(page, chrome)


def alike(one: Look, other: Look, chrome: PageChrome) -> bool:
    """Tell whether two pages say the same, the site's page chrome left out."""
    first, second = one.grams - chrome.grams, other.grams - chrome.grams
    if not first and not second:
        return one.grams == other.grams
    return len(first & second) >= ALIKE_SHARE * len(first | second)


def _words(texts: Iterable[str]) -> Iterator[str]:
    """Yield the words of texts, folded; signs of scripts without spaces one by one, numbers left out."""
    for piece in texts:
        for word in _WORD.findall(piece.casefold()):
            if word[0] >= "\u0e00":
                yield from word
            else:
                yield word


def _is_garbled(word: str) -> bool:
    """Tell whether a word was read or written in a wrong encoding: UTF-8 as Latin-1, or signs that were replaced."""
    if word.isascii():
        return "?" in word and "/" not in word and bool(_ASKING.search(word))
    if "\ufffd" in word:
        return True
    with suppress(UnicodeError):
        return len(word.encode("latin-1").decode()) < len(word)
    return False


def _texts(tree: HtmlElement) -> Iterator[str]:
    """Yield the pieces of text that a reader sees."""
    body = tree.find("body")
    root = body if body is not None else tree
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
