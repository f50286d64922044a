"""Let in who belongs here: by host, origin and token; and give every answer its headers."""

from __future__ import annotations

import hmac
import secrets
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from indexer.web.config import is_loopback
from indexer.web.views import RefusedError

if TYPE_CHECKING:
    from werkzeug.wrappers import Request, Response

    from indexer.web.config import Config

TOKEN = "token"
SAFE_METHODS = ("GET", "HEAD")
# "same-origin" and not "no-referrer": with the latter, browsers send `Origin: null` from the pages' own forms.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def harden(response: Response) -> Response:
    """Put the headers on an answer that every answer has; a page may bring a stricter policy of its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.pop("Server", None)
    return response


def hosts(config: Config) -> frozenset[str]:
    """Return the values of the header `Host` that are answered."""
    names = {"127.0.0.1", "localhost", "[::1]"} if is_loopback(config.host) else set()
    found = {f"{name}:{config.port}" for name in names} | (names if config.port == 80 else set())
    if config.public_url:
        parts = urlsplit(config.public_url)
        usual = {"http": 80, "https": 443}[parts.scheme]
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        found |= {f"{host}:{parts.port or usual}"} | ({str(host)} if parts.port in (None, usual) else set())
    return frozenset(found)


def origins(config: Config) -> frozenset[str]:
    """Return the origins whose forms may change something."""
    found = set()
    if config.public_url:
        parts = urlsplit(config.public_url)
        found.add(f"{parts.scheme}://{parts.netloc.lower()}")
    if is_loopback(config.host):
        found |= {f"http://{name}:{config.port}" for name in ("127.0.0.1", "localhost", "[::1]")}
    return frozenset(found)


def check_host(request: Request, config: Config) -> None:
    """Raise `RefusedError` (421) where the header says that a request is meant for another host."""
    if request.environ.get("HTTP_HOST", "").lower() not in hosts(config):
        raise RefusedError(421, "This address is not served here. Open the one that blogdex serve printed.")


def check_origin(request: Request, config: Config) -> None:
    """Raise `RefusedError` (403) where a request that may change something comes from anywhere but these pages."""
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("Origin", "")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    same_host = urlsplit(origin).netloc.lower() == request.environ.get("HTTP_HOST", "").lower()
    if origin.lower() not in origins(config) or site != "same-origin" or not (same_host or config.public_url):
        raise RefusedError(403, "This came from another site, so nothing was changed.")
    if config.read_only:
        raise RefusedError(403, "This library is served for reading only.")


def cookie_name(config: Config) -> str:
    """Return the name of the cookie: a browser gives those of one port to all others, too."""
    return f"blogdex-{config.port}"


class Door:
    """Who has been let in: a token opens once and leaves a cookie, which is good until the server ends."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tokens: list[str] = []
        self._session = secrets.token_urlsafe(32)

    def new_token(self) -> str:
        """Return a token that opens once."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._tokens.append(token)
        return token

    def redeem(self, token: str) -> bool:
        """Tell whether a token opens, and use it up."""
        with self._lock:
            fits = [hmac.compare_digest(known.encode(), token.encode()) for known in self._tokens]
            self._tokens = [known for known, used in zip(self._tokens, fits, strict=True) if not used]
        return any(fits)

    def knows(self, request: Request, config: Config) -> bool:
        """Tell whether a request carries the cookie."""
        given = request.cookies.get(cookie_name(config), "")
        return hmac.compare_digest(given.encode(), self._session.encode())

    def leave_cookie(self, response: Response, config: Config) -> None:
        """Give the cookie to who came with a token."""
        response.set_cookie(
            cookie_name(config),
            self._session,
            path=config.prefix or "/",
            secure=(config.public_url or "").startswith("https:"),
            httponly=True,
            samesite="Strict",
        )


def needs_cookie(request: Request, config: Config) -> bool:
    """Tell whether a request has to show the cookie: behind a proxy, signing in is the proxy's."""
    if config.public_url is None:
        return True
    return bool(config.proxies) and request.remote_addr not in config.proxies


def user_of(request: Request, config: Config) -> str:
    """Return who decides: who the proxy says, else who runs the server, where only this machine reaches it."""
    if config.user_header and request.remote_addr in config.proxies:
        return " ".join(request.headers.get(config.user_header, "").split())[:100]
    if config.public_url is not None:
        return ""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
