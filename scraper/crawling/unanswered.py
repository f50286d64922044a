"""Say in words why a request brought no answer: the name, the connection, its encryption, the proxy, the time."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest

from scraper.crawling.causes import CERTIFICATE, NO_TLS, REFUSED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twisted.python.failure import Failure as TwistedFailure

_BROKE_OFF = "the answer broke off"
_CLOSED = "it closed the connection"
_BY_NAME = {
    "CannotResolveHostError": ("name not found", False),
    "DNSLookupError": ("name not found", False),
    "DownloadConnectionRefusedError": (REFUSED, False),
    "ConnectionRefusedError": (REFUSED, False),
    "DownloadTimeoutError": ("no answer in time", False),
    "TimeoutError": ("no answer in time", False),
    "TCPTimedOutError": ("no answer in time", False),
    "NoRouteError": ("no way to its network", False),
    "ResponseDataLossError": (_BROKE_OFF, False),
    "DownloadFailedError": (_BROKE_OFF, False),
    "ResponseFailed": (_BROKE_OFF, False),
    "ResponseNeverReceived": (_BROKE_OFF, False),
    "DownloadCancelledError": ("too large", True),
    "UnsupportedURLSchemeError": ("no http address", True),
}
_IGNORED = {"DOWNLOAD_MAXSIZE": "too large", "max redirections": "redirects too often"}
_MAX_DEPTH = 5
"""Causes behind an error that are looked at; chosen: a chain that goes on is a loop."""


def why(failure: TwistedFailure) -> tuple[str, bool]:
    """Return in words why a request brought no answer, and whether to leave it at that."""
    if isinstance(failure.value, IgnoreRequest):
        text = _first_line(failure.getErrorMessage())
        return next((said for part, said in _IGNORED.items() if part in text), text), True
    name = failure.type.__name__ if failure.type else ""
    said, is_final = _BY_NAME.get(name, (_first_line(f"{name}: {failure.getErrorMessage()}"), False))
    said = next((deeper for error in _causes(failure.value) if (deeper := _of(error))), said)
    proxy = urlsplit(failure.request.meta.get("proxy") or "").netloc if hasattr(failure, "request") else ""
    return (f"{said}, by the proxy {proxy}" if proxy and said in (REFUSED, _CLOSED) else said), is_final


def _of(error: BaseException) -> str | None:
    """Return what one error of Twisted, OpenSSL or a proxy means, or `None` where it only wraps another."""
    name, text = type(error).__name__, str(error)
    if "certificate verify failed" in text or name in ("CertificateError", "VerificationError"):
        return CERTIFICATE
    if type(error).__module__.startswith("OpenSSL"):
        return (
            NO_TLS if any(mark in text for mark in ("wrong version", "record layer", "packet length")) else "TLS failed"
        )
    if name == "TunnelError":
        return "the proxy opens no connection to it"
    return _CLOSED if name in ("ConnectionLost", "ConnectionDone") else None


def _causes(error: BaseException | None, depth: int = 0) -> Iterator[BaseException]:
    """Yield an error and those that led to it, as Python and as Twisted chain them."""
    if error is None or depth > _MAX_DEPTH:
        return
    yield error
    for reason in getattr(error, "reasons", None) or ():
        yield from _causes(getattr(reason, "value", None), depth + 1)
    yield from _causes(error.__cause__, depth + 1)


def _first_line(text: str) -> str:
    return (text.splitlines() or [""])[0][:200]
