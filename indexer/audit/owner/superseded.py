"""Find the numbers and mail addresses that the blog's owner had before: what copies have in place of today's, what
stands beside the owner's name, what a reader is asked to contact us by.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from indexer.audit.corpus import numbers_of
from indexer.audit.owner.ownership import NEAR, asks_for_us, host_pattern, is_others, sentence_of
from scraper.text.contacts import addresses, area, emails, phones, street
from scraper.text.requests import request_in
from scraper.text.words import masked_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from indexer.audit.corpus import Corpus, Paragraph
    from indexer.audit.owner.identity import Identity
    from indexer.audit.similarity.groups import Group
    from scraper.text.contacts import Value, ValueKind
    from scraper.text.owner import Owner

    Said = Sequence[tuple[Paragraph, Sequence[Value]]]

_FEWEST_TEXTS = 3
_FEWEST_RECENT = 2
"""Texts that ask by a number, and recent posts that send to a street, from which on they are the owner's; chosen: one
may be an error."""
_STEADY, _HARDLY = 0.5, 0.1
"""How often, against before, newest posts have a value that is still true, and share of other texts that is hardly any;
chosen, not measured."""
_NAME = re.compile(r"\b[A-Z][a-z]{2,}")
_WE = re.compile(r"\b(?:us|our|we)\b")
_READ: Mapping[str, Callable[[Paragraph], Sequence[Value]]] = {
    "phone": numbers_of,
    "email": lambda paragraph: emails(paragraph.text),
}


def with_superseded(
    identity: Identity,
    groups: Sequence[Group],
    paragraphs: Sequence[Paragraph],
    contacts: Sequence[Paragraph],
    corpus: Corpus,
) -> Identity:
    """Return the identity with the superseded numbers and addresses; none where there are no current ones.

    `contacts` are the paragraphs that have a number or an address.

    Where today's were learnt, a value that newest posts have as often as others, and never with a former name, stays.
    """
    superseded: dict[str, frozenset[str]] = {}
    sure: dict[str, frozenset[str]] = {}
    for kind in ("phone", "email"):
        where = [(paragraph, values) for paragraph in contacts if (values := _READ[kind](paragraph))]
        found = _Superseded(kind, identity, where)
        sure[kind] = frozenset(found.replaced(groups, paragraphs))
        superseded[kind] = frozenset((sure[kind] | found.named()) - found.beside())
        superseded[kind] -= identity.others
        if kind in identity.learnt:
            superseded[kind] -= {key for key in found.steady(corpus) if key not in sure[kind] or found.is_local(key)}
    return replace(identity, superseded=superseded, replaced=sure)


class _Superseded:
    """Find the superseded values of a kind."""

    def __init__(self, kind: ValueKind, identity: Identity, where: Said) -> None:
        self._kind, self._identity, self._owner, self._where = kind, identity, identity.owner, where
        self._current = identity.current.get(kind, {})
        self._hosts = host_pattern(identity.old_brands)

    def replaced(self, groups: Sequence[Group], paragraphs: Sequence[Paragraph]) -> set[str]:
        """Return the values that stand in copies of a recurring paragraph where other copies have a current one."""
        found: set[str] = set()
        values = {id(paragraph): values for paragraph, values in self._where}
        for group in groups:
            places: dict[str, set[tuple[str, ...]]] = defaultdict(set)
            for number in group.members:
                paragraph = paragraphs[number]
                for value in values.get(id(paragraph), ()):
                    places[value.key].update(_sides(paragraph.text, value))
            now = {side for key, sides in places.items() if key in self._current for side in sides}
            found.update(key for key, sides in places.items() if key not in self._current and not now.isdisjoint(sides))
        return found

    def named(self) -> set[str]:
        """Return the values whose sentence names the owner; or asks to contact us, near today's or in several texts."""
        found: set[str] = set()
        asking: dict[str, set[str]] = defaultdict(set)
        areas = {area(key) for key in self._current}
        for paragraph, values in self._where:
            for value in values:
                if value.key in self._current or value.key in found:
                    continue
                if self._is_owners(paragraph, value):
                    found.add(value.key)
                elif value.kind == "phone" and asks_for_us(paragraph.text, value, self._owner):
                    asking[value.key].add(paragraph.key)
        if self._current or self._identity.old.get(self._kind):
            found |= {key for key, texts in asking.items() if area(key) in areas or len(texts) >= _FEWEST_TEXTS}
        return found

    def beside(self) -> set[str]:
        """Return the values that often stand beside a current one: a hotline or another office."""
        beside: Counter[str] = Counter()
        total: Counter[str] = Counter()
        for _, values in self._where:
            keys = {value.key for value in values}
            total.update(keys)
            if keys & self._current.keys():
                beside.update(keys)
        return {key for key, count in beside.items() if count > total[key] / 3}

    def steady(self, corpus: Corpus) -> set[str]:
        """Return the values that the newest posts have half as often as others at least, not with old names only."""
        posts: dict[str, set[int]] = defaultdict(set)
        for paragraph, values in self._where:
            for value in values:
                posts[value.key].add(paragraph.post)
        before, now = self._beside_names(self._identity.old_brands), self._beside_names([self._identity.brand or ""])
        new = corpus.newest
        steady = set()
        for key, where in posts.items():
            recent = sum(corpus.is_new(post) for post in where)
            if recent > 1 and recent * (len(corpus) - new) >= _STEADY * (len(where) - recent) * new:
                steady.add(key)
        return steady - (before - now)

    def is_local(self, key: str) -> bool:
        """Tell whether a value mostly stands with a name that today's are hardly ever with: another office's town.

        The names of the owner are none.
        """
        own = [
            set(_NAME.findall(paragraph.text)) for paragraph, values in self._where if any(v.key == key for v in values)
        ]
        others = [
            set(_NAME.findall(p.text)) for p, values in self._where if any(v.key in self._current for v in values)
        ]
        called = {word for name in (self._identity.brand or "", *self._identity.old_brands) for word in name.split()}
        often = Counter(name for names in own for name in names if name not in called)
        return any(
            2 * count >= len(own) and sum(name in names for names in others) <= _HARDLY * len(others)
            for name, count in often.items()
        )

    def _beside_names(self, names: Iterable[str]) -> set[str]:
        """Return the values that stand in one paragraph with a name."""
        lower = [name.lower() for name in names if name]
        return {
            value.key
            for paragraph, values in self._where
            if any(name in paragraph.text.lower() for name in lower)
            for value in values
        }

    def _is_owners(self, paragraph: Paragraph, value: Value) -> bool:
        """Tell whether a value that is not today's is the owner's all the same: its sentence names the owner.

        Another mail address at a domain of today is a person's or a desk's, and none that was given up.
        """
        if value.kind == "email":
            domain = value.key.rpartition("@")[2]
            if domain in self._identity.domains:
                return False
            if self._hosts and self._hosts.search(domain):
                return True
        if not self._current and not self._identity.old.get(self._kind):
            return False
        sentence = sentence_of(paragraph.text, value).lower()
        return not is_others(paragraph.text, value) and any(name in sentence for name in self._owner.names)


