"""Decide what a crawl asks again, and when it has asked enough.

A run goes through stages and stops as soon as nothing more can be learnt: the sitemaps; where they do not name the
posts,
feeds and APIs; where those are all news or there are none, the listings; at last posts that need a look of their own.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper.crawling.frontier import REHEARSED, Tally
from scraper.model import Task
from scraper.urls import page_number

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

SITEMAPS, FEEDS, LISTINGS, RECHECKS, REST_OF_ALL, DONE = "sitemaps", "feeds", "listings", "rechecks", "rest", "done"

COVERED_SHARE = 0.9
"""A sitemap that names this share of the known posts is taken for complete; else feeds and listings are asked."""
ROLLING_S = 30 * 24 * 3600
"""How often a post is looked at of which nothing tells when it changed, by runs that are no further apart."""
ROLLING_MOST, ROLLING_REQUESTS = 3, 5
"""Such posts that a run soon after the last looks at, and the requests that this may bring it to; one is always
looked at."""
ROLLING_IF_CHANGED, ROLLING_SHARE_IF_CHANGED = 10, 0.1
"""Such posts, or the share of all where that is more, that a run looks at which saw one changed: edits come in groups.
"""
WEEK_S = 7 * 24 * 3600
"""How often what should not be needed is done all the same: posts that a complete sitemap leaves out are looked at, and
sitemaps that their index says are unchanged are read: a post that was deleted changes no lastmod."""
VOLATILE_SHARE, VOLATILE_LEAST = 0.5, 5
"""A place where more than half of the known lastmods moved to one same value prints the time of printing, or so many
posts were edited on one day: a few are looked at to tell."""
MANY, MANY_SHARE = 5, 0.2
"""More posts than this, and a larger share, do not vanish in one day by themselves."""
PATIENT_RUNS = 7
"""For how many runs a URL that did not show what it should is asked again in each: a week of daily crawls."""
API_PAGES = 5
"""How many pages of an API, of a hundred posts each, are read in every run; the newest changes are on the first."""


@dataclass(slots=True)
class News:
    """What a page named: posts that are new or changed, known ones, and those that a sitemap or API names anyway.

    `distinct` counts all that no page before it in its series named, known or not.
    """

    distinct: int = 0
    posts: int = 0
    recent: int = 0
    known: int = 0
    covered: int = 0

    def count(self, recent: bool, *, known: bool, covered: bool) -> None:
        """Count one post."""
        self.posts += recent
        self.known += known
        self.recent += recent
        self.covered += recent and covered

    @property
    def enough(self) -> bool:
        """Tell whether the next page of the place is worth a request.

        Places are sorted by date: where most posts of a page are known, older ones are.
        """
        fresh = self.recent - self.covered
        return fresh > 0 and 2 * fresh >= self.known


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a URL that is named again."""

    kind: str
    is_post: bool
    result: str | None
    checked_at: float | None
    in_this_run: bool
    names_something: bool


def mark_of(task: Task) -> str | None:
    """Return what a place says of a post's state: when it was changed, else, in a feed, a digest of title and text."""
    if task.lastmod or task.source != "feed" or task.stated is None:
        return task.lastmod
    return hashlib.blake2b(
        f"{task.stated.title}\n{task.reference_body}".encode("utf-8", "replace"), digest_size=8
    ).hexdigest()


def has_changed(task: Task, seen: Seen, before: dict[str, str | None], volatile: bool) -> bool:
    """Tell whether a URL that is named again is worth a request. `before` is what the same place said last time."""
    mark = mark_of(task)
    if seen.in_this_run or seen.kind not in ("post", "recheck", "sitemap"):
        return False
    if seen.kind == "sitemap":
        is_old = seen.checked_at is None or time.time() - seen.checked_at > WEEK_S
        return seen.names_something and (task.lastmod is None or before.get(task.url) != task.lastmod or is_old)
    if task.source == "part":
        return True
    if seen.result == "gone":
        return True
    if not seen.is_post or volatile or mark is None:
        return False
    if before.get(task.url) is not None:
        return before[task.url] != mark
    return seen.checked_at is not None and _is_later(mark, seen.checked_at)


def deserves_another_look(task: Task, seen: Seen, evidence: str) -> bool:
    """Tell whether a page that this run has taken for no post is named as one by a place that knows."""
    is_vouched = task.kind == "post" and task.source in ("rest", "feed", "sitemap-posts")
    is_news = is_vouched and f'"{task.source}"' not in evidence
    return is_news and seen.result == "fetched" and seen.kind == "post" and not seen.is_post


