"""Tell the post in a text without markup from page chrome and boxes that were pasted with it; recurrence only flags.

Frame and boxes stand at a text's edges: before its first sentence of some length and after its last one. Between them
a block is dropped only where every sign of a box is there. One sign alone never drops anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from scraper import reasons
from scraper.extraction import form_boxes
from scraper.extraction.form_boxes import is_heading, is_prose
from scraper.extraction.pasted_lines import Line, lines_of, pieces_of
from scraper.extraction.roles import is_tracker, repeated_role
from scraper.facts import datelines, dates, names
from scraper.facts.metawords import AUTHOR_NOUNS, NAME_LEADS, NOT_BY, POSTED, PUBLISHED, UPDATED
from scraper.model import Block, Metadata, Role
from scraper.text import notices
from scraper.text.requests import Place, heads, request_in
from scraper.text.words import CLAUSE_ENDS, digest, word_count, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scraper.model import SiteProfile

_MAX_META_WORDS: Final = 14
_CODE_LINE: Final = re.compile(r"[\w$.\[\]'\"(){}!-]{1,80}(?:\s*=[^=]|\().*[;)}]\s*", re.S)
_PASSED_ON: Final = re.compile(r"['\"]|\bpush\(|\bfunction\b|\bwindow\b|\bdocument\b|\barguments\b")
_TAG_LINE: Final = re.compile(r"<(?:script|noscript|img|iframe|link|style|meta|!--)\b[^<>]*>.*|<!--.*-->", re.I | re.S)
_MOST_TRACKERS: Final = 4
_LISTED_WORDS: Final = 4
_MINUTES: Final = re.compile(r"\b(?:min|mins|minute|minutes|minuten|minutos|minuti)\b", re.I)
_LABELLED: Final = re.compile(
    r"(?:tags?|tagged|filed under|posted in|categor\w+|kategorie\w*|schlagw\w+|etiquetas?|étiquettes?|mots-clés|temas)"
    r"\s*(?::|\bin\b|\bunder\b|$)",
    re.I,
)
_WRITERS: Final = AUTHOR_NOUNS | PUBLISHED
_LATER_BY: Final = re.compile(r"\b(?:by|von|par|por|di|door)\s+([^\W\d_].*)")
_DAY_LABELS: Final = POSTED | PUBLISHED | UPDATED
_LAST_PROSE: Final = 2
"""Sentences of some length that may follow a call to action."""


class Decision(NamedTuple):
    """What was decided about a block."""

    kept: bool
    role: Role
    reason: str
    detail: str = ""


_KEPT: Final = Decision(True, Role.CONTENT, reasons.CONTENT)


class ParsedText(NamedTuple):
    """Hold a text's blocks, a decision for each, and what its own lines state of it."""

    blocks: tuple[Block, ...]
    decisions: tuple[Decision, ...]
    metadata: Metadata


@dataclass(slots=True)
class _Draft:
    """A text while it is being read: its lines, and what was found about some of them."""

    lines: Sequence[Line]
    texts: list[str]
    found: dict[int, Decision] = field(default_factory=dict)
    author: str | None = None
    day: str = ""
    title: int = -1
    headings: set[int] = field(default_factory=set)
    is_export: bool = False

    def drop(self, index: int, role: Role, reason: str, detail: str = "") -> None:
        """Set a line aside unless something was found about it before."""
        self.found.setdefault(index, Decision(False, role, reason, detail))

    def left(self, start: int, end: int) -> list[int]:
        """Return the lines of a range about which nothing was found."""
        return [index for index in range(start, end) if index not in self.found]


def read(text: str, stated: Metadata | None = None, profile: SiteProfile | None = None) -> ParsedText:
    """Return the blocks of a plain text and what becomes of each.

    A text that comes with a title is one that a program wrote, most likely stripped: its blocks are as they were, and
    only a tracker's token or a whole box at its edges is set aside.
    """
    is_export = stated is not None and bool(stated.title)
    lines = pieces_of(text) if is_export else lines_of(text)
    draft = _Draft(lines, [line.text.strip() for line in lines], is_export=is_export)
    if is_export:
        _drop_from_export(draft)
    else:
        _drop_from_paste(draft)
    _flag_contacts(draft)
    return _joined(draft, profile, _known(draft, stated or Metadata()))


