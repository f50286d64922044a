"""Learn what repeats over a site's pages, and tell page chrome from posts.

Each page is boiled down to a `PageSummary` once; a profile is made of summaries alone, so that new posts never ask for
the old pages again. Sums are of whole numbers: the order of the pages doesn't matter.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final
from zlib import compress, decompress

from scraper.extraction.markup_terms import NEGATIVE, terms_named, terms_of_step
from scraper.model import SiteProfile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


PathKey = tuple[str, ...]

MIN_PAGES: Final = 3
"""Pages a site must have before anything is learnt from repetition: at two, a post shown twice would be cut."""

EVERYWHERE: Final = 0.8
"""Share of a site's pages from which a text that stands on them has no say in where the posts stand."""

MIN_EVERYWHERE: Final = 5
"""Pages a site must have for that: of three or four, a quotation can be on all."""

_CONTENT_FROM: Final = 50
_PURE: Final = 12
_SURELY_NOT: Final = 20
"""Probabilities in percent, learnt of a place over a site. Chosen, not measured: even odds, with a margin on either
side that more repetition widens or narrows, so that a place in between is left undecided."""
_SUMMARY_FORMAT: Final = 1
"""The layout of a stored page summary; counted up when it changes."""
_PER_POST: Final = re.compile(r"(?:post|node|entry|page|item|article|hentry|postid)-?0*0?|hentry")
_HOLDERS: Final = frozenset(("div", "section", "article", "main", "td", "body", "form", "center", "span", "font"))
_NAMED_HOLDERS: Final = frozenset(
    ("div", "main", "aside", "nav", "header", "footer", "ul", "ol", "form", "table", "td")
)
_TAXONOMIES: Final = frozenset(
    ("tag", "category", "cat", "author", "topic", "term", "format", "type", "status", "lang")
)
_PROSE: Final = frozenset(("p", "ul", "ol", "li", "blockquote", "h2", "h3", "h4", "h5", "h6"))
_DIGITS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class PageSummary:
    """What learning needs to know of one page.

    The lists go by block: `digests`, `places` (an index into `paths`), `words`, and `probabilities` (percent that the
    block is content, by the page's own features; 0 or 100 where a reference body said so). `container` is the path of
    the element that held the article. `is_plain` pages have no paths: only their digests count.
    """

    digests: tuple[str, ...]
    places: tuple[int, ...]
    paths: tuple[PathKey, ...]
    words: tuple[int, ...]
    probabilities: tuple[int, ...]
    container: PathKey = ()
    has_reference_body: bool = False
    is_plain: bool = False

    def to_bytes(self) -> bytes:
        """Return the summary in a compact form for storage."""
        plain = [
            _SUMMARY_FORMAT,
            "".join(self.digests),
            self.places,
            self.paths,
            self.words,
            self.probabilities,
            self.container,
            self.has_reference_body,
            self.is_plain,
        ]
        return compress(json.dumps(plain, separators=(",", ":"), ensure_ascii=False).encode(), 6)

    @classmethod
    def from_bytes(cls, stored: bytes) -> PageSummary:
        """Read what `to_bytes` wrote. Raise `ValueError` where it is something else or of another version."""
        read = json.loads(decompress(stored))
        version, digests, places, paths, words, probabilities, container, referenced, plain = read
        if version != _SUMMARY_FORMAT:
            raise ValueError(f"a page summary of format {version}")
        return cls(
            tuple(digests[at : at + 16] for at in range(0, len(digests), 16)),
            tuple(places),
            tuple(tuple(path) for path in paths),
            tuple(words),
            tuple(probabilities),
            tuple(container),
            referenced,
            plain,
        )


class _Tally:
    """Add up what the summaries say of one path."""

    __slots__ = ("blocks", "content", "pages", "referenced", "referenced_pages", "repeated", "words", "words_seen")

    def __init__(self) -> None:
        self.pages = self.blocks = self.repeated = 0
        self.words = self.content = 0
        self.referenced = self.referenced_pages = self.words_seen = 0

    def share(self) -> int:
        """Return the percentage of content; by the reference bodies where two or more pages had one."""
        if self.referenced_pages >= 2:
            return self.referenced // max(1, self.words_seen)
        return self.content // max(1, self.words)


