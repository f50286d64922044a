from __future__ import annotations

import pytest

from scraper.text.contacts import addresses, emails, links, phones, prices, years
from scraper.text.owner import Owner
from scraper.text.requests import ANYWHERE, Place, request_in

OWNER = Owner(("aster clinic",), frozenset({"3035550100"}), frozenset({"aster.test"}))
LAST = Place(0)


def judge(text, owner, place=ANYWHERE):
    return request_in(text, owner, place).kind


@pytest.mark.parametrize(
    "text",
    [
        "Call us today.",
        "Call (303) 555-0100 to find out more.",
        "Contact Aster Clinic today to learn more.",
        "Ready to start? Schedule an appointment with our team.",
        "Reach out to us at any time.",
        "If you have questions, please email info@aster.test.",
        "You can book a free consultation or call our office.",
        "Please fill out the form below.",
        "If any of this sounds familiar, reach out to our team.",
        "GET IN TOUCH WITH OUR CARE TEAM",
        "Feeling stuck? Help is only a phone call away.",
        "Give the front desk a ring and we will find a time.",
        "Grab a free intro session this week.",
        "Swing by for a look around.",
        "Let's talk!",
        "Press the button below to get started.",
        "New families welcome \u2013 request a time online.",
        "Please don't hesitate to call.",
        "We'd love to hear from you.",
        "Pick up the phone; a nurse will answer.",
        "Hop on a short video call.",
        "Take our two-minute quiz.",
        "Chat with someone on our team.",
        "Shoot us an e-mail.",
        "Get your exam on the books.",
        "Bring the twins by for a fitting.",
        "Use the booking link at the top of this page.",
        "Arrange a first look by texting us.",
        "Connect with Aster Clinic to see what fits.",
        "Call to find out whether you qualify.",
        "Let the front desk know you are coming.",
        "Self-refer today, no letter needed.",
        "Get yourself booked in before the season.",
        "Your first visit is short, and you can book it here.",
        "Click \u2018Book Online\u2019 to see free times.",
        "Set up a no-cost fitting today.",
        "Drop info@aster.test a line.",
        "Start at our online scheduler.",
        "We invite you to schedule a free phone consultation.",
        "Y'all come see us!",
        "It only takes one phone call.",
        "Walk-ins are always welcome.",
        "Claim your $39 special online.",
        "Coaches, hit us up.",
        "Inquire with our desk.",
    ],
)
def test_an_explicit_call_is_an_ask(text):
    assert judge(text, OWNER) == "ask"


@pytest.mark.parametrize(
    "text",
    [
        "Rufen Sie uns an, wir nehmen uns Zeit.",
        "Vereinbaren Sie noch heute einen Termin.",
        "Jetzt Termin vereinbaren",
        "Nehmen Sie Kontakt mit uns auf.",
        "Contactez-nous pour en savoir plus.",
        "N’hésitez pas à nous contacter.",
        "Prenez rendez-vous en ligne.",
        "Llámenos al 555 010 7788.",
        "Reserve su cita hoy.",
        "No dude en contactarnos.",
        "Póngase en contacto con nuestro equipo.",
        "Prenota una visita nel nostro studio.",
        "Entre em contato conosco.",
        "Neem contact op met ons team.",
    ],
)
def test_a_call_in_another_language_is_an_ask(text):
    assert judge(text, Owner()) == "ask"


@pytest.mark.parametrize(
    "text",
    [
        "Die Patientin rief an und schrieb ihrer Schwester.",
        "Le rendez-vous avait duré deux heures.",
        "La llamada duró toda la tarde.",
        "Wir nehmen an, dass der Schlaf hilft.",
        "We plan the next session in May and the cost of a call stays.",
    ],
)
def test_prose_in_another_language_asks_for_nothing(text):
    assert judge(text, Owner()) == "none"


