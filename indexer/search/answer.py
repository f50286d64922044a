"""Answer a query: plan it, run it on an engine, loosen it where nothing matches, fetch what is shown from the store."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from indexer.analysis import Analyzer, analyzer, fold_label, language_named
from indexer.search import rescoring, snippet
from indexer.search.engine import AnyOf, Hit, Plan, Results, Term
from indexer.search.planning import FILTER_FIELDS, Planner, SearchOptions, Where
from indexer.search.ranking import FEEDBACK_ARTICLES, feedback, idf
from indexer.search.snippet import Source
from indexer.search.words.synonyms import combined
from indexer.store.shown import field_of, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from indexer.search.engine import FacetField, FilterField, Indexed, SearchEngine, TextField
    from indexer.search.query import Query
    from indexer.search.rescoring import Ranked
    from indexer.search.snippet import Snippet
    from indexer.store.rows import StoredArticle
    from indexer.store.shown import Shown

__all__ = ["Found", "SearchOptions", "SearchResult", "related", "related_to_text", "search"]

_RELATED_TERMS = 30
_LEAST_FOR_FEEDBACK = 3
_SHORTEST_KEY_TERM = 3
_HARDLY_ANY = 2
"""Terms by which related posts are looked for, results from which on feedback is given, letters of a term that tells
something, results that are hardly any, so that another wording is suggested. Chosen, not measured."""
_TELLING_POSTS = 6  # in fewer nothing is common
# What a passage is worth beside one of the article's own text.
_SHOWN: dict[TextField, float] = {"body": 1.0, "headings": 1.0, "editorial": 0.4}


class Articles(Protocol):
    """The store's articles, as search needs them."""

    def get(self, ids: Sequence[int]) -> Mapping[int, StoredArticle]:
        """Return those of the articles that are there."""

    def shown(self, ids: Sequence[int]) -> Mapping[int, Shown]:
        """Return what is shown of those of the articles that are there."""


class Found(NamedTuple):
    """A result with what is shown of it. `rank` counts from 1 over all pages.

    `expanded`: it has none of the words, but others that the best posts with them have in common.
    """

    rank: int
    id: int
    site: str
    url: str
    title: str
    author: str | None
    published: date | None
    topics: tuple[str, ...]
    score: float
    snippet: Snippet
    expanded: bool = False
    edit_url: str | None = None


class SearchResult(NamedTuple):
    """The answer. `relaxed`: no post has all of the words, these have some.

    `total` counts the posts that have them, and those of the page that were found by expansion.
    `suggestion` is what was probably meant by words that the blog does not use, or hardly ever; it finds
    `suggestion_total` posts. `unknown` says which filter asks for what no post has; `missing` are the words that no
    post has in any spelling, `present` those that some post has, where no post has all of them.
    """

    query: str
    total: int
    engine: str
    suggestion: str | None
    relaxed: bool
    results: tuple[Found, ...]
    facets: Mapping[FacetField, Mapping[str, int]] = MappingProxyType({})
    suggestion_total: int = 0
    unknown: str | None = None
    missing: tuple[str, ...] = ()
    present: tuple[str, ...] = ()


def search(articles: Articles, engine: SearchEngine, query: Query, options: SearchOptions) -> SearchResult:
    """Return the page of results asked for.

    Every word must match. Where no post has them all, but one has them with a misspelt one corrected, that is suggested
    and nothing is returned; else posts with any of them are, those with the most words first.
    """
    known = combined(tuple(options.synonyms.items()), tuple(engine.values("acronym")))
    planner = Planner(engine, options, known)
    engine.foresee(lambda words: _planned(planner.over(words), query))
    plan = planner.plan(query)
    ranked = rescoring.run(engine, plan)
    results = ranked.results
    expansion: tuple[Found, ...] = ()
    if options.match_any:
        helped = _Helped(articles, engine, plan, ranked)
        if planner.is_subject(query):
            results = helped.results()
        expansion = helped.expansion(planner, query, options)
    relaxed = False
    meant = _Meant()
    missing: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    if not results.total:
        missing, present = planner.found_apart(query)
        meant = _meant(engine, planner, query)
        loose = None if options.match_any or meant.is_whole else planner.loose_plan(query)
        if loose is not None:
            plan = loose
            results = rescoring.run(engine, plan).results
            relaxed = bool(results.total)
    elif results.total <= _HARDLY_ANY and query.text:
        meant = _likelier(engine, planner, query, results.total)
    return SearchResult(
        query=query.text,
        total=results.total + len(expansion),
        engine=engine.name,
        suggestion=meant.text,
        relaxed=relaxed,
        results=(*_shown(articles, results, options, planner, plan), *expansion),
        facets=results.facets,
        suggestion_total=meant.total,
        unknown=None if results.total else _unanswerable(engine, query, options),
        missing=missing,
        present=present,
    )


