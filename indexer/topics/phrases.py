"""Find the phrases of a blog with the posts they stand in, and how people write them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from indexer.analysis import DEFAULT_LANGUAGE, analyzer, fold, fold_label
from indexer.topics.occurrences import Standing, standing_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from indexer.analysis import Analyzer
    from indexer.topics.terms import Key, Reading

_SAMPLE = 600
_MANY = 1000
_LEAST_IN_SAMPLE = 4
"""Posts among which frequent pairs are looked for, posts from which on one naming is not enough, posts of the sample
that a pair needs. Chosen: bounds of time; what a big blog has once is chance."""
_LOOK_AT = 12
"""Posts of a phrase that are read for how it is written; chosen: a dozen settles it."""
_GOES_ON = 0.6
"""Share of a phrase's places from which on the word beside it is part of it; chosen: most of them."""
_LONGEST_GROWN, _LEAST_GROWN = 5, 3
"""Words of a phrase that was grown, and places that speak for it at least; chosen: fewer are chance."""
_USUAL_PLURAL = 0.3
"""How often, against the singular, a plural is written to be the usual form; chosen, not measured."""
_NUMBER_WORDS = """
one two three four five six seven eight nine ten eleven twelve twenty thirty hundred first second third fourth fifth
"""
_NUMBERS = frozenset(_NUMBER_WORDS.split())
_CALENDAR_WORDS = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december today tomorrow yesterday day week month year weekend
lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo junio julio agosto septiembre
octubre noviembre diciembre semana mes ano dia janvier fevrier mars avril mai juin juillet aout septembre octobre
novembre decembre lundi mardi mercredi jeudi vendredi samedi dimanche semaine mois jour annee januar februar marz juni
juli oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonntag woche monat jahr tag janeiro fevereiro
marco maio junho julho setembro outubro novembro dezembro
"""
_CALENDAR = frozenset(_CALENDAR_WORDS.split())
_OPENING_NO_SUBJECT = """
new newer old older other next last recent upcoming current lower higher more less further active good better great
making getting taking having doing going keeping giving putting coming looking bringing
"""
OPENS_NO_SUBJECT = frozenset(_OPENING_NO_SUBJECT.split())
_OPENING_TERMS = frozenset(analyzer(DEFAULT_LANGUAGE).term(word) for word in OPENS_NO_SUBJECT)
PARTICIPLES = {"en": "ed"}
"""How a participle ends, where its stem has lost that ending."""
_SENTENCE_START = re.compile(r"(?:^|[.!?:\n]\s*)[\"'(“‘]*$")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase with what speaks for it: indexes of the posts that have it in text, in title, in title or headings."""

    key: Key
    posts: frozenset[int]
    titles: frozenset[int]
    named: frozenset[int]


def find_phrases(readings: Sequence[Reading]) -> dict[Key, Phrase]:
    """Return the phrases that are named in a title, heading, category or tag, or are frequent in the text."""
    titles: dict[Key, set[int]] = {}
    named: dict[Key, set[int]] = {}
    for index, reading in enumerate(readings):
        for key in reading.named:
            named.setdefault(key, set()).add(index)
        for key in reading.titled:
            titles.setdefault(key, set()).add(index)
    least = 1 if len(readings) < _MANY else 2
    wanted = {key for key, where in named.items() if len(where) >= least} | _frequent_pairs(readings)
    posts = _posts_with(wanted, readings)
    return {
        key: Phrase(key, frozenset(posts.get(key, ())), frozenset(titles.get(key, ())), frozenset(named.get(key, ())))
        for key in sorted(wanted)
        if len(posts.get(key, ())) > 1 or key in named
    }


