"""What an editor is told to do, and in which order."""

from dataclasses import replace

import pytest

from indexer.audit.memory.history import remember
from indexer.audit.run import audit
from indexer.present.audit_form import audit_form
from indexer.present.terminal import audit_views
from scraper.model import Role
from tests.audit_blog import BRAND, NOW, THEME, article, blog, call, own


def numbers(urls):
    return sorted(int(url.rstrip("/").rsplit("-", 1)[1]) for url in urls)


TOWNS = ("Alder Creek", "Pine Hollow", "Quartz Bay", "Larkspur Valley", "Tamarack Falls", "Cedar Junction")


def town_page(number, town):
    texts = [
        f"Are you looking for an infusion in {town}? Our clinic has cared for people from {town} since 2011, and the "
        "first visit costs nothing.",
        f"The drive from downtown {town} takes about {number} minutes, and parking behind the house is free for you.",
        f"People in {town} often ask how long an infusion lasts. It lasts forty minutes, and a nurse stays with you.",
        call(),
    ]
    made = article(number, texts, THEME)
    return replace(made, metadata=replace(made.metadata, title=f"Infusions in {town}"))


@pytest.mark.parametrize("towns", [3, 6])
def test_an_article_written_for_several_towns_is_one_finding_with_an_action(towns):
    posts = [*blog(), *(town_page(30 + at, town) for at, town in enumerate(TOWNS[:towns]))]
    found = audit(posts)
    [series] = found.series
    assert (series.kind, series.names) == ("places", TOWNS[:towns])
    assert numbers(series.posts) == list(range(30, 30 + towns))
    [action] = [each for each in found.actions if each.kind == "rewrite-places"]
    assert action.posts == series.posts
    assert not found.duplicates


def test_posts_of_one_pattern_that_name_no_places_are_no_location_pages():
    posts = [town_page(30 + at, "Alder Creek") for at in range(4)]
    titled = [replace(post, metadata=replace(post.metadata, title="Infusions")) for post in posts]
    assert not [each for each in audit([*blog(), *titled]).series if each.kind == "places"]


def test_a_reworded_line_of_few_words_or_with_other_words_each_is_nothing_to_unify():
    def with_lines(lines):
        return [article(n, [own(n, 0), own(n, 1), lines[n % len(lines)], call()], THEME) for n in range(12)]

    said = "We wrote this page for people who have never had an infusion and would like to know {} about it."
    many = [said.format(word) for word in ("more", "all", "much", "things", "plenty", "facts", "truths")]
    few = ["Read the whole story here", *["Read the whole story now"] * 3] * 2
    for lines in (many, few):
        assert not [each for each in audit(with_lines(lines)).actions if each.kind == "unify-wordings"]
    usual = [many[0]] * 5 + [many[1]]
    assert [each.kind for each in audit(with_lines(usual)).actions if each.kind == "unify-wordings"]


def test_that_few_posts_ask_is_a_remark_at_the_end():
    posts = [article(n, [own(n, 0), own(n, 1), *([call()] if n == 3 else [])], THEME) for n in range(20)]
    posts += [article(n, [own(n % 20, 0), own(n % 20, 1)], THEME) for n in (20, 21)]
    kinds = [action.kind for action in audit(posts).actions]
    assert kinds[-1] == "add-cta"
    assert "merge-posts" in kinds


@pytest.mark.parametrize(
    "written", ["Aster Pian Clinic", "Aster Pain Clinc", "Asters Pain Clinic", "Aster Paim Clinic"]
)
def test_the_owners_name_mistyped_by_a_letter_is_a_finding_of_its_own(written):
    posts = [*blog(), article(20, [own(20, 0), f"People come to {written} from far away.", call()], THEME)]
    [finding] = [each for each in audit(posts).checks if each.check == "misspelt-name"]
    assert (finding.found, finding.expected, numbers([finding.post])) == (written, BRAND, [20])
    assert "fix-spelling" in {action.kind for action in audit(posts).actions}


@pytest.mark.parametrize("written", ["Aster Care Clinic", "ASTER PAIN CLINIC", "Aster Pain Clinic’s"])
def test_other_names_and_capitals_are_no_slips(written):
    posts = [*blog(), article(20, [own(20, 0), f"People come to {written} from far away.", call()], THEME)]
    assert not audit(posts).checks_of("stale")


def test_a_form_of_the_name_that_stands_often_is_no_slip():
    said = "Ask at Aster Pain Clinics near you."
    posts = [*blog(), *(article(n, [own(n, 0), own(n, 1), said, call()], THEME) for n in range(20, 30))]
    assert not audit(posts).checks


def test_a_call_with_another_number_than_all_the_rest_is_a_finding():
    odd = "Have questions? Call us today at 212-555-0144 and book your first visit."
    posts = [*blog(), article(20, [own(20, 0), own(20, 1), odd], THEME)]
    [finding] = audit(posts).checks
    assert (finding.check, finding.found, finding.expected) == ("odd-number", "212-555-0144", NOW)
    [action] = [each for each in audit(posts).actions if each.kind == "check-number"]
    assert numbers(action.posts) == [20]


def test_the_number_of_somebody_else_is_not_odd():
    others = "In an emergency call the poison helpline at 800-222-1222; then call us to book a visit."
    posts = [*blog(), article(20, [own(20, 0), own(20, 1), others], THEME)]
    assert not audit(posts).checks


