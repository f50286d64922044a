"""Visit the pages of a library as a browser does, without a network."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from werkzeug.test import Client, TestResponse

from indexer.web.app import App
from indexer.web.config import Config, checked

INLINE = ("a", "abbr", "b", "code", "del", "em", "i", "ins", "mark", "span", "strong", "sub", "sup", "u")
BASE = "http://127.0.0.1:8765"


class Browser:
    """A browser that was let in, with the application it talks to. Options are those of `Config`."""

    def __init__(self, library: Path, *, let_in: bool = True, base: str = BASE, **options) -> None:
        self.app = App(checked(Config(library, **options)))
        self.base = base
        self.prefix = self.app.config.prefix
        self._client = Client(self.app)
        self._where = {"REMOTE_ADDR": "127.0.0.1"}
        if let_in:
            self.get("/", query={"token": self.app.door.new_token()})

    def get(self, path: str, query=None, headers=None, base: str | None = None) -> TestResponse:
        """Ask for an address, given with its prefix."""
        return self.open("GET", path, base=base, query_string=query, headers=headers)

    def post(self, path: str, data=None, headers=None, base: str | None = None) -> TestResponse:
        """Send a form as the pages' own forms do; `headers` come on top."""
        sent = {"Origin": base or self.base, "Sec-Fetch-Site": "same-origin"} | (headers or {})
        kept = {name: value for name, value in sent.items() if value is not None}
        return self.open("POST", path, base=base, data=data, headers=kept)

    def open(self, method: str, path: str, base: str | None = None, **more) -> TestResponse:
        """Use any method."""
        base_url = base or self.base
        return self._client.open(path, method=method, base_url=base_url, environ_overrides=self._where, **more)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._part(tag)

    def handle_endtag(self, tag):
        self._part(tag)

    def _part(self, tag):
        if tag not in INLINE:
            self.text.append(" ")

    def handle_data(self, data):
        self.text.append(data)


def tags(answer: TestResponse, name: str) -> list[dict[str, str | None]]:
    """Return the attributes of each element of a name."""
    reader = _Reader()
    reader.feed(answer.text)
    return [found for tag, found in reader.tags if tag == name]


def text_of(answer: TestResponse) -> str:
    """Return what a person reads, white space as one space."""
    reader = _Reader()
    reader.feed(answer.text)
    return re.sub(r"\s+", " ", "".join(reader.text)).strip()


def links(answer: TestResponse) -> list[str]:
    """Return the addresses of the links of a page."""
    return [str(found["href"]) for found in tags(answer, "a") if found.get("href")]


def snapshot(library: Path) -> dict[str, tuple[int, bytes]]:
    """Return every file of a library with its content, but those that SQLite makes to read."""
    return {
        str(file.relative_to(library)): (file.stat().st_mtime_ns, file.read_bytes())
        for file in sorted(library.rglob("*"))
        if file.is_file() and not file.name.endswith(("-shm", "-wal"))
    }
