"""Read the values that scripts carry: JSON, and JavaScript that is nearly JSON. Nothing is ever run."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CHARS: Final = 4_000_000
"""Characters of one script that are read."""

MAX_LOOSE_CHARS: Final = 1_000_000
"""The same for what is no JSON: reading it costs some forty times as much a character."""

_MAX_VALUES: Final = 40
_MAX_STARTS: Final = 200
_MAX_OPEN: Final = 200
"""Values, places where one may begin, and open brackets that are read of a script; chosen so that hostile scripts end
soon."""
_STRICT: Final = json.JSONDecoder(strict=False)
_START: Final = re.compile(r"(?:=|\breturn|\bdata\s*:|\()\s*(?=[{\[(])|\bJSON\.parse\(\s*(?=[\"'`])")
_PUSHED: Final = re.compile(r"\.(?:push|enqueue)\(\s*(?=[\[\"])")
_TOKEN: Final = re.compile(
    r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`|([{}\[\](),:])|([^\s{}\[\](),:"'`]+))""", re.S
)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})|(\r?\n)|(.))", re.S)
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": ""}
_PARAMETERS: Final = re.compile(r"\s*\(?\s*function\s*\(([\w$,\s]{0,20000})\)\s*\{\s*return\b")
_SURROGATES: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def read_json(text: str) -> object:
    """Return the value of a JSON text; `None` where it is none, or nests too deep."""
    try:
        return _STRICT.decode(text[:MAX_CHARS].strip())
    except (ValueError, RecursionError):
        return None


def read_script(text: str) -> Iterator[object]:
    """Yield the values that a script assigns, passes or parses, whole JSON before anything looser."""
    text = text[:MAX_CHARS]
    place = values = loose = 0
    for start in _starts(text):
        if start < place or values >= _MAX_VALUES:
            continue
        try:
            value, place = _STRICT.raw_decode(text, start)
        except (ValueError, RecursionError):
            if loose >= MAX_LOOSE_CHARS:
                continue
            value, place = _loose(text, start)
            loose += place - start
        if isinstance(value, (dict, list)):
            values += 1
            yield value


def _starts(text: str) -> Iterator[int]:
    for count, found in enumerate(_START.finditer(text)):
        if count >= _MAX_STARTS:
            return
        yield found.start() if "JSON" in found[0] else found.end()


def read_pushed(text: str) -> Iterator[object]:
    """Yield what a script hands over piece by piece (`push([1, "…"])`, `enqueue("…")`)."""
    for count, found in enumerate(_PUSHED.finditer(text[:MAX_CHARS])):
        if count >= _MAX_STARTS:
            return
        try:
            value, _ = _STRICT.raw_decode(text, found.end())
        except (ValueError, RecursionError):
            continue
        yield value


class _Open:
    """A bracket that is not closed yet: its items, and the key that waits for a value."""

    __slots__ = ("call", "items", "key", "kind", "last", "names")

    def __init__(self, kind: str, call: str = "") -> None:
        self.kind = kind
        self.call = call
        self.names: dict[str, Any] = {}
        self.items: list[Any] = []
        self.key: str | None = None
        self.last: Any = None

    def take(self, value: object) -> None:
        """Add a value; in an object it is the value of the key before it, or the next key."""
        self.last = value
        if self.kind == "{":
            if self.key is not None:
                self.names[self.key] = value
                self.key = None
        else:
            self.items.append(value)

    def closed(self) -> object:
        """Return what stands between the brackets."""
        if self.kind == "{":
            return self.names
        if self.kind == "[":
            return self.items
        first = self.items[0] if self.items else None
        if self.call.endswith("JSON.parse") and isinstance(first, str):
            return read_json(first)
        return first


def _loose(text: str, start: int) -> tuple[object, int]:
    """Return the value that begins at `start` and where it ends; names of a function's parameters are filled in."""
    end = min(len(text), start + MAX_LOOSE_CHARS)
    known: dict[str, Any] = {}
    if (head := _PARAMETERS.match(text, start)) is not None:
        names = [name.strip() for name in head[1].split(",")]
        inner, after = _value(text, head.end(), end, known)
        closing = text.find("(", after)
        given, after = _value(text, closing, end, {}, keep_all=True) if 0 <= closing < after + 20 else ([], after)
        if names and isinstance(given, list) and given:
            known = dict(zip(names, given, strict=False))
            inner, _ = _value(text, head.end(), end, known)
        return inner, max(after, start + 1)
    return _value(text, start, end, known)


def _value(text: str, start: int, end: int, known: dict[str, Any], *, keep_all: bool = False) -> tuple[object, int]:
    """Read one bracketed value; what is neither a text, a number nor a known name becomes `None`."""
    stack: list[_Open] = []
    place, word = start, ""
    while place < end:
        token = _TOKEN.match(text, place, end)
        if token is None:
            break
        place = token.end()
        kind = token.lastindex or 0
        if kind <= 3:
            if not stack:
                return _unescaped(token[kind]), place
            _give(stack[-1], _unescaped(token[kind]), text, place)
        elif kind == 5:
            word = token[5]
            if stack:
                _give(stack[-1], _word(word, known), text, place, word)
            continue
        elif token[4] in "{[(":
            if len(stack) >= _MAX_OPEN:
                break
            stack.append(_Open(token[4], word if token[4] == "(" else ""))
        elif token[4] in "}])" and stack:
            done = stack.pop()
            if not stack:
                return (done.items if keep_all else done.closed()), place
            value = done.closed()
            if done.kind == "(" and stack[-1].kind != "{" and stack[-1].items:
                stack[-1].items.pop()
            if done.kind == "(" and stack[-1].kind == "{" and stack[-1].names:
                stack[-1].names[next(reversed(stack[-1].names))] = value
            else:
                stack[-1].take(value)
        word = ""
    return (stack[0].closed() if stack else None), max(place, start + 1)


def _give(frame: _Open, value: object, text: str, place: int, word: str = "") -> None:
    """Hand a text or name to the bracket that it stands in: as a key where a colon follows."""
    if frame.kind == "{" and frame.key is None:
        if text[place : place + 40].lstrip()[:1] == ":":
            frame.key = value if isinstance(value, str) and not word else word
        return
    frame.take(value)


def _word(word: str, known: dict[str, Any]) -> object:
    if word in known:
        return known[word]
    if re.fullmatch(r"-?\d{1,15}", word):
        return int(word)
    return {"true": True, "!0": True, "false": False, "!1": False}.get(word)


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    plain = _ESCAPE.sub(_character, text)
    return _SURROGATES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), plain)


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        number = int(code, 16)
        return chr(number) if number < 0x110000 else ""
    return "" if match[4] else _ESCAPED.get(match[5], match[5])