def _known(draft: _Draft, stated: Metadata) -> Metadata:
    """Return what is stated, completed by what the text's own lines state."""
    published = stated.published
    modified = stated.modified
    if draft.day and not published and not modified:
        day = dates.parse(draft.day)
        published, modified = (None, day) if datelines.meaning_of(draft.day) == "changed" else (day, None)
    title = stated.title or (draft.texts[draft.title] if draft.title >= 0 else None)
    return Metadata(
        title=title,
        author=stated.author or draft.author,
        published=published,
        modified=modified,
        language=stated.language,
        canonical=stated.canonical,
        image=stated.image,
        categories=stated.categories,
        tags=stated.tags,
    )


def _drop_from_export(draft: _Draft) -> None:
    """Set aside a token without vowels at either edge, and a box with every sign at the end."""
    for index in {0, len(draft.texts) - 1} & set(range(len(draft.texts))):
        if draft.texts[index].isalpha() and is_tracker(draft.texts[index]):
            draft.drop(index, Role.TRACKER, reasons.TRACKER)
    start = _after_last(draft.texts, form_boxes.is_long)
    found = [box for box in form_boxes.find(draft.texts, draft.left(start, len(draft.texts))) if box.is_whole]
    for box in found:
        if box.end == len(draft.texts):
            _drop_box(draft, box)


def _drop_from_paste(draft: _Draft) -> None:
    """Set aside what stands around a post that was copied from a page."""
    texts = draft.texts
    first = next((index for index, text in enumerate(texts) if is_prose(text)), len(texts))
    _drop_author_text(draft)
    last = _after_last(texts, is_prose, draft)
    _drop_trackers(draft, range(first))
    if first < len(texts):
        _read_head(draft, first)
    elif texts:
        draft.title = _title(draft, 0, len(texts))
    _drop_tail(draft, last)
    _drop_boxes(draft, first)
    _drop_trackers(draft, range(max(first, last), len(texts)))


def _after_last(texts: Sequence[str], is_kind: Callable[[str], bool], draft: _Draft | None = None) -> int:
    """Return the place after the last text of a kind about which nothing was found, or 0."""
    found = draft.found if draft is not None else {}
    return next((i + 1 for i in range(len(texts) - 1, -1, -1) if i not in found and is_kind(texts[i])), 0)


def _drop_author_text(draft: _Draft) -> None:
    """Set the text about the author aside, where a heading says that it is one and no other sentence follows."""
    texts = draft.texts
    last = _after_last(texts, is_prose) - 1
    if last > 1 and notices.heads_author(texts[last - 1]) and any(map(is_prose, texts[: last - 1])):
        for index in (last - 1, last):
            draft.drop(index, Role.AUTHOR, reasons.AUTHOR_TEXT)


def _drop_trackers(draft: _Draft, zone: range) -> None:
    """Set tokens that are no words, and lines of script or markup, aside at one edge of a text.

    Where there are more than a few, or where they stand in a list, they are what the post is about.
    """
    seen = [index for index in zone if index not in draft.found and _is_tracking(draft, index, zone)]
    if len(seen) <= _MOST_TRACKERS:
        for index in seen:
            draft.drop(index, Role.TRACKER, reasons.TRACKER)


def _is_tracking(draft: _Draft, index: int, zone: range) -> bool:
    text = draft.texts[index]
    if _TAG_LINE.fullmatch(text) or _is_script(draft, index):
        return True
    outermost = not zone.start < index if zone.start == 0 else not draft.left(index + 1, len(draft.texts))
    joined = zone.start == 0 and "-" in text
    if not (is_tracker(text) or (_is_token(text) and (outermost or joined))):
        return False
    return not (index and draft.texts[index - 1].endswith(":")) and not _is_listed(draft.texts, index)


def _is_listed(texts: Sequence[str], index: int) -> bool:
    """Return whether the lines on both sides, or two on one side, are as short as a list's."""
    short = [
        0 <= near < len(texts) and word_count(texts[near]) <= _LISTED_WORDS for near in range(index - 2, index + 3)
    ]
    return index > 0 and ((short[1] and short[3]) or (short[0] and short[1]) or (index > 1 and short[3] and short[4]))


def _is_token(text: str) -> bool:
    """Return whether a text is one word in small letters, as identifiers are, that offers nothing to a reader."""
    if len(text.split()) != 1 or not text.isascii() or not text[:1].islower() or text.endswith(CLAUSE_ENDS):
        return False
    return not (notices.names_a_network(text) or notices.is_button(text) or notices.is_input_label(text))


