"""Learn whose blog it is: its names, phone numbers and e-mail addresses of today, and the names it had before.

A facts file says it best. Without one, what the newest posts agree on in their recurring paragraphs and in the template
is taken; the old name is what stands where the name of today stands in other copies of the same paragraph.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from indexer.audit.corpus import numbers_of
from indexer.audit.owner.ownership import asks_for_us, is_others, sentence_of
from scraper.model import Role
from scraper.text.contacts import digits, emails, phones
from scraper.text.owner import Owner, names_of
from scraper.text.request_words import ARRANGE, CONTACT, OURS
from scraper.text.requests import request_in
from scraper.text.words import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from indexer.audit.corpus import Corpus, Paragraph
    from indexer.audit.similarity.groups import Group
    from scraper.text.contacts import Value


_LEAST_DIGITS = 3
_TYPO_RATIO = 3
_CLIPPED, _SHORT, _LAST = 4, 30, 4
TYPO_DIGITS = 2
"""So many digits may differ in a number that was mistyped."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the blog's owner says is true today; empty where nothing was said. Old values are known to be wrong."""

    phone: tuple[str, ...] = ()
    old_phones: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    old_emails: tuple[str, ...] = ()
    brand: str | None = None
    old_brands: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    old_addresses: tuple[str, ...] = ()
    url: tuple[str, ...] = ()
    old_urls: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """Numbers of somebody else, such as emergency lines: neither today's nor old."""
    locations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The owner's places with their phone numbers."""
    hours: Mapping[str, str] = field(default_factory=dict)
    """When a place is open, as the owner says it; shown, and compared with nothing."""

    @classmethod
    def from_table(cls, table: Mapping[str, object]) -> Facts:
        """Read a parsed `facts.toml`: texts or lists of texts, a table of them for `locations`, a table an office.

        An office's numbers and address are today's, and its town, or else its name, is one of the places. A text
        without a letter or digit, such as an entry left empty, says nothing. Raise `ValueError` naming what is
        something else.
        """
        values: dict[str, object] = {}
        table = _with_offices(table)
        for name, value in table.items():
            if name not in cls.__slots__:
                raise ValueError(f"unknown entry '{name}'; known are {', '.join((*cls.__slots__, 'offices', 'blog'))}")
            if name in ("locations", "hours"):
                if not isinstance(value, dict):
                    raise ValueError(f"'{name}' has to be a table of places, each with its {_OF_PLACES[name]}")
                told = {place: _texts(place, listed) for place, listed in value.items()}
                values[name] = told if name == "locations" else {place: ", ".join(said) for place, said in told.items()}
            else:
                listed = _texts(name, value)
                if name in ("phone", "old_phones", "others"):
                    _check_phones(name, listed)
                said = tuple(text for text in listed if PLAIN.search(text))
                values[name] = next(iter(said), None) if name == "brand" else said
        return cls(**values)  # type: ignore[arg-type]


def facts_of(table: Mapping[str, object], blog: str) -> dict[str, object]:
    """Return the entries of a parsed `facts.toml` that hold for a blog: its own table before those for all.

    Raise `ValueError` where the table of any blog is none of facts.
    """
    shared = dict(table)
    blogs = shared.pop("blog", {})
    if not isinstance(blogs, dict) or not all(isinstance(own, dict) for own in blogs.values()):
        raise ValueError("'blog' has to be a table for each blog, such as [blog.\"clinic.example/blog\"]")
    for own in blogs.values():
        Facts.from_table(own)
    return {**shared, **blogs.get(blog, {})}


_OF_PLACES = {"locations": "phone numbers", "hours": "hours"}
_OF_OFFICES = ("name", "city", "phone", "address", "hours")


