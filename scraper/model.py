"""Define the values that flow from a web page to an article. No I/O."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

Day = date


class Role(StrEnum):
    """What a block is for. `content` and `heading` are the article's own; the rest is boilerplate of some kind."""

    CONTENT = "content"
    HEADING = "heading"
    CTA = "cta"
    WIDGET = "widget"
    NAVIGATION = "navigation"
    AUTHOR = "author"
    RELATED = "related"
    COMMENTS = "comments"
    LEGAL = "legal"
    TRACKER = "tracker"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a post besides its text; `None` and empty mean: nobody said so. Never invented.

    Used twice: what a page shows (`scraper.metadata`), and what a feed, a REST API or an export file states. `edit_url`
    is where the site's owner edits the post.
    """

    title: str | None = None
    author: str | None = None
    published: date | None = None
    modified: date | None = None
    language: str | None = None
    canonical: str | None = None
    image: str | None = None
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    reviewer: str | None = None
    edit_url: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict without the fields that are empty."""
        plain = {name: value for name, value in asdict(self).items() if value}
        for name in ("published", "modified"):
            if name in plain:
                plain[name] = plain[name].isoformat()
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Metadata:
        """Read what `as_json` wrote. Raise `ValueError` or `TypeError` where it is something else."""
        values = dict(plain)
        for name in ("published", "modified"):
            if values.get(name):
                values[name] = date.fromisoformat(values[name])
        for name in ("categories", "tags"):
            values[name] = tuple(values.get(name, ()))
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask again cheaply (RFC 9110, section 8.8), as header values."""

    etag: str | None = None
    last_modified: str | None = None


TaskKind = Literal["robots", "sitemap", "feed", "rest", "listing", "post", "recheck", "resource"]


@dataclass(frozen=True, slots=True)
class Task:
    """One URL to fetch and why. `url` is canonical and, with the site, the task's identity.

    `source` is the kind of place that named the URL. `lastmod` is the sitemap's or feed's or API's own word for when
    it changed, kept as text and only compared for equality. `stated` and `reference_body` are what a feed or API said
    of the post. `validators`, and `evidence` (every kind of place that named the URL), are filled in by the frontier
    when the task is taken. `not_before` is seconds since the epoch. A `resource` is what a page's script asks for; it
    is never in the frontier.
    """

    url: str
    kind: TaskKind
    source: str = ""
    depth: int = 0
    attempts: int = 0
    not_before: float = 0.0
    lastmod: str | None = None
    stated: Metadata | None = None
    reference_body: str | None = None
    validators: Validators | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched or imported page as it came. `url` is canonical; `body` is decompressed but not decoded.

    `headers` are lower-case names with their values. `status` 304 comes with an empty body. `reference_body` is the
    post's body as HTML where a feed, an API or an export file gave it. `evidence` names what called it a post. `source`
    is the file it was imported from, relative to what was given. `gone`: an export says that the site has it no more.
    """

    site: str
    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    reference_body: str | None = None
    stated: Metadata | None = None
    evidence: tuple[str, ...] = ()
    source: str | None = None
    lastmod: str | None = None
    gone: bool = False

    def header(self, name: str) -> str | None:
        """Return the first value of the header `name` (lower case), or `None`."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def content_type(self) -> str:
        """Return the media type in lower case without parameters; `""` where none was given."""
        return (self.header("content-type") or "").split(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task gave no page. `status` is the HTTP status where there was an answer; `reason` is for a person."""

    url: str
    reason: str
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a page is a post, why in a few words, and how sure that is: 0 and above for a post, below for others.

    Said of imported pages only: `is_listing` of one that presents others, as a home page or an archive does, and
    `is_plain` of one that is refused for nothing but the type that its site's system gives it.
    `content_type` is what the site's own system calls the page (`post`, `page`, `services`), `""` where none is said.
    `shows_day`: a reader sees a date; `dated` is also true of one that only machines read. `parts` are the addresses
    of further parts of a post that is split. `home` is the address that the page gives as its own, `marks` are digests
    of its longest paragraphs: where both are the same, two pages are views of one post.
    """

    is_post: bool
    reason: str
    confidence: float = 0.0
    dated: bool = False
    is_listing: bool = False
    content_type: str = ""
    shows_day: bool = False
    parts: tuple[str, ...] = ()
    home: str = ""
    marks: tuple[str, ...] = ()
    is_plain: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that a reader sees as one unit: a paragraph, heading, list item, table cell, caption, code.

    `path` names the elements from the body down, outermost first, each as `tag#id.class.class`; empty for plain text.
    `heading` is 1-6, or 0. `digest` is that of the text with case, white space and punctuation folded: equal digests
    read the same.
    """

    text: str
    path: tuple[str, ...]
    position: int
    digest: str
    heading: int = 0


