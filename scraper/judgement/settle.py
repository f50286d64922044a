"""Decide once more which pages of a site are posts, when all are known."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper import urls
from scraper.judgement.copies import copies, lists
from scraper.judgement.pagetypes import is_post_type, is_section_type
from scraper.judgement.parts import assemble, other_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.judgement.judged import Judged
    from scraper.model import Verdict

_SETTLED = 5
_MOST = 0.5
"""Share of a folder's pages from which their host is that of the folder, as for the addresses of an import."""
_NEARLY_ALL = 0.95
_SURE = 4.5
_SURE_OF_FILES = 2.5
_JUST_REFUSED = -2.0
_SURELY_NOT = -3.0
"""The most that `posts.judge` gives a page that its theme or its address calls something else."""
_LISTS_OF_POSTS = ("rest", "sitemap-posts")
_TELLERS = frozenset({"rest", "export", "sitemap-posts", "feed"})
_VOUCHERS = _TELLERS | {"listing"}


def settle(pages: Sequence[Judged]) -> list[Verdict]:
    """Return the verdicts again, in the order of the pages, decided in the light of the whole site.

    A page that nobody vouched for (no API, export, feed, sitemap of posts, listing) is no post where its folder holds
    hardly any, where all vouched posts are dated and it is not, or where an API or a sitemap names all posts and not
    it. A listing does not vouch for a page of another type than the blog's: home pages list services too. One that was
    just refused is a post where nearly all in its folder are, or of its type. Sure verdicts stay. Imported files are
    doubted only where a home page or an archive came with them: then somebody copied a site and did not choose posts.
    Those that are surely posts vouch for the others. Of a host of which nothing else was imported, neither a post nor
    a place that lists them, a plain page was chosen, and is a post. Pages of many hosts are no site: each host's are
    judged by themselves, and what has no other address than that of the folder stands alone.
    """
    hosts = by_host(pages)
    sites = {host: _Site(own) for host, own in hosts.items()} if is_mixed(pages) else {}
    whole = None if sites else _Site(pages)
    copied = {host for host, own in hosts.items() if any(_speaks_of_a_site(page) for page in own)}
    settled = {}
    for place, page in enumerate(pages):
        host = _host_of(page)
        verdict = (whole or sites[host]).settle(page)
        is_nobodys = not whole and host == urls.host_of(page.url)
        if verdict.is_plain and (is_nobodys or host not in copied):
            verdict = replace(verdict, is_post=True, confidence=0.0, reason="nothing else of its site was imported")
        settled[place] = replace(page, verdict=verdict)
    for part, first in other_parts(assemble(settled)).items():
        why = f"it is a further part of {pages[first].url}"
        settled[part] = replace(settled[part], verdict=replace(settled[part].verdict, is_post=False, reason=why))
    for copy, first in (lists(settled) | copies(settled)).items():
        why = f"it shows the same as {pages[first].url}"
        settled[copy] = replace(settled[copy], verdict=replace(settled[copy].verdict, is_post=False, reason=why))
    return [page.verdict for page in settled.values()]


def by_host(pages: Sequence[Judged]) -> dict[str, list[Judged]]:
    """Return the pages by the host that each gives as its own; `""` is that of files that name none."""
    hosts: dict[str, list[Judged]] = {}
    for page in pages:
        hosts.setdefault(_host_of(page), []).append(page)
    return hosts


def is_mixed(pages: Sequence[Judged]) -> bool:
    """Return whether imported pages come from many sites: most of them name a host, and none is that of a half."""
    if not all(map(_is_file, pages)):
        return False
    most = max(map(len, by_host(pages).values()), default=0)
    return most < _MOST * len(pages)


def _host_of(page: Judged) -> str:
    return (urlsplit(page.verdict.home).hostname or "").removeprefix("www.")


def _speaks_of_a_site(page: Judged) -> bool:
    """Return whether a page shows that a site was copied, or posts of it chosen."""
    return page.verdict.is_post or page.verdict.is_listing or not _is_file(page)


