"""Show the wordings of a recurring paragraph and how each differs from the one at its centre, word by word."""

from __future__ import annotations

import calendar
from collections import Counter, defaultdict
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from indexer.audit.findings import Variant
from scraper.text.words import masked_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.audit.corpus import Corpus, Paragraph
    from indexer.audit.findings import Cluster
    from indexer.audit.similarity.groups import Group

Change = Literal["same", "out", "in"]
_LONGEST_DIFF = 1500
_CENTRAL = 0.8
_ABBREVIATED = 3
"""Words up to which two texts are compared word by word, which takes time as their product; share of the medoid's
2-grams that a central wording has; letters of a shortened month. Chosen, not measured."""
_CALENDAR = tuple(name.casefold() for name in (*calendar.month_name[1:], *calendar.day_name))
_JOINS = frozenset(("and", "und", "y", "et", "e", "en", "&", "of", "the", "de"))


class Step(NamedTuple):
    """A run of words that both texts have, or that only the first (`out`) or the second (`in`) has."""

    change: Change
    text: str


def steps(old: str, new: str) -> Iterator[Step]:
    """Yield how to get from one text to the other in whole words; other capitals make no difference."""
    one, other = old.split(), new.split()
    folded = [word.casefold() for word in one], [word.casefold() for word in other]
    if len(one) + len(other) > _LONGEST_DIFF:
        yield from (Step("out", " ".join(one)), Step("in", " ".join(other)))
        return
    for kind, left, right, start, end in SequenceMatcher(None, *folded, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Step("same", " ".join(other[start:end]))
        else:
            if right > left:
                yield Step("out", " ".join(one[left:right]))
            if end > start:
                yield Step("in", " ".join(other[start:end]))


def diff(old: str, new: str) -> str:
    """Return the difference in one line: `[-left out-]`, `{+put in+}`; empty where the words are the same."""
    return _in_line(list(steps(old, new)))


def _in_line(found: Sequence[Step]) -> str:
    if all(step.change == "same" for step in found):
        return ""
    signs = {"same": "{}", "out": "[-{}-]", "in": "{{+{}+}}"}
    return " ".join(signs[step.change].format(step.text) for step in found)


def is_reworded(found: Sequence[Step]) -> bool:
    """Tell whether a wording differs in more than what fills its slots: names, numbers, dates, links."""
    before = ""
    for step in found:
        if step.change == "same":
            before = step.text
        elif not _fills(step.text, opens=not before or before[-1] in ".!?:"):
            return True
    return False


def _fills(text: str, *, opens: bool) -> bool:
    """Tell whether each word of a text is a name or has a digit or a sign inside, or joins such words.

    `opens`: at the beginning of a sentence, where every word has a capital, so that only a month or a day is a name.
    """
    words = [word.strip(".,;:!?()[]\"'“”’") for word in text.split()]
    first = next((word for word in words if not is_of_calendar(word)), "") if opens else ""
    if first.isalpha():
        return False
    return all(not word.isalpha() or word in _JOINS or word[0].isupper() for word in words)


def is_of_calendar(word: str) -> bool:
    """Tell whether a word names a month or a day of the week, in full or by three letters of it at least."""
    return len(word) >= _ABBREVIATED and any(name.startswith(word.casefold()) for name in _CALENDAR)


def families(cluster: Cluster) -> list[Variant]:
    """Return the wordings in other words, those that differ among themselves in numbers only as one, most posts first.

    One stands for its family: `posts`, `count` and the days are those of all of them.
    """
    same: dict[str, list[Variant]] = defaultdict(list)
    for variant in cluster.reworded:
        same[" ".join(masked_words(variant.text))].append(variant)
    made = [found[0] if len(found) == 1 else _together(found) for found in same.values()]
    return sorted(made, key=lambda variant: -variant.count)


def _together(found: Sequence[Variant]) -> Variant:
    posts = tuple(dict.fromkeys(url for variant in found for url in variant.posts))
    days = sorted(day for variant in found for day in (variant.first, variant.last) if day)
    span = (days[0], days[-1]) if days else (None, None)
    return replace(found[0], posts=posts, count=len(posts), first=span[0], last=span[1])


def plain(text: str) -> str:
    """Return a text with single spaces: wordings that differ in nothing else are one."""
    return " ".join(text.split())


def central_text(group: Group, paragraphs: Sequence[Paragraph], corpus: Corpus) -> str:
    """Return the medoid or a near wording, the one that most posts have, numbers aside; then the plainest one."""
    medoid = set(pairwise(group.medoid)) or {(word, word) for word in group.medoid}
    near: dict[str, bool] = {}
    texts: Counter[str] = Counter()
    keys: Counter[str] = Counter()
    key_of: dict[str, str] = {}
    newest: dict[str, int] = {}
    for number in group.members:
        paragraph = paragraphs[number]
        if paragraph.key not in near:
            words = paragraph.key.split()
            grams = set(pairwise(words)) or {(word, word) for word in words}
            near[paragraph.key] = len(grams & medoid) >= _CENTRAL * len(grams | medoid)
        if near[paragraph.key]:
            text = plain(paragraph.text)
            texts[text] += 1
            keys[paragraph.key] += 1
            key_of[text] = paragraph.key
            newest[text] = max(paragraph.post, newest.get(text, -1))
    if not texts:
        return plain(paragraphs[group.members[0]].text)
    rank = {text: (-keys[key_of[text]], -texts[text], *_capitals(text), -newest[text], text) for text in texts}
    return min(texts, key=rank.__getitem__)


def _capitals(text: str) -> tuple[bool, int]:
    return not text[:1].isupper(), sum(sign.isupper() for sign in text)


def variants(
    group: Group, paragraphs: Sequence[Paragraph], corpus: Corpus, centre: str, *, masked: bool
) -> tuple[Variant, ...]:
    """Return the wordings: the central one, others by number of posts and by how little differs, filled slots last.

    `masked`: numbers make no wording.
    """
    found: dict[str, list[Paragraph]] = defaultdict(list)
    for number in group.members:
        paragraph = paragraphs[number]
        found[paragraph.key if masked else plain(paragraph.text)].append(paragraph)
    made = [_variant(same, corpus, centre) for same in found.values()]
    centres = {plain(same[0].text) for same in found.values() if any(plain(p.text) == centre for p in same)}
    made.sort(
        key=lambda item: (
            item[0].text not in centres,
            not item[0].reworded,
            -item[0].count,
            item[1],
            item[0].text,
        )
    )
    return tuple(variant for variant, _ in made)


def _variant(same: Sequence[Paragraph], corpus: Corpus, centre: str) -> tuple[Variant, int]:
    """Return a wording, and how many signs it changes."""
    posts = sorted({paragraph.post for paragraph in same}, reverse=True)
    days = sorted(day for day in map(corpus.published, posts) if day)
    text = plain(same[0].text)
    found = list(steps(centre, text))
    made = Variant(
        text,
        _in_line(found),
        len(posts),
        tuple(corpus.urls[post] for post in posts),
        days[0] if days else None,
        days[-1] if days else None,
        tuple(sorted({paragraph.block.digest for paragraph in same})),
        is_reworded(found),
    )
    return made, sum(len(step.text) for step in found if step.change != "same")
