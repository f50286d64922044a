"""Draw small charts as inline SVG. Every chart carries its figures as text, for readers and for screen readers."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH = 340
_GAP = 2
"""Pixels of a chart's width and between its bars; chosen: two charts fit beside each other on a page."""


class Part(NamedTuple):
    """A part of a whole: its name, its size, and the class that colours it."""

    name: str
    size: float
    look: str


def _svg(height: int, title: str, inner: Sequence[str], width: int = WIDTH) -> str:
    return f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">{"".join(inner)}</svg>'


def legend(parts: Sequence[Part], shown: Sequence[str]) -> str:
    """Return the parts' names with their colours and figures."""
    rows = (
        f'<li><i class="{part.look}"></i>{escape(part.name)} <b>{escape(text)}</b></li>'
        for part, text in zip(parts, shown, strict=True)
    )
    return f'<ul class="legend">{"".join(rows)}</ul>'


def stacked_bar(parts: Sequence[Part], title: str, height: int = 34, width: int = WIDTH) -> str:
    """Return one bar that the parts share."""
    whole = sum(part.size for part in parts) or 1.0
    inner, left = [], 0.0
    for part in parts:
        size = part.size / whole * width
        if size > 0:
            label = f"{escape(part.name)} {part.size / whole:.0%}"
            inner.append(
                f'<rect class="{part.look}" x="{left:.1f}" y="0" width="{max(0.5, size - 1):.1f}" '
                f'height="{height}" rx="3"><title>{label}</title></rect>'
            )
        left += size
    return _svg(height, title, inner, width)


def columns(groups: Mapping[str, Sequence[Part]], title: str, height: int = 150) -> str:
    """Return a column for each group, stacked from its parts, under it the group's name."""
    if not groups:
        return ""
    most = max(sum(part.size for part in parts) for parts in groups.values()) or 1.0
    step = WIDTH / len(groups)
    bar = min(34.0, step * 0.72)
    every = max(1, round(len(groups) * 34 / WIDTH + 0.49))
    inner = []
    for at, (name, parts) in enumerate(groups.items()):
        middle = (at + 0.5) * step
        top = height - 20.0
        for part in parts:
            size = part.size / most * (height - 38)
            if size > 0:
                top -= size
                inner.append(
                    f'<rect class="{part.look}" x="{middle - bar / 2:.1f}" y="{top:.1f}" width="{bar:.1f}" '
                    f'height="{max(0.5, size - 0.6):.1f}"><title>{escape(name)}: {escape(part.name)} '
                    f"{part.size:g}</title></rect>"
                )
        total = sum(part.size for part in parts)
        if total and len(groups) <= 20:
            text = f'<text class="strong" x="{middle:.1f}" y="{top - 4:.1f}" text-anchor="middle">{total:g}</text>'
            inner.append(text)
        if at % every == 0:
            inner.append(f'<text x="{middle:.1f}" y="{height - 5}" text-anchor="middle">{escape(name)}</text>')
    return _svg(height, title, inner)


def bars(rows: Sequence[Part], title: str) -> str:
    """Return a line for each row: its name, a bar as long as its size, and the size."""
    most = max((row.size for row in rows), default=0) or 1.0
    inner = []
    for at, row in enumerate(rows):
        width = max(2.0, row.size / most * 140)
        inner.append(
            f'<text class="row" x="0" y="{at * 26 + 15}">{escape(row.name)}</text>'
            f'<rect class="{row.look}" x="158" y="{at * 26 + 4}" rx="3" width="{width:.1f}" height="14"/>'
            f'<text class="strong" x="{164 + width:.1f}" y="{at * 26 + 15}">{row.size:,.0f}</text>'
        )
    return _svg(len(rows) * 26, title, inner)


def timeline(months: Sequence[tuple[float, int]], title: str, width: int = 200, height: int = 26) -> str:
    """Return dots along a line: place 0-1, and 0 for the central wording, 1 for another."""
    looks = ("own", "often")
    inner = [f'<line x1="4" x2="{width - 4}" y1="{height / 2}" y2="{height / 2}" stroke="currentColor" opacity=".25"/>']
    for place, other in months:
        inner.append(
            f'<circle class="{looks[other]}" cx="{4 + place * (width - 8):.1f}" cy="{height / 2}" '
            'r="3.4" opacity=".75"/>'
        )
    return _svg(height, title, inner, width)
