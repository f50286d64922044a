"""Know which words stand for which: shipped abbreviations, those that the blog explains, and a clinic's own list.

`synonyms.toml` in the library's folder holds lines such as `PTSD = ["post-traumatic stress disorder"]`: all forms of a
line find one another; a name with an empty list is taken out of what is known otherwise.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING

from indexer.analysis import fold
from indexer.search.words.abbreviations import ABBREVIATIONS
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SEPARATOR = " = "
LONGEST = 8
"""Forms of more words are not looked for."""
_BAR = "|"


class SynonymsError(UsageError):
    """The list of synonyms can't be read."""

    def __init__(self, path: Path | str, why: str) -> None:
        super().__init__(f'{path} can not be read ({why}). Each line is: PTSD = ["post-traumatic stress disorder"]')


class Synonyms:
    """Look forms up in lists of groups, kept as text: most queries ask for few words, and nothing is built for them."""

    def __init__(self, own: str, learnt: str, shipped: str) -> None:
        self._lists = (own, learnt, shipped)

    def begins(self, word: str) -> bool:
        """Tell whether any form begins so."""
        wanted = _BAR + _folded(word)
        return any(wanted in groups for groups in self._lists)

    def of(self, form: str) -> tuple[str, ...]:
        """Return the other forms of a word or words, from the first list that has any: own, learnt, shipped."""
        wanted = _BAR + _folded(form) + _BAR
        for groups in self._lists:
            found = dict.fromkeys(other for line in _lines_with(groups, wanted) for other in line)
            if found:
                return tuple(other for other in found if _BAR + other + _BAR != wanted)
        return ()


def _folded(form: str) -> str:
    return " ".join(fold(form).replace("-", " ").replace("'", " ").replace("’", " ").split())


def _lines_with(groups: str, wanted: str) -> Iterator[list[str]]:
    at = groups.find(wanted)
    while at >= 0:
        start, end = groups.rfind("\n", 0, at) + 1, groups.find("\n", at)
        yield [form for form in groups[start:end].split(_BAR) if form]
        at = groups.find(wanted, end)


def _groups(lines: str, *separators: str) -> str:
    """Return lines of forms as text in which `|form|` is found wherever it stands."""
    # Folded line by line: nearly all are plain ASCII, which is folded at once.
    text = "\n".join(map(fold, lines.split("\n"))).replace("-", " ").replace("'", " ").replace("’", " ")
    for separator in separators:
        text = text.replace(separator, _BAR)
    return f"{_BAR}{text.strip()}{_BAR}\n".replace("\n", f"{_BAR}\n{_BAR}")


def read(path: Path | str) -> Mapping[str, tuple[str, ...]]:
    """Read a clinic's own list; empty where there is none. Raise `SynonymsError` for one that can't be read."""
    if not os.path.exists(path):  # noqa: PTH110
        return {}
    import tomllib
    from pathlib import Path

    try:
        plain = tomllib.loads(Path(path).read_text(encoding="utf-8"))
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
    """Return all synonyms: shipped, learnt from the blog (`indexer.search.words.acronyms`), and the clinic's own.

    What the blog or the clinic says of an abbreviation replaces what is shipped.
    """
    mine = "\n".join(_BAR.join((short, *forms)) for short, forms in own)
    return Synonyms(
        _groups(mine) if own else "",
        _groups("\n".join(learnt), SEPARATOR) if learnt else "",
        _groups(ABBREVIATIONS.strip(), ": ", "; "),
    )
