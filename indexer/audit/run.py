"""Audit a blog: everything from its stored articles to the ranked list of actions."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from indexer.audit.asking import Requests, gives_contact
from indexer.audit.checks.actions import rank
from indexer.audit.checks.copies.duplicates import DuplicateFinder, compare
from indexer.audit.checks.copies.location_pages import location_pages
from indexer.audit.checks.copies.passages import longest_first, passages_in
from indexer.audit.checks.copies.pasted_sentences import pasted_sentences
from indexer.audit.checks.copies.same_question import same_questions
from indexer.audit.checks.cta import CtaFinder, group_role
from indexer.audit.checks.inventory import make_cluster, stated_role, template_groups
from indexer.audit.checks.links.dead_links import dead_links
from indexer.audit.checks.links.odd_links import odd_links
from indexer.audit.checks.links.old_links import old_links
from indexer.audit.checks.template import deviations
from indexer.audit.checks.upkeep.lead_images import without_lead_image
from indexer.audit.checks.upkeep.notices import missing_notices
from indexer.audit.checks.upkeep.thin_posts import thin_posts
from indexer.audit.checks.upkeep.unchanged_posts import unchanged_posts
from indexer.audit.checks.values.misspelt_names import misspelt_names
from indexer.audit.checks.values.odd_numbers import odd_numbers
from indexer.audit.checks.values.stale import StaleFinder
from indexer.audit.corpus import Corpus
from indexer.audit.findings import FOUND, Audit, Cluster, Fact, Mark, Shares, Summary
from indexer.audit.incremental.comparing import compare_changed
from indexer.audit.incremental.dirty import Tracker
from indexer.audit.incremental.fingerprints import NO_CONTACT, NO_PLACE, NO_REQUEST, Memory
from indexer.audit.incremental.grouping import gather_changed
from indexer.audit.marks import identify, mark
from indexer.audit.memory.history import History, Marker, Seen, gone_since, recall
from indexer.audit.options import Options
from indexer.audit.owner.evidence import evidence
from indexer.audit.owner.identity import Facts, learn_identity
from indexer.audit.owner.locations import cities, learn_places, wrong_places
from indexer.audit.owner.superseded import with_superseded
from indexer.audit.similarity.clusters import no_collection
from indexer.audit.similarity.groups import STRONG_POSTS, STRONG_SHARE, Group
from scraper.model import Role
from scraper.text.contacts import digits
from scraper.text.notices import is_legal
from scraper.text.requests import request_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from typing import Any

    from indexer.audit.checks.copies.duplicates import Pair
    from indexer.audit.corpus import Paragraph
    from indexer.audit.findings import (
        Ask,
        Deviation,
        Duplicate,
        Passage,
        PostFinding,
        Series,
        Stale,
        UnattributedContact,
    )
    from indexer.audit.memory.accepted import Acceptance
    from indexer.audit.owner.evidence import Evidence
    from indexer.audit.owner.identity import Identity
    from indexer.audit.owner.locations import Places
    from indexer.audit.similarity.windows import Windows
    from indexer.store.rows import StoredArticle

LEFT_OUT_SHARE = 0.75
LEFT_OUT_POSTS = 5
"""A paragraph on so many posts is the blog's own, whatever its role: duplicates and passages leave it out."""


def audit(
    articles: Iterable[StoredArticle],
    options: Options | None = None,
    facts: Facts | None = None,
    accepted: Sequence[Acceptance] = (),
    previous: History | None = None,
) -> Audit:
    """Return what is repeated, stale or missing in the articles of one blog. Articles that are gone are left out."""
    options = options or Options()
    return complete(survey(articles, options, facts), options.today, accepted, previous)


