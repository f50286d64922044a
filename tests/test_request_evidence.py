"""An invitation counts with evidence, and a call that gives another's address is another's."""

from __future__ import annotations

import pytest

from indexer.audit.asking import Requests
from indexer.audit.checks.cta import CtaFinder
from indexer.audit.corpus import Corpus
from scraper.text.owner import Owner
from scraper.text.requests import Request, request_in, says_who_or_what
from tests.audit_blog import article, own

OWNER = Owner(("kiln house",), frozenset({"5035550142"}), frozenset({"kilnhouse.example"}))


@pytest.mark.parametrize(
    "sentence",
    [
        "At Kiln House the wheels turn until late.",
        "You may drop by on Saturday.",
        "We offer lessons for beginners.",
        "Wir beraten Anfänger an der Scheibe.",
        "Ofrecemos clases para principiantes.",
    ],
)
def test_an_invitation_says_who_or_what(sentence):
    assert says_who_or_what(Request("invitation", sentence), OWNER)


@pytest.mark.parametrize(
    "sentence",
    [
        "Either way, we're kind of late now.",
        "Our ovens are too hot, and we refuse to see it.",
        "Your patience will grow with every bowl.",
        "Wir sind alle nur Menschen.",
    ],
)
def test_prose_about_us_is_no_evidence(sentence):
    assert not says_who_or_what(Request("invitation", sentence), OWNER)


def test_a_mail_address_with_capitals_is_not_cut():
    found = request_in("If you have questions, feel free to write to us at Ada.Mopp@kilnhouse.example.", OWNER)
    assert found.sentence.endswith("Ada.Mopp@kilnhouse.example.")


@pytest.mark.parametrize(("mail", "verdict"), [("desk@museum.example", "none"), ("desk@kilnhouse.example", "ask")])
def test_a_call_to_anothers_address_is_not_the_owners(mail, verdict):
    text = f"Do you have a bowl to add to this list? Send it to us at {mail}."
    corpus = Corpus([article(0, [own(0, 0), own(0, 1), text])])
    paragraphs = corpus.kept
    requests = Requests(paragraphs, range(len(paragraphs)), [len(paragraphs) - 1], OWNER)
    assert requests.ask(len(paragraphs) - 1) == "ask"
    assert CtaFinder(corpus, paragraphs, [], [], requests).verdicts == [verdict]
