"""Serve the pages: take a port, answer on a few threads, end at once."""

from __future__ import annotations

import errno
import socket
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from scraper.errors import BlogdexError

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed.wsgi import WSGIApplication
    from waitress.channel import HTTPChannel
    from waitress.server import BaseWSGIServer

    from indexer.web.config import Config

_THREADS = 8
_CONNECTIONS = 500
"""Two hundred that say nothing leave room for everybody else, and a system's usual 1,024 open files suffice."""
_PORTS = 50
"""So many ports are tried beginning with the one asked for."""


class PortTakenError(BlogdexError):
    """Another program listens where the pages should be."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"Another program listens at {host}, port {port}. Name another one: blogdex serve --port N")


class HostUnusableError(BlogdexError):
    """Listening is impossible there: the machine has no such address."""

    def __init__(self, host: str, why: str) -> None:
        super().__init__(f"Could not listen at {host} ({why}). Usual is: blogdex serve --host 127.0.0.1")


def take_port(config: Config) -> tuple[Config, socket.socket]:
    """Return the settings with the port that was free, and what listens there. Raise `PortTakenError`.

    Where a proxy leads to a port, no other will do.
    """
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    for port in range(config.port, config.port + (1 if config.public_url or not config.port else _PORTS)):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((config.host, port))
            listener.listen(128)
        except (OSError, OverflowError) as error:
            listener.close()
            if getattr(error, "errno", None) not in (errno.EADDRINUSE, errno.EACCES):
                raise HostUnusableError(config.host, str(error)) from error
        else:
            return replace(config, port=listener.getsockname()[1]), listener
    raise PortTakenError(config.host, config.port)


def run(app: WSGIApplication, listener: socket.socket, on_ready: Callable[[], None]) -> None:
    """Call `on_ready`, then answer requests until Ctrl-C, or until the system says to end."""
    import signal

    from waitress.server import create_server

    server = create_server(
        app,
        sockets=[listener],
        threads=_THREADS,
        connection_limit=_CONNECTIONS,
        asyncore_use_poll=True,
        channel_timeout=30,
        max_request_header_size=32 * 1024,
        max_request_body_size=1024 * 1024,
        ident="",
        expose_tracebacks=False,
        clear_untrusted_proxy_headers=False,
    )
    cast("BaseWSGIServer", server).channel_class = _channel()  # one socket makes one server
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        on_ready()
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


def _channel() -> type[HTTPChannel]:
    """Return waitress's connection with a parser that refuses requests whose end is told in two ways.

    What stands behind them may be a request that a proxy took for their body (RFC 9112, section 11.2): waitress goes on
    with it.
    """
    from waitress.channel import HTTPChannel
    from waitress.parser import HTTPRequestParser, ParsingError

    class Parser(HTTPRequestParser):
        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            if "TRANSFER_ENCODING" in self.headers or (self.chunked and "CONTENT_LENGTH" in self.headers):
                raise ParsingError("The end of this request is told in two ways")

    class Channel(HTTPChannel):
        parser_class = Parser

    return Channel
