"""Open engines on an index of the test's own, as several libraries and several machines would."""

from __future__ import annotations

import itertools
from contextlib import contextmanager

from indexer.search.engine import Indexed, Location
from indexer.search.engines.opensearch.connection import Connection
from indexer.search.engines.opensearch.engine import OpenSearchEngine
from indexer.search.engines.opensearch.settings import ClusterSettings
from indexer.search.engines.opensearch.upkeep import make

_NUMBERS = itertools.count()


class Shared:
    """An index on a cluster; `engine` opens it anew, as another process would."""

    def __init__(self, urls, folder, index, shards=3, replicas=1, **settings):
        self.folder = folder
        self.settings = ClusterSettings(tuple(urls), index, **settings)
        self.opened = []
        self.connection = self.connect()
        make(self.connection, shards, replicas)
        # What has no copy yet is out of reach while its node is down, and a copy that is being made shows what was fed.
        self.connection.ask("GET", f"/_cluster/health/{index}-*", wait_for_status="green", timeout="20s", absent=(408,))

    def connect(self):
        self.opened.append(Connection(self.settings))
        return self.opened[-1]

    def engine(self, library="own", folder=None):
        return OpenSearchEngine(Location(str(folder or self.folder / library), library), self.connect())


@contextmanager
def shared(urls, folder, **more):
    """Give an index of its own, which is gone at the end."""
    index = f"s{next(_NUMBERS)}"
    made = Shared(urls, folder, index, **more)
    try:
        yield made
    finally:
        made.connection.ask("DELETE", f"/{index}-v*,{index}-libraries", writing=True)
        for connection in made.opened:
            connection.close()


def post(number, text="chronic pain", digest=None):
    words = text.split()
    return Indexed(number, digest or f"d{number}", {"body": words}, words={word: word for word in words})
