"""Learn what repeats over a site's pages, and tell its frame from its posts.

Each page is boiled down to a `Sketch` once; a profile is made of sketches alone, so that new posts never ask for the
old pages again. Sums are of whole numbers: the order of the pages doesn't matter.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final
from zlib import compress, decompress

from scraper.model import SiteProfile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scraper.model import Block

PathKey = tuple[str, ...]

MIN_PAGES: Final = 3
"""Pages a site must have before anything is learnt from repetition: at two, a post shown twice would be cut."""

_CONTENT_FROM: Final = 50
_PURE: Final = 12
_SKETCH_FORMAT: Final = 1
_PER_POST: Final = re.compile(r"(?:post|node|entry|page|item|article|hentry|postid)-?0*0?|hentry")
_DIGITS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Sketch:
    """What learning needs to know of one page.

    The lists go by block: `digests`, `places` (an index into `paths`), `words`, and `chances` (percent that the block
    is content, by the page's own signals; 0 or 100 where a witness said so). `container` is the path of the element
    that held the article. `is_plain` pages have no paths: only their digests count.
    """

    digests: tuple[str, ...]
    places: tuple[int, ...]
    paths: tuple[PathKey, ...]
    words: tuple[int, ...]
    chances: tuple[int, ...]
    container: PathKey = ()
    is_witnessed: bool = False
    is_plain: bool = False

    def to_bytes(self) -> bytes:
        """Return the sketch in a compact form for storage."""
        plain = [
            _SKETCH_FORMAT,
            "".join(self.digests),
            self.places,
            self.paths,
            self.words,
            self.chances,
            self.container,
            self.is_witnessed,
            self.is_plain,
        ]
        return compress(json.dumps(plain, separators=(",", ":"), ensure_ascii=False).encode(), 6)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Sketch:
        """Read what `to_bytes` wrote. Raise `ValueError` where it is something else or of another version."""
        version, digests, places, paths, words, chances, container, witnessed, plain = json.loads(decompress(stored))
        if version != _SKETCH_FORMAT:
            raise ValueError(f"a sketch of format {version}")
        return cls(
            tuple(digests[at : at + 16] for at in range(0, len(digests), 16)),
            tuple(places),
            tuple(tuple(path) for path in paths),
            tuple(words),
            tuple(chances),
            tuple(container),
            witnessed,
            plain,
        )


class _Tally:
    """Add up what the sketches say of one path."""

    __slots__ = ("blocks", "content", "pages", "repeated", "witnessed", "witnessed_pages", "words", "words_seen")

    def __init__(self) -> None:
        self.pages = self.blocks = self.repeated = 0
        self.words = self.content = 0
        self.witnessed = self.witnessed_pages = self.words_seen = 0

    def share(self) -> int:
        """Return the percentage of content; by the witnesses where two or more pages had one."""
        if self.witnessed_pages >= 2:
            return self.witnessed // max(1, self.words_seen)
        return self.content // max(1, self.words)


def path_key(path: Sequence[str]) -> PathKey:
    """Return a path as it is on every page of a site: without ids, numbers and classes that differ by post."""
    return tuple([_step_key(step) for step in path])


@lru_cache(maxsize=16384)
def _step_key(step: str) -> str:
    head, *classes = step.split(".")
    tag, _, identifier = head.partition("#")
    folded = [_DIGITS.sub("0", name) for name in classes]
    if any(_PER_POST.fullmatch(name) for name in folded):
        return f"{tag}.post"
    name = ""
    if identifier and not _DIGITS.search(identifier) and identifier.count("-") < 3 and tag not in _FREE_IDS:
        name = f"#{identifier}"
    return ".".join((f"{tag}{name}", *sorted(set(folded))[:6]))


_FREE_IDS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "section", "a", "dt", "dd"))


def learn(sketches: Iterable[Sketch]) -> SiteProfile:
    """Return what repeats over the pages; nothing but their number for fewer than `MIN_PAGES`."""
    known = list(sketches)
    if len(known) < MIN_PAGES:
        return SiteProfile(pages=len(known), digest=_digest_of(()))
    seen = Counter(digest for sketch in known for digest in set(sketch.digests))
    tallies = _tally(known, seen)
    template: dict[PathKey, int] = {}
    content: dict[PathKey, int] = {}
    for path, tally in tallies.items():
        side = _judge(tally)
        if side is not None:
            (content if side else template)[path] = tally.pages
    containers = _containers(known)
    framed, editorial = _repeated(known, seen, template, content)
    decisions = (
        sorted(framed),
        sorted(template),
        sorted(content),
        sorted(editorial),
        containers,
    )
    return SiteProfile(
        pages=len(known),
        containers=containers,
        template_digests=dict(sorted(framed.items())),
        template_paths=dict(sorted(template.items())),
        content_paths=dict(sorted(content.items())),
        editorial=dict(sorted(editorial.items())),
        digest=_digest_of(decisions),
    )


def _digest_of(decisions: object) -> str:
    return blake2b(json.dumps(decisions).encode(), digest_size=16).hexdigest()


def _tally(known: Sequence[Sketch], seen: Counter[str]) -> dict[PathKey, _Tally]:
    """Return the sums for every path of a block."""
    tallies: dict[PathKey, _Tally] = {}
    for sketch in known:
        if sketch.is_plain:
            continue
        for path in {sketch.paths[place] for place in sketch.places}:
            tally = tallies.setdefault(path, _Tally())
            tally.pages += 1
            tally.witnessed_pages += sketch.is_witnessed
        for digest, place, words, chance in zip(
            sketch.digests, sketch.places, sketch.words, sketch.chances, strict=True
        ):
            tally = tallies[sketch.paths[place]]
            weight = min(words, 60)
            tally.blocks += 1
            tally.repeated += seen[digest] >= MIN_PAGES
            tally.words += weight
            tally.content += weight * chance
            if sketch.is_witnessed:
                tally.witnessed += weight * chance
                tally.words_seen += weight
    return tallies


def _judge(tally: _Tally) -> bool | None:
    """Return whether a path holds content (`True`), the frame (`False`), or can't be told."""
    if tally.pages < MIN_PAGES:
        return None
    share = tally.share()
    if tally.witnessed_pages >= 2:
        return True if share >= 80 else False if share <= 20 else None
    repeats = 10 * tally.repeated >= 6 * tally.blocks
    if share >= _CONTENT_FROM + _PURE + 20 * repeats:
        return True
    return False if share < _CONTENT_FROM - _PURE + 30 * repeats else None


def _containers(known: Sequence[Sketch]) -> tuple[PathKey, ...]:
    """Return the containers that witnesses gave, else those that the pages chose; the most frequent first."""
    witnessed = Counter(s.container for s in known if s.is_witnessed and s.container)
    if witnessed:
        return tuple(path for path, _ in sorted(witnessed.items(), key=lambda item: (-item[1], item[0])))
    votes = Counter(s.container for s in known if s.container)
    least = max(MIN_PAGES, sum(votes.values()) // 20)
    ranked = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
    return tuple(path for path, count in ranked if count >= least)


def _repeated(
    known: Sequence[Sketch], seen: Counter[str], template: dict[PathKey, int], content: dict[PathKey, int]
) -> tuple[dict[str, int], dict[str, int]]:
    """Return the repeated digests that belong to the frame, and those that stand inside the posts."""
    inside: Counter[str] = Counter()
    for sketch in known:
        for digest, place, chance in zip(sketch.digests, sketch.places, sketch.chances, strict=True):
            if seen[digest] >= MIN_PAGES:
                path = () if sketch.is_plain else sketch.paths[place]
                within = sketch.is_plain or path in content or (path not in template and chance >= _CONTENT_FROM)
                inside[digest] += 1 if within else -1
    framed = {digest: seen[digest] for digest, votes in inside.items() if votes < 0}
    editorial = {digest: seen[digest] for digest, votes in inside.items() if votes >= 0}
    return framed, editorial


def affected(sketch: Sketch, old: SiteProfile, new: SiteProfile) -> bool:
    """Return whether a page would be extracted otherwise with the new profile than with the old one."""
    if old.digest == new.digest:
        return False
    if sketch.is_plain:
        return any((digest in old.editorial) != (digest in new.editorial) for digest in sketch.digests)
    if old.containers != new.containers and _first(sketch, old) != _first(sketch, new):
        return True
    if any(
        (path in old.template_paths) != (path in new.template_paths)
        or (path in old.content_paths) != (path in new.content_paths)
        for path in sketch.paths
    ):
        return True
    return any(
        (digest in old.template_digests) != (digest in new.template_digests)
        or (digest in old.editorial) != (digest in new.editorial)
        for digest in sketch.digests
    )


def _first(sketch: Sketch, profile: SiteProfile) -> tuple[PathKey, ...]:
    """Return the profile's containers that could be on the page."""
    return tuple(
        container
        for container in profile.containers
        if any(path[: len(container)] == container for path in sketch.paths)
    )


def classify(blocks: Sequence[Block], profile: SiteProfile) -> tuple[bool | None, ...]:
    """Return what the site says of each block: part of a post, part of the frame, or nothing (`None`).

    A block whose text and place are on no other page gets no verdict.
    """
    return tuple(verdict(block.digest, path_key(block.path), profile) for block in blocks)


def verdict(digest: str, path: PathKey, profile: SiteProfile) -> bool | None:
    """Return what the site says of a block with this digest and path key."""
    if not path:
        return True if digest in profile.editorial else None
    if digest in profile.template_digests:
        return False
    if path in profile.content_paths:
        return True
    return False if path in profile.template_paths else None


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
