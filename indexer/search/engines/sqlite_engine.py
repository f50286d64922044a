"""Keep the index in SQLite: FTS5 matches phrases and fields, coded postings beside it give `ranking` its numbers.

The file is in WAL mode: a commit is a transaction, and who reads never waits for who writes. Postings lie in parts of
`_PART` ids each, so that a changed post rewrites little however large the index is.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from array import array
from collections import Counter, defaultdict, deque
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from indexer.analysis import ANALYSIS_VERSION, fold_label
from indexer.errors import IndexUnusableError
from indexer.search import ranking
from indexer.search.engine import ARTICLE_FIELDS, Indexed, VocabularyEntry
from indexer.search.engines.bits import bits_of, docs_of, years_of
from indexer.search.engines.execute import Reader
from indexer.search.engines.local import save_format
from indexer.search.engines.postings import Postings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from indexer.search.engine import FilterField, Location, TextField

FORMAT = f"sqlite 5, analysis {ANALYSIS_VERSION}"
"""Written beside the index; an index of another format is made again, never read."""

_FILE = "index.db"
_NEW_FILE = "index.db.new"
_PART = 4096
_PART_BYTES = _PART // 8
_TITLE = "\x01"  # stands before the terms of titles among the postings
_BUSY_S = 30.0
_LATELY = 128
_BUILDING_HASH = 1 << 25  # bytes of FTS5's own table: larger ones leave fewer parts to be merged, and to be searched
_USUAL_HASH = 1 << 20
_SCHEMA = f"""
CREATE TABLE article (id INTEGER PRIMARY KEY, digest TEXT NOT NULL, length REAL NOT NULL, filters TEXT NOT NULL,
    forms BLOB NOT NULL);
CREATE TABLE total (articles INTEGER NOT NULL, length REAL NOT NULL);
INSERT INTO total VALUES (0, 0);
CREATE TABLE posting (term TEXT, part INTEGER, docs BLOB, codes BLOB, PRIMARY KEY (term, part)) WITHOUT ROWID;
CREATE TABLE value (field TEXT, folded TEXT, value TEXT, part INTEGER, articles INTEGER, docs BLOB,
    PRIMARY KEY (field, folded, value, part)) WITHOUT ROWID;
