"""Say what a crawl brought: keep the texts that posts had, and show what became of them, word by word.

A text is a new one only where the site changed it. Where the page is another one and so is the way of reading (a newer
extractor, other boilerplate), the page before is read in today's way too, and like is compared with like.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from indexer.audit.similarity.variants import diff
from indexer.store.history.copies import Copies
from indexer.store.history.versions import Version, Versions
from scraper.extract import extract

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from indexer.store.database import Store
    from indexer.store.history.versions import Event
    from indexer.store.rows import Site
    from scraper.model import SiteProfile

logger = logging.getLogger(__name__)

_CONTEXT_WORDS = 8
_MANY = 500
"""Words shown on either side of a change, and articles loaded at a time. Chosen: a line of context, bounded memory."""


def keep_versions(store: Store, site_id: int, profile: SiteProfile | None, made: Iterable[int] = ()) -> None:
    """Keep the texts of the posts whose pages changed since the last one was kept, and of those `made` again."""
    versions, copies = Versions(store.connection), Copies(store.connection)
    wanted = sorted({*versions.outdated(site_id), *made})
    for start in range(0, len(wanted), _MANY):
        articles = store.articles.get(wanted[start : start + _MANY])
        with store.transaction():
            for page_id, article in articles.items():
                fetched_at, digest, source = versions.page_facts(page_id)
                at = datetime.now(UTC).isoformat(timespec="seconds") if source else fetched_at
                now = Version(1, at, digest, article.metadata.title, article.text)
                _keep(versions, copies, page_id, now, profile)


def _keep(versions: Versions, copies: Copies, page_id: int, now: Version, profile: SiteProfile | None) -> None:
    before = versions.latest(page_id)
    if before is None:
        versions.add(page_id, now)
    elif before.page_digest == now.page_digest or _reads_alike(copies, page_id, before, now, profile):
        if before.text != now.text or before.page_digest != now.page_digest or before.title != now.title:
            versions.add(page_id, Version(before.number, before.at, now.page_digest, now.title, now.text))
    else:
        versions.add(page_id, Version(before.number + 1, now.at, now.page_digest, now.title, now.text))


def _reads_alike(
    copies: Copies, page_id: int, before: Version, now: Version, profile: SiteProfile | None
) -> bool:  # fmt: skip
    """Tell whether two texts have the same words, or would have if the older page were read as the newer one is."""
    if before.text.split() == now.text.split():
        return (before.title or "").split() == (now.title or "").split()
    try:
        stored = copies.load(page_id, "before")
        if stored is None or stored.digest != before.page_digest or profile is None:
            return False
        reread = extract(stored.page, profile)
    except Exception:
        logger.exception("The page before can't be read again: page %s", page_id)
        return False
    return reread.text.split() == now.text.split()


def changes(store: Store, sites: Sequence[Site], since: str | None) -> list[Event]:
    """Return what happened to the posts since a time (ISO 8601, UTC); without one, in the last crawl of each site."""
    versions = Versions(store.connection)
    found = []
    for site in sites:
        begin = since or versions.last_run(site.id)
        if begin is not None:
            found += versions.events(site.id, begin)
    return found


def difference(event: Event) -> str | None:
    """Return how the words of a changed post differ, a line a passage; `None` where no text before is known."""
    if event.before is None or event.after is None:
        return None
    old, new = event.before.text.split("\n\n"), event.after.text.split("\n\n")
    lines = []
    for kind, left, right, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal" and (line := diff(" ".join(old[left:right]), " ".join(new[start:end]))):
            lines.append(_shortened(line))
    if not lines and (line := diff(event.before.title or "", event.after.title or "")):
        lines.append(line)
    return "\n".join(lines) or None


def _shortened(line: str) -> str:
    """Leave of the words that stayed only those beside the changes."""
    kept: list[str] = []
    for part in _parts(line):
        words = part.split()
        if part.startswith(("[-", "{+")) or len(words) <= 2 * _CONTEXT_WORDS:
            kept.append(part)
        elif not kept:
            kept.append("… " + " ".join(words[-_CONTEXT_WORDS:]))
        else:
            kept.append(" ".join([*words[:_CONTEXT_WORDS], "…", *words[-_CONTEXT_WORDS:]]))
    if kept and not kept[-1].startswith(("[-", "{+")):
        words = kept[-1].split()
        kept[-1] = " ".join(words[:_CONTEXT_WORDS]) + (" …" if len(words) > _CONTEXT_WORDS else "")
    return " ".join(kept)


def _parts(line: str) -> list[str]:
    """Return a difference as its runs of words: what stayed, what is marked as out or in."""
    parts: list[str] = []
    rest = line
    while rest:
        begins = [at for sign in ("[-", "{+") if (at := rest.find(sign)) >= 0]
        at = min(begins, default=len(rest))
        if rest[:at].strip():
            parts.append(rest[:at].strip())
        if at == len(rest):
            break
        close = "-]" if rest[at] == "[" else "+}"
        end = rest.find(close, at)
        end = len(rest) if end < 0 else end + len(close)
        parts.append(rest[at:end])
        rest = rest[end:]
    return parts
