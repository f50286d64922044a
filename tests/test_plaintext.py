from __future__ import annotations

import textwrap
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extraction.pasted_lines import wrap_width
from scraper.extraction.plaintext import read
from scraper.model import Metadata, Role, SiteProfile
from scraper.text.words import digest

FIRST = (
    "Most people who start to run in the cold half of the year give up within the first three weeks, and the reason "
    "they name most often is that they did not know what to wear."
)
SECOND = (
    "The good news is that very little of what the shops sell is needed. Two thin layers are warmer than a thick one, "
    "and whatever you wear should feel a little too cold while you stand at your own door."
)
POST = f"{FIRST}\n\n{SECOND}"
STATED = Metadata(title="Running in the cold")


def kept(text, profile=None, stated=None):
    made = read(text, stated, profile)
    return [block.text for block, decision in zip(made.blocks, made.decisions, strict=True) if decision.kept]


def role(text, line):
    made = read(text)
    return next(
        decision.role for block, decision in zip(made.blocks, made.decisions, strict=True) if line in block.text
    )


def flagged(text):
    made = read(text)
    pairs = zip(made.blocks, made.decisions, strict=True)
    return [block.text for block, decision in pairs if decision.kept and decision.role is Role.CTA]


def title(text):
    return read(text).metadata.title


def lines(*parts):
    return "\n\n".join(parts)


# Trackers


@pytest.mark.parametrize("token", ["zqpx", "gtm-k29x81", "_hj_pixel", "lumentracker", "stat_noscript_7"])
@pytest.mark.parametrize("first", [True, False])
def test_a_token_that_is_no_word_is_dropped_at_either_edge(token, first):
    text = lines(token, POST) if first else lines(POST, token)
    assert token not in kept(text)
    assert role(text, token) is Role.TRACKER


@pytest.mark.parametrize(
    "script",
    [
        "trk('event', 'PageSeen');",
        "window.qLayer = window.qLayer || []; function q(){qLayer.push(arguments);}",
        '<img height="1" width="1" src="https://p.example/t?id=4">',
    ],
)
def test_a_line_of_script_or_markup_at_the_edge_is_dropped(script):
    assert kept(lines(POST, script)) == kept(lines(script, POST)) == [FIRST, SECOND]


@pytest.mark.parametrize("token", ["pixel-loader", "ad-beacon", "zqpx", "sess_id"])
def test_a_token_below_the_title_is_dropped_and_never_the_title(token):
    text = lines("What should I wear in the cold?", token, POST)
    assert kept(text) == ["What should I wear in the cold?", FIRST, SECOND]
    assert title(text) == "What should I wear in the cold?"


@pytest.mark.parametrize("before", ["", "zqpx\n\n", "nine_px\n\n", "trk('a', 1);\n"])
def test_the_title_is_the_first_line_that_looks_like_a_heading_and_never_a_token(before):
    assert title(f"{before}Running in the cold\n\n{POST}") == "Running in the cold"


def test_a_text_without_a_heading_has_no_title():
    assert title(lines("zqpx", POST, "Contact us", "Call our office today.")) is None


def test_a_list_of_names_in_small_letters_is_kept():
    names = ["These people helped:", "mara-k", "tommo_1", "zqpx", "brd", "nils-b"]
    assert kept(lines(POST, *names)) == [FIRST, SECOND, *names]


def test_code_at_the_end_is_kept():
    code = "def share(email):\n    return send(email, 'x');\n\nend\n\nend\n\nprint(run())"
    assert kept(lines(POST, "In code:", code))[2:] == ["In code:", *code.split("\n\n")]


# Boxes


