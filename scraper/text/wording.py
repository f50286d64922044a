"""Recognise what a short text asks of its reader, in plain text and for flagging; it never drops a block of a page.

The words are general vocabulary of several languages, none of them taken from a site.
"""

from __future__ import annotations

import re
from typing import Final

from scraper.text.lexicon import OWN, READER
from scraper.text.words import words_of

_CONTACT: Final = frozenset(
    word
    for words in (
        "contact call phone telephone ring text book schedule visit email e-mail",
        "kontaktieren anrufen rufen vereinbaren buchen besuchen schreiben",
        "contactez appelez réservez prenez contactez-nous écrivez",
        "contacte contáctenos contáctanos llame llámenos reserve agende escríbanos",
        "contatta contattaci chiama prenota contattateci scriveteci",
        "contate ligue agende marque escreva",
        "bel contacteer neem mail",
    )
    for word in words.split()
)
_WHOLE_ASK: Final = frozenset(
    ("contactez-nous", "contáctenos", "contáctanos", "llámenos", "contattaci", "contattateci")
)
_ASKING: Final = _CONTACT | frozenset(
    word
    for words in (
        "reach speak talk ring message write touch",
        "sprechen melden anruf schreiben termin",
        "parlez écrivez appelez-nous joindre rendez-vous",
        "llama llámanos habla hable escriba escríbenos pida",
        "parla chiamaci scrivici prenoti",
        "fale ligue",
        "bellen",
    )
    for word in words.split()
)
_INVITING: Final = frozenset(
    word
    for words in (
        "appointment appointments consultation consultations today free questions question help team staff",
        "termin termine beratung heute fragen kostenlos kostenlose gern gerne",
        "rendez-vous consultation aujourd'hui gratuit gratuite équipe",
        "cita citas consulta hoy gratis gratuita preguntas equipo",
        "appuntamento oggi gratuita domande",
        "consulta hoje gratuita perguntas",
        "afspraak vandaag vragen",
    )
    for word in words.split()
)
_CONDITIONAL: Final = frozenset(
    ("if", "when", "unless", "wenn", "falls", "si", "cuando", "lorsque", "quand", "se", "als")
)
_SENTENCES: Final = re.compile(r"(?<=[.!?。！？])\s+")
_PHONE: Final = re.compile(r"(?<![\w.])(?:\+?\d{1,3}[ .-]?)?\(?\d{3,4}\)?[ ./-]?\d{3}[ .-]?\d{2,4}(?!\w)")
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}|\bhttps?://|\bwww\.\w", re.I)
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}")
_POLITE: Final = frozenset(("please", "bitte", "prière", "veuillez", "por", "favor", "prego"))
_ONE_PURPOSE: Final = 70
"""Words up to which a paragraph is taken to have one purpose."""


def is_contact(text: str) -> bool:
    """Return whether a text asks to get in touch: a contact verb before what is the writer's own, or an address."""
    words = words_of(text)
    if not 3 <= len(words) <= 120:
        return False
    at = [index for index, word in enumerate(words) if word in _CONTACT]
    if not at:
        return False
    if _PHONE.search(text) or _ADDRESS.search(text) or any(words[index] in _WHOLE_ASK for index in at):
        return True
    return any(word in OWN for index in at for word in words[index + 1 : index + 7])


def is_contact_heading(text: str) -> bool:
    """Return whether a heading over a call to action belongs to it: it begins with a contact verb, or it turns to the
    reader or to the writer's own side, as in "Ready to take the next step?" or "Questions? We are here.".
    """
    words = words_of(text)
    if not 0 < len(words) <= 9:
        return False
    begins = any(word in _ASKING for word in words[:2]) or (words[0] == "get" and "touch" in words)
    turns = any(word in READER or word in OWN or word in ("we", "wir", "nous", "nosotros") for word in words)
    return begins or "?" in text or (turns and any(word in _INVITING for word in words))


def asks_for_contact(text: str) -> int:
    """Return how strongly a paragraph asks its reader to get in touch: from 2 up that is what it is there for.

    A phone number or mail address beside a contact verb counts most; then the writer's own side named after the verb,
    a sentence that begins with the verb, and words of invitation. A condition ("if ..., call us") begins no sentence.
    """
    words = words_of(text)
    at = [index for index, word in enumerate(words) if word in _ASKING]
    if not at or not 3 <= len(words) <= 120:
        return 0
    opens = any(_begins_with_verb(sentence) for sentence in _SENTENCES.split(text))
    if not opens and READER.isdisjoint(words) and _POLITE.isdisjoint(words):
        return 0
    reach = 2 * bool(_PHONE.search(text) or _MAIL.search(text))
    invites = any(word in _INVITING for word in words)
    own = any(word in OWN for index in at for word in words[index + 1 : index + 7])
    own = own or any(words[index] in _WHOLE_ASK for index in at)
    own = own or (invites and any(word in OWN for word in words))
    if not reach and not own:
        return 0
    return reach + own + opens + invites - (len(words) > _ONE_PURPOSE and not reach)


def _begins_with_verb(sentence: str) -> bool:
    words = words_of(sentence)
    return any(word in _ASKING for word in words[:3]) and _CONDITIONAL.isdisjoint(words[:1])
