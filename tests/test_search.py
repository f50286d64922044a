from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from search_helpers import Shelf, article, block, engine_with

from indexer import ENGINES
from indexer.search import query
from indexer.search.answer import SearchOptions, related, related_to_text, search
from scraper.model import Role

POSTS = (
    article(
        1,
        "Ketamine for Treatment-Resistant Depression",
        block("Who it helps", heading=2),
        "For people with treatment-resistant depression, ketamine infusions can help within hours.",
        "Two antidepressants without an answer: that is what doctors call resistant.",
        block("Call Vitalitas today.", role=Role.CTA),
        block("Subscribe to our letter", kept=False, role=Role.WIDGET),
        author="Kim Reyes",
        published="2024-05-02",
        categories=("Depression",),
        topics=("Ketamine",),
    ),
    article(
        2,
        "What to Expect at Your First Visit",
        "Bring a list of medicines. An infusion of 50mg takes an hour; nobody resists treatment.",
        block("Call Vitalitas today.", role=Role.CTA),
        author="Maria Lopez",
        published="2023-11-14",
        categories=("Visits",),
    ),
    article(
        3,
        "Tapering opioids",
        "Chronic pain returns when a taper is too fast. A café is no clinic.",
        author="Kim Reyes",
        published="2021-02-03",
        categories=("Chronic Pain",),
    ),
    article(
        4, None, block("Vitalitas Denver", heading=1), "Vitalitas cares for the people of Denver.", site="b.example"
    ),
)


@pytest.fixture(scope="module", params=ENGINES)
def find(request, tmp_path_factory):
    engine = engine_with(request.param, tmp_path_factory.mktemp("search") / "i", *POSTS)
    yield lambda *words, **wishes: search(Shelf(*POSTS), engine, query.parse(words), SearchOptions(**wishes))
    engine.close()


def ids(result):
    return [found.id for found in result.results]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("infusion", {1, 2}),
        ("INFUSIONS", {1, 2}),
        ("ketamine infusion", {1}),
        ('"treatment resistant"', {1}),
        ("treatment-resistant", {1}),
        ('"depression resistant"', set()),
        ("infusion -ketamine", {2}),
        ("ketamine OR taper", {1, 3}),
        ("title:visit", {2}),
        ("title:infusion", set()),
        ("body:infusion", {1, 2}),
        ("infus*", {1, 2}),
        ("title:taper*", {3}),
        ("50 mg", {2}),
        ("50mg", {2}),
        ("CAFÉ", {3}),
        ("author:reyes", {1, 3}),
        ('author:"Kim Reyes" ketamine', {1}),
        ("category:pain", {3}),
        ("topic:ketamine", {1}),
        ("url:b.example", {4}),
        ("(ketamine OR taper) -depression", {3}),
        ("what to expect", {2}),
    ],
)
def test_a_query_finds(find, words, expected):
    result = find(words)
    assert set(ids(result)) == expected or (not expected and result.relaxed)
    assert result.relaxed == (not expected and bool(result.results))


def test_where_no_post_has_all_words_those_with_most_come_first_and_it_is_said(find):
    result = find("depression", "ketamine", "taper")
    assert result.relaxed
    assert ids(result) == [1, 3]


def test_relaxing_keeps_exclusions_and_filters(find):
    assert ids(find("ketamine", "taper", "-depression")) == [3]
    assert ids(find("ketamine", "taper", author="Kim Reyes", since=date(2024, 1, 1))) == [1]


def test_any_takes_one_word_for_enough_and_is_not_relaxed(find):
    result = find("ketamine", "taper", match_any=True)
    assert set(ids(result)) == {1, 3}
    assert not result.relaxed


def test_nothing_is_nothing(find):
    result = find("zebra")
    assert (result.total, result.results, result.relaxed) == (0, (), False)


def test_filters_alone_list_the_newest(find):
    assert ids(find()) == [1, 2, 3, 4]
    assert ids(find(author="kim reyes")) == [1, 3]
    assert ids(find(author="reyes", order="oldest")) == [3, 1]
    assert ids(find("-ketamine")) == [2, 3, 4]