@pytest.mark.parametrize(
    "box",
    [
        ("Join The Circle", "Join The Circle", "New stories land every Friday.", "All set! See you Friday."),
        ("Nie mehr etwas verpassen", "Wir schreiben einmal im Monat.", "Geschafft! Bis bald."),
        ("Lettre du mardi", "Lettre du mardi", "Un récit par semaine, rien d'autre."),
        ("Get our newsletter", "Two letters a month, straight to your inbox.", "Thanks! Please check your email."),
        ("每週來信", "每週來信", "每個星期五寄出一封信。", "成功！我們很快就會寫信給你。"),
        ("Bulletin", "Hear of new pieces first.", "First name", "Email", "Send", "Your entry has been received."),
        ("Keep up", "Keep up", "Tips twice a month, never more.", "Lovely, you have been added. Talk soon!"),
        ("Don't be a stranger!", "Leave your email and we will write.", "You're in! Watch your inbox."),
        (
            "Unser Rundbrief",
            "Einmal im Monat.",
            "Vorname",
            "E-Mail-Adresse",
            "Absenden",
            "Danke! Bitte bestätigen Sie.",
        ),
        ("Boletín de la clínica", "Una carta al mes.", "Correo electrónico", "Enviar", "¡Gracias! Revise su correo."),
        (
            "La lettre du quai",
            "Un courrier par mois.",
            "Votre courriel",
            "S'inscrire",
            "Merci ! Vérifiez vos messages.",
        ),
        ("Fique por dentro", "Fique por dentro", "Uma carta por mês.", "Sucesso! Verifique sua caixa."),
    ],
)
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_a_subscribe_box_in_words_never_seen_is_dropped_whole(box, gap):
    assert kept(lines(POST, gap.join(box))) == [FIRST, SECOND]


def test_a_box_between_paragraphs_is_dropped_where_every_sign_is_there():
    box = "Stay in the loop\n\nStay in the loop\n\nOne mail a week, no more.\n\nYou're in! Look at your mail."
    assert kept(lines(FIRST, box, SECOND)) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "short",
    [
        ("What.", "WHAT?!"),
        ("upper quartile:", "\\[ x = \\frac{1}{2} \\]"),
        ("class Unicorn {\n    int horn;\n}", "class Unicorn {\n    int horn;\n}"),
        ("The mail came.", "Thank you!", "That was it."),
        ("Name", "Email", "These are the columns."),
        ("No!", "No!", "You can't be serious!"),
        ("foo-bar", "zqpx", "mrc_7"),
    ],
)
def test_short_lines_between_paragraphs_are_kept(short):
    assert kept(lines(FIRST, *short, SECOND)) == [FIRST, *short, SECOND]


@pytest.mark.parametrize(
    "ending",
    [
        ("What to pack", "A hat", "Gloves", "A torch", "In short", "Go out and try it today!"),
        ("Conclusion", "It works.", "Thank you for reading!"),
        ("The end", "I ran.", "Phew! That was long."),
        ("Next time", "Shoes", "Socks", "Hats"),
    ],
)
def test_a_short_list_and_a_short_ending_are_kept(ending):
    assert kept(lines(POST, *ending)) == [FIRST, SECOND, *ending]


def test_a_poem_that_repeats_no_line_at_once_is_kept():
    poem = ["The road was long", "The night was cold", "And no one came", "The road was long", "The fire was old"]
    assert kept("\n\n".join(poem)) == poem


def test_the_lines_of_a_verse_stay_together():
    verse = "The road was long\nThe night was cold\nAnd no one came"
    assert kept(lines(FIRST, verse, SECOND)) == [FIRST, verse, SECOND]


# Calls to action


@pytest.mark.parametrize(
    ("heading", "paragraph"),
    [
        ("Visit Northside Runners", "Book a first lesson with our trainers today and bring your old shoes."),
        ("Ready to take the first step?", "Call our Lakeside office at 303-555-0177 or write to us."),
        ("Talk to Harbor Sleep Center", "Do you lie awake? Reach out to our team today."),
        ("Questions? We are here.", "Speak with our nurses at our Aurora clinic on 720-555-0144."),
        ("Sprechen Sie mit uns", "Rufen Sie uns an und vereinbaren Sie einen Termin: 030 5550 1234."),
        ("Contactez-nous", "Appelez notre cabinet au 514-555-0199 pour prendre rendez-vous."),
        ("¿Tiene preguntas?", "Llame a nuestra clínica hoy al 305-555-0133 y pida su cita."),
    ],
)
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_a_contact_section_is_kept_and_flagged_with_its_heading(heading, paragraph, gap):
    assert flagged(lines(POST, heading + gap + paragraph)) == [heading, paragraph]


