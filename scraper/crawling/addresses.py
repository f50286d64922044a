"""Tell which addresses belong to the public internet."""

from __future__ import annotations

import ipaddress
import unicodedata
from urllib.parse import urlsplit

from scraper.errors import UsageError

_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_WEB_PORTS = (None, 80, 443)
_LONGEST = 2000
"""Letters of an address; chosen: what browsers and servers have long agreed on."""


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the public internet, also where it wraps another one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
        elif ip.teredo is not None or ip not in _GLOBAL_UNICAST:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def public_url(text: str) -> str:
    """Return the address of a blog that a stranger typed, with its scheme. Raise `UsageError` where it can't be public.

    What a name stands for is not asked here: the crawl's guard does that at every connection.
    """
    typed = text.strip()
    if "://" not in typed and ":" not in typed.partition("/")[0]:
        typed = f"https://{typed}"
    try:
        parts = urlsplit(typed)
        host, port = unicodedata.normalize("NFKC", parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise _no_address(text) from None
    is_plain = len(typed) <= _LONGEST and typed.isprintable() and not set(typed) & set(" \\<>\"'`{}|^")
    if not is_plain or parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        raise _no_address(text)
    if port not in _WEB_PORTS or not _may_be_public(host):
        raise UsageError(f"{host[:100]} can't be crawled from here: only public addresses of the web can.")
    return typed


def _may_be_public(host: str) -> bool:
    """Tell whether a host may be public: a public IP address, or a name with a dot that is no number in disguise."""
    try:
        return is_public(host)
    except ValueError:
        last = host.rpartition(".")[2]
        return "." in host and not last[:1].isdigit() and last.lower() not in ("localhost", "local", "internal")


def _no_address(text: str) -> UsageError:
    return UsageError(f"{text[:100]!r} is no address of a blog. Type it like https://clinic.example/blog")