CREATE TABLE day (part INTEGER PRIMARY KEY, days BLOB NOT NULL, docs BLOB NOT NULL);
CREATE TABLE word (word TEXT PRIMARY KEY, term TEXT, articles INTEGER) WITHOUT ROWID;
CREATE VIRTUAL TABLE text USING fts5({", ".join(ARTICLE_FIELDS)}, columnsize = 0, tokenize = "ascii tokenchars '.+#'");
CREATE VIRTUAL TABLE aside USING fts5(template, columnsize = 0, tokenize = "ascii tokenchars '.+#'");
INSERT INTO text (text, rank) VALUES ('hashsize', {_BUILDING_HASH})
"""

_INSERT_TEXT = f"INSERT INTO text (rowid, {', '.join(ARTICLE_FIELDS)}) VALUES (?, ?, ?, ?, ?)"


def _row_of(terms: Sequence[str]) -> str:
    return f'"{" ".join(terms).replace(chr(34), chr(34) * 2)}"'


def _end_of(prefix: str) -> str:
    return prefix + "\U0010ffff"


def _pack(bits: int) -> bytes:
    """Return the articles of a part, numbered from its beginning: two bytes each, or a bit for each of the part."""
    if bits.bit_count() * 2 >= _PART_BYTES:
        return bits.to_bytes(_PART_BYTES, "little")
    return array("H", docs_of(bits)).tobytes()


def _unpack(packed: bytes) -> int:
    if len(packed) == _PART_BYTES:
        return int.from_bytes(packed, "little")
    return bits_of(array("H", packed), _PART)


class _Reading:
    """The index as `indexer.search.ranking` reads it; an article's number is its id."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._lately: dict[str, Postings] = {}
        self._counts: dict[FilterField, dict[str, int]] = {}
        self._values: dict[FilterField, dict[str, int]] = {}

    @cached_property
    def _total(self) -> tuple[int, float]:
        articles, length = self._run("SELECT articles, length FROM total").fetchone()
        return articles, length

    @property
    def articles(self) -> int:
        return self._total[0]

    @property
    def mean_length(self) -> float:
        return self._total[1] / (self._total[0] or 1)

    def postings(self, term: str) -> Postings:
        known = self._lately.get(term)
        if known is None:
            if len(self._lately) >= _LATELY:
                self._lately.clear()
            known = self._lately[term] = self._read(term)
        return known

    def _read(self, term: str) -> Postings:
        bits, codes = 0, array("H")
        for part, packed, code_bytes in self._run("SELECT part, docs, codes FROM posting WHERE term = ?", (term,)):
            bits |= _unpack(packed) << part * _PART
            codes.frombytes(code_bytes)
        return Postings(bits, codes)

    def count(self, term: str) -> int:
        """Return the number of articles with the term."""
        if term in self._lately:
            return len(self._lately[term].codes)
        return int(self._run("SELECT total(length(codes)) / 2 FROM posting WHERE term = ?", (term,)).fetchone()[0])

    def titles(self, term: str) -> Postings:
        return self.postings(_TITLE + term)

    def together(self, runs: Sequence[tuple[str, ...]], docs: Sequence[int]) -> Sequence[set[int]]:
        marks, columns = ",".join("?" * len(docs)), ", ".join(ARTICLE_FIELDS)
        rows = self._run(f"SELECT rowid, {columns} FROM text WHERE rowid IN ({marks})", docs).fetchall()
        wanted = [f" {' '.join(run)} " for run in runs]
        found: list[set[int]] = [set() for _ in runs]
        for doc, *texts in rows:
            whole = f" {' | '.join(texts)} "
            for number, terms in enumerate(wanted):
                if terms in whole:
                    found[number].add(doc)
        return found

    def forms(self, docs: Sequence[int]) -> Iterable[tuple[int, bytes]]:
        marks = ",".join("?" * len(docs))
        return self._run(f"SELECT id, forms FROM article WHERE id IN ({marks})", docs).fetchall()

    def terms(self, prefix: str) -> Iterable[str]:
        found = self._run("SELECT DISTINCT term FROM posting WHERE term >= ? AND term < ?", (prefix, _end_of(prefix)))
        return [term for (term,) in found]

    def places(self, terms: Sequence[str], fields: Sequence[TextField]) -> Iterable[int]:
        wanted = [name for name in ARTICLE_FIELDS if name in fields]
        found: list[str] = []
        if wanted:
            among = "" if len(wanted) == len(ARTICLE_FIELDS) else f"{{{' '.join(wanted)}}} : "
            # One row with all of them: fetching a row takes longer than finding it.
            found += self._run(_PLACES.format("text"), (f"{among}{_row_of(terms)}",)).fetchone()[0].split()
        if "template" in fields:
            found += self._run(_PLACES.format("aside"), (_row_of(terms),)).fetchone()[0].split()
        return map(int, found)

    def filtered(self, name: FilterField, folded: str) -> int:
        found = 0
        for part, docs in self._run("SELECT part, docs FROM value WHERE field = ? AND folded = ?", (name, folded)):
            found |= _unpack(docs) << part * _PART
        return found

    def values(self, name: FilterField) -> Iterable[tuple[str, int]]:
        if name not in self._values:
            found = self._values[name] = {}
            for value, part, docs in self._run("SELECT value, part, docs FROM value WHERE field = ?", (name,)):
                found[value] = found.get(value, 0) | _unpack(docs) << part * _PART
        return self._values[name].items()

    def counts(self, name: FilterField) -> dict[str, int]:
        """Return the values of a filter field with their number of articles."""
        if name not in self._counts:
            rows = self._run("SELECT value, sum(articles) FROM value WHERE field = ? GROUP BY value", (name,))
            self._counts[name] = dict(rows.fetchall())
        return self._counts[name]

    def everything(self) -> int:
        return self._days[1]

    @cached_property
    def _days(self) -> tuple[array[int], int]:
        days, docs = array("I"), 0
        for part, packed, known in self._run("SELECT part, days, docs FROM day ORDER BY part"):
            days.frombytes(bytes(4 * (part * _PART - len(days))))
            days.frombytes(packed)
            docs |= _unpack(known) << part * _PART
        return days, docs

    def days(self) -> Sequence[int]:
        return self._days[0]

    @cached_property
    def _years(self) -> Mapping[int, int]:
        return years_of(self.days(), len(self.days()))

    def years(self) -> Mapping[int, int]:
        return self._years

    def id_of(self, doc: int) -> int:
        return doc


