"""Define the errors of crawling that a person can act on; each says what happened and what to do next."""

from __future__ import annotations


class BlogdexError(Exception):
    """Say in one sentence what happened, to what, and what to do next."""


class UsageError(BlogdexError):
    """Something that was typed can't be used; the sentence says what and how it is right."""


class RobotsForbidsError(BlogdexError):
    """The site's robots.txt forbids the address for every crawler."""

    def __init__(self, host: str, path: str) -> None:
        super().__init__(
            f"robots.txt of {host} forbids {path} for all crawlers. "
            "Ask the owner, or import an export: blogdex import FILE"
        )


class UnreachableError(BlogdexError):
    """The host gave no answer at all."""

    def __init__(self, host: str, why: str) -> None:
        super().__init__(
            f"Could not reach {host} ({why}). Nothing was changed. Check the address and run the same command again."
        )


class BlockedError(BlogdexError):
    """The host began to refuse and did not stop refusing."""

    def __init__(self, host: str, status: int, meaning: str, posts: int) -> None:
        kept = f" The {posts} are saved." if posts else ""
        super().__init__(
            f"{host} answered {status} ({meaning}) after {posts} posts.{kept} "
            "Run the same command again later, or slower: --delay 5"
        )


class NothingThereError(BlogdexError):
    """The address that was typed is none of the site's, and the site's posts lie elsewhere."""

    def __init__(self, url: str, status: int, host: str) -> None:
        super().__init__(
            f"{host} has nothing at {url} ({status}). Is the blog at another address? "
            f"Type what your browser shows for it, or the whole site: blogdex crawl {host}"
        )


class NotABlogError(BlogdexError):
    """Pages answered, but nothing among them is a post."""

    def __init__(self, url: str, pages: int) -> None:
        noun = "page" if pages == 1 else "pages"
        super().__init__(
            f"Found {pages} {noun} and no posts at {url}: no sitemap, feed or listing. "
            "Is the blog at another address, e.g. /news?"
        )
