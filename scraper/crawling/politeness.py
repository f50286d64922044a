"""Ask a host no more than it allows, and connect to nothing that nobody asked for.

robots.txt as RFC 9309 has it, Crawl-delay, Retry-After, a growing back-off for a host that refuses, and the guard on
addresses,
which stands in the resolver: what it passes is what the connection goes to, on every hop.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket
import threading
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import urlsplit

from protego import Protego
from scrapy.exceptions import IgnoreRequest
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from zope.interface import implementer  # type: ignore[import-untyped]

from scraper.crawling.addresses import is_public
from scraper.errors import BlogdexError
from scraper.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from scrapy.core.downloader import Downloader, Slot
    from twisted.internet.base import ReactorBase

    class _Receiver(Protocol):
        """Twisted's `IResolutionReceiver`, as a type."""

        def resolutionBegan(self, resolution: object) -> None: ...  # noqa: N802
        def addressResolved(self, address: IPv4Address | IPv6Address) -> None: ...  # noqa: N802
        def resolutionComplete(self) -> None: ...  # noqa: N802


logger = logging.getLogger(__name__)

AGENT = "blogdex"
ROBOTS_BYTES = 512 * 1024
MAX_CRAWL_DELAY_S = 60.0
MAX_WAIT_S = 600.0
"""The longest that a host's Retry-After is waited for; who asks for more is asked again another day."""
FIRST_BACKOFF_S, MAX_BACKOFF_S = 2.0, 120.0
PATIENCE, FIRST_PATIENCE = 5, 3
"""Refusals in a row, without one answer between, that end a crawl; fewer where there never was an answer."""
CAUTIOUS_DELAY_S = 0.25
"""The pause that a site's first refusal brings; chosen: four requests a second, doubled at each further refusal."""
DNS_TIMEOUT_S = 20.0
"""How long a name may take to be looked up; chosen: what takes longer gives no answer."""

_DEFAULT_PORTS = {"http": 80, "https": 443}


class RobotsUnreadableError(BlogdexError):
    """robots.txt answers with a server error: RFC 9309 says that nothing may be fetched then."""

    def __init__(self, host: str, what: str) -> None:
        super().__init__(
            f"robots.txt of {host} can't be read now ({what}), and until it can, nothing may be fetched. "
            "Run the same command again later."
        )


class MovedError(BlogdexError):
    """The address that was typed redirects to another host, and only what was typed is trusted."""

    def __init__(self, url: str, target: str) -> None:
        super().__init__(f"{url} redirects to another site. If that is the blog you mean: blogdex crawl {target}")


class KeptOutError(BlogdexError):
    """The address that was typed leads where this crawl may not go."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"Nothing was fetched from {url}: {why}. This crawl may go to public addresses only.")


class HostLostError(BlogdexError):
    """The host answered at first and then no more."""

    def __init__(self, host: str, why: str, posts: int) -> None:
        kept = f" The {posts} are saved." if posts else ""
        super().__init__(
            f"{host} stopped answering ({why}) after {posts} posts.{kept} "
            "Run the same command again later: it goes on there."
        )


class Rules:
    """What robots.txt allows this crawler (RFC 9309): an answer of 400-499 allows everything."""

    def __init__(self, status: int, body: bytes) -> None:
        text = body[:ROBOTS_BYTES].decode("utf-8-sig", "replace") if 200 <= status < 300 else ""
        self._robots = Protego.parse(text)

    def allows(self, url: str, agent: str = AGENT) -> bool:
        """Tell whether a URL may be fetched; `*` as the agent stands for all that no group names."""
        return bool(self._robots.can_fetch(url, agent))

    @property
    def crawl_delay_s(self) -> float:
        """Return the seconds between requests that are asked for; 0 where none are."""
        asked = self._robots.crawl_delay(AGENT)
        return min(max(float(asked), 0.0), MAX_CRAWL_DELAY_S) if asked is not None else 0.0


def origin(url: str) -> str:
    """Return scheme, host and port of a URL, which one robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def retry_after_s(value: str | None, now: float) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, section 10.2.3), `None` where it can't be read.

    `now` is seconds since the epoch; the header has seconds or a date.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


