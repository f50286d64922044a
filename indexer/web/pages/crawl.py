"""Start, watch and stop what writes to the library: crawl, rebuild, audit, mark, forget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.errors import NoPostsError, NothingFoundError
from indexer.web.jobs import Job
from indexer.web.routing import Route
from indexer.web.views import Page, RefusedError, SeeOther
from scraper.errors import UsageError

if TYPE_CHECKING:
    from indexer.web.visit import Visit

_PATIENCE_S = 20.0
"""A decision on one post is waited for so long, a build included; then the page of its progress is shown. Chosen."""
_NOT_HERE = "New addresses are typed on the computer itself: blogdex crawl https://…"


def crawl(visit: Visit) -> Page:
    """Show the sites that can be crawled now, and the work that goes on."""
    try:
        known = [site for site in visit.library.store.sites.all() if visit.site_id in (None, site.id)]
    except NoPostsError:
        known = []
    sites = [site for site in known if site.start_url]
    return Page("crawl.html", {"sites": sites, "imported": len(known) - len(sites), **_progress(visit)})


def progress(visit: Visit) -> Page:
    """Show the work that goes on, as a part of a page."""
    return Page("crawl_progress.html", _progress(visit))


def start(visit: Visit) -> SeeOther:
    """Crawl a site that is known, or an address that was typed, where that is allowed."""
    key, typed = visit.request.form.get("site"), visit.request.form.get("url")
    if key:
        job = _again(visit, key)
    elif typed is None:
        raise UsageError("Say what to crawl: the address of a blog.")
    else:
        job = _new(visit, typed)
    return _begin(visit, job)


def stop(visit: Visit) -> SeeOther:
    """Stop the work that was started here; what was saved stays."""
    visit.shared.jobs.stop()
    return SeeOther(visit.at("/crawl"))


def rebuild(visit: Visit) -> SeeOther:
    """Make posts and index again from the stored pages."""
    return _begin(visit, Job("rebuild", (), "Making posts and index again"))


def audit(visit: Visit) -> SeeOther:
    """Audit the blog anew."""
    site = visit.site_named(visit.request.form.get("site"))
    key = site.key if site else None
    words = (f"--site={key}",) if key else ()
    return _begin(visit, Job("audit", words, f"Auditing {key}" if key else "Auditing"))


def mark(visit: Visit, post_id: int) -> SeeOther:
    """Overrule what a page was taken for: a post, or none."""
    kind = visit.request.form.get("kind")
    if kind not in ("post", "page"):
        raise UsageError("A page is marked as a post or as a page.")
    url = _url(visit, post_id)
    job = Job("mark", ("--", url, kind), f"Marking {url} as {'a post' if kind == 'post' else 'no post'}", post_id)
    _decide(visit, job)
    return SeeOther(visit.at(f"/posts/{post_id}" if kind == "post" else "/crawl"))


def forget(visit: Visit, post_id: int) -> SeeOther:
    """Take a post out for good."""
    if visit.request.form.get("sure") != "1":
        raise UsageError("Nothing was forgotten. Forgetting can't be undone: tick that you mean it.")
    url = _url(visit, post_id)
    _decide(visit, Job("forget", ("--yes", "--", url), f"Forgetting {url}"))
    return SeeOther(visit.at("/crawl"))


def _again(visit: Visit, key: str) -> Job:
    """Return the crawl of a known site. One that came from a form stays among public addresses."""
    site = visit.site_named(key)
    if site is None or not site.start_url:
        raise UsageError("This blog was imported from files, and has no address to crawl.")
    words = ("--public-only",) if visit.library.is_public_only(site.key) else ()
    return Job("crawl", (*words, "--", site.start_url), f"Crawling {site.key}")


def _new(visit: Visit, typed: str) -> Job:
    from scraper.crawling.addresses import public_url

    if not visit.config.may_add:
        raise RefusedError(403, _NOT_HERE)
    url = public_url(typed)
    return Job("crawl", ("--public-only", "--", url), f"Crawling {url}")


def _begin(visit: Visit, job: Job) -> SeeOther:
    visit.shared.jobs.start(job)
    return SeeOther(visit.at("/crawl"))


def _decide(visit: Visit, job: Job) -> None:
    """Run a job that is soon over. Raise `RefusedError` with what it says where it fails."""
    jobs = visit.shared.jobs
    jobs.start(job)
    ended = jobs.wait(_PATIENCE_S)
    if ended is not None and ended.job is job and ended.code:
        raise RefusedError(409, ended.said.strip().rpartition("\n")[2] or "This could not be done.")


def _url(visit: Visit, page_id: int) -> str:
    """Return the address of a stored page, post or not. Raise `NothingFoundError`."""
    if page_id not in set(visit.library.store.pages.ids()):
        raise NothingFoundError("The library has no such page.")
    return visit.library.store.pages.url(page_id)


def _progress(visit: Visit) -> dict[str, object]:
    jobs, writer = visit.shared.jobs, visit.writer
    state = jobs.state()
    return {
        "job": state,
        "running": state is not None and state.code is None,
        "writer": writer,
        "left_s": jobs.left_s(writer) if writer else None,
    }


ROUTES = (
    Route("crawl", "/crawl", crawl),
    Route("progress", "/crawl/progress", progress),
    Route("start", "/crawl", start, ("POST",)),
    Route("stop", "/crawl/stop", stop, ("POST",)),
    Route("rebuild", "/library/rebuild", rebuild, ("POST",)),
    Route("run_audit", "/audit/run", audit, ("POST",)),
    Route("mark", "/posts/<int:post_id>/mark", mark, ("POST",)),
    Route("forget", "/posts/<int:post_id>/forget", forget, ("POST",)),
)