def test_options_limit(find):
    assert ids(find(site="b.example")) == [4]
    assert ids(find(category="chronic pain")) == [3]
    assert ids(find(since=date(2023, 1, 1), until=date(2023, 12, 31))) == [2]
    assert ids(find(topic="ketamine")) == [1]
    assert ids(find(category="nothing of the kind")) == []


def test_pages_continue_the_ranks(find):
    assert [(found.rank, found.id) for found in find(limit=2, offset=1).results] == [(2, 2), (3, 3)]


def test_boilerplate_is_searched_when_asked_for(find):
    assert ids(find("subscribe")) == []
    result = find("subscribe", fields="boilerplate")
    assert ids(result) == [1]
    assert result.results[0].snippet.text == "Subscribe to our letter"
    assert set(ids(find("vitalitas", fields="boilerplate"))) == {1, 2}


def test_title_and_body_can_be_searched_alone(find):
    assert ids(find("depression", fields="title")) == [1]
    assert ids(find("visit", fields="body")) == []


def test_a_call_to_action_weighs_less_than_a_post_about_it(find):
    assert ids(find("vitalitas"))[0] == 4


def test_a_result_says_everything_that_is_shown(find):
    found = find("ketamine").results[0]
    assert (found.rank, found.id, found.site, found.url) == (1, 1, "clinic.example", "https://clinic.example/1-post/")
    assert found.title == "Ketamine for Treatment-Resistant Depression"
    assert (found.author, found.published, found.topics) == ("Kim Reyes", date(2024, 5, 2), ("Ketamine",))
    assert found.score > 0


def test_a_post_without_a_title_is_called_by_its_heading(find):
    assert find("denver").results[0].title == "Vitalitas Denver"


def test_the_passage_comes_from_the_article_and_marks_stems(find):
    shown = find("resist").results[0].snippet
    assert [shown.text[start:end].lower() for start, end in shown.marks] == ["resistant"] or "resists" in shown.text


def test_facets_come_when_asked_for(find):
    assert find("infusion").facets == {}
    facets = find("infusion", facets=True).facets
    assert facets["category"] == {"Depression": 1, "Visits": 1}
    assert facets["year"] == {"2024": 1, "2023": 1}


@pytest.mark.parametrize("engine_name", ENGINES)
def test_related_posts_share_telling_words_and_leave_the_post_itself_out(engine_name, tmp_path):
    posts = (
        article(1, "Ketamine dosing", "Ketamine dosing for depression by infusion."),
        article(2, "Infusion of ketamine", "Depression and ketamine dosing, an infusion each week."),
        article(3, "Parking", "Where to park the car near us."),
        article(4, "Car park", "Parking the car is free."),
    )
    engine = engine_with(engine_name, tmp_path / "i", *posts)
    assert ids(related(Shelf(*posts), engine, posts[0])) == [2]
    assert ids(related(Shelf(*posts), engine, article(9, "", ""))) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    words=st.one_of(
        st.lists(st.text(max_size=12), max_size=5),
        st.lists(st.text(alphabet='ab"()-|*~: \tORé1', max_size=12), max_size=4),
        st.lists(
            st.sampled_from(
                ["pain", "-the", "OR", "(", ")", '"what', 'to"', "title:", "author:kim", "infus*", "ketamin~", "NOT"]
            ),
            max_size=6,
        ),
    ),
    match_any=st.booleans(),
    where=st.sampled_from(["all", "title", "body", "boilerplate"]),
)
def test_no_query_that_can_be_typed_fails(find, words, match_any, where):
    result = find(*words, match_any=match_any, fields=where, facets=True)
    assert result.total >= len(result.results)
    assert len({found.id for found in result.results}) == len(result.results)


def test_a_post_that_the_store_has_lost_is_passed_over(tmp_path):
    engine = engine_with("whoosh", tmp_path / "i", *POSTS)
    result = search(Shelf(*POSTS[1:]), engine, query.parse("infusion"), SearchOptions())
    assert ids(result) == [2]