def _planned(planner: Planner, query: Query) -> None:
    """Ask all that a search asks of a vocabulary, but for what depends on the answers."""
    planner.wanted(planner.plan(query))
    planner.found_apart(query)
    planner.loose_plan(query)


_MOST_LISTED = 12
"""Values that a message lists; chosen."""


def _unanswerable(engine: SearchEngine, query: Query, options: SearchOptions) -> str | None:
    """Return a sentence where there is nothing to look for, or a filter asks for what no post has."""
    if query.text and not query.root.parts:
        return f"There is no word to look for in {query.text} Type one, such as: blogdex search sleep"
    typed = [(atom.field, atom.text) for atom in query.atoms if atom.field in FILTER_FIELDS and atom.field != "url"]
    asked = [(field, value) for field, value in (*options.named, *typed) if value is not None]
    return next((told for field, value in asked if (told := _unknown_value(engine, field, value))), None)


def _unknown_value(engine: SearchEngine, field: FilterField, value: str) -> str | None:
    """Return a sentence where no post has the value of a filter: what was probably meant, and which there are."""
    values = engine.values(field)
    wanted = fold_label(language_named(value) if field == "language" else value)
    known = {fold_label(name): name for name in values}
    if wanted and (wanted in known or any(_has_all(name, wanted) for name in known)):
        return None
    from difflib import get_close_matches

    near = get_close_matches(wanted, known, n=1)
    meant = f" Did you mean: {known[near[0]]}?" if near else ""
    return f'No post has the {field} "{value}".{meant} {_there_are(field, values)}'


def _has_all(name: str, wanted: str) -> bool:
    """Tell whether each of the words begins a word of the name."""
    return all(any(part.startswith(word) for part in name.split()) for word in wanted.split())


def _there_are(field: FilterField, values: Mapping[str, int]) -> str:
    """Return a sentence with the values of a filter, those of most posts first."""
    if not values:
        return f"No post names a {field}."
    ranked = sorted(values, key=lambda name: (-values[name], name))
    more = f" and {len(ranked) - _MOST_LISTED} more" if len(ranked) > _MOST_LISTED else ""
    return f"There are: {', '.join(ranked[:_MOST_LISTED])}{more}."


def _likelier(engine: SearchEngine, planner: Planner, query: Query, found: int) -> _Meant:
    """Return what was probably meant by a query that finds hardly anything, if that finds more."""
    if engine.frequencies(()).articles < _TELLING_POSTS:
        return _Meant()
    from indexer.search.query import parse
    from indexer.search.words.suggest import likelier

    engine.foresee(lambda words: likelier(words, planner.analyzers, query))
    text = likelier(engine, planner.analyzers, query)
    total = next(engine.totals([planner.plan(parse(text))])) if text else 0
    return _Meant(text, total) if total > found else _Meant()


class _Meant(NamedTuple):
    """What was probably meant, in how many posts it is found, and whether that is all that was typed."""

    text: str | None = None
    total: int = 0
    is_whole: bool = False


def _meant(engine: SearchEngine, planner: Planner, query: Query) -> _Meant:
    """Return the first likely reading of the query that finds something; else of the part of it that can be guessed."""
    from indexer.search.query import parse
    from indexer.search.words.suggest import corrections

    engine.foresee(lambda words: corrections(words, planner.analyzers, query))
    guessed = corrections(engine, planner.analyzers, query)
    readings = [(text, True) for text in guessed.whole]
    readings += [(text, False) for text in (guessed.rest, guessed.words) if text]
    engine.foresee(lambda words: [planner.over(words).plan(parse(text)) for text, _ in readings])
    totals = engine.totals(planner.plan(parse(text)) for text, _ in readings)
    for (text, is_whole), total in zip(readings, totals, strict=True):
        if total:
            return _Meant(text, total, is_whole)
    return _Meant()


