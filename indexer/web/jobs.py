"""Run one command of blogdex at a time beside the pages: a child process, which holds the writer's lock as any other.

How far it is stands in `writer.json`, for every page of every server. To stop it is Ctrl-C: what was saved stays.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from indexer.errors import LibraryInUseError
from indexer.web.views import RefusedError
from indexer.writer import writer_at_work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.web.config import Config
    from indexer.writer import Writer

_SAID_BYTES = 4_000
"""So much of the end of what a command said is shown. Chosen: a screen."""
_AGAIN_S = 10.0
"""A second Ctrl-C gives up what is under way, so that a double click is none. Chosen."""
_END_S = 3.0
"""A server that ends waits so long for its job, as a person does after Ctrl-C; the job ends by itself then."""
_LOOK_S = 0.05
"""Between two looks at whether a job has ended. Chosen: nobody sees it, and it costs nothing."""


@dataclass(frozen=True, slots=True)
class Job:
    """A command with its arguments, and `title`: what a page calls it. `page` is the page that it marks."""

    command: str
    args: tuple[str, ...]
    title: str
    page: int | None = None


class State(NamedTuple):
    """How a job stands: `code` is what it ended with, `None` while it runs; `said` the end of what it printed."""

    job: Job
    since: str
    code: int | None
    stopped: bool
    said: str


class _Run:
    """A job that was started."""

    def __init__(self, job: Job, words: Sequence[str]) -> None:
        self.job = job
        self.since = datetime.now().astimezone().strftime("%H:%M")
        self.stopped_at: float | None = None
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the job is shown
        # A session of its own: Ctrl-C in the server's terminal reaches the job once, from the server.
        self.process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=self._said, stderr=subprocess.STDOUT, start_new_session=True
        )

    @property
    def code(self) -> int | None:
        """What it ended with, as a shell gives it: 128 and the signal where one ended it."""
        code = self.process.poll()
        return 128 - code if code is not None and code < 0 else code

    def stop(self) -> None:
        """Do what Ctrl-C does, by the signal that the job hears: one that is ignored here is ignored there."""
        now = time.monotonic()
        if self.code is not None or (self.stopped_at is not None and now - self.stopped_at < _AGAIN_S):
            return
        self.stopped_at = now
        ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        self.process.send_signal(signal.SIGTERM if ignored else signal.SIGINT)

    def said(self) -> str:
        """Return the end of what the job printed; read by a handle of its own place in the file."""
        size = os.fstat(self._said.fileno()).st_size
        start = max(0, size - _SAID_BYTES)
        text = os.pread(self._said.fileno(), _SAID_BYTES, start).decode("utf-8", "replace")
        return text if not start else text.partition("\n")[2]


class Jobs:
    """The job of a server: at most one at a time, from any thread."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = Lock()
        self._run: _Run | None = None
        self._phase: tuple[str, float, int] = ("", 0.0, 0)

    def start(self, job: Job) -> None:
        """Start a job. Raise `LibraryInUseError` while one runs, here or elsewhere."""
        config = self._config
        if not config.program:
            raise RefusedError(403, "This server starts no commands.")
        with self._lock:
            if writer := writer_at_work(config.library):
                raise LibraryInUseError(writer.pid, writer.command, writer.since)
            if self._run is not None and self._run.code is None:
                raise LibraryInUseError(self._run.process.pid, self._run.job.command, self._run.since)
            engine = ("--engine", config.engine) if config.engine else ()
            words = (*config.program, "--library", str(config.library), *engine, job.command, *job.args)
            self._run = _Run(job, words)

    def state(self) -> State | None:
        """Return how the latest job stands; `None` where none was started."""
        run = self._run
        return State(run.job, run.since, run.code, run.stopped_at is not None, run.said()) if run else None

    def stop(self) -> None:
        """Stop the job that runs, if one does."""
        with self._lock:
            if self._run is not None:
                self._run.stop()

    def wait(self, seconds: float) -> State | None:
        """Wait for the job to end, so long at most, and return how it stands."""
        run, until = self._run, time.monotonic() + seconds
        while run is not None and run.code is None and time.monotonic() < until:
            time.sleep(_LOOK_S)
        return self.state()

    def end(self) -> None:
        """Stop the job, as the server ends."""
        self.stop()
        self.wait(_END_S)

    def left_s(self, writer: Writer) -> float | None:
        """Return the seconds that the work is likely to take yet, by its pace as far as it was seen; `None` unknown."""
        what, began, done = self._phase
        now = time.monotonic()
        if writer.what != what or writer.done < done:
            self._phase = (writer.what, now, writer.done)
            return None
        made, spent = writer.done - done, now - began
        return (writer.total - writer.done) * spent / made if made and writer.total else None
