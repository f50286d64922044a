"""Make the A-Z subject index of a blog, like the index at the back of a book.

An entry needs evidence that it is a subject: it names posts (titles, headings, categories, tags), and running text uses
it as the name of a thing. Posts are its locators. Where posts are many, subheadings tell them apart.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from indexer.analysis import analyzer, fold, fold_label
from indexer.topics.occurrences import LINKS, Link, Standing, scan
from indexer.topics.phrases import (
    Phrase,
    Wording,
    begins_with_number,
    find_phrases,
    is_calendar_word,
    is_participle,
    own_writing,
    sentence_case,
)
from indexer.topics.shown.title_subjects import title_subjects
from indexer.topics.terms import LONGEST_PHRASE, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from indexer.store.rows import StoredArticle
    from indexer.topics.terms import Key, Reading

MOST_LOCATORS = 8
MOST_SUBHEADINGS = 8
_MOST_SEE_ALSO = 4
"""Locators, subheadings and references of an entry; chosen: where posts are many, subheadings divide them."""
_LEAST_ALONE = 0.35
_LEAST_AS_NOUN = 0.25
_LEAST_AS_NOUN_SINGLE = 0.3
_LEAST_AS_NOUN_ELSEWHERE = 0.5
_LEAST_ALONE_SINGLE = 0.3
_LEAST_THERE = 0.4
"""Shares of a phrase's occurrences that stand alone and as a noun, to be a subject (a single word, and one that opens
no title, need more), and share of its posts that title it. Chosen, not measured."""
_SMALL = 150
_MOST_SCALE = 4
"""Posts for which one more title is asked of a subject, up to so many: what a big blog has twice is chance."""
_GENERAL = 0.35
"""Share of all posts above which a subject is too general to list its posts."""
_PART = 0.75
"""Share of a phrase's occurrences inside a longer one: then it is a part of that one's name. Chosen, not measured."""
_OFTEN = 3
"""Occurrences from which on a post speaks of a phrase often; chosen."""
_RELATED = 0.4
"""Likeness of posts from which on two subjects are named to each other; chosen, not measured."""
# Two subjects rather than one; `of` alone may stand inside a name.
_JOINED = frozenset({"and", "or", "to", "is", "are", *LINKS} - {"of"})
_RELATING = frozenset({"to", "in", "at", "of", "on", "about", "from"})
_DETERMINER_WORDS = "your our my their his her its the a an this that these those what how why when where"
_DETERMINERS = frozenset(_DETERMINER_WORDS.split())
_ABBREVIATION = re.compile(r" \(([A-Z]{2,6})s?\)")
_BEFORE_ABBREVIATION = 80


@dataclass(frozen=True, slots=True)
class Locator:
    """A post as the index points to it."""

    url: str
    title: str
    published: date | None


@dataclass(frozen=True, slots=True)
class Subheading:
    """A part of an entry: `for chronic pain`."""

    heading: str
    locators: tuple[Locator, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A heading with its posts; or with `see` alone, another name of an entry."""

    heading: str
    locators: tuple[Locator, ...] = ()
    subheadings: tuple[Subheading, ...] = ()
    see_also: tuple[str, ...] = ()
    see: str | None = None


@dataclass(frozen=True, slots=True)
class SubjectIndex:
    """The entries in the order of the alphabet, made from so many posts."""

    posts: int
    entries: tuple[Entry, ...]

    def letters(self) -> dict[str, list[Entry]]:
        """Return the entries by their first letter; what begins with no letter stands under `#`."""
        letters: dict[str, list[Entry]] = {}
        for entry in self.entries:
            first = fold(entry.heading)[:1].upper()
            letters.setdefault(first if first.isalpha() else "#", []).append(entry)
        return letters


def subject_index(articles: Iterable[StoredArticle]) -> SubjectIndex:
    """Make the index of these posts. Posts that are gone are left out."""
    readings = sorted((read(article) for article in articles if not article.gone), key=lambda r: (r.url, r.id))
    if not readings:
        return SubjectIndex(0, ())
    return _Maker(readings).make()


