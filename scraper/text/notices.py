"""Recognise lines that are for something else than telling: menus, boxes, sharing, other posts, comments, rights.

The words are general vocabulary of several languages, none of them taken from a site; each is one sign among others.
"""

from __future__ import annotations

import re
from typing import Final

from scraper.text.lexicon import OWN, READER, word_list, word_set
from scraper.text.words import words_of

_CHANNEL_STEMS: Final = word_list(
    """
    subscri newsletter inbox mailbox email e-mail mailing signup sign-up abonn posteingang postfach rundbrief
    infolettre courriel suscri boletín boletin correo iscriv inscriv inscrev boletim nieuwsbrief inschrijv rss
    """
)
_SUBSCRIPTION_STEMS: Final = tuple(
    stem for stem in _CHANNEL_STEMS if stem not in ("email", "e-mail", "courriel", "correo")
)
_CHANNEL: Final = frozenset(("mail", "mails", "updates", "anmelden", "eintragen", "assine"))
_LABELS: Final = word_set(
    """
    name firstname first last surname email e-mail mail phone address vorname nachname adresse e-mail-adresse
    mailadresse telefon nom prénom courriel téléphone nombre apellido apellidos correo electrónico teléfono
    dirección nome cognome sobrenome endereço naam voornaam achternaam
    """
)
_BESIDE_LABELS: Final = READER | word_set(
    """
    required optional here enter full and or my pflichtfeld mit de et y e
    """
)
_BUTTONS: Final = word_set(
    """
    send submit subscribe join register signup senden absenden abschicken abonnieren anmelden eintragen
    registrieren envoyer valider s'inscrire s'abonner m'inscris m'abonne enviar suscribirme suscribirse suscríbete
    suscribir apuntarme regístrate invia iscriviti inscrever assinar verzenden inschrijven
    """
)
_BESIDE_BUTTONS: Final = word_set(
    """
    me up now us in it today please sign jetzt je maintenant ahora quiero
    """
)
_ANSWER_STEMS: Final = word_list(
    """
    thank success confirm received welcome added awesome hooray subscribed dank geschafft erfolgreich bestätig
    willkommen angemeldet eingetragen merci bravo enregistr inscrit bienvenue gracias listo hecho éxito exito
    recibid confirm suscrit bienvenid grazie fatto iscritt obrigad sucesso bedankt gelukt
    """
)
_OPENING: Final = re.compile(r"[^.!?。！？¡¿]{2,40}(?:!\s+\S|！\S)")
_SEPARATORS: Final = re.compile(r"\s+[|·•›»/]\s+|\s*[|›»\t]\s*|\s{3,}")
_INTERFACE: Final = word_set(
    """
    menu home search login log sign skip main navigation content close toggle shop cart register menü startseite
    suche suchen anmelden inhalt springen überspringen zum accueil rechercher recherche connexion aller au contenu
    principal fermer inicio buscar menú saltar al contenido ir acceder cerrar cerca vai contenuto início pular
    conteúdo zoeken naar inhoud to the in a
    """
)
_SURE_INTERFACE: Final = _INTERFACE - word_set(
    """
    to the in a al au zum ir sign log main naar content shop close
    """
)
_MAIL_ALONE: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.\w{2,})+")
_SHARING: Final = word_set("share teilen compartir comparte compartilhe partager partagez condividi delen")
_BESIDE_SHARING: Final = word_set(
    """
    this post article story on it diesen beitrag artikel cet ce esto este artículo articolo questo dit with
    """
)
_STEP_MARKS: Final = re.compile(r"\s+[>›»/→]\s+")
_STEPPING: Final = word_set(
    """
    previous prev next older newer back top vorheriger nächster zurück oben précédent suivant anterior siguiente
    precedente successivo próximo vorige volgende
    """
)
_STEPS: Final = word_set(
    "post posts article articles page to beitrag nach article entrada artículo articolo artigo bericht"
)
_AUTHORS: Final = word_set("author writer autor autorin auteur auteure autora autore")
_BESIDE_AUTHORS: Final = word_set(
    "about the meet our über den die unsere à propos de l'auteur l'auteure sobre el la o a"
)
_SKIPPING: Final = word_set("skip springen überspringen saltar aller vai pular naar")
_RELATED: Final = word_set(
    """
    related similar recommended recent popular read more keep reading also like next posts articles stories you
    might may ähnliche verwandte weitere beiträge artikel interessieren könnte auch mehr lesen weiterlesen
    similaires connexes associés articles aussi aimer lire plus recommandés relacionados relacionadas similares
    artículos entradas interesar también leer más correlati articoli simili relacionados artigos posts
    gerelateerde berichten das dir sie dies vous puede podría pourriez aimerez gustar gustarle enjoy
    """
)
_SURE_RELATED: Final = word_set(
    """
    related similar recommended ähnliche verwandte similaires connexes associés recommandés relacionados
    relacionadas similares correlati simili gerelateerde
    """
)
_COMMENTS: Final = word_list(
    """
    comment repl respon kommentar commentaire comentario coment antwort réponse respuesta
    """
)
_BESIDE_COMMENTS: Final = word_set(
    """
    leave a an your post add write no one cancel on be the first to thoughts join conversation loading schreibe
    hinterlasse einen schreiben keine laisser laissez un une aucun ajouter deja dejar un una escribe tu sin lascia
    un deixe plaats een
    """
)
_CONSENT: Final = word_set(
    """
    accept consent website site experience settings preferences browsing agree akzeptieren zustimmen einwilligung
    website webseite seite erfahrung einstellungen accepter site expérience paramètres navigation aceptar sitio
    web experiencia configuración navegando accetta sito esperienza aceitar
    use uses using verwendet verwenden nutzt nutzung utilise utilisons utiliza utilizamos
    """
)
_RIGHTS: Final = re.compile(
    r"©|\(c\) ?\d{4}|copyright \d{4}|all rights reserved|alle rechte vorbehalten|tous droits réservés|"
    r"todos los derechos reservados|tutti i diritti riservati|todos os direitos reservados|alle rechten voorbehouden",
    re.I,
)
_CODE: Final = re.compile(r"[{}=;<>_\\]|\w\(")
_NETWORKS: Final = word_set(
    """
    facebook twitter x linkedin pinterest whatsapp telegram reddit tumblr instagram youtube tiktok bluesky
    mastodon threads email e-mail print rss pocket messenger xing vk weibo line share tweet pin
    teilen drucken compartir imprimir partager imprimer condividi stampa compartilhar delen afdrukken
    """
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
_LEGAL: Final = re.compile(r"©|\(c\) ?\d{4}|®|™", re.I)


def names_a_channel(text: str) -> bool:
    """Return whether a text speaks of mail, letters or subscribing."""
    return any(word in _CHANNEL or word.startswith(_CHANNEL_STEMS) for word in words_of(text))


def subscribes(text: str) -> bool:
    """Return whether a text speaks of a subscription, and not only of mail."""
    return any(word.startswith(_SUBSCRIPTION_STEMS) for word in words_of(text))


def names_a_network(text: str) -> bool:
    """Return whether a line of at most three words names a social network or a way to share."""
    said = words_of(text)
    return 0 < len(said) <= 3 and any(word in _NETWORKS for word in said)


def confirms(text: str) -> int:
    """Return how much a short text reads as the answer to a filled-in form, 0-2."""
    said = words_of(text)
    if not 0 < len(said) <= 20:
        return 0
    opens = _OPENING.match(text.lstrip("¡¿ ")) is not None
    answers = any(word.startswith(_ANSWER_STEMS) for word in said)
    thanked = said[:2] == ["thank", "you"]
    reader = any(word in READER for word in said[2 * thanked :])
    if opens:
        return 2 if answers or reader else 1
    return answers + (answers and reader)


def is_input_label(text: str) -> bool:
    """Return whether a line is what stands beside a form's field: "First name", "Your e-mail address *"."""
    said = words_of(text)
    if _MAIL_ALONE.fullmatch(text):
        return True
    if not 0 < len(said) <= 6 or text.endswith((".", "!", "?")) or any(character.isdigit() for character in text):
        return False
    return any(word in _LABELS for word in said) and all(word in _LABELS or word in _BESIDE_LABELS for word in said)


def is_button(text: str) -> bool:
    """Return whether a line is what stands on a form's button."""
    said = words_of(text)
    if not 0 < len(said) <= 4 or text.endswith((".", "?")):
        return False
    return (said == ["sign", "up"] or any(word in _BUTTONS for word in said)) and all(
        word in _BUTTONS or word in _BESIDE_BUTTONS for word in said
    )


def is_step(text: str) -> bool:
    """Tell whether a text is a link to the next post or page, or to the one before: "Older posts", "Suivant"."""
    said = words_of(text)
    return len(said) <= 4 and not _STEPPING.isdisjoint(said) and all(word in _STEPPING | _STEPS for word in said)


def is_menu_line(text: str) -> bool:
    """Return whether a line is part of a menu: short names between separators, or words of the interface only."""
    if "\n" in text or _is_crumbs(text):
        return "\n" not in text
    if _CODE.search(text):
        return False
    pieces = [piece.strip() for piece in _SEPARATORS.split(text) if piece.strip()]
    if len(pieces) >= 3 and all(len(piece.split()) <= 4 and piece[0].isalpha() for piece in pieces):
        return True
    said = words_of(text)
    return is_step(text) or (
        0 < len(said) <= (5 if not _SKIPPING.isdisjoint(said) else 2)
        and any(word in _SURE_INTERFACE for word in said)
        and all(word in _INTERFACE for word in said)
    )


def _is_crumbs(text: str) -> bool:
    """Return whether a line is the path from the site's first page down to this one."""
    pieces = _STEP_MARKS.split(text)
    return (
        len(pieces) > 1
        and pieces[0].strip().lower() in _INTERFACE
        and all(len(piece.split()) <= 14 for piece in pieces)
    )


def is_share_line(text: str) -> bool:
    """Return whether a short line offers to share: a network's name with few words beside it."""
    said = words_of(text)
    if _CODE.search(text) or text.endswith((".", "?", ":", ",")):
        return False
    if len(said) <= 3:
        return any(word in _NETWORKS for word in said)
    return len(said) <= 5 and any(word in _NETWORKS and len(word) > 5 for word in said)


def heads_sharing(text: str) -> bool:
    """Return whether a line is nothing but the offer to share."""
    said = words_of(text)
    return 1 < len(said) <= 4 and said[0] in _SHARING and all(word in _BESIDE_SHARING for word in said[1:])


def heads_related(text: str) -> bool:
    """Return whether a line is the heading over links to other posts."""
    said = words_of(text)
    known = sum(word in _RELATED for word in said)
    return 0 < len(said) <= 7 and (
        (any(word in _SURE_RELATED for word in said) and len(said) <= 4) or (known >= 2 and known >= 0.7 * len(said))
    )


def heads_author(text: str) -> bool:
    """Return whether a line is the heading over a text about the author."""
    said = words_of(text)
    return (
        1 < len(said) <= 4
        and all(word in _AUTHORS or word in _BESIDE_AUTHORS for word in said)
        and any(word in _AUTHORS or word.startswith("l'aut") for word in said)
    )


def heads_comments(text: str) -> bool:
    """Return whether a line is the heading over readers' comments or over the form for one."""
    said = words_of(text)
    if not 0 < len(said) <= 7 or text.removesuffix("...").endswith("."):
        return False
    return any(word.startswith(_COMMENTS) for word in said) and all(
        word.startswith(_COMMENTS) or word in _BESIDE_COMMENTS for word in said
    )


def is_consent(text: str) -> bool:
    """Return whether a text is a notice about cookies."""
    said = words_of(text)
    if len(said) > 60 or not any(word.startswith("cookie") for word in said):
        return False
    told = sum(word in _CONSENT for word in said)
    turns = any(word in READER or word in OWN for word in said)
    return told >= 2 and turns if len(said) > 10 else told > 0


def is_rights_line(text: str) -> bool:
    """Return whether a short text is a copyright line."""
    return len(words_of(text)) <= 30 and _RIGHTS.search(text) is not None


def is_legal(text: str) -> bool:
    """Return whether a text carries a sign of rights, or says what it is not: advice, a guarantee, a substitute."""
    if _LEGAL.search(text[:300]):
        return True
    words = words_of(text[:600])
    at = [index for index, word in enumerate(words) if word in _DISCLAIMED]
    return any(word in _NEGATED for index in at for word in words[max(0, index - 6) : index])
