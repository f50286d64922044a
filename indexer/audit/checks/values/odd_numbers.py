"""Find calls to action with a number that no other call has, where all others have the owner's."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from indexer.audit.corpus import numbers_of
from indexer.audit.findings import PostFinding
from indexer.audit.marks import mark
from indexer.audit.owner.ownership import asks_for_us, is_others, sentence_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from indexer.audit.corpus import Corpus, Paragraph
    from indexer.audit.findings import Stale
    from indexer.audit.owner.identity import Identity
    from scraper.text.contacts import Value
    from scraper.text.owner import Owner

_FEWEST_CALLS = 5
_SELDOM = 0.05
"""Calls with the owner's number from which on another one is odd, and the share of calls up to which it is; chosen: a
second line of the owner's stands in more of them."""


def odd_numbers(
    corpus: Corpus, calls: Sequence[Paragraph], identity: Identity, theirs: Collection[str], stale: Sequence[Stale]
) -> Iterator[PostFinding]:
    """Yield the calls whose number is another one than in all the rest, newest post first.

    `theirs` are the numbers of the owner's places, as keys; what is stale is told already.
    """
    current = identity.current.get("phone", {})
    known = {*current, *theirs, *identity.others, *identity.old.get("phone", ()), *identity.superseded.get("phone", ())}
    told = {(finding.post, finding.found) for finding in stale}
    owner = identity.owner
    usual = 0
    found: dict[str, list[tuple[Paragraph, Value]]] = defaultdict(list)
    for call in calls:
        values = numbers_of(call)
        usual += any(value.key in current for value in values)
        if values and all(value.key not in known and _is_ours(call.text, value, owner) for value in values):
            found[values[0].key].append((call, values[0]))
    if usual < _FEWEST_CALLS:
        return
    odd = [each for seen in found.values() if len(seen) <= max(1, _SELDOM * usual) for each in seen]
    for call, value in sorted(odd, key=lambda each: (-each[0].post, each[0].block.position)):
        url = corpus.urls[call.post]
        if (url, value.shown) not in told:
            reason = f"{usual:,} other calls to action give a number of the owner's"
            expected = next(iter(current.values()))
            yield PostFinding(mark("o", url, value.key), "odd-number", url, value.shown, expected, call.text, reason)


def _is_ours(text: str, value: Value, owner: Owner) -> bool:
    """Tell whether a call says that its number is the owner's: by "call us", or by the name beside it."""
    sentence = sentence_of(text, value).lower()
    named = any(name in sentence for name in owner.names) and not is_others(text, value)
    return named or asks_for_us(text, value, owner)
