"""Give each block the probability that it belongs to the article, by a few small trees trained beforehand.

`benchmarks/train_extractor.py` makes the data file beside this module, which says what it was trained on.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from math import exp
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from scraper.signals import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


SURE: Final = 4.5
"""Log-odds from which the trees that are left are not asked; most blocks are menu items that the first tell."""

_PART: Final = 35


class Model(NamedTuple):
    """Boosted trees in parts of `_PART`: a node is a leaf's value or (signal, threshold, low side, high side)."""

    base: float
    parts: tuple[tuple[Any, ...], ...]


def probabilities(rows: Iterable[Sequence[float]]) -> list[float]:
    """Return for each row of signals the probability, 0-1, that its block is content."""
    base, parts = _model()
    found: list[float] = []
    for row in rows:
        total = base
        for trees in parts:
            for node in trees:
                while type(node) is tuple:
                    node = node[2] if row[node[0]] <= node[1] else node[3]
                total += node
            if not -SURE < total < SURE:
                break
        found.append(1 / (1 + exp(-max(-30.0, min(30.0, total)))))
    return found


@lru_cache(maxsize=1)
def _model() -> Model:
    """Read the data file once a process. Raise `ValueError` where it was made for other signals."""
    plain = json.loads(files("scraper").joinpath("classifier.json").read_text(encoding="utf-8"))
    number = {name: index for index, name in enumerate(NAMES)}
    unknown = set(plain["signals"]) - set(number)
    if unknown:
        raise ValueError(f"classifier.json was trained with signals that are gone: {sorted(unknown)}")
    signals = [number[name] for name in plain["signals"]]
    trees = tuple(_tree(tree, signals) for tree in plain["trees"])
    return Model(plain["base"], tuple(trees[at : at + _PART] for at in range(0, len(trees), _PART)))


def _tree(plain: Any, signals: Sequence[int]) -> Any:  # noqa: ANN401
    """Turn a node from JSON lists to tuples that name signals by their place in a row."""
    if not isinstance(plain, list):
        return float(plain)
    signal, threshold, low, high = plain
    return (signals[signal], float(threshold), _tree(low, signals), _tree(high, signals))
