"""Cut a text without markup into lines that stand for themselves, whatever it separates its paragraphs with."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final, NamedTuple

from scraper.blocks import without_invisible
from scraper.text.words import SENTENCE_ENDS

_MARKDOWN_HEADING: Final = re.compile(r"(#{1,6})\s+(\S.*)")
_LIST_MARK: Final = re.compile(r"\s*(?:[-*•–+]|\d{1,3}[.)])\s")
_LINE_ENDS: Final = (*SENTENCE_ENDS, ":")

_NARROWEST: Final = 40
_WIDEST: Final = 132
"""Characters between which the width lies that programs and people wrap lines at."""
_SLACK: Final = 0.85
_LEAST_FULL: Final = 0.7
_LEAST_OPEN: Final = 0.6
_OVER: Final = 1.3
_MOST_OVER: Final = 0.2
"""Share of a wrapped text's characters that may stand in lines much longer than the width."""


class Line(NamedTuple):
    """A line of a pasted text. `part` numbers the runs between blank lines; `heading` is a Markdown level, or 0."""

    text: str
    part: int
    heading: int = 0


def lines_of(text: str) -> list[Line]:
    """Return the lines of a pasted text; those that were wrapped at a width are joined to their paragraph."""
    plain = without_invisible(text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n"))
    raw = [line.rstrip() for line in plain.split("\n")]
    width = wrap_width(raw)
    lines: list[Line] = []
    part = 0
    last = ""
    for line in raw:
        if not line:
            part += bool(last)
        elif last and width and lines and _goes_on(last, line, width):
            lines[-1] = lines[-1]._replace(text=f"{lines[-1].text} {line.lstrip()}")
        else:
            marked = None if last else _MARKDOWN_HEADING.fullmatch(line.strip())
            lines.append(Line(marked[2].rstrip(" #"), part, len(marked[1])) if marked else Line(line, part))
        last = line
    return _with_words(lines)


def pieces_of(text: str) -> list[Line]:
    """Return the blocks of a text that an export wrote, so that joining them by blank lines gives the text again."""
    pieces: list[str] = []
    for piece in without_invisible(text).strip("\n").split("\n\n"):
        if pieces and not (_has_word(piece) and _has_word(pieces[-1])):
            pieces[-1] += f"\n\n{piece}"
        else:
            pieces.append(piece)
    return [Line(piece, part) for part, piece in enumerate(pieces) if _has_word(piece)]


def wrap_width(raw: list[str]) -> int:
    """Return the width that a text's lines were wrapped at, or 0 where each line is a paragraph or line of its own.

    Wrapped lines are nearly all as long as the next line's first word allows, and mostly end within a sentence.
    """
    pairs = [(line, after) for line, after in pairwise(raw) if line and after]
    lengths = sorted(len(line) for line, _ in pairs)
    if len(lengths) < 2:
        return 0
    width = lengths[max(0, len(lengths) - 1 - len(lengths) // 20)]
    over = sum(len(line) for line in raw if len(line) > _OVER * width)
    long = [(line, after) for line, after in pairs if len(line) >= 0.6 * width and _may_go_on(after)]
    if not _NARROWEST <= width <= _WIDEST or len(long) < 2 or over > _MOST_OVER * sum(map(len, raw)):
        return 0
    full = sum(_is_full(line, after, width) for line, after in long)
    within = sum(not line.endswith(_LINE_ENDS) for line, _ in long)
    return width if full >= _LEAST_FULL * len(long) and within >= _LEAST_OPEN * len(long) else 0


def _goes_on(line: str, after: str, width: int) -> bool:
    return _is_full(line, after, width) and _may_go_on(after)


def _may_go_on(after: str) -> bool:
    """Return whether a line can be the rest of a paragraph: it is neither indented nor an item of a list."""
    return not after[0].isspace() and not _LIST_MARK.match(after)


def _is_full(line: str, after: str, width: int) -> bool:
    """Return whether the first word of the line after would not have fitted."""
    return len(line) + 1 + len(after.split(None, 1)[0]) > _SLACK * width


def _with_words(lines: list[Line]) -> list[Line]:
    """Return the lines without the parts that hold no letter and no figure: rules and ornaments."""
    told = {line.part for line in lines if _has_word(line.text)}
    return [line for line in lines if line.part in told]


def _has_word(text: str) -> bool:
    return any(character.isalnum() for character in text)
