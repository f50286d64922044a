"""Lay out results, posts and libraries as lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from indexer.present.explain import place
from indexer.present.terminal.style import style
from indexer.present.terminal.text import clean, one_line, pad, shorten, width, wrap
from indexer.quantities import count, size
from scraper.model import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.doctor import Problem
    from indexer.library import SiteStatus, Status
    from indexer.stats import Stats
    from indexer.store.rows import StoredArticle
    from scraper.model import ArticleBlock

OWN = (Role.CONTENT, Role.HEADING)
_VERDICT_COLORS = {"kept": "green", "flagged": "yellow", "dropped": "red"}
_QUOTE_CELLS = 34
_AUTHORS = 20
_WHY_CELLS = 120
_LABEL_CELLS = 32
"""Cells of a quotation and of a label, cells of a terminal from which on both are shown beside the reason, authors that
are listed. Chosen: a row fits into the terminal."""


def article_lines(article: StoredArticle, cells: int) -> Iterator[str]:
    """Yield a post as a person reads it: title, facts, text; what editors paste has a bar on its left."""
    known = article.metadata
    yield style(one_line(known.title or article.url), "bold")
    reviewed = known.reviewer and f"reviewed by {known.reviewer}"
    facts = (known.author, reviewed, known.published and known.published.isoformat(), *known.categories)
    yield style(" · ".join([*(one_line(fact) for fact in facts if fact), count(article.words, "word")]), "dim")
    yield style(one_line(article.url), "blue")
    for block in article.blocks:
        if block.kept:
            yield ""
            yield from _block_lines(block, cells)


def _block_lines(block: ArticleBlock, cells: int) -> Iterator[str]:
    for paragraph in clean(block.text).split("\n"):
        for start, end in wrap(paragraph, cells - 2):
            line = paragraph[start:end]
            if block.role not in OWN:
                yield style(f"│ {line}", "dim")
            else:
                yield style(line, "bold") if block.heading else line


def verdict(block: ArticleBlock) -> str:
    """Return `kept`, `flagged` (kept, but pasted by editors) or `dropped`."""
    if not block.kept:
        return "dropped"
    return "kept" if block.role in OWN else "flagged"


def why_lines(article: StoredArticle, reasons: Sequence[str], cells: int) -> Iterator[str]:
    """Yield each block with verdict, place, beginning of its text, role, reason; on more lines where it is narrow."""
    for block, reason in zip(article.blocks, reasons, strict=True):
        word = verdict(block)
        role = "" if block.role in OWN else str(block.role)
        label = style(f"{word:<8}", _VERDICT_COLORS[word])
        quote = f'"{one_line(block.text)}"'
        if cells >= _WHY_CELLS:
            begin = pad(shorten(quote, _QUOTE_CELLS), _QUOTE_CELLS)
            yield f"{label} {pad(place(block), 11)} {begin} {role:<10} {one_line(reason)}".rstrip()
        else:
            yield f"{label} {pad(place(block), 11)} {shorten(quote, cells - 21)}"
            told = f"{role}{': ' if role else ''}{one_line(reason)}"
            for start, end in wrap(told, cells - 9):
                yield style(f"{'':<9}{told[start:end]}", "dim")


def status_lines(found: Status, cells: int) -> Iterator[str]:
    """Yield what a library holds."""
    yield f"Library  {found.path} ({size(found.size_bytes)})"
    for item in found.sites:
        yield f"Site     {style(item.site.key, 'bold')}"
        facts = ", ".join(_site_facts(item))
        for start, end in wrap(facts, cells - 9):
            yield f"         {facts[start:end]}"
    yield f"Index    {found.engine}, {found.index_word}"


def doctor_lines(problems: Sequence[Problem], cells: int, *, fix: bool) -> Iterator[str]:
    """Yield what is wrong with a library, and what is done or can be done about it."""
    for problem in problems:
        mark = style("mended", "green") if problem.mended else style("wrong ", "red")
        for i, (start, end) in enumerate(wrap(what := one_line(problem.what), cells - 8)):
            yield f"{mark if i == 0 else ' ' * 6}  {what[start:end]}"
        if not problem.mended and (problem.advice or not fix):
            yield f"        {problem.advice or f'--fix will {problem.remedy}'}"


def _site_facts(item: SiteStatus) -> Iterator[str]:
    counts = item.counts
    yield count(counts.posts - counts.gone, "post")
    yield count(counts.words, "word")
    if counts.first and counts.last:
        yield f"{counts.first[:7]} to {counts.last[:7]}"
    if counts.gone:
        yield f"{counts.gone:,} more {'is' if counts.gone == 1 else 'are'} gone from the site"
    if item.site.crawled_at:
        yield f"crawled {item.site.crawled_at.astimezone():%Y-%m-%d %H:%M}"
    else:
        yield "its crawl did not come to an end" if item.site.start_url else "imported"


def stats_lines(found: Stats, cells: int) -> Iterator[str]:
    """Yield a library in figures: totals, a line a year with its months as bars, authors."""
    yield f"{count(found.posts, 'post')}, {count(found.words, 'word')}, {found.mean_words:,} a post"
    shares = (
        f"Of all text on their pages, {found.template_share:.0%} is the frame around the posts, "
        f"and {found.editorial_share:.0%} is what editors paste into them"
    )
    for start, end in wrap(shares, cells):
        yield shares[start:end]
    highest = max((n for months in found.years.values() for n in months), default=0)
    yield ""
    for year, months in found.years.items():
        bars = "".join(_bar(number, highest) for number in months)
        yield f"{year}  {bars}  {count(sum(months), 'post')}"
    if found.undated:
        yield f"{found.undated:,} without a date"
    yield ""
    for author, number in list(found.authors.items())[:_AUTHORS]:
        yield f"{number:>6,}  {shorten(one_line(author), cells - 8)}"
    if len(found.authors) > _AUTHORS:
        yield f"        and {count(len(found.authors) - _AUTHORS, 'other')}: blogdex stats --json"
    if found.topics:
        yield ""
        yield from _topic_years(found)


def _topic_years(found: Stats) -> Iterator[str]:
    """Yield each topic with a bar a year, and what is missing in it."""
    years = [year for topic in found.topics for year in topic.years]
    first, last = (min(years), max(years)) if years else (0, -1)
    room = min(_LABEL_CELLS, max(width(topic.label) for topic in found.topics))
    highest = max((n for topic in found.topics for n in topic.years.values()), default=0)
    yield style(f"{pad('Topics by year', room)}  {first}-{last}" if years else "Topics", "dim")
    for topic in found.topics:
        bars = "".join(_bar(topic.years.get(year, 0), highest) for year in range(first, last + 1))
        gap = f"  {style(topic.gap, 'yellow')}" if topic.gap else ""
        yield f"{pad(shorten(one_line(topic.label), room), room)}  {bars}  {topic.posts:>4,}{gap}"


def _bar(number: int, highest: int) -> str:
    """Return one cell that stands for a number, from ` ` for none to `█` for the highest."""
    return " ▁▂▃▄▅▆▇█"[-(-8 * number // highest)] if highest else " "


_KINDS = {"listing": "lists", "sitemap": "sitemaps"}


def cut_line(shape: str, why: str) -> str:
    """Say why a crawl left the rest of the addresses of one shape alone; the shape may begin with its kind."""
    kind, _, folded = shape.rpartition(" ")
    like = re.sub(r"(?<=/)(?:\*\*?|N)(?=[/.?]|$)", "…", folded)
    return one_line(f"Left the rest of the {_KINDS.get(kind, 'pages')} like {like} alone: {why}.")
