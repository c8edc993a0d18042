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


def of(given: str) -> str:
    """The id of a request that came with `given` in its header, which may be empty."""
    return given if _SANE.fullmatch(given) else secrets.token_hex(16)


def current() -> str | None:
    """The id of the request at work; None outside of one."""
    return g.get("request_id") if has_request_context() else None


def _begin() -> None:
    g.request_id = of(request.headers.get(HEADER, ""))


def _state(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    return response
