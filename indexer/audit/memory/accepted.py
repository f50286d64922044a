"""Remember which findings people have looked at and accepted, as a text file that can be versioned and edited.

An accepted paragraph is kept with slots: `{phone}` stands for any number, `{city}` for a capitalised name, so that the
next town's copy needs no new decision. A wording that fits no accepted text makes the finding come up again.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from indexer.audit.findings import KINDS, Audit, Cluster, Mark
from indexer.audit.similarity.variants import steps
from scraper.text.contacts import phones

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

PHONE, CITY = "{phone}", "{city}"
_NAME = re.compile(r"[A-ZÀ-Þ][\w’'-]*(?:\s+(?:and\s+)?[A-ZÀ-Þ][\w’'-]*){0,6}")
_SLOT = {PHONE: r"\+?[\d(][\d().\s/–-]{5,}\d", CITY: _NAME.pattern}


@dataclass(frozen=True, slots=True)
class Remark:
    """Who accepted something, and why; empty where nobody said."""

    by: str = ""
    note: str = ""


_NO_REMARK = Remark()


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What was accepted: a finding's id, and for a paragraph its texts with slots and the digests of its wordings."""

    id: str
    what: str = ""
    on: str = ""
    texts: tuple[str, ...] = ()
    wordings: tuple[str, ...] = ()
    remark: Remark = _NO_REMARK

    def covers(self, text: str, digests: Iterable[str]) -> bool:
        """Tell whether a wording was there when the paragraph was accepted, or fits one of its texts."""
        if set(digests) <= set(self.wordings):
            return True
        return any(_pattern(known).fullmatch(text) for known in self.texts)


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"(\{phone\}|\{city\})", " ".join(text.split()))
    return re.compile("".join(_SLOT.get(part) or re.escape(part) for part in parts))


def with_slots(cluster: Cluster) -> str:
    """Return the paragraph with a slot for each number, and for each name that differs between its wordings."""
    names: set[str] = set()
    for variant in cluster.variants[1:]:
        found = list(steps(cluster.text, variant.text))
        for step, following in pairwise(found):
            if step.change == "out" and following.change == "in":
                one, other = step.text.strip(".,;:!"), following.text.strip(".,;:!")
                if _NAME.fullmatch(one) and _NAME.fullmatch(other):
                    names.add(one)
    text = cluster.text
    for value in sorted(phones(text), key=lambda value: -value.start):
        text = text[: value.start] + PHONE + text[value.end :]
    for name in sorted(names, key=lambda name: (-len(name), name)):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", CITY, text)
    return text


def accept(audit: Audit, finding_id: str, today: date, remark: Remark = _NO_REMARK) -> Acceptance | None:
    """Return what accepting a finding of the audit means, or `None` where there is no such finding."""
    accepted = _accepted(audit, finding_id, today)
    return replace(accepted, remark=remark) if accepted else None


def _accepted(audit: Audit, finding_id: str, today: date) -> Acceptance | None:
    for cluster in audit.clusters:
        if cluster.mark.id == finding_id:
            digests = sorted({digest for variant in cluster.variants for digest in variant.digests})
            return Acceptance(finding_id, cluster.kind, today.isoformat(), (with_slots(cluster),), tuple(digests))
    for kind in KINDS:
        if any(finding.mark.id == finding_id for finding in audit.findings(kind)):
            return Acceptance(finding_id, kind, today.isoformat())
    if any(action.mark.id == finding_id for action in audit.actions):
        return Acceptance(finding_id, "action", today.isoformat())
    return None


def read_accepted(table: Mapping[str, object]) -> tuple[Acceptance, ...]:
    """Read a parsed `accepted.toml`. Raise `ValueError` saying what is wrong with it."""
    others = sorted(set(table) - {"accepted"})
    if others:
        raise ValueError(f"unknown entry '{others[0]}'; expected tables [[accepted]], each with an id")
    rows = table.get("accepted", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows):
        raise ValueError("expected tables [[accepted]], each with an id")
    return tuple(
        Acceptance(
            row["id"],
            str(row.get("what", "")),
            str(row.get("on", "")),
            tuple(map(str, row.get("texts", []))),
            tuple(map(str, row.get("wordings", []))),
            Remark(str(row.get("by", "")), str(row.get("note", ""))),
        )
        for row in rows
    )


def write_accepted(accepted: Sequence[Acceptance]) -> str:
    """Return `accepted.toml`, one table an acceptance; of two with the same id the last one stays."""
    last = {entry.id: entry for entry in accepted}
    lines = ["# Findings that were looked at and accepted. In texts, {phone} fits any number and {city} any name.", ""]
    for entry in last.values():
        lines.append("[[accepted]]")
        lines.append(f"id = {quoted(entry.id)}")
        told = {"what": entry.what, "on": entry.on, "by": entry.remark.by, "note": entry.remark.note}
        lines += [f"{name} = {quoted(value)}" for name, value in told.items() if value]
        if entry.texts:
            lines.append("texts = [" + ", ".join(map(quoted, entry.texts)) + "]")
        if entry.wordings:
            lines.append("wordings = [" + ", ".join(map(quoted, entry.wordings)) + "]")
        lines.append("")
    return "\n".join(lines)


def quoted(text: str) -> str:
    """Return a TOML basic string; JSON's escapes are a subset of TOML's, except for DEL and lone surrogates."""
    clean = text.encode("utf-8", "replace").decode("utf-8").replace("\x7f", "")
    return json.dumps(clean, ensure_ascii=False)


def is_accepted(cluster: Cluster, acceptance: Acceptance | None) -> bool:
    """Tell whether a paragraph and all its wordings are accepted."""
    return acceptance is not None and all(
        acceptance.covers(variant.text, variant.digests) for variant in cluster.variants
    )


def marked(mark: Mark, accepted: Mapping[str, Acceptance]) -> Mark:
    """Return the mark with whether its finding was accepted."""
    return replace(mark, accepted=mark.id in accepted)
