from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.boilerplate import (
    MIN_PAGES,
    PageSummary,
    affected,
    learn,
    pages_with,
    path_key,
    profile_from_json,
    profile_to_json,
    verdict,
)
from scraper.extract import extract, summarise
from scraper.model import Block, Page, Role, SiteProfile

SENTENCES = [
    f"The {noun} we {verb} last {day} stood where the {place} begins, and {who} had not seen it in {number} years."
    for noun, verb, day, place, who, number in (
        ("bench", "mended", "Monday", "orchard", "nobody", "four"),
        ("ladder", "carried", "Tuesday", "harbour", "Irena", "eleven"),
        ("bell", "painted", "Friday", "market", "my uncle", "two"),
        ("cart", "bought", "summer", "valley", "the baker", "thirty"),
        ("lamp", "found", "winter", "station", "her sister", "nine"),
        ("door", "sold", "spring", "quarry", "the boys", "seven"),
        ("wheel", "turned", "Sunday", "bridge", "old Tomas", "sixteen"),
        ("map", "drew", "autumn", "island", "the ferryman", "five"),
    )
]
OFFER = "Call our workshop today and we will look at your chair for nothing, whatever its age may be."


def post(number, *, extra="", box="", theme="entry-content"):
    start = number % len(SENTENCES)
    body = "".join(
        f"<p>{number}{place}. {SENTENCES[(start + place) % len(SENTENCES)]} Item {number * 7 + place}.</p>"
        for place in range(4)
    )
    return (
        f"<html><head><title>Post {number}</title></head><body><header><a href='/'>The Workshop</a><p>Since 1921 in the old"
        f" town</p></header><article class='post-{number} tag-t{number}'><h1>Post {number}</h1><div class='{theme}'>{body}"
        f"{extra}</div>{box}</article><footer><p>© The Workshop. Made by hand, one at a time.</p></footer></body></html>"
    )