def _sides(text: str, value: Value) -> Iterator[tuple[str, ...]]:
    """Yield what tells a value's place in a paragraph: the two words before it, those after it, and one of each."""
    before = masked_words(text[max(0, value.start - NEAR) : value.start])[-2:]
    after = masked_words(text[value.end : value.end + NEAR])[:2]
    if len(before) == 2:
        yield ("before", *before)
    if len(after) == 2:
        yield ("after", *after)
    yield ("between", *before[-1:], "", *after[:1])


def superseded_addresses(
    corpus: Corpus, paragraphs: Iterable[Paragraph], identity: Identity, told: Sequence[str]
) -> dict[str, str]:
    """Return the streets where the owner was before, as written, with today's: those that calls send readers to.

    Today's are told, else what stands around most of the newest posts, else what the newest calls agree on. Where they
    are not told, a street that the newest posts send readers to is not superseded.
    """
    owner = identity.owner
    seen: dict[tuple[str, ...], list[tuple[int, str]]] = defaultdict(list)
    for paragraph in paragraphs:
        for value in _own_streets(paragraph, owner):
            seen[street(value.shown)].append((paragraph.post, value.shown))
    now = {street(value.shown): text for text in told for value in addresses(text)}
    recent = {key: {post for post, _ in found if corpus.is_new(post)} for key, found in seen.items()}
    if not told:
        now = _streets_around(corpus)
        enough = _FEWEST_RECENT if now else 1
        if not now:
            most = max(recent, key=lambda key: (len(recent[key]), key), default=None)
            now = {most: seen[most][-1][1]} if most and len(recent[most]) >= _FEWEST_RECENT else {}
        if now:
            now |= {key: seen[key][-1][1] for key, posts in recent.items() if len(posts) >= enough and key not in now}
    return {shown: _nearest(now) for key in seen if now and key not in now for _, shown in seen[key]}


def _streets_around(corpus: Corpus) -> dict[tuple[str, ...], str]:
    """Return the streets that stand around half of the newest posts."""
    posts: dict[tuple[str, ...], set[int]] = defaultdict(set)
    written: dict[tuple[str, ...], str] = {}
    for paragraph in corpus.template:
        if corpus.is_new(paragraph.post):
            for value in addresses(paragraph.text):
                posts[street(value.shown)].add(paragraph.post)
                written.setdefault(street(value.shown), value.shown)
    new = corpus.newest
    return {key: written[key] for key, where in posts.items() if 2 * len(where) >= new}


def _nearest(now: Mapping[tuple[str, ...], str]) -> str:
    return next(iter(now.values()))


def _own_streets(paragraph: Paragraph, owner: Owner) -> Iterator[Value]:
    """Yield the streets in a paragraph whose sentence names the owner, or asks and says us or the owner's number."""
    found = [value for value in addresses(paragraph.text) if not is_others(paragraph.text, value)]
    if not found:
        return
    asks = request_in(paragraph.text, owner).kind == "ask"
    for value in found:
        sentence = sentence_of(paragraph.text, value)
        lower = sentence.lower()
        named = any(name in lower for name in owner.names)
        if named or (asks and (_WE.search(lower) or any(line.key in owner.phones for line in phones(sentence)))):
            yield value