def test_a_contact_section_between_boxes_is_flagged():
    box = "Stay near\n\nStay near\n\nOne mail a month.\n\nGreat! You are on the list."
    text = lines(POST, box, "Get in touch", "Call our clinic today at 303-555-0166.")
    assert kept(text)[2:] == flagged(text) == ["Get in touch", "Call our clinic today at 303-555-0166."]


@pytest.mark.parametrize(
    "advice",
    [
        "Phone the emergency number when your chest hurts, and do not drive yourself.",
        "Book the early train, since the later ones are full and nobody likes to stand.",
    ],
)
def test_advice_is_the_posts_own_text(advice):
    assert flagged(lines("Before you run", POST, advice)) == []


def test_a_phone_number_in_the_middle_of_a_post_flags_nothing():
    assert flagged(lines(FIRST, "Call our office at 303-555-0177 on the first day.", SECOND, FIRST, SECOND)) == []


# What stands around a post


def test_lines_that_name_networks_after_the_text_are_dropped():
    assert kept(lines(POST, "Facebook", "LinkedIn", "Email")) == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("around", "wanted"),
    [
        (("Share on Facebook\nTweet this\nPin it",), "widget"),
        (("Auf Facebook teilen\nAuf WhatsApp teilen",), "widget"),
        (("Related Articles", "Is Running Safe After Sixty?", "How Much Do Shoes Cost?"), "related"),
        (("Das könnte Sie auch interessieren", "Laufen im Regen", "Schuhe richtig binden"), "related"),
        (("Artículos relacionados\nCorrer con lluvia\nZapatos nuevos",), "related"),
        (("Articles similaires\nCourir sous la pluie\nBien lacer ses chaussures",), "related"),
        (("Leave a comment", "Your email address will not be published. Required fields are marked *"), "comments"),
        (("Schreibe einen Kommentar\nName *\nE-Mail *",), "comments"),
        (("We use cookies to improve your experience. Accept all",), "legal"),
        (("Diese Website verwendet Cookies.",), "legal"),
        (("© 2024 Northside Runners",), "legal"),
        (("(c) 2024 Northside Runners. All rights reserved.",), "legal"),
        (("Home | Privacy Policy | Contact",), "navigation"),
        (("Filed under: Winter, Shoes",), "navigation"),
    ],
)
def test_what_follows_a_post_is_set_aside_with_its_role(around, wanted):
    made = read(lines(POST, *around))
    assert kept(lines(POST, *around)) == [FIRST, SECOND]
    assert {decision.role for decision in made.decisions[2:]} == {Role(wanted)}


@pytest.mark.parametrize(
    "menu",
    [
        "Menu\nHome | About | Lessons | Blog",
        "Skip to main content\nSearch",
        "Zum Inhalt springen\nStartseite\nKurse\nTeam",
        "Inicio\nCursos\nEquipo\nBuscar",
        "Aller au contenu principal\nRecherche",
    ],
)
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_a_menu_above_the_title_is_set_aside(menu, gap):
    text = f"{menu}{gap}Running in the cold\n\n{POST}"
    assert kept(text) == ["Running in the cold", FIRST, SECOND]
    assert title(text) == "Running in the cold"


@pytest.mark.parametrize(
    ("byline", "author", "day"),
    [
        ("By Dr. Anna Reyes\nPosted on March 4, 2024 in Winter\n3 min read", "Dr. Anna Reyes", date(2024, 3, 4)),
        ("Von Jutta Kern\n4. März 2024", "Jutta Kern", date(2024, 3, 4)),
        ("Par Luc Morel\nPublié le 4 mars 2024", "Luc Morel", date(2024, 3, 4)),
        ("Por Inés Vidal\n4 de marzo de 2024", "Inés Vidal", date(2024, 3, 4)),
        ("Written by Tom Hale", "Tom Hale", None),
    ],
)
def test_author_and_day_above_the_text_become_metadata(byline, author, day):
    text = lines("Running in the cold", byline, POST)
    assert kept(text) == ["Running in the cold", FIRST, SECOND]
    assert (read(text).metadata.author, read(text).metadata.published) == (author, day)


