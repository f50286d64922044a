"""Write an audit as one HTML file for a meeting: no network, works without JavaScript, filters and sorts with it.

Page text is hostile: every text is escaped, only http and https addresses become links, and a content security policy
lets nothing run but the report's own script.
"""

from __future__ import annotations

from base64 import b64encode
from functools import partial
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from indexer.audit.similarity.variants import families
from indexer.present.report.charts import Part, stacked_bar, timeline
from indexer.present.report.hypertext import diff, link, marked, select, short, text
from indexer.present.report.overview import KINDS, URGENT, open_actions, overview
from indexer.quantities import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from indexer.audit.findings import (
        Action,
        Audit,
        Cluster,
        Duplicate,
        Fact,
        Mark,
        Passage,
        PostFinding,
        Stale,
        Variant,
    )

FIRST_ACTIONS = 10
CHECKED = {
    "links": ("Links", "Links to pages that are gone or were never there, and to addresses that the facts call old."),
    "notices": ("Notices", "Posts without the notice that most posts have."),
    "upkeep": ("Upkeep", "Posts with few words of their own, and posts left unchanged whose topic lives."),
}
"""The lists of checks that have a section: its name and what it says."""
MOST_ROWS = 500
MOST_VARIANTS = 60
FIRST_VARIANTS = 3
MOST_CLUSTERS = 150
FIRST_CLUSTERS = 12
SHORT_LIST = 12
"""A list of so many posts is printed open; longer ones stay folded on paper."""

ON_PAPER = 25
"""A table is printed with so many rows, as `report.css` has it."""

ROLES = {"cta": "call to action", "legal": "notice", "content": "text", "other": "text", "widget": "widget"}


def render(audit: Audit, title: str, made: date) -> str:
    """Return the report as HTML. `title` names the blog, `made` is the day the report bears."""
    return "".join(_Report(audit, title, made).page())


def policy() -> str:
    """Return the content security policy of a report: its own style and script, and nothing else."""
    style, script = (b64encode(sha256(_asset(f"report.{kind}").encode()).digest()).decode() for kind in ("css", "js"))
    own = f"style-src 'sha256-{style}'; script-src 'sha256-{script}'"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def _asset(name: str) -> str:
    return (files("indexer.present.report") / "templates" / name).read_text(encoding="utf-8")


