"""Make pages of files that hold one page or one text each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from scraper import markup
from scraper.imports import mhtml
from scraper.imports.files import File, Kind, read_document
from scraper.imports.outcomes import RefusedError
from scraper.model import Page

if TYPE_CHECKING:
    from scraper.imports.addresses import Address
    from scraper.imports.options import ImportOptions

_MOST_SIGNATURE_WORDS: Final = 60
"""Words of a signature with a slogan; one with a paragraph of law has sentences, as a short post does."""

_SIGNATURE_MARKS: Final = ("-- \n", "--\n", "-- \r\n", "--\r\n")
"""The line before a signature (RFC 3676, section 4.3), also as programs leave it that cut spaces at line ends."""

_LONGEST_RECORD: Final = 2_000_000
_LOOKED_AT: Final = 65_536
_LEAST_IN_ROWS: Final = 0.8
"""Share of a report's words in its rows, of a log's lines with a time; chosen: titles and broken lines are the rest."""

_ARTICLE: Final = re.compile(r"<(?:article|main)\b|[\"'](?:BlogPosting|article)[\"']", re.I)
_ROW: Final = re.compile(r"<(?:table|pre|dl)\b", re.I)
_SEEN: Final = "not(ancestor::script or ancestor::style or ancestor::noscript)"
_LOGGED: Final = re.compile(r"\W{0,3}\d{2,4}[-/.]\d{1,2}[-/.]\d{2,4}[T ,]{1,2}\d{1,2}:\d\d")
_LISTED: Final = re.compile(r"\s*(?:https?://\S+|(?:[\w-]+\.)+[a-z]{2,}/\S*)\s*$", re.I)
_HEAD_OR_HEADING: Final = re.compile(r"<title\b[^<>]*>\s*[^<\s]|<h[1-6]\b", re.I)
_CONTACT: Final = re.compile(r"mailto:|tel:|[\w.+-]+@[\w-]+\.\w|\+?\d[\d ()./-]{6,}\d")
_TAG: Final = re.compile(r"<(?:style|script)\b.*?</(?:style|script)>|<[^<>]*>", re.I | re.S)
_SENTENCE: Final = re.compile(r"(?:\b\w+[,;:]?[ \t\r\n]+){5}[^.!?。]{0,400}(?:[.!?](?=[\s\"')]|$)|。)")


def content_of(file: File, kind: Kind) -> tuple[bytes, str]:
    """Return the bytes of the page or text in a file and their content type.

    Raise `OSError` or `RefusedError` where it can't be read, or holds no post.
    """
    body = read_document(file)
    if not body.strip():
        raise RefusedError("The file is empty.")
    if kind is Kind.MHTML:
        saved = mhtml.page_of(body)
        return saved.body, saved.content_type
    text = markup.decode(body)
    if kind is Kind.TEXT and (what := _lines_of(text)):
        raise RefusedError(f"The file holds {what}, no post.")
    if is_signature(text):
        raise RefusedError("The file holds a signature of e-mails, no post.")
    if kind is Kind.HTML and is_record(text):
        raise RefusedError("The page holds a table or list without a sentence, no post.")
    return (_plain(text), "text/plain; charset=utf-8") if kind is Kind.TEXT else (body, "text/html")


def page_of(file: File, body: bytes, content_type: str, address: Address, options: ImportOptions) -> Page:
    """Return the page that was read from a file."""
    return Page(
        site=address.site,
        url=address.url,
        final_url=address.url,
        status=200,
        headers=(("content-type", content_type),),
        body=body,
        fetched_at=options.fetched_at,
        evidence=("import",),
        source=file.source,
    )


def is_signature(text: str) -> bool:
    """Return whether a text only says who writes: a way to reach somebody, no title or heading, no sentence."""
    if len(text) > 20_000 and "<" not in text:
        return False
    if _HEAD_OR_HEADING.search(text) or not _CONTACT.search(text):
        return False
    shown = _TAG.sub("\n", text)
    if shown.lstrip().startswith(_SIGNATURE_MARKS):
        return len(shown.split()) <= 2 * _MOST_SIGNATURE_WORDS
    return len(shown.split()) <= _MOST_SIGNATURE_WORDS and _SENTENCE.search(shown) is None


def is_record(text: str) -> bool:
    """Return whether a page is a report, an index of files or the like: rows, but no article and no sentence."""
    if len(text) > _LONGEST_RECORD or _ARTICLE.search(text) or not _ROW.search(text):
        return False
    tree: Any = markup.parse(text)
    shown = " ".join(tree.xpath(f"//body//text()[{_SEEN}]"))
    rows = " ".join(tree.xpath(f"//body//text()[(ancestor::table or ancestor::pre or ancestor::dl) and {_SEEN}]"))
    return len(rows.split()) >= _LEAST_IN_ROWS * len(shown.split()) > 0 and _SENTENCE.search(shown) is None


def _lines_of(text: str) -> str:
    """Return what a text's lines are where nearly all are of one kind that nobody writes for readers; else `""`."""
    if text.startswith("#!"):
        return "a program"
    lines = [line for line in text[:_LOOKED_AT].splitlines() if line.strip()]
    for what, pattern, fewest in (("lines of a log", _LOGGED, 5), ("a list of addresses", _LISTED, 1)):
        if len(lines) >= fewest and sum(bool(pattern.match(line)) for line in lines) >= _LEAST_IN_ROWS * len(lines):
            return what
    return ""


def _plain(text: str) -> bytes:
    """Return a text as UTF-8 with plain line ends, whatever it was written with."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-8", "replace")
