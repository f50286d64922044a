"""Define what a page module offers: addresses, each with the function that answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from indexer.web.views import View


class Route(NamedTuple):
    """An address, as Werkzeug writes it (`/posts/<int:post_id>`), and its page.

    `page` takes the visit and what the address names. `is_open` needs no cookie: nothing of the library is shown.
    """

    name: str
    path: str
    page: Callable[..., View]
    methods: tuple[str, ...] = ("GET",)
    is_open: bool = False
