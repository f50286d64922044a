"""Train the block classifier on the development split, and cross-validate it by domain.

    python -m benchmarks.train_extractor ../bench/extract --cross-validate
    python -m benchmarks.train_extractor ../bench/extract --write scraper/extraction/classifier.json

Needs scikit-learn (the `bench` extra). Only the pages and gold texts of the folder given are used.
"""

from __future__ import annotations

import argparse
import gzip
import json
import pickle
import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from benchmarks.labels import Sample, samples_of
from scraper.blocks import outline
from scraper.extract import settled
from scraper.extraction.container import choose
from scraper.extraction.features import NAMES, PageFeatures
from scraper.extraction.selection import copies_of, kept_alone
from scraper.markup import parse

ABOUT = (
    "Boosted trees over the block signals of scraper/extraction/features.py, made by benchmarks/train_extractor.py. Trained on the "
    "article pages of the development split of the Web Content Extraction Benchmark (WCXB), CC-BY-4.0, (c) 2026 Murrough "
    "Foley, https://github.com/Murrough-Foley/web-content-extraction-benchmark, and on variants of them made here."
)
TREES = {
    "max_iter": 140,
    "learning_rate": 0.1,
    "max_leaf_nodes": 16,
    "min_samples_leaf": 40,
    "l2_regularization": 5.0,
    "early_stopping": False,
    "random_state": 1,
}
VARIANT_WEIGHT = 0.5
SPARED_NEGATIVES = 0.25
"""Share of the blocks that are no content that are trained on, weighed up: most blocks are such."""


def load(folder: Path, variants: int, cache: Path | None) -> list[Sample]:
    """Return the samples of every page, made by two processes, or read from a cache of ours."""
    if cache and cache.exists():
        return pickle.loads(cache.read_bytes())
    known = [json.loads(line) for line in (folder / "gold.jsonl").read_text(encoding="utf-8").split("\n") if line]
    foreign = [
        f"{sentence.strip()}."
        for page in known
        for sentence in re.split(r"(?<=[.!?])\s+", page["text"])[:60:6]
        if 4 <= len(sentence.split()) <= 40
    ]
    with ProcessPoolExecutor(2) as pool:
        found = pool.map(partial(_load_one, folder=folder, foreign=foreign, variants=variants), known, chunksize=8)
        samples = [sample for some in found for sample in some]
    if cache:
        cache.write_bytes(pickle.dumps(samples))
    return samples


def _load_one(known: dict[str, Any], folder: Path, foreign: list[str], variants: int) -> list[Sample]:
    body = gzip.decompress((folder / "html" / f"{known['id']}.html.gz").read_bytes())
    made = list(samples_of(body, known, foreign, variants))
    for sample in made:
        sample.rows = np.array(sample.rows, dtype=np.float32)  # type: ignore[assignment]
    return made


def weights(sample: Sample) -> np.ndarray:
    """Return what an error on each block costs the page's F1, roughly."""
    words = np.array(sample.outline.words)
    gold = max(30.0, float((words * np.array(sample.labels)).sum()))
    cost = np.minimum(words, 0.25 * gold) + 0.004 * gold
    return cost / np.sqrt(cost.sum() * gold) * (VARIANT_WEIGHT if sample.variant else 1.0)


def fit(samples: list[Sample]) -> HistGradientBoostingClassifier:
    """Fit the trees."""
    draw = np.random.default_rng(1)
    rows, labels, costs = [], [], []
    for sample in samples:
        label = np.array(sample.labels)
        spared = (label > 0) | (draw.random(len(label)) < SPARED_NEGATIVES)
        cost = np.where(label > 0, weights(sample), weights(sample) / SPARED_NEGATIVES)
        rows.append(np.asarray(sample.rows)[spared])
        labels.append(label[spared])
        costs.append(cost[spared])
    cost = np.concatenate(costs)
    model = HistGradientBoostingClassifier(**TREES)
    return model.fit(np.vstack(rows), np.concatenate(labels), sample_weight=cost * len(cost) / cost.sum())


def export(model: HistGradientBoostingClassifier) -> dict[str, Any]:
    """Return the trees in the form that `scraper.extraction.classifier` reads."""
    trees = [stage[0].nodes for stage in model._predictors]
    used = sorted({int(node["feature_idx"]) for nodes in trees for node in nodes if not node["is_leaf"]})
    place = {signal: at for at, signal in enumerate(used)}

    def branch(nodes: Any, at: int) -> Any:  # noqa: ANN401
        node = nodes[at]
        if node["is_leaf"]:
            return round(float(node["value"]), 4)
        threshold = float(f"{node['num_threshold']:.6g}")
        return [
            place[int(node["feature_idx"])],
            threshold,
            branch(nodes, node["left"]),
            branch(nodes, node["right"]),
        ]

    return {
        "about": ABOUT,
        "features": [NAMES[signal] for signal in used],
        "base": round(float(np.ravel(model._baseline_prediction)[0]), 4),
        "trees": [branch(nodes, 0) for nodes in trees],
    }


