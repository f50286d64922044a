"""Give each block the probability that it belongs to the article, by a few small trees trained beforehand.

`benchmarks/train_extractor.py` makes the data file beside this module, which says what it was trained on.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from math import exp
from typing import TYPE_CHECKING, Any, Final

from scraper.extraction.features import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


SURE: Final = 3.0
"""Log-odds from which the trees that are left are not asked; most blocks are menu items that the first tell."""

_ASKED_TOGETHER: Final = 12
"""Trees after which blocks whose verdict is settled drop out; chosen: a test after each tree would cost as much as the
tree."""


def predict(rows: Iterable[Sequence[float]]) -> list[float]:
    """Return for each row of features the probability, 0-1, that its block is content."""
    odds = _odds()
    return [1 / (1 + exp(-odds(row))) for row in rows]


@lru_cache(maxsize=1)
def _odds() -> Callable[[Sequence[float]], float]:
    """Return the trees as one function, made once a process. Raise `ValueError` for trees over other features.

    Trees written out as conditional expressions run in half the time of a walk over nodes (3.2 against 7.1 ms a page).
    Only numbers of the data file reach the source.
    """
    plain = json.loads(files("scraper.extraction").joinpath("classifier.json").read_text(encoding="utf-8"))
    number = {name: index for index, name in enumerate(NAMES)}
    unknown = set(plain["features"]) - set(number)
    if unknown:
        raise ValueError(f"classifier.json was trained with features that are gone: {sorted(unknown)}")
    features = [number[name] for name in plain["features"]]
    lines = ["def odds(row):", f" total = {float(plain['base'])!r}"]
    for place, tree in enumerate(plain["trees"], 1):
        lines.append(f" total += {_expression(tree, features)}")
        if place % _ASKED_TOGETHER == 0:
            lines.append(f" if not {-SURE} < total < {SURE}: return total")
    lines.append(" return total")
    made: dict[str, Callable[[Sequence[float]], float]] = {}
    exec(compile("\n".join(lines), "classifier.json", "exec"), made)
    return made["odds"]


def _expression(node: Any, features: Sequence[int]) -> str:  # noqa: ANN401
    """Return a tree as an expression: a leaf is its value, a node is [feature, threshold, low side, high side]."""
    if not isinstance(node, list):
        return repr(float(node))
    feature, threshold, low, high = node
    test = f"row[{int(features[feature])}] <= {float(threshold)!r}"
    return f"({_expression(low, features)} if {test} else {_expression(high, features)})"