def _with_offices(table: Mapping[str, object]) -> dict[str, object]:
    """Return a table with its `offices` told as places, numbers, addresses and hours."""
    made = dict(table)
    offices = made.pop("offices", [])
    if not isinstance(offices, list) or not all(isinstance(office, dict) for office in offices):
        raise ValueError("'offices' has to be a table for each office, begun by [[offices]]")
    for office in offices:
        strange = next((name for name in office if name not in _OF_OFFICES), None)
        if strange is not None:
            raise ValueError(f"unknown entry '{strange}' of an office; known are {', '.join(_OF_OFFICES)}")
        told = {name: _texts(name, value) for name, value in office.items()}
        place = next(iter((*told.get("city", ()), *told.get("name", ()))), "")
        if not place:
            raise ValueError("an office has to have a 'city' or a 'name'")
        for name in ("phone", "address"):
            known = _texts(name, made.get(name, []))
            made[name] = [*known, *(text for text in told.get(name, ()) if text not in known)]
        for name, said in (("locations", "phone"), ("hours", "hours")):
            places = made.get(name, {})
            if told.get(said) and isinstance(places, dict):
                made[name] = {**places, place: [*_texts(place, places.get(place, [])), *told[said]]}
    return made


def _check_phones(name: str, listed: tuple[str, ...]) -> None:
    for text in listed:
        if sum(map(str.isdigit, text)) < _LEAST_DIGITS:
            raise ValueError(f"'{text}' in '{name}' is no phone number")


def _texts(name: str, value: object) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise ValueError(f"'{name}' has to be a text or a list of texts in quotes")
    return tuple(listed)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose blog it is: values by kind, as `key -> as written`. `learnt` names the kinds that nobody told."""

    brand: str | None = None
    old_brands: tuple[str, ...] = ()
    current: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    old: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    superseded: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By kind, the values that the owner had before, as the blog shows; `replaced` by today's in copies of a text."""
    replaced: Mapping[str, frozenset[str]] = field(default_factory=dict)
    learnt: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    """Keys of the numbers that are told to be somebody else's."""

    @property
    def owner(self) -> Owner:
        """Return what a call to action may name as the one to contact."""
        names = names_of([name for name in (self.brand, *self.old_brands) if name])
        numbers, mails = (
            frozenset((*self.current.get(kind, ()), *self.old.get(kind, ()), *self.superseded.get(kind, ())))
            for kind in ("phone", "email")
        )
        return Owner(names, numbers, self.domains, mails)


AGREED = 0.25
"""A phone number or address is one of today's where the newest posts have it a quarter as often as their commonest."""

_RUN = re.compile(r"(?:[A-ZÀ-Þ][\w’'&.-]*[\w’']|[A-ZÀ-Þ])(?:\s+(?:(?:of|the|and|for|de|la|&)\s+)?[A-ZÀ-Þ][\w’'-]*)*")
_FEWEST_OLD = 2
_OLD_SHARE = 0.01
"""Paragraphs, and share of posts, that have to show an old name or number; chosen: one may be an error."""
_LONGEST_NAME = 6
"""Words of a name at most; chosen, not measured."""
_WHOLE = 0.8
"""Share of the newest posts that a text of the template stands on, and of its best count that a longer name keeps;
chosen, not measured: nearly all."""
_LONGEST_FOOTER = 300
"""Characters of a footer that may tell the name; chosen: longer texts tell of others, too."""
_ASKS = 1.0
"""Log-odds from which a phrase by itself is a request and no name; of a dozen, names had .3 at most, requests 2.4."""
_OF_POSTS = frozenset((Role.RELATED, Role.AUTHOR, Role.COMMENTS))
_COPYRIGHT = re.compile(r"©|\(c\)\s|\bcopyright\b", re.I)
_LONGEST_CALL = 40
"""Characters beside the name in a text that is hardly more than a call; chosen, not measured."""
_WE = frozenset(("we", "us", "our", "ours"))
_NO_NAME = OURS | frozenset(("dr", "mr", "mrs", "ms", "prof", "the", "a", "your"))
_BEFORE_NAMES = CONTACT | ARRANGE | frozenset(("talk", "speak", "with", "to", "at", "about", "welcome", "copyright"))
_BESIDE = 0.3
"""Share of its texts in which a phrase stands beside the name of today to be a place; chosen, not measured."""


