"""Turn the bytes of a page into text and into a tree, whatever the bytes are."""

from __future__ import annotations

import codecs
import re
from typing import Final, cast

from lxml import etree
from lxml.html import HtmlElement

MAX_DEPTH: Final = 200
"""Open elements allowed below each other in a tree; deeper tags are dropped and their text kept."""

MAX_CHARACTERS: Final = 8_000_000
"""Characters of a page that are read; no post comes near, and a tree costs some ten times its source in memory."""

_HEAD_BYTES: Final = 4096
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEADER_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_META_CHARSET: Final = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_XML_CHARSET: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.I)
_SINGLE_BYTE: Final = re.compile(r"(?:windows-|cp)(?:125\d|874)|iso-8859-\d{1,2}|koi8-[ru]|mac-?roman|ibm866|cp866")

# What the label means to a browser (WHATWG Encoding Standard), where Python's codec of that name is narrower.
_WIDER: Final = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "windows-31j": "cp932",
    "x-sjis": "cp932",
    "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
_LATE_END: Final = re.compile(r"</(?:html|body)\s*>", re.I)
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][\w:-]{0,60})[^<>]*>")
_VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
_ELEMENTS: Final = etree.ElementDefaultClassLookup(element=HtmlElement)


def decode(body: bytes | str, content_type: str = "") -> str:
    """Return the text of a page. Never raise.

    Bytes that are valid UTF-8 are UTF-8, whatever the header or the page claims; else a byte order mark, the header's,
    then the page's charset decide, then Windows-1252. What can't be decoded becomes U+FFFD.
    """
    if isinstance(body, str):
        return body.removeprefix("\ufeff")
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    stated = _stated_charset(body, content_type)
    if stated.startswith("iso2022"):
        return body.decode(stated, "replace")
    if wide := _utf16_without_mark(body):
        return body.decode(wide, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(_legacy_charset(body, stated), "replace")


def parse(body: bytes | str, content_type: str = "") -> HtmlElement:
    """Return the page's `<html>` element; an empty one where there is no markup. Never raise for bad markup.

    Comments and processing instructions are gone, the tree is at most some `MAX_DEPTH` elements deep, and a page beyond
    `MAX_CHARACTERS` is cut there. A parser per call makes it safe in threads.
    """
    text = decode(body[: 4 * MAX_CHARACTERS], content_type)[:MAX_CHARACTERS]
    if _CONTROL.search(text):
        text = _CONTROL.sub("", text)
    # libxml2 stops at the first end of the body, and broken pages have several.
    text = _LATE_END.sub("", text)
    root, whole = _tree(text, huge=False)
    if not whole:
        root, whole = _tree(_flatten(text), huge=True)
    if root is None:
        root = _tree("<html><body></body></html>", huge=False)[0]
    if root is not None and root.tag != "html":
        outer, _ = _tree("<html><body></body></html>", huge=False)
        if outer is not None:
            outer[0].append(root)
            root = outer
    return cast("HtmlElement", root)


def _tree(text: str, *, huge: bool) -> tuple[HtmlElement | None, bool]:
    """Return the root, and whether nothing was cut off because of a limit."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=huge)
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, not text.strip()
    limited = any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log.filter_from_fatals())
    return cast("HtmlElement | None", root), not limited


def _flatten(text: str) -> str:
    """Return the page without the tags that stand deeper than `MAX_DEPTH`."""
    pieces: list[str] = []
    depth = 0
    end = 0
    for match in _TAG.finditer(text):
        closing, name = match[1], match[2].lower()
        if name in _VOID or match[0].endswith("/>"):
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        if depth + bool(closing) > MAX_DEPTH:
            pieces += (text[end : match.start()], " ")
            end = match.end()
    pieces.append(text[end:])
    return "".join(pieces)


def _stated_charset(body: bytes, content_type: str) -> str:
    """Return the Python codec that the header or else the page names; `""` for none that is known."""
    named = _HEADER_CHARSET.search(content_type)
    labels = [named[1]] if named else []
    head = body[:_HEAD_BYTES]
    for pattern in (_META_CHARSET, _XML_CHARSET):
        if found := pattern.search(head):
            labels.append(found[1].decode("ascii", "replace"))
    return next((codec for label in labels if (codec := _codec(label.lower()))), "")


def _codec(label: str) -> str:
    """Return the codec for a charset label; `""` where it is none of the web's."""
    if label in _WIDER:
        return _WIDER[label]
    if not _SINGLE_BYTE.fullmatch(label):
        return ""
    try:
        return codecs.lookup(label).name
    except LookupError:
        return ""


def _utf16_without_mark(body: bytes) -> str:
    """Return the byte order where every other byte of the beginning is zero, as in UTF-16 of Latin letters."""
    head = body[:400]
    if len(head) < 8 or head.count(0) < len(head) // 3:
        return ""
    if head[1::2].count(0) > 0.8 * len(head[1::2]):
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) > 0.8 * len(head[::2]) else ""


def _legacy_charset(body: bytes, stated: str) -> str:
    """Return the codec for bytes that are not valid UTF-8."""
    if stated and stated != "utf-8" and not stated.startswith("utf-16"):
        return stated
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    multibyte = sum(1 for character in text[:200_000] if character > "\x7f") - broken
    return "utf-8" if multibyte > broken else "cp1252"
