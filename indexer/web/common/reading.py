"""Lay out a post for reading: what was kept, in the elements it stands in, and one line for each run set aside."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup, escape

from indexer.present.export.page import blocks_html
from indexer.present.terminal.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from indexer.analysis import Analyzer
    from indexer.store.rows import StoredArticle
    from scraper.model import ArticleBlock

_TAG = re.compile(r"(<[^>]*>)")


class Aside(NamedTuple):
    """A block that was set aside or pasted, with the sentence that says why, and the audit's cluster that holds it."""

    text: str
    role: str
    reason: str
    kept: bool
    cluster: str | None


class Run(NamedTuple):
    """Blocks in a row. `html` is what was kept, to be read; empty for a run that was set aside."""

    html: Markup
    asides: tuple[Aside, ...]

    @property
    def roles(self) -> str:
        """Return what the blocks of a run are, each role once."""
        return ", ".join(dict.fromkeys(aside.role for aside in self.asides))

    @property
    def reason(self) -> str:
        """Return why the blocks were set aside, where it is one reason for all."""
        reasons = list(dict.fromkeys(aside.reason for aside in self.asides))
        return reasons[0] if len(reasons) == 1 else ""


def runs_of(
    article: StoredArticle, reasons: Sequence[str], clusters: Sequence[str | None], mark: Callable[[str], Markup]
) -> Iterator[Run]:
    """Yield the runs of a post in page order; one of pasted blocks has both its text and its reasons."""
    told = list(zip(article.blocks, reasons, clusters, strict=True))
    for _, group in groupby(told, key=lambda each: _kind(each[0])):
        inside = list(group)
        blocks = tuple(block for block, _, _ in inside)
        asides = tuple(
            Aside(block.text, str(block.role), reason, block.kept, cluster) for block, reason, cluster in inside
        )
        if not blocks[0].kept:
            yield Run(Markup(""), asides)
        else:
            html = Markup("".join(map(mark, _TAG.split(blocks_html(replace(article, blocks=blocks))))))
            yield Run(html, asides if _kind(blocks[0]) == "pasted" else ())


def _kind(block: ArticleBlock) -> str:
    if not block.kept:
        return "aside"
    return "own" if block.role in ("content", "heading") else "pasted"


def marker(terms: Mapping[str, float], analyse: Analyzer) -> Callable[[str], Markup]:
    """Return what marks the words that were searched for in a piece of clean HTML: a tag, or the text between two."""

    def mark(piece: str) -> Markup:
        if piece.startswith("<"):
            return Markup(piece)
        text = clean(unescape(piece))
        parts, at = [], 0
        for word in analyse.words(text) if terms else ():
            if word.term in terms and word.start >= at:
                parts += [escape(text[at : word.start]), Markup("<mark>"), escape(text[word.start : word.end])]
                parts.append(Markup("</mark>"))
                at = word.end
        return Markup("").join([*parts, escape(text[at:])])

    return mark
