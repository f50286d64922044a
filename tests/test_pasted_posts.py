"""Whole posts as people paste them: `+` is the post's own, `!` its call to action, `-` frame and boxes."""

from __future__ import annotations

import pytest

from scraper.extraction.plaintext import read
from scraper.model import Role

POSTS = {
    "crumbs, contents, author text, pager and address": """
- Home > Blog > Pain
- 303-555-0100

+ Living With Nerve Pain

- Updated: June 7, 2023 | Reviewed by Mark Olsen, MD

+ In this article
+ What is nerve pain?
+ How it is treated
+ When to worry

+ What is nerve pain?

+ Nerve pain is the kind of pain that comes when a nerve itself is hurt, and not the skin or the muscle around it.

+ How it is treated

+ Some medicines calm the nerve. Others teach the brain to listen less.

+ When to worry

+ Pain that wakes you every night deserves a visit.

- About the Author
- Mark Olsen is a physician in Denver who has treated pain for twenty years.

- Tags: nerve pain, Denver, medicine

- « Previous Post
- Next Post »

- Sign up
- Get health tips
- Your email
- Subscribe
- Thank you for subscribing!

+ 123 Main Street, Denver, CO 80203
+ Phone: 303-555-0100
- Copyright 2023 Front Range Pain. Privacy Policy | Terms of Use
""",
    "German": """
- <!-- Google Tag Manager -->
- (function(w,d,s,l,i){w[l]=w[l]||[];})(window,document,'script','dataLayer','GTM-XX');

- Startseite
- Leistungen
- Praxis
- Kontakt

+ Schlafen trotz Schmerzen

- von Dr. Jutta Kern | 12. Januar 2024 | Lesezeit: 4 Minuten

+ Wer nachts mit Schmerzen wach liegt, kennt die Frage: aufstehen oder liegen bleiben? Wir raten unseren Patienten meist zum Aufstehen.

+ Ein kurzer Gang durch die Wohnung, ein Glas Wasser, ein paar ruhige Atemzüge: das reicht oft schon.

! Haben Sie Fragen?

! Rufen Sie unsere Praxis an unter 030 5550 4477 oder schreiben Sie uns.

- Bleiben Sie auf dem Laufenden

- Einmal im Monat schreiben wir Ihnen, was es Neues gibt.

- Ihre E-Mail-Adresse

- Jetzt anmelden

- Vielen Dank! Wir haben Ihnen eine Nachricht geschickt.

- Teilen

- Drucken

- Diese Website verwendet Cookies. Mit der Nutzung stimmen Sie dem zu.

- Impressum | Datenschutz | Kontakt
""",
    "Spanish": """
- _fbq

+ Dormir con dolor crónico

- Publicado el 3 de mayo de 2024 por Lucía Romero

+ El dolor crónico y el mal sueño van de la mano: uno empeora al otro, y romper ese círculo es la primera tarea de la clínica.

+ Nuestros pacientes suelen empezar con un diario de sueño. Es sencillo y no cuesta nada.

! Hable con nosotros

! Si usted o un ser querido vive con dolor, llame a nuestra clínica de Denver al (303) 555-0188 y pida una cita.

- Reciba nuestras novedades

- Reciba nuestras novedades

- Artículos nuevos en su correo, una vez al mes.

- ¡Listo! Ya está en la lista.

- Comparte esto:
- Facebook
- Twitter
- WhatsApp

- Deja un comentario
- Nombre
- Correo electrónico
- Enviar comentario
""",
    "French": """
- Accueil
- Rechercher

+ La douleur et la mémoire

- Par Élise Bonnet
- Publié le 14 février 2024

+ La douleur qui dure fatigue la mémoire : on oublie un rendez-vous, un prénom, le mot qu'on avait sur la langue.

+ Les chercheurs pensent que le cerveau, occupé par la douleur, a moins de place pour le reste.

! Besoin d'aide ?

! Contactez notre équipe au 514-555-0123 pour prendre rendez-vous dès aujourd'hui.

- Ne manquez rien

- Inscrivez-vous à notre infolettre pour recevoir nos textes.

- Adresse courriel

- Je m'inscris

- Merci ! Votre inscription est enregistrée.

- Vous aimerez aussi

- Dormir malgré la douleur

- Marcher pour aller mieux

- © 2024 Clinique du Parc. Tous droits réservés.
""",
    "numbered headings": """
+ Five Things I Learned From Ketamine

+ 1. It is quiet.

+ The room was dark and the nurse spoke softly.

+ 2. It is short.

+ Forty minutes felt like five, and then like a whole day.

+ 3. Bring socks.

+ Really. Bring socks!

+ 4. Nobody laughs at you.

+ 5. The day after matters.

+ Rest. Write. Walk. Do not sign anything.

+ Thanks for reading!
""",
    "one line a paragraph": """
+ What Is TMS?
+ TMS is short for transcranial magnetic stimulation. A coil rests against the head and sends pulses.
+ Each session takes twenty minutes. You sit in a chair and may read.
+ Is it safe?
+ Most people feel a tapping. A mild headache may follow and fades by evening.
! Contact Us Today
! If you'd like to know whether TMS is right for you, our doctors would love to hear from you. Call (303) 555-0142.
- Email Address
- Go
- Thank you! Your submission was successful.
- hotjar
""",
    "a story about mail": """
+ The Mail That Never Came

+ I waited for the mail all week. Subscribe to patience, my grandmother said, and the letter will come.

+ On Friday there was a newsletter from the bank. On Saturday an email from my sister.

+ You're in!

+ That was all it said. Success! I had been accepted, and I danced around the kitchen table until the dog barked.

+ Name

+ Email

+ Phone

+ Those were the three fields of the form I filled in that night, and none of them asked who I was.
""",
    "wrapped lines": """
- Harbor Sleep Center
- Better nights, better days

- HOME   ABOUT   SERVICES   BLOG

+ Why Naps Help

- Written by: Dana Whitfield, RN
- Last updated on May 2nd, 2024

+ A short nap in the early afternoon clears the head without spoiling the night. Keep it under
+ thirty minutes, and set an alarm, since a long nap leaves most people heavy and slow for an
+ hour or more.

+ People who work at night need a different plan. They do best with a nap of ninety minutes
+ before the shift begins, which is long enough for one full round of sleep, and a dark room
+ in the morning.

! Talk to Harbor Sleep Center

! We have evening hours. Call (617) 555-0139, email hello@harborsleep.example, or stop by our
! office on Pier Street.

- Want more like this?

- Pop your address in the box and we'll do the rest.

- you@example.com

- Count me in

- Woohoo! One more step: look for our message.

- 0 Comments

- Share this post
- f  t  in
""",
    "two sorts of contact": """
- ga('send', 'pageview');

+ Coping With Grief in Winter

- Posted by admin on 11/02/2023

+ Grief has no calendar, but winter makes it louder. The dark comes early, the house is quiet, and the holidays ask for a cheer that is not there.

+ Walk while it is light. Eat something warm. Say the name of the person you miss, out loud, to somebody who knew them.

+ If you think about ending your life, call 988 at any hour.

+ This article is for information only and is not a substitute for medical advice.

! Schedule Your Visit

! Our counselors are here for you. Make an appointment online or by phone at 970-555-0125.

- SUBSCRIBE

- Get the latest posts by email

- Type your email…

- Subscribe

- Join 312 other subscribers

- Loading Comments...
""",
    "a box whose answer has no known word": """
+ Ketamine and Alcohol

+ Can you drink after an infusion? The short answer is no, and the long answer is also no.

+ Wait at least a day. Your liver is busy, and the two together make you unsteady on your feet for longer than you would think.

- Our Newsletter

- The Monday Dispatch

- The Monday Dispatch

- Short reads for long commutes.

- Boom. You're on it.

- analytics-tag
""",
    "a recipe with cookies": """
+ Recipe: Ginger Cookies

+ We use cookies like these to line the tin every winter, and the whole house smells of ginger for a week.

+ Mix flour, sugar and ginger.
+ Add the butter.
+ Bake for ten minutes.

+ Flour
+ Sugar
+ Butter
+ Ginger

+ Share them with friends!
""",
}
FACTS = {
    "crumbs, contents, author text, pager and address": ("Living With Nerve Pain", None, "2023-06-07"),
    "German": ("Schlafen trotz Schmerzen", "Dr. Jutta Kern", "2024-01-12"),
    "Spanish": ("Dormir con dolor crónico", "Lucía Romero", "2024-05-03"),
    "French": ("La douleur et la mémoire", "Élise Bonnet", "2024-02-14"),
    "numbered headings": ("Five Things I Learned From Ketamine", None, ""),
    "one line a paragraph": ("What Is TMS?", None, ""),
    "a story about mail": ("The Mail That Never Came", None, ""),
    "wrapped lines": ("Why Naps Help", "Dana Whitfield, RN", "2024-05-02"),
    "two sorts of contact": ("Coping With Grief in Winter", None, "2023-11-02"),
    "a box whose answer has no known word": ("Ketamine and Alcohol", None, ""),
    "a recipe with cookies": ("Recipe: Ginger Cookies", None, ""),
}


