"""Tell whether a paragraph asks its reader to get in touch with the blog's owner, or invites to, and by which sentence.

A linear classifier judges each sentence by its words, pairs of words, the kinds of words that follow one another,
and where it stands; a paragraph is what its strongest sentence is. `benchmarks/train_requests.py` makes the data
file beside this module, which says what it was trained on.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from scraper.text.contacts import emails, phones
from scraper.text.lexicon import word_set
from scraper.text.owner import Owner
from scraper.text.request_words import kinds_of
from scraper.text.words import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.text.contacts import Value

Kind = Literal["ask", "invitation", "none"]


NOBODY: Final = Owner()
"""Of whom nothing is known: any number and address may be the owner's."""
LONGEST: Final = 80
"""Words of the longest sentence that is judged; what has more is a list without full stops."""
_TITLES: Final = re.compile(r"\b(dr|mr|mrs|ms|dra|sr|sra|st|no|nr|tel|ca|bzw)\.\s", re.I)
_APOSTROPHES: Final = str.maketrans({"’": "'", "‘": "'", "\u00a0": " ", "\u2011": "-"})
_WORD: Final = re.compile(r"@?[^\W\d_]+(?:['-][^\W\d_]+)*|\d[\d.,:]*|[,:;?!(\"“”„«|>→–—]")
_GLUED: Final = re.compile(r"(?<=[^\W\d_][^\W\d_][.!?])(?=[A-ZÄÖÜÉÈÁÍÓÚ¿¡][a-zäöüéèáíóúñ])(?![\w.+-]*@)")
"""Where a sentence follows another without a space; in `Jane.Doe@` none does."""
_CLOSE: Final = re.compile(r"[.!?][A-ZÄÖÜÉÈÁÍÓÚ¿¡]")
"""What stands at such a place, which is found faster."""
_LINK: Final = re.compile(r"(?:https?://|www\.)\S+")
_LEAST_DIGITS: Final = 7
_DIGIT: Final = re.compile(r"\d")
_OPENERS: Final = word_set(
    ", : ; ( | > → – — and or then please just so simply but und oder dann bitte einfach et ou puis veuillez y o e u "
    "ed luego entonces poi quindi então en of dan gewoon"
)
"""After one of these a clause may begin."""
_POLITE: Final = re.compile(r"(?<=[\w,] )(Sie|Ihr|Ihre[nmrs]?|Ihnen)\b")
"""Who is spoken to in German; at a sentence's beginning it may be others."""
_NEAR: Final = 6
_CLOSING: Final = 4
_BUTTON: Final = 6
_FEW: Final = 2
_HEADING: Final = 9
"""Words within which two kinds of words count together, blocks from the end that are late, words of the longest button,
links above which there are many, all part of the trained model (other numbers need another training); and the words
of a heading that asks (chosen)."""
_QUOTES: Final = frozenset('"“„«')
_OWN: Final = ("@owner", "@line", "@ourline", "@theirline", "@mail", "@ourmail", "@theirmail", "@link")
_TELLING: Final = ("channel", "others", "subscribe", "then")
"""Kinds of words that tell of a paragraph whom its other sentences are about."""
_NAMED: Final = frozenset(("@owner", "@line", "@ourline", "@mail", "@ourmail"))
_OURS: Final = frozenset(("ours", "we"))
_WE: Final = ("mos", "iamo", "ons")
"""Endings of what "we" do in Spanish, Portuguese, Italian and French."""
_GIVEN: Final = frozenset(("offers", "help", "arrange", "arrange~", "meeting"))
_WANTED: Final = _GIVEN | {"contact", "contact~", "come", "place", "event"}
"""Kinds of words by which an invitation says what the reader may do or get, and with "we" alone, what we give."""
_CONTACT_LINK: Final = re.compile(
    r"^(?:tel|mailto|sms|whatsapp):|[/#-](?:contact|kontakt|contacto|contatto|contato|book|booking|appointment|schedule|"
    r"termin|rendez-vous|cita|prenota|request|get-in-touch|reach-us|demo|quote)",
    re.I,
)


def _table() -> bytes:
    """Return what `bytes.translate` makes of cp1252: letters in lower case, `#` for digits, `.` at a sentence's end."""
    signs = bytearray(b" " * 256)
    for byte in range(256):
        lower = bytes([byte]).decode("cp1252", "ignore").lower()
        told = lower if lower.isalpha() else _SHOWN.get(lower, " ")
        signs[byte : byte + 1] = told.encode("cp1252", "replace")[:1]
    return bytes(signs)


_SHOWN: Final = {
    "'": "'",
    "’": "'",
    "‘": "'",
    "-": "-",
    **dict.fromkeys("0123456789", "#"),
    **dict.fromkeys(".!?…\n", "."),
}
_GLANCE: Final = _table()


class Place(NamedTuple):
    """Where a paragraph stands: how many follow it in its post, whether it is a heading, and the addresses it links to.

    `after` is `None` where that is not known.
    """

    after: int | None = None
    heading: bool = False
    links: tuple[str, ...] = ()


ANYWHERE: Final = Place()


