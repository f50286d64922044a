"""Define what a page gives back, and the errors that are answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.errors import BlogdexError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Page(NamedTuple):
    """A template and what is filled in."""

    template: str
    values: Mapping[str, Any]
    status: int = 200


class Text(NamedTuple):
    """A finished answer: JSON, CSV, plain text. With a `filename`, the browser saves it.

    A page that carries its own style and script brings the content `policy` that names them.
    """

    body: str | bytes
    mimetype: str
    status: int = 200
    filename: str | None = None
    policy: str | None = None


class SeeOther(NamedTuple):
    """Go on to an address of these pages."""

    address: str


View = Page | Text | SeeOther


class RefusedError(BlogdexError):
    """A request is not answered; `status` is the number that says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class TooMuchError(UsageError):
    """More is asked than one search may cost."""

    def __init__(self, what: str, most: int) -> None:
        super().__init__(f"That is too much at once: {what} may be {most:,} at most.")


class BusyError(BlogdexError):
    """Too many searches run at the same time."""

    def __init__(self) -> None:
        super().__init__("Many people are searching just now. Try again in a moment.")
