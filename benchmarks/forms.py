"""Say how many pairs of forms of one word meet: by one term, or because a search for one form
looks for the other's.

Usage: forms.py FILE…    each named after its language, such as es.tsv, with a form and another one of the same word on a
line, made from any public dictionary of forms
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from indexer.analysis import LOOSE, ROOT, Analyzer, analyzer

PAIRS = 30_000


def names(analyse: Analyzer, form: str) -> tuple[set[str], set[str]]:
    """Return under which names a vocabulary has a form, and which of them a search for it looks up."""
    (surface, term) = analyse.pairs(form)[0]
    loose, root = analyse.loose_term(surface), analyse.root(surface)
    roots = {f"{ROOT}{root}"} if root else set()
    return {term, f"{LOOSE}{loose}", *roots}, {term, loose, f"{LOOSE}{loose}", *analyse.respelled(form), *roots}


def meet(analyse: Analyzer, one: str, other: str) -> bool:
    """Tell whether a search for each form finds the other."""
    (known, asked), (other_known, other_asked) = names(analyse, one), names(analyse, other)
    return bool(other_known & asked) and bool(known & other_asked)


def main() -> None:
    """Print the share of pairs that meet for each file."""
    for name in sys.argv[1:]:
        path = Path(name)
        pairs = [line.split("\t")[:2] for line in path.read_text(encoding="utf-8").splitlines() if "\t" in line]
        random.Random(1).shuffle(pairs)
        analyse = analyzer(path.stem)
        pairs = [(one, other) for one, other in pairs if len(analyse.pairs(one)) == len(analyse.pairs(other)) == 1]
        pairs = pairs[:PAIRS]
        stem_then_fold = sum(analyse.pairs(one)[0][1] == analyse.pairs(other)[0][1] for one, other in pairs)
        met = sum(meet(analyse, one, other) for one, other in pairs)
        print(
            f"{path.stem}: {len(pairs)} pairs, one term {stem_then_fold / len(pairs):.3f}, met {met / len(pairs):.3f}"
        )


if __name__ == "__main__":
    main()
