"""Read posts from JSON lines, the form that `blogdex export` writes."""

from __future__ import annotations

import codecs
import io
import json
import logging
import re
from datetime import date
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from scraper import urls
from scraper.imports.outcomes import RefusedError
from scraper.model import Failure, Metadata, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import WriteableBuffer

    from scraper.imports.addresses import Addresses
    from scraper.imports.files import File
    from scraper.imports.options import ImportOptions

logger = logging.getLogger(__name__)

MAX_LINE_CHARACTERS: Final = 32 * 1024 * 1024
"""The longest line taken; a post of 40,000 words with its blocks is some 600,000."""

_STATED: Final = ("title", "author", "published", "modified", "language", "categories", "tags", "reviewer", "edit_url")
_KINDS: Final = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_SITE: Final = re.compile(r"[\w.:\[\]-]{1,260}(?:/[^\s/?#\x00-\x1f\x7f]{1,200}){0,20}")


def read(file: File, addresses: Addresses, options: ImportOptions) -> Iterator[Page | Failure]:
    """Yield a page for each line; a line that can't be used is a `Failure` whose `url` ends in the line's number.

    Only `url` and `text` are needed, unknown fields are ignored; metadata that can't be read is left away and logged.
    The brackets and commas of `export --format json` are passed over.
    """
    with file.open() as stream:
        for number, line in _lines(stream):
            where = f"{file.source}:{number}"
            try:
                post = _object(line)
                page = _page(post, file, addresses, options)
                if owner := addresses.take(page.url, where):
                    raise RefusedError(f"{page.url} was read before, from {owner}; this one was left out.")
            except RefusedError as refusal:
                yield Failure(where, str(refusal))
            else:
                _log_unread(post, page.stated or Metadata(), where)
                yield page


def _lines(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """Yield number and text of the lines that hold something; too long a line comes cut, and so fails."""
    head = stream.read(4)
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    rest = io.BufferedReader(_Prefixed(head, stream), 1 << 16)
    text = io.TextIOWrapper(rest, encoding="utf-16" if wide else "utf-8-sig", errors="replace", newline="\n")
    number = 0
    while line := text.readline(MAX_LINE_CHARACTERS):
        number += 1
        complete = line
        while len(line) == MAX_LINE_CHARACTERS and not line.endswith("\n"):
            line = text.readline(MAX_LINE_CHARACTERS)
        plain = complete.strip().removesuffix(",")
        if plain not in ("", "[", "]"):
            yield number, plain


class _Prefixed(io.RawIOBase):
    """A stream with bytes put back in front of it."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head = head
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        data = self._head or self._stream.read(len(view))
        self._head = b""
        view[: len(data)] = data
        return len(data)


def _page(post: dict[str, Any], file: File, addresses: Addresses, options: ImportOptions) -> Page:
    text = _needed(post, "text")
    url = _url(post, addresses.folder)
    site = _text(post, "site") or ""
    source = _text(post, "source") if "source" in post else file.source
    return Page(
        site=site if _SITE.fullmatch(site) else addresses.site_of(url),
        url=url,
        final_url=url,
        status=200,
        headers=(("content-type", "text/plain; charset=utf-8"),),
        body=_storable(text).encode(),
        fetched_at=options.fetched_at,
        stated=_metadata(post),
        evidence=("import",),
        source=source,
        gone=post.get("gone") is True,
    )


def _object(line: str) -> dict[str, Any]:
    if len(line) >= MAX_LINE_CHARACTERS - 1:
        raise RefusedError("The line is too long to be a post.")
    try:
        post = json.loads(line)
    except (ValueError, RecursionError) as error:
        why = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply or a number too long"
        raise RefusedError(f"The line is not JSON ({why}).") from error
    if not isinstance(post, dict):
        raise RefusedError("The line is not a JSON object.")
    return post


def _needed(post: dict[str, Any], name: str) -> str:
    """Return the text of a field that a post can't do without; it is not blank."""
    value = post.get(name)
    if value is None:
        raise RefusedError(f'It has no "{name}".')
    if not isinstance(value, str):
        raise RefusedError(f'Its "{name}" is {_KINDS[type(value)]}, not text.')
    if not value.strip():
        raise RefusedError(f'Its "{name}" is empty.')
    return value


def _url(post: dict[str, Any], base: str | None) -> str:
    url = _needed(post, "url")
    try:
        return urls.canonical(_storable(url).strip(), base)
    except ValueError as error:
        raise RefusedError(f'Its "url" is no web address ({url[:100]!r}).') from error


def _metadata(post: dict[str, Any]) -> Metadata | None:
    stated = Metadata(
        title=_text(post, "title"),
        author=_text(post, "author"),
        published=_day(post, "published"),
        modified=_day(post, "modified"),
        language=_text(post, "language"),
        categories=_texts(post, "categories"),
        tags=_texts(post, "tags"),
        reviewer=_text(post, "reviewer"),
        edit_url=_web_address(post, "edit_url"),
    )
    return stated if stated.as_json() else None


def _log_unread(post: dict[str, Any], stated: Metadata, where: str) -> None:
    for name in _STATED:
        value = post.get(name)
        is_empty = not value.strip() if isinstance(value, str) else value is None or value == []
        if not is_empty and not getattr(stated, name):
            logger.warning('%s: its "%s" could not be read and was left away: %.100r', where, name, value)


def _storable(text: str) -> str:
    return _UNSTORABLE.sub("\ufffd", text)


def _web_address(post: dict[str, Any], name: str) -> str | None:
    value = _text(post, name)
    return value if value and value.startswith(("http://", "https://")) else None


def _text(post: dict[str, Any], name: str) -> str | None:
    value = post.get(name)
    return (_storable(value).strip() or None) if isinstance(value, str) else None


def _texts(post: dict[str, Any], name: str) -> tuple[str, ...]:
    value = post.get(name)
    values = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(text for item in values if isinstance(item, str) and (text := _storable(item).strip()))


def _day(post: dict[str, Any], name: str) -> date | None:
    try:
        return date.fromisoformat((_text(post, name) or "")[:10])
    except ValueError:
        return None
