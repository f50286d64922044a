"""Find where pages do not have what the other pages of the blog have around the article."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from indexer.audit.findings import Cluster, Deviation
from indexer.audit.marks import mark
from indexer.audit.values import emails, phones
from scraper.model import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.audit.corpus import Corpus, Piece
    from indexer.audit.owner import Known

USUAL = 0.9
"""What stands on so many of the pages is expected on all of them."""

SAME = 0.8
"""Where so many of the pages print a block word for word, another wording is a deviation."""

_FEW = 0.1
_SHOWN = 60
_VARYING = frozenset((Role.RELATED, Role.AUTHOR, Role.COMMENTS))
_WORD = re.compile(r"[^\W_]+")


def deviations(
    corpus: Corpus, pieces: Sequence[Piece], clusters: Sequence[Cluster], known: Known
) -> Iterator[Deviation]:
    """Yield what pages lack, have in another wording, show of former days, or print that no reader should see."""
    having = {corpus.urls[piece.post] for piece in pieces}
    if len(having) >= 3:
        for cluster in clusters:
            if cluster.role not in _VARYING and not _of_posts(cluster.text, corpus, known):
                yield from _missing(corpus, cluster, having)
                yield from _other_wording(corpus, cluster, having, known)
    yield from _trackers(corpus, pieces, clusters)
    yield from _former(corpus, pieces, known)


def _quote(text: str) -> str:
    return f'"{text}"' if len(text) <= _SHOWN else f'"{text[: _SHOWN - 1].rstrip()}…"'


def _deviation(url: str, cluster: str, what: str) -> Deviation:
    return Deviation(mark("v", url, cluster, what), url, cluster, what)


def _missing(corpus: Corpus, cluster: Cluster, having: set[str]) -> Iterator[Deviation]:
    there = set(cluster.urls)
    if USUAL * len(having) <= len(there) < len(having):
        for url in corpus.urls:
            if url in having and url not in there:
                yield _deviation(url, cluster.mark.id, f"lacks {_quote(cluster.text)}, which {len(there)} posts have")


def _of_posts(text: str, corpus: Corpus, known: Known) -> bool:
    """Tell whether a text names posts, authors or categories: it differs by nature. The owner may be an author."""
    for name in (known.brand, *known.old_brands):
        text = text.replace(name, " \0 ") if name else text
    return corpus.names_a_post(text)


def _other_wording(corpus: Corpus, cluster: Cluster, having: set[str], known: Known) -> Iterator[Deviation]:
    """Yield the posts with a rare wording of a text that nearly all pages print alike, in place of that."""
    usual = max(cluster.variants, key=lambda variant: variant.count)
    if usual.count < SAME * len(having):
        return
    as_usual = set(usual.posts)
    for variant in cluster.variants:
        if variant.count <= _FEW * len(having) and variant.diff and not _of_posts(variant.text, corpus, known):
            for url in variant.posts:
                if url not in as_usual:
                    yield _deviation(url, cluster.mark.id, f"has another wording: {_quote(variant.text)}")


def _trackers(corpus: Corpus, pieces: Sequence[Piece], clusters: Sequence[Cluster]) -> Iterator[Deviation]:
    """Yield tracker text that some pages print and most don't."""
    ids = {
        digest: cluster.mark.id for cluster in clusters for variant in cluster.variants for digest in variant.digests
    }
    trackers = [piece for piece in pieces if piece.block.role == Role.TRACKER]
    spread: Counter[str] = Counter()
    for digest, _ in {(piece.block.digest, piece.post) for piece in trackers}:
        spread[digest] += 1
    for piece in trackers:
        if spread[piece.block.digest] < len(corpus) / 2:
            what = f"prints tracker text: {_quote(piece.text)}"
            yield _deviation(corpus.urls[piece.post], ids.get(piece.block.digest, ""), what)


def _former(corpus: Corpus, pieces: Sequence[Piece], known: Known) -> Iterator[Deviation]:
    """Yield former names and told former numbers around the article."""
    names = [r"[\W_]+".join(map(re.escape, _WORD.findall(name))) for name in known.old_brands]
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", re.I) if names else None
    numbers, mails = known.old.get("phone", {}), known.old.get("email", {})
    seen = set()
    for piece in pieces:
        found = [match.group()] if pattern and (match := pattern.search(piece.text)) else []
        found += [value.shown for value in phones(piece.text) if value.key in numbers]
        found += [value.shown for value in emails(piece.text) if value.key in mails]
        for shown in found:
            if (piece.post, shown) not in seen:
                seen.add((piece.post, shown))
                yield _deviation(corpus.urls[piece.post], "", f"still shows {_quote(shown)} around the article")