@dataclass(slots=True)
class Pace:
    """How fast a host is asked, and until when it is left alone. Times are those of `time.monotonic`."""

    delay_s: float
    concurrency: int
    refusals: int = 0
    paused_at: float = 0.0
    paused_until: float = 0.0

    def refused(self, asked_at: float, retry_after: float | None) -> float:
        """Slow down after a 429 or 503; return the seconds to wait.

        Requests that were under way together are refused together, and count once.
        """
        now = time.monotonic()
        if asked_at >= self.paused_at:
            self.refusals += 1
            self.delay_s = min(max(self.delay_s * 2, CAUTIOUS_DELAY_S), max(self.delay_s, MAX_BACKOFF_S))
            self.concurrency = 1
            self.paused_at = now
        backoff = min(FIRST_BACKOFF_S * 2 ** (self.refusals - 1), MAX_BACKOFF_S)
        wait = backoff if retry_after is None else max(retry_after, backoff if self.refusals > 1 else 0.0)
        self.paused_until = max(self.paused_until, now + wait)
        return wait

    def answered(self) -> None:
        """Take note of an answer that was no refusal."""
        self.refusals = 0

    def apply(self, slot: Slot) -> float:
        """Make the downloader's slot keep this pace; return the seconds that it is held."""
        now = time.monotonic()
        held = max(0.0, self.paused_until - now)
        slot.concurrency = self.concurrency
        if held:
            slot.lastseen = now
        slot.delay = held or self.delay_s
        return held


@dataclass(slots=True)
class Guard:
    """Decides what may be connected to: the host and port that a person typed, and public addresses on the web's ports.

    Where the typed host itself is not public, it is all there is. With `public_only` the typed host is trusted no more
    than any other: whoever typed it may not reach all that this machine reaches. `refused` keeps what was refused, why.
    """

    start_url: str
    public_only: bool = False
    refused: dict[tuple[str, int], str] = field(default_factory=dict)
    trusted: set[tuple[str, int]] = field(default_factory=set)
    _start: tuple[str, int] = ("", 0)
    _start_is_public: bool | None = None

    def __post_init__(self) -> None:
        self._start = _host_and_port(self.start_url)

    @property
    def is_local(self) -> bool:
        """Tell whether the typed address names a machine of one's own, which no proxy stands before."""
        try:
            return not is_public(self._start[0])
        except ValueError:
            return self._start[0] == "localhost"

    @property
    def proxy_meta(self) -> dict[str, None]:
        """Return what a request's meta says of proxies."""
        return {"proxy": None} if self.is_local else {}

    def trust_proxies(self, proxies: Iterable[str]) -> None:
        """Trust the proxies that the environment names: they are typed, too."""
        for proxy in proxies:
            with contextlib.suppress(ValueError):
                self.trusted.add(_host_and_port(proxy if "://" in proxy else f"http://{proxy}"))

    def refuses(self, url: str) -> str | None:
        """Return why a URL must not be asked for, as far as the URL itself tells, or `None`."""
        try:
            scheme = urlsplit(url).scheme
            host, port = _host_and_port(url)
        except ValueError:
            return "the address can't be read"
        if scheme not in _DEFAULT_PORTS:
            return f"{scheme or 'no'} address"
        if self.public_only and (host, port) in self.trusted:
            return f"{host} is the proxy"
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return self._refuses_port(host, port)
        return self.refuses_address(host, port, host)

    def why_refused(self, url: str) -> str | None:
        """Return why no address of a URL's host was connected to, or `None`."""
        return self.refused.get(_host_and_port(url))

    def _refuses_port(self, host: str, port: int) -> str | None:
        if self._is_typed(host, port) or (host, port) in self.trusted or port in _DEFAULT_PORTS.values():
            return None
        return f"port {port} of {host} is not the web's"

    def refuses_address(self, host: str, port: int, address: str) -> str | None:
        """Return why `address`, which `host` resolved to, must not be connected to, or `None`."""
        public = is_public(address)
        if (host, port) in self.trusted:
            return None
        if self._is_typed(host, port):
            if self._start_is_public is None:
                self._start_is_public = public
            return None if public or not self._start_is_public else f"{host} moved to the private address {address}"
        if not public:
            return f"{host} is at the private address {address}"
        return self._refuses_port(host, port)

    def _is_typed(self, host: str, port: int) -> bool:
        return (host, port) == self._start and not self.public_only


