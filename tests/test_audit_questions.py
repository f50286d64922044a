from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.audit.run import audit
from indexer.present.audit_form import audit_form
from tests.audit_blog import article, own


def titled(number, title, *texts):
    made = article(number, [*(texts or (f"{title}. {own(number, 0)}",)), own(number, 1), own(number, 2)])
    return replace(made, metadata=replace(made.metadata, title=title, language="en"))


def found(*posts):
    others = [titled(number, " ".join(own(number, 5).split()[1:6])) for number in range(20, 40)]
    return [finding for finding in audit([*posts, *others]).checks if finding.check == "same-question"]


def test_two_posts_that_ask_the_same_are_told_with_what_each_says_that_the_other_does_not():
    one = titled(0, "How much does a ketamine infusion cost?", "What a ketamine infusion costs depends on the hours.")
    two = titled(3, "What is the cost of ketamine infusions", "The cost of ketamine infusions is paid by few insurers.")
    [finding] = found(one, two)
    assert (finding.post, finding.found) == (two.url, one.url)
    assert own(3, 1) in finding.text.partition("Only there")[0]
    assert own(0, 1) in finding.text.partition("Only there")[2]
    [action] = [each for each in audit([one, two, titled(9, "A walk")]).actions if each.kind == "compare-posts"]
    assert action.posts == (two.url, one.url)
    assert "same-question" in {row["check"] for row in audit_form(audit([one, two, titled(9, "A walk")]))["checks"]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ketamine infusions in Denver", "Ketamine infusions in Boulder"),
        ("How to prepare for a first infusion", "How to recover from a first infusion"),
        ("Welcome", "Welcome"),
        ("What does sleep do for pain?", "Five walks along the river"),
    ],
)
def test_other_questions_are_none(one, other):
    assert not found(titled(0, one), titled(3, other))


def test_posts_whose_titles_alone_are_alike_are_none():
    texts = [[own(number, at) for at in range(4, 7)] for number in (0, 3)]
    assert not found(*(titled(n, "How much does an infusion cost", *t) for n, t in zip((0, 3), texts, strict=True)))


def test_copies_and_news_of_each_month_are_told_as_what_they_are():
    texts = [own(0, at) for at in range(4)]
    assert not found(titled(0, "The cost of infusions", *texts), titled(3, "The cost of infusions", *texts))
    assert not found(titled(0, "Infusion news of March 2023"), titled(3, "Infusion news of April 2023"))
