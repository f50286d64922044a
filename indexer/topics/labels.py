"""Name topics as an editor would: a category, a tag, or a phrase of the posts' titles, headings and text."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING

from indexer.analysis import analyzer, fold_label
from indexer.topics.category_seeds import SAYS_NOTHING
from indexer.topics.label_score import (
    LONE_WORD,
    Reason,
    Scored,
    beside,
    evidence,
    form_reasons,
    holding,
    label_reason,
    meaning,
)
from indexer.topics.occurrences import standing_of
from indexer.topics.phrases import (
    Phrase,
    Wording,
    begins_with_number,
    grown,
    is_calendar_word,
    own_writing,
    phrase_of,
    sentence_case,
)
from indexer.topics.terms import is_label_term

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from indexer.store.derived.topic_rows import Source, Topic
    from indexer.topics.terms import Key, Reading

TERMS_SHOWN = 8
"""Words that explain a topic; chosen: a line."""
_LEAST_AS_NOUN = 0.2
"""Share of its occurrences that make a word a noun; chosen, not measured."""
_OFTEN_OPENING, _OPENING_SHARE, _WAYS_ON, _INSIDE = 5, 0.02, 3, 0.2
"""What makes the first word of titles an opener ("Guide", "Video"): posts that it opens, their share, words that follow
it, and the share of its posts that have it inside. Chosen, not measured."""
_NAMING_TERMS = 40
_LOOKED_AT = 8
"""Strongest terms of a topic that may be in its name, and phrases that are weighed; chosen: bounds of time."""
_MOST_OF_BLOG = 0.6
"""Share of all posts that carry a category from which on it tells nothing of a topic; chosen: most of them."""
_COMPANY = 4
"""How much a word gains that stands in one post with those chosen before; chosen, not measured."""
_LEAST_COVERAGE = 0.2
"""Share of a topic's posts that a word stands in to explain it; chosen, not measured."""


