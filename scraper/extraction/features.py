"""Measure what a page itself says about each of its blocks: shape, links, neighbours, containers, names in the markup.

Nothing here depends on the page's size, on its language or on the wording of a text.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import accumulate
from math import log2
from typing import TYPE_CHECKING, Final

from scraper.extraction.markup_terms import NAMES as TERM_NAMES
from scraper.extraction.markup_terms import NEGATIVE, Term, is_comment_list, terms_of
from scraper.text.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from scraper.blocks import Outline

_TAG_NUMBER: Final = {
    "p": 1,
    "li": 2,
    "div": 3,
    "td": 4,
    "th": 4,
    "h1": 5,
    "h2": 5,
    "h3": 5,
    "h4": 5,
    "h5": 5,
    "h6": 5,
    "blockquote": 6,
    "pre": 7,
    "figcaption": 8,
    "dt": 9,
    "dd": 9,
    "section": 3,
    "article": 3,
    "button": 10,
    "caption": 8,
    "address": 11,
    "footer": 12,
    "header": 12,
    "summary": 5,
}
_TAGS: Final = ("p", "li", "div", "td", "heading", "quote", "pre", "caption", "dd", "button")
_BITS: Final = tuple(range(len(TERM_NAMES)))
_SENTENCE_ENDS: Final = re.compile("[.!?。！？।؟…]")
_COMMAS: Final = re.compile("[,;、，،]")
_DIGIT: Final = re.compile(r"\d")
GOOD_WORDS: Final = 10
"""Words from which a block with few links is taken for running text when the core of a page is sought."""
MOSTLY_LINKED: Final = 0.9
FEW_WORDS: Final = 8
MOST_GOOD: Final = 0.5
"""Share of the page's running text from which an `article` or `main` that has the headline is the post, whatever its
classes call it: those name a layout, a state or a type of post."""

LONE_GOOD: Final = 0.9
"""Share of the running text from which it has it alone: a box of a sentence in the sidebar is no post beside it."""

_POST_TAGS: Final = ("article", "main", "body")
LEVELS: Final = 5
"""Branches around a block that are looked at; part of the trained model: other numbers need another training."""

NAMES: Final[tuple[str, ...]] = (
    "words",
    "linked",
    "links",
    "strong",
    "word_length",
    "sentences",
    "ends",
    "colon",
    "commas",
    "digits",
    "capitals",
    "images",
    "signs",
    "repeated",
    "hidden",
    "heading",
    "is_title",
    *(f"tag_{name}" for name in _TAGS),
    "at_words",
    "at_blocks",
    "after_h1",
    "good_before",
    "good_after",
    "to_good_back",
    "to_good_on",
    "in_core",
    "core_up",
    "core_share",
    "core_position",
    "branch_share",
    "branch_linked",
    "branch_mean",
    "branch_blocks",
    "branch_good",
    "like_share",
    "like_count",
    "like_mean",
    "like_linked",
    "twins",
    "seed_up",
    "seed_share",
    "seed_like",
    "group_count",
    "group_share",
    "group_mean",
    "group_seed",
    *(f"{name}_{level}" for level in range(1, LEVELS + 1) for name in ("share", "linked", "mean", "good", "blocks")),
    *(f"{name}_{side}" for side in ("p2", "p1", "n1", "n2") for name in ("words", "linked", "heading", "same", "tag")),
    "window_words",
    "window_linked",
    *(f"near_{name}" for name in TERM_NAMES),
    *(f"far_{name}" for name in TERM_NAMES),
)


class PageFeatures:
    """Hold the sums over a page from which the features of its blocks and subtrees are read."""

    def __init__(self, page: Outline, tree: HtmlElement) -> None:
        self.page = page
        count = len(page.texts)
        words = page.words
        good = [w if w >= GOOD_WORDS and k < 0.3 else 0.0 for w, k in zip(words, page.linked, strict=True)]
        self.words = [0.0, *accumulate(words)]
        self.linked = [0.0, *accumulate(w * k for w, k in zip(words, page.linked, strict=True))]
        self.good = [0.0, *accumulate(good)]
        self.is_good = good
        self.back = _steps(good)
        self.forth = _steps(good[::-1])[::-1]
        self.total = self.words[-1] or 1.0
        self.total_good = self.good[-1] or 1.0
        self.terms = [terms_of(element) for element in page.elements]
        tags = page.tags
        self.first_h1 = next((b for b, owner in enumerate(page.owner) if tags[owner] == "h1"), -1)
        self._inherit()
        self.titles = _titles(tree)
        self.folds = [fold(text) for text in page.texts]
        self.folded = [text if w <= 40 else "" for text, w in zip(self.folds, words, strict=True)]
        self.copies = Counter(self.folded)
        self.core, self.core_up = self._find_core()
        self.container_rows: dict[int, list[float]] = {}
        self.names = [f"{tag}.{e.get('class') or ''}" for tag, e in zip(tags, page.elements, strict=True)]
        self.seed = self._find_seed()
        self.seed_chain = self._chain(page.owner[self.seed]) if count else {}
        self.groups = self._find_groups()

    def _inherit(self) -> None:
        """Add up the terms of each element's ancestors, without those that the whole page stands under."""
        page = self.page
        self.far: list[int] = []
        self.near: list[int] = []
        self._clear_lone_comment()
        large = 0.8 * self.total
        keep = ~NEGATIVE
        title = self.first_h1
        words = self.words
        own = self.terms
        for index, parent in enumerate(page.parent):
            bits = own[index]
            first, last = page.first[index], page.last[index]
            if bits & NEGATIVE and (title < 0 or first <= title < last):
                held = words[last] - words[first]
                good = self.good[last] - self.good[first]
                if held > large or (
                    page.tags[index] in _POST_TAGS and title >= 0 and good > MOST_GOOD * self.total_good
                ):
                    bits &= keep
                    own[index] = bits
            if parent < 0:
                own[index] = 0
                self.far.append(0)
                self.near.append(0)
                continue
            self.far.append(bits | self.far[parent])
            above = page.parent[parent]
            self.near.append(bits | own[parent] | (own[above] if above >= 0 else 0))

    def _clear_lone_comment(self) -> None:
        """Call an element no comment that has the page's running text alone, and is the only one to be called so.

        Forums and themes made of them have posts in `comment-content`. Comments come in lists, and after a post.
        """
        page = self.page
        called = [index for index, bits in enumerate(self.terms) if bits & Term.COMMENTS]
        inside = set(called)
        outermost = [index for index in called if page.parent[index] not in inside]
        if not outermost or len(outermost) > 1:
            return
        lone = outermost[0]
        held = self.good[page.last[lone]] - self.good[page.first[lone]]
        element = page.elements[lone]
        if held >= LONE_GOOD * self.total_good and not is_comment_list(
            element.get("class") or "", element.get("id") or ""
        ):
            for index in called:
                self.terms[index] &= ~Term.COMMENTS

    def _find_core(self) -> tuple[int, dict[int, int]]:
        """Return the deepest element that still holds most of its parent's running text, and its chain upwards."""
        page = self.page
        children: dict[int, list[int]] = {}
        for index, parent in enumerate(page.parent):
            children.setdefault(parent, []).append(index)
        core = 0
        good = self.good
        while True:
            inside = good[page.last[core]] - good[page.first[core]]
            best, most = -1, 0.6 * inside
            for child in children.get(core, ()):
                held = good[page.last[child]] - good[page.first[child]]
                if held > most:
                    best, most = child, held
            if best < 0 or page.last[best] - page.first[best] < 2:
                break
            core = best
        return core, self._chain(core)

    def _chain(self, element: int) -> dict[int, int]:
        """Return the elements from this one up to the body, with the number of steps to each."""
        chain: dict[int, int] = {}
        while element >= 0:
            chain[element] = len(chain)
            element = self.page.parent[element]
        return chain

    def _find_seed(self) -> int:
        """Return the first block of running text after the first `h1`, else the first at all, else the first block."""
        after = range(max(0, self.first_h1), len(self.is_good))
        good = (block for block in (*after, *range(len(self.is_good))) if self.is_good[block])
        return next(good, max(0, self.first_h1))

    def _find_groups(self) -> list[int]:
        """Return for each element the outermost one, at or above it, that has two likewise-named siblings or more.

        Such elements of two blocks or more are the items of a list: comments, teasers, search results. -1 is none.
        """
        page = self.page
        sizes: Counter[tuple[int, str]] = Counter()
        for index, parent in enumerate(page.parent):
            if page.last[index] - page.first[index] >= 2:
                sizes[parent, self.names[index]] += 1
        self.sizes = sizes
        found: list[int] = []
        for index, parent in enumerate(page.parent):
            above = found[parent] if parent >= 0 else -1
            own = sizes.get((parent, self.names[index]), 0) >= 3 and page.last[index] - page.first[index] >= 2
            found.append(above if above >= 0 else index if own else -1)
        return found


