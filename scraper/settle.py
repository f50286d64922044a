"""Decide once more which pages of a site are posts, when all are known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scraper import urls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.model import Verdict

_SETTLED = 5
_SURE = 4.5
_SURE_OF_FILES = 2.5
_JUST_REFUSED = -2.0
_VOUCHERS = frozenset({"rest", "sitemap-posts", "feed", "listing"})


@dataclass(frozen=True, slots=True)
class Judged:
    """A page of a site with its verdict, for `settle`."""

    url: str
    verdict: Verdict
    evidence: tuple[str, ...] = ()


def settle(pages: Sequence[Judged]) -> list[Verdict]:
    """Return the verdicts again, in the order of the pages, decided in the light of the whole site.

    A page that nobody vouched for (no API, feed, sitemap of posts, listing) is no post where its folder holds hardly
    any, or where all vouched posts are dated and it is not. One that was just refused is a post where nearly all in its
    folder are. Sure verdicts stay. Of imported files, those that are surely posts vouch for the others.
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
        self.is_dated = len(self.vouched) >= _SETTLED and dated >= 0.95 * len(self.vouched)
        self.vouched_folders = {urls.family(page.url) for page in self.vouched}

    def settle(self, page: Judged) -> Verdict:
        verdict = page.verdict
        if _is_vouched(page) or _is_sure_file(page):
            return verdict
        siblings = self.folders[urls.family(page.url)]
        if verdict.is_post:
            sure = _SURE_OF_FILES if "import" in page.evidence else _SURE
            why = self._doubt(page, len(siblings)) if verdict.sureness < sure else ""
            return replace(verdict, is_post=False, reason=why) if why else verdict
        posts = sum(sibling.verdict.is_post for sibling in siblings)
        if verdict.sureness >= _JUST_REFUSED and posts >= _SETTLED and posts >= 0.8 * len(siblings):
            return replace(verdict, is_post=True, reason="nearly all pages beside it are posts")
        return verdict

    def _doubt(self, page: Judged, siblings: int) -> str:
        if self.is_dated and not page.verdict.dated:
            return "it has no date, and the blog's posts have"
        is_strange = urls.family(page.url) not in self.vouched_folders and siblings < 0.3 * len(self.vouched)
        if len(self.vouched) >= _SETTLED and is_strange and urls.kind_by_url(page.url) != "post":
            return "no feed, listing or API names a post beside it"
        return ""


def _is_vouched(page: Judged) -> bool:
    return bool(_VOUCHERS & set(page.evidence))


def _is_sure_file(page: Judged) -> bool:
    return "import" in page.evidence and page.verdict.sureness >= _SURE_OF_FILES
