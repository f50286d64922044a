"""Decide once more which pages of a site are posts, when all are known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scraper import urls
from scraper.discovery.posts import is_made_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.model import Verdict

_SETTLED = 5
_SURE = 4.5
_SURE_OF_FILES = 2.5
_JUST_REFUSED = -2.0
_VOUCHERS = frozenset({"rest", "export", "sitemap-posts", "feed", "listing"})


@dataclass(frozen=True, slots=True)
class Judged:
    """A page of a site with its verdict, for `settle`."""

    url: str
    verdict: Verdict
    evidence: tuple[str, ...] = ()


def settle(pages: Sequence[Judged]) -> list[Verdict]:
    """Return the verdicts again, in the order of the pages, decided in the light of the whole site.

    A page that nobody vouched for (no API, export, feed, sitemap of posts, listing) is no post where its folder holds
    hardly any, or where all vouched posts are dated and it is not. One that was just refused is a post where nearly all
    in its folder are. Sure verdicts stay. Imported files are doubted only where a home page or an archive came with
    them: then somebody copied a site and did not choose posts. Those that are surely posts vouch for the others.
    """
    site = _Site(pages)
    return [site.settle(page) for page in pages]


class _Site:
    """What the pages of a site have in common."""

    def __init__(self, pages: Sequence[Judged]) -> None:
        self.folders: dict[str, list[Judged]] = {}
        for page in pages:
            self.folders.setdefault(urls.family(page.url), []).append(page)
        self.vouched = [page for page in pages if page.verdict.is_post and (_is_vouched(page) or _is_sure_file(page))]
        dated = sum(page.verdict.dated for page in self.vouched)
        self.is_settled = len(self.vouched) >= _SETTLED
        self.is_dated = self.is_settled and dated >= 0.95 * len(self.vouched)
        self.vouched_folders = {urls.family(page.url) for page in self.vouched}
        self.is_copied = any(_is_file(page) and page.verdict.is_listing for page in pages)
        self.is_addressed = sum(is_made_up(page.url) for page in pages) < 0.5 * len(pages)

    def settle(self, page: Judged) -> Verdict:
        verdict = page.verdict
        if _is_vouched(page) or _is_sure_file(page):
            return verdict
        if _is_file(page):
            why = self._doubt_of_file(page) if verdict.is_post and self.is_copied else ""
        elif verdict.is_post:
            why = self._doubt(page) if verdict.sureness < _SURE else ""
        elif verdict.sureness >= _JUST_REFUSED and self._is_among_posts(page):
            return replace(verdict, is_post=True, reason="nearly all pages beside it are posts")
        else:
            why = ""
        return replace(verdict, is_post=False, reason=why) if why else verdict

    def _doubt_of_file(self, page: Judged) -> str:
        """Say why a page of a copied site is no post; `""` where it is one, and where its site is not known either."""
        if not self.is_addressed:
            return ""
        if why := self._doubt(page):
            return why
        if self.is_settled and page.verdict.sureness <= 0 and not self._is_among_posts(page):
            return "it came with a whole site, and nothing on it says that it is a post"
        return ""

    def _doubt(self, page: Judged) -> str:
        kind = urls.kind_by_url(page.url)
        if self.is_dated and not page.verdict.dated and not (kind == "post" and _is_file(page)):
            return "it has no date, and the blog's posts have"
        family = urls.family(page.url)
        is_strange = (
            not is_made_up(page.url)
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


def _is_file(page: Judged) -> bool:
    return "import" in page.evidence


def _is_let_in(page: Judged) -> bool:
    """Return whether a file is a post for no other reason than that it was imported."""
    return _is_file(page) and page.verdict.sureness <= 0


def _is_vouched(page: Judged) -> bool:
    return bool(_VOUCHERS & set(page.evidence))


def _is_sure_file(page: Judged) -> bool:
    return _is_file(page) and page.verdict.sureness >= _SURE_OF_FILES
