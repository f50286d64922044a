"""Show one post: its text, what was set aside and why, and what is like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.naming import find_post
from indexer.present.templating import outside
from indexer.web.common.asking import asked_of
from indexer.web.routing import Route
from indexer.web.views import Page, SeeOther
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.library import Library
    from indexer.search.answer import Found
    from indexer.store.rows import StoredArticle
    from indexer.web.visit import Visit

_ALIKE = 5
"""Posts like this one: as many as stand beside a text without scrolling."""


def post(visit: Visit, post_id: int) -> Page:
    """Show a post; with `why` each block with its verdict, with `q` the words marked that were searched for."""
    from indexer.analysis import analyzer
    from indexer.auditing import ClusterFinder
    from indexer.present.explain import reasons_of
    from indexer.web.common.reading import marker, runs_of

    library = visit.built
    article = next(library.store.articles.with_rich_text([find_post(library, f"id:{post_id}")]))
    reasons = reasons_of(library.store, article)
    clusters = ClusterFinder(library, article)(article)
    terms, alike = _of_the_index(visit, library, article)
    mark = marker(terms, analyzer(article.metadata.language))
    values = {
        "article": article,
        "title": article.metadata.title or article.url,
        "link": outside(article.url) if not _is_made_up(article.url) else None,
        "why": "why" in visit.request.args,
        "query": {"q": visit.request.args.getlist("q")},
        "runs": list(runs_of(article, reasons, clusters, mark)),
        "alike": alike,
    }
    return Page("post.html", values)


def by_url(visit: Visit) -> SeeOther:
    """Go to the post that has an address."""
    url = visit.value("url")
    if url is None:
        raise UsageError("Say which post is meant: ?url=https://…")
    article = find_post(visit.built, url if not url.isdigit() else f"id:{url}")
    return SeeOther(visit.at(f"/posts/{article.id}"))


def _of_the_index(visit: Visit, library: Library, article: StoredArticle) -> tuple[Mapping[str, float], list[Found]]:
    """Return the terms searched for and the posts most like this; nothing where the index is damaged."""
    from indexer.errors import IndexUnusableError
    from indexer.search import query
    from indexer.search.answer import related
    from indexer.search.planning import Planner
    from indexer.search.words import synonyms
    from indexer.search.words.synonyms import combined

    asked = asked_of(visit)
    try:
        engine = library.engine()
        with visit.shared.searching():
            alike = list(related(library.store.articles, engine, article, _ALIKE).results)
            if not asked.words:
                return {}, alike
            known = combined(tuple(synonyms.read(library.synonyms_file).items()), tuple(engine.values("acronym")))
            planner = Planner(engine, asked.options(), known)
            return planner.wanted(planner.plan(query.parse(asked.words))).terms, alike
    except IndexUnusableError:
        return {}, []


def _is_made_up(url: str) -> bool:
    from scraper.imports.addresses import MADE_UP_HOST

    return url.startswith(f"https://{MADE_UP_HOST}/")


ROUTES = (
    Route("post", "/posts/<int:post_id>", post),
    Route("post_by_url", "/posts/by-url", by_url),
)
