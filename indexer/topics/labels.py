"""Name topics as an editor would: a category, a tag, or a phrase of the posts' titles, headings and text."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from indexer.analysis import analyzer, fold_label
from indexer.topics.category_seeds import SAYS_NOTHING
from indexer.topics.occurrences import standing_of
from indexer.topics.phrases import Phrase, Wording, begins_with_number, is_calendar_word, own_writing, sentence_case
from indexer.topics.terms import is_label_term

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from indexer.store.derived.topic_rows import Source, Topic
    from indexer.topics.terms import Key, Reading

TERMS_SHOWN = 8
"""Words that explain a topic; chosen: a line."""
_CATEGORY_SHARE = 0.6
"""Share of a topic's posts that are in a category to be called by it; chosen: most of them."""
_COMMON = 0.3
"""Share of all posts above which a phrase is no name: it tells topics apart no more."""
_SINGLE_WORD = 0.45
_NAME_WORD = 0.75
_NO_THING = 0.1
"""What a single word is worth against a phrase of two: as a thing, as a name, as neither. Chosen, not measured."""
_OFTEN = 5
_LEAST_AS_NOUN, _LEAST_AS_NAME = 0.2, 0.15
"""Occurrences from which on they are counted, and the shares of them that make a noun and a name. Chosen, not
measured."""
_OFTEN_OPENING, _OPENING_SHARE, _WAYS_ON, _INSIDE = 5, 0.02, 3, 0.2
"""What makes the first word of titles an opener ("Guide", "Video"): posts that it opens, their share, words that follow
it, and the share of its posts that have it inside. Chosen, not measured."""
_NAMING_TERMS = 40
_LOOKED_AT = 16
"""Strongest terms of a topic that may be in its name, and phrases that are weighed; chosen: bounds of time."""
_HARDLY_ALONE = 0.6
"""Share of a phrase's posts that have a longer one around it: then the longer one is meant. Chosen, not measured."""
_COMPANY = 4
"""How much a word gains that stands in one post with those chosen before; chosen, not measured."""
_LEAST_COVERAGE = 0.2
"""Share of a topic's posts that a name holds for without being marked down; chosen, not measured."""


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
    readings: Sequence[Reading],
    phrases: Mapping[Key, Phrase],
    known: Iterable[Topic] = (),
    taken: Iterable[str] = (),
) -> dict[int, Name]:
    """Return a name for each group, no two alike. `known` topics keep theirs; `taken` names are not given."""
    wording, own = Wording(readings), own_writing(readings)
    ranked = _ranked(groups, phrases, wording, openers(readings), len(readings))
    holders = _holders(groups, readings)
    names = {topic.id: Name(topic.label, topic.source, ()) for topic in known}
    given = {fold_label(label) for label in (*taken, *(name.label for name in names.values()))}
    unnamed = [group for group in groups if group.id not in names]
    for group_id, label in _categories(unnamed, readings, given, phrases, wording).items():
        given.add(fold_label(label))
        names[group_id] = Name(label, "category", ())
    rest = [group for group in groups if group.id not in names]
    for group in sorted(rest, key=lambda group: (-_best(ranked[group.id]), group.id)):
        label = _free_label(ranked[group.id], wording, given) or f"Topic {group.id}"
        label = own.get(fold_label(label), label)
        given.add(fold_label(label))
        names[group.id] = Name(label, "found", ())
    return {
        group.id: replace(names[group.id], terms=_terms(group, holders, wording, len(readings))) for group in groups
    }


def _best(ranked: Sequence[tuple[float, Phrase]]) -> float:
    return ranked[0][0] if ranked else 0.0


def _ranked(
    groups: Sequence[Group],
    phrases: Mapping[Key, Phrase],
    wording: Wording,
    openers: Container[str],
    size: int,
) -> dict[int, list[tuple[float, Phrase]]]:
    """Return for each group the phrases that could name it, best first."""
    by_term: dict[str, list[Phrase]] = {}
    for phrase in phrases.values():
        if phrase.named and len(phrase.posts) > 1:
            for term in set(phrase.key):
                by_term.setdefault(term, []).append(phrase)
    ranked = {}
    for group in groups:
        total = sum(group.shares.values()) or 1.0
        strongest = sorted(group.factor, key=lambda term: (-group.factor[term], term))[:_NAMING_TERMS]
        candidates = {phrase.key: phrase for term in strongest for phrase in by_term.get(term, ())}
        scored = [(_score(phrase, group, total), phrase) for phrase in candidates.values()]
        scored.sort(key=lambda pair: (-pair[0], pair[1].key))
        looked_at = [(score, phrase) for score, phrase in scored[:_LOOKED_AT] if score > 0]
        named = [(score, phrase) for score, phrase in looked_at if not _is_formula(phrase, wording, openers)]
        best = [(score * _shape(phrase, wording, size), phrase) for score, phrase in named or looked_at]
        best.sort(key=lambda pair: (-pair[0], pair[1].key))
        ranked[group.id] = _whole(best)
    return ranked


