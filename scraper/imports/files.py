"""Find the files of a folder and tell by their content what they are."""

from __future__ import annotations

import csv
import os
import re
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from scraper import markup
from scraper.imports import mhtml, packed
from scraper.imports.outcomes import RefusedError, Tally
from scraper.model import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEAD_BYTES: Final = 65_536
"""Read of a file to tell its kind."""

MAX_DOCUMENT_BYTES: Final = 32 * 1024 * 1024
"""The longest page or text taken; pages with every image inlined reach some 20 MB."""


SNAPSHOT_INDEX: Final = "index.json"
"""What archive tools write beside the forms of a page."""


class Kind(StrEnum):
    """What a file holds, as far as an import cares."""

    HTML = "html"
    TEXT = "text"
    JSONL = "jsonl"
    WXR = "wxr"
    WARC = "warc"
    MHTML = "mhtml"
    ARC = "arc"
    ZIP = "zip"
    PACKED = "packed"
    FEED = "feed"
    TABLE = "table"
    DATA = "data"
    MESSAGE = "message"
    OWN = "own"
    TOOL = "tool"
    OTHER = "other"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class File:
    """A file on disk or in an archive.

    `source` is its path relative to what was given, with `/`. `identity` tells it from every other file anywhere and
    stays the same from import to import. `open` raises `OSError` or `RefusedError`, and so may reading.
    """

    source: str
    identity: str
    open: Callable[[], BinaryIO]

    @property
    def name(self) -> str:
        """Return the last part of the path."""
        return self.source.rsplit("/", 1)[-1]


# Never opened in a folder: neither a post nor something that holds posts.
_ASSET_SUFFIXES: Final = """
    7z aac ai apk asc atom avi avif bak bin bmp bz2 css csv dmg doc docx dwg egg eml emlx eot eps epub exe flac
    flv gif gz heic ico ics idx iso jar jpeg jpg js json key less lock log m4a m4v map md mid mjs mkv mobi mov
    mp3 mp4 mpeg mpg msg numbers odp ods odt ogg ogv opus orig otf p7m p7s pages part pdf pgp png ppt pptx psd
    py rar rb rpm rss rtf scss sh sig sql sqlite svg swf tar tex tgz tif tiff tmp toml ts tsv ttf vcf wacz wasm
    wav webm webmanifest webp whl wma wmv woff woff2 xls xlsx xz yaml yml zip zst"""
_ASSETS: Final = frozenset(_ASSET_SUFFIXES.split())
_WARC_NAME: Final = re.compile(r"\.warc(?:\.gz|\.zst)?$", re.I)
_PACKED_NAME: Final = re.compile(r"\.(?:xml|x?html?|jsonl|ndjson|txt)\.(?:gz|zst)$", re.I)
_ARC_MAGIC: Final = b"filedesc://"
_WARC_MAGIC: Final = b"WARC/"
_PAGE_NAME: Final = re.compile(r"\.(?:x?html?|php\d?|aspx?|jsp|cfm|cgi|shtml)(?=$|[?@]|%3f|\.\d{1,3}$|\.orig$)", re.I)
_TEXT_NAME: Final = re.compile(r"\.(?:txt|text)$", re.I)
# `run.sh_.txt`: what a blog's system makes of a file that it does not take as it is.
_TEXT_OF_ASSET: Final = re.compile(r"_\.txt$", re.I)
_LINES_NAME: Final = re.compile(r"\.(?:jsonl|ndjson|jsonlines)$", re.I)
# Text files that stand at the root of web sites and repositories and are no posts.
_NO_POST_STEMS: Final = """
    ads app-ads changelog cookies copying humans install licence license llms llms-full readme requirements robots
    security"""
_NO_POST: Final = frozenset(f"{stem}.txt" for stem in _NO_POST_STEMS.split())
# Text for people all the same, where a person names such a file.
_WRITTEN: Final = frozenset(("md", "rst", "tex", "part", "bak", "less"))
_PAGE_LIST: Final = re.compile(r'\{[^{}\n]{0,400}"format"\s*:\s*"json-pages')
_OWN_MARK: Final = re.compile(r"<meta name=[\"']generator[\"'] content=[\"']blogdex\b", re.I)
_TOOL_MARK: Final = re.compile(
    r"<meta name=[\"']generator[\"'][^<>]{0,100}\bHTTrack\b|<!--[^<>]{0,100}\b(?:created|made) by HTTrack\b|"
    r"<title>[^<>]{0,200}- HTTrack Website Copier\s*</title>|^\s*HTTrack\d",
    re.I,
)
_MIRRORED: Final = re.compile(r"<!--\s*Mirrored from ", re.I)
_BINARY_MAGIC: Final = (
    b"%PDF-",
    b"-----BEGIN PGP",
    b"{\\rtf",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x7fELF",
    b"SQLite format 3",
)
_PROLOG: Final = re.compile(r"\s*(?:<!--.{0,20000}?-->\s*|<\?.{0,2000}?\?>\s*)*", re.S)
_FIRST_TAG: Final = re.compile(r"<(!doctype\s+)?([a-z][\w:-]{0,60})", re.I)
_HTML_ELEMENTS: Final = """
    html head body title meta link base script style noscript article main section header footer nav aside div
    p h1 h2 h3 h4 h5 h6 table ul ol dl blockquote pre figure form center font span a img b i em strong u br hr
    iframe"""
