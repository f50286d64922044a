from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from datetime import date

import pytest

from indexer.audit.checks.actions import rank
from indexer.audit.findings import Audit, Deviation, Mark, Summary
from indexer.audit.memory.accepted import accept, read_accepted, write_accepted
from indexer.audit.memory.history import History, remember
from indexer.audit.options import Options
from indexer.audit.owner.identity import Facts
from indexer.audit.run import audit
from indexer.present.audit_form import audit_form, audit_rows
from scraper.model import Role
from tests.audit_blog import BEFORE, BRAND, FORMER, NOW, THEME, article, block, blog, call, own

FACTS = Facts.from_table({"phone": [NOW], "brand": BRAND, "old_brands": [FORMER]})


def numbers(urls):
    return sorted(int(url.rstrip("/").rpartition("-")[2]) for url in urls)


def calls(found):
    return next(cluster for cluster in found.clusters if cluster.role == "cta")


def test_the_pasted_call_is_one_cluster_with_its_wordings():
    cluster = calls(audit(blog()))
    assert (cluster.posts, len(cluster.variants), cluster.place) == (19, 3, "at the end")
    assert sum(variant.count for variant in cluster.variants) == 19


def test_dates_and_share_of_a_cluster_are_told():
    cluster = calls(audit(blog()))
    assert cluster.share == pytest.approx(0.95)
    assert (cluster.first_published, cluster.last_published) == (date(2020, 1, 6), date(2020, 5, 18))


@pytest.mark.parametrize("facts", [None, FACTS], ids=["learnt", "told"])
def test_old_phone_and_name_are_found_with_and_without_facts(facts):
    found = audit(blog(), facts=facts)
    assert {(finding.kind, finding.expected) for finding in found.stale} == {("phone", NOW), ("brand", BRAND)}
    assert numbers(finding.post for finding in found.stale if finding.kind == "phone") == [0, 1, 2, 3]
    assert all(finding.learnt == (facts is None) for finding in found.stale)


@pytest.mark.parametrize("written", ["303.555.0199", "303-555-0199", "3035550199", "+1 303 555 0199"])
def test_an_old_phone_is_found_in_every_written_form(written):
    found = audit([*blog(), article(20, [own(20, 0), call(phone=written)], THEME)])
    assert 20 in numbers(finding.post for finding in found.stale if finding.kind == "phone")


def test_a_number_to_call_with_two_digits_changed_is_perhaps_a_typo():
    posts = [*blog(), article(20, [own(20, 0), "Call (303) 555-0010 to schedule a visit.", call()], THEME)]
    (typo,) = [finding for finding in audit(posts).stale if numbers([finding.post]) == [20]]
    assert (typo.found, typo.expected, typo.severity) == ("(303) 555-0010", NOW, "low")


def test_a_fax_number_or_a_pharmacy_near_ours_is_no_typo():
    texts = [own(20, 0), "Fax your records to 303-555-0101.", "Ask at the pharmacy, 303-555-0110, for it.", call()]
    assert 20 not in numbers(finding.post for finding in audit([*blog(), article(20, texts, THEME)]).stale)


def test_a_call_with_an_old_number_is_a_call_all_the_same():
    texts = [[own(20, 0), "Call 303-555-0777 to book a first visit."], [own(21, 0), "Our desk is at 303-555-0778."]]
    posts = [*blog(), *(article(20 + at, text, THEME) for at, text in enumerate(texts))]
    assert numbers(finding.post for finding in audit(posts).missing_cta) == [7]


def test_a_crisis_line_is_no_stale_phone():
    posts = [*blog(), article(20, [own(20, 0), "In a crisis call 1-800-273-8255 at any hour.", call()], THEME)]
    found = audit(posts)
    assert 20 not in numbers(finding.post for finding in found.stale)
    assert [contact.found for contact in found.unattributed] == ["1-800-273-8255"]


LINE = "Our desk line, {}, is open from eight to five on every weekday of the year."