def _is_later(lastmod: str, moment: float) -> bool:
    try:
        parsed = datetime.fromisoformat(lastmod.strip())
    except ValueError:
        return False
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp() > moment


def is_volatile(before: dict[str, str | None], found: Sequence[Task]) -> bool:
    """Tell whether a place's lastmods say nothing: they are the time of printing, or most texts moved at once."""
    moved = _moved(before, found)
    known = sum(1 for task in found if task.url in before)
    return (
        len(moved) > VOLATILE_LEAST
        and len(moved) > VOLATILE_SHARE * known
        and len({task.lastmod for task in moved}) == 1
    )


def may_be_one_edit(before: dict[str, str | None], found: Sequence[Task]) -> list[str]:
    """Return the URLs whose lastmods moved to one value from several: that many may have been edited on one day."""
    moved = [task.url for task in _moved(before, found)]
    return moved if len({before[url] for url in moved}) > 1 else []


def _moved(before: dict[str, str | None], found: Sequence[Task]) -> list[Task]:
    return [task for task in found if before.get(task.url) and mark_of(task) != before[task.url]]


def queue_edited(connection: sqlite3.Connection, site_id: int, run: int, urls: Iterable[str]) -> bool:
    """Queue posts whose lastmods moved to one value, where most of those that were looked at have changed."""
    changed, same = connection.execute(
        """SELECT coalesce(sum(result = 'fetched'), 0), coalesce(sum(result = 'unchanged'), 0) FROM frontier
        WHERE site_id = ? AND run = ? AND first_run < run AND is_post""",
        (site_id, run),
    ).fetchone()
    if changed <= same:
        return False
    queued = connection.executemany(
        f"""UPDATE frontier SET state = 'pending', kind = 'recheck', priority = {_SCATTERED} WHERE site_id = ?
        AND url = ? AND is_post AND state = 'idle' AND run IS NOT ?""",
        ((site_id, url, run) for url in urls),
    )
    return queued.rowcount > 0


def start(connection: sqlite3.Connection, site_id: int, *, staged: bool, refresh: bool) -> int:
    """Record a run and return its number."""
    made = connection.execute(
        """INSERT INTO crawl_run (site_id, started_at, stage, refresh, last_page)
        VALUES (?, ?, ?, ?, (SELECT max(id) FROM page))""",
        (site_id, time.time(), SITEMAPS if staged else REST_OF_ALL, refresh),
    )
    return int(made.lastrowid or 0)


def sightings(connection: sqlite3.Connection, place_id: int) -> dict[str, str | None]:
    """Return the URLs that a place named when it was last read, with their lastmod."""
    rows = connection.execute(
        "SELECT url, sighting.lastmod FROM sighting JOIN frontier ON frontier.id = url_id WHERE place_id = ?",
        (place_id,),
    )
    return dict(rows.fetchall())


def children(connection: sqlite3.Connection, place_id: int) -> list[Task]:
    """Return the sitemaps that an index named when it was last read, for one that answers that it is unchanged."""
    rows = connection.execute(
        """SELECT url, evidence, depth, sighting.lastmod FROM sighting JOIN frontier ON frontier.id = url_id
        WHERE place_id = ? AND kind = 'sitemap'""",
        (place_id,),
    )
    return [
        Task(url, "sitemap", json.loads(evidence)[0], depth, lastmod=lastmod) for url, evidence, depth, lastmod in rows
    ]


def unnamed(connection: sqlite3.Connection, place_id: int) -> set[str]:
    """Return the URLs that a place named once, and no more when it was last read."""
    rows = connection.execute(
        "SELECT url FROM sighting JOIN frontier ON frontier.id = url_id WHERE place_id = ? AND NOT named", (place_id,)
    )
    return {row[0] for row in rows}


def names_too_little(before: set[str], found: Sequence[Task], *, is_complete: bool) -> bool:
    """Tell whether a place names so much less than it did that this may be a fault, and not what it has to say."""
    lost = len(before - {task.url for task in found})
    return bool(before) and (not found or (is_complete and lost > MANY and lost > MANY_SHARE * len(before)))


