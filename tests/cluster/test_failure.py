"""Kill nodes and writers: what was acknowledged stays, no answer is partial, and a build that resumes ends equal."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time

import pytest

from indexer.search.engine import Everything, Plan, Term
from indexer.search.engines.opensearch.errors import ClusterError, PartialAnswerError, is_passing
from tests.cluster.shared import Shared, post, shared

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("cluster")]

WORDS = ["pain", "sleep", "ketamine", "visit", "doctor", "infusion", "night", "letter", "clinic", "rest"]


def some_posts(first, number):
    chosen = random.Random(first)
    return [post(n, " ".join(chosen.choices(WORDS, k=40))) for n in range(first, first + number)]


@pytest.mark.parametrize("victim", ["manager", "data"])
def test_a_killed_node_costs_no_acknowledged_post_and_no_right_answer(nodes, tmp_path, victim):
    with shared(nodes.urls, tmp_path) as index:
        index.engine().replace(some_posts(0, 200))
        acknowledged = sent = 200
        totals, problems, stop = [], [], threading.Event()

        def search():
            reader = index.engine()
            while not stop.is_set():
                least = acknowledged
                try:
                    total = reader.search(Plan(Everything(), limit=1)).total
                    totals.append(least <= total <= sent)
                except ClusterError as error:
                    problems.append(error)

        searching = threading.Thread(target=search)
        searching.start()
        fallen = nodes.manager()
        if victim == "data":
            fallen = next(node for node in nodes.nodes if node is not fallen)
        try:
            writer = index.engine()
            for turn in range(8):
                if turn == 2:
                    fallen.kill()
                sent += 100
                writer.replace(some_posts(acknowledged, 100))
                acknowledged = sent
        finally:
            stop.set()
            searching.join()
            fallen.start()
            nodes.wait()
        assert index.engine().search(Plan(Everything(), limit=1)).total == acknowledged == 1000
        assert {number for number, _ in index.engine().ids()} == set(range(1000))
        assert len(totals) > 5 and all(totals)
        assert all("Try again later" in str(problem) for problem in problems)


def test_without_copies_a_killed_node_makes_every_answer_an_error(nodes, tmp_path):
    with shared(nodes.urls, tmp_path, replicas=0) as index:
        engine = index.engine()
        engine.replace(some_posts(0, 300))
        fallen = nodes.nodes[1]
        fallen.kill()
        try:
            nodes.wait("red")
            for ask in (
                lambda: engine.search(Plan(Term("pain"))),
                lambda: list(engine.totals([Plan(Term("pain"))])),
                lambda: engine.frequencies(["never asked"]),
                engine.checksum,
                lambda: list(engine.ids()),
            ):
                with pytest.raises(ClusterError, match=r"nothing is shown"):
                    ask()
        finally:
            fallen.start()
            nodes.wait()
        assert engine.search(Plan(Everything(), limit=0)).total == 300


def test_an_answer_of_some_parts_is_an_error():
    from indexer.search.engines.opensearch.connection import complete

    with pytest.raises(PartialAnswerError, match="2 of 3"):
        complete({"_shards": {"total": 3, "successful": 2, "failed": 0}, "timed_out": False})
    with pytest.raises(PartialAnswerError):
        complete({"_shards": {"total": 3, "successful": 3, "failed": 0}, "timed_out": True})


@pytest.mark.parametrize(
    ("status", "kind", "passing"),
    [
        (503, "cluster_manager_not_discovered_exception", True),
        (500, "node_not_connected_exception", True),
        (500, "node_disconnected_exception", True),
        (500, "null_pointer_exception", False),
        (400, "mapper_parsing_exception", False),
    ],
)
def test_what_may_be_otherwise_in_a_moment_is_tried_again(status, kind, passing):
    assert is_passing(status, {"type": kind, "reason": "[n2][127.0.0.1:1] Node not connected"}) is passing


def _feed_for_ever(settings, folder):
    index = Shared(settings.hosts, folder, settings.index)
    with index.engine().rebuilding() as fresh:
        turn = 0
        while True:
            fresh.replace(some_posts(turn, 50))
            turn += 50


def test_a_build_that_was_killed_resumes_and_ends_equal(nodes, tmp_path):
    with shared(nodes.urls, tmp_path) as index:
        index.engine().replace([*some_posts(0, 100), post(5000, "long gone")])
        before = index.engine().checksum()
        process = multiprocessing.get_context("spawn").Process(
            target=_feed_for_ever, args=(index.settings, tmp_path), daemon=True
        )
        process.start()
        while index.engine()._claim.row()["whole"]:
            time.sleep(0.1)
        time.sleep(3)
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        # Where a part of the index moves meanwhile, the cluster itself shows what was fed to it; nothing that was is gone.
        assert index.engine().search(Plan(Everything(), limit=0)).total >= before.articles
        assert dict(index.engine().ids()).get(5000) == "d5000"
        with index.engine().rebuilding() as fresh:
            fresh.replace(some_posts(0, 120))
        with shared(nodes.urls, tmp_path / "other") as other:
            other.engine().replace(some_posts(0, 120))
            assert list(index.engine().ids()) == list(other.engine().ids())
            assert index.engine().checksum() == other.engine().checksum()
            plan = Plan(Term("pain"), limit=200)
            assert {hit.article_id for hit in index.engine().search(plan).hits} == {
                hit.article_id for hit in other.engine().search(plan).hits
            }
        assert index.engine()._claim.row()["whole"]


def test_libraries_share_an_index_and_keep_apart(nodes, tmp_path):
    with shared(nodes.urls, tmp_path) as index:
        one, other = index.engine("one"), index.engine("other")
        one.replace(some_posts(0, 30))
        other.replace([post(1, "apples and pears")])
        assert other.search(Plan(Term("pain"))).total == 0
        assert dict(other.ids()) == {1: "d1"}
        assert other.frequencies(["pears"]).articles == 1
        assert other.known(["pain", "pears"]).keys() == {"pears"}
        everything = index.engine("*")
        assert everything.search(Plan(Everything(), limit=0)).total == 31
        assert [hit.library for hit in everything.search(Plan(Term("pears"))).hits] == ["other"]
        other.discard()
        assert index.engine("*").search(Plan(Everything(), limit=0)).total == 30
        assert not index.engine("other").exists()