class Request(NamedTuple):
    """What a paragraph asks of its reader, and the sentence by which it does."""

    kind: Kind
    sentence: str = ""
    odds: float = 0.0
    """Log-odds of what it does."""


NOTHING: Final = Request("none")


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text as written.

    A line's end ends one, and so does a full stop before a capital; a title before a name does not.
    """
    kept = _TITLES.sub("\\1\u2024 ", text) if ". " in text else text
    if _CLOSE.search(kept):
        kept = _GLUED.sub("\n", kept)
    return [part.replace("\u2024", ".") for line in kept.split("\n") for part in sentences(line)]


def tokens_of(sentence: str, owner: Owner) -> list[str]:
    """Return the words and signs of a sentence as written.

    Who is named and whose number or address it is stand for themselves.
    """
    said = sentence
    if "@" in said:
        said = _masked(said, emails(said), owner)
    if "://" in said or "www." in said:
        said = _LINK.sub(" @link ", said)
    if _DIGIT.search(said):
        said = _masked(said, phones(said), owner)
    said = said.translate(_APOSTROPHES)
    if "Sie" in said or "Ih" in said:
        said = _POLITE.sub("@\\1", said)
    if owner.named is not None:
        lower = said.lower()
        if len(lower) != len(said):
            said = lower
        for found in reversed(list(owner.named.finditer(lower))):
            said = f"{said[: found.start()]} @owner {said[found.end() :]}"
    return _WORD.findall(said)


def words_of(sentence: str, owner: Owner) -> list[str]:
    """Return the words and signs of a sentence in lower case."""
    return [token.lower() for token in tokens_of(sentence, owner)]


def _masked(text: str, values: Sequence[Value], owner: Owner) -> str:
    """Return a text with whose each number or address is in its place, as far as the owner's are known."""
    for value in sorted(values, key=lambda value: -value.start):
        if value.kind == "phone":
            known, own = bool(owner.phones), owner.has_line(value.shown) or owner.is_near(value.shown)
            sign = "line"
        else:
            known, own, sign = bool(owner.domains), owner.has_mail(value.key), "mail"
        text = f"{text[: value.start]} @{('our' if own else 'their') if known else ''}{sign} {text[value.end :]}"
    return text


def alone(word: str) -> tuple[str, ...]:
    """Return what a word shows by itself: what it is, and the kinds that it is of."""
    return (word, *(f"={kind}" for kind in kinds_of(word)))


def together(tokens: Sequence[str]) -> list[str]:
    """Return what the words of a sentence show together: pairs, what opens a clause, kinds that follow one another."""
    found = []
    before, opens = "^", True
    words = [token.lower() for token in tokens]
    capitals = sum(token[0].isupper() for token in tokens)
    titled = 2 * capitals > len(tokens)
    kinds: list[tuple[int, str]] = []
    for at, word in enumerate(words):
        found.append(f"{before} {word}")
        if opens:
            found.append(f"^{word}")
            if at + 1 < len(words):
                found.append(f"^{word} {words[at + 1]}")
        own = kinds_of(word) or ((word,) if word[0] == "@" else ())
        for kind in own:
            if opens:
                found.append(f"^={kind}")
            found += [f"{other}>{kind}" for near, other in kinds if at - near <= _NEAR]
        kinds += [(at, f"^{kind}" if opens else kind) for kind in own]
        opens = word in _OPENERS
        before = word
    found.append(f"{before} $")
    if len(words) <= _BUTTON:
        found.append("/".join((kinds_of(word) or ("_" if word[0].isalpha() else word,))[0] for word in words) + "=")
        found.append("#button" if words[-1][0].isalpha() or words[-1][0] == "@" else "#short")
    if titled and capitals > 1:
        found.append("#title")
    return found


def around(told: Sequence[Sequence[str]], place: Place) -> list[str]:
    """Return what a paragraph, given by the words of its sentences, shows around each of them."""
    every = {word for words in told for word in words}
    found = [f"#words{sum(map(len, told)).bit_length()}", f"#sentences{min(len(told), _CLOSING)}"]
    if place.heading:
        found.append("#heading")
    if place.after is not None:
        found.append("#late" if place.after < _CLOSING else "#before")
    if any(_CONTACT_LINK.search(link) for link in place.links):
        found.append("#contact-link")
    elif place.links:
        found.append("#link")
    if len(place.links) > _FEW:
        found.append("#links")
    found += [f"#{sign}" for sign in _OWN if sign in every]
    kinds = {kind for word in every for kind in kinds_of(word)}
    found += [f"#{kind}" for kind in _TELLING if kind in kinds]
    return found


def beside(told: Sequence[Sequence[str]], at: int) -> list[str]:
    """Return what the place of a sentence among the others shows."""
    found = [f"#long{len(told[at]).bit_length()}"]
    if at and told[at - 1][-1:] == ["?"]:
        found.append("#answers")
    if at == len(told) - 1:
        found.append("#end")
    if at == 0:
        found.append("#begin")
    if not _QUOTES.isdisjoint(told[at]):
        found.append("#quoted")
    return found


