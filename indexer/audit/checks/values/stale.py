"""Find values that are not the ones of today: against the facts, or against what the newest posts agree on."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import chain
from typing import TYPE_CHECKING

from indexer.audit.corpus import numbers_of
from indexer.audit.findings import Stale, UnattributedContact
from indexer.audit.marks import mark
from indexer.audit.owner.identity import TYPO_DIGITS, differ
from indexer.audit.owner.locations import cities
from indexer.audit.owner.ownership import host_pattern, is_others, loose
from indexer.audit.owner.superseded import superseded_addresses
from scraper.facts.metawords import MONTHS
from scraper.text.contacts import Value, addresses, area, emails, links, prices, street, years
from scraper.text.requests import request_in
from scraper.text.words import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from indexer.audit.corpus import Corpus, Paragraph
    from indexer.audit.findings import Severity
    from indexer.audit.owner.identity import Facts, Identity
    from indexer.audit.similarity.groups import Group
    from scraper.text.contacts import ValueKind

_MONTHS = frozenset(chain.from_iterable(map(str.split, MONTHS)))
_BESIDE_YEAR = 24
"""Characters beside a year in which its day and month stand: "the 30th of September, 2019"."""
_SLOT_AGREED = 0.6
_SLOT_FEWEST = 3
"""Share of the newest copies that have one value, and copies at least, from which on the older ones' value is stale;
chosen, not measured: a clear majority of more than two."""


def _lone_years(text: str) -> Sequence[Value]:
    """Return the years of a text that are no part of a day: an old event has the year that it has."""
    return [value for value in years(text) if not _is_of_day(text, value)]


def _is_of_day(text: str, year: Value) -> bool:
    """Tell whether a month or a day's number stands beside a year."""
    before = text[max(0, year.start - _BESIDE_YEAR) : year.start]
    near = [*PLAIN.findall(before)[-2:], *PLAIN.findall(text[year.end : year.end + _BESIDE_YEAR])[:1]]
    numeric = re.search(r"\d[./]\s?$", before) or re.match(r"[./-]\d", text[year.end :])
    return numeric is not None or any(word.lower() in _MONTHS for word in near)


_SLOT_KINDS: tuple[Callable[[str], Sequence[Value]], ...] = (emails, links, addresses, _lone_years, prices)


