"""Know how the words of a language are written: what is glued to them, and in which other spellings they occur.

What makes two spellings one term stands in `prepared`, which runs before the stemmer; what only makes them find each
other in `loose`, `respelled` and `glued`, which are for queries.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ELIDED: Mapping[str, str] = {
    "fr": "l d j m n s t c qu jusqu lorsqu puisqu quoiqu",
    "it": "l un dell all nell sull dall coll quell quest c d s m t v n gl sant bell tutt anch com dov",
    "ca": "l d s n m t",
    "ga": "b d m",
    "pt": "d",
}
"""Language code to the short words that lose their last letter and are glued to the next word by an apostrophe."""

COMPOUNDING = frozenset(("de", "nl", "sv", "da", "no", "fi", "hu", "et", "ja"))
"""Languages that write several words as one; Japanese does so with loan words."""

LINKS: Mapping[str, tuple[str, ...]] = {
    "de": ("", "s", "n", "en", "es", "er", "e"),
    "nl": ("", "s", "en", "e", "er"),
    "sv": ("", "s", "e", "o"),
    "da": ("", "s", "e", "er"),
    "no": ("", "s", "e", "er"),
}
"""Language code to the letters that may stand between the parts of a compound."""


class _Rule(NamedTuple):
    """A pattern at the end of words, in letters with their accents, and what it becomes."""

    pattern: str
    becomes: str


# Forms of one word that Snowball leaves apart.
_PREPARED: Mapping[str, tuple[_Rule, ...]] = {
    "pt": (_Rule("(?:ões|oes|ãos)$", "ão"), _Rule("ãs$", "ã")),
    "de": (_Rule("(?<=..inn)en$", ""), _Rule("(?<=..in)n$", "")),
    "ar": (_Rule("[\u0640\u064b-\u065f\u0670]", ""), _Rule("[أإآٱ]", "ا"), _Rule("ى$", "ي")),
    "fa": (_Rule("[\u0640\u064b-\u065f\u0670]", ""), _Rule("ك", "ک"), _Rule("[يى]", "ی")),
    "he": (_Rule("[\u0591-\u05c7]", ""), _Rule("ם$", "מ"), _Rule("ן$", "נ"), _Rule("ץ$", "צ"), _Rule("ף$", "פ")),
    "ro": (_Rule("ş", "ș"), _Rule("ţ", "ț")),
    "ru": (_Rule("ё", "е"),),
}

# British spellings and what they are in America: medical ae and oe, -our, -ise, -yse, -re, doubled l, -ence. First
# come letters that a word must have for it: a pattern takes long to compile, and few words need one.
_AMERICAN: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("ae",), r"ae(?=[mdstcon])", "e"),
    (
        ("oe",),
        r"(?<=^)oe(?=[sd])|(?<=rrh)oe|(?<=pn)oe|(?<=^f)oe(?=t)|(?<=^c)oe(?=l)|(?<=am)oe|(?<=hom)oe|(?<=man)oe",
        "e",
    ),
    (("our",), r"(?<=[a-z]{2}[bdgilmnpvct])our(?=s|ed|ing|er|al|able|ful|ite|ist|less|$)", "or"),
    (("ise", "isi", "isa"), r"(?<=[a-z]{3})is(?=(?:e|es|ed|er|ers|ing|ation|ations|able)$)", "iz"),
    (("yse", "ysi"), r"ys(?=(?:e|es|ed|er|ers|ing)$)", "yz"),
    (
        ("tre", "bre", "gre"),
        r"^(cent|fib|lit|met|theat|calib|spect|lust|meag|goit|millimet|centimet|kilomet|millilit)re(?=s?$)",
        r"\1er",
    ),
    (
        ("lle", "lli", "llo"),
        r"(?<=[a-z](?:av|nc|ns|ab|od|ev|nn|rv|gn|ti|ed|qu|oc)[ea])ll(?=(?:ed|ing|er|ers|or|ors)$)",
        "l",
    ),
    (("fence", "licence", "retence"), r"(?<=(?:^def|^off|lic|ret))ence(?=s?$)", "ense"),
    (("practis",), r"^practis", "practic"),
    (("programme",), r"^programme(?=s?$)", "program"),
    (("fulfil",), r"^fulfil(?=s?$|ment)", "fulfill"),
    (("grey",), r"^(grey)", "gray"),
    (("gement",), r"(?<=^judg)ement|(?<=knowledg)ement", "ment"),
    (("ogue",), r"(?<=og)ue(?=s?$)", ""),
)

# Letters that a person types in place of others, both ways.
_TYPED_FOR: Mapping[str, tuple[tuple[str, str], ...]] = {
    "de": (("ä", "ae"), ("ö", "oe"), ("ü", "ue")),
    "sv": (("å", "aa"), ("ä", "ae"), ("ö", "oe")),
    "da": (("å", "aa"), ("ø", "oe")),
    "no": (("å", "aa"), ("ø", "oe")),
    "fi": (("ä", "ae"), ("ö", "oe")),
}
_MOST_RESPELLED = 8
# What is written in front of a Hebrew word as a part of it: and, the, in, to, from, that, as.
_HEBREW_PREFIXES = ("ה", "ו", "ב", "ל", "מ", "ש", "כ", "וה", "שה", "בה", "לה", "מה")
_SHORTEST_HEBREW = 3


@cache
def preparer(language: str) -> Callable[[str], str] | None:
    """Return what makes the spellings of a word one before it is stemmed; `None` where nothing does."""
    rules = [(re.compile(rule.pattern), rule.becomes) for rule in _PREPARED.get(language, ())]
    if not rules:
        return None

    def prepare(word: str) -> str:
        for pattern, becomes in rules:
            word = pattern.sub(becomes, word)
        return word

    return prepare


def loose(surface: str, language: str) -> str:
    """Return a folded word in the one spelling by which several find each other; for keys, never shown."""
    if language == "en" and len(surface) > 3:
        for letters, pattern, becomes in _AMERICAN:
            for some in letters:
                if some in surface:
                    surface = re.sub(pattern, becomes, surface)
                    break
    return surface


def respelled(word: str, language: str) -> Iterator[str]:
    """Yield other ways to type a word in small letters: with ae for ä, with ä for ae."""
    found = 0
    for one, other in _TYPED_FOR.get(language, ()):
        for written, meant in ((one, other), (other, one)):
            if written in word and found < _MOST_RESPELLED:
                found += 1
                yield word.replace(written, meant)


def glued(word: str, language: str) -> Iterator[str]:
    """Yield a word with what may be written in front of it as its part, and without."""
    if language != "he" or len(word) < _SHORTEST_HEBREW:
        return
    yield from (prefix + word for prefix in _HEBREW_PREFIXES)
    yield from (word[len(prefix) :] for prefix in _HEBREW_PREFIXES if word.startswith(prefix) and len(word) > 3)
