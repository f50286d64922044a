"""Make an article of a page: what is kept, what is set aside, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, log
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from scraper import boilerplate, metadata, reasons, urls
from scraper.blocks import MAX_BLOCKS, outline
from scraper.boilerplate import MIN_PAGES, PageSummary, path_key
from scraper.embedded.reveal import page_tree, reveal
from scraper.extraction import container, plaintext, roles
from scraper.extraction.classifier import predict
from scraper.extraction.features import PageFeatures, asked, features
from scraper.extraction.markup_terms import Term
from scraper.extraction.rich_text import base_of, rich_text
from scraper.extraction.selection import copies_of, kept_alone
from scraper.markup import decode, parse
from scraper.model import Article, ArticleBlock, Metadata, Role
from scraper.text.owner import Owner, names_of
from scraper.text.requests import Place, heads, request_in
from scraper.text.words import digest, digest_of, fold, word_count

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from lxml.html import HtmlElement

    from scraper.blocks import Outline
    from scraper.model import Page, SiteProfile

EXTRACTOR_VERSION: Final = "20"
"""Changes when the same page and profile give another article: stored articles of another version are made again."""

SITE_WEIGHT: Final = 2.5
"""What a site's verdict on a block's place adds to or takes from the page's own, in log-odds."""

CONTAINER_WEIGHT: Final = 3.0
"""The same for standing inside or outside the element that holds the site's posts."""


COMMENTS_PROBABILITY: Final = 0.04
"""The most that a block inside an element that is called comments can have: unique comments read like a post."""

SURELY_NOT: Final = 0.01
"""The probability of a menu's links, which are not asked about."""

LEAST_INSIDE: Final = 0.05
"""The least probability of a block inside the site's container: there only what repeats or is surely page chrome is set
aside."""


LEAST_EXPLAINED: Final = 0.2
"""Share of the words that a page alone sets aside which a site's profile must set aside too, to be heard on that page.

On folders of pages of many sites word F1 rose from .908 to .963 and from .852 to .955, and whole sites stayed as they
were."""

LEAST_EDITORIAL: Final = 30
"""Letters and digits from which a text that recurs in posts is flagged: labels such as "References:" recur anyway."""

LEAST_NAME: Final = 5
"""Letters and digits of the shortest name of a site that is looked for in texts."""

LAST_BLOCKS: Final = 4
"""Kept blocks at the end of a post among which one page alone can show a call to action."""


@dataclass(slots=True)
class _ScoredPage:
    """A page with markup: its blocks, and the probability of each to be the post's own."""

    page: Outline
    whole: PageFeatures | None
    digests: list[str]
    paths: list[tuple[str, ...]]
    probabilities: list[float]

    def keys(self) -> list[tuple[str, ...]]:
        """Return the path keys of the blocks, which only a site asks for."""
        made = {path: path_key(path) for path in set(self.paths)}
        return [made[path] for path in self.paths]


def extract(page: Page, profile: SiteProfile | None = None, known: PageSummary | None = None) -> Article:
    """Return the article on a page. Pure; the same page and profile give the same article.

    Without a profile, or with one of fewer than three pages, the page's own features decide alone. `known` is the
    page's own summary where the caller has it: its probabilities are not worked out a second time.
    """
    kind = page.header("content-type") or ""
    if _is_plain(page):
        return _from_text(decode(page.body, kind), page.url, page.stated, profile)
    tree = page_tree(page)
    scored = _read(tree, known)
    if page.reference_body and (seen := _in_reference_body(scored, page.reference_body)) is not None:
        scored.probabilities = _told(scored, seen)
    article = _article(tree, scored, _address_of(page), dict(page.headers), page.stated, profile)
    return replace(article, url=page.url)


def _address_of(page: Page) -> str:
    """Return a page's address; of a file that has none, one with the file's path, which may carry the day."""
    return urljoin(page.url, f"/{quote(page.source)}") if page.source and urls.is_made_up(page.url) else page.url


def joined(first: Article, others: Sequence[Article]) -> Article:
    """Return one article of the parts of a post that is split: what is kept of each further part follows the first.

    What every part shows again (a title, an introduction, a call to action) is there once.
    """
    blocks, rich = list(first.blocks), list(first.rich)
    known = {block.digest for block in first.blocks if block.kept}
    for part, other in enumerate(others, 1):
        added = [block for block in other.blocks if block.kept and block.digest not in known]
        places = {block.position: len(blocks) + number for number, block in enumerate(added)}
        rich += [
            block._replace(
                position=places[block.position],
                within=tuple(around._replace(number=around.number + part * MAX_BLOCKS) for around in block.within),
            )
            for block in other.rich
            if block.position in places
        ]
        blocks += [replace(block, position=places[block.position]) for block in added]
        known.update(block.digest for block in added)
    return replace(first, blocks=tuple(blocks), rich=tuple(rich))


