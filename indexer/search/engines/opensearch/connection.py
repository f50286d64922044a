"""Ask the cluster: bounded tries, nothing partial, every refusal a sentence."""

from __future__ import annotations

import json
import logging
import random
import time
from typing import TYPE_CHECKING, Any, cast

from indexer.search.engines.opensearch.errors import (
    ClusterCertificateError,
    ClusterError,
    ClusterUnreachableError,
    PartialAnswerError,
    PostRefusedError,
    is_full,
    is_passing,
    refusal,
)
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from indexer.search.engines.opensearch.settings import ClusterSettings

    Answer = dict[str, Any]

_READ_TRIES, _WRITE_TRIES = 4, 8
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.3, 10.0
"""Chosen: a search gives up after some 2 s, a write after half a minute, when a new manager has long been elected."""
_BULK_BYTES = 5_000_000
_BULK_ITEMS = 2_000
"""5 MB: what the makers of OpenSearch advise to begin with; 2,000 short posts stay far below it."""

logger = logging.getLogger(__name__)


class Connection:
    """One client for all nodes of a cluster; `index` is what is searched and fed, else the one of the settings."""

    def __init__(self, settings: ClusterSettings, index: str | None = None) -> None:
        try:
            import opensearchpy
        except ImportError as error:
            raise UsageError("The engine opensearch needs one more part: pip install 'blogdex[opensearch]'") from error
        self.settings, self.index = settings, index or settings.index
        self._errors = opensearchpy.exceptions
        more: dict[str, Any] = {}
        if settings.token:
            more["headers"] = {"Authorization": f"Bearer {settings.token}"}
        elif settings.user:
            more["http_auth"] = (settings.user, settings.password)
        if settings.ca_file:
            more["ca_certs"] = settings.ca_file
        for name in ("opensearch", "opensearchpy"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # it would log what posts say
        self._client = opensearchpy.OpenSearch(
            list(settings.hosts),
            verify_certs=True,
            timeout=settings.timeout_s,
            max_retries=len(settings.hosts),
            retry_on_status=(),
            **more,
        )

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        writing: bool = False,
        absent: tuple[int, ...] = (),
        **parameters: object,
    ) -> Answer:
        """Return what is answered, an empty one for a status in `absent`. Raise `ClusterError`."""
        tries = _WRITE_TRIES if writing else _READ_TRIES
        for number in range(tries):
            try:
                answer = self._client.transport.perform_request(method, path, params=parameters or None, body=body)
                return cast("Answer", answer) if isinstance(answer, dict) else {}
            except self._errors.SSLError as error:
                raise ClusterCertificateError(self.settings.hosts, str(error.info)) from None
            except self._errors.ConnectionError as error:
                why = _reason(error.info)
                problem: ClusterError = ClusterUnreachableError(self.settings.hosts, why)
            except self._errors.TransportError as error:
                status = int(error.status_code) if str(error.status_code).isdigit() else 0
                if status in absent:
                    return {}
                facts = error.info.get("error") if isinstance(error.info, dict) else error.error
                problem = refusal(status, facts, self.index)
                if not is_passing(status, facts):
                    raise problem from None
            if number + 1 < tries:
                _wait(number)
        raise problem from None

    def search(self, body: Answer) -> Answer:
        """Run one search with the frequencies of all parts of the index, and let no partial answer through."""
        answer = self.ask(
            "POST",
            f"/{self.index}/_search",
            body,
            search_type="dfs_query_then_fetch",
            allow_partial_search_results="false",
        )
        return complete(answer)

    def searches(self, bodies: Iterable[Answer]) -> list[Answer]:
        """Run several searches that need no scores, in one call."""
        lines: list[Answer] = []
        for body in bodies:
            lines += ({"index": self.index, "allow_partial_search_results": False}, body)
        if not lines:
            return []
        answers = self.ask("POST", "/_msearch", _lines(lines))["responses"]
        for answer in answers:
            if "error" in answer:
                raise refusal(answer.get("status", 0), answer["error"], self.index)
        return [complete(answer) for answer in answers]

    def bulk(self, actions: Iterable[tuple[str, str, Answer | None]]) -> None:
        """Index (with a document) or delete (without one) what is called so, and read every answer.

        Of two with one name the last counts. Raise `ClusterError`; what was acknowledged until then stays.
        """
        for batch in _batches(actions):
            left = batch
            for number in range(_WRITE_TRIES):
                if number:
                    _wait(number - 1)
                left = self._sent(left, last=number + 1 == _WRITE_TRIES)
                if not left:
                    break

    def _sent(self, batch: Mapping[str, bytes], *, last: bool) -> dict[str, bytes]:
        """Send some lines; return those that have to be sent again."""
        body = b"".join(batch.values())
        answer = self.ask("POST", f"/{self.index}/_bulk", body, writing=True, require_alias="true")
        again: dict[str, bytes] = {}
        for name, item in zip(batch, answer["items"], strict=True):
            facts = next(iter(item.values()))
            status, error = facts["status"], facts.get("error")
            if not error:
                continue
            if is_passing(status, error) and not last:
                again[name] = batch[name]
            elif is_passing(status, error) or status in (401, 403) or is_full(error) or error.get("type") == _NO_INDEX:
                raise refusal(status, error, self.index)
            else:
                raise PostRefusedError(name, str(error.get("reason", error))[:200])
        return again

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()


_NO_INDEX = "index_not_found_exception"


def complete(answer: Answer) -> Answer:
    """Return an answer of all parts of the index. Raise `PartialAnswerError` for any other."""
    parts = answer["_shards"]
    if parts["successful"] != parts["total"] or parts.get("failed") or answer.get("timed_out"):
        raise PartialAnswerError(parts["successful"] - parts.get("failed", 0), parts["total"])
    return answer


def _lines(items: Iterable[object]) -> bytes:
    return b"".join(json.dumps(item, ensure_ascii=False).encode("utf-8", "replace") + b"\n" for item in items)


def _batches(actions: Iterable[tuple[str, str, Answer | None]]) -> Iterator[dict[str, bytes]]:
    """Yield lines by name, in parts of a size that a cluster likes; one name stands in a part once."""
    batch: dict[str, bytes] = {}
    size = 0
    for verb, name, document in actions:
        lines = _lines([{verb: {"_id": name}}, *([document] if document is not None else [])])
        if batch and (size + len(lines) > _BULK_BYTES or len(batch) >= _BULK_ITEMS):
            yield batch
            batch, size = {}, 0
        batch.pop(name, None)
        batch[name] = lines
        size += len(lines)
    if batch:
        yield batch


def _wait(number: int, sleep: Callable[[float], None] = time.sleep) -> None:
    """Wait longer each time, and not as long as everybody else."""
    sleep(min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2**number) * random.uniform(0.5, 1.0))


def _reason(info: object) -> str:
    """Return why no connection came about, without addresses of memory and classes."""
    text = str(info).lower()
    for sign, told in (
        ("timed out", "it took too long"),
        ("refused", "connection refused"),
        ("name or service", "name not found"),
        ("resolve", "name not found"),
    ):
        if sign in text:
            return told
    return "no connection"
