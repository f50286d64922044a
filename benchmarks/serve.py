"""Hold the pages of `blogdex serve` against their budgets, against the command line, and against readers and kills.

    python benchmarks/serve.py budgets LIBRARY [--requests N]   CPU, bytes and requests of pages, memory, start
    python benchmarks/serve.py answers LIBRARY [...]            200 questions each: API and page against the command line
    python benchmarks/serve.py readers [--seconds S]            20 readers beside a crawl and a rebuild of the example blog
    python benchmarks/serve.py kill [--points N]                kill -9 of crawl, rebuild and accept on the example blog

CPU, not wall. A library is copied, never changed. Ends with 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from indexer.library import reading  # noqa: E402
from scraper import demo  # noqa: E402
from tests.commandline import blogdex, environment  # noqa: E402
from tests.web import Browser  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SEED = 17
QUESTIONS, COLD, READERS = 200, 12, 20
PAGE_KB, PAGE_REQUESTS, POST_MS, MEMORY_MB, START_MS = 60, 3, 60, 120, 450
"""The budgets of the design: pages that feel immediate on the machine of an office."""
THINKS_S, RETRY_S = 1.0, 2.0
"""A reader looks so long at an answer on average, and comes back so long after "busy", as `Retry-After` asks. Chosen."""
PAGES = ("/", "/search?q=health", "/topics", "/index", "/audit", "/audit/boilerplate", "/audit/stale", "/changes", "/library",
         "/crawl", "/saved", "/help/keys")  # fmt: skip


class Bars:
    """Figures with what they must be; `missed` counts those that are not."""

    def __init__(self) -> None:
        self.missed = 0

    def most(self, name: str, value: float, bar: float, unit: str) -> None:
        """Print a figure, and whether it is at most what it may be."""
        held = value <= bar
        self.missed += not held
        print(f"{name:<52} {value:9.1f} {unit:<4} <= {bar:g}{'' if held else '   MISSED'}", flush=True)


def questions(library: Path, number: int) -> list[dict[str, str]]:
    """Return questions made of the titles, authors and years of a library, with a fixed seed."""
    chance, made = random.Random(SEED), []
    with reading(library) as opened:
        articles = [opened.store.articles.get([one])[one] for one in opened.store.articles.ids()[:1000]]
    words = sorted({word.lower() for one in articles for word in re.findall(r"[^\W\d_]{4,}", one.metadata.title or "")})
    for turn in range(number):
        one, other = chance.choice(words), chance.choice(words)
        article = chance.choice(articles)
        text = (
            one,
            f"{one} {other}",
            f'"{one} {other}"',
            f"{one} -{other}",
            f"{one} OR {other}",
            f"title:{one}",
            f"{one[:4]}*",
        )
        asked = {"q": text[turn % len(text)]}
        if turn % 5 == 1 and article.metadata.author:
            asked["author"] = article.metadata.author
        if turn % 5 == 2 and article.metadata.published:
            asked["since"] = str(article.metadata.published.year)
        if turn % 5 == 3:
            asked["sort"] = "newest"
        made.append(asked)
    return made


def words_of(asked: dict[str, str]) -> list[str]:
    """Return what is typed for a question."""
    options = [f"--{name}={value}" for name, value in asked.items() if name != "q"]
    return ["search", "--json", *options, "--", asked["q"]]


def cpu_ms(browser: Browser, path: str) -> tuple[float, str]:
    """Return the CPU that a page costs, and the page."""
    began = time.process_time()
    answer = browser.get(path)
    return (time.process_time() - began) * 1000, answer.text


def budgets(library: Path, requests: int) -> int:
    """Print each figure beside its bar; return how many were missed."""
    bars, browser = Bars(), Browser(library)
    asked = questions(library, QUESTIONS)
    print(f"{library.name}: {len(_ids(library)):,} posts")
    own = []
    for turn in asked[:COLD]:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "cli", *words_of(turn)]
        subprocess.run(command, cwd=ROOT, env=environment(library), capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        own.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)
    browser.get("/search?q=warm")
    costs = sorted(cpu_ms(browser, f"/search?{urlencode(turn)}")[0] for turn in asked)
    bars.most(
        "search page, p95 of 200; bar: the cold command", costs[int(len(costs) * 0.95)], statistics.median(own), "ms"
    )
    ids = random.Random(SEED).sample(_ids(library), min(50, len(_ids(library))))
    costs = sorted(cpu_ms(browser, f"/posts/{one}")[0] for one in ids)
    bars.most("post page, p95 of 50", costs[int(len(costs) * 0.95)], POST_MS, "ms")
    for path in (*PAGES, f"/posts/{ids[0]}", f"/posts/{ids[0]}?why"):
        _, body = cpu_ms(browser, path)
        bars.most(f"{path}, bytes raw", len(body.encode()) / 1000, PAGE_KB, "kB")
        needed = 1 + len(re.findall(r'<link rel="stylesheet"|<script src|<img ', body))
        if needed > PAGE_REQUESTS:
            bars.most(f"{path}, requests", needed, PAGE_REQUESTS, "")
    with serving(library) as (process, port, cookie):
        bars.most("start until the address is printed", _spent_ms(process.pid), START_MS, "ms")
        for turn in range(requests):
            path = f"/posts/{ids[turn % len(ids)]}" if turn % 2 else f"/search?{urlencode(asked[turn % len(asked)])}"
            ask(port, cookie, path)
        bars.most(f"memory after {requests:,} requests", _memory_mb(process.pid), MEMORY_MB, "MB")
    return bars.missed


def answers(library: Path) -> int:
    """Compare answers of API and page with the command line; return how many differ."""
    browser, differ = Browser(library), 0
    for turn in questions(library, QUESTIONS):
        printed = blogdex(*words_of(turn), library=library).stdout
        told = browser.get(f"/api/v1/search?{urlencode(turn)}").text
        shown = re.findall(
            r'<li class="hit"[^>]*>\s*<h2><a href="/posts/(\d+)', browser.get(f"/search?{urlencode(turn)}").text
        )
        wanted = [str(found["id"]) for found in json.loads(printed)["results"]] if printed else []
        if told != printed or shown != wanted:
            differ += 1
            print(f"differs: {turn}")
    print(f"{library.name}: {QUESTIONS} questions, {differ} differ")
    return differ


def readers(seconds: float) -> int:
    """Read with 20 browsers while the blog is crawled and rebuilt; return the number of errors and wrong answers."""
    with demo.serve() as site, tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "lib"
        blogdex("crawl", site, "--delay", "0", library=library)
        with reading(library) as opened:
            key = opened.store.sites.all()[0].key
        paths = [f"/api/v1/search?{urlencode(one)}" for one in questions(library, 40)]
        with serving(library) as (process, port, cookie):
            right = {path: ask(port, cookie, path)[1] for path in paths}
            ask(port, cookie, paths[0])
            at_first, seen = _memory_mb(process.pid), Counter[str]()
            until = time.monotonic() + seconds
            threads = [
                threading.Thread(target=_read, args=(port, cookie, right, until, seen, own)) for own in range(READERS)
            ]
            for thread in threads:
                thread.start()
            for path, form in (("/crawl", {"site": key}), ("/library/rebuild", {})):
                status = ask(port, cookie, path, form)[0]
                seen[f"{path}: {status}"] += 1
                while time.monotonic() < until and b"<progress" in ask(port, cookie, "/crawl/progress")[1]:
                    time.sleep(0.5)
            for thread in threads:
                thread.join()
            print(dict(seen))
            print(f"memory {at_first:.0f} MB at first, {_memory_mb(process.pid):.0f} MB after")
    return seen["wrong"] + seen["error"]


def _read(port: int, cookie: str, right: dict[str, bytes], until: float, seen: Counter[str], own: int) -> None:
    chance = random.Random(own)
    while time.monotonic() < until:
        path = chance.choice(list(right))
        try:
            status, body = ask(port, cookie, path)
        except OSError:
            seen["error"] += 1
            continue
        time.sleep(RETRY_S if status == 503 else chance.uniform(0, 2 * THINKS_S))
        kind = "busy" if status == 503 else "error" if status != 200 else "right" if body == right[path] else "wrong"
        seen[kind] += 1
        if kind in ("wrong", "error"):
            print(kind, status, path, body[:200])


def kill(points: int) -> int:
    """Kill a crawl, a rebuild and a decision at so many points each; return how often something was lost."""
    lost = 0
    with demo.serve() as site, tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole"
        blogdex("crawl", site, "--delay", "0", library=whole)
        ids = sorted(set(re.findall(r'"id": ?"([^"]+)"', blogdex("audit", "--json", library=whole).stdout)))
        for command in (("crawl", site, "--delay", "0", "--refresh"), ("rebuild",)):
            spent = _time(whole, Path(folder) / f"timed-{command[0]}", command)
            for point in range(points):
                library = shutil.copytree(whole, Path(folder) / f"{command[0]}{point}")
                _killed([sys.executable, "-m", "cli", *command], library, spent * (point + 0.5) / points)
                lost += _harmed(library, 27, 0)
                shutil.rmtree(library)
            print(f"{command[0]}: killed {points} times within {spent:.1f} s, {lost} lost something so far", flush=True)
        lost += _decisions_lost(shutil.copytree(whole, Path(folder) / "accept"), ids[: points + 1])
        print(f"kill -9: {points} points each of crawl, rebuild and accept, {lost} lost something")
    return lost


def _decisions_lost(library: Path, ids: Sequence[str]) -> int:
    """Kill the server while a finding is accepted; return how often one that was told as done, or an older, is gone."""
    spent, lost, kept = 0.0, 0, 0
    for point, own in enumerate(ids):
        before, told = _accepted(library), list[int]()
        with serving(library) as (process, port, cookie):
            ask(port, cookie, "/audit")
            began = time.monotonic()
            sender = threading.Thread(target=_accept, args=(port, cookie, own, told))
            sender.start()
            if not point:
                sender.join()
                spent = time.monotonic() - began
            time.sleep(1.5 * spent * point / len(ids))
            process.kill()
            sender.join()
        now = _accepted(library)
        kept += own in now
        lost += not before <= now <= before | {own} or (303 in told and own not in now)
    print(f"accept: killed {len(ids) - 1} times within {1.5 * spent * 1000:.0f} ms, {kept - 1} were kept")
    return lost


def _time(whole: Path, library: Path, command: Sequence[str]) -> float:
    shutil.copytree(whole, library)
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "cli", *command], cwd=ROOT, env=environment(library), capture_output=True, check=True
    )
    return time.monotonic() - began


def _killed(command: Sequence[str], library: Path, after_s: float) -> None:
    pipe = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env=environment(library), stdout=pipe, stderr=pipe)
    time.sleep(after_s)
    process.kill()
    process.wait()


def _harmed(library: Path, posts: int, decisions: int) -> bool:
    """Tell whether a library lost a post or a decision, or is not whole after the next command."""
    status = json.loads(blogdex("status", "--json", library=library).stdout)
    found = blogdex("search", "ketamine", "--json", library=library)
    healed = blogdex("doctor", "--fix", library=library)
    harmed = (
        status["posts"] != posts
        or found.returncode == 2
        or healed.returncode != 0
        or len(_accepted(library)) != decisions
    )
    if harmed:
        print("harmed:", status["posts"], found.stderr, healed.stdout, healed.stderr)
    return harmed


def _accepted(library: Path) -> set[str]:
    from indexer.auditing import read_acceptances

    return {one.id for one in read_acceptances(library / "accepted.toml")}


def _accept(port: int, cookie: str, own: str, told: list[int]) -> None:
    """Accept a finding, and add what the server answers to `told`, if it does."""
    try:
        told.append(ask(port, cookie, "/audit/accept", {"id": own, "note": "why"})[0])
    except (OSError, http.client.HTTPException):
        pass


@contextmanager
def serving(library: Path) -> Iterator[tuple[subprocess.Popen[str], int, str]]:
    """Serve a library; gives the process, its port and the cookie of a browser that was let in."""
    command = [sys.executable, "-u", "-m", "cli", "--quiet", "serve", "--no-open", "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(library), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = re.search(r":(\d+)(/\?token=\S+)", process.stdout.readline())
        assert found is not None
        line = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=60)
        line.request("GET", found[2])
        cookie = str(line.getresponse().getheader("Set-Cookie")).partition(";")[0]
        yield process, int(found[1]), cookie
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def ask(port: int, cookie: str, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes]:
    """Return status and body of a page; with a form, send that."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    sent = {"Cookie": cookie, "Origin": f"http://127.0.0.1:{port}"}
    if form is None:
        line.request("GET", path, headers=sent)
    else:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
        line.request("POST", path, urlencode(form), sent)
    answer = line.getresponse()
    try:
        return answer.status, answer.read()
    finally:
        line.close()


def _ids(library: Path) -> list[int]:
    with reading(library) as opened:
        return opened.store.articles.ids()


def _memory_mb(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def _spent_ms(pid: int) -> float:
    import os

    spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(spent[11]) + int(spent[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["budgets", "answers", "readers", "kill"])
    parser.add_argument("libraries", nargs="*", type=Path)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--points", type=int, default=20)
    wanted = parser.parse_args()
    if wanted.what == "readers":
        return min(1, readers(wanted.seconds))
    if wanted.what == "kill":
        return min(1, kill(wanted.points))
    missed = 0
    for library in wanted.libraries:
        with tempfile.TemporaryDirectory() as folder:
            own = shutil.copytree(library, Path(folder) / library.name)
            missed += budgets(own, wanted.requests) if wanted.what == "budgets" else answers(own)
    return min(1, missed)


if __name__ == "__main__":
    sys.exit(main())
