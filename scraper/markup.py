"""Turn the bytes of a page into text and into a tree, whatever the bytes are."""

from __future__ import annotations

import codecs
import re
from typing import Final, cast

from lxml import etree
from lxml.html import HtmlElement

from scraper import rendered

MAX_DEPTH: Final = 200
"""Open elements allowed below each other in a tree; deeper tags are dropped and their text kept."""

MAX_CHARACTERS: Final = 8_000_000
"""Characters of a page that are read; no post comes near, and a tree costs some ten times its source in memory."""

_HEAD_BYTES: Final = 262_144
"""Bytes of a page in which its head has to end: styles and scripts stand before a late `meta charset`."""

_BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEADER_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_META_CHARSET: Final = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_XML_CHARSET: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.I)
_PYTHON_CODECS: Final = {"big5": "big5hkscs", "shift_jis": "cp932", "euc-kr": "cp949", "gbk": "gb18030"}
"""Codecs of Python that read what browsers read under a name, where the one of that name is narrower."""

_DETECTED_BYTES: Final = 60_000
"""Bytes that are looked at where nobody says what the encoding is; the detector takes some 3 ms for them."""

_ONE_BYTE: Final = {
    character: bytes((code,))
    for code in range(128, 256)
    for character in (chr(code), bytes((code,)).decode("cp1252", "ignore"))
    if character
}
_FOREIGN: Final = re.compile("[\x80-\xff" + "".join(sorted(c for c in _ONE_BYTE if c > "\xff")) + "]{2,}")
_DOUBLED_LEADS: Final = ("Ã", "Â", "â€", "Ð", "Ñ", "Å", "ã", "ì", "ð")
"""What the first bytes of UTF-8's letters are in Windows-1252, for the scripts that the web is mostly written in."""

_DOS: Final = re.compile(r"cp(?:437|7\d\d|8(?!74)\d\d|1125)")
_LATIN: Final = ("cp1250", "cp1252", "cp1254", "cp1257", "iso8859-1", "iso8859-2", "iso8859-9", "iso8859-15")
_WORD_BYTES: Final = re.compile(rb"[A-Za-z\x80-\xff]+")
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
        return _undoubled(body.decode("utf-8"))
    except UnicodeDecodeError:
        return body.decode(_legacy_charset(body, stated), "replace")


def _undoubled(text: str) -> str:
    """Return text without the mark of UTF-8 that was once read as Windows-1252: `cafÃ©` for `café`.

    Each run of such characters is put back only if its bytes are valid UTF-8 as a whole. A page that has as many runs
    which are not was written so.
    """
    if not any(lead in text for lead in _DOUBLED_LEADS):
        return text
    runs = {run: _encoded_once(run) for run in _FOREIGN.findall(text)}
    doubled = {run for run, once in runs.items() if once}
    if not doubled or 2 * len(doubled) <= len(runs):
        return text
    return _FOREIGN.sub(lambda match: runs[match[0]] or match[0], text)


def _encoded_once(run: str) -> str:
    """Return what the bytes of a run say as UTF-8; `""` where they are not UTF-8."""
    try:
        return b"".join(_ONE_BYTE[character] for character in run).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return ""


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
    if root is not None:
        rendered.show(root, text)
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
    head = body[:_HEAD_BYTES].partition(b"<body")[0]
    for pattern in (_META_CHARSET, _XML_CHARSET):
        if found := pattern.search(head):
            labels.append(found[1].decode("ascii", "replace"))
    return next((codec for label in labels if (codec := _codec(label.lower()))), "")


def _codec(label: str) -> str:
    """Return the codec for a charset label (WHATWG Encoding Standard); `""` where it is none of the web's."""
    if label == "ascii":
        label = "us-ascii"
    from webencodings import lookup

    found = lookup(label)
    if found is None or found.name in ("replacement", "x-user-defined"):
        return ""
    return _PYTHON_CODECS.get(found.name, found.codec_info.name)


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
    return "utf-8" if multibyte > broken else _detected(body)


def _detected(body: bytes) -> str:
    """Return the codec that bytes look like where neither header nor page says one; Windows-1252 for old systems' own.

    The web was hardly ever written in code pages of DOS and the Macintosh; what looks like them is a short text.
    """
    import chardet

    start = max(0, body.find(b"<body"))
    found = chardet.detect(body[start : start + _DETECTED_BYTES])["encoding"]
    try:
        name = codecs.lookup(found or "cp1252").name
    except LookupError:
        return "cp1252"
    is_unlikely = name.startswith("mac") or _DOS.fullmatch(name)
    return "cp1252" if is_unlikely or (name not in _LATIN and _has_latin_words(body)) else name


def _has_latin_words(body: bytes) -> bool:
    """Return whether words with bytes beyond ASCII are mostly ASCII, as in `déjà`: no other script's are."""
    words = b"".join(word for word in _WORD_BYTES.findall(body[:_DETECTED_BYTES]) if not word.isascii())
    return 2 * sum(byte > 127 for byte in words) < len(words)