def test_a_german_blog_is_searched_with_german_stems(tmp_path):
    posts = (article(1, "Behandlung", "Die Behandlungen wirken bei Schmerzen.", language="de"),)
    engine = engine_with("whoosh", tmp_path / "i", *posts)
    assert ids(search(Shelf(*posts), engine, query.parse("behandlungen schmerz"), SearchOptions())) == [1]


MEDICAL = (
    article(1, "Sleep after war", "Post-traumatic stress disorder and sleep.", published="2020-01-01"),
    article(2, "PTSD care", "What we do for PTSD.", published="2021-01-01"),
    article(3, "CRPS", "About complex regional pain syndrome (CRPS) and ketamine infusions.", published="2022-01-01"),
    article(4, "Pain", "Complex regional pain syndrome hurts; an intravenous line helps.", published="2023-01-01"),
    article(5, "Drip", "A vitamin drip.", published="2024-01-01"),
)


@pytest.fixture(scope="module", params=ENGINES)
def ask(request, tmp_path_factory):
    engine = engine_with(request.param, tmp_path_factory.mktemp("medical") / "i", *MEDICAL)
    yield lambda *words, **wishes: search(Shelf(*MEDICAL), engine, query.parse(words), SearchOptions(**wishes))
    engine.close()


def test_an_abbreviation_finds_what_it_stands_for_and_the_other_way(ask):
    assert ids(ask("ptsd")) == [2, 1]
    assert set(ids(ask("post", "traumatic", "stress", "disorder"))) == {1, 2}
    assert set(ids(ask("post-traumatic", "stress", "disorder", "-sleep"))) == {2}
    assert set(ids(ask('"post-traumatic stress disorder"'))) == {1, 2}
    assert ids(ask("iv")) == [4]


def test_an_abbreviation_that_the_blog_explains_is_learnt(ask):
    assert set(ids(ask("crps"))) == {3, 4}


def test_a_clinics_own_synonyms_count(ask):
    assert ids(ask("myers")) == []
    assert ids(ask("myers", synonyms={"myers": ("vitamin drip",)})) == [5]


def test_the_passage_marks_synonyms(ask):
    shown = ask("ptsd", "sleep").results[0].snippet
    assert "Post-traumatic" in [shown.text[start:end] for start, end in shown.marks]


def test_a_tilde_finds_what_is_spelt_nearly_so(ask):
    assert ids(ask("ketamin~")) == [3]
    assert ids(ask("zzzzz~")) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ketamien", "ketamine"),
        ("vitamindrip", "vitamin drip"),
        ("regoinal pian", "regional pain"),
        ('"vitamin dirp"', '"vitamin drip"'),
        ("title:slep", "title:sleep"),
        ("ketamien -pork", "ketamine -pork"),
    ],
)
def test_a_misspelt_query_is_answered_with_what_was_meant(ask, typed, meant):
    result = ask(typed)
    assert result.suggestion == meant
    assert result.suggestion_total >= 1


def test_what_the_blog_writes_as_one_word_is_found_by_two(ask):
    assert ids(ask("keta mine")) == [3]


def test_where_a_corrected_query_finds_posts_nothing_else_is_offered(ask):
    result = ask("complex", "ketamien")
    assert (result.total, result.results, result.relaxed) == (0, (), False)
    assert (result.suggestion, result.suggestion_total) == ("complex ketamine", 1)


def test_a_misspelt_word_is_none_though_it_has_the_stem_of_a_right_one(ask):
    result = ask("ketamin", "infusoin")
    assert (result.total, result.suggestion) == (0, "ketamine infusions")


def test_where_no_correction_of_all_words_finds_a_post_a_suggestion_comes_beside_relaxed_results(ask):
    result = ask("vitamin", "ketamien")
    assert result.relaxed
    assert ids(result) == [5]
    assert (result.suggestion, result.suggestion_total) == ("ketamine", 1)


@pytest.mark.parametrize("typed", ["drips", "slept", "hurting", "zebra", "vip", "lines"])
def test_inflections_of_known_words_and_words_like_no_other_are_not_corrected(ask, typed):
    assert ask(typed, "zebra").suggestion is None


