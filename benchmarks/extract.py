"""Measure extraction: whole sites, speed beside a peer, mutated pages.

python ../bench/sites/score_sites.py --site-func benchmarks.extract:extract_site
python -m benchmarks.extract blocks ../bench/sites
python -m benchmarks.extract gold ../bench/sites --target DIR; python ../bench/sites/score_sites.py --exports DIR
python -m benchmarks.extract speed ../bench/extract/html --peer PYTHON_WITH_TRAFILATURA
python -m benchmarks.extract slices --peer PYTHON_WITH_TRAFILATURA
python -m benchmarks.extract fuzz ../bench/extract/html --pages 10000
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import own_pages
from scraper.boilerplate import learn
from scraper.extract import extract, extract_article, summarise
from scraper.model import Article, Page
from scraper.text.words import fold

_PEER = """
import sys, time, glob, gzip, logging
import trafilatura
logging.disable(50)
pages = [gzip.open(f).read().decode("utf-8", "replace") for f in sorted(glob.glob(sys.argv[1] + "/*.gz"))[::int(sys.argv[2])]]
for with_metadata in (False, True):
    start = time.process_time()
    for page in pages:
        trafilatura.extract(page, with_metadata=with_metadata)
    print((time.process_time() - start) / len(pages))
"""
_PEER_TEXTS = """
import json, sys, logging
import trafilatura
logging.disable(50)
json.dump([trafilatura.extract(page) or "" for page in json.load(sys.stdin)], sys.stdout)
"""


def page_of(html: str, url: str) -> Page:
    """Return a page as an import of HTML files gives it."""
    headers = (("content-type", "text/html; charset=utf-8"),)
    return Page("bench", url, url, 200, headers, html.encode(), datetime(2026, 1, 1, tzinfo=UTC))


def articles_of(files: list[tuple[str, str, str]]) -> dict[str, Article]:
    """Return the article of each (name, html, url), from what all pages of the site show."""
    pages = {name: page_of(html, url) for name, html, url in files}
    profile = learn(summarise(page) for page in pages.values())
    return {name: extract(page, profile) for name, page in pages.items()}


def extract_site(files: list[tuple[str, str, str]]) -> dict[str, str]:
    """Return the text of each file, from what all pages of the site show."""
    return {name: article.text for name, article in articles_of(files).items()}


def score_blocks(folder: Path) -> None:
    """Print template F1 by block: gold blocks are matched to ours in page order, not looked for in the text.

    The text scorer calls a menu item kept when its word occurs anywhere in the article.
    """
    for site in sorted(path.parent for path in folder.glob("*/blocks.jsonl.gz")):
        lines = gzip.decompress((site / "blocks.jsonl.gz").read_bytes()).decode().split("\n")
        gold = [json.loads(line) for line in lines if line]
        files = [
            (
                page["id"],
                (site / "pages" / f"{page['id']}.html").read_text("utf-8", "replace"),
                f"https://x.test/{page['id']}",
            )
            for page in gold
        ]
        made = articles_of(files)
        right = wrong = missed = 0
        for page in gold:
            for block, is_kept in _matched(page["blocks"], made[page["id"]]):
                if block["label"] in ("title", "punct"):
                    continue
                is_template = block["label"] == "template"
                right += is_template and not is_kept
                wrong += is_kept is False and not is_template
                missed += is_template and is_kept
        print(f"{site.name}: template block F1 {2 * right / (2 * right + wrong + missed):.4f}")


def _matched(blocks: list[dict[str, Any]], article: Article) -> list[tuple[dict[str, Any], bool]]:
    """Return each gold block with whether ours of the same words was kept, looking forward from the last match."""
    ours = [(fold(block.text), block.kept) for block in article.blocks]
    at = 0
    found = []
    for block in blocks:
        text = fold(block["text"])
        here = next((i for i in range(at, min(len(ours), at + 60)) if text == ours[i][0]), None)
        if here is None:
            here = next(
                (i for i in range(max(0, at - 1), min(len(ours), at + 60)) if text and text in ours[i][0]), None
            )
        if here is not None:
            at = here + (text == ours[here][0])
            found.append((block, ours[here][1]))
        else:
            found.append((block, False))
    return found


def write_gold(folder: Path, target: Path) -> None:
    """Write exports whose texts are the gold blocks themselves: what the text scorer gives those, no text can beat."""
    target.mkdir(parents=True, exist_ok=True)
    for site in sorted(path.parent for path in folder.glob("*/blocks.jsonl.gz")):
        lines = gzip.decompress((site / "blocks.jsonl.gz").read_bytes()).decode().split("\n")
        with (target / f"{site.name}.jsonl").open("w", encoding="utf-8") as out:
            for page in (json.loads(line) for line in lines if line):
                text = "\n\n".join(block["text"] for block in page["blocks"] if block["label"] == "content")
                out.write(json.dumps({"source": f"{page['id']}.html", "text": text}) + "\n")


def measure_speed(folder: Path, peer: str, rounds: int, step: int) -> None:
    """Print CPU seconds a page for us and the peer, taking turns in processes of their own; medians."""
    own = [sys.executable, "-m", "benchmarks.extract", "once", str(folder), "--step", str(step)]
    theirs = [peer, "-c", _PEER, str(folder), str(step)]
    times: list[list[float]] = [[], [], []]
    for _ in range(rounds):
        mine = subprocess.run(own, capture_output=True, text=True, check=True).stdout.split()
        other = subprocess.run(theirs, capture_output=True, text=True, check=True).stdout.split()
        for kept, value in zip(times, (*mine, *other), strict=True):
            kept.append(float(value))
    ours, text, whole = (1000 * median(values) for values in times)
    print(
        f"ours with metadata {ours:.1f} ms; peer text only {text:.1f} ({text / ours:.2f}x), with metadata {whole:.1f}"
    )
    print(f"pages a CPU second against the peer with metadata: {whole / ours:.2f}x")


def run_once(folder: Path, step: int) -> None:
    """Print our CPU seconds a page."""
    pages = [gzip.decompress(path.read_bytes()) for path in sorted(folder.glob("*.gz"))[::step]]
    extract_article(pages[0], "https://bench.test/")
    start = time.process_time()
    for page in pages:
        extract_article(page, "https://bench.test/post")
    print((time.process_time() - start) / len(pages))


def score_slices(peer: str) -> None:
    """Print word F1 by language, kind and theme on pages of our own making, beside the peer."""
    made = list(own_pages.pages())
    known = subprocess.run(
        [peer, "-c", _PEER_TEXTS],
        input=json.dumps([page.html for page in made]),
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = json.loads(known.stdout)
    ours = [extract_article(page.html, "https://bench.test/post").text for page in made]
    sides = [[_f1(text, page.gold) for page, text in zip(made, side, strict=True)] for side in (ours, theirs)]
    for field in ("language", "kind", "theme"):
        for value in dict.fromkeys(getattr(page, field) for page in made):
            chosen = [at for at, page in enumerate(made) if getattr(page, field) == value]
            mine, other = (sum(side[at] for at in chosen) / len(chosen) for side in sides)
            print(f"{field} {value}, {len(chosen)} pages: ours {mine:.3f}, peer {other:.3f}{' BELOW' * (mine < other)}")


_SIGN = re.compile("[\u0e00-\u0e7f\u3040-\u9fff]|\\w+")
"""A word, or one character of a script without spaces."""


def _f1(text: str, gold: str) -> float:
    one, other = Counter(_SIGN.findall(text.lower())), Counter(_SIGN.findall(gold.lower()))
    return 2 * sum((one & other).values()) / (sum(one.values()) + sum(other.values()))


def fuzz(folder: Path, count: int) -> None:
    """Extract mutated pages and print the slowest; an exception ends the run with its seed."""
    draw = random.Random(1)
    sources = [gzip.decompress(path.read_bytes()) for path in sorted(folder.glob("*.gz"))[::7]]
    pieces = (
        b"<div>",
        b"</div>",
        b"<table><tr>",
        b"<!--",
        b"<script>",
        b"\x00",
        b"</p>",
        b"<![CDATA[",
        b"\xff\xfe",
        b"&#0;",
    )
    slowest = 0.0
    for number in range(count):
        body = bytearray(draw.choice(sources)[:60_000])
        for _ in range(draw.randint(1, 30)):
            at, length = draw.randrange(len(body) + 1), draw.randint(1, 400)
            kind = draw.randrange(4)
            if kind == 0:
                del body[at : at + length]
            else:
                body[at:at] = (draw.randbytes(length), draw.choice(pieces), bytes(body[:length]))[kind - 1]
        start = time.process_time()
        try:
            extract_article(bytes(body), "https://bench.test/post")
        except Exception as error:
            raise SystemExit(f"page {number} of seed 1: {error!r}") from error
        slowest = max(slowest, time.process_time() - start)
    print(f"{count} mutated pages, no failure, slowest {slowest:.2f} s")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("blocks", "gold", "speed", "once", "slices", "fuzz"))
    parser.add_argument("folder", type=Path, nargs="?", default=Path())
    parser.add_argument("--peer", default=sys.executable, help="a Python that has trafilatura")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--step", type=int, default=5, help="measure every n-th page")
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--target", type=Path, help="where to write")
    options = parser.parse_args()
    if options.what == "blocks":
        score_blocks(options.folder)
    elif options.what == "gold":
        write_gold(options.folder, options.target)
    elif options.what == "speed":
        measure_speed(options.folder, options.peer, options.rounds, options.step)
    elif options.what == "once":
        run_once(options.folder, options.step)
    elif options.what == "slices":
        score_slices(options.peer)
    else:
        fuzz(options.folder, options.pages)


if __name__ == "__main__":
    main()
