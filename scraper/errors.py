"""Define the errors of crawling that a person can act on; each says what happened and what to do next."""

from __future__ import annotations


class BlogdexError(Exception):
    """Say in one sentence what happened, to what, and what to do next."""


class UsageError(BlogdexError):
    """Something that was typed can't be used; the sentence says what and how it is right."""


ALLOW = 'ask its owner to allow the user agent "blogdex"'
EXPORT = "import an export: blogdex import FILE"
CONTACT = "give an address of yours with --contact"


def kept(posts: int) -> str:
    """Return the sentence that says what a crawl that stopped has saved; empty where that is nothing."""
    return f" The {posts} are saved." if posts else ""


class RobotsForbidsError(BlogdexError):
    """The site's robots.txt forbids an address, for every crawler or (`agent`) for this one."""

    def __init__(self, host: str, path: str, agent: str | None = None) -> None:
        whom = f'the user agent "{agent}"' if agent else "all crawlers"
        super().__init__(
            f"robots.txt of {host} forbids {path} for {whom}. Ask the owner, or import an export: blogdex import FILE"
        )


class UnreachableError(BlogdexError):
    """The host gave no answer at all."""

    def __init__(self, host: str, why: str, advice: str = "") -> None:
        super().__init__(
            f"Could not reach {host} ({why}). Nothing was changed. "
            f"{advice or 'Check the address and run the same command again.'}"
        )


class BlockedError(BlogdexError):
    """The host began to answer that it is asked too much, or that it is broken, and did not stop."""

    def __init__(self, host: str, status: int, meaning: str, posts: int) -> None:
        super().__init__(
            f"{host} answered {status} ({meaning}) after {posts} posts.{kept(posts)} "
            "Run the same command again later, or slower: --delay 5"
        )


class RefusedError(BlogdexError):
    """The host answers that this crawler may not read its pages."""

    def __init__(self, host: str, status: int, meaning: str, posts: int, *, named: bool) -> None:
        steps = [ALLOW, *([] if named else [CONTACT]), EXPORT]
        steps = ["ask its owner for access", EXPORT] if status in (401, 451) else steps
        super().__init__(
            f"{host} answered {status} ({meaning}) after {posts} posts.{kept(posts)} "
            f"It refuses this crawler: {', '.join(steps[:-1])}, or {steps[-1]}"
        )


class ChallengeError(BlogdexError):
    """The host lets only people at a browser in; `vendor` is whose challenge it shows, or empty."""

    def __init__(self, host: str, vendor: str, posts: int) -> None:
        of = f" of {vendor}" if vendor else ""
        super().__init__(
            f"{host} answers with a challenge page{of}, which only a person at a browser passes, after {posts} posts."
            f"{kept(posts)} {ALLOW[0].upper()}{ALLOW[1:]} there, or {EXPORT}"
        )


class LoginError(BlogdexError):
    """The host shows a log-in form in place of its pages."""

    def __init__(self, host: str, url: str, posts: int) -> None:
        super().__init__(
            f"{host} asks for a log-in ({url}) in place of its pages, and blogdex has no account.{kept(posts)} "
            f"Ask its owner to open the blog, or {EXPORT}"
        )


class ScriptOnlyError(BlogdexError):
    """The pages of a blog come empty: a script fills them in a browser, or not even there (`in_browser`)."""

    def __init__(self, host: str, url: str, pages: int, *, in_browser: bool) -> None:
        noun = "page" if pages == 1 else "pages"
        if in_browser:
            said = f"{pages} {noun} of {host} stayed without text in the browser, too. Try again later"
        else:
            said = f"{pages} {noun} of {host} came without text: JavaScript fills them in a browser. "
            said += f"Let one read them: blogdex crawl --browser {url}"
        super().__init__(f"{said}, or {EXPORT}")


class ScriptListError(BlogdexError):
    """A page shows no post before a script fetches the list."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"{url} names no post: JavaScript fills its list in a browser, and no sitemap or feed names them either. "
            f"Let a browser read it: blogdex crawl --browser {url}, or {EXPORT}"
        )


class ElsewhereError(BlogdexError):
    """The address that was typed is another name of a site that lies at `target`."""

    def __init__(self, url: str, target: str) -> None:
        super().__init__(
            f"The links of {url} lead to another host. If that is the blog you mean: blogdex crawl {target}"
        )


class PostsMovedError(BlogdexError):
    """The posts that a site names are on another host."""

    def __init__(self, host: str, count: int, target: str) -> None:
        noun = "post" if count == 1 else "posts"
        super().__init__(
            f"{count} {noun} of {host} redirect to another host. If that is the blog you mean: blogdex crawl {target}"
        )


class PostsMissingError(BlogdexError):
    """The posts that a site names are not there."""

    def __init__(self, host: str, count: int, status: int, meaning: str) -> None:
        noun = "page that {} names as a post answers" if count == 1 else "pages that {} names as posts answer"
        super().__init__(
            f"{count} {noun.format(host)} {status} ({meaning}), and no other is a post. Is the blog at another address?"
        )


class NothingThereError(BlogdexError):
    """The address that was typed is none of the site's, and the site's posts lie elsewhere."""

    def __init__(self, url: str, status: int, host: str) -> None:
        super().__init__(
            f"{host} has nothing at {url} ({status}). Is the blog at another address? "
            f"Type what your browser shows for it, or the whole site: blogdex crawl {host}"
        )


class NotABlogError(BlogdexError):
    """Pages answered, but nothing among them is a post; `named` counts those that a sitemap, feed or listing named.

    `elsewhere` is the address on another host that the site calls its blog.
    """

    def __init__(self, url: str, pages: int, named: int = 0, elsewhere: str | None = None) -> None:
        noun = "page" if pages == 1 else "pages"
        why = "no sitemap, feed or listing"
        if named:
            why = f"none of the {named} that the site names reads as one" if named > 1 else "the one named is none"
        hint = "Is the blog at another address, e.g. /news?"
        if elsewhere:
            hint = f"The blog seems to be at {elsewhere}: blogdex crawl {elsewhere}"
        super().__init__(f"Found {pages} {noun} and no posts at {url}: {why}. {hint}")


class OneTextError(BlogdexError):
    """What a site names as posts says the same, word for word."""

    def __init__(self, host: str, pages: int, says: str) -> None:
        super().__init__(
            f"{pages} pages that {host} names as posts say the same{f' (“{says}”)' if says else ''}. "
            "None was saved. Run the same command again when the site is well"
        )


class BadDayError(BlogdexError):
    """Most of the known posts show something else: the site is not itself."""

    def __init__(self, host: str, site: str, turned: int, looked_at: int, says: str) -> None:
        quoted = f" (“{says}”)" if says else ""
        super().__init__(
            f"{turned} of {looked_at} posts of {host} that were looked at show another page today{quoted}. "
            "Nothing was changed. Run the same command again when the site is well; if it has become another one: "
            f"blogdex forget {site}"
        )