def path_key(path: Sequence[str]) -> PathKey:
    """Return a path as it is on every page of a site: without ids, numbers and classes that differ by post."""
    return tuple([_step_key(step) for step in path])


@lru_cache(maxsize=16384)
def _step_key(step: str) -> str:
    """Keep the tag, an id that is a term of markup, and the classes that are not a post's own."""
    head, *classes = step.split(".")
    tag, _, identifier = head.partition("#")
    names = {_DIGITS.sub("0", name) for name in classes}
    if any(_PER_POST.fullmatch(name) for name in names):
        return f"{tag}.post"
    steady = sorted(name for name in names if not _is_taxonomy(name))[:6]
    steady_id = tag in _NAMED_HOLDERS and identifier.count("-") < 2 and not _DIGITS.search(identifier)
    known = identifier and steady_id and terms_named("", identifier)
    return ".".join((f"{tag}#{identifier}" if known else tag, *steady))


def _is_taxonomy(name: str) -> bool:
    """Return whether a class carries the post's own category, tag, author or format."""
    kind, dash, value = name.partition("-")
    return bool(dash) and kind in _TAXONOMIES and not terms_named(value, "")


def learn(summaries: Iterable[PageSummary]) -> SiteProfile:
    """Return what repeats over the pages; nothing but their number for fewer than `MIN_PAGES`."""
    known = list(summaries)
    if len(known) < MIN_PAGES:
        return SiteProfile(pages=len(known), digest=_digest_of(()))
    seen = Counter(digest for summary in known for digest in set(summary.digests))
    tallies = _tally(known, seen)
    template: dict[PathKey, int] = {}
    content: dict[PathKey, int] = {}
    containers = _containers(known, seen)
    for path, tally in tallies.items():
        below = _below(path, containers)
        side = _judge(tally, below)
        if side is not None:
            (content if side else template)[path] = tally.pages
    inside = {path for path in tallies if path in content or (path not in template and _is_inside(path, containers))}
    chrome, editorial = _repeated(known, seen, inside)
    decisions = (
        sorted(chrome),
        sorted(template),
        sorted(content),
        sorted(editorial),
        containers,
    )
    return SiteProfile(
        pages=len(known),
        containers=containers,
        template_digests=dict(sorted(chrome.items())),
        template_paths=dict(sorted(template.items())),
        content_paths=dict(sorted(content.items())),
        editorial=dict(sorted(editorial.items())),
        digest=_digest_of(decisions),
    )


def _digest_of(decisions: object) -> str:
    return blake2b(json.dumps(decisions).encode(), digest_size=16).hexdigest()


def _tally(known: Sequence[PageSummary], seen: Counter[str]) -> dict[PathKey, _Tally]:
    """Return the sums for every path of a block."""
    tallies: dict[PathKey, _Tally] = {}
    for summary in known:
        if summary.is_plain:
            continue
        for path in {summary.paths[place] for place in summary.places}:
            tally = tallies.setdefault(path, _Tally())
            tally.pages += 1
            tally.referenced_pages += summary.has_reference_body
        for digest, place, words, probability in zip(
            summary.digests, summary.places, summary.words, summary.probabilities, strict=True
        ):
            tally = tallies[summary.paths[place]]
            weight = min(words, 60)
            tally.blocks += 1
            tally.repeated += seen[digest] >= MIN_PAGES
            tally.words += weight
            tally.content += weight * probability
            if summary.has_reference_body:
                tally.referenced += weight * probability
                tally.words_seen += weight
    return tallies


def _is_inside(path: PathKey, containers: Sequence[PathKey]) -> bool:
    return any(path[: len(container)] == container for container in containers)


def _below(path: PathKey, containers: Sequence[PathKey]) -> PathKey | None:
    """Return the steps of a path below the deepest of the containers it is in; `None` where it is in none."""
    lengths = [len(container) for container in containers if path[: len(container)] == container]
    return path[max(lengths) :] if lengths else None


