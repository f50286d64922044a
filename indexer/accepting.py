"""Take findings of an audit for all right, or take that back; two who do so at once lose nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.audit.memory.accepted import Remark, accept, write_accepted
from indexer.auditing import read_acceptances
from indexer.writer import decisions_lock, replace_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from indexer.audit.findings import Audit
    from indexer.audit.memory.accepted import Acceptance


def accept_findings(
    file: Path, found: Audit, ids: Sequence[str], today: date, remark: Remark | None = None
) -> list[Acceptance]:
    """Write down that findings are all right, and return what was written; ids that no finding has are left out."""
    accepted = [entry for one in ids if (entry := accept(found, one, today, remark or Remark())) is not None]
    if accepted:
        with decisions_lock(file):
            _write(file, [*read_acceptances(file), *accepted])
    return accepted


def withdraw_findings(file: Path, ids: Iterable[str]) -> list[Acceptance]:
    """Take acceptances back, and return those that were there."""
    wanted = set(ids)
    with decisions_lock(file):
        known = read_acceptances(file)
        withdrawn = [entry for entry in known if entry.id in wanted]
        if withdrawn:
            _write(file, [entry for entry in known if entry.id not in wanted])
    return withdrawn


def _write(file: Path, accepted: Sequence[Acceptance]) -> None:
    replace_text(file, write_accepted(accepted))