def index_form(index: SubjectIndex) -> dict[str, Any]:
    """Return the index as `topics --index --json` gives it."""
    return {
        "posts": index.posts,
        "entries": [
            {
                "heading": entry.heading,
                "see": entry.see,
                "posts": [_locator_form(locator) for locator in entry.locators],
                "subheadings": [
                    {"heading": sub.heading, "posts": [_locator_form(locator) for locator in sub.locators]}
                    for sub in entry.subheadings
                ],
                "see_also": list(entry.see_also),
            }
            for entry in index.entries
        ],
    }


INDEX_COLUMNS = ("heading", "subheading", "see", "url", "title", "published")


def index_rows(index: SubjectIndex) -> Iterator[dict[str, Any]]:
    """Yield the index as a table: a row a post under a heading, or a row for a heading that points to another."""
    for entry in index.entries:
        nowhere: dict[str, Any] = dict.fromkeys(INDEX_COLUMNS) | {"heading": entry.heading, "see": entry.see}
        if entry.see:
            yield nowhere
        for locator in entry.locators:
            yield nowhere | _locator_form(locator)
        for sub in entry.subheadings:
            for locator in sub.locators:
                yield nowhere | {"subheading": sub.heading} | _locator_form(locator)


def _locator_form(locator: Locator) -> dict[str, str | None]:
    day = locator.published.isoformat() if locator.published else None
    return {"url": locator.url, "title": locator.title, "published": day}


def _labels(readings: Iterable[Reading]) -> tuple[set[Key], set[Key]]:
    """Return the categories and tags that several posts carry, and those that no index has: `Your visit`."""
    carriers: Counter[Key] = Counter()
    unfit = set()
    for reading in readings:
        analyse = analyzer(reading.language)
        for label in {fold_label(label): label for label in (*reading.categories, *reading.tags)}.values():
            key = tuple(analyse.terms(label))
            carriers[key] += 1
            if fold(label).split(" ", 1)[0] in _DETERMINERS:
                unfit.add(key)
    return {key for key, number in carriers.items() if number > 1}, unfit


class _Company:
    """Which headings stand in the same posts and titles, by post: the time grows with the posts, not their square."""

    def __init__(self, about: Mapping[Key, Iterable[int]], titles: Mapping[Key, Iterable[int]]) -> None:
        self._about, self._titles = about, titles
        self._by_post = _inverted(about)
        self._by_title = _inverted(titles)
        self._by_term: dict[str, list[Key]] = {}
        for key in about:
            for term in set(key):
                self._by_term.setdefault(term, []).append(key)

    def in_posts(self, key: Key) -> Counter[Key]:
        """Return how many posts of a heading each other heading is about, too."""
        shared = Counter(other for post in self._about[key] for other in self._by_post[post])
        del shared[key]
        return shared

    def in_titles(self, key: Key) -> dict[Key, set[int]]:
        """Return the posts in whose titles another heading stands with this one, by that heading."""
        together: dict[Key, set[int]] = {}
        for post in self._titles[key]:
            for other in self._by_title[post]:
                if other != key:
                    together.setdefault(other, set()).add(post)
        return together

    def longer(self, key: Key) -> Iterator[Key]:
        """Yield the headings that have this one as a part."""
        for other in self._by_term[key[0]]:
            parts = (other[i : i + len(key)] for i in range(len(other) - len(key) + 1))
            if len(other) > len(key) and key in parts:
                yield other


def _inverted(posts: Mapping[Key, Iterable[int]]) -> dict[int, list[Key]]:
    found: dict[int, list[Key]] = {}
    for key, of_key in posts.items():
        for post in of_key:
            found.setdefault(post, []).append(key)
    return found