@pytest.mark.parametrize(
    "text",
    [
        "The call lasted two hours and nobody was any wiser.",
        "Their book about the visit sold well.",
        "The contact center answered every call within a day.",
        "Results vary from person to person.",
        "Write to the agency at press@agency.example for the data.",
        "Visitors reach the page from a search engine.",
        "If it lasts, make an appointment with your doctor.",
        "Call your insurance provider before the first day.",
        "Reach out to a friend today.",
        "Get in touch with your breath.",
        "She had to make an appointment six weeks ahead.",
        "A psychologist wants to provide services and make appointments more effective.",
        "Call the maker at 800-555-0199 with the lot number.",
        "Start treatment with a small dose.",
        "Let's talk about sleep.",
        "Pick a time each night and keep to it.",
        "Most foods come in many forms.",
        "Feel free to ask your pharmacist.",
        "Make an appointment with yourself to stretch.",
        "You will need a form and a phone.",
        "Click the link below to read the report.",
        "On a podcast, listen to how nurses learn from one another.",
        "",
    ],
)
def test_prose_about_calls_and_visits_asks_for_nothing(text):
    assert judge(text, OWNER) == "none"


def test_what_the_writer_wants_to_share_is_no_invitation():
    assert judge("We wanted to share our notes and discover our limits.", OWNER) == "none"


@pytest.mark.parametrize(
    "text",
    [
        "Our nurses are here for you.",
        "We are taking new patients.",
        "Aster Clinic proudly serves Denver and accepts insurance.",
    ],
)
def test_an_invitation_is_weak(text):
    assert judge(text, OWNER) == "invitation"


@pytest.mark.parametrize(
    "written",
    [
        "(303) 555-0100",
        "303-555-0100",
        "303.555.0100",
        "303 555 0100",
        "+1 (303) 555-0100",
        "1-303-555-0100",
        "3035550100",
    ],
)
def test_a_phone_number_is_the_same_in_all_written_forms(written):
    assert [value.key for value in phones(f"Call {written} now")] == ["3035550100"]


@pytest.mark.parametrize("written", ["030 5550142", "030/555 01 42", "(030) 555-0142", "030 – 55 50 142"])
def test_a_national_number_begins_with_zero(written):
    assert [value.key for value in phones(f"Tel. {written}, Mo-Fr")] == ["0305550142"]


@pytest.mark.parametrize("written", ["0161 555 0142", "+44 161 555 0142", "+44 (0)161 555 0142", "0044 161 555 0142"])
def test_a_number_is_the_same_from_within_its_country_and_from_abroad(written):
    assert [value.key for value in phones(f"Ring {written}.")] == ["01615550142"]


@pytest.mark.parametrize("text", ["Am 01.02.2020 um 10 Uhr", "01-02-2020 10 30", "0.25 mg", "05/2021", "007 100"])
def test_days_and_amounts_are_no_national_numbers(text):
    assert list(phones(text)) == []


@pytest.mark.parametrize(
    "text", ["It cost $3,035,550,100.", "ISBN 978-3-16-148410-0 and 2019-2024", "In 2019, 1200 of 3400"]
)
def test_other_numbers_are_no_phone_numbers(text):
    assert list(phones(text)) == []


@pytest.mark.parametrize(
    ("written", "key"),
    [("1-800-GET-WELL", "8004389355"), ("303-55-SMILE", "3035576453"), ("(303) GET-WELL", "3034389355")],
)
def test_a_number_dialled_by_letters_is_its_digits(written, key):
    assert [(value.key, value.shown) for value in phones(f"Dial {written} today.")] == [(key, written)]


@pytest.mark.parametrize("text", ["Take 250 TABLETS home.", "Form 300-B and the COVID-19 shot", "In 2021-SPRINGTIME"])
def test_capitals_after_a_number_are_no_number_to_dial(text):
    assert list(phones(text)) == []


def test_a_masked_number_is_a_phone_number():
    assert [value.shown for value in phones("Call 720-xxx-1234 today")] == ["720-xxx-1234"]


