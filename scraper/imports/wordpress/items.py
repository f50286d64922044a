"""Cut a WordPress export (WXR: RSS 2.0 with WordPress's own elements) into its items, whatever is in them.

Exports are often no XML: plugins put raw HTML into fields, a text ends its CDATA section, an `&` stands alone. What is
between an element's tags is therefore taken as it is, and what is broken in one item costs no other.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from scraper.imports.outcomes import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_ITEM_CHARACTERS: Final = 32 * 1024 * 1024
"""One post with its fields and comments; page builders store some 2 MB, a text with inlined images some 20."""

_CHUNK: Final = 1 << 18
"""Bytes that are read at a time; chosen: a usual size of buffers."""
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_DECLARED: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.I)
_MARK: Final = re.compile(r"<!\[CDATA\[|<!--|<item(?=[\s>])|</item\s{0,9}>")
_MARK_CHARACTERS: Final = 20
"""Characters that a mark may have, kept of one piece for the next, so that one between two is seen."""
_NEXT_ITEM: Final = re.compile(r"</item>\s{0,99}<(?:/channel>|item>)|<item>\s{0,99}<title>")
_OPENING: Final = re.compile(r"<([A-Za-z_][\w.:-]{0,80})((?:\s[^<>]{0,2000}?)?)(/?)>")
_ATTRIBUTE: Final = re.compile(r"([\w:.-]{1,80})\s{0,9}=\s{0,9}(?:\"([^\"<>]*)\"|'([^'<>]*)')")
_MAX_ENDLESS: Final = 50
"""Marks without an end that are looked past in an item; chosen: an export with more is made to be slow."""
_WP: Final = "//wordpress.org/export/"
_PREFIXES: Final = {"//purl.org/rss/1.0/modules/content/": "content:", "//purl.org/dc/elements/1.1/": "dc:"}


class Raw(NamedTuple):
    """A run of an export: what stands before the items, or an item, with what is wrong with it as a whole."""

    line: int
    text: str
    fault: str = ""


class Element(NamedTuple):
    """An element: its name with the usual prefix, its attributes, its raw content, `None` where it has no end."""

    name: str
    attributes: Mapping[str, str]
    content: str | None


@dataclass(slots=True)
class Item:
    """An item as the export has it. `meta` are custom fields in their order, `coauthors` names of the author terms."""

    line: int
    fields: dict[str, str] = field(default_factory=dict)
    categories: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    coauthors: list[tuple[str, str]] = field(default_factory=list)
    meta: list[tuple[str, str]] = field(default_factory=list)
    fault: str = ""

    def get(self, name: str) -> str:
        """Return a field without white space around it; empty where there is none."""
        return self.fields.get(name, "").strip()


def read_raw(stream: BinaryIO) -> Iterator[Raw]:
    """Yield what stands before the items, then every item. Raise `RefusedError` where the file has a document type."""
    buffer = _Buffer(stream)
    begin: int | None = None
    head_is_out = False
    at = 0
    while True:
        if begin is not None and at - begin > MAX_ITEM_CHARACTERS:
            yield Raw(buffer.line(begin), "", "it is too long for a post")
            begin = None
        if begin is None and head_is_out:
            at -= buffer.drop(at)
        if not head_is_out and at > MAX_ITEM_CHARACTERS:
            raise RefusedError("What stands before the first post is too long for a WordPress export.")
        mark = _MARK.search(buffer.text, at)
        if mark is None:
            at = max(at, len(buffer.text) - _MARK_CHARACTERS)
            if buffer.more():
                continue
            break
        kind = mark[0]
        if kind.startswith("<!"):
            at = buffer.end_of(mark, "]]>" if kind == "<![CDATA[" else "-->")
            continue
        if not head_is_out:
            yield Raw(1, buffer.text[: mark.start()])
            head_is_out = True
        if kind.startswith("</"):
            if begin is not None:
                yield Raw(buffer.line(begin), buffer.text[begin : mark.end()])
            begin = None
        else:
            if begin is not None:
                yield Raw(buffer.line(begin), "", "it has no end")
            begin = mark.start()
        at = mark.end()
    if not head_is_out:
        yield Raw(1, buffer.text[:MAX_ITEM_CHARACTERS])
    if begin is not None:
        yield Raw(buffer.line(begin), "", "the file is cut off there")


class Namespaces:
    """Gives elements the prefix that they usually have, whatever the file calls them."""

    def __init__(self, head: str) -> None:
        if re.search(r"<!DOCTYPE", _without_comments(head)):
            raise RefusedError("The file has a document type of its own, which no WordPress export has.")
        found = re.findall(r"xmlns:([\w.-]{1,40})\s{0,9}=\s{0,9}[\"']([^\"'<>]{1,200})[\"']", head)
        self._prefixes = {prefix: _usual(namespace) or f"{prefix}:" for prefix, namespace in found}

    def name(self, tag: str) -> str:
        """Return a tag's name with its usual prefix."""
        prefix, colon, name = tag.partition(":")
        return self._prefixes.get(prefix, f"{prefix}:") + name if colon else tag

    def elements(self, text: str) -> Iterator[Element]:
        """Yield the elements that stand side by side in a text; what is between them is passed over."""
        at = 0
        endless = 0
        while endless < _MAX_ENDLESS and (opening := _OPENING.search(text, at)):
            attributes = {name: unescape(one or two) for name, one, two in _ATTRIBUTE.findall(opening[2])}
            at = opening.end()
            content: str | None = ""
            if not opening[3]:
                content, at = _content(text, at, opening[1])
                endless += content is None
            yield Element(self.name(opening[1]), attributes, content)


