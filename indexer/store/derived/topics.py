"""Keep topics: what was found and how, what people see of it, and which posts belong where."""

from __future__ import annotations

import json
import zlib
from array import array
from datetime import date
from typing import TYPE_CHECKING

from indexer.store.connection import run_statements
from indexer.store.derived.topic_rows import Area, Member, Model, Placed, State, Topic, TopicView, Vocabulary
from indexer.store.seals import AREA, ARTICLE, MEMBER, PAGE, TOPIC

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from indexer.store.connection import Connection
    from indexer.store.derived.topic_rows import Membership

_TABLES = """
CREATE TABLE topic (
    id INTEGER PRIMARY KEY,
    label TEXT NOT NULL,
    source TEXT NOT NULL,
    terms TEXT NOT NULL
);
CREATE TABLE article_topic (
    article_id INTEGER NOT NULL REFERENCES article ON DELETE CASCADE,
    topic_id INTEGER NOT NULL REFERENCES topic ON DELETE CASCADE,
    share REAL NOT NULL,
    PRIMARY KEY (article_id, topic_id)
) WITHOUT ROWID;
CREATE INDEX article_topic_topic ON article_topic (topic_id);
CREATE TABLE topic_model (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    rules TEXT NOT NULL,
    next_id INTEGER NOT NULL,
    kept_terms INTEGER NOT NULL,
    vocabulary BLOB NOT NULL,
    weights BLOB NOT NULL,
    fitted_on BLOB NOT NULL
);
CREATE TABLE topic_found (
    id INTEGER PRIMARY KEY,
    label TEXT NOT NULL,
    source TEXT NOT NULL,
    terms TEXT NOT NULL,
    factor_terms BLOB NOT NULL,
    factor_weights BLOB NOT NULL
);
CREATE TABLE topic_placed (
    article_id INTEGER PRIMARY KEY REFERENCES article ON DELETE CASCADE,
    digest TEXT NOT NULL,
    strengths TEXT NOT NULL,
    curated TEXT NOT NULL
);
"""

_AREA_TABLE = """
CREATE TABLE topic_area (
    id INTEGER PRIMARY KEY,
    label TEXT NOT NULL,
    shown TEXT NOT NULL,
    source TEXT NOT NULL,
    terms TEXT NOT NULL,
    topics TEXT NOT NULL,
    middle_terms BLOB NOT NULL,
    middle_weights BLOB NOT NULL,
    members BLOB NOT NULL,
    seal INTEGER
);
"""

_TOPIC, _MEMBER = "id, label, source, terms", "article_id, topic_id, share"
_MODEL = "rules, next_id, kept_terms, vocabulary, weights, fitted_on"
_FOUND = "id, label, source, terms, factor_terms, factor_weights"
_AREA = "id, label, shown, source, terms, topics, middle_terms, middle_weights, members"
_PLACED = "article_id, digest, strengths, curated"


def create_topic_tables(connection: sqlite3.Connection) -> None:
    """Make the tables, inside the transaction that is open."""
    run_statements(connection, _TABLES)


def create_area_table(connection: sqlite3.Connection) -> None:
    """Make the table of areas, inside the transaction that is open."""
    run_statements(connection, _AREA_TABLE)


