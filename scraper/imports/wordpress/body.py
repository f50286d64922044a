"""Render the body of a WordPress post as WordPress would: block comments, shortcodes, paragraphs from line ends.

An export holds what was typed into the editor. Of what a plugin would have put there, what its attributes say is shown,
and nothing is guessed at. Every step takes time in proportion to the text, whatever is in it.
"""

from __future__ import annotations

import re
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from lxml import etree

from scraper import markup
from scraper.imports.wordpress import prose, shortcodes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_BLOCK_COMMENT: Final = re.compile(r"<!--\s{0,9}/?wp:")
_SHARED: Final = re.compile(
    r"<!--\s{0,9}wp:block\s{1,9}\{[^{}]{0,400}?\"ref\"\s{0,9}:\s{0,9}(\d{1,18})[^{}]{0,400}\}\s{0,9}/?-->"
)
_PLUGIN_BLOCK: Final = re.compile(r"<!--\s{0,9}wp:[a-z][a-z\d-]{0,60}/[a-z\d-]{1,60}\s{1,9}(?=\{)")
_MAX_COMPARED: Final = 1_000_000_000
"""Characters of a body that are searched in all; chosen so that an export made to be slow ends."""
_SHARED_DEPTH: Final = 3
"""How deep a reusable block may name others; chosen: a block in a block in a block."""
_MAX_CHARACTERS: Final = 8 * 1024 * 1024
"""Characters of a body with what it names; chosen: far above a post."""
_COMMENT_START: Final = re.compile(r"<!(--)")
_LITERAL_START: Final = re.compile(r"<(pre|code|script|style|textarea|svg|math|kbd)\b[^<>]*>", re.I)
_INLINE_LITERALS: Final = frozenset(("code", "kbd", "math"))
_BLANK_LINE: Final = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")

_CAPTION_START: Final = re.compile(r"\[(caption|wp_caption)\b([^\[\]]{0,4000})\]")
_CAPTION_TEXT: Final = re.compile(r"caption\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)')")
_IMAGE: Final = re.compile(r"(?:<a\b[^<>]*>\s{0,9})?<img\b[^<>]*>(?:\s{0,9}</a\s{0,9}>)?", re.I)
_EMBED: Final = re.compile(r"\[embed\b[^\[\]]{0,400}\]\s{0,9}(https?://[^\s\[\]<>\"]{1,2000})\s{0,9}\[/embed\]")

_FLOW_NAMES: Final = "div blockquote section article aside main center form fieldset details"
_FLOW: Final = frozenset(_FLOW_NAMES.split())
_VOID: Final = frozenset(("hr", "option"))
_OTHER_BLOCKS: Final = """
    address dd dialog dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr iframe li menu nav ol option p
    select summary table tbody td tfoot th thead tr ul video audio"""
_BLOCK_TAG: Final = re.compile(rf"(</?(?:{'|'.join((*sorted(_FLOW), *_OTHER_BLOCKS.split()))})\b[^<>]*>)", re.I)
_TAG_NAME: Final = re.compile(r"</?([a-z0-9]+)", re.I)

# Text that is not to be touched is put aside; the marks are from Unicode's private area and removed from what comes in.
_MARKS: Final = re.compile("[\ue000-\ue002]")
_BLOCK_MARK: Final = "\ue000{}\ue002"
_INLINE_MARK: Final = "\ue001{}\ue002"
_ASIDE: Final = re.compile("[\ue000\ue001](\\d+)\ue002")
_BLOCK_ASIDE: Final = re.compile("(\ue000\\d+\ue002)")


