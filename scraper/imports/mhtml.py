"""Take the page out of a file in which a browser saved it with its pictures (MHTML, RFC 2557)."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scraper.imports.outcomes import RefusedError

if TYPE_CHECKING:
    from email.message import Message

_HEADER_FIRST: Final = re.compile(
    r"\s{0,9}(?:from|mime-version|content-type|subject|date|snapshot-content-location|return-path|received|"
    r"message-id|delivered-to|x-[\w-]{1,60}):[^\n]{0,4000}\n",
    re.I,
)
_TYPE: Final = re.compile(r"^content-type:\s*([\w/+.-]+)", re.I | re.M)


@dataclass(frozen=True, slots=True)
class SavedPage:
    """The page in such a file: its address where that is said, the value of its content type, its bytes."""

    url: str
    content_type: str
    body: bytes


def type_of(text: str) -> str:
    """Return the media type of a message that begins like this, in lower case; empty where it is no message."""
    head = text.lstrip("\ufeff").split("\n\n", 1)[0].split("\r\n\r\n", 1)[0]
    found = _TYPE.search(head)
    return found[1].lower() if found and _HEADER_FIRST.match(text.lstrip("\ufeff")) else ""


def page_of(data: bytes) -> SavedPage:
    """Return the page. Raise `RefusedError` where there is none."""
    try:
        return _page_of(email.message_from_bytes(data.lstrip(), policy=email.policy.compat32))
    except RecursionError as error:
        raise RefusedError("The parts of the file are nested without end.") from error


def _page_of(message: Message) -> SavedPage:
    address = _header(message, "snapshot-content-location") or _header(message, "content-location")
    wanted = str(message.get_param("start") or "")
    pages = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    root = next((part for part in pages if wanted and _header(part, "content-id") == wanted), None)
    root = root or next((part for part in pages if address and _header(part, "content-location") == address), None)
    if root is None and not pages:
        raise RefusedError("There is no page in the file, only what belongs to one.")
    root = root or pages[0]
    body = root.get_payload(decode=True)
    if not isinstance(body, bytes) or not body.strip():
        raise RefusedError("The page in the file is empty or damaged.")
    charset = root.get_param("charset")
    content_type = f"text/html; charset={charset}" if isinstance(charset, str) else "text/html"
    return SavedPage(address or _header(root, "content-location"), content_type, body)


def _header(message: Message, name: str) -> str:
    return "".join(str(message.get(name) or "").split())
