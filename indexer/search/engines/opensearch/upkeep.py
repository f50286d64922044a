"""Make the index that libraries share, bring it to another format, and see how it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.search.engines.opensearch.claims import register_body, register_of
from indexer.search.engines.opensearch.documents import FORMAT, index_body
from indexer.search.engines.opensearch.errors import NoClusterIndexError

if TYPE_CHECKING:
    from indexer.search.engines.opensearch.connection import Connection

_MOST_LIBRARIES = 10_000
"""Rows of the register that are read; chosen: the largest page that a cluster gives by itself."""


@dataclass(frozen=True, slots=True)
class Row:
    """A library of the index: its name there, its posts, when it was fed, and whether that came to its end."""

    library: str
    posts: int
    changed: str
    whole: bool
    form: str


@dataclass(frozen=True, slots=True)
class ClusterStatus:
    """How the index stands. `health` is green, yellow (a copy is missing) or red (posts are missing)."""

    index: str
    version: str
    nodes: int
    health: str
    posts: int
    size_bytes: int
    form: str
    rows: tuple[Row, ...]

    @property
    def waiting(self) -> tuple[Row, ...]:
        """Return the libraries that have not been brought to the format of this version."""
        return tuple(row for row in self.rows if row.form != FORMAT)


def make(connection: Connection, shards: int, replicas: int) -> bool:
    """Make the index with its alias, and the register; tell whether the index was new."""
    alias = connection.settings.index
    register = register_of(alias)
    if not connection.ask("GET", f"/{register}", absent=(404,)):
        # Asked again after an answer that was lost, it is there.
        connection.ask("PUT", f"/{register}", register_body(replicas), writing=True, absent=(400,))
    if connection.ask("GET", f"/_alias/{alias}", absent=(404,)):
        return False
    connection.ask("PUT", f"/{alias}-v1", {**index_body(shards, replicas), "aliases": {alias: {}}}, writing=True)
    return True


def status(connection: Connection) -> ClusterStatus:
    """Return how the index stands. Raise `NoClusterIndexError`."""
    alias = connection.settings.index
    place = _place(connection, alias)
    health = connection.ask("GET", f"/_cluster/health/{place}")
    counts = connection.ask("GET", f"/{place}/_stats/docs,store")["_all"]["primaries"]
    mapping = connection.ask("GET", f"/{place}/_mapping")[place]["mappings"]
    return ClusterStatus(
        index=alias,
        version=connection.ask("GET", "/")["version"]["number"],
        nodes=health["number_of_nodes"],
        health=health["status"],
        posts=counts["docs"]["count"],
        size_bytes=counts["store"]["size_in_bytes"],
        form=mapping.get("_meta", {}).get("format", ""),
        rows=_rows(connection),
    )


def next_alias(connection: Connection) -> str | None:
    """Return the alias of an index of this version's format beside the one in use, made where it is not there.

    `None` where the one in use has the format already. Shards and copies are as many as there are now.
    """
    alias = connection.settings.index
    place = _place(connection, alias)
    if connection.ask("GET", f"/{place}/_mapping")[place]["mappings"].get("_meta", {}).get("format") == FORMAT:
        return None
    coming = f"{alias}-next"
    if not connection.ask("GET", f"/_alias/{coming}", absent=(404,)):
        settings = connection.ask("GET", f"/{place}/_settings")[place]["settings"]["index"]
        number = int(found[1]) if (found := re.search(r"-v(\d+)$", place)) else 0
        body = index_body(int(settings["number_of_shards"]), int(settings["number_of_replicas"]))
        connection.ask("PUT", f"/{alias}-v{number + 1}", {**body, "aliases": {coming: {}}}, writing=True)
    return coming


def switch(connection: Connection) -> tuple[Row, ...]:
    """Put the coming index in the place of the one in use, in one step, where every library is in it.

    Return the libraries that are not; then nothing is changed.
    """
    alias = connection.settings.index
    waiting = tuple(row for row in _rows(connection) if row.form != FORMAT)
    if waiting:
        return waiting
    old, new = _place(connection, alias), _place(connection, f"{alias}-next")
    actions = [
        {"add": {"index": new, "alias": alias}},
        {"remove": {"index": new, "alias": f"{alias}-next"}},
        {"remove_index": {"index": old}},
    ]
    connection.ask("POST", "/_aliases", {"actions": actions}, writing=True)
    return ()


def _place(connection: Connection, alias: str) -> str:
    """Return the index behind an alias."""
    found = connection.ask("GET", f"/_alias/{alias}", absent=(404,))
    if not found:
        raise NoClusterIndexError(alias)
    return next(iter(found))


def _rows(connection: Connection) -> tuple[Row, ...]:
    path = f"/{register_of(connection.settings.index)}/_search"
    answer = connection.ask("POST", path, {"size": _MOST_LIBRARIES, "sort": [{"changed": "desc"}]})
    return tuple(
        Row(each["_id"], row["posts"], row["changed"], row["whole"], row["format"])
        for each in answer["hits"]["hits"]
        for row in [each["_source"]]
    )
