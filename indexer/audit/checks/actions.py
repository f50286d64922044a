"""Turn findings into a ranked list of what an editor can do, each with the posts it needs."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from indexer.audit.findings import Action, Audit
from indexer.audit.marks import mark
from indexer.audit.similarity.clusters import Union
from scraper.text.contacts import digits, phones
from scraper.text.words import masked_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.audit.findings import Cluster, Duplicate, Stale

_URGENT = {"phone": 6.0, "email": 5.0, "brand": 4.0, "address": 4.0, "url": 3.0, "price": 2.0, "year": 1.0}
_NAMES = {"email": "e-mail address", "brand": "name", "url": "link", "phone": "phone number"}
_MISSING, _MERGE, _UNIFY, _TEMPLATE, _PASSAGE, _DOUBLED, _WEAK = 2.0, 3.0, 1.0, 1.0, 0.3, 1.0, 0.3
_REUSED, _LITTLE = 0.4, 0.05
_SHOWN_AROUND = 4.0
"""What an action is worth for each post it mends, in weak calls to action and the like: the order in which an editor
would go about them. Chosen, not measured: what readers see around posts first, then copies, then posts that ask for
nothing."""
_FEWEST, _MANY, _STANDING = 3, 5, 0.05
"""Posts, and share of posts, from which on wordings of a paragraph are worth unifying; chosen, not measured."""
_SHOWN = 50
"""Characters of a quotation in an action; chosen: an action fits on two lines of a terminal."""
_USUAL = 0.2
_UNUSUAL = 0.002
"""Share of posts that ask, below which asking is unusual on a blog and missing calls count next to nothing; chosen: a
personal blog asks in few posts, and nothing is missing there."""


def rank(audit: Audit) -> tuple[Action, ...]:
    """Return the actions for what nobody has accepted, most urgent first."""
    found = [
        *_replace(finding for finding in audit.stale if not finding.mark.accepted),
        *_add_cta(audit),
        *_merge(finding for finding in audit.duplicates if not finding.mark.accepted),
        *_unify(finding for finding in audit.clusters if not finding.mark.accepted),
        *_mend(audit),
        *_rewrite(audit),
    ]
    found.sort(key=lambda action: (-action.weight, action.kind, action.mark.id))
    return tuple(found)


def _quote(text: str) -> str:
    return f'"{text}"' if len(text) <= _SHOWN else f'"{text[: _SHOWN - 1].rstrip()}…"'


def _posts(count: int) -> str:
    return "1 post" if count == 1 else f"{count:,} posts"


def _distinct(urls: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(urls))


def _replace(stale: Iterable[Stale]) -> Iterator[Action]:
    """Yield one action for each value that is no longer true."""
    groups: dict[tuple[str, str], list[Stale]] = defaultdict(list)
    for finding in stale:
        groups[finding.kind, _key(finding)].append(finding)
    for (kind, key), found in groups.items():
        posts = _distinct(finding.post for finding in found)
        expected = next((finding.expected for finding in found if finding.expected), None)
        noun = _NAMES.get(kind, kind)
        by = f" by {_quote(expected)}" if expected else ""
        advice = f"Replace the old {noun} {_quote(found[0].found)}{by} in {_posts(len(posts))}"
        if any(finding.learnt for finding in found):
            advice += ", as the newest posts have it"
        weight = _URGENT[kind] * len(posts) * (1 if found[0].severity == "high" else 0.3)
        yield Action(mark("a", "stale", kind, key), f"fix-{kind}", posts, advice, weight, _ids(found))


def _key(finding: Stale) -> str:
    """Return what equal values have in common, however they are written."""
    if finding.kind == "phone":
        return next((value.key for value in phones(finding.found)), digits(finding.found))
    found = finding.found.lower()
    if finding.kind == "url":
        found = found.removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return "".join(sign for sign in found if sign.isalnum())


def _ids(found: Iterable[Stale | Cluster | Duplicate]) -> tuple[str, ...]:
    return tuple(finding.mark.id for finding in found)


def _add_cta(audit: Audit) -> Iterator[Action]:
    """Yield what to do about posts that ask for nothing, only invite, or ask twice."""
    missing = [finding for finding in audit.missing_cta if not finding.mark.accepted]
    usual = 1 if audit.summary.asks >= _USUAL * audit.summary.posts else _UNUSUAL
    if missing:
        posts = tuple(finding.post for finding in missing)
        ids = tuple(finding.mark.id for finding in missing)
        advice = f"Add a call to action to {_posts(len(posts))} that {'has' if len(posts) == 1 else 'have'} none"
        weight = _MISSING * len(posts) * usual
        yield Action(mark("a", "missing-cta"), "add-cta", posts, advice, weight, ids)
    for kind, worth, words in (
        (
            "weak",
            _WEAK * usual,
            "Make the call to action explicit in {}: they invite, but don't ask to call, book or write",
        ),
        ("doubled", _DOUBLED, "Take out the second copy of a call to action in {}"),
        ("location", _URGENT["phone"], "Check the number or place in the call to action of {}"),
    ):
        notes = [note for note in audit.cta_notes if note.kind == kind and not note.mark.accepted]
        if notes:
            posts = _distinct(note.post for note in notes)
            ids = tuple(note.mark.id for note in notes)
            yield Action(
                mark("a", "cta", kind), f"{kind}-cta", posts, words.format(_posts(len(posts))), worth * len(posts), ids
            )


def _merge(duplicates: Iterable[Duplicate]) -> Iterator[Action]:
    """Yield one action for each group of posts that are copies of one another."""
    found = list(duplicates)
    together = Union()
    numbers: dict[str, int] = {}
    for finding in found:
        a, b = (numbers.setdefault(url, len(numbers)) for url in (finding.a, finding.b))
        together.join(a, b)
    groups: dict[int, list[Duplicate]] = defaultdict(list)
    for finding in found:
        groups[together.root(numbers[finding.a])].append(finding)
    for group in groups.values():
        posts = _distinct(url for finding in group for url in (finding.a, finding.b))
        whole = any(finding.kind != "partial" for finding in group)
        share = max(max(finding.a_in_b, finding.b_in_a) for finding in group)
        what = "Merge, or point one to the other," if whole else "Rewrite what is shared between"
        advice = f"{what} {_posts(len(posts))} that share up to {share:.0%} of their words"
        weight = _MERGE * (len(posts) - 1) * (1 if whole else 0.5)
        kind = "merge-posts" if whole else "rewrite-posts"
        yield Action(mark("a", "merge", *sorted(posts)[:1]), kind, posts, advice, weight, _ids(group))


def _unify(clusters: Iterable[Cluster]) -> Iterator[Action]:
    """Yield one action for each paragraph of the blog's own that stands in several wordings, and one for all others.

    The blog's own are calls to action, notices, and what stands on many posts; the others are text that editors reuse.
    """
    others: list[tuple[Cluster, tuple[str, ...]]] = []
    for cluster in clusters:
        if cluster.kind != "editorial" or cluster.copied or cluster.posts < _FEWEST:
            continue
        worded = cluster.reworded
        posts = _distinct(url for variant in worded for url in variant.posts)
        if not posts:
            continue
        formal = cluster.role in ("cta", "legal", "widget")
        if not formal and (cluster.share < _STANDING or cluster.posts < _MANY):
            others.append((cluster, posts))
            continue
        wordings = len({tuple(masked_words(variant.text)) for variant in worded}) + 1
        told = f"{len(posts):,} of {_posts(cluster.posts)} to change"
        advice = f"Unify {wordings} wordings of {_quote(cluster.text)}: {told}"
        weight = (_UNIFY if formal else _REUSED) * len(posts)
        yield Action(mark("a", "unify", cluster.mark.id), "unify-wordings", posts, advice, weight, _ids([cluster]))
    if others:
        posts = _distinct(url for _, found in others for url in found)
        what = "1 paragraph" if len(others) == 1 else f"{len(others):,} paragraphs"
        advice = f"Look through {what} reused in other words in {_posts(len(posts))}"
        found = _ids(cluster for cluster, _ in others)
        yield Action(mark("a", "unify", "reused"), "unify-wordings", posts, advice, _LITTLE * len(posts), found)


def _mend(audit: Audit) -> Iterator[Action]:
    """Yield one action for each thing that pages lack or should not show."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, finding in enumerate(audit.deviations):
        if not finding.mark.accepted:
            groups[finding.cluster, finding.subject].append(at)
    for (cluster, subject), places in groups.items():
        found = [audit.deviations[at] for at in places]
        posts = _distinct(finding.post for finding in found)
        advice = f"Mend the template of {_posts(len(posts))}: {_said(found[0].what, len(posts))}"
        ids = tuple(finding.mark.id for finding in found)
        weight = (_SHOWN_AROUND if subject.startswith(("shows ", "still shows ")) else _TEMPLATE) * len(posts)
        yield Action(mark("a", "template", cluster, subject), "mend-template", posts, advice, weight, ids)


def _said(what: str, posts: int) -> str:
    """Return what a page does as a sentence of one page or several: "shows" becomes "it shows" or "they show"."""
    if posts == 1:
        return f"it {what}"
    adverb = "still " if what.startswith("still ") else ""
    verb, _, rest = what.removeprefix(adverb).partition(" ")
    return f"they {adverb}{'have' if verb == 'has' else verb.removesuffix('s')} {rest}"


def _rewrite(audit: Audit) -> Iterator[Action]:
    """Yield one action for all passages taken over verbatim."""
    found = [finding for finding in audit.passages if not finding.mark.accepted]
    if found:
        posts = _distinct(finding.b for finding in found)
        ids = tuple(finding.mark.id for finding in found)
        what = "1 passage" if len(found) == 1 else f"{len(found):,} passages"
        advice = f"Rewrite or link {what} that {_posts(len(posts))} took over word for word from other posts"
        yield Action(mark("a", "passages"), "rewrite-passages", posts, advice, _PASSAGE * len(posts), ids)
