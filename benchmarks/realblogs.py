"""Crawl copies of real blogs and count: `python benchmarks/realblogs.py FOLDER [NAME…]`; a row of Markdown for each.

FOLDER holds for each blog a folder NAME with its files and NAME.json, what is true of it: `host` (and `also`, its other
hosts), `start` (where a crawl begins), `posts` (their paths), `either` (paths a fair reader may count or not), `same`
(an old file of a post -> its file), `system`, `language`. A blog is served on 127.0.0.1 as a static host does, and
crawled twice. Ends with 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from blogsite import Answer, Server  # noqa: E402

EXTRA_SHARE, OTHERS_A_POST, AGAIN = 0.01, 0.5, 5
_INDEXES = ("index.html", "index.htm", "index.xml", "index.rss")
_PLACES = ("robots.txt", "sitemap", "feed", "wp-json", "rest_route", ".xml", ".json", "rss", "atom")
_TYPES = {
    ".xml": "application/xml",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".txt": "text/plain",
    ".json": "application/json",
}


class Mirror(Server):
    """A copied blog: `/x` shows `x`, `x.html` or, behind a redirect, `x/index.html`; `x?q` the file of that name."""

    def __init__(self, folder: Path, facts: dict[str, object]) -> None:
        super().__init__()
        self.root, self.facts = folder.resolve(), facts
        hosts = [str(facts["host"]), *facts.get("also", [])]  # type: ignore[misc]
        names = "|".join(re.escape(host.removeprefix("www.")) for host in sorted(hosts, key=len, reverse=True))
        self._own = re.compile(
            rf"(?i)(https?:)?(\\?/\\?/)(?:www\.)?(?:{names})(?::80|:443)?(?![A-Za-z0-9.:-])".encode()
        )
        self.start_url = self.url + str(facts["start"])

    def find(self, target: str) -> tuple[Path | None, bool]:
        """Return the file at a request target, and whether it is behind a redirect to the path with a slash."""
        parts = urlsplit(target)
        base = self.root / unquote(parts.path, errors="surrogateescape").lstrip("/")
        if ".." in base.parts or "\0" in str(base):
            return None, False
        named = [
            base.with_name(f"{base.name}?{query}{end}")
            for query in (unquote(parts.query), parts.query)
            for end in ("", ".html")
            if query
        ]
        plain = (
            [base.with_name(base.name + end) for end in ("", ".html", ".htm")] if not parts.path.endswith("/") else []
        )
        inside = [base / name for name in _INDEXES]
        try:
            for file in (*named, *plain, *inside):
                if file.is_file():
                    return file, file in inside and not parts.path.endswith("/") and not self.facts.get("bare_folders")
        except OSError:
            return None, False
        return None, False

    def name_of(self, target: str) -> str:
        """Return what two addresses of one file share."""
        file, _ = self.find(target)
        name = str(file.relative_to(self.root)) if file else target
        return str(self.facts.get("same", {}).get(name, name))  # type: ignore[attr-defined]

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        """Answer as a static host does, with a validator."""
        file, is_moved = self.find(path)
        if file is None:
            return Answer(b"<title>Page not found</title><h1>404</h1>", 404)
        if is_moved:
            bare, mark, query = path.partition("?")
            return Answer(status=301, headers={"Location": f"{bare}/{mark}{query}"})
        here = self.url.removeprefix("http:").encode()
        body = self._own.sub(
            lambda found: (b"http:" if found[1] else b"") + found[2] + here.lstrip(b"/"), file.read_bytes()
        )
        tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        if headers.get("if-none-match") == tag:
            return Answer(status=304, headers={"ETag": tag}, content_type="")
        return Answer(body, headers={"ETag": tag}, content_type=_type_of(file, body))


def _type_of(file: Path, body: bytes) -> str:
    head = body[:3000].lower()
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"<?xml", b"<rss")) and b"<html" not in head:
        return (
            "application/rss+xml"
            if b"<rss" in head
            else "application/atom+xml"
            if b"<feed" in head
            else "application/xml"
        )
    kind = _TYPES.get(file.suffix.lower(), "text/html")
    return "text/html" if kind == "application/xml" and b"<html" in head else kind


@dataclass
class Row:
    """What two crawls of a blog came to. `gone`: requests for linked pages that the copy lacks."""

    name: str
    facts: dict[str, object]
    posts: int
    found: int
    extra: list[str]
    others: int
    gone: int
    again: int

    @property
    def held(self) -> bool:
        """Tell whether all bars are."""
        kept = self.found + len(self.extra)
        is_lean = self.others <= OTHERS_A_POST * self.posts
        return self.found == self.posts and len(self.extra) <= EXTRA_SHARE * kept and is_lean and self.again <= AGAIN

    def __str__(self) -> str:
        mark = "" if self.held else " *"
        about = f"{self.facts['system']} | {self.facts['language']}"
        return f"| {self.name}{mark} | {about} | {self.posts} | {self.found} | {len(self.extra)} | {self.others / self.posts:.2f} | {self.again} |"


def measure(folder: Path, name: str) -> Row:
    """Crawl a copy twice, and compare what is kept with what is true of it."""
    facts = json.loads((folder / f"{name}.json").read_text())
    with Mirror(folder / name, facts) as site, tempfile.TemporaryDirectory() as library:
        wanted = {site.name_of(path) for path in facts["posts"]}
        either = {site.name_of(path) for path in facts.get("either", [])}
        _blogdex(library, "crawl", site.start_url, "--delay", "0")
        asked = site.clear()
        kept = [urlsplit(json.loads(line)["url"]) for line in _blogdex(library, "export").splitlines()]
        shown = {site.name_of(url.path + (f"?{url.query}" if url.query else "")) for url in kept}
        _blogdex(library, "crawl", site.start_url, "--delay", "0")
        posts = {site.name_of(one.path) for one in asked} & (wanted | either)
        gone = sum(one.status == 404 and not any(place in one.path for place in _PLACES) for one in asked)
        again = len(site.clear())
    extra = sorted(shown - wanted - either)
    return Row(name, facts, len(wanted), len(wanted & shown), extra, len(asked) - len(posts) - gone, gone, again)


def _blogdex(library: str, *arguments: str) -> str:
    command = [sys.executable, "-m", "cli", "--library", library, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False).stdout


def main() -> int:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    print(
        "| blog | system | language | posts | found | extra | other requests a post | again |\n|---|---|---|---|---|---|---|---|"
    )
    rows = []
    for name in given.names or sorted(one.stem for one in given.folder.glob("*.json")):
        rows.append(measure(given.folder, name))
        print(rows[-1], flush=True)
    return 0 if all(row.held for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