def test_short_words_are_corrected_only_for_a_plain_slip(tmp_path):
    posts = (article(1, "Kinds", "Two kinds of visit. A zero is no number."),)
    engine = engine_with("tantivy", tmp_path / "i", *posts)
    typed = ["kids", "zebra", "viist"]
    found = [search(Shelf(*posts), engine, query.parse(word), SearchOptions()).suggestion for word in typed]
    assert found == [None, None, "visit"]


NUMBERS = (
    article(1, "Telephone", "Call (720) 555-0199 today.", published="2020-01-01"),
    article(2, "Other office", "Call 720.555.0199 or 303-555-0100.", published="2021-01-01"),
    article(3, "Room 720", "It has 555 seats and door 0199.", published="2022-01-01"),
    article(4, "Announcing 1.65.0", "The version of 2023-05-17.", published="2023-01-01"),
    article(5, "News", "Version 1.65 and 1.66.0 in 2023.", published="2024-01-01"),
)


@pytest.fixture(scope="module", params=ENGINES)
def number(request, tmp_path_factory):
    engine = engine_with(request.param, tmp_path_factory.mktemp("numbers") / "i", *NUMBERS)
    yield lambda *words: set(ids(search(Shelf(*NUMBERS), engine, query.parse(words), SearchOptions())))
    engine.close()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("720-555-0199", {1, 2}),
        ("(720) 555-0199", {1, 2}),
        ("720.555.0199", {1, 2}),
        ("7205550199", {1, 2}),
        ("+1 720 555 0199", {1, 2}),
        ('"720-555-0199"', {1, 2}),
        ("call -720-555-0199", set()),
        ("720-555-0198", set()),
        ("555-0199", {1, 2}),
        ("1.65.0", {4}),
        ("1.65", {4, 5}),
        ("2023-05-17", {4}),
        ("2023-05-18", set()),
        ("720-555-0198 seats", {3}),
    ],
)
def test_a_number_with_marks_inside_is_one_thing_in_any_written_form(number, typed, expected):
    assert number(typed) == expected


@pytest.mark.parametrize("typed", ['"', "((", "*", "-", "title:", "author:", "~ |", "。"])
def test_signs_without_a_word_find_nothing_but_leave_filters_alone(find, typed):
    assert find(typed).total == 0
    assert ids(find(typed, author="kim reyes")) == [1, 3]


def test_beyond_the_last_result_the_total_is_still_right(find):
    result = find("infusion", offset=50)
    assert (result.total, result.results) == (2, ())


TITLES = (
    article(1, "Minutes of May", *["The retrospective of the release, a retrospective, and a retrospective."] * 3),
    article(2, "All Hands Retrospective", "We looked back at the release.", published="2020-01-01"),
    article(3, "Retrospectives", "We looked back.", published="2021-01-01"),
    article(4, "Version 1.0: the schedule of trains for the summer", "The release of 1.0, in the release."),
    article(5, "Version 1.0", "The release of 1.0, in the summer."),
    article(6, "Other", "Pain of the back. The chronic sort of pain.", published="2022-01-01"),
    article(7, "Another", "Pain in the back. The chronic pain of sort.", published="2022-01-01"),
)


@pytest.mark.parametrize("name", ENGINES)
def test_what_is_typed_comes_first_where_it_is_a_title_or_stands_in_a_row(name, tmp_path):
    engine = engine_with(name, tmp_path / "i", *TITLES)

    def first(typed):
        return ids(search(Shelf(*TITLES), engine, query.parse(typed), SearchOptions()))[0]

    assert [first("retrospective"), first("retrospectives")] == [2, 3]
    assert first("release 1.0") == 5
    assert first("chronic pain") == 7


def test_a_category_is_found_by_its_words_and_is_no_tag(tmp_path):
    posts = (
        article(1, "A", "Text.", categories=("Cost & Insurance", "cost"), tags=("cost",)),
        article(2, "B", "Text.", categories=("Safety",), tags=("Safety",)),
    )
    engine = engine_with("whoosh", tmp_path / "i", *posts)
    result = search(Shelf(*posts), engine, query.parse(""), SearchOptions(category="cost", facets=True))
    assert result.facets["category"] == {"Cost & Insurance": 1}
    assert ids(search(Shelf(*posts), engine, query.parse("category:safety"), SearchOptions())) == [2]
    assert ids(search(Shelf(*posts), engine, query.parse("tag:cost"), SearchOptions())) == [1]