def _is_script(draft: _Draft, index: int) -> bool:
    """Return whether a line is a call or an assignment that passes a name on, as the script of a service does."""
    line = draft.lines[index].text
    text = draft.texts[index]
    if line[:1].isspace() or not text.isascii() or not text.endswith((";", "}", ")")):
        return False
    return _CODE_LINE.fullmatch(text) is not None and _PASSED_ON.search(text) is not None


def _read_head(draft: _Draft, first: int) -> None:
    """Find title, author and day above the first sentence of some length; set menus and bylines aside."""
    head = draft.left(0, first)
    for index in _menu(draft, head):
        draft.drop(index, Role.NAVIGATION, reasons.MENU)
    for index in draft.left(0, first):
        if notices.is_consent(draft.texts[index]):
            draft.drop(index, Role.LEGAL, reasons.CONSENT)
    draft.title = _title(draft, 0, first)
    for index in draft.left(0, first):
        if index != draft.title:
            _read_byline(draft, index)
        if index < draft.title:
            draft.drop(index, Role.NAVIGATION, reasons.MENU)


def _menu(draft: _Draft, head: Sequence[int]) -> list[int]:
    """Return the lines of a head that are menus, with what stands above them; a candidate for the title is left."""
    texts = draft.texts
    signs = [index for index in head if notices.is_menu_line(texts[index])]
    for start in range(len(head) - 2):
        run = head[start : start + 3]
        close = draft.lines[run[0]].part == draft.lines[run[-1]].part
        if close and all(len(texts[index].split()) <= 2 and is_heading(texts[index]) for index in run):
            signs.extend(run)
    candidates = [index for index in head if is_heading(texts[index]) and not _is_meta(texts[index])]
    while signs and not any(index > max(signs) for index in candidates):
        last = max(signs)
        signs = [index for index in signs if index != last]
        if notices.is_menu_line(texts[last]):
            draft.drop(last, Role.NAVIGATION, reasons.MENU)
    if not signs:
        return []
    return [index for index in head if index in signs or (index < max(signs) and len(texts[index].split()) <= 4)]


def _title(draft: _Draft, start: int, end: int) -> int:
    """Return the first line left in a range that reads as a title, or -1."""
    for index in draft.left(start, end):
        text = draft.texts[index]
        if draft.lines[index].heading == 1 or (form_boxes.reads_as_title(text) and not _is_meta(text)):
            following = index + 1 < len(draft.texts) and not is_heading(draft.texts[index + 1])
            return index if following or end < len(draft.texts) else -1
        if not _is_meta(text) and any(character.isalpha() for character in text):
            return -1
    return -1


def _is_meta(text: str) -> bool:
    """Return whether a line states the author, the day or the reading time of a post."""
    return bool(_byline(text)) or _is_dateline(text) or _is_reading_time(text) or _LABELLED.match(text) is not None


def _is_reading_time(text: str) -> bool:
    return len(text.split()) <= 5 and any(c.isdigit() for c in text) and _MINUTES.search(text) is not None


def _is_dateline(text: str) -> bool:
    return (
        len(text.split()) <= _MAX_META_WORDS
        and text[:1].isalnum()
        and not text.endswith(("!", "?"))
        and dates.parse(text) is not None
        and _few_others(text)
    )


def _few_others(text: str) -> bool:
    """Return whether a line with a day is about that day: it begins with it, or with a label for it."""
    words = words_of(text)
    others = [word for word in words if not dates.is_word(word)]
    return len(others) <= 2 or bool(_byline(text)) or names.split_lead(text)[0] or not _DAY_LABELS.isdisjoint(words[:3])


def _byline(text: str) -> tuple[str, ...]:
    """Return the names in a line that leads them in."""
    first = text.split(None, 1)[0].lower()
    if len(text.split()) > _MAX_META_WORDS or (first.endswith(":") and first[:-1] in NAME_LEADS - _WRITERS):
        return ()
    for language in ("en", "de", "fr", "es", "it", "pt", "nl"):
        is_led, rest = names.split_lead(text, language)
        if is_led and rest and (found := names.clean_shown(_without_day(rest), language)):
            return found
    later = _LATER_BY.search(text)
    if later is None or dates.parse(text) is None or not NOT_BY.isdisjoint(words_of(text)):
        return ()
    return names.clean_shown(later[1])


def _without_day(text: str) -> str:
    return re.split(r"\s+(?:[|·•–—-]|am|el|le|il|em|op|on)\s+", text, maxsplit=1)[0]


