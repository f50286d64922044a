"""Tell the language of a post: what its text sounds like, what its page states, and what its site is written in.

Texts are heard by CLD3 (Zhang, Riesa, Gillick, Bakalov, Baldridge, Weiss: A Fast, Compact, Accurate Model for Language
Identification of Codemixed Text, EMNLP 2018; package cld3-py). Benchmarks on 26 languages are in
`benchmarks/language.py`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.text.tags import primary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scraper.model import ArticleBlock

_MOST_BYTES = 800  # a longer text is heard no better
_FEWEST_LETTERS = 4
"""Letters from which on a text is heard at all; chosen: fewer are a name or a mark."""
_ADDRESS = re.compile(r"\S+://\S+|\S+@\S+|www\.\S+")
# Share of mistakes among what is heard with at least this probability in at least so many letters: 21,000 sentences of
# 26 Universal Dependencies treebanks.
_MISTAKES: tuple[tuple[int, tuple[tuple[float, float], ...]], ...] = (
    (200, ((0.99, 0.0002), (0.97, 0.02), (0.9, 0.1), (0.7, 0.4), (0.0, 0.7))),
    (100, ((0.99, 0.0002), (0.97, 0.02), (0.9, 0.05), (0.7, 0.3), (0.0, 0.6))),
    (60, ((0.99, 0.0005), (0.97, 0.02), (0.9, 0.06), (0.7, 0.26), (0.0, 0.5))),
    (30, ((0.99, 0.006), (0.97, 0.07), (0.9, 0.13), (0.7, 0.3), (0.0, 0.5))),
    (15, ((0.99, 0.016), (0.97, 0.21), (0.9, 0.33), (0.7, 0.5), (0.0, 0.6))),
    (0, ((0.99, 0.19), (0.0, 0.6))),
)
# The languages that are taken for a rarer sister, nearly all mistakes above 60 letters; none of them above 0.9.
_SISTERS: Mapping[str, str] = {"ms": "id", "af": "nl", "gl": "pt"}
_SURE_OF_A_SISTER, _SISTER_MISTAKES = 0.9, 0.2
# What a statement counts beside a text that is heard without doubt: of its own page, of another page of the site.
# Themes state English on other blogs too, and all pages of a site state alike.
_OWN_STATEMENT, _OTHER_STATEMENT = 0.5, 0.03
# The share of posts that any site may have in a language that none of its other posts is in, and of pages that state
# another language than theirs.
_FOREIGN, _MISSTATED = 0.001, 0.03
# What is heard wrongly so often counts half for its site: of 3,204 English posts of a line or two 100 sound French.
_DOUBTFUL = 0.01
# Into how many languages a mistake may go: most go into a sister.
_ASTRAY = 3.0
# Scripts that tell a language by themselves, or that a language written in Latin letters is not the one.
_SCRIPTS: tuple[tuple[re.Pattern[str], str | None], ...] = (
    (re.compile("[\u3041-\u30ff]"), "ja"),
    (re.compile("[\uac00-\ud7a3\u1100-\u11ff]"), "ko"),
    (re.compile("[\u3400-\u9fff]"), "zh"),
    (re.compile("[\u0370-\u03ff]"), "el"),
    (re.compile("[\u0e00-\u0e7f]"), "th"),
    (re.compile("[\u0400-\u1dbf]"), None),
)
_MUCH = 0.3  # of the letters: Chinese with English names in it, Japanese with few kana
_LATIN_SCRIPT = (
    "en es fr de it pt nl ca gl ro sv da no fi hu pl cs sk hr bs sl lt lv et tr id ms tl vi sq eu ga cy is mt sw af"
)


class Heard(NamedTuple):
    """What the text of a post sounds like: a language code, the probability that the model gives it, how many letters
    were heard, and whether they are of another script than Latin.
    """

    language: str
    probability: float
    letters: int
    foreign_script: bool = False

    def __str__(self) -> str:
        return f"{self.language} {self.probability:.4f} {self.letters} {int(self.foreign_script)}"

    @classmethod
    def from_text(cls, text: str) -> Heard:
        """Read what `str` wrote."""
        code, probability, letters, foreign = text.split()
        return cls(code, float(probability), int(letters), foreign == "1")

    @property
    def mistakes(self) -> float:
        """Return how often what is heard like this is wrong, 0-1."""
        steps = next(steps for letters, steps in _MISTAKES if self.letters >= letters)
        return next(share for least, share in steps if self.probability >= least)


class LanguageEvidence(NamedTuple):
    """What speaks for the language of one post: the tag that its page states, and what was heard."""

    stated: str | None = None
    heard: Heard | None = None


@cache
def _identifier() -> Any:  # noqa: ANN401
    import gcld3

    return gcld3.NNetLanguageIdentifier(0, _MOST_BYTES)


def hear(text: str) -> Heard | None:
    """Return what a text sounds like; `None` for one that says nothing of its language."""
    words = _ADDRESS.sub(" ", text[: 2 * _MOST_BYTES])
    words = " ".join(words.encode("utf-8", "replace")[:_MOST_BYTES].decode("utf-8", "ignore").split())
    letters = sum(map(str.isalpha, words))
    if letters < _FEWEST_LETTERS:
        return None
    by_script, is_foreign = _by_script(words, letters)
    found = _identifier().FindLanguage(words)
    code = primary(found.language)
    if by_script is not None and code != by_script and not (by_script == "zh" and code == "ja"):
        return Heard(by_script, 1.0, letters, is_foreign)
    if code is None or "-" in found.language:
        # Latin letters that sound like a language of another script are names and the like.
        return None
    return Heard(code, round(found.probability, 4), letters, is_foreign)


def _by_script(words: str, letters: int) -> tuple[str | None, bool]:
    """Return the language that the script of a text tells, and whether the text is in another script than Latin."""
    if words.isascii():
        return None, False
    for pattern, code in _SCRIPTS:
        if len(pattern.findall(words)) >= _MUCH * letters:
            return code, True
    return None, False


def hear_blocks(blocks: Sequence[ArticleBlock]) -> Heard | None:
    """Return what a post sounds like: its own text first, then what else is kept of it."""
    kept = [block for block in blocks if block.kept]
    texts: list[str] = []
    length = 0
    for block in sorted(kept, key=lambda block: (block.heading > 0, block.role != "content")):
        texts.append(block.text)
        length += len(block.text)
        if length >= 2 * _MOST_BYTES:
            break
    return hear("\n".join(texts))


def settle(posts: Sequence[LanguageEvidence]) -> list[str | None]:
    """Return the language of each post of a site; `None` where nothing speaks for any.

    A post takes its site's language unless its own text speaks clearly for another: the odds of the two are those of
    what was heard, times their shares among the other posts and what pages state. A tag is kept as it is stated where
    it names the language that is found.
    """
    votes: defaultdict[str, float] = defaultdict(float)
    for post in posts:
        for code, weight in _votes(post):
            votes[code] += weight
    return [_settled(post, votes) for post in posts]


def _votes(post: LanguageEvidence) -> Iterable[tuple[str, float]]:
    """Return what a post says of the language of its site."""
    if post.heard is not None:
        code, mistakes = _understood(post.heard, post.stated)
        yield code, 1 / (1 + mistakes / _DOUBTFUL)
    if (stated := primary(post.stated)) is not None:
        yield stated, _OTHER_STATEMENT


def _understood(heard: Heard, stated: str | None) -> tuple[str, float]:
    """Return the language heard and the share of mistakes; its commoner sister where it is faint and not stated."""
    faint = heard.probability < _SURE_OF_A_SISTER and primary(stated) != heard.language
    if faint and heard.language in _SISTERS:
        return _SISTERS[heard.language], min(heard.mistakes, _SISTER_MISTAKES)
    return heard.language, heard.mistakes


def _settled(post: LanguageEvidence, votes: Mapping[str, float]) -> str | None:
    prior = dict(votes)
    for code, weight in _votes(post):
        prior[code] -= weight
    stated = primary(post.stated)
    doubt = _FOREIGN * sum(prior.values())
    if stated is not None:
        prior[stated] = prior.get(stated, 0.0) + _OWN_STATEMENT
        doubt += _MISSTATED * _OWN_STATEMENT
    possible = [code for code in prior if prior[code] > 0 and not _contradicts(code, post.heard)]
    chosen = max(possible, key=lambda code: (prior[code], code), default=None)
    if post.heard is not None:
        code, mistakes = _understood(post.heard, post.stated)
        odds = _ASTRAY * (1 - mistakes) / mistakes
        if chosen is None or odds * (prior.get(code, 0.0) + doubt) > prior[chosen] + doubt:
            chosen = code
    return post.stated.strip() if post.stated and chosen == stated else chosen


def _contradicts(code: str, heard: Heard | None) -> bool:
    """Tell whether the text is in a script in which the language is not written."""
    return heard is not None and heard.foreign_script and code in _LATIN_SCRIPT.split()