def test_a_number_elsewhere_in_a_copy_of_our_paragraph_is_no_former_one():
    lines = [article(20 + at, [own(20 + at, 0), LINE.format(NOW)], THEME) for at in range(5)]
    chemist = LINE.format(NOW) + " The chemist next door has 303-763-5533 for refills."
    other = LINE.format("303-555-0155")
    posts = [*blog(), *lines, article(25, [own(25, 0), chemist], THEME), article(26, [own(26, 0), other], THEME)]
    stale = [finding for finding in audit(posts).stale if finding.kind == "phone"]
    assert {finding.found for finding in stale if numbers([finding.post])[0] > 20} == {"303-555-0155"}


def test_a_number_after_the_name_in_another_sentence_is_not_the_owners():
    text = f"Ask the state board at 303-763-5533. {BRAND} sends the form."
    found = audit([*blog(), article(20, [own(20, 0), text, call()], THEME)])
    assert 20 not in numbers(finding.post for finding in found.stale)


def test_a_helpline_beside_the_name_is_not_the_owners():
    text = f"The crisis lifeline that {BRAND} trusts is 1-800-273-8255."
    found = audit([*blog(), article(20, [own(20, 0), text, call()], THEME)])
    assert 20 not in numbers(finding.post for finding in found.stale)


def test_mail_and_links_at_a_host_called_by_the_former_name_are_found():
    text = "Write to desk@bluemesawellness.example or see www.blue-mesa-wellness.example/faq today."
    stale = audit([*blog(), article(20, [own(20, 0), text], THEME)]).stale
    found = {(finding.kind, finding.found) for finding in stale if numbers([finding.post]) == [20]}
    assert found == {("email", "desk@bluemesawellness.example"), ("url", "www.blue-mesa-wellness.example")}


@pytest.mark.parametrize("facts", [None, Facts(address=("12 Birch St, Denver",))], ids=["learnt", "told"])
def test_a_street_that_calls_sent_to_before_is_found_wherever_it_stands(facts):
    before, now = "Come see us at 40 Elm Street.", "Come see us at 12 Birch Street."
    old = [article(20, [own(20, 0), before], THEME), article(21, [own(21, 0), "The room on 40 Elm Street is bright."])]
    filled = [article(number, [own(number, 0), call()], THEME) for number in range(22, 40)]
    new = [article(40 + at, [own(40 + at, 0), now, "The lab is at 9 Oak Street."], THEME) for at in range(3)]
    stale = [f for f in audit([*blog(), *old, *filled, *new], facts=facts).stale if f.kind == "address"]
    assert [(numbers([finding.post]), finding.found) for finding in stale] == [
        ([21], "40 Elm Street"),
        ([20], "40 Elm Street"),
    ]


def test_a_former_street_gives_way_to_the_one_in_the_town_that_is_named():
    facts = Facts(address=("12 Birch Street, Denver", "7 Fir Road, Boulder"), old_addresses=("40 Elm Street",))
    posts = [*blog(), article(20, [own(20, 0), "Our rooms in Boulder are at 40 Elm Street."], THEME)]
    assert [finding.expected for finding in audit(posts, facts=facts).stale if finding.kind == "address"] == [
        "7 Fir Road, Boulder"
    ]


def test_a_footer_tells_the_street_of_today():
    footer = ((f"{BRAND} | 12 Birch Street, Denver", Role.NAVIGATION),)
    calls = [article(at, [own(at, 0), call()], footer) for at in range(19)]
    old = article(19, [own(19, 0), "Come see us at 40 Elm Street."], footer)
    found = [f for f in audit([*calls, old]).stale if f.kind == "address"]
    assert [(finding.found, finding.expected) for finding in found] == [("40 Elm Street", "12 Birch Street")]


def test_a_number_of_an_office_that_is_named_as_often_as_before_is_no_former_one():
    line = "Nurses at {} answer 970-555-0123 on weekdays."
    posts = [article(at, [own(at, 0), call(), *([line.format(BRAND)] if at % 4 == 0 else [])]) for at in range(40)]
    assert [finding.found for finding in audit(posts).stale] == []


def test_the_number_of_another_office_in_the_same_call_is_no_former_one_where_it_is_as_frequent_as_before():
    posts = [*blog(), *(article(number, [own(number, 0), call()], THEME) for number in range(20, 60))]
    for number in (21, 25, 29, 33, 37, 51, 57):
        posts[number] = article(number, [own(number, 0), call("Leadville", phone="719-555-0123")], THEME)
    assert {finding.found for finding in audit(posts).stale if finding.kind == "phone"} == {BEFORE}