def _read_byline(draft: _Draft, index: int) -> None:
    text = draft.texts[index]
    if not _is_meta(text):
        return
    people = _byline(text)
    draft.author = draft.author or names.join(people)
    if not draft.day and _is_dateline(text):
        draft.day = text
    draft.drop(index, Role.AUTHOR if people else Role.OTHER, reasons.BYLINE)


def _drop_tail(draft: _Draft, last: int) -> None:
    """Set aside what follows a post: sharing, other posts, comments, notices, menus."""
    texts = draft.texts
    tail = draft.left(last, len(texts))
    contacts = {index for index in tail if request_in(texts[index]).kind == "ask"}
    section: Role | None = None
    for place, index in enumerate(tail):
        text = texts[index]
        above_contact = place + 1 < len(tail) and tail[place + 1] in contacts
        if index in contacts or (above_contact and heads(text)):
            section = None
        elif notices.is_rights_line(text):
            draft.drop(index, Role.LEGAL, reasons.RIGHTS)
        elif notices.is_consent(text):
            draft.drop(index, Role.LEGAL, reasons.CONSENT)
        elif _heads(draft, tail, place, notices.heads_comments):
            section = Role.COMMENTS
            draft.drop(index, section, reasons.COMMENTS_FORM)
        elif _heads(draft, tail, place, notices.heads_related):
            section = Role.RELATED
            draft.drop(index, section, reasons.RELATED_POSTS)
        elif section is Role.COMMENTS and (_is_form_line(text) or _is_near(draft, index)):
            draft.drop(index, section, reasons.COMMENTS_FORM)
        elif section is Role.RELATED and _is_item(draft, index):
            draft.drop(index, section, reasons.RELATED_POSTS)
        elif notices.is_menu_line(text) or _LABELLED.match(text):
            draft.drop(index, Role.NAVIGATION, reasons.MENU)
        else:
            section = None
            if text[0].isalpha() and len(text.split()) <= 8 and _byline(text):
                _read_byline(draft, index)
    _drop_share_lines(draft, last)


def _heads(draft: _Draft, tail: Sequence[int], place: int, is_kind: Callable[[str], bool]) -> bool:
    """Return whether a line of the tail is a heading of some kind with lines of its own below it, or the last line."""
    if not is_kind(draft.texts[tail[place]]):
        return False
    return place + 1 == len(tail) or is_kind is notices.heads_comments or _is_item(draft, tail[place + 1])


def _is_form_line(text: str) -> bool:
    return (
        notices.is_input_label(text)
        or notices.is_button(text)
        or notices.names_a_channel(text)
        or notices.heads_comments(text)
    )


def _is_near(draft: _Draft, index: int) -> bool:
    """Return whether a short line stands with the one above it."""
    same = index > 0 and draft.lines[index].part == draft.lines[index - 1].part
    return same and word_count(draft.texts[index]) <= _LISTED_WORDS


def _is_item(draft: _Draft, index: int) -> bool:
    """Return whether a line reads as the title of another post."""
    text = draft.texts[index]
    return form_boxes.reads_as_title(text) and not notices.names_a_channel(text)


def _drop_share_lines(draft: _Draft, last: int) -> None:
    """Set aside two and more neighbouring lines of a tail that name ways to share."""
    lines = [index for index in draft.left(last, len(draft.texts)) if notices.is_share_line(draft.texts[index])]
    for index in draft.left(last, len(draft.texts)):
        below = _is_near(draft, index) and draft.found.get(index - 1, _KEPT).reason == reasons.SHARE_LINE
        if below or notices.heads_sharing(draft.texts[index]):
            draft.drop(index, Role.WIDGET, reasons.SHARE_LINE)
    for index in lines:
        if index - 1 in lines or index + 1 in lines:
            draft.drop(index, Role.WIDGET, reasons.SHARE_LINE)
            above = draft.texts[index - 1]
            if index - 1 not in lines and above.endswith(":") and word_count(above) <= _LISTED_WORDS:
                draft.drop(index - 1, Role.WIDGET, reasons.SHARE_LINE)


def _drop_boxes(draft: _Draft, first: int) -> None:
    """Set aside boxes at the edges, and between sentences those that show every sign of one."""
    texts = draft.texts
    edge = _after_last(texts, form_boxes.is_long) or _after_last(texts, is_prose)
    start = draft.title + 1 if 0 <= draft.title < first else 0
    for zone in (draft.left(start, first), draft.left(edge, len(texts))):
        for box in form_boxes.find(texts, zone):
            _drop_box(draft, box)
    for box in form_boxes.find(texts, draft.left(first, edge)):
        if box.is_whole:
            _drop_box(draft, box)