def marked(post):
    """Return the pasted text and its lines by their marks."""
    rows = post.strip("\n").split("\n")
    by_mark = {mark: [row[2:].strip() for row in rows if row.startswith(f"{mark} ")] for mark in "+!-"}
    return "\n".join(row[2:] for row in rows), by_mark


def texts(text, *, flagged=False):
    """Return the text that is kept, or that is flagged, as one line."""
    made = read(text)
    pairs = zip(made.blocks, made.decisions, strict=True)
    wanted = [block.text for block, how in pairs if how.kept and (not flagged or how.role is Role.CTA)]
    return " ".join(" ".join(wanted).split())


@pytest.mark.parametrize("name", POSTS)
def test_the_posts_own_lines_are_kept(name):
    text, by_mark = marked(POSTS[name])
    assert [line for line in by_mark["+"] + by_mark["!"] if line not in texts(text)] == []


@pytest.mark.parametrize("name", POSTS)
def test_frame_and_boxes_are_set_aside(name):
    text, by_mark = marked(POSTS[name])
    kept = [line.strip() for block in _kept(text) for line in block.split("\n")]
    assert [line for line in by_mark["-"] if line in kept] == []


@pytest.mark.parametrize("name", POSTS)
def test_calls_to_action_are_flagged_and_nothing_else_is(name):
    text, by_mark = marked(POSTS[name])
    assert texts(text, flagged=True) == " ".join(by_mark["!"])


@pytest.mark.parametrize("name", POSTS)
def test_title_author_and_day_are_found(name):
    known = read(marked(POSTS[name])[0]).metadata
    assert (known.title, known.author, str(known.published or known.modified or "")) == FACTS[name]


def _kept(text):
    made = read(text)
    return [block.text for block, how in zip(made.blocks, made.decisions, strict=True) if how.kept]