def _is_formula(phrase: Phrase, wording: Wording, openers: Container[str]) -> bool:
    """Tell whether the phrase is how a series of titles begins, or a remark on a thing."""
    return len(phrase.key) > 1 and (phrase.key[0] in openers or wording.is_remark(phrase))


def _shape(phrase: Phrase, wording: Wording, size: int) -> float:
    """Return how much of a name the phrase is by its looks, 0-1: a lone word is one only when it is a name itself."""
    if len(phrase.key) > 1:
        return 1.0
    form = wording.form(phrase)
    if len(phrase.posts) > _COMMON * size or len(form) < 3 or is_calendar_word(form):
        return 0.1
    is_proper = form != form.lower()
    return (_NAME_WORD if is_proper else _SINGLE_WORD) if _is_thing(phrase, wording, is_proper) else _NO_THING


def _is_thing(phrase: Phrase, wording: Wording, is_proper: bool) -> bool:
    """Tell a lone word that names a thing from verbs (`memorize`), and from what is a part of many names (`Andrew`)."""
    standing = wording.standing(phrase)
    if standing.total < _OFTEN:
        return True
    if is_proper:
        return standing.as_noun + standing.alone >= _LEAST_AS_NAME * standing.total
    return min(standing.as_noun, standing.alone) >= _LEAST_AS_NOUN * standing.total


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


def _whole(ranked: list[tuple[float, Phrase]]) -> list[tuple[float, Phrase]]:
    """Put a longer phrase before a part of it that hardly stands alone: not `Front Door` but `Federal Front Door`."""
    for _, short in ranked[:1]:
        for position, (_, longer) in enumerate(ranked):
            if _holds(longer.key, short.key) and len(longer.posts) >= _HARDLY_ALONE * len(short.posts):
                return [ranked[position], *ranked[:position], *ranked[position + 1 :]]
    return ranked


def _holds(longer: Key, key: Key) -> bool:
    return len(longer) > len(key) and any(longer[i : i + len(key)] == key for i in range(len(longer) - len(key) + 1))


def _score(phrase: Phrase, group: Group, total: float) -> float:
    """Weigh how well the phrase's posts are the group's posts, and how much of a name it is.

    Geometric mean of coverage and precision, as an editor wants a name that holds for most posts of the topic and for
    few others; times evidence: titles and headings of the group that have it, the factor's weight for its words.
    """
    inside = sum(group.shares.get(index, 0.0) for index in phrase.posts)
    if inside <= 0:
        return 0.0
    coverage = inside / total
    fit = math.sqrt(coverage * inside / len(phrase.posts)) * min(1.0, coverage / _LEAST_COVERAGE)
    in_titles = sum(group.shares.get(index, 0.0) for index in phrase.titles) / total
    in_names = sum(group.shares.get(index, 0.0) for index in phrase.named) / total
    weight = sum(group.factor.get(term, 0.0) for term in phrase.key) / math.sqrt(len(phrase.key))
    evidence = 0.25 + math.sqrt(in_titles) + 0.5 * math.sqrt(in_names)
    return fit * evidence * (0.15 + weight)


def _free_label(ranked: Sequence[tuple[float, Phrase]], wording: Wording, given: set[str]) -> str:
    for _, phrase in ranked:
        label = sentence_case(wording.form(phrase, plural=True))
        if fold_label(label) not in given:
            return label
    return ""


def _categories(
    groups: Sequence[Group],
    readings: Sequence[Reading],
    given: set[str],
    phrases: Mapping[Key, Phrase],
    wording: Wording,
) -> dict[int, str]:
    """Return the groups that a category or tag of the blog names: most of their posts carry it, few others.

    Where a category and a tag could, the category does.
    """
    own = own_writing(readings)
    are_categories = {fold_label(label) for reading in readings for label in reading.categories}
    carriers: dict[str, set[int]] = {}
    keys: dict[str, Key] = {}
    for index, reading in enumerate(readings):
        for label in {*reading.categories, *reading.tags}:
            folded = fold_label(label)
            if folded and folded not in SAYS_NOTHING and folded not in given:
                carriers.setdefault(folded, set()).add(index)
                keys.setdefault(folded, tuple(analyzer(reading.language).terms(label)))
    claims: list[tuple[bool, float, int, str]] = []
    for group in groups:
        total = sum(group.shares.values()) or 1.0
        for folded, posts in carriers.items():
            inside = sum(group.shares.get(index, 0.0) for index in posts)
            if inside / total >= _CATEGORY_SHARE and len(posts) < 0.6 * len(readings):
                fit = math.sqrt(inside / total * inside / len(posts))
                claims.append((folded not in are_categories, -fit, group.id, folded))
    names: dict[int, str] = {}
    used: set[str] = set()
    for _, _, group_id, folded in sorted(claims):
        if group_id not in names and folded not in used:
            used.add(folded)
            names[group_id] = own.get(folded) or _as_in_text(folded, phrases.get(keys[folded]), wording)
    return names


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
    return tuple(wording.form(_within(group, term, holders[term])) for term in chosen)


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