def _frequent_pairs(readings: Sequence[Reading]) -> set[Key]:
    step = max(1, -(-len(readings) // _SAMPLE))
    some = readings[::step]
    counts: Counter[tuple[str, str]] = Counter()
    for reading in some:
        counts.update(set(pairwise(reading.tokens)))
    meaningful = {term for reading in some for term in reading.counts}
    least = min(_LEAST_IN_SAMPLE, max(2, len(some) // 4))
    return {
        (first, second)
        for (first, second), number in counts.items()
        if number >= least and first != second and first in meaningful and second in meaningful
    }


def _posts_with(wanted: set[Key], readings: Sequence[Reading]) -> dict[Key, set[int]]:
    """Return for each phrase the posts that hold it, in text or by name; longer ones are sought by their pairs."""
    pairs = {key for key in wanted if len(key) == 2}
    parts = {key: list(pairwise(key)) for key in wanted if len(key) > 2}
    by_first: dict[tuple[str, ...], list[Key]] = {}
    for key, links in parts.items():
        by_first.setdefault(links[0], []).append(key)
    sought = pairs | {link for links in parts.values() for link in links}
    posts: dict[Key, set[int]] = {}
    for index, reading in enumerate(readings):
        present = sought.intersection(pairwise(reading.tokens))
        here = wanted.intersection(reading.named)
        here.update(pairs & present)
        here.update((term,) for term in reading.counts if (term,) in wanted)
        for link in present & by_first.keys():
            here.update(key for key in by_first[link] if present.issuperset(parts[key]))
        for key in here:
            posts.setdefault(key, set()).add(index)
    return posts


def grown(phrase: Phrase, readings: Sequence[Reading]) -> Key:
    """Return the phrase with what it goes on with, or comes after, most of the time: `St` is `St Patrick Day`.

    It ends and begins with a word of meaning, is grown only where several posts have the longer phrase, and not at all
    where that has no end: then it stands in a sentence that many posts repeat.
    """
    key = best = phrase.key
    looked_at = [readings[index] for index in _spread(sorted(phrase.posts), _LOOK_AT)]
    while len(key) <= _LONGEST_GROWN:
        places = [(reading, at) for reading in looked_at for at in _places(reading.tokens, key)]
        longer = [
            (number, term, is_before)
            for is_before in (False, True)
            for term, number in Counter(_neighbour(r.tokens, at, len(key), is_before) for r, at in places).items()
            if term and number >= max(_LEAST_GROWN, _GOES_ON * len(places))
        ]
        if not longer:
            break
        _, term, is_before = max(longer)
        key = (term, *key) if is_before else (*key, term)
        if all(any(term in reading.counts for reading in looked_at) for term in (key[0], key[-1])):
            best = key
    if len(best) > _LONGEST_GROWN:
        return phrase.key
    holders = sum(any(True for _ in _places(reading.tokens, best)) for reading in looked_at)
    return best if holders > 1 else phrase.key


def _places(tokens: Sequence[str], key: Key) -> Iterable[int]:
    start = -1
    for _ in range(tokens.count(key[0])):
        start = tokens.index(key[0], start + 1)
        if tuple(tokens[start : start + len(key)]) == key:
            yield start


def _neighbour(tokens: Sequence[str], start: int, length: int, is_before: bool) -> str:
    at = start - 1 if is_before else start + length
    return tokens[at] if 0 <= at < len(tokens) else ""


def phrase_of(key: Key, within: Phrase, readings: Sequence[Reading]) -> Phrase:
    """Return a phrase that was grown from `within`, with the posts that have it."""
    posts = frozenset(i for i in within.posts if any(True for _ in _places(readings[i].tokens, key)))
    titles = frozenset(i for i in within.titles if any(True for _ in _places(readings[i].title_terms, key)))
    return Phrase(key, posts, titles, titles | frozenset(i for i in posts if key in readings[i].named))


class Wording:
    """How the blog writes its phrases: the commonest form, in the middle of sentences where it stands there."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self._readings = readings
        self._known: dict[Phrase, tuple[str, str]] = {}

    def form(self, phrase: Phrase, *, plural: bool = False) -> str:
        """Return the phrase as it is written inside a sentence; in the plural if asked for, where that is usual too.

        Empty where neither text nor a name has it so.
        """
        if phrase not in self._known:
            self._known[phrase] = self._forms(phrase)
        return self._known[phrase][plural]

    def standing(self, phrase: Phrase) -> Standing:
        """Return how the phrase's first word stands in some of its posts."""
        looked_at = _spread(sorted(phrase.posts), _LOOK_AT)
        return standing_of(phrase.key[0], [self._readings[index] for index in looked_at])

    def is_remark(self, phrase: Phrase) -> bool:
        """Tell whether the phrase remarks on a thing rather than names one: `new changes`, `making sense`."""
        return phrase.key[0] in _OPENING_TERMS and _opens_no_subject(self.form(phrase))

    def _forms(self, phrase: Phrase) -> tuple[str, str]:
        pattern = _pattern(phrase.key)
        inside: Counter[str] = Counter()
        outside: Counter[str] = Counter()
        looked_at = {*_spread(sorted(phrase.posts), _LOOK_AT), *_spread(sorted(phrase.named), _LOOK_AT // 2)}
        for index in sorted(looked_at):
            reading = self._readings[index]
            named = reading.named.get(phrase.key)
            if named:
                outside[" ".join(named.split())] += 1
            for form, at_start in _occurrences(reading, phrase.key, pattern):
                (outside if at_start else inside)[form] += 1
        every = inside
        if phrase.named:
            spelt = {fold(form) for form in outside}
            inside = Counter({form: number for form, number in inside.items() if fold(form) in spelt})
        if not inside:
            form = self._plain_case(_commonest(outside), looked_at) if outside else ""
            return form, form
        form = _commonest(inside)
        return form, _plural(form, every)

    def _plain_case(self, form: str, posts: Iterable[int]) -> str:
        """Return a form that stands only in titles in lower case, but for words that the text writes with a capital."""
        texts = [self._readings[index].text for index in sorted(posts)]
        return " ".join(
            word if any(sign.isupper() for sign in word[1:]) or _is_proper(word, texts) else word.lower()
            for word in form.split()
        )


def _is_proper(word: str, texts: Iterable[str]) -> bool:
    """Tell whether running text has the word with a capital more often than without."""
    capital = re.escape(word[:1].upper() + word[1:])
    inside = plain = anywhere = 0
    for text in texts:
        inside += len(re.findall(rf"(?<=[a-z,] ){capital}(?!\w)", text))
        anywhere += len(re.findall(rf"(?<!\w){capital}(?!\w)", text))
        plain += len(re.findall(rf"(?<!\w){re.escape(word.lower())}(?!\w)", text))
    return inside > plain or (plain == 0 and anywhere > 2)


def _pattern(key: Key) -> re.Pattern[str]:
    """Match words that begin as the terms do: stems are almost always beginnings."""
    return re.compile(
        r"(?<!\w)"
        + r"(?:[.]?[\s-]+|[.])".join(rf"{re.escape(term[: max(2, len(term) - 1)])}[\w'’]*" for term in key)
        + r"(?!\w)",
        re.IGNORECASE,
    )


def _occurrences(reading: Reading, key: Key, pattern: re.Pattern[str]) -> Iterable[tuple[str, bool]]:
    analyse = analyzer(reading.language)
    for number, match in enumerate(pattern.finditer(reading.text)):
        if number == 6:
            break
        form = " ".join(match.group().split())
        if tuple(analyse.terms(form)) == key:
            before = reading.text[max(0, match.start() - 4) : match.start()]
            yield form, bool(_SENTENCE_START.search(before))


def _spread(indexes: list[int], most: int) -> list[int]:
    return indexes[:: max(1, -(-len(indexes) // most))]


def _plural(form: str, forms: Mapping[str, int]) -> str:
    """Return the plural of a form where the blog writes that too, with or without a capital; else the form."""
    of = {one: number for one, number in forms.items() if fold(one) in (f"{fold(form)}s", f"{fold(form)}es")}
    single = sum(number for one, number in forms.items() if fold(one) == fold(form))
    return _commonest(of) if of and sum(of.values()) >= _USUAL_PLURAL * single else form


def _commonest(forms: Mapping[str, int]) -> str:
    """Return the commonest spelling in its commonest case; where two are as common, the one in lower case."""
    spelling: Counter[str] = Counter()
    for form, number in forms.items():
        spelling[fold(form)] += number
    best = min(spelling, key=lambda folded: (-spelling[folded], folded))
    same = {form: number for form, number in forms.items() if fold(form) == best}
    return min(same, key=lambda form: (-same[form], sum(sign.isupper() for sign in form), form))


def own_writing(readings: Iterable[Reading]) -> dict[str, str]:
    """Return how the blog writes its categories and tags, by folded label; a category's writing beats a tag's.

    What it writes all in lower case is left out: there, running text knows better (`ios`).
    """
    writings: dict[str, Counter[str]] = {}
    categories: dict[str, Counter[str]] = {}
    for reading in readings:
        for labels, of in ((reading.categories, categories), (reading.tags, writings)):
            for label in labels:
                if label != label.lower():
                    of.setdefault(fold_label(label), Counter())[label] += 1
    writings |= categories
    return {folded: min(forms, key=lambda form: (-forms[form], form)) for folded, forms in writings.items()}


def is_calendar_word(form: str) -> bool:
    """Tell whether the word only says when."""
    return fold(form).removesuffix("s") in _CALENDAR


def is_participle(word: str, analyse: Analyzer) -> bool:
    """Tell whether the word is what was done, which ends no name (`asked`, but not `seed`)."""
    return word.endswith(PARTICIPLES.get(analyse.language, "\0")) and analyse.term(word) not in (word, fold(word))


def begins_with_number(form: str) -> bool:
    """Tell whether the phrase counts something: it names no thing then."""
    return fold(form).split(" ", 1)[0] in _NUMBERS


def _opens_no_subject(form: str) -> bool:
    """Tell whether the phrase begins with a word that makes it a remark on a thing."""
    return fold(form).split(" ", 1)[0] in OPENS_NO_SUBJECT


def sentence_case(form: str) -> str:
    """Return the form with its first letter in upper case, unless it is a name with capitals of its own (iPhone)."""
    first = form.split()[0] if form else ""
    return form if any(sign.isupper() for sign in first[1:]) else form[:1].upper() + form[1:]
