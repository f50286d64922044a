"""Make pages of files that hold one page or one text each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper import markup
from scraper.imports.files import File, Kind, read_document
from scraper.imports.outcomes import RefusedError
from scraper.model import Page

if TYPE_CHECKING:
    from scraper.imports.addresses import Address
    from scraper.imports.options import ImportOptions


def page_of(file: File, kind: Kind, address: Address, options: ImportOptions) -> Page:
    """Return the page in a file of HTML or plain text. Raise `OSError` or `RefusedError` where it can't be read."""
    body = read_document(file)
    if not body.strip():
        raise RefusedError("The file is empty.")
    content_type = "text/html"
    if kind is Kind.TEXT:
        body = _plain(body)
        content_type = "text/plain; charset=utf-8"
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


def _plain(body: bytes) -> bytes:
    """Return a text as UTF-8 with plain line ends, whatever it was written with."""
    text = markup.decode(body).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-8", "replace")