class StaleFinder:
    """Look through a blog's posts for values that are no longer true. `contacts` are the paragraphs that have any."""

    def __init__(
        self,
        corpus: Corpus,
        paragraphs: Sequence[Paragraph],
        contacts: Sequence[Paragraph],
        groups: Sequence[Group],
        identity: Identity,
        facts: Facts,
    ) -> None:
        self._corpus, self._paragraphs, self._groups, self._identity, self._facts = (
            corpus,
            paragraphs,
            groups,
            identity,
            facts,
        )
        self._having_contacts, self._owner = contacts, identity.owner
        newest = (paragraph.text for paragraph in (*contacts, *corpus.template) if corpus.is_new(paragraph.post))
        self._streets = {street(value.shown) for text in (*facts.address, *newest) for value in addresses(text)}
        self._found: dict[tuple[int, str, str], Stale] = {}
        self._unattributed: dict[tuple[ValueKind, str], list[tuple[int, Value, str]]] = defaultdict(list)
        self._counts: dict[tuple[int, ValueKind], Counter[str]] = {}
        self._groups_of: dict[str, list[int]] = defaultdict(list)
        for at, group in enumerate(groups):
            for key in dict.fromkeys(paragraphs[number].key for number in group.members):
                self._groups_of[key].append(at)

    def run(self) -> tuple[tuple[Stale, ...], tuple[UnattributedContact, ...]]:
        """Return what is stale, newest post first, and the numbers and addresses that nothing ties to the owner."""
        self._brands()
        self._contacts("phone", numbers_of)
        self._contacts("email", lambda paragraph: emails(paragraph.text))
        self._told()
        self._slots()
        found = sorted(self._found.items(), key=lambda item: (-item[0][0], item[0][1], item[0][2]))
        return tuple(stale for _, stale in found), tuple(self._listed_unattributed())

    def _add(
        self, paragraph: Paragraph, value: Value, expected: str | None, severity: Severity, *, learnt: bool
    ) -> None:
        url = self._corpus.urls[paragraph.post]
        if value.kind == "address":
            expected = self._in_town(paragraph) or expected
        finding = mark("s", url, value.kind, value.key)
        day = self._corpus.published(paragraph.post)
        stale = Stale(finding, url, value.kind, value.shown, expected, paragraph.text, severity, day, learnt)
        self._found.setdefault((paragraph.post, value.kind, value.key), stale)

    def _in_town(self, paragraph: Paragraph) -> str | None:
        """Return the one told address of a town that a paragraph names, where several are told."""
        told = self._facts.address if len(self._facts.address) > 1 else ()
        named = [text for text in told if any(town in paragraph.text for town in cities([text]))]
        return named[0] if len(named) == 1 else None

    def _brands(self) -> None:
        """Report every block that has a former name, however it is cased or punctuated."""
        for name in self._identity.old_brands:
            words = [word.lower() for word in PLAIN.findall(name)]
            if not words:
                continue
            pattern = re.compile(r"(?<!\w)" + loose(words) + r"(?!\w)", re.I)
            current = [word.lower() for word in PLAIN.findall(self._identity.brand or "")]
            part = " ".join(words) in " ".join(current)
            now = re.compile(r"(?<!\w)" + loose(current) + r"(?!\w)", re.I) if part else None
            for paragraph in self._corpus.kept:
                text = now.sub(lambda match: "\0" * len(match.group()), paragraph.text) if now else paragraph.text
                match = next((found for found in pattern.finditer(text) if not _is_host(text, found)), None)
                if match:
                    value = Value("brand", " ".join(words), match.group(), match.start(), match.end())
                    self._add(
                        paragraph, value, self._identity.brand, "high", learnt="old_brands" in self._identity.learnt
                    )

    def _contacts(self, kind: ValueKind, find: Callable[[Paragraph], Sequence[Value]]) -> None:
        """Report numbers or addresses that the owner had: those that copies have where others have today's."""
        current, told = self._identity.current.get(kind, {}), self._identity.old.get(kind, {})
        where = [(paragraph, find(paragraph)) for paragraph in self._having_contacts]
        replaced = self._identity.replaced.get(kind, frozenset())
        own = self._identity.superseded.get(kind, frozenset()).union(told)
        expected = next(iter(current.values()), None)
        areas = {area(key) for key in current}
        learnt = kind in self._identity.learnt
        for paragraph, values in where:
            for value in values:
                if value.key in current or value.key in self._identity.others:
                    continue
                if value.key not in own and not (meant := self._typo(paragraph, value, current)):
                    self._unattributed[kind, value.key].append((paragraph.post, value, paragraph.text))
                    continue
                if value.key not in own:
                    self._add(paragraph, value, meant, "low", learnt=learnt)
                    continue
                sure = not learnt or value.key in told or value.key in replaced or area(value.key) in areas
                now = self._of_area(value, current) or self._nearest(paragraph, kind, find) or expected
                self._add(paragraph, value, now, "high" if sure else "low", learnt=learnt)

    def _of_area(self, value: Value, current: Mapping[str, str]) -> str | None:
        """Return the one number of today in the area of a superseded one, where the owner has numbers in several."""
        areas = {area(key) for key in current}
        near = [shown for key, shown in current.items() if area(key) == area(value.key)]
        return near[0] if value.kind == "phone" and len(near) == 1 and len(areas) > 1 else None

    def _typo(self, paragraph: Paragraph, value: Value, current: Mapping[str, str]) -> str | None:
        """Return the number of today that a number to call is a typo of: no more than two of its digits differ."""
        if (
            value.kind != "phone"
            or is_others(paragraph.text, value)
            or request_in(paragraph.text, self._owner).kind != "ask"
        ):
            return None
        return next((shown for key, shown in current.items() if differ(key, value.key) <= TYPO_DIGITS), None)

    def _nearest(
        self, paragraph: Paragraph, kind: ValueKind, find: Callable[[Paragraph], Sequence[Value]]
    ) -> str | None:
        """Return the current value that newer copies of the same paragraph have most."""
        for at in self._groups_of.get(paragraph.key, ()):
            counts = self._counts.get((at, kind))
            if counts is None:
                members = self._groups[at].members
                counts = Counter(value.key for number in members for value in find(self._paragraphs[number]))
                self._counts[at, kind] = counts
            for key, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
                for current in self._identity.current.values():
                    if key in current:
                        return current[key]
        return None

    def _told(self) -> None:
        """Report addresses and links that the facts call old, streets that calls sent to before, hosts of old names."""
        moved = superseded_addresses(self._corpus, self._having_contacts, self._identity, self._facts.address)
        for text in self._facts.old_addresses:
            self._stands("address", text, self._facts.address[0] if self._facts.address else None, learnt=False)
        for text, now in moved.items():
            self._stands("address", text, now, learnt=not self._facts.address)
        own = self._facts.url[0] if self._facts.url else None
        for text in self._facts.old_urls:
            self._stands("url", text, own, learnt=False)
        self._hosts(own)

    def _stands(self, kind: ValueKind, text: str, expected: str | None, *, learnt: bool) -> None:
        """Report the paragraphs in which a text stands, however it is punctuated; one within a mail address is none."""
        words = loose(PLAIN.findall(text))
        pattern = re.compile(rf"(?<![\w@]){words}(?!\w)", re.I)
        for paragraph in self._paragraphs:
            match = pattern.search(paragraph.text)
            if match:
                value = Value(kind, text.lower(), match.group(), match.start(), match.end())
                self._add(paragraph, value, expected, "high", learnt=learnt)

    def _hosts(self, expected: str | None) -> None:
        """Report links to a host that is called by a former name, where the blog itself is at another."""
        pattern = host_pattern(self._identity.old_brands)
        if pattern is None or any(pattern.fullmatch(host) for host in self._identity.domains):
            return
        for paragraph in self._paragraphs:
            for match in pattern.finditer(paragraph.text.lower()) if "." in paragraph.text else ():
                value = Value("url", match.group().removeprefix("www."), match.group(), match.start(), match.end())
                if match.start() == 0 or paragraph.text[match.start() - 1] != "@":
                    self._add(paragraph, value, expected, "high", learnt="old_brands" in self._identity.learnt)

    def _slots(self) -> None:
        """Report other values of recurring paragraphs where the newest copies agree on another one."""
        for group in self._groups:
            posts = sorted({self._paragraphs[number].post for number in group.members})
            if len(posts) < 2 * _SLOT_FEWEST:
                continue
            newest = set(posts[-max(_SLOT_FEWEST, len(posts) // 3) :])
            for find in _SLOT_KINDS:
                self._slot(group, newest, find)

    def _slot(self, group: Group, newest: set[int], find: Callable[[str], Sequence[Value]]) -> None:
        values = {number: find(self._paragraphs[number].text) for number in group.members}
        counts: Counter[tuple[str, str]] = Counter()
        for number, found in values.items():
            if self._paragraphs[number].post in newest:
                counts.update({(value.key, value.shown) for value in found})
        if not counts:
            return
        (agreed, shown), often = min(counts.items(), key=lambda item: (-item[1], item[0]))
        if often < _SLOT_AGREED * len(newest):
            return
        still = {key for key, _ in counts}
        for number, found in values.items():
            keys = {value.key for value in found}
            if agreed in keys:
                continue
            for value in found:
                told = self._identity.current.get(value.kind, {})
                own = value.key in told or (value.kind == "address" and street(value.shown) in self._streets)
                if value.key in still or own or (value.kind == "year" and value.key > agreed):
                    continue
                self._add(self._paragraphs[number], value, shown, "low", learnt=True)

    def _listed_unattributed(self) -> Iterator[UnattributedContact]:
        for (kind, key), seen in sorted(self._unattributed.items(), key=lambda item: (-len(item[1]), item[0])):
            if (kind, key) and seen:
                posts = tuple(dict.fromkeys(self._corpus.urls[post] for post, _, _ in seen))
                yield UnattributedContact(kind, seen[0][1].shown, posts, seen[0][2])


def _is_host(text: str, name: re.Match[str]) -> bool:
    """Tell whether a name is written as part of a host, with dashes instead of spaces."""
    return "-" in name.group() and re.match(r"\.\w", text[name.end() :]) is not None
