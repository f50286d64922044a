from __future__ import annotations

import pytest

from scraper import extract_article
from scraper.model import Role
from scraper.text.owner import Owner
from scraper.text.requests import Place, request_in


def is_call(text, links=(), names=()):
    return request_in(text, Owner(tuple(names)), Place(0, links=tuple(links))).kind == "ask"


POST = (
    "<p>The harbour froze in January and the ferry stayed on the slip until the end of March, said the pilot.</p>" * 5
)


@pytest.mark.parametrize(
    "text",
    [
        "Call us today at 555 010 7788 and ask for Nils.",
        "To learn more, contact our yard today.",
        "If your boat leaks, call the Tamarack office at 970-555-0119.",
        "You can also book a visit with our joiner.",
        "Please don't hesitate to contact us.",
        "If you are ready, reach out to our team and we will guide you.",
        "Rufen Sie uns an und vereinbaren Sie einen Termin.",
        "Contactez-nous pour prendre rendez-vous.",
        "Contáctenos para reservar una cita.",
    ],
)
def test_a_request_with_the_owner_as_its_object_is_a_call(text):
    assert is_call(text)


@pytest.mark.parametrize(
    "text",
    [
        "We call notify_many! and then call our helper.",
        "Then call our new function with the list.",
        "The question is how to call Lua functions from our C++ code.",
        "Contact is brilliant because it shows us how beautiful life can be.",
        "If you wake up crying, call your own doctor or us.",
        "You can get our bot on GitHub.",
        "Visit Rome in May, and book early.",
        "The nurse will call us back. Our team visits schools and writes to us.",
        "We ask candidates to email their expectations.",
    ],
)
def test_a_sentence_about_calls_or_a_request_for_others_is_none(text):
    assert not is_call(text)


def test_a_link_to_the_contact_page_speaks_for_a_request():
    linked, other = (
        request_in("Schedule a consultation", place=Place(0, links=(to,))) for to in ("/contact/", "/tea/")
    )
    assert linked.odds > other.odds


def test_the_sites_own_name_makes_a_request_one_for_the_owner():
    assert is_call("Schedule a consultation at Larkspur Yard today.", names=["larkspur yard"])


def roles(html):
    return {block.text: block.role for block in extract_article(html, "https://yard.example/post").blocks if block.kept}


def test_the_heading_over_a_call_that_is_all_its_section_belongs_to_it():
    html = (
        f"<article><h1>Ice</h1>{POST}<h2>Talk With Larkspur Yard</h2><p>Call 970-555-0142 or write to us.</p></article>"
    )
    assert roles(html)["Talk With Larkspur Yard"] is Role.CTA


def test_the_heading_of_a_section_that_only_ends_in_a_call_is_the_posts_own():
    html = (
        f"<article><h1>Ice</h1>{POST}<h2>What we saw</h2>{POST[:110]}<p>Call 970-555-0142 or write to us.</p></article>"
    )
    assert roles(html)["What we saw"] is Role.HEADING


@pytest.mark.parametrize("tag", ["pre", "blockquote"])
def test_code_and_quotations_are_never_calls(tag):
    html = f"<article><h1>Ice</h1>{POST}<{tag}>Call us today at 555 010 7788.</{tag}></article>"
    assert Role.CTA not in roles(html).values()
