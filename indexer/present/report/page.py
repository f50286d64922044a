"""Write an audit as one HTML file for a meeting: no network, works without JavaScript, filters and sorts with it.

Page text is hostile: every text is escaped, only http and https addresses become links, and a content security policy
lets nothing run but the report's own script.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from indexer.audit.similarity.variants import families, steps
from indexer.present.report import figures
from indexer.present.templating import environment, short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from indexer.audit.findings import Audit, Cluster, Fact
    from indexer.audit.similarity.variants import Step

TEMPLATES = Path(__file__).parent / "templates"
CHECKED = {
    "links": ("Links", "Links to pages that are gone or were never there, and to addresses that the facts call old."),
    "notices": ("Notices", "Posts without the notice that most posts have."),
    "upkeep": ("Upkeep", "Posts with few words of their own, and posts left unchanged whose topic lives."),
}
"""The lists of checks that have a section: its name and what it says."""
_MOST = {"rows": 100, "posts": 1000, "listed": 30, "wordings": 20, "clusters": 25, "text": 240}
"""Rows of a table, of the table of all posts, posts of a list, wordings and clusters, signs of a paragraph: so that a
report of 1,000 posts stays below 700 kB (`audit-KIND.csv` has all)."""
_FIRST = {"actions": 10, "wordings": 3, "clusters": 12, "paper": 25, "short": 12}
"""Of these so many stand open or are printed; the rest is folded. `report.css` has the same for clusters and rows."""
_DOTS = 700
"""Width of the line that shows when posts with a paragraph were published."""
_AROUND = 90
_KEPT, _EDGE = 24, 10
"""Signs around a value; words in a row that two texts share, and how many of them stay at each end of longer runs."""


def render(audit: Audit, title: str, made: date) -> str:
    """Return the report as HTML. `title` is the blog's key, `made` is the day the report bears."""
    facts = {fact.url: fact for fact in audit.posts}
    days = sorted(fact.published for fact in audit.posts if fact.published)
    clusters = [cluster for cluster in audit.clusters if cluster.kind == "editorial" and not cluster.copied]
    values: Mapping[str, Any] = {
        "audit": audit,
        "key": title,
        "name": audit.name or title,
        "made": made,
        "facts": facts,
        "first": days[0] if days else None,
        "last": days[-1] if days else None,
        "all_new": all(action.mark.new for action in audit.actions),
        "actions": figures.open_actions(audit),
        "clusters": sorted(clusters, key=lambda cluster: (cluster.mark.accepted, -cluster.posts)),
        "template": [cluster for cluster in audit.clusters if cluster.kind == "template"],
        "figures": figures,
        "fine": figures.fine(audit),
        "checked": CHECKED,
        "most": _MOST,
        "open": _FIRST,
        "families": families,
        "dots": partial(_dots, facts=facts, days=days),
        "changes": _changes,
        "around": _around,
        "policy": policy(),
        "style": Markup(_style()),
        "script": Markup(_asset("report.js")),
    }
    return environment(TEMPLATES).get_template("report.html").render(values)


def policy() -> str:
    """Return the content security policy of a report: its own style and script, and nothing else."""
    style, script = (b64encode(sha256(own.encode()).digest()).decode() for own in (_style(), _asset("report.js")))
    own = f"style-src 'sha256-{style}'; script-src 'sha256-{script}'"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


@cache
def _style() -> str:
    """Return the style, with a class for each length of a bar, as a style of its own is against the policy."""
    lengths = "".join(f".a{share}{{--a:{share}%}}.b{share}{{--b:{share}%}}" for share in range(101))
    return _asset("report.css") + lengths


def _dots(cluster: Cluster, facts: Mapping[str, Fact], days: list[date]) -> dict[str, list[int]]:
    """Return where on the line of all days the posts stand that have the central wording, and those with others."""
    span = (days[-1] - days[0]).days if days else 0
    found: dict[str, list[int]] = {"often": [], "own": []}
    for number, variant in enumerate(cluster.variants if span else ()):
        known = (facts.get(url) for url in variant.posts)
        places = ((fact.published - days[0]).days * _DOTS // span for fact in known if fact and fact.published)
        found["often" if number else "own"].extend(places)
    return {look: sorted(set(places)) for look, places in found.items() if places}


def _changes(old: str, new: str) -> Iterator[Step]:
    """Yield how two texts differ; of long stretches that both have, the ends."""
    found = list(steps(old, new))
    for at, step in enumerate(found):
        words = step.text.split()
        if step.change == "same" and len(words) > _KEPT:
            head = " ".join(words[:_EDGE]) if at else ""
            tail = " ".join(words[-_EDGE:]) if at < len(found) - 1 else ""
            yield step._replace(text=f"{head} … {tail}".strip())
        else:
            yield step


def _around(text: str, value: str) -> tuple[str, str, str]:
    """Return the words before a value in a text, the value, and those after it; all as the value where it is not."""
    at = text.find(value)
    if at < 0:
        return short(text, 2 * _AROUND), "", ""
    start, end = max(0, at - _AROUND), min(len(text), at + len(value) + _AROUND)
    return (
        ("…" if start else "") + text[start:at],
        value,
        text[at + len(value) : end] + ("…" if end < len(text) else ""),
    )
