"""Choose what a title is about: a phrase or noun of the title that the post speaks of often and others seldom."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from indexer.analysis import analyzer
from indexer.topics.label_score import NAME_LINKS, VERB_ENDINGS
from indexer.topics.occurrences import scan
from indexer.topics.phrases import OPENS_NO_SUBJECT, Phrase, begins_with_number, is_calendar_word, is_participle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from indexer.topics.occurrences import Standing
    from indexer.topics.phrases import Wording
    from indexer.topics.terms import Key, Reading

_LEAST_SPOKEN = {1: 3, 2: 2}
"""Places of a post, its title among them, that have what the title is about, by its words; chosen: a phrase that the
text takes up once is meant, a word may stand there by chance."""
_LONE, _IN_TITLES = 0.6, 0.5
"""What a lone word is worth against a phrase, and the exponent of how many titles have a phrase. Chosen by eye."""
_VERB, _PLAIN_NOUN = 0.3, 0.25
"""What is left of a phrase that begins with the form of a verb, and the share of its places where a noun stands
behind an article or preposition. Chosen, not measured."""
_LONE_NOUN, _LONE_ALONE = 0.4, 0.3
"""Shares of a lone word's places where it stands as a noun and between words of no meaning, if it is no proper name:
adjectives and verbs do so less. Chosen by eye on one blog."""
_SEEN_OFTEN = 5
"""Places of a lone word that it takes to tell whether it is a noun, if it is no proper name; chosen: of fewer most
agree by chance."""
_UNSEEN = 2
"""Places that were not seen, as nouns: what is rare is not judged. Chosen, not measured."""


def title_subjects(
    readings: Sequence[Reading], posts: Iterable[int], known: Mapping[Key, Standing], wording: Wording
) -> dict[int, Key]:
    """Return what the titles of these posts, given by index, are about; a post whose title says it not is left out.

    `known` says of the blog's named phrases how they stand in all posts.
    """
    frequency: Counter[str] = Counter()
    titles: Counter[Key] = Counter()
    for reading in readings:
        frequency.update(reading.counts.keys())
        titles.update(reading.titled)
    found = {}
    for post in posts:
        reading = readings[post]
        standings, _ = scan([reading], _candidates(reading))
        scores = {
            key: _score(standing, key, reading, frequency, len(readings))
            * (titles[key] ** _IN_TITLES if len(key) > 1 else 1.0)
            for key, standing in standings.items()
            if standing.total >= _LEAST_SPOKEN[min(2, len(key))]
            and (len(key) > 1 or _is_noun(known.get(key, standing), key, post, wording))
        }
        best = max(scores, key=lambda key: (scores[key], key), default=None)
        if best is not None and scores[best] > 0:
            found[post] = best
    return found


def _candidates(reading: Reading) -> Iterator[Key]:
    """Yield the phrases of the title that could name a thing: no number or date, no words inside but those of names."""
    analyse = analyzer(reading.language)
    for key in reading.titled:
        words = [word.surface for word in analyse.words(reading.named[key])]
        inner = [word for word in words[1:-1] if word in analyse.stop_words]
        is_when = any(is_calendar_word(word) or word[0].isdigit() for word in words)
        if is_participle(words[-1], analyse):
            continue
        is_count = begins_with_number(" ".join(words)) or words[0] in OPENS_NO_SUBJECT
        if not (is_when or is_count) and NAME_LINKS.issuperset(inner) and max(map(len, words)) > 2:
            yield key


def _is_noun(standing: Standing, key: Key, post: int, wording: Wording) -> bool:
    """Tell a lone word that names something: a proper name, or one that stands where nouns do."""
    form = wording.form(Phrase(key, frozenset({post}), frozenset(), frozenset()))
    if form != form.lower():
        return True
    as_noun, alone = standing.as_noun / standing.total, standing.alone / standing.total
    if standing.total < _SEEN_OFTEN:
        return False
    return as_noun >= _LONE_NOUN and alone >= _LONE_ALONE and 3 * standing.governing < standing.total


def _score(standing: Standing, key: Key, reading: Reading, frequency: Mapping[str, int], size: int) -> float:
    """Return how much a post is about a phrase: often there, seldom elsewhere, and standing there as nouns do."""
    spoken = 1.0 + math.log(standing.total)
    rare = math.log((1 + size) / (1 + min(frequency[term] for term in key if term in reading.counts)))
    unseen = standing.total + _UNSEEN
    noun = min(1.0, (standing.as_noun + _UNSEEN * _PLAIN_NOUN) / unseen / _PLAIN_NOUN)
    alone = (standing.alone + _UNSEEN) / unseen
    first = reading.named[key].split()[0].lower()
    verb = _VERB if first.endswith(VERB_ENDINGS.get(reading.language, ())) or standing.governing * 3 > unseen else 1.0
    return spoken * rare * noun * alone * verb * (_LONE if len(key) == 1 else math.sqrt(len(key)))
