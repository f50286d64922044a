"""Measure the audit on planted data: `python benchmarks/audit.py sites|paragraphs|again|... [FOLDER [SEED...]]`.

FOLDER is the unpacked benchmark `planted` with its generator and scorers; default `../bench/planted`. Everything that is
generated goes to a temporary folder. Seeds are 1 to 5 where none are named.

  sites       five invented clinic blogs of 200 posts (`--hard`), through `import`, `export` and `audit --json`
  paragraphs  five collections of 10,000 paragraphs, the same way
  grouping    the same collections through the functions, without a library: pair F1, hard negatives
  speed       the clustering function at 100,000 paragraphs beside rensa doing the same, taking turns (needs rensa)
  large       the clustering function at a million paragraphs: seconds of CPU and peak memory
  again       the command on 10,000 invented posts: from zero, with nothing changed, with ten new posts, from zero again
"""

from __future__ import annotations

import importlib.util
import json
import random
import re
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace

from indexer.audit.corpus import Paragraph
from indexer.audit.similarity.clusters import SIMILAR, near_duplicates
from indexer.audit.similarity.groups import gather
from indexer.audit.similarity.shingles import jaccard
from scraper.text.words import masked_words

SEEDS = list(range(1, 6))
_WORD = re.compile(r"[^\W_]+")


def load(folder: Path, name: str) -> ModuleType:
    """Import a script of the benchmark by its path."""
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def generate(folder: Path, *arguments: str) -> None:
    """Run the benchmark's generator."""
    subprocess.run([sys.executable, str(folder / "gen.py"), *arguments], check=True)


def paragraphs(out: str) -> tuple[list[str], list[dict[str, str]]]:
    """Return generated paragraphs and what is true of them."""
    rows = [json.loads(line) for line in (Path(out) / "paragraphs.jsonl").open(encoding="utf-8")]
    return [row["text"] for row in rows], [json.loads(line) for line in (Path(out) / "truth.jsonl").open()]


def sites(folder: Path) -> None:
    """Print the scores of whole audits, with and without facts, and their means."""
    convert = load(folder, "to_pred")
    names = {
        "calls to action, pair F1": ("cta_clusters", "pair_f1"),
        "reused paragraphs, pair F1": ("reused_paragraph_clusters", "pair_f1"),
        "missing call to action, F1": ("missing_cta", "f1"),
        "stale values, F1": ("outdated", "f1"),
        "duplicates, recall": ("dup_all", "recall"),
        "duplicates, precision": ("dup_all", "precision"),
        "passages, recall": ("passages", "recall80"),
    }
    for with_facts in (True, False):
        found: dict[str, list[float]] = {name: [] for name in names}
        for seed in SEEDS:
            with tempfile.TemporaryDirectory() as out, tempfile.TemporaryDirectory() as work:
                generate(folder, "site", "--articles", "200", "--hard", "--seed", str(seed), "--out", out)
                score = json.loads(convert.run(out, f"{sys.executable} -m cli", with_facts, work))
            for name, (part, value) in names.items():
                found[name].append(score[part][value])
        for name, values in found.items():
            facts = "facts" if with_facts else "no facts"
            print(f"{name:32} {facts:9} {statistics.mean(values):.4f}  {[round(value, 4) for value in values]}")


def collections(folder: Path) -> None:
    """Print the pair F1 of paragraphs through the command line."""
    convert = load(folder, "to_pred")
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as out, tempfile.TemporaryDirectory() as work:
            generate(folder, "paras", "--n", "10000", "--seed", str(seed), "--out", out)
            score = json.loads(convert.run(out, f"{sys.executable} -m cli", False, work))
        print(seed, f"pair F1 {score['pair_f1']:.4f}, hard negatives merged {score['hardneg_false']:.4f}")


def grouping(folder: Path) -> None:
    """Print the pair F1 of paragraphs without a library."""
    score = load(folder, "score")
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as out:
            generate(folder, "paras", "--n", "10000", "--seed", str(seed), "--out", out)
            texts, truth = paragraphs(out)
        laid_out = [
            Paragraph(at, SimpleNamespace(text=text, heading=0))  # type: ignore[arg-type]
            for at, text in enumerate(texts)
        ]
        started = time.process_time()
        groups = gather(laid_out, len(texts), SIMILAR)
        spent = time.process_time() - started
        place: dict[int, int] = {}
        for at, group in enumerate(groups):
            for member in group.members:
                place.setdefault(member, at)
        true = {row["id"]: row["cluster"] for row in truth}
        found = score.clusters(true, {at: place.get(at, ("alone", at)) for at in range(len(texts))})
        hard = [row["id"] for row in truth if row["edit"] == "hardneg" and row["id"] in place]
        copies = sum(copied_anyway(texts[own], own, groups[place[own]].members, texts) for own in hard)
        said = f"hard negatives in a group {len(hard)}, {copies} of them copies without the planted sentence"
        print(seed, f"pair F1 {found['pair_f1']:.4f}, {said}, {spent:.2f} s")


def copied_anyway(text: str, own: int, members: list[int], texts: list[str]) -> bool:
    """Tell whether a paragraph is like another of its group without its last sentence, the one that was planted."""
    rest = grams(" ".join(re.split(r"(?<=[.!?])\s+", text)[:-1]))
    return any(jaccard(rest, grams(texts[other])) >= SIMILAR for other in members if other != own)


def grams(text: str) -> set[tuple[str, str]]:
    """Return the 2-grams of a text."""
    return set(pairwise(masked_words(text)))


