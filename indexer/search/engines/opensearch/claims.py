"""Let one copy of a library feed the index: a row of the register names its writer, and a file of the library too."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.search.engines.opensearch.documents import FORMAT
from indexer.search.engines.opensearch.errors import ClusterError, CopiedLibraryError

if TYPE_CHECKING:
    from indexer.search.engines.opensearch.connection import Connection

_CONFLICT = 409


def register_of(index: str) -> str:
    """Return the name of the index with a row for each library."""
    return f"{index}-libraries"


def register_body(replicas: int) -> dict[str, Any]:
    """Return settings and mapping of the register."""
    keyword = {"type": "keyword"}
    names = ("writer", "format", "changed")
    properties = dict.fromkeys(names, keyword) | {"whole": {"type": "boolean"}, "posts": {"type": "long"}}
    return {
        "settings": {"number_of_shards": 1, "number_of_replicas": replicas},
        "mappings": {"dynamic": "strict", "properties": properties},
    }


class Claim:
    """What says that this copy of a library is the one that feeds the index.

    The file names the writer that the row should have and, for a kill in between, the one that it is about to get.
    """

    def __init__(self, connection: Connection, library: str, folder: str) -> None:
        self._connection = connection
        self._path = f"/{register_of(connection.settings.index)}/_doc/{library}"
        self._file = Path(folder) / "opensearch" / "writer.json"

    def row(self) -> dict[str, Any]:
        """Return the library's row, an empty one where it has none."""
        return self._read()[0]

    def take(self, *, over: bool = False) -> None:
        """Become the writer; `over`: whoever was it. Raise `CopiedLibraryError`, `ClusterError`."""
        row, place = self._read()
        known = self._known()
        if row and not over and row["writer"] not in known:
            raise CopiedLibraryError(row["changed"])
        fresh = secrets.token_hex(8)
        self._keep([row["writer"], fresh] if row else [fresh])
        self._write({"format": "", "posts": 0, **row, "writer": fresh, "whole": False}, place)

    def finish(self, posts: int) -> None:
        """Write down that what is there is whole."""
        row, place = self._read()
        if row.get("writer") not in self._known():
            raise CopiedLibraryError(row.get("changed", "just now"))
        self._write({**row, "format": FORMAT, "whole": True, "posts": posts}, place)
        self._keep([row["writer"]])

    def drop(self) -> None:
        """Take the row and the file away."""
        self._connection.ask("DELETE", self._path, writing=True, absent=(404,), refresh="true")
        self._file.unlink(missing_ok=True)

    def _read(self) -> tuple[dict[str, Any], dict[str, object]]:
        """Return the row, and what says that a change follows upon what was read."""
        found = self._connection.ask("GET", self._path, absent=(404,))
        if not found.get("found"):
            return {}, {"op_type": "create"}
        return found["_source"], {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}

    def _write(self, row: dict[str, Any], place: dict[str, object]) -> None:
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        row = {**row, "changed": now}
        answer = self._connection.ask(
            "PUT", self._path, row, writing=True, absent=(_CONFLICT,), refresh="true", **place
        )
        # Asked again after an answer that was lost, a write meets itself.
        if not answer and self.row().get("writer") != row["writer"]:
            raise ClusterError("Another blogdex began to feed this library to the search cluster. Nothing was changed.")

    def _known(self) -> list[str]:
        try:
            return list(json.loads(self._file.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return []

    def _keep(self, writers: list[str]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".tmp")
        fresh.write_text(json.dumps(writers), encoding="utf-8")
        fresh.replace(self._file)