def extract_article(html: str | bytes, url: str, profile: SiteProfile | None = None) -> Article:
    """Return the article on one HTML page, given as text or as bytes. Pure, safe in threads and processes."""
    tree = reveal(parse(html), url)
    return _article(tree, _read(tree), url, {}, None, profile)


def summarise(page: Page) -> PageSummary:
    """Return what learning needs to know of a page."""
    kind = page.header("content-type") or ""
    if _is_plain(page):
        blocks = plaintext.read(decode(page.body, kind), page.stated).blocks
        digests = tuple(block.digest for block in blocks)
        words = tuple(round(word_count(block.text)) for block in blocks)
        return PageSummary(digests, (0,) * len(blocks), ((),), words, (100,) * len(blocks), is_plain=True)
    scored = _read(page_tree(page))
    probabilities = [round(100 * probability) for probability in scored.probabilities]
    referenced = _in_reference_body(scored, page.reference_body) if page.reference_body else None
    if referenced is not None:
        probabilities = [100 * seen for seen in referenced]
        held = container.smallest_with(scored.page, [float(seen) for seen in referenced])
    else:
        held = container.choose(scored.page, scored.probabilities).element
    keys = scored.keys()
    names = sorted(set(keys))
    place = {name: index for index, name in enumerate(names)}
    return PageSummary(
        tuple(scored.digests),
        tuple(place[key] for key in keys),
        tuple(names),
        tuple(max(1, round(words)) for words in scored.page.words),
        tuple(probabilities),
        path_key(scored.page.path(held)) if scored.page.texts else (),
        referenced is not None,
    )


def _is_plain(page: Page) -> bool:
    return page.content_type in ("text/plain", "text/markdown")


def _read(tree: HtmlElement, known: PageSummary | None = None) -> _ScoredPage:
    """Cut a page into blocks and ask the page's own features, or a summary of the same page, about each."""
    page = outline(tree)
    paths = page.paths()
    whole = PageFeatures(page, tree) if page.texts else None
    folds = whole.folds if whole else []
    digests = [digest_of(folded or text) for folded, text in zip(folds, page.texts, strict=True)]
    if known is not None and not known.has_reference_body and known.digests == tuple(digests):
        probabilities = [percent / 100 for percent in known.probabilities]
    else:
        probabilities = _probabilities(whole) if whole else []
    return _ScoredPage(page, whole, digests, [paths[owner] for owner in page.owner], probabilities)


def _probabilities(whole: PageFeatures) -> list[float]:
    """Return the probability of each block."""
    blocks = asked(whole)
    probabilities = [SURELY_NOT] * len(whole.page.owner)
    for block, probability in zip(blocks, predict(features(whole, blocks)), strict=True):
        probabilities[block] = probability
    return settled(whole, probabilities)


def settled(whole: PageFeatures, probabilities: Sequence[float]) -> list[float]:
    """Return the probabilities in per cent's steps; what the page itself calls comments stays below the line."""
    far = whole.far
    return [
        round(min(probability, COMMENTS_PROBABILITY) if far[owner] & Term.COMMENTS else probability, 2)
        for probability, owner in zip(probabilities, whole.page.owner, strict=True)
    ]


def _in_reference_body(scored: _ScoredPage, reference_body: str) -> list[int] | None:
    """Return for each block whether the post's own body has it; `None` for a body that is another's or cut short."""
    body = outline(parse(reference_body))
    known = {digest(text) for text in body.texts}
    seen = [int(mark in known) for mark in scored.digests]
    found = sum(words for words, inside in zip(scored.page.words, seen, strict=True) if inside)
    likely = sum(
        words * probability for words, probability in zip(scored.page.words, scored.probabilities, strict=True)
    )
    if not known or found < 0.5 * sum(body.words) or found < 0.6 * likely:
        return None
    held = container.smallest_with(scored.page, [float(mark) for mark in seen])
    first, last = scored.page.first[held], scored.page.last[held]
    return [mark if first <= index < last else 0 for index, mark in enumerate(seen)]


def _article(
    tree: HtmlElement,
    scored: _ScoredPage,
    url: str,
    headers: Mapping[str, str],
    stated: Metadata | None,
    profile: SiteProfile | None,
) -> Article:
    known = metadata.merge(stated, metadata.read(tree, url, headers))
    site = profile if profile is not None and profile.pages >= MIN_PAGES else None
    chosen, verdicts = _choose(scored, site)
    if not any(said is not None for said in verdicts):
        site = None
    copies = copies_of(scored.whole, chosen) if scored.whole is not None else frozenset()
    kept = [keep and index not in copies for index, keep in enumerate(chosen)]
    blocks = _article_blocks(scored, kept, copies, verdicts, site, known.title)
    rich = rich_text(scored.page, [block.kept for block in blocks], base_of(tree, url))
    return Article(url, known, tuple(_flag_calls(blocks, scored, _owner(tree, url), site)), rich)