def _steps(good: list[float]) -> list[float]:
    """Return for each block how many blocks ago the last running text was, 9 at most."""
    found: list[float] = []
    ago = 9.0
    for words in good:
        found.append(ago)
        ago = 1.0 if words else min(9.0, ago + 1)
    return found


def _titles(tree: HtmlElement) -> list[str]:
    """Return the folded titles the page's head gives."""
    found = []
    head = tree.find("head")
    if head is None:
        return []
    title = head.find("title")
    if title is not None and title.text:
        found.append(fold(title.text[:300]))
    for meta in head.iter("meta"):
        if meta.get("property") == "og:title":
            found.append(fold((meta.get("content") or "")[:300]))
    return found


def asked(whole: PageFeatures) -> list[int]:
    """Return the blocks that have to be asked about: all but the short links in what is called a menu or the like.

    Those are a third of all blocks, and 1 % of them content on the pages that the classifier was trained on.
    """
    page = whole.page
    first, last = page.first[whole.core], page.last[whole.core]
    return [
        block
        for block, (owner, linked, words) in enumerate(zip(page.owner, page.linked, page.words, strict=True))
        if linked < MOSTLY_LINKED
        or words >= FEW_WORDS
        or first <= block < last
        or not whole.far[owner] & (Term.NAVIGATION | Term.HEADER | Term.FOOTER)
    ]


