"""Answer requests: checks first, then the page that the path names, then the headers that every answer has."""

from __future__ import annotations

import json
import logging
import time
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import quote

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from indexer.errors import (
    BusyDecisionsError,
    DamagedLibraryError,
    IndexUnusableError,
    LibraryInUseError,
    NoPostAmongPagesError,
    NoPostsError,
    NotBuiltError,
    NothingFoundError,
    ReadOnlyLibraryError,
)
from indexer.web import guard
from indexer.web.pages import ROUTES
from indexer.web.render import render
from indexer.web.shared import Shared
from indexer.web.views import BusyError, Page, RefusedError, SeeOther, Text
from indexer.web.visit import Visit
from scraper.errors import BlogdexError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from indexer.web.config import Config
    from indexer.web.pages import Route
    from indexer.web.views import View

logger = logging.getLogger(__name__)

_LARGEST_FORM = 64 * 1024
"""Bytes: an accepted finding with its note has less than one kilobyte, a hundred of them ticked less than eight."""
_OPEN_THE_ADDRESS = "Open the address that blogdex serve printed: it lets one browser in, once."
_USED_UP = "This address was used before, or is of a server that has ended. Start blogdex serve again for a new one."
_EMPTY = (NoPostsError, NotBuiltError, NoPostAmongPagesError)
_STATUS: tuple[tuple[type[BlogdexError], int], ...] = (
    (NothingFoundError, 404),
    (NoPostsError, 404),
    (NotBuiltError, 503),
    (NoPostAmongPagesError, 404),
    (LibraryInUseError, 409),
    (BusyDecisionsError, 409),
    (ReadOnlyLibraryError, 403),
    (IndexUnusableError, 503),
    (DamagedLibraryError, 503),
    (BusyError, 503),
)
"""What HTTP calls each error: RFC 9110, section 15."""


class _Request(Request):
    max_content_length = _LARGEST_FORM
    max_form_memory_size = _LARGEST_FORM
    max_form_parts = 1000


class App:
    """The pages of a library, as a WSGI application; requests may come from many threads."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.door = guard.Door()
        self.shared = Shared(config)
        self._routes: dict[str, Route] = {route.name: route for route in ROUTES}
        self._map = Map(
            [Rule(route.path, endpoint=route.name, methods=route.methods) for route in ROUTES],
            strict_slashes=False,
            merge_slashes=False,
        )

    def let_in(self) -> str:
        """Return an address that lets one browser in, once."""
        return f"{self.config.own_url}?{guard.TOKEN}={self.door.new_token()}"

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        began = time.perf_counter()
        request = _Request(environ)
        page, response = self._answer(request)
        guard.harden(response)
        spent = time.perf_counter() - began
        self.shared.count(page, response.status_code, spent)
        size = response.content_length or 0
        path = quote(request.path, safe="/~")[:300]
        logger.info("%s %s %d %.0f ms %d bytes", request.method, path, response.status_code, spent * 1000, size)
        return response(environ, start_response)

    def _answer(self, request: Request) -> tuple[str, Response]:
        """Return the name of the page and its answer."""
        name = "none"
        with closing(Visit(request, self.config, self.shared)) as visit:
            try:
                guard.check_host(request, self.config)
                route, values = self._route(request)
                name = route.name
                entering = self._enter(request)
                if entering is not None:
                    return name, entering
                if (
                    not route.is_open
                    and guard.needs_cookie(request, self.config)
                    and not self.door.knows(request, self.config)
                ):
                    raise RefusedError(401, _OPEN_THE_ADDRESS)
                guard.check_origin(request, self.config)
                if request.method not in guard.SAFE_METHODS:
                    _ = request.form
                return name, self._response(route.page(visit, **values), visit)
            except Exception as error:
                return name, self._trouble(error, visit, plain=name in self._routes and self._routes[name].is_open)

    def _route(self, request: Request) -> tuple[Route, dict[str, object]]:
        path = self.config.addresses.without_prefix(request.path)
        if path is None:
            raise NotFound
        name, values = self._map.bind("blogdex").match(path, request.method)
        return self._routes[str(name)], dict(values)

    def _enter(self, request: Request) -> Response | None:
        """Let in who comes with a token, and take the token out of the address."""
        token = request.args.get(guard.TOKEN)
        if token is None or request.method not in guard.SAFE_METHODS:
            return None
        if not self.door.redeem(token) and not self.door.knows(request, self.config):
            raise RefusedError(401, _USED_UP)
        query = {name: request.args.getlist(name) for name in request.args if name != guard.TOKEN}
        path = self.config.addresses.without_prefix(request.path) or "/"
        response = _see_other(self.config.addresses.at(path, query))
        self.door.leave_cookie(response, self.config)
        return response

    def _response(self, view: View, visit: Visit) -> Response:
        if isinstance(view, SeeOther):
            return _see_other(view.address)
        if isinstance(view, Page):
            return Response(render(view, visit), view.status, mimetype="text/html")
        response = Response(view.body, view.status, mimetype=view.mimetype)
        if view.policy:
            response.headers["Content-Security-Policy"] = f"{view.policy}; frame-ancestors 'none'"
        if left_out := visit.left_out:
            response.headers["Blogdex-Left-Out"] = quote(left_out, safe=" :/,().-")
        if view.filename:
            response.headers.set("Content-Disposition", "attachment", filename=view.filename)
        return response

    def _trouble(self, error: Exception, visit: Visit, *, plain: bool) -> Response:
        """Return the answer that says in one sentence what is wrong."""
        status, sentence = _told(error)
        if status == 500:
            logger.error("could not answer %s", quote(visit.request.path, safe="/~")[:300], exc_info=error)
        view = Text(f"{sentence}\n", "text/plain", status) if plain else _error_view(error, status, sentence, visit)
        response = self._response(view, visit)
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        if status == 503:
            response.headers["Retry-After"] = "2"
        return response


def _told(error: Exception) -> tuple[int, str]:
    """Return the status and the sentence of an error."""
    if isinstance(error, RefusedError):
        return error.status, str(error)
    if isinstance(error, NotFound):
        return 404, "There is no such page."
    if isinstance(error, MethodNotAllowed):
        return 405, "This address can't be used so."
    if isinstance(error, RequestEntityTooLarge):
        return 413, "That is more than a form may send."
    if isinstance(error, HTTPException):
        return error.code or 400, "This request can't be read."
    if isinstance(error, BlogdexError):
        return next((status for kind, status in _STATUS if isinstance(error, kind)), 400), str(error)
    if hasattr(error, "sqlite_errorname"):
        return 503, "The library can't be read just now. What is wrong with it says: blogdex doctor"
    return 500, "Something unexpected happened. The log of the server has more."


def _error_view(error: Exception, status: int, sentence: str, visit: Visit) -> View:
    path = visit.config.addresses.without_prefix(visit.request.path) or ""
    if path.startswith("/api/"):
        return Text(json.dumps({"error": sentence}, ensure_ascii=False) + "\n", "application/json", status)
    if isinstance(error, _EMPTY):
        return Page("empty.html", {"sentence": sentence})
    return Page("error.html", {"sentence": sentence, "status": status, "kind": type(error).__name__}, status)


def _see_other(address: str) -> Response:
    response = Response(status=303)
    response.headers["Location"] = address
    return response
