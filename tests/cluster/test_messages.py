"""Say in one sentence each what a cluster refuses, and let no secret out."""

from __future__ import annotations

import json
import logging
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from indexer.search.engine import Everything, Plan
from indexer.search.engines.opensearch import connection as asking
from indexer.search.engines.opensearch.documents import index_body
from indexer.search.engines.opensearch.errors import (
    ClusterError,
    CopiedLibraryError,
    NoClusterIndexError,
    OtherFormatError,
)
from indexer.search.engines.opensearch.settings import ClusterSettings, from_environment
from indexer.search.engines.opensearch.upkeep import next_alias, status, switch
from scraper.errors import UsageError
from tests.cluster.nodes import free_ports
from tests.cluster.shared import post, shared

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("cluster")]


@pytest.fixture
def index(nodes, tmp_path):
    with shared(nodes.urls, tmp_path) as made:
        yield made


def test_a_full_disk_is_told_and_nothing_is_lost(index):
    engine = index.engine()
    engine.replace([post(1)])
    place = f"/{index.settings.index}-v1/_settings"
    index.connection.ask("PUT", place, {"index.blocks.read_only_allow_delete": True})
    with pytest.raises(ClusterError, match="disks of the search cluster are full"):
        engine.replace([post(2)])
    index.connection.ask("PUT", place, {"index.blocks.read_only_allow_delete": None})
    engine.replace([post(2)])
    assert engine.search(Plan(Everything())).total == 2


def test_a_missing_alias_is_told_and_nothing_is_made_of_it(index, nodes):
    engine = index.engine()
    engine.replace([post(1)])
    name = index.settings.index
    index.connection.ask("POST", "/_aliases", {"actions": [{"remove": {"index": f"{name}-v1", "alias": name}}]})
    for ask in (
        lambda: engine.search(Plan(Everything())),
        lambda: engine.replace([post(2)]),
        lambda: index.engine().checksum(),
    ):
        with pytest.raises(NoClusterIndexError, match="blogdex cluster init"):
            ask()
    assert not index.connection.ask("GET", f"/{name}/_count", absent=(404,))


def test_a_post_that_does_not_fit_the_mapping_is_named(index):
    engine = index.engine()
    with pytest.raises(ClusterError, match="post own:7"):
        engine._connection.bulk([("index", "own:7", {"surprise": 1})])


def test_an_index_of_another_format_is_brought_over_with_searches_running(index):
    connection, name = index.connection, index.settings.index
    index.engine("one").replace([post(1)])
    index.engine("two").replace([post(2)])
    old = index_body(3, 1)["mappings"]
    connection.ask(
        "PUT",
        f"/{name}-v1/_mapping",
        {"_meta": {"format": "opensearch 0"}, "properties": {"id": old["properties"]["id"]}},
    )
    for library in ("one", "two"):
        path = f"/{name}-libraries/_update/{library}?refresh=true"
        connection.ask("POST", path, {"doc": {"format": "opensearch 0"}})
    with pytest.raises(OtherFormatError, match="blogdex cluster migrate"):
        index.engine("one").search(Plan(Everything()))
    assert {row.library for row in status(connection).waiting} == {"one", "two"}
    from indexer.search.engine import Location
    from indexer.search.engines.opensearch.engine import OpenSearchEngine

    for number, library in enumerate(("one", "two"), 1):
        coming = next_alias(connection)
        other = asking.Connection(index.settings, coming)
        with OpenSearchEngine(Location(str(index.folder / library), library), other).rebuilding() as fresh:
            assert connection.ask("GET", f"/{name}/_count")["count"] == 2
            fresh.replace([post(number)])
        other.close()
        waiting = switch(connection)
        assert [row.library for row in waiting] == (["two"] if library == "one" else [])
    assert next_alias(connection) is None
    assert index.engine("one").search(Plan(Everything())).total == 1
    assert list(connection.ask("GET", f"/_alias/{name}")) == [f"{name}-v2"]


