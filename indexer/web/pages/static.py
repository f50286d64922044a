"""Give out the style, the script and the icon: three files, known by name."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.exceptions import NotFound

from indexer.web.routing import Route
from indexer.web.views import Text

if TYPE_CHECKING:
    from indexer.web.visit import Visit

_FOLDER = Path(__file__).parent.parent / "static"
_KINDS = {"pages.css": "text/css", "keys.js": "text/javascript", "icon.svg": "image/svg+xml"}


def static(visit: Visit, name: str) -> Text:
    """Return one of the files."""
    if name not in _KINDS:
        raise NotFound
    return Text(_content(name), _KINDS[name])


@cache
def _content(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()


ROUTES = (Route("static", "/static/<name>", static, is_open=True),)
