"""The request id: in the response, and in every log line of the request."""

from __future__ import annotations

import re
import secrets

from flask import Flask, Response, g, has_request_context, request

HEADER = "X-Request-Id"
# An id from a proxy or client is used if it is safe in a log and in a header.
_SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_state)


def of(given: str) -> str:
    """The request id: `given`, the value of the header, if it is safe, else a generated one."""
    return given if _SANE.fullmatch(given) else secrets.token_hex(16)


def current() -> str | None:
    """The id of the current request; None outside a request."""
    return g.get("request_id") if has_request_context() else None


def _begin() -> None:
    g.request_id = of(request.headers.get(HEADER, ""))


def _state(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    return response