def met_trouble(connection: sqlite3.Connection, site_id: int, run: int) -> bool:
    """Tell whether a run met a known post or place that did not show what it should, and so may have read wrong."""
    row = connection.execute(
        """SELECT 1 FROM frontier WHERE site_id = ? AND run = ? AND misses AND first_run < run LIMIT 1""",
        (site_id, run),
    ).fetchone()
    return row is not None


def doubt(connection: sqlite3.Connection, place_id: int) -> None:
    """Have a place read anew in the next run, as what it says now may be wrong."""
    connection.execute("UPDATE frontier SET etag = NULL, last_modified = NULL, misses = 1 WHERE id = ?", (place_id,))


def is_covered(connection: sqlite3.Connection, site_id: int) -> bool:
    """Tell whether a sitemap or API names posts of the site."""
    row = connection.execute(
        """SELECT 1 FROM frontier WHERE site_id = ? AND is_post
        AND (evidence LIKE '%"sitemap%' OR evidence LIKE '%"rest%') LIMIT 1""",
        (site_id,),
    ).fetchone()
    return row is not None


def queue_everything(connection: sqlite3.Connection, site_id: int, *, has_posts: bool) -> None:
    """Queue all that ever answered and all that failed for now; where no post is known, what was taken for none too."""
    connection.execute(
        """UPDATE frontier SET state = 'pending', attempts = 0, not_before = 0 WHERE site_id = ?1 AND state = 'idle'
        AND alias_of IS NULL AND (kind <> 'post' OR is_post OR status IS NULL OR status >= 429 OR misses OR NOT ?2)""",
        (site_id, has_posts),
    )


def queue_first(connection: sqlite3.Connection, site_id: int) -> None:
    """Queue robots.txt, the sitemaps at the root that named posts, and what failed for now."""
    connection.execute(
        """UPDATE frontier SET state = 'pending', attempts = 0, not_before = 0 WHERE site_id = ? AND state = 'idle'
        AND (kind = 'robots' OR (result = 'failed' AND (status IS NULL OR status = 429 OR status >= 500)
        AND reason <> 'robots.txt forbids it'))""",
        (site_id,),
    )
    _queue(connection, [i for i in _useful(connection, site_id, "sitemap") if not _is_named(connection, i)])


def advance(connection: sqlite3.Connection, site_id: int, run: int, stage: str, *, has_changes: bool = False) -> str:
    """Queue what comes after a stage that is through; return the stage that this is.

    `has_changes`: a post that was looked at again says something else than before.
    """
    if stage == SITEMAPS:
        is_enough = _covers(connection, site_id, run, "sitemap") and _tells_changes(connection, site_id)
        if is_enough and not _is_week_old(connection, site_id):
            return _rechecks(connection, site_id, run)
        return _feeds(connection, site_id, run)
    if stage == FEEDS:
        if _covers(connection, site_id, run, "sitemap") or _feeds_suffice(connection, site_id, run):
            return _rechecks(connection, site_id, run)
        return _listings(connection, site_id, run)
    if stage == LISTINGS:
        return _rechecks(connection, site_id, run)
    if stage == RECHECKS and has_changes:
        _recheck_blind(connection, site_id, run, _complete(connection, site_id, run), has_changes=True)
        return REST_OF_ALL
    return DONE


def _tells_changes(connection: sqlite3.Connection, site_id: int) -> bool:
    """Tell whether sitemaps say of the posts they name when these were changed."""
    row = connection.execute(
        """SELECT 1 FROM sighting JOIN frontier place ON place.id = place_id JOIN frontier post ON post.id = url_id
        WHERE place.site_id = ? AND place.kind = 'sitemap' AND post.is_post AND sighting.lastmod IS NOT NULL LIMIT 1""",
        (site_id,),
    ).fetchone()
    return row is not None


def _feeds(connection: sqlite3.Connection, site_id: int, run: int) -> str:
    """Queue all pages of an API that names the posts, else the feed that named most."""
    api = _useful(connection, site_id, "rest")
    is_whole = _share_named(connection, site_id, "rest") >= COVERED_SHARE
    chosen = api if is_whole and (len(api) <= API_PAGES or _is_week_old(connection, site_id)) else api[:1]
    if not chosen:
        chosen = _useful(connection, site_id, "feed")[:1]
    _queue(connection, [row_id for row_id in chosen if not _was_read(connection, row_id, run)])
    return FEEDS


