"""Train the request classifier on labelled paragraphs, and cross-validate it by site.

    python -m benchmarks.train_requests BENCH --cross-validate
    python -m benchmarks.train_requests BENCH --write scraper/text/requests.json

Needs scikit-learn (the `bench` extra). `requests/labels.tsv` has the labels of real paragraphs by their digests, as two readers
agreed on them; the paragraphs are taken from the pages of BENCH. The other files in `requests/` are blogs and lines invented for this:
`a` asks, `i` invites, `n` neither; `#` is a heading.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from scraper.blocks import outline
from scraper.demo import site as demo
from scraper.extract import extract_article
from scraper.markup import parse
from scraper.text import requests
from scraper.text.contacts import digits
from scraper.text.owner import Owner, names_of
from scraper.text.requests import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).parent / "requests"
ABOUT = (
    "Weights of the signs of scraper/text/requests.py, made by benchmarks/train_requests.py from paragraphs labelled by hand of the "
    "article pages of the Web Content Extraction Benchmark (WCXB), CC-BY-4.0, (c) 2026 Murrough Foley, "
    "https://github.com/Murrough-Foley/web-content-extraction-benchmark, of other blogs, and of invented ones."
)
KINDS = {"a": "ask", "i": "invitation", "n": "none"}
HOSTS = {"artsy": "artsy.github.io", "rustblog": "blog.rust-lang.org", "erikmcclure": "erikmcclure.com"}
PLANTED = ("site", "--articles", "60", "--hard", "--seed", "3")
LEAST_SITES = 3
"""Sites on which a sign has to stand: fewer would name somebody."""
LEAST_WEIGHT = 0.02
SCALE = 100
GATE_LOSES = 0.002
ROUNDS = 3
"""Times that the asking sentence of each asking paragraph is chosen again."""
STRENGTH_ASK, STRENGTH_INVITATION = 0.5, 1.0
KIND_SCALE, CONTEXT_SCALE = 1.0, 0.3
"""How much kinds of words are trusted above words, and places below them; found by cross-validation, like the strengths."""
GUIDELINE = 3.0
"""What a paragraph of the guideline weighs: what the tests ask for, line by line."""
UNTOLD = 0.6
"""What a paragraph weighs of whose owner the classifier is told less than is known."""
BALANCE = 0.6
"""How far languages are made alike; with 1.0 asks in other words than those known are overlooked."""
MADE = 10
"""Paragraphs made from each pattern."""
PATTERN = 0.5
"""What each weighs."""
SITE_SIZE = 40
"""Paragraphs from which a site's weigh less."""
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")


@dataclass
class Sample:
    """A labelled paragraph, with the signs of each of its sentences."""

    source: str
    site: str
    language: str
    label: str
    text: str
    rows: list[list[str]]


def signs_of(text: str, owner: Owner, place: Place) -> list[list[str]]:
    """Return the signs of each sentence, as `requests.read` sees them."""
    told = [
        tokens
        for said in requests.sentences_of(text)
        if 0 < len(tokens := requests.tokens_of(said, owner)) <= requests.LONGEST
    ]
    written, told = told, [[token.lower() for token in tokens] for tokens in told]
    common = requests.around(told, place)
    return [
        [sign for word in words for sign in requests.alone(word)]
        + requests.together(written[at])
        + requests.beside(told, at)
        + common
        for at, words in enumerate(told)
    ]


def invented(folder: Path = DATA) -> Iterator[Sample]:
    """Yield the paragraphs of the invented blogs and lines, each as owners know it and as a single page shows it."""
    for file in sorted(folder.glob("*.txt")):
        if file.stem == "patterns":
            continue
        for head, posts in _blogs(file):
            for post in posts:
                for place, line in enumerate(post):
                    yield from _told_twice(
                        head, line, Place(len(post) - 1 - place) if head["posts"] else Place(), file.stem
                    )


