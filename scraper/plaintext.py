"""Tell widgets and trackers from the post in a text without markup, by shape; recurrence only flags.

A run of short lines is a widget where several signs of one agree: a repeated line, a request with its confirmation, a
heading with one short sentence, a word about mail or subscribing. One sign alone never drops anything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from scraper import reasons
from scraper.blocks import fold, word_count
from scraper.model import Role
from scraper.roles import is_tracker
from scraper.wording import is_contact, is_contact_heading, is_legal, names_a_channel, names_a_network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.model import Block, SiteProfile

RUNNING_WORDS: Final = 25
"""Words from which a block is running text that no widget has."""
_HEADING_WORDS: Final = 14
_WIDGET_POINTS: Final = 3
_SENTENCE_END: Final = tuple(".!?。！？।؟…:;,")
_CODE_LINE: Final = re.compile(r"[\w$.\[\]'\"-]{2,80}\s*(?:=[^=]|\().*[;)}]\s*", re.S)
_CONFIRMATION: Final = re.compile(r"[^.!?。！？]{2,40}(?:!(?:\s|$)|！)|[^.!?。！？]{2,60}!$")


class Decision(NamedTuple):
    """What was decided about a block."""

    kept: bool
    role: Role
    reason: str
    detail: str = ""


def decide(blocks: Sequence[Block], profile: SiteProfile | None) -> list[Decision]:
    """Return a decision for each block of a plain text."""
    texts = [block.text for block in blocks]
    running = [index for index, text in enumerate(texts) if _is_running(text)]
    found: dict[int, Decision] = {}
    _drop_trackers(texts, running, found)
    _drop_widgets(texts, found)
    _drop_share_lines(texts, running, found)
    _flag_contacts(texts, found)
    return [found.get(index) or _plain(block, blocks, index, profile) for index, block in enumerate(blocks)]


def title_of(blocks: Sequence[Block], decisions: Sequence[Decision]) -> str | None:
    """Return the first kept line that looks like a heading and stands before the first running text."""
    for block, decision in zip(blocks, decisions, strict=True):
        if decision.kept:
            heading = decision.role is Role.HEADING and not _is_running(block.text)
            return block.text if heading else None
    return None


def _is_running(text: str) -> bool:
    return word_count(text) >= RUNNING_WORDS


def _is_heading(text: str) -> bool:
    return "\n" not in text and word_count(text) <= _HEADING_WORDS and not text.endswith(_SENTENCE_END)


def _plain(block: Block, blocks: Sequence[Block], index: int, profile: SiteProfile | None) -> Decision:
    """Return the decision for a block that is neither widget nor call to action."""
    if profile is not None and block.digest in profile.editorial:
        return Decision(True, Role.LEGAL if is_legal(block.text) else Role.OTHER, reasons.EDITORIAL, "inside")
    followed = index + 1 < len(blocks) and not _is_heading(blocks[index + 1].text)
    is_heading = block.heading > 0 or (followed and _is_heading(block.text))
    return Decision(True, Role.HEADING if is_heading else Role.CONTENT, reasons.CONTENT)


def _drop_trackers(texts: Sequence[str], running: Sequence[int], found: dict[int, Decision]) -> None:
    """Set single tokens that are no words, and lines of script, aside at both edges of a text."""
    first = running[0] if running else len(texts)
    last = running[-1] if running else -1
    for index, text in enumerate(texts):
        if first <= index <= last:
            continue
        bare = text.strip()
        lone = len(bare.split()) == 1 and bare.isascii() and bare[:1].islower() and not bare.endswith(_SENTENCE_END)
        code = not bare.endswith(".") and _CODE_LINE.fullmatch(bare) is not None and "(" in bare + "("
        edge = index in (0, len(texts) - 1) or index - 1 in found
        if is_tracker(bare) or (edge and (lone or (code and bare.endswith((";", "}", ")")) and bare.isascii()))):
            found[index] = Decision(False, Role.TRACKER, reasons.TRACKER)


def _drop_widgets(texts: Sequence[str], found: dict[int, Decision]) -> None:
    """Set aside runs of short lines that several signs call a widget."""
    for start, end in _short_runs(texts, found):
        run = list(range(start, end))
        repeats = {i for i in run if any(j != i and abs(i - j) <= 2 and fold(texts[i]) == fold(texts[j]) for j in run)}
        anchors = repeats or {i for i in run if names_a_channel(texts[i])}
        confirmations = [i for i in run if _confirms(texts[i])]
        for first, last in _candidates(run, anchors, confirmations, texts):
            part = range(first, last)
            points = 2 * any(i in repeats for i in part)
            points += 2 * any(i > first and i in confirmations for i in part)
            points += any(names_a_channel(texts[i]) for i in part)
            points += len(part) >= 3 and _is_heading(texts[first]) and any(not _is_heading(texts[i]) for i in part)
            if points >= _WIDGET_POINTS:
                for index in part:
                    found.setdefault(index, Decision(False, Role.WIDGET, reasons.WIDGET_SHAPE))


def _short_runs(texts: Sequence[str], found: dict[int, Decision]) -> list[tuple[int, int]]:
    """Return the ranges of neighbouring blocks that are no running text."""
    runs: list[tuple[int, int]] = []
    start = -1
    for index in range(len(texts) + 1):
        short = index < len(texts) and index not in found and not _is_running(texts[index])
        if short and start < 0:
            start = index
        elif not short and start >= 0:
            if index - start >= 2:
                runs.append((start, index))
            start = -1
    return runs


def _candidates(
    run: Sequence[int], anchors: set[int], confirmations: Sequence[int], texts: Sequence[str]
) -> list[tuple[int, int]]:
    """Return the parts of a run that may be a widget: from a heading to the confirmation or the last sign."""
    starts = [i for i in run if i in anchors or (_is_heading(texts[i]) and not _confirms(texts[i]))]
    if not starts or not (anchors or confirmations):
        return []
    signs = sorted({*anchors, *confirmations})
    first = min((s for s in starts if signs[-1] - s <= 6), default=signs[0])
    first = min(first, signs[0])
    if signs[0] - first > 3:
        first = signs[0]
    end = signs[-1] + 1
    if _is_heading(texts[end - 1]) and end <= run[-1] and not _is_heading(texts[end]):
        end += 1
    return [(first, end)]


def _confirms(text: str) -> bool:
    """Return whether a short text opens with an exclamation, as the answer to a filled-in form does."""
    return word_count(text) <= 20 and _CONFIRMATION.match(text) is not None


def _drop_share_lines(texts: Sequence[str], running: Sequence[int], found: dict[int, Decision]) -> None:
    """Set aside two and more neighbouring lines that name ways to share, outside the running text."""
    first = running[0] if running else len(texts)
    last = running[-1] if running else -1
    lines = [i for i, text in enumerate(texts) if not first < i < last and names_a_network(text) and i not in found]
    for index in lines:
        if index - 1 in lines or index + 1 in lines:
            found[index] = Decision(False, Role.WIDGET, reasons.SHARE_LINE)


def _flag_contacts(texts: Sequence[str], found: dict[int, Decision]) -> None:
    """Flag, in the second half of a text, paragraphs that ask to get in touch, with the heading above them."""
    left = [index for index in range(len(texts)) if index not in found]
    for place, index in enumerate(left):
        if 2 * place < len(left) - 1 or _is_heading(texts[index]) or not is_contact(texts[index]):
            continue
        found[index] = Decision(True, Role.CTA, reasons.CONTACT)
        above = left[place - 1] if place else -1
        if above >= 0 and _is_heading(texts[above]) and is_contact_heading(texts[above]):
            found[above] = Decision(True, Role.CTA, reasons.CONTACT)
