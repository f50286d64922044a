"""Unfold states that were written flat, with places in one list in place of values."""

from __future__ import annotations

import re
from typing import Any, Final

from scraper.embedded.literals import read_json

_MAX_DEPTH: Final = 60
_LOOKED_AT: Final = 40
"""Levels that are unfolded, and items by which a flat state is recognised; chosen: deeper and longer than a page's own
state."""
_WRAPPED: Final = frozenset(("Reactive", "ShallowReactive", "Ref", "ShallowRef", "EmptyRef", "NuxtError", "Date"))
_ROW: Final = re.compile(r"([0-9a-f]{1,8}):(?:T([0-9a-f]{1,8}),)?")
_REFERENCE: Final = re.compile(r"\$[LQ@]?([0-9a-f]{1,8})$")
_MAX_ROWS: Final = 20_000
"""Rows of a stream that are read; chosen: far above a page's own."""


def unfold(value: object) -> object:
    """Return a flat state as the tree that it stands for (devalue, turbo-stream); any other value as it is.

    A part that is used twice is one object in both places, so that a tree never outgrows the list.
    """
    if not isinstance(value, list) or not _is_flat(value):
        return value
    return _Unfolding(value).part(0, 0)


def _is_flat(value: list[Any]) -> bool:
    """Tell whether the objects of a list hold nothing but places in it."""
    held = [item for dictionary in value if isinstance(dictionary, dict) for item in dictionary.values()][:_LOOKED_AT]
    return len(value) > 2 and len(held) > 1 and all(_is_place(item, len(value)) for item in held)


def _is_place(item: object, length: int) -> bool:
    return isinstance(item, int) and not isinstance(item, bool) and -20 < item < length


class _Unfolding:
    def __init__(self, flat: list[Any]) -> None:
        self.flat = flat
        self.made: dict[int, Any] = {}

    def part(self, place: object, depth: int) -> object:
        """Return the value at a place of the list."""
        if not isinstance(place, int) or not 0 <= place < len(self.flat) or depth > _MAX_DEPTH:
            return None
        if place in self.made:
            return self.made[place]
        value = self.flat[place]
        if isinstance(value, dict):
            made: dict[str, Any] = {}
            self.made[place] = made
            for key, item in value.items():
                made[self._key(key)] = self.part(item, depth + 1)
            return made
        if isinstance(value, list):
            if len(value) == 2 and isinstance(value[0], str) and value[0] in _WRAPPED:
                return self.part(value[1], depth + 1) if isinstance(value[1], int) else value[1]
            items: list[Any] = []
            self.made[place] = items
            items.extend(self.part(item, depth + 1) if isinstance(item, int) else item for item in value)
            return items
        return value

    def _key(self, key: str) -> str:
        named = self.part(int(key[1:]), _MAX_DEPTH) if re.fullmatch(r"_\d{1,9}", key) else key
        return named if isinstance(named, str) else key


def rows_of(pushed: list[Any]) -> object:
    """Return what a page was handed piece by piece: rows of a rendered tree with their references, or one flat state.

    The rows are those of React's server components: `5:["$","p",null,{"children":"…"}]`, and `6:T4a3,` before a text.
    """
    pieces = [item for piece in pushed for item in (piece if isinstance(piece, list) else [piece])]
    text = "".join(piece for piece in pieces if isinstance(piece, str))
    if not _ROW.match(text):
        return unfold(read_json(text.strip().splitlines()[0])) if text.strip() else None
    rows: dict[str, Any] = {}
    place = 0
    data = text.encode("utf-8", "surrogatepass")
    for _ in range(_MAX_ROWS):
        head = _ROW.match(data[place : place + 24].decode("utf-8", "ignore"))
        if head is None:
            break
        place += head.end()
        end = place + int(head[2], 16) if head[2] else data.find(b"\n", place)
        end = len(data) if end < 0 else end
        row = data[place:end].decode("utf-8", "replace")
        rows[head[1]] = row if head[2] else read_json(row)
        place = end if head[2] else end + 1
    return [_Rows(rows).filled(row, 0) for row in rows.values() if isinstance(row, (list, dict))]


class _Rows:
    """Puts rows in the places that refer to them, each once: what was used is not written again."""

    def __init__(self, rows: dict[str, Any]) -> None:
        self.rows = rows
        self.left = _MAX_ROWS

    def filled(self, value: object, depth: int) -> object:
        """Return a value with its references replaced."""
        if depth > _MAX_DEPTH or self.left <= 0:
            return None
        if isinstance(value, str):
            found = _REFERENCE.fullmatch(value)
            row = self.rows.get(found[1]) if found else None
            return row if isinstance(row, str) else value
        self.left -= 1
        if isinstance(value, list):
            return [self.filled(item, depth + 1) for item in value]
        if isinstance(value, dict):
            return {key: self.filled(item, depth + 1) for key, item in value.items()}
        return value