def test_a_former_number_that_some_new_posts_still_have_is_found_in_the_call():
    posts = [*blog(), *(article(number, [own(number, 0), call()], THEME) for number in range(20, 60))]
    for number in (51, 57):
        posts[number] = article(number, [own(number, 0), call(phone=BEFORE)], THEME)
    stale = [finding for finding in audit(posts).stale if finding.kind == "phone"]
    assert numbers(finding.post for finding in stale) == [0, 1, 2, 3, 51, 57]


def test_a_former_number_gives_way_to_the_one_of_its_area():
    facts = Facts.from_table({"phone": [NOW, "970-555-0123"], "old_phones": ["970-555-0144"], "brand": BRAND})
    stale = audit([*blog(), article(20, [own(20, 0), call(phone="970-555-0144")], THEME)], facts=facts).stale
    assert next(f.expected for f in stale if f.found == "970-555-0144") == "970-555-0123"


def test_a_mistyped_number_is_not_learnt_as_ours():
    posts = [*blog(), *(article(20 + at, [own(20 + at, 0), call(phone="303-555-0110")], THEME) for at in range(3))]
    assert [line for line in audit(posts).expected if line.startswith("phone")] == [f"phone: {NOW} (learnt)"]


def test_a_number_that_stands_beside_the_former_name_only_is_not_learnt_as_ours():
    late = [article(20 + at, [own(20 + at, 0), call(brand=FORMER, phone=BEFORE)], THEME) for at in range(4)]
    found = audit([*blog(), *late])
    assert [line for line in found.expected if line.startswith("phone")] == [f"phone: {NOW} (learnt)"]


def test_the_name_is_learnt_from_the_host_where_calls_do_not_recur():
    texts = ["{} opened in May.", "Nurses at {} like tea.", "A walk with {} in June.", "Rooms of {} are small."]
    posts = [article(at, [own(at, 0), texts[at % 4].format("Aster Foot Care")]) for at in range(12)]
    hosted = [replace(post, url=post.url.replace("aster.test", "asterfootcare.com")) for post in posts]
    assert "name: Aster Foot Care (learnt)" in audit(hosted).expected


def test_a_number_in_all_its_forms_is_one_thing_to_do():
    texts = [["303-555-0199"], ["1-303-555-0199"], ["303.555.0199"]]
    posts = [*blog(), *(article(20 + at, [own(20 + at, 0), call(phone=form)]) for at, (form,) in enumerate(texts))]
    actions = [action for action in audit(posts).actions if action.kind == "fix-phone"]
    assert [len(action.posts) for action in actions] == [7]


def test_a_line_set_as_a_heading_is_read_for_its_number():
    line = replace(block(f"{FORMER} \u2013 {BEFORE}", 1), heading=2)
    made = article(20, [own(20, 0), "x"], THEME)
    posts = [*blog(), replace(made, blocks=(made.blocks[0], line))]
    found = audit(posts)
    assert {finding.kind for finding in found.stale if numbers([finding.post]) == [20]} == {"phone", "brand"}
    assert numbers(finding.post for finding in found.missing_cta) == [7]


def test_a_short_call_amid_a_post_counts_a_passing_word_in_a_long_paragraph_does_not():
    short = [own(20, 0), own(20, 1), "Stop by our office any day.", *(own(20, at) for at in range(2, 14))]
    long = [own(21, 0), own(21, 1) + " Stop by our office any day.", *(own(21, at) for at in range(2, 14))]
    posts = [*blog(), article(20, short, THEME), article(21, long, THEME)]
    assert numbers(finding.post for finding in audit(posts).missing_cta) == [7, 21]


def test_the_post_without_a_call_to_action_is_named():
    assert numbers(finding.post for finding in audit(blog()).missing_cta) == [7]


def test_a_call_to_action_in_words_of_its_own_counts():
    posts = [*blog(), article(20, [own(20, 0), "Not sure yet? Give us a call, or stop by our office any day."], THEME)]
    assert numbers(finding.post for finding in audit(posts).missing_cta) == [7]


