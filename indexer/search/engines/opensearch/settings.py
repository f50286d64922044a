"""Say where the cluster is and who asks it: addresses from settings, secrets from the environment alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "BLOGDEX_OPENSEARCH_"
SETTINGS = ("hosts", "index", "ca_file", "timeout")
"""What the table `[opensearch]` of a settings file may say; secrets are none of it."""

_DEFAULT_INDEX = "blogdex"
_DEFAULT_TIMEOUT_S = 30.0  # chosen: a search takes well below a second, a bulk of 5 MB some seconds
_INDEX_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """Where the cluster is. `index` is an alias. Secrets show in no representation."""

    hosts: tuple[str, ...]
    index: str = _DEFAULT_INDEX
    ca_file: str | None = None
    timeout_s: float = _DEFAULT_TIMEOUT_S
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)


def from_environment(environment: Mapping[str, str]) -> ClusterSettings:
    """Read the settings from variables. Raise `UsageError` where they are missing or can't be."""
    given = {name: value for name in SETTINGS if (value := environment.get(f"{PREFIX}{name.upper()}"))}
    hosts = tuple(map(_host, given.get("hosts", "").replace(",", " ").split()))
    if not hosts:
        raise UsageError(
            f'Say where the search cluster is: {PREFIX}HOSTS=https://search.example:9200, or hosts = ["…"] in the '
            "table [opensearch] of blogdex.toml."
        )
    index = given.get("index", _DEFAULT_INDEX)
    if not _INDEX_NAME.fullmatch(index):
        raise UsageError(f"An index can't be called {index!r}: use small letters, digits, - and _.")
    ca_file = given.get("ca_file")
    if ca_file and not Path(ca_file).is_file():
        raise UsageError(f"There is no file with certificates at {ca_file}. Correct ca_file of the table [opensearch].")
    user, password, token = _secrets(environment)
    return ClusterSettings(hosts, index, ca_file, _seconds(given.get("timeout")), user, password, token)


def _host(address: str) -> str:
    """Return an address as it is used: no plain http beyond this machine, and nobody's name in it."""
    parts = urlsplit(address if "://" in address else f"https://{address}")
    if parts.username or parts.password:
        raise UsageError(
            "An address of the search cluster holds a user or a password. Take it out, and set "
            f"{PREFIX}USER and {PREFIX}PASSWORD."
        )
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{address!r} is no address of a search cluster. Write one like https://search.example:9200.")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise UsageError(f"Plain http is for this machine alone. Write https://{parts.netloc}, with a certificate.")
    return parts.geturl()


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _seconds(given: str | None) -> float:
    try:
        seconds = float(given or _DEFAULT_TIMEOUT_S)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 3600:
        raise UsageError(f"The time-out of the search cluster can't be {given!r}. Say how many seconds, such as 30.")
    return seconds


def _secrets(environment: Mapping[str, str]) -> tuple[str | None, str | None, str | None]:
    """Return user, password and token."""
    user, password, file, token = (
        environment.get(f"{PREFIX}{name}") or None for name in ("USER", "PASSWORD", "PASSWORD_FILE", "TOKEN")
    )
    if password and file:
        raise UsageError(f"Set {PREFIX}PASSWORD or {PREFIX}PASSWORD_FILE, not both.")
    if file:
        try:
            password = Path(file).read_text(encoding="utf-8").rstrip("\r\n") or None
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"Could not read the file that {PREFIX}PASSWORD_FILE names.") from error
    if token and (user or password):
        raise UsageError(f"Set {PREFIX}TOKEN, or {PREFIX}USER and a password, not both.")
    if bool(user) != bool(password):
        raise UsageError(f"A user and a password go together: set {PREFIX}USER and {PREFIX}PASSWORD.")
    return user, password, token
