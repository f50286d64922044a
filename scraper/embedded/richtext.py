"""Write rich text that is kept as data as HTML: trees of blocks, lists of spans, HTML, Markdown, plain lines.

One rule for all editors (Contentful, Portable Text, ProseMirror, Draft.js, Lexical, Slate, Editor.js, Prismic, Ricos,
hast, Notion): an object that holds spans of text is a block, and what its type is called says which.
"""

from __future__ import annotations

import html
import re
from typing import Any, Final

from scraper.embedded.literals import read_json
from scraper.text.lexicon import word_set

MAX_HTML: Final = 1_000_000
"""Characters that are written for one post."""

_MAX_DEPTH: Final = 60
_MAX_STEPS: Final = 60_000
"""Levels and nodes of an editor's tree that are written; chosen: far above any post, so that hostile data ends soon."""
_MARKUP: Final = re.compile(
    r"</?(?:p|div|h[1-6]|ul|ol|li|br|table|blockquote|section|article|figure|strong|em|a|span|b|i|u|code|mark|"
    r"su[bp]|small)\b[^<>]*>",
    re.I,
)
_BLOCK_MARKUP: Final = re.compile(r"<(?:p|div|h[1-6]|ul|ol|br|table|blockquote|section|article|figure)\b", re.I)
_ESCAPED_MARKUP: Final = re.compile(r"&(?:amp;)?lt;(?:p|div|h[1-6]|ul|ol|br)\b", re.I)
_TAGS: Final = re.compile(r"<[^<>]*>")
_HEADING: Final = re.compile(
    r"(?:core/)?(?:heading|header|head|title|h)[-_ ]?(one|two|three|four|five|six|[1-6])?(?:block)?$"
)
_LEVELS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_TEXT_KEYS: Final = ("text", "value", "html", "innerHTML", "innerHtml", "__html", "plainText", "plain_text", "raw")
_CHILD_KEYS: Final = (
    "children", "content", "nodes", "items", "blocks", "innerBlocks", "data", "document", "root", "body", "props",
    "attrs", "attributes", "cells", "rows", "columns", "textData", "title", "rich_text", "fields",
)  # fmt: skip
_KIND_KEYS: Final = (
    "listItem", "style", "nodeType", "_type", "type", "blockType", "blockName", "tagName", "kind", "__typename",
    "component", "tag",
)  # fmt: skip
_INLINE: Final = word_set(
    """
    text span a link hyperlink entry-hyperlink asset-hyperlink strong em b i u s bold italic emphasis underline code
    inlinecode inline_code mark textnode plaintext plain_text autolink mention strikethrough delete hardbreak hard_break
    linebreak break br sup sub small abbr formattedtext
    """
)
_TAGS_OF_KINDS: Final = {
    name: tag
    for tag, names in {
        "p": "p paragraph unstyled normal block core/paragraph paragraphblock",
        "li": "li list-item listitem list_item unordered-list-item ordered-list-item o-list-item bullet number "
        "core/list-item bulleted_list_item numbered_list_item",
        "ul": "ul ol list bullet-list bulletlist bullet_list bulleted_list bulleted-list unordered-list ordered-list "
        "ordered_list orderedlist numbered_list unorderedlist core/list",
        "blockquote": "blockquote quote block-quote block_quote core/quote pullquote",
        "pre": "pre code-block codeblock code_block core/code",
        "table": "table core/table",
        "tr": "tr table-row tablerow table_row",
        "td": "td th table-cell tablecell table_cell table-header-cell table_header tableheader",
        "nav": "nav",
        "footer": "footer",
        "header": "header",
        "aside": "aside",
        "form": "form button input textarea label select",
        "script": "script style svg noscript template iframe head meta title",
    }.items()
    for name in names.split()
}
_PROSE_WORDS: Final = 4
"""Words from which on a text without a known type is prose; chosen: labels and names have fewer."""
_MARKDOWN: Final = re.compile(
    r"(?m)^(?:#{1,6}\s+\S|(?:[-*+]|\d{1,3}[.)])\s+\S|>\s|```)|\[[^\[\]\n]{1,300}\]\([^()\s]{1,500}\)|\*\*\S"
)
_CODE: Final = re.compile(r"[{};=<>|\\]|\(\)|=>|&&")
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_IMAGE: Final = re.compile(r"!\[[^\[\]\n]{0,300}\]\([^()\n]{0,900}\)")
_LINK: Final = re.compile(r"\[([^\[\]\n]{1,300})\]\(([^()\s]{1,900})(?:\s+\"[^\"\n]{0,200}\")?\)")
_EMPHASIS: Final = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3})(?=\S)([^*_\n]{1,2000}?)(?<=\S)\1(?![\w*])")
_QUOTED: Final = re.compile(r"(?m)^\s*>\s?")
_ITEM: Final = re.compile(r"\s{0,12}(?:[-*+]|\d{1,3}[.)])\s+(.*)", re.S)