class _Helped:
    """Help a plan by what its best results have in common."""

    def __init__(self, articles: Articles, engine: SearchEngine, plan: Plan, ranked: Ranked) -> None:
        self._articles, self._engine, self._plan = articles, engine, plan
        self._results, self._ranked = ranked.results, ranked

    def results(self) -> Results:
        """Run the plan again, posts that have more of it first."""
        if not self._hints:
            return self._results
        plan = self._plan._replace(hints=(*self._plan.hints, *self._hints))
        return rescoring.run(self._engine, plan).results

    def expansion(self, planner: Planner, query: Query, options: SearchOptions) -> tuple[Found, ...]:
        """Return posts that have most of it and none of the words, where those with them leave a page unfilled."""
        left = options.offset + options.limit - self._results.total
        if not 0 < left <= options.limit or options.fields != "all" or not self._hints:
            return ()
        plan = planner.expanded_plan(query, self._plan, self._hints)._replace(offset=0, limit=left)
        after = options._replace(offset=self._results.total)
        wanted = snippet.Wanted({hint.term: hint.weight for hint in self._hints})
        found = _found(self._articles, rescoring.run(self._engine, plan).results, after, wanted, planner.only_analyzer)
        return tuple(each._replace(expanded=True) for each in found)

    @cached_property
    def _hints(self) -> tuple[Term, ...]:
        from indexer.search.indexed import indexed

        plan, results = self._plan, self._results
        if plan.order != "relevance" or results.total < _LEAST_FOR_FEEDBACK:
            return ()
        best = self._ranked.plain(FEEDBACK_ARTICLES)
        stored = self._articles.get([hit.article_id for hit in best])
        # Joined forms say once more what their parts say, and are rarer: they would pass for what the posts are about.
        found = [
            (indexed(stored[hit.article_id], as_written=True), hit.score) for hit in best if hit.article_id in stored
        ]
        skipped = {term for article, _ in found for term in _filler_terms(article)}
        terms = {term for article, _ in found for words in article.fields.values() for term in words} - skipped
        weights = feedback(found, self._engine.frequencies(terms))
        return tuple(Term(term, weight=weight) for term, weight in weights.items())


def _filler_terms(article: Indexed) -> Iterable[str]:
    """Return the terms of an article that could not tell what it is about."""
    analyse = analyzer(next(iter(article.filters.get("language", ())), None))
    for surface, term in article.words.items():
        if len(term) < _SHORTEST_KEY_TERM or term.isdigit() or analyse.is_filler(surface):
            yield term


def _shown(
    articles: Articles, results: Results, options: SearchOptions, planner: Planner, plan: Plan
) -> tuple[Found, ...]:
    """Fetch what is shown of the results of a plan."""
    return _found(articles, results, options, planner.wanted(plan), planner.only_analyzer) if results.hits else ()


def _found(
    articles: Articles,
    results: Results,
    options: SearchOptions,
    wanted: snippet.Wanted,
    analyse: Analyzer | None = None,
) -> tuple[Found, ...]:
    """Fetch what is shown; `analyse` is for blogs of one language."""
    stored = articles.shown([hit.article_id for hit in results.hits])
    # An index may for a moment know an article that the store has just lost.
    hits = [hit for hit in results.hits if hit.article_id in stored]
    return tuple(
        _one(stored[hit.article_id], options, number, hit.score, wanted, analyse) for number, hit in enumerate(hits, 1)
    )


def _one(
    article: Shown,
    options: SearchOptions,
    number: int,
    score: float,
    wanted: snippet.Wanted,
    analyse: Analyzer | None,
) -> Found:
    analyse = analyse or analyzer(article.language)
    return Found(
        rank=options.offset + number,
        id=article.id,
        site=article.site,
        url=article.url,
        title=_title_of(article),
        author=article.author,
        published=article.published,
        topics=article.topics,
        score=round(score, 4),
        snippet=snippet.best(_shown_texts(article, options.fields), wanted, analyse),
        edit_url=article.edit_url,
    )


def _title_of(article: Shown) -> str:
    """Return the title, else the first heading, else the last part of the address."""
    heading = next((block.text for block in article.blocks if block.kept and block.heading), "")
    slug = article.url.rstrip("/").rsplit("/", 1)[-1]
    return article.title or heading or slug


def _shown_texts(article: Shown, where: Where) -> list[Source]:
    """Return the texts that a passage may come from, those of the article's own first."""
    if where in ("editorial", "boilerplate"):
        wanted = ("editorial",) if where == "editorial" else ("editorial", "template")
        return [Source(block.text) for block in article.blocks if field_of(block) in wanted]
    by_field: dict[TextField, list[Source]] = {name: [] for name in _SHOWN}
    for block in article.blocks:
        if block.kept:
            name = field_of(block)
            by_field[name].append(Source(block.text, _SHOWN[name]))
    return [source for sources in by_field.values() for source in sources]


