"""Define what an audit finds. Posts are named by their URL; days are `date`; every finding has a stable id."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from scraper.text.contacts import ValueKind

ClusterKind = Literal["template", "editorial"]
Severity = Literal["high", "low"]
Ask = Literal["ask", "weak", "none"]
Check = Literal[
    "misspelt-name",
    "odd-number",
    "dead-link",
    "old-link",
    "odd-link",
    "missing-notice",
    "thin-post",
    "unchanged-post",
    "no-lead-image",
    "same-question",
]
"""The kinds of `PostFinding`, each of a module of `checks/`."""
CHECKS: dict[str, tuple[Check, ...]] = {
    "stale": ("misspelt-name", "odd-number"),
    "links": ("dead-link", "old-link", "odd-link"),
    "notices": ("missing-notice",),
    "upkeep": ("thin-post", "unchanged-post", "no-lead-image", "same-question"),
}
"""In which list of `KINDS` they are told."""
KINDS = ("boilerplate", "duplicates", "passages", "stale", "cta", "links", "notices", "upkeep", "template")
"""What `audit` can be asked for, and what `--fail-on` takes."""


FOUND = (
    *("clusters", "duplicates", "series", "passages", "stale", "checks"),
    *("missing_cta", "cta_notes", "deviations"),
)
"""The lists of an audit that hold its findings."""

_COUNTED = re.compile(r", which \d+ posts have$")


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known about a finding from earlier audits. `first_seen` is the day it was first found,
    `since` the state of the posts it was first found in.
    """

    id: str
    new: bool = True
    accepted: bool = False
    first_seen: date | None = None
    since: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of a post that findings are shown with; `edit_url` is where its owner edits it."""

    url: str
    title: str | None
    published: date | None
    edit_url: str | None = None


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of a post is its own: words, and the shares of all words on the page, 0-1, which add up to 1."""

    url: str
    words: int
    unique_share: float
    template_share: float
    editorial_share: float
    ask: Ask


@dataclass(frozen=True, slots=True)
class Summary:
    """What the blog is made of. `words` counts the posts' own text, template left out; the shares are of all words."""

    posts: int
    words: int
    template_share: float
    editorial_share: float
    unique_share: float
    asks: int = 0
    weak_asks: int = 0
    no_asks: int = 0


@dataclass(frozen=True, slots=True)
class Variant:
    """One wording of a cluster. `diff` marks words left out as `[-so-]` and put in as `{+so+}`, against the cluster.

    `count` is in how many posts, each counted once. `digests` are those of the blocks. `reworded` means that more
    differs than names, numbers and links.
    """

    text: str
    diff: str
    count: int
    posts: tuple[str, ...]
    first: date | None = None
    last: date | None = None
    digests: tuple[str, ...] = ()
    reworded: bool = False


@dataclass(frozen=True, slots=True)
class Cluster:
    """A paragraph and its copies. `text` is the wording at the centre; `place` says where in a post it stands mostly.

    `copied` means: it recurs only because whole posts do (see `duplicate_articles`).
    """

    mark: Mark
    kind: ClusterKind
    role: str
    text: str
    posts: int
    share: float
    first_published: date | None
    last_published: date | None
    place: str
    copied: bool
    variants: tuple[Variant, ...]

    @property
    def filled(self) -> tuple[Variant, ...]:
        """Return the wordings that have the words of the central one, with other names, numbers or links."""
        return tuple(variant for variant in self.variants[1:] if not variant.reworded)

    @property
    def reworded(self) -> tuple[Variant, ...]:
        """Return the wordings in other words than the central one."""
        return tuple(variant for variant in self.variants if variant.reworded)

    @property
    def urls(self) -> tuple[str, ...]:
        """Return the posts that carry it, each once, in the order of the variants."""
        return tuple(dict.fromkeys(url for variant in self.variants for url in variant.posts))

    @property
    def digests(self) -> frozenset[str]:
        """Return the digests of all its blocks."""
        return frozenset(digest for variant in self.variants for digest in variant.digests)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two posts that share much. `a_in_b` is the share of a's words that stand in b. `differs` shows what does not."""

    mark: Mark
    kind: Literal["exact", "near", "partial"]
    a: str
    b: str
    a_in_b: float
    b_in_a: float
    shared_words: int
    older: str | None
    only_a: tuple[str, ...] = ()
    only_b: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """Many posts made after one pattern, shown once not as pairs. `share` is how much a pair shares on average.

    Of `places`: one article for several places, `names` has what each post says in place of the others' names.
    """

    mark: Mark
    posts: tuple[str, ...]
    share: float
    text: str
    kind: Literal["pattern", "places"] = "pattern"
    names: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """Return in words what these posts are."""
        if self.kind == "places":
            return f"One article for {len(self.posts):,} places: {', '.join(self.names)}"
        return f"A series of {len(self.posts):,} posts made after one pattern"


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of words that stands in two posts inside different paragraphs. `source` is the older post, where known."""

    mark: Mark
    a: str
    b: str
    words: int
    text: str
    source: str | None


@dataclass(frozen=True, slots=True)
class Stale:
    """A value in a post that is not the one of today. `expected` is `None` where it is only known to be old.

    `learnt` means that the newest posts, not the facts file, say what is expected.
    """

    mark: Mark
    post: str
    kind: ValueKind
    found: str
    expected: str | None
    text: str
    severity: Severity
    published: date | None
    learnt: bool


@dataclass(frozen=True, slots=True)
class UnattributedContact:
    """A phone number or an e-mail address that nothing ties to the blog's owner; listed, not counted as stale."""

    kind: ValueKind
    found: str
    posts: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class MissingCta:
    """A post that asks its reader for nothing."""

    mark: Mark
    post: str
    reason: str
    published: date | None


