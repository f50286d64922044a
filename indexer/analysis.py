"""Turn text into terms: one definition of words, stop words and stems for engines, snippets, topics and audit.

Every word keeps its position, stop words too, so that a phrase matches only where its words stand together; which words
carry no meaning is decided when a query is read.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, cached_property
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

import Stemmer

from indexer.stopwords import REQUEST_WORDS, STOP_WORDS
from scraper.text.inflection import rooter
from scraper.text.tags import primary
from scraper.text.unspaced import HAN, HANGUL, KATAKANA, SIGNS, asked, pieces
from scraper.text.wordforms import COMPOUNDING, ELIDED, glued, loose, preparer, respelled

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

DEFAULT_LANGUAGE = "en"
"""How a post is read of which nothing tells the language."""

ANALYSIS_VERSION = f"6/{Stemmer.version()}"
"""Changes where the same text would give other terms: an index made by another version must be made again."""

_SNOWBALL = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
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
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}

_UNSPACED = f"{HAN}{HANGUL}{KATAKANA}{SIGNS}"
# What may stand inside a word though Python's `\w` leaves it out: combining marks, soft hyphens, joiners.
_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"
_MARKS = (
    f"\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0900-\u0963\u0970-\u0dff{_INVISIBLE}"
)
_LETTERS = rf"(?:(?![{_UNSPACED}])[^\W\d_][{_MARKS}]*)+"
# A number with marks inside is one word, but for a telephone number: with full stops it has the words that it has with
# hyphens.
_NUMBER = (
    r"[0-9]{3}(?=\.[0-9]{3}\.[0-9]{4}(?![0-9]))|(?<=[0-9]{3}\.)[0-9]{3}(?=\.[0-9]{4}(?![0-9]))"
    r"|[0-9]{1,3}(?:'[0-9]{3})+(?![0-9])|[0-9]+(?:[.,][0-9]+)*"
)
# Names of a letter and signs, or of a full stop and capitals: C++, C#, .NET.
_SIGNED = r"[A-Za-z](?:\+\+|#)(?![A-Za-z0-9_+#])"
_RUN = f"[{HAN}]+|[{HANGUL}]+|[{KATAKANA}\u3099\u309a]+|[{SIGNS}][\u3099\u309a]?"
_PICTURE = "[\u2600-\u27bf\U0001f000-\U0001faff]"
# Letters with apostrophes inside, or a number; `50mg` and `50 mg` are the same two words, so are `B12` and `B-12`.
_WORD = rf"{_SIGNED}|{_RUN}|{_LETTERS}(?:'{_LETTERS})*|{_NUMBER}|\d+(?:[.,]\d+)*|{_PICTURE}"
_ASCII_WORD = rf"{_SIGNED}|[A-Za-z]+(?:'[A-Za-z]+)*|{_NUMBER}"
_ASCII = re.compile(_ASCII_WORD)
_CUT = f"[{HAN}{HANGUL}]"
_JOINING = "'.,"
_THOUSANDS = (
    (r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", ","),
    (r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?", "."),
    (r"\d{1,3}(?:'\d{3})+", "'"),
)
_REMOVE_INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
# The signs that keep most English text from being ASCII, each by one sign, so that offsets hold; raised and lowered
# figures are figures, and what people type for an apostrophe is one.
_TYPOGRAPHY = (
    *((sign, "'") for sign in "’‘ʼ´`′＇"),
    *((sign, " ") for sign in "“”–—…\xa0•"),
    *((sign, str(number)) for signs in ("₀₁₂₃₄₅₆₇₈₉", "⁰¹²³⁴⁵⁶⁷⁸⁹") for number, sign in enumerate(signs)),
)
_NO_BREAKS = "\xa0\u202f\u2009"
_NO_BREAK_IN_NUMBER = rf"(?<=\d)[{_NO_BREAKS}](?=\d{{3}}(?!\d))"
# Letters that have no mark to lose, and what is typed for them.
_PLAIN_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n", "ĸ": "k"}
)
# Marks that fold away; those of Kana, Thai and the scripts of India make other words.
_FOLDED_MARKS = "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0640]+"


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
    decomposed = re.sub(_FOLDED_MARKS, "", unicodedata.normalize("NFKD", text.casefold()))
    return unicodedata.normalize("NFC", decomposed).casefold().translate(_PLAIN_LETTERS)


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


def _number(word: str) -> str:
    """Return a number with a full stop before its fraction and nothing between thousands."""
    for pattern, mark in _THOUSANDS:
        if mark in word and re.fullmatch(pattern, word):
            return fold(word.replace(mark, "").replace(",", "."))
    return fold(word.replace(",", "."))


class _Memory(dict[str, str]):
    """Remember the result of a function of one word."""

    def __init__(self, compute: Callable[[str], str]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, word: str) -> str:
        self[word] = result = self._compute(word)
        return result


class _Pairs(dict[str, tuple[str, str]]):
    """Remember the surface and the term of words as they are written."""

    def __init__(self, compute: Callable[[str], tuple[str, str]]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, word: str) -> tuple[str, str]:
        self[word] = result = self._compute(word)
        return result


class _Keys(dict[tuple[str, str], tuple[str, ...]]):
    """Remember the keys of words with their terms."""

    def __init__(self, compute: Callable[[str, str], Iterable[str]]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, word: tuple[str, str]) -> tuple[str, ...]:
        self[word] = result = tuple(self._compute(*word))
        return result


def _plain(text: str) -> str:
    """Return the text with typographic signs made plain, as long as before."""
    if text.isascii():
        return text.replace("`", "'")
    if any(sign in text for sign in _NO_BREAKS):
        text = re.sub(_NO_BREAK_IN_NUMBER, "'", text)
    for sign, plain in _TYPOGRAPHY:
        text = text.replace(sign, plain)
    return text


def _is_nearly_ascii(text: str) -> bool:
    """Tell whether the signs beyond ASCII are none of a word."""
    return not any(sign.isalnum() or unicodedata.combining(sign) for sign in set(text) if sign > "\x7f")


def _begins_word(text: str, at: int) -> bool:
    """Tell whether a word begins here, in a plain ASCII text, behind a sign that may stand inside words."""
    start = at
    while start and (text[start - 1].isalnum() or text[start - 1] in _JOINING):
        start -= 1
    for match in _ASCII.finditer(text, start):
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


LOOSE, ROOT, BACKWARDS = "~", "^", "<"
"""With what the keys of a vocabulary begin that are no words; see `Analyzer.keys`."""
SHORTEST_COMPOUND = 7
"""Letters from which on a term may be a compound; chosen: two parts of three letters and a link."""
# Letters glued by hyphens, or by full stops as in Ph.D. and Node.js.
_GLUE = r"[-\u2010\u2011.]"
_GLUED = rf"[^\W\d_]++(?:{_GLUE}[^\W\d_]++){{1,4}}+(?![\w@/])"
_CAPITALS = r"[A-Z]{2,4}(?!\w)"
_ABBREVIATION = rf"{_CAPITALS}|(?:[A-Za-z]\.){{2,4}}|(?:[A-Za-z]\.){{1,3}}[A-Za-z]"
_LONGEST_JOINED = 40
_SHORT_PART = 3


def _joins(parts: Sequence[str], written: str) -> bool:
    """Tell whether parts that are glued together may be one word: no address, no sentence without a space."""
    if len(written) > _LONGEST_JOINED:
        return False
    return "." not in written or all(len(part) <= _SHORT_PART for part in parts[1:])


# What kind of letter each sign is, one byte a sign: a search in bytes is many times as fast as a pattern with classes.
_LETTER_SHAPES = bytes(97 if chr(sign).isalpha() else 45 if chr(sign) in "-." else 32 for sign in range(256))
_LETTER_SHAPES_BEYOND = _LETTER_SHAPES[:63] + b"a" + _LETTER_SHAPES[64:]  # a question mark stands for any other letter
_CAPITAL_SHAPES = bytes(65 if 65 <= sign <= 90 else 32 for sign in range(256))


def glue_places(text: str) -> Iterator[int]:
    """Yield where hyphens and full stops stand between letters."""
    is_ascii = text.isascii()
    plain = text if is_ascii else text.replace("\u2010", "-").replace("\u2011", "-")
    shape = plain.encode("ascii", "replace").translate(_LETTER_SHAPES if is_ascii else _LETTER_SHAPES_BEYOND)
    at = shape.find(b"a-a")
    while at >= 0:
        if is_ascii or (text[at].isalpha() and text[at + 2].isalpha()):
            yield at + 1
        at = shape.find(b"a-a", at + 1)


def capital_runs(text: str) -> Iterator[re.Match[str]]:
    """Yield the runs of two to four capital letters at the end of words."""
    shape = text.encode("ascii", "replace").translate(_CAPITAL_SHAPES)
    at = shape.find(b"AA")
    if at < 0:
        return
    run = re.compile(_CAPITALS)
    while at >= 0:
        match = run.match(text, at)
        if match is not None:
            yield match
        at = shape.find(b"AA", match.end() if match is not None else at + 1)


def _glued_runs(text: str) -> Iterator[re.Match[str]]:
    """Yield the runs of letters with hyphens or full stops between them; looked for by these, which are few."""
    glued, end = re.compile(_GLUED), 0
    for sign in glue_places(text):
        at = sign
        if at < end:
            continue
        while at and text[at - 1].isalpha():
            at -= 1
        before = text[max(0, at - 1) : at]
        if not (before.isalnum() or before == "_") and (match := glued.match(text, at)) is not None:
            end = match.end()
            yield match


def _is_loud(text: str, start: int, end: int) -> bool:
    """Tell whether the words around are in capitals too."""
    around = text[max(0, start - 20) : start] + text[end : end + 20]
    return not any(sign.islower() for sign in around)


class Analyzer:
    """Analyse text of one language; remembers every word it has seen."""

    def __init__(self, language: str) -> None:
        self.language = language
        algorithm = _SNOWBALL.get(language)
        self._stemmer = Stemmer.Stemmer(algorithm, 0) if algorithm else None
        self._prepare = preparer(language)
        self._elided = frozenset(ELIDED.get(language, "").split())
        self.stop_words = STOP_WORDS.get(language, frozenset()) | self._elided
        self.request_words = REQUEST_WORDS.get(language, frozenset())
        self._terms = _Memory(self._stem)
        self._pairs = _Pairs(self._read)
        self._keys = _Keys(self._keys_of)
        self._root = rooter(language)

    def _pattern(self, text: str) -> re.Pattern[str]:
        """Return the pattern of the words in a plain text; the one for all scripts takes long to compile."""
        if not self._elided:
            return _ASCII if text.isascii() else re.compile(_WORD)
        glued_on = rf"(?i:{'|'.join(sorted(self._elided))})(?='{_LETTERS})"
        return re.compile(f"{glued_on}|{_ASCII_WORD if text.isascii() else _WORD}")

    def _read(self, word: str) -> tuple[str, str]:
        """Return surface and term of a word as it is written in a plain text."""
        if word[0].isdigit():
            surface = _number(word)
            return surface, surface
        lower = self._lower(word)
        if "'" in lower:
            lower = lower.removesuffix("'s").replace("'", "")
        surface = fold(lower) or word
        return surface, self._terms[lower] or surface

    def _lower(self, word: str) -> str:
        if self.language in ("tr", "az"):
            word = word.replace("İ", "i").replace("I", "ı")
        if word.isascii():
            return word.lower()
        return unicodedata.normalize("NFKC", word.translate(_REMOVE_INVISIBLE).lower())

    def _stem(self, lower: str) -> str:
        """Return the term of a word in small letters, with its accents: they are folded when its ending is off."""
        if self._prepare is not None:
            lower = self._prepare(lower)
        if self._stemmer is None or lower[:1].isdigit():
            return fold(lower)
        stem = str(self._stemmer.stemWord(lower)) or lower
        return fold(stem if self._prepare is None else self._prepare(stem)) or fold(lower)

    def term(self, surface: str) -> str:
        """Return the term of a folded word."""
        return self._terms[surface]

    def _written(self, text: str) -> list[str]:
        """Return the words of a plain text as they are written, runs without spaces cut into pieces."""
        found: list[str] = self._pattern(text).findall(text)
        if text.isascii() or not re.search(_CUT, text):
            return found
        cut: list[str] = []
        for word in found:
            if re.match(_CUT, word):
                cut.extend(word[start:end] for start, end in pieces(word, self.language))
            else:
                cut.append(word)
        return cut

    def pairs(self, text: str) -> list[tuple[str, str]]:
        """Return the words of the text in order, each folded, and its term."""
        return list(map(self._pairs.__getitem__, self._written(_plain(text))))

    def surfaces(self, text: str) -> list[str]:
        """Return the folded words of the text in order."""
        return [surface for surface, _ in self.pairs(text)]

    def terms(self, text: str) -> list[str]:
        """Return the terms of the text; the index of each is the position of its word."""
        return [term for _, term in self.pairs(text)]

    def words(self, text: str) -> Iterator[Word]:
        """Return the words with where they stand in the text as given."""
        yield from self._words(_plain(text), pieces)

    def asked(self, text: str, *, exactly: bool = False) -> list[Word]:
        """Return the words that a text must have in a row to have what was typed; what is elided and glued to them only
        `exactly`.
        """
        found = list(self._words(_plain(text), asked))
        return found if exactly else [word for word in found if word.surface not in self._elided] or found

    def _words(self, text: str, cut: Callable[[str, str], list[tuple[int, int]]]) -> Iterator[Word]:
        has_runs = not text.isascii() and re.search(_CUT, text) is not None
        for match in self._pattern(text).finditer(text):
            written, begin = match.group(), match.start()
            if has_runs and re.match(_CUT, written):
                for start, end in cut(written, self.language):
                    surface, term = self._pairs[written[start:end]]
                    yield Word(term, surface, begin + start, begin + end)
            else:
                surface, term = self._pairs[written]
                yield Word(term, surface, begin, match.end())

    def joined(self, text: str) -> list[Word]:
        """Return what is written with hyphens or as an abbreviation with full stops, each as one word."""
        found = []
        for match in _glued_runs(text):
            parts = re.split(_GLUE, match.group().rstrip("."))
            if _joins(parts, match.group()):
                surface, term = self._pairs["".join(parts)]
                if surface in self.stop_words:
                    surface = term = ".".join(surface)
                found.append(Word(term, surface, match.start(), match.end()))
        return found + self._capitals(text)

    def _capitals(self, text: str) -> list[Word]:
        """Return the abbreviations that would be stop words in small letters: US, IT, WHO."""
        found = []
        for match in capital_runs(text):
            begins = not text[max(0, match.start() - 1) : match.start()].isalnum()
            name = self.abbreviation(match.group()) if begins else None
            if name and not _is_loud(text, match.start(), match.end()):
                found.append(Word(name, name, match.start(), match.end()))
        return found

    def abbreviation(self, word: str) -> str | None:
        """Return the term of an abbreviation that would be a stop word in small letters; `None` for any other word."""
        letters = word.replace(".", "").lower()
        if letters not in self.stop_words:
            return None
        return ".".join(letters) if re.fullmatch(_ABBREVIATION, word) else None

    def keys(self, words: Mapping[str, str]) -> dict[str, str]:
        """Return under which other names a vocabulary holds words: loose forms, roots, and their terms from behind.

        All are given from folded words and keys to terms.
        """
        found = list(map(self._keys.__getitem__, words.items()))
        # Hardly any word has keys: the interpreter itself passes over those without.
        with_keys = compress(zip(found, words.values(), strict=True), found)
        return {key: term for keys, term in with_keys for key in keys}

    def _keys_of(self, surface: str, term: str) -> Iterator[str]:
        if surface[0].isdigit():
            return
        if (key := self.loose_term(surface)) != term:
            yield f"{LOOSE}{key}{LOOSE}{term}"
        if root := self.root(surface):
            yield f"{ROOT}{root}{ROOT}{term}"
        if self.language in COMPOUNDING and len(term) >= SHORTEST_COMPOUND and self._may_be_compound(term):
            yield f"{BACKWARDS}{term[::-1]}"

    def _may_be_compound(self, term: str) -> bool:
        return self.language != "ja" or re.match(f"[{KATAKANA}]", term) is not None

    def loose_term(self, surface: str) -> str:
        """Return by what a folded word is found that may be spelt in several ways or be typed without accents."""
        return self._terms[loose(surface, self.language)]

    def root(self, surface: str) -> str | None:
        """Return what all forms of a folded word have in common; `None` where that is its term, as in English."""
        return None if self._root is None else self._root(surface, self._terms[surface])

    def respelled(self, text: str) -> list[str]:
        """Return the terms of a word in other spellings of the language."""
        lower = self._lower(_plain(text))
        others = [*respelled(lower, self.language), *glued(lower, self.language)]
        return [self._stem(other) for other in others]

    def matches(self, text: str, terms: Container[str], starts: Iterable[str]) -> list[tuple[int, int, str]]:
        """Return start, end and term of the words that have one of the terms, and of what is joined to such a one; all
        words of a term begin with one of the folded `starts`.
        """
        found = self._words_with(text, terms, starts)
        joined = [(word.start, word.end, word.term) for word in self.joined(text) if word.term in terms]
        if not joined:
            return found
        inside = {at for start, end, _ in joined for at in range(start, end)}
        return sorted([*joined, *(match for match in found if match[0] not in inside)])

    def _words_with(self, text: str, terms: Container[str], starts: Iterable[str]) -> list[tuple[int, int, str]]:
        plain = _plain(text)
        if self._elided or not (plain.isascii() or _is_nearly_ascii(plain)):
            if "\n" in plain:
                return self._matches_by_line(plain, terms, starts)
            return [(word.start, word.end, word.term) for word in self.words(plain) if word.term in terms]
        lower = plain.lower()
        places = {at for start in starts for at in _places_of(start, lower)}
        found = []
        for at in sorted(places):
            match = _ASCII.match(plain, at)
            if match is not None and (term := self._pairs[match.group()][1]) in terms:
                found.append((at, match.end(), term))
        return found

    def _matches_by_line(self, text: str, terms: Container[str], starts: Iterable[str]) -> list[tuple[int, int, str]]:
        """Spare the lines in plain English what one line with other letters costs."""
        found = []
        begin = 0
        for line in text.split("\n"):
            found += [(begin + at, begin + end, term) for at, end, term in self._words_with(line, terms, starts)]
            begin += len(line) + 1
        return found

    def is_filler(self, surface: str) -> bool:
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
