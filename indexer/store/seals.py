"""Seal rows: a checksum beside each row tells whether it still is what was written.

Every writing connection keeps the seals by temporary triggers, so that no statement can forget them; whoever reads asks
SQLite for `whole(...)`. A CRC-32 notices every change of up to 32 bits in a row; of others it misses one in four
billion.
"""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Value = bytes | None


class Seal(NamedTuple):
    """A seal: the column that holds it, the columns that it covers, and those that name the row.

    One that is `strict` stays broken when a covered column is written in a row whose seal is broken.
    """

    table: str
    column: str
    key: tuple[str, ...]
    covers: tuple[str, ...]
    strict: bool = False

    @property
    def name(self) -> str:
        """Return what damage of such a row is called."""
        return f"{self.table}.{self.column}"

    def sum_of(self, row: str) -> str:
        """Return SQL for the checksum of a row, `row` being the name that it has in the statement."""
        return f"row_sum({', '.join(f'CAST({row}.{name} AS BLOB)' for name in (*self.key, *self.covers))})"

    def whole(self, row: str | None = None) -> str:
        """Return SQL that is true for a row that is as it was written; a damaged one is noted (`Damage`)."""
        row = row or self.table
        names = ", ".join(f"CAST({row}.{name} AS BLOB)" for name in (*self.key, *self.covers))
        return f"whole('{self.name}', {row}.{self.column}, CAST({row}.{self.key[0]} AS BLOB), {names})"

    @property
    def is_new(self) -> str:
        """Return SQL that is true, in a trigger, for the row that was written."""
        return " AND ".join(f"{name} = NEW.{name}" for name in self.key)

    def on_change(self) -> str:
        """Return the statement that keeps the seal where a column that it covers is written."""
        value = self.sum_of("NEW")
        if self.strict:
            value = f"iif(OLD.{self.column} IS {self.sum_of('OLD')}, {value}, 0)"
        return (
            f"CREATE TEMP TRIGGER {self.table}_{self.column} AFTER UPDATE OF {', '.join((*self.key, *self.covers))} "
            f"ON main.{self.table} BEGIN UPDATE {self.table} SET {self.column} = {value} WHERE {self.is_new}; END"
        )


_OF_PAGES = "site_id url final_url status headers fetched_at gone_at lastmod codec digest evidence source marked"
_OF_ARTICLES = (
    "page_title title author published modified page_language language canonical image categories tags words digest "
    "heard reviewer text_sum laid_sum edit_url"
)
_OF_COPIES = "run final_url status headers fetched_at lastmod codec body digest witness stated"
PAGE = Seal("page", "seal", ("id",), tuple(_OF_PAGES.split()), strict=True)
BODY = Seal("page", "body_seal", ("id",), ("body", "witness", "stated"))
VERDICT = Seal("page", "verdict_seal", ("id",), ("is_post", "verdict", "judged", "judgement"))
ARTICLE = Seal("article", "seal", ("id",), tuple(_OF_ARTICLES.split()))
SITE = Seal("site", "seal", ("id",), ("key", "start_url", "crawled_at"))
SETTING = Seal("setting", "seal", ("name",), ("value",))
SUMMARY = Seal("sketch", "seal", ("page_id",), ("made_from", "data"))
PROFILE = Seal("profile", "seal", ("site_id",), ("digest", "data"))
RICH_TEXT = Seal("rich_text", "seal", ("article_id",), ("data",))
TOPIC = Seal("topic", "seal", ("id",), ("label", "source", "terms"))
MEMBER = Seal("article_topic", "seal", ("article_id", "topic_id"), ("share",))
MODEL = Seal("topic_model", "seal", ("id",), ("rules", "next_id", "kept_terms", "vocabulary", "weights", "fitted_on"))
FOUND = Seal("topic_found", "seal", ("id",), ("label", "source", "terms", "factor_terms", "factor_weights"))
PLACED = Seal("topic_placed", "seal", ("article_id",), ("digest", "strengths", "curated"))
AREA = Seal(
    "topic_area",
    "seal",
    ("id",),
    ("label", "shown", "source", "terms", "topics", "middle_terms", "middle_weights", "members"),
)
CLUSTER = Seal("cluster", "seal", ("site_id", "id"), ("text", "digests", "posts", "first_seen", "since"))
FINDING = Seal("finding", "seal", ("site_id", "id"), ("first_seen", "since"))
SURVEY = Seal("survey", "seal", ("site_id",), ("made_from", "data"))
SHEET = Seal("sheet", "seal", ("page_id",), ("digest", "data"))
OUTLOOK = Seal("outlook", "seal", ("site_id",), ("revision", "made_from", "data"))
COPY = Seal("page_copy", "seal", ("page_id", "state"), tuple(_OF_COPIES.split()))
VERSION = Seal("version", "seal", ("page_id", "number"), ("at", "page_digest", "title", "text"))

TEXT = "article.text"
"""What damage is called that is in the blocks of an article; its key is the article's id."""

