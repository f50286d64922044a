"""Show the library in a browser: `serve`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from commands import VERSION
from commands.common import output
from commands.common.options import command

if TYPE_CHECKING:
    from commands.common.settings import Settings


@command("Show the library in a browser.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, metavar="N", help="Port.")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="H", help="Address to listen at.")
@click.option("--no-open", is_flag=True, help="Only print the address; open no browser.")
@click.option("--read-only", is_flag=True, help="Nothing can be changed from the pages.")
@click.option("--new-blogs", is_flag=True, help="Behind a proxy, too, addresses of new blogs may be typed.")
@click.option("--prefix", default="", metavar="/P", help="Folder that the pages lie in, behind a proxy.")
@click.option("--public-url", metavar="URL", help="Where people see the pages; signing in is the proxy's there.")
@click.option("--trust-user-header", "user_header", metavar="NAME", help="Header in which the proxy names who asks.")
@click.option(
    "--trust-from", "proxies", multiple=True, metavar="ADDRESS", help="IP address of the proxy that is believed."
)
@click.pass_obj
def serve(
    settings: Settings,
    /,
    port: int,
    host: str,
    no_open: bool,
    read_only: bool,
    new_blogs: bool,
    prefix: str,
    public_url: str | None,
    user_header: str | None,
    proxies: tuple[str, ...],
) -> None:
    """Show the library in a browser: search, posts, topics, audit. Ctrl-C ends it.

    Only this computer reaches it, and only the browser that opened the address printed. --public-url is for a proxy
    that people sign in at.

    \b
    Example:
      blogdex serve
    """
    from indexer.web.app import App
    from indexer.web.config import Config, checked
    from indexer.web.serving import run, take_port

    config = checked(
        Config(
            settings.path,
            settings.engine,
            settings.site,
            host,
            port,
            prefix,
            public_url,
            read_only,
            user_header,
            proxies,
            VERSION,
            (sys.executable, "-P", "-m", "blogdex"),
            new_blogs,
        )
    )
    config, listener = take_port(config)
    app = App(config)
    if port not in (0, config.port):
        output.say(f"Port {port} is taken; using {config.port}.")
    if not settings.quiet:
        _log_to_stderr()

    def announce() -> None:
        click.echo(f"The library is at {config.public_url or app.let_in()}")
        output.say("Ctrl-C ends this." if public_url else "The address opens once, for one browser. Ctrl-C ends this.")
        sys.stdout.flush()
        if not no_open and not public_url:
            click.launch(app.let_in())

    try:
        run(app, listener, announce)
    finally:
        app.shared.jobs.end()


def _log_to_stderr() -> None:
    """Print a line a request: time, method, path, status, milliseconds, bytes; no words, no token."""
    import logging

    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    log = logging.getLogger("indexer.web")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
