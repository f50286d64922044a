"""Turn text into terms: one definition of words, stop words and stems for engines, snippets, topics and audit.

Every word keeps its position, stop words too, so that a phrase matches only where its words stand together; which words
carry no meaning is decided when a query is read.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

import Stemmer

from indexer.stopwords import REQUEST_WORDS, STOP_WORDS
from scraper.text.tags import primary

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

DEFAULT_LANGUAGE = "en"
"""How a post is read of which nothing tells the language."""

ANALYSIS_VERSION = f"4/{Stemmer.version()}"
"""Changes where the same text would give other terms: an index made by another version must be made again."""

_SNOWBALL = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}

# Scripts that are written without spaces: every sign is a word of its own, a typed word is a phrase of them.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# What may stand inside a word though Python's `\w` leaves it out: combining marks, soft hyphens, joiners.
_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"
_MARKS = (
    f"\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0900-\u0963\u0970-\u0dff{_INVISIBLE}"
)
_LETTERS = rf"(?:(?![{_UNSPACED}])[^\W\d_][{_MARKS}]*)+"
# A number with marks inside is one word, but for a telephone number: with full stops it has the words that it has with
# hyphens.
_NUMBER = (
    r"[0-9]{3}(?=\.[0-9]{3}\.[0-9]{4}(?![0-9]))|(?<=[0-9]{3}\.)[0-9]{3}(?=\.[0-9]{4}(?![0-9]))|[0-9]+(?:[.,][0-9]+)*"
)
# Names of a letter and signs: C++, C#.
_SIGNED = r"[A-Za-z](?:\+\+|#)(?![A-Za-z0-9_+#])"
# Letters with apostrophes inside, or a number; `50mg` and `50 mg` are the same two words, so are `B12` and `B-12`.
_WORD = rf"{_SIGNED}|[{_UNSPACED}]|{_LETTERS}(?:['’ʼ]{_LETTERS})*|{_NUMBER}|\d+(?:[.,]\d+)*"
_ASCII_WORD = re.compile(rf"{_SIGNED}|[A-Za-z]+(?:'[A-Za-z]+)*|{_NUMBER}")
_JOINING = "'.,"
_THOUSANDS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?"
_REMOVE_INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
# The signs that keep most English text from being ASCII, each by one sign, so that offsets hold.
_TYPOGRAPHY = (
    ("’", "'"),
    ("‘", " "),
    ("“", " "),
    ("”", " "),
    ("–", " "),
    ("—", " "),
    ("…", " "),
    ("\xa0", " "),
    ("•", " "),
)


class Word(NamedTuple):
    """A word where it stands: `term` is indexed, `surface` is the folded word, `start` and `end` its characters."""

    term: str
    surface: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return the text without case and accents, compatibility forms replaced: what looks the same compares equal."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).casefold()


def fold_label(text: str) -> str:
    """Return a name, category or tag as it is compared: folded, white space and hyphens as one space."""
    return " ".join(fold(text).replace("-", " ").split())


def language_code(tag: str | None) -> str:
    """Return the primary subtag of a BCP 47 tag in lower case; the default for none, whatever the tag is worth."""
    return primary(tag) or DEFAULT_LANGUAGE


def language_named(text: str) -> str:
    """Return the code of a language that a person names: by a tag, or in English."""
    name = text.strip().lower()
    return next((code for code, language in _SNOWBALL.items() if language == name), primary(name) or name)


def _normal(word: str) -> str:
    """Fold a word; drop the English possessive, other apostrophes, invisible signs and the commas of thousands."""
    if word[0].isdigit():
        return fold(word.replace(",", "") if re.fullmatch(_THOUSANDS, word) else word.replace(",", "."))
    if not word.isascii():
        word = word.translate(_REMOVE_INVISIBLE).replace("’", "'").replace("ʼ", "'")
    folded = fold(word)
    if "'" in folded:
        folded = folded.removesuffix("'s").replace("'", "")
    return folded or word


class _Memory(dict[str, str]):
    """Remember the result of a function of one word."""

    def __init__(self, compute: Callable[[str], str]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, word: str) -> str:
        self[word] = result = self._compute(word)
        return result


def _plain(text: str) -> str:
    """Return the text with typographic signs made plain, as long as before."""
    if not text.isascii():
        for sign, plain in _TYPOGRAPHY:
            text = text.replace(sign, plain)
    return text


def _pattern(text: str) -> re.Pattern[str]:
    """Return the pattern of the words in a plain text; the one for all scripts takes long to compile."""
    return _ASCII_WORD if text.isascii() else re.compile(_WORD)


def _is_nearly_ascii(text: str) -> bool:
    """Tell whether the signs beyond ASCII are none of a word."""
    return not any(sign.isalnum() or unicodedata.combining(sign) for sign in set(text) if sign > "\x7f")


def _begins_word(text: str, at: int) -> bool:
    """Tell whether a word begins here, in a plain ASCII text, behind a sign that may stand inside words."""
    start = at
    while start and (text[start - 1].isalnum() or text[start - 1] in _JOINING):
        start -= 1
    for match in _ASCII_WORD.finditer(text, start):
        if match.start() >= at:
            return match.start() == at
    return False


def _places_of(start: str, text: str) -> Iterator[int]:
    """Return where words of the text begin so."""
    same_kind = str.isdigit if start[:1].isdigit() else str.isalpha
    find, length = text.find, len(start)
    at = find(start)
    while at >= 0:
        before = text[at - 1] if at else " "
        if before == " " or not (same_kind(before) or (before in _JOINING and not _begins_word(text, at))):
            yield at
        at = find(start, at + length)


class Analyzer:
    """Analyse text of one language; remembers every word it has seen."""

    def __init__(self, language: str) -> None:
        self.language = language
        algorithm = _SNOWBALL.get(language)
        self._stemmer = Stemmer.Stemmer(algorithm, 0) if algorithm else None
        self.stop_words = STOP_WORDS.get(language, frozenset())
        self.request_words = REQUEST_WORDS.get(language, frozenset())
        self._surfaces = _Memory(_normal)
        self._terms = _Memory(self._stem)
        self._terms_of_words = _Memory(lambda word: self._terms[self._surfaces[word]])

    def _stem(self, surface: str) -> str:
        if self._stemmer is None or surface[0].isdigit():
            return surface
        return str(self._stemmer.stemWord(surface)) or surface

    def term(self, surface: str) -> str:
        """Return the term of a folded word."""
        return self._terms[surface]

    def terms_of(self, surfaces: Iterable[str]) -> list[str]:
        """Return the terms of folded words."""
        return list(map(self._terms.__getitem__, surfaces))

    def surfaces(self, text: str) -> list[str]:
        """Return the folded words of the text in order."""
        text = _plain(text)
        return list(map(self._surfaces.__getitem__, _pattern(text).findall(text)))

    def terms(self, text: str) -> list[str]:
        """Return the terms of the text; the index of each is the position of its word."""
        text = _plain(text)
        return list(map(self._terms_of_words.__getitem__, _pattern(text).findall(text)))

    def words(self, text: str) -> Iterator[Word]:
        """Return the words with where they stand in the text as given."""
        text = _plain(text)
        for match in _pattern(text).finditer(text):
            surface = self._surfaces[match.group()]
            yield Word(self._terms[surface], surface, match.start(), match.end())

    def matches(self, text: str, terms: Container[str], starts: Iterable[str]) -> list[tuple[int, int, str]]:
        """Return start, end and term of the words that have one of the terms; all words of a term begin with one of the
        folded `starts`.
        """
        plain = _plain(text)
        if not plain.isascii() and not _is_nearly_ascii(plain):
            if "\n" in plain:
                return self._matches_by_line(plain, terms, starts)
            return [(word.start, word.end, word.term) for word in self.words(plain) if word.term in terms]
        lower = plain.lower()
        places = {at for start in starts for at in _places_of(start, lower)}
        found = []
        for at in sorted(places):
            match = _ASCII_WORD.match(plain, at)
            if match is not None and (term := self._terms_of_words[match.group()]) in terms:
                found.append((at, match.end(), term))
        return found

    def _matches_by_line(self, text: str, terms: Container[str], starts: Iterable[str]) -> list[tuple[int, int, str]]:
        """Spare the lines in plain English what one line with other letters costs."""
        found = []
        begin = 0
        for line in text.split("\n"):
            found += [(begin + at, begin + end, term) for at, end, term in self.matches(line, terms, starts)]
            begin += len(line) + 1
        return found

    def is_idle(self, surface: str) -> bool:
        """Tell whether the folded word carries no meaning of its own, or is one in which people ask for an article."""
        return surface in self.stop_words or surface in self.request_words

    @cached_property
    def stop_terms(self) -> frozenset[str]:
        """Return the terms of the stop words."""
        return frozenset(map(self.term, self.stop_words))

    def is_stop_word(self, surface: str) -> bool:
        """Tell whether the folded word carries no meaning of its own."""
        return surface in self.stop_words


@cache
def analyzer(language: str | None = None) -> Analyzer:
    """Return the analyser for a BCP 47 tag; words of an unknown language are folded, not stemmed."""
    return Analyzer(language_code(language))


def languages_of(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return the languages in which a query is to be understood, most common first."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(code for code, _ in ranked[:4]) or (DEFAULT_LANGUAGE,)