def test_a_line_that_turns_to_us_in_unknown_words_counts_at_the_end_elsewhere_only_a_request():
    lines = ["Come sit with us.", "Come sit with us.", "Our nurses are here for you.", "Our nurses are here for you."]
    body = [own(20, at) for at in range(14)]
    texts = [[*body, lines[0]], [body[0], lines[1], *body[1:]], [*body, lines[2]], [body[0], lines[3], *body[1:]]]
    posts = [*blog(), *(article(20 + at, text, THEME) for at, text in enumerate(texts))]
    found = audit(posts)
    assert numbers(finding.post for finding in found.missing_cta) == [7, 23]
    assert numbers(note.post for note in found.cta_notes if note.kind == "weak") == [22]


def test_on_a_blog_that_asks_nowhere_no_call_is_missing():
    posts = [article(number, [own(number, 0), "There is more on our website."]) for number in range(30)]
    assert audit(posts).missing_cta == ()


def test_a_short_line_with_our_number_at_the_end_asks_in_any_language():
    posts = [*blog(), article(20, [own(20, 0), f"Puhelin {NOW}"], THEME), article(21, [own(21, 0), "Puhelin"], THEME)]
    assert numbers(finding.post for finding in audit(posts).missing_cta) == [7, 21]


def test_a_request_that_extraction_saw_by_its_link_asks_where_calls_are_no_habit():
    flagged = replace(article(0, [own(0, 0)]), blocks=(block(own(0, 0), 0), block("Varaa aika", 1, role=Role.CTA)))
    posts = [flagged, *(article(number, [own(number, 0)]) for number in range(1, 6))]
    assert numbers(finding.post for finding in audit(posts).missing_cta) == [1, 2, 3, 4, 5]


def test_a_call_that_stands_twice_is_told():
    posts = [*blog(), article(20, [call(), own(20, 0), own(20, 1), call(city="Boulder")], THEME)]
    assert [(note.kind, numbers([note.post])) for note in audit(posts).cta_notes] == [("doubled", [20])]


def test_a_copied_post_is_a_duplicate_and_the_older_one_is_told():
    texts = [own(3, paragraph) for paragraph in range(4)]
    found = audit([*blog(), article(20, [*texts, call()], THEME)]).duplicates
    assert [(pair.kind, numbers([pair.a, pair.b]), numbers([pair.older])) for pair in found] == [
        ("exact", [3, 20], [3])
    ]


def test_half_a_post_taken_over_is_a_partial_copy_with_containment_both_ways():
    texts = [own(3, 0), own(3, 1), own(20, 2), own(20, 3), own(20, 4), own(20, 5)]
    (pair,) = audit([*blog(), article(20, texts, THEME)]).duplicates
    assert pair.kind == "partial"
    assert pair.a_in_b > pair.b_in_a > 0.25


def test_many_posts_of_one_pattern_are_one_series_and_no_pairs():
    pattern = [own(5, 0), own(5, 1)]
    posts = [*blog(5), *(article(20 + n, [*pattern, own(30 + n, 0), own(30 + n, 1)], THEME) for n in range(8))]
    found = audit(posts)
    assert [len(series.posts) for series in found.series] == [8]
    assert not found.duplicates


def test_four_posts_of_one_pattern_are_a_series_but_a_full_copy_among_them_stays_a_pair():
    pattern = [own(5, 0), own(5, 1)]
    rest = [30, 31, 32, 33, 33]
    posts = [article(n, [*pattern, own(one, 0), own(one, 1)], THEME) for n, one in enumerate(rest)]
    found = audit([*posts, *(article(10 + n, [own(10 + n, at) for at in range(4)], THEME) for n in range(12))])
    assert [len(series.posts) for series in found.series] == [5]
    assert [numbers((pair.a, pair.b)) for pair in found.duplicates] == [[3, 4]]


