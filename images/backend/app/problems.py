"""Errors as problem documents (RFC 9457), for every route and every cause."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Flask, Response, json
from psycopg.errors import UndefinedTable
from redis.exceptions import RedisError
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from . import metrics

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER = {"Retry-After": "5"}

log = logging.getLogger(__name__)


class Problem(Exception):
    """An error response. `name` is stable, for programs; `detail` is for people."""

    def __init__(
        self, status: int, name: str, detail: str, *, headers: dict[str, str] | None = None, **more: Any
    ):
        super().__init__(detail)
        self.status = HTTPStatus(status)
        self.name = name
        self.detail = detail
        self.headers = headers or {}
        self.more = more

    def response(self) -> Response:
        document = {
            "type": f"urn:hankki:problem:{self.name}",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
            **self.more,
        }
        # ASCII: it may contain a key of the request with a character that UTF-8 cannot encode.
        body = json.dumps(document, ensure_ascii=True)
        return Response(body, status=self.status.value, headers=self.headers, content_type=CONTENT_TYPE)


class FieldErrorSchema(ma.Schema):
    class Meta:
        unknown = ma.EXCLUDE  # open: a later version may add fields

    detail = ma.fields.String(required=True)
    pointer = ma.fields.String(metadata={"description": "JSON pointer into the body, such as #/email"})
    parameter = ma.fields.String(metadata={"description": "name of the query parameter"})


class ProblemSchema(ma.Schema):
    """The shape of a problem document, for the OpenAPI document."""

    class Meta:
        unknown = ma.INCLUDE  # RFC 9457 lets a problem carry members of its own

    type = ma.fields.String(required=True, metadata={"example": "urn:hankki:problem:invalid-input"})
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True)
    errors = ma.fields.List(
        ma.fields.Nested(FieldErrorSchema), metadata={"description": "all invalid fields"}
    )


def unauthorized(name: str, detail: str) -> Problem:
    return Problem(401, name, detail, headers={"WWW-Authenticate": "Bearer"})


def init_app(app: Flask) -> None:
    app.register_error_handler(Problem, Problem.response)
    app.register_error_handler(HTTPException, from_http_exception)
    for error in (OperationalError, InterfaceError, PoolTimeoutError):
        app.register_error_handler(error, _database_unavailable)
    app.register_error_handler(ProgrammingError, _schema_missing)
    # Not only lost connections: a full or loading Redis stores no session either.
    app.register_error_handler(RedisError, _redis_unavailable)


def from_http_exception(error: HTTPException) -> Response:
    """Convert errors of Flask and Werkzeug, and those of webargs with all invalid fields."""
    messages = (getattr(error, "data", None) or {}).get("messages")
    if messages and error.code == HTTPStatus.UNPROCESSABLE_ENTITY:
        return Problem(
            422, "invalid-input", "The input is not valid.", errors=list(_field_errors(messages))
        ).response()
    # Keeps headers such as Allow, but not the content type: the body is a problem document.
    headers = {key: value for key, value in error.get_headers() if key.lower() != "content-type"}
    detail = "The body is not valid JSON." if messages else error.description
    return of_status(error.code, detail, headers=headers).response()


def of_status(status: int, detail: str, *, headers: dict[str, str] | None = None) -> Problem:
    """A problem named after its HTTP status."""
    name = HTTPStatus(status).phrase.lower().replace(" ", "-")
    return Problem(status, name, detail, headers=headers)


def lacks_schema(error: Exception) -> bool:
    """Whether a statement failed because a table does not exist: before a release, or after a data loss."""
    return isinstance(error, ProgrammingError) and isinstance(error.orig, UndefinedTable)


def _schema_missing(error: ProgrammingError) -> Response:
    if not lacks_schema(error):
        raise error  # a defect in the API
    return _database_unavailable(error, "The database has no schema yet. Try again in a moment.")


def _database_unavailable(
    error: Exception, detail: str = "The database does not answer. Try again in a moment."
) -> Response:
    metrics.DATABASE_ERRORS.inc()
    log.error("PostgreSQL failed: %s", error)
    return Problem(503, "database-unavailable", detail, headers=RETRY_AFTER).response()


def _redis_unavailable(error: Exception) -> Response:
    metrics.REDIS_ERRORS.inc()
    log.error("Redis failed: %s", error)
    detail = "Sign-in is not available at the moment. Recipes can still be read."
    return Problem(503, "sessions-unavailable", detail, headers=RETRY_AFTER).response()


def _field_errors(messages: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Flatten webargs' {location: {field: [message]}}, at any depth."""
    for location, fields in messages.items():
        for path, detail in _leaves(fields):
            if location == "json":
                yield {"pointer": "#" + "".join(f"/{_escape(part)}" for part in path), "detail": detail}
            else:
                yield {"parameter": ".".join(path), "detail": detail}


def _escape(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _leaves(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            # marshmallow's name for "the object as a whole"
            yield from _leaves(value, path if key == ma.exceptions.SCHEMA else (*path, str(key)))
    elif isinstance(node, list):
        for value in node:
            yield from _leaves(value, path)
    else:
        yield path, str(node)