def test_nothing_is_suggested_where_words_are_known_or_beyond_guessing(ask):
    assert ask("ptsd", "vitamin").suggestion is None
    assert ask("qqqqqqq").suggestion is None


@pytest.mark.parametrize("name", ENGINES)
def test_a_misspelling_that_a_post_has_is_found_and_the_common_word_named(name, tmp_path):
    posts = [article(number, None, f"Lidocaine helps patient {number}.") for number in range(1, 31)]
    posts += [article(31, None, "Lidocanie was misspelt here."), article(32, None, "A patent for lidocaine.")]
    shelf, engine = Shelf(*posts), engine_with(name, tmp_path, *posts)

    def ask(typed):
        return search(shelf, engine, query.parse(typed), SearchOptions())

    found = ask("lidocanie")
    assert ids(found) == [31]
    assert (found.suggestion, found.suggestion_total) == ("lidocaine", 31)
    assert ask("lidocaine").suggestion is None
    assert ask("lidocaine helps").suggestion is None


@pytest.mark.parametrize("name", ENGINES)
def test_names_of_a_letter_and_signs_are_words_of_their_own(name, tmp_path):
    posts = [
        article(1, "Written in C++", "We moved from C# to C++."),
        article(2, "Vitamin C", "Vitamin C, once a day; a C sharp is no C#-flat."),
        article(3, "Plan C", "A plan (C)."),
    ]
    shelf, engine = Shelf(*posts), engine_with(name, tmp_path, *posts)

    def ask(*typed):
        return search(shelf, engine, query.parse(typed), SearchOptions())

    assert ids(ask("c++")) == [1]
    assert sorted(ids(ask("C#"))) == [1, 2]
    assert sorted(ids(ask("c"))) == [2, 3]
    assert ids(ask("to C++")) == [1]
    passage = ask("c++").results[0].snippet
    assert {passage.text[start:end] for start, end in passage.marks} == {"C++"}


def test_the_word_that_no_post_has_is_named(ask):
    result = ask("sleep", "zeppelin")
    assert (result.relaxed, result.missing, result.present) == (True, ("zeppelin",), ("sleep",))


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("email", {"email", "e-mail"}),
        ("e-mail", {"email", "e-mail"}),
        ("nodejs", {"nodejs", "Node.js"}),
        ("node.js", {"nodejs", "Node.js"}),
        ("followup", {"followup", "follow-up"}),
        ("follow-up", {"followup", "follow-up", "follow"}),
        ("phd", {"PhD", "Ph.D"}),
        ("US", {"US", "U.S"}),
    ],
)
def test_passages_mark_words_however_their_parts_are_joined(typed, marked, tmp_path):
    posts = Shelf(
        article(1, None, "Write an email about nodejs and the followup visit; a PhD in the US answers."),
        article(2, None, "Write an e-mail about Node.js and the follow-up visit, as a Ph.D. of the U.S. says."),
        article(3, None, "Tell us in which state you follow up on this."),
    )
    engine = engine_with("tantivy", tmp_path, *posts.articles.values())
    passages = [found.snippet for found in search(posts, engine, query.parse(typed), SearchOptions()).results]
    engine.close()
    assert {passage.text[start:end] for passage in passages for start, end in passage.marks} == marked


def test_a_field_of_the_query_is_a_filter(ask):
    everything = ask("sleep").total
    assert ask("sleep", "language:en").total == everything
    assert ask("sleep", "language:english").total == everything
    assert ask("sleep", "year:1999").unknown.startswith('No post has the year "1999".')


def test_a_filter_that_finds_nobody_lists_who_there_is(find):
    assert "kim reyes" in find("infusion", "author:smith").unknown.lower()


def test_signs_alone_are_told(ask):
    assert "no word to look for" in ask('"').unknown


