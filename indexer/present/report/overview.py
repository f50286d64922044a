"""Show an audit at a glance: figures, and small charts of what pages are made of, what they ask for, and what to do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from indexer.present.report.charts import Part, bars, columns, legend, stacked_bar
from indexer.present.report.hypertext import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from indexer.audit.findings import Action, Audit, Fact

URGENT = ("fix-phone", "fix-email", "fix-brand", "fix-address", "location-cta")
KINDS = {
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
"""What kinds of action are called on the page."""

_USUAL = 0.2
"""Share of posts that ask, from which on a blog usually asks: that of `checks/actions.py`."""
_MOST_KINDS = 8
"""Kinds of action that the overview names; chosen: a list at a glance."""


def open_actions(audit: Audit) -> list[Action]:
    """Return the actions that nobody has accepted."""
    return [action for action in audit.actions if not action.mark.accepted]


def overview(audit: Audit, facts: Mapping[str, Fact]) -> Iterator[str]:
    """Yield the section with the figures and charts."""
    found = audit.summary
    stale = len({finding.post for finding in audit.stale})
    copies = len({url for finding in audit.duplicates for url in (finding.a, finding.b)})
    missing = "" if not _is_usual(audit) else "bad" if found.no_asks else "good"
    yield '<section id="overview"><div class="tiles">'
    for number, name, look in (
        (f"{found.unique_share:.0%}", "of all words are the posts' own", ""),
        (f"{found.editorial_share:.0%}", "is text that editors repeat", ""),
        (f"{stale:,}", "posts with a stale value", "bad" if stale else "good"),
        (f"{found.no_asks:,}", "posts without a call to action", missing),
        (f"{copies:,}", "posts that copy others", "bad" if copies else "good"),
    ):
        yield f'<div class="tile {look}"><b>{number}</b><span>{name}</span></div>'
    yield '</div><div class="charts">'
    yield _shares_chart(audit)
    yield _cta_chart(audit, facts)
    yield _work_chart(audit)
    yield "</div>"
    if audit.expected:
        items = "".join(f"<li>{text(line)}</li>" for line in audit.expected)
        yield "<details class=short><summary>What was taken for true today</summary>"
        yield f'<ul class="posts">{items}</ul></details>'
    yield "</section>"


def _is_usual(audit: Audit) -> bool:
    """Tell whether posts of the blog usually ask for something, so that those that don't are amiss."""
    return audit.summary.asks >= _USUAL * audit.summary.posts


def _shares_chart(audit: Audit) -> str:
    found = audit.summary
    parts = (
        Part("the posts' own", found.unique_share, "own"),
        Part("repeated by editors", found.editorial_share, "often"),
        Part("printed by the theme", found.template_share, "theme"),
    )
    bins = [0] * 10
    for share in audit.shares:
        kept = share.unique_share + share.editorial_share
        bins[min(9, int(10 * share.unique_share / kept)) if kept else 0] += 1
    groups = {f"{at * 10}%": (Part("posts", number, "own"),) for at, number in enumerate(bins)}
    shown = [f"{part.size:.0%}" for part in parts]
    chart = stacked_bar(parts, "What the pages are made of", 22) + legend(parts, shown)
    spread = columns(groups, "Posts by how much of their text is their own", 120)
    return (
        f"<figure><figcaption>What the pages are made of</figcaption>{chart}"
        f'<p class="when">Posts by how much of their text is their own</p>{spread}</figure>'
    )


def _cta_chart(audit: Audit, facts: Mapping[str, Fact]) -> str:
    found = audit.summary
    blank = "bad-fill" if _is_usual(audit) else "theme"
    parts = (
        Part("ask", found.asks, "own"),
        Part("only invite", found.weak_asks, "often"),
        Part("have none", found.no_asks, blank),
    )
    years: dict[str, Counter[str]] = {}
    for share in audit.shares:
        fact = facts.get(share.url)
        if fact and fact.published:
            years.setdefault(str(fact.published.year), Counter())[share.ask] += 1
    looks = (("ask", "own"), ("weak", "often"), ("none", blank))
    groups = {year: tuple(Part(kind, years[year][kind], look) for kind, look in looks) for year in sorted(years)}
    chart = stacked_bar(parts, "Calls to action", 22) + legend(parts, [f"{part.size:,.0f}" for part in parts])
    by_year = (
        f'<p class="when">By year of publication</p>{columns(groups, "Calls to action by year", 120)}' if groups else ""
    )
    return f"<figure><figcaption>Does a post ask its reader for something?</figcaption>{chart}{by_year}</figure>"


def _work_chart(audit: Audit) -> str:
    """Return a bar for each kind of work, as long as the posts are many."""
    kinds: Counter[str] = Counter()
    for action in open_actions(audit):
        kinds[action.kind] += len(action.posts)
    if not kinds:
        return '<figure><figcaption>Posts to change</figcaption><p class="none">Nothing to do.</p></figure>'
    rows = [
        Part(KINDS.get(kind, kind), number, "bad-fill" if kind in URGENT else "often")
        for kind, number in kinds.most_common(_MOST_KINDS)
    ]
    chart = bars(rows, "Posts to change by kind of work")
    return f"<figure><figcaption>Posts to change, by kind of work</figcaption>{chart}</figure>"
