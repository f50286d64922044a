"""Render shortcodes without knowing any plugin: what they enclose, and what their attributes say to a reader."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from scraper.imports.wordpress import prose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SHORTCODE: Final = re.compile(
    r"(?P<before>\[?)\[(?P<slash>/?)(?P<name>[a-zA-Z][\w-]{0,60})(?P<rest>(?:[\s=/][^\[\]]{0,200000})?)\](?P<after>\]?)"
)
_ATTRIBUTE: Final = re.compile(r"[\w-]\s{0,9}=")
_NAMED: Final = re.compile(r"(?:([\w-]{1,100})\s{0,9}=\s{0,9})?(?:\"([^\"]*)\"|'([^']*)'|([^\s\"']+))")
_CLOSING: Final = re.compile(r"\[/([a-zA-Z][\w-]{0,60})\]")
_CURLY: Final = re.compile("[\u201c\u201d\u201e\u2033]|&(?:quot|#8220|#8221|#8243|ldquo|rdquo);")
_NUMBER_NAME: Final = re.compile(r"(?:[\w-]*[_-])?(?:id|ref)", re.I)
_INLINE_END: Final = re.compile(
    r"</?(?:a|abbr|b|big|cite|em|font|i|img|mark|q|small|span|strong|sub|sup|u)\b[^<>]*>$", re.I
)
_INLINE_START: Final = re.compile(r"</?(?:a|abbr|b|big|cite|em|font|i|img|mark|q|small|span|strong|sub|sup|u)\b", re.I)
_MAX_OPEN: Final = 200
"""Open shortcodes among which the one that ends is looked for; chosen: nobody nests so deep by hand."""


@dataclass(slots=True)
class _Tag:
    """A shortcode's beginning or end. `mate` is the other one's place in the list; `is_block`: no text touches it."""

    match: re.Match[str]
    mate: int | None = None
    left: bool = False
    right: bool = False
    is_block: bool = False

    @property
    def closes(self) -> bool:
        return bool(self.match["slash"])

    @property
    def opens(self) -> bool:
        return not self.closes and self.mate is not None


def rendered(text: str, border: str, balanced: Callable[[str], str]) -> str:
    """Return text with shortcodes as what a reader sees of them.

    A word in brackets is one where it has attributes, an end, a joined name, or a line of its own: `[sic]` and `[1]`
    stay. One that no running text touches is a block: its attributes for text are shown, and `border` parts it from
    others. One inside a line shows the text of attributes only where it encloses nothing. `balanced` closes the tags of
    HTML that was encoded.
    """
    tags = _tags(text)
    pieces: list[str] = []
    at = 0
    for number, tag in enumerate(tags):
        match = tag.match
        pieces += (text[at : match.start()], match["before"], _shown(tag, border))
        at = match.end()
        if tag.mate == number + 1 and (inner := prose.decoded(text[at : tags[number + 1].match.start()])):
            pieces.append(balanced(inner))
            at = tags[number + 1].match.start()
        pieces.append(match["after"])
    return _without_escapes("".join((*pieces, text[at:])))


def _without_escapes(text: str) -> str:
    return re.sub(r"\[(\[/?[a-zA-Z][\w-]{0,60}(?:[\s=/][^\[\]]{0,4000})?\])\]", r"\1", text)


def _tags(text: str) -> list[_Tag]:
    paired = set(_CLOSING.findall(text))
    tags = [
        _Tag(match)
        for match in _SHORTCODE.finditer(text)
        if not (match["before"] and match["after"]) and _is_shortcode(match, paired)
    ]
    _pair(tags)
    _see_right(tags, text)
    _see_left(tags, text)
    return tags


def _pair(tags: list[_Tag]) -> None:
    opened: list[int] = []
    for number, tag in enumerate(tags):
        if not tag.closes:
            opened.append(number)
            continue
        for depth in range(len(opened) - 1, max(-1, len(opened) - _MAX_OPEN), -1):
            if tags[opened[depth]].match["name"] == tag.match["name"]:
                tag.mate, tags[opened[depth]].mate = opened[depth], number
                del opened[depth:]
                break


def _see_right(tags: list[_Tag], text: str) -> None:
    for number in range(len(tags) - 1, -1, -1):
        tag = tags[number]
        if number + 1 < len(tags) and not text[tag.match.end() : tags[number + 1].match.start()].strip(" \t"):
            tag.right = tags[number + 1].right if tags[number + 1].closes else True
        else:
            tag.right = _ends_line(text, tag.match.end())


def _see_left(tags: list[_Tag], text: str) -> None:
    for number, tag in enumerate(tags):
        before = tags[number - 1] if number else None
        if before and not text[before.match.end() : tag.match.start()].strip(" \t"):
            tag.left = before.left if before.opens else before.is_block
        else:
            tag.left = _begins_line(text, tag.match.start())
        if tag.closes:
            tag.is_block = tag.right and (tag.mate is None or tags[tag.mate].left)
            if tag.mate is not None:
                tags[tag.mate].is_block = tag.is_block
        elif not tag.opens:
            tag.is_block = tag.left and tag.right


def _begins_line(text: str, at: int) -> bool:
    before = text[max(0, at - 300) : at].rstrip(" \t")
    if before.endswith(">"):
        return _INLINE_END.search(before) is None
    return before[-1:] in ("", "\n", "\ue002")


def _ends_line(text: str, at: int) -> bool:
    after = text[at : at + 300].lstrip(" \t")
    if after.startswith("<"):
        return _INLINE_START.match(after) is None
    return after[:1] in ("", "\n", "\ue000")


def _shown(tag: _Tag, border: str) -> str:
    said = [] if tag.closes else list(_said(tag))
    if tag.is_block:
        return border + border.join(one.markup() for one in said) + (border if said else "")
    if tag.closes or tag.opens or not said:
        return ""
    return escape(" ".join(prose.plain_text(one) for one in said), quote=False)


def _said(tag: _Tag) -> Iterator[prose.Prose]:
    """Yield what attributes say; one that only names something by its number has a label for editors."""
    attributes = _attributes(tag.match["rest"])
    if not tag.opens and any(_NUMBER_NAME.fullmatch(name) and value.isdigit() for name, value in attributes):
        return
    for name, value in attributes:
        yield from prose.found_in(value, name)


def _attributes(rest: str) -> list[tuple[str, str]]:
    if '"' not in rest and "'" not in rest:
        rest = _CURLY.sub('"', rest)
    return [
        (match[1] or "", match[2] or match[3] or match[4] or "")
        for match in _NAMED.finditer(rest)
        if match[1] or match[4] is None
    ]


def _is_shortcode(match: re.Match[str], paired: set[str]) -> bool:
    name, rest = match["name"], match["rest"]
    if match["slash"] or name in paired or "_" in name or rest.rstrip().endswith("/") or _ATTRIBUTE.search(rest):
        return True
    if not name.islower():
        return False
    return _stands_alone(match) and (not rest.strip() or rest.strip().startswith(("http://", "https://", '"')))


def _stands_alone(match: re.Match[str]) -> bool:
    text = match.string
    before = text[max(0, match.start() - 80) : match.start()].rstrip(" \t")
    after = text[match.end() : match.end() + 80].lstrip(" \t")
    return before[-1:] in ("", "\n", ">") and after[:1] in ("", "\n", "<")