def _is_week_old(connection: sqlite3.Connection, site_id: int) -> bool:
    """Tell whether feeds and APIs that named posts were not read for a week: a sitemap may have stopped growing."""
    useful = _useful(connection, site_id, "feed") + _useful(connection, site_id, "rest")
    marks = ",".join("?" * len(useful))
    (latest,) = connection.execute(f"SELECT max(checked_at) FROM frontier WHERE id IN ({marks})", useful).fetchone()
    return latest is not None and time.time() - latest > WEEK_S


def _feeds_suffice(connection: sqlite3.Connection, site_id: int, run: int) -> bool:
    """Tell whether a feed or API was read in this run, and held a post that was known before."""
    row = connection.execute(
        """SELECT 1 FROM frontier place JOIN sighting ON place_id = place.id JOIN frontier post ON post.id = url_id
        WHERE place.site_id = ? AND place.kind IN ('feed', 'rest') AND place.run = ? AND place.result <> 'failed'
        AND post.first_run < ? AND post.is_post LIMIT 1""",
        (site_id, run, run),
    ).fetchone()
    return row is not None


def _listings(connection: sqlite3.Connection, site_id: int, run: int) -> str:
    """Queue the first page of the listing that named most posts, and the start page where it named others."""
    rows = connection.execute(
        """SELECT id, url, evidence LIKE '%"start%' FROM frontier WHERE site_id = ? AND kind = 'listing'
        AND (run IS NOT ? OR evidence LIKE '%"start%')
        AND (coalesce(result, '') <> 'failed' OR misses BETWEEN 1 AND ?) ORDER BY id""",
        (site_id, run, PATIENT_RUNS),
    ).fetchall()
    named = {row_id: set(sightings(connection, row_id)) for row_id, url, _ in rows if page_number(url) is None}
    starts = [row_id for row_id, _, is_start in rows if is_start]
    best = max(named, key=lambda row_id: (len(named[row_id]), row_id in starts), default=None)
    if best is None or not named[best]:
        chosen = starts
    else:
        chosen = [best, *(row_id for row_id in starts if named.get(row_id, set()) - named[best])]
    _queue(connection, [row_id for row_id in dict.fromkeys(chosen) if not _was_read(connection, row_id, run)])
    return LISTINGS


def _rechecks(connection: sqlite3.Connection, site_id: int, run: int) -> str:
    """Queue posts that need a look of their own: named no more where all are, or with nothing to tell of a change."""
    complete = _complete(connection, site_id, run)
    for kind in complete:
        connection.execute(
            f"""UPDATE frontier SET state = 'pending', kind = 'recheck', priority = {_SCATTERED}, vanished = 1
            WHERE site_id = ? AND is_post AND state = 'idle' AND run IS NOT ? AND result <> 'gone' AND NOT vanished
            AND evidence LIKE '%"{kind}%' AND NOT {_SIGHTED.format(f"place.kind = '{kind}'")}""",
            (site_id, run),
        )
    connection.execute(
        f"""UPDATE frontier SET state = 'pending', kind = iif(is_post, 'recheck', kind),
        priority = iif(is_post, {_SCATTERED}, priority) WHERE site_id = ? AND kind IN ('post', 'recheck')
        AND state = 'idle' AND run IS NOT ? AND misses BETWEEN 1 AND ? AND alias_of IS NULL
        AND (result <> 'gone' OR NOT ?)""",
        (site_id, run, PATIENT_RUNS, bool(complete)),
    )
    _recheck_blind(connection, site_id, run, complete)
    return RECHECKS


def _complete(connection: sqlite3.Connection, site_id: int, run: int) -> list[str]:
    """Return the kinds of places that name about all posts, and were read in this run."""
    return [kind for kind in ("sitemap", "rest") if _covers(connection, site_id, run, kind)]


_SCATTERED = "60 + id * 7919 % 97"
"""SQL for the priority of a recheck: in an order that has nothing to do with the posts' age, so that the first few tell
of all."""
_SIGHTED = """EXISTS (SELECT 1 FROM sighting JOIN frontier place ON place.id = place_id
    WHERE {} AND named AND url_id IN
    (SELECT id FROM frontier same WHERE same.id = frontier.id OR same.alias_of = frontier.id))"""