_PLACES = "SELECT coalesce(group_concat(rowid, ' '), '') FROM {0} WHERE {0} MATCH ?"


class _Changes:
    """Gather what changes in the postings of one part, and write it at once."""

    def __init__(self, connection: sqlite3.Connection, part: int) -> None:
        self._connection = connection
        self._part = part
        self._is_new = not connection.execute("SELECT 1 FROM day WHERE part = ?", (part,)).fetchone()
        self._removed = 0
        self._removed_terms: set[str] = set()
        self._removed_values: set[tuple[str, str]] = set()
        # An article, counted from the beginning of the part, and its code as one number.
        self._postings: defaultdict[str, array[int]] = defaultdict(_no_postings)
        self._values: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._days: dict[int, int] = {}
        self._words: Counter[str] = Counter()
        self._terms_of_words: dict[str, str] = {}
        self._in_order = True

    def remove(self, article_id: int) -> tuple[int, float]:
        """Take an article out; return by how much articles and length change."""
        doc = article_id % _PART
        if self._is_new and doc not in self._days:
            return 0, 0.0
        import json

        run = self._connection.execute
        row = run("SELECT length, filters FROM article WHERE id = ?", (article_id,)).fetchone()
        if row is None:
            return 0, 0.0
        columns = run(f"SELECT {', '.join(ARTICLE_FIELDS)} FROM text WHERE rowid = ?", (article_id,)).fetchone()
        self._removed |= 1 << doc
        self._removed_terms.update(term for column in columns for term in column.split())
        titled: dict[TextField, list[str]] = {"title": columns[0].split()}
        self._removed_terms.update(_TITLE + term for term in ranking.title_codes(Indexed(0, "", titled)))
        self._removed_values.update((name, value) for name, values in json.loads(row[1]).items() for value in values)
        if doc in self._days:
            self._forget(doc)
        run("DELETE FROM text WHERE rowid = ?", (article_id,))
        run("DELETE FROM aside WHERE rowid = ?", (article_id,))
        run("DELETE FROM article WHERE id = ?", (article_id,))
        return -1, -row[0]

    def _forget(self, doc: int) -> None:
        """Drop what was gathered of an article that comes a second time."""
        del self._days[doc]
        for term in self._removed_terms & self._postings.keys():
            self._postings[term] = array("I", [posting for posting in self._postings[term] if posting >> 16 != doc])
        for key, docs in self._values.items():
            self._values[key] = docs & ~(1 << doc)

    def add(self, article: Indexed) -> tuple[int, float]:
        """Put an article in; return by how much articles and length change."""
        doc = article.id % _PART
        length = ranking.weighted_length(article.fields)
        filters = {name: list(dict.fromkeys(values)) for name, values in article.filters.items()}
        forms = ranking.form_codes(article.words).tobytes()
        run = self._connection.execute
        run("INSERT INTO article VALUES (?, ?, ?, ?, ?)", (article.id, article.digest, length, _encode(filters), forms))
        run(_INSERT_TEXT, (article.id, *(" ".join(article.fields.get(name, ())) for name in ARTICLE_FIELDS)))
        if template := article.fields.get("template"):
            run("INSERT INTO aside (rowid, template) VALUES (?, ?)", (article.id, " ".join(template)))
        self._words.update(article.words.keys())
        self._terms_of_words.update(article.words)
        postings = self._postings
        terms, codes = ranking.codes(article, doc)
        # A loop that the interpreter runs itself: most of the time of a build is spent here.
        deque(map(array.append, map(postings.__getitem__, terms), codes), maxlen=0)
        for term, posting in ranking.title_codes(article, doc).items():
            postings[_TITLE + term].append(posting)
        for name, values in filters.items():
            for value in values:
                self._values[name, value] |= 1 << doc
        self._in_order = self._in_order and doc > next(reversed(self._days), -1)
        self._days[doc] = ranking.day_number(article.published)
        return 1, length

    def write(self) -> None:
        """Write the postings, values, days and words of the part."""
        self._write_postings()
        self._write_values()
        row = self._connection.execute("SELECT days, docs FROM day WHERE part = ?", (self._part,)).fetchone()
        days = array("I", row[0] if row else bytes(4 * _PART))
        docs = (_unpack(row[1]) if row else 0) & ~self._removed | bits_of(self._days, _PART)
        for doc, day in self._days.items():
            days[doc] = day
        self._connection.execute(
            "INSERT OR REPLACE INTO day VALUES (?, ?, ?)", (self._part, days.tobytes(), _pack(docs))
        )
        self._connection.executemany(
            "INSERT INTO word VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET articles = articles + excluded.articles",
            [(word, self._terms_of_words[word], count) for word, count in sorted(self._words.items())],
        )

    def _write_postings(self) -> None:
        save = "INSERT OR REPLACE INTO posting VALUES (?, ?, ?, ?)"
        if self._is_new:
            rows = ((term, self._part, *self._packed(added)) for term, added in sorted(self._postings.items()) if added)
            self._connection.executemany(save, rows)
            return
        changed = []
        for term in sorted(self._postings.keys() | self._removed_terms):
            bits, codes = self._changed(term)
            if bits:
                changed.append((term, self._part, _pack(bits), codes.tobytes()))
            else:
                self._connection.execute("DELETE FROM posting WHERE term = ? AND part = ?", (term, self._part))
        self._connection.executemany(save, changed)

    def _packed(self, postings: array[int]) -> tuple[bytes, bytes]:
        """Return the articles and the codes of postings that were gathered."""
        if not self._in_order:
            postings = array("I", sorted(postings))
        halves = array("H", postings.tobytes())
        first, second = (0, 1) if sys.byteorder == "little" else (1, 0)
        docs = halves[second::2]
        packed = docs.tobytes() if 2 * len(docs) < _PART_BYTES else _pack(bits_of(docs, _PART))
        return packed, halves[first::2].tobytes()

    def _changed(self, term: str) -> tuple[int, array[int]]:
        """Return the articles and codes of a term without those removed, with those gathered."""
        find = "SELECT docs, codes FROM posting WHERE term = ? AND part = ?"
        row = self._connection.execute(find, (term, self._part)).fetchone()
        bits, codes = (_unpack(row[0]), array("H", row[1])) if row else (0, array("H"))
        for doc in docs_of(bits & self._removed):
            del codes[(bits & ((1 << doc) - 1)).bit_count()]
            bits ^= 1 << doc
        for posting in self._postings.get(term, ()):
            doc = posting >> 16
            codes.insert((bits & ((1 << doc) - 1)).bit_count(), posting & 0xFFFF)
            bits |= 1 << doc
        return bits, codes

    def _write_values(self) -> None:
        run = self._connection.execute
        where = "field = ? AND folded = ? AND value = ? AND part = ?"
        for name, value in sorted(self._values.keys() | self._removed_values):
            key = (name, fold_label(value), value, self._part)
            row = run(f"SELECT docs FROM value WHERE {where}", key).fetchone()
            docs = (_unpack(row[0]) if row else 0) & ~self._removed | self._values.get((name, value), 0)
            if docs:
                run("INSERT OR REPLACE INTO value VALUES (?, ?, ?, ?, ?, ?)", (*key, docs.bit_count(), _pack(docs)))
            else:
                run(f"DELETE FROM value WHERE {where}", key)