def test_a_passage_inside_another_paragraph_is_found_with_its_source():
    words = own(3, 0).split()
    mixed = f"{' '.join(own(20, 1).split()[:20])} {' '.join(words[1:27])} {' '.join(own(20, 2).split()[:20])}"
    (passage,) = audit([*blog(), article(20, [mixed, own(20, 3)], THEME)]).passages
    assert passage.words >= 25
    assert numbers([passage.source]) == [3]


def test_template_is_told_apart_and_its_gaps_are_deviations():
    posts = [*blog(), article(20, [own(20, 0), call()], THEME[1:])]
    found = audit(posts)
    assert {c.text for c in found.clusters if c.kind == "template"} == {text for text, _ in THEME}
    assert [(numbers([d.post]), d.what) for d in found.deviations] == [([20], 'lacks "Home", which 20 posts have')]


def titled(number, texts, around):
    """Return a post with a title of its own, and around it the titles of its neighbours."""
    made = article(number, texts, around)
    return replace(made, metadata=replace(made.metadata, title=TITLES[number % len(TITLES)]))


TITLES = ["Can Sleep Therapy Help You", "A Quiet Week in May", "What Patients Ask Us Most", "How to Read a Chart"]
FOOTER = (f"© 2024 {BRAND}. All rights reserved.", Role.LEGAL)


def test_what_a_page_lacks_keeps_its_id_and_its_action_when_more_pages_have_it():
    bare = article(40, [own(40, 0), call()], THEME[1:])
    first, later = (audit([*blog(posts), bare]) for posts in (20, 24))
    assert [d.what for d in first.deviations] != [d.what for d in later.deviations]
    assert [d.mark.id for d in first.deviations] == [
        d.mark.id for d in audit([*blog(24), bare], previous=remember(first)).deviations
    ]


def test_the_name_is_never_learnt_from_titles_around_the_article():
    near = [(f"Older: {TITLES[0]}", Role.NAVIGATION), (f"Read: {TITLES[0]}", Role.RELATED)]
    posts = [titled(number, [own(number, at) for at in range(3)], near) for number in range(12)]
    assert audit(posts).expected == ()
    posts = [titled(number, [own(number, at) for at in range(3)], [*near, FOOTER, THEME[1]]) for number in range(12)]
    assert f"name: {BRAND} (learnt)" in audit(posts).expected


def test_a_former_name_in_the_contact_heading_of_old_posts_is_found():
    posts = []
    for number in range(20):
        made = article(number, [own(number, 0), own(number, 1), f"Contact {FORMER if number < 3 else BRAND}"], [FOOTER])
        *rest, last = [entry for entry in made.blocks if entry.kept]
        posts.append(replace(made, blocks=(*rest, replace(last, heading=2), *made.blocks[len(rest) + 1 :])))
    stale = audit(posts).stale
    assert {(finding.found, finding.expected) for finding in stale} == {(FORMER, BRAND)}
    assert numbers(finding.post for finding in stale) == [0, 1, 2]


def test_titles_around_the_article_are_no_deviations_but_an_old_footer_is():
    posts = []
    for number in range(20):
        year = FOOTER if number else ("© 2019 Somebody else. No rights at all reserved here.", Role.LEGAL)
        names = [TITLES[number % 4], f"Home » Blog » {TITLES[number % 4]}", TITLES[0]]
        posts.append(titled(number, [own(number, 0)], [year, *((name, Role.NAVIGATION) for name in names)]))
    found = audit(posts, facts=FACTS)
    assert numbers({deviation.post for deviation in found.deviations}) == [0]
    assert all("rights" in deviation.what for deviation in found.deviations)


def footed(number, line, texts=(), role=Role.OTHER):
    """Return a post with a line of contact in its footer; without `texts`, no number stands in the post itself."""
    return article(number, [own(number, 0), own(number, 1), *texts], [("Home", Role.NAVIGATION), (line, role)])


CONTACT = f"{BRAND}, 12 Mill Street, Denver, CO 80202. {{}}"
OTHER = "(720) 555-0142"


