"""Hold the engine on three nodes to the contract of every engine, but for what a cluster can't promise."""

from __future__ import annotations

import hashlib
import random

import pytest

import tests.test_engines as contract
from indexer.search.engine import AnyOf, Location, Plan, Term
from indexer.search.engines.opensearch.connection import Connection
from indexer.search.engines.opensearch.settings import ClusterSettings
from indexer.search.engines.opensearch.upkeep import make
from indexer.search.engines.registry import open_engine

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("cluster")]

EXCEPTIONS = {
    "test_a_new_index_takes_the_place_of_the_old_one_only_when_it_is_whole": "no swap: a reader sees posts as they are fed",
    "test_what_changes_is_vouched_for": "a cluster sees to its files itself",
    "test_a_damaged_index_is_said_to_be_damaged": "a cluster sees to its files itself",
    "test_an_index_of_another_version_is_refused": "the format stands in the mapping: test_messages",
    "test_a_kill_while_writing_leaves_the_old_state_or_the_new": "test_failure",
    "test_who_reads_sees_one_state_while_another_writes": "no snapshot: test_failure",
    "test_many_small_changes_give_what_one_build_gives": "posts that were replaced count until they are merged away: below",
    "test_an_unknown_engine_is_named": "of no engine",
    "test_an_index_from_a_stranger_runs_nothing": "of one engine",
    "test_whoosh_itself_opens_the_index_and_finds_posts_by_its_own_words": "of one engine",
}

for each in dir(contract):
    if each.startswith("test_") and each not in EXCEPTIONS:
        globals()[each] = getattr(contract, each)


@pytest.fixture(autouse=True)
def shared(nodes, monkeypatch):
    """Give each folder of a test an index of its own."""
    monkeypatch.setenv("BLOGDEX_OPENSEARCH_HOSTS", ",".join(nodes.urls))
    made = {}

    def open_at(name, folder):
        index = f"t{hashlib.sha1(str(folder).encode()).hexdigest()[:12]}"
        monkeypatch.setenv("BLOGDEX_OPENSEARCH_INDEX", index)
        if index not in made:
            made[index] = Connection(ClusterSettings(tuple(nodes.urls), index))
            make(made[index], 3, 1)
        engine = open_engine(name, Location(str(folder), "own"))
        assert engine._connection.settings.index == index
        return engine

    monkeypatch.setattr(contract, "open_at", open_at)
    yield
    for index, connection in made.items():
        connection.ask("DELETE", f"/{index}-v1,{index}-libraries")
        connection.close()


@pytest.fixture
def name():
    return "opensearch"


@pytest.fixture
def engine(name, tmp_path):
    made = contract.open_at(name, tmp_path / "index")
    made.replace(contract.POSTS)
    yield made
    made.close()


def test_changes_give_what_one_build_gives_but_for_the_rarity_of_words(name, tmp_path):
    numbers = random.Random(5)
    weights = [1 / (rank + 2) for rank in range(400)]
    texts = [[f"w{each}" for each in numbers.choices(range(400), weights, k=80)] for _ in range(300)]
    posts = [contract.post(n, " ".join(text)) for n, text in enumerate(texts)]
    before = [contract.post(n, " ".join([*texts[n][6:], "old"]), digest="old") for n in range(0, 300, 10)]
    grown, built = contract.open_at(name, tmp_path / "a"), contract.open_at(name, tmp_path / "b")
    grown.replace([*posts, *before])
    grown.replace(posts[::10])
    grown.delete([7])
    grown.replace(posts[7:8])
    built.replace(posts)
    for terms in (("w30",), ("w60", "w150"), ("w9", "w20", "w120")):
        plan = Plan(AnyOf(tuple(map(Term, terms))), limit=40)
        one, other = grown.search(plan), built.search(plan)
        assert one.total == other.total
        assert len({hit.article_id for hit in one.hits[:10]} & {hit.article_id for hit in other.hits[:10]}) >= 9
        scores = {hit.article_id: hit.score for hit in other.hits}
        changed = [abs(hit.score / scores[hit.article_id] - 1) for hit in one.hits if hit.article_id in scores]
        assert max(changed) < 0.03, terms
    assert grown.search(Plan(Term("old"))).total == 0
    assert grown.checksum() == built.checksum()


def test_every_exception_is_a_test():
    assert all(hasattr(contract, each) for each in EXCEPTIONS)