def _judge(tally: _Tally, below: PathKey | None) -> bool | None:
    """Return whether a path holds content (`True`), page chrome (`False`), or can't be told.

    Inside the container, `below` being the steps there, low probabilities alone are not enough for page chrome: its
    texts have to repeat, or an element has to be called something that is no content. What people paste into posts
    repeats too: it stands among the post's own paragraphs in no box, and there the probabilities have to be very low.
    """
    if tally.pages < MIN_PAGES:
        return None
    share = tally.share()
    if tally.referenced_pages >= 2:
        return True if share >= 80 else False if share <= 20 else None
    repeats = 10 * tally.repeated >= 6 * tally.blocks
    if below is not None:
        if share >= _CONTENT_FROM:
            return True
        is_named = any(terms_of_step(step) & NEGATIVE for step in below)
        is_pasted = all(step in _PROSE for step in below)
        return False if (repeats and not is_pasted) or (share < _SURELY_NOT and (repeats or is_named)) else None
    if share >= _CONTENT_FROM + _PURE + 20 * repeats:
        return True
    return False if share < _CONTENT_FROM - _PURE + 30 * repeats else None


def _containers(known: Sequence[PageSummary], seen: Counter[str]) -> tuple[PathKey, ...]:
    """Return the containers that reference bodies gave, else those of the highest expected F1, most frequent first."""
    referenced = Counter(s.container for s in known if s.has_reference_body and s.container)
    votes = referenced or _voted([_without_chrome(summary, seen, len(known)) for summary in known])
    ranked = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
    return tuple(path for path, count in ranked if count >= (1 if referenced else MIN_PAGES))


def _without_chrome(summary: PageSummary, seen: Counter[str], pages: int) -> PageSummary:
    """Return a summary in which text that stands on nearly all pages has no chance to be a post's.

    Where posts are one sentence long, a box that is the same everywhere reads more like a post than they do.
    """
    if pages < MIN_EVERYWHERE or summary.has_reference_body:
        return summary
    least = EVERYWHERE * pages
    probabilities = tuple(
        0 if seen[mark] >= least else probability
        for mark, probability in zip(summary.digests, summary.probabilities, strict=True)
    )
    return replace(summary, probabilities=probabilities)


def _voted(known: Sequence[PageSummary]) -> Counter[PathKey]:
    """Return for how many pages each path is the one that holds content best over all pages that have it."""
    sums: dict[PathKey, list[int]] = {}
    pages = [(_held(summary), summary) for summary in known if not summary.is_plain]
    for held, summary in pages:
        gold = sum(words * probability for words, probability in zip(summary.words, summary.probabilities, strict=True))
        for path, (words, content) in held.items():
            entry = sums.setdefault(path, [0, 0, 0, 0])
            for place, value in enumerate((1, words, content, gold)):
                entry[place] += value
    scores = {
        path: round(2e6 * content / (100 * words + gold))
        for path, (count, words, content, gold) in sums.items()
        if count >= MIN_PAGES and gold
    }
    return Counter(
        max((scores[path], len(path), path) for path in held if path in scores)[2]
        for held, _ in pages
        if any(path in scores for path in held)
    )


def _held(summary: PageSummary) -> dict[PathKey, tuple[int, int]]:
    """Return for each path of an element the words below it, and their sum of percentages."""
    leaves: dict[int, list[int]] = {}
    for place, words, probability in zip(summary.places, summary.words, summary.probabilities, strict=True):
        entry = leaves.setdefault(place, [0, 0])
        entry[0] += words
        entry[1] += words * probability
    held: dict[PathKey, tuple[int, int]] = {}
    for place, (words, content) in leaves.items():
        path = summary.paths[place]
        for length in range(1, len(path) + 1):
            if path[length - 1].partition(".")[0].partition("#")[0] not in _HOLDERS:
                continue
            before = held.get(path[:length], (0, 0))
            held[path[:length]] = (before[0] + words, before[1] + content)
    return held


