"""The same closing line means the same in a page, in pasted text and to the audit."""

from __future__ import annotations

import pytest

from indexer.audit.asking import Requests
from indexer.audit.corpus import Corpus
from scraper import extract_article
from scraper.extraction import plaintext
from scraper.model import Role
from scraper.text.owner import Owner
from scraper.text.requests import request_in
from tests.audit_blog import article, own

BODY = [
    "The kiln was built in May from the bricks of the old bakery, and the first firing took three days and two nights.",
    "A glaze that looks grey in the bucket comes out green, and what looks green comes out brown, as everybody learns.",
    "Clay remembers how it was treated, so a bowl that was bent on the wheel will bend again in the fire years later.",
    "The shelves are propped on cones, the door is bricked up by hand, and then there is nothing to do but to wait.",
]
BODY_ON = [f"On the second day {text[0].lower()}{text[1:]}" for text in BODY]
OWNER = Owner(("kiln house",), frozenset({"5035550142"}), frozenset({"kilnhouse.example"}))
MENU = '<header><nav><ul><li><a href="/">Home</a></li><li><a href="/blog/">Blog</a></li></ul></nav></header>'
FOOTER = '<footer><p><a href="/privacy/">Privacy</a> <a href="/terms/">Terms</a></p></footer>'
ASKS = [
    "Call us at (503) 555-0142.",
    "Please contact our studio to book a class.",
    "Come by and see us on Saturday.",
    "Book your first lesson with us today.",
    "Write to us at hello@kilnhouse.example.",
    "If you have questions, feel free to call us.",
    "Give us a call and we will find you a wheel.",
    "Reach out to our team to learn more.",
    "Schedule a visit with our potters.",
    "Ready to start? Get in touch with us today.",
    "Drop us a line at hello@kilnhouse.example.",
    "Rufen Sie uns an und vereinbaren Sie einen Termin.",
    "Contactez-nous pour réserver une place.",
    "Llámenos para reservar su plaza.",
    "Contattateci per prenotare una lezione.",
]
OTHERS = [
    "Our potters are here for you.",
    "Talk to your doctor before you work with lead.",
    "If the dust makes you cough, call your doctor.",
    "Subscribe to our newsletter.",
    "Follow us on Instagram.",
    "Tell us in the comments what you think.",
    "The potter called the studio twice that day.",
    "Nothing is lost in a fire that was not lost before.",
    "Call the poison hotline at 800-222-1222.",
    "That is all there is to say about glazes.",
]


def in_page(line: str) -> bool:
    html = "".join(f"<p>{text}</p>" for text in (*BODY, *BODY_ON, line))
    page = f"<html><body>{MENU}<article><h1>Fire</h1><div>{html}</div></article>{FOOTER}</body></html>"
    made = extract_article(page, "https://kilnhouse.example/fire/")
    return any(block.text == line and block.kept and block.role is Role.CTA for block in made.blocks)


def in_pasted_text(line: str) -> bool:
    made = plaintext.read("\n\n".join(("Fire", *BODY, *BODY_ON, line)))
    told = zip(made.blocks, made.decisions, strict=True)
    return any(block.text == line and how.kept and how.role is Role.CTA for block, how in told)


def in_audit(line: str) -> bool:
    paragraphs = Corpus([article(0, [*BODY, *BODY_ON, line])]).kept
    return Requests(paragraphs, range(len(paragraphs)), (), OWNER).ask(len(paragraphs) - 1) == "ask"


@pytest.mark.parametrize("line", ASKS)
def test_a_closing_line_that_asks_asks_everywhere(line):
    assert [in_page(line), in_pasted_text(line), in_audit(line)] == [True, True, True]


@pytest.mark.parametrize("line", OTHERS)
def test_a_closing_line_that_does_not_ask_asks_nowhere(line):
    assert [in_page(line), in_pasted_text(line), in_audit(line)] == [False, False, False]


def test_the_sentence_by_which_a_paragraph_asks_is_its_evidence():
    found = request_in("We fire on Fridays. Call us at (503) 555-0142 to book. The kiln is warm until noon.", OWNER)
    assert (found.kind, found.sentence) == ("ask", "Call us at (503) 555-0142 to book.")


def test_whose_number_it_is_decides():
    assert request_in("Phone (503) 555-0142.", OWNER).odds > request_in("Phone (212) 555-0142.", OWNER).odds


def test_long_prose_asks_for_nothing():
    assert request_in(own(0, 0)).kind == "none"