@dataclass(frozen=True, slots=True)
class CtaNote:
    """A call to action that is weak or stands in a post more often than it should."""

    mark: Mark
    kind: Literal["weak", "doubled", "location"]
    post: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class PostFinding:
    """What one check found in one post. `found` and `expected` are texts of the post; `text` is the paragraph."""

    mark: Mark
    check: Check
    post: str
    found: str
    expected: str | None
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Deviation:
    """Where a page does not have what the other pages have around the article. `cluster` is the template's id."""

    mark: Mark
    post: str
    cluster: str
    what: str

    @property
    def subject(self) -> str:
        """Return what deviates without how many posts have it, which changes with every crawl."""
        return _COUNTED.sub("", self.what)


Finding = Cluster | CtaNote | Deviation | Duplicate | MissingCta | Passage | PostFinding | Series | Stale
"""Whatever the audit found in posts and has a mark for. An action is none: it says what to do about some."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something an editor can do, with the posts it needs. `weight` orders the list, `why` says in words by what."""

    mark: Mark
    kind: str
    posts: tuple[str, ...]
    advice: str
    weight: float
    findings: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """How many findings of a kind the audit before had, and how many of them are there no more."""

    kind: str
    before: int
    gone: int


@dataclass(frozen=True, slots=True)
class Audit:
    """Everything an audit found, each list in a fixed order, and the posts it looked at, oldest first.

    `build` stands for the state of these posts: equal posts give an equal one.
    """

    summary: Summary
    actions: tuple[Action, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    series: tuple[Series, ...] = ()
    passages: tuple[Passage, ...] = ()
    stale: tuple[Stale, ...] = ()
    unattributed: tuple[UnattributedContact, ...] = ()
    missing_cta: tuple[MissingCta, ...] = ()
    cta_notes: tuple[CtaNote, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    checks: tuple[PostFinding, ...] = ()
    shares: tuple[Shares, ...] = ()
    posts: tuple[Fact, ...] = ()
    expected: tuple[str, ...] = ()
    build: str = ""
    gone: tuple[Gone, ...] = ()

    @property
    def name(self) -> str | None:
        """Return the blog's name, as far as `expected` tells it."""
        told = (line.removeprefix("name: ") for line in self.expected if line.startswith("name: "))
        return next((line.removesuffix(" (learnt)") for line in told), None)

    def only_new(self) -> Audit:
        """Return the audit with the findings and actions alone that came with the latest posts."""
        fresh: dict[str, Any] = {
            name: tuple(each for each in getattr(self, name) if each.mark.new) for name in ("actions", *FOUND)
        }
        return replace(self, **fresh)

    def every_finding(self) -> Iterator[Finding]:
        """Yield each finding once, clusters of one wording too."""
        for name in FOUND:
            yield from getattr(self, name)

    def findings(self, kind: str) -> tuple[Finding, ...]:
        """Return the findings of one of `KINDS`, or the new ones of all. Clusters of one wording are no finding."""
        if kind == "new":
            every = (each for listed in KINDS for each in self.findings(listed))
            return tuple(each for each in every if each.mark.new)
        if kind == "boilerplate":
            return tuple(c for c in self.clusters if c.kind == "editorial" and len(c.variants) > 1 and not c.copied)
        if kind == "duplicates":
            return (*self.duplicates, *self.series)
        if kind == "passages":
            return self.passages
        if kind == "stale":
            return (*self.stale, *self.checks_of(kind))
        if kind == "cta":
            return (*self.missing_cta, *self.cta_notes)
        return self.checks_of(kind) if kind in CHECKS else self.deviations

    def checks_of(self, kind: str) -> tuple[PostFinding, ...]:
        """Return what the checks of one of `KINDS` found."""
        return tuple(finding for finding in self.checks if finding.check in CHECKS.get(kind, ()))

    def failing(self, kind: str) -> int:
        """Count the findings of a kind that nobody has accepted."""
        return sum(not finding.mark.accepted for finding in self.findings(kind))