def _blogs(file: Path) -> Iterator[tuple[dict[str, Any], list[list[str]]]]:
    """Yield each blog of a file: what its head says, and its posts as lines."""
    head: dict[str, Any] = {}
    posts: list[list[str]] = [[]]
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            if any(posts):
                yield head, [post for post in posts if post]
            language, _, rest = line[1:].partition(" ")
            name, phone, mail = [part.strip() for part in rest.split("|")] if rest else ("", "", "")
            head = {
                "names": name,
                "phones": phone,
                "mails": mail,
                "host": mail.partition("@")[2],
                "site": line,
                "posts": not rest,
            }
            head["language"] = language[:2]
            posts = [[]]
        elif line == "---":
            posts.append([])
        elif match := re.match(r"(blog|names|phones|mails|host):\s*(.*)$", line):
            head[match[1]] = match[2]
        elif line:
            posts[-1].append(line)
    yield head, [post for post in posts if post]


def _told_twice(head: dict[str, Any], line: str, place: Place, source: str) -> Iterator[Sample]:
    match = re.match(r"([ain])(#?) (.+)$", line)
    if match is None:
        raise ValueError(f"no label: {line}")
    label, heading, written = KINDS[match[1]], bool(match[2]), match[3]
    links = tuple(href for _, href in _LINK.findall(written))
    text = _LINK.sub(r"\1", written)
    names = names_of(head["names"].split("|"))
    domains = frozenset([head["host"]] if head["host"] else [])
    phones = frozenset(digits(part) for part in head["phones"].split("|") if part.strip())
    known = Owner(names, phones, domains, frozenset(part.strip() for part in head["mails"].split("|") if part.strip()))
    kind = source if source in ("guideline", "patterns") else "blogs" if head["posts"] else "lines"
    site = head["site"]
    for owner, links_seen, told in ((known, links, kind), (Owner(names, domains=domains), (), f"{kind}, untold")):
        rows = signs_of(text, owner, Place(place.after, heading, links_seen))
        yield Sample(told, site, head["language"], label, text, rows)


def patterned(file: Path = DATA / "patterns.txt") -> Iterator[Sample]:
    """Yield paragraphs made from patterns: `(this|that)` is one of both, `{name}` one of the words that `%name=` lists."""
    head: dict[str, Any] = {}
    lists: dict[str, list[str]] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n")):
        if line.startswith("@"):
            name, phone, mail = [part.strip() for part in line[1:].partition(" ")[2].split("|")]
            head = {"names": name, "phones": phone, "mails": mail, "host": mail.partition("@")[2], "posts": False}
            head |= {"site": "", "language": line[1:3]}
            lists = {}
        elif line.startswith("%"):
            name, _, words = line[1:].partition("=")
            lists[name] = words.split("|")
        elif line:
            chance = Random(line)
            head["site"] = f"patterns {number}"
            for made in sorted({_made(line, lists, chance) for _ in range(MADE)}):
                yield next(_told_twice(head, made, Place(chance.choice((None, 0, 1))), "patterns"))


def _made(line: str, lists: dict[str, list[str]], chance: Random) -> str:
    """Return one paragraph of a pattern."""
    text = re.sub(r"\(([^()]*\|[^()]*)\)", lambda found: chance.choice(found[1].split("|")), line)
    while "{" in text:
        text = re.sub(r"\{(\w+)\}", lambda found: chance.choice(lists[found[1]]), text, count=1)
    return " ".join(text.replace(" ,", ",").split())


def collect(bench: Path, cache: Path | None) -> list[dict[str, Any]]:
    """Return the labelled paragraphs of the benchmark's pages, or read them from a cache of ours."""
    if cache and cache.exists():
        return [json.loads(line) for line in cache.read_bytes().splitlines()]
    labels = labels_of()
    found: dict[str, dict[str, Any]] = {}
    for domain, url, body in _pages(bench):
        for one in _paragraphs(domain, url, body):
            if one["digest"] in labels and one["digest"] not in found:
                found[one["digest"]] = one
    if cache:
        cache.write_text(
            "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in found.values()), encoding="utf-8"
        )
    return list(found.values())


def labels_of() -> dict[str, str]:
    """Return the labels of real paragraphs by digest."""
    rows = (line.split("\t") for line in (DATA / "labels.tsv").read_text(encoding="utf-8").splitlines())
    return {digest: KINDS[label] for digest, label in rows}