def survey(
    articles: Iterable[StoredArticle],
    options: Options | None = None,
    facts: Facts | None = None,
    memory: Memory | None = None,
    dead: Mapping[str, str] = MappingProxyType({}),
) -> Audit:
    """Return what an audit finds before it knows of earlier ones: no marks, no actions, clusters with provisional ids.

    A deviation names its cluster by the number in the list. Today's date has no part in it. What a memory knows of
    unchanged posts saves work, and makes no other survey; what was seen is put into it. `dead` has the addresses that a
    crawl asked for in vain, each with `gone` or `missing`.
    """
    with no_collection():
        return _Run(Corpus(articles), options or Options(), facts or Facts(), memory or Memory()).survey(dead)


def taken_for_true(articles: Iterable[StoredArticle], facts: Facts | None = None) -> list[Evidence]:
    """Return what an audit of the articles of one blog takes for true, each with where it stands."""
    corpus = Corpus(articles)
    return _Run(corpus, Options(), facts or Facts(), Memory()).evidence() if len(corpus) else []


def complete(
    found: Audit, today: date | None = None, accepted: Sequence[Acceptance] = (), previous: History | None = None
) -> Audit:
    """Return a survey as an audit: with the ids that findings had before, what is new or accepted, and the actions."""
    if not found.posts:
        return found
    with no_collection():
        now, previous = Seen(today, found.build), previous or History()
        clusters = recall(found.clusters, previous, now)
        named = replace(found, clusters=tuple(clusters), deviations=tuple(_named(found.deviations, clusters)))
        named = replace(named, gone=gone_since(named, previous))
        return _marked(named, Marker(previous, {entry.id: entry for entry in accepted}, now))


def _named(found: Iterable[Deviation], clusters: Sequence[Cluster]) -> Iterable[Deviation]:
    """Yield the deviations of a survey with the ids of their clusters."""
    for deviation in found:
        own = clusters[int(deviation.cluster)].mark.id if deviation.cluster else ""
        yield replace(deviation, mark=mark("v", deviation.post, own, deviation.subject), cluster=own)