def test_a_page_with_another_menu_is_one_finding():
    menu = tuple((f"Menu line {word}", Role.NAVIGATION) for word in ("one", "two", "three", "four", "five", "six"))
    posts = [article(n, [own(n, 0), call()], (*THEME, *menu)) for n in range(20)]
    found = audit([*posts, article(20, [own(20, 0), call()], THEME)])
    [deviation] = found.deviations
    assert deviation.what == 'lacks 6 lines that nearly all posts have around the article, such as "Menu line one"'
    assert len([action for action in found.actions if action.kind == "mend-template"]) == 1


@pytest.mark.parametrize(
    ("said", "stale"),
    [
        ("Our doors opened again on 4 May {} after the flood, and all of you came to see us.", 0),
        ("Unsere Türen gingen am 4. Mai {} wieder auf, und alle kamen, um uns zu sehen.", 0),
        ("Our doors opened again on 05/04/{} after the flood, and all of you came to see us.", 0),
        ("Our prices for the whole of {} are in this list, for everybody who comes to see us.", 3),
    ],
)
def test_a_year_beside_its_month_is_no_stale_value(said, stale):
    years = [2019] * 3 + [2024] * 9
    posts = [article(n, [own(n, 0), said.format(year)], THEME) for n, year in enumerate(years)]
    assert len([finding for finding in audit(posts).stale if finding.kind == "year"]) == stale


def test_what_was_mended_since_the_audit_before_is_told():
    before = audit(blog())
    mended = [article(1, [own(1, 0), own(1, 1), own(1, 2), own(1, 3), call()], THEME)]
    posts = [mended[0] if post.id == 2 else post for post in blog()]
    after = audit(posts, previous=remember(before))
    stale = len(before.stale)
    assert [(each.kind, each.before, each.gone) for each in after.gone] == [("stale values", stale, 2)]
    assert any(f"2 of {stale} stale values gone" in line for line in audit_views.summary_lines(after, 100))
    assert not audit(posts, previous=remember(after)).gone


def test_only_what_came_with_the_latest_posts_is_new():
    before = audit(blog())
    odd = "Have questions? Call us today at 212-555-0144 and book your first visit."
    after = audit([*blog(), article(20, [own(20, 0), own(20, 1), odd], THEME)], previous=remember(before))
    fresh = after.only_new()
    assert [finding.check for finding in fresh.checks] == ["odd-number"]
    assert [action.kind for action in fresh.actions] == ["check-number"]
    assert (fresh.stale, fresh.missing_cta) == ((), ())
    assert (after.failing("new") > 0, audit(blog(), previous=remember(before)).failing("stale") > 0) == (True, True)


def test_every_finding_is_shown_with_the_titles_and_days_of_its_posts():
    form = audit_form(audit(blog()))
    stale = form["stale"][0]
    assert (stale["title"], stale["published"]) == ("Post 3", "2020-01-27")
    assert form["actions"][0]["titles"][:2] == ["Post 3", "Post 2"]
    assert form["missing_cta"][0]["title"] == "Post 7"


def test_a_number_that_is_not_said_to_be_ours_is_not_odd():
    others = "Learn more about the march on the website, or call Marge at 212-555-0144 to book a seat."
    posts = [*blog(), article(20, [own(20, 0), own(20, 1), others], THEME)]
    assert not audit(posts).checks


def test_what_many_posts_are_is_how_the_blog_is_and_nothing_to_do():
    few, many = (
        audit([article(n, [own(n, at) for at in range(9 if n >= thin else 1)]) for n in range(20)]) for thin in (2, 3)
    )
    assert len(few.checks_of("upkeep")) == 2
    assert len(many.checks_of("upkeep")) == 3
    assert [action.kind for action in few.actions] == ["extend-posts"]
    assert many.actions == ()


def test_news_of_each_month_are_meant_to_be_alike_and_copies_with_other_titles_are_not():
    def posts(*titles):
        made = [article(n, [own(n, at) for at in range(6)]) for n in range(12)]
        for number, title in enumerate(titles, 20):
            alike = article(number, [*(own(20, at) for at in range(5)), own(number, 6)])
            made.append(replace(alike, metadata=replace(alike.metadata, title=title)))
        return audit(made)

    months = posts("Team Meetings of March 2022", "Team Meetings of April 2022")
    assert len(months.duplicates) == 1
    assert months.actions == ()
    assert [action.kind for action in posts("A Walk in March", "What We Ate").actions] == ["merge-posts"]


def test_a_byline_with_a_day_is_not_missed_where_another_post_has_another_one():
    bylines = [(f"by ada | May {1 if n % 20 else 9}, 2019 | Teeth | 0 comments", Role.OTHER) for n in range(22)]
    posts = [article(n, [own(n, 0), call()], (*THEME, bylines[n])) for n in range(22)]
    assert audit(posts).deviations == ()


def test_posts_without_a_call_are_nothing_to_do_where_nobody_is_to_be_called_and_few_ask():
    ask = "If you are struggling, write to us by the form and we will answer."
    few = audit([article(n, [own(n, 0), own(n, 1), *([ask] if n < 5 else ())]) for n in range(20)])
    assert few.missing_cta
    assert "add-cta" not in {action.kind for action in few.actions}
    most = audit([article(n, [own(n, 0), own(n, 1), *([ask] if n < 15 else ())]) for n in range(20)])
    assert "add-cta" in {action.kind for action in most.actions}
