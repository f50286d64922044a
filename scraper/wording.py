"""Recognise what a short text asks of its reader, in plain text and for flagging; it never drops a block of a page.

The words are general vocabulary of several languages, none of them taken from a site.
"""

from __future__ import annotations

import re
from typing import Final

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
_OWN: Final = frozenset(
    word
    for words in (
        "our us",
        "unser unsere unserer unserem unseren uns",
        "notre nos nous",
        "nuestro nuestra nuestros nuestras",
        "nostro nostra nostri nostre",
        "nosso nossa nossos nossas conosco",
        "ons onze",
    )
    for word in words.split()
)
_DISCLAIMED: Final = frozenset(
    (
        "advice",
        "substitute",
        "replace",
        "liability",
        "liable",
        "guarantee",
        "guaranteed",
        "responsible",
        "responsibility",
        "endorse",
        "endorsement",
        "diagnosis",
        "haftung",
        "gewähr",
        "beratung",
        "ersetzt",
        "ersetzen",
        "conseil",
        "remplace",
        "responsabilité",
        "consejo",
        "sustituye",
        "responsabilidad",
        "consiglio",
        "sostituisce",
        "responsabilità",
    )
)
_NEGATED: Final = frozenset(
    (
        "not",
        "no",
        "never",
        "cannot",
        "nor",
        "isn't",
        "doesn't",
        "kein",
        "keine",
        "nicht",
        "pas",
        "ne",
        "aucune",
        "non",
        "não",
    )
)
_CHANNEL: Final = frozenset(
    word
    for words in (
        "subscribe subscribed subscriber subscribers subscription newsletter inbox email e-mail mailing updates signup "
        "sign-up",
        "newsletter abonnieren abonniert posteingang anmelden rundbrief",
        "abonnez-vous abonné infolettre courriel boîte",
        "suscríbete suscribirse boletín correo",
        "iscriviti iscritto posta",
        "inscreva-se assine boletim",
        "nieuwsbrief abonneer inschrijven",
    )
    for word in words.split()
)
_NETWORKS: Final = frozenset(
    (
        "facebook",
        "twitter",
        "x",
        "linkedin",
        "pinterest",
        "whatsapp",
        "telegram",
        "reddit",
        "tumblr",
        "instagram",
        "youtube",
        "tiktok",
        "bluesky",
        "mastodon",
        "threads",
        "email",
        "e-mail",
        "print",
        "rss",
        "pocket",
        "messenger",
        "xing",
        "vk",
        "weibo",
        "line",
        "share",
        "tweet",
        "pin",
    )
)
_LEGAL: Final = re.compile(r"©|\(c\) ?\d{4}|®|™", re.I)
_PHONE: Final = re.compile(r"(?<![\w.])(?:\+?\d{1,3}[ .-]?)?\(?\d{3,4}\)?[ ./-]?\d{3}[ .-]?\d{2,4}(?!\w)")
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}|\bhttps?://|\bwww\.\w", re.I)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


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
    return any(word in _OWN for index in at for word in words[index + 1 : index + 7])


def is_contact_heading(text: str) -> bool:
    """Return whether a heading begins with a contact verb or with a question word for help and ends in few words."""
    words = words_of(text)
    return 0 < len(words) <= 8 and any(word in _CONTACT for word in words[:2])


def is_legal(text: str) -> bool:
    """Return whether a text carries a sign of rights, or says what it is not: advice, a guarantee, a substitute."""
    if _LEGAL.search(text[:300]):
        return True
    words = words_of(text[:600])
    at = [index for index, word in enumerate(words) if word in _DISCLAIMED]
    return any(word in _NEGATED for index in at for word in words[max(0, index - 6) : index])


def names_a_channel(text: str) -> bool:
    """Return whether a text speaks of mail, letters or subscribing."""
    return any(word in _CHANNEL for word in words_of(text))


def names_a_network(text: str) -> bool:
    """Return whether a line of at most three words names a social network or a way to share."""
    words = words_of(text)
    return 0 < len(words) <= 3 and any(word in _NETWORKS for word in words)