def test_a_post_that_only_says_when_it_was_updated_is_sorted_and_filtered_by_that(tmp_path):
    posts = Shelf(
        article(1, "One", "Sleep well.", published="2020-01-01"),
        article(2, "Two", "Sleep well.", modified=date(2024, 5, 1)),
    )
    engine = engine_with("tantivy", tmp_path, *posts.articles.values())
    newest = search(posts, engine, query.parse("sleep"), SearchOptions(order="newest"))
    assert ids(newest) == [2, 1]
    assert ids(search(posts, engine, query.parse("sleep year:2024"), SearchOptions())) == [2]


class Counted:
    """An engine that counts what is asked of it: words handed over, terms looked up, and terms searched for."""

    def __init__(self, engine):
        self._engine = engine
        self.words = self.looked_up = self.searched_for = 0

    def __getattr__(self, name):
        return getattr(self._engine, name)

    def starting(self, prefix, limit=None):
        found = self._engine.starting(prefix, limit)
        self.words += len(found)
        return found

    def similar(self, word, slips):
        found = self._engine.similar(word, slips)
        self.words += len(found)
        return found

    def frequencies(self, terms):
        found = self._engine.frequencies(terms)
        self.looked_up += len(found.documents)
        return found

    def search(self, plan):
        self.searched_for += str(plan.root).count("Term(term=")
        return self._engine.search(plan)

    def totals(self, plans):
        return (self.search(plan._replace(limit=0)).total for plan in plans)


MANY_WORDS = [f"{first}{second}{third}" for first in "abcdefghij" for second in "aeiou" for third in "klmnpr"]


@pytest.fixture(scope="module", params=ENGINES)
def cost(request, tmp_path_factory):
    posts = [article(1, "Words", " ".join(MANY_WORDS)), article(2, "Sleep", "Sleep is a word.")]
    engine = engine_with(request.param, tmp_path_factory.mktemp("cost") / "i", *posts)

    def spent(typed, **wishes):
        counted = Counted(engine)
        search(Shelf(*posts), counted, query.parse(typed.split()), SearchOptions(**wishes))
        return counted

    yield spent
    engine.close()


@pytest.mark.parametrize("match_any", [False, True])
@pytest.mark.parametrize("typed", ["k" * 40_000, "é" * 40_000, "漢" * 40_000, "a-" * 20_000, "k" * 40_000 + "~"])
def test_for_a_word_too_long_to_be_one_nothing_is_looked_up(cost, typed, match_any):
    spent = cost(typed, match_any=match_any)
    assert (spent.words, spent.searched_for) == (0, 0)
    assert spent.looked_up <= 600  # the half of a thousand letters that are words of their own, once


@pytest.mark.parametrize("match_any", [False, True])
def test_each_of_two_hundred_unknown_words_is_looked_up_a_few_times(cost, match_any):
    spent = cost(" ".join(f"zz{chr(97 + n // 26)}{chr(97 + n % 26)}word" for n in range(200)), match_any=match_any)
    assert spent.words == 0
    assert spent.looked_up <= 4 * 200
    assert spent.searched_for <= 3 * 200


@pytest.mark.parametrize("match_any", [False, True])
def test_many_prefixes_read_the_words_once_and_stand_for_no_more_than_one_does(cost, match_any):
    spent = cost(" ".join(f"{chr(97 + n)}*" for n in range(26)), match_any=match_any)
    assert 0 < spent.words <= len(MANY_WORDS) + 10
    assert spent.searched_for <= 2 * 26 * 4
    assert cost("c* d*", match_any=True).searched_for == 60


def test_look_alikes_of_many_words_read_the_words_once(cost):
    assert cost("abk~ abl~ abm~ abn~", match_any=True).words <= len(MANY_WORDS) + 10


def test_posts_like_a_text_are_found(tmp_path):
    engine = engine_with("tantivy", tmp_path, *MEDICAL)
    found = related_to_text(Shelf(*MEDICAL), engine, "How ketamine infusions help with pain", "en")
    assert 3 in ids(found)