_HTML_NAMES: Final = frozenset(_HTML_ELEMENTS.split())
_ANY_HTML: Final = re.compile(r"<(?:html|head|body|div|p|article|h[1-6]|br|a|span|table|ul|ol|img)\b[^<>]*>", re.I)
_TABLE_LINES: Final = 3
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def sniff(head: bytes, name: str) -> Kind:
    """Tell what a file holds from its first `HEAD_BYTES`; the name only decides where the content leaves it open."""
    if not head.strip():
        return Kind.EMPTY
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return Kind.ZIP
    if head.startswith((packed.GZIP_MAGIC, packed.ZSTD_MAGIC)):
        is_warc = packed.start_of(head, len(_WARC_MAGIC)) == _WARC_MAGIC or _WARC_NAME.search(name)
        return Kind.WARC if is_warc else Kind.PACKED
    if head.startswith(packed.DICTIONARY_MAGIC):
        return Kind.WARC
    if head.startswith(_WARC_MAGIC):
        return Kind.WARC
    if head.startswith(_ARC_MAGIC):
        return Kind.ARC
    if head.startswith(_BINARY_MAGIC):
        return Kind.OTHER
    return _sniff_text(markup.decode(head), name)


def _sniff_text(text: str, name: str) -> Kind:
    start = _PROLOG.match(text)
    rest = text[start.end() if start else 0 :]
    if _OWN_MARK.search(text):
        return Kind.OWN
    if _TOOL_MARK.search(text) and not _MIRRORED.search(text):
        return Kind.TOOL
    if media_type := mhtml.type_of(text):
        is_page = media_type == "multipart/related" or (
            media_type == "text/html" and "snapshot-content" in text[:4000].lower()
        )
        return Kind.MHTML if is_page else Kind.MESSAGE
    if first := _FIRST_TAG.match(rest):
        tag = first[2].lower()
        if tag in _HTML_NAMES:
            return Kind.HTML
        if tag == "rss" or first[1]:
            return Kind.WXR if "wordpress.org/export/" in rest else Kind.FEED if tag == "rss" else Kind.OTHER
        if tag in ("feed", "rdf:rdf", "urlset", "sitemapindex"):
            return Kind.FEED
        return Kind.HTML if is_page_name(name) and _ANY_HTML.search(rest) else Kind.OTHER
    if len(_CONTROL.findall(text)) > len(text) // 50:
        return Kind.OTHER
    return _sniff_plain(rest, name)


def _sniff_plain(rest: str, name: str) -> Kind:
    """Tell what text without a tag at its beginning is."""
    if _PAGE_LIST.match(rest):
        return Kind.DATA
    if _LINES_NAME.search(name) or (rest[:1] in ("{", "[") and '"url"' in rest and '"text"' in rest):
        return Kind.JSONL
    if is_page_name(name) and _ANY_HTML.search(rest):
        return Kind.HTML
    if suffix(name) in ("csv", "tsv") or _is_table(rest):
        return Kind.TABLE
    is_data = suffix(name) in _ASSETS - _WRITTEN or suffix(name) == "json"
    return Kind.DATA if is_data else Kind.TEXT


def _is_table(text: str) -> bool:
    """Return whether all lines have the same number of separators, three columns at the least."""
    whole = text if text.endswith("\n") else text.rpartition("\n")[0]
    lines = [line for line in whole.splitlines() if line.strip()]
    return len(lines) >= _TABLE_LINES and any(
        (counts := {len(row) for row in csv.reader(lines, delimiter=mark)}) and len(counts) == 1 and counts.pop() > 2
        for mark in ("\t", ";", ",")
    )