@dataclass(frozen=True, slots=True)
class Name:
    """The label of a topic, where it comes from, and the words that explain it."""

    label: str
    source: Source
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A topic to be named: its factor by term, and the share of it in each post that has it, by index."""

    id: int
    factor: Mapping[str, float]
    shares: Mapping[int, float]


def name_topics(
    groups: Sequence[Group],
    namer: Namer,
    known: Iterable[Topic] = (),
    taken: Iterable[str] = (),
) -> dict[int, Name]:
    """Return a name for each group, no two alike. `known` topics keep theirs; `taken` names are not given."""
    holders = _holders(groups, namer.readings)
    names = {topic.id: Name(topic.label, topic.source, ()) for topic in known}
    given = [namer.meaning(label) for label in (*taken, *(name.label for name in names.values()))]
    ranked = {group.id: namer.ranked(group) for group in groups if group.id not in names}
    for group_id in sorted(ranked, key=lambda i: (-max((one.score for one in ranked[i]), default=0.0), i)):
        best = best_of(ranked[group_id], given)
        names[group_id] = Name(best.label, best.source, ()) if best else Name(f"Topic {group_id}", "found", ())
        given.append(namer.meaning(names[group_id].label))
    return {
        group.id: replace(names[group.id], terms=_terms(group, holders, namer.wording, len(namer.readings)))
        for group in groups
    }


def best_of(ranked: Sequence[Scored], given: Sequence[frozenset[str]]) -> Scored | None:
    """Return the name with the best score beside those that are given, if any is free."""
    free = [(one.score * beside(one, given).value, one) for one in ranked]
    return max(free, key=lambda pair: pair[0])[1] if any(score > 0 for score, _ in free) else None


class Namer:
    """Score the names that topics of a blog could have."""

    def __init__(self, readings: Sequence[Reading], phrases: Mapping[Key, Phrase]) -> None:
        self.wording = Wording(readings)
        self.readings = readings
        self._own = own_writing(readings)
        self._openers = openers(readings)
        self._language = Counter(reading.language for reading in readings).most_common(1)[0][0] if readings else ""
        self._phrases = phrases
        self._by_term: dict[str, list[Phrase]] = {}
        for phrase in phrases.values():
            if phrase.named and len(phrase.posts) > 1:
                for term in set(phrase.key):
                    self._by_term.setdefault(term, []).append(phrase)
        self._labels = _own_labels(readings)
        self._whole: dict[Phrase, Phrase] = {}

    def meaning(self, label: str) -> frozenset[str]:
        """Return the terms by which a name is compared with others."""
        return meaning(label, self._language)

    def ranked(self, group: Group) -> list[Scored]:
        """Return the names that the group could have, best first: phrases, and the blog's own labels."""
        strongest = sorted(group.factor, key=lambda term: (-group.factor[term], term))[:_NAMING_TERMS]
        candidates = {phrase.key: phrase for term in strongest for phrase in self._by_term.get(term, ())}
        roughly = [(self._rough(phrase, group), phrase) for phrase in candidates.values()]
        roughly.sort(key=lambda pair: (-pair[0], pair[1].key))
        looked_at = {phrase.key: phrase for score, phrase in roughly[:_LOOKED_AT] if score > 0}
        written = [phrase for phrase in self._grown(looked_at.values()) if self.wording.form(phrase)]
        scored = [self._phrase(phrase, group) for phrase in written]
        scored += [self._label(label, group) for label in self._labels if self._carried(label, group)]
        best: dict[str, Scored] = {}
        for one in sorted(scored, key=lambda one: (-one.score, one.label)):
            best.setdefault(fold_label(one.label), one)
        return list(best.values())

    def _grown(self, phrases: Iterable[Phrase]) -> list[Phrase]:
        whole: dict[Key, Phrase] = {}
        for phrase in phrases:
            if phrase not in self._whole:
                key = grown(phrase, self.readings)
                same = key == phrase.key
                self._whole[phrase] = phrase if same else phrase_of(key, phrase, self.readings)
            whole.setdefault(self._whole[phrase].key, self._whole[phrase])
        return list(whole.values())

    def _rough(self, phrase: Phrase, group: Group) -> float:
        """Return the score before the form of the words is looked at, which costs most."""
        lone = LONE_WORD if len(phrase.key) == 1 else 1.0
        return lone * prod(reason.value for reason in self._evidence(phrase, group))

    def _evidence(self, phrase: Phrase, group: Group) -> tuple[Reason, ...]:
        weight = sum(group.factor.get(term, 0.0) for term in phrase.key) / math.sqrt(len(phrase.key))
        return evidence(holding(group.shares, phrase), weight)

    def _phrase(self, phrase: Phrase, group: Group) -> Scored:
        held = holding(group.shares, phrase)
        form = sentence_case(self.wording.form(phrase, plural=True))
        label = self._own.get(fold_label(form), form)
        reasons = form_reasons(phrase, held, self.wording, self._openers, self._language)
        return Scored(label, "found", self.meaning(label), (*self._evidence(phrase, group), *reasons))

    def _carried(self, label: OwnLabel, group: Group) -> bool:
        return len(label.posts) > 1 and any(group.shares.get(index, 0.0) for index in label.posts)

    def _label(self, label: OwnLabel, group: Group) -> Scored:
        """Score a category or tag: the posts that carry it speak for it as if they had it in their titles."""
        carried = Phrase(label.key, label.posts, label.posts, label.posts)
        held = holding(group.shares, carried)
        weight = max(held.coverage * held.focus, *(group.factor.get(term, 0.0) for term in label.key))
        written = self._own.get(label.folded) or _as_in_text(label.folded, self._phrases.get(label.key), self.wording)
        reasons = (*evidence(held, weight), label_reason(label.is_category))
        return Scored(written, "category", self.meaning(written), reasons)


def openers(readings: Sequence[Reading]) -> frozenset[str]:
    """Return the terms that titles open with by formula: `Announcing`, `Welcome`.

    Many titles begin with one and go on in many ways; inside titles it hardly stands, and no text uses it as a noun.
    """
    first: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    following: dict[str, set[str]] = {}
    for reading in readings:
        title = reading.title_terms
        first.update(title[:1])
        inside.update(title[1:])
        if len(title) > 1:
            following.setdefault(title[0], set()).add(title[1])
    least = max(_OFTEN_OPENING, _OPENING_SHARE * len(readings))
    return frozenset(
        term
        for term, number in first.items()
        if number >= least
        and len(following.get(term, ())) >= _WAYS_ON
        and inside[term] <= _INSIDE * number
        and (standing := standing_of(term, readings)).as_noun < _LEAST_AS_NOUN * standing.total
    )


