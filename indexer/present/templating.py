"""Fill in templates: every value is escaped, and cleaned of what reorders or hides text."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from indexer.present.terminal.text import clean
from indexer.quantities import count

if TYPE_CHECKING:
    from pathlib import Path

_CHANGED = re.compile(r"(\[-.*?-\]|\{\+.*?\+\})")
_TITLE = 300
"""Signs of a title in a list. Chosen: no headline of a blog is as long."""


@cache
def environment(*folders: Path) -> Environment:
    """Return the templates of folders, with the filters that all of them have."""
    made = Environment(
        loader=FileSystemLoader(folders),
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
        "difference": difference,
        "percent": percent,
        "short": short,
        "thousands": thousands,
    }
    return made


def _finalize(value: object) -> object:
    """Clean what is filled in; a missing value is nothing."""
    if value is None:
        return ""
    return clean(value) if type(value) is str else value


def outside(url: str | None) -> str | None:
    """Return an address of the web that a link may lead to; `None` for anything else."""
    return url if url and url.startswith(("http://", "https://")) else None


def difference(line: str) -> Markup:
    """Return a line of a word difference, `[-out-]` and `{+in+}`, with elements in place of the signs."""
    parts = []
    for piece in _CHANGED.split(clean(line)):
        name = {"[-": "del", "{+": "ins"}.get(piece[:2]) if _CHANGED.fullmatch(piece) else None
        parts.append(Markup("<{0}>{1}</{0}>").format(Markup(name), piece[2:-2]) if name else escape(piece))
    return Markup("").join(parts)


def short(text: str, signs: int = _TITLE) -> str:
    """Return a text cut to so many signs, as a list shows a title, with `…` where something was cut."""
    return text if len(text) <= signs else text[: signs - 1].rstrip() + "…"


def percent(share: float) -> str:
    """Return a share, 0-1, in per cent."""
    return f"{share:.0%}"


def thousands(number: int) -> str:
    """Return a number with its thousands apart."""
    return f"{number:,}"
