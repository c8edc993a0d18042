"""A cache of public responses in each worker's memory, in front of Flask.

It stores Flask's response for a path, query and origin. A response is valid as long as the cache entry that
it was built from (app/cache.py). Only the request id is new for each request, and the status for a client
that already has the body.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from flask import Flask, Request

from . import metrics, request_id
from .cache import Entry

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

# Responses; one more clears the cache. Few different responses are requested often.
MOST = 256
LARGEST = 32 * 1024
_ENTRY, _ROUTE = "hankki.entry", "hankki.route"

Key = tuple[str, str, str]


class StoredResponse(NamedTuple):
    entry: Entry
    route: str
    etag: str
    headers: list[tuple[str, str]]  # without the request id
    headers_without_body: list[tuple[str, str]]
    body: bytes


def store(request: Request, entry: Entry) -> None:
    """Cache the response to the current request as long as the entry is valid."""
    if entry.generation is not None:
        request.environ[_ENTRY] = entry
        request.environ[_ROUTE] = metrics.template(request.url_rule.rule)


def init_app(app: Flask) -> None:
    app.wsgi_app = ResponseCache(app, app.wsgi_app)


class ResponseCache:
    def __init__(self, app: Flask, wsgi_app: WSGIApplication) -> None:
        self._cache, self._app = app.extensions["cache"], wsgi_app
        self._stored: dict[Key, StoredResponse] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        began = time.perf_counter()
        if environ["REQUEST_METHOD"] != "GET" or "HTTP_IF_MATCH" in environ:
            return self._app(environ, start_response)
        key = (environ["PATH_INFO"], environ.get("QUERY_STRING", ""), environ.get("HTTP_ORIGIN", ""))
        stored = self._stored.get(key)
        if stored is None or not self._is_valid(stored.entry):
            return self._call_and_store(key, environ, start_response)

        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is None:
            status, headers, body = "200 OK", stored.headers, stored.body
        elif known.removeprefix("W/") == stored.etag:
            status, headers, body = "304 NOT MODIFIED", stored.headers_without_body, b""
        else:  # another version, or a list of several
            return self._app(environ, start_response)
        this = request_id.of(environ.get("HTTP_X_REQUEST_ID", ""))
        metrics.observe("GET", stored.route, status[:3], began)
        start_response(status, [*headers, (request_id.HEADER, this)])
        return [body]

    def _is_valid(self, entry: Entry) -> bool:
        return time.monotonic() < entry.until and entry.generation == self._cache.generation()

    def _call_and_store(
        self, key: Key, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        started: list = []

        def start(*response: object) -> object:
            started[:] = response
            return start_response(*response)

        chunks = self._app(environ, start)
        entry = environ.get(_ENTRY)
        if entry is None or not started[0].startswith("200 "):
            return chunks
        body = b"".join(chunks)
        chunks.close()
        if len(body) <= LARGEST:
            if len(self._stored) >= MOST:
                self._stored.clear()
            self._stored[key] = _stored_response(environ, started[1], body)
        return [body]


def _stored_response(environ: WSGIEnvironment, headers: list[tuple[str, str]], body: bytes) -> StoredResponse:
    headers = [header for header in headers if header[0] != request_id.HEADER]
    etag = next(value for name, value in headers if name == "ETag")
    of_the_body = ("Content-Type", "Content-Length")
    return StoredResponse(
        entry=environ[_ENTRY],
        route=environ[_ROUTE],
        etag=etag,
        headers=headers,
        headers_without_body=[header for header in headers if header[0] not in of_the_body],
        body=body,
    )
