"""Find where pages do not have what the other pages of the blog have around the article."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from indexer.audit.findings import Cluster, Deviation
from indexer.audit.marks import mark
from indexer.audit.owner.ownership import loose
from scraper.facts import dates
from scraper.model import Role
from scraper.text.contacts import addresses, emails, phones, street
from scraper.text.notices import is_step
from scraper.text.words import PLAIN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from indexer.audit.corpus import Corpus, Paragraph
    from indexer.audit.owner.identity import Identity
    from scraper.text.contacts import Value

    Shown = Mapping[int, Mapping[str, str]]
    """By post, the values that it shows, as `key -> as written`."""

USUAL = 0.9
"""What stands on so many of the pages is expected on all of them."""

SAME = 0.8
"""Where so many of the pages print a block word for word, another wording is a deviation."""

_FEW = 0.1
"""Share of the pages up to which another wording is a deviation; chosen: what more pages show is a second template."""
_SHOWN = 60
"""Characters of a quotation; chosen: a deviation fits on a line."""
_MANY_LINES = 4
"""Lines from which on a page has another menu or footer, which is one thing to mend; chosen."""
_PAGER = 3
"""Words of a link to the next post, at most; chosen: "next", and what the blog calls its posts."""
_VARYING = frozenset((Role.RELATED, Role.AUTHOR, Role.COMMENTS))
_MAY_TELL = re.compile(r"[\d@]")


def deviations(
    corpus: Corpus,
    paragraphs: Sequence[Paragraph],
    clusters: Sequence[Cluster],
    identity: Identity,
    theirs: Collection[str] = (),
) -> Iterator[Deviation]:
    """Yield what pages lack, have in another wording, show of former days, or print that no reader should see.

    `theirs` are the numbers of the owner's places, as keys: a page may have another one than the others.
    """
    having = {corpus.urls[paragraph.post] for paragraph in paragraphs}
    learnt = _learnt(paragraphs, identity, theirs, len(having))
    if len(having) >= 3:
        odd = _Odd(corpus, paragraphs, clusters, identity, {*learnt, *theirs})
        lacking: list[Deviation] = []
        worded: list[Deviation] = []
        for cluster in clusters:
            if cluster.role not in _VARYING and not _of_posts(cluster.text, corpus, identity):
                shown = list(odd.values(cluster))
                lacking += _missing(corpus, cluster, having)
                worded += _other_wording(corpus, cluster, having, identity, {deviation.post for deviation in shown})
                yield from shown
        yield from _together(_without_pagers(lacking, corpus), "lacks")
        yield from _together(worded, "has other words in")
    yield from _trackers(corpus, paragraphs, clusters)
    yield from _superseded(corpus, paragraphs, identity, learnt)


def _quote(text: str) -> str:
    return f'"{text}"' if len(text) <= _SHOWN else f'"{text[: _SHOWN - 1].rstrip()}…"'


def _deviation(url: str, cluster: str, what: str) -> Deviation:
    return Deviation(mark("v", url, cluster, what), url, cluster, what)


def _missing(corpus: Corpus, cluster: Cluster, having: set[str]) -> Iterator[Deviation]:
    there = set(cluster.urls)
    if USUAL * len(having) <= len(there) < len(having):
        for url in [url for url in corpus.urls if url in having and url not in there]:
            yield _deviation(url, cluster.mark.id, f"lacks {_quote(cluster.text)}, which {len(there)} posts have")


def _without_pagers(found: Sequence[Deviation], corpus: Corpus) -> list[Deviation]:
    """Return deviations without a line such as "Next story", of which the newest post has none, or the oldest."""
    ends = (corpus.urls[0], corpus.urls[-1])
    return [each for each in found if each.post not in ends or not _is_pager(_quoted(each.what))]


def _is_pager(line: str) -> bool:
    words = line.split()
    return len(words) <= _PAGER and any(map(is_step, words))


def _quoted(what: str) -> str:
    """Return the line that a deviation quotes."""
    return what[what.index('"') + 1 : what.rindex('"')]


def _together(found: Sequence[Deviation], verb: str) -> Iterator[Deviation]:
    """Yield deviations of one kind, those of a page that has many as one: it has another menu, say."""
    by_post: dict[str, list[Deviation]] = defaultdict(list)
    for deviation in found:
        by_post[deviation.post].append(deviation)
    for post, own in by_post.items():
        if len(own) < _MANY_LINES:
            yield from own
        else:
            what = f"{verb} {len(own):,} lines that nearly all posts have around the article, such as "
            what += f'"{_quoted(own[0].what)}"'
            yield _deviation(post, own[0].cluster, what)


def _of_posts(text: str, corpus: Corpus, identity: Identity) -> bool:
    """Tell whether a text names posts, authors, categories or a day: it differs by nature. Authors may own a blog."""
    if any(dates.days(text)):
        return True
    for name in (identity.brand, *identity.old_brands):
        text = text.replace(name, " \0 ") if name else text
    return corpus.names_a_post(text)


def _other_wording(
    corpus: Corpus, cluster: Cluster, having: set[str], identity: Identity, told: Collection[str]
) -> Iterator[Deviation]:
    """Yield the posts with a rare wording of a text that nearly all pages print alike, in place of that.

    Of those `told` for another value only where other words differ, too.
    """
    usual = max(cluster.variants, key=lambda variant: variant.count)
    if usual.count < SAME * len(having):
        return
    as_usual = set(usual.posts)
    for variant in cluster.variants:
        if variant.count <= _FEW * len(having) and variant.diff and not _of_posts(variant.text, corpus, identity):
            for url in variant.posts:
                if url not in as_usual and (variant.reworded or url not in told):
                    yield _deviation(url, cluster.mark.id, f"has another wording: {_quote(variant.text)}")


def _trackers(corpus: Corpus, paragraphs: Sequence[Paragraph], clusters: Sequence[Cluster]) -> Iterator[Deviation]:
    """Yield tracker text that some pages print and most don't."""
    ids = {
        digest: cluster.mark.id for cluster in clusters for variant in cluster.variants for digest in variant.digests
    }
    trackers = [paragraph for paragraph in paragraphs if paragraph.block.role == Role.TRACKER]
    spread: Counter[str] = Counter()
    for digest, _ in {(paragraph.block.digest, paragraph.post) for paragraph in trackers}:
        spread[digest] += 1
    for paragraph in trackers:
        if spread[paragraph.block.digest] < len(corpus) / 2:
            what = f"prints tracker text: {_quote(paragraph.text)}"
            yield _deviation(corpus.urls[paragraph.post], ids.get(paragraph.block.digest, ""), what)


