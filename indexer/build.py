"""Make articles and index from raw pages: learn what repeats on a site, strip it, index the rest.

Only what changed is made again: a page is read again when its digest or the extractor changed, an article also when a
decision of the site's profile that touches it changed, an index row when its article's digest differs.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from indexer import workers
from indexer.changes import keep_versions
from indexer.errors import IndexUnusableError
from indexer.search.indexed import indexed
from indexer.store.history.copies import Copies
from indexer.store.integrity import checks, damage
from indexer.topics.curated import read_curated
from indexer.topics.run import update_topics
from scraper import boilerplate
from scraper.extract import EXTRACTOR_VERSION
from scraper.facts.titles import common_affixes
from scraper.judgement.parts import assemble
from scraper.judgement.settle import is_mixed, settle
from scraper.model import Progress
from scraper.text import language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from indexer.library import Library
    from indexer.search.engine import Indexed, SearchEngine
    from indexer.store.database import Store
    from indexer.topics.run import TopicsReport
    from scraper.model import SiteProfile

logger = logging.getLogger(__name__)

_SAVE_EVERY = 64
"""Articles that are saved together; chosen: a kill costs little, a transaction each would cost more."""
_T = TypeVar("_T")


@dataclass(slots=True)
class BuildReport:
    """What a build did. `made` articles are new or changed; `failed` names the pages that gave no article, and why.

    `engine` is the one that the number of posts calls for now, where it is another than before.
    """

    pages: int = 0
    posts: int = 0
    made: int = 0
    indexed: int = 0
    removed: int = 0
    topics: TopicsReport | None = None
    failed: list[tuple[str, str]] = field(default_factory=list)
    engine: str | None = None


def build(library: Library, on_progress: Callable[[Progress], None], *, everything: bool = False) -> BuildReport:
    """Bring articles and index up to the stored pages. `everything` makes all of it again, the index in one swap."""
    report = BuildReport()
    if everything:
        checks.reindex(library.store)
    damage.drop_derived(library.store)
    for site in library.store.sites.all():
        _build_site(library.store, site.id, everything, report, on_progress)
    library.store.articles.sweep()
    on_progress(Progress(0, 0, "topics"))
    report.topics = update_topics(library.store.topics, library.store.articles, read_curated(library.topics_file))
    _bring_index_up(library, everything, report, on_progress)
    on_progress(Progress(0, 0, "subject index"))
    from indexer.library import SEARCH_FOLDER
    from indexer.topics.shown.kept_index import keep_index

    keep_index(library.path / SEARCH_FOLDER, library.store.articles)
    return report


def refresh_index(library: Library, on_progress: Callable[[Progress], None]) -> None:
    """Bring the index up to articles and topics that changed since the build."""
    _bring_index_up(library, False, BuildReport(), on_progress)


def _build_site(
    store: Store, site_id: int, everything: bool, report: BuildReport, on_progress: Callable[[Progress], None]
) -> None:
    pages = store.pages.digests(site_id)
    _read_pages(store, site_id, pages, everything, report, on_progress)
    _settle_posts(store, site_id)
    if _bring_back(store, site_id):
        pages = store.pages.digests(site_id)
        _read_pages(store, site_id, pages, False, report, on_progress)
        _settle_posts(store, site_id)
    parts = further_parts(store, site_id)
    posts = store.pages.posts(site_id)
    report.pages += len(pages)
    report.posts += len(posts)
    keep_versions(store, site_id, None)
    profile = _learn(store, site_id, posts)
    store.articles.delete(set(store.articles.made_from(site_id)) - posts)
    made_from = {} if everything else store.articles.made_from(site_id)
    keys = {i: article_key(pages, i, parts) for i in pages if i in posts}
    stale = [i for i, key in keys.items() if made_from.get(i) != key]
    _make_articles(store, {i: keys[i] for i in stale}, parts, profile, report, on_progress)
    _free_titles(store, site_id)
    _settle_languages(store, site_id)
    keep_versions(store, site_id, profile, stale)


def build_key(page_digest: str) -> str:
    """Return what an article made now from a page of this digest says that it was made from."""
    return f"{page_digest}:{EXTRACTOR_VERSION}"


def article_key(digests: Mapping[int, str], page_id: int, parts: Mapping[int, Sequence[int]]) -> str:
    """Return the same for a page and the further parts of its post, where the post is split."""
    further = [digests[i] for i in parts.get(page_id, ()) if i in digests]
    return "+".join([build_key(digests[page_id]), *further])


def further_parts(store: Store, site_id: int) -> dict[int, list[int]]:
    """Return for each post that is split over several pages those with its further parts, in order."""
    judged = store.pages.judgements(site_id)
    if not any(page.verdict.parts for page in judged.values()):
        return {}
    posts = store.pages.posts(site_id)
    return assemble({i: replace(page, verdict=replace(page.verdict, is_post=i in posts)) for i, page in judged.items()})


def _read_pages(
    store: Store,
    site_id: int,
    pages: dict[int, str],
    everything: bool,
    report: BuildReport,
    on_progress: Callable[[Progress], None],
) -> None:
    """Tell posts from other pages and take the summaries that the profile is learnt from."""
    judged = {} if everything else store.pages.judged(site_id)
    new = [i for i, digest in pages.items() if judged.get(i) != build_key(digest)]
    unread = set(new)
    done = 0
    results = workers.read(store.pages.load(new), len(new))
    for batch in batches(results):
        summaries, judgements = [], []
        for outcome in batch:
            if outcome.error:
                report.failed.append((outcome.url, outcome.error))
                logger.error("reading %s failed\n%s", outcome.url, outcome.trace)
            made_from = build_key(pages[outcome.page_id])
            if outcome.verdict is not None and outcome.summary is not None:
                judgements.append((outcome.page_id, outcome.verdict, made_from))
                summaries.append((outcome.page_id, made_from, outcome.summary))
        with store.transaction():
            store.pages.save_summaries(summaries)
            store.pages.save_judgements(judgements)
        unread.difference_update(outcome.page_id for outcome in batch)
        done += len(batch)
        on_progress(Progress(done, len(new), "pages read"))
    report.failed.extend((store.pages.url(i), "its stored copy can't be read") for i in sorted(unread))


def _settle_posts(store: Store, site_id: int) -> None:
    """Decide which pages are posts in the light of the whole site."""
    judged = store.pages.judgements(site_id)
    verdicts = settle(list(judged.values()))
    store.pages.save_verdicts(site_id, dict(zip(judged, verdicts, strict=True)))


def _bring_back(store: Store, site_id: int) -> bool:
    """Give the pages that are no posts any more the body before, where that is one; tell whether there were any."""
    copies, brought = Copies(store.connection), False
    for page_id in copies.lost(site_id):
        before = copies.load(page_id, "before")
        if before is not None and workers.judge(before.page).is_post:
            with store.transaction():
                brought |= copies.bring_back(page_id)
    return brought


def _learn(store: Store, site_id: int, posts: set[int]) -> SiteProfile:
    """Learn the site's profile from its posts' summaries, and mark the articles that its new decisions touch.

    From pages of many sites in one folder nothing is learnt: each of them is judged alone.
    """
    summaries = {
        page_id: boilerplate.PageSummary.from_bytes(data)
        for page_id, _, data in store.pages.summaries(site_id)
        if page_id in posts
    }
    is_one_site = not is_mixed([page for i, page in store.pages.judgements(site_id).items() if i in posts])
    profile = boilerplate.learn(summaries.values() if is_one_site else ())
    saved = store.profile(site_id)
    before = boilerplate.profile_from_json(saved) if saved else None
    if before is None:
        affected = list(summaries)
    elif before.digest == profile.digest:
        affected = []
    else:
        affected = [i for i, summary in summaries.items() if boilerplate.affected(summary, before, profile)]
    store.save_profile(site_id, profile.digest, boilerplate.profile_to_json(profile), affected)
    return profile


def _make_articles(
    store: Store,
    stale: dict[int, str],
    parts: dict[int, list[int]],
    profile: SiteProfile,
    report: BuildReport,
    on_progress: Callable[[Progress], None],
) -> None:
    done = 0
    summarised = (
        (
            stored,
            store.pages.summary(stored.id),
            tuple(part.page for part in store.pages.load(parts.get(stored.id, ()))),
        )
        for stored in store.pages.load(list(stale))
    )
    for batch in batches(workers.extract(summarised, len(stale), profile)):
        with store.transaction():
            for outcome in batch:
                if outcome.article is None:
                    report.failed.append((outcome.url, outcome.error or "no article"))
                    logger.error("stripping %s failed\n%s", outcome.url, outcome.trace)
                    continue
                store.articles.save(outcome.page_id, outcome.article, stale[outcome.page_id], outcome.heard)
                report.made += 1
        done += len(batch)
        on_progress(Progress(done, len(stale), "posts stripped"))


def _free_titles(store: Store, site_id: int) -> None:
    """Take off the titles what half of a site's titles have in common: the site's name."""
    titles = store.articles.titles(site_id)
    affixes = common_affixes(given for given, _ in titles.values())
    with store.transaction():
        for article_id, (given, title) in titles.items():
            if affixes.strip_from(given) != title:
                store.articles.retitle(article_id, affixes.strip_from(given))


def _settle_languages(store: Store, site_id: int) -> None:
    """Decide in which language each post is, in the light of the whole site."""
    known = store.articles.languages(site_id)
    settled = language.settle([language_evidence for language_evidence, _ in known.values()])
    changed = [
        (article_id, code)
        for (article_id, (_, before)), code in zip(known.items(), settled, strict=True)
        if code != before
    ]
    store.articles.save_languages(changed)


def _bring_index_up(
    library: Library, everything: bool, report: BuildReport, on_progress: Callable[[Progress], None]
) -> None:
    """Make the index hold exactly the articles that are not gone, as they are now, with the engine that suits them."""
    wanted = library.store.articles.index_digests()
    if library.choose_engine(len(wanted)):
        report.engine = library.engine_name
    if not everything:
        try:
            gap = library.index_gap()
            if gap.surplus or gap.changed:
                engine = library.engine()
                with engine.changing():
                    engine.delete(gap.surplus)
                    engine.replace(_indexed(library.store, gap.changed, on_progress))
        except IndexUnusableError:
            logger.warning("the index is unusable and is made again")
        else:
            report.indexed, report.removed = len(gap.changed), len(gap.surplus)
            library.remember_engine()
            return
    report.indexed = index_all(library.store, library.index, on_progress)
    library.remember_engine()


def index_all(store: Store, engine: SearchEngine, on_progress: Callable[[Progress], None]) -> int:
    """Make the index of an engine anew; return of how many articles."""
    wanted = store.articles.index_digests()
    with engine.rebuilding() as fresh:
        fresh.replace(_indexed(store, list(wanted), on_progress))
    return len(wanted)


def _indexed(store: Store, ids: list[int], on_progress: Callable[[Progress], None]) -> Iterable[Indexed]:
    for start in range(0, len(ids), _SAVE_EVERY):
        chunk = ids[start : start + _SAVE_EVERY]
        yield from (indexed(article) for article in store.articles.get(chunk).values())
        on_progress(Progress(min(start + _SAVE_EVERY, len(ids)), len(ids), "posts indexed"))


def batches(items: Iterable[_T]) -> Iterable[list[_T]]:
    """Yield the items in lists of a size that is saved in one transaction; the last may be shorter."""
    batch: list[_T] = []
    for item in items:
        batch.append(item)
        if len(batch) == _SAVE_EVERY:
            yield batch
            batch = []
    if batch:
        yield batch
