"""Load what is used of Whoosh, and let what it reads make nothing but what an index is made of.

Whoosh pickles its schema, its tables and its postings, and an index may come from a stranger: whatever Whoosh unpickles
goes through `_Plain`. Some of its modules name others that are never used here, at a third of the time that loading it
takes.
"""

from __future__ import annotations

import io
import pickle
import re
import sys
import types
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEEDLESS = {
    "urllib.request": ("urlretrieve",),
    "whoosh.lang.morph_en": ("variations",),
    "whoosh.legacy": ("toc_loaders",),
}
"""Modules that Whoosh imports, and what it takes from them."""
_HELD = frozenset(
    (
        ("copyreg", "_reconstructor"),
        ("builtins", "object"),
        ("builtins", "set"),
        ("builtins", "int"),
        ("collections", "defaultdict"),
        ("whoosh.fields", "Schema"),
        ("whoosh.fields", "TEXT"),
        ("whoosh.fields", "ID"),
        ("whoosh.fields", "COLUMN"),
        ("whoosh.formats", "Positions"),
        ("whoosh.formats", "Existence"),
        ("whoosh.columns", "NumericColumn"),
        ("whoosh.columns", "VarBytesColumn"),
        ("whoosh.columns", "CompressedBytesColumn"),
        ("whoosh.analysis.tokenizers", "IDTokenizer"),
        ("whoosh.analysis.tokenizers", "RegexTokenizer"),
        ("whoosh.codec.whoosh3", "W3Codec"),
        ("whoosh.codec.whoosh3", "W3Segment"),
    )
)
"""All that an index of ours names."""


class _Plain(pickle.Unpickler):
    """Unpickle what an index is made of and nothing else."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401
        """Return one of the few classes that an index names. Raise `ValueError` for another."""
        module = {"__builtin__": "builtins", "copy_reg": "copyreg"}.get(module, module)
        if (module, name) == ("re", "_compile"):
            return _between_spaces
        if (module, name) not in _HELD:
            raise ValueError(f"an index does not hold {module}.{name}")
        return super().find_class(module, name)


def _between_spaces(pattern: str, flags: int) -> re.Pattern[str]:
    """Return the one pattern that a schema of ours has. Raise `ValueError` for another."""
    if pattern != r"[^ \t\r\n]+":
        raise ValueError(f"an index does not hold the pattern {pattern}")
    return re.compile(pattern, flags)


def _loads(data: bytes) -> Any:  # noqa: ANN401
    return _Plain(io.BytesIO(data)).load()


def _dumps(value: object, protocol: int = 3) -> bytes:
    """Pickle with bytes as bytes: up to protocol 2, which Whoosh asks for, they are text to be encoded."""
    return pickle.dumps(value, max(3, protocol))


def _dump(value: object, file: IO[bytes], protocol: int = 3) -> None:
    file.write(_dumps(value, protocol))


def _load(file: IO[bytes]) -> Any:  # noqa: ANN401
    return _Plain(file).load()


@contextmanager
def _without_needless_modules() -> Iterator[None]:
    """Put empty modules in the place of those that are named and never used."""
    stubs = {}
    for name, taken in _NEEDLESS.items():
        if name not in sys.modules:
            stubs[name] = sys.modules[name] = types.ModuleType(name)
            for each in taken:
                setattr(stubs[name], each, {})
    try:
        yield
    finally:
        for name in stubs:
            del sys.modules[name]


with _without_needless_modules():
    import whoosh.compat

    plain = types.SimpleNamespace(**{**vars(pickle), "loads": _loads, "load": _load, "dumps": _dumps, "dump": _dump})
    safe = {"loads": _loads, "load": _load, "dumps": _dumps, "dump": _dump, "pickle": plain}
    vars(whoosh.compat).update(safe)
    import whoosh.analysis
    import whoosh.columns
    import whoosh.fields
    import whoosh.filedb.filestore
    import whoosh.formats
    import whoosh.index
    import whoosh.matching
    import whoosh.query
    import whoosh.query.qcolumns
    import whoosh.query.spans
    import whoosh.scoring
    import whoosh.writing

for _module in [module for name, module in sys.modules.items() if name.startswith("whoosh.")]:
    # Whoever has loaded Whoosh before has given its modules the real ones.
    vars(_module).update({name: made for name, made in safe.items() if name in vars(_module)})

__all__ = ["whoosh"]
