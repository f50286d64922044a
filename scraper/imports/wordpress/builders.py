"""Find the text of posts that page builders and field plugins keep in custom fields, not in the body."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scraper.imports.outcomes import RefusedError
from scraper.imports.wordpress import prose

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.imports.wordpress.items import Item

_FOOTNOTES: Final = "footnotes"
_LEAST_SHARE: Final = 0.5
"""Share of a builder's words below which the body is a left-over: builders copy all or nothing there."""

_LEAST_WORDS: Final = 5
"""Words that make a structure in a field a text where the body has none; labels in settings have one or two."""

_FIELD_REFERENCE: Final = re.compile(r"field_[\w-]+")
_SHORTCODE_FIRST: Final = re.compile(r"\s*\[[a-zA-Z][\w-]{1,60}[\s\]]")
_BRACKETS: Final = re.compile(r"\[[^\[\]]*\]")
_INDEX: Final = re.compile(r"_?\d+(?=_|$)")


def body(item: Item, render: Callable[[str], str]) -> str:
    """Return a post's body as HTML: what the editor stored, the fields beside it, or what a page builder stored.

    Raise `RefusedError` where the text is in a builder's field that can't be read.
    """
    own = render(item.get("content:encoded"))
    built, words, damaged = _built(item)
    if words >= _LEAST_WORDS and prose.word_count(own) < _LEAST_SHARE * words:
        own = render(built)
    fields = _with_fields(item, own)
    if not prose.word_count(own) and not fields and damaged:
        raise RefusedError(f"Its text is in the field {damaged}, which is damaged.")
    return own + render(fields) if fields else own if prose.word_count(own) else ""


def _built(item: Item) -> tuple[str, int, str]:
    """Return what the structure with most words says, how many these are, and the builder's field that is damaged."""
    best, most, damaged = "", 0, ""
    for name, value in item.meta:
        if not value.lstrip()[:2].startswith(("[", "{", "a:", "O:")):
            continue
        found = prose.structure(value)
        if found is None and _SHORTCODE_FIRST.match(value):
            words = prose.word_count(_BRACKETS.sub(" ", value))
            best, most = (value, words) if words > most else (best, most)
            continue
        if found is None:
            damaged = damaged or (name if name.startswith("_") and len(value) > len(damaged) else "")
            continue
        text = "\n".join(piece.markup() for piece in prose.found_in(found))
        words = prose.word_count(text)
        if words > most:
            best, most = text, words
    return best, most, damaged


def _with_fields(item: Item, own: str) -> str:
    """Return the prose of fields that a field plugin made for the post, as far as the body does not say it.

    Such a field is known by a twin with an underscore before its name, which names its definition. WordPress itself
    keeps footnotes in a field.
    """
    made = {name[1:] for name, value in item.meta if name.startswith("_") and _FIELD_REFERENCE.fullmatch(value.strip())}
    made.add(_FOOTNOTES)
    shown = prose.plain(own)
    news: list[str] = []
    for name, value in item.meta:
        if name not in made:
            continue
        found = prose.structure(value)
        for piece in prose.found_in(value if found is None else found, _INDEX.sub("", name)):
            words = prose.plain(prose.plain_text(piece))
            if words not in shown:
                shown += f" {words}"
                news.append(piece.markup())
    return "\n".join(news)
