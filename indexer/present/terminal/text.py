"""Turn text from the web into lines that are safe and pleasant on a terminal. Strings in, strings out."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.model import Progress

_WHITE = re.compile(r"\s+")
# Control and escape characters, directional overrides and isolates, invisible tags, lone surrogates.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
BAR_CELLS = 40


def clean(text: str) -> str:
    """Return the text without characters that could steer a terminal or reorder what is read; keeps `\\n` and `\\t`."""
    return _UNSAFE.sub("", text)


def one_line(text: str) -> str:
    """Return the text, cleaned, with every run of white space as one space."""
    return _WHITE.sub(" ", clean(text)).strip()


def width(text: str) -> int:
    """Return the number of terminal cells the text takes: 2 for wide characters, 0 for combining ones."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def shorten(text: str, cells: int) -> str:
    """Return the text cut to so many cells, with `…` where something was cut."""
    if width(text) <= cells:
        return text
    kept, used = [], 0
    for character in text:
        used += _cells(character)
        if used > cells - 1:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def pad(text: str, cells: int) -> str:
    """Return the text followed by spaces up to so many cells."""
    return text + " " * max(0, cells - width(text))


def wrap(text: str, cells: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of each line when the text is set in so many cells, broken at spaces, or anywhere if need be.

    Positions rather than strings, so that marks into the text stay true.
    """
    start = end = used = 0
    for match in re.finditer(r"\S+", text):
        size = width(match.group())
        gap = match.start() - end if end > start else 0
        if end > start and used + gap + size > cells:
            yield start, end
            start, used, gap = match.start(), 0, 0
        if end <= start:
            start = match.start()
        used += gap + size
        end = match.end()
        while used > cells:
            cut = start + _fits(text[start:end], cells)
            yield start, cut
            start, used = cut, width(text[cut:end])
    if end > start:
        yield start, end


def _fits(text: str, cells: int) -> int:
    used = 0
    for index, character in enumerate(text):
        used += _cells(character)
        if used > cells:
            return max(1, index)
    return len(text)


def spans(start: int, end: int, marks: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, bool]]:
    """Yield the stretches of `start` to `end` in turn, each with whether it is marked."""
    at = start
    for left, right in marks:
        left, right = max(left, at), min(right, end)
        if left >= right:
            continue
        if left > at:
            yield at, left, False
        yield left, right, True
        at = right
    if at < end:
        yield at, end, False


def duration(seconds: float) -> str:
    """Return a time for a person, as `1m 21s`."""
    whole = int(seconds + 0.5)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m {whole % 60:02d}s"
    return f"{whole // 3600}h {whole % 3600 // 60:02d}m"


def progress_line(progress: Progress, elapsed_s: float, cells: int) -> str:
    """Return a bar with count, rate, failures and time left, cut to so many cells."""
    rate = progress.done / elapsed_s if elapsed_s > 0 else 0.0
    facts = [f"{progress.done:,} {progress.what}"]
    bar = ""
    if progress.total:
        facts = [f"{progress.done:,}/{progress.total:,} {progress.what}"]
        filled = round(BAR_CELLS * min(progress.done, progress.total) / progress.total)
        bar = "━" * filled + ("╸" if filled < BAR_CELLS else "") + "─" * max(0, BAR_CELLS - filled - 1) + "  "
    facts.append(f"{rate:.1f}/s")
    if progress.failed:
        facts.append(f"{progress.failed:,} failed")
    if rate and progress.total > progress.done:
        facts.append(f"{duration((progress.total - progress.done) / rate)} left")
    text = " · ".join(facts)
    return shorten(text if cells < BAR_CELLS + 30 else bar + text, cells)