SEALS = (
    *(PAGE, BODY, VERDICT, ARTICLE, SITE, SETTING, SUMMARY, PROFILE, RICH_TEXT, TOPIC, MEMBER, MODEL, FOUND, PLACED),
    *(AREA, CLUSTER, FINDING, SURVEY, SHEET, OUTLOOK, COPY, VERSION),
)


def row_sum(*values: Value) -> int:
    """Return the checksum of the values of a row, `None` told from an empty value."""
    return crc32(b"\x1f".join([b"\x00" if value is None else value for value in values]))


class Damage:
    """What was found damaged while reading: the names of seals with the keys of the rows."""

    def __init__(self) -> None:
        self.found: dict[str, set[str]] = {}

    def note(self, seal: str, key: object) -> None:
        """Remember that a row is not what was written."""
        self.found.setdefault(seal, set()).add(str(key))

    def whole(self, seal: str, kept: int | None, key: Value, *values: Value) -> bool:
        """Tell whether a row is as it was written, and note it where it is not."""
        if kept == row_sum(*values):
            return True
        self.note(seal, key.decode("utf-8", "replace") if key else "")
        return False


def watch(connection: sqlite3.Connection) -> Damage:
    """Teach a connection what `row_sum` and `whole` are, and return where damage is noted."""
    damage = Damage()
    connection.create_function("row_sum", -1, row_sum, deterministic=True)
    connection.create_function("whole", -1, damage.whole)
    return damage


def rows_of(connection: sqlite3.Connection, statement: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement, also where damage left a text that is no UTF-8 any more."""
    try:
        return connection.execute(statement, values).fetchall()
    except UnicodeDecodeError:
        pass
    except sqlite3.OperationalError as error:
        if "decode" not in str(error):
            raise
    connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
    return connection.execute(statement, values).fetchall()


def keep_seals(connection: sqlite3.Connection) -> None:
    """See to it that whatever this connection writes is sealed; damage may have cost a table."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in there.intersection(seal.table for seal in SEALS):
        own = [seal for seal in SEALS if seal.table == table]
        for seal in own:
            connection.execute(seal.on_change())
        values = ", ".join(f"{seal.column} = {seal.sum_of('NEW')}" for seal in own)
        connection.execute(
            f"CREATE TEMP TRIGGER {table}_new AFTER INSERT ON main.{table} BEGIN "
            f"UPDATE {table} SET {values} WHERE {own[0].is_new}; END"
        )


def seal_again(connection: sqlite3.Connection, seal: Seal, key: int) -> None:
    """Seal a row as it is now, after all of it was written."""
    connection.execute(
        f"UPDATE {seal.table} SET {seal.column} = {seal.sum_of(seal.table)} WHERE {seal.key[0]} = ?", (key,)
    )


def add_seals(connection: sqlite3.Connection) -> None:
    """Give the tables of an older library their seals; what is in them is taken for whole."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    known = [seal for seal in SEALS if seal.table in there]
    for seal in known:
        if seal.column not in {row[1] for row in connection.execute(f"PRAGMA table_info({seal.table})")}:
            connection.execute(f"ALTER TABLE {seal.table} ADD COLUMN {seal.column} INTEGER")
    connection.execute("ALTER TABLE article ADD COLUMN text_sum INTEGER")
    connection.execute("ALTER TABLE article ADD COLUMN laid_sum INTEGER")
    connection.execute("ALTER TABLE article ADD COLUMN edit_url TEXT")
    for article_id, rows in _blocks(connection):
        sums = blocks_sum([row[:4] for row in rows]), blocks_sum([row[4:] for row in rows])
        connection.execute("UPDATE article SET text_sum = ?, laid_sum = ? WHERE id = ?", (*sums, article_id))
    for seal in known:
        connection.execute(f"UPDATE {seal.table} SET {seal.column} = {seal.sum_of(seal.table)}")


def seal_edit_addresses(connection: sqlite3.Connection) -> None:
    """Take where posts are edited under the seal of articles; the seal of a damaged row stays broken."""
    if any(row[1] == "edit_url" for row in connection.execute("PRAGMA table_info(article)")):
        return
    before = ARTICLE._replace(covers=tuple(name for name in ARTICLE.covers if name != "edit_url"))
    connection.execute("ALTER TABLE article ADD COLUMN edit_url TEXT")
    connection.execute(
        f"UPDATE article SET seal = iif(seal IS {before.sum_of('article')}, {ARTICLE.sum_of('article')}, 0)"
    )


def _blocks(connection: sqlite3.Connection) -> Iterable[tuple[int, list[tuple[object, ...]]]]:
    for (article_id,) in connection.execute("SELECT id FROM article ORDER BY id").fetchall():
        yield (
            article_id,
            connection.execute(
                """SELECT text, kept, role, heading, steps, position, digest, reason, detail FROM article_block
                JOIN block ON block.id = block_id JOIN path ON path.id = path_id WHERE article_id = ?
                ORDER BY position""",
                (article_id,),
            ).fetchall(),
        )


def blocks_sum(rows: Iterable[tuple[object, ...]]) -> int:
    """Return the checksum of what an article's blocks are, one row a block, in order."""
    text = "\x1e".join(["\x1f".join(map(str, row)) for row in rows])
    return crc32(text.encode("utf-8", "surrogatepass"))