def word_f1(text: str, gold: str) -> float:
    """Return the F1 of two bags of words."""
    one, other = Counter(re.findall(r"\w+", text.lower())), Counter(re.findall(r"\w+", gold.lower()))
    hits = sum((one & other).values())
    return 2 * hits / (sum(one.values()) + sum(other.values())) if hits else 0.0


def text_of(sample: Sample, probabilities: list[float]) -> str:
    """Return the text that these chances lead to, without what completes and mends it on a page itself."""
    page = sample.outline
    chosen = choose(page, probabilities)
    first, last = page.first[chosen.element], page.last[chosen.element]
    return "\n".join(page.texts[at] for at in range(first, last) if probabilities[at] >= chosen.keep_from)


def text_on_page(body: bytes, probabilities: list[float]) -> str:
    """Return the text that these chances lead to on a page, by all the rules of `scraper.extract`."""
    tree = parse(body)
    whole = PageFeatures(outline(tree), tree)
    kept = kept_alone(whole, settled(whole, probabilities))
    copies = copies_of(whole, kept)
    return "\n".join(text for at, text in enumerate(whole.page.texts) if kept[at] and at not in copies)


def cross_validate(samples: list[Sample], folder: Path, folds: int) -> dict[tuple[str, str], float]:
    """Return for each page and variant the F1 by a model that has seen no page of its domain."""
    scores: dict[tuple[str, str], float] = {}
    some = [sample for sample in samples if len(sample.rows)]
    domains = np.array([sample.domain for sample in some])
    for train, test in GroupKFold(folds).split(domains, groups=domains):
        model = fit([some[at] for at in train])
        told = model.predict_proba(np.vstack([some[at].rows for at in test]))[:, 1]
        ends = np.cumsum([len(some[at].rows) for at in test])[:-1]
        for at, probabilities in zip(test, np.split(told, ends), strict=True):
            sample = some[at]
            text = (
                text_of(sample, probabilities.tolist()) if sample.variant else _on_page(folder, sample, probabilities)
            )
            scores[sample.page, sample.variant] = word_f1(text, sample.gold)
    return scores


def _on_page(folder: Path, sample: Sample, probabilities: np.ndarray) -> str:
    return text_on_page(
        gzip.decompress((folder / "html" / f"{sample.page}.html.gz").read_bytes()), probabilities.tolist()
    )


def report(samples: list[Sample], scores: dict[tuple[str, str], float], peers: dict[str, dict[str, float]]) -> None:
    """Print means of the pages, by length, beside the peers' on the same pages, and of the variants by their changes."""
    real = [sample for sample in samples if not sample.variant]

    def line(name: str, some: list[Sample]) -> None:
        columns = {"ours": [scores.get((sample.page, sample.variant), 0.0) for sample in some]}
        if some and not some[0].variant:
            columns |= {peer: [known[sample.page] for sample in some] for peer, known in peers.items()}
        told = [f"{peer} {np.mean(v):.4f} ({sum(f < 0.8 for f in v)} below .8)" for peer, v in columns.items() if v]
        print(f"{name}, {len(some)} pages:", ", ".join(told))

    line("blog", [sample for sample in real if sample.is_blog])
    line("all", real)
    for least, most in ((0, 150), (150, 300), (300, 600), (600, 1200), (1200, 10**6)):
        line(f"{least}-{most} words", [s for s in real if least <= len(s.gold.split()) < most])
    for change in ("short", "thin", "rich", "frame", "comments", "unnamed", "script"):
        line(f"variant {change}", [sample for sample in samples if change in sample.variant])


def _peers(folder: Path) -> dict[str, dict[str, float]]:
    """Return each page's F1 by trafilatura, as stored with the pages."""
    stored = json.loads((folder / "peers.json").read_text(encoding="utf-8")) if (folder / "peers.json").exists() else {}
    return {
        name: {page: score["f"] for page, score in stored[name].items()}
        for name in ("trafilatura_default", "trafilatura_recall")
        if name in stored
    }


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--variants", type=int, default=3)
    parser.add_argument("--cache", type=Path, help="pickle with the samples: made if missing, trusted if there")
    parser.add_argument("--scores", type=Path, help="write the cross-validated score of each page here")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    samples = load(options.folder, options.variants, options.cache)
    if options.cross_validate:
        scores = cross_validate(samples, options.folder, options.folds)
        report(samples, scores, _peers(options.folder))
        if options.scores:
            plain = {page: score for (page, variant), score in scores.items() if not variant}
            options.scores.write_text(json.dumps(plain))
    if options.write:
        options.write.write_text(json.dumps(export(fit(samples)), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