@pytest.mark.parametrize(
    ("words", "is_helped", "has_titles"),
    [
        (["sleep"], False, True),
        (["the", "sleep"], False, True),
        (["sleep", "pain"], True, True),
        (["sleep", "pain", "exercise"], True, False),
    ],
)
def test_a_question_of_two_words_is_helped_by_what_the_best_posts_have_in_common(
    words, is_helped, has_titles, tmp_path
):
    posts = [article(number, None, "Sleep diaries, pain scores, exercise.") for number in range(1, 4)]
    posts += [article(number, None, "Gardens in spring.") for number in range(4, 9)]
    plans = []
    engine = engine_with("tantivy", tmp_path / "i", *posts)
    run = engine.search
    engine.search = lambda plan: plans.append(plan) or run(plan)
    search(Shelf(*posts), engine, query.parse(words), SearchOptions(match_any=True))
    engine.close()
    assert any(plan.hints for plan in plans) == is_helped
    assert bool(plans[0].named) == has_titles


GARDENS = (
    *(article(number, None, f"Roses need pruning in spring, bed {number}, with sharp shears.") for number in (1, 2, 3)),
    article(4, None, "Sharp shears are for pruning in spring, whatever the bed."),
    article(5, None, "Sharp shears for pruning hurt the thorns."),
    *(article(number, None, f"A letter about parking at hall {number}.") for number in (6, 7, 8, 9)),
)


@pytest.fixture(scope="module", params=ENGINES)
def garden(request, tmp_path_factory):
    engine = engine_with(request.param, tmp_path_factory.mktemp("garden") / "i", *GARDENS)
    yield lambda typed, **wishes: search(Shelf(*GARDENS), engine, query.parse(typed), SearchOptions(**wishes))
    engine.close()


def with_marks(result):
    return [(found.rank, found.id, found.expanded) for found in result.results]


def test_any_ends_with_posts_that_have_none_of_the_words_but_what_the_best_share(garden):
    result = garden("roses", match_any=True)
    assert result.total == 5
    assert set(ids(result)[:3]) == {1, 2, 3}
    assert with_marks(result)[3:] == [(4, 4, True), (5, 5, True)]
    passage = result.results[3].snippet
    assert "shears" in {passage.text[start:end] for start, end in passage.marks}
    assert not any(found.expanded for found in garden("roses").results)


def test_what_is_excluded_or_filtered_out_does_not_come_back_by_expansion(garden):
    assert ids(garden("roses -thorns", match_any=True))[3:] == [4]
    assert ids(garden("roses year:1999", match_any=True)) == []
    assert ids(garden("roses", match_any=True, author="nobody")) == []
    assert len(ids(garden("roses", match_any=True, fields="body"))) == 3


def test_expansion_begins_where_the_posts_with_the_words_end(garden):
    assert not any(found.expanded for found in garden("roses", match_any=True, limit=3).results)
    assert with_marks(garden("roses", match_any=True, limit=4))[3:] == [(4, 4, True)]
    assert with_marks(garden("roses", match_any=True, limit=2, offset=2))[1:] == [(4, 4, True)]
    assert with_marks(garden("roses", match_any=True, limit=3, offset=3)) == [(4, 4, True), (5, 5, True)]
    assert ids(garden("roses", match_any=True, order="newest", limit=9)) == [1, 2, 3]


def test_two_posts_have_too_little_in_common_to_look_further(garden):
    assert not any(found.expanded for found in garden("thorns whatever", match_any=True).results)


@pytest.mark.parametrize("name", ENGINES)
def test_what_posts_have_in_common_is_told_by_the_words_they_have(name, tmp_path):
    written = "Sleep diaries, pain scores and step-by-step exercise plans."
    posts = [article(number, None, written) for number in range(1, 4)]
    posts += [article(number, None, "Gardens in spring.") for number in range(4, 9)]
    plans = []
    engine = engine_with(name, tmp_path / "i", *posts)
    run = engine.search
    engine.search = lambda plan: plans.append(plan) or run(plan)
    search(Shelf(*posts), engine, query.parse(["sleep", "pain", "exercise", "plans"]), SearchOptions(match_any=True))
    joined = search(Shelf(*posts), engine, query.parse(["stepbystep"]), SearchOptions())
    engine.close()
    hints = {hint.term for plan in plans for hint in plan.hints}
    assert "diari" in hints
    assert "stepbystep" not in hints
    assert joined.total == 3
