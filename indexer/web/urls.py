"""Make addresses, here and nowhere else: always a path from the root, never one with a host."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Value = str | int | None
    Query = Mapping[str, Value | Iterable[str]]


class Addresses:
    """The addresses of pages below a prefix."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def at(self, path: str, query: Query | None = None, **more: Value) -> str:
        """Return the address of a page: its path with what is asked of it; `None` and "" are left out.

        What stands in `more` takes the place of what stands in `query`.
        """
        pairs = [
            (name, one)
            for name, value in {**(query or {}), **more}.items()
            for one in ([value] if value is None or isinstance(value, str | int) else value)
            if one is not None and one != ""
        ]
        whole = self.prefix + quote(f"/{path.lstrip('/')}", safe="/~")
        return f"{whole}?{urlencode(pairs)}" if pairs else whole

    def without_prefix(self, path: str) -> str | None:
        """Return the path below the prefix; `None` for a path that does not lie there."""
        if not self.prefix:
            return path
        if path == self.prefix:
            return "/"
        return path.removeprefix(self.prefix) if path.startswith(f"{self.prefix}/") else None

    def back(self, wanted: str | None, otherwise: str) -> str:
        """Return an address of these pages that a form asks to go back to; `otherwise` for any other."""
        fits = (
            wanted is not None
            and wanted.startswith(f"{self.prefix}/")
            and not wanted.startswith("//")
            and wanted.isascii()
            and wanted.isprintable()
            and not set(wanted) & set("\\ <>\"'")
        )
        return wanted if fits and wanted else otherwise
