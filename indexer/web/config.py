"""Define how a library is served."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from indexer.web.urls import Addresses
from scraper.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Config:
    """What to serve, where, and for whom.

    `prefix` is the folder that the pages lie in, such as `/blogdex`, or empty. `public_url` is where a proxy shows
    them. The header `user_header` names who asks, where the request comes from one of `proxies`. `program` is how
    blogdex is run for what is done beside the pages; without it nothing is.
    """

    library: Path
    engine: str | None = None
    site: str | None = None
    host: str = "127.0.0.1"
    port: int = 8765
    prefix: str = ""
    public_url: str | None = None
    read_only: bool = False
    user_header: str | None = None
    proxies: tuple[str, ...] = ()
    version: str = ""
    program: tuple[str, ...] = ()
    new_blogs: bool = False

    @property
    def may_add(self) -> bool:
        """Tell whether the address of a new blog may be typed: at this machine itself, else where that is allowed."""
        return bool(self.program) and not self.read_only and (self.new_blogs or self.public_url is None)

    @property
    def addresses(self) -> Addresses:
        """Return what makes the addresses of pages."""
        return Addresses(self.prefix)

    @property
    def own_url(self) -> str:
        """Return the address of the first page on this machine."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}{self.addresses.at('/')}"


def checked(config: Config) -> Config:
    """Return the settings, put in one form. Raise `UsageError` for what can't be served, or should not."""
    prefix = f"/{config.prefix.strip('/')}" if config.prefix.strip("/") else ""
    if not all(sign.isascii() and (sign.isalnum() or sign in "/-_.~") for sign in prefix) or ".." in prefix:
        raise UsageError(f"--prefix {config.prefix} is no folder of an address. Write it like /blogdex")
    if config.public_url is not None:
        parts = urlsplit(config.public_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.rstrip("/") not in ("", prefix):
            raise UsageError(
                f"--public-url {config.public_url} does not fit: it is the scheme and host that people see, such as "
                "https://archive.clinic.example, with the folder of --prefix or none."
            )
    elif not is_loopback(config.host):
        raise UsageError(
            f"--host {config.host} lets other machines in, and blogdex has no sign-in. Put a proxy with one in front "
            "and name its address: --public-url https://…"
        )
    if bool(config.user_header) != bool(config.proxies):
        raise UsageError("--trust-user-header and --trust-from go together: a header is believed from a proxy only.")
    for address in config.proxies:
        try:
            ip_address(address)
        except ValueError:
            raise UsageError(f"--trust-from {address} is no IP address, such as 127.0.0.1.") from None
    from dataclasses import replace

    return replace(config, prefix=prefix)


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches a host."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
