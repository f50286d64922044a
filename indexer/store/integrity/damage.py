"""Find what is no longer as it was written, say it, and drop what a build can make again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.store import seals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from indexer.store.database import Store

_NAMED = 3
_OF_POSTS = (seals.TEXT, seals.ARTICLE.name, seals.PAGE.name, seals.RICH_TEXT.name, seals.SITE.name)
_DERIVED = (
    *(seals.VERDICT, seals.SUMMARY, seals.PROFILE, seals.RICH_TEXT, seals.TOPIC, seals.MEMBER, seals.MODEL),
    *(seals.FOUND, seals.PLACED, seals.AREA, seals.CLUSTER, seals.FINDING, seals.SURVEY, seals.SHEET, seals.OUTLOOK),
)
"""What is made from the stored pages, besides the texts of posts."""
_TRUTH = (seals.PAGE, seals.BODY, seals.SITE, seals.SETTING)
_HISTORY = (seals.COPY, seals.VERSION)


def broken(store: Store, wanted: Iterable[seals.Seal]) -> dict[str, list[str]]:
    """Return the rows whose seals are broken, by the names of the seals."""
    found: dict[str, list[str]] = {}
    for seal in wanted:
        rows = store.connection.execute(
            f"""SELECT CAST({seal.key[0]} AS BLOB) FROM {seal.table}
            WHERE {seal.column} IS NOT {seal.sum_of(seal.table)}"""
        ).fetchall()
        if rows:
            found[seal.name] = [str(key or b"", "utf-8", "replace") for (key,) in rows]
    return found


def damaged_posts(store: Store) -> list[int]:
    """Read every post, and return the ids of those whose text or facts are damaged, those of whole pages only."""
    ids = [
        row[0]
        for row in store.connection.execute(
            f"SELECT article.id FROM article JOIN page ON page.id = article.id WHERE {seals.PAGE.whole()}"
        )
    ]
    found: list[int] = []
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        read = store.articles.get(chunk)
        found += [i for i in chunk if i not in read]
    return found


def derived(store: Store) -> int:
    """Return how many damaged rows a build makes again, besides the texts of posts."""
    return sum(len(rows) for rows in broken(store, _DERIVED).values())


def history(store: Store) -> list[str]:
    """Return the addresses of the pages of which a text or body from before is damaged."""
    return addresses(store, {key for rows in broken(store, _HISTORY).values() for key in rows})


def truth(store: Store) -> list[str]:
    """Return what is damaged and can't be made again: addresses of pages, names of sites and settings."""
    found = broken(store, _TRUTH)
    pages = {*found.pop(seals.PAGE.name, ()), *found.pop(seals.BODY.name, ())}
    others = [f"{name.partition('.')[0]} {key}" for name, keys in found.items() for key in keys]
    return [*addresses(store, pages), *others]


def addresses(store: Store, ids: Iterable[str]) -> list[str]:
    """Return the addresses of pages, as they are stored; their ids where there are none."""
    found = []
    for number in sorted(ids, key=lambda key: (len(key), key)):
        row = store.connection.execute("SELECT CAST(url AS BLOB) FROM page WHERE id = ?", (number,)).fetchone()
        found.append(str(row[0], "utf-8", "replace") if row and row[0] else f"page {number}")
    return found


def drop_derived(store: Store) -> None:
    """Drop every damaged row that the build which follows makes again, so that it counts as absent."""
    if not (found := broken(store, (*_DERIVED, seals.ARTICLE))):
        return
    with store.transaction() as connection:
        outdated = {*found.get(seals.ARTICLE.name, ()), *found.get(seals.RICH_TEXT.name, ())}
        connection.executemany("UPDATE article SET made_from = '' WHERE id = ?", ((key,) for key in outdated))
        unread = {*found.pop(seals.VERDICT.name, ()), *found.get(seals.SUMMARY.name, ())}
        connection.executemany(
            "UPDATE page SET is_post = NULL, verdict = NULL, judged = NULL, judgement = NULL WHERE id = ?",
            ((key,) for key in unread),
        )
        if found.keys() & {seals.MODEL.name, seals.FOUND.name, seals.AREA.name}:
            connection.execute("DELETE FROM topic_model")
            connection.execute("DELETE FROM topic_found")
            connection.execute("DELETE FROM topic_area")
        for seal in _DERIVED:
            if seal.name in found:
                connection.execute(f"DELETE FROM {seal.table} WHERE {seal.column} IS NOT {seal.sum_of(seal.table)}")


def drop_history(store: Store) -> None:
    """Drop the texts and bodies from before that are damaged."""
    with store.transaction() as connection:
        for seal in _HISTORY:
            connection.execute(f"DELETE FROM {seal.table} WHERE {seal.column} IS NOT {seal.sum_of(seal.table)}")


def sentence(store: Store, found: Mapping[str, Iterable[str]]) -> str:
    """Say what was found damaged while reading and left out."""
    from indexer.quantities import count

    posts = {key for name in _OF_POSTS for key in found.get(name, ()) if name != seals.SITE.name}
    pages = set(found.get(seals.BODY.name, ())) - posts
    others = sum(len(set(keys)) for name, keys in found.items() if name not in (*_OF_POSTS, seals.BODY.name))
    others += len(set(found.get(seals.SITE.name, ())))
    told: list[str] = []
    if posts:
        told.append(f"{count(len(posts), 'post')} ({named(addresses(store, posts))})")
    if pages:
        told.append(f"{count(len(pages), 'stored page')} ({named(addresses(store, pages))})")
    if others:
        told.append(f"{count(others, 'other row')}")
    return f"Damaged in the library, and left out: {', '.join(told)}. Mend it: blogdex doctor --fix"


def named(names: Sequence[str]) -> str:
    """Return the first few of many names."""
    return ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
