"""Tell what a reader sees from what only sets something, among the attributes of shortcodes, blocks and page builders.

No plugin is known by name. The last word of an attribute's name says what it is, as in any English compound: a
`title_color` is a colour, a `btn_title` a title. Where the name says nothing, a value that reads like a sentence is
text.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from html import escape, unescape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from scraper.imports.wordpress import php
from scraper.text.lexicon import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADINGS: Final = word_set("title heading headline header question subtitle subheading subheader subhead")
_TEXTS: Final = word_set(
    """text content answer description desc caption quote body message excerpt intro introduction summary paragraph copy
    blurb testimonial bio editor html shortcode author cite citation"""
)
# What a name ends in that is a setting, a label for editors, or unseen by readers.
_SETTINGS: Final = word_set(
    """class classes css style styles font fonts family color colour colors gradient background size sizes width height
    align alignment position id ids url urls link links href src slug icon icons alt image images img label labels
    placeholder anchor target rel animation effect tag level type template layout query code script js key token version
    attributes attribute selector metadata lock format shadow border padding margin spacing orientation weight
    mode status field fields condition conditions action actions value values_css schema meta seo"""
)
_HEADING_NAME: Final = re.compile(r"h[1-6]", re.I)
_NAME_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_HTML: Final = re.compile(
    r"</?(?:p|h[1-6]|ul|ol|li|div|br|strong|b|em|i|a|span|table|tr|td|blockquote|section)\b[^<>]*>", re.I
)
_TAG: Final = re.compile(r"<[^<>]*>")
_WORD: Final = re.compile(r"[^\W\d_]{2,}(?:['’-][^\W\d_]+)*")
_UNSPACED: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_TOKEN: Final = re.compile(r"[a-z\d_.,#%-]+|\S*[:|/={}_<>\\]\S*")
_CODE: Final = re.compile(r"[{};|\\]|\w:\S|%%|^\s*[\[<]")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
_PERCENT: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_LONE_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ELSEWHERE: Final = {"%91": "[", "%93": "]", "%92": "\\"}
_SENTENCE_WORDS: Final = 4
_SENTENCE_SIGNS: Final = 8
_MAX_DEPTH: Final = 60


@dataclass(frozen=True, slots=True)
class Prose:
    """A piece of text out of an attribute. `level` is that of a heading, 0 for text; `html` tells markup from text."""

    text: str
    level: int = 0
    html: bool = False

    def markup(self) -> str:
        """Return the piece as HTML of its own block."""
        if self.html:
            return f"<div>{self.text}</div>"
        name = f"h{self.level}" if self.level else "p"
        return f"<{name}>{escape(self.text, quote=False)}</{name}>"


def found_in(value: Any, name: str = "") -> Iterator[Prose]:  # noqa: ANN401  (parsed JSON)
    """Yield the prose in a value, in its order: a text, or lists and objects of such, however they are encoded."""
    yield from _found(value, name, 0)


def structure(text: str) -> Any:  # noqa: ANN401  (parsed JSON)
    """Return the list or object that a text stands for: JSON, also with added slashes, or PHP's; `None` for none."""
    stripped = text.strip()
    if re.match(r"[aO]:\d", stripped):
        try:
            return php.unserialize(stripped)
        except (ValueError, OverflowError):
            return None
    if stripped[:1] not in ("[", "{"):
        return None
    for form in (stripped, stripped.replace('\\"', '"').replace("\\\\", "\\")):
        try:
            found = json.loads(form, strict=False)
        except (ValueError, RecursionError):
            continue
        return found if isinstance(found, (list, dict)) else None
    return None


def decoded(text: str) -> str | None:
    """Return what a text in base64 stands for; `None` where it is none, or holds nothing for a reader."""
    bare = "".join(text.split())
    if len(bare) % 4 or not _BASE64.fullmatch(bare):
        return None
    try:
        plain = _unescaped(base64.b64decode(bare, validate=True).decode("utf-8"))
    except (binascii.Error, UnicodeDecodeError):
        return None
    return plain if "<" in plain or _is_sentence(plain) else None


