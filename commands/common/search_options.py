"""Declare the options of `blogdex search` once: Click's are made of this, and so is the reading without Click."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["number", "text", "choice", "flag"]


class Declared(NamedTuple):
    """An option: as it is typed, its name in `Asked`, what it takes and means.

    `least` is the smallest number that it takes; values of the filter `completes` are offered for it.
    """

    typed: str
    name: str
    kind: Kind
    help: str
    default: int | str | None = None
    metavar: str | None = None
    least: int = 0
    choices: tuple[str, ...] = ()
    completes: str | None = None


SEARCH = (
    Declared("-n", "limit", "number", "So many results.", 10, "N", least=1),
    Declared("--offset", "offset", "number", "Leave out the first so many.", 0, "N"),
    Declared(
        "--since", "since", "text", "Published then or later: 2023, 2023-05, 2023-05-31, 'last year'.", metavar="DATE"
    ),
    Declared("--until", "until", "text", "Published then or earlier.", metavar="DATE"),
    Declared("--topic", "topic", "text", "Only posts of this topic.", metavar="T", completes="topic"),
    Declared("--author", "author", "text", "Only posts by this author.", metavar="A", completes="author"),
    Declared("--category", "category", "text", "Only posts of this category.", metavar="C", completes="category"),
    Declared(
        "--language",
        "language",
        "text",
        "Only posts in this language: es, spanish.",
        metavar="L",
        completes="language",
    ),
    Declared("--sort", "order", "choice", "Order of the results.", choices=("relevance", "newest", "oldest")),
    Declared(
        "--in",
        "fields",
        "choice",
        "Where to look; editorial is what editors repeat in posts, boilerplate that and what was set aside.",
        "all",
        choices=("all", "title", "body", "editorial", "boilerplate"),
    ),
    Declared("--any", "match_any", "flag", "Any of the words is enough; posts like those follow."),
    Declared("--facets", "facets", "flag", "Count the results by topic, category, author, year and language."),
)