def features(whole: PageFeatures, blocks: Sequence[int] | None = None) -> Iterator[list[float]]:
    """Yield one row for each block, or for those that are given, in the order of `NAMES`."""
    page = whole.page
    seen = _seen(whole)
    likes = _likes(whole)
    branches: dict[int, list[float]] = {}
    seeds: dict[int, list[float]] = {}
    for block in range(len(page.texts)) if blocks is None else blocks:
        yield [
            *_shape(whole, block),
            *_position(whole, block),
            *_core(whole, page.owner[block], block, branches),
            *likes[block],
            *_seed(whole, page.owner[block], likes[block] is likes[whole.seed], seeds),
            *_containers(whole, page.owner[block]),
            *_neighbours(whole, block, seen),
            *_bits(whole.near[page.owner[block]], whole.far[page.owner[block]]),
        ]


def _shape(whole: PageFeatures, block: int) -> list[float]:
    """Return what a block's own text and tag say."""
    page = whole.page
    text = page.texts[block]
    words = page.words[block]
    length = len(text)
    start = text[:200]
    pieces = start.split()
    level = page.headings[block]
    number = 5 if level else _TAG_NUMBER.get(page.tags[page.owner[block]], 0)
    folded = whole.folded[block]
    row = [
        log2(1 + words),
        page.linked[block],
        page.links[block] / (words + 1),
        page.strong[block],
        length / words if words else 0.0,
        _count(text, ".!?", _SENTENCE_ENDS) / (words + 1),
        1.0 if text[-1] in '.!?。！？।؟…"”»' else 0.0,
        1.0 if text[-1] in ":：" else 0.0,
        _count(text, ",;", _COMMAS) / (words + 1),
        len(_DIGIT.findall(start)) / len(start),
        sum([1 for piece in pieces if piece[0].isupper()]) / (len(pieces) or 1),
        float(min(3, page.images[block])),
        1.0 if ("©" in text or "@" in start or "|" in start or "»" in start or "›" in start) else 0.0,
        float(min(3, whole.copies[folded])) if folded else 1.0,
        float(page.hidden[page.owner[block]]),
        float(level),
        1.0 if folded and any(folded in title for title in whole.titles) and words >= 2 else 0.0,
    ]
    tags = [0.0] * len(_TAGS)
    if 1 <= number <= len(_TAGS):
        tags[number - 1] = 1.0
    return row + tags