def _pages(bench: Path) -> Iterator[tuple[str, str, bytes]]:
    """Yield domain, address and body of the pages that were labelled: single ones, three blogs, a planted one, the demo."""
    for line in (bench / "extract" / "gold.jsonl").read_bytes().splitlines():
        one = json.loads(line)
        body = gzip.decompress((bench / "extract" / "html" / f"{one['id']}.html.gz").read_bytes())
        yield one["domain"], one["url"], body
    for name, host in HOSTS.items():
        for file in sorted((bench / "sites" / name / "pages").iterdir()):
            yield host, f"https://{host}/{file.stem}", file.read_bytes()
    with TemporaryDirectory() as folder:
        command = [sys.executable, str(bench / "planted" / "gen.py"), *PLANTED, "--out", folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        for file in sorted((Path(folder) / "pages").glob("*.html")):
            yield "planted.example", f"https://planted.example/{file.stem}", file.read_bytes()
    for url, made in demo.pages("https://demo.example/blog/").items():
        if "html" in made.content_type and re.search(r"/blog/.*[a-z]-[a-z]", url):
            yield "demo.example", url, made.body


def _paragraphs(domain: str, url: str, body: bytes) -> Iterator[dict[str, Any]]:
    tree = parse(body)
    page = outline(tree)
    elements = {text: page.elements[page.owner[at]] for at, text in enumerate(page.texts)}
    name = next((meta.get("content") or "" for meta in tree.iter("meta") if meta.get("property") == "og:site_name"), "")
    blocks = extract_article(body, url).blocks
    kept = [block.position for block in blocks if block.kept]
    for block in blocks:
        element = elements.get(block.text)
        links = [] if element is None else [urljoin(url, link.get("href") or "") for link in element.iter("a")]
        after = sum(position > block.position for position in kept)
        yield {
            "digest": block.digest, "domain": domain, "text": block.text, "after": after, "heading": bool(block.heading), "links": links,
            "names": [name, domain.removeprefix("www.").split(".")[0]],
        }  # fmt: skip


def real(bench: Path, cache: Path | None) -> Iterator[Sample]:
    """Yield the labelled paragraphs of real pages."""
    labels = labels_of()
    for one in collect(bench, cache):
        owner = Owner(
            names_of([name for name in one["names"] if len(name) > 3]),
            domains=frozenset([one["domain"].removeprefix("www.")]),
        )
        rows = signs_of(one["text"], owner, Place(one["after"], one["heading"], tuple(one["links"])))
        yield Sample("real", one["domain"], "en", labels[one["digest"]], one["text"], rows)


class Table:
    """Hold the samples as a matrix: a row for each sentence, a column for each sign that enough sites have."""

    def __init__(self, samples: list[Sample]) -> None:
        self.samples = samples
        sites: dict[str, set[str]] = defaultdict(set)
        for sample in samples:
            for row in sample.rows:
                for sign in row:
                    sites[sign].add(sample.site)
        self.signs = sorted(sign for sign, where in sites.items() if len(where) >= LEAST_SITES and "\n" not in sign)
        self.scales = np.array([_scale(sign) for sign in self.signs])
        column = {sign: at for at, sign in enumerate(self.signs)}
        rows, columns, values, self.owner = [], [], [], []
        for number, sample in enumerate(samples):
            for row in sample.rows:
                for sign, count in Counter(row).items():
                    if sign in column:
                        rows.append(len(self.owner))
                        columns.append(column[sign])
                        values.append(count * self.scales[column[sign]])
                self.owner.append(number)
        self.matrix = csr_matrix(
            (np.array(values, dtype=np.float32), (rows, columns)), shape=(len(self.owner), len(self.signs))
        )
        self.paragraph = np.array(self.owner)
        self.labels = np.array([sample.label for sample in samples])
        self.sites = np.array([sample.site for sample in samples])
        sizes = Counter(self.sites)
        self.costs = np.array([_cost(sample, sizes[sample.site]) for sample in samples])
        self._balance()

    def _balance(self) -> None:
        """Let what neither asks nor invites weigh as much beside what asks in every language as in English, or nearly.

        The invented blogs have fewer such paragraphs than real ones; their languages' small words would count as signs of asking.
        """
        language = np.array([sample.language for sample in self.samples])
        neither, asks = self.labels == "none", self.labels == "ask"
        ratio = {
            name: self.costs[neither & (language == name)].sum() / self.costs[asks & (language == name)].sum()
            for name in set(language)
        }
        for name, own in ratio.items():
            self.costs[neither & (language == name)] *= (ratio["en"] / own) ** BALANCE

    def fit(self, chosen: np.ndarray) -> tuple[LogisticRegression, LogisticRegression]:
        """Fit both models on some samples: which sentence of a paragraph asks is found while fitting."""
        rows = np.flatnonzero(np.isin(self.paragraph, chosen))
        label = self.labels[self.paragraph]
        asking, inviting, neither = (rows[label[rows] == kind] for kind in ("ask", "invitation", "none"))
        ask, invitation = asking, inviting
        for _ in range(ROUNDS):
            first = self._one(STRENGTH_ASK, ((ask, 1, 1.5), (inviting, 0, 1.0), (neither, 0, 1.0)))
            ask = self._strongest(first, asking)
            second = self._one(STRENGTH_INVITATION, ((invitation, 1, 2.0), (ask, 1, 0.7), (neither, 0, 1.0)))
            invitation = self._strongest(second, inviting)
        return first, second

    def _one(self, strength: float, parts: tuple[tuple[np.ndarray, int, float], ...]) -> LogisticRegression:
        rows = np.concatenate([part for part, _, _ in parts])
        truth = np.concatenate([np.full(len(part), kind) for part, kind, _ in parts])
        cost = np.concatenate([self.costs[self.paragraph[part]] * weight for part, _, weight in parts])
        return LogisticRegression(C=strength, max_iter=80, tol=1e-3).fit(self.matrix[rows], truth, sample_weight=cost)

    def _strongest(self, model: LogisticRegression, rows: np.ndarray) -> np.ndarray:
        score = self.score(model)
        best: dict[int, int] = {}
        for row in rows:
            number = self.paragraph[row]
            if number not in best or score[row] > score[best[number]]:
                best[number] = row
        return np.array(sorted(best.values()), dtype=int)

    def score(self, model: LogisticRegression) -> np.ndarray:
        """Return the log-odds of each sentence."""
        return self.matrix @ model.coef_[0] + model.intercept_[0]

    def judged(self, model: LogisticRegression) -> np.ndarray:
        """Return the log-odds of each paragraph: those of its strongest sentence."""
        found = np.full(len(self.samples), -9.0)
        np.maximum.at(found, self.paragraph, self.score(model))
        return found

    def cross_validate(self, folds: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the log-odds of each paragraph by models that know no paragraph of its site."""
        ask, invitation = np.full(len(self.samples), -9.0), np.full(len(self.samples), -9.0)
        known = np.array([sample.source == "patterns" for sample in self.samples])
        for train, test in GroupKFold(folds).split(self.sites, groups=self.sites):
            first, second = self.fit(np.union1d(train, np.flatnonzero(known)))
            ask[test], invitation[test] = self.judged(first)[test], self.judged(second)[test]
        return ask, invitation


def _cost(sample: Sample, size: int) -> float:
    """Return what a sample weighs; of a real site with many paragraphs each weighs less."""
    if sample.source == "real":
        return min(1.0, (SITE_SIZE / size) ** 0.7)
    if sample.source == "patterns":
        return PATTERN
    return (GUIDELINE if sample.source.startswith("guideline") else 1.0) * (
        UNTOLD if "untold" in sample.source else 1.0
    )


def _scale(sign: str) -> float:
    if sign[0] == "#" and len(sign) > 1:
        return CONTEXT_SCALE
    return KIND_SCALE if " " not in sign and (">" in sign or "=" in sign) and len(sign) > 1 else 1.0


def report(table: Table, ask: np.ndarray, invitation: np.ndarray, least: tuple[float, float]) -> None:
    """Print precision, recall and F1 of both kinds, by source and language."""
    told = np.where(ask > least[0], "ask", np.where(invitation > least[1], "invitation", "none"))
    source = np.array([sample.source for sample in table.samples])
    language = np.array([sample.language for sample in table.samples])
    parts = {name: source == name for name in sorted(set(source))}
    parts |= {
        f"blogs and lines, {name}": (language == name) & np.isin(source, ("blogs", "lines"))
        for name in sorted(set(language))
    }
    for name, part in parts.items():
        scores = []
        for kind in ("ask", "invitation"):
            right = ((table.labels == kind) & (told == kind) & part).sum()
            given, true = ((told == kind) & part).sum(), ((table.labels == kind) & part).sum()
            scores.append(
                f"{kind} P {right / max(given, 1):.3f} R {right / max(true, 1):.3f} F1 {2 * right / max(given + true, 1):.3f}"
            )
        print(f"{name:22} {part.sum():5} paragraphs, {', '.join(scores)}")


def thresholds(table: Table, ask: np.ndarray, invitation: np.ndarray) -> tuple[float, float]:
    """Return the log-odds from which as many are told as there are, among all paragraphs but those made from patterns.

    F1 is flat there, and a paragraph told wrongly costs what one overlooked does. Every fold knows the patterns.
    """
    steps = np.arange(-2.5, 1.5, 0.1)
    costs = np.where([sample.source == "patterns" for sample in table.samples], 0.0, table.costs)

    def excess(kind: str, told: np.ndarray) -> float:
        return abs(float((told * costs).sum() - ((table.labels == kind) * costs).sum()))

    first = min(steps, key=lambda least: excess("ask", ask > least))
    second = min(steps, key=lambda least: excess("invitation", (ask <= first) & (invitation > least)))
    return float(first), float(second)


def export(table: Table, least: tuple[float, float]) -> dict[str, Any]:
    """Return the models in the form that `scraper.text.requests` reads."""
    first, second = table.fit(np.arange(len(table.samples)))
    ask, invitation = (model.coef_[0] * table.scales for model in (first, second))
    large = np.flatnonzero(np.maximum(abs(ask), abs(invitation)) >= LEAST_WEIGHT)
    base = [first.intercept_[0] - least[0], second.intercept_[0] - least[1]]
    gate, lowest = _gate(table, first, second, least)
    return {
        "about": ABOUT,
        "scale": SCALE,
        "base": [round(value * SCALE) for value in base],
        "least": round(lowest * SCALE),
        "signs": "\n".join(table.signs[at] for at in large),
        "ask": [round(ask[at] * SCALE) for at in large],
        "invitation": [round(invitation[at] * SCALE) for at in large],
        "gate": [round(gate[at] * SCALE) for at in large],
    }


def _gate(
    table: Table, first: LogisticRegression, second: LogisticRegression, least: tuple[float, float]
) -> tuple[np.ndarray, float]:
    """Return what single words say of whether a sentence is judged at all, and the sum from which it is.

    It learns what the models decide, and lets all but one of `GATE_LOSES` of the sentences through that ask or invite.
    """
    alone = np.array(
        [" " not in sign and ">" not in sign and (sign[0] not in "^#" or len(sign) == 1) for sign in table.signs]
    )
    words = table.matrix.multiply(alone).tocsr()
    told = (table.score(first) > least[0]) | (table.score(second) > least[1])
    model = LogisticRegression(C=1.0, max_iter=80, tol=1e-3, class_weight="balanced").fit(words, told)
    sums = words @ model.coef_[0]
    lowest = float(np.quantile(sums[told], GATE_LOSES))
    print(f"gate: {(sums[~told] >= lowest).mean():.3f} of the other sentences are judged")
    return model.coef_[0] * table.scales * alone, lowest


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument(
        "--cache", type=Path, help="JSON lines with the labelled paragraphs: made if missing, trusted if there"
    )
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    table = Table([*real(options.bench, options.cache), *invented(), *patterned()])
    print(f"{len(table.samples)} paragraphs of {len(set(table.sites))} sites, {len(table.signs)} signs")
    ask, invitation = table.cross_validate(options.folds)
    least = thresholds(table, ask, invitation)
    print(f"thresholds {least}")
    report(table, ask, invitation, least)
    if options.write:
        options.write.write_text(
            json.dumps(export(table, least), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
