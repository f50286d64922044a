"""Read the words of a text: fold, count, tokenise, cut into sentences. The one place where extraction and audit do so.

Search indexes terms instead, which `indexer.analysis` makes of words.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Final

# Scripts that are written without spaces: every sign is a word of its own.
_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ONE_UNSPACED: Final = re.compile(rf"[{_UNSPACED}]")
DENSE_CHARACTERS_PER_WORD: Final = 2.0
"""Characters that count as one word in scripts that write no spaces."""
NUMBER = "#"
"""Stands for any run of digits with what separates them."""

SENTENCE_ENDS: Final = tuple(".!?。！？।؟…")
CLAUSE_ENDS: Final = (*SENTENCE_ENDS, ":", ";", ",")

_FOLD: Final = re.compile(r"[\W_]+")
_FOLD_ASCII: Final = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
_WORD = re.compile(r"[^\W\d_]+|\d[\d\W_]*")
_WORD_ANY = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\W\d_])+|\d[\d\W_]*")
PLAIN = re.compile(r"[^\W_]+")
"""Finds words and numbers as they are written."""


_LETTERS: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"'”’)\]]*\s+|(?<=[。！？])")


def digest(text: str) -> str:
    """Return the same 16 hex digits for texts that differ in case, white space and punctuation only."""
    return digest_of(fold(text) or text)


def digest_of(folded: str) -> str:
    """Return the digest of a text that `fold` has folded already, or left nothing of."""
    return blake2b(folded.encode("utf-8", "replace"), digest_size=8).hexdigest()


def fold(text: str) -> str:
    """Return the text's letters and digits in lower case, one space between words."""
    if text.isascii():
        return " ".join(text.translate(_FOLD_ASCII).split())
    return _FOLD.sub(" ", text.casefold()).strip()


def word_count(text: str) -> float:
    """Return the number of words; in scripts without spaces, of characters by `DENSE_CHARACTERS_PER_WORD`."""
    spaced = len(text.split())
    if text.isascii():
        return spaced
    dense = len(_ONE_UNSPACED.findall(text))
    return spaced + dense / DENSE_CHARACTERS_PER_WORD if dense else spaced


def _table(pattern: re.Pattern[str]) -> bytes:
    """Return what `bytes.translate` makes of a text in cp1252: words by a pattern in lower case, else white space."""
    signs = bytearray(b" " * 256)
    for byte in range(256):
        sign = bytes([byte]).decode("cp1252", "ignore")
        if pattern.fullmatch(sign):
            signs[byte] = sign.lower().encode("cp1252")[0]
    return bytes(signs)


_PLAIN_TABLE = _table(PLAIN)
_TABLE = _table(_WORD).translate(bytes.maketrans(b"0123456789", NUMBER.encode() * 10))
_DIGITS = re.compile(r" ?#[# ]*")


def masked_words(text: str) -> list[str]:
    """Return the words of a text in lower case; a run of digits with what separates them is `NUMBER`.

    Western texts fit the 256 signs of cp1252, which one table turns into words four times as fast as a pattern.
    """
    try:
        plain = text.encode("cp1252").translate(_TABLE).decode("cp1252")
    except UnicodeEncodeError:
        return _matched_words(text.lower())
    return (_DIGITS.sub(" # ", plain) if NUMBER in plain else plain).split()


def _matched_words(lower: str) -> list[str]:
    pattern = _WORD_ANY if _ONE_UNSPACED.search(lower) else _WORD
    return [NUMBER if word[0].isdecimal() else word for word in pattern.findall(lower)]


def plain_words(text: str) -> list[str]:
    """Return the words and numbers of a text in lower case, nothing masked."""
    try:
        return text.encode("cp1252").translate(_PLAIN_TABLE).decode("cp1252").split()
    except UnicodeEncodeError:
        return PLAIN.findall(text.lower())


def excerpt(text: str, start: int, end: int) -> str:
    """Return a text from one of its plain words to before another, as it is written."""
    spans = [match.span() for match in PLAIN.finditer(text)]
    if not start < end <= len(spans):
        return text
    return text[spans[start][0] : spans[end - 1][1]]


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return [word.lower().replace("’", "'") for word in _LETTERS.findall(text)]


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, told by their punctuation."""
    return [part for part in _SENTENCE_END.split(text) if part.strip()]