def plain_text(piece: Prose) -> str:
    """Return a piece without markup."""
    return " ".join(unescape(_TAG.sub(" ", piece.text)).split()) if piece.html else piece.text


def plain(text: str) -> str:
    """Return text without tags, entities and needless white space, to compare it."""
    return " ".join(unescape(_TAG.sub(" ", text)).split()).casefold()


def word_count(text: str) -> int:
    """Return how many words HTML shows, about; signs of scripts without spaces count one for two."""
    bare = _TAG.sub(" ", text)
    return len(_WORD.findall(bare)) + len(_UNSPACED.findall(bare)) // 2


def _found(value: Any, name: str, depth: int) -> Iterator[Prose]:  # noqa: ANN401
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            own = str(key)
            if not own.startswith("_") and _kind(own) != "setting":
                yield from _found(inner, name if own.isdigit() or own == "children" else own, depth + 1)
    elif isinstance(value, list) and any(isinstance(inner, dict) and "props" in inner for inner in value):
        yield from _in_text("".join(_rich(value, depth)), name, depth)
    elif isinstance(value, list):
        for inner in value:
            yield from _found(inner, name, depth + 1)
    elif isinstance(value, str) and value.strip():
        yield from _in_text(value, name, depth)


def _rich(value: Any, depth: int) -> Iterator[str]:  # noqa: ANN401
    """Yield the texts of a rich text as React's elements: strings, and objects with `props` and `children`."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth < _MAX_DEPTH:
        for inner in value:
            yield from _rich(inner, depth + 1)
    elif isinstance(value, dict) and depth < _MAX_DEPTH:
        props = value.get("props")
        yield from _rich(props.get("children") if isinstance(props, dict) else None, depth + 1)


def _in_text(value: str, name: str, depth: int) -> Iterator[Prose]:
    text = _unescaped(value)
    inner = structure(text)
    if inner is not None:
        yield from _found(inner, name, depth + 1)
        return
    text = (decoded(text) or text).strip()
    kind = _kind(name)
    if kind == "setting":
        return
    if _HTML.search(text):
        if _WORD.search(_TAG.sub(" ", text)) or _UNSPACED.search(text):
            yield Prose(text, html=True)
    elif kind == "heading" and _is_words(text):
        yield Prose(unescape(text), int(name[-1]) if _HEADING_NAME.fullmatch(name) else 3)
    elif (kind == "text" and _is_words(text)) or _is_sentence(text):
        yield Prose(unescape(text))


def _kind(name: str) -> str:
    if _HEADING_NAME.fullmatch(name):
        return "heading"
    parts = _NAME_WORD.findall(name)
    last = parts[-1].lower() if parts else ""
    return "heading" if last in _HEADINGS else "text" if last in _TEXTS else "setting" if last in _SETTINGS else ""


def _unescaped(text: str) -> str:
    """Return text without the escapes that builders use where quotes and brackets may not stand."""
    text = text.replace("`{`", "[").replace("`}`", "]").replace("``", '"')
    if not _PERCENT.search(text) or _LONE_PERCENT.search(text):
        return text
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return unquote(re.sub("%9[123]", lambda match: _ELSEWHERE[match[0]], text))


def _is_words(text: str) -> bool:
    """Return whether the value of an attribute for text is text, and no `yes`, `center` or `#2ea3f2`."""
    return bool(_WORD.search(text) or _UNSPACED.search(text)) and not _TOKEN.fullmatch(text) and "%%" not in text


def _is_sentence(text: str) -> bool:
    """Return whether a text reads like a sentence: words that are not all names, and no signs of code."""
    if _CODE.search(text):
        return False
    if len(_UNSPACED.findall(text)) >= _SENTENCE_SIGNS:
        return True
    found = _WORD.findall(text)
    small = sum(word[:1].islower() for word in found)
    first = text.lstrip("\"'“„«¿¡(‘ ")[:1]
    return len(found) >= _SENTENCE_WORDS and small >= 2 and not first.islower() and "_" not in text