def _count(text: str, signs: str, others: re.Pattern[str]) -> int:
    """Return how often signs occur in a text; `others` finds them in texts that have more than ASCII."""
    return sum(map(text.count, signs)) if text.isascii() else len(others.findall(text))


def _position(whole: PageFeatures, block: int) -> list[float]:
    """Return where on the page a block stands, in shares of the page and of its running text."""
    good = whole.good
    count = len(whole.page.texts)
    after = 0.0 if whole.first_h1 < 0 else 1.0 if block > whole.first_h1 else -1.0
    return [
        whole.words[block] / whole.total,
        block / count,
        after,
        good[block] / whole.total_good,
        1 - good[block + 1] / whole.total_good,
        whole.back[block],
        whole.forth[block],
    ]


def _core(whole: PageFeatures, owner: int, block: int, branches: dict[int, list[float]]) -> list[float]:
    """Return how a block stands to the core: inside it, or in which branch beside it."""
    page = whole.page
    element, branch = owner, owner
    while element not in whole.core_up:
        branch = element
        element = page.parent[element]
    up = whole.core_up[element]
    first, last = page.first[element], page.last[element]
    held = whole.words[last] - whole.words[first] or 1.0
    row = branches.get(branch)
    if row is None:
        row = branches[branch] = _statistics(whole, branch)
    return [
        1.0 if up == 0 else 0.0,
        float(min(up, 9)),
        (whole.good[last] - whole.good[first]) / whole.total_good,
        (whole.words[block] - whole.words[first]) / held,
        row[0],
        row[1],
        row[2],
        row[4],
        row[3],
    ]


def _statistics(whole: PageFeatures, element: int) -> list[float]:
    """Return an element's share of the words, link density, mean block length, share of running text, blocks."""
    page = whole.page
    first, last = page.first[element], page.last[element]
    words = whole.words[last] - whole.words[first]
    blocks = last - first
    good = whole.good[last] - whole.good[first]
    return [
        words / whole.total,
        (whole.linked[last] - whole.linked[first]) / (words or 1.0),
        log2(1 + words / (blocks or 1)),
        good / (words or 1.0),
        log2(1 + blocks),
    ]


def _containers(whole: PageFeatures, owner: int) -> list[float]:
    """Return the statistics of the elements around a block, nearest first; those of the same blocks count once."""
    row = whole.container_rows.get(owner)
    if row is not None:
        return row
    page = whole.page
    row = []
    element = owner
    size = page.last[element] - page.first[element]
    if size > 1:
        row += _statistics(whole, element)
    while len(row) < 5 * LEVELS and page.parent[element] >= 0:
        element = page.parent[element]
        held = page.last[element] - page.first[element]
        if held > size:
            size = held
            row += _statistics(whole, element)
    while len(row) < 5 * LEVELS:
        row += row[-5:] if row else _statistics(whole, element)
    whole.container_rows[owner] = row
    return row


