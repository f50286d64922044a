"""Measure the crawl against its bars, in counts of requests: `python benchmarks/crawl.py [PART…] [--blogs FOLDER]`.

Parts: discovery, recrawl, limit, kills, faults. Sites are served on 127.0.0.1; every crawl that is killed or has its memory
measured runs in a process of its own. Ends with 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from blogsite import Answer, BlogSite, FolderSite, Server, bomb, canary  # noqa: E402

from indexer.store.database import Store  # noqa: E402
from scraper import urls  # noqa: E402
from scraper.crawling.job import CrawlOptions  # noqa: E402
from scraper.crawling.spider import crawl  # noqa: E402

MEMORY_MIB = 300
KILLS = 20
_PLACES = ("robots.txt", "sitemap", "feed", "wp-json", "rest_route", ".xml", ".json", ".rss", ".atom")
_missed: list[str] = []


@dataclass
class Outcome:
    """What one crawl in its own process came to."""

    posts: set[str]
    requests: list[str]
    peak_mib: float
    report: dict[str, object] = field(default_factory=dict)


def check(name: str, value: float, bar: float, *, at_least: bool = False) -> None:
    """Print a figure beside its bar."""
    held = value >= bar if at_least else value <= bar
    print(f"{'ok  ' if held else 'MISS'} {name:<64} {value:>8.4g}  {'>=' if at_least else '<='} {bar:g}", flush=True)
    if not held:
        _missed.append(name)


def posts_in(folder: Path) -> list[str]:
    """Return the URLs of the posts that a library holds, as often as it holds them."""
    store = Store(folder / "library.db", writable=True)
    rows = store.connection.execute(
        """SELECT page.url FROM page JOIN frontier ON frontier.page_id = page.id
        WHERE frontier.is_post AND gone_at IS NULL"""
    ).fetchall()
    store.close()
    return [row[0] for row in rows]


def child(url: str, folder: str, delay: str) -> None:
    """Crawl, and print what it cost this process."""
    store = Store(Path(folder) / "library.db", writable=True)
    options = CrawlOptions(delay_s=float(delay), timeout_s=3.0)
    report = crawl(url, options, store.frontier(urls.site_of(url), url), lambda progress: None)
    peak = _peak_mib()
    facts = {
        "stopped": str(report.stopped_by),
        "cut": report.tally.cut,
        "failed": report.tally.failed,
        "requests": report.requests,
    }
    print(json.dumps({"peak": peak, **facts}))


def _peak_mib() -> float:
    """Return the most memory this process held; `ru_maxrss` would count the parent's, from before the fork."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def start(site: Server, folder: Path, delay: float = 0.0) -> subprocess.Popen[str]:
    """Crawl in a process of its own."""
    command = [sys.executable, __file__, "--child", site.start_url, str(folder), str(delay)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(site: Server, folder: Path | None = None, delay: float = 0.0) -> Outcome:
    """Crawl in a process of its own, to the end."""
    folder = folder or Path(tempfile.mkdtemp())
    out, err = start(site, folder, delay).communicate(timeout=300)
    if err.strip():
        print(err, file=sys.stderr)
    facts = json.loads(out.splitlines()[-1]) if out.strip() else {"peak": 0.0}
    return Outcome(set(posts_in(folder)), [one.path for one in site.clear()], facts.pop("peak"), facts)


def discovery(blogs: Path) -> None:
    """Find every post of real blogs, and nothing else."""
    truth = json.loads((blogs / "posts.json").read_text())
    hidden: dict[str, Callable[[str], bool]] = {
        "whole": lambda path: False,
        "without sitemap": lambda path: "sitemap" in path,
        "links only": lambda path: "sitemap" in path or path.endswith((".xml", ".rss", ".json")),
    }
    for name, known in truth.items():
        for mode, hides in hidden.items():
            with FolderSite(blogs / name, known["host"], hides) as site:
                wanted = {urls.canonical(site.url + path) for path in known["posts"]}
                found = run(site)
                paths = {urls.canonical(site.url + path): path for path in found.requests}
                others = [path for url, path in paths.items() if url not in wanted]
                others = [path for path in others if not any(place in path for place in _PLACES)]
            check(f"{name}, {mode}: posts found", len(wanted & found.posts) / len(wanted), 1, at_least=True)
            share = len(wanted & found.posts) / max(1, len(found.posts))
            check(f"{name}, {mode}: share of posts in what is kept", share, 0.99, at_least=True)
            bar = 0.5 if mode == "links only" else 0.15 if mode == "whole" else 0.5
            check(f"{name}, {mode}: other pages fetched per post", len(others) / len(wanted), bar)
            check(f"{name}, {mode}: memory, MiB", found.peak_mib, MEMORY_MIB)


def recrawl(blogs: Path) -> None:
    """Ask again for the price of what changed."""
    truth = json.loads((blogs / "posts.json").read_text())
    for name, known in truth.items():
        with FolderSite(blogs / name, known["host"]) as site:
            folder = Path(tempfile.mkdtemp())
            run(site, folder)
            check(f"{name}: nothing changed", len(run(site, folder).requests), 2)
            new = _change_three(site, known["posts"])
            again = run(site, folder)
            check(f"{name}: one changed, one new, one deleted", len(again.requests), 6)
            seen = (new in again.posts) + (site.url + known["posts"][-1] not in again.posts)
            seen += any(path == known["posts"][4] for path in again.requests)
            check(f"{name}: changes seen", seen, 3, at_least=True)
    for sitemap in ("index", "flat"):
        with BlogSite(60, sitemap=sitemap) as made:
            folder = Path(tempfile.mkdtemp())
            run(made, folder)
            check(f"made blog, sitemap {sitemap}: nothing changed", len(run(made, folder).requests), 2)
            _, changed, deleted, *_ = made.newest_first()
            made.change(changed)
            made.add(90)
            del made.posts[deleted.slug]
            again = run(made, folder)
            check(f"made blog, sitemap {sitemap}: three changes", len(again.requests), 6)
            check(f"made blog, sitemap {sitemap}: posts right", again.posts == made.addresses(), 1, at_least=True)
    with BlogSite(60, sitemap=None, feed=False, validators=set()) as made:
        folder = Path(tempfile.mkdtemp())
        run(made, folder)
        made.add(90)
        again = run(made, folder)
        rolled = sum(path.strip("/") in made.posts for path in again.requests) - 1
        check("made blog, no lastmod, no validators: new post", len(again.requests) - rolled, 3)


def _change_three(site: FolderSite, posts: list[str]) -> str:
    """Change one post, publish one and delete one, in pages and sitemap; return the new one's URL."""
    sitemap = (site.read("/sitemap.xml") or b"").decode()
    changed, deleted = site.url + posts[4], site.url + posts[-1]
    new = site.url + posts[4].rstrip("/") + "-second-part/"
    at = sitemap.index(f"<loc>{changed}</loc>")
    stop = sitemap.index("</url>", at)
    entry = f"<loc>{changed}</loc><lastmod>2026-11-20T10:00:00+00:00</lastmod>"
    fresh = f"<url><loc>{new}</loc><lastmod>2026-11-21T10:00:00+00:00</lastmod></url>"
    sitemap = f"{sitemap[:at]}{entry}{sitemap[stop:]}".replace("</urlset>", f"{fresh}</urlset>")
    first = sitemap.index(f"<loc>{deleted}</loc>")
    begin, end = sitemap.rindex("<url>", 0, first), sitemap.index("</url>", first) + len("</url>")
    site.changed["/sitemap.xml"] = (sitemap[:begin] + sitemap[end:]).encode()
    text = site.read(posts[4]) or b""
    site.changed[posts[4]] = text.replace(b"</body>", b"<p>One more line.</p></body>")
    site.changed[new.removeprefix(site.url)] = text.replace(b"</title>", b" second part</title>")
    site.changed[posts[-1]] = None
    return new


def limit(_: Path) -> None:
    """Stay behind a limit of ten requests a second without losing a post."""
    for retry_after in ("1", None):
        with BlogSite(62) as site:
            site.per_second, site.retry_after = 10, retry_after
            folder = Path(tempfile.mkdtemp())
            start(site, folder).communicate(timeout=300)
            refused = len(site.paths(429))
            kind = f"limit of 10 a second, Retry-After {retry_after}"
            check(f"{kind}: posts found", len(set(posts_in(folder)) & site.addresses()) / 62, 1, at_least=True)
            check(f"{kind}: refusals", refused, 5)


def kills(_: Path) -> None:
    """Kill the crawl at random moments and go on."""
    chance = random.Random(20)
    lost = twice = repeated = 0
    for _number in range(KILLS):
        with BlogSite(60) as site:
            site.latency_s = 0.005
            folder = Path(tempfile.mkdtemp())
            process = start(site, folder)
            stop_at = chance.randrange(1, 66)
            while len(site.asked) < stop_at and process.poll() is None:
                time.sleep(0.001)
            time.sleep(chance.random() * 0.02)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            before = [one.path for one in site.clear()]
            after = run(site, folder)
            kept = posts_in(folder)
            lost += len(site.addresses() - set(kept))
            twice += len(kept) - len(set(kept))
            repeated = max(repeated, len(set(before) & set(after.requests)))
    check(f"{KILLS} kills: posts lost", lost, 0)
    check(f"{KILLS} kills: posts twice", twice, 0)
    check(f"{KILLS} kills: requests repeated, at most", repeated, 4)


def _html(text: str) -> Answer:
    return Answer(f"<html><head><title>Page</title></head><body>{text}</body></html>".encode())


def _calendar(path: str) -> Answer:
    year, month = (int(part) for part in path.strip("/").split("/")[1:3])
    later = f"{year + month // 12}/{month % 12 + 1:02}"
    return _html(f'<h1>Events in {month} {year}</h1><a href="/events/{later}/">next month</a>')


def _pages(site: BlogSite, path: str) -> Answer:
    number = int(path.strip("/").split("/")[1])
    return (
        _html(f'<h1>Archive</h1><a rel="next" href="/page/{number + 1}/">Older posts</a>')
        if number > 12
        else (site.answer(path, {}))
    )


Setup = Callable[[BlogSite, str], None]


def _route(path: str, answer: Callable[[], Answer]) -> Setup:
    def setup(site: BlogSite, bird: str) -> None:
        site.routes[path] = lambda asked, headers: answer()

    return setup


def _on_post(answer: Callable[[], Answer]) -> Setup:
    def setup(site: BlogSite, bird: str) -> None:
        site.routes[f"/{site.newest_first()[3].slug}/"] = lambda asked, headers: answer()

    return setup


def _footer(text: str, **routes: Callable[[str], Answer]) -> Setup:
    def setup(site: BlogSite, bird: str) -> None:
        site.footer = text.replace("BIRD", bird)
        for name, answer in routes.items():
            site.routes[f"/{name}*"] = lambda asked, headers, answer=answer: answer(asked)

    return setup


def _forum(path: str) -> Answer:
    links = "".join(f'<a href="/forum?visit={random.random()}">Talk {other}</a>' for other in range(9))
    return _html(f"<h1>Forum</h1>{links}")


def _oops(path: str) -> Answer:
    return _html(f'<h1>Oops</h1><p>Try our <a href="{path}more/">other page</a></p>')


def _redirect(to: str) -> Setup:
    def setup(site: BlogSite, bird: str) -> None:
        target = to.replace("BIRD", bird)
        _on_post(lambda: Answer(status=302, headers={"Location": target}))(site, bird)

    return setup


def _api(body: bytes) -> Setup:
    def setup(site: BlogSite, bird: str) -> None:
        site.rest = True
        link = f'<{site.url}/wp-json/>; rel="https://api.w.org/"'
        site.routes["/"] = lambda path, headers: _linked(site.answer(path, headers), link)
        site.routes["/wp-json/wp/v2/posts"] = lambda path, headers: Answer(body, content_type="application/json")

    return setup


def _linked(answer: Answer, link: str) -> Answer:
    answer.headers["Link"] = link
    return answer


def _endless_pages(site: BlogSite, bird: str) -> None:
    site.routes["/page/*"] = lambda path, headers: _pages(site, path)


def _endless(piece: bytes) -> Callable[[], Answer]:
    return lambda: Answer(chunks=iter(lambda: piece, b""))


_MIB = 1024 * 1024
FAULTS: dict[str, tuple[Setup, int, int]] = {
    "none": (lambda site, bird: None, 0, 0),
    "endless body on a post": (_on_post(_endless(b"<p>more</p>" * 5000)), 1, 3),
    "endless body as sitemap": (_route("/sitemap-posts.xml", _endless(b"<url><loc>x</loc></url>" * 5000)), 0, 40),
    "gzip bomb on a post": (_on_post(lambda: bomb(512)), 1, 0),
    "gzip bomb as sitemap": (_route("/sitemap.xml", lambda: bomb(512)), 0, 40),
    "gzip bomb as feed": (_route("/feed/", lambda: bomb(512)), 0, 40),
    "gzip bomb as robots.txt": (_route("/robots.txt", lambda: bomb(512)), 0, 40),
    "nested tags without end": (_on_post(lambda: Answer(b"<div>" * 900_000)), 1, 0),
    "many tags": (_on_post(lambda: Answer(b"<p><a href=x>y</a>" * 270_000)), 1, 0),
    "binary as HTML": (_on_post(lambda: Answer(os.urandom(4 * _MIB))), 1, 0),
    "sitemap of 15 MiB": (
        _route("/sitemap-pages.xml", lambda: Answer(b"<urlset>" + b"<url><loc>/x</loc></url>" * 600_000)),
        0,
        0,
    ),
    "sitemap of tiny tags": (_route("/sitemap.xml", lambda: Answer(b"<urlset>" + b"<a/>" * 3_900_000)), 0, 40),
    "feed of tiny tags": (_route("/feed/", lambda: Answer(b"<rss><channel>" + b"<a/>" * 3_900_000)), 0, 0),
    "feed of one deep item": (_route("/feed/", lambda: Answer(b"<rss><channel><item>" + b"<a>" * 5_000_000)), 0, 0),
    "feed of many items": (
        _route("/feed/", lambda: Answer(b"<rss><channel>" + b"<item><link>/x</link></item>" * 550_000)),
        0,
        0,
    ),
    "listing of tiny tags": (_route("/page/2/", lambda: Answer(b"<a href=x>" * 500_000)), 0, 0),
    "API of tiny lists": (_api(b"[" + b"[]," * 5_000_000 + b"[]]"), 0, 2),
    "API of deep lists": (_api(b"[" * 15_000_000), 0, 2),
    "headers without end": (_on_post(lambda: Answer(headers={f"X-{n}": "y" * 8000 for n in range(9000)})), 1, 3),
    "body that drips": (_on_post(lambda: Answer(chunks=iter([b"<p>drip</p>"] * 9000), pause_s=0.05)), 1, 3),
    "server error": (_on_post(lambda: Answer(status=500)), 1, 3),
    "always 503": (_on_post(lambda: Answer(status=503)), 1, 3),
    "broken off": (_on_post(lambda: Answer(b"<p>" * 999, cut_after=9)), 1, 3),
    "lying charset": (_on_post(lambda: Answer("<p>ü".encode("utf-16"), content_type="text/html;charset=ascii")), 1, 0),
    "redirect circle": (_redirect("/circle/"), 1, 8),
    "redirect to another port": (_redirect("http://BIRD/"), 1, 0),
    "redirect to cloud metadata": (_redirect("http://169.254.169.254/latest/"), 1, 0),
    "redirect to a file": (_redirect("file:///etc/passwd"), 1, 0),
    "links to another port": (_footer('<a href="http://BIRD/post-about-it/">A post about it</a>'), 0, 0),
    "calendar": (_footer('<a href="/events/2024/01/">Events</a>', events=_calendar), 0, 30),
    "session ids": (_footer('<a href="/forum?visit=0">Forum</a>', forum=_forum), 0, 30),
    "soft 404": (_footer('<a href="/oops/">Read this</a>', oops=_oops), 0, 30),
    "tracking parameters": (_footer('<a href="/?utm_source=x">Home</a> <a href="/page/2/?fbclid=1">Old</a>'), 0, 30),
    "endless pages": (_endless_pages, 0, 30),
}
_TRAPS = ("none", "calendar", "session ids", "soft 404", "tracking parameters", "endless pages")
FAULTS |= {f"{name}, links only": FAULTS[name] for name in _TRAPS}


def faults(_: Path, only: str = os.environ.get("FAULT", "")) -> None:
    """Lose nothing but the page that is broken, in bounded requests and memory."""
    usual: dict[bool, int] = {}
    for name, (setup, broken, extra) in FAULTS.items():
        if only and only not in name and name != "none":
            continue
        alone = name.endswith("links only")
        with BlogSite(60, sitemap=None if alone else "index", feed=not alone) as site, canary() as bird:
            setup(site, f"127.0.0.1:{bird.port}")
            site.routes.setdefault("/circle/", lambda path, headers: Answer(status=302, headers={"Location": path}))
            outcome = run(site)
            usual[alone] = usual.get(alone) or len(outcome.requests)
            check(f"fault {name}: healthy posts lost", len(site.addresses() - outcome.posts) - broken, 0)
            check(f"fault {name}: requests", len(outcome.requests), max(usual[alone] * 1.1, usual[alone] + extra))
            check(f"fault {name}: memory, MiB", outcome.peak_mib, MEMORY_MIB)
            check(f"fault {name}: canary touched", len(bird.touched), 0)


PARTS: dict[str, Callable[[Path], None]] = {
    "discovery": discovery,
    "recrawl": recrawl,
    "limit": limit,
    "kills": kills,
    "faults": faults,
}


def main() -> int:
    """Run the parts that were asked for."""
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:5])
        return 0
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--blogs", type=Path, default=ROOT.parent / "bench" / "crawl", help="mirrored blogs")
    options = parser.parse_args()
    for part in options.parts or PARTS:
        PARTS[part](options.blogs)
    print(f"{len(_missed)} bars missed" if _missed else "every bar held")
    return 1 if _missed else 0


if __name__ == "__main__":
    sys.exit(main())
