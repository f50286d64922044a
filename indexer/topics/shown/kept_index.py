"""Keep the subject index beside the search index: making it reads every post, which is too slow for a page."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from indexer.topics.shown.subject_index import Entry, Locator, Subheading, SubjectIndex, index_form, subject_index

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.store.articles import Articles

FILE = "subject-index.json"
INDEX_VERSION = 3
"""Changes with every rule of the subject index, so that none is kept that these rules would not make."""


def keep_index(folder: Path, articles: Articles) -> SubjectIndex:
    """Make the index of all posts and keep it, unless the one that is kept is of just these; return it."""
    kept = read_index(folder, articles)
    if kept is not None:
        return kept
    made = subject_index(articles.iterate())
    partial = folder / f"{FILE}.new"
    folder.mkdir(parents=True, exist_ok=True)
    partial.write_text(
        json.dumps({"made_from": _made_from(articles), "index": index_form(made)}, ensure_ascii=False),
        encoding="utf-8",
        errors="surrogatepass",
    )
    partial.replace(folder / FILE)
    return made


def read_index(folder: Path, articles: Articles) -> SubjectIndex | None:
    """Return the kept index if it is of the posts as they are now; `None` for any other, and for a damaged one."""
    try:
        kept = json.loads((folder / FILE).read_text(encoding="utf-8", errors="surrogatepass"))
        return _index(kept["index"]) if kept["made_from"] == _made_from(articles) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _made_from(articles: Articles) -> str:
    from hashlib import blake2b

    return blake2b(json.dumps([INDEX_VERSION, articles.identities()]).encode(), digest_size=16).hexdigest()


def _index(form: dict[str, Any]) -> SubjectIndex:
    return SubjectIndex(int(form["posts"]), tuple(_entry(entry) for entry in form["entries"]))


def _entry(form: dict[str, Any]) -> Entry:
    parts = tuple(Subheading(str(one["heading"]), _locators(one["posts"])) for one in form["subheadings"])
    return Entry(form["heading"], _locators(form["posts"]), parts, tuple(form["see_also"]), form["see"])


def _locators(posts: list[dict[str, str | None]]) -> tuple[Locator, ...]:
    return tuple(
        Locator(
            str(post["url"]), str(post["title"]), date.fromisoformat(post["published"]) if post["published"] else None
        )
        for post in posts
    )
