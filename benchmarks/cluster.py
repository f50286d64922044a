"""Measure what a post and a search cost on a cluster as it grows: `python -m benchmarks.cluster 5000 20000`.

Three nodes of the test kit on this machine, one copy of each part; libraries of 500 posts with invented words drawn by Zipf's
law. CPU is the nodes' own and this process's: wall times say nothing on a machine that does other things.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.search.engine import AllOf, AnyOf, Filter, Indexed, Location, Phrase, Plan, Term
from indexer.search.engines.opensearch.connection import Connection
from indexer.search.engines.opensearch.engine import ALL_LIBRARIES, OpenSearchEngine
from indexer.search.engines.opensearch.settings import ClusterSettings
from indexer.search.engines.opensearch.upkeep import make, status
from tests.cluster.nodes import Cluster, cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

_POSTS_A_LIBRARY, _WORDS_A_POST, _VOCABULARY = 500, 600, 60_000
_TICKS = os.sysconf("SC_CLK_TCK")
_TIMES = 15


def node_cpu_s(nodes: Cluster) -> float:
    """Return the CPU seconds that all nodes have used."""
    spent = 0
    for node in nodes.up():
        fields = Path(f"/proc/{node.pid}/stat").read_text().rpartition(")")[2].split()
        spent += int(fields[11]) + int(fields[12])
    return spent / _TICKS


def posts(library: int) -> Iterator[Indexed]:
    """Yield the posts of a library."""
    chosen = random.Random(library)
    weights = list(accumulate(1 / (rank + 3) for rank in range(_VOCABULARY)))
    for number in range(_POSTS_A_LIBRARY):
        body = [f"w{rank}" for rank in chosen.choices(range(_VOCABULARY), cum_weights=weights, k=_WORDS_A_POST)]
        title = body[:7]
        day = f"20{chosen.randrange(10, 27)}-{chosen.randrange(1, 13):02}-{chosen.randrange(1, 29):02}"
        filters = {"site": [f"clinic{library}.example"], "author": [f"Author {chosen.randrange(5)}"]}
        words = {word: word for word in body}
        yield Indexed(number, f"{library}-{number}", {"title": title, "body": body}, filters, day, words, title)


PLANS = {
    "a word": Plan(Term("w40")),
    "three words": Plan(AllOf((Term("w20"), Term("w60"), Term("w90")))),
    "a phrase": Plan(Phrase(("w0", "w1"))),
    "any of five": Plan(AnyOf(tuple(Term(f"w{each}") for each in (5, 50, 500, 900, 2000)))),
    "a site, with facets": Plan(
        Term("w40"), filters=(Filter("site", ("clinic3.example",)),), facets=("author", "year")
    ),
    "newest, facets": Plan(Term("w40"), order="newest", facets=("author", "year")),
}


def main() -> None:
    """Grow, and measure at each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--line", default="2.19")
    parser.add_argument("--heap-mb", type=int, default=512)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, cluster(asked.line, Path(folder), heap_mb=asked.heap_mb) as nodes:
        settings = ClusterSettings(tuple(nodes.urls), "blogdex", timeout_s=120)
        connection = Connection(settings)
        make(connection, 3, 1)
        fed = 0
        for size in sorted(asked.sizes):
            before, own, first = node_cpu_s(nodes), time.process_time(), fed
            spent_making = 0.0
            while fed < size:
                library = fed // _POSTS_A_LIBRARY
                started = time.process_time()
                made = list(posts(library))
                spent_making += time.process_time() - started
                engine = OpenSearchEngine(Location(f"{folder}/l{library}", f"l{library}"), connection)
                with engine.changing():
                    engine.replace(made)
                fed += len(made)
            python_ms = (time.process_time() - own - spent_making) * 1000 / (fed - first)
            nodes_ms = (node_cpu_s(nodes) - before) * 1000 / (fed - first)
            found = status(connection)
            print(f"{fed} posts: {nodes_ms:.1f} ms of the nodes' CPU a post, {python_ms:.1f} ms in Python, "
                  f"{found.size_bytes / found.posts / 1000:.1f} kB a post without copies", flush=True)  # fmt: skip
            reader = OpenSearchEngine(Location(folder, ALL_LIBRARIES), connection)
            for name, plan in PLANS.items():
                reader.search(plan)
                before, took = node_cpu_s(nodes), []
                for number in range(_TIMES):
                    started = time.perf_counter()
                    total = reader.search(plan._replace(offset=number % 3)).total
                    took.append((time.perf_counter() - started) * 1000)
                cpu_ms = (node_cpu_s(nodes) - before) * 1000 / _TIMES
                print(
                    f"  {name}: {total} found, {cpu_ms:.0f} ms of CPU, {statistics.median(took):.0f} ms by the clock",
                    flush=True,
                )


if __name__ == "__main__":
    main()
