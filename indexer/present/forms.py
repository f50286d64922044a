"""Give results their JSON and table forms. Names and order are a promise: fields are only ever added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from indexer.doctor import Problem
    from indexer.library import SiteStatus, Status
    from indexer.likeness.passages import Passage
    from indexer.likeness.similar import Similar
    from indexer.search.answer import Found, SearchResult
    from indexer.search.engine import FacetField
    from indexer.stats import Stats
    from indexer.store.derived.topic_rows import Member
    from indexer.store.history.versions import Event
    from indexer.store.rows import SiteCounts
    from scraper.crawling.frontier import Tally

FOUND_COLUMNS = (
    *("rank", "id", "site", "url", "title", "author", "published", "topics", "score", "snippet", "expanded"),
    "edit_url",
)
SIMILAR_COLUMNS = (*FOUND_COLUMNS, "kind", "likeness", "draft", "post")
SITE_COLUMNS = ("site", "posts", "gone", "pages", "words", "first", "last", "crawled")
MONTH_COLUMNS = ("month", "posts")
TOPIC_COLUMNS = ("id", "label", "posts", "source", "newest", "terms", "parent")
MEMBER_COLUMNS = ("url", "title", "published", "share")
CHANGE_COLUMNS = ("url", "title", "what", "at", "diff")
PROBLEM_COLUMNS = ("code", "what", "remedy", "advice", "mended")
SEARCH_COLUMNS = ("query", "times", "last")
FACETS: tuple[FacetField, ...] = ("topic", "category", "author", "year", "language")


def found_form(found: Found) -> dict[str, Any]:
    """Return one result."""
    return {
        "rank": found.rank,
        "id": found.id,
        "site": found.site,
        "url": found.url,
        "title": found.title or "",
        "author": found.author,
        "published": found.published.isoformat() if found.published else None,
        "topics": list(found.topics),
        "score": round(found.score, 4),
        "snippet": found.snippet.text,
        "expanded": found.expanded,
        "edit_url": found.edit_url,
    }


def passage_form(passage: Passage) -> dict[str, Any]:
    """Return what a draft and a post both say; `likeness` is 0-1."""
    return {**passage._asdict(), "likeness": round(passage.likeness, 4)}


def similar_form(result: Similar) -> dict[str, Any]:
    """Return the posts like a draft."""
    return {
        "draft": result.draft,
        "title": result.title,
        "total": len(result.results),
        "engine": result.engine,
        "results": [
            {**found_form(found), "passages": [passage_form(passage) for passage in passages]}
            for found, passages in result.results
        ],
    }


def similar_rows(result: Similar) -> Iterator[dict[str, Any]]:
    """Yield a row for each passage, and one for a post without any."""
    for found, passages in result.results:
        for passage in passages or (None,):
            yield {**found_form(found), **(passage_form(passage) if passage else {})}


def search_form(result: SearchResult) -> dict[str, Any]:
    """Return a whole search."""
    return {
        "query": result.query,
        "total": result.total,
        "engine": result.engine,
        "suggestion": result.suggestion,
        "relaxed": result.relaxed,
        "missing": list(result.missing),
        "present": list(result.present),
        "results": [found_form(found) for found in result.results],
        "facets": {name: dict(result.facets.get(name) or {}) for name in FACETS},
    }


def site_form(item: SiteStatus) -> dict[str, Any]:
    """Return one site of a library; dates are days, `crawled` a time in UTC."""
    return {
        "site": item.site.key,
        "posts": item.counts.posts,
        "gone": item.counts.gone,
        "pages": item.counts.pages,
        "words": item.counts.words,
        "first": item.counts.first,
        "last": item.counts.last,
        "crawled": item.site.crawled_at.isoformat() if item.site.crawled_at else None,
    }


def status_form(found: Status) -> dict[str, Any]:
    """Return what a library holds."""
    return {
        "library": found.path,
        "engine": found.engine,
        "bytes": found.size_bytes,
        "posts": found.posts,
        "index": found.index_word,
        "unread": found.unread,
        "missing": found.missing,
        "surplus": found.surplus,
        "sites": [site_form(item) for item in found.sites],
    }


def change_form(event: Event) -> dict[str, Any]:
    """Return what happened to a post; `at` is a time in UTC, `diff` null but for a changed post."""
    from indexer.changes import difference

    return {
        "url": event.url,
        "title": event.title,
        "what": event.what,
        "at": event.at,
        "diff": difference(event),
    }


def crawl_form(site: str, tally: Tally, counts: SiteCounts, changes: Sequence[Event]) -> dict[str, Any]:
    """Return what a crawl came to. `posts` are those that are there, `gone_posts` those that the site has no more."""
    return {
        "site": site,
        "saved": tally.saved,
        "unchanged": tally.unchanged,
        "gone": tally.gone,
        "held": tally.held,
        "missing": tally.missing,
        "left_out": tally.left_out,
        "failed": [{"url": url, "reason": reason} for url, reason in tally.failed],
        "posts": counts.posts - counts.gone,
        "gone_posts": counts.gone,
        "changes": [change_form(event) for event in changes],
    }


def problem_form(problem: Problem) -> dict[str, Any]:
    """Return one thing that is wrong; `remedy` is what `--fix` does, empty where a person has to act."""
    return {
        "code": problem.code,
        "what": problem.what,
        "remedy": problem.remedy,
        "advice": problem.advice,
        "mended": problem.mended,
    }


def doctor_form(path: Path, problems: Sequence[Problem]) -> dict[str, Any]:
    """Return what is wrong with a library."""
    from indexer.doctor import healthy

    return {
        "path": str(path),
        "healthy": healthy(problems),
        "problems": [problem_form(problem) for problem in problems],
    }


def member_form(member: Member) -> dict[str, Any]:
    """Return a post of a topic; `share` is 0-1."""
    published = member.published.isoformat() if member.published else None
    return {"url": member.url, "title": member.title, "published": published, "share": member.share}


def stats_form(found: Stats) -> dict[str, Any]:
    """Return a library in figures."""
    return {
        "posts": found.posts,
        "words": found.words,
        "mean_words": found.mean_words,
        "undated": found.undated,
        "template_share": round(found.template_share, 4),
        "editorial_share": round(found.editorial_share, 4),
        "months": dict(found.months),
        "authors": dict(found.authors),
        "topics": [
            {"label": topic.label, "posts": topic.posts, "years": dict(topic.years), "gap": topic.gap or None}
            for topic in found.topics
        ],
    }