def learn_identity(
    corpus: Corpus,
    groups: Sequence[Group],
    paragraphs: Sequence[Paragraph],
    contacts: Sequence[Paragraph],
    facts: Facts,
) -> Identity:
    """Return what is true today, from the facts, else from the blog's recurring paragraphs, `groups`.

    `contacts` are the paragraphs that have a number or an address.
    """
    recurring = [paragraphs[number] for group in groups for number in group.members]
    learnt: set[str] = set()
    brand = facts.brand
    if not brand:
        learnt.add("brand")
        brand = _name_of_host(corpus, (*paragraphs, *corpus.template)) or _name(corpus, recurring)
    newest = [p for p in (*recurring, *corpus.template) if corpus.is_new(p.post)]
    if not (facts.phone and facts.email):
        newest += _new_calls(corpus, contacts, brand)
    others = frozenset(key for text in facts.others for key in _keys(text))
    current: dict[str, dict[str, str]] = {}
    for kind, find, said in (("phone", phones, facts.phone), ("email", emails, facts.email)):
        if said:
            current[kind] = {value.key: text for text in said for value in find(text)} or {digits(t): t for t in said}
        else:
            seen = [
                (p.post, v.key, v.shown)
                for p in newest
                for v in (numbers_of(p) if kind == "phone" else find(p.text))
                if v.key not in others
            ]
            current[kind] = _without_typos(_agreed(seen), Counter(key for _, key, _ in seen))
            if not current[kind] and kind == "email":
                current[kind] = _at_hosts(corpus, contacts)
            learnt.add(kind)
    old_brands = facts.old_brands
    if brand and not old_brands:
        old_brands = tuple(_old_names(corpus, groups, paragraphs, brand))
        learnt.add("old_brands")
    for kind, find in (("phone", phones), ("email", emails)):
        if kind in learnt and brand:
            current[kind] = _without_renamed(contacts, current[kind], find, brand, old_brands)
    old = {
        "phone": {v.key: v.shown for text in facts.old_phones for v in phones(text)},
        "email": {v.key: v.shown for text in facts.old_emails for v in emails(text)},
    }
    domains = frozenset(key.rpartition("@")[2] for key in current["email"]) | _hosts(corpus)
    return Identity(brand, old_brands, current, old, learnt=frozenset(learnt), domains=domains, others=others)


def _keys(number: str) -> list[str]:
    """Return the keys of a number as a person wrote it; a short one, such as 911, is its digits."""
    return [value.key for value in phones(number)] or [digits(number)]


def _hosts(corpus: Corpus) -> frozenset[str]:
    """Return the host names of the posts, without `www.`."""
    return frozenset(
        url.split("/")[2].removeprefix("www.").partition(":")[0] for url in corpus.urls if url.count("/") > 2
    )


def _new_calls(corpus: Corpus, paragraphs: Sequence[Paragraph], brand: str | None) -> Iterator[Paragraph]:
    """Yield the paragraphs of the newest posts by which we or the owner are to be contacted, recurring or not."""
    owner = Owner(names_of([brand] if brand else []))
    for paragraph in paragraphs:
        if corpus.is_new(paragraph.post):
            values = [value for find in (phones, emails) for value in find(paragraph.text)]
            if any(_is_call(paragraph, value, owner) for value in values):
                yield paragraph


def _is_call(paragraph: Paragraph, value: Value, owner: Owner) -> bool:
    """Tell whether a value is there to contact us, or the owner, by: said so, or in a short text of ours at the end."""
    if is_others(paragraph.text, value):
        return False
    if asks_for_us(paragraph.text, value, owner) or any(
        name in sentence_of(paragraph.text, value).lower() for name in owner.names
    ):
        return True
    words = paragraph.key.split()
    return paragraph.from_end < _LAST and len(words) <= _SHORT and not _WE.isdisjoint(words)


def _agreed(seen: Iterable[tuple[int, str, str]]) -> dict[str, str]:
    """Return the values that many posts have, as `key -> commonest form`."""
    posts: dict[str, set[int]] = defaultdict(set)
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for post, key, shown in seen:
        posts[key].add(post)
        forms[key][shown] += 1
    most = max((len(found) for found in posts.values()), default=0)
    enough = max(2, AGREED * most)
    return {
        key: min(forms[key], key=lambda form: (-forms[key][form], form))
        for key in sorted(posts, key=lambda key: (-len(posts[key]), key))
        if len(posts[key]) >= enough
    }


