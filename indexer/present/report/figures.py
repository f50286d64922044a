"""Sum an audit up for report and pages: its figures, what its charts show, and what is fine."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.audit.findings import Action, Audit, Fact

URGENT = ("fix-phone", "fix-email", "fix-brand", "fix-address", "location-cta")
ACTIONS = {
    "fix-phone": "old phone number",
    "fix-email": "old e-mail address",
    "fix-brand": "old name",
    "fix-address": "old address",
    "fix-url": "old link",
    "fix-link": "dead or old link",
    "fix-spelling": "mistyped name",
    "check-number": "odd number",
    "add-notice": "no notice",
    "extend-posts": "thin posts",
    "update-posts": "long unchanged",
    "fix-year": "old year",
    "fix-price": "old price",
    "add-cta": "no call to action",
    "weak-cta": "weak call to action",
    "doubled-cta": "doubled call to action",
    "location-cta": "wrong place or number",
    "merge-posts": "copied posts",
    "rewrite-posts": "posts that overlap",
    "unify-wordings": "several wordings",
    "mend-template": "template",
    "rewrite-passages": "shared passages",
}
"""What kinds of action are called."""
ROLES = {"cta": "call to action", "legal": "notice", "content": "text", "other": "text", "widget": "widget"}
_FINE = {
    "boilerplate": "No pasted paragraph has several wordings.",
    "stale": "Nothing out of date was found.",
    "cta": "Every post asks its reader for something.",
    "links": "No link leads to a page that is gone, or to an old address.",
    "notices": "No post lacks a notice that most posts have.",
    "upkeep": "No post is thin, or long unchanged where its topic lives.",
    "duplicates": "No post is a copy of another.",
    "passages": "No passage stands in two posts.",
    "template": "No page deviates from the others.",
}
_USUAL = 0.2
"""Share of posts that ask, from which on a blog usually asks: that of `checks/actions.py`."""
_MOST_KINDS = 8
_BINS = 10
"""Kinds of action that the overview names, and columns that show how much text is a post's own; chosen: at a glance."""


class Tile(NamedTuple):
    """A figure; `look` is bad where somebody should look, good where nobody need."""

    number: str
    name: str
    look: str = ""


class Part(NamedTuple):
    """A part of a whole: its name, its size, and the class that colours it."""

    name: str
    size: float
    look: str


def open_actions(audit: Audit) -> list[Action]:
    """Return the actions that nobody has accepted."""
    return [action for action in audit.actions if not action.mark.accepted]


def tiles(audit: Audit) -> list[Tile]:
    """Return the figures that an audit begins with."""
    figures = audit.summary
    stale = len({finding.post for finding in audit.stale if not finding.mark.accepted})
    copies = len({url for pair in audit.duplicates for url in (pair.a, pair.b)})
    asking = "" if not _is_asking(audit) else "bad" if figures.no_asks else "good"
    return [
        Tile(f"{figures.unique_share:.0%}", "of all words are the posts' own"),
        Tile(f"{figures.editorial_share:.0%}", "is text that editors repeat"),
        Tile(f"{stale:,}", "posts with something out of date", "bad" if stale else "good"),
        Tile(f"{figures.no_asks:,}", "posts without a call to action", asking),
        Tile(f"{copies:,}", "posts that copy others", "bad" if copies else "good"),
    ]


def fine(audit: Audit) -> dict[str, str]:
    """Return for each kind of which nothing was found the sentence that says so."""
    found = {kind: said for kind, said in _FINE.items() if not audit.findings(kind)}
    if "cta" in found and audit.summary.no_asks:
        found["cta"] = "Posts of this blog mostly ask for nothing, so that none is missed."
    return found


def shares(audit: Audit) -> tuple[list[Part], dict[str, list[Part]]]:
    """Return what the pages are made of, and how many posts have how much text of their own."""
    figures, bins = audit.summary, [0] * _BINS
    for share in audit.shares:
        kept = share.unique_share + share.editorial_share
        bins[min(_BINS - 1, int(_BINS * share.unique_share / kept)) if kept else 0] += 1
    parts = [
        Part("the posts' own", figures.unique_share, "own"),
        Part("repeated by editors", figures.editorial_share, "often"),
        Part("printed by the theme", figures.template_share, "theme"),
    ]
    return parts, {f"{at * 100 // _BINS}%": [Part("posts", number, "own")] for at, number in enumerate(bins)}


def asks(audit: Audit, facts: Mapping[str, Fact]) -> tuple[list[Part], dict[str, list[Part]]]:
    """Return how many posts ask, only invite or do neither, whole and for each year."""
    figures = audit.summary
    blank = "bad-fill" if _is_asking(audit) else "theme"
    years: dict[str, Counter[str]] = {}
    for share in audit.shares:
        fact = facts.get(share.url)
        if fact and fact.published:
            years.setdefault(str(fact.published.year), Counter())[share.ask] += 1
    looks = {"ask": ("ask", "own"), "weak": ("only invite", "often"), "none": ("have none", blank)}
    whole = {"ask": figures.asks, "weak": figures.weak_asks, "none": figures.no_asks}

    def parts(sizes: Mapping[str, int]) -> list[Part]:
        return [Part(name, sizes[kind], look) for kind, (name, look) in looks.items()]

    return parts(whole), {year: parts(years[year]) for year in sorted(years)}


def work(audit: Audit) -> list[Part]:
    """Return how many posts each kind of work is to change, most first."""
    kinds: Counter[str] = Counter()
    for action in open_actions(audit):
        kinds[action.kind] += len(action.posts)
    return [
        Part(ACTIONS.get(kind, kind), number, "bad-fill" if kind in URGENT else "often")
        for kind, number in kinds.most_common(_MOST_KINDS)
    ]


def _is_asking(audit: Audit) -> bool:
    """Tell whether posts of the blog usually ask for something, so that those that don't are amiss."""
    return audit.summary.asks >= _USUAL * audit.summary.posts
