"""Read from the parameters of an address what is asked of a search, named as the options of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indexer.search.asked import FILTERS, Asked, ask
from indexer.web.views import TooMuchError
from scraper.errors import UsageError

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from indexer.search.answer import SearchResult
    from indexer.web.visit import Visit

MOST_SIGNS, MOST_WORDS, MOST_PREFIXES, MOST_RESULTS, LAST_OFFSET = 300, 32, 8, 100, 10_000
"""What one search may ask for: on 10,000 posts each stays below .5 s of CPU then."""
CHOICES = {
    "sort": ("relevance", "newest", "oldest"),
    "in": ("all", "title", "body", "editorial", "boilerplate"),
}


def asked_of(visit: Visit, *, facets: bool | None = None, args: MultiDict[str, str] | None = None) -> Asked:
    """Return what the parameters ask for, those of the address or `args`.

    Raise `UsageError` for what none can mean, `TooMuchError`.
    """
    args = visit.request.args if args is None else args
    words = tuple(word for word in args.getlist("q") if word.strip())
    _check_words(words)
    filters: Any = {name: _value(args, name) for name in FILTERS}
    for name, value in filters.items():
        if value and len(value) > MOST_SIGNS:
            raise TooMuchError(f"characters of {name}", MOST_SIGNS)
    order: Any = _choice(args, "sort")
    fields: Any = _choice(args, "in") or "all"
    return Asked(
        words,
        limit=_number(args, "n", 10, 1, MOST_RESULTS),
        offset=_number(args, "offset", 0, 0, LAST_OFFSET),
        order=order,
        fields=fields,
        match_any=_value(args, "any") is not None,
        facets=_value(args, "facets") is not None if facets is None else facets,
        **filters,
    )


def found_for(visit: Visit, asked: Asked, *, args: MultiDict[str, str] | None = None) -> SearchResult:
    """Search the blog that the address or `args` name, or all of them, when it is one's turn."""
    asked.options()
    library, site = visit.built, visit.site if args is None else visit.site_named(_value(args, "site"))
    with visit.shared.searching():
        key = site.key if site else None
        return ask(library.store.articles, library.engine(), asked, library.synonyms_file, key)


def _value(args: MultiDict[str, str], name: str) -> str | None:
    return args.get(name, "").strip() or None


def _check_words(words: tuple[str, ...]) -> None:
    text = " ".join(words)
    if len(text) > MOST_SIGNS:
        raise TooMuchError("characters of a query", MOST_SIGNS)
    if len(text.split()) > MOST_WORDS:
        raise TooMuchError("words of a query", MOST_WORDS)
    if text.count("*") > MOST_PREFIXES:
        raise TooMuchError("beginnings of words", MOST_PREFIXES)


def _choice(args: MultiDict[str, str], name: str) -> str | None:
    value = _value(args, name)
    if value is not None and value not in CHOICES[name]:
        raise UsageError(f"{name} is one of {', '.join(CHOICES[name])}.")
    return value


def _number(args: MultiDict[str, str], name: str, usual: int, least: int, most: int) -> int:
    value = _value(args, name)
    if value is None:
        return usual
    if not value.isascii() or not value.isdigit() or len(value) > 12 or int(value) < least:
        raise UsageError(f"{name} is a number from {least}.")
    if int(value) > most:
        raise TooMuchError(f"the parameter {name}", most)
    return int(value)