def item_of(raw: Raw, namespaces: Namespaces) -> Item:
    """Return the item in a run of an export; `fault` says what is wrong with it."""
    item = Item(raw.line, fault=raw.fault)
    inner = raw.text[raw.text.find(">") + 1 :]
    for element in namespaces.elements(inner.removesuffix("</item>")):
        text = text_of(element.content or "")
        if element.content is None and element.name in ("content:encoded", "wp:post_type", "wp:status"):
            item.fault = f"its {element.name} has no end"
        if element.name == "category":
            _add_term(item, element.attributes, text)
        elif element.name == "wp:postmeta":
            pair = {one.name: text_of(one.content or "") for one in namespaces.elements(element.content or "")}
            item.meta.append((pair.get("wp:meta_key", "").strip(), pair.get("wp:meta_value", "")))
        elif element.name != "wp:comment":
            item.fields.setdefault(element.name, text)
    return item


def text_of(content: str) -> str:
    """Return the text of an element's content.

    Proper XML is read as that. What is none is taken as it was meant: a CDATA section ends where its element does, and
    raw HTML is HTML.
    """
    outside, inside = _sections(content)
    if not any("]]>" in piece or "<" in piece for piece in outside):
        return "".join(unescape(out) + within for out, within in zip(outside, [*inside, ""], strict=True))
    stripped = content.strip()
    if stripped.startswith("<![CDATA["):
        return stripped[9:].removesuffix("]]>").replace("]]]]><![CDATA[>", "]]>")
    return content


def _sections(content: str) -> tuple[list[str], list[str]]:
    """Return what stands before, between and behind CDATA sections, and what is in them."""
    outside: list[str] = []
    inside: list[str] = []
    at = 0
    while (start := content.find("<![CDATA[", at)) >= 0 and (end := content.find("]]>", start)) >= 0:
        outside.append(content[at:start])
        inside.append(content[start + 9 : end])
        at = end + 3
    return [*outside, content[at:]], inside


def plain(text: str) -> str:
    """Return a title or name without the markup and entities that WordPress leaves in them."""
    return " ".join(unescape(re.sub(r"<[a-zA-Z/!][^<>]*>", "", unescape(text))).split())


def _add_term(item: Item, attributes: Mapping[str, str], text: str) -> None:
    domain, term = attributes.get("domain", ""), plain(text)
    if domain == "author":
        item.coauthors.append((attributes.get("nicename", ""), term))
    terms = item.tags if domain in ("post_tag", "tag") else item.categories
    if domain in ("category", "post_tag", "tag", "") and term and term not in terms:
        terms.append(term)