class Topics:
    """The topics of a library. Ids are never given twice."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def state(self) -> State:
        """Return all that an update starts from."""
        connection = self._connection.connection
        row = connection.execute(f"SELECT {_MODEL} FROM topic_model").fetchone()
        found, factors = {}, {}
        for i, label, source, terms, numbers, weights in connection.execute(
            f"SELECT {_FOUND} FROM topic_found ORDER BY id"
        ):
            found[i] = Topic(i, label, source, tuple(json.loads(terms)))
            factors[i] = dict(zip(_integers(numbers), _floats(weights), strict=True))
        placed = {
            i: Placed(digest, _by_id(weights), json.loads(curated))
            for i, digest, weights, curated in connection.execute(
                f"SELECT {_PLACED} FROM topic_placed ORDER BY article_id"
            )
        }
        if row is None:
            return State(rules="", next_id=1, model=None, found={}, placed=placed)
        rules, next_id, keep, terms, weights, fitted_on = row
        vocabulary = Vocabulary(json.loads(zlib.decompress(terms)), _floats(zlib.decompress(weights)), keep)
        known = {int(i): digest for i, digest in json.loads(zlib.decompress(fitted_on)).items()}
        model = Model(vocabulary, factors, known) if known else None
        areas = {area.named.id: area for area in self._areas("label")}
        return State(rules=rules, next_id=next_id, model=model, found=found, placed=placed, areas=areas)

    def areas(self) -> list[Area]:
        """Return the areas as people see them, by id."""
        return self._areas("shown")

    def _areas(self, label: str) -> list[Area]:
        rows = self._connection.connection.execute(
            f"""SELECT id, {label}, source, terms, topics, middle_terms, middle_weights, members FROM topic_area
            WHERE {AREA.whole()} ORDER BY id"""
        )
        return [
            Area(
                Topic(i, name, source, tuple(json.loads(terms))),
                tuple(json.loads(topics)),
                dict(zip(_integers(numbers), _floats(weights), strict=True)),
                {int(key): near for key, near in json.loads(zlib.decompress(members)).items()},
            )
            for i, name, source, terms, topics, numbers, weights, members in rows
        ]

    def save(self, state: State) -> None:
        """Keep what an update ended with."""
        model = state.model or Model(Vocabulary((), (), 0), {}, {})
        words = model.vocabulary
        weights = array("d", words.weights).tobytes()
        fit = (_packed(list(words.terms)), zlib.compress(weights), _packed(dict(model.fitted_on)))
        with self._connection.transaction() as connection:
            connection.execute(
                f"INSERT OR REPLACE INTO topic_model (id, {_MODEL}) VALUES (1, ?, ?, ?, ?, ?, ?)",
                (state.rules, state.next_id, words.keep, *fit),
            )
            connection.execute("DELETE FROM topic_found")
            connection.executemany(
                f"INSERT INTO topic_found ({_FOUND}) VALUES (?, ?, ?, ?, ?, ?)",
                [(*_row(topic), *_bytes(model.factors[topic.id])) for topic in state.found.values()],
            )
            connection.execute("DELETE FROM topic_area")
            connection.executemany(
                f"INSERT INTO topic_area ({_AREA}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [_area_row(area) for area in state.areas.values()],
            )
            connection.execute("DELETE FROM topic_placed")
            connection.executemany(
                f"INSERT INTO topic_placed ({_PLACED}) VALUES (?, ?, ?, ?)",
                [
                    (i, placed.digest, json.dumps(placed.weights), json.dumps(placed.curated, ensure_ascii=False))
                    for i, placed in state.placed.items()
                ],
            )

    def show(
        self, topics: Sequence[Topic], memberships: Iterable[Membership], areas: Mapping[int, str]
    ) -> frozenset[int]:
        """Make these what people see; return the ids of the articles that have other topics than before.

        `areas` are the names of areas, by id.
        """
        rows = [_row(topic) for topic in topics]
        members = [(member.article_id, member.topic_id, member.share) for member in memberships]
        with self._connection.transaction() as connection:
            connection.executemany(
                "UPDATE topic_area SET shown = ?2 WHERE id = ?1 AND shown IS NOT ?2", sorted(areas.items())
            )
            if connection.execute(f"SELECT {_TOPIC} FROM topic ORDER BY id").fetchall() == sorted(
                rows
            ) and connection.execute(f"SELECT {_MEMBER} FROM article_topic").fetchall() == sorted(members):
                return frozenset()
            before = self._labels()
            connection.execute("DELETE FROM article_topic")
            connection.execute("DELETE FROM topic")
            connection.executemany(f"INSERT INTO topic ({_TOPIC}) VALUES (?, ?, ?, ?)", rows)
            connection.executemany(f"INSERT INTO article_topic ({_MEMBER}) VALUES (?, ?, ?)", members)
            after = self._labels()
        return frozenset(i for i in before.keys() | after.keys() if before.get(i) != after.get(i))

    def _labels(self) -> dict[int, tuple[str, ...]]:
        rows = self._connection.connection.execute(
            """SELECT article_id, label FROM article_topic JOIN topic ON topic.id = topic_id
            ORDER BY article_id, share DESC, label"""
        )
        labels: dict[int, tuple[str, ...]] = {}
        for article_id, label in rows:
            labels[article_id] = (*labels.get(article_id, ()), label)
        return labels

    def shown(self) -> list[Topic]:
        """Return the topics that people see, by id."""
        rows = self._connection.connection.execute(f"SELECT {_TOPIC} FROM topic WHERE {TOPIC.whole()} ORDER BY id")
        return [Topic(i, label, source, tuple(json.loads(terms))) for i, label, source, terms in rows]

    def views(self, site_id: int | None = None) -> list[TopicView]:
        """Return the topics with their posts that are not gone, of a site or of all, topics with most posts first."""
        members: dict[int, list[Member]] = {}
        for topic_id, article_id, url, title, published, share in self._connection.connection.execute(
            f"""SELECT topic_id, article.id, page.url, title, published, share FROM article_topic
            JOIN article ON article.id = article_id JOIN page ON page.id = article_id
            WHERE page.gone_at IS NULL AND (?1 IS NULL OR page.site_id = ?1)
            AND {MEMBER.whole()} AND {ARTICLE.whole()} AND {PAGE.whole()} ORDER BY topic_id, share DESC, page.url""",
            (site_id,),
        ):
            day = date.fromisoformat(published) if published else None
            members.setdefault(topic_id, []).append(Member(article_id, url, title, day, share))
        views = [TopicView(topic, tuple(members[topic.id])) for topic in self.shown() if topic.id in members]
        return sorted(views, key=lambda view: (-len(view.members), view.topic.label, view.topic.id))

    def others(self, site_id: int | None = None) -> list[Member]:
        """Return the posts that have no topic, newest first."""
        rows = self._connection.connection.execute(
            f"""SELECT article.id, page.url, title, published FROM article JOIN page ON page.id = article.id
            WHERE page.gone_at IS NULL AND (?1 IS NULL OR page.site_id = ?1)
            AND article.id NOT IN (SELECT article_id FROM article_topic) AND {ARTICLE.whole()} AND {PAGE.whole()}
            ORDER BY published DESC, page.url""",
            (site_id,),
        )
        return [Member(i, url, title, date.fromisoformat(day) if day else None, 0.0) for i, url, title, day in rows]


def _row(topic: Topic) -> tuple[int, str, str, str]:
    return topic.id, topic.label, topic.source, json.dumps(topic.terms, ensure_ascii=False)


def _area_row(area: Area) -> tuple[object, ...]:
    i, label, source, terms = _row(area.named)
    return (i, label, label, source, terms, json.dumps(area.topics), *_bytes(area.middle), _packed(dict(area.members)))


def _bytes(factor: Mapping[int, float]) -> tuple[bytes, bytes]:
    return array("i", factor.keys()).tobytes(), array("d", factor.values()).tobytes()


def _packed(plain: object) -> bytes:
    return zlib.compress(json.dumps(plain, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _by_id(text: str) -> dict[int, float]:
    return {int(key): value for key, value in json.loads(text).items()}


def _integers(data: bytes) -> list[int]:
    numbers = array("i")
    numbers.frombytes(data)
    return numbers.tolist()


def _floats(data: bytes) -> list[float]:
    numbers = array("d")
    numbers.frombytes(data)
    return numbers.tolist()
