"""Find what a blog leaves open: searches in vain, topics given up, questions that no post answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from indexer.analysis import analyzer
from scraper.model import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from indexer.store.derived.topic_rows import TopicView
    from indexer.store.rows import StoredArticle

GIVEN_UP_YEARS = 3
"""Years without a post after which a topic counts as given up; chosen: what nobody wrote on for two may be planned."""
_SENTENCE = re.compile(r"[^.!?\n¿。！？]+[?？]")
_ASKING = {
    "en": "how what why when where which who can does is should",
    "de": "wie was warum wieso weshalb wann wo welche welcher welches wer kann können soll muss ist sind darf",
    "es": "cómo qué por cuándo dónde cuál cuáles quién puedo puede pueden debo es son hay",
    "fr": "comment que quoi pourquoi quand où quel quelle quels quelles qui peut puis est faut combien",
    "it": "come cosa perché quando dove quale quali chi posso può devo è quanto",
    "pt": "como o que por quando onde qual quais quem posso pode devo é quanto",
    "nl": "hoe wat waarom wanneer waar welke wie kan mag moet is zijn",
}
"""Words with which a question begins that wants an answer; in a language without them every question does."""
_FEWEST_TERMS, _MOST_TERMS = 2, 6
"""Words of meaning of a question; chosen: one says too little to look for an answer, many ask several things."""
_ANSWERED = 0.7
"""Share of a question's words that stand in one title or heading which answers it. Chosen, not measured."""
_ALIKE = 0.6
"""Share of the words of two questions in common that makes them one. Chosen, not measured."""
_FEWEST_POSTS = 2
"""Posts that raise a question; chosen: what one post asks may be for effect."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as a post puts it, and the addresses of all the posts that raise it."""

    text: str
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A topic with the year of its newest post."""

    id: int
    label: str
    posts: int
    newest: int


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is missing. `searches` are (query, how often, when last)."""

    searches: tuple[tuple[str, int, str], ...]
    topics: tuple[GivenUp, ...]
    questions: tuple[Question, ...]


def given_up(views: Iterable[TopicView], years: int = GIVEN_UP_YEARS) -> list[GivenUp]:
    """Return the topics that have had no post for so many years, against the newest post of all; the longest first."""
    dated = [(view, view.newest.year) for view in views if view.newest]
    latest = max((year for _, year in dated), default=0)
    found = [GivenUp(v.topic.id, v.topic.label, len(v.members), year) for v, year in dated if year <= latest - years]
    return sorted(found, key=lambda topic: (topic.newest, -topic.posts, topic.label))


def open_questions(articles: Iterable[StoredArticle]) -> list[Question]:
    """Return the questions that several posts raise and no title or heading takes up, most raised first."""
    asked: list[tuple[frozenset[str], str, str]] = []
    answers: list[frozenset[str]] = []
    for article in articles:
        if not article.gone:
            asked += _asked(article)
            answers += _taken_up(article)
    by_term: dict[str, list[frozenset[str]]] = {}
    for answer in answers:
        for term in answer:
            by_term.setdefault(term, []).append(answer)
    unanswered = [one for one in asked if not _is_answered(one[0], by_term)]
    return sorted(_together(unanswered), key=lambda question: (-len(question.urls), question.text))


def _asked(article: StoredArticle) -> Iterator[tuple[frozenset[str], str, str]]:
    """Yield the questions of the running text: words of meaning, text, address."""
    language = article.metadata.language
    for block in article.blocks:
        if block.kept and block.role == Role.CONTENT and not block.heading:
            for match in _SENTENCE.finditer(block.text):
                text = " ".join(match.group().split()).lstrip("¿ ")
                terms = _terms(text, language)
                if _wants_answer(text, language) and _FEWEST_TERMS <= len(terms) <= _MOST_TERMS:
                    yield terms, text, article.url


def _wants_answer(text: str, language: str | None) -> bool:
    words = _ASKING.get((language or "")[:2])
    return words is None or text.split()[0].strip("\"'“‘«").lower() in words.split()


def _taken_up(article: StoredArticle) -> Iterator[frozenset[str]]:
    headings = [block.text for block in article.blocks if block.kept and (block.heading or block.role == Role.HEADING)]
    for text in (article.metadata.title or "", *headings):
        if terms := _terms(text, article.metadata.language):
            yield terms


def _terms(text: str, language: str | None) -> frozenset[str]:
    analyse = analyzer(language)
    return frozenset(
        word.term
        for word in analyse.words(text)
        if word.surface not in analyse.stop_words and not word.surface[0].isdigit()
    )


def _is_answered(terms: frozenset[str], by_term: Mapping[str, Sequence[frozenset[str]]]) -> bool:
    return any(len(terms & answer) >= _ANSWERED * len(terms) for term in terms for answer in by_term.get(term, ()))


def _together(asked: Sequence[tuple[frozenset[str], str, str]]) -> Iterator[Question]:
    """Yield each question once, in the words in which it is put most shortly."""
    groups: list[tuple[frozenset[str], list[tuple[str, str]]]] = []
    by_term: dict[str, list[int]] = {}
    for terms, text, url in sorted(asked, key=lambda one: (len(one[0]), one[1], one[2])):
        near = {number for term in terms for number in by_term.get(term, ())}
        for number in sorted(near):
            if len(terms & groups[number][0]) >= _ALIKE * len(terms | groups[number][0]):
                groups[number][1].append((text, url))
                break
        else:
            for term in terms:
                by_term.setdefault(term, []).append(len(groups))
            groups.append((terms, [(text, url)]))
    for _, members in groups:
        urls = tuple(dict.fromkeys(url for _, url in members))
        if len(urls) >= _FEWEST_POSTS:
            yield Question(min((text for text, _ in members), key=lambda text: (len(text), text)), urls)


GAP_COLUMNS = ("kind", "what", "number", "last", "urls")


def gaps_form(gaps: Gaps) -> dict[str, Any]:
    """Return it as `topics --gaps --json` gives it."""
    return {
        "searches": [{"query": query, "times": times, "last": last} for query, times, last in gaps.searches],
        "topics": [{"id": t.id, "label": t.label, "posts": t.posts, "newest": t.newest} for t in gaps.topics],
        "questions": [{"question": q.text, "posts": len(q.urls), "urls": list(q.urls)} for q in gaps.questions],
    }


def gap_rows(gaps: Gaps) -> Iterator[dict[str, Any]]:
    """Yield it as one table: searches with how often, topics and questions with their posts."""
    rows: list[tuple[object, ...]] = [("search", query, times, last, ()) for query, times, last in gaps.searches]
    rows += [("topic", topic.label, topic.posts, topic.newest, ()) for topic in gaps.topics]
    rows += [("question", question.text, len(question.urls), None, question.urls) for question in gaps.questions]
    return (dict(zip(GAP_COLUMNS, row, strict=True)) for row in rows)