def _host_and_port(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return (parts.hostname or "").lower(), parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Do nothing: the thread ends by itself."""


@implementer(IHostnameResolver)
class GuardedResolver:
    """Twisted's resolver for one crawl: passes on only addresses that the guard allows.

    A name is resolved once, in a thread that ends with the process: a hanging name server holds up nothing.
    """

    def __init__(self, reactor: ReactorBase, guard: Guard) -> None:
        self._reactor = reactor
        self._guard = guard
        self._known: dict[str, list[str]] = {}

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: _Receiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> _Resolution:
        """Resolve a name, as Twisted's interface has it."""
        host = hostName.lower().rstrip(".")
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        done = False

        def deliver(addresses: list[str]) -> None:
            nonlocal done
            if done:
                return
            done = True
            if addresses:
                self._known[host] = addresses
            for address in addresses:
                why = self._guard.refuses_address(host, portNumber, address)
                if why:
                    logger.warning("Refused to connect: %s", why)
                    self._guard.refused[host, portNumber] = why
                    continue
                kind = IPv6Address if ":" in address else IPv4Address
                resolutionReceiver.addressResolved(kind("TCP", address, portNumber))
            resolutionReceiver.resolutionComplete()

        if host in self._known:
            deliver(self._known[host])
            return resolution
        try:
            ipaddress.ip_address(host)
        except ValueError:
            self._ask(host, deliver)
        else:
            deliver([host])
        return resolution

    def _ask(self, host: str, deliver: Callable[[list[str]], None]) -> None:
        def look_up() -> None:
            try:
                answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            except (OSError, UnicodeError):
                answers = []
            addresses = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
            self._reactor.callFromThread(deliver, addresses)

        self._reactor.callLater(DNS_TIMEOUT_S, deliver, [])
        threading.Thread(target=look_up, name=f"resolve {host}", daemon=True).start()


class _Waiting:
    """Twisted's receiver of addresses, which only waits until all have come."""

    def __init__(self) -> None:
        self.done: asyncio.Future[None] = asyncio.get_event_loop().create_future()

    def resolutionBegan(self, resolution: object) -> None:  # noqa: N802
        """Do nothing."""

    def addressResolved(self, address: IPv4Address | IPv6Address) -> None:  # noqa: N802
        """Do nothing."""

    def resolutionComplete(self) -> None:  # noqa: N802
        """End the waiting."""
        self.done.set_result(None)


async def resolved(host: str, port: int) -> None:
    """Resolve a name by the crawl's resolver, so that its guard has judged the addresses."""
    from twisted.internet import reactor

    waiting = _Waiting()
    cast("GuardedResolver", cast("ReactorBase", reactor).nameResolver).resolveHostName(waiting, host, port)
    await waiting.done


class Hosts:
    """The rules and the pace of every host, kept by holding the slots of `downloader`, once there is one."""

    def __init__(self, delay_s: float, concurrency: int) -> None:
        self.rules: dict[str, Rules] = {}
        self.downloader: Downloader | None = None
        self._delay_s = delay_s
        self._concurrency = concurrency
        self._paces: dict[str, Pace] = {}

    def pace(self, url: str) -> Pace:
        """Return the pace for a URL's host."""
        host = host_of(url)
        if host not in self._paces:
            self._paces[host] = Pace(self._delay_s, self._concurrency)
        return self._paces[host]

    def apply(self, url: str) -> None:
        """Hold or free the slot of a URL's host."""
        slot = self._slot(url)
        held = self.pace(url).apply(slot) if slot else 0.0
        if held:
            asyncio.get_event_loop().call_later(max(0.0, held - 0.001), self._free, url)

    def _free(self, url: str) -> None:
        """Free a slot just before its time, unless it was held again meanwhile."""
        slot, pace = self._slot(url), self.pace(url)
        if slot is not None and pace.paused_until - time.monotonic() < 0.005:
            slot.delay = pace.delay_s

    def _slot(self, url: str) -> Slot | None:
        return self.downloader.slots.get(host_of(url)) if self.downloader else None

    def drop_waiting(self) -> None:
        """Give up the requests that no host was asked for yet."""
        for slot in self.downloader.slots.values() if self.downloader else ():
            while slot.queue:
                slot.queue.popleft()[1].errback(IgnoreRequest("the crawl was stopped"))
