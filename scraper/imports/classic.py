"""Render the body of a WordPress post as WordPress would: block comments, shortcodes, paragraphs from line ends.

An export holds what was typed into the editor. Nothing that a plugin would have put there is guessed at. Every step
takes time in proportion to the text, whatever is in it.
"""

from __future__ import annotations

import re
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from lxml import etree

from scraper import markup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_BLOCK_COMMENT: Final = re.compile(r"<!--\s{0,9}/?wp:")
_SHARED: Final = re.compile(
    r"<!--\s{0,9}wp:block\s{1,9}\{[^{}]{0,400}?\"ref\"\s{0,9}:\s{0,9}(\d{1,18})[^{}]{0,400}\}\s{0,9}/?-->"
)
_SHARED_DEPTH: Final = 3
_MAX_CHARACTERS: Final = 8 * 1024 * 1024
_COMMENT_START: Final = re.compile(r"<!(--)")
_LITERAL_START: Final = re.compile(r"<(pre|code|script|style|textarea|svg|math|kbd)\b[^<>]*>", re.I)
_INLINE_LITERALS: Final = frozenset(("code", "kbd", "math"))
_BLANK_LINE: Final = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")

_SHORTCODE: Final = re.compile(
    r"(?P<before>\[?)\[(?P<slash>/?)(?P<name>[a-zA-Z][\w-]{0,60})(?P<rest>(?:[\s=/][^\[\]]{0,4000})?)\](?P<after>\]?)"
)
_ATTRIBUTE: Final = re.compile(r"[\w-]\s{0,9}=")
_CLOSING: Final = re.compile(r"\[/([a-zA-Z][\w-]{0,60})\]")
_CAPTION_START: Final = re.compile(r"\[(caption|wp_caption)\b([^\[\]]{0,4000})\]")
_CAPTION_TEXT: Final = re.compile(r"caption\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)')")
_IMAGE: Final = re.compile(r"(?:<a\b[^<>]*>\s{0,9})?<img\b[^<>]*>(?:\s{0,9}</a\s{0,9}>)?", re.I)
_EMBED: Final = re.compile(r"\[embed\b[^\[\]]{0,400}\]\s{0,9}(https?://[^\s\[\]<>\"]{1,2000})\s{0,9}\[/embed\]")
_ENCODED_START: Final = re.compile(r"\[(\w{0,40}raw_(?:html|js))\b[^\[\]]{0,4000}\]")

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
    text = _replace_pairs(text, _COMMENT_START, lambda _: "-->", lambda start, inner: "")
    text, aside = _put_aside(text)
    text = without_shortcodes(text)
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


def without_shortcodes(text: str) -> str:
    """Return text with captions as figures, embeds as links, and of other shortcodes what they enclose.

    A word in brackets is one where it has attributes, an end, a joined name, or a line of its own: `[sic]` and `[1]`
    stay.
    """
    text = _replace_pairs(text, _ENCODED_START, lambda start: f"[/{start[1]}]", lambda start, inner: "")
    text = _replace_pairs(text, _CAPTION_START, lambda start: f"[/{start[1]}]", _figure)
    text = _EMBED.sub(lambda match: f'\n\n<a href="{match[1]}">{match[1]}</a>\n\n', text)
    paired = set(_CLOSING.findall(text))
    return _SHORTCODE.sub(lambda match: _unwrapped(match, paired), text)


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


def _unwrapped(match: re.Match[str], paired: set[str]) -> str:
    """Return what stays: nothing of a shortcode, the inner brackets of an escaped one, all of what is none."""
    if match["before"] and match["after"]:
        return match[0][1:-1]
    return match["before"] + match["after"] if _is_shortcode(match, paired) else match[0]


def _is_shortcode(match: re.Match[str], paired: set[str]) -> bool:
    name, rest = match["name"], match["rest"]
    if match["slash"] or name in paired or "_" in name or rest.rstrip().endswith("/") or _ATTRIBUTE.search(rest):
        return True
    return name.islower() and not rest.strip() and _stands_alone(match)


def _stands_alone(match: re.Match[str]) -> bool:
    text = match.string
    before = text[max(0, match.start() - 80) : match.start()].rstrip(" \t")
    after = text[match.end() : match.end() + 80].lstrip(" \t")
    return before[-1:] in ("", "\n", ">") and after[:1] in ("", "\n", "<")


def _balanced(html: str) -> str:
    body = markup.parse(html).find("body")
    if body is None:
        return ""
    first = escape(body.text or "", quote=False)
    return first + "".join(etree.tostring(child, encoding="unicode", method="html") for child in body)