def test_stated_author_and_day_win():
    stated = Metadata(author="Said elsewhere", published=date(2020, 1, 2))
    known = read(lines("Running in the cold", "By Tom Hale\nMarch 4, 2024", POST), stated).metadata
    assert (known.author, known.published) == ("Said elsewhere", date(2020, 1, 2))


# Separators


def test_wrapped_lines_are_joined_to_paragraphs():
    wrapped = "\n\n".join(textwrap.fill(part, 72) for part in ("Running in the cold", FIRST, SECOND, FIRST))
    assert kept(wrapped) == ["Running in the cold", FIRST, SECOND, FIRST]


def test_wrapped_lines_without_blank_lines_are_joined_to_paragraphs():
    short_end = f"{SECOND} Well."
    wrapped = "\n".join(textwrap.fill(part, 60) for part in (FIRST, short_end, FIRST))
    assert wrap_width(wrapped.split("\n")) > 0
    assert kept(wrapped)[0].startswith("Most people who start to run in the cold half of the year give up")


def test_single_line_breaks_separate_paragraphs_where_lines_are_long():
    assert kept(f"{FIRST}\n{SECOND}\n{FIRST}") == [FIRST, SECOND, FIRST]


def test_a_frame_that_is_separated_by_single_line_breaks_is_set_aside():
    text = (
        f"trk('init', '12');\nSkip to main content\nSearch\nRunning in the cold\n\n\n{FIRST}\n{SECOND}\n\n\n"
        "Don't miss out!\nDrop your email below and we'll write.\nYou're in! Keep an eye on your inbox.\n"
        "Get in touch with Northside\nIf you lie awake, our staff will answer. Give us a ring at (720) 555-0101."
    )
    assert kept(text)[:3] == ["Running in the cold", FIRST, SECOND]
    assert kept(text)[3:] == flagged(text) == text.split("\n")[-2:]


def test_a_list_is_never_joined():
    listed = "\n".join(f"- {word} is a thing that a runner takes along when it is dark out" for word in ("A", "B", "C"))
    assert kept(lines(FIRST, listed, SECOND)) == [FIRST, listed, SECOND]


# Exports


@pytest.mark.parametrize(
    "text",
    [
        lines("What.", "WHAT?!", "class Unicorn {\n\n\n    int horn;\n\n}", "\\[ x \\]", "upper quartile:"),
        lines(FIRST, "Menu", "Home | About | Blog", "zqpx-1", "foo_bar", "By Tom Hale", "March 4, 2024"),
        lines("# a comment", "end", "Facebook", "Twitter", "* * *", "Thanks! Your email was received."),
        lines("Heading", "Sentence.", "Sentence.", "Wow! You did it.", "Name", "Email", "Send"),
    ],
)
def test_a_text_that_an_export_wrote_is_kept_as_it_is(text):
    assert "\n\n".join(kept(text, stated=STATED)) == text


@given(st.lists(st.text("ab x!?.:{}\n#-", min_size=1).filter(lambda text: any(c.isalpha() for c in text)), min_size=1))
def test_the_blocks_of_an_export_join_to_its_text(blocks):
    text = "\n\n".join(blocks).strip("\n")
    made = read(text, STATED)
    assert "\n\n".join(block.text for block in made.blocks) == text


def test_a_whole_box_and_a_token_without_vowels_are_dropped_from_a_text_with_a_title():
    box = ("Subscribe here", "Subscribe here", "Mail once a month.", "You've been added! Watch your inbox.")
    assert kept(lines("zqpx", POST, *box), stated=STATED) == [FIRST, SECOND]


# The site's other posts


def test_recurrence_flags_and_never_drops():
    made = read(POST, None, SiteProfile(pages=5, editorial={digest(SECOND): 4}))
    assert [decision.kept for decision in made.decisions] == [True, True]
    assert made.decisions[1].reason == "editorial"


@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    made = read(text)
    assert len(made.blocks) == len(made.decisions)
    assert [block.position for block in made.blocks] == list(range(len(made.blocks)))