class _Maker:
    """Hold what the steps of making an index share."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self.readings = readings
        # What a big blog has twice is chance; what a small one has once may be a subject.
        self.scale = min(_MOST_SCALE, 1 + len(readings) // _SMALL)
        self.wording = Wording(readings)
        self.phrases = {key: phrase for key, phrase in find_phrases(readings).items() if self._is_named(phrase)}
        self.own = own_writing(readings)
        self.labels, self.unfit = _labels(readings)
        self.title_openings = {
            tuple(analyzer(reading.language).terms(reading.title.split(":")[0]))
            for reading in readings
            if ":" in reading.title
        }
        self.standings, links = scan(readings, self.phrases)
        self.links: dict[Key, list[Link]] = {}
        for link in links:
            self.links.setdefault(link.first, []).append(link)

    def _is_named(self, phrase: Phrase) -> bool:
        """Tell whether titles speak for it, or several headings, categories or tags; more in a big blog."""
        if len(phrase.named) + len(phrase.titles) < self.scale:
            return False
        return bool(phrase.titles) or len(phrase.named) > 1

    def make(self) -> SubjectIndex:
        keys = self._whole([key for key, phrase in self.phrases.items() if self._is_subject(key, phrase)])
        about = {key: self._about(key) for key in keys}
        about = {key: posts for key, posts in about.items() if len(posts) >= min(2, self.scale)}
        about |= self._of_titles(about)
        headings = self._headings(about)
        self.company = _Company(
            {key: about[key] for key in headings}, {key: self.phrases[key].titles for key in headings}
        )
        entries = [self._entry(key, heading, about, headings) for key, heading in headings.items()]
        entries = [entry for entry in entries if entry.locators or entry.subheadings]
        present = {entry.heading for entry in entries}
        entries = [replace(e, see_also=tuple(other for other in e.see_also if other in present)) for e in entries]
        entries += self._references(present, headings)
        entries.sort(key=lambda entry: (fold_label(entry.heading), entry.heading))
        return SubjectIndex(len(self.readings), tuple(entries))

    def _of_titles(self, about: Mapping[Key, list[int]]) -> dict[Key, list[int]]:
        """Return what the titles are about that have none of these subjects, with the posts that have it in theirs."""
        titled = {post for key in about for post in self.phrases[key].titles}
        subjects = title_subjects(
            self.readings,
            [post for post in range(len(self.readings)) if post not in titled],
            self.standings,
            self.wording,
        )
        wanted = set(subjects.values()) - about.keys()
        posts: dict[Key, set[int]] = {key: set() for key in wanted}
        for post, reading in enumerate(self.readings):
            for key in wanted.intersection(reading.titled):
                posts[key].add(post)
        for key, titles in posts.items():
            every = frozenset(titles)
            self.phrases.setdefault(key, Phrase(key, every, every, every))
        return {key: self._about(key) for key in sorted(wanted)}

    def _is_subject(self, key: Key, phrase: Phrase) -> bool:
        """Tell whether running text uses the phrase as the name of a thing; a category or tag always is one."""
        if key in self.unfit or self.wording.is_remark(phrase):
            return False
        if key in self.labels:
            return True
        standing = self.standings.get(key)
        if standing is None or standing.total < _OFTEN:
            return False
        if key in self.title_openings and len(key) < LONGEST_PHRASE and not _JOINED & set(key):
            return not begins_with_number(self.wording.form(phrase))
        if not (self._is_name(phrase, standing) if len(key) == 1 else self._is_compound(phrase, standing)):
            return False
        form = self.wording.form(phrase)
        return len(form) > 2 and not is_calendar_word(form) and not begins_with_number(form)

    def _is_compound(self, phrase: Phrase, standing: Standing) -> bool:
        alone, as_noun = standing.alone / standing.total, standing.as_noun / standing.total
        if _JOINED & set(phrase.key) or (self.scale > 1 and not phrase.titles):
            return False
        return len(standing.posts) > 1 and alone >= _LEAST_ALONE and as_noun >= _LEAST_AS_NOUN

    def _is_name(self, phrase: Phrase, standing: Standing) -> bool:
        """Tell a lone word that names something from adjectives and verbs: it stands where it is the subject."""
        alone, as_noun = standing.alone / standing.total, standing.as_noun / standing.total
        if alone < _LEAST_ALONE_SINGLE or len(phrase.titles) < self.scale or as_noun < _LEAST_AS_NOUN:
            return False
        if is_participle(fold(self.wording.form(phrase)), analyzer(self.readings[min(phrase.posts)].language)):
            return False
        named = phrase.titles | phrase.named
        there = sum(number for post, number in standing.posts.items() if post in named) / standing.total
        if there >= _LEAST_THERE / 2 and self.wording.form(phrase) != self.wording.form(phrase).lower():
            return True
        if self._is_relation(phrase.key[0], phrase.titles):
            return False
        opens = any(self.readings[post].tokens[0] == phrase.key[0] for post in phrase.titles)
        if not opens and len(named) == 1 and not self._is_carried(phrase):
            return False
        least = _LEAST_AS_NOUN_SINGLE if opens or phrase.key in self.labels else _LEAST_AS_NOUN_ELSEWHERE
        return there >= _LEAST_THERE and as_noun >= least

    def _is_carried(self, phrase: Phrase) -> bool:
        """Tell whether the blog has the word for a category or tag, if only on one post."""
        sought = " ".join(phrase.key)
        return any(
            sought == " ".join(analyzer(reading.language).terms(label))
            for reading in (self.readings[post] for post in phrase.named)
            for label in (*reading.categories, *reading.tags)
        )

    def _is_relation(self, term: str, titles: Iterable[int]) -> bool:
        """Tell whether most titles say of what it is one: `changes to`, `results of`."""
        pairs = [pair for post in titles for pair in pairwise((*self.readings[post].title_terms, ""))]
        after = [following for word, following in pairs if word == term]
        return sum(word in _RELATING for word in after) > len(after) / 2

    def _whole(self, keys: list[Key]) -> list[Key]:
        """Leave out what is hardly ever more than a part of a longer entry."""
        by_term: dict[str, list[Key]] = {}
        for key in keys:
            for term in key:
                by_term.setdefault(term, []).append(key)
        return [key for key in keys if key in self.labels or not any(self._swallows(o, key) for o in by_term[key[0]])]

    def _swallows(self, longer: Key, key: Key) -> bool:
        if len(longer) <= len(key) or longer not in self.standings or key not in self.standings:
            return False
        inside = any(longer[i : i + len(key)] == key for i in range(len(longer) - len(key) + 1))
        return inside and self.standings[longer].total >= _PART * self.standings[key].total

    def _about(self, key: Key) -> list[int]:
        """Return the posts that are about it, those named for it first, then the newest."""
        phrase, standing = self.phrases[key], self.standings.get(key, Standing())
        often = {post for post, number in standing.posts.items() if number >= _OFTEN}
        posts = phrase.titles | phrase.named | (often if len(key) > 1 or len(standing.posts) < 12 else set())

        def rank(post: int) -> tuple[bool, bool, int, str]:
            published = self.readings[post].published
            return (
                post not in phrase.titles,
                post not in phrase.named,
                -(published.toordinal() if published else 0),
                self.readings[post].url,
            )

        return sorted(posts, key=rank)

    def _headings(self, about: Iterable[Key]) -> dict[Key, str]:
        headings: dict[Key, str] = {}
        taken: set[str] = set()
        for key in sorted(about, key=lambda key: (-len(self.phrases[key].posts), key)):
            heading = sentence_case(self.wording.form(self.phrases[key], plural=True))
            heading = self.own.get(fold_label(heading), heading)
            if fold_label(heading) not in taken:
                taken.add(fold_label(heading))
                headings[key] = heading
        return headings

    def _entry(self, key: Key, heading: str, about: Mapping[Key, list[int]], headings: Mapping[Key, str]) -> Entry:
        subheadings = self._subheadings(key, about, headings)
        under = {locator.url for sub in subheadings for locator in sub.locators}
        general = len(about[key]) > max(MOST_LOCATORS, _GENERAL * len(self.readings))
        strong = self.phrases[key].titles or self.phrases[key].named
        posts = [post for post in about[key] if post in strong or not general]
        locators = [self._locator(post) for post in posts if self.readings[post].url not in under][:MOST_LOCATORS]
        return Entry(heading, tuple(locators), subheadings, self._see_also(key, about, headings))

    def _locator(self, post: int) -> Locator:
        reading = self.readings[post]
        return Locator(reading.url, reading.title or reading.url, reading.published)

    def _subheadings(
        self, key: Key, about: Mapping[Key, list[int]], headings: Mapping[Key, str]
    ) -> tuple[Subheading, ...]:
        """Return `for chronic pain` where the text joins the two, and `chronic pain` where a title names both."""
        if len(about[key]) < 4:
            return ()
        parts: dict[str, set[int]] = {}
        joined: dict[Key, dict[str, set[int]]] = {}
        for link in self.links.get(key, ()):
            if link.second in headings:
                joined.setdefault(link.second, {}).setdefault(link.word, set()).add(link.post)
        for other, words in joined.items():
            word = max(words, key=lambda word: (len(words[word]), word))
            posts = {post for found in words.values() for post in found} & set(about[other])
            titled = self.phrases[key].titles | self.phrases[other].titles
            if posts and (len(posts) > 1 or posts & titled):
                parts[f"{word} {self.wording.form(self.phrases[other])}"] = posts
        for other, together in self.company.in_titles(key).items():
            if other not in joined and not set(other) & set(key):
                parts[f"and {self.wording.form(self.phrases[other])}"] = together
        chosen = sorted(parts, key=lambda part: (-len(parts[part]), part))[:MOST_SUBHEADINGS]
        if len(chosen) < 2:
            return ()
        order = {post: position for position, post in enumerate(about[key])}
        return tuple(
            Subheading(
                part,
                tuple(
                    self._locator(post)
                    for post in sorted(parts[part], key=lambda post: (order.get(post, len(order)), post))[
                        :MOST_LOCATORS
                    ]
                ),
            )
            for part in sorted(chosen, key=lambda part: fold_label(part.split(" ", 1)[1]))
        )

    def _see_also(self, key: Key, about: Mapping[Key, list[int]], headings: Mapping[Key, str]) -> tuple[str, ...]:
        """Return the headings that share most of their posts with this one, or are a longer name with it."""
        shared = self.company.in_posts(key)
        alike = {
            other: number / (len(about[key]) + len(about[other]) - number) if number > 1 else 0.0
            for other, number in shared.items()
        }
        found = {other: -likeness for other, likeness in alike.items() if likeness >= _RELATED}
        found |= {other: -alike.get(other, 0.0) for other in self.company.longer(key)}
        best = sorted((likeness, headings[other]) for other, likeness in found.items())[:_MOST_SEE_ALSO]
        return tuple(sorted(heading for _, heading in best))

    def _references(self, present: set[str], headings: Mapping[Key, str]) -> list[Entry]:
        """Return entries that only point on: `CRPS, see Complex regional pain syndrome`."""
        known = {fold_label(heading): heading for heading in headings.values() if heading in present}
        by_key = {key: heading for key, heading in headings.items() if heading in present}
        found: dict[str, str] = {}
        for reading in self.readings:
            analyse = analyzer(reading.language)
            for match in _ABBREVIATION.finditer(reading.text):
                short = match.group(1)
                before = reading.text[max(0, match.start() - _BEFORE_ABBREVIATION) : match.start()]
                spelt = before.split()[-len(short) :]
                parts = [part for word in spelt for part in word.split("-")][-len(short) :]
                if "".join(part[:1].upper() for part in parts) == short and fold_label(short) not in known:
                    target = by_key.get(tuple(analyse.terms(" ".join(parts))))
                    if target:
                        found.setdefault(short, target)
        return [Entry(short, see=target) for short, target in sorted(found.items())]
