"""Read the example blog's source files: header lines, a blank line, the text, perhaps comments after `=== comments`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING

from scraper.demo.markup import Element, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

BRAND = "Larkspur Ketamine Clinic"
OLD_BRAND = "Copper Basin Infusion Center"
PHONE = "970-555-0142"
OLD_PHONE = "970-555-0119"

AUTHORS: Mapping[str, str] = {
    "Dr. Maren Holloway": "Dr. Maren Holloway is an anesthesiologist and the clinic's medical director. Away from work "
    "she keeps bees, not always successfully.",
    "Tobias Lind": "Tobias Lind is a registered nurse who has looked after infusion patients since the clinic opened. "
    "He writes most of our practical guides.",
    "Priya Castellan": "Priya Castellan is a licensed counselor. She leads the integration program and our evening "
    "group for relatives.",
}


@dataclass(frozen=True, slots=True)
class Comment:
    """What a reader wrote under a post."""

    author: str
    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Post:
    """One post as it was written. `number` is what WordPress calls the post's id."""

    number: int
    slug: str
    title: str
    published: date
    modified: date
    author: str
    category: str
    tags: tuple[str, ...]
    elements: tuple[Element, ...]
    comments: tuple[Comment, ...] = ()

    @property
    def path(self) -> str:
        """Return the path of the post's page."""
        return f"/blog/{self.slug}/"

    @property
    def shared(self) -> tuple[str, ...]:
        """Return the names of the passages of `SHARED` that were pasted into it, in order."""
        return tuple(dict.fromkeys(element.shared for element in self.elements if element.shared))

    @property
    def cta(self) -> str | None:
        """Return the name of its contact section, or `None` for the post that has none."""
        return next((name for name in self.shared if name.startswith("cta-")), None)

    @property
    def own_texts(self) -> tuple[str, ...]:
        """Return what was written for this post alone: paragraphs, headings, items, cells and captions."""
        return tuple(text for element in self.elements if not element.shared for text in element.texts)

    @property
    def texts(self) -> tuple[str, ...]:
        """Return everything that must stay in the article, pasted passages too."""
        return tuple(text for element in self.elements for text in element.texts)

    @property
    def words(self) -> int:
        """Return the number of words of the whole text."""
        return sum(len(text.split()) for text in self.texts)

    @property
    def excerpt(self) -> str:
        """Return the first words, as the theme shows them in lists."""
        words = next(element for element in self.elements if element.kind == "p").texts[0].split()
        return " ".join(words[:40]) + (" […]" if len(words) > 40 else "")


@dataclass(frozen=True, slots=True)
class PlainPage:
    """A page that is no post: about, contact, privacy."""

    path: str
    title: str
    modified: date
    elements: tuple[Element, ...]


def _sources(folder: str) -> dict[str, str]:
    found = (files(__package__) / folder).iterdir()
    return {
        source.name.removesuffix(".md"): source.read_text(encoding="utf-8")
        for source in sorted(found, key=lambda source: source.name)
        if source.name.endswith(".md")
    }


def _header(source: str) -> tuple[dict[str, str], str]:
    head, _, body = source.partition("\n\n")
    return {name: value.strip() for name, _, value in (line.partition(":") for line in head.splitlines())}, body


def _comments(source: str) -> tuple[Comment, ...]:
    lines = (line.split(" | ", 2) for line in source.splitlines() if line.strip())
    return tuple(Comment(author, date.fromisoformat(day), text) for author, day, text in lines)


def _post(number: int, name: str, source: str, shared: Mapping[str, tuple[Element, ...]]) -> Post:
    header, rest = _header(source)
    body, _, comments = rest.partition("\n=== comments\n")
    published = date.fromisoformat(name[:10])
    return Post(
        number=number,
        slug=name[11:],
        title=header["title"],
        published=published,
        modified=date.fromisoformat(header.get("modified", name[:10])),
        author=header["author"],
        category=header["category"],
        tags=tuple(tag.strip() for tag in header["tags"].split(",")),
        elements=parse(body, shared),
        comments=_comments(comments),
    )


def _page(source: str) -> PlainPage:
    header, body = _header(source)
    return PlainPage(header["path"], header["title"], date.fromisoformat(header["modified"]), parse(body))


def slug_of(name: str) -> str:
    """Return a name as WordPress writes it in an address."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


_ELEMENTS = {name: parse(source) for name, source in _sources("shared").items()}

SHARED: Mapping[str, tuple[str, ...]] = {
    name: tuple(text for element in elements for text in element.texts) for name, elements in _ELEMENTS.items()
}
POSTS: tuple[Post, ...] = tuple(
    _post(101 + 7 * place, name, source, _ELEMENTS) for place, (name, source) in enumerate(_sources("posts").items())
)
PAGES: tuple[PlainPage, ...] = tuple(_page(source) for source in _sources("pages").values())