@dataclass(frozen=True, slots=True)
class OwnLabel:
    """A category or tag of the blog with the posts that carry it, by index; `folded` is how it is compared."""

    folded: str
    key: Key
    is_category: bool
    posts: frozenset[int]


def _own_labels(readings: Sequence[Reading]) -> list[OwnLabel]:
    """Return the categories and tags that say something and tell posts apart."""
    carriers: dict[str, set[int]] = {}
    keys: dict[str, Key] = {}
    for index, reading in enumerate(readings):
        for label in {*reading.categories, *reading.tags}:
            folded = fold_label(label)
            if folded and folded not in SAYS_NOTHING:
                carriers.setdefault(folded, set()).add(index)
                keys.setdefault(folded, tuple(analyzer(reading.language).terms(label)))
    are_categories = {fold_label(label) for reading in readings for label in reading.categories}
    return [
        OwnLabel(folded, keys[folded], folded in are_categories, frozenset(posts))
        for folded, posts in sorted(carriers.items())
        if keys[folded] and len(posts) < _MOST_OF_BLOG * len(readings)
    ]


def _as_in_text(folded: str, phrase: Phrase | None, wording: Wording) -> str:
    """Return a label as running text writes it, if it writes the same words."""
    form = wording.form(phrase) if phrase else folded
    return sentence_case(form if fold_label(form) == folded else folded)


def _holders(groups: Sequence[Group], readings: Sequence[Reading]) -> dict[str, set[int]]:
    """Return the posts of every term that could explain a group."""
    wanted = {term for group in groups for term in _strongest(group)}
    holders: dict[str, set[int]] = {term: set() for term in wanted}
    for index, reading in enumerate(readings):
        for term in wanted.intersection(reading.counts):
            holders[term].add(index)
    return holders


def _strongest(group: Group) -> list[str]:
    return sorted(group.factor, key=lambda term: (-group.factor[term], term))[: 4 * TERMS_SHOWN]


def _usable(group: Group, holders: Mapping[str, set[int]]) -> list[str]:
    """Return the strong terms that more than a few of the group's posts hold, and that are no numbers or days."""
    total = sum(group.shares.values()) or 1.0
    found = []
    for term in _strongest(group):
        inside = [group.shares[index] for index in holders[term] if index in group.shares]
        says_when = is_calendar_word(term) or begins_with_number(term)
        if len(inside) > 1 and sum(inside) >= _LEAST_COVERAGE * total and not says_when:
            found.append(term)
    return found


def _terms(group: Group, holders: Mapping[str, set[int]], wording: Wording, size: int) -> tuple[str, ...]:
    """Return the words that explain the topic, best first: strong in its factor and standing in the same posts."""
    left = _usable(group, holders)
    chosen: list[str] = []
    company = dict.fromkeys(left, 0.0)
    while left and len(chosen) < TERMS_SHOWN:
        known = len(chosen) or 1
        best = max(left, key=lambda term: (group.factor[term] * (0.5 + company[term] / known / 2) ** _COMPANY, term))
        chosen.append(best)
        left.remove(best)
        for term in left:
            company[term] += _npmi(holders[term], holders[best], size)
    return tuple(wording.form(_within(group, term, holders[term])) or term for term in chosen)


def _within(group: Group, term: str, holders: set[int]) -> Phrase:
    """Return the term as a phrase of the group's posts: of `engine` and `engineering`, that which is meant there."""
    inside = {index for index in holders if group.shares.get(index, 0.0) >= 0.5}
    return Phrase((term,), frozenset(inside or holders), frozenset(), frozenset())


def _npmi(ones: set[int], others: set[int], size: int) -> float:
    """Return the normalised pointwise mutual information of two terms, -1 to 1, from the posts they stand in."""
    both = len(ones & others)
    if not both:
        return -1.0
    return 1.0 if both == size else math.log(both * size / (len(ones) * len(others))) / -math.log(both / size)


def factor_by_term(factor: Mapping[int, float], terms: Sequence[str]) -> dict[str, float]:
    """Return a topic's factor with words in place of numbers, without what stands for categories and tags."""
    return {terms[number]: weight for number, weight in factor.items() if not is_label_term(terms[number])}
