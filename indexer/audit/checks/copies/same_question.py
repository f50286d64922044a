"""Find pairs of posts that answer the same question: their titles ask the same, and their openings speak of it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from indexer.analysis import analyzer
from indexer.audit.findings import PostFinding
from indexer.audit.marks import mark
from indexer.audit.similarity.variants import is_of_calendar
from scraper.text.words import PLAIN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from indexer.audit.corpus import Corpus
    from indexer.audit.findings import Series

_LEAST_TERMS, _ALIKE = 2, 0.7
"""Terms of a title, and the share of two titles' weight that both have, from which on they ask the same. A term weighs
more the fewer titles have it (IDF), so that another town, drug or step keeps two apart. Chosen."""
_PAIRS = 2
"""Pairs that a post stands in at most; chosen: what more posts are called is a column of the blog and no question."""
_OPENING, _SPEAKS = 120, 0.5
"""Words of an opening, and share of the common terms of the titles that both openings have to have. Chosen."""
_OFTEN = 20
"""Posts that have a term in their titles, beyond which it leads to no pair; chosen: it is what the blog is about."""
_SHOWN = 2
"""Paragraphs shown of what only one of two posts says; chosen: an editor sees what each adds."""
_LEAST_WORDS = 12
_KNOWN = 0.5
"""Words of a paragraph that says something, and share of its terms in the other post, below which that lacks it."""


def same_questions(
    corpus: Corpus, copies: Collection[tuple[int, int]], series: Iterable[Series]
) -> Iterator[PostFinding]:
    """Yield the pairs, newest first, at the newer post.

    `copies` are pairs of posts, the older one first, that are told as such; so are posts of one of the `series`.
    """
    together = [frozenset(found.posts) for found in series]
    terms = [_terms(article.metadata.title or "", article.metadata.language) for article in corpus.articles]
    days = [_numbered(article.metadata.title or "") for article in corpus.articles]
    spread = Counter(term for own in terms for term in own)
    weight = {term: math.log(1 + len(corpus) / count) for term, count in spread.items()}
    found = [
        (newer, older, both)
        for older, newer in sorted(_candidates(terms, spread), key=lambda pair: (-pair[1], pair[0]))
        if (older, newer) not in copies
        and days[older] == days[newer]
        and not any({corpus.urls[older], corpus.urls[newer]} <= posts for posts in together)
        and (both := terms[older] & terms[newer])
        and _weigh(both, weight) >= _ALIKE * _weigh(terms[older] | terms[newer], weight)
    ]
    pairs = Counter(post for newer, older, _ in found for post in (newer, older))
    for newer, older, both in found:
        seldom = max(pairs[newer], pairs[older]) <= _PAIRS
        least = _SPEAKS * len(both)
        if seldom and all(len(both & _opening(corpus, post)) >= least for post in (newer, older)):
            url, other = corpus.urls[newer], corpus.urls[older]
            title = corpus.articles[older].metadata.title
            text = "\n".join(
                (
                    *(f"Only here: {said}" for said in _only(corpus, newer, older)),
                    *(f"Only there: {said}" for said in _only(corpus, older, newer)),
                )
            )
            reason = f'asks what an older post asks, "{title}"'
            yield PostFinding(mark("e", url, other), "same-question", url, other, None, text, reason)


def _terms(text: str, language: str | None) -> frozenset[str]:
    """Return the stems of a text without stop words and numbers."""
    analyse = analyzer(language)
    return frozenset(term for word, term in analyse.pairs(text) if not (analyse.is_stop_word(word) or term.isdigit()))


def _numbered(title: str) -> frozenset[str]:
    """Return the numbers, months and days in a title: news of two years are about two things."""
    words = PLAIN.findall(title.lower())
    return frozenset(word for word in words if any(map(str.isdigit, word)) or is_of_calendar(word))


def _weigh(terms: Iterable[str], weight: Mapping[str, float]) -> float:
    return sum(weight.get(term, 0.0) for term in terms)


def _candidates(terms: Sequence[frozenset[str]], spread: Mapping[str, int]) -> set[tuple[int, int]]:
    """Return pairs of posts whose titles share a term that few titles have, the older post first."""
    having: dict[str, list[int]] = defaultdict(list)
    for post, own in enumerate(terms):
        if len(own) >= _LEAST_TERMS:
            for term in own:
                if spread[term] <= _OFTEN:
                    having[term].append(post)
    return {pair for posts in having.values() for pair in combinations(posts, 2)}


def _opening(corpus: Corpus, post: int) -> frozenset[str]:
    """Return the terms of a post's first words."""
    words = " ".join(paragraph.text for paragraph in corpus.kept_of[post][:6]).split()[:_OPENING]
    return _terms(" ".join(words), corpus.articles[post].metadata.language)


def _only(corpus: Corpus, post: int, other: int) -> list[str]:
    """Return the paragraphs of a post of whose terms the other one has fewest, in their order."""
    language = corpus.articles[post].metadata.language
    known = _terms(" ".join(paragraph.text for paragraph in corpus.kept_of[other]), language)
    shares = []
    for at, paragraph in enumerate(corpus.kept_of[post]):
        own = _terms(paragraph.text, language)
        if own and len(paragraph.text.split()) >= _LEAST_WORDS:
            share = len(own & known) / len(own)
            if share < _KNOWN:
                shares.append((share, at, paragraph.text))
    return [text for _, _, text in sorted(sorted(shares)[:_SHOWN], key=lambda each: each[1])]
