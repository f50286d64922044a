"""Say what went wrong with a library, an index or a query, and what to do next."""

from __future__ import annotations

import errno

from scraper.errors import BlogdexError

FULL = (errno.ENOSPC, errno.EDQUOT)
"""Numbers of the errors by which a system says that there is no room: the library is none the worse for it."""


class NothingFoundError(BlogdexError):
    """What a person named is not there: no mistake of the program, and none of the command line."""


class UnknownPostError(NothingFoundError):
    """No post is called so; `where` says how it was looked for."""

    def __init__(self, where: str) -> None:
        super().__init__(f"{where} Find it first: blogdex search WORDS")


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


class BusyDecisionsError(BlogdexError):
    """Somebody else has been changing a file of decisions for too long."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Another blogdex is changing {name}. Nothing was changed. Run the same command again.")


class IndexUnusableError(BlogdexError):
    """The index is damaged, or was made by another version."""

    def __init__(self) -> None:
        super().__init__("The search index does not fit this version. Your posts are safe. Run: blogdex rebuild")


class DamagedIndexError(IndexUnusableError):
    """A file of the index is not what was written."""

    def __init__(self, file: str) -> None:
        self.file = file
        BlogdexError.__init__(self, f"The search index is damaged ({file}). Your posts are safe. Run: blogdex rebuild")


class NoIndexError(IndexUnusableError):
    """The library has an index, and none of the engine that was asked for."""

    def __init__(self, engine: str) -> None:
        BlogdexError.__init__(
            self, f"This library has no index of the engine {engine} yet. Make it: blogdex --engine {engine} rebuild"
        )


class NewerLibraryError(BlogdexError):
    """The library was written by a newer version."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"The library {path} was written by a newer blogdex. Nothing was changed. Update blogdex first."
        )


class ReadOnlyLibraryError(BlogdexError):
    """The library can be read, and not written."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"The library {path} can't be written ({why}). Reading still works. To change it, allow writing there, "
            "or copy it and name the copy with --library PATH."
        )


class DamagedLibraryError(BlogdexError):
    """The SQLite file is no longer what it was."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"The library {path} is damaged ({why}). Make a new one of the last backup: "
            "blogdex --library NEW backup FILE --restore"
        )


class LibraryThereError(BlogdexError):
    """A backup would take the place of a library."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"There is a library at {path} already, and a backup takes no other's place. "
            "Name a new folder: blogdex --library NEW backup FILE --restore"
        )


class BackupUnusableError(BlogdexError):
    """The file is no backup that can be used."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{file} can't be restored: {why}. Nothing was changed.")


class NotALibraryError(BlogdexError):
    """The path holds something else."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path} is not a blogdex library ({why}). Name another folder with --library PATH.")