def _told(scored: _ScoredPage, seen: Sequence[int]) -> list[float]:
    """Return the probabilities after hearing the post's own body; blocks among its own that it lacks keep theirs."""
    held = container.smallest_with(scored.page, [float(mark) for mark in seen])
    first, last = scored.page.first[held], scored.page.last[held]
    return [
        max(probability, 0.98) if mark else probability if first <= index < last else min(probability, 0.02)
        for index, (mark, probability) in enumerate(zip(seen, scored.probabilities, strict=True))
    ]


def _choose(scored: _ScoredPage, site: SiteProfile | None) -> tuple[list[bool], list[bool | None]]:
    """Return which blocks are kept, and what the site said of each."""
    nothing: list[bool | None] = [None] * len(scored.page.texts)
    if scored.whole is None:
        return [], nothing
    alone = kept_alone(scored.whole, scored.probabilities)
    if site is None:
        return alone, nothing
    keys = scored.keys()
    verdicts = [boilerplate.verdict(mark, key, site) for mark, key in zip(scored.digests, keys, strict=True)]
    if not _is_of_site(scored, alone, verdicts):
        return alone, nothing
    inside = _inside(scored, keys, verdicts, site)
    kept = [_weighed(*facts) >= 0.5 for facts in zip(scored.probabilities, verdicts, inside, strict=True)]
    return (kept if any(kept) else alone), verdicts


def _is_of_site(scored: _ScoredPage, alone: Sequence[bool], verdicts: Sequence[bool | None]) -> bool:
    """Return whether a profile speaks for a page: it sets aside a share of the words that the page alone sets aside.

    Pages of many sites in one folder have only bare elements in common, and what was learnt of those tells nothing.
    """
    words = scored.page.words
    aside = [index for index, keep in enumerate(alone) if not keep]
    explained = sum([words[index] for index in aside if verdicts[index] is False])
    return explained >= LEAST_EXPLAINED * sum([words[index] for index in aside])


def _inside(
    scored: _ScoredPage, keys: Sequence[tuple[str, ...]], verdicts: Sequence[bool | None], site: SiteProfile
) -> list[float]:
    """Return 1 for the blocks in the site's container, -1 for those outside, 0 where the page has none of its own.

    Of several containers the one with the highest expected F1 on this page counts; what the site sets aside counts not.
    """
    words = scored.page.words
    likely = [
        0.0 if said is False else count * probability
        for count, probability, said in zip(words, scored.probabilities, verdicts, strict=True)
    ]
    total = sum(likely)
    best: tuple[float, list[bool]] = (0.0, [])
    for found in boilerplate.containers_on(keys, site):
        inside = [key[: len(found)] == found for key in keys]
        held = sum([value for value, within in zip(likely, inside, strict=True) if within])
        size = sum([count for count, within in zip(words, inside, strict=True) if within])
        if held >= 0.3 * total and 2 * held / (size + total or 1.0) > best[0]:
            best = (2 * held / (size + total), inside)
    return [1.0 if within else -1.0 for within in best[1]] or [0.0] * len(words)


def _weighed(probability: float, said: bool | None, inside: float) -> float:
    """Return a probability after hearing the site."""
    if inside > 0 and said is not False:
        probability = max(probability, LEAST_INSIDE)
    odds = log(max(probability, 0.02) / max(1 - probability, 0.02))
    if said is not False or inside < 0:
        odds += inside * CONTAINER_WEIGHT
    if said is not None:
        odds += SITE_WEIGHT if said else -SITE_WEIGHT
    return 1 / (1 + exp(-odds))


def _article_blocks(
    scored: _ScoredPage,
    kept: Sequence[bool],
    copies: Collection[int],
    verdicts: Sequence[bool | None],
    site: SiteProfile | None,
    title: str | None,
) -> list[ArticleBlock]:
    page = scored.page
    inside = [index for index, keep in enumerate(kept) if keep]
    span = (inside[0], inside[-1]) if inside else (len(kept), -1)
    name = fold(title or "")
    blocks: list[ArticleBlock] = []
    for index, (text, path) in enumerate(zip(page.texts, scored.paths, strict=True)):
        heading = page.headings[index]
        if heading and name and index <= span[0] and fold(text) == name:
            is_kept, verdict = False, _Told(Role.HEADING, reasons.TITLE)
        elif kept[index]:
            is_kept, verdict = True, _why_kept(text, path, scored.digests[index], heading, verdicts[index], site)
        elif index in copies:
            is_kept, verdict = False, _Told(Role.OTHER, reasons.COPY)
        else:
            is_kept, verdict = False, _why_dropped(scored, index, verdicts[index], site, span)
        blocks.append(ArticleBlock(text, path, index, scored.digests[index], is_kept, *verdict, heading))
    return blocks


