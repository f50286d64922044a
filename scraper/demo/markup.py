"""Turn the small markup of the source files into HTML and into plain text.

Chunks stand apart by a blank line: `## heading`, `- list`, `1. list`, `> quote`, `| table |`, `![caption](image)`,
`{shared}` (a file of `shared/`), or else a paragraph. Inside: `**strong**`, `*emphasis*`, `[words](slug)`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["h2", "h3", "p", "ul", "ol", "blockquote", "table", "figure"]

_SIGNS: tuple[tuple[str, Kind], ...] = (
    ("### ", "h3"),
    ("## ", "h2"),
    ("- ", "ul"),
    ("1. ", "ol"),
    ("> ", "blockquote"),
    ("| ", "table"),
    ("![", "figure"),
)
_SHARED = re.compile(r"\{([\w-]+)\}")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_STRONG = re.compile(r"\*\*([^*]+)\*\*")
_EMPHASIS = re.compile(r"\*([^*]+)\*")
_FIGURE = re.compile(r"!\[([^\]]+)\]\(([\w-]+)\)")
_ITEM = re.compile(r"(?m)^(?:- |\d+\. )")


@dataclass(frozen=True, slots=True)
class Element:
    """One chunk of a source: its parts are a list's items, a table's cells row by row, or the one text.

    `columns` is 0 except for tables. `name` is a figure's image. `shared` is the file of `shared/` it came from.
    """

    kind: Kind
    parts: tuple[str, ...]
    columns: int = 0
    name: str = ""
    shared: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the parts as a reader sees them."""
        return tuple(plain(part) for part in self.parts)


def parse(source: str, shared: Mapping[str, tuple[Element, ...]] | None = None) -> tuple[Element, ...]:
    """Read a source into its elements. Raise `KeyError` for a `{shared}` that is not in `shared`."""
    elements: list[Element] = []
    for chunk in re.split(r"\n\s*\n", source.strip()):
        if named := _SHARED.fullmatch(chunk.strip()):
            elements += (replace(element, shared=named[1]) for element in (shared or {})[named[1]])
        else:
            elements.append(_element(chunk))
    return tuple(elements)


def _element(chunk: str) -> Element:
    kind: Kind = next((kind for sign, kind in _SIGNS if chunk.startswith(sign)), "p")
    if kind == "table":
        rows = [[cell.strip() for cell in line.strip()[1:-1].split("|")] for line in chunk.splitlines()]
        return Element(kind, tuple(cell for row in rows for cell in row), columns=len(rows[0]))
    if kind == "figure" and (figure := _FIGURE.fullmatch(_joined(chunk))):
        return Element(kind, (figure[1],), name=figure[2])
    if kind in ("ul", "ol"):
        return Element(kind, tuple(_joined(item) for item in _ITEM.split(chunk) if item))
    if kind == "blockquote":
        return Element(kind, (_joined(re.sub(r"(?m)^> ?", "", chunk)),))
    return Element(kind, (_joined(chunk.lstrip("# ")),))


def _joined(text: str) -> str:
    return " ".join(text.split())


def plain(text: str) -> str:
    """Return a part without its markup."""
    return _EMPHASIS.sub(r"\1", _STRONG.sub(r"\1", _LINK.sub(r"\1", text)))


def to_html(elements: tuple[Element, ...], blog_url: str, uploads_url: str) -> str:
    """Write elements as the HTML that stands inside a post; links become absolute."""
    return "\n".join(_html(element, blog_url, uploads_url) for element in elements)


def _html(element: Element, blog_url: str, uploads_url: str) -> str:
    parts = [_inline(part, blog_url) for part in element.parts]
    kind = element.kind
    if kind in ("ul", "ol"):
        return f"<{kind}>\n" + "\n".join(f"<li>{part}</li>" for part in parts) + f"\n</{kind}>"
    if kind == "table":
        return _table(parts, element.columns)
    if kind == "figure":
        image = f'<img src="{uploads_url}{element.name}.svg" alt="" width="720" height="300" loading="lazy">'
        return (
            '<figure class="wp-block-image size-large">'
            f'{image}<figcaption class="wp-element-caption">{parts[0]}</figcaption></figure>'
        )
    if kind == "blockquote":
        return f'<blockquote class="wp-block-quote"><p>{parts[0]}</p></blockquote>'
    extra = ' class="wp-block-heading"' if kind in ("h2", "h3") else ""
    return f"<{kind}{extra}>{parts[0]}</{kind}>"


def _table(cells: list[str], columns: int) -> str:
    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
    head = "".join(f"<th>{cell}</th>" for cell in rows[0])
    body = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows[1:])
    return (
        '<figure class="wp-block-table"><table>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></figure>"
    )


def _inline(text: str, blog_url: str) -> str:
    html = _EMPHASIS.sub(r"<em>\1</em>", _STRONG.sub(r"<strong>\1</strong>", escape(text, quote=False)))
    return _LINK.sub(lambda link: f'<a href="{_target(link[2], blog_url)}">{link[1]}</a>', html)


def _target(address: str, blog_url: str) -> str:
    return address if address.startswith(("tel:", "mailto:")) else f"{blog_url}{address}/"
