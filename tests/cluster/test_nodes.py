"""Hold the kit that the other tests stand on: nodes find one another, and outlive one of them."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("cluster")]

INDEX = {"settings": {"number_of_shards": 3, "number_of_replicas": 1}}


def test_three_nodes_are_one_cluster(nodes):
    assert nodes.ask("/")["version"]["number"] == nodes.version
    assert nodes.ask("/_cluster/health")["number_of_nodes"] == 3


def test_what_a_killed_manager_held_is_still_there(nodes):
    nodes.ask("/numbers", "PUT", INDEX)
    for number in range(20):
        nodes.ask(f"/numbers/_doc/{number}?refresh=true", "PUT", {"number": number})
    nodes.wait()  # until each part has its copy
    fallen = nodes.manager()
    fallen.kill()
    nodes.wait()
    assert nodes.manager() is not fallen
    assert nodes.ask("/numbers/_count")["count"] == 20
    fallen.start()
    nodes.wait()
    assert nodes.ask("/_cluster/health")["number_of_nodes"] == 3
    assert nodes.ask("/numbers/_count")["count"] == 20