class _Site:
    """What the pages of a site have in common."""

    def __init__(self, pages: Sequence[Judged]) -> None:
        self.types = _Types(pages)
        self.folders: dict[str, list[Judged]] = {}
        for page in pages:
            self.folders.setdefault(urls.family(page.url), []).append(page)
        self.vouched = [
            page for page in pages if page.verdict.is_post and (self._is_vouched(page) or _is_sure_file(page))
        ]
        self.is_settled = len(self.vouched) >= _SETTLED
        self.is_dated = self._is_usual(sum(page.verdict.dated for page in self.vouched))
        self.shows_days = self._is_usual(sum(page.verdict.shows_day for page in self.vouched))
        self.lists = [source for source in _LISTS_OF_POSTS if self._is_whole(source)]
        self.addresses = {urls.same_page_key(page.url) for page in self.vouched}
        self.vouched_folders = {urls.family(page.url) for page in self.vouched}
        self.is_copied = any(_is_file(page) and page.verdict.is_listing for page in pages)
        self.is_addressed = sum(urls.is_made_up(page.url) for page in pages) < 0.5 * len(pages)

    def _is_usual(self, posts: int) -> bool:
        return self.is_settled and posts >= _NEARLY_ALL * len(self.vouched)

    def _is_whole(self, source: str) -> bool:
        """Tell whether an API or a sitemap names all posts, for all that feeds and other sources tell."""
        told = [page for page in self.vouched if _TELLERS & set(page.evidence)]
        named = sum(source in page.evidence for page in told)
        return named >= _SETTLED and named >= _NEARLY_ALL * len(told)

    def _is_vouched(self, page: Judged) -> bool:
        evidence = set(page.evidence)
        return bool(evidence & _TELLERS) or ("listing" in evidence and not self.types.is_foreign(page))

    def settle(self, page: Judged) -> Verdict:
        verdict = page.verdict
        is_vouched = self._is_vouched(page)
        if is_vouched and not verdict.is_post and verdict.confidence > _SURELY_NOT and self._is_among_posts(page):
            return replace(verdict, is_post=True, reason="nearly all pages beside it are posts")
        if is_vouched or _is_sure_file(page):
            return verdict
        if _is_file(page):
            why = self._doubt_of_file(page) if verdict.is_post and self.is_copied else ""
        elif verdict.is_post:
            why = self._doubt_of_type(page) or (self._doubt(page) if verdict.confidence < _SURE else "")
        elif verdict.confidence >= _JUST_REFUSED and self._is_among_posts(page):
            return replace(verdict, is_post=True, reason="nearly all pages beside it are posts")
        elif verdict.confidence >= _JUST_REFUSED and self.types.is_the_blogs(page):
            return replace(verdict, is_post=True, reason=f"the blog's posts are {verdict.content_type}")
        else:
            why = ""
        return replace(verdict, is_post=False, reason=why) if why else verdict

    def _doubt_of_file(self, page: Judged) -> str:
        """Say why a page of a copied site is no post; `""` where it is one, and where its site is not known either."""
        if not self.is_addressed:
            return ""
        if why := self._doubt(page):
            return why
        if self.is_settled and page.verdict.confidence <= 0 and not self._is_among_posts(page):
            return "it came with a whole site, and nothing on it says that it is a post"
        return ""

    def _doubt_of_type(self, page: Judged) -> str:
        """Say why a page is no post by what its system calls it; `""` where it calls it one, or nothing."""
        if page.verdict.content_type == "post":
            return ""
        if self.types.is_foreign(page):
            return f"its theme calls it {page.verdict.content_type}, and no feed or API names it"
        if any(urls.same_page_key(parent) in self.addresses for parent in _parents(page.url)):
            return "it lies below a post"
        if self.lists and "hreflang" not in page.evidence:
            source = "API" if "rest" in self.lists else "sitemap of posts"
            return f"the blog's {source} names its posts, and not it"
        return ""

    def _doubt(self, page: Judged) -> str:
        kind = urls.kind_by_url(page.url)
        is_file_of_post = kind == "post" and _is_file(page)
        if self.is_dated and not page.verdict.dated and not is_file_of_post:
            return "it has no date, and the blog's posts have"
        if self.shows_days and not page.verdict.shows_day and not is_file_of_post:
            return "it shows no date, and the blog's posts do"
        family = urls.family(page.url)
        is_strange = (
            not urls.is_made_up(page.url)
            and family not in self.vouched_folders
            and len(self.folders[family]) < 0.3 * len(self.vouched)
        )
        if not self.is_settled or not is_strange or kind == "post":
            return ""
        return "no post lies beside it" if _is_file(page) else "no feed, listing or API names a post beside it"

    def _is_among_posts(self, page: Judged) -> bool:
        siblings = self.folders[urls.family(page.url)]
        posts = sum(sibling.verdict.is_post and not _is_let_in(sibling) for sibling in siblings)
        return posts >= _SETTLED and posts >= 0.8 * len(siblings)


class _Types:
    """What the types of content on a site are for: its posts, or something else."""

    def __init__(self, pages: Sequence[Judged]) -> None:
        typed = [(page.verdict.content_type, frozenset(page.evidence)) for page in pages if page.verdict.content_type]
        self.sizes = Counter(name for name, _ in typed)
        self.told = Counter(name for name, evidence in typed if evidence & _TELLERS)
        self.named = Counter(name for name, evidence in typed if evidence & _VOUCHERS)

    def is_the_blogs(self, page: Judged) -> bool:
        """Tell whether feeds, APIs or listings name most pages of a page's type."""
        name = page.verdict.content_type
        return self.named[name] >= max(_SETTLED, self.sizes[name] / 2) and not self.is_foreign(page)

    def is_foreign(self, page: Judged) -> bool:
        """Tell whether a page's type is another one than that of the posts.

        Feeds and APIs hardly name one, and it is named like something else, or the blog has as many posts.
        """
        name = page.verdict.content_type
        is_told = 0 < min(_SETTLED, self.sizes[name] / 2) <= self.told[name]
        if name in ("", "post") or is_told or is_post_type(name):
            return False
        return is_section_type(name) or name == "page" or self.sizes["post"] >= max(_SETTLED, self.sizes[name])


def _parents(url: str) -> list[str]:
    """Return the address of the folder that a page lies in, where that is not the site's."""
    head, _, name = url.rstrip("/").rpartition("/")
    return [head + "/"] if name and head.count("/") > 2 else []


def _is_file(page: Judged) -> bool:
    return "import" in page.evidence


def _is_let_in(page: Judged) -> bool:
    """Return whether a file is a post for no other reason than that it was imported."""
    return _is_file(page) and page.verdict.confidence <= 0


def _is_sure_file(page: Judged) -> bool:
    return _is_file(page) and page.verdict.confidence >= _SURE_OF_FILES
