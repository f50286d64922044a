"""Read and write `topics.toml`: what people decided about topics. It always wins over what was found."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from indexer.analysis import analyzer, fold_label
from scraper.errors import BlogdexError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from indexer.topics.terms import Reading

FILE = "topics.toml"
_HEAD = """# What people decided about topics. A table [[topic]] makes a topic of your own:
#   name = "Chronic pain"
#   phrases = ["chronic pain", "nerve pain", "CRPS"]     posts with one of these belong to it
#   exclude = ["growing pains"]                          posts with one of these do not
# [rename] and [merge] are written by `blogdex topics --rename` and `--merge`; topics go by their ids.
"""


class TopicsFileError(BlogdexError):
    """Say that `topics.toml` can't be used."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"{path} could not be used: {reason}. Correct the file, or delete it to start afresh.")


@dataclass(frozen=True, slots=True)
class CuratedTopic:
    """A topic that people defined: a post with one of `phrases` and none of `exclude` belongs to it."""

    name: str
    phrases: tuple[str, ...]
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Curated:
    """What people decided: topics of their own, other names for found ones, found topics that are one.

    `renamed` goes from topic id to name, `merged` from the id of a topic to that of the topic it became part of.
    """

    topics: tuple[CuratedTopic, ...] = ()
    renamed: Mapping[int, str] = field(default_factory=dict)
    merged: Mapping[int, int] = field(default_factory=dict)

    def final(self, topic_id: int) -> int:
        """Return the id of the topic that this one became part of, its own where it stands for itself."""
        seen = {topic_id}
        while topic_id in self.merged and self.merged[topic_id] not in seen:
            topic_id = self.merged[topic_id]
            seen.add(topic_id)
        return topic_id

    def rules(self) -> str:
        """Return a text that changes when posts may belong to other curated topics than before."""
        return json.dumps([(topic.name, topic.phrases, topic.exclude) for topic in self.topics])


def read_curated(path: Path) -> Curated:
    """Read the file; nothing was decided where there is none. Raise `TopicsFileError`."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Curated()
    except (OSError, UnicodeDecodeError) as error:
        raise TopicsFileError(path, str(error)) from error
    return parse_curated(text, path)


def parse_curated(text: str, path: Path | str = FILE) -> Curated:
    """Read the text of the file. Raise `TopicsFileError` where it says something else than it may."""
    try:
        plain = tomllib.loads(text)
        topics = plain.get("topic", [])
        if not isinstance(topics, list):
            raise TypeError("write [[topic]] with two brackets")
        return Curated(
            tuple(_topic(item) for item in topics),
            {int(key): _name(value) for key, value in _table(plain, "rename").items()},
            {int(key): int(value) for key, value in _table(plain, "merge").items()},
        )
    except (ValueError, TypeError) as error:
        raise TopicsFileError(path, str(error)) from error


def _table(plain: dict[str, Any], name: str) -> dict[str, Any]:
    table = plain.get(name, {})
    if not isinstance(table, dict):
        raise TypeError(f"[{name}] must be a table")
    return table


def _topic(item: object) -> CuratedTopic:
    if not isinstance(item, dict):
        raise TypeError("write [[topic]] with two brackets")
    unknown = sorted(set(item) - {"name", "phrases", "exclude"})
    if unknown:
        raise ValueError(f"a topic has no {unknown[0]!r}, only name, phrases and exclude")
    name = _name(item.get("name"))
    return CuratedTopic(name, _words(item, "phrases") or (name,), _words(item, "exclude"))


def _name(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a topic needs a name")
    return " ".join(value.split())


def _words(item: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = item.get(key, [])
    if not isinstance(value, list) or not all(isinstance(phrase, str) for phrase in value):
        raise TypeError(f"{key} must be a list of phrases in quotes")
    return tuple(phrase for phrase in value if phrase.strip())


def with_rename(text: str, topic_id: int, name: str) -> str:
    """Return the file's text with the topic renamed; everything else stays as people wrote it."""
    return _with_entry(text, "rename", f"{topic_id} = {json.dumps(_name(name), ensure_ascii=False)}", topic_id)


def with_merge(text: str, topic_id: int, into: int) -> str:
    """Return the file's text with one topic made part of another; everything else stays as people wrote it."""
    return _with_entry(text, "merge", f"{topic_id} = {into}", topic_id)


def _with_entry(text: str, table: str, line: str, topic_id: int) -> str:
    lines = (text or _HEAD).rstrip("\n").split("\n")
    header = re.compile(rf"\s*\[\s*{table}\s*\]\s*(#.*)?")
    at = next((i for i, found in enumerate(lines) if header.fullmatch(found)), None)
    if at is None:
        return "\n".join([*lines, "", f"[{table}]", line]) + "\n"
    end = next((i for i in range(at + 1, len(lines)) if lines[i].lstrip().startswith("[")), len(lines))
    entry = re.compile(rf"\s*(['\"]?){topic_id}\1\s*=.*")
    old = next((i for i in range(at + 1, end) if entry.fullmatch(lines[i])), None)
    if old is not None:
        lines[old] = line
    else:
        while end > at + 1 and not lines[end - 1].strip():
            end -= 1
        lines.insert(end, line)
    return "\n".join(lines) + "\n"


def curated_shares(topic: CuratedTopic, readings: Iterable[Reading]) -> dict[int, float]:
    """Return the posts that a curated topic holds, each with how much of it is about the topic, 0-1.

    A phrase in the title, a category or a tag makes it 1; in the text it counts by how often it stands there.
    """
    shares: dict[int, float] = {}
    for reading in readings:
        analyse = analyzer(reading.language)
        text = f" {' '.join(reading.tokens)} "
        if any(_times(text, phrase, analyse.terms(phrase)) for phrase in topic.exclude):
            continue
        labels = {fold_label(label) for label in (*reading.categories, *reading.tags)}
        title = f" {' '.join(analyse.terms(reading.title))} "
        times = 0
        for phrase in topic.phrases:
            sought = analyse.terms(phrase)
            if fold_label(phrase) in labels or _times(title, phrase, sought):
                shares[reading.id] = 1.0
            times += _times(text, phrase, sought)
        if times and reading.id not in shares:
            shares[reading.id] = round(min(0.95, 1.0 - 0.6**times), 4)
    return shares


def _times(text: str, phrase: str, sought: list[str]) -> int:
    return text.count(f" {' '.join(sought)} ") if phrase.strip() and sought else 0