def _without_typos(found: Mapping[str, str], counts: Mapping[str, int]) -> dict[str, str]:
    """Return values without those that are a typo of another: two signs differ at most, and it is much commoner."""
    return {
        key: shown
        for key, shown in found.items()
        if not any(_TYPO_RATIO * counts[key] <= counts[other] and differ(key, other) <= TYPO_DIGITS for other in found)
    }


def _without_renamed(
    paragraphs: Sequence[Paragraph],
    found: Mapping[str, str],
    find: Callable[[str], Sequence[Value]],
    brand: str,
    old_brands: Sequence[str],
) -> dict[str, str]:
    """Return values without those that stand beside a former name, and never beside the one of today."""
    before: Counter[str] = Counter()
    now: set[str] = set()
    former = [name.lower() for name in old_brands]
    for paragraph in paragraphs:
        lower = paragraph.text.lower()
        if brand.lower() in lower:
            now.update(value.key for value in find(paragraph.text))
        elif any(name in lower for name in former):
            before.update({value.key for value in find(paragraph.text)})
    return {key: shown for key, shown in found.items() if key in now or before[key] < _FEWEST_OLD}


def _at_hosts(corpus: Corpus, paragraphs: Sequence[Paragraph]) -> dict[str, str]:
    """Return the mail addresses of the newest posts that are at the blog's own host."""
    hosts = _hosts(corpus)
    found = (value for paragraph in paragraphs if corpus.is_new(paragraph.post) for value in emails(paragraph.text))
    return {value.key: value.shown for value in found if value.key.rpartition("@")[2] in hosts}


def differ(one: str, other: str) -> int:
    """Return in how many signs two values differ; in all where one is longer."""
    return sum(a != b for a, b in zip(one, other, strict=True)) if len(one) == len(other) else max(len(one), len(other))


def _name(corpus: Corpus, recurring: Sequence[Paragraph]) -> str | None:
    """Return the longest run of capitalised words by which the newest posts' contact texts and footers call the owner.

    It has to stand in two different texts, and a post's title never counts: no name is better than a wrong one.
    """
    posts: dict[tuple[str, ...], set[int]] = defaultdict(set)
    contexts: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for text, where in _naming_texts(corpus, recurring).items():
        context = " ".join(text.lower().split()[:4])
        naming = _COPYRIGHT.search(text) is not None or request_in(text).kind == "ask"
        for phrase in _phrases(text):
            contexts[phrase].add(context)
            if naming:
                posts[phrase].update(where)
    told = {
        phrase: len(found)
        for phrase, found in posts.items()
        if len(contexts[phrase]) > 1 and len(found) > 2 and not corpus.holds_title(" ".join(phrase))
    }
    return _longest(_without_requests(told, contexts))


def _without_requests(
    told: Mapping[tuple[str, ...], int], contexts: Mapping[tuple[str, ...], set[str]]
) -> dict[tuple[str, ...], int]:
    """Return phrases without those that ask by themselves ("Get Help Today"), and what stands within these alone."""
    asking = [phrase for phrase in told if (said := request_in(" ".join(phrase))).kind == "ask" and said.odds >= _ASKS]
    return {
        phrase: count
        for phrase, count in told.items()
        if not any(_is_part(phrase, words) and contexts[phrase] <= contexts[words] for words in asking)
    }


def _name_of_host(corpus: Corpus, paragraphs: Iterable[Paragraph]) -> str | None:
    """Return the longest run of capitalised words in several of the newest posts that the blog's host is called by."""
    labels = {max(host.split("."), key=len).replace("-", "") for host in _hosts(corpus)}
    starts = {label[:end] for label in labels for end in range(1, len(label) + 1)}

    def may_begin(word: str) -> bool:
        return any(part.lower() in starts for part in PLAIN.findall(word)[:1])

    posts: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for text, where in corpus.newest_texts(paragraphs).items():
        for phrase in _phrases(text, may_begin):
            posts[phrase] |= where
    return _longest(
        {
            phrase: len(found)
            for phrase, found in posts.items()
            if len(found) > 1
            and any(_spells(phrase, label) for label in labels)
            and not corpus.holds_title(" ".join(phrase))
        }
    )