@dataclass(frozen=True, slots=True)
class ArticleBlock:
    """A block with what was decided about it. `reason` is a code of `scraper.reasons`, `detail` its one parameter."""

    text: str
    path: tuple[str, ...]
    position: int
    digest: str
    kept: bool
    role: Role
    reason: str
    detail: str = ""
    heading: int = 0


class Enclosing(NamedTuple):
    """An element that a block stands in: its name, and a number that tells it from others like it on the page.

    Of a cell also: how many columns and rows it takes, and how many empty cells stand before it in its row.
    """

    name: str
    number: int
    columns: int = 1
    rows: int = 1
    blank: int = 0


class RichBlock(NamedTuple):
    """What a kept block says beyond its text: the lists, quotations and tables it stands in, outermost first; its HTML,
    or "" where that is its text; and the texts of images that stand alone before it.

    `html` is clean: it has no element but those of `scraper.extraction.rich_text.INLINE_HTML`, line breaks, and `span`
    with the class `image` for an image's text; no attribute but that class and addresses of http, https, mailto, tel.
    """

    position: int
    within: tuple[Enclosing, ...] = ()
    html: str = ""
    images: tuple[str, ...] = ()


class Link(NamedTuple):
    """A link in a kept block: its words, and the address that it leads to."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Article:
    """A post without its boilerplate, and the boilerplate with its reasons, in page order.

    A kept block whose role is neither content nor heading is editorial boilerplate: it stays in the text and is
    flagged. `rich` has what some of the kept blocks say beyond their text.
    """

    url: str
    metadata: Metadata
    blocks: tuple[ArticleBlock, ...]
    rich: tuple[RichBlock, ...] = ()

    @property
    def text(self) -> str:
        """Return the kept blocks, separated by a blank line."""
        return "\n\n".join(block.text for block in self.blocks if block.kept)

    @property
    def title(self) -> str | None:
        """Return the title without the site's name."""
        return self.metadata.title

    @property
    def author(self) -> str | None:
        """Return the author's name."""
        return self.metadata.author

    @property
    def published(self) -> Day | None:
        """Return the day of publication."""
        return self.metadata.published

    @property
    def modified(self) -> Day | None:
        """Return the day of the last change."""
        return self.metadata.modified

    @property
    def date(self) -> Day | None:
        """Return the day of publication, or of the last change where only that is known."""
        return self.metadata.published or self.metadata.modified

    @property
    def language(self) -> str | None:
        """Return the language as a BCP 47 tag, as the page has it."""
        return self.metadata.language

    @property
    def categories(self) -> tuple[str, ...]:
        """Return the categories, in page order."""
        return self.metadata.categories

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the tags, in page order."""
        return self.metadata.tags


@dataclass(frozen=True, slots=True)
class SiteProfile:
    """What repeats over the pages of one site; learnt by `scraper.boilerplate.learn`.

    `pages` is how many pages it was learnt from. The mappings go to the number of pages. `containers` are the path
    prefixes that hold the posts' own text, best first. `template_digests` and `template_paths` are set aside;
    `editorial` digests recur inside the container and are flagged. `content_paths` hold text of the posts. `digest`
    covers the decisions, never the counts.
    """

    pages: int
    containers: tuple[tuple[str, ...], ...] = ()
    template_digests: Mapping[str, int] = field(default_factory=dict)
    template_paths: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    content_paths: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    editorial: Mapping[str, int] = field(default_factory=dict)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long job is: `done` of `total` (0 = not known yet) of `what`; `failed` is part of `done`."""

    done: int
    total: int
    what: str
    failed: int = 0
