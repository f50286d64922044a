"""Hold what the global options say, and read settings from files.

The files are `blogdex.toml`, here or in a folder above, over the user's own.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.common.places import config_files, default_library
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import click


@dataclass(slots=True)
class Settings:
    """What the global options say; `None` where nobody said. `is_named`: the command line names the library."""

    library: Path | None = None
    is_named: bool = False
    site: str | None = None
    engine: str | None = None
    color: str = "auto"
    verbose: int = 0
    quiet: bool = False

    @property
    def path(self) -> Path:
        """Return the library's folder: the one named, else the one in the user's data directory."""
        if self.library is not None:
            return self.library.expanduser()
        return Path(default_library())


CLUSTER_TABLE = "opensearch"
GLOBAL = ("library", "site", "engine", "color", "verbose", "quiet")


def read_settings(commands: Collection[str]) -> dict[str, Any]:
    """Return what the files say, by global option, and by command a table of its options; a path is its file's own."""
    own, *others = map(Path, config_files())
    commands = {*commands, CLUSTER_TABLE}
    files = [own, *[file for file in others if file.is_file()][:1]]
    merged: dict[str, Any] = {}
    for file in files:
        if file.is_file():
            for key, value in _read(file, commands).items():
                merged[key] = merged.get(key, {}) | value if isinstance(value, dict) else value
    if table := merged.pop(CLUSTER_TABLE, {}):
        _set_cluster(table)
    return merged


def _set_cluster(table: Mapping[str, Any]) -> None:
    """Say in the environment, where the engine reads it, what a file says of a cluster; what is there counts more."""
    from indexer.search.engines.opensearch.settings import PREFIX, SETTINGS

    for key, value in table.items():
        if key not in SETTINGS:
            raise UsageError(
                f"The table [{CLUSTER_TABLE}] of the settings names {key!r}. It has: {', '.join(SETTINGS)}. "
                f"A user and a password stand in the environment alone: {PREFIX}USER and {PREFIX}PASSWORD."
            )
        os.environ.setdefault(f"{PREFIX}{key.upper()}", ",".join(value) if isinstance(value, list) else str(value))


def _read(file: Path, commands: Collection[str]) -> dict[str, Any]:
    import tomllib

    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"Could not read the settings in {file}: {error}") from error
    for key, value in values.items():
        if key not in GLOBAL and key not in commands:
            known = f"{', '.join(GLOBAL)}, a table for a command, such as [search], and [{CLUSTER_TABLE}]"
            raise UsageError(f"{file} sets {key!r}, which is no setting. There are: {known}.")
        if isinstance(value, dict) != (key in commands):
            right = f"a table: [{key}]" if key in commands else f'one value, such as {key} = "…"'
            raise UsageError(f"{file} sets {key!r} in a way that can't be: it is {right}.")
    if "library" in values:
        if not isinstance(values["library"], str):
            raise UsageError(f'{file} sets a library that is no text. Write: library = "FOLDER"')
        values["library"] = str(file.parent / Path(values["library"]).expanduser())
    if "ca_file" in (cluster := values.get(CLUSTER_TABLE, {})):
        cluster["ca_file"] = str(file.parent / Path(str(cluster["ca_file"])).expanduser())
    return {key: value if isinstance(value, dict) else _typed(value) for key, value in values.items()}


def by_parameter(table: Mapping[str, Any], options: Sequence[click.Option], command: str) -> dict[str, Any]:
    """Return a command's table with the names that Click has for its options. Raise `UsageError` for one it has not."""
    named = {name.lstrip("-"): option for option in options for name in (*option.opts, *option.secondary_opts)}
    found: dict[str, Any] = {}
    for key, value in table.items():
        option = named.get(key)
        if option is None or option.name is None:
            raise UsageError(f"The settings for {command} name {key!r}. It has: {', '.join(sorted(named))}.")
        if isinstance(value, dict):
            raise UsageError(f"The settings for {command} make {key!r} a table. It is one value.")
        if option.is_flag and isinstance(option.flag_value, str):
            if value:
                found[option.name] = option.flag_value
        else:
            found[option.name] = [_typed(value)] if option.multiple and not isinstance(value, list) else _typed(value)
    return found


def _typed(value: Any) -> Any:
    """Return a value as it would be typed, so that Click checks it as it checks the command line."""
    if isinstance(value, list):
        return [_typed(item) for item in value]
    return value if isinstance(value, bool) else str(value)
