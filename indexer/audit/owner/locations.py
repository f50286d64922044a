"""Find calls to action that send the reader to another place than the one the post is about, or to its number.

The places are told, or learnt from the blog's own calls: the names that take turns in the same slot, beside a word that
says where. A number belongs to a place where the calls and the lines around the article name it with that place alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from indexer.audit.findings import CtaNote
from indexer.audit.marks import mark
from scraper.text.contacts import digits, phones
from scraper.text.lexicon import word_set
from scraper.text.request_words import ARRANGE, CONTACT, OURS, PLACE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from indexer.audit.corpus import Corpus, Paragraph

FEWEST_POSTS = 2
"""A name is a place, and a number belongs to one, where the calls of so many posts say so."""

OFTEN = 0.1
"""A place is in a tenth as many calls as the commonest one at least."""

BELONGS = 0.8
"""Of a number's lines that name a single place, so many have to name the same."""

_WHERE = "in|at|near|around|from|serving|en|à|em|bei|aus|nahe|te"
_NAME = r"[A-ZÀ-Þ][\w’'-]+(?:\s+[A-ZÀ-Þ][\w’'-]+){0,2}"
_KIND = "|".join(
    sorted((*PLACE - {"form", "staff", "experts", "providers", "specialists"}, "area", "county", "valley"))
)
_BESIDE = re.compile(
    rf"\b(?:(?i:{_WHERE}))\s+(?P<one>{_NAME})(?!\s*\d)|(?<![\w’'-])(?P<other>{_NAME})\s+(?i:{_KIND})(?:s|es)?\b"
)
_NOUN_BEFORE = word_set(
    "a an the this that these those any each every your their his her its of in by via per no first last next "
    "phone conference video another one press la el una un le les l' lo il die der das ein eine dem den einen het "
    "de een"
)
"""Words that stand before nouns."""
_NO_PLACE = OURS | CONTACT | ARRANGE | _NOUN_BEFORE
_BEFORE_NUMBER = re.compile(rf"(?<![\w’'-])({_NAME})[\s:,·•|(–—-]*$")
_LINES = _NO_PLACE | frozenset(
    ("fax", "tel", "mobile", "cell", "office", "main", "hotline", "toll", "free", "toll-free")
)
"""What stands before a number to say what kind of line it is."""
_CITY = re.compile(rf",\s*(?:\d+\s+)?({_NAME})")
_MENTIONS = 2
_TITLE = 12
_LONGEST = 3000
"""Mentions that make a place a post's subject; words up to which capitals are no sign of a title; characters of a text
in which names are looked for. Chosen, not measured."""


@dataclass(frozen=True, slots=True)
class Places:
    """The owner's places as they are written, which of them a number belongs to, and how it is shown.

    `told` means by the facts.
    """

    names: tuple[str, ...] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    told: bool = False

    def named_in(self, text: str, *, folded: bool = False) -> set[str]:
        """Return the places that a text names; `folded`: in capitals or small letters, too."""
        return {name for name in self.names if _stands(name, text) or (folded and _stands(name.lower(), text.lower()))}


def _stands(name: str, text: str) -> bool:
    return name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


class _Slot(NamedTuple):
    """A name beside a word of place, with the words around it."""

    name: str
    around: tuple[str, str]


def _beside(text: str) -> Iterator[_Slot]:
    """Yield the names in a text that stand beside a word of place; none where most words have capitals."""
    words = text.split()
    if len(text) > _LONGEST or 2 * sum(word[0].isupper() for word in words) > len(words) > _TITLE:
        return
    for match in _BESIDE.finditer(text):
        name = (match["one"] or match["other"]).split()
        while name and name[0].lower() in _NO_PLACE:
            del name[0]
        if name:
            start = match.end("one" if match["one"] else "other") - len(" ".join(name))
            before, after = text[:start].split()[-1:], text[start + len(" ".join(name)) :].split()[:1]
            around = " ".join(before).lower(), " ".join(after).strip(".,;:!?").lower()
            yield _Slot(" ".join(name), around)


def cities(addresses: Iterable[str]) -> tuple[str, ...]:
    """Return the towns of street addresses: the name after the first comma."""
    return tuple(dict.fromkeys(match[1] for text in addresses if (match := _CITY.search(text))))


def learn_places(
    corpus: Corpus, calls: Sequence[Paragraph], brands: Iterable[str], told: Mapping[str, Sequence[str]]
) -> Places:
    """Return the owner's places: from the facts (place -> numbers), else from the theme and recurring calls."""
    own = [brand.lower() for brand in brands if brand]
    listed = {} if told else _listed(corpus, own)
    names = tuple(told) or tuple(dict.fromkeys((*listed, *_slot_names(calls, own))))
    if len(names) < 2:
        return Places()
    places = Places(names, _numbers(corpus, calls, Places(names)), told=bool(told))
    every = {**{name: (number,) for name, number in listed.items()}, **told}
    known = {digits(number): (name, number) for name, numbers in every.items() for number in numbers}
    shown = {value.key: value.shown for paragraph in (*calls, *corpus.template) for value in phones(paragraph.text)}
    return replace(
        places,
        numbers={**places.numbers, **{key: name for key, (name, _) in known.items()}},
        shown={**shown, **{key: number for key, (_, number) in known.items()}},
    )