def render(content: str, shared: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the HTML of a post's body from what the editor stored, with its tags balanced.

    `shared` has the blocks that posts only name by number: editors keep calls to action there.
    """
    text = _with_shared(content, shared) if shared else content
    text = _MARKS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    has_blocks = _BLOCK_COMMENT.search(text) is not None
    text = _with_block_prose(text) if has_blocks else text
    text = _without_comments(text)
    text, aside = _put_aside(text)
    text = without_shortcodes(text, "<p></p>" if has_blocks else "\n\n")
    if not has_blocks:
        text = paragraphs(text)
    return _balanced(_ASIDE.sub(lambda match: aside[int(match[1])], text))


def _with_shared(content: str, shared: Mapping[str, str]) -> str:
    """Put shared blocks where they are named: they may name others, though not without end, as far as there is room."""
    text = content
    room = _MAX_CHARACTERS - len(text)

    def block(match: re.Match[str]) -> str:
        nonlocal room
        found = shared.get(match[1], "")
        room -= len(found)
        return found if room >= 0 else ""

    for _ in range(_SHARED_DEPTH):
        text = _SHARED.sub(block, text)
    return text


def without_shortcodes(text: str, border: str = "\n\n") -> str:
    """Return text with captions as figures, embeds as links, and of other shortcodes what a reader sees of them."""
    text = _replace_pairs(text, _CAPTION_START, lambda start: f"[/{start[1]}]", _figure)
    text = _EMBED.sub(lambda match: f'\n\n<a href="{match[1]}">{match[1]}</a>\n\n', text)
    return shortcodes.rendered(text, border, _balanced)


def _with_block_prose(text: str) -> str:
    """Put what blocks of plugins keep in their settings in front of them, where their HTML does not say it.

    WordPress's own blocks have no name space; they keep their text as HTML.
    """
    shown = _Shown(text)

    def block(start: re.Match[str], inner: str) -> str:
        said = prose.found_in(prose.structure(inner.rstrip().removesuffix("/")))
        return "".join(one.markup() for one in said if shown.is_news(one)) + f"{start[0]}{inner}-->"

    return _replace_pairs(text, _PLUGIN_BLOCK, lambda _: "-->", block)


class _Shown:
    """What a body shows already, as far as there is time to look for it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._plain = ""
        self._said: set[str] = set()
        self._left = _MAX_COMPARED

    def is_news(self, piece: prose.Prose) -> bool:
        """Return whether neither the HTML nor an earlier piece says it; from now on it is said."""
        words = prose.plain(prose.plain_text(piece))
        self._plain = self._plain or prose.plain(_without_comments(self._text))
        self._left -= len(self._plain)
        is_said = words in self._said or self._left < 0 or words in self._plain
        self._said.add(words)
        return not is_said


def _without_comments(text: str) -> str:
    return _replace_pairs(text, _COMMENT_START, lambda _: "-->", lambda start, inner: "")


def paragraphs(text: str) -> str:
    """Return text with `<p>` around what blank lines separate and `<br>` for single line ends, between blocks only."""
    pieces: list[str] = []
    opened: list[str] = []
    for run in _BLOCK_TAG.split(text):
        if _BLOCK_TAG.fullmatch(run):
            _follow(run, opened)
            pieces.append(run)
            continue
        for part in _BLOCK_ASIDE.split(run):
            if _BLOCK_ASIDE.fullmatch(part):
                pieces.append(part)
            else:
                pieces += _chunks(part, flows=not opened or opened[-1] in _FLOW)
    return "\n".join(pieces)


def _chunks(run: str, *, flows: bool) -> list[str]:
    chunks = [chunk.strip().replace("\n", "<br>\n") for chunk in _BLANK_LINE.split(run) if chunk.strip()]
    return [f"<p>{chunk}</p>" for chunk in chunks] if flows else ["<br>\n".join(chunks)] if chunks else []


def _follow(tag: str, opened: list[str]) -> None:
    """Keep the list of open blocks, as far as paragraphs depend on it."""
    found = _TAG_NAME.match(tag)
    name = found[1].lower() if found else ""
    if tag.startswith("</"):
        while name in opened[-8:] and opened.pop() != name:
            pass
        return
    if opened and opened[-1] == "p":
        opened.pop()
    if name not in _VOID and not tag.endswith("/>"):
        opened.append(name)


def _put_aside(text: str) -> tuple[str, list[str]]:
    """Return text with code, scripts and the like replaced by marks, and what the marks stand for."""
    aside: list[str] = []

    def keep(start: re.Match[str], inner: str) -> str:
        name = start[1].lower()
        aside.append(f"{start[0]}{inner}</{name}>")
        mark = _INLINE_MARK if name in _INLINE_LITERALS else _BLOCK_MARK
        return mark.format(len(aside) - 1)

    return _replace_pairs(text, _LITERAL_START, lambda start: f"</{start[1]}>", keep), aside


def _replace_pairs(
    text: str,
    start: re.Pattern[str],
    end_of: Callable[[re.Match[str]], str],
    replacement: Callable[[re.Match[str], str], str],
) -> str:
    """Return text with every start up to its end replaced. A start without an end stays as it is."""
    pieces: list[str] = []
    endless: set[str] = set()
    position = 0
    at = 0
    while opening := start.search(text, at):
        at = opening.end()
        end = end_of(opening).lower()
        if end in endless:
            continue
        closing = re.compile(re.escape(end), re.I).search(text, at)
        if closing is None:
            endless.add(end)
            continue
        pieces += (text[position : opening.start()], replacement(opening, text[at : closing.start()]))
        position = at = closing.end()
    return "".join((*pieces, text[position:]))


def _figure(start: re.Match[str], inner: str) -> str:
    image = _IMAGE.search(inner)
    stated = _CAPTION_TEXT.search(start[2])
    words = escape(stated[1] or stated[2] or "", quote=False) if stated else ""
    if image:
        words = words or (inner[: image.start()] + inner[image.end() :]).strip()
    caption = f"<figcaption>{words or ('' if image else inner.strip())}</figcaption>"
    return f"\n\n<figure>{image[0] if image else ''}{caption}</figure>\n\n"


def _balanced(html: str) -> str:
    body = markup.parse(html).find("body")
    if body is None:
        return ""
    first = escape(body.text or "", quote=False)
    return first + "".join(etree.tostring(child, encoding="unicode", method="html") for child in body)