def _recheck_blind(
    connection: sqlite3.Connection, site_id: int, run: int, complete: Sequence[str], *, has_changes: bool = False
) -> None:
    """Queue some posts of which no complete place tells when they changed, those looked at longest ago first."""
    kinds = ",".join(f"'{kind}'" for kind in complete)
    told = _SIGHTED.format(f"sighting.lastmod IS NOT NULL AND place.result <> 'failed' AND place.kind IN ({kinds})")
    blind = f"is_post AND state = 'idle' AND run IS NOT :run AND result <> 'gone' AND site_id = :site AND NOT {told}"
    known = {"run": run, "site": site_id}
    (blind_posts,) = connection.execute(f"SELECT count(*) FROM frontier WHERE {blind}", known).fetchone()
    (posts,) = connection.execute("SELECT count(*) FROM frontier WHERE is_post AND site_id = ?", (site_id,)).fetchone()
    is_rare = bool(complete) and blind_posts <= (1 - COVERED_SHARE) * posts
    most = math.ceil(posts * _since_last_run(connection, site_id, run) / ROLLING_S)
    if has_changes:
        most = max(most, ROLLING_IF_CHANGED, round(ROLLING_SHARE_IF_CHANGED * posts))
    else:
        most = max(most, 1, min(ROLLING_MOST, ROLLING_REQUESTS - _requests(connection, site_id, run)))
    connection.execute(
        f"""UPDATE frontier SET state = 'pending', kind = 'recheck', priority = {_SCATTERED} WHERE id IN (
        SELECT id FROM frontier WHERE {blind} AND checked_at < :before ORDER BY checked_at, id LIMIT :most)""",
        {**known, "before": time.time() - (WEEK_S if is_rare else 0), "most": most},
    )


def _requests(connection: sqlite3.Connection, site_id: int, run: int) -> int:
    """Return about how many requests a run has made and is going to make."""
    (made,) = connection.execute(
        "SELECT count(*) FROM frontier WHERE site_id = ? AND (run = ? OR state = 'pending')", (site_id, run)
    ).fetchone()
    return int(made)


def _since_last_run(connection: sqlite3.Connection, site_id: int, run: int) -> float:
    """Return the seconds from the run before this one to now; a clock that was set back counts as none."""
    (started,) = connection.execute(
        "SELECT max(started_at) FROM crawl_run WHERE site_id = ? AND id < ?", (site_id, run)
    ).fetchone()
    return max(0.0, time.time() - started) if started is not None else 0.0


def _covers(connection: sqlite3.Connection, site_id: int, run: int, kind: str) -> bool:
    """Tell whether places of a kind name about all posts, and could be read in this run."""
    read = connection.execute(
        "SELECT 1 FROM frontier WHERE site_id = ? AND kind = ? AND run = ? AND result <> 'failed' LIMIT 1",
        (site_id, kind, run),
    ).fetchone()
    return read is not None and _share_named(connection, site_id, kind) >= COVERED_SHARE


def _share_named(connection: sqlite3.Connection, site_id: int, kind: str) -> float:
    """Return the share of the known posts that places of a kind name."""
    posts, named = connection.execute(
        f"""SELECT count(*), coalesce(sum(evidence LIKE '%"{kind}%' AND NOT vanished), 0) FROM frontier
        WHERE site_id = ? AND is_post AND result <> 'gone'""",
        (site_id,),
    ).fetchone()
    return named / posts if posts else 0.0


def _useful(connection: sqlite3.Connection, site_id: int, kind: str) -> list[int]:
    """Return the places of a kind that named a post, or a sitemap that may; those with most posts first."""
    rows = connection.execute(
        """SELECT place.id, count(*) AS posts FROM frontier place JOIN sighting ON place_id = place.id
        JOIN frontier named ON named.id = url_id LEFT JOIN frontier landed ON landed.id = named.alias_of
        WHERE place.site_id = ? AND place.kind = ? AND (place.result <> 'failed' OR place.misses BETWEEN 1 AND ?)
        AND (named.is_post OR landed.is_post OR named.kind = 'sitemap')
        GROUP BY place.id ORDER BY posts DESC, place.id""",
        (site_id, kind, PATIENT_RUNS),
    )
    return [row[0] for row in rows]


def drop_unnamed(connection: sqlite3.Connection, site_id: int, before: Iterable[str], found: Sequence[Task]) -> None:
    """Forget what sitemaps named that their index names no more."""
    lost = set(before) - {task.url for task in found}
    connection.executemany(
        """UPDATE sighting SET named = 0 WHERE place_id IN
        (SELECT id FROM frontier WHERE site_id = ? AND url = ? AND kind = 'sitemap')""",
        ((site_id, url) for url in lost),
    )