def test_other_values_are_found_where_they_stand():
    text = "Write to Info@Aster.Test, see https://www.aster.test/a/. We are at 12 North Main Street; $450 since 2021."
    assert [value.key for find in (emails, links, addresses, prices, years) for value in find(text)] == [
        "info@aster.test",
        "aster.test/a",
        "12 north main street",
        "450",
        "2021",
    ]


@pytest.mark.parametrize("text", ["a" * 500_000 + " @ call us today", "book your " + "a-" * 200_000, "@" * 300_000])
def test_a_word_without_end_is_read_in_one_go(text):
    assert judge(text, Owner()) in ("ask", "invitation", "none")
    assert emails(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Book your fall package before it fills.",
        "Has somebody told you to have them checked? Come and have a test.",
        "Come sit with us.",
        "Tired of waiting? Let Dr. Roe have a look.",
        "Do not put it off. Come and meet our nurses.",
        "Swing by 12 North Main Street and pick up a sample.",
        "Our hygienists have openings this month. Choose one online.",
        "It\u2019s time to meet Dr. Roe.",
        "Enroll early; we keep evenings free.",
        "Let us be part of your story.",
        "Let\u2019s sit down together.",
        "Reserve your place at the front desk.",
        "If you want a second pair of eyes, send us the scan.",
    ],
)
def test_a_closing_request_that_turns_to_us_is_an_ask_in_any_words(text):
    assert judge(text, OWNER, LAST) == "ask"


@pytest.mark.parametrize(
    "text",
    [
        "You deserve support, and our nurses make time for a chat.",
        "Would you like to know where you stand? A blood test at our office can tell.",
        "Our evaluations take an hour.",
        "We treat eczema in children.",
        "Stop guessing and get looked at \u2014 we\u2019ll make room.",
        "Let\u2019s get you back on your feet.",
    ],
)
def test_a_closing_line_that_speaks_of_us_to_its_reader_invites(text):
    assert judge(text, OWNER, LAST) == "invitation"


@pytest.mark.parametrize(
    "text",
    [
        "There is more on our website.",
        "At Aster Clinic, therapy looks like play.",
        "Subscribe for the next part.",
        "Follow our channel.",
        "Aster Clinic has kept Denver smiling for years.",
        "Like us on Facebook.",
        "Read our reviews.",
        "Subscribe to our newsletter.",
        "Ask your dentist about our water.",
        "Talk to your doctor before you stop.",
        "Bring a list to your cardiologist.",
        "Make an appointment with yourself to stretch.",
        "If your lips swell, go to the nearest hospital.",
        "Let us know if it is any good, and how to mend it.",
        "Tell us what you think of the design.",
        "Tell us in the comments what you make of it.",
        "Wisdom teeth may stay if they have room, come in straight and can be kept clean.",
        "Next month we look at sleep.",
        "Wear the hat.",
        "Let the words come.",
        "Let us be honest about anger.",
        "It is older than all of us; take care of it.",
        "\u201cCome see us,\u201d said the widow.",
        "People come, sit and talk.",
        "The dentist in town sees us all.",
        "We were told to make an appointment.",
        "Order by 2020-07-22.",
        "See https://other.example/our/visit for the rest.",
        "",
    ],
)
def test_a_closing_line_that_concludes_or_sends_elsewhere_asks_for_nothing(text):
    assert judge(text, Owner(("aster clinic",)), LAST) == "none"


@pytest.mark.parametrize("text", ["a" * 320, "(" * 320, "\u201c" * 320, "1 Main " * 45, "come and " * 35, "- " * 160])
def test_odd_text_beside_a_call_hides_it_from_nobody(text):
    assert judge(text, OWNER, LAST) in ("none", "invitation", "ask")
    assert judge(f"Come and see us today.\n{text}", OWNER, LAST) == "ask"
