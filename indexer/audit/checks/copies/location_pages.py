"""Find location pages: the same article written for other places, with other names, distances and landmarks.

Verbatim runs of words end at every name, so posts are compared by the recurring paragraphs that they are made of.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from indexer.audit.findings import Series
from indexer.audit.marks import mark
from indexer.audit.similarity.variants import is_of_calendar
from scraper.text.words import PLAIN, plain_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from indexer.audit.corpus import Corpus, Paragraph
    from indexer.audit.similarity.groups import Group

FEWEST = 3
"""Two such posts are a pair of copies, or none; from three on they are made after one pattern."""

ALIKE = 0.6
"""The share of words in paragraphs that both posts have: as of posts that are near copies (`duplicates.NEAR`)."""

_LEAST_WORDS, _LINE = 40, 7
"""Words of a post that can be compared, and of a paragraph that opens one but for one; chosen, not measured."""
_NAMED = 0.75
"""Share of the posts of a set whose recurring paragraphs have the name that only their title has; chosen: some titles
have none."""
_COMPARED = 200
"""A paragraph on very many posts leads to so many sets at most, the latest ones, so that a notice costs no square."""


class _Made(NamedTuple):
    """What a post is made of: its words, and those in each recurring paragraph, by number of the group."""

    words: int
    groups: dict[int, int]


def location_pages(
    corpus: Corpus, paragraphs: Sequence[Paragraph], groups: Sequence[Group], left_out: Collection[int]
) -> Iterator[Series]:
    """Yield the posts that are one article for several places, most posts first, each with the names it has.

    `left_out` are paragraphs that do not count, such as calls to action.
    """
    made = _made_of(len(corpus), paragraphs, groups, left_out)
    said = _shared_words(paragraphs, groups, left_out)
    found = []
    for posts in _sets(made):
        if len(posts) >= FEWEST:
            names = [_own_name(corpus, post, posts) for post in posts]
            naming = sum(_stands_in(name, said[post]) for name, post in zip(names, posts, strict=True))
            if naming >= _NAMED * len(posts) and len(set(names)) > 1:
                found.append((posts, names))
    for posts, named in sorted(found, key=lambda item: (-len(item[0]), item[0])):
        urls = tuple(corpus.urls[post] for post in posts)
        share = sum(_shared(made[post], made[posts[0]]) for post in posts[1:]) / (len(posts) - 1)
        opening = next((p.text for p in corpus.kept_of[posts[0]] if p.key.count(" ") >= _LINE), "")
        yield Series(mark("r", "places", urls[0]), urls, share, opening, "places", tuple(named))


def _shared_words(
    paragraphs: Sequence[Paragraph], groups: Sequence[Group], left_out: Collection[int]
) -> Mapping[int, set[str]]:
    """Return for each post the words of its paragraphs that recur."""
    found: dict[int, set[str]] = defaultdict(set)
    for group in groups:
        for number in group.members:
            if number not in left_out:
                found[paragraphs[number].post].update(plain_words(paragraphs[number].text))
    return found


def _own_name(corpus: Corpus, post: int, posts: Sequence[int]) -> str:
    """Return the capitalised words of a post's title that most others of its set do not have, "" where it has none."""
    titles = [set(plain_words(corpus.articles[other].metadata.title or "")) for other in posts]
    usual = {word for word, count in Counter(chain.from_iterable(titles)).items() if 2 * count > len(posts)}
    words = PLAIN.findall(corpus.articles[post].metadata.title or "")
    return " ".join(
        word for word in words if word[0].isupper() and word.lower() not in usual and not is_of_calendar(word)
    )


def _stands_in(name: str, words: Collection[str]) -> bool:
    return bool(name) and all(word in words for word in plain_words(name))


def _made_of(
    posts: int, paragraphs: Sequence[Paragraph], groups: Sequence[Group], left_out: Collection[int]
) -> list[_Made]:
    sizes = [0] * posts
    inside: list[dict[int, int]] = [defaultdict(int) for _ in range(posts)]
    for number, paragraph in enumerate(paragraphs):
        if number not in left_out:
            sizes[paragraph.post] += paragraph.key.count(" ") + 1
    for at, group in enumerate(groups):
        for number in group.members:
            if number not in left_out:
                inside[paragraphs[number].post][at] += paragraphs[number].key.count(" ") + 1
    return [_Made(size, found) for size, found in zip(sizes, inside, strict=True)]


def _shared(one: _Made, other: _Made) -> float:
    """Return the smaller share of words that stand in paragraphs of both posts, 0-1."""
    both = one.groups.keys() & other.groups.keys()
    return min(sum(made.groups[at] for at in both) / made.words for made in (one, other))


def _sets(made: Sequence[_Made]) -> list[list[int]]:
    """Return posts in sets: each is like the first of its set."""
    sets: list[list[int]] = []
    having: dict[int, list[int]] = defaultdict(list)
    for post, own in enumerate(made):
        if own.words < _LEAST_WORDS or sum(own.groups.values()) < ALIKE * own.words:
            continue
        near = set(chain.from_iterable(having[group][-_COMPARED:] for group in own.groups))
        fits = ((_shared(own, made[sets[at][0]]), -at) for at in near)
        best = max(fits, default=(0.0, 0))
        if best[0] >= ALIKE:
            sets[-best[1]].append(post)
            continue
        for group in own.groups:
            having[group].append(len(sets))
        sets.append([post])
    return sets