def rensa_groups(texts: list[str]) -> list[list[int]]:
    """Group the same paragraphs with rensa: exact copies collapsed, candidates by LSH, each pair verified, joined."""
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=SIMILAR, num_perm=128, num_bands=32)
    parent: dict[int, int] = {}
    held: dict[int, frozenset[str]] = {}
    first: dict[str, int] = {}
    same = []

    def root(item: int) -> int:
        while (up := parent.get(item, item)) != item:
            parent[item] = item = parent.get(up, up)
        return item

    for number, text in enumerate(texts):
        words = _WORD.findall(text.lower())
        known = first.setdefault(" ".join(words), number)
        same.append(known)
        if known != number:
            continue
        own = held[number] = frozenset(map(" ".join, pairwise(words))) or frozenset(words)
        sketch = RMinHash(num_perm=128, seed=42)
        sketch.update(list(own))
        for other in index.query(sketch):
            if root(other) != root(number):
                shared = len(held[other] & own)
                if shared >= SIMILAR * (len(held[other]) + len(own) - shared):
                    low, high = sorted((root(other), root(number)))
                    parent[high] = low
        index.insert(number, sketch)
    groups: dict[int, list[int]] = {}
    for number, known in enumerate(same):
        groups.setdefault(root(known), []).append(number)
    return [group for group in groups.values() if len(group) > 1]


def speed(folder: Path, rounds: int = 3) -> None:
    """Print the CPU seconds of both, taking turns, and the ratio of their medians."""
    with tempfile.TemporaryDirectory() as out:
        generate(folder, "paras", "--n", "100000", "--seed", "1", "--out", out)
        texts, _ = paragraphs(out)
    spent: dict[str, list[float]] = {"blogdex": [], "rensa": []}
    for _ in range(rounds):
        for name, function in (("blogdex", near_duplicates), ("rensa", rensa_groups)):
            started = time.process_time()
            function(texts)
            spent[name].append(time.process_time() - started)
    print({name: [round(value, 2) for value in values] for name, values in spent.items()})
    ours, theirs = (statistics.median(spent[name]) for name in ("blogdex", "rensa"))
    print(f"blogdex {ours:.2f} s, rensa {theirs:.2f} s, ratio {ours / theirs:.2f}")


def large(folder: Path) -> None:
    """Print CPU seconds and peak memory at a million paragraphs."""
    with tempfile.TemporaryDirectory() as out:
        generate(folder, "paras", "--n", "1000000", "--seed", "1", "--out", out)
        texts = [json.loads(line)["text"] for line in (Path(out) / "paragraphs.jsonl").open(encoding="utf-8")]
    started = time.process_time()
    groups = near_duplicates(texts)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{len(groups):,} groups, {time.process_time() - started:.0f} s, {peak:.2f} GB")


def invent(folder: Path, file: Path, numbers: range) -> None:
    """Write invented posts as JSON lines: paragraphs of a Markov chain over the text base, most with a call to action."""
    gen = load(folder, "gen")
    drawn = random.Random(numbers.start)
    _, texts, words = gen.prep(drawn)
    chain = gen.Markov(texts)
    with file.open("w", encoding="utf-8") as stream:
        for number in numbers:
            body = [chain.para(drawn) for _ in range(drawn.randint(6, 14))]
            if drawn.random() < 0.9:
                call = drawn.choice(gen.CTA).format(b="Aster Clinic", c=drawn.choice(gen.CITY), p="(303) 555-0142")
                body.append(gen.EDITS[drawn.choice(["exact", "swap", "punct", "case"])](call, drawn, words))
            day = date(2010, 1, 4) + timedelta(days=number // 3)
            post = {"url": f"https://big.example/blog/{number}/", "title": f"Post {number}", "published": str(day)}
            stream.write(json.dumps(post | {"text": "\n\n".join(body)}) + "\n")


def again(folder: Path, posts: int = 10_000) -> None:
    """Print the CPU seconds of the command, and whether what was kept is the same as from zero."""
    with tempfile.TemporaryDirectory() as work:
        library, file = Path(work) / "library", Path(work) / "posts.jsonl"

        def run(said: str, *arguments: str) -> bytes:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            command = [sys.executable, "-m", "cli", "--library", str(library), *arguments]
            done = subprocess.run(command, check=True, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            print(f"{said:24} {after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:6.2f} s")
            return done.stdout

        invent(folder, file, range(posts))
        run("import", "import", str(file))
        run("from zero", "audit", "--json")
        run("nothing changed", "audit", "--json")
        invent(folder, file, range(posts, posts + 10))
        run("import of ten", "import", str(file))
        run("ten new posts", "audit", "--json")
        kept = run("nothing changed", "audit", "--json")
        with sqlite3.connect(library / "library.db") as connection:
            for table in ("survey", "sheet", "outlook"):
                connection.execute(f"DELETE FROM {table}")
        print("kept and fresh are", "equal" if run("from zero", "audit", "--json") == kept else "DIFFERENT")


def main(arguments: list[str]) -> None:
    """Run the measurement that was named."""
    parts = {
        "sites": sites,
        "paragraphs": collections,
        "grouping": grouping,
        "speed": speed,
        "large": large,
        "again": again,
    }
    if not arguments or arguments[0] not in parts:
        sys.exit(__doc__)
    if arguments[2:]:
        SEEDS[:] = map(int, arguments[2:])
    parts[arguments[0]](Path(arguments[1] if len(arguments) > 1 else "../bench/planted"))


if __name__ == "__main__":
    main(sys.argv[1:])