def _marked(found: Audit, marker: Marker) -> Audit:
    def fill(findings: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(replace(finding, mark=marker.mark(finding.mark)) for finding in findings)

    marked: dict[str, Any] = {name: fill(getattr(found, name)) for name in FOUND if name != "clusters"}
    made = replace(found, clusters=marker.clusters(found.clusters), **marked)
    return replace(made, actions=fill(rank(made)))


class _Run:
    """Hold what the steps of one survey share."""

    def __init__(self, corpus: Corpus, options: Options, facts: Facts, memory: Memory) -> None:
        self.corpus, self.options, self.facts = corpus, options, facts
        self.tracker = Tracker(corpus, memory)
        self.paragraphs = self.tracker.paragraphs
        self.groups = gather_changed(self.tracker, len(corpus), options.similar)
        self.strong = [
            group for group in self.groups if self._posts(group) >= max(STRONG_POSTS, STRONG_SHARE * len(corpus))
        ]
        self.contacts = self.tracker.filter(NO_CONTACT, gives_contact)
        identity = learn_identity(corpus, self.strong, self.paragraphs, self.contacts, facts)
        self.identity = with_superseded(identity, self.strong, self.paragraphs, self.contacts, corpus)
        self.requests = self._read_requests()

    def _read_requests(self) -> Requests:
        """Read what the paragraphs ask for that asked before, are new, or may ask now that the owner is another."""
        owner, tracker = self.identity.owner, self.tracker
        lines = identify("o", *sorted(owner.domains), "", *sorted(owner.phones), "", *sorted(owner.mails))
        tracker.depends_on(NO_REQUEST, "owner", lines, *owner.names)
        requests = Requests(self.paragraphs, tracker.dirty(NO_REQUEST), tracker.dirty(NO_CONTACT), owner)
        tracker.mark_clean(NO_REQUEST, requests.without)
        return requests

    def _naming(self, places: Places) -> list[Paragraph]:
        """Return the paragraphs that name one of the owner's places, if there are several."""
        if len(places.names) < 2:
            return []
        self.tracker.depends_on(NO_PLACE, "places", *places.names)
        return self.tracker.filter(NO_PLACE, lambda paragraph: bool(places.named_in(paragraph.text)))

    def _posts(self, group: Group) -> int:
        return len({self.paragraphs[number].post for number in group.members})

    def survey(self, dead: Mapping[str, str]) -> Audit:
        """Return the findings."""
        corpus = self.corpus
        if not len(corpus):
            return Audit(Summary(0, 0, 0.0, 0.0, 0.0))
        roles = [group_role(group, self.paragraphs, self.requests) for group in self.strong]
        asks = CtaFinder(corpus, self.paragraphs, self.strong, [ask for _, ask in roles], self.requests)
        places = self._places(asks)
        windows = compare_changed(self.tracker, len(corpus), self._left_out([role for role, _ in roles]))
        formal = self._formal([role for role, _ in roles])
        patterns = list(location_pages(corpus, self.paragraphs, self.groups, formal))
        copies, passages = self._compare(windows)
        clusters = self._clusters(
            dict(zip(map(id, self.strong), (role for role, _ in roles), strict=True)), copies.posts
        )
        self._mark_unshared(windows, copies, passages)
        stale, unattributed = self._stale()
        shares = self._shares(clusters, asks.verdicts)
        states = "\n".join(f"{article.url} {article.digest}" for article in corpus.articles)
        found = Audit(
            self._summary(shares),
            clusters=tuple(clusters),
            duplicates=tuple(_beside(patterns, copies.duplicates())),
            series=(*patterns, *(found for found in copies.series() if not _is_among(found, patterns))),
            passages=passages,
            stale=stale,
            unattributed=unattributed,
            missing_cta=tuple(asks.missing()),
            cta_notes=(*wrong_places(corpus, self._naming(places), asks.calls, places), *asks.notes()),
            deviations=tuple(self._deviations(clusters, places)),
            checks=(
                *misspelt_names(corpus, corpus.kept, self.identity),
                *odd_numbers(corpus, asks.calls, self.identity, places.numbers, stale),
                *self._upkeep([role for role, _ in roles], shares, dead),
                *same_questions(corpus, copies.posts, [*patterns, *copies.series()]),
            ),
            shares=shares,
            posts=tuple(map(_fact, corpus.articles)),
            expected=(*self._expected(), *_told_places(places, self.identity, self.facts.hours)),
            build=identify("b", states),
        )
        self.tracker.remember()
        return found

    def _places(self, asks: CtaFinder) -> Places:
        names = [name for name in (self.identity.brand, *self.identity.old_brands) if name]
        told = self.facts.locations or dict.fromkeys(cities(self.facts.address), ())
        return learn_places(self.corpus, asks.recurring, names, told)

    def _stale(self) -> tuple[tuple[Stale, ...], tuple[UnattributedContact, ...]]:
        finder = StaleFinder(self.corpus, self.paragraphs, self.contacts, self.strong, self.identity, self.facts)
        return finder.run()

    def evidence(self) -> list[Evidence]:
        """Return what is taken for true, told or learnt, each with where it stands."""
        roles = [group_role(group, self.paragraphs, self.requests) for group in self.strong]
        asks = CtaFinder(self.corpus, self.paragraphs, self.strong, [ask for _, ask in roles], self.requests)
        return list(evidence(self.corpus, self.identity, self._places(asks), self.facts, self._stale()[1]))

    def _upkeep(self, roles: Sequence[str], shares: Sequence[Shares], dead: Mapping[str, str]) -> Iterator[PostFinding]:
        """Yield what is wrong with links, lacks a notice, is thin or was left unchanged."""
        linking = [paragraph for paragraph in self.corpus.kept if paragraph.links]
        yield from dead_links(self.corpus, linking, dead)
        yield from old_links(self.corpus, linking, self.facts.old_urls, next(iter(self.facts.url), None))
        yield from odd_links(self.corpus, self._copies_of(Role.CTA, roles))
        yield from missing_notices(self.corpus, self._copies_of(Role.LEGAL, roles))
        yield from thin_posts(shares)
        yield from unchanged_posts(self.corpus)
        yield from without_lead_image(self.corpus)

    def _copies_of(self, wanted: Role, roles: Sequence[str]) -> list[list[Paragraph]]:
        """Return the copies of each recurring paragraph that has a role."""
        having = (group for group, role in zip(self.strong, roles, strict=True) if role == wanted)
        return [[self.paragraphs[number] for number in group.members] for group in having]

    def _compare(self, windows: Windows) -> tuple[DuplicateFinder, tuple[Passage, ...]]:
        """Return which posts are copies of one another, and what others share."""
        pairs: list[Pair] = []
        passages: list[Passage] = []
        for common in windows.pairs():
            if (pair := compare(windows, common)) is not None:
                pairs.append(pair)
            else:
                passages.extend(passages_in(self.corpus, self.paragraphs, windows, common))
        return DuplicateFinder(self.corpus, self.paragraphs, windows, pairs), longest_first(passages)

    def _mark_unshared(self, windows: Windows, copies: DuplicateFinder, passages: Sequence[Passage]) -> None:
        """Note which posts have something in common with others."""
        named = {url for passage in passages for url in (passage.a, passage.b)}
        paired = {post for pair in copies.posts for post in pair}
        paired.update(post for post, url in enumerate(self.corpus.urls) if url in named)
        self.tracker.mark_unshared(windows.compared, paired)

    def _deviations(self, clusters: Sequence[Cluster], places: Places) -> Iterable[Deviation]:
        templates = [
            replace(cluster, mark=Mark(str(at))) for at, cluster in enumerate(clusters) if cluster.kind == "template"
        ]
        told = {digits(text) for listed in self.facts.locations.values() for text in listed}
        theirs = told.union(key for key in places.numbers if key not in _superseded_numbers(self.identity))
        return deviations(self.corpus, self.corpus.template, templates, self.identity, theirs)

    def _formal(self, roles: Sequence[str]) -> set[int]:
        """Return the paragraphs that are calls to action, notices and widgets."""
        return {
            number
            for group, role in zip(self.strong, roles, strict=True)
            if role in (Role.CTA, Role.LEGAL, Role.WIDGET)
            for number in group.members
        }

    def _left_out(self, roles: Sequence[str]) -> set[int]:
        """Return the paragraphs that are the blog's own boilerplate, and code, which is quoted and not written anew."""
        least = max(LEFT_OUT_POSTS, LEFT_OUT_SHARE * len(self.corpus))
        often = (group for group in self.strong if self._posts(group) >= least)
        code = (number for number, paragraph in enumerate(self.paragraphs) if _is_code(paragraph))
        return self._formal(roles).union(code, (number for group in often for number in group.members))

    def _clusters(self, roles: dict[int, str], copies: frozenset[tuple[int, int]]) -> list[Cluster]:
        corpus, least = self.corpus, self.options.min_posts
        made = [
            make_cluster(
                group,
                self.paragraphs,
                corpus,
                "editorial",
                roles.get(id(group)) or group_role(group, self.paragraphs, self.requests)[0],
                copies,
            )
            for group in self.groups
            if self._posts(group) >= least
        ]
        made += self._pasted(least)
        for group in template_groups(corpus.template, len(corpus), self.options.similar):
            if len({corpus.template[number].post for number in group.members}) >= least:
                made.append(
                    make_cluster(group, corpus.template, corpus, "template", stated_role(group, corpus.template))
                )
        return made

    def _pasted(self, least: int) -> Iterator[Cluster]:
        """Yield the sentences that were pasted to the end of paragraphs which have nothing else in common."""
        grouped = {number for group in self.groups for number in group.members}
        closing, groups = pasted_sentences(self.paragraphs, grouped)
        for group in groups:
            if len({closing[at].post for at in group.members}) >= least:
                text = closing[group.members[0]].text
                asks = request_in(text, self.identity.owner).kind == "ask"
                role = Role.CTA if asks else Role.LEGAL if is_legal(text) else Role.CONTENT
                yield make_cluster(group, closing, self.corpus, "editorial", str(role))

    def _shares(self, clusters: Sequence[Cluster], verdicts: Sequence[Ask]) -> tuple[Shares, ...]:
        repeated = {
            (url, digest)
            for cluster in clusters
            if cluster.kind == "editorial" and not cluster.copied
            for variant in cluster.variants
            for url in variant.posts
            for digest in variant.digests
        }
        return tuple(
            _post_shares(article, repeated, verdict)
            for article, verdict in zip(self.corpus.articles, verdicts, strict=True)
        )

    def _summary(self, shares: Sequence[Shares]) -> Summary:
        own = sum(share.words for share in shares)
        sizes = [share.words / max(1 - share.template_share, 1e-9) if share.words else 0.0 for share in shares]
        every = sum(sizes) or 1.0
        template = sum(size * share.template_share for size, share in zip(sizes, shares, strict=True)) / every
        editorial = sum(size * share.editorial_share for size, share in zip(sizes, shares, strict=True)) / every
        asks = [share.ask for share in shares]
        return Summary(
            len(shares),
            own,
            template,
            editorial,
            max(0.0, 1 - template - editorial),
            asks.count("ask"),
            asks.count("weak"),
            asks.count("none"),
        )

    def _expected(self) -> Iterable[str]:
        """Yield in words what was taken for true."""
        if self.identity.brand:
            yield f"name: {self.identity.brand}" + (" (learnt)" if "brand" in self.identity.learnt else "")
        for name in self.identity.old_brands:
            yield f"former name: {name}" + (" (learnt)" if "old_brands" in self.identity.learnt else "")
        for kind, values in self.identity.current.items():
            for shown in values.values():
                yield f"{kind}: {shown}" + (" (learnt)" if kind in self.identity.learnt else "")


def _beside(patterns: Sequence[Series], duplicates: Iterable[Duplicate]) -> Iterator[Duplicate]:
    """Yield the pairs of copies but for those that one of the patterns shows already, if they are not the same."""
    together = [set(found.posts) for found in patterns]
    for pair in duplicates:
        if pair.kind == "exact" or not any(pair.a in posts and pair.b in posts for posts in together):
            yield pair


def _is_among(found: Series, patterns: Sequence[Series]) -> bool:
    """Tell whether most posts of a series are in one of the patterns."""
    return any(2 * len(set(found.posts) & set(pattern.posts)) > len(found.posts) for pattern in patterns)


def _told_places(places: Places, identity: Identity, hours: Mapping[str, str]) -> Iterable[str]:
    """Yield in words the owner's places with their numbers of today, and when they are open."""
    superseded = _superseded_numbers(identity)
    for name in places.names:
        keys = [key for key, place in places.numbers.items() if place == name and key not in superseded]
        own = ", ".join((*(places.shown.get(key, key) for key in keys), *filter(None, (hours.get(name),))))
        yield f"place: {name}" + (f", {own}" if own else "") + ("" if places.told else " (learnt)")


def _is_code(paragraph: Paragraph) -> bool:
    return any(step == "pre" or step.startswith(("pre.", "pre#")) for step in paragraph.block.path)


def _fact(article: StoredArticle) -> Fact:
    known = article.metadata
    return Fact(article.url, known.title, known.published, known.edit_url)


def _superseded_numbers(identity: Identity) -> frozenset[str]:
    return identity.superseded.get("phone", frozenset()).union(identity.old.get("phone", ()))


def _post_shares(article: StoredArticle, repeated: set[tuple[str, str]], ask: Ask) -> Shares:
    kept = editorial = template = 0
    for block in article.blocks:
        words = len(block.text.split())
        if not block.kept:
            template += words
            continue
        kept += words
        if (article.url, block.digest) in repeated or block.role not in (Role.CONTENT, Role.HEADING):
            editorial += words
    every = max(1, kept + template)
    return Shares(article.url, kept, (kept - editorial) / every, template / every, editorial / every, ask)
