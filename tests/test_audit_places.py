from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.audit.owner.identity import Facts
from indexer.audit.run import audit
from scraper.model import Role
from tests.audit_blog import NOW, article, call, own

BOULDER = "(720) 555-0142"
NUMBERS = {"Denver": NOW, "Boulder": BOULDER}


def blog(texts=(), title="A post", categories=()):
    """Return twelve posts that call to two places in turn, and one of the title and texts given."""
    posts = []
    for number in range(12):
        city = ("Denver", "Boulder")[number % 2]
        posts.append(article(number, [own(number, 0), own(number, 1), call(city, phone=NUMBERS[city])]))
    odd = article(20, [own(20, 0), *texts])
    return [*posts, replace(odd, metadata=replace(odd.metadata, title=title, categories=categories))]


def reasons(posts, facts=None):
    return [note.reason for note in audit(posts, facts=facts).cta_notes if note.kind == "location"]


def test_places_and_their_numbers_are_learnt_from_the_calls():
    told = audit(blog()).expected
    assert {f"place: Denver, {NOW} (learnt)", f"place: Boulder, {BOULDER} (learnt)"} <= set(told)


def test_a_post_about_one_place_that_calls_to_another_is_told():
    posts = blog([call("Boulder", phone=BOULDER)], title="Infusions in Denver: What to Expect")
    assert reasons(posts) == ["the post is about Denver, its call to action names Boulder"]


def test_a_category_says_which_place_a_post_is_about():
    posts = blog([call("Boulder", phone=BOULDER)], categories=("Denver",))
    assert reasons(posts) == ["the post is about Denver, its call to action names Boulder"]


def test_paragraphs_say_which_place_a_post_is_about():
    body = ["The air of Denver is thin and dry.", "Most trains to Denver are late in winter."]
    assert len(reasons(blog([*body, call("Boulder", phone=BOULDER)]))) == 1


@pytest.mark.parametrize(
    ("texts", "title"),
    [
        ([call("Denver", phone=NOW)], "Infusions in Denver"),
        ([call("Denver and Boulder", phone=NOW)], "Infusions in Denver"),
        ([call("Boulder", phone=BOULDER)], "Infusions in Denver and Boulder"),
        ([call("Boulder", phone=BOULDER), call("Denver", phone=NOW)], "Infusions in Denver"),
        ([call("Boulder", phone=BOULDER)], "How to sleep"),
        ([call("Boulder", phone=BOULDER), "One patient drove here from Denver."], "How to sleep"),
    ],
)
def test_a_call_that_fits_its_post_or_a_post_about_no_single_place_is_all_right(texts, title):
    assert reasons(blog(texts, title=title)) == []


def test_a_number_of_another_place_than_the_one_named_is_told():
    assert reasons(blog([call("Boulder", phone=NOW)])) == [f"names Boulder, but {NOW} is the number of Denver"]


def test_a_number_that_serves_every_place_belongs_to_none():
    posts = [article(n, [own(n, 0), own(n, 1), call(("Denver", "Boulder")[n % 2])]) for n in range(12)]
    found = audit(posts)
    assert not [note for note in found.cta_notes if note.kind == "location"]
    assert "place: Denver (learnt)" in found.expected


def footer(text):
    """Return posts whose calls name one place each in words of their own, under a footer."""
    asks = ["Give our Denver desk a ring: {}.", "Reach out to us at {}.", "Please phone us on {} any day."]
    posts = [article(n, [own(n, 0), asks[n % 3].format(NOW)], ((text, Role.OTHER),)) for n in range(12)]
    return [*posts, article(20, [own(20, 0), f"Our Boulder team is glad to help. Call {NOW} to book a visit with us."])]


def test_a_footer_that_lists_places_with_their_numbers_tells_them():
    assert reasons(footer(f"Denver {NOW} · Boulder {BOULDER}")) == [f"names Boulder, but {NOW} is the number of Denver"]


@pytest.mark.parametrize("text", [f"Phone {NOW} · Fax {BOULDER}", f"Denver {NOW} · {BOULDER}", f"Denver {NOW}"])
def test_a_footer_with_kinds_of_lines_lists_no_places(text):
    assert reasons(footer(text)) == []


def test_the_facts_name_places_and_numbers():
    facts = Facts.from_table({"locations": {"Golden": "303-555-0177", "Aurora": ["303-555-0188"]}})
    ask = "Call our Golden office at 303-555-0188 to book your first visit."
    assert reasons(blog([ask]), facts) == ["names Golden, but 303-555-0188 is the number of Aurora"]


def test_towns_of_told_addresses_are_places():
    facts = Facts.from_table({"address": ["1 Main St, Golden, CO 80401", "2 Elm St, Aurora, CO 80010"]})
    ask = "Call our Golden office to book your first visit with us today."
    assert reasons(blog([ask], title="Sleep in Aurora"), facts) == [
        "the post is about Aurora, its call to action names Golden"
    ]


def test_places_that_are_no_table_are_refused_by_name():
    with pytest.raises(ValueError, match="locations"):
        Facts.from_table({"locations": "Denver"})


def test_a_call_for_another_place_is_something_to_do():
    found = audit(blog([call("Boulder", phone=BOULDER)], title="Infusions in Denver"))
    (action,) = [action for action in found.actions if action.kind == "location-cta"]
    assert action.posts == ("https://aster.test/blog/post-20/",)
