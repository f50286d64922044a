"""Turn findings into a ranked list of what an editor can do, each with the posts it needs."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from indexer.audit.findings import Action, Audit
from indexer.audit.marks import mark
from indexer.audit.similarity.clusters import Union
from scraper.facts.dates import is_word
from scraper.text.contacts import digits, phones
from scraper.text.words import PLAIN, masked_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from indexer.audit.findings import Cluster, Duplicate, Mark, PostFinding, Series, Stale

_NAMES = {"email": "e-mail address", "brand": "name", "url": "link", "phone": "phone number"}
_FEWEST, _MANY, _STANDING = 3, 5, 0.05
"""Posts, and share of posts, from which on wordings of a paragraph are worth unifying; chosen, not measured."""
_SHOWN = 50
"""Characters of a quotation in an action; chosen: an action fits on two lines of a terminal."""
_USUAL = 0.2
"""Share of posts that ask, below which asking is unusual on a blog; chosen: a personal
blog asks in few posts, and nothing is missing there."""
_MOSTLY = 1 / 3
"""Share of posts that ask, below which an owner without a phone asks when there is something to ask for. Chosen after
reading eight blogs: an association and a protest camp asked in a fifth of their posts, and missed nothing elsewhere."""
_DOMINANT, _NEARLY_ALL = 0.5, 0.75
"""Share of a paragraph's posts that have the usual wording, where there is one to unify the others by: of what asks or
is a notice, and of other text, whose wording may change with the years. Chosen."""
_LEAST_WORDS = 8
"""Words of a paragraph worth unifying, if it is no call; of nine actions that an editor found useful none had fewer."""
_CUSTOM: Mapping[str, float] = {"thin-post": 0.1}
_HABIT = 0.25
"""Share of posts from which on what only a remark would say is how a blog is, and nothing to do; of short posts a
smaller one. Chosen."""
_LEAST_SHARED = 100
"""Words that two posts share at least to be written anew, where neither is a copy of the other; chosen: a paragraph."""
_NAMED = 3
"""Places named in an action; chosen: it fits on two lines of a terminal."""


class Rank(IntEnum):
    """What an editor does first: what misleads a reader, then copies, what is missing, what is untidy, and remarks."""

    MISLEADING = 5
    DOUBTFUL = 4
    COPIED = 3
    MISSING = 2
    UNTIDY = 1
    REMARK = 0


class _Todo(NamedTuple):
    """An action before its place among the others is known."""

    mark: Mark
    rank: Rank
    kind: str
    posts: tuple[str, ...]
    advice: str
    findings: tuple[str, ...]


def rank(audit: Audit) -> tuple[Action, ...]:
    """Return the actions for what nobody has accepted, most urgent first: by rank, posts, and the newest of these."""
    days = {fact.url: fact.published for fact in audit.posts}
    found = [
        *_replace(finding for finding in audit.stale if not finding.mark.accepted),
        *_check([finding for finding in audit.checks if not finding.mark.accepted], audit.summary.posts),
        *_add_cta(audit),
        *_merge(
            (finding for finding in audit.duplicates if not finding.mark.accepted),
            {fact.url: fact.title for fact in audit.posts},
        ),
        *_separate(finding for finding in audit.series if not finding.mark.accepted),
        *_unify(audit),
        *_mend(audit),
        *_rewrite(audit),
    ]
    made = [_weighed(todo, max(filter(None, map(days.get, todo.posts)), default=None)) for todo in found]
    made.sort(key=lambda action: (-action.weight, action.kind != "fix-phone", action.kind, action.mark.id))
    return tuple(made)


def _weighed(todo: _Todo, newest: date | None) -> Action:
    """Return an action with its weight: thousands are the rank, then come posts, and a fraction for the newest."""
    weight = 1000 * todo.rank + min(len(todo.posts), 900) + (newest.toordinal() / date.max.toordinal() if newest else 0)
    why = _posts(len(todo.posts)) + (f", newest {newest:%Y-%m}" if newest else "")
    return Action(todo.mark, todo.kind, todo.posts, todo.advice, weight, todo.findings, why)


def _quote(text: str) -> str:
    return f'"{text}"' if len(text) <= _SHOWN else f'"{text[: _SHOWN - 1].rstrip()}…"'


def _posts(count: int) -> str:
    return "1 post" if count == 1 else f"{count:,} posts"


def _distinct(urls: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(urls))


def _replace(stale: Iterable[Stale]) -> Iterator[_Todo]:
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
        sure = any(finding.severity == "high" for finding in found)
        rank = Rank.UNTIDY if kind in ("year", "price") else Rank.MISLEADING if sure else Rank.DOUBTFUL
        yield _Todo(mark("a", "stale", kind, key), rank, f"fix-{kind}", posts, advice, _ids(found))


_CHECKED: Mapping[str, tuple[Rank, str, str]] = {
    "misspelt-name": (Rank.DOUBTFUL, "fix-spelling", "Correct the name {found} to {expected} in {posts}"),
    "odd-number": (
        Rank.DOUBTFUL,
        "check-number",
        "Check the number {found} in a call to action of {posts}: all others give {expected}",
    ),
    "old-link": (Rank.MISLEADING, "fix-link", "Replace the link {found} in {posts}: it leads to an old address"),
    "dead-link": (Rank.DOUBTFUL, "fix-link", "Mend the link {found} in {posts}: there is no such page any more"),
    "odd-link": (
        Rank.UNTIDY,
        "check-link",
        "Check the link of a call to action in {posts}: nearly all copies lead to {expected}",
    ),
    "missing-notice": (Rank.MISSING, "add-notice", "Add the notice that most posts have to {posts}"),
    "thin-post": (Rank.REMARK, "extend-posts", "Extend or merge {posts} with few words of their own"),
    "unchanged-post": (Rank.REMARK, "update-posts", "Look through {posts} not changed for years on a topic that lives"),
    "same-question": (
        Rank.UNTIDY,
        "compare-posts",
        "Compare {posts}, of which two or three each answer the same question, and merge or link them",
    ),
    "no-lead-image": (Rank.REMARK, "add-image", "Give {posts} a lead image, as the others have"),
}
"""For each check the rank, the kind and the words of what to do about its findings."""


def _check(checks: Iterable[PostFinding], every: int) -> Iterator[_Todo]:
    """Yield one action for each text that a check found in the posts of a blog, `every` in all."""
    groups: dict[tuple[str, str], list[PostFinding]] = defaultdict(list)
    for finding in checks:
        same = {"odd-link": finding.expected, "same-question": ""}.get(finding.check, finding.found)
        groups[finding.check, same or ""].append(finding)
    for (check, shown), found in groups.items():
        rank, kind, words = _CHECKED[check]
        both = check == "same-question"
        posts = _distinct(url for each in found for url in ((each.post, each.found) if both else (each.post,)))
        if rank == Rank.REMARK and len(posts) > _CUSTOM.get(check, _HABIT) * every:
            continue
        advice = words.format(found=_quote(shown), expected=_quote(found[0].expected or ""), posts=_posts(len(posts)))
        yield _Todo(mark("a", check, shown), rank, kind, posts, advice, _ids(found))


def _key(finding: Stale) -> str:
    """Return what equal values have in common, however they are written."""
    if finding.kind == "phone":
        return next((value.key for value in phones(finding.found)), digits(finding.found))
    found = finding.found.lower()
    if finding.kind == "url":
        found = found.removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return "".join(sign for sign in found if sign.isalnum())


def _ids(found: Iterable[Stale | Cluster | Duplicate | PostFinding]) -> tuple[str, ...]:
    return tuple(finding.mark.id for finding in found)


def _add_cta(audit: Audit) -> Iterator[_Todo]:
    """Yield what to do about posts that ask for nothing, only invite, or ask twice.

    Where few posts ask, that others do not is a remark, and nothing has to be made explicit; where the owner has no
    number to call either, it is nothing to do.
    """
    missing = [finding for finding in audit.missing_cta if not finding.mark.accepted]
    usual = audit.summary.asks >= _USUAL * audit.summary.posts
    called = any(line.startswith("phone: ") for line in audit.expected)
    if missing and (called or audit.summary.asks >= _MOSTLY * audit.summary.posts):
        posts = tuple(finding.post for finding in missing)
        ids = tuple(finding.mark.id for finding in missing)
        advice = f"Add a call to action to {_posts(len(posts))} that {'has' if len(posts) == 1 else 'have'} none"
        yield _Todo(mark("a", "missing-cta"), Rank.MISSING if usual else Rank.REMARK, "add-cta", posts, advice, ids)
    for kind, rank, words in (
        (
            "weak",
            Rank.UNTIDY,
            "Make the call to action explicit in {}: they invite, but don't ask to call, book or write",
        ),
        ("doubled", Rank.UNTIDY, "Take out the second copy of a call to action in {}"),
        ("location", Rank.MISLEADING, "Check the number or place in the call to action of {}"),
    ):
        notes = [note for note in audit.cta_notes if note.kind == kind and not note.mark.accepted]
        if notes and (usual or kind != "weak"):
            posts = _distinct(note.post for note in notes)
            ids = tuple(note.mark.id for note in notes)
            yield _Todo(mark("a", "cta", kind), rank, f"{kind}-cta", posts, words.format(_posts(len(posts))), ids)


def _merge(duplicates: Iterable[Duplicate], titles: Mapping[str, str | None]) -> Iterator[_Todo]:
    """Yield one action for each group of posts that are copies of one another.

    Posts whose titles differ in numbers and days only, such as news of a month, are meant to be alike.
    """
    found = [
        each
        for each in duplicates
        if each.kind == "exact"
        or not (
            _is_next(titles.get(each.a), titles.get(each.b))
            or (each.kind == "partial" and each.shared_words < _LEAST_SHARED)
        )
    ]
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
        kind = "merge-posts" if whole else "rewrite-posts"
        yield _Todo(mark("a", "merge", *sorted(posts)[:1]), Rank.COPIED, kind, posts, advice, _ids(group))


def _is_next(title: str | None, other: str | None) -> bool:
    """Tell whether two titles are the same but for numbers and the names of months and days."""
    one, two = (PLAIN.findall((text or "").lower()) for text in (title, other))
    kept = [[word for word in words if not (any(map(str.isdigit, word)) or is_word(word))] for words in (one, two)]
    return one != two and len(kept[0]) > 1 and kept[0] == kept[1]


def _separate(series: Iterable[Series]) -> Iterator[_Todo]:
    """Yield one action for each article that was written for several places."""
    for found in series:
        if found.kind == "places":
            names = ", ".join(found.names[:_NAMED]) + (" and others" if len(found.names) > _NAMED else "")
            advice = f"Give {_posts(len(found.posts))} texts of their own, or make them one: the same for {names}"
            yield _Todo(
                mark("a", "places", found.posts[0]),
                Rank.COPIED,
                "rewrite-places",
                found.posts,
                advice,
                (found.mark.id,),
            )


def _unify(audit: Audit) -> Iterator[_Todo]:
    """Yield one action for each paragraph of the blog's own that stands in several wordings, and one for all others.

    The blog's own are calls to action, notices, and what stands on many posts; the others are text that editors reuse.
    A wording in which a value is to be replaced anyway has that action.
    """
    mended = {(finding.post, " ".join(finding.text.split())) for finding in audit.stale if not finding.mark.accepted}
    others: list[tuple[Cluster, tuple[str, ...]]] = []
    patterns = [frozenset(found.posts) for found in audit.series]
    for cluster in audit.clusters:
        if cluster.mark.accepted or not _has_a_usual_wording(cluster) or _is_of_one(patterns, cluster):
            continue
        worded = [(variant, url) for variant in cluster.reworded for url in variant.posts]
        worded = [(variant, url) for variant, url in worded if (url, variant.text) not in mended]
        posts = _distinct(url for _, url in worded)
        if not posts:
            continue
        formal = cluster.role in _FORMAL
        standing = cluster.share >= _STANDING and cluster.posts >= _MANY
        if not formal and (not standing or len(posts) > (1 - _NEARLY_ALL) * cluster.posts):
            others.append((cluster, posts))
            continue
        wordings = len({tuple(masked_words(variant.text)) for variant, _ in worded}) + 1
        told = f"{len(posts):,} of {_posts(cluster.posts)} to change"
        advice = f"Unify {wordings} wordings of {_quote(cluster.text)}: {told}"
        yield _Todo(mark("a", "unify", cluster.mark.id), Rank.UNTIDY, "unify-wordings", posts, advice, _ids([cluster]))
    if others:
        posts = _distinct(url for _, found in others for url in found)
        what = "1 paragraph" if len(others) == 1 else f"{len(others):,} paragraphs"
        advice = f"Look through {what} reused in other words in {_posts(len(posts))}"
        found = _ids(cluster for cluster, _ in others)
        yield _Todo(mark("a", "unify", "reused"), Rank.REMARK, "unify-wordings", posts, advice, found)


_FORMAL = ("cta", "legal", "widget")


def _has_a_usual_wording(cluster: Cluster) -> bool:
    """Tell whether a paragraph is one that half of its posts have in the same words, and no line with other words each.

    What has a new wording on every other post is a form that is filled in, and a line of a few words is no paragraph.
    """
    if cluster.kind != "editorial" or cluster.copied or cluster.posts < _FEWEST:
        return False
    words = masked_words(cluster.text)
    others = {tuple(masked_words(variant.text)) for variant in cluster.reworded}
    other_posts = {url for variant in cluster.reworded for url in variant.posts}
    return (
        (len(words) >= _LEAST_WORDS or cluster.role == "cta")
        and 2 * (len(others) + 1) <= cluster.posts
        and len(other_posts) <= (1 - _DOMINANT) * cluster.posts
    )


def _is_of_one(patterns: Iterable[frozenset[str]], cluster: Cluster) -> bool:
    """Tell whether a paragraph stands mostly in posts made after one pattern, and recurs with that."""
    return any(2 * len(posts.intersection(cluster.urls)) > cluster.posts for posts in patterns)


def _mend(audit: Audit) -> Iterator[_Todo]:
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
        rank = Rank.MISLEADING if subject.startswith(("shows ", "still shows ")) else Rank.UNTIDY
        yield _Todo(mark("a", "template", cluster, subject), rank, "mend-template", posts, advice, ids)


def _said(what: str, posts: int) -> str:
    """Return what a page does as a sentence of one page or several: "shows" becomes "it shows" or "they show"."""
    if posts == 1:
        return f"it {what}"
    adverb = "still " if what.startswith("still ") else ""
    verb, _, rest = what.removeprefix(adverb).partition(" ")
    return f"they {adverb}{'have' if verb == 'has' else verb.removesuffix('s')} {rest}"


def _rewrite(audit: Audit) -> Iterator[_Todo]:
    """Yield one action for all passages taken over verbatim."""
    found = [finding for finding in audit.passages if not finding.mark.accepted]
    if found:
        posts = _distinct(finding.b for finding in found)
        ids = tuple(finding.mark.id for finding in found)
        what = "1 passage" if len(found) == 1 else f"{len(found):,} passages"
        advice = f"Rewrite or link {what} that {_posts(len(posts))} took over word for word from other posts"
        yield _Todo(mark("a", "passages"), Rank.UNTIDY, "rewrite-passages", posts, advice, ids)
