"""Take findings of an audit for all right, or take that back; two who do so at once lose nothing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from indexer.audit.memory.accepted import Remark, accept, write_accepted
from indexer.auditing import read_acceptances
from indexer.errors import BusyDecisionsError, ReadOnlyLibraryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from indexer.audit.findings import Audit
    from indexer.audit.memory.accepted import Acceptance

LOCK_FILE = "decisions.lock"
_PATIENCE_S = 5.0
"""To change the file takes some milliseconds; who holds it longer hangs."""


def accept_findings(
    file: Path, found: Audit, ids: Sequence[str], today: date, remark: Remark | None = None
) -> list[Acceptance]:
    """Write down that findings are all right, and return what was written; ids that no finding has are left out."""
    accepted = [entry for one in ids if (entry := accept(found, one, today, remark or Remark())) is not None]
    if accepted:
        with _held(file):
            _write(file, [*read_acceptances(file), *accepted])
    return accepted


def withdraw_findings(file: Path, ids: Iterable[str]) -> list[Acceptance]:
    """Take acceptances back, and return those that were there."""
    wanted = set(ids)
    with _held(file):
        known = read_acceptances(file)
        withdrawn = [entry for entry in known if entry.id in wanted]
        if withdrawn:
            _write(file, [entry for entry in known if entry.id not in wanted])
    return withdrawn


def _write(file: Path, accepted: Sequence[Acceptance]) -> None:
    partial = file.with_suffix(".toml.new")
    partial.write_text(write_accepted(accepted), encoding="utf-8")
    partial.replace(file)


@contextmanager
def _held(file: Path) -> Iterator[None]:
    """Keep others from changing the file meanwhile. Raise `BusyDecisionsError`, `ReadOnlyLibraryError`."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(file.with_name(LOCK_FILE), timeout=_PATIENCE_S):
            yield
    except Timeout:
        raise BusyDecisionsError(file.name) from None
    except OSError as error:
        raise ReadOnlyLibraryError(str(file.parent), error.strerror or str(error)) from error