class _Odd:
    """Look in what nearly all pages print alike for other numbers and addresses than theirs.

    One of today's, a told old one or one of `others` does not count: a page may be about another place.
    """

    def __init__(
        self,
        corpus: Corpus,
        paragraphs: Sequence[Paragraph],
        clusters: Iterable[Cluster],
        identity: Identity,
        others: Collection[str],
    ) -> None:
        self._corpus, self._identity = corpus, identity
        self._not = {key for kept in (identity.current, identity.old) for keys in kept.values() for key in keys} | {
            *others
        }
        variants = (variant for cluster in clusters if cluster.role not in _VARYING for variant in cluster.variants)
        wanted = {digest for variant in variants if _MAY_TELL.search(variant.text) for digest in variant.digests}
        self._paragraphs: dict[str, list[Paragraph]] = defaultdict(list)
        for paragraph in paragraphs:
            if paragraph.block.digest in wanted:
                self._paragraphs[paragraph.block.digest].append(paragraph)

    def values(self, cluster: Cluster) -> Iterator[Deviation]:
        """Yield the few pages that show another number, mail address or street where nearly all show the same."""
        paragraphs = [paragraph for digest in sorted(cluster.digests) for paragraph in self._paragraphs.get(digest, ())]
        for find in (phones, emails, addresses):
            shown: dict[int, dict[str, str]] = defaultdict(dict)
            for paragraph in paragraphs:
                for value in find(paragraph.text):
                    shown[paragraph.post].setdefault(_same(value), value.shown)
            for post, what in sorted(self._few(shown, cluster.posts)):
                yield _deviation(self._corpus.urls[post], cluster.mark.id, what)

    def _few(self, shown: Shown, posts: int) -> list[tuple[int, str]]:
        """Return the posts that show a value in place of one that nearly all show, and that in words; none if many."""
        spread = Counter(key for values in shown.values() for key in values)
        forms = Counter(item for values in shown.values() for item in values.items())
        usual = {key for key, count in spread.items() if count >= SAME * posts}
        found = []
        for post, values in shown.items():
            own = [text for key, text in values.items() if key not in usual and key not in self._not]
            lacking = [(-count, text) for (key, text), count in forms.items() if key in usual and key not in values]
            if own and lacking:
                expected = min(lacking)[1]
                found.append((post, f"shows {_quote(own[0])} where nearly all posts show {_quote(expected)}"))
        return found if len(found) <= _FEW * posts else []


def _same(value: Value) -> str:
    """Return what equal values have in common; streets are the same however they are shortened."""
    return " ".join(street(value.shown)) if value.kind == "address" else value.key


def _learnt(paragraphs: Sequence[Paragraph], identity: Identity, theirs: Collection[str], having: int) -> set[str]:
    """Return the superseded contacts that nobody told, without those that many pages print around the article.

    What half of the pages print is hardly superseded, but of another office.
    """
    keys = {key for kind in ("phone", "email") for key in identity.superseded.get(kind, ())}.difference(theirs)
    posts: dict[str, set[int]] = defaultdict(set)
    for paragraph in paragraphs if keys else ():
        for value in (*phones(paragraph.text), *emails(paragraph.text)):
            if value.key in keys:
                posts[value.key].add(paragraph.post)
    return {key for key in keys if 2 * len(posts[key]) < having}


def _superseded(
    corpus: Corpus, paragraphs: Sequence[Paragraph], identity: Identity, learnt: Collection[str]
) -> Iterator[Deviation]:
    """Yield former names and numbers around the article; in what differs by nature, such as comments, told ones."""
    names = [loose(PLAIN.findall(name)) for name in identity.old_brands]
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", re.I) if names else None
    told = {key for kind in ("phone", "email") for key in identity.old.get(kind, ())}
    every = told.union(learnt)
    seen = set()
    for paragraph in paragraphs:
        found = [match.group()] if pattern and (match := pattern.search(paragraph.text)) else []
        keys = told if paragraph.block.role in _VARYING else every
        found += [value.shown for value in (*phones(paragraph.text), *emails(paragraph.text)) if value.key in keys]
        for shown in found:
            if (paragraph.post, shown) not in seen:
                seen.add((paragraph.post, shown))
                yield _deviation(corpus.urls[paragraph.post], "", f"still shows {_quote(shown)} around the article")
