"""Read values that PHP's `serialize` wrote, as plugins store them in custom fields."""

from __future__ import annotations

from typing import Final, TypeAlias

MAX_DEPTH: Final = 60
"""Arrays in arrays; page builders nest some twenty."""

Value: TypeAlias = "str | int | float | bool | dict[str, Value] | None"


def unserialize(text: str) -> Value:
    """Return the value: arrays and objects as dicts in their order. Raise `ValueError` where it is none.

    Lengths are of bytes in UTF-8. References are `None`, classes are not looked up, nothing is ever called.
    """
    parser = _Parser(text.strip().encode("utf-8", "surrogatepass"))
    value = parser.value(0)
    if parser.at != len(parser.data):
        raise ValueError("something stands behind the value")
    return value


class _Parser:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def value(self, depth: int) -> Value:
        if depth > MAX_DEPTH:
            raise ValueError("nested too deeply")
        kind = self.data[self.at : self.at + 2]
        self.at += 2
        match kind:
            case b"N;":
                return None
            case b"b:":
                return self._until(b";") == b"1"
            case b"i:":
                return int(self._until(b";"))
            case b"d:":
                return float(self._until(b";"))
            case b"s:":
                return self._string(b";")
            case b"a:":
                return self._members(depth)
            case b"O:":
                self._string(b":")
                return self._members(depth)
            case b"R:" | b"r:":
                self._until(b";")
                return None
        raise ValueError("not written by serialize")

    def _until(self, mark: bytes) -> bytes:
        end = self.data.index(mark, self.at, self.at + 40)
        found = self.data[self.at : end]
        self.at = end + 1
        return found

    def _string(self, mark: bytes) -> str:
        length = int(self._until(b":"))
        end = self.at + 1 + length
        if length < 0 or self.data[self.at : self.at + 1] != b'"' or self.data[end : end + 2] != b'"' + mark:
            raise ValueError("a string's length is wrong")
        found = self.data[self.at + 1 : end]
        self.at = end + 2
        return found.decode("utf-8", "replace")

    def _members(self, depth: int) -> Value:
        count = int(self._until(b":"))
        if self.data[self.at : self.at + 1] != b"{" or not 0 <= count <= len(self.data):
            raise ValueError("an array's length is wrong")
        self.at += 1
        found: dict[str, Value] = {}
        for _ in range(count):
            name = self.value(depth + 1)
            found[str(name)] = self.value(depth + 1)
        if self.data[self.at : self.at + 1] != b"}":
            raise ValueError("an array has no end")
        self.at += 1
        return found