def _no_postings() -> array[int]:
    return array("I")


def _encode(filters: Mapping[FilterField, Sequence[str]]) -> str:
    import json

    return json.dumps(filters, ensure_ascii=False)


@contextmanager
def _damage_explained() -> Iterator[None]:
    """Say of whatever a damaged file makes of reading it that the index can't be used."""
    try:
        yield
    except (sqlite3.DatabaseError, ValueError, TypeError, OverflowError, IndexError) as problem:
        raise IndexUnusableError from problem


class SqliteEngine(Reader):
    """Search and change one index file."""

    name = "sqlite"
    form = FORMAT

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self._connection: sqlite3.Connection | None = None
        self._opened: _Reading | None = None

    def _index(self) -> _Reading | None:
        """Return the index as it was when first asked for; `None` while nothing was ever written."""
        if self._opened is None and self._is_written():
            connection = self._connect()
            connection.execute("BEGIN")
            self._opened = _Reading(connection)
        return self._opened

    def _connect(self) -> sqlite3.Connection:
        if self._connection is None:
            path = f"{self._folder}/{_FILE}"
            self._connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA mmap_size = 1000000000")
        return self._connection

    _explained = staticmethod(_damage_explained)

    def vocabulary(self, prefix: str = "") -> Mapping[str, VocabularyEntry]:
        """Return the folded words that start so."""
        with _damage_explained():
            if self._index() is None:
                return {}
            rows = self._connect().execute(
                "SELECT word, term, articles FROM word WHERE word >= ? AND word < ?", (prefix, _end_of(prefix))
            )
            return {word: VocabularyEntry(term, articles) for word, term, articles in rows}

    def ids(self) -> Iterable[tuple[int, str]]:
        """Return id and digest of every article in the index."""
        with _damage_explained():
            if self._index() is None:
                return []
            return self._connect().execute("SELECT id, digest FROM article ORDER BY id").fetchall()

    def replace(self, articles: Iterable[Indexed]) -> None:
        """Add the articles, replacing those with the same id; all of them become visible together."""
        with self._writing() as connection:
            changes: dict[int, _Changes] = {}
            total = [0, 0.0]
            for article in articles:
                part = article.id // _PART
                if part not in changes:
                    # Articles mostly come in the order of their ids: a part left behind is done.
                    _write_all(changes)
                    changes[part] = _Changes(connection, part)
                for change in (changes[part].remove(article.id), changes[part].add(article)):
                    total[0] += change[0]
                    total[1] += change[1]
            _write_all(changes)
            connection.execute("UPDATE total SET articles = articles + ?, length = length + ?", total)

    def delete(self, ids: Iterable[int]) -> None:
        """Take the articles out; unknown ids are no error."""
        unwanted = sorted(set(ids))
        if not unwanted or not self._check_format():
            return
        with self._writing() as connection:
            changes: dict[int, _Changes] = {}
            total = [0, 0.0]
            for number in unwanted:
                part = number // _PART
                change = changes.setdefault(part, _Changes(connection, part)).remove(number)
                total = [total[0] + change[0], total[1] + change[1]]
            _write_all(changes)
            connection.execute("UPDATE total SET articles = articles + ?, length = length + ?", total)

    def close(self) -> None:
        """Let go of files."""
        if self._connection is not None:
            self._connection.close()
        self._connection = self._opened = None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection in a transaction that is kept only where the block ends without an error."""
        self.close()
        with _damage_explained():
            from pathlib import Path

            folder = Path(self._folder)
            folder.mkdir(parents=True, exist_ok=True)
            new = not self._check_format()
            path = folder / (_NEW_FILE if new else _FILE)
            if new:
                path.unlink(missing_ok=True)
            connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
        try:
            with _damage_explained():
                _prepare(connection, new)
            yield connection
            if new:
                connection.execute("INSERT INTO text (text, rank) VALUES ('hashsize', ?)", (_USUAL_HASH,))
            connection.execute("COMMIT")
            if new:
                connection.execute("PRAGMA journal_mode = WAL")
        except BaseException:
            if connection.in_transaction and not new:
                connection.execute("ROLLBACK")
            raise
        finally:
            connection.close()
        if new:
            _sync(path)
            path.replace(folder / _FILE)
            save_format(folder, FORMAT)


def _prepare(connection: sqlite3.Connection, new: bool) -> None:
    """Begin a transaction; a new file needs no journal: it gets its name when it is complete."""
    connection.execute(f"PRAGMA synchronous = {'OFF' if new else 'NORMAL'}")
    connection.execute(f"PRAGMA journal_mode = {'OFF' if new else 'WAL'}")
    connection.execute("BEGIN IMMEDIATE")
    if new:
        for statement in _SCHEMA.split(";\n"):
            connection.execute(statement)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _write_all(changes: dict[int, _Changes]) -> None:
    for change in changes.values():
        change.write()
    changes.clear()


def open_index(location: Location) -> SqliteEngine:
    """Open the index in its folder; nothing is written before the first article comes."""
    return SqliteEngine(f"{location.folder}/sqlite")
