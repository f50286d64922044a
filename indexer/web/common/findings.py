"""Say what a finding of the audit is in the same few words on every page: what, where, and the text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from indexer.audit.findings import (
    KINDS,
    Cluster,
    CtaNote,
    Deviation,
    Duplicate,
    MissingCta,
    Passage,
    PostFinding,
    Series,
    Stale,
)
from indexer.audit.similarity.variants import steps
from indexer.present.report.figures import ROLES
from indexer.quantities import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.audit.findings import Audit, Finding, Mark, Variant
    from indexer.audit.similarity.variants import Step


class Told(NamedTuple):
    """A finding in words. `text` is its paragraph, `posts` are the addresses of the posts it is about."""

    mark: Mark
    headline: str
    text: str
    posts: tuple[str, ...]


def told(finding: Finding) -> Told:
    """Return what a finding is."""
    match finding:
        case Cluster():
            wordings = count(len(finding.variants), "wording")
            role = ROLES.get(finding.role, finding.role).capitalize()
            headline = f"{role}, {wordings} on {count(finding.posts, 'post')} ({finding.share:.0%})"
            return Told(finding.mark, headline, finding.text, finding.urls)
        case Duplicate():
            share = f"{max(finding.a_in_b, finding.b_in_a):.0%} of one stands in the other"
            return Told(finding.mark, f"{finding.kind.capitalize()} copy: {share}", "", (finding.a, finding.b))
        case Series():
            return Told(finding.mark, finding.called, finding.text, finding.posts)
        case Passage():
            headline = f"{count(finding.words, 'word')} in a row in two posts"
            return Told(finding.mark, headline, finding.text, (finding.a, finding.b))
        case Stale():
            now = f", now “{finding.expected}”" if finding.expected else ""
            return Told(
                finding.mark, f"{finding.kind.capitalize()} “{finding.found}”{now}", finding.text, (finding.post,)
            )
        case MissingCta():
            return Told(finding.mark, finding.reason, "", (finding.post,))
        case CtaNote() | PostFinding():
            return Told(finding.mark, finding.reason, finding.text, (finding.post,))
        case Deviation():
            return Told(finding.mark, finding.what, "", (finding.post,))


def of_kind(audit: Audit, kind: str) -> Sequence[Finding]:
    """Return the findings of a kind; pasted paragraphs also with those that have one wording only."""
    if kind == "boilerplate":
        return tuple(cluster for cluster in audit.clusters if cluster.kind == "editorial" and not cluster.copied)
    return audit.findings(kind)


def kind_of(audit: Audit, finding: Finding) -> str:
    """Return the kind of a finding, which names the page that lists it."""
    if isinstance(finding, Cluster):
        return "boilerplate" if finding.kind == "editorial" else "template"
    return next((kind for kind in KINDS if finding in audit.findings(kind)), "template")


def wordings(cluster: Cluster) -> list[tuple[Variant, list[Step]]]:
    """Return the wordings of a paragraph, each with how its words differ from the one at the centre."""
    return [(one, list(steps(cluster.text, one.text)) if one.diff else []) for one in cluster.variants]
