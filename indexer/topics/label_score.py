"""Score what could name a topic: one figure, the product of its reasons, which a person can read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.analysis import analyzer
from indexer.topics.occurrences import determiners
from indexer.topics.phrases import begins_with_number, is_calendar_word

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from indexer.store.derived.topic_rows import Source
    from indexer.topics.occurrences import Standing
    from indexer.topics.phrases import Phrase, Wording

_COVERAGE, _FOCUS = 0.6, 0.5
"""Exponents of the share of the topic's posts that have the name, and of the share of the name's posts that are the
topic's. Chosen by eye on seven blogs: coverage comes first, as a name that few of the posts have misleads."""
_LEAST_EVIDENCE = 0.25
_FLOOR = 0.05
"""What a name keeps that no title, and no rule of form, speaks for; chosen: it is used where there is no other."""
LONE_WORD = 0.6
"""What a lone noun is worth against a phrase that holds for as many posts. Chosen by eye on seven blogs."""
_ABOUT = 0.12
"""Share of a topic's titles from which on its posts are about a proper name's bearer. Chosen by eye on seven blogs."""
_AS_NOUN, _GOVERNING = 0.25, 0.2
"""Share of a noun's occurrences that stand after an article or preposition; share of a verb's that an article follows
(`celebrate the`). Chosen, not measured."""
_OWN_LABEL = 2.0
"""What a category is worth against a phrase of the text, a tag half way; chosen: the blog's own grouping."""
_SEEN = 4
"""Occurrences that were not seen, as nouns: what is rare is not judged. Chosen, not measured."""
_FORMULA = 0.1
_PARTLY_TAKEN = 0.6
"""What is left of a phrase that opens a series of titles or remarks on a thing, and of a name that shares its words
with another topic's. Chosen, not measured."""
_ALONE = 0.1
"""Share of a noun's occurrences that stand between words of no meaning; chosen, not measured."""
_CLAUSE = 0.4
"""What is left of a phrase for a verb in front and for each word inside that joins no names; chosen by eye."""
_SHORTEST = 3
"""Letters that a name has at least; chosen."""
VERB_ENDINGS = {
    "en": ("ing",),
    "es": ("ar", "er", "ir"),
    "pt": ("ar", "er", "ir"),
    "fr": ("er", "ir", "re"),
    "it": ("are", "ere", "ire"),
}
"""How the form of a verb ends in which titles begin (`Coping with`, `Honrar a`)."""
_LINKING = "of and for de del da do das dos du des y e et und der di d"
NAME_LINKS = frozenset(_LINKING.split())
"""Words that join two nouns to one name (`standard of care`, `salud y bienestar`)."""
_EVERY_NOUN_CAPITAL = frozenset({"de", "lb"})


@dataclass(frozen=True, slots=True)
class Reason:
    """One factor of a score: what it is about, its value, and what a person is told of it."""

    name: str
    value: float
    said: str