@pytest.mark.parametrize(
    ("usual", "odd", "what"),
    [
        (CONTACT.format(NOW), CONTACT.format(BEFORE), f'shows "{BEFORE}" where nearly all posts show "{NOW}"'),
        (NOW, BEFORE, f'shows "{BEFORE}" where nearly all posts show "{NOW}"'),
        (
            CONTACT.format("office@aster.test"),
            CONTACT.format("office@bluemesa.test"),
            'shows "office@bluemesa.test" where nearly all posts show "office@aster.test"',
        ),
        (
            CONTACT.format(""),
            CONTACT.format("").replace("12", "7"),
            'shows "7 Mill Street" where nearly all posts show "12 Mill Street"',
        ),
        (
            f"Call {NOW}, or fax {OTHER}",
            f"Call {BEFORE}, or fax {OTHER}",
            f'shows "{BEFORE}" where nearly all posts show "{NOW}"',
        ),
    ],
    ids=["in a line", "alone", "e-mail", "street", "beside a usual one"],
)
def test_another_number_or_address_in_the_footer_of_few_posts_is_a_deviation_said_once(usual, odd, what):
    found = audit([footed(number, odd if number in (3, 7) else usual) for number in range(30)])
    assert [(numbers([d.post]), d.what) for d in found.deviations] == [([3], what), ([7], what)]
    (line,) = [cluster for cluster in found.clusters if cluster.mark.id == found.deviations[0].cluster]
    assert line.posts == 30


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        (lambda number: CONTACT.format(BEFORE if number < 6 else NOW), None),
        (lambda number: CONTACT.format("303.555.0100" if number == 3 else NOW), None),
        (lambda number: CONTACT.format("").replace("Street", "St." if number == 3 else "Street"), None),
        (lambda number: f"{NOW} · {OTHER}" if number == 3 else NOW, None),
        (lambda number: OTHER if number == 3 else NOW, Facts(phone=(NOW, OTHER))),
        (lambda number: OTHER if number == 3 else NOW, Facts(locations={"Boulder": (OTHER,), "Denver": (NOW,)})),
    ],
    ids=["a fifth of the posts", "written otherwise", "shortened", "one more", "told", "of another place"],
)
def test_a_number_or_address_that_may_stand_in_a_footer_is_no_deviation(line, facts):
    posts = [footed(number, line(number)) for number in range(30)]
    assert not [d.what for d in audit(posts, facts=facts).deviations if "show" in d.what]


def test_numbers_in_comments_are_no_deviations():
    posts = [footed(n, CONTACT.format(BEFORE if n == 3 else NOW), role=Role.COMMENTS) for n in range(30)]
    assert audit(posts).deviations == ()


def test_a_former_number_that_posts_tell_is_found_around_the_article_of_few_and_an_office_of_many_is_not():
    def posts(few):
        before = [footed(n, CONTACT.format(BEFORE if n in few else NOW), [call(phone=BEFORE)]) for n in range(8)]
        return [*before, *(footed(n, CONTACT.format(NOW), [call()]) for n in range(8, 30))]

    found = audit(posts({2, 5}))
    what = f'still shows "{BEFORE}" around the article'
    assert [(numbers([d.post]), d.what) for d in found.deviations] == [([2], what), ([5], what)]
    everywhere = [replace(post, blocks=(*post.blocks, block(f"Fax: {BEFORE}", 9, False))) for post in posts(())]
    assert audit(everywhere).deviations == ()


@pytest.mark.parametrize(
    ("what", "one", "several"),
    [
        ('shows "1"', 'it shows "1"', 'they show "1"'),
        ('still shows "1"', 'it still shows "1"', 'they still show "1"'),
        ('has another wording: "has"', 'it has another wording: "has"', 'they have another wording: "has"'),
        ('lacks "Home", which 20 posts have', 'it lacks "Home", which 20 posts have', 'they lack "Home", which'),
    ],
)
def test_an_action_says_in_words_what_one_page_or_several_do(what, one, several):
    def advice(*urls):
        odd = tuple(Deviation(Mark(url), url, "t", what) for url in urls)
        return rank(Audit(Summary(3, 9, 0, 0, 1), deviations=odd))[0].advice

    assert advice("a") == f"Mend the template of 1 post: {one}"
    assert advice("a", "b").startswith(f"Mend the template of 2 posts: {several}")


def test_posts_that_are_gone_are_left_out():
    posts = [*blog(), article(20, [own(20, 0)], THEME, gone=True)]
    assert audit(posts).summary.posts == 20