def _listed(corpus: Corpus, brands: Sequence[str]) -> dict[str, str]:
    """Return the places that a line around most of the newest posts lists, each before a number of its own."""
    own = {word for brand in brands for word in brand.split()}
    for text, posts in sorted(corpus.newest_texts(corpus.template).items()):
        found: dict[str, str] = {}
        end = 0
        for value in phones(text) if 2 * len(posts) > corpus.newest else ():
            before = _BEFORE_NUMBER.search(text[end : value.start])
            name = " ".join(word for word in before[1].split() if word.lower() not in own) if before else ""
            if name and not _LINES.intersection(name.lower().split()):
                found[name] = value.shown
            end = value.end
        if len(found) > 1 and len(set(map(digits, found.values()))) == len(found):
            return found
    return {}


def _slot_names(calls: Sequence[Paragraph], brands: Sequence[str]) -> list[str]:
    """Return the names that take turns between the same words of the calls, the commonest first.

    What stands in every call is the owner's own, and what shares a word with the owner's name is a part of it.
    """
    own = {word for brand in brands for word in brand.split()}
    posts: dict[str, set[int]] = defaultdict(set)
    turns: dict[tuple[str, str], dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for paragraph in calls:
        for slot in _beside(paragraph.text):
            if own.isdisjoint(slot.name.lower().split()):
                posts[slot.name].add(paragraph.post)
                turns[slot.around][slot.name].add(paragraph.post)
    every = {paragraph.post for paragraph in calls}
    enough = max(FEWEST_POSTS, OFTEN * max(map(len, posts.values()), default=0))
    found: set[str] = set()
    for names in turns.values():
        often = {name for name, where in names.items() if len(where) >= FEWEST_POSTS}
        if len(often) > 1:
            found |= {name for name in often if enough <= len(posts[name]) < len(every)}
    whole = [name for name in found if not any(other != name and _stands(other, name) for other in found)]
    return sorted(whole, key=lambda name: (-len(posts[name]), name))


def _numbers(corpus: Corpus, calls: Sequence[Paragraph], places: Places) -> dict[str, str]:
    """Return the numbers that one place alone has; none where only one place has any."""
    seen: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for paragraph in (*calls, *corpus.template):
        keys = {value.key for value in phones(paragraph.text)}
        if len(keys) == 1 and len(named := places.named_in(paragraph.text)) == 1:
            seen[keys.pop()][named.pop()].add(paragraph.post)
    found = {}
    for key, counts in seen.items():
        place, posts = max(sorted(counts.items()), key=lambda item: len(item[1]))
        if len(posts) >= FEWEST_POSTS and len(posts) >= BELONGS * sum(map(len, counts.values())):
            found[key] = place
    return found if len(set(found.values())) > 1 else {}


def wrong_places(
    corpus: Corpus, naming: Iterable[Paragraph], calls: Sequence[Paragraph], places: Places
) -> Iterator[CtaNote]:
    """Yield the calls that are for another place than their post, and those whose number is another place's.

    `naming` are the paragraphs that name a place.
    """
    if len(places.names) < 2:
        return
    asking = {id(paragraph) for paragraph in calls}
    bodies: dict[int, list[str]] = defaultdict(list)
    for paragraph in naming:
        if id(paragraph) not in asking:
            bodies[paragraph.post].append(paragraph.text)
    by_post: dict[int, list[Paragraph]] = defaultdict(list)
    for paragraph in calls:
        by_post[paragraph.post].append(paragraph)
    for post in sorted(by_post, reverse=True):
        about = _about(corpus, post, bodies[post], places)
        right = any(about in _sent_to(paragraph.text, places) for paragraph in by_post[post])
        for paragraph in by_post[post]:
            reason = _at_odds(paragraph.text, places) or ("" if right else _elsewhere(paragraph.text, about, places))
            if reason:
                url = corpus.urls[post]
                yield CtaNote(mark("l", url, reason), "location", url, paragraph.text, reason)


def _given(text: str, places: Places) -> dict[str, str]:
    """Return the numbers in a text that belong to a place, as written, with the place."""
    return {value.shown: places.numbers[value.key] for value in phones(text) if value.key in places.numbers}


def _sent_to(text: str, places: Places) -> set[str]:
    """Return the places that a call names, and those whose number it gives."""
    return places.named_in(text, folded=True) | set(_given(text, places).values())


def _at_odds(text: str, places: Places) -> str:
    """Return in words how the number of a call is not the one of the place that it names, which has a number too."""
    named, given = places.named_in(text, folded=True), _given(text, places)
    if not given or named & set(given.values()) or not named & set(places.numbers.values()):
        return ""
    shown, place = next(iter(given.items()))
    return f"names {' and '.join(sorted(named))}, but {shown} is the number of {place}"


def _elsewhere(text: str, about: str | None, places: Places) -> str:
    """Return in words how a call is for another place than its post, by name, or by number where both have one."""
    if about is None:
        return ""
    named = places.named_in(text, folded=True)
    if named:
        return f"the post is about {about}, its call to action names {' and '.join(sorted(named))}"
    given = sorted(set(_given(text, places).values()))
    if given and about in places.numbers.values():
        return f"the post is about {about}, its call to action gives the number of {' and '.join(given)}"
    return ""


def _about(corpus: Corpus, post: int, body: Sequence[str], places: Places) -> str | None:
    """Return the one place that a post is about: by its title, by a category or tag, or by several of its paragraphs.

    A place that is a common word too ("Golden") counts in a title only beside a word of place, or if the text names it.
    """
    told = corpus.articles[post].metadata
    title = told.title or ""
    named = {name: sum(_stands(name, text) for text in body) for name in places.names}
    titled = places.named_in(title)
    if not any(name in {slot.name for slot in _beside(title)} or named[name] for name in titled):
        titled = set()
    filed = {name for name in places.names if name in (*told.categories, *told.tags)}
    written = {name for name, count in named.items() if count} if max(named.values()) >= _MENTIONS else set()
    found = titled or filed or written
    return next(iter(found)) if len(found) == 1 else None
