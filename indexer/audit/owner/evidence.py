"""Show what is taken for true of a blog's owner: each name, number and place with where it stands in the posts."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal, NamedTuple

from indexer.audit.corpus import numbers_of
from indexer.audit.owner.ownership import is_others
from scraper.text.contacts import addresses, emails, phones, street
from scraper.text.words import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from indexer.audit.corpus import Corpus, Paragraph
    from indexer.audit.findings import UnattributedContact
    from indexer.audit.owner.identity import Facts, Identity
    from indexer.audit.owner.locations import Places
    from scraper.text.contacts import Value

Entry = Literal["brand", "old_brands", "phone", "old_phones", "email", "old_emails", "address", "locations", "others"]
"""What a value is, by the entry of `facts.toml` that says it."""
_FEWEST = 2
"""Posts that show a street, or somebody else's number, from which on it is worth a line; chosen: one is a mention."""


class Evidence(NamedTuple):
    """A value with what speaks for it. `told`: by the facts. `sure` is false of what a person has to decide.

    `posts` have it, page chrome included, `recent` of the newest ones; `newest` is the day of the last, `post` its
    address, `text` the paragraph.
    """

    entry: Entry
    value: str
    told: bool
    sure: bool
    posts: int
    recent: int
    newest: date | None
    post: str | None
    text: str
    place: str = ""


def evidence(
    corpus: Corpus, identity: Identity, places: Places, facts: Facts, unattributed: Iterable[UnattributedContact]
) -> Iterator[Evidence]:
    """Yield what is taken for true, then what was true before, then what nobody knows whose it is."""
    seen = _Seen(corpus)
    if identity.brand:
        yield seen.named("brand", identity.brand, told="brand" not in identity.learnt)
    for name in identity.old_brands:
        yield seen.named("old_brands", name, told="old_brands" not in identity.learnt)
    for kind, entry, before in _KINDS:
        told = kind not in identity.learnt
        for key, shown in identity.current.get(kind, {}).items():
            yield seen.valued(entry, kind, key, shown, told=told)
        for key, shown in identity.old.get(kind, {}).items():
            yield seen.valued(before, kind, key, shown, told=True)
        replaced = identity.replaced.get(kind, frozenset())
        for key in sorted(identity.superseded.get(kind, frozenset()) - set(identity.old.get(kind, ()))):
            yield seen.valued(before, kind, key, seen.shown(kind, key), told=False, sure=key in replaced)
    for text in facts.address:
        yield seen.valued("address", "address", " ".join(street(text)), text, told=True)
    known = {street(text) for text in (*facts.address, *facts.old_addresses)}
    if not facts.address:
        yield from seen.streets(known)
    for key, place in places.numbers.items():
        yield seen.valued("locations", "phone", key, places.shown.get(key, key), told=places.told, place=place)
    for name in places.names:
        if name not in places.numbers.values():
            yield seen.named("locations", name, told=places.told)._replace(value="", place=name)
    for text in facts.others:
        key = next((value.key for value in phones(text)), text)
        yield seen.valued("others", "phone", key, text, told=True)
    for contact in unattributed:
        if contact.kind == "phone" and len(contact.posts) >= _FEWEST:
            key = next((value.key for value in phones(contact.found)), contact.found)
            theirs = any(value.key == key and is_others(contact.text, value) for value in phones(contact.text))
            yield seen.valued("others", "phone", key, contact.found, told=False, sure=theirs)


_KINDS: tuple[tuple[str, Entry, Entry], ...] = (
    ("phone", "phone", "old_phones"),
    ("email", "email", "old_emails"),
)
_READ: Mapping[str, Callable[[Paragraph], Iterable[tuple[str, Value]]]] = {
    "phone": lambda paragraph: ((value.key, value) for value in numbers_of(paragraph)),
    "email": lambda paragraph: ((value.key, value) for value in emails(paragraph.text)),
    "address": lambda paragraph: ((" ".join(street(value.shown)), value) for value in addresses(paragraph.text)),
}


class _Seen:
    """Find where values stand in the posts and around them."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._where: dict[tuple[str, str], list[tuple[Paragraph, str]]] = defaultdict(list)
        for paragraph in (*corpus.kept, *corpus.template):
            for kind, read in _READ.items():
                for key, value in read(paragraph):
                    self._where[kind, key].append((paragraph, value.shown))

    def shown(self, kind: str, key: str) -> str:
        """Return how a value is written in the newest post that has it."""
        return max(self._where[kind, key], key=lambda each: each[0].post, default=(None, key))[1]

    def valued(
        self, entry: Entry, kind: str, key: str, shown: str, *, told: bool, sure: bool = True, place: str = ""
    ) -> Evidence:
        """Return a number or an address with its posts."""
        return self._made(entry, shown, [paragraph for paragraph, _ in self._where[kind, key]], told, sure, place)

    def named(self, entry: Entry, name: str, *, told: bool) -> Evidence:
        """Return a name with its posts."""
        words = " ".join(PLAIN.findall(name.lower()))
        every = (*self._corpus.kept, *self._corpus.template)
        having = [p for p in every if words in " ".join(PLAIN.findall(p.text.lower()))]
        return self._made(entry, name, having, told, True, "")

    def streets(self, known: set[tuple[str, ...]]) -> Iterator[Evidence]:
        """Yield the streets that several of the newest posts show, to be told by a person whose they are."""
        for (kind, key), where in sorted(self._where.items()):
            if kind == "address" and tuple(key.split()) not in known:
                recent = {paragraph.post for paragraph, _ in where if self._corpus.is_new(paragraph.post)}
                if len(recent) >= _FEWEST:
                    yield self.valued("address", kind, key, self.shown(kind, key), told=False, sure=False)

    def _made(
        self, entry: Entry, shown: str, where: Sequence[Paragraph], told: bool, sure: bool, place: str
    ) -> Evidence:
        corpus = self._corpus
        posts = {paragraph.post for paragraph in where}
        last = max(where, key=lambda each: each.post, default=None)
        day = corpus.published(last.post) if last else None
        recent = sum(map(corpus.is_new, posts))
        url, text = (corpus.urls[last.post], last.text) if last else (None, "")
        return Evidence(entry, shown, told, sure, len(posts), recent, day, url, text, place)
