"""Write pieces of HTML from text of the web: escaped, harmless to read, with differences in colour."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from indexer.audit.similarity.variants import steps

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def text(value: str) -> str:
    """Escape a text for HTML, without characters that steer or reorder what is read."""
    return escape(_UNSAFE.sub("", value))


def link(url: str, shown: str) -> str:
    """Return a link, where the address is one of the web; else only its text."""
    if url.startswith(("https://", "http://")):
        return f'<a href="{text(url)}" rel="noopener noreferrer nofollow">{text(shown)}</a>'
    return text(shown)


def select(kinds: Mapping[str, str | None]) -> str:
    """Return a choice of kinds, each with what it is called; it filters the section it stands in."""
    options = "".join(f'<option value="{text(kind)}">{text(name or kind)}</option>' for kind, name in kinds.items())
    choice = f'<select data-kinds aria-label="Only one kind"><option value="">all kinds</option>{options}</select>'
    return f'<p class="js-only">{choice}</p>'


def short(value: str, signs: int = 260) -> str:
    """Return a text cut to so many signs, with `…` where something was cut."""
    return value if len(value) <= signs else value[: signs - 1].rstrip() + "…"


def diff(old: str, new: str) -> str:
    """Return the difference of two texts in colour; long stretches that both have are cut in the middle."""
    tags = {"out": "del", "in": "ins"}
    found = list(steps(old, new))
    parts = []
    for at, step in enumerate(found):
        if step.change == "same":
            words = step.text.split()
            if len(words) > 24:
                head = " ".join(words[:10]) if at else ""
                tail = " ".join(words[-10:]) if at < len(found) - 1 else ""
                parts.append(text(f"{head} … {tail}".strip()))
            else:
                parts.append(text(step.text))
        else:
            parts.append(f"<{tags[step.change]}>{text(step.text)}</{tags[step.change]}>")
    return " ".join(parts)


def marked(value: str, found: str) -> str:
    """Return the words around a value, with the value marked."""
    at = value.find(found)
    if at < 0:
        return text(short(value))
    start, end = max(0, at - 90), min(len(value), at + len(found) + 90)
    before = ("…" if start else "") + value[start:at]
    after = value[at + len(found) : end] + ("…" if end < len(value) else "")
    return f"{text(before)}<mark>{text(found)}</mark>{text(after)}"