def _repeated(
    known: Sequence[PageSummary], seen: Counter[str], inside: set[PathKey]
) -> tuple[dict[str, int], dict[str, int]]:
    """Return the repeated digests that belong to page chrome, and those that stand inside the posts."""
    votes: Counter[str] = Counter()
    for summary in known:
        for digest, place, probability in zip(summary.digests, summary.places, summary.probabilities, strict=True):
            if seen[digest] >= MIN_PAGES:
                within = summary.is_plain or summary.paths[place] in inside
                votes[digest] += 1 if within and probability else -1
    chrome = {digest: seen[digest] for digest, balance in votes.items() if balance < 0}
    editorial = {digest: seen[digest] for digest, balance in votes.items() if balance >= 0}
    return chrome, editorial


def affected(summary: PageSummary, old: SiteProfile, new: SiteProfile) -> bool:
    """Return whether a page would be extracted otherwise with the new profile than with the old one."""
    if old.digest == new.digest:
        return False
    if summary.is_plain:
        return any((digest in old.editorial) != (digest in new.editorial) for digest in summary.digests)
    if old.containers != new.containers and _first(summary, old) != _first(summary, new):
        return True
    if any(
        (path in old.template_paths) != (path in new.template_paths)
        or (path in old.content_paths) != (path in new.content_paths)
        for path in summary.paths
    ):
        return True
    return any(
        (digest in old.template_digests) != (digest in new.template_digests)
        or (digest in old.editorial) != (digest in new.editorial)
        for digest in summary.digests
    )


def _first(summary: PageSummary, profile: SiteProfile) -> tuple[PathKey, ...]:
    """Return the profile's containers that could be on the page."""
    return tuple(
        container
        for container in profile.containers
        if any(path[: len(container)] == container for path in summary.paths)
    )


def verdict(digest: str, path: PathKey, profile: SiteProfile) -> bool | None:
    """Return what the site says of a block with this digest and path key.

    The place goes before the text: a post's first paragraph that is a teaser on other pages stays in its post.
    """
    if not path:
        return True if digest in profile.editorial else None
    if path in profile.template_paths:
        return False
    if path in profile.content_paths:
        return True
    if digest in profile.template_digests and not _is_inside(path, profile.containers):
        return False
    return None


def containers_on(keys: Sequence[PathKey], profile: SiteProfile) -> tuple[PathKey, ...]:
    """Return those of the profile's containers that are on a page with these path keys."""
    present = {key[:length] for key in set(keys) for length in range(1, len(key) + 1)}
    return tuple(container for container in profile.containers if container in present)


def pages_with(digest: str, path: Sequence[str], profile: SiteProfile) -> int | None:
    """Return on how many of the profile's pages a block's text stands, else its place; `None` where neither repeats."""
    for known in (profile.template_digests, profile.editorial):
        if digest in known:
            return known[digest]
    key = path_key(path)
    return profile.template_paths.get(key) or profile.content_paths.get(key)


def profile_to_json(profile: SiteProfile) -> str:
    """Return the profile as JSON text, the same for the same profile."""
    return json.dumps(
        {
            "pages": profile.pages,
            "containers": profile.containers,
            "template_digests": profile.template_digests,
            "template_paths": [[*item] for item in profile.template_paths.items()],
            "content_paths": [[*item] for item in profile.content_paths.items()],
            "editorial": profile.editorial,
            "digest": profile.digest,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def profile_from_json(text: str) -> SiteProfile:
    """Read what `profile_to_json` wrote. Raise `ValueError`, `KeyError` or `TypeError` where it is something else."""
    plain: dict[str, Any] = json.loads(text)
    return SiteProfile(
        pages=int(plain["pages"]),
        containers=tuple(tuple(path) for path in plain["containers"]),
        template_digests=dict(plain["template_digests"]),
        template_paths=dict(_paths(plain["template_paths"])),
        content_paths=dict(_paths(plain["content_paths"])),
        editorial=dict(plain["editorial"]),
        digest=plain["digest"],
    )


def _paths(items: list[Any]) -> Iterator[tuple[PathKey, int]]:
    for path, count in items:
        yield tuple(path), count