def page(number, html=None, **facts):
    url = f"https://workshop.example/{number}"
    known = {
        "site": "workshop.example",
        "url": url,
        "final_url": url,
        "status": 200,
        "headers": (("content-type", "text/html; charset=utf-8"),),
        "body": (html or post(number)).encode(),
        "fetched_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return Page(**{**known, **facts})


def site(count=5, **options):
    return [page(number, post(number, **options)) for number in range(count)]


def block_of(article, text):
    return next(block for block in article.blocks if text in block.text)


def test_nothing_is_learnt_from_two_pages():
    profile = learn(summarise(one) for one in site(MIN_PAGES - 1))
    assert (profile.pages, profile.template_digests, profile.template_paths, profile.containers) == (2, {}, {}, ())


def test_a_text_that_recurs_outside_the_posts_is_set_aside_with_its_count():
    pages = site()
    profile = learn(summarise(one) for one in pages)
    block = block_of(extract(pages[0], profile), "Since 1921")
    assert not block.kept
    assert pages_with(block.digest, block.path, profile) == 5


def test_a_text_that_recurs_inside_the_posts_is_kept_and_flagged():
    pages = site(extra=f"<p>{OFFER}</p>")
    block = block_of(extract(pages[0], learn(summarise(one) for one in pages)), OFFER)
    assert (block.kept, block.role, block.reason) == (True, Role.CTA, "editorial")


def test_a_first_paragraph_that_is_a_teaser_on_other_pages_stays_in_its_post():
    teaser = f"0{0}. {SENTENCES[0]} Item 0."
    pages = site(6, box=f"<div class='related-posts'><h4><a href='/0'>Post 0</a></h4><p>{teaser}</p></div>")
    profile = learn(summarise(one) for one in pages)
    inside, outside = [block.kept for block in extract(pages[0], profile).blocks if block.text == teaser]
    assert (inside, outside) == (True, False)


def test_the_heading_above_a_repeated_call_to_action_is_flagged_with_it():
    pages = site(extra=f"<h2>Your chair and you</h2><p>{OFFER}</p>")
    block = block_of(extract(pages[0], learn(summarise(one) for one in pages)), "Your chair and you")
    assert (block.kept, block.role) == (True, Role.CTA)


def test_a_repeated_disclaimer_is_kept_and_flagged_as_legal():
    text = "What we write here is no advice for your own chair, and cannot replace a look at it by daylight."
    pages = site(extra=f"<p>{text}</p>")
    block = block_of(extract(pages[0], learn(summarise(one) for one in pages)), text)
    assert (block.kept, block.role) == (True, Role.LEGAL)


def test_a_box_that_a_plugin_puts_into_every_post_is_set_aside_when_it_is_named_as_one():
    box = "<div class='author-box'><h4>About Nils</h4><p>Nils mends chairs and writes about it when it rains.</p></div>"
    pages = site(6, extra=box)
    article = extract(pages[0], learn(summarise(one) for one in pages))
    block = block_of(article, "Nils mends")
    assert (block.kept, block.role) == (False, Role.AUTHOR)


def test_the_container_is_learnt_from_the_bodies_that_a_feed_gave_and_holds_for_other_posts():
    note = "<div class='note'><p>What readers asked us about this chair most often, in their own words.</p></div>"
    pages = [page(number, post(number, box=note.replace("chair", f"chair {number}"))) for number in range(6)]
    told = []
    for one in pages[:3]:
        text = one.body.decode()
        body = text[text.index("<div class='entry-content'>") : text.index("</div>") + 6]
        told.append(replace(one, reference_body=body))
    profile = learn(summarise(one) for one in [*told, *pages[3:]])
    assert profile.containers[0][-1] == "div.entry-content"
    assert not block_of(extract(pages[5], profile), "readers asked").kept


def test_a_reference_body_that_has_little_to_do_with_the_page_is_not_believed():
    assert not summarise(
        page(1, reference_body="<p>Quite another text, about something else altogether.</p>")
    ).has_reference_body


def test_a_reference_body_that_was_cut_short_is_not_believed():
    one = page(1)
    text = one.body.decode()
    first = text[text.index("<p>1") : text.index("</p>", text.index("<p>1")) + 4]
    assert not summarise(replace(one, reference_body=first)).has_reference_body


def test_a_posts_own_body_decides_on_its_page():
    odd = "<p>ok</p><div class='promo-banner'><p>See also</p></div>"
    one = page(1, post(1, extra=odd))
    text = one.body.decode()
    body = text[text.index("<div class='entry-content'>") : text.index("</article>")]
    assert "See also" in extract(replace(one, reference_body=body)).text


def test_a_summary_that_is_handed_in_changes_nothing_but_the_time():
    pages = site(6)
    summaries = [summarise(one) for one in pages]
    profile = learn(summaries)
    assert [extract(one, profile, known) for one, known in zip(pages, summaries, strict=True)] == [
        extract(one, profile) for one in pages
    ]


def test_two_templates_of_one_blog_have_a_container_each():
    pages = [page(number, post(number, theme="old-body" if number % 2 else "new-text")) for number in range(10)]
    profile = learn(summarise(one) for one in pages)
    assert {container[-1] for container in profile.containers} == {"div.old-body", "div.new-text"}


def test_a_summary_survives_storage():
    made = summarise(page(1))
    assert PageSummary.from_bytes(made.to_bytes()) == made


def test_a_profile_survives_storage():
    profile = learn(summarise(one) for one in site())
    assert profile_from_json(profile_to_json(profile)) == profile


def test_the_order_of_pages_does_not_matter():
    summaries = [summarise(one) for one in site(6)]
    assert learn(summaries) == learn(reversed(summaries))


def test_more_pages_of_the_same_kind_leave_the_old_ones_untouched():
    summaries = [summarise(one) for one in site(12)]
    old, new = learn(summaries[:10]), learn(summaries)
    assert [affected(one, old, new) for one in summaries[:10]] == [False] * 10


def test_a_page_is_affected_when_one_of_its_texts_becomes_part_of_the_frame():
    summaries = [summarise(one) for one in site()]
    old = learn(summaries)
    first = next(iter(old.template_digests))
    fewer = {key: count for key, count in old.template_digests.items() if key != first}
    assert affected(summaries[0], replace(old, template_digests=fewer, digest="other"), old)


def test_a_path_key_forgets_what_is_a_posts_own():
    key = path_key(("div#content", "article#post-12.post-12.tag-sea.category-boats", "h2#the-green-boat-4"))
    assert key == path_key(("div#content", "article#post-7.post-7.tag-bread", "h2#other"))


def test_a_path_key_keeps_what_tells_a_box_from_the_text():
    assert path_key(("div.author-box", "p")) != path_key(("div.entry-content", "p"))


@given(st.lists(st.text(alphabet="abcdefghij", min_size=6, max_size=12), min_size=1, max_size=8, unique=True))
def test_blocks_that_are_on_no_other_page_get_no_verdict(words):
    blocks = [Block(word, (f"x-{word}",), at, f"{hash(word):x}") for at, word in enumerate(words)]
    profile = SiteProfile(pages=9, template_digests={"0": 9}, template_paths={("nav",): 9})
    assert {verdict(block.digest, path_key(block.path), profile) for block in blocks} == {None}


@pytest.mark.parametrize("stored", ["{}", "[]", "null", '{"pages": "x"}'])
def test_a_damaged_profile_is_an_error_the_caller_can_catch(stored):
    with pytest.raises((ValueError, KeyError, TypeError)):
        profile_from_json(stored)


NOTICES = (
    "We close at noon on Friday.",
    "The lift is working again.",
    "Parking is free until May.",
    "A new chair has come.",
    "Please bring a blanket.",
    "Irena is back from leave.",
)


def notice(number, text, lang="en"):
    box = "<aside class=sidebar><div class=widget><h3>Our letter</h3><p>Get one letter a month with news of us all.</p></div></aside>"
    return page(
        number,
        f"<html lang={lang}><head><title>Notice {number}</title></head><body><header><a href=/>The Workshop</a></header>"
        f"<main><article class=post><h1>Notice {number}</h1><div class=entry-content><p>{text}</p></div></article></main>{box}"
        "<footer><p>The Workshop, Harbour Street.</p></footer></body></html>",
    )


def test_posts_of_one_sentence_are_kept_and_a_box_beside_them_is_not():
    pages = [notice(number, text) for number, text in enumerate(NOTICES)]
    profile = learn(summarise(each) for each in pages)
    assert [extract(each, profile).text for each in pages] == list(NOTICES)


@pytest.mark.parametrize("state", ["has-comments", "comments-open", "no-comments", "no-sidebar", "single-product"])
@pytest.mark.parametrize("tag", ["article", "main", "div"])
def test_a_state_in_the_class_of_a_large_container_says_nothing_of_its_text(tag, state):
    html = (
        post(1)
        .replace("<article class='post-1 tag-t1'>", f"<{tag} class='{state}'>")
        .replace("</article>", f"</{tag}>")
    )
    assert "1. The" in extract(page(1, html)).text or "10. The" in extract(page(1, html)).text


def test_a_post_may_stand_in_an_element_called_a_comment_and_comments_may_not():
    pages = site(6, theme="comment-content")
    profile = learn(summarise(each) for each in pages)
    assert all(f"{number}0. The" in extract(each, profile).text for number, each in enumerate(pages))
    reply = "<div id=comments><div class='comment-content'><p>I waited long and it was worth it, thank you all so much.</p></div></div>"
    assert "I waited long" not in extract(page(1, post(1, box=reply))).text


def test_pages_of_many_sites_are_judged_each_by_itself():
    """They share bare elements only: what is learnt of those says nothing about a page."""

    def other(number):
        menu = f"<div><p>Menu {number} of a shop with many more words in it than one would think at first.</p></div>"
        body = "".join(f"<p>{number}{place}. {SENTENCES[(number + place) % 8]}</p>" for place in range(5))
        around = f"<div><div>{body}</div></div>" if number % 2 else f"<section><div>{body}</div></section>"
        return page(number, f"<html><body>{menu}{around}<div><p>© {number}</p></div></body></html>")

    pages = [other(number) for number in range(8)]
    profile = learn(summarise(each) for each in pages)
    assert [extract(each, profile).text for each in pages] == [extract(each).text for each in pages]
