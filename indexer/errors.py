"""Say what went wrong with a library, an index or a query, and what to do next."""

from __future__ import annotations

from scraper.model import BlogdexError


class NoPostsError(BlogdexError):
    """The library is empty or not there."""

    def __init__(self) -> None:
        super().__init__("No posts yet. Start with: blogdex crawl https://your-site/blog")


class NotBuiltError(BlogdexError):
    """Pages are stored, but no article was made of them yet."""

    def __init__(self, pages: int) -> None:
        stored = "1 page is" if pages == 1 else f"{pages:,} pages are"
        super().__init__(f"{stored} stored, but not built into an index yet. Run: blogdex rebuild")


class NoPostAmongPagesError(BlogdexError):
    """Pages are stored and were read, but none was taken for a post."""

    def __init__(self, pages: int) -> None:
        stored = "1 page is" if pages == 1 else f"{pages:,} pages are"
        super().__init__(f"{stored} stored, and none was taken for a post. Say which is one: blogdex mark ADDRESS post")


class LibraryInUseError(BlogdexError):
    """Another process writes to the library."""

    def __init__(self, pid: int, command: str, since: str) -> None:
        super().__init__(
            f"Another blogdex is writing to this library (process {pid}, {command}, since {since}). "
            "Reading still works."
        )


class IndexUnusableError(BlogdexError):
    """The index is damaged, or was made by another version."""

    def __init__(self) -> None:
        super().__init__("The search index does not fit this version. Your posts are safe. Run: blogdex rebuild")


class NewerLibraryError(BlogdexError):
    """The library was written by a newer version."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"The library {path} was written by a newer blogdex. Nothing was changed. Update blogdex first."
        )


class NotALibraryError(BlogdexError):
    """The path holds something else."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path} is not a blogdex library ({why}). Name another folder with --library PATH.")