def words_of(text: str) -> int:
    """Return how many words a text has; scripts without spaces count two characters as one."""
    plain = _TAGS.sub(" ", text) if "<" in text else text
    return len(plain.split()) + (0 if plain.isascii() else sum(char > "\u2e7f" for char in plain) // 2)


def is_prose(text: str) -> bool:
    """Tell whether a text is one that people read: some words, and no program."""
    if len(text) < 12 or words_of(text) < _PROSE_WORDS:
        return False
    plain = _TAGS.sub(" ", html.unescape(text[:4000]))
    return len(_CODE.findall(plain)) <= 0.02 * len(plain)


def nested(text: str) -> object:
    """Return the value of a text that is JSON itself; `None` where it is none."""
    start = text[:20].lstrip()[:1]
    return read_json(text) if start in ("{", "[") and text.rstrip()[-1:] in ("}", "]") and len(text) > 20 else None


def is_block(node: dict[str, Any]) -> bool:
    """Tell whether an object is a paragraph, heading, list or the like, and not a record that holds a text."""
    return bool(_tag_of(node)) or _is_inline(node)


def to_html(value: object) -> str:
    """Return a value's text as HTML; `""` where it has none."""
    return _Writer().written(value)


class _Writer:
    """Writes values, within bounds for depth, steps and length."""

    def __init__(self) -> None:
        self.steps = 0
        self.length = 0

    def written(self, value: object, key: str = "", depth: int = 0) -> str:
        """Return the HTML of a value that stands under a key."""
        self.steps += 1
        if self.steps > _MAX_STEPS or depth > _MAX_DEPTH or self.length > MAX_HTML:
            return ""
        if isinstance(value, str):
            made = self._of_text(value, key, depth)
            self.length += len(made)
            return made
        if isinstance(value, list):
            return self._of_list(value, key, depth)
        return self._of_object(value, depth) if isinstance(value, dict) else ""

    def _of_text(self, text: str, key: str, depth: int) -> str:
        if (inner := nested(text)) is not None:
            return self.written(inner, key, depth + 1)
        if key not in _TEXT_KEYS and not is_prose(text):
            return f"<h3>{html.escape(text)}</h3>" if _names_a_part(key) and words_of(text) else ""
        return text_to_html(text)

    def _of_list(self, items: list[Any], key: str, depth: int) -> str:
        if element := _element(items):
            return self._of_object(element, depth)
        if items and all(_is_inline(item) for item in items) and any(isinstance(item, dict) for item in items):
            return f"<p>{self._inline(items, depth)}</p>"
        pieces = []
        for item in items:
            is_line = isinstance(item, str) and key == "items" and item.strip()
            pieces.append(f"<li>{_inline_text(str(item))}</li>" if is_line else self.written(item, key, depth + 1))
        return "".join(pieces)

    def _of_object(self, node: dict[str, Any], depth: int) -> str:
        tag = _tag_of(node)
        if tag == "script":
            return ""
        for key in _CHILD_KEYS:
            children = node.get(key)
            inner = [children] if isinstance(children, str) and key == "children" else children
            if isinstance(inner, list) and inner and any(_is_inline(item) for item in inner) and not _element(inner):
                if all(_is_inline(item) or item is None for item in inner):
                    return f"<{tag or 'p'}>{self._inline(inner, depth)}</{tag or 'p'}>"
                return self._mixed(inner, tag, depth)
        if text := _own_text(node):
            is_block = bool(_BLOCK_MARKUP.search(text))
            return text if is_block else f"<{tag or 'p'}>{_inline_text(text)}</{tag or 'p'}>"
        inner_html = self._of_parts(node, depth)
        return f"<{tag}>{inner_html}</{tag}>" if tag and inner_html else inner_html

    def _mixed(self, items: list[Any], tag: str, depth: int) -> str:
        """Write spans and blocks that stand beside each other: each run of spans is a paragraph."""
        pieces, run = [], []
        for item in [*items, None]:
            if _is_inline(item):
                run.append(item)
                continue
            if run and (text := self._inline(run, depth)).strip():
                pieces.append(f"<p>{text}</p>")
            run = []
            if item is not None:
                pieces.append(self.written(item, "children", depth + 1))
        return f"<{tag or 'div'}>{''.join(pieces)}</{tag or 'div'}>"

    def _of_parts(self, node: dict[str, Any], depth: int) -> str:
        """Write what an object holds, in its order; of two copies of one text (plain beside rich) the richer one."""
        parts = [
            self.written(part, key, depth + 1)
            for key, part in node.items()
            if key not in _KIND_KEYS and not key.startswith("mark")
        ]
        richest: dict[str, str] = {}
        for part in parts:
            if text := _folded(part):
                richest[text] = max(richest.get(text, ""), part, key=len)
        return "".join(richest.values())

    def _inline(self, items: object, depth: int) -> str:
        """Return spans as one run of text."""
        self.steps += 1
        if self.steps > _MAX_STEPS or depth > _MAX_DEPTH:
            return ""
        if isinstance(items, str):
            return _inline_text(items)
        if isinstance(items, list):
            if element := _element(items):
                items = [element]
            return "".join(self._inline(item, depth + 1) for item in items)
        if not isinstance(items, dict):
            return ""
        if _kind(items) in ("hardbreak", "hard_break", "linebreak", "break", "br"):
            return "<br>"
        if text := _own_text(items):
            self.length += len(text)
            return _inline_text(text)
        return "".join(self._inline(items[key], depth + 1) for key in _CHILD_KEYS if key in items)


def _names_a_part(key: str) -> bool:
    return key.lower() in ("title", "heading", "headline", "question", "label", "subtitle", "subheading", "name")


def _folded(made: str) -> str:
    return re.sub(r"[\W_]+", "", _TAGS.sub("", made)).lower()


def _element(items: list[Any]) -> dict[str, Any]:
    """Return a list that stands for one element as an object: `["$", tag, key, props]`, `[tag, props, …]`."""
    if len(items) == 4 and items[0] == "$" and isinstance(items[1], str) and isinstance(items[3], dict):
        inner = items[3].get("dangerouslySetInnerHTML")
        children = [inner] if isinstance(inner, dict) else items[3].get("children")
        return {"type": items[1], "children": children if isinstance(children, list) and not (
            len(children) == 4 and children[0] == "$") else [children]}  # fmt: skip
    is_element = len(items) >= 2 and isinstance(items[0], str) and isinstance(items[1], dict)
    if is_element and re.fullmatch(r"[a-z][a-z0-9-]{0,20}", items[0]):
        return {"type": items[0], "children": items[2:]}
    return {}


def _kind(node: dict[str, Any]) -> str:
    return next((value.lower() for key in _KIND_KEYS if isinstance(value := node.get(key), str) and value), "")


def _kinds(node: dict[str, Any]) -> list[str]:
    return [value.lower() for key in _KIND_KEYS if isinstance(value := node.get(key), str) and value]


def _tag_of(node: dict[str, Any]) -> str:
    """Return the element that an object's type stands for, `""` for any container."""
    for kind in _kinds(node):
        if found := _HEADING.match(kind):
            return f"h{_level(node, found[1])}"
        if tag := _TAGS_OF_KINDS.get(kind):
            return tag
    return ""


def _level(node: dict[str, Any], named: str | None) -> int:
    stated: list[Any] = [_LEVELS.get(named or "", named), node.get("level"), node.get("depth"), node.get("tag")]
    stated += [part.get("level") for part in node.values() if isinstance(part, dict)]
    for value in stated:
        text = str(value or "").lower().removeprefix("h")
        if text in ("1", "2", "3", "4", "5", "6"):
            return max(2, int(text))
    return 2


def _own_text(node: dict[str, Any]) -> str:
    """Return the text that an object itself holds, alone or in its data."""
    for holder in (node, node.get("data"), node.get("textData"), node.get("attrs")):
        if isinstance(holder, dict):
            for key in _TEXT_KEYS:
                value = holder.get(key)
                if isinstance(value, str) and value and nested(value) is None:
                    return value
    return ""


def _is_inline(item: object) -> bool:
    """Tell whether a value is a span: a run of text inside a block."""
    if isinstance(item, str):
        return bool(item.strip())
    if isinstance(item, list):
        element = _element(item)
        return bool(element) and element["type"] in _INLINE
    if not isinstance(item, dict):
        return False
    kinds = _kinds(item)
    if any(kind in _INLINE for kind in kinds):
        return not any(kind in _TAGS_OF_KINDS or _HEADING.match(kind) for kind in kinds)
    return not kinds and any(isinstance(item.get(key), str) for key in ("text", "value"))


def _inline_text(text: str) -> str:
    return text if _MARKUP.search(text) else html.escape(text, quote=False).replace("\n", "<br>")


def text_to_html(text: str) -> str:
    """Return a text as HTML, whichever way its paragraphs are marked."""
    if not _MARKUP.search(text) and _ESCAPED_MARKUP.search(text):
        text = html.unescape(text)
        text = html.unescape(text) if _ESCAPED_MARKUP.search(text) else text
    if _BLOCK_MARKUP.search(text):
        return text
    if _MARKUP.search(text):
        return "".join(f"<p>{part}</p>" for part in re.split(r"\n\s*\n", text))
    return _markdown(text) if _MARKDOWN.search(text) else _lines(html.unescape(text))


def _lines(text: str) -> str:
    pattern = r"\n\s*\n" if re.search(r"\n\s*\n", text) else r"\n"
    return "".join(
        f"<p>{html.escape(part.strip(), quote=False)}</p>" for part in re.split(pattern, text) if part.strip()
    )


def _markdown(text: str) -> str:
    """Return the blocks of a Markdown text: headings, lists, quotations, code and paragraphs."""
    pieces = []
    for number, part in enumerate(re.split(r"(?m)^\s{0,3}```[^\n]{0,80}$", text[:MAX_HTML])):
        if number % 2:
            pieces.append(f"<pre>{html.escape(part.strip(chr(10)))}</pre>")
            continue
        for block in re.split(r"\n\s*\n|\n(?=#{1,6}\s)|(?<=\n)(?=\s{0,3}(?:[-*+]|\d{1,3}[.)])\s)", part):
            pieces.append(_markdown_block(block.strip("\n")))
    return "".join(pieces)


def _markdown_block(block: str) -> str:
    if not block.strip() or re.fullmatch(r"\s*(?:[-*_]\s*){3,}", block):
        return ""
    if found := re.match(r"(#{1,6})\s+([^\n]*?)\s*#*\s*(?:\n(.*))?$", block.lstrip(), re.S):
        level = max(2, len(found[1]))
        return f"<h{level}>{_spans(found[2])}</h{level}>" + (_markdown_block(found[3]) if found[3] else "")
    if found := _ITEM.fullmatch(block):
        return f"<ul><li>{_spans(found[1])}</li></ul>"
    if block.lstrip().startswith(">"):
        return f"<blockquote>{_spans(_QUOTED.sub('', block))}</blockquote>"
    return f"<p>{_spans(block)}</p>"


def _spans(text: str) -> str:
    plain = html.escape(_IMAGE.sub("", text).strip(), quote=False)
    linked = _LINK.sub(lambda found: f'<a href="{html.escape(found[2])}">{found[1]}</a>', plain)
    return _ESCAPED.sub(r"\1", _EMPHASIS.sub(r"<em>\2</em>", _EMPHASIS.sub(r"<em>\2</em>", linked)))
