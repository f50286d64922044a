"""Hold every engine to one contract: what stands here must be true of any."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import random
import signal
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer import ENGINES
from indexer.errors import DamagedIndexError, IndexUnusableError
from indexer.search.engine import (
    AllOf,
    Alternatives,
    AnyOf,
    Bonus,
    Everything,
    Filter,
    Form,
    Indexed,
    Not,
    Phrase,
    Plan,
    Term,
    seal,
)
from scraper.errors import UsageError
from tests.search_helpers import open_at


def post(number, text="", *, title="", digest=None, **others):
    fields = {
        "title": title.split(),
        "body": text.split(),
        **{k: v.split() for k, v in others.pop("fields", {}).items()},
    }
    words = {word: word for words in fields.values() for word in words}
    return Indexed(number, digest or str(number), fields, words=words, **others)


POSTS = [
    post(
        10,
        "ketamine eases chronic pain and low mood",
        title="ketamine guide",
        filters={"author": ["Kim Reyes"], "category": ["Chronic Pain", "Ketamine"], "site": ["a.example"]},
        published="2024-05-02",
    ),
    post(
        11,
        "pain in the lower back is often chronic",
        title="back pain",
        filters={"author": ["Ana Ruiz"], "category": ["chronic pain"], "site": ["b.example"], "topic": ["Pain"]},
        published="2023-01-20",
    ),
    post(
        12,
        "what to expect at the first visit",
        title="first visit",
        fields={"editorial": "call vitalitas today", "template": "subscribe to the letter"},
        filters={"author": ["Kim Reyes"], "site": ["a.example"]},
        published="2023-11-14",
    ),
    post(13, "vitalitas is a clinic vitalitas cares", title="about us", filters={"site": ["a.example"]}),
]


@pytest.fixture(params=ENGINES)
def name(request):
    return request.param


@pytest.fixture
def engine(name, tmp_path):
    made = open_at(name, tmp_path / "index")
    made.replace(POSTS)
    yield made
    made.close()


def ids(engine, root, **wishes):
    return [hit.article_id for hit in engine.search(Plan(root, **wishes)).hits]


def test_a_term_finds_the_posts_that_have_it(engine):
    assert set(ids(engine, Term("pain"))) == {10, 11}
    assert ids(engine, Term("zebra")) == []


def test_a_term_in_a_field_is_found_there_only(engine):
    assert ids(engine, Term("pain", ("title",))) == [11]
    assert ids(engine, Term("ketamine", ("body",))) == [10]
    assert ids(engine, Term("guide", ("body",))) == []


def test_what_was_set_aside_is_found_only_when_asked_for(engine):
    assert ids(engine, Term("subscribe")) == []
    assert ids(engine, Term("subscribe", ("editorial", "template"))) == [12]
    assert ids(engine, Term("vitalitas", ("editorial", "template"))) == [12]
    assert ids(engine, Phrase(("to", "the", "letter"), ("template",))) == [12]


def test_a_phrase_needs_its_words_in_a_row_in_one_field(engine):
    assert ids(engine, Phrase(("chronic", "pain"))) == [10]
    assert ids(engine, Phrase(("pain", "chronic"))) == []
    assert ids(engine, Phrase(("in", "the", "lower"))) == [11]
    assert ids(engine, Phrase(("guide", "ketamine"))) == []
    assert ids(engine, Phrase(("first", "visit"), ("title",))) == [12]


def test_a_phrase_may_repeat_a_word(name, tmp_path):
    engine = open_at(name, tmp_path / "i")
    engine.replace([post(1, "new york new york"), post(2, "new york")])
    assert ids(engine, Phrase(("new", "york", "new"))) == [1]


def test_all_of_any_of_and_not(engine):
    assert ids(engine, AllOf((Term("pain"), Term("mood")))) == [10]
    assert set(ids(engine, AnyOf((Term("mood"), Term("visit"))))) == {10, 12}
    assert ids(engine, AllOf((Term("pain"), Not(Term("mood"))))) == [11]
    assert set(ids(engine, AllOf((Everything(), Not(Term("pain")))))) == {12, 13}
    assert set(ids(engine, AllOf((Not(Term("pain")),)))) == {12, 13}
    assert set(ids(engine, Not(Term("pain")))) == {12, 13}


def test_with_most_first_more_words_beat_any_score(engine):
    many = AnyOf((Term("vitalitas", weight=50.0), Term("first"), Term("expect")), most_first=True)
    assert ids(engine, many) == [12, 13]


def test_alternatives_count_once(engine):
    one = engine.search(Plan(Term("pain"))).hits
    both = engine.search(Plan(Alternatives((Term("pain"), Term("chronic"))))).hits
    assert {hit.article_id for hit in both} == {10, 11}
    assert max(hit.score for hit in both) <= max(hit.score for hit in one) + max(
        hit.score for hit in engine.search(Plan(Term("chronic"))).hits
    )


def test_a_prefix_matches_every_term_that_starts_so(engine):
    assert set(ids(engine, Term("vi", prefix=True))) == {12, 13}
    assert ids(engine, Term("gui", ("title",), prefix=True)) == [10]


def test_a_rare_word_in_the_title_beats_one_in_a_call_to_action(engine):
    assert ids(engine, Term("vitalitas")) == [13, 12]


def test_hints_add_to_scores_and_match_nothing(engine):
    plain = ids(engine, AnyOf((Term("pain"), Term("visit"))))
    hinted = ids(engine, AnyOf((Term("pain"), Term("visit"))), hints=(Term("expect", weight=20.0), Term("vitalitas")))
    assert set(plain) == set(hinted)
    assert hinted[0] == 12


def test_bonuses_add_to_scores_and_are_told(engine):
    plain = {hit.article_id: hit.score for hit in engine.search(Plan(Term("pain"))).hits}
    bonuses = (Bonus(Term("ketamine", ("title",)), 5.0), Bonus(Phrase(("back", "pain"))), Bonus(Form("low")))
    found = engine.search(Plan(Term("pain"), bonuses=bonuses)).hits
    assert [(hit.article_id, hit.bonuses) for hit in found] == [(10, 0b101), (11, 0b010)]
    assert [hit.title for hit in found] == [(("ketamine",) * 2, ("guide",) * 2), ()]
    assert found[0].score == pytest.approx(plain[10] + 5.0, abs=1e-3)
    assert found[1].score == pytest.approx(plain[11], abs=1e-3)


def test_a_filter_compares_without_case_and_accents(engine):
    assert set(ids(engine, Everything(), filters=(Filter("category", ("chronic PAIN",)),))) == {10, 11}
    assert ids(
        engine, Everything(), filters=(Filter("author", ("kim reyes",)), Filter("site", ("a.example",))), order="oldest"
    ) == [12, 10]
    assert ids(engine, Filter("category", ("Ketamine", "zebra"))) == [10]
    assert ids(engine, Everything(), filters=(Filter("author", ("kim",)),)) == []


def test_days_limit_inclusively_and_leave_undated_posts_out(engine):
    assert ids(engine, Everything(), since="2023-11-14", order="oldest") == [12, 10]
    assert ids(engine, Everything(), until="2023-11-14", order="oldest") == [11, 12]
    assert ids(engine, Everything(), since="2023-01-20", until="2023-01-20") == [11]


def test_order_by_date_puts_undated_posts_last(engine):
    assert ids(engine, Everything(), order="newest") == [10, 12, 11, 13]
    assert ids(engine, Everything(), order="oldest") == [11, 12, 10, 13]


def test_equal_scores_are_ordered_by_date(name, tmp_path):
    engine = open_at(name, tmp_path / "i")
    engine.replace(
        post(n, "same words", published=day) for n, day in enumerate(["2020-01-01", "2024-01-01", None, "2022-01-01"])
    )
    assert ids(engine, Term("same")) == [1, 3, 0, 2]


def test_pages_follow_one_another_and_the_total_counts_all(engine):
    everything = ids(engine, Everything())
    assert [ids(engine, Everything(), limit=1, offset=n)[0] for n in range(4)] == everything
    assert engine.search(Plan(Everything(), limit=1)).total == 4
    assert ids(engine, Everything(), offset=100) == []
    assert engine.search(Plan(Everything(), limit=0)).total == 4


def test_facets_count_what_matches_under_one_spelling(engine):
    found = engine.search(Plan(Term("pain"), facets=("category", "author", "year", "topic"))).facets
    assert {value.lower(): count for value, count in found["category"].items()} == {"chronic pain": 2, "ketamine": 1}
    assert found["author"] == {"Ana Ruiz": 1, "Kim Reyes": 1}
    assert list(found["year"].items()) == [("2024", 1), ("2023", 1)]
    assert found["topic"] == {"Pain": 1}


def test_values_and_vocabulary_are_listed(engine):
    assert list(engine.values("author").items()) == [("Kim Reyes", 2), ("Ana Ruiz", 1)]
    assert engine.values("author", "RUÍ") == {"Ana Ruiz": 1}
    assert engine.values("author", limit=1) == {"Kim Reyes": 2}
    assert engine.starting("chr") == {"chronic": ("chronic", 2)}
    assert set(engine.starting("")) >= {"ketamine", "vitalitas"}
    assert list(engine.starting("v", 1)) == ["vitalitas"]
    assert engine.known(["pain", "zebra"]) == {"pain": ("pain", 2)}


def test_words_that_are_alike_are_found(engine):
    assert "ketamine" in engine.similar("ketamin", 1)
    assert "ketamine" in engine.similar("ketmaine", 1)
    assert "ketamine" in engine.similar("kettamin", 2)
    assert engine.similar("qqwzxjkv", 2) == {}


def test_frequencies_count_articles(engine):
    known = engine.frequencies(["pain", "vitalitas", "zebra"])
    assert known.documents == {"pain": 2, "vitalitas": 2, "zebra": 0}
    assert known.titles == {"pain": 1, "vitalitas": 0, "zebra": 0}
    assert known.articles == 4
    assert 5 < known.mean_length < 15


def test_replacing_a_post_takes_its_old_words_away(engine):
    engine.replace([post(10, "nothing of that kind", digest="new")])
    assert ids(engine, Term("pain")) == [11]
    assert ids(engine, Phrase(("chronic", "pain"))) == []
    assert ids(engine, Term("kind")) == [10]
    assert dict(engine.ids()) == {10: "new", 11: "11", 12: "12", 13: "13"}
    assert engine.values("author") == {"Ana Ruiz": 1, "Kim Reyes": 1}
    assert engine.frequencies(["pain"]).documents == {"pain": 1}


def test_the_last_of_two_posts_with_one_id_counts(engine):
    engine.replace([post(20, "first try"), post(20, "second try", digest="b")])
    assert ids(engine, Term("first", ("body",))) == [12]
    assert 20 not in ids(engine, Term("first"))
    assert ids(engine, Term("second")) == [20]
    assert dict(engine.ids())[20] == "b"
    assert engine.checksum() == (5, sum(seal(number, digest) for number, digest in engine.ids()))


def test_totals_count_without_hits(engine):
    assert list(engine.totals([Plan(Term("pain"), limit=1), Plan(Term("zebra")), Plan(Everything())])) == [2, 0, 4]


def test_a_new_index_takes_the_place_of_the_old_one_only_when_it_is_whole(engine, name, tmp_path):
    with pytest.raises(ZeroDivisionError), engine.rebuilding() as fresh:
        fresh.replace([post(1, "half")])
        raise ZeroDivisionError
    assert engine.search(Plan(Everything())).total == 4
    reader = open_at(name, tmp_path / "index")
    assert reader.search(Plan(Term("pain"))).total == 2
    with engine.rebuilding() as fresh:
        fresh.replace([post(1, "whole")])
    assert dict(engine.ids()) == {1: "1"}
    assert reader.search(Plan(Term("pain"))).total == 2


def test_what_changes_is_vouched_for(engine, name, tmp_path):
    with engine.changing():
        engine.delete([10])
        engine.replace([post(14, "one more")])
    engine.check()
    assert open_at(name, tmp_path / "index").checksum().articles == 4
    largest = max((tmp_path / "index" / name).iterdir(), key=lambda file: file.stat().st_size)
    data = bytearray(largest.read_bytes())
    data[len(data) // 2] ^= 0xFF
    largest.write_bytes(data)
    with pytest.raises(DamagedIndexError):
        engine.check()
    with pytest.raises(DamagedIndexError), engine.changing():
        pass
    engine.discard()
    assert not engine.exists()


def test_deleting_is_complete_and_forgives_unknown_ids(engine):
    engine.delete([10, 99])
    assert ids(engine, Term("ketamine")) == []
    assert engine.search(Plan(Everything())).total == 3
    assert engine.frequencies([]).articles == 3
    engine.delete([11, 12, 13])
    assert engine.search(Plan(AllOf((Not(Term("pain")),)), facets=("category",))).total == 0


def test_an_empty_index_answers(name, tmp_path):
    engine = open_at(name, tmp_path / "none")
    assert engine.search(Plan(Term("pain"), facets=("year",))).total == 0
    assert list(engine.ids()) == []
    assert engine.values("author") == engine.starting("") == engine.known(["pain"]) == {}
    assert engine.checksum() == (0, 0)
    engine.delete([1])
    engine.replace([])
    assert engine.search(Plan(Everything())).total == 0


def test_many_small_changes_give_what_one_build_gives(name, tmp_path):
    random_number = random.Random(5)
    posts = [
        post(n, " ".join(random_number.choices("abcdefghij", k=30)), published=f"20{n % 20 + 10}-01-01")
        for n in range(60)
    ]
    grown, built = open_at(name, tmp_path / "a"), open_at(name, tmp_path / "b")
    grown.replace(posts[:40])
    for number in range(0, 60, 4):
        grown.replace([post(number, "old text a b")])
        grown.replace(posts[number : number + 4])
        grown.delete([number + 2])
        grown.replace(posts[number + 2 : number + 3])
    built.replace(posts)
    for plan in (Plan(AnyOf((Term("a"), Term("b"))), limit=60), Plan(Phrase(("a", "b")), limit=60), Plan(Term("old"))):
        one, other = grown.search(plan), built.search(plan)
        # What was taken out counts among how rare a word is until it is merged away: half of all, here.
        scores, wanted = ({hit.article_id: hit.score for hit in found.hits} for found in (one, other))
        assert scores == pytest.approx(wanted, rel=0.1)
        assert one.total == other.total


def test_who_reads_sees_one_state_while_another_writes(name, tmp_path):
    folder = tmp_path / "i"
    writer, reader = open_at(name, folder), open_at(name, folder)
    writer.replace(POSTS)
    assert reader.search(Plan(Everything())).total == 4
    writer.replace(post(n, "more") for n in range(100, 110))
    writer.delete([10])
    assert reader.search(Plan(Term("ketamine"))).total == 1
    assert open_at(name, folder).search(Plan(Everything())).total == 13


def test_opening_never_fails_while_another_writes(name, tmp_path):
    folder = tmp_path / "i"
    open_at(name, folder).replace(POSTS)
    stop = threading.Event()

    def write():
        engine = open_at(name, folder)
        for number in range(400):
            engine.replace([post(number + 100, "pain")])
            if stop.is_set():
                break
        engine.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for _ in range(60):
            engine = open_at(name, folder)
            assert engine.search(Plan(Term("ketamine"))).total == 1
            engine.close()
    finally:
        stop.set()
        thread.join()


def test_an_index_of_another_version_is_refused(name, tmp_path):
    folder = tmp_path / "i"
    open_at(name, folder).replace(POSTS)
    version = folder / name / "format"
    version.write_text("whoosh 0")
    with pytest.raises(IndexUnusableError, match="Run: blogdex rebuild"):
        open_at(name, folder).search(Plan(Term("pain")))


@pytest.mark.parametrize("how", ["garbage", "cut", "empty"])
def test_a_damaged_index_is_said_to_be_damaged(name, tmp_path, how):
    folder = tmp_path / "i"
    engine = open_at(name, folder)
    engine.replace(POSTS)
    engine.close()
    for file in (folder / name).iterdir():
        if file.is_file() and file.name != "format":
            data = file.read_bytes()
            file.write_bytes({"garbage": b"\x07garbage" * 1000, "cut": data[: len(data) // 3], "empty": b""}[how])
    with pytest.raises(IndexUnusableError):
        open_at(name, folder).search(Plan(Phrase(("chronic", "pain"))))


def _write_for_ever(name: str, folder: Path) -> None:
    engine = open_at(name, folder)
    number = 0
    while True:
        number += 1
        engine.replace([post(n, f"state{number} words in common", digest=str(number)) for n in range(100, 130)])


def test_a_kill_while_writing_leaves_the_old_state_or_the_new(name, tmp_path):
    folder = tmp_path / "i"
    context = multiprocessing.get_context("spawn")
    for pause in (0.05, 0.11, 0.17):
        process = context.Process(target=_write_for_ever, args=(name, folder), daemon=True)
        process.start()
        while process.is_alive() and not list(open_at(name, folder).ids()):
            time.sleep(0.02)
        time.sleep(pause)
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        engine = open_at(name, folder)
        digests = {digest for _, digest in engine.ids()}
        assert len(digests) == 1
        assert engine.search(Plan(Term(f"state{digests.pop()}"))).total == 30
        engine.replace(POSTS)
        assert engine.search(Plan(Term("ketamine"))).total == 1
        engine.delete([10, 11, 12, 13])
        engine.close()


def test_an_unknown_engine_is_named(tmp_path):
    with pytest.raises(UsageError, match="no search engine 'xapian'"):
        open_at("xapian", tmp_path)


leaves = st.one_of(
    st.sampled_from(["pain", "chronic", "ketamine", "visit", "zebra", "the"]).map(Term),
    st.lists(st.sampled_from(["chronic", "pain", "the", "first"]), min_size=1, max_size=3).map(
        lambda terms: Phrase(tuple(terms))
    ),
    st.just(Everything()),
    st.just(Filter("author", ("Kim Reyes",))),
)
nodes = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AllOf(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=6,
)


def _matches(root, article):
    """Say by brute force whether an article matches."""
    match root:
        case Term(term):
            return any(term in article.fields.get(field, ()) for field in ("title", "body", "editorial"))
        case Phrase(terms):
            return any(
                f" {' '.join(terms)} " in f" {' '.join(words)} "
                for field, words in article.fields.items()
                if field != "template"
            )
        case Everything():
            return True
        case Filter(field, values):
            return bool(set(values) & set(article.filters.get(field, ())))
        case AllOf(parts):
            return all(_matches(part, article) for part in parts)
        case AnyOf(parts):
            return any(_matches(part, article) for part in parts)
        case Not(part):
            return not _matches(part, article)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(root=nodes)
def test_any_plan_matches_what_it_says(engine, root):
    assert set(ids(engine, root)) == {article.id for article in POSTS if _matches(root, article)}


def test_whoosh_itself_opens_the_index_and_finds_posts_by_its_own_words(tmp_path):
    with_posts = open_at("whoosh", tmp_path / "index")
    with_posts.replace(POSTS)
    with_posts.close()
    from whoosh.index import open_dir
    from whoosh.qparser import QueryParser

    index = open_dir(str(tmp_path / "index" / "whoosh"))
    with index.searcher() as searcher:
        for typed, number in (("pain", 2), ("pain AND mood", 1), ('"chronic pain"', 1), ("vital* NOT clinic", 1)):
            assert len(searcher.search(QueryParser("all", index.schema).parse(typed))) == number


class Trap:
    """What runs something when it is unpickled."""

    def __init__(self, sprung):
        self.sprung = sprung

    def __reduce__(self):
        return (Path.touch, (self.sprung,))


@pytest.mark.parametrize("where", [b"schema", b"segments"])
def test_an_index_from_a_stranger_runs_nothing(tmp_path, where):
    engine = open_at("whoosh", tmp_path / "index")
    engine.replace(POSTS)
    engine.close()
    contents = next((tmp_path / "index" / "whoosh").glob("*.toc"))
    data = contents.read_bytes()
    harmless = data.rindex(b"\x80\x03")
    trap = pickle.dumps([Trap(tmp_path / "sprung")], 2)
    if where == b"schema":
        start = data.index(b"\x80")
        data = data[:start] + trap + data[start + len(trap) :]
    else:
        data = data[:harmless] + trap
    contents.write_bytes(data)
    with pytest.raises(IndexUnusableError):
        open_at("whoosh", tmp_path / "index").search(Plan(Term("pain")))
    assert not (tmp_path / "sprung").exists()
