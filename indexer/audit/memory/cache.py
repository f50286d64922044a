"""Keep a survey as bytes: compressed JSON, each finding a list of its fields, read back by their types.

A library may come from a stranger: nothing is run that was read, and what does not fit the types is not taken.
"""

from __future__ import annotations

import json
import math
import types
import zlib
from dataclasses import is_dataclass
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from indexer.audit.findings import Audit
from indexer.audit.options import AUDIT_VERSION
from indexer.audit.owner.identity import Facts
from scraper.text.contacts import ValueKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from indexer.audit.options import Options

    Reader = Callable[[object], Any]

_LARGEST = 1 << 28
"""A survey of 10,000 posts has 7 MB before it is compressed. Bytes that unfold to more than this are not taken."""

_MOST = 1 << 53
"""Integers beyond this are not exact in every reader of JSON (RFC 8259)."""


def made_from(
    states: Iterable[tuple[int, str, str]], options: Options, facts: Facts | None, around: object = None
) -> str:
    """Return the digest of everything a survey depends on: posts (id, URL, digest), options, facts, and the rules.

    `around` is what else is known of the site that a survey says something of.
    """
    told = [getattr(facts or Facts(), name) for name in Facts.__slots__]
    seen = (AUDIT_VERSION, options.min_posts, options.similar, told, list(states), around)
    return blake2b(json.dumps(seen).encode(), digest_size=16).hexdigest()


def pack(survey: Audit) -> bytes:
    """Return a survey as bytes."""
    return zlib.compress(json.dumps(survey, default=_plain).encode(), 1)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else [getattr(value, name) for name in _fields(type(value))]


def _fields(kind: type[Any]) -> tuple[str, ...]:
    return tuple(kind.__slots__)


def unpack(data: object) -> Audit | None:
    """Return the survey that bytes hold; `None` where they are damaged."""
    if not isinstance(data, bytes):
        return None
    try:
        unfolding = zlib.decompressobj()
        text = unfolding.decompress(data, _LARGEST)
        survey = _reader(Audit)(json.loads(text)) if unfolding.eof else None
    except (ValueError, zlib.error, RecursionError):
        return None
    return survey if isinstance(survey, Audit) and _is_whole(survey) else None


def _is_whole(survey: Audit) -> bool:
    """Tell whether every deviation names a cluster that is there."""
    numbers = {"", *map(str, range(len(survey.clusters)))}
    return all(deviation.cluster in numbers for deviation in survey.deviations)


def _reader(kind: type[Any]) -> Reader:
    """Return what reads a value of a type from JSON. It raises `ValueError` for one of another type."""
    origin, inner = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return _record_reader(kind)
    if origin is tuple:
        return _list_reader(_reader(inner[0]))
    if origin in (Union, types.UnionType):
        return _optional_reader(_reader(inner[0]))
    if kind is date:
        return _read_date
    return _value_reader(_is_one_of(inner) if origin is Literal else _CHECKS[kind])


def _record_reader(kind: type[Any]) -> Reader:
    hints = get_type_hints(kind, localns={"date": date, "ValueKind": ValueKind})
    readers = [_reader(hints[name]) for name in _fields(kind)]

    def read(value: object) -> object:
        if not isinstance(value, list):
            raise ValueError
        return kind(*(reader(part) for reader, part in zip(readers, value, strict=True)))

    return read


def _list_reader(reader: Reader) -> Reader:
    def read(value: object) -> object:
        if not isinstance(value, list):
            raise ValueError
        return tuple(map(reader, value))

    return read


def _optional_reader(reader: Reader) -> Reader:
    return lambda value: None if value is None else reader(value)


def _value_reader(fits: Callable[[Any], bool]) -> Reader:
    def read(value: object) -> object:
        if not fits(value):
            raise ValueError
        return value

    return read


def _read_date(value: object) -> date:
    if not isinstance(value, str):
        raise ValueError
    return date.fromisoformat(value)


def _is_one_of(known: tuple[Any, ...]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in known


_CHECKS: dict[Any, Callable[[Any], bool]] = {
    str: lambda value: isinstance(value, str),
    bool: lambda value: isinstance(value, bool),
    int: lambda value: type(value) is int and abs(value) < _MOST,
    float: lambda value: type(value) in (int, float) and math.isfinite(value),
}