def _spells(phrase: Sequence[str], label: str) -> bool:
    """Tell whether a host's label is made of words of a phrase, the first one and another at least, in their order."""
    words = [word.lower() for part in phrase for word in PLAIN.findall(part)]
    if not words or not label.startswith(words[0]):
        return False
    left, taken = label, 0
    for word in words:
        if left.startswith(word):
            left, taken = left[len(word) :], taken + 1
        elif len(left) >= _CLIPPED and word.startswith(left):
            left, taken = "", taken + 1
    return not left and taken > 1


def _naming_texts(corpus: Corpus, recurring: Sequence[Paragraph]) -> dict[str, set[int]]:
    """Return the texts of the newest posts that may tell the name, with their posts."""
    found = corpus.newest_texts(recurring)
    around = corpus.newest_texts(
        paragraph
        for paragraph in corpus.template
        if len(paragraph.text) < _LONGEST_FOOTER and paragraph.block.role not in _OF_POSTS
    )
    for text, where in around.items():
        if len(where) >= _WHOLE * corpus.newest and not corpus.holds_title(text):
            found[text] |= where
    return found


def _phrases(text: str, may_begin: Callable[[str], bool] = bool) -> Iterator[tuple[str, ...]]:
    """Yield the runs of two and more capitalised words in a text, and the runs within them that may begin as they do.

    A text that is mostly in capitals has none.
    """
    for run in _RUN.findall(text):
        words = run.split()
        while words and words[0].lower() in _BEFORE_NAMES:
            del words[0]
        for start in range(len(words) - 1):
            if words[start][0].isupper() and may_begin(words[start]):
                if _is_in_capitals(text):
                    return
                for end in range(start + 2, min(len(words), start + _LONGEST_NAME) + 1):
                    if words[end - 1][0].isupper():
                        yield tuple(words[start:end])


def _is_in_capitals(text: str) -> bool:
    return 2 * sum(map(str.isupper, text)) > sum(map(str.isalpha, text))


def _longest(counts: Mapping[tuple[str, ...], int]) -> str | None:
    """Return the longest phrase that is nearly as frequent as the most frequent one."""
    if not counts:
        return None
    most = max(counts.values())
    ranked = sorted((-len(phrase), -count, phrase) for phrase, count in counts.items() if count >= _WHOLE * most)
    return " ".join(ranked[0][2]).strip(".,")


def _old_names(corpus: Corpus, groups: Sequence[Group], paragraphs: Sequence[Paragraph], brand: str) -> list[str]:
    """Return what stands in place of the name in other copies of a paragraph, on at least 1 % of the posts."""
    posts = len(corpus)
    name = [word.lower() for word in PLAIN.findall(brand)]
    seen: dict[tuple[str, ...], set[int]] = defaultdict(set)
    written: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for group in groups:
        model = _with_name(group, paragraphs, name)
        if model is None:
            continue
        for number in group.members:
            for span in _slot(model, paragraphs[number].text, name):
                for start in range(len(span)):
                    for end in range(start + 2, min(len(span), start + _LONGEST_NAME) + 1):
                        phrase = tuple(word.lower() for word in span[start:end])
                        seen[phrase].add(paragraphs[number].post)
                        written[phrase][" ".join(span[start:end])] += 1
    for post, span in _called(corpus, brand):
        phrase = tuple(word.lower() for word in span)
        seen[phrase].add(post)
        written[phrase][" ".join(span)] += 1
    texts = {
        _spaced(paragraph.key) for paragraph in (paragraphs[number] for group in groups for number in group.members)
    }
    found: list[str] = []
    enough = max(_FEWEST_OLD, _OLD_SHARE * posts)
    while True:
        left = {
            phrase: len(where)
            for phrase, where in seen.items()
            if len(where) >= enough and not any(_overlap(phrase, known.lower().split()) for known in found)
        }
        for phrase in [phrase for phrase in left if _is_part(phrase, name) or _stands_beside(phrase, name, texts)]:
            del left[phrase]
        best = _longest(left)
        if best is None or len(found) == _FEWEST_OLD + 1:
            return found
        forms = written[tuple(best.split())]
        found.append(sorted((-count, form) for form, count in forms.items())[0][1])