_RELATED_POOL = 3
_TOPIC_SHARE = 0.2
"""Results looked at for each one shown, and what a topic in common adds to a score; chosen, not measured."""


def related(articles: Articles, engine: SearchEngine, article: StoredArticle, limit: int = 10) -> SearchResult:
    """Return the posts most like the article, by the terms that say most about it and by the topics they share."""
    known = shown(article)
    texts = [(_title_of(known), 3)]
    texts += [(block.text, 1) for block in known.blocks if field_of(block) in ("body", "headings")]
    weights = _key_terms(texts, analyzer(known.language), engine, least=2)
    return _alike(articles, engine, weights, limit, article.url, (article.id, article.topics))


def related_to_text(
    articles: Articles, engine: SearchEngine, text: str, language: str | None, limit: int = 10
) -> SearchResult:
    """Return the posts most like a text that is no post, such as a draft; its first line counts as its title."""
    weights = key_terms_of_text(engine, text, language)
    return _alike(articles, engine, weights, limit, text.strip().partition("\n")[0], (None, ()))


def key_terms_of_text(engine: SearchEngine, text: str, language: str | None) -> dict[str, float]:
    """Return the terms that say most of a text that is no post, the best with 1; its first line counts as its title."""
    title, _, rest = text.strip().partition("\n")
    return _key_terms([(title, 3), (rest, 1)], analyzer(language), engine, least=1)


def hits_with(engine: SearchEngine, weights: Mapping[str, float], limit: int) -> Results:
    """Return the posts that have most of the weighted terms."""
    terms = tuple(Term(term, weight=weight) for term, weight in weights.items())
    return engine.search(Plan(AnyOf(terms), limit=limit)) if terms else Results((), 0)


def shown_with(
    articles: Articles, scored: Sequence[tuple[int, float]], weights: Mapping[str, float]
) -> tuple[Found, ...]:
    """Return posts as results in the order given, each id with its score, the passage with most of the terms shown."""
    hits = tuple(Hit(number, score) for number, score in scored)
    return _found(articles, Results(hits, len(hits)), SearchOptions(limit=len(hits)), snippet.Wanted(weights))


def _alike(
    articles: Articles,
    engine: SearchEngine,
    weights: Mapping[str, float],
    limit: int,
    name: str,
    own: tuple[int | None, Sequence[str]],
) -> SearchResult:
    """Return the posts that have most of the weighted terms, but for the `own` id, with its topics."""
    results = hits_with(engine, weights, _RELATED_POOL * limit + 1)
    others = [hit for hit in results.hits if hit.article_id != own[0]]
    hits = _nearest(articles, others, own[1])[:limit]
    return SearchResult(
        query=name,
        total=len(hits),
        engine=engine.name,
        suggestion=None,
        relaxed=False,
        results=shown_with(articles, [(hit.article_id, hit.score) for hit in hits], weights),
    )


def _nearest(articles: Articles, hits: Sequence[Hit], topics: Sequence[str]) -> tuple[Hit, ...]:
    """Return the hits with those first that share topics; a topic counts as much as a fifth of the score."""
    stored = articles.shown([hit.article_id for hit in hits])
    raised = [
        hit._replace(score=hit.score * (1 + _TOPIC_SHARE * len(set(topics) & set(stored[hit.article_id].topics))))
        for hit in hits
        if hit.article_id in stored
    ]
    return tuple(sorted(raised, key=lambda hit: (-hit.score, hit.article_id)))


def _key_terms(
    texts: Sequence[tuple[str, int]], analyse: Analyzer, engine: SearchEngine, least: int
) -> dict[str, float]:
    """Return the terms with the highest tf-idf of texts, each with how often it counts; the best weighs 1.

    Terms that fewer than `least` posts have find none.
    """
    counts: Counter[str] = Counter()
    for text, times in texts:
        for word in analyse.words(text):
            if not analyse.is_stop_word(word.surface) and _says_much(word.surface) and not word.surface.isdigit():
                counts[word.term] += times
    common = dict(counts.most_common(200))
    known = engine.frequencies(common)
    worth = {
        term: count * idf(known.articles, known.documents[term])
        for term, count in common.items()
        if known.documents[term] >= least
    }
    best = sorted(worth, key=lambda term: (-worth[term], term))[:_RELATED_TERMS]
    return {term: worth[term] / worth[best[0]] for term in best}


def _says_much(surface: str) -> bool:
    """Tell whether a word is long enough to be about something; Chinese and Korean ones are short."""
    return len(surface) > 2 or surface > "\u3000"
