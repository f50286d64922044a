"""Look at the pages in a real Chromium, which tells what it ran, asked for and refused."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server

from indexer.web.app import App
from indexer.web.config import Config, checked
from indexer.web.serving import take_port
from scraper.crawling import browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ARGUMENTS = ("--no-sandbox", *browser.QUIET)
_WATCH = """
window.reported = [];
document.addEventListener("securitypolicyviolation", (event) => reported.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


class _Silent(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        pass


@contextmanager
def served(library: Path, **options: Any) -> Iterator[App]:
    """Serve the pages of a library on a free port; options are those of `Config`."""
    config, listener = take_port(checked(Config(library, port=0, **options)))
    app = App(config)
    with listener:
        server = make_server(
            config.host, config.port, app, threaded=True, request_handler=_Silent, fd=listener.fileno()
        )
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield app
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


@dataclass
class Tab:
    """A tab with what went on in it: dialogs, script errors, requests that left the server."""

    page: Any
    base: str
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("dialog", self._dismiss)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._asked)

    def _dismiss(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _asked(self, request: Any) -> None:
        if not request.url.startswith(f"{self.base}/"):
            self.outside.append(request.url)

    def open(self, path: str) -> int:
        """Go to an address of the server and return the status."""
        answer = self.page.goto(f"{self.base}{path}")
        return answer.status if answer else 0

    def reports(self) -> list[str]:
        """Return what the policy of the page refused, and all else that no page should do."""
        return [*self.page.evaluate("window.reported"), *self.dialogs, *self.errors, *self.outside]


@contextmanager
def chromium() -> Iterator[Any]:
    """Run the browser that a crawl would take."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(browser.find()), args=list(ARGUMENTS))
        try:
            yield found
        finally:
            found.close()


@contextmanager
def tab(program: Any, app: App, *, let_in: bool = True, **context: Any) -> Iterator[Tab]:
    """Open a tab that was let in."""
    base = app.config.own_url.rstrip("/")
    opened = program.new_context(**context)
    try:
        opened.add_init_script(_WATCH)
        shown = Tab(opened.new_page(), base)
        if let_in:
            shown.page.goto(app.let_in())
        yield shown
    finally:
        opened.close()
