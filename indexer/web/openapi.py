"""Describe the addresses for scripts, as OpenAPI 3.1: made from the routes, so that none is forgotten."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from indexer.web.common.asking import CHOICES, LAST_OFFSET, MOST_RESULTS, MOST_SIGNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexer.web.config import Config
    from indexer.web.routing import Route

_TEXT: dict[str, Any] = {"type": "string", "maxLength": MOST_SIGNS}
_DAY = _TEXT | {"description": "2023, 2023-05, 2023-05-31 or words such as last year"}
_SITE = {"site": _TEXT | {"description": "only this blog of the library"}}
_NUMBER: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": MOST_RESULTS, "default": 10}
_SEARCH: dict[str, dict[str, Any]] = {
    "q": _TEXT | {"description": 'words, "a phrase", -without, OR, title:word, prefix*'},
    "n": _NUMBER,
    "offset": {"type": "integer", "minimum": 0, "maximum": LAST_OFFSET, "default": 0},
    "since": _DAY,
    "until": _DAY,
    **dict.fromkeys(("topic", "author", "category", "language"), _TEXT),
    "sort": {"type": "string", "enum": list(CHOICES["sort"])},
    "in": {"type": "string", "enum": list(CHOICES["in"])},
    "any": _TEXT | {"description": "any of the words is enough"},
    "facets": _TEXT | {"description": "count the results by topic, category, author, year and language"},
    **_SITE,
}
_PARAMETERS: dict[str, dict[str, dict[str, Any]]] = {
    "api_search": _SEARCH,
    "api_post": {},
    "api_related": {"n": _NUMBER},
    "api_changes": {"since": _DAY, **_SITE},
    "api_openapi": {},
}
"""What each address can be asked beside its path; those that are not named here, for one blog only."""
_LISTS = ("api_topics", "api_topic", "api_changes")
_REFUSALS = {
    "400": "a parameter means nothing, or asks for too much",
    "401": "the cookie of this server is missing",
    "404": "there is no such thing, or no posts yet",
    "421": "the header Host names another server",
    "503": "the index is not there, or too many search at once",
}


def document(routes: Iterable[Route], config: Config) -> dict[str, Any]:
    """Return the document for these routes."""
    paths = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path): {"get": _operation(route)} for route in routes}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "blogdex",
            "version": config.version or "0",
            "description": "What the commands of blogdex print with --json, byte for byte.",
        },
        "servers": [{"url": config.prefix or "/"}],
        "paths": paths,
        "components": {
            "schemas": {
                "Error": {
                    "type": "object",
                    "required": ["error"],
                    "properties": {"error": {"type": "string", "description": "one sentence"}},
                }
            }
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    asked = _PARAMETERS.get(route.name, _SITE)
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": _path_schema(kind)}
        for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", route.path)
    ]
    parameters += [{"name": name, "in": "query", "schema": schema} for name, schema in asked.items()]
    found = {"type": "array" if route.name in _LISTS else "object"}
    refusals = {code: _answer(what, {"$ref": "#/components/schemas/Error"}) for code, what in _REFUSALS.items()}
    return {
        "operationId": route.name,
        "summary": (route.page.__doc__ or "").partition("\n")[0],
        "parameters": parameters,
        "responses": {"200": _answer("found", found), **refusals},
    }


def _path_schema(kind: str) -> dict[str, Any]:
    return (
        {"type": "integer", "minimum": 0} if kind == "int" else {"type": "string", "minLength": 1, "pattern": "^[^/]+$"}
    )


def _answer(what: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": what, "content": {"application/json": {"schema": schema}}}