def _drop_box(draft: _Draft, box: form_boxes.Box) -> None:
    for index in range(box.start, box.end):
        draft.drop(index, Role.WIDGET, reasons.WIDGET_SHAPE)


def _flag_contacts(draft: _Draft) -> None:
    """Flag, at the end of a text, paragraphs that are there to ask for a call or letter, with their heading."""
    texts = draft.texts
    left = draft.left(0, len(texts))
    after = 0
    for place in range(len(left) - 1, -1, -1):
        index = left[place]
        above = left[place - 1] if place else -1
        headed = above >= 0 and above != draft.title and heads(texts[above])
        if after >= _LAST_PROSE or 2 * place < len(left) - 1:
            break
        asked = request_in(texts[index], place=Place(len(left) - 1 - place))
        if not is_heading(texts[index]) and (asked.kind == "ask" or (headed and asked.kind != "none")):
            draft.found[index] = Decision(True, Role.CTA, reasons.CONTACT, reasons.quoted(asked.sentence))
            if headed:
                draft.found[above] = Decision(True, Role.CTA, reasons.CONTACT)
                draft.headings.add(above)
        elif index not in draft.found:
            after += is_prose(texts[index])
    for index in left[1:]:
        same = draft.lines[index].part == draft.lines[index - 1].part and index - 1 in draft.found
        if (
            same
            and index not in draft.found
            and draft.found[index - 1].role is Role.CTA
            and word_count(texts[index]) <= 12
        ):
            draft.found[index] = Decision(True, Role.CTA, reasons.CONTACT)


def _joined(draft: _Draft, profile: SiteProfile | None, known: Metadata) -> ParsedText:
    """Return the blocks: lines of one part that are kept and no paragraphs of their own stay together."""
    made: list[tuple[str, int, Decision]] = []
    for index, line in enumerate(draft.lines):
        decision = draft.found.get(index) or _plain(draft, index)
        if made and decision == made[-1][2] and _stay_together(draft, index):
            made[-1] = (f"{made[-1][0]}\n{line.text}", 0, decision)
        else:
            level = line.heading or (2 if decision.role is Role.HEADING else 0)
            made.append((line.text, level, decision))
    told = [(text if draft.is_export or "\n" in text else text.strip(), level, how) for text, level, how in made]
    told = [(text, level, how) for text, level, how in told if any(character.isalnum() for character in text)]
    blocks = tuple(Block(text, (), place, digest(text), heading=level) for place, (text, level, _) in enumerate(told))
    decisions = tuple(_by_site(block, how, profile) for block, (_, _, how) in zip(blocks, told, strict=True))
    return ParsedText(blocks, decisions, known)


def _stay_together(draft: _Draft, index: int) -> bool:
    """Return whether a line and the one before it are of one list, verse, address or piece of code."""
    before = index - 1
    if draft.lines[before].part != draft.lines[index].part or before in draft.headings:
        return False
    return not (form_boxes.is_long(draft.texts[before]) or form_boxes.is_long(draft.texts[index]))


def _plain(draft: _Draft, index: int) -> Decision:
    """Return the decision for a line that is neither page chrome nor box nor call to action."""
    line = draft.lines[index]
    above_is_own = index and draft.lines[index - 1].part == line.part and index - 1 not in draft.found
    followed = index + 1 < len(draft.lines) and not is_heading(draft.texts[index + 1])
    below_is_own = (
        followed and draft.lines[index + 1].part == line.part and not form_boxes.is_long(draft.texts[index + 1])
    )
    shaped = followed and not above_is_own and not below_is_own and is_heading(draft.texts[index])
    shaped = shaped and any(character.isalpha() for character in line.text)
    heads = line.heading > 0 or index == draft.title or shaped
    return Decision(True, Role.HEADING if heads else Role.CONTENT, reasons.CONTENT)


def _by_site(block: Block, decision: Decision, profile: SiteProfile | None) -> Decision:
    """Return a decision after hearing whether the site's other posts have the same block."""
    if profile is None or not decision.kept or decision.role is Role.CTA or block.digest not in profile.editorial:
        return decision
    return Decision(True, repeated_role(block.text), reasons.EDITORIAL, "inside")
