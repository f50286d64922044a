"""Hold the engine on three nodes to the contract of every engine, but for what a cluster can't promise."""

from __future__ import annotations

import hashlib
import random

import pytest

import tests.test_engines as contract
from indexer.search.engine import AnyOf, Location, Phrase, Plan, Term
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


def test_many_small_changes_give_what_one_build_gives_once_they_are_merged(name, tmp_path):
    numbers = random.Random(5)
    posts = [contract.post(n, " ".join(numbers.choices("abcdefghij", k=30))) for n in range(60)]
    grown, built = contract.open_at(name, tmp_path / "a"), contract.open_at(name, tmp_path / "b")
    grown.replace(posts[:40])
    for number in range(0, 60, 20):
        grown.replace([contract.post(number, "old text a b")])
        grown.delete([number + 2])
        grown.replace(posts[number : number + 20])
    built.replace(posts)
    plans = [Plan(AnyOf((Term("a"), Term("b"))), limit=60), Plan(Phrase(("a", "b")), limit=60), Plan(Term("old"))]

    def found(engine):
        return [
            (engine.search(plan).total, {(hit.article_id, round(hit.score, 4)) for hit in engine.search(plan).hits})
            for plan in plans
        ]

    assert [total for total, _ in found(grown)] == [total for total, _ in found(built)]
    grown._connection.ask("POST", f"/{grown._connection.index}/_forcemerge", max_num_segments=1)
    grown._refresh()
    assert found(grown) == found(built)


def test_every_exception_is_a_test():
    assert all(hasattr(contract, each) for each in EXCEPTIONS)