def _is_named(connection: sqlite3.Connection, row_id: int) -> bool:
    """Tell whether a sitemap is named by another one."""
    row = connection.execute(
        """SELECT 1 FROM sighting JOIN frontier place ON place.id = place_id WHERE url_id = ? AND place.kind = 'sitemap'
        AND place.id <> url_id LIMIT 1""",
        (row_id,),
    ).fetchone()
    return row is not None


def _was_read(connection: sqlite3.Connection, row_id: int, run: int) -> bool:
    row = connection.execute("SELECT 1 FROM frontier WHERE id = ? AND run = ?", (row_id, run)).fetchone()
    return row is not None


def _queue(connection: sqlite3.Connection, ids: Sequence[int]) -> None:
    connection.executemany(
        "UPDATE frontier SET state = 'pending', attempts = 0, not_before = 0 WHERE id = ?", ((i,) for i in ids)
    )


def tally(connection: sqlite3.Connection, site_id: int, run: int, began: float) -> Tally:
    """Count what a run has come to; posts as far as they were settled since `began`, in seconds since the epoch."""
    candidate = f"""site_id = ? AND kind IN ('post', 'recheck')
        AND (is_post OR state = 'pending' OR (state = 'skipped' AND reason = '{REHEARSED}'))"""
    found = {
        kind: connection.execute(
            f"SELECT count(*) FROM frontier WHERE {candidate} AND evidence LIKE '%\"{kind}%'", (site_id,)
        ).fetchone()[0]
        for kind in ("rest", "sitemap", "feed", "listing", "link")
    }
    counts = dict(
        connection.execute(
            """SELECT result, count(*) FROM frontier WHERE site_id = ? AND run = ? AND checked_at >= ?
            AND is_post GROUP BY result""",
            (site_id, run, began),
        ).fetchall()
    )
    failed = connection.execute(
        """SELECT url, reason FROM frontier WHERE site_id = ? AND run = ? AND checked_at >= ? AND result = 'failed'
        AND kind IN ('post', 'recheck') AND NOT (status IN (404, 410) AND evidence IN ('["link"]', '["hreflang"]'))
        ORDER BY id""",
        (site_id, run, began),
    ).fetchall()
    cut = connection.execute(
        "SELECT shape, cut FROM url_shape WHERE site_id = ? AND cut_run = ? ORDER BY shape", (site_id, run)
    ).fetchall()
    pages, known = connection.execute(
        """SELECT coalesce(sum(run = ?2 AND status = 200 AND kind IN ('listing', 'post', 'recheck')), 0),
        coalesce(sum(is_post AND result <> 'gone'), 0)
        FROM frontier WHERE site_id = ?1""",
        (site_id, run),
    ).fetchone()
    (candidates,) = connection.execute(f"SELECT count(*) FROM frontier WHERE {candidate}", (site_id,)).fetchone()
    (gone,) = connection.execute(
        "SELECT count(*) FROM frontier WHERE site_id = ? AND gone_run = ? AND checked_at >= ? AND result = 'gone'",
        (site_id, run, began),
    ).fetchone()
    alike, says = connection.execute(
        """SELECT count(*), max(reason) FROM frontier WHERE site_id = ? AND run = ? AND checked_at >= ?
        AND result = 'alike'""",
        (site_id, run, began),
    ).fetchone()
    (left_out,) = connection.execute(
        "SELECT count(*) FROM frontier WHERE site_id = ? AND state = 'skipped' AND reason <> ?", (site_id, REHEARSED)
    ).fetchone()
    rehearsed = connection.execute(
        "SELECT url FROM frontier WHERE site_id = ? AND state = 'skipped' AND reason = ? ORDER BY id",
        (site_id, REHEARSED),
    ).fetchall()
    return Tally(
        candidates=candidates,
        left_out=left_out,
        found={kind: count for kind, count in found.items() if count},
        saved=counts.get("fetched", 0),
        unchanged=counts.get("unchanged", 0),
        gone=gone,
        held=counts.get("held", 0) + counts.get("unsure", 0),
        missing=counts.get("missing", 0),
        alike=alike,
        says=says or "",
        failed=tuple(failed),
        cut=tuple(cut),
        pages=pages,
        known=known,
        rehearsed=tuple(url for (url,) in rehearsed),
    )