def test_shares_of_a_post_add_up_to_one():
    for share in audit(blog()).shares:
        assert share.unique_share + share.template_share + share.editorial_share == pytest.approx(1)


def test_an_empty_blog_has_no_findings():
    assert audit([]).actions == ()


def test_posts_without_dates_are_audited_all_the_same():
    posts = [article(n, [own(n, 0), call()], THEME, published=False) for n in range(12)]
    assert calls(audit(posts)).first_published is None


def test_actions_come_most_urgent_first_and_name_their_posts():
    actions = audit(blog()).actions
    assert actions[0].kind == "fix-phone"
    assert numbers(actions[0].posts) == [0, 1, 2, 3]
    assert [action.weight for action in actions] == sorted((action.weight for action in actions), reverse=True)


def test_reused_text_in_other_words_is_one_thing_to_look_at_and_a_call_one_of_its_own():
    reused = [[own(number, at) for at in range(2)] for number in (30, 31)]
    posts = blog()
    for number in range(20, 26):
        texts = [text.replace(".", f" {'so' if number % 2 else 'thus'}.") for text in reused[number % 3 % 2]]
        posts.append(article(number, [own(number, 0), own(number, 1), own(number, 2), *texts[:1], call()], THEME))
    kinds = [action.advice.split()[0] for action in audit(posts).actions if action.kind == "unify-wordings"]
    assert kinds == ["Look"]
    posts.append(article(26, [own(26, 0), call().replace("struggling", "in need of rest")], THEME))
    kinds = [action.advice.split()[0] for action in audit(posts).actions if action.kind == "unify-wordings"]
    assert sorted(kinds) == ["Look", "Unify"]


def test_an_action_to_unify_says_how_many_of_the_posts_with_the_paragraph_have_other_words():
    odd = article(26, [own(26, 0), call().replace("struggling", "in need of rest")], THEME)
    found = audit([*blog(), odd])
    (action,) = [action for action in found.actions if action.kind == "unify-wordings"]
    assert (len(action.posts), calls(found).posts) == (1, 20)
    assert action.advice.startswith('Unify 2 wordings of "If you are')
    assert action.advice.endswith('": 1 of 20 posts to change')


def test_two_audits_of_the_same_posts_are_equal():
    assert audit_form(audit(blog())) == audit_form(audit(list(reversed(blog()))))


def test_the_json_form_is_json_with_the_promised_fields():
    form = json.loads(json.dumps(audit_form(audit(blog()))))
    promised = {
        "summary",
        "actions",
        "clusters",
        "duplicate_articles",
        "passages",
        "stale",
        "missing_cta",
        "deviations",
    }
    assert promised | {"posts"} <= form.keys()
    for row in [*form["clusters"], *form["stale"], *form["actions"], *form["missing_cta"]]:
        assert {"id", "new", "accepted"} <= row.keys()


@pytest.mark.parametrize("kind", [None, "boilerplate", "template", "duplicates", "passages", "stale", "cta"])
def test_every_kind_has_rows_as_wide_as_their_heading(kind):
    rows = list(audit_rows({"aster.test": audit(blog())}, kind))
    assert {len(row) for row in rows} == {len(rows[0])}


def test_a_cluster_keeps_its_id_when_wording_and_members_change():
    before = audit(blog())
    posts = blog(24)
    changed = [
        replace(
            post,
            digest=post.digest + "x",
            blocks=tuple(replace(b, text=b.text.replace("struggling", "unwell")) for b in post.blocks),
        )
        for post in posts
    ]
    after = audit(changed, previous=remember(before))
    assert calls(after).mark.id == calls(before).mark.id
    assert not calls(after).mark.new


def test_a_finding_stays_new_until_the_posts_change():
    first = audit(blog())
    again = audit(blog(), previous=remember(first))
    later = audit(blog(21), previous=remember(again))
    assert [found.missing_cta[0].mark.new for found in (first, again, later)] == [True, True, False]


def test_the_day_a_finding_was_first_seen_is_kept():
    first = audit(blog(), Options(today=date(2026, 1, 1)))
    later = audit(blog(21), Options(today=date(2026, 2, 2)), previous=remember(first))
    assert later.missing_cta[0].mark.first_seen == date(2026, 1, 1)


