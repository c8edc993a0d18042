"""One id a request: in the response, and in every line logged on its behalf."""

from __future__ import annotations

import re
import secrets

from flask import Flask, Response, g, has_request_context, request

HEADER = "X-Request-Id"
# A proxy's or a client's own id is kept if it can do no harm in a log or in a header.
_SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_state)


def current() -> str | None:
    """The id of the request at work; None outside of one."""
    return g.get("request_id") if has_request_context() else None


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    g.request_id = given if _SANE.fullmatch(given) else secrets.token_hex(16)


def _state(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    return response
