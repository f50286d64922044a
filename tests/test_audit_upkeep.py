"""Links that lead nowhere, posts without a notice, thin posts and posts left unchanged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from indexer.audit.findings import CHECKS, Check
from indexer.audit.incremental.fingerprints import Memory
from indexer.audit.memory.cache import pack, unpack
from indexer.audit.owner.identity import Facts
from indexer.audit.run import complete, survey
from indexer.present.audit_form import audit_form, audit_rows
from indexer.present.report.page import render
from indexer.present.terminal.check_views import checked_lines
from scraper.model import Link, Role
from tests.audit_blog import article, block, blog, call, own

GONE = "https://aster.test/blog/long-gone/"
NOTICE = "This text is for information only and is not a substitute for medical advice from your own doctor."


def linking(post, *hrefs, position=0):
    return replace(post, links={position: tuple(Link("here", href) for href in hrefs)})


def found(posts, check, facts=None, dead=None):
    audit = complete(survey(posts, None, facts, None, dead or {}))
    return [finding for finding in audit.checks if finding.check == check]


def test_a_link_to_a_post_that_is_gone_is_named_once_a_post():
    posts = blog(12)
    posts[3] = linking(posts[3], GONE, "http://www.aster.test/blog/long-gone", "https://other.test/blog/long-gone/")
    posts[5] = linking(posts[5], "https://aster.test/nowhere/?utm_source=x")
    told = found(posts, "dead-link", dead={GONE: "gone", "https://aster.test/nowhere/": "missing"})
    assert [(each.post, each.found) for each in told] == [
        (posts[5].url, "https://aster.test/nowhere/?utm_source=x"),
        (posts[3].url, GONE),
    ]
    assert ["gone" in each.reason for each in told] == [False, True]


def test_a_link_to_a_post_that_is_there_is_none_whatever_a_crawl_once_got():
    posts = blog(12)
    posts[3] = linking(posts[3], posts[4].url, "mailto:a@aster.test", "tel:+13035550100")
    assert not found(posts, "dead-link", dead={posts[4].url.replace("https", "http"): "missing"})


@pytest.mark.parametrize(
    ("href", "is_old"),
    [
        ("https://www.bluemesa.test/visit", True),
        ("http://BLUEMESA.test", True),
        ("https://bluemesa.test?from=blog", True),
        ("https://bluemesa.tester/visit", False),
        ("https://notbluemesa.test/", False),
        ("https://aster.test/?to=bluemesa.test", False),
        ("mailto:desk@bluemesa.test", False),
    ],
)
def test_a_link_to_an_address_that_the_facts_call_old_is_named(href, is_old):
    posts = blog(12)
    posts[3] = linking(posts[3], href)
    facts = Facts(url=("https://aster.test",), old_urls=("https://bluemesa.test/",))
    told = found(posts, "old-link", facts)
    assert [(each.post, each.found, each.expected) for each in told] == (
        [(posts[3].url, href, "https://aster.test")] if is_old else []
    )


def test_an_old_address_that_the_text_shows_is_a_stale_value_and_no_link_besides():
    posts = blog(12)
    shown = article(20, [own(20, 0), "Find us at bluemesa.test any day."])
    posts.append(linking(shown, "https://bluemesa.test/", position=1))
    facts = Facts(old_urls=("bluemesa.test",))
    audit = survey(posts, None, facts)
    assert [each.kind for each in audit.stale if each.post == shown.url] == ["url"]
    assert not audit.checks_of("links")


def noticed(number, *more):
    return article(number, [own(number, at) for at in range(3)] + [*more, call()])


def test_posts_without_the_notice_that_most_have_are_named():
    posts = [noticed(at, NOTICE) if at not in (4, 9) else noticed(at) for at in range(14)]
    told = found(posts, "missing-notice")
    assert [each.post for each in told] == [posts[9].url, posts[4].url]
    assert {each.text for each in told} == {NOTICE}


def test_a_notice_in_other_words_or_printed_around_the_post_is_one_too():
    posts = [noticed(at, NOTICE) for at in range(14)]
    posts[4] = noticed(4, "Nothing on this page can replace a visit; we do not guarantee any result.")
    bare = noticed(9)
    posts[9] = replace(bare, blocks=(*bare.blocks, block(NOTICE, len(bare.blocks), False, Role.LEGAL)))
    assert not found(posts, "missing-notice")


def test_where_few_posts_have_a_notice_none_lacks_it():
    assert not found([noticed(at, *([NOTICE] if at < 5 else [])) for at in range(14)], "missing-notice")


def test_a_post_with_few_words_of_its_own_is_thin_and_on_a_blog_of_short_notes_none_is():
    posts = [article(at, [own(at, part) for part in range(20)]) for at in range(12)]
    posts.append(article(30, ["We are closed on Monday.", call()]))
    (thin,) = found(posts, "thin-post")
    assert thin.post == posts[-1].url
    assert "half of the posts have 5" in thin.reason or "half of the posts have 6" in thin.reason
    assert not found([article(at, [f"Note {own(at, 0)[:60]}"]) for at in range(14)], "thin-post")


def about(number, topic, day, modified=None):
    post = article(number, [own(number, at) for at in range(3)])
    told = replace(post.metadata, published=day, modified=modified)
    return replace(post, topics=(topic,), metadata=told)


def test_a_post_unchanged_for_years_is_named_where_its_topic_lives():
    posts = [
        *(about(at, "Sleep", date(2026, 1 + at % 6, 1)) for at in range(10)),
        about(20, "Sleep", date(2020, 3, 1)),
        about(21, "Sleep", date(2020, 3, 1), date(2025, 2, 1)),
        about(22, "Parking", date(2020, 3, 1)),
        about(23, "Sleep", date(2024, 3, 1)),
    ]
    (told,) = found(posts, "unchanged-post")
    assert told.post == posts[10].url
    assert told.reason == "not changed since 2020-03; of its topic Sleep there are 10 newer posts"


def test_a_wrong_day_in_the_future_makes_no_post_old():
    posts = [about(at, "Sleep", date(2020, 1 + at % 6, 1)) for at in range(12)]
    assert not found([*posts, about(30, "Sleep", date(2090, 1, 1))], "unchanged-post")


@pytest.fixture
def audit():
    posts = [noticed(at, NOTICE) for at in range(14)]
    posts[2] = linking(noticed(2), GONE)
    posts.append(article(40, ["We are closed.", NOTICE]))
    return complete(survey(posts, None, None, None, {GONE: "gone"}))


def test_every_check_has_an_action_a_list_and_a_place_in_the_report(audit):
    kinds = {action.kind for action in audit.actions}
    assert {"fix-link", "add-notice"} <= kinds
    report = render(audit, "aster.test", date(2026, 1, 1))
    for kind in ("links", "notices"):
        (finding,) = audit.checks_of(kind)
        columns, row = audit_rows({"aster.test": audit}, kind)
        told = dict(zip(columns, row, strict=True))
        assert (told["post"], told["reason"], told["title"]) == (finding.post, finding.reason, "Post 2")
        text = "\n".join(checked_lines(audit, kind, 100))
        assert finding.post in text
        assert finding.reason in text
        assert f'id="{kind}"' in report
        assert finding.reason in report
    assert {each["check"] for each in audit_form(audit)["checks"]} >= {"dead-link", "missing-notice"}


def test_a_list_without_findings_says_so_and_has_its_columns(audit):
    quiet = replace(audit, checks=())
    for kind in ("links", "notices", "upkeep"):
        assert len(list(checked_lines(quiet, kind, 100))) == 1
        assert "reason" in next(audit_rows({"aster.test": quiet}, kind))


def test_every_check_is_in_one_list():
    every = [check for checks in CHECKS.values() for check in checks]
    assert sorted(every) == sorted(get_args(Check))


def test_checks_are_kept_with_the_survey(audit):
    assert unpack(pack(audit)).checks == audit.checks


def test_going_on_from_what_was_seen_finds_the_same():
    posts = [noticed(at, NOTICE) for at in range(14)]
    memory = Memory()
    survey(posts, memory=memory)
    later = [*posts, linking(noticed(20), GONE)]
    again = Memory(dict(memory.made), inputs=memory.inputs)
    assert survey(later, None, None, again, {GONE: "gone"}) == survey(later, None, None, None, {GONE: "gone"})
    assert len(survey(later, None, None, None, {GONE: "gone"}).checks_of("links")) == 1


def test_a_copy_of_a_call_without_the_link_that_the_others_have_is_named():
    book, other = "https://aster.test/book/", "https://aster.test/prices/"
    posts = [
        linking(article(n, [own(n, 0), own(n, 1), call()]), *({3: (), 5: (other,)}.get(n, (book,))), position=2)
        for n in range(12)
    ]
    told = found(posts, "odd-link")
    assert [(each.post, each.found, each.expected) for each in told] == [
        (posts[5].url, other, book),
        (posts[3].url, "", book),
    ]
    audit = complete(survey(posts))
    assert [(each.kind, len(each.posts)) for each in audit.actions if each.kind == "check-link"] == [("check-link", 2)]


def test_a_call_that_leads_to_another_page_for_each_town_has_no_usual_link():
    towns = ["Denver", "Boulder", "Golden"]
    posts = [
        linking(article(n, [own(n, 0), call(town)]), f"https://aster.test/{town}/", position=1)
        for n in range(12)
        for town in [towns[n % 3]]
    ]
    assert not found(posts, "odd-link")


def test_a_post_without_a_picture_of_its_own_is_named_where_the_others_have_one():
    def pictured(images):
        posts = blog(12)
        return [replace(p, metadata=replace(p.metadata, image=image)) for p, image in zip(posts, images, strict=True)]

    own_ones = [f"https://aster.test/{n}.jpg" for n in range(12)]
    logo = "https://aster.test/logo.png"
    told = found(pictured([*own_ones[:10], None, own_ones[11]]), "no-lead-image")
    assert [each.post for each in told] == ["https://aster.test/blog/post-10/"]
    assert not found(pictured([*own_ones[:7], None, None, logo, logo, logo]), "no-lead-image")
    many = [replace(p, url=p.url, metadata=replace(p.metadata, image=f"{p.url}a.jpg")) for p in blog(20)]
    for n in (2, 3, 4):
        many[n] = replace(many[n], metadata=replace(many[n].metadata, image=logo))
    assert [each.found for each in found(many, "no-lead-image")] == [logo] * 3


def test_a_sentence_that_was_pasted_to_the_end_of_different_paragraphs_is_a_cluster():
    pasted = "Our nurses answer every question about the treatment within one working day."
    posts = [
        article(n, [own(n, 0), f"{own(n, 1)} {pasted}" if n in (2, 5, 9) else own(n, 1), call()]) for n in range(12)
    ]
    audit = complete(survey(posts))
    [cluster] = [each for each in audit.clusters if each.text == pasted]
    assert set(cluster.urls) == {posts[n].url for n in (2, 5, 9)}
    twice = [article(n, [own(n, 0), f"{own(n, 1)} {pasted}" if n in (2, 5) else own(n, 1), call()]) for n in range(12)]
    assert not [each for each in complete(survey(twice)).clusters if each.text == pasted]
    whole = [article(n, [own(n, 0), f"It is the same. {pasted}" if n in (2, 5, 9) else own(n, 1)]) for n in range(12)]
    assert not [each for each in complete(survey(whole)).clusters if each.text == pasted]


def test_a_copyright_line_below_the_page_is_no_notice():
    footer = (("© 2024 Aster Pain Clinic. All rights reserved.", Role.LEGAL),)
    posts = [article(n, [own(n, 0), call(), *([NOTICE] if n not in (3, 8) else ())], footer) for n in range(12)]
    assert [each.post for each in found(posts, "missing-notice")] == [posts[8].url, posts[3].url]