def test_a_copied_library_is_refused_until_it_takes_over(index, tmp_path):
    index.engine("own").replace([post(1)])
    shutil.copytree(tmp_path / "own", tmp_path / "copy")
    copy = index.engine("own", tmp_path / "copy")
    copy.replace([post(1, digest="of the copy")])
    with pytest.raises(CopiedLibraryError, match="--take-over"):
        index.engine("own").replace([post(3)])
    assert dict(index.engine("own").ids()) == {1: "of the copy"}
    index.engine("own")._claim.take(over=True)
    index.engine("own").replace([post(3)])
    with pytest.raises(CopiedLibraryError):
        copy.delete([3])


class Refusing(BaseHTTPRequestHandler):
    """A node that refuses everything in one way, and remembers what it was sent."""

    status, reason, seen = 429, {"type": "rejected_execution_exception"}, []

    def do_GET(self):
        self.seen.append({name.lower(): value for name, value in self.headers.items()})
        body = json.dumps({"error": self.reason, "status": self.status}).encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture
def refusing(monkeypatch):
    monkeypatch.setattr(asking.time, "sleep", lambda _: None)
    monkeypatch.setattr(asking, "_wait", lambda number: None)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Refusing.seen = []
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("code", "reason", "told"),
    [
        (429, {"type": "rejected_execution_exception"}, "too much to do"),
        (401, "Unauthorized", "does not accept the user or the password"),
        (
            403,
            {"type": "security_exception", "reason": "no permissions for [indices:data/write/bulk] and User"},
            "indices:data/write/bulk",
        ),
        (503, {"type": "search_phase_execution_exception"}, "can't answer in full"),
    ],
)
def test_each_refusal_is_one_sentence_and_tells_no_secret(refusing, monkeypatch, caplog, code, reason, told):
    monkeypatch.setattr(Refusing, "status", code)
    monkeypatch.setattr(Refusing, "reason", reason)
    settings = ClusterSettings((refusing,), user="anna", password="lantern-7")
    assert "lantern" not in repr(settings)
    made = asking.Connection(settings)
    with caplog.at_level(logging.DEBUG), pytest.raises(ClusterError, match=told) as error:
        made.ask("GET", "/blogdex/_mapping")
    assert "lantern" not in str(error.value) + caplog.text
    assert all(sent["authorization"].startswith("Basic ") for sent in Refusing.seen)
    assert len(Refusing.seen) == (4 if code in (429, 503) else 1)


def test_a_cluster_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setattr(asking, "_wait", lambda number: None)
    address = f"http://127.0.0.1:{free_ports(1)[0]}"
    with pytest.raises(ClusterError, match=r"does not answer \(connection refused\)"):
        asking.Connection(ClusterSettings((address,))).ask("GET", "/")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Say where the search cluster is"),
        ({"HOSTS": "http://search.example:9200"}, "Plain http is for this machine alone"),
        ({"HOSTS": "https://anna:lantern@search.example"}, "Take it out"),
        ({"HOSTS": "https://search.example", "USER": "anna"}, "go together"),
        ({"HOSTS": "https://search.example", "TOKEN": "t", "USER": "anna", "PASSWORD": "p"}, "not both"),
        ({"HOSTS": "https://search.example", "CA_FILE": "/nowhere.pem"}, "no file with certificates"),
        ({"HOSTS": "https://search.example", "TIMEOUT": "soon"}, "how many seconds"),
        ({"HOSTS": "https://search.example", "INDEX": "../x"}, "can't be called"),
        ({"HOSTS": "https://search.example", "USER": "a", "PASSWORD_FILE": "/nowhere"}, "Could not read the file"),
    ],
)
def test_settings_that_cannot_be_are_told(given, told):
    with pytest.raises(UsageError, match=told) as error:
        from_environment({f"BLOGDEX_OPENSEARCH_{key}": value for key, value in given.items()})
    assert "lantern" not in str(error.value)
