"""Hold one request on its way through a page: what was asked, and the library, opened when it is needed."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING

from indexer.naming import named_site, require_posts
from indexer.web.guard import user_of
from indexer.writer import writer_at_work
from scraper.errors import UsageError

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

    from indexer.library import Library
    from indexer.store.rows import Site
    from indexer.web.config import Config
    from indexer.web.shared import Shared
    from indexer.writer import Writer


class Visit:
    """One request. An open engine never sees a commit, so the library is opened anew for each."""

    def __init__(self, request: Request, config: Config, shared: Shared) -> None:
        self.request = request
        self.config = config
        self.shared = shared
        self.at = config.addresses.at
        self._stack = ExitStack()
        self._library: Library | None = None

    @property
    def library(self) -> Library:
        """Return the library. Raise `NoPostsError` where there is none."""
        if self._library is None:
            from indexer.library import reading

            self._library = self._stack.enter_context(reading(self.config.library, self.config.engine))
        return self._library

    @property
    def built(self) -> Library:
        """Return the library. Raise what fits where it has no posts."""
        require_posts(self.library)
        return self.library

    @cached_property
    def site(self) -> Site | None:
        """Return the blog that is asked about; `None` for all."""
        return self.site_named(self.value("site"))

    def site_named(self, wanted: str | None) -> Site | None:
        """Return the blog that is called so; without a name the one that is served, `None` for all."""
        return named_site(self.library, wanted or self.config.site)

    @property
    def left_out(self) -> str | None:
        """Return in a sentence what was found damaged and is not in this answer; `None` where nothing was."""
        if self._library is None or not self._library.store.damage.found:
            return None
        from indexer.store.integrity import damage

        return damage.sentence(self._library.store, self._library.store.damage.found)

    @property
    def user(self) -> str:
        """Return who asks; empty where nobody says."""
        return user_of(self.request, self.config)

    @property
    def writer(self) -> Writer | None:
        """Return who writes to the library just now."""
        return writer_at_work(self.config.library)

    def value(self, name: str) -> str | None:
        """Return what a parameter says; `None` where it says nothing."""
        return self.request.args.get(name, "").strip() or None

    @property
    def site_id(self) -> int | None:
        """Return the id of the blog that is asked about; `None` for all."""
        return self.site.id if self.site else None

    def number(self, name: str, most: int = 1_000_000) -> int:
        """Return what a parameter says as a number from 0. Raise `UsageError`."""
        value = self.value(name) or "0"
        if not value.isascii() or not value.isdigit() or len(value) > len(str(most)) or int(value) > most:
            raise UsageError(f"{name} is a number from 0 to {most:,}.")
        return int(value)

    def pages(self, path: str, start: int, size: int, total: int) -> dict[str, str | None]:
        """Return the addresses of the page of a list before and the one after, `None` where there is none."""
        query = {name: self.request.args.getlist(name) for name in self.request.args if name != "offset"}
        return {
            "before": self.at(path, query, offset=max(0, start - size) or None) if start else None,
            "after": self.at(path, query, offset=start + size) if start + size < total else None,
        }

    def close(self) -> None:
        """Let go of the library."""
        self._stack.close()