def accepted_again(found, finding_id):
    text = write_accepted([accept(found, finding_id, date(2026, 1, 1))])
    return read_accepted(tomllib.loads(text))


def test_an_accepted_finding_is_no_action_any_more():
    found = audit(blog())
    accepted = accepted_again(found, found.missing_cta[0].mark.id)
    after = audit(blog(), accepted=accepted)
    assert "add-cta" not in {action.kind for action in after.actions}
    assert after.failing("cta") == 0


def test_an_accepted_paragraph_takes_another_city_and_number_but_no_other_words():
    today = [article(n, [own(n, 0), call(city=("Denver", "Boulder")[n % 2])], THEME) for n in range(8)]
    found = audit(today)
    accepted = accepted_again(found, calls(found).mark.id)
    city = article(8, [own(8, 0), call(city="Fort Collins", phone="(970) 555-0123")], THEME)
    other = article(8, [own(8, 0), call().replace("can help", "helps everybody at once")], THEME)
    assert calls(audit([*today, city], accepted=accepted, previous=remember(found))).mark.accepted
    again = calls(audit([*today, other], accepted=accepted, previous=remember(found)))
    assert not again.mark.accepted
    assert again.mark.new


def test_accepting_what_does_not_exist_gives_nothing():
    assert accept(audit(blog()), "c-nothing", date(2026, 1, 1)) is None


def test_a_file_of_acceptances_that_is_something_else_is_refused():
    with pytest.raises(ValueError, match="accepted"):
        read_accepted({"accepted": [{"name": "x"}]})


def test_facts_with_an_unknown_entry_are_refused_by_name():
    with pytest.raises(ValueError, match="fone"):
        Facts.from_table({"fone": "1"})


@pytest.mark.parametrize(
    "entry", ["old_addresses", "old_urls", "old_emails", "old_brands", "email", "address", "brand"]
)
@pytest.mark.parametrize("empty", ["", ["–", " "]])
def test_an_entry_left_empty_says_nothing(entry, empty):
    assert Facts.from_table({"phone": [NOW], entry: empty}) == Facts(phone=(NOW,))


def test_history_of_nothing_makes_everything_new():
    assert all(cluster.mark.new for cluster in audit(blog(), previous=History()).clusters)


def test_the_newest_post_has_no_link_to_a_newer_one_and_the_oldest_none_to_an_older_one():
    steps = (("Next post", Role.NAVIGATION), ("« Suivant", Role.NAVIGATION))
    posts = []
    for number in range(20):
        around = [*THEME, *(steps[:1] if number < 19 else ()), *(steps[1:] if number else ())]
        posts.append(article(number, [own(number, 0), call()], around))
    assert audit(posts).deviations == ()
    posts[7] = article(7, [own(7, 0), call()], (*THEME, steps[1]))
    assert numbers({deviation.post for deviation in audit(posts).deviations}) == [7]


def test_a_phrase_that_asks_is_no_name():
    button = ("Get Help Today", Role.WIDGET)
    around = [button, (f"Get Help Today {NOW}", Role.WIDGET), THEME[1], FOOTER]
    posts = [titled(number, [own(number, at) for at in range(3)], around) for number in range(12)]
    assert f"name: {BRAND} (learnt)" in audit(posts).expected
    posts = [titled(number, [own(number, at) for at in range(3)], around[:2]) for number in range(12)]
    assert not [line for line in audit(posts).expected if line.startswith("name")]


def test_a_persons_mail_address_at_todays_domain_is_not_an_old_one():
    posts = []
    for number in range(20):
        person = f"Write to Lena Brandt at lena@aster.test, who leads the study {own(number, 5)}"
        mail = "hello@aster.test" if number > 3 else "office@aster.test"
        ask = f"If you are struggling, write to us at {mail} and we will answer within a day."
        posts.append(article(number, [own(number, 0), *([person] if number in (6, 15) else ()), ask]))
    assert {(each.found, each.expected) for each in audit(posts).stale} == {("office@aster.test", "hello@aster.test")}
