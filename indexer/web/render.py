"""Fill in the templates: every value is escaped, and cleaned of what reorders or hides text."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from indexer.present.templating import environment
from indexer.present.terminal.text import clean
from indexer.quantities import count

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from jinja2 import Environment

    from indexer.search.snippet import Snippet
    from indexer.web.views import Page
    from indexer.web.visit import Visit

NAV = (
    ("/", "Search"),
    ("/topics", "Topics"),
    ("/audit", "Audit"),
    ("/changes", "Changes"),
    ("/library", "Library"),
    ("/crawl", "Crawl"),
)
"""The sections in the head of every page."""
TEMPLATES = Path(__file__).parent / "templates"
REPORT_TEMPLATES = TEMPLATES.parents[1] / "present" / "report" / "templates"


@cache
def templates() -> Environment:
    """Return the templates of the pages and those that the report shares with them."""
    made = environment(TEMPLATES, REPORT_TEMPLATES)
    made.filters |= {"marked": marked, "left": left}
    return made


def render(page: Page, visit: Visit) -> str:
    """Return a page as HTML."""
    path = visit.config.addresses.without_prefix(visit.request.path) or ""
    known: Mapping[str, Any] = {
        "at": visit.at,
        "visit": visit,
        "config": visit.config,
        "nav": NAV,
        "back": _back(visit),
        "here": lambda section: path == section or (section != "/" and path.startswith(f"{section}/")),
        "today": date.today(),
    }
    return templates().get_template(page.template).render({**known, **page.values})


def _back(visit: Visit) -> str:
    """Return the address of this page, for forms that come back to it."""
    args = visit.request.args
    path = visit.config.addresses.without_prefix(visit.request.path) or "/"
    return visit.at(path, {name: args.getlist(name) for name in args if name != "accepted"})


def marked(snippet: Snippet) -> Markup:
    """Return a passage with its matches marked."""
    parts, at = [], 0
    for start, end in snippet.marks:
        parts += [escape(clean(snippet.text[at:start])), Markup("<mark>"), escape(clean(snippet.text[start:end]))]
        parts.append(Markup("</mark>"))
        at = end
    return Markup("").join([*parts, escape(clean(snippet.text[at:]))])


def left(seconds: float) -> str:
    """Return how long a work is likely to go on, in words."""
    if seconds < 60:
        return "less than a minute"
    minutes = round(seconds / 60)
    return f"about {count(minutes, 'minute')}" if minutes < 90 else f"about {count(round(minutes / 60), 'hour')}"
