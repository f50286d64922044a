"""Find values that are not the ones of today: against the facts, or against what the newest posts agree on."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from indexer.audit.asks import judge
from indexer.audit.findings import Stale, Stray
from indexer.audit.marks import mark
from indexer.audit.values import Value, addresses, emails, links, phones, prices, years

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from indexer.audit.cores import Group
    from indexer.audit.corpus import Corpus, Piece
    from indexer.audit.findings import Severity, ValueKind
    from indexer.audit.owner import Facts, Known

_WORD = re.compile(r"[^\W_]+")
_SLOT_KINDS: tuple[Callable[[str], Iterator[Value]], ...] = (emails, links, addresses, years, prices)
_SLOT_AGREED = 0.6
_SLOT_FEWEST = 3
_SLIP = 2


class StaleFinder:
    """Look through a blog's posts for values that are no longer true."""

    def __init__(
        self, corpus: Corpus, pieces: Sequence[Piece], groups: Sequence[Group], known: Known, facts: Facts
    ) -> None:
        self._corpus, self._pieces, self._groups, self._known, self._facts = corpus, pieces, groups, known, facts
        self._owner = known.owner
        self._found: dict[tuple[int, str, str], Stale] = {}
        self._strays: dict[tuple[ValueKind, str], list[tuple[int, Value, str]]] = defaultdict(list)
        self._counts: dict[tuple[int, Callable[[str], Iterator[Value]]], Counter[str]] = {}
        self._groups_of: dict[str, list[int]] = defaultdict(list)
        for at, group in enumerate(groups):
            for key in dict.fromkeys(pieces[number].key for number in group.members):
                self._groups_of[key].append(at)

    def run(self) -> tuple[tuple[Stale, ...], tuple[Stray, ...]]:
        """Return what is stale, newest post first, and the numbers and addresses that nothing ties to the owner."""
        self._brands()
        self._contacts("phone", phones)
        self._contacts("email", emails)
        self._told()
        self._slots()
        found = sorted(self._found.items(), key=lambda item: (-item[0][0], item[0][1], item[0][2]))
        return tuple(stale for _, stale in found), tuple(self._listed_strays())

    def _add(self, piece: Piece, value: Value, expected: str | None, severity: Severity, *, learnt: bool) -> None:
        url = self._corpus.urls[piece.post]
        known = mark("s", url, value.kind, value.key)
        day = self._corpus.published(piece.post)
        stale = Stale(known, url, value.kind, value.shown, expected, piece.text, severity, day, learnt)
        self._found.setdefault((piece.post, value.kind, value.key), stale)

    def _brands(self) -> None:
        """Report every block that has a former name, however it is cased or punctuated."""
        for name in self._known.old_brands:
            words = [word.lower() for word in _WORD.findall(name)]
            if not words:
                continue
            pattern = re.compile(r"(?<!\w)" + r"[\W_]+".join(map(re.escape, words)) + r"(?!\w)", re.I)
            current = [word.lower() for word in _WORD.findall(self._known.brand or "")]
            part = " ".join(words) in " ".join(current)
            now = re.compile(r"(?<!\w)" + r"[\W_]+".join(map(re.escape, current)) + r"(?!\w)", re.I) if part else None
            for piece in self._corpus.kept:
                text = now.sub(lambda match: "\0" * len(match.group()), piece.text) if now else piece.text
                match = pattern.search(text)
                if match:
                    value = Value("brand", " ".join(words), match.group(), match.start(), match.end())
                    self._add(piece, value, self._known.brand, "high", learnt="old_brands" in self._known.learnt)

    def _contacts(self, kind: ValueKind, find: Callable[[str], Iterator[Value]]) -> None:
        """Report numbers or addresses that the owner had: those that copies have where others have today's."""
        current, told = self._known.current.get(kind, {}), self._known.old.get(kind, {})
        if not current and not told:
            return
        where = [(piece, list(find(piece.text))) for piece in self._pieces]
        replaced = self._replaced(kind, find)
        own = set(told) | ((replaced | self._named(where, current)) - self._beside(where, current))
        expected = next(iter(current.values()), None)
        prefixes = {key[:3] for key in current}
        learnt = kind in self._known.learnt
        for piece, values in where:
            for value in values:
                if value.key in current:
                    continue
                if value.key not in own and not (meant := self._slip(piece, value, current)):
                    self._strays[kind, value.key].append((piece.post, value, piece.text))
                    continue
                if value.key not in own:
                    self._add(piece, value, meant, "low", learnt=learnt)
                    continue
                sure = not learnt or value.key in told or value.key in replaced or value.key[:3] in prefixes
                self._add(
                    piece, value, self._nearest(piece, find) or expected, "high" if sure else "low", learnt=learnt
                )

    def _slip(self, piece: Piece, value: Value, current: Mapping[str, str]) -> str | None:
        """Return the number of today that a number to call is a slip of: no more than two of its digits differ."""
        if value.kind != "phone" or judge(piece.text, self._owner) != "ask":
            return None
        for key, shown in current.items():
            differ = sum(one != other for one, other in zip(key, value.key, strict=False))
            if len(key) == len(value.key) and differ <= _SLIP:
                return shown
        return None

    def _replaced(self, kind: ValueKind, find: Callable[[str], Iterator[Value]]) -> set[str]:
        """Return the values that recurring paragraphs have in some copies while others have a current one."""
        current = self._known.current.get(kind, {})
        found: set[str] = set()
        for group in self._groups:
            keys: Counter[str] = Counter()
            for number in group.members:
                keys.update({value.key for value in find(self._pieces[number].text)})
            if any(key in current for key in keys):
                found.update(key for key in keys if key not in current)
        return found

    def _named(self, where: Sequence[tuple[Piece, list[Value]]], current: Mapping[str, str]) -> set[str]:
        """Return the values whose sentence names the owner; or asks to contact us, near today's or on several posts."""
        found: set[str] = set()
        asking: dict[str, set[str]] = defaultdict(set)
        prefixes = {key[:3] for key in current}
        for piece, values in where:
            for value in values:
                if value.key in current or value.key in found:
                    continue
                if self._is_owners(piece, value):
                    found.add(value.key)
                elif value.kind == "phone" and self._asks_for_us(piece, value):
                    asking[value.key].add(piece.key)
        enough = {key for key, texts in asking.items() if key[:3] in prefixes or len(texts) >= _SLOT_FEWEST}
        return found | enough

    def _beside(self, where: Sequence[tuple[Piece, list[Value]]], current: Mapping[str, str]) -> set[str]:
        """Return the values that often stand beside a current one: a hotline, another office, not a former one."""
        beside: Counter[str] = Counter()
        total: Counter[str] = Counter()
        for _, values in where:
            keys = {value.key for value in values}
            total.update(keys)
            if keys & current.keys():
                beside.update(keys)
        return {key for key, count in beside.items() if count > total[key] / 3}

    def _is_owners(self, piece: Piece, value: Value) -> bool:
        """Tell whether a value that is not today's is the owner's all the same: its sentence names the owner."""
        names = self._owner.names
        start = max(piece.text.rfind(". ", 0, value.start), piece.text.rfind("\n", 0, value.start)) + 1
        sentence = piece.text[start : value.end + 80].lower()
        if any(name in sentence for name in names):
            return True
        if value.kind == "email":
            return value.key.rpartition("@")[2] in self._known.domains and self._known.current.get("email", {}) != {}
        return False

    def _asks_for_us(self, piece: Piece, value: Value) -> bool:
        """Tell whether the words before a number ask the reader to contact us."""
        start = max(piece.text.rfind(". ", 0, value.start), piece.text.rfind("\n", 0, value.start)) + 1
        near = piece.text[max(start, value.start - 90) : value.end]
        asks = judge(near, self._owner) == "ask"
        return asks and re.search(r"\b(?:us|our)\b", near.lower()) is not None

    def _nearest(self, piece: Piece, find: Callable[[str], Iterator[Value]]) -> str | None:
        """Return the current value that newer copies of the same paragraph have most."""
        for at in self._groups_of.get(piece.key, ()):
            counts = self._counts.get((at, find))
            if counts is None:
                members = self._groups[at].members
                counts = Counter(value.key for number in members for value in find(self._pieces[number].text))
                self._counts[at, find] = counts
            for key, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
                for current in self._known.current.values():
                    if key in current:
                        return current[key]
        return None

    def _told(self) -> None:
        """Report addresses and links that the facts call old."""
        for kind, texts, now in (
            ("address", self._facts.old_addresses, self._facts.address),
            ("url", self._facts.old_urls, self._facts.url),
        ):
            for text in texts:
                pattern = re.compile(r"(?<!\w)" + r"[\W_]+".join(map(re.escape, _WORD.findall(text))) + r"(?!\w)", re.I)
                for piece in self._pieces:
                    match = pattern.search(piece.text)
                    if match:
                        value = Value(kind, text.lower(), match.group(), match.start(), match.end())  # type: ignore[arg-type]
                        self._add(piece, value, now[0] if now else None, "high", learnt=False)

    def _slots(self) -> None:
        """Report other values of recurring paragraphs where the newest copies agree on another one."""
        for group in self._groups:
            posts = sorted({self._pieces[number].post for number in group.members})
            if len(posts) < 2 * _SLOT_FEWEST:
                continue
            newest = set(posts[-max(_SLOT_FEWEST, len(posts) // 3) :])
            for find in _SLOT_KINDS:
                self._slot(group, newest, find)

    def _slot(self, group: Group, newest: set[int], find: Callable[[str], Iterator[Value]]) -> None:
        values = {number: list(find(self._pieces[number].text)) for number in group.members}
        counts: Counter[tuple[str, str]] = Counter()
        for number, found in values.items():
            if self._pieces[number].post in newest:
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
                told = self._known.current.get(value.kind, {})
                if value.key in still or value.key in told or (value.kind == "year" and value.key > agreed):
                    continue
                self._add(self._pieces[number], value, shown, "low", learnt=True)

    def _listed_strays(self) -> Iterator[Stray]:
        for (kind, key), seen in sorted(self._strays.items(), key=lambda item: (-len(item[1]), item[0])):
            if (kind, key) and seen:
                posts = tuple(dict.fromkeys(self._corpus.urls[post] for post, _, _ in seen))
                yield Stray(kind, seen[0][1].shown, posts, seen[0][2])
