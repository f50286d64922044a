"""Learn abbreviations from the posts that explain them."""

from __future__ import annotations

import re

from indexer.search.words.synonyms import SEPARATOR

_MOST_WORDS = 8
"""Words of a name that an acronym stands for; chosen: two for each letter of four."""
_BRACKET = re.compile(r"\(([^()\n]{2,100})\)")
_SHORT = re.compile(r"[A-Z][A-Z&/-]*[A-Za-z&/-]{0,5}[A-Z]s?")
_BEFORE = 120
"""Characters before an acronym in which its words are looked for; chosen: as many words."""


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
            found.add(f"{short.rstrip('s')}{SEPARATOR}{long}")
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