def says_who_or_what(request: Request, owner: Owner) -> bool:
    """Tell whether a sentence that invites names whose it is, or speaks to the reader, and what there is to get."""
    words = words_of(request.sentence, owner)
    kinds = {kind for word in words for kind in kinds_of(word)}
    if not _NAMED.isdisjoint(words):
        return True
    spoken = "you" in kinds
    own = not _OURS.isdisjoint(kinds) or any(word.endswith(_WE) for word in words)
    return (spoken and not _WANTED.isdisjoint(kinds)) or (own and not _GIVEN.isdisjoint(kinds))


@lru_cache(maxsize=8_192)
def request_in(text: str, owner: Owner = NOBODY, place: Place = ANYWHERE) -> Request:
    """Return what a paragraph asks of its reader, by its strongest sentence."""
    if not _may_promise(text, owner):
        return NOTHING
    told = [(said, found) for said in sentences_of(text) if 0 < len(found := tokens_of(said, owner)) <= LONGEST]
    tokens = [found for _, found in told]
    words = [[token.lower() for token in found] for found in tokens]
    promising = [at for at, said in enumerate(words) if _promises(said)]
    if not promising:
        return NOTHING
    common = around(words, place)
    judged = [(_judge((*together(tokens[at]), *beside(words, at), *common), words[at]), at) for at in promising]
    asks, at = max((ask, at) for (ask, _), at in judged)
    if asks > 0:
        return Request("ask", told[at][0].strip(), asks)
    invites, at = max((invitation, at) for (_, invitation), at in judged)
    return Request("invitation", told[at][0].strip(), invites) if invites > 0 else NOTHING


def heads(text: str) -> bool:
    """Return whether a heading over a request belongs to it: a question, a verb of contact first, or a request."""
    words = words_of(text, NOBODY)
    if not 0 < len(words) <= _HEADING:
        return False
    told = words[-1] == "?" or "contact" in kinds_of(words[0])
    return told or request_in(text, place=Place(heading=True)).kind != "none"


class _Model(NamedTuple):
    """Hold the log-odds that each sign adds, to an ask and to an invitation, and where they begin."""

    base: tuple[float, float]
    weights: dict[str, tuple[float, float]]
    gate: dict[str, float]
    least: float


@lru_cache(maxsize=1)
def _model() -> _Model:
    plain = json.loads(files("scraper.text").joinpath("requests.json").read_text(encoding="utf-8"))
    scale = plain["scale"]
    weights = {
        sign: (ask / scale, invitation / scale)
        for sign, ask, invitation in zip(plain["signs"].split("\n"), plain["ask"], plain["invitation"], strict=True)
    }
    gate = {sign: value / scale for sign, value in zip(plain["signs"].split("\n"), plain["gate"], strict=True) if value}
    return _Model((plain["base"][0] / scale, plain["base"][1] / scale), weights, gate, plain["least"] / scale)


@lru_cache(maxsize=50_000)
def _alone(word: str) -> tuple[float, float, float]:
    """Return what a word by itself adds to both, and to whether its sentence is judged at all."""
    model = _model()
    signs = alone(word)
    found = [model.weights[sign] for sign in signs if sign in model.weights]
    gate = sum(model.gate.get(sign, 0.0) for sign in signs)
    return sum(one for one, _ in found), sum(other for _, other in found), gate


def _may_promise(text: str, owner: Owner) -> bool:
    """Tell at a glance whether one of a text's sentences may be judged: by its words, whatever stands between them.

    A text with an address, a long number or the owner's name is looked at closely, and so is one beyond cp1252.
    """
    if "@" in text:
        return True
    try:
        plain = text.encode("cp1252").translate(_GLANCE).decode("cp1252")
    except UnicodeEncodeError:
        return True
    if plain.count("#") >= _LEAST_DIGITS or owner.may_be_named(plain):
        return True
    least, gate = _model().least, _GATES.__getitem__
    return any(sum(map(gate, said.split())) >= least for said in plain.split(". "))


class _Gates(dict[str, float]):
    """Remember what a token adds to its sentence being judged."""

    def __missing__(self, token: str) -> float:
        if len(self) >= _MOST_GATES:
            self.clear()
        word = token.strip(".'-")
        value = _alone(word)[2] if word else 0.0
        if f"@{word}" in _model().gate:
            value = max(value, _alone(f"@{word}")[2])
        self[token] = value
        return value


_MOST_GATES: Final = 50_000
"""Tokens that are remembered; chosen: those of a large blog that recur."""
_GATES: Final = _Gates()


def _promises(words: Sequence[str]) -> bool:
    """Tell whether a sentence may ask or invite by its words alone; most sentences end here."""
    return sum([_alone(word)[2] for word in words]) >= _model().least


def _judge(signs: Sequence[str], words: Sequence[str]) -> tuple[float, float]:
    """Return the log-odds that a sentence asks, and that it invites or asks."""
    (ask, invitation), weights, _, _ = _model()
    for word in words:
        own = _alone(word)
        ask += own[0]
        invitation += own[1]
    for sign in signs:
        if sign in weights:
            one, other = weights[sign]
            ask += one
            invitation += other
    return ask, invitation
