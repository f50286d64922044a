"""Write the kept text of an article as Markdown.

It is CommonMark with GitHub's tables, and its text reads as it stood on the page: what Obsidian, Hugo or Jekyll would
take for markup of its own (tags, links in brackets, formulas, comments, shortcodes, Liquid) is escaped.
"""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from indexer.present.export.nesting import Branch, Leaf, nested

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.store.rows import StoredArticle

_SPECIAL: Final = re.compile(r"[\\`*\[<$~]|(?<![^\W_])_|_(?![^\W_])|%%|==|(?<!\S)#(?=\w)|&(?=#?\w{1,40};)|\{(?=[{%])")
_LINE_START: Final = re.compile(r"^(?:(#{1,6}|[-+:])(?=\s|$)|(-{2,}|=+|>)|(\d{1,9})([.)])(?=\s|$))", re.M)
_HUGO_CODE: Final = re.compile(r"\{\{(?=[<%])")
_HARD_BREAK: Final = "  \n"
_AROUND: Final = {"strong": "**", "em": "*", "del": "~~"}


def body(article: StoredArticle) -> str:
    """Return the kept blocks as Markdown."""
    pieces = _pieces(nested(article))
    return "\n\n".join(pieces) + "\n" if pieces else ""


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is."""
    marked = _SPECIAL.sub(_escape, text)
    return _LINE_START.sub(_escape_start, marked)


def _pieces(branch: Branch) -> list[str]:
    """Return what an element holds: paragraphs, headings, lists, tables, each a few lines."""
    pieces: list[str] = []
    for each in branch.inside:
        if isinstance(each, Leaf):
            pieces += _leaf(each)
        elif each.name in ("ul", "ol"):
            pieces.append(_list(each))
        elif each.name == "blockquote":
            pieces.append(_prefixed(_pieces(each), ">"))
        elif each.name == "table":
            pieces += _table(each)
        elif each.name == "pre":
            pieces += [_code(leaf.block.text) for leaf in each.inside if isinstance(leaf, Leaf)]
        elif each.name == "dt":
            pieces += [f"**{piece}**" if "\n" not in piece and "**" not in piece else piece for piece in _pieces(each)]
        else:
            pieces += _pieces(each)
    return pieces


def _leaf(leaf: Leaf) -> list[str]:
    images = [f"*Image: {escaped(text)}*" for text in leaf.rich.images]
    if leaf.block.heading:
        return [*images, f"{'#' * leaf.block.heading} {' '.join(_inline(leaf).split())}"]
    return [*images, _inline(leaf)]


def _list(branch: Branch) -> str:
    mark = "1. " if branch.name == "ol" else "- "
    items = [each for each in branch.inside if isinstance(each, Branch)]
    return "\n".join(mark + _indented(_item(item), len(mark)) for item in items)


def _item(item: Branch) -> str:
    """Return an item's text; a list inside it follows without a blank line."""
    pieces = _pieces(item)
    is_tight = item.only_leaf() is not None and all(isinstance(e, Leaf) or e.name in ("ul", "ol") for e in item.inside)
    return ("\n" if is_tight else "\n\n").join(pieces)


def _indented(text: str, width: int) -> str:
    first, *others = text.split("\n")
    return "\n".join((first, *(" " * width + line if line else "" for line in others)))


def _prefixed(pieces: Sequence[str], mark: str) -> str:
    lines = "\n\n".join(pieces).split("\n")
    return "\n".join(f"{mark} {line}" if line else mark for line in lines)


def _table(table: Branch) -> list[str]:
    rows = [each for each in table.inside if isinstance(each, Branch) and each.name == "tr"]
    captions = [
        piece for each in table.inside if isinstance(each, Branch) and each.name == "caption" for piece in _pieces(each)
    ]
    cells = [_cells(row) for row in rows]
    width = max(map(len, cells), default=0)
    if not width:
        return captions
    has_names = all(isinstance(cell, Branch) and cell.name == "th" for cell in rows[0].inside)
    if not has_names:
        cells.insert(0, [""] * width)
    lines = ["| " + " | ".join((*row, *([""] * (width - len(row))))) + " |" for row in cells]
    return [*captions, "\n".join((lines[0], "|" + " --- |" * width, *lines[1:]))]


def _cells(row: Branch) -> list[str]:
    cells: list[str] = []
    for cell in row.inside:
        if isinstance(cell, Branch) and cell.element is not None:
            text = " ".join(" ".join(_pieces(cell)).split()).replace("|", "\\|")
            cells += [""] * cell.element.blank + [text] + [""] * (cell.element.columns - 1)
    return cells


def _inline(leaf: Leaf) -> str:
    if not leaf.rich.html:
        lines = (line.strip() for line in leaf.block.text.split("\n"))
        return _HARD_BREAK.join(escaped("\n".join(line for line in lines if line)).split("\n"))
    writer = _Writer()
    writer.feed(leaf.rich.html)
    writer.close()
    return writer.text()


class _Writer(HTMLParser):
    """Write the clean HTML of a block as Markdown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, str, list[str]]] = [("", "", [])]

    def text(self) -> str:
        """Return what was written."""
        return "".join(self._open[0][2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        if tag == "br":
            self._open[-1][2].append(_HARD_BREAK)
        else:
            self._open.append((tag, dict(attrs).get("href") or "", []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write an element that holds nothing: a line break."""
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        """Write text, as it is in code and escaped elsewhere."""
        in_code = any(tag == "code" for tag, _, _ in self._open)
        self._open[-1][2].append(data if in_code else escaped(data))

    def handle_endtag(self, tag: str) -> None:
        """Write an element whose text is known now; marks stand against the words, white space outside of them."""
        if tag == "br":
            return
        _, href, parts = self._open.pop()
        whole = "".join(parts)
        inner = whole.strip()
        before, after = whole[: len(whole) - len(whole.lstrip())], whole[len(whole.rstrip()) :] if inner else ""
        self._open[-1][2].append(before + (_marked(tag, inner, href) if inner else "") + after)


def _marked(tag: str, inner: str, href: str) -> str:
    if mark := _AROUND.get(tag):
        return f"{mark}{inner}{mark}"
    if tag == "code":
        fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", inner)), default=0))
        pad = " " if inner[0] == "`" or inner[-1] == "`" else ""
        return f"{fence}{pad}{_shielded(inner)}{pad}{fence}"
    if tag == "a":
        target = re.sub(r"[<>\\()\s]", lambda found: f"%{ord(found[0]):02X}", href)
        return f"[{inner.replace(']', chr(92) + ']') if '](' not in inner else inner}]({target})"
    if tag in ("sub", "sup"):
        return f"<{tag}>{inner}</{tag}>"
    return f"*Image: {inner}*" if tag == "span" else inner


def _code(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{_shielded(text)}\n{fence}"


def _shielded(code: str) -> str:
    """Return code in which Hugo finds no shortcode: an empty character parts the braces, as nothing can be escaped."""
    return _HUGO_CODE.sub("{" + chr(0x200B) + "{", code)


def _escape(match: re.Match[str]) -> str:
    found = match[0]
    if found == "{":
        return "&#123;"
    return escape(found) if found in "&<" else "".join(f"\\{character}" for character in found)


def _escape_start(match: re.Match[str]) -> str:
    return f"{match[3]}\\{match[4]}" if match[3] else f"\\{match[0]}"
