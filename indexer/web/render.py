"""Fill in the templates: every value is escaped, and cleaned of what reorders or hides text."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from indexer.present.terminal.text import clean
from indexer.quantities import count
from indexer.web.urls import outside

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

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
_CHANGED = re.compile(r"(\[-.*?-\]|\{\+.*?\+\})")
_TITLE = 300
"""Signs of a title in a list. Chosen: no headline of a blog is as long."""
TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """Return the templates with what they call."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "count": count,
        "outside": outside,
        "marked": marked,
        "difference": difference,
        "percent": percent,
        "short": short,
        "thousands": thousands,
        "left": left,
    }
    return made


def _finalize(value: object) -> object:
    """Clean what is filled in; a missing value is nothing."""
    if value is None:
        return ""
    return clean(value) if type(value) is str else value


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
    return environment().get_template(page.template).render({**known, **page.values})


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


def difference(line: str) -> Markup:
    """Return a line of a word difference, `[-out-]` and `{+in+}`, with elements in place of the signs."""
    parts = []
    for piece in _CHANGED.split(clean(line)):
        name = {"[-": "del", "{+": "ins"}.get(piece[:2]) if _CHANGED.fullmatch(piece) else None
        parts.append(Markup("<{0}>{1}</{0}>").format(Markup(name), piece[2:-2]) if name else escape(piece))
    return Markup("").join(parts)


def short(text: str) -> str:
    """Return a title as a list shows it, cut where it is no headline any more."""
    return text if len(text) <= _TITLE else f"{text[:_TITLE]}…"


def percent(share: float) -> str:
    """Return a share, 0-1, in per cent."""
    return f"{share:.0%}"


def thousands(number: int) -> str:
    """Return a number with its thousands apart."""
    return f"{number:,}"


def left(seconds: float) -> str:
    """Return how long a work is likely to go on, in words."""
    if seconds < 60:
        return "less than a minute"
    minutes = round(seconds / 60)
    return f"about {count(minutes, 'minute')}" if minutes < 90 else f"about {count(round(minutes / 60), 'hour')}"