class _Told(NamedTuple):
    """What is told of a block: its role, the reason and the reason's detail."""

    role: Role
    reason: str
    detail: str = ""


def _why_kept(
    text: str, path: tuple[str, ...], mark: str, heading: int, said: bool | None, site: SiteProfile | None
) -> _Told:
    """Return what a kept block is: the article's own, or editorial boilerplate that stands in it."""
    if site is not None and mark in site.editorial and not heading and not _is_quoted(path):
        role = roles.repeated_role(text)
        if role is not Role.OTHER or len(fold(text)) >= LEAST_EDITORIAL:
            return _Told(role, reasons.EDITORIAL, "inside")
    return _Told(Role.HEADING if heading else Role.CONTENT, reasons.CONTENT_SITE if said else reasons.CONTENT)


def _why_dropped(
    scored: _ScoredPage, index: int, said: bool | None, site: SiteProfile | None, span: tuple[int, int]
) -> _Told:
    """Return the role of a dropped block and the strongest reason."""
    page = scored.page
    terms = scored.whole.terms if scored.whole is not None else []
    role, name = roles.role_of(page, terms, index)
    place = "before" if index < span[0] else "after" if index > span[1] else "inside"
    if site is not None and scored.digests[index] in site.template_digests:
        return _Told(role, reasons.REPEATED, place)
    if said is False:
        return _Told(role, reasons.TEMPLATE_PLACE, place)
    if page.hidden[page.owner[index]]:
        return _Told(role, reasons.HIDDEN, place)
    if name:
        return _Told(role, reasons.NAMED, name)
    return _Told(role, reasons.SIGNALS if place == "inside" else reasons.OUTSIDE, place)


def _flag_calls(
    blocks: Sequence[ArticleBlock], scored: _ScoredPage, owner: Owner, site: SiteProfile | None
) -> list[ArticleBlock]:
    """Flag, among the last blocks that are kept, the paragraphs that ask to get in touch; with them their headings."""
    flagged = list(blocks)
    kept = [block.position for block in blocks if block.kept]
    for place in range(max(len(kept) // 2, len(kept) - LAST_BLOCKS), len(kept)):
        block = blocks[kept[place]]
        if block.role is Role.CONTENT and not _is_quoted(block.path):
            element = scored.page.elements[scored.page.owner[block.position]]
            links = tuple(link.get("href") or "" for link in element.iter("a"))
            asked = request_in(block.text, owner, Place(len(kept) - 1 - place, links=links))
            if asked.kind == "ask":
                detail = reasons.quoted(asked.sentence)
                flagged[block.position] = replace(block, role=Role.CTA, reason=reasons.CONTACT, detail=detail)
    repeated = site.editorial if site is not None else {}
    for place, position in enumerate(kept):
        above = flagged[kept[place - 1]] if place else None
        if flagged[position].role is not Role.CTA or above is None or not above.heading:
            continue
        following = next((flagged[other] for other in kept[place:] if flagged[other].role is not Role.CTA), None)
        is_all = following is None or following.heading or following.role is Role.LEGAL
        if above.digest in repeated or is_all or heads(above.text):
            reason = reasons.EDITORIAL if above.digest in repeated else reasons.CONTACT
            flagged[above.position] = replace(above, role=Role.CTA, reason=reason)
    return flagged


def _owner(tree: HtmlElement, url: str) -> Owner:
    """Return what a page tells of its owner: its host, and what it calls its site, but for a short word."""
    head = tree.find("head")
    found = [] if head is None else [m.get("content") for m in head.iter("meta") if m.get("property") == "og:site_name"]
    names = names_of(text[:80] for text in found if text and len(fold(text)) >= LEAST_NAME)
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return Owner(names, domains=frozenset([host] if host else []))


def _is_quoted(path: Sequence[str]) -> bool:
    """Return whether a block stands in code, in a quotation or in a table."""
    return any(step.partition(".")[0].partition("#")[0] in _QUOTED for step in path)


_QUOTED: Final = ("pre", "blockquote", "table")


def _from_text(text: str, url: str, stated: Metadata | None, profile: SiteProfile | None) -> Article:
    site = profile if profile is not None and profile.pages >= MIN_PAGES else None
    read = plaintext.read(text, stated, site)
    blocks = tuple(
        ArticleBlock(
            block.text,
            (),
            block.position,
            block.digest,
            decision.kept,
            decision.role,
            decision.reason,
            decision.detail,
            block.heading,
        )
        for block, decision in zip(read.blocks, read.decisions, strict=True)
    )
    return Article(url, read.metadata, blocks)
