"""Answer a plain search without Click, byte for byte as with it: loading Click takes longer than searching.

Whatever is not plain (other commands and options, settings in files, a mistake, an error) is left to Click, which then
does all of it; nothing is written or printed before a search has its answer.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from commands import NOTHING_FOUND
from commands.common.search_options import SEARCH
from indexer import BY_SIZE, ENGINES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from indexer.search.answer import SearchResult
    from indexer.search.asked import Asked

_CHOICES = {
    "--engine": (BY_SIZE, *ENGINES),
    **{option.typed: option.choices for option in SEARCH if option.kind == "choice"},
}
_NUMBERS = {option.typed: option.least for option in SEARCH if option.kind == "number"}
_TEXTS = ("--library", *(option.typed for option in SEARCH if option.kind == "text"))
_FLAGS = ("--json", "-q", "--quiet", *(option.typed for option in SEARCH if option.kind == "flag"))
_NOT_PLAIN = ("--csv", "--site", "--color", "-v", "--verbose", "-h", "--help")
_VARIABLES = ("BLOGDEX_LIBRARY", "BLOGDEX_ENGINE", "BLOGDEX_PAGER")


class _Typed(NamedTuple):
    words: list[str]
    options: dict[str, str]


def answer(args: Iterable[str]) -> int | None:
    """Search, print and return what the process ends with; `None` where Click has to see to it."""
    typed = _read(list(args))
    if typed is None or not _is_usual():
        return None
    folder, engine = _library(typed.options), typed.options.get("--engine") or os.environ.get("BLOGDEX_ENGINE")
    if folder is None or (engine and engine not in _CHOICES["--engine"]):
        return None
    asked = _asked(typed)
    result = found_at_once(folder, engine, asked)
    return None if result is None else _print(result, asked, typed.options)


def found_at_once(folder: str, engine: str | None, asked: Asked) -> SearchResult | None:
    """Search and keep what was found; `None`, and nothing is kept, where something is not as usual.

    To open the whole library comes to the same then, or says what is wrong.
    """
    try:
        return _search(folder, engine, asked)
    except Exception:
        return None


def _read(args: list[str]) -> _Typed | None:
    """Read a command line as `commands.search.SearchCommand` does; `None` where there is more to it."""
    if any("\ud800" <= sign <= "\udfff" for arg in args for sign in arg):
        return None  # bytes that are no text
    options: dict[str, str] = {}
    words: list[str] = []
    searching = False
    rest = iter(args)
    for arg in rest:
        if not searching and arg not in ("--library", "--engine"):
            if arg != "search":
                return None
            searching = True
        elif arg in _NOT_PLAIN or arg in options:
            return None
        elif arg == "--":
            words.extend(rest)
        elif arg in _FLAGS:
            options[arg] = ""
        elif arg in _TEXTS or arg in _NUMBERS or arg in _CHOICES:
            value = next(rest, "")
            if not _is_plain(arg, value):
                return None
            options[arg] = value
        elif arg.startswith("--") or (arg.startswith("-n") and arg[2:].isdigit()):
            return None
        else:
            words.append(arg)
    return _Typed(words, options) if searching else None


def _is_plain(option: str, value: str) -> bool:
    if option in _NUMBERS:
        return value.isascii() and value.isdigit() and len(value) < 10 and int(value) >= _NUMBERS[option]
    return bool(value) and not value.startswith("-") and value in _CHOICES.get(option, (value,))


def _is_usual() -> bool:
    """Tell whether nothing but the command line says what to do, and text is printed as UTF-8."""
    environment = os.environ
    if os.name != "posix" or environment.get("NO_COLOR"):
        return False
    if any("BLOGDEX_" in name and name not in _VARIABLES for name in environment):
        return False
    if any(
        (getattr(stream, "encoding", None) or "").lower().replace("_", "-") != "utf-8"
        for stream in (sys.stdout, sys.stderr)
    ):
        return False
    from commands.common.places import config_files

    return not any(map(os.path.isfile, config_files()))


def _library(options: Mapping[str, str]) -> str | None:
    from commands.common.places import default_library

    named = options.get("--library") or os.environ.get("BLOGDEX_LIBRARY")
    if named is None:
        return default_library()
    return None if not named or named.startswith("~") else named


def _search(folder: str, engine: str | None, asked: Asked) -> SearchResult:
    from indexer.search.asked import ask, keep
    from indexer.search.choice import choice
    from indexer.search.engine import Location
    from indexer.search.engines.registry import open_engine
    from indexer.store.reader import ReadOnlyStore
    from indexer.store.state import State

    file = f"{folder}/library.db"
    if not os.path.isfile(file):  # noqa: PTH113
        raise FileNotFoundError(file)
    library = ReadOnlyStore(file)
    name = choice(engine, library.engine_setting).engine
    opened = open_engine(name, Location(f"{folder}/search"))
    if not opened.exists():
        raise FileNotFoundError(name)
    result = ask(library, opened, asked, f"{folder}/synonyms.toml")
    keep(State(f"{folder}/state.db"), asked, result)
    opened.close()
    library.close()
    return result


def _asked(typed: _Typed) -> Asked:
    from indexer.search.asked import Asked

    given: dict[str, Any] = {}
    for option in SEARCH:
        if option.typed in typed.options:
            value = typed.options[option.typed]
            given[option.name] = int(value) if option.kind == "number" else option.kind == "flag" or value
        elif option.default is not None:
            given[option.name] = option.default
    return Asked(tuple(typed.words), **given)


def _print(result: SearchResult, asked: Asked, options: Mapping[str, str]) -> int:
    from commands.common.places import cells
    from indexer.present.terminal.results import nothing, printed, printed_json

    terminal = sys.stdout.isatty()
    if "--json" in options:
        text = printed_json(result, terminal=terminal)
    else:
        text = printed(result, cells() if terminal else None)
    quiet = "-q" in options or "--quiet" in options
    if text.before and not quiet:
        _write(sys.stderr, text.before)
    _write(sys.stdout, text.out)
    if text.after and not quiet:
        _write(sys.stderr, text.after)
    if not result.results:
        _write(sys.stderr, nothing(result, filtered=bool(asked.filters), offset=asked.offset) + "\n")
    return 0 if result.results else NOTHING_FOUND


def _write(stream: Any, text: str) -> None:
    stream.write(text)
    stream.flush()
