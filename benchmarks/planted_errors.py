"""Measure what an audit finds of errors planted in a blog: `python benchmarks/planted_errors.py [SEED...]`.

An invented clinic's blog of 150 posts is made for each seed, served on a loopback port, crawled and audited with the
product's commands. It has location pages, calls for another place than their post, the owner's name mistyped, posts
without the usual notice, and links to pages that are not there. Printed are precision, recall and F1 for each kind.
Seeds are 1 to 5 where none are named.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SEEDS = range(1, 6)
POSTS = 150


def _words(text: str) -> list[str]:
    return text.split()


_NAMES = _words("Juniper Larkspur Cedar Willow Harbor Granite Meadow Falcon Maple Canyon")
_KINDS = _words("Pain Ketamine Family Wellness Recovery Sleep")
_HOUSES = _words("Center Clinic Institute Group")
_CITIES = [
    "Tamarack",
    "Ashford",
    "Bellmont",
    "Corwin",
    "Dunmore",
    "Elkhorn",
    "Fairmont",
    "Glenrock",
    "Halstead",
    "Ironwood",
    "Kingsley",
    "Lakemont",
]
_PARKS = _words("Mill Station Library Bridge Market Museum Garden Stadium Chapel Orchard Quarry Lighthouse")
_NOUNS = _words("""night morning breath pillow nurse visit dose needle chair window music blanket lamp garden river family letter
    clock kitchen dog walk winter office doctor mother teacher student memory habit question answer week song bottle
    ladder market ticket photograph engine feather mirror harbor mountain candle sweater basket violin ankle shoulder knee
    elbow muscle nerve joint spine tendon headache migraine fatigue appetite weather humidity traffic schedule""")
_VERBS = _words("""helps changes follows carries measures describes remembers explains delays repeats prepares softens opens answers
    watches supports reaches loses gathers teaches calms lifts wakes interrupts surprises protects shortens balances
    returns guides""")
_KINDLY = _words("""quiet small steady warm early late gentle careful honest slow deep bright narrow familiar strange useful plain
    patient curious sudden mild heavy recent common private simple open long brief soft""")
_WHERE = (
    "after dinner",
    "before the visit",
    "in the second week",
    "on most days",
    "without hurry",
    "at home",
    "for a while",
    "by the window",
)
_NOTICE = "This article is for information only and is not medical advice; ask your own doctor before you act on it."


class Site:
    """Make the pages of an invented clinic's blog, and remember what was planted in them."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        rng = self.rng
        self.brand = f"{rng.choice(_NAMES)} {rng.choice(_KINDS)} {rng.choice(_HOUSES)}"
        self.cities = rng.sample(_CITIES, 9)
        self.offices = {city: f"(303) 555-01{10 + at:02}" for at, city in enumerate(self.cities[:3])}
        self.pages: dict[str, str] = {}
        self.planted: dict[str, set[str]] = defaultdict(set)

    def sentence(self) -> str:
        """Return an invented sentence."""
        rng = self.rng
        noun, other = rng.sample(_NOUNS, 2)
        ending = rng.choice(_WHERE) if rng.random() < 0.5 else f"like a {rng.choice(_KINDLY)} {rng.choice(_NOUNS)}"
        return f"A {rng.choice(_KINDLY)} {noun} {rng.choice(_VERBS)} the {rng.choice(_KINDLY)} {other} {ending}."

    def paragraph(self) -> str:
        """Return an invented paragraph of three to six sentences."""
        return " ".join(self.sentence() for _ in range(self.rng.randint(3, 6)))

    def call(self, city: str) -> str:
        """Return the clinic's call to action for one of its offices."""
        return (
            f"Ready to begin? Call our {city} office of {self.brand} at {self.offices[city]} to book your first visit."
        )

    def mistyped(self) -> str:
        """Return the name with a letter left out, doubled, changed or swapped in one of its longer words."""
        words = self.brand.split()
        at = self.rng.choice([at for at, word in enumerate(words) if len(word) > 4])
        word = words[at]
        while word == words[at]:
            place = self.rng.randrange(1, len(word) - 1)
            left, sign, right = word[:place], word[place], word[place + 1 :]
            word = self.rng.choice(
                (left + right, left + sign + sign + right, left + "x" + right, left + right[0] + sign + right[1:])
            )
        return " ".join((*words[:at], word, *words[at + 1 :]))

    def make(self) -> None:
        """Make all pages."""
        rng = self.rng
        city_article = [self.paragraph() for _ in range(5)]
        chosen = rng.sample(range(POSTS), 45)
        wrong, typo, bare, dead = chosen[:10], chosen[10:20], chosen[20:32], chosen[32:44]
        located = rng.sample([n for n in range(POSTS) if n not in chosen], len(self.cities[3:]))
        for number in range(POSTS):
            name = f"post-{number}.html"
            city = rng.choice(list(self.offices))
            title = (
                f"{rng.choice(_KINDLY).title()} {rng.choice(_NOUNS).title()} and {rng.choice(_NOUNS).title()} {number}"
            )
            texts = [self.paragraph() for _ in range(rng.randint(4, 7))]
            if number in located:
                place = self.cities[3:][located.index(number)]
                title = f"Treatment for Patients in {place}"
                texts = self._for_place(city_article, place)
                self.planted["location pages"].add(name)
            elif number in wrong or rng.random() < 0.3:
                title = f"{title} in {city}"
                texts[1] += f" Many of our patients in {city} say so, and {city} has a {rng.choice(_PARKS)} for a walk."
            if number in typo:
                texts[2] += f" The team of {self.mistyped()} hears this often."
                self.planted["mistyped names"].add(name)
            elif rng.random() < 0.3:
                texts[2] += f" The team of {self.brand} hears this often."
            if number in wrong:
                self.planted["wrong places"].add(name)
                city = rng.choice([other for other in self.offices if other != city])
            other = rng.choice([n for n in range(POSTS) if n != number])
            href = f"/blog/{'gone' if number in dead else 'post'}-{other}.html"
            texts[0] += f' More about it stands in <a href="{href}">an earlier article</a>.'
            if number in dead:
                self.planted["dead links"].add(name)
            notice = [] if number in bare else [_NOTICE]
            if number in bare:
                self.planted["missing notices"].add(name)
            self.pages[name] = self._page(title, number, [*texts, self.call(city), *notice])

    def _for_place(self, article: list[str], place: str) -> list[str]:
        """Return an article with a town's name, a landmark and minutes in it."""
        park, minutes = self.rng.choice(_PARKS), self.rng.randint(7, 55)
        opening = f"People from {place} find us {minutes} minutes away, past the {park} on the way out of {place}."
        return [f"{opening} {article[0]}", *article[1:4], f"{article[4]} That is what patients from {place} tell us."]

    def _page(self, title: str, number: int, texts: list[str]) -> str:
        day = f"{2019 + number // 30}-{1 + number % 12:02}-{1 + number % 28:02}"
        body = "".join(f"<p>{text}</p>" for text in texts)
        return (
            f"<!doctype html><html lang=en><head><title>{title} - {self.brand}</title>"
            f'<meta property="article:published_time" content="{day}"><meta property="og:type" content="article"></head>'
            f'<body class="single-post"><nav><a href="/">Home</a> <a href="/blog/">Blog</a></nav><article><h1>{escape(title)}</h1>'
            f"<time datetime={day}>{day}</time>{body}</article><footer>© 2024 {self.brand}. All rights reserved.</footer></body></html>"
        )

    def write(self, folder: Path) -> None:
        """Write the pages with a list of them."""
        (folder / "blog").mkdir()
        for name, page in self.pages.items():
            (folder / "blog" / name).write_text(page, encoding="utf-8")
        links = "".join(f'<li><a href="/blog/{name}">{name}</a></li>' for name in self.pages)
        (folder / "blog" / "index.html").write_text(f"<html><title>Blog</title><body><ul>{links}</ul></body></html>")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def audited(site: Site) -> dict[str, object]:
    """Return what the product finds in a site that it crawls."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as library:
        site.write(Path(folder))
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        command = [sys.executable, "-m", "cli", "--library", f"{library}/l"]
        try:
            address = f"http://127.0.0.1:{server.server_port}/blog/"
            subprocess.run([*command, "-q", "crawl", address, "--delay", "0"], check=True, capture_output=True)
            done = subprocess.run([*command, "audit", "--json"], check=True, capture_output=True)
        finally:
            server.shutdown()
    found: dict[str, object] = json.loads(done.stdout)
    return found


def said(found: dict[str, object]) -> dict[str, set[str]]:
    """Return what an audit named, by kind, as file names."""
    checks = {"misspelt-name": "mistyped names", "missing-notice": "missing notices", "dead-link": "dead links"}
    named: dict[str, set[str]] = defaultdict(set)
    for row in found["checks"]:  # type: ignore[attr-defined]
        if row["check"] in checks:
            named[checks[row["check"]]].add(row["post"].rpartition("/")[2])
    for row in found["series"]:  # type: ignore[attr-defined]
        if row["kind"] == "places":
            named["location pages"].update(url.rpartition("/")[2] for url in row["posts"])
    for row in found["cta_notes"]:  # type: ignore[attr-defined]
        if row["kind"] == "location":
            named["wrong places"].add(row["post"].rpartition("/")[2])
    return named


def main(seeds: list[int]) -> None:
    """Print the figures of each kind for each seed, and their means."""
    every: dict[str, list[float]] = defaultdict(list)
    for seed in seeds:
        site = Site(seed)
        site.make()
        named = said(audited(site))
        for kind, true in sorted(site.planted.items()):
            right = len(true & named[kind])
            precision, recall = right / max(1, len(named[kind])), right / len(true)
            score = 2 * precision * recall / (precision + recall) if right else 0.0
            every[kind].append(score)
            wrong = [f"-{name}" for name in sorted(true - named[kind])] + [f"+{n}" for n in sorted(named[kind] - true)]
            print(f"seed {seed}  {kind:16} P {precision:.3f}  R {recall:.3f}  F1 {score:.3f}  {' '.join(wrong[:6])}")
    for kind, scores in sorted(every.items()):
        print(f"mean     {kind:16} F1 {sum(scores) / len(scores):.4f}  least {min(scores):.3f}")


if __name__ == "__main__":
    main(list(map(int, sys.argv[1:])) or list(SEEDS))
