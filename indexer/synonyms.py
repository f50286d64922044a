"""Know which words stand for which: shipped abbreviations, those that the blog explains, and a clinic's own list.

`synonyms.toml` in the library's folder holds lines such as `PTSD = ["post-traumatic stress disorder"]`: all forms of a
line find one another; a name with an empty list is taken out of what is known otherwise.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from indexer.abbreviations import ABBREVIATIONS
from indexer.analysis import fold_label
from scraper.model import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_SEPARATOR = " = "
_MOST_WORDS = 8
_BRACKET = re.compile(r"\(([^()\n]{2,100})\)")
_SHORT = re.compile(r"[A-Z][A-Z&/-]*[A-Za-z&/-]{0,5}[A-Z]s?")
_BEFORE = 120


class SynonymsError(UsageError):
    """The list of synonyms can't be read."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f'{path} can not be read ({why}). Each line is: PTSD = ["post-traumatic stress disorder"]')


class Synonyms(NamedTuple):
    """Forms by their folded words; every form leads to the others."""

    others: Mapping[tuple[str, ...], tuple[str, ...]]

    def of(self, form: str) -> tuple[str, ...]:
        """Return the other forms of a word or words."""
        return self.others.get(key_of(form), ())

    @property
    def longest(self) -> int:
        """Return the number of words of the longest form that is looked for."""
        return _MOST_WORDS


def key_of(form: str) -> tuple[str, ...]:
    """Return a form as it is compared: its folded words."""
    return tuple(re.sub(r"[^\w+]+", " ", fold_label(form)).split())


def _from_groups(groups: Iterable[tuple[str, ...]]) -> Synonyms:
    found: dict[tuple[str, ...], dict[tuple[str, ...], str]] = {}
    for group in groups:
        forms = {key_of(form): form for form in group if key_of(form)}
        for key in forms:
            found.setdefault(key, {}).update({other: form for other, form in forms.items() if other != key})
    return Synonyms({key: tuple(others.values()) for key, others in found.items() if others})


def shipped() -> Iterator[tuple[str, ...]]:
    """Return the groups of the shipped abbreviations."""
    for line in ABBREVIATIONS.strip().splitlines():
        short, _, meanings = line.partition(": ")
        yield (short, *meanings.split("; "))


def read(path: Path) -> Mapping[str, tuple[str, ...]]:
    """Read a clinic's own list; empty where there is none. Raise `SynonymsError` for one that can't be read."""
    if not path.exists():
        return {}
    import tomllib

    try:
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise SynonymsError(path, str(problem)) from problem
    own = {}
    for short, forms in plain.items():
        listed = [forms] if isinstance(forms, str) else forms
        if not isinstance(listed, list) or not all(isinstance(form, str) for form in listed):
            raise SynonymsError(path, f"{short} is no list of words")
        own[short] = tuple(listed)
    return own


@lru_cache(maxsize=4)
def combined(own: tuple[tuple[str, tuple[str, ...]], ...], learnt: tuple[str, ...]) -> Synonyms:
    """Return all synonyms: shipped, learnt from the blog (as `definitions` gives them), and the clinic's own.

    What the blog or the clinic says of an abbreviation replaces what is shipped.
    """
    explained = [tuple(pair.split(_SEPARATOR, 1)) for pair in learnt if _SEPARATOR in pair]
    chosen = {key_of(short) for short, _ in own}
    settled = chosen | {key_of(pair[0]) for pair in explained}
    groups = [group for group in shipped() if key_of(group[0]) not in settled]
    groups += [pair for pair in explained if key_of(pair[0]) not in chosen]
    groups += [(short, *forms) for short, forms in own if forms]
    return _from_groups(groups)


def definitions(text: str) -> set[str]:
    """Return the abbreviations that a text explains, each as `SHORT = long form`."""
    found = set()
    for match in _BRACKET.finditer(text):
        inner = match[1].split()
        before = text[max(0, match.start() - _BEFORE) : match.start()].split()
        if len(inner) == 1 and _SHORT.fullmatch(inner[0]):
            # "complex regional pain syndrome (CRPS)": the words before the bracket are matched from their end.
            short, long = inner[0], _long_form(before, inner[0])
        elif before and len(inner) > 1 and _SHORT.fullmatch(before[-1]):
            # "CRPS (complex regional pain syndrome)"
            short, long = before[-1], _long_form(inner, before[-1])
            long = long if long == " ".join(inner).lower() else None
        else:
            continue
        if long:
            found.add(f"{short.rstrip('s')}{_SEPARATOR}{long}")
    return found


def _long_form(words: list[str], short: str) -> str | None:
    """Return the last words whose initials make up the abbreviation, small words in between allowed."""
    letters = [sign for sign in short.rstrip("s").lower() if sign.isalpha()]
    wanted = list(letters)
    taken: list[str] = []
    for word in reversed(words):
        initials = [part[0].lower() for part in re.split(r"[-’']", word) if part]
        taken.insert(0, word)
        for initial in reversed(initials):
            if wanted and initial == wanted[-1]:
                wanted.pop()
        if not wanted:
            good = initials and initials[0] == letters[0] and len(taken) <= min(_MOST_WORDS, len(letters) * 2)
            return " ".join(taken).lower() if good else None
        if len(taken) > _MOST_WORDS:
            return None
    return None