def _likes(whole: PageFeatures) -> list[list[float]]:
    """Return what the blocks under the same names of elements are like, and how many siblings share the name."""
    page = whole.page
    keys: list[tuple[str, str, str]] = []
    names = whole.names
    siblings = Counter(zip(page.parent, names, strict=True))
    sums: dict[tuple[str, str, str], list[float]] = {}
    for block, owner in enumerate(page.owner):
        parent = page.parent[owner]
        above = page.parent[parent] if parent >= 0 else -1
        key = (names[owner], names[parent] if parent >= 0 else "", names[above] if above >= 0 else "")
        keys.append(key)
        entry = sums.setdefault(key, [0.0, 0.0, 0.0])
        entry[0] += page.words[block]
        entry[1] += 1
        entry[2] += page.words[block] * page.linked[block]
    made: dict[tuple[tuple[str, str, str], int], list[float]] = {}
    rows: list[list[float]] = []
    for key, owner in zip(keys, page.owner, strict=True):
        parent = page.parent[owner]
        twins = siblings[page.parent[parent], names[parent]] if parent >= 0 else 1
        row = made.get((key, twins))
        if row is None:
            words, count, linked = sums[key]
            row = [words / whole.total, log2(1 + count), log2(1 + words / count), linked / words, float(min(twins, 20))]
            made[key, twins] = row
        rows.append(row)
    return rows


def _seed(whole: PageFeatures, owner: int, is_like: bool, seeds: dict[int, list[float]]) -> list[float]:
    """Return how an element stands to where the running text begins, and what list of alike items it is in."""
    row = seeds.get(owner)
    if row is None:
        page = whole.page
        element = owner
        while element not in whole.seed_chain:
            element = page.parent[element]
        share = (whole.words[page.last[element]] - whole.words[page.first[element]]) / whole.total
        group = whole.groups[owner]
        row = [float(min(whole.seed_chain[element], 12)), share]
        if group < 0:
            row += (0.0, 0.0, 0.0, 0.0)
        else:
            parent = page.parent[group]
            held = whole.words[page.last[parent]] - whole.words[page.first[parent]]
            count = whole.sizes[parent, whole.names[group]]
            size = whole.words[page.last[group]] - whole.words[page.first[group]]
            has_seed = page.first[parent] <= whole.seed < page.last[parent]
            row += (
                log2(1 + count),
                held / whole.total,
                log2(1 + size),
                2.0 if group in whole.seed_chain else float(has_seed),
            )
        seeds[owner] = row
    return [*row[:2], float(is_like), *row[2:]]


def _seen(whole: PageFeatures) -> list[tuple[float, float, float, float, int, int]]:
    """Return what a block's neighbours see of it: words, links, heading, tag, and the elements it stands in."""
    page = whole.page
    parent, tags = page.parent, page.tags
    return [
        (log2(1 + words), linked, float(level), float(_TAG_NUMBER.get(tags[owner], 0)), owner, parent[owner])
        for words, linked, level, owner in zip(page.words, page.linked, page.headings, page.owner, strict=True)
    ]


def _neighbours(
    whole: PageFeatures, block: int, seen: Sequence[tuple[float, float, float, float, int, int]]
) -> list[float]:
    """Return the shape of the two blocks before and after, and the means over a window of seven."""
    count = len(seen)
    row: list[float] = []
    _, _, _, _, owner, parent = seen[block]
    for other in (block - 2, block - 1, block + 1, block + 2):
        if 0 <= other < count:
            size, linked, level, number, beside, above = seen[other]
            row += (size, linked, level, 1.0 if owner == beside or parent == above else 0.0, number)
        else:
            row += _NOBODY
    low, high = max(0, block - 3), min(count, block + 4)
    words = whole.words[high] - whole.words[low]
    row += (log2(1 + words / (high - low)), (whole.linked[high] - whole.linked[low]) / (words or 1.0))
    return row


_NOBODY: Final = (-1.0,) * 5
"""The features of a neighbour that is not there."""


@lru_cache(maxsize=8192)
def _bits(near: int, far: int) -> list[float]:
    """Return the terms of the elements around a block as noughts and ones."""
    return [float(near >> bit & 1) for bit in _BITS] + [float(far >> bit & 1) for bit in _BITS]