class _Report:
    """Hold what the parts of one report share."""

    def __init__(self, audit: Audit, title: str, made: date) -> None:
        self.audit, self.title, self.made = audit, title, made
        self.facts: dict[str, Fact] = {fact.url: fact for fact in audit.posts}
        self.all_new = all(action.mark.new for action in audit.actions)
        days = sorted(fact.published for fact in audit.posts if fact.published)
        self.first: date | None = days[0] if days else None
        self.last: date | None = days[-1] if days else None

    def page(self) -> Iterator[str]:
        """Yield the page in order."""
        yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        yield f'<meta http-equiv="Content-Security-Policy" content="{escape(policy())}">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield '<meta name="generator" content="blogdex"><meta name="referrer" content="no-referrer">'
        yield f"<title>Audit of {text(self.title)}</title><style>{_asset('report.css')}</style></head><body>"
        yield from self._header()
        yield from self._nav()
        yield "<main>"
        parts: tuple[Callable[[], Iterator[str]], ...] = (
            self._overview,
            self._actions,
            self._clusters,
            self._stale,
            self._cta,
            *(partial(self._checked, kind) for kind in CHECKED),
            self._duplicates,
            self._passages,
            self._template,
            self._posts,
        )
        for part in parts:
            yield from part()
        yield "</main>"
        yield f"<footer>Made by blogdex on {self.made.isoformat()}. This file holds everything it shows.</footer>"
        yield f"<script>{_asset('report.js')}</script></body></html>\n"

    def _header(self) -> Iterator[str]:
        found = self.audit.summary
        span = f", {self.first:%B %Y} to {self.last:%B %Y}" if self.first and self.last else ""
        yield f'<header><p class="kicker">Blog audit</p><h1>{text(self.title)}</h1>'
        size = f"{count(found.posts, 'post')}{span} · {count(found.words, 'word')}"
        yield f'<p class="lead">{size} · {self.made.day} {self.made:%B %Y}</p>'
        yield "</header>"

    def _nav(self) -> Iterator[str]:
        yield '<nav aria-label="Sections"><ul>'
        for anchor, name, number in (
            ("actions", "To do", len(open_actions(self.audit))),
            ("repeated", "Repeated", sum(c.kind == "editorial" and not c.copied for c in self.audit.clusters)),
            ("stale", "Stale", len(self.audit.stale)),
            ("cta", "Calls to action", len(self.audit.missing_cta)),
            *((kind, name, len(self.audit.checks_of(kind))) for kind, (name, _) in CHECKED.items()),
            ("duplicates", "Copies", len(self.audit.duplicates) + len(self.audit.series)),
            ("passages", "Passages", len(self.audit.passages)),
            ("template", "Template", len(self.audit.deviations)),
            ("posts", "Posts", self.audit.summary.posts),
        ):
            yield f'<li><a href="#{anchor}">{name} <span class="n">{number:,}</span></a></li>'
        yield '<li class="find js-only"><input id="find" type="search" placeholder="Filter: a word, a post, an id" '
        yield 'aria-label="Filter everything on this page"></li></ul></nav>'

    def _post(self, url: str, *, day: bool = True) -> str:
        """Return a post as a link with its title and day."""
        fact = self.facts.get(url)
        title = (fact.title if fact else None) or url
        when = f' <span class="when">{fact.published.isoformat()}</span>' if day and fact and fact.published else ""
        return link(url, title) + when

    def _list(self, urls: Sequence[str], *, on_paper: bool = False) -> str:
        """Return posts behind a fold, a single one as it is; `on_paper` opens a short list when the page is printed."""
        if len(urls) == 1:
            return f'<p class="one">{self._post(urls[0])}</p>'
        items = "".join(f"<li>{self._post(url)}</li>" for url in urls[:MOST_ROWS])
        more = f'<li class="none">and {len(urls) - MOST_ROWS:,} more</li>' if len(urls) > MOST_ROWS else ""
        short = " class=short" if on_paper and len(urls) <= SHORT_LIST else ""
        summary = count(len(urls), "post")
        return f'<details{short}><summary>{summary}</summary><ul class="posts">{items}{more}</ul></details>'

    def _chips(self, mark: Mark, *facts: str, lead: str = "") -> str:
        chips = [f'<span class="chip">{text(fact)}</span>' for fact in facts if fact]
        if mark.new and not self.all_new:
            chips.insert(0, '<span class="chip new">new</span>')
        if mark.accepted:
            chips.insert(0, '<span class="chip good">accepted</span>')
        return f'<div class="chips">{lead}{"".join(chips)}<span class="id">{text(mark.id)}</span></div>'

    @staticmethod
    def _section(anchor: str, title: str, lead: str) -> str:
        return f'<section id="{anchor}"><h2>{title}</h2><p class="lead">{lead}</p>'

    def _overview(self) -> Iterator[str]:
        return overview(self.audit, self.facts)

    # What to do

    def _actions(self) -> Iterator[str]:
        actions = open_actions(self.audit)
        yield self._section(
            "actions",
            "What to do",
            "Most urgent first: what misleads readers, then what is missing, then what is untidy.",
        )
        if not actions:
            yield '<p class="none">Nothing to do.</p></section>'
            return
        yield select({action.kind: KINDS.get(action.kind, action.kind) for action in actions})
        yield '<ol class="actions">'
        top = actions[0].weight or 1.0
        for at, action in enumerate(actions[:MOST_ROWS]):
            if at == FIRST_ACTIONS:
                yield f"</ol><details><summary>{len(actions) - at:,} more, smaller ones</summary>"
                yield '<ol class="actions">'
            yield self._action(action, action.weight / top)
        yield "</ol>" + ("</details>" if len(actions) > FIRST_ACTIONS else "")
        yield '<p class="nothing">Nothing here fits the filter.</p></section>'

    def _action(self, action: Action, share: float) -> str:
        look = ' class="urgent"' if action.kind in URGENT else ""
        meter = (
            '<svg class="meter" viewBox="0 0 100 1" preserveAspectRatio="none"><title>weight</title>'
            f'<rect width="{max(2.0, share * 100):.0f}" height="1"/></svg>'
        )
        return (
            f'<li{look} data-item="{text(action.kind)}"><div><h3>{text(action.advice)}</h3>'
            f"{self._chips(action.mark, KINDS.get(action.kind, action.kind), lead=meter)}"
            f"{self._list(action.posts, on_paper=True)}</div></li>"
        )

    # Repeated paragraphs

    def _clusters(self) -> Iterator[str]:
        found = [c for c in self.audit.clusters if c.kind == "editorial" and not c.copied]
        found.sort(key=lambda cluster: (cluster.mark.accepted, -cluster.posts))
        lead = (
            "Paragraphs that editors paste into posts, each with its wordings. "
            "Against the wording at the centre, <del>words left out</del> and <ins>words put in</ins>."
        )
        yield self._section("repeated", "Repeated paragraphs", lead)
        if not found:
            yield '<p class="none">No paragraph recurs.</p>'
        else:
            yield select({role: ROLES.get(role, role) for role in sorted({cluster.role for cluster in found})})
        for cluster in found[:MOST_CLUSTERS]:
            yield from self._cluster(cluster)
        if len(found) > FIRST_CLUSTERS:
            yield f'<p class="paper">and {len(found) - FIRST_CLUSTERS:,} more in the file itself</p>'
        if len(found) > MOST_CLUSTERS:
            yield f'<p class="none">and {len(found) - MOST_CLUSTERS:,} more, on few posts each.</p>'
        yield '<p class="nothing">Nothing here fits the filter.</p></section>'

    def _cluster(self, cluster: Cluster) -> Iterator[str]:
        yield f'<article class="card" data-item="{text(cluster.role)}"><blockquote>{text(cluster.text)}</blockquote>'
        yield self._chips(
            cluster.mark,
            count(cluster.posts, "post"),
            f"{cluster.share:.0%} of all",
            self._wordings(cluster),
            ROLES.get(cluster.role, ""),
            cluster.place,
        )
        yield self._timeline(cluster)
        if len(cluster.variants) == 1:
            yield self._list(cluster.urls) + "</article>"
            return
        yield self._variant(cluster, cluster.variants[0])
        if cluster.filled:
            posts = len({url for variant in cluster.filled for url in variant.posts})
            said = f"{count(posts, 'post')} with the same words, but other names, numbers or links"
            yield self._fold(cluster, cluster.filled, said)
        reworded = families(cluster)
        yield from (self._variant(cluster, variant) for variant in reworded[:FIRST_VARIANTS])
        if rest := reworded[FIRST_VARIANTS:]:
            yield self._fold(cluster, rest, count(len(rest), "more wording"))
        yield "</article>"

    def _fold(self, cluster: Cluster, variants: Sequence[Variant], said: str) -> str:
        rows = "".join(self._variant(cluster, variant) for variant in variants[:MOST_VARIANTS])
        left = len(variants) - MOST_VARIANTS
        more = f'<p class="none">and {left:,} more</p>' if left > 0 else ""
        return f"<details><summary>{said}</summary>{rows}{more}</details>"

    @staticmethod
    def _wordings(cluster: Cluster) -> str:
        """Say in how many wordings a paragraph stands, and whether they are more than other names and numbers."""
        if len(cluster.variants) == 1:
            return "always the same words"
        said = count(len(cluster.variants), "wording")
        return said if cluster.reworded else f"{said}, only names and numbers differ"

    def _timeline(self, cluster: Cluster) -> str:
        if not self.first or not self.last or self.first == self.last:
            return ""
        days = (self.last - self.first).days
        dots = []
        for number, variant in enumerate(cluster.variants):
            for url in variant.posts:
                fact = self.facts.get(url)
                if fact and fact.published:
                    dots.append(((fact.published - self.first).days / days, int(number > 0)))
        dots.sort(key=lambda dot: -dot[1])
        chart = timeline(dots[:400], f"Posts with this paragraph, {self.first.year} to {self.last.year}", 700, 18)
        others = ": the wording above, and others in amber" if len(cluster.variants) > 1 else ""
        return f'{chart}<p class="when">{self.first.year} to {self.last.year}{others}</p>'

    def _variant(self, cluster: Cluster, variant: Variant) -> str:
        span = ""
        if variant.first and variant.last:
            one, other = f"{variant.first:%Y-%m}", f"{variant.last:%Y-%m}"
            span = one if one == other else f"{one} to {other}"
        words = diff(cluster.text, variant.text) if variant.diff else text(variant.text)
        if variant.text == cluster.text:
            words = '<span class="none">the wording above</span>'
        return (
            f'<div class="variant"><div class="count"><b>{variant.count:,}</b> '
            f"{'post' if variant.count == 1 else 'posts'}<span>{span}</span></div>"
            f"<div><p>{words}</p>{self._list(variant.posts)}</div></div>"
        )

    # Tables

    def _table(self, heads: Sequence[str], rows: Iterable[str]) -> str:
        cells = "".join(
            f"<th data-sort{' class=num' if head.endswith('#') else ''}>{head.rstrip('#')}</th>" for head in heads
        )
        lines = list(rows)
        left = len(lines) - ON_PAPER
        more = f'<p class="paper">and {left:,} more in the file itself</p>' if left > 0 else ""
        body = f"<table><thead><tr>{cells}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
        return f'<div class="card long">{body}{more}</div>'

    def _stale(self) -> Iterator[str]:
        audit = self.audit
        yield self._section("stale", "Stale values", "Numbers, names, addresses and links that are not today's.")
        if audit.stale:
            yield select(dict.fromkeys(sorted({finding.kind for finding in audit.stale})))
            yield self._table(
                ("Published", "Post", "Found", "Today", "Where it stands"),
                map(self._stale_row, audit.stale[:MOST_ROWS]),
            )
        else:
            yield '<p class="none">Nothing stale was found.</p>'
        if audit.unattributed:
            rows = "".join(
                f'<li>{text(contact.found)} <span class="when">{count(len(contact.posts), "post")}</span></li>'
                for contact in audit.unattributed[:MOST_ROWS]
            )
            name = count(len(audit.unattributed), "other number or address", "other numbers and addresses")
            yield f"<details><summary>{name} that nothing ties to the blog</summary>"
            yield f'<ul class="posts">{rows}</ul></details>'
        yield '<p class="nothing">Nothing here fits the filter.</p></section>'

    def _stale_row(self, finding: Stale) -> str:
        day = finding.published.isoformat() if finding.published else ""
        expected = f"<ins>{text(finding.expected)}</ins>" if finding.expected else ""
        doubt = "" if finding.severity == "high" else ' <span class="chip">perhaps</span>'
        return (
            f'<tr data-item="{finding.kind}"><td class="day">{day}</td><td>{self._post(finding.post, day=False)}</td>'
            f'<td class="value"><del>{text(finding.found)}</del>{doubt}</td><td class="value">{expected}</td>'
            f"<td>{marked(finding.text, finding.found)}</td></tr>"
        )

    def _checked(self, kind: str) -> Iterator[str]:
        """Yield what the checks of a kind found."""
        yield self._section(kind, *CHECKED[kind])
        found = self.audit.checks_of(kind)
        if found:
            yield self._table(("Published", "Post", "What", "Found"), map(self._checked_row, found[:MOST_ROWS]))
        else:
            yield '<p class="none">Nothing was found.</p>'
        yield '<p class="nothing">Nothing here fits the filter.</p></section>'

    def _checked_row(self, finding: PostFinding) -> str:
        fact = self.facts.get(finding.post)
        day = fact.published.isoformat() if fact and fact.published else ""
        return (
            f'<tr data-item="{finding.check}"><td class="day">{day}</td><td>{self._post(finding.post, day=False)}</td>'
            f"<td>{text(finding.reason)}</td><td>{text(finding.found)}</td></tr>"
        )

    def _cta(self) -> Iterator[str]:
        audit = self.audit
        lead = (
            "A post asks where it tells its reader to call, write, book or visit; it only invites where it says less."
        )
        yield self._section("cta", "Calls to action", lead)
        rows = [self._cta_row(item.post, "none", item.reason, item.mark.accepted) for item in audit.missing_cta]
        rows += [
            self._cta_row(note.post, note.kind, note.text, note.mark.accepted, note.reason) for note in audit.cta_notes
        ]
        if rows:
            yield select(dict.fromkeys(["none", *sorted({note.kind for note in audit.cta_notes})]))
            yield self._table(("Published", "Post", "Verdict", "What it says"), rows[:MOST_ROWS])
        else:
            yield '<p class="none">Every post asks for something.</p>'
        yield '<p class="nothing">Nothing here fits the filter.</p></section>'

    def _cta_row(self, url: str, kind: str, said: str, accepted: bool, why: str = "") -> str:
        fact = self.facts.get(url)
        day = fact.published.isoformat() if fact and fact.published else ""
        look = "good" if accepted else "bad" if kind in ("none", "location") else ""
        reason = f"<b>{text(why[0].upper() + why[1:])}.</b> " if kind == "location" else ""
        return (
            f'<tr data-item="{kind}"><td class="day">{day}</td><td>{self._post(url, day=False)}</td>'
            f'<td><span class="chip {look}">{"accepted" if accepted else kind}</span></td>'
            f"<td>{reason}{text(short(said))}</td></tr>"
        )

    def _duplicates(self) -> Iterator[str]:
        audit = self.audit
        yield self._section(
            "duplicates",
            "Copied posts",
            "Posts that share much with another: merge them, point one to the other, or rewrite.",
        )
        if not audit.duplicates and not audit.series:
            yield '<p class="none">No post is a copy of another.</p>'
        elif audit.duplicates:
            yield select(dict.fromkeys(("exact", "near", "partial")))
        for finding in audit.duplicates[:MOST_ROWS]:
            yield self._duplicate(finding)
        for series in audit.series:
            yield '<article class="card" data-item="series">'
            yield f"<h3>{text(series.called)}</h3>"
            yield f"<blockquote>{text(short(series.text))}</blockquote>"
            yield self._chips(series.mark, f"a pair shares {series.share:.0%} on average") + self._list(series.posts)
            yield "</article>"
        yield '<p class="nothing">Nothing here fits the filter.</p></section>'

    def _duplicate(self, finding: Duplicate) -> str:
        rows = []
        for url, share, other in ((finding.a, finding.a_in_b, "second"), (finding.b, finding.b_in_a, "first")):
            older = ' <span class="chip">older</span>' if url == finding.older else ""
            bar = stacked_bar(
                (Part("shared", share, "often"), Part("own", max(0.0, 1 - share), "theme")), "share", 10, 120
            )
            rows.append(
                f'<tr><td>{self._post(url)}{older}</td><td class="num">{share:.0%} in the {other}</td>'
                f'<td><div class="split">{bar}</div></td></tr>'
            )
        differs = "".join(f"<li><del>{text(short(own))}</del></li>" for own in finding.only_a)
        differs += "".join(f"<li><ins>{text(short(own))}</ins></li>" for own in finding.only_b)
        fold = f"<details><summary>What differs</summary><ul>{differs}</ul></details>" if differs else ""
        chips = self._chips(finding.mark, finding.kind, count(finding.shared_words, "shared word"))
        table = f"<table><tbody>{''.join(rows)}</tbody></table>"
        return f'<article class="card" data-item="{finding.kind}">{table}{chips}{fold}</article>'

    def _passages(self) -> Iterator[str]:
        yield self._section(
            "passages",
            "Shared passages",
            "Runs of words that stand in two posts inside different paragraphs; the older post is the source.",
        )
        if not self.audit.passages:
            yield '<p class="none">No passage stands in two posts.</p>'
        else:
            yield self._table(
                ("Words#", "Post", "Also in", "Passage"), map(self._passage_row, self.audit.passages[:MOST_ROWS])
            )
        if len(self.audit.passages) > MOST_ROWS:
            yield f'<p class="none">and {len(self.audit.passages) - MOST_ROWS:,} more</p>'
        yield '<p class="nothing">Nothing here fits the filter.</p></section>'

    def _passage_row(self, finding: Passage) -> str:
        source = ' <span class="chip">source</span>' if finding.source else ""
        return (
            f'<tr data-item="passage"><td class="num">{finding.words}</td><td>{self._post(finding.b)}</td>'
            f"<td>{self._post(finding.a)}{source}</td><td>{text(short(finding.text, 200))}</td></tr>"
        )

    def _template(self) -> Iterator[str]:
        audit = self.audit
        yield self._section(
            "template", "Template", "What the theme prints around the posts. It is left out of articles and search."
        )
        if audit.deviations:
            rows = (
                f'<tr data-item="deviation"><td>{self._post(finding.post)}</td><td>{text(finding.what)}</td></tr>'
                for finding in audit.deviations[:MOST_ROWS]
            )
            yield self._table(("Page that deviates", "How"), rows)
        else:
            yield '<p class="none">No page deviates from the others.</p>'
        found = [cluster for cluster in audit.clusters if cluster.kind == "template"]
        rows = (
            f'<tr data-item="template"><td class="num">{cluster.posts:,}</td><td class="num">{cluster.share:.0%}</td>'
            f"<td>{text(cluster.role)}</td><td>{text(short(cluster.text))}</td></tr>"
            for cluster in found[:MOST_ROWS]
        )
        if found:
            table = self._table(("Posts#", "Share#", "Role", "Text"), rows)
            yield f"<details><summary>{count(len(found), 'text')} of the template</summary>{table}</details>"
        yield '<p class="nothing">Nothing here fits the filter.</p></section>'

    def _posts(self) -> Iterator[str]:
        yield self._section(
            "posts", "All posts", "How much of each page is its own text, repeated by editors, or printed by the theme."
        )
        rows = []
        for share in reversed(self.audit.shares[-4 * MOST_ROWS :]):
            fact = self.facts.get(share.url)
            day = fact.published.isoformat() if fact and fact.published else ""
            parts = (
                Part("own", share.unique_share, "own"),
                Part("repeated", share.editorial_share, "often"),
                Part("theme", share.template_share, "theme"),
            )
            look = {"ask": "good", "weak": "", "none": "bad"}[share.ask]
            rows.append(
                f'<tr data-item="{share.ask}"><td class="day">{day}</td><td>{self._post(share.url, day=False)}</td>'
                f'<td class="num" data-value="{share.words}">{share.words:,}</td>'
                f'<td class="num" data-value="{share.unique_share:.4f}">{share.unique_share:.0%}</td>'
                f'<td data-value="{share.editorial_share:.4f}">'
                f'<div class="split">{stacked_bar(parts, "shares", 10, 120)}</div></td>'
                f'<td><span class="chip {look}">{share.ask}</span></td></tr>'
            )
        yield select(dict.fromkeys(("ask", "weak", "none")))
        yield self._table(("Published", "Post", "Words#", "Own#", "Own, repeated, theme", "Asks"), rows)
        yield '<p class="nothing">Nothing here fits the filter.</p></section>'
