"""Lay out topics and the subject index: lines for a terminal, Markdown, HTML."""

from __future__ import annotations

import html
import re
import textwrap
from typing import TYPE_CHECKING

from indexer.present.terminal.style import style
from indexer.present.terminal.text import one_line, pad, shorten, width
from indexer.quantities import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from indexer.store.derived.topic_rows import Branch, Member, TopicView
    from indexer.topics.shown.compare import Compared
    from indexer.topics.shown.gaps import Gaps
    from indexer.topics.shown.subject_index import Entry, Locator, SubjectIndex
    from indexer.topics.shown.why import Why

_BAR = "▁▂▃▄▅▆▇█"
_LONGEST_LABEL = 36
_MOST_YEARS = 24
"""Cells of a label, and years of a bar, of which each has a cell; chosen: a row fits into 80 cells."""
_HELD = "\xa0"
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|])")
_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
nav a{margin-right:.6em}main{columns:2 22rem;column-gap:3rem}section{break-inside:avoid-column}
dl{margin:0}dt{font-weight:600;margin-top:.5em}dd{margin-left:1.2em}dd.sub{margin-left:1.2em}small{color:#555}"""


def years_bar(years: Mapping[int, int], first: int, last: int) -> str:
    """Return one sign a year, as high as the year's posts against the topic's best year; a space for none."""
    most = max(years.values(), default=0)
    shown = range(max(first, last - _MOST_YEARS + 1), last + 1)
    return "".join(_BAR[(years[year] * (len(_BAR) - 1)) // most] if year in years else " " for year in shown)


def topic_lines(views: Sequence[TopicView], others: int, cells: int) -> Iterator[str]:
    """Yield the list of topics: number, label, posts, years as a bar, newest post, terms; then what has no topic."""
    labels = [shorten(one_line(view.topic.label), _LONGEST_LABEL) for view in views]
    room = max((width(label) for label in labels), default=0)
    years = [year for view in views for year in view.years]
    first, last = (min(years), max(years)) if years else (0, -1)
    bar_cells = min(_MOST_YEARS, last - first + 1)
    if years:
        span = f"{max(first, last - _MOST_YEARS + 1)}-{last}"
        yield style(
            f"{'':>4}  {pad('', room)}  posts  {pad(shorten(span, max(bar_cells, 9)), bar_cells)}  newest", "dim"
        )
    for view, label in zip(views, labels, strict=True):
        newest = view.newest.isoformat()[:7] if view.newest else ""
        bar = f"{years_bar(view.years, first, last)}  " if years else ""
        gap = " " * max(0, min(9, last - first + 1 and 9) - bar_cells) if years else ""
        line = f"{view.topic.id:>4}  {style(pad(label, room), 'bold')}  {len(view.members):>5}  {bar}{gap}{newest:<7}"
        left = cells - 4 - 2 - room - 2 - 5 - 2 - (bar_cells + 2 + len(gap) if years else 0) - 9
        terms = ", ".join(one_line(term) for term in view.topic.terms)
        yield f"{line}  {style(shorten(terms, left), 'dim')}".rstrip() if left > 12 else line.rstrip()
    if others:
        yield f"{'':>4}  {pad('other', room)}  {others:>5}  {style('posts that fit none of these', 'dim')}"


def tree_lines(branches: Sequence[Branch], least: int, others: int, cells: int) -> Iterator[str]:
    """Yield the areas as a list, the topics of each folded into a line or two below it; `least` is a topic's posts."""
    shown = [branch for branch in branches if len(branch.view.members) >= least]
    lines = list(topic_lines([branch.view for branch in shown], others, cells))
    yield from lines[: len(lines) - len(shown) - bool(others)]
    rows = lines[len(lines) - len(shown) - bool(others) :]
    for branch, line in zip(shown, rows, strict=False):
        yield line
        topics = [view for view in branch.topics if len(view.members) >= least]
        names = [f"{one_line(view.topic.label)} {len(view.members):,}" for view in topics]
        for part in textwrap.wrap(" · ".join(name.replace(" ", _HELD) for name in names), max(24, cells - 6)):
            yield f"{'':>6}{part.replace(_HELD, ' ')}"
    yield from rows[len(shown) :]
    if any(branch.topics for branch in shown):
        yield style("All topics with their numbers: blogdex topics --flat", "dim")


def gap_lines(gaps: Gaps, cells: int) -> Iterator[str]:
    """Yield what a blog leaves open, in three parts; a part that has nothing is left out."""
    if gaps.searches:
        yield style("Searched for in vain", "bold")
        for query, times, last in gaps.searches:
            yield f"{times:>5}  {shorten(one_line(query), cells - 20)}  {style(last[:10], 'dim')}"
    if gaps.topics:
        yield style("Topics given up", "bold")
        for topic in gaps.topics:
            posts = f"{count(topic.posts, 'post')}, nothing since {topic.newest}"
            yield f"{topic.id:>5}  {one_line(topic.label)}  {style(posts, 'dim')}"
    if gaps.questions:
        yield style("Asked in posts, taken up by no title or heading", "bold")
        for question in gaps.questions:
            yield f"{len(question.urls):>5}  {shorten(one_line(question.text), cells - 8)}"
            yield f"{'':>7}{style(shorten(one_line(question.urls[0]), cells - 8), 'blue')}"


def compared_lines(topics: Sequence[Compared], one: str, other: str) -> Iterator[str]:
    """Yield topics with their posts in two blogs, and the share of each blog."""
    room = max((width(one_line(topic.label)) for topic in topics), default=0)
    yield style(f"{'':>4}  {pad('', room)}  {one_line(one)} · {one_line(other)}", "dim")
    for topic in topics:
        label = style(pad(one_line(topic.label), room), "bold")
        yield (
            f"{topic.id:>4}  {label}  {topic.posts:>5,} {topic.share:>4.0%} · "
            f"{topic.other_posts:>5,} {topic.other_share:>4.0%}"
        )


def topic_posts_lines(view: TopicView, cells: int) -> Iterator[str]:
    """Yield one topic: what it is, then its posts, those most about it first."""
    yield style(one_line(view.topic.label), "bold")
    facts = [count(len(view.members), "post"), *(one_line(term) for term in view.topic.terms)]
    yield style(shorten(" · ".join(facts), cells), "dim")
    for member in view.members:
        yield from _member_lines(member, cells)


def why_lines(why: Why) -> Iterator[str]:
    """Yield the names a topic could have: score, name, and what the score is made of."""
    yield style(one_line(why.topic.label), "bold")
    if why.note:
        yield why.note
    for name in why.names:
        yield ""
        yield f"{name.score:>6.3f}  {style(one_line(name.label), 'bold')}"
        for reason in name.reasons:
            yield f"{'':>8}{style(f'× {reason.value:.2f}', 'dim')}  {reason.said}"


def _member_lines(member: Member, cells: int) -> Iterator[str]:
    day = member.published.isoformat() if member.published else ""
    share = f"{round(100 * member.share):>3} %"
    room = cells - len(day) - 9
    title = shorten(one_line(member.title or member.url), max(20, room))
    yield f"{share}  {style(pad(title, room), 'bold')}  {style(day, 'dim')}".rstrip()
    yield f"       {style(one_line(member.url), 'blue')}"


def index_lines(index: SubjectIndex, cells: int) -> Iterator[str]:
    """Yield the subject index under its letters."""
    for letter, entries in index.letters().items():
        yield ""
        yield style(letter, "bold", "yellow")
        for entry in entries:
            yield from _entry_lines(entry, cells)


def _entry_lines(entry: Entry, cells: int) -> Iterator[str]:
    heading = style(one_line(entry.heading), "bold")
    if entry.see:
        yield f"{heading}, see {one_line(entry.see)}"
        return
    yield heading
    for locator in entry.locators:
        yield _locator_line(locator, 4, cells)
    for subheading in entry.subheadings:
        yield f"  {one_line(subheading.heading)}"
        for locator in subheading.locators:
            yield _locator_line(locator, 6, cells)
    if entry.see_also:
        yield style(f"    see also {'; '.join(one_line(other) for other in entry.see_also)}", "dim")


def _locator_line(locator: Locator, indent: int, cells: int) -> str:
    year = f" ({locator.published.year})" if locator.published else ""
    return " " * indent + shorten(one_line(locator.title), max(20, cells - indent - len(year))) + style(year, "dim")


def index_markdown(index: SubjectIndex) -> Iterator[str]:
    """Yield the subject index as Markdown lines, each post a link."""
    yield "# Subject index"
    for letter, entries in index.letters().items():
        yield ""
        yield f"## {letter}"
        yield ""
        for entry in entries:
            yield from _entry_markdown(entry)


def _entry_markdown(entry: Entry) -> Iterator[str]:
    if entry.see:
        yield f"- **{_markdown(entry.heading)}**, *see* {_markdown(entry.see)}"
        return
    links = "; ".join(_markdown_link(locator) for locator in entry.locators)
    yield f"- **{_markdown(entry.heading)}**" + (f": {links}" if links else "")
    for subheading in entry.subheadings:
        links = "; ".join(_markdown_link(locator) for locator in subheading.locators)
        yield f"  - {_markdown(subheading.heading)}: {links}"
    if entry.see_also:
        yield f"  - *see also* {'; '.join(_markdown(other) for other in entry.see_also)}"


def _markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def _markdown_link(locator: Locator) -> str:
    if not locator.url.startswith(("http://", "https://")):
        return _markdown(locator.title)
    address = re.sub(r"[\s()<>\\]", lambda match: f"%{ord(match.group()):02X}", one_line(locator.url))
    return f"[{_markdown(locator.title)}]({address})"


def index_html(index: SubjectIndex) -> Iterator[str]:
    """Yield the subject index as one HTML page without scripts or anything fetched."""
    letters = index.letters()
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="generator" content="blogdex">'
    yield "<title>Subject index</title>"
    yield f"<style>{_STYLE}</style></head><body><h1>Subject index</h1>"
    anchors = "".join(f'<a href="#{_anchor(letter)}">{html.escape(letter)}</a>' for letter in letters)
    yield f"<nav>{anchors}</nav><main>"
    for letter, entries in letters.items():
        yield f'<section id="{_anchor(letter)}"><h2>{html.escape(letter)}</h2><dl>'
        for entry in entries:
            yield from _entry_html(entry)
        yield "</dl></section>"
    yield "</main></body></html>"


def _anchor(letter: str) -> str:
    return f"letter-{ord(letter[0])}"


def _entry_html(entry: Entry) -> Iterator[str]:
    yield f"<dt>{_text(entry.heading)}</dt>"
    if entry.see:
        yield f"<dd><em>see</em> {_text(entry.see)}</dd>"
    yield from _locators_html(entry.locators)
    for subheading in entry.subheadings:
        yield f'<dd class="sub">{_text(subheading.heading)}<dl>'
        yield from _locators_html(subheading.locators)
        yield "</dl></dd>"
    if entry.see_also:
        yield f"<dd><em>see also</em> {'; '.join(_text(other) for other in entry.see_also)}</dd>"


def _locators_html(locators: Iterable[Locator]) -> Iterator[str]:
    for locator in locators:
        year = f" <small>{locator.published.year}</small>" if locator.published else ""
        if locator.url.startswith(("http://", "https://")):
            yield f'<dd><a href="{html.escape(one_line(locator.url))}">{_text(locator.title)}</a>{year}</dd>'
        else:
            yield f"<dd>{_text(locator.title)}{year}</dd>"


def _text(text: str) -> str:
    return html.escape(one_line(text))
