"""Hold what all requests share: how many search at once, and what was counted."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING

from indexer.web.jobs import Jobs
from indexer.web.views import BusyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.audit.findings import Audit
    from indexer.web.config import Config

_AT_ONCE = 2
_WAITING = 4
"""Searches that wait for their turn: of eight threads, two stay free for everything else."""
_PATIENCE_S = 10.0
"""A search takes at most .5 s of CPU, so that six in line are through in three, on a busy machine in ten."""
_AUDITS = 2
"""Audits kept unpacked: one before and one after a decision; one of 10,000 posts has some 30 MB."""


class Latest(dict[object, "Audit"]):
    """Keeps the last few values that were put in."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: object, value: Audit) -> None:
        super().__setitem__(key, value)
        while len(self) > self._most:
            del self[next(iter(self))]


class Shared:
    """What all requests to one server share."""

    def __init__(self, config: Config) -> None:
        self.jobs = Jobs(config)
        self._searching = BoundedSemaphore(_AT_ONCE)
        self._in_line = BoundedSemaphore(_AT_ONCE + _WAITING)
        self._lock = Lock()
        self._answered: Counter[tuple[str, int]] = Counter()
        self._seconds: dict[str, float] = {}
        self.began = time.time()
        self.lock = Lock()
        self.audits: dict[object, Audit] = Latest(_AUDITS)

    @contextmanager
    def searching(self) -> Iterator[None]:
        """Search when it is one's turn. Raise `BusyError` where too many wait already."""
        if not self._in_line.acquire(blocking=False):
            raise BusyError
        try:
            if not self._searching.acquire(timeout=_PATIENCE_S):
                raise BusyError
            try:
                yield
            finally:
                self._searching.release()
        finally:
            self._in_line.release()

    def count(self, page: str, status: int, seconds: float) -> None:
        """Count an answer."""
        with self._lock:
            self._answered[page, status] += 1
            self._seconds[page] = self._seconds.get(page, 0.0) + seconds

    def metrics(self) -> str:
        """Return what was counted, in the text format of Prometheus."""
        with self._lock:
            answered, seconds = sorted(self._answered.items()), sorted(self._seconds.items())
        lines = ["# TYPE blogdex_requests_total counter"]
        lines += [f'blogdex_requests_total{{page="{page}",status="{code}"}} {n}' for (page, code), n in answered]
        lines.append("# TYPE blogdex_request_seconds_total counter")
        lines += [f'blogdex_request_seconds_total{{page="{page}"}} {spent:.6f}' for page, spent in seconds]
        lines += ["# TYPE blogdex_start_time_seconds gauge", f"blogdex_start_time_seconds {self.began:.0f}"]
        return "\n".join(lines) + "\n"
