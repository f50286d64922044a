"""Make pages of files that hold one page or one text each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

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
    if is_signature(markup.decode(body)):
        raise RefusedError("The file holds a signature of e-mails, no post.")
    return (_plain(body), "text/plain; charset=utf-8") if kind is Kind.TEXT else (body, "text/html")


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
    return len(shown.split()) <= _MOST_SIGNATURE_WORDS and _SENTENCE.search(shown) is None


def _plain(body: bytes) -> bytes:
    """Return a text as UTF-8 with plain line ends, whatever it was written with."""
    text = markup.decode(body).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-8", "replace")