def suffix(name: str) -> str:
    """Return what stands behind the last dot of a name, in lower case and without a query."""
    bare = re.split(r"[?@]|%3f", name.lower(), maxsplit=1)[0]
    return bare.rpartition(".")[2] if "." in bare else ""


def is_page_name(name: str) -> bool:
    """Return whether a file is called like a web page, also with a query behind its name."""
    return _PAGE_NAME.search(name) is not None


def is_wanted(name: str) -> bool:
    """Return whether a file in a folder or archive may hold a post, as far as its name tells."""
    bare = re.split(r"[?@]|%3f", name.lower(), maxsplit=1)[0]
    if bare.endswith("~"):
        return False
    if bare == SNAPSHOT_INDEX:
        return True
    if bare in _NO_POST or _WARC_NAME.search(name) or _PACKED_NAME.search(name):
        return bare not in _NO_POST
    return suffix(_TEXT_OF_ASSET.sub("", bare)) not in _ASSETS


def is_post_kind(kind: Kind, name: str) -> bool:
    """Return whether a file of this kind that lies in a folder is taken, or reported where it can't be read."""
    if kind is Kind.TEXT:
        return _TEXT_NAME.search(name) is not None or is_page_name(name)
    if kind in (Kind.OTHER, Kind.EMPTY, Kind.ZIP, Kind.PACKED):
        return is_page_name(name) or _WARC_NAME.search(name) is not None
    return kind in (Kind.HTML, Kind.JSONL, Kind.WXR, Kind.WARC, Kind.MHTML)


def kind_of_rest(kind: Kind | None, name: str) -> str:
    """Return the phrase that counts a file that is passed over."""
    known = {
        Kind.FEED: "feed{s} or sitemap{s}",
        Kind.OWN: "page{s} that blogdex made",
        Kind.TOOL: "page{s} of the tool that made the copy",
        Kind.MESSAGE: "e-mail{s}",
        Kind.ARC: "web archive{s} of the old form ARC",
        Kind.TABLE: "table{s}",
    }
    if kind in known:
        return known[kind]
    if name.lower() in _NO_POST:
        return f"{name.lower()}"
    return f".{suffix(name)} file{{s}}" if suffix(name) else "file{s} without a type"


def is_hidden(source: str) -> bool:
    """Return whether a file or one of its folders is hidden, or is what macOS or a mirror adds."""
    return any(part.startswith(".") or part in ("__MACOSX", "hts-cache") for part in source.split("/"))


def file_of(path: Path) -> File:
    """Return the file that a person named."""
    return _file(path, path.name)


def walk(folder: Path, tally: Tally) -> Iterator[File | Failure]:
    """Yield the files below a folder that may hold posts, in the order of their paths.

    Assets are counted. Hidden files, devices and folders behind links are passed over. A link to a file is followed
    inside the folder only. A folder that can't be read is a `Failure`.
    """
    troubles: list[Failure] = []

    def trouble(error: OSError) -> None:
        where = _relative(Path(error.filename or folder), folder)
        troubles.append(Failure(where, f"The folder could not be read ({error.strerror})."))

    root = folder.resolve()
    for parent, folders, names in os.walk(folder, onerror=trouble):
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        for name in sorted(names):
            path = Path(parent, name)
            if is_hidden(name):
                continue
            if not is_wanted(name):
                tally.add(kind_of_rest(None, name))
            elif found := _regular(path, folder, root):
                yield found
        yield from troubles
        troubles.clear()
    yield from troubles


def read_document(file: File) -> bytes:
    """Return the whole content. Raise `RefusedError` where there is too much of it."""
    with file.open() as stream:
        body = stream.read(MAX_DOCUMENT_BYTES + 1)
    if len(body) > MAX_DOCUMENT_BYTES:
        raise RefusedError(f"The file is longer than {MAX_DOCUMENT_BYTES >> 20} MB, which no post is.")
    return body


def clean_name(name: str) -> str:
    """Return a file name that can be stored and shown: valid Unicode without control characters."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def _regular(path: Path, folder: Path, root: Path) -> File | Failure | None:
    source = _relative(path, folder)
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            return Failure(source, "The file is a link that leads out of the folder; it was not followed.")
        return _file(path, source) if stat.S_ISREG(path.stat().st_mode) else None
    except (OSError, RuntimeError):
        return Failure(source, "The file could not be read: its link leads nowhere.")


def _file(path: Path, source: str) -> File:
    return File(clean_name(source), str(path.resolve()), lambda: path.open("rb"))


def _relative(path: Path, folder: Path) -> str:
    return clean_name(path.relative_to(folder).as_posix()) if path.is_relative_to(folder) else clean_name(str(path))