@dataclass(frozen=True, slots=True)
class Scored:
    """A name that a topic could have. The score is the product of the reasons; `words` are its words of meaning."""

    label: str
    source: Source
    words: frozenset[str]
    reasons: tuple[Reason, ...]

    @property
    def score(self) -> float:
        """Return the product of the reasons, 0 or more."""
        return math.prod(reason.value for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Holding:
    """How much of a topic holds a name, 0-1: posts with it in text, in title, in title or headings or as a label.

    `focus` is the share of the posts that have it which are the topic's.
    """

    coverage: float
    focus: float
    titled: float
    named: float


def holding(shares: Mapping[int, float], phrase: Phrase) -> Holding:
    """Return how much of the topic, given as its share in each post, holds the phrase."""
    total = sum(shares.values()) or 1.0
    inside, titled, named = (
        sum(shares.get(index, 0.0) for index in posts) for posts in (phrase.posts, phrase.titles, phrase.named)
    )
    return Holding(inside / total, inside / (len(phrase.posts) or 1), titled / total, named / total)


def evidence(held: Holding, weight: float) -> tuple[Reason, ...]:
    """Return the reasons that lie in the posts: who has the name, where, and how much its words weigh in the topic."""
    return (
        Reason("coverage", held.coverage**_COVERAGE, f"{held.coverage:.0%} of the topic has it"),
        Reason("focus", held.focus**_FOCUS, f"{held.focus:.0%} of the posts that have it belong here"),
        Reason(
            "titles",
            _LEAST_EVIDENCE + math.sqrt(held.titled) + 0.5 * math.sqrt(held.named),
            f"{held.titled:.0%} of the topic has it in the title, {held.named:.0%} in title, heading or label",
        ),
        Reason("weight", 0.15 + weight, f"its words weigh {weight:.2f} among those of the topic"),
    )


def form_reasons(
    phrase: Phrase, held: Holding, wording: Wording, openers: Container[str], language: str
) -> tuple[Reason, ...]:
    """Return the reasons that lie in the words: a noun or a verb, a person or place, a date or number, a formula."""
    form = wording.form(phrase)
    found = []
    standing = wording.standing(phrase)
    if len(phrase.key) == 1:
        nounness = _nounness(standing)
        found.append(Reason("noun", LONE_WORD * nounness, f"a lone word, {nounness:.0%} like a noun"))
    else:
        found += _clause_reasons(form, standing, language)
    if len(phrase.key) > 1 and (phrase.key[0] in openers or wording.is_remark(phrase)):
        found.append(Reason("formula", _FORMULA, "opens a series of titles, or only remarks on a thing"))
    if proper := _properness(form, language):
        about = min(1.0, held.titled / _ABOUT)
        value = 1.0 - 0.8 * (1.0 - about) * proper
        found.append(Reason("proper name", value, f"a proper name, in {held.titled:.0%} of the titles"))
    if when := _when(form):
        said = "only says when or how many" if when == 1 else "says when or how many"
        found.append(Reason("date or number", _FLOOR if when == 1 else 1.0 - when, said))
    return tuple(found)


def _clause_reasons(form: str, standing: Standing, language: str) -> list[Reason]:
    """Return what makes a phrase more of a clause than of a name: a verb in front, words that link no nouns inside."""
    analyse = analyzer(language)
    inner = [word.surface for word in analyse.words(form)]
    linking = [word for word in inner[1:-1] if word in analyse.stop_words]
    found = []
    endings = VERB_ENDINGS.get(language, ())
    is_verb = bool(linking) and inner[1] in analyse.stop_words - NAME_LINKS and inner[0].endswith(endings)
    verb = 1.0 - _CLAUSE if is_verb else _verbness(standing)
    if verb > 0:
        found.append(Reason("verb", max(_FLOOR, 1.0 - verb), "begins with what looks like a verb"))
    if loose := sum(word not in NAME_LINKS and word not in determiners(language) for word in linking):
        found.append(Reason("clause", _CLAUSE**loose, "has words inside that join no names"))
    return found


def _nounness(standing: Standing) -> float:
    """Return how much a lone word looks like a thing, 0-1: it stands after articles and prepositions, and alone."""
    unseen = standing.total + _SEEN
    as_noun = (standing.as_noun + _SEEN * _AS_NOUN) / unseen / _AS_NOUN
    alone = (standing.alone + _SEEN * _ALONE) / unseen / _ALONE
    return max(_FLOOR, min(1.0, as_noun) * min(1.0, alone) * (1.0 - _verbness(standing)))


def _verbness(standing: Standing) -> float:
    """Return how much a word looks like a verb, 0-1: articles follow it."""
    share = standing.governing / (standing.total + _SEEN)
    return max(0.0, min(1.0, (share - _GOVERNING / 2) / _GOVERNING))


def _when(form: str) -> float:
    """Return the share of words that only say when or how many; all of them where hardly a letter is left."""
    words = form.split()
    return 1.0 if len(form) < _SHORTEST else sum(map(_says_when, words)) / len(words)


def _says_when(word: str) -> bool:
    return is_calendar_word(word) or begins_with_number(word)


def _properness(form: str, language: str) -> float:
    """Return the share of the words of meaning that running text writes with a capital, and not all in capitals."""
    if language in _EVERY_NOUN_CAPITAL:
        return 0.0
    analyse = analyzer(language)
    words = [form[word.start : word.end] for word in analyse.words(form) if word.surface not in analyse.stop_words]
    return sum(word[:1].isupper() and word != word.upper() for word in words) / (len(words) or 1)


def label_reason(is_category: bool) -> Reason:
    """Return what speaks for a category or tag of the blog."""
    kind = "category" if is_category else "tag"
    return Reason("own label", _OWN_LABEL if is_category else math.sqrt(_OWN_LABEL), f"the blog's own {kind}")


def meaning(label: str, language: str) -> frozenset[str]:
    """Return the terms of a label that say what it is about, to compare it with others: `Your visit` is {visit}."""
    analyse = analyzer(language)
    words = list(analyse.words(label))
    return frozenset(word.term for word in words if word.surface not in analyse.stop_words) or frozenset(
        word.term for word in words
    )


def beside(one: Scored, taken: Sequence[frozenset[str]]) -> Reason:
    """Return how free a name is, 0-1, beside the names that are given: 0 where one says the same."""
    if one.words in taken:
        return Reason("taken", 0.0, "another topic has a name that says the same")
    near = any(one.words < other or other < one.words for other in taken)
    return Reason("taken", _PARTLY_TAKEN if near else 1.0, "the name of another topic has its words, or some of them")
