"""Hold the words that several readings of a text share, in many languages, and the form of such lists.

General vocabulary, none of it taken from a site.
"""

from __future__ import annotations

from typing import Final


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


def word_list(text: str) -> tuple[str, ...]:
    """Return the words of a text in their order."""
    return tuple(text.split())


OWN: Final = frozenset(
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
READER: Final = frozenset(
    word
    for words in (
        "you your you're you've you'll yours",
        "du dich dir dein deine deinen deinem sie ihr ihre ihren ihnen",
        "vous votre vos tu te toi ton ta tes",
        "tú te ti tu tus su sus usted ustedes",
        "tuo tua tuoi vostro",
        "você seu sua",
        "je jouw uw",
    )
    for word in words.split()
)
