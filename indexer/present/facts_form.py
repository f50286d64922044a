"""Give what is taken for true its forms: rows for tables and JSON, and a `facts.toml` to correct."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from indexer.audit.memory.accepted import quoted
from indexer.quantities import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from indexer.audit.owner.evidence import Evidence

FACT_COLUMNS: Final = ("entry", "value", "place", "source", "posts", "recent", "newest", "post", "text")
_ENTRIES: Final = ("brand", "old_brands", "phone", "old_phones", "email", "old_emails", "address", "others")
"""Entries of the file that are texts, in its order; tables come last, as TOML wants it."""


def fact_form(item: Evidence) -> dict[str, Any]:
    """Return a value with what speaks for it. `source`: `told`, `learnt`, or `perhaps`, which a person decides."""
    plain = item._asdict()
    plain["source"] = "told" if item.told else "learnt" if item.sure else "perhaps"
    plain["newest"] = item.newest.isoformat() if item.newest else None
    return {name: plain[name] for name in FACT_COLUMNS}


def evidence_in_words(item: Evidence) -> str:
    """Return in words where a value stands: "in 40 posts, 12 of the newest; last 2026-11"."""
    if not item.posts:
        return "in no post"
    recent = f", {item.recent:,} of the newest" if item.recent else ", none of the newest"
    return f"in {count(item.posts, 'post')}{recent}" + (f"; last {item.newest:%Y-%m}" if item.newest else "")


def facts_toml(found: Mapping[str, Sequence[Evidence]]) -> str:
    """Return a `facts.toml` of what is taken for true of blogs, by their keys; what is not sure stands behind `#`."""
    lines = [
        "# What `blogdex audit` takes for true. Correct what is wrong, and take out what you don't know: what stands",
        "# here counts as told by you. A line that begins with # says nothing: take the # away where it is right.",
    ]
    for key, items in found.items():
        table = f"blog.{quoted(key)}" if len(found) > 1 else ""
        lines += ["", f"[{table}]"] if table else [""]
        lines += _entries(items)
        lines += _locations(items, f"{table}.locations" if table else "locations")
    return "\n".join(lines) + "\n"


def _entries(items: Sequence[Evidence]) -> Iterator[str]:
    for entry in _ENTRIES:
        own = [item for item in items if item.entry == entry]
        if not own:
            yield f"# {entry} = {quoted('') if entry == 'brand' else '[]'}"
        elif entry == "brand":
            yield f"brand = {quoted(own[0].value)}  # {evidence_in_words(own[0])}"
        else:
            sure = any(item.told or item.sure for item in own)
            begin = "" if sure else "# "
            yield f"{begin}{entry} = ["
            for item in own:
                off = "" if item.told or item.sure else "# "
                yield f"  {off}{quoted(item.value)},  # {evidence_in_words(item)}"
            yield f"{begin}]"


def _locations(items: Sequence[Evidence], table: str) -> Iterator[str]:
    places: dict[str, list[str]] = {}
    for item in items:
        if item.entry == "locations":
            places.setdefault(item.place, []).extend(filter(None, [item.value]))
    if places:
        yield ""
        yield f"[{table}]"
    for place, numbers in places.items():
        yield f"{quoted(place)} = [{', '.join(map(quoted, numbers))}]"
