"""Recognise a call to action on a page with markup: a request to the reader, with the blog's owner as its object.

The words are general vocabulary of several languages, none of them taken from a site. Precision goes first: code,
quotations and sentences about calls, visits and contacts are none, nor is a request for somebody else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scraper.text.lexicon import word_set
from scraper.text.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.html import HtmlElement

_DIRECT: Final = word_set(
    "call phone telephone ring text ruf rufen rufe appelez téléphonez llame llámenos llámanos chiama chiamate chiamaci "
    "ligue bel"
)
"""Verbs that are used of functions and friends too: their object has to be the owner himself, or a number."""
_REACHING: Final = word_set(
    "contact visit email write send drop give reach talk speak get kontaktieren kontaktiere besuchen besuche "
    "schreiben schreib nehmen contactez écrivez visitez prenez contacte contacta contáctenos contáctanos escriba "
    "escríbanos visite contatta contattaci contattateci scriveteci scrivi visita contate fale contacteer neem mail "
    "subscribe join follow abonnieren abonnez suscríbete iscriviti assine"
)
_BOOKING: Final = word_set(
    "book schedule request reserve arrange vereinbaren buchen reservieren réservez reserve agende prenota prenotate "
    "marque plan boek"
)
_GIVING: Final = frozenset(("send", "drop", "give", "write"))
"""Verbs that have the owner himself behind them."""
_VERBS: Final = _DIRECT | _REACHING | _BOOKING
_WHOLE: Final = word_set(
    "contáctenos contáctanos llámenos llámanos escríbanos contattaci contattateci chiamaci scriveteci"
)
_OWN: Final = word_set("us uns nous nos notre ons onze noi nosotros conosco")
_OURS: Final = word_set(
    "our unser unsere unserer unserem unseren nuestro nuestra nuestros nuestras nostro nostra nostri nostre nosso "
    "nossa nossos nossas"
)
_BEFORE: Final = word_set(
    "please bitte veuillez prego por favor just simply today now then so and or to can may could always also und et y "
    "you sie vous free feel do don't not hesitate"
)
"""Words that may stand before the verb of a request."""
_SMALL: Final = word_set("to out with the at in touch sie kontakt mit zu bei à avec con a contact contacto contatto")
_NEAR: Final = 8
_LONGEST: Final = 1_000
_CLAUSES: Final = re.compile(r"[.!?。！？:;,–—()\n]+\s*|\s(?:and|or|und|oder|et|ou|y|o|e)\s")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_PHONE: Final = re.compile(r"(?<![\w.])(?:\+?\d{1,3}[ .-]?)?\(?\d{3,4}\)?[ ./-]?\d{3}[ .-]?\d{2,4}(?!\w)")
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}")
_SENTENCES: Final = re.compile(r"(?<=[.!?。！？])\s+|\n")
_CONTACT_LINK: Final = re.compile(
    r"^(?:tel|mailto|sms|whatsapp):|[/#-](?:contact|kontakt|contacto|contatto|contato|book|booking|appointment|schedule|"
    r"termin|rendez-vous|cita|prenota|request|get-in-touch|reach-us)",
    re.I,
)


def is_call(text: str, links: Iterable[str] = (), names: Sequence[str] = ()) -> bool:
    """Return whether a block asks its reader to contact, book, call, visit or subscribe to the blog's owner.

    `links` are the addresses in the block; `names` are what the page calls its site, folded.
    """
    if len(text) > _LONGEST:
        return False
    is_linked = any(_CONTACT_LINK.search(link) for link in links)
    return any(_asks(sentence, is_linked, names) for sentence in _SENTENCES.split(text))


def _asks(sentence: str, is_linked: bool, names: Sequence[str]) -> bool:
    """Return whether one of a sentence's clauses begins with the verb of a request that goes to the owner."""
    is_reachable = is_linked or bool(_MAIL.search(sentence) or _PHONE.search(sentence))
    clauses = [_words(clause) for clause in _CLAUSES.split(_MAIL.sub(" ", sentence))]
    for place, said in enumerate(clauses):
        start = next((at for at, word in enumerate(said) if word not in _BEFORE), len(said))
        if start == len(said) or said[start] not in _VERBS:
            continue
        verb = said[start]
        rest = [word for clause in (said[start + 1 :], *clauses[place + 1 :]) for word in clause]
        if is_reachable or verb in _WHOLE or _goes_to_owner(verb, rest):
            return True
        if names and any(name in " ".join(rest[:8]) for name in names):
            return True
    return False


def _goes_to_owner(verb: str, rest: Sequence[str]) -> bool:
    """Return whether the first word behind the verb that is no small one means the owner; of a booking any of a few."""
    if verb == "get":
        return rest[:2] == ["in", "touch"]
    if verb in _BOOKING:
        return not (_OWN.isdisjoint(rest[:_NEAR]) and _OURS.isdisjoint(rest[:_NEAR]))
    first = next((word for word in rest[:_NEAR] if word not in _SMALL), "")
    return first in _OWN or (first in _OURS and verb not in _DIRECT and verb not in _GIVING)


def _words(clause: str) -> list[str]:
    return [word.lower() for piece in clause.replace("-mail", "mail").split("-") for word in _WORD.findall(piece)]


def links_in(element: HtmlElement) -> list[str]:
    """Return the addresses of the links in a block's element."""
    return [link.get("href") or "" for link in element.iter("a")]


def site_names(tree: HtmlElement) -> tuple[str, ...]:
    """Return what the page calls its site, folded; names of one short word are left out."""
    head = tree.find("head")
    found = [] if head is None else [m.get("content") for m in head.iter("meta") if m.get("property") == "og:site_name"]
    return tuple(name for text in found if text and len(name := fold(text[:80])) > 4)