def _called(corpus: Corpus, brand: str) -> Iterator[tuple[int, list[str]]]:
    """Yield posts with the name in an older copy of a short call such as "Contact NAME" which today has the brand."""
    short = {p.text for p in corpus.kept if brand in p.text and len(p.text) < len(brand) + _LONGEST_CALL}
    calls = {text.partition(brand)[::2] for text in short if request_in(text, Owner(names_of([brand]))).kind == "ask"}
    calls = {(before, after) for before, after in calls if CONTACT & set(PLAIN.findall(before.lower()))}
    for paragraph in corpus.kept:
        for before, after in calls:
            if (
                not paragraph.text.startswith(before)
                or not paragraph.text.endswith(after)
                or corpus.is_new(paragraph.post)
            ):
                continue
            span = PLAIN.findall(paragraph.text[len(before) : len(paragraph.text) - len(after)])
            own = not span or span[0].lower() in _NO_NAME or span[0].lower() == brand.split()[0].lower()
            if not own and 2 <= len(span) <= _LONGEST_NAME and sum(word[0].isupper() for word in span) >= len(span) - 1:
                yield paragraph.post, span


def _spaced(key: str) -> str:
    return f" {key} "


def _is_part(phrase: Sequence[str], name: Sequence[str]) -> bool:
    return f" {' '.join(phrase)} " in f" {' '.join(name)} "


def _stands_beside(phrase: Sequence[str], name: Sequence[str], texts: set[str]) -> bool:
    """Tell whether a phrase often stands beside the name of today: then it is a place, not a former name."""
    own, other = f" {' '.join(name)} ", f" {' '.join(phrase)} "
    having = [text for text in texts if other in text]
    return sum(own in text for text in having) > _BESIDE * len(having)


def _overlap(phrase: Sequence[str], known: Sequence[str]) -> bool:
    return bool(set(phrase) & set(known))


def _with_name(group: Group, paragraphs: Sequence[Paragraph], name: list[str]) -> list[str] | None:
    """Return the words of the copy that most copies are written like and that has the name."""
    counts = Counter(tuple(PLAIN.findall(paragraphs[number].text.lower())) for number in group.members)
    having = [words for words in counts if find(words, name) is not None]
    if not having:
        return None
    ranked = sorted((-counts[words], -len(set(words) & set(group.medoid)), len(words), words) for words in having)
    return list(ranked[0][3])


def find(words: Sequence[str], name: Sequence[str]) -> int | None:
    """Return where a run of words begins in others, or `None`."""
    size = len(name)
    return next((at for at in range(len(words) - size + 1) if list(words[at : at + size]) == list(name)), None)


def _slot(model: list[str], text: str, name: list[str]) -> Iterator[list[str]]:
    """Yield what a text has where the model has the name, where both sides of it match and it reads like a name."""
    shown = PLAIN.findall(text)
    words = [word.lower() for word in shown]
    at = find(model, name)
    if at is None or find(words, name) is not None:
        return
    before = 0 if at == 0 else None
    after = None
    for block in SequenceMatcher(None, model, words, autojunk=False).get_matching_blocks():
        if block.size and block.a + block.size <= at:
            before = block.b + block.size if at - block.a - block.size <= 1 else before
        elif block.size and block.a >= at + len(name) and after is None:
            after = block.b if block.a - at - len(name) <= 4 else -1
    if before is None or after is None or not 2 <= after - before <= _LONGEST_NAME + 3:
        return
    span = shown[before:after]
    capitals = sum(word[0].isupper() for word in span)
    if capitals >= len(span) - 1:
        yield span