def _content(text: str, at: int, name: str) -> tuple[str | None, int]:
    """Return the content of an element that begins at `at`, and where what follows it begins."""
    start = at + len(text[at : at + 99]) - len(text[at : at + 99].lstrip())
    if text.startswith("<![CDATA[", start) and (found := _closing(name, section=True).search(text, start)):
        return text[start : found.start() + 3], found.end()
    position = at
    while found := _closing(name).search(text, position):
        section = text.find("<![CDATA[", position, found.start())
        end = text.find("]]>", section) if section >= 0 else -1
        if end < found.start():
            return text[at : found.start()], found.end()
        position = end
    first = _closing(name).search(text, at)
    return (text[at : first.start()], first.end()) if first else (None, at)


@lru_cache(maxsize=512)
def _closing(name: str, *, section: bool = False) -> re.Pattern[str]:
    return re.compile((r"\]\]>\s{0,99}" if section else "") + rf"</{re.escape(name)}\s{{0,9}}>")


def _usual(namespace: str) -> str:
    """Return the usual prefix of a namespace, with http or, as some write it, https; empty for an unknown one."""
    bare = namespace.strip().removeprefix("http:").removeprefix("https:")
    if bare.startswith(_WP):
        return "excerpt:" if bare.endswith("/excerpt/") else "wp:"
    return _PREFIXES.get(bare, "")


def _without_comments(text: str) -> str:
    pieces = text.split("<!--")
    return pieces[0] + "".join(piece.partition("-->")[2] for piece in pieces[1:])


class _Buffer:
    """The text of a file as far as it is needed, with the numbers of its lines."""

    def __init__(self, stream: BinaryIO) -> None:
        self._pieces = _clean_pieces(stream)
        self._dropped_lines = 1
        self._ends: dict[str, int] = {}
        self._next_item = -1
        self.text = ""

    def more(self) -> bool:
        piece = next(self._pieces, "")
        self.text += piece
        return bool(piece)

    def drop(self, count: int) -> int:
        """Forget the beginning, where that is worth it; return how many characters."""
        if count < _CHUNK:
            return 0
        self._dropped_lines += self.text.count("\n", 0, count)
        self.text = self.text[count:]
        self._ends.clear()
        self._next_item = -1
        return count

    def line(self, at: int) -> int:
        return self._dropped_lines + self.text.count("\n", 0, at)

    def end_of(self, mark: re.Match[str], end: str) -> int:
        """Return where a section or comment ends: behind its beginning where it has no end, or one in a later item."""
        at = mark.end()
        found = self._ends.get(end, -1)
        if found < at:
            found = self._find(end, at)
            self._ends[end] = found
        if found < 0:
            return at
        if not at <= self._next_item < found:
            later = _NEXT_ITEM.search(self.text, at, found)
            self._next_item = later.start() if later else -1
        return at if at <= self._next_item < found else found + len(end)

    def _find(self, end: str, at: int) -> int:
        limit = at + MAX_ITEM_CHARACTERS
        searched = at
        while (found := self.text.find(end, searched, limit)) < 0:
            searched = max(at, len(self.text) - len(end))
            if len(self.text) > limit or not self.more():
                break
        return found


def _clean_pieces(stream: BinaryIO) -> Iterator[str]:
    """Yield the file without what XML forbids: exports have control characters and broken bytes in them."""
    head = stream.read(_CHUNK)
    decoder = codecs.getincrementaldecoder(_encoding(head))("replace")
    piece = head
    while piece:
        if text := _ILLEGAL.sub("", decoder.decode(piece)):
            yield text
        piece = stream.read(_CHUNK)
    if text := _ILLEGAL.sub("", decoder.decode(b"", final=True)):
        yield text


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    declared = _DECLARED.search(head[:400])
    try:
        name = codecs.lookup(declared[1].decode("ascii")).name if declared else "utf-8"
    except LookupError:
        name = "utf-8"
    return name if name.startswith(("iso8859", "cp125", "koi8")) else "utf-8-sig"
